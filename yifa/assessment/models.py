"""Indicator sets as they were imported, and rounds that pin one to a place in the record."""

from __future__ import annotations

from typing import ClassVar

from django.db import models


class IndicatorSet(models.Model):
    """One version of a set, word for word. Rows are never changed: a correction is a new version."""

    class Status(models.TextChoices):
        TRIAL = "trial", "试算"
        ACTIVE = "active", "施行"
        RETIRED = "retired", "停用"

    code = models.CharField("指标集", max_length=40)
    version = models.CharField("版本", max_length=20)
    title = models.CharField("名称", max_length=200)
    label = models.CharField("标签", max_length=60, blank=True)
    status = models.CharField("状态", max_length=10, choices=Status.choices, default=Status.TRIAL)
    text = models.TextField("全文")
    sha256 = models.CharField(max_length=64)
    imported_at = models.DateTimeField("导入时间", null=True)

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["code", "version"], name="assessment_set_version")]

    def __str__(self) -> str:
        return f"{self.title} {self.version}"


class Round(models.Model):
    """A closed round: a set's version, the months, and the log position up to which entries count. `book` is every unit's score sheet."""

    title = models.CharField("名称", max_length=100)
    indicators = models.ForeignKey(IndicatorSet, models.PROTECT, related_name="rounds", verbose_name="指标集")
    first = models.CharField("起始月份", max_length=7)
    last = models.CharField("截止月份", max_length=7)
    position = models.BigIntegerField("记录位置")
    frozen_at = models.DateTimeField("封存时间")
    book = models.JSONField("分数簿")
    sha256 = models.CharField(max_length=64)

    def __str__(self) -> str:
        return self.title
