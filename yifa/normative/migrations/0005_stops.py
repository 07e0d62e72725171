from django.db import migrations


class Migration(migrations.Migration):
    # Apart from the copying before it: a table with rows still to be checked is not altered.
    dependencies = [
        ("normative", "0004_objections"),
    ]

    operations = [
        migrations.RemoveField(
            model_name="normativedocument",
            name="partly_stopped",
        ),
        migrations.RemoveField(
            model_name="normativedocument",
            name="partly_stopped_on",
        ),
    ]
