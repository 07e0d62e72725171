"""The sets that come with the platform, on trial."""

from __future__ import annotations

import hashlib

from django.apps.registry import Apps
from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

from yifa.assessment.files import committed, parse


def seed(apps: Apps, schema: BaseDatabaseSchemaEditor) -> None:
    sets = apps.get_model("assessment", "IndicatorSet")
    for text in committed():
        found = parse(text)
        digest = hashlib.sha256(text.encode()).hexdigest()
        sets.objects.create(code=found.code, version=found.version, title=found.title, label=found.label, text=text, sha256=digest)


class Migration(migrations.Migration):
    dependencies = [("assessment", "0001_initial")]
    operations = [migrations.RunPython(seed, migrations.RunPython.noop)]
