"""The public list reads the publishing steps that were done, newest first."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("disclosure", "0001_initial"), ("procedures", "0001_initial")]
    operations = [
        migrations.RunSQL(
            "CREATE INDEX disclosure_newest ON procedures_obligation (met_on DESC, dossier DESC) WHERE publishes AND met_on IS NOT NULL",
            "DROP INDEX disclosure_newest",
        )
    ]
