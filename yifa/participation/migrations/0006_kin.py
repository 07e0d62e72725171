from django.conf import settings
from django.db import migrations, models

# Texts are held against one another in another way than before: what is still being answered is looked at anew.
FORGET = """
    DELETE FROM participation_band b USING participation_consultation c
        WHERE c.league = b.league AND c.id = b.consultation AND c.status <> 'summarised';
    UPDATE participation_comment o SET "group" = NULL FROM participation_consultation c
        WHERE c.league = o.league AND c.id = o.consultation AND c.status <> 'summarised' AND NOT o.alone;
"""


class Migration(migrations.Migration):
    dependencies = [
        ("participation", "0005_questionnaires"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            model_name="comment",
            name="kin",
            field=models.UUIDField(null=True, verbose_name="文字相近"),
        ),
        migrations.AddIndex(
            model_name="comment",
            index=models.Index(condition=models.Q(("kin", None), _negated=True), fields=["consultation", "kin"], name="comment_kin"),
        ),
        migrations.RunSQL(FORGET, migrations.RunSQL.noop),
    ]
