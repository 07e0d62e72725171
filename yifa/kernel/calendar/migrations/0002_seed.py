"""The committed working-day table becomes the editable one."""

from __future__ import annotations

from itertools import groupby

from django.apps.registry import Apps
from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

from yifa.kernel.calendar import table


def seed(apps: Apps, schema: BaseDatabaseSchemaEditor) -> None:
    notices, days = apps.get_model("calendar", "Notice"), apps.get_model("calendar", "Day")
    made = {
        year: notices.objects.create(year=year, title=f"国务院办公厅关于{year}年部分节假日安排的通知")
        for year in sorted(table.calendar().years)
    }
    for year, rows in groupby(table.rows(), key=table.notice_year):
        days.objects.bulk_create(days(date=row.day, kind=row.kind, note=row.name, notice=made[year]) for row in rows)


class Migration(migrations.Migration):
    dependencies = [("calendar", "0001_initial")]
    operations = [migrations.RunPython(seed, migrations.RunPython.noop)]
