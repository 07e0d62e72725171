"""The working-day table that an administrator may edit by entering a notice; seeded from the committed table."""

from __future__ import annotations

from typing import ClassVar

from django.db import models


class Notice(models.Model):
    """One notice of the State Council on the holidays of a year, as it was entered. Rows are only added: the newest of a year holds."""

    year = models.PositiveSmallIntegerField("年份", db_index=True)
    title = models.CharField("通知", max_length=200)
    published_on = models.DateField("公布日期", null=True, blank=True)
    recorded_at = models.DateTimeField("登记时间", null=True)


class Day(models.Model):
    """A day that a notice moved: a weekday off, a weekend day at work (调休), a holiday. Other days follow the weekday."""

    class Kind(models.TextChoices):
        OFF = "off", "休"
        WORK = "work", "班"

    date = models.DateField("日期", primary_key=True)
    kind = models.CharField("班或休", max_length=4, choices=Kind.choices)
    note = models.CharField("节日", max_length=40)
    notice = models.ForeignKey(Notice, models.PROTECT, related_name="days", verbose_name="依据的通知")

    class Meta:
        constraints: ClassVar = [models.CheckConstraint(condition=models.Q(kind__in=("off", "work")), name="calendar_day_kind")]
