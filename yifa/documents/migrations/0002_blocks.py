"""A block knows what is printed before its numbers, who keeps it, and which of its numbers were spoilt."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

PREFIXES = "UPDATE documents_block b SET prefix = o.short_name || b.kind FROM people_organisation o WHERE o.code = b.organisation_id AND b.prefix = ''"


class Migration(migrations.Migration):
    dependencies = [
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
        ("documents", "0001_initial"),
    ]

    operations = [
        migrations.AddField("block", "prefix", models.CharField(default="", max_length=60, verbose_name="机关代字和类")),
        migrations.AddField(
            "block",
            "keeper",
            models.ForeignKey(
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
                verbose_name="领用人",
            ),
        ),
        migrations.AddField("block", "voided", models.JSONField(default=dict, verbose_name="作废")),
        migrations.RunSQL(PREFIXES, migrations.RunSQL.noop),
    ]
