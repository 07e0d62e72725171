"""What an evaluation of rules keeps: the acts that use articles and their sums, which works are enforceable, a bank of questions with
the attempts at it, and reports.

`Event` and `Use` are projections of the record and rebuilt from it. `work_key` is the normalised title, as the library keys its works.
"""

from __future__ import annotations

from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import Q


class Event(models.Model):
    """An act that uses articles: one row an act, however much it cites. `articles` are `work#t51`."""

    pk = models.CompositePrimaryKey("league", "position")
    league = models.CharField(max_length=6)
    position = models.BigIntegerField()
    chain = models.CharField(max_length=255)
    seq = models.IntegerField()
    kind = models.CharField(max_length=12)
    organisation = models.CharField(max_length=10)
    region = models.CharField(max_length=12)
    month = models.CharField(max_length=7)
    works = ArrayField(models.CharField(max_length=400))
    articles = ArrayField(models.CharField(max_length=480))

    class Meta:
        indexes: ClassVar = [
            GinIndex(fields=["articles"], name="evaluation_event_articles"),
            GinIndex(fields=["works"], name="evaluation_event_works"),
        ]


class Use(models.Model):
    """How many acts of a kind used an article in a month, by body and region. `article` "" counts the acts that used the work at all."""

    pk = models.CompositePrimaryKey("league", "work_key", "article", "organisation", "region", "month", "kind")
    league = models.CharField(max_length=6)
    work_key = models.CharField(max_length=400)
    article = models.CharField(max_length=80, blank=True)
    organisation = models.CharField(max_length=10)
    region = models.CharField(max_length=12)
    month = models.CharField(max_length=7)
    kind = models.CharField(max_length=12)
    n = models.BigIntegerField()

    class Meta:
        indexes: ClassVar = [models.Index(fields=["work_key", "month"], name="evaluation_use_work")]


class Cursor(models.Model):
    """One row: the position of the next leaf to read. Its lock makes the follower one."""

    name = models.CharField(primary_key=True, max_length=20)
    position = models.BigIntegerField()


class Enforceable(models.Model):
    """Does the text of a work have a clause that is enforced? Proposed by its words, confirmed or rejected by a person."""

    class State(models.TextChoices):
        PROPOSED = "proposed", "待确认"
        CONFIRMED = "confirmed", "已确认"
        REJECTED = "rejected", "不计入"

    work_key = models.CharField(primary_key=True, max_length=400)
    title = models.CharField("名称", max_length=400)
    region = models.CharField(max_length=12, blank=True)
    version = models.CharField(max_length=10)
    duty = ArrayField(models.CharField(max_length=80), default=list)
    penalty = ArrayField(models.CharField(max_length=80), default=list)
    permit = ArrayField(models.CharField(max_length=80), default=list)
    state = models.CharField("状态", max_length=10, choices=State.choices, default=State.PROPOSED)
    decided_by = models.UUIDField(null=True)
    decided_name = models.CharField("确认人", max_length=60, blank=True)
    decided_at = models.DateTimeField(null=True)
    reason = models.CharField("理由", max_length=300, blank=True)

    class Meta:
        indexes: ClassVar = [models.Index(fields=["state", "title"], name="evaluation_enforceable_state")]


class Question(models.Model):
    """One item about an article. It is asked only after two other persons have reviewed it; its words never change afterwards."""

    class State(models.TextChoices):
        PROPOSED = "proposed", "待审"
        REVIEWED = "reviewed", "一审通过"
        APPROVED = "approved", "可以使用"
        REFUSED = "refused", "未通过"
        RETIRED = "retired", "停用"

    work_key = models.CharField(max_length=400)
    work_title = models.CharField("法规", max_length=400)
    article = models.CharField("条文", max_length=80)
    version = models.CharField("版本", max_length=10, blank=True)
    text = models.CharField("题目", max_length=300)
    options = ArrayField(models.CharField(max_length=150))
    answer = models.PositiveSmallIntegerField("答案")
    explanation = models.CharField("说明", max_length=300, blank=True)
    state = models.CharField("状态", max_length=10, choices=State.choices, default=State.PROPOSED)
    proposed_by = models.UUIDField()
    proposed_name = models.CharField("命题人", max_length=60)
    first_by = models.UUIDField(null=True)
    first_name = models.CharField("一审人", max_length=60, blank=True)
    second_by = models.UUIDField(null=True)
    second_name = models.CharField("二审人", max_length=60, blank=True)
    decided_at = models.DateTimeField(null=True)
    reason = models.CharField("理由", max_length=300, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["work_key", "text"], condition=~Q(state__in=("refused", "retired")), name="evaluation_question_once"
            ),
            models.CheckConstraint(condition=~Q(first_by=models.F("proposed_by")), name="evaluation_question_first_is_another"),
            models.CheckConstraint(
                condition=~Q(second_by=models.F("proposed_by")) & ~Q(second_by=models.F("first_by")),
                name="evaluation_question_second_is_another",
            ),
        ]
        indexes: ClassVar = [models.Index(fields=["work_key", "state"], name="evaluation_question_work")]

    @property
    def right(self) -> str:
        """The words of the right option."""
        return str(self.options[self.answer])


