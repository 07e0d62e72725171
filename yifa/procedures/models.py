"""Deadlines that run, acts that were refused, drafts and openings: the interpreter's own tables."""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q


class Obligation(models.Model):
    """A deadline of a dossier (期限). `closed_seq` is the entry that met or ended it; `met_on` the day that counts."""

    pk = models.CompositePrimaryKey("league", "dossier", "step", "n")
    league = models.CharField(max_length=6)
    dossier = models.CharField(max_length=64)
    step = models.CharField(max_length=64)
    n = models.IntegerField()
    procedure = models.CharField(max_length=64)
    organisation = models.ForeignKey("people.Organisation", models.PROTECT, related_name="+", db_index=False)
    region = models.ForeignKey("people.Region", models.PROTECT, related_name="+", db_index=False)
    title = models.CharField("事项", max_length=200)
    roles = models.JSONField(default=list)
    publishes = models.BooleanField(default=False)
    start_on = models.DateField("起算日")
    due_on = models.DateField("届满日")
    provisional = models.BooleanField("推算", default=False)
    derivation = models.JSONField(default=list)
    opened_seq = models.IntegerField()
    closed_seq = models.IntegerField(null=True)
    met_on = models.DateField(null=True)
    # How far whoever holds it has been reminded: 0 not yet, 1 at four fifths of the time, 2 when it ran out (`reminding`).
    told = models.SmallIntegerField(db_default=0)

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["organisation", "due_on", "dossier"], name="obligation_org_due", condition=Q(closed_seq=None)),
            models.Index(fields=["region", "due_on", "dossier"], name="obligation_region_due", condition=Q(closed_seq=None)),
            models.Index(fields=["due_on"], name="obligation_publish_due", condition=Q(publishes=True)),
        ]


class Task(models.Model):
    """What a body owes before it has a dossier for it (评估, 修改, 核对目录): on its desk with a clock until an act meets it.

    `key` names what is owed, so that it is owed once; `subject` what it is about; `dossier` the case in which it is done, once begun.
    `source` is the chain whose entry opened it. `told` as in `Obligation`; what has reminders of its own begins with the last.
    """

    pk = models.CompositePrimaryKey("league", "key")
    league = models.CharField(max_length=6)
    key = models.CharField(max_length=160)
    kind = models.CharField(max_length=40)
    subject = models.CharField(max_length=64, blank=True)
    organisation = models.ForeignKey("people.Organisation", models.PROTECT, related_name="+", db_index=False)
    region = models.ForeignKey("people.Region", models.PROTECT, related_name="+", db_index=False)
    title = models.CharField("事项", max_length=200)
    what = models.CharField("对象", max_length=600, blank=True)
    roles = models.JSONField(default=list)
    url = models.CharField(max_length=400)
    action = models.CharField(max_length=20)
    source = models.CharField(max_length=200)
    start_on = models.DateField("起算日")
    due_on = models.DateField("届满日")
    dossier = models.CharField("办理案卷", max_length=64, blank=True)
    opened_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True)
    met_on = models.DateField(null=True)
    told = models.SmallIntegerField(db_default=0)

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["organisation", "due_on", "key"], name="task_org_due", condition=Q(closed_at=None)),
            models.Index(fields=["subject", "kind"], name="task_subject"),
        ]


class Turn(models.Model):
    """A step without a clock that waits for somebody else than whoever acted last: it stands on his desk until an act takes it away.

    `office` is what the body is in the case, "" its own. `since` is when the turn came.
    """

    pk = models.CompositePrimaryKey("league", "dossier", "step")
    league = models.CharField(max_length=6)
    dossier = models.CharField(max_length=64)
    step = models.CharField(max_length=64)
    organisation = models.ForeignKey("people.Organisation", models.PROTECT, related_name="+", db_index=False)
    office = models.CharField(max_length=40, blank=True)
    roles = models.JSONField(default=list)
    since = models.DateTimeField()

    class Meta:
        indexes: ClassVar = [models.Index(fields=["organisation", "since", "dossier"], name="turn_org_since")]


class Holder(models.Model):
    """Whom a case was handed over to last (转办), of whatever body: what is done for the case itself waits for these persons alone."""

    pk = models.CompositePrimaryKey("league", "dossier", "person_id")
    league = models.CharField(max_length=6)
    dossier = models.CharField(max_length=64)
    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", db_index=False)

    class Meta:
        indexes: ClassVar = [models.Index(fields=["person", "league", "dossier"], name="holder_person")]


class Rebuilding(models.Model):
    """How far a projection was made anew out of the record (`rebuilding`): the key of the last dossier that was read."""

    name = models.CharField(max_length=40, primary_key=True)
    league = models.CharField(max_length=6, blank=True)
    dossier = models.CharField(max_length=64, blank=True)
    read = models.BigIntegerField(default=0)
    ended_at = models.DateTimeField(null=True)


class Refusal(models.Model):
    """An act the law refused. Counted here, in a transaction of its own; nothing of it is in the dossier."""

    pk = models.CompositePrimaryKey("league", "id")
    league = models.CharField(max_length=6)
    id = models.UUIDField()
    dossier = models.CharField(max_length=64, blank=True)
    procedure = models.CharField(max_length=64)
    step = models.CharField(max_length=64)
    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", db_index=False)
    organisation = models.ForeignKey("people.Organisation", models.PROTECT, related_name="+", db_index=False)
    region = models.ForeignKey("people.Region", models.PROTECT, related_name="+", db_index=False)
    codes = models.JSONField("违反的规则")
    findings = models.JSONField("理由")
    at = models.DateTimeField()

    class Meta:
        indexes: ClassVar = [models.Index(fields=["organisation", "-at"], name="refusal_org_at")]


class Draft(models.Model):
    """What someone began to fill in: saved as he types, never part of the record, gone when the act is taken."""

    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    key = models.CharField(max_length=160)
    values = models.JSONField(default=dict)
    saved_at = models.DateTimeField(auto_now=True)

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["person", "key"], name="draft_once")]


class Opening(models.Model):
    """Which dossier an opening act made: the same act sent twice opens one."""

    pk = models.CompositePrimaryKey("league", "key")
    league = models.CharField(max_length=6)
    key = models.UUIDField()
    dossier = models.CharField(max_length=64)
