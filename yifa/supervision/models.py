"""What the public says about enforcement: complaints, ratings, and the clues they give to those who supervise.

行政处罚法 75 (anyone may complain and report; the complaint is examined), 内蒙古自治区行政执法监督条例 (complaints land with the
supervising body). Every act on these rows is an entry on the object's own chain: `complaint:<id>`, `rating:<id>`.
"""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.db import models


class Complaint(models.Model):
    """A complaint (投诉). The complainant sees its state by a query code of which only a keyed digest is kept."""

    class About(models.TextChoices):
        CASE = "case", "某件案件"
        OFFICER = "officer", "某名执法人员"
        BODY = "body", "某个执法机关"

    class State(models.TextChoices):
        OPEN = "open", "正在核查"
        ANSWERED = "answered", "已答复"

    pk = models.CompositePrimaryKey("league", "id")
    league = models.CharField(max_length=6)
    id = models.UUIDField()
    query_digest = models.CharField(max_length=64)
    about = models.CharField("投诉对象", max_length=10, choices=About.choices)
    organisation = models.ForeignKey("people.Organisation", models.PROTECT, related_name="+", db_index=False)
    region = models.ForeignKey("people.Region", models.PROTECT, related_name="+", db_index=False)
    dossier = models.CharField("案件编号", max_length=64, blank=True)
    certificate = models.CharField("证号", max_length=20, blank=True)
    text = models.TextField("投诉内容")
    name_sealed = models.BinaryField("姓名(加密)", null=True)
    phone_sealed = models.BinaryField("电话(加密)", null=True)
    received_at = models.DateTimeField("收到时间")
    due_on = models.DateField("答复期限")
    derivation = models.JSONField(default=list)
    provisional = models.BooleanField(default=False)
    state = models.CharField("状态", max_length=10, choices=State.choices, default=State.OPEN)
    answer = models.TextField("答复", blank=True)
    answered_at = models.DateTimeField(null=True)
    answered_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", db_index=False)

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["query_digest"], name="complaint_query"),
            models.Index(fields=["organisation", "due_on"], name="complaint_open", condition=models.Q(state="open")),
            models.Index(fields=["organisation", "-received_at"], name="complaint_newest"),
        ]


class Rating(models.Model):
    """One rating (评价) of one document, 1 to 5. Readable by the body only after the case is closed, and never beside a person's name."""

    pk = models.CompositePrimaryKey("league", "id")
    league = models.CharField(max_length=6)
    id = models.UUIDField()
    dossier = models.CharField(max_length=64)
    document = models.CharField(max_length=64)
    organisation = models.ForeignKey("people.Organisation", models.PROTECT, related_name="+", db_index=False)
    region = models.ForeignKey("people.Region", models.PROTECT, related_name="+", db_index=False)
    score = models.PositiveSmallIntegerField("评分")
    note = models.TextField("说明", blank=True)
    rated_on = models.DateField("评价日期")

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["league", "document"], name="rating_once"),
            models.CheckConstraint(condition=models.Q(score__gte=1, score__lte=5), name="rating_one_to_five"),
        ]
        indexes: ClassVar = [models.Index(fields=["organisation", "-rated_on"], name="rating_newest")]


class Clue(models.Model):
    """A clue (监督线索) that a low rating or a complaint opened, until a supervisor has looked into it."""

    class Source(models.TextChoices):
        RATING = "rating", "低分评价"
        COMPLAINT = "complaint", "投诉"

    pk = models.CompositePrimaryKey("league", "id")
    league = models.CharField(max_length=6)
    id = models.UUIDField()
    source = models.CharField("来源", max_length=10, choices=Source.choices)
    source_id = models.UUIDField()
    organisation = models.ForeignKey("people.Organisation", models.PROTECT, related_name="+", db_index=False)
    region = models.ForeignKey("people.Region", models.PROTECT, related_name="+", db_index=False)
    opened_at = models.DateTimeField()
    outcome = models.TextField("处理结果", blank=True)
    handled_at = models.DateTimeField(null=True)
    handled_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", db_index=False)

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["league", "source_id"], name="clue_once")]
        indexes: ClassVar = [models.Index(fields=["organisation", "-opened_at"], name="clue_newest")]
