"""Who follows a work by an address alone goes to the table that all rooms share; the links in old mails go on working."""

from django.db import migrations

COPY = """
INSERT INTO people_mailfollower (topic, title, email, token, asked_at, confirmed_at)
SELECT 'work:' || w.id, '《' || w.title || '》的变动', f.email, f.token, f.asked_at, f.confirmed_at
FROM laws_mailfollower f JOIN laws_work w ON w.id = f.work_id
"""


class Migration(migrations.Migration):
    dependencies = [
        ("laws", "0008_narrow_passages"),
        ("people", "0009_mail_followers"),
    ]

    operations = [
        migrations.RunSQL(COPY, migrations.RunSQL.noop),
        migrations.DeleteModel(name="MailFollower"),
    ]
