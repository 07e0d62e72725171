"""A closed round keeps which metrics were connected: those of enforcement in every round that was closed before now."""

from __future__ import annotations

from typing import Any

from django.db import migrations, models

BEFORE = ["ENF-02", "ENF-04", "ENF-05", "ENF-10", "ENF-14", "ENF-17", "ENF-28"]


def fill(apps: Any, schema_editor: Any) -> None:
    apps.get_model("assessment", "Round").objects.update(connected=BEFORE)


class Migration(migrations.Migration):
    dependencies = [("assessment", "0003_two_persons")]

    operations = [
        migrations.AddField("round", "connected", models.JSONField("已接入的指标", default=list)),
        migrations.RunPython(fill, migrations.RunPython.noop),
    ]