class Attempt(models.Model):
    """One person's attempt about one work. Nobody is named: `device` and `person` are keyed digests, kept to ask nobody twice in 90 days.

    `counted` is false for an attempt faster than the questions can be read; it is kept and counts for nothing.
    """

    pk = models.CompositePrimaryKey("league", "id")
    league = models.CharField(max_length=6)
    id = models.UUIDField()
    work_key = models.CharField(max_length=400)
    stratum = models.CharField(max_length=8)
    region = models.CharField(max_length=12)
    urban = models.BooleanField(null=True)
    device = models.CharField(max_length=32)
    person = models.CharField(max_length=32, blank=True)
    at = models.DateTimeField()
    month = models.CharField(max_length=7)
    items = models.PositiveSmallIntegerField()
    correct = models.PositiveSmallIntegerField()
    seconds = models.PositiveIntegerField()
    aware = models.BooleanField()
    counted = models.BooleanField()

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["work_key", "device", "-at"], name="evaluation_attempt_device"),
            models.Index(fields=["work_key", "person", "-at"], name="evaluation_attempt_person", condition=~Q(person="")),
            models.Index(fields=["work_key", "month"], name="evaluation_attempt_month"),
        ]


class Report(models.Model):
    """An evaluation of one work (立法后评估): plan, method, the figures frozen at a place in the record, findings, suggestions, and what
    was decided. `snapshot` and `method` are empty until it is frozen and never change after."""

    class State(models.TextChoices):
        DRAFT = "draft", "起草"
        FROZEN = "frozen", "已封存"
        DECIDED = "decided", "已决定"

    class Adopted(models.TextChoices):
        YES = "adopted", "采纳"
        PARTLY = "partly", "部分采纳"
        NO = "not_adopted", "不采纳"

    id = models.UUIDField(primary_key=True)
    league = models.CharField(max_length=6)
    work_key = models.CharField(max_length=400)
    work_title = models.CharField("法规", max_length=400)
    title = models.CharField("题目", max_length=200)
    organisation = models.CharField(max_length=10)
    organisation_name = models.CharField("评估机关", max_length=200)
    region = models.CharField("区划", max_length=12)
    first = models.CharField("起始月份", max_length=7)
    last = models.CharField("截止月份", max_length=7)
    plan = models.TextField("评估方案")
    findings = models.TextField("评估发现", blank=True)
    suggestions = models.TextField("建议", blank=True)
    expert = models.PositiveSmallIntegerField("专家评分", null=True)
    state = models.CharField("状态", max_length=8, choices=State.choices, default=State.DRAFT)
    method = models.JSONField("方法", default=dict)
    snapshot = models.JSONField("数据", default=dict)
    sha256 = models.CharField(max_length=64, blank=True)
    position = models.BigIntegerField("记录位置", null=True)
    created_by = models.UUIDField()
    created_name = models.CharField("起草人", max_length=60)
    created_at = models.DateTimeField()
    frozen_name = models.CharField("封存人", max_length=60, blank=True)
    frozen_at = models.DateTimeField(null=True)
    adopted = models.CharField("采纳情况", max_length=12, choices=Adopted.choices, blank=True)
    decision = models.TextField("决定理由", blank=True)
    decided_by = models.UUIDField(null=True)
    decided_name = models.CharField("决定人", max_length=60, blank=True)
    decided_at = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(expert__isnull=True) | Q(expert__lte=100), name="evaluation_expert_of_hundred"),
        ]
        indexes: ClassVar = [models.Index(fields=["work_key", "-created_at"], name="evaluation_report_work")]
