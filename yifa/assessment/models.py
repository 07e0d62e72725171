"""Indicator sets as they were proposed and approved, and rounds that pin one to a place in the record."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q


class IndicatorSet(models.Model):
    """One version of a set, word for word. Its text is never changed: a correction is a new version. Names are those of the day."""

    class Status(models.TextChoices):
        PROPOSED = "proposed", "待批准"
        REFUSED = "refused", "未获批准"
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
    proposed_by = models.UUIDField(null=True)
    proposed_name = models.CharField("提出人", max_length=60, blank=True)
    proposed_for = models.CharField("提出机关", max_length=100, blank=True)
    decided_name = models.CharField("批准人", max_length=60, blank=True)
    decided_at = models.DateTimeField("决定时间", null=True)
    decision = models.CharField("意见", max_length=300, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["code", "version"], condition=~Q(status="refused"), name="assessment_set_version"),
        ]

    def __str__(self) -> str:
        return f"{self.title} {self.version}"


class Round(models.Model):
    """A closed round: a set's version, the months, and the log position up to which entries count. `book` is every unit's score sheet.

    `connected` are the metrics that the platform fed when it was closed: what is connected later changes no closed score.
    """

    title = models.CharField("名称", max_length=100)
    indicators = models.ForeignKey(IndicatorSet, models.PROTECT, related_name="rounds", verbose_name="指标集")
    first = models.CharField("起始月份", max_length=7)
    last = models.CharField("截止月份", max_length=7)
    position = models.BigIntegerField("记录位置")
    connected = models.JSONField("已接入的指标", default=list)
    frozen_at = models.DateTimeField("封存时间")
    frozen_name = models.CharField("封存人", max_length=60, blank=True)
    frozen_for = models.CharField("封存机关", max_length=100, blank=True)
    book = models.JSONField("分数簿")
    sha256 = models.CharField(max_length=64)

    def __str__(self) -> str:
        return self.title
