"""Issued documents, and the series their numbers come from."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q


class Series(models.Model):
    """A gap-free series (文号): the last number of a body, a type and a year. A refused act rolls its number back."""

    pk = models.CompositePrimaryKey("league", "organisation_id", "kind", "year")
    league = models.CharField(max_length=6)
    organisation = models.ForeignKey("people.Organisation", models.PROTECT, related_name="+", db_index=False)
    kind = models.CharField(max_length=20)
    year = models.SmallIntegerField()
    last = models.IntegerField()


class Block(models.Model):
    """Numbers allotted beforehand to a device or to a pad of printed forms (行政处罚法 52: 编有号码).

    `prefix` is what stands printed before the year. A spoilt number is voided with a reason: `voided` is {number: reason}. It lies in
    the block's own row, so that whoever locks the row reads it as it is. What a block returned has not used is void as well.
    """

    pk = models.CompositePrimaryKey("league", "id")
    league = models.CharField(max_length=6)
    id = models.UUIDField()
    organisation = models.ForeignKey("people.Organisation", models.PROTECT, related_name="+", db_index=False)
    kind = models.CharField(max_length=20)
    year = models.SmallIntegerField()
    first = models.IntegerField()
    last = models.IntegerField()
    prefix = models.CharField("机关代字和类", max_length=60, default="")
    holder = models.CharField("领用的设备或者纸本", max_length=100)
    keeper = models.ForeignKey("people.Person", models.PROTECT, related_name="+", null=True, db_index=False, verbose_name="领用人")
    voided = models.JSONField("作废", default=dict)
    allotted_at = models.DateTimeField()
    returned_at = models.DateTimeField(null=True)
    return_reason = models.CharField("缴销理由", max_length=300, blank=True)

    class Meta:
        indexes: ClassVar = [models.Index(fields=["organisation", "kind", "year", "first"], name="block_series")]


class Document(models.Model):
    """One issued document: immutable. A correction is a new document that names the old one (`corrects`)."""

    pk = models.CompositePrimaryKey("league", "id")
    league = models.CharField(max_length=6)
    id = models.UUIDField()
    dossier = models.CharField(max_length=64)
    seq = models.IntegerField()
    form = models.CharField(max_length=40)
    title = models.CharField("题名", max_length=100)
    organisation = models.ForeignKey("people.Organisation", models.PROTECT, related_name="+", db_index=False)
    series = models.CharField(max_length=20, blank=True)
    year = models.SmallIntegerField()
    sequence = models.IntegerField(null=True)
    number = models.CharField("文号", max_length=80, blank=True)
    sha256 = models.CharField(max_length=64)
    unsigned_sha256 = models.CharField(max_length=64)
    size = models.IntegerField()
    pages = models.SmallIntegerField()
    audience = models.CharField(max_length=20)
    corrects = models.CharField(max_length=80, blank=True)
    created_at = models.DateTimeField()

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["dossier", "seq"], name="document_dossier"),
            models.Index(fields=["sha256"], name="document_sha256"),
        ]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["league", "organisation", "series", "year", "number"], condition=~Q(number=""), name="document_number_once"
            ),
        ]


class Binding(models.Model):
    """A case file bound as one PDF, or being bound. It is a copy of the record for a reader, kept for an hour, never part of the record.

    `seq` is the last entry of the dossier it was bound from; `done` of `sheets` numbered sheets are finished. `without` tells apart what
    was left out of it (不予公开): the digest of what its reader is not given, so that nobody is handed another's copy.
    """

    class State(models.TextChoices):
        WAITING = "waiting", "排队中"
        AT_WORK = "at_work", "装订中"
        DONE = "done", "已装订"
        FAILED = "failed", "没有装订成"

    pk = models.CompositePrimaryKey("league", "id")
    league = models.CharField(max_length=6)
    id = models.UUIDField()
    dossier = models.CharField(max_length=64)
    seq = models.IntegerField()
    without = models.CharField("没有装入的材料的摘要", max_length=64, blank=True)
    asked_by = models.ForeignKey("people.Person", models.PROTECT, related_name="+", db_index=False)
    post = models.CharField("以哪个岗位申请", max_length=36)
    asked_at = models.DateTimeField()
    moved_at = models.DateTimeField()
    state = models.CharField(max_length=10, choices=State.choices, default=State.WAITING)
    sheets = models.IntegerField(default=0)
    done = models.IntegerField(default=0)
    pages = models.IntegerField(default=0)
    left_out = models.IntegerField("没有装入的件数", default=0)
    sha256 = models.CharField(max_length=64, blank=True)
    size = models.BigIntegerField(default=0)

    class Meta:
        constraints: ClassVar = [
            # One at work a case and kind of reader: whoever asks meanwhile is shown how far it is.
            models.UniqueConstraint(
                fields=["league", "dossier", "without"], condition=Q(state__in=("waiting", "at_work")), name="binding_one_at_work"
            ),
        ]
        indexes: ClassVar = [models.Index(fields=["dossier", "-asked_at"], name="binding_dossier")]

    @property
    def is_running(self) -> bool:
        return self.state in {Binding.State.WAITING, Binding.State.AT_WORK}

    @property
    def percent(self) -> int:
        return 100 * self.done // self.sheets if self.sheets else 0
