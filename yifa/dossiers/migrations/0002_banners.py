"""A 旗县 with its townships is one index scan: a place's first six digits name its 旗县."""

from __future__ import annotations

from django.db import migrations, models
from django.db.models import F
from django.db.models.functions import Left


class Migration(migrations.Migration):
    dependencies = [("dossiers", "0001_initial")]

    operations = [
        migrations.AddIndex(
            "dossier", models.Index(Left("region", 6), F("opened_at").desc(), F("code").desc(), name="dossier_banner_newest")
        ),
    ]
