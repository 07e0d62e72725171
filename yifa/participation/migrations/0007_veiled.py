from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("participation", "0006_kin")]

    operations = [
        migrations.AddField(
            model_name="comment",
            name="veiled",
            field=models.JSONField(db_default=models.Value([], models.JSONField()), default=list, verbose_name="公开时隐去的字词"),
        ),
        migrations.AddField(
            model_name="consultation",
            name="extended_reason",
            field=models.TextField(blank=True, db_default="", default="", verbose_name="延长期限的理由"),
        ),
        migrations.AddField(model_name="comment", name="received_on", field=models.DateField(null=True, verbose_name="收到日期")),
    ]
