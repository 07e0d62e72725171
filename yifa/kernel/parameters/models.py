"""Legal numbers that an installation sets for itself, above the committed ones."""

from __future__ import annotations

from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models


class Override(models.Model):
    """One act on a parameter. Rows are only added: of the same name, place and sector the later wins; a row that `withdraws` another

    takes it back before it came into effect.
    """

    name = models.CharField("参数", max_length=60)
    value = models.BigIntegerField("值", default=0)
    unit = models.CharField("单位", max_length=10)
    cites = ArrayField(models.CharField(max_length=200), verbose_name="依据")
    region = models.CharField("区划", max_length=12)
    sector = models.CharField("领域", max_length=30, blank=True)
    valid_from = models.DateField("有效期起", null=True, blank=True)
    valid_to = models.DateField("有效期止", null=True, blank=True)
    note = models.CharField("说明", max_length=300, blank=True)
    withdrawn = models.BooleanField("撤回", default=False)
    withdraws = models.ForeignKey("self", models.PROTECT, null=True, related_name="+", db_index=False, verbose_name="撤回哪一条")
    recorded_at = models.DateTimeField("登记时间")

    class Meta:
        indexes: ClassVar = [models.Index(fields=["name", "id"], name="parameters_override_name")]


class Proposal(models.Model):
    """A number somebody wants to set, and what a second person decided. The persons' names are those of the day."""

    class State(models.TextChoices):
        PROPOSED = "proposed", "待批准"
        APPROVED = "approved", "已批准"
        REFUSED = "refused", "不予批准"
        CANCELLED = "cancelled", "提出人撤回"
        REVOKED = "revoked", "生效前撤回"

    name = models.CharField("参数", max_length=60)
    value = models.BigIntegerField("值")
    unit = models.CharField("单位", max_length=10)
    cites = ArrayField(models.CharField(max_length=200), verbose_name="依据")
    region = models.CharField("区划", max_length=12)
    sector = models.CharField("领域", max_length=30, blank=True)
    valid_from = models.DateField("自")
    valid_to = models.DateField("至", null=True)
    reason = models.CharField("理由", max_length=300)
    state = models.CharField("状态", max_length=10, choices=State.choices, default=State.PROPOSED)
    proposed_by = models.UUIDField()
    proposed_name = models.CharField("提出人", max_length=60)
    proposed_for = models.CharField("提出机关", max_length=100)
    proposed_at = models.DateTimeField("提出时间")
    decided_by = models.UUIDField(null=True)
    decided_name = models.CharField("批准人", max_length=60, blank=True)
    decided_at = models.DateTimeField("决定时间", null=True)
    decision = models.CharField("意见", max_length=300, blank=True)
    moved = models.IntegerField("随之改变的期限", default=0)
    override = models.OneToOneField(Override, models.PROTECT, null=True, related_name="proposal")

    class Meta:
        indexes: ClassVar = [models.Index(fields=["name", "id"], name="parameters_proposal_name")]
