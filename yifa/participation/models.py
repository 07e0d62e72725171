"""公众参与: what a body puts before the public, what the public says to it, and what became of each opinion.

Shared by every procedure that consults (normative documents, rules, major decisions). Comments are never deleted: one that may not be
shown is hidden with a reason and stays on the record. Names and telephone numbers are sealed; a commenter finds his opinion by a receipt
code of which only a keyed digest is kept.
"""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.contrib.postgres.indexes import GinIndex
from django.db import models


class Consultation(models.Model):
    """One round of asking the public about one draft. A draft that is replaced opens a new round; the old one stays with its comments."""

    class Status(models.TextChoices):
        OPEN = "open", "征求意见中"
        CLOSED = "closed", "已结束"
        REPLACED = "replaced", "草案已更换"
        SUMMARISED = "summarised", "已公布采纳情况"

    pk = models.CompositePrimaryKey("league", "id")
    league = models.CharField(max_length=6)
    id = models.UUIDField()
    dossier = models.CharField("案卷", max_length=64)
    round = models.PositiveSmallIntegerField("轮次", default=1)
    title = models.CharField("名称", max_length=400)
    organisation = models.ForeignKey("people.Organisation", models.PROTECT, related_name="+", db_index=False)
    region = models.ForeignKey("people.Region", models.PROTECT, related_name="+", db_index=False)
    explanation = models.TextField("起草说明")
    draft_text = models.TextField("草案文本", blank=True)
    files = models.JSONField("草案文件", default=list)
    opens_on = models.DateField("开始日期")
    closes_on = models.DateField("截止日期")
    shortened_reason = models.TextField("缩短期限的理由", blank=True)
    extended_reason = models.TextField("延长期限的理由", blank=True, default="", db_default="")
    contact = models.CharField("联系方式", max_length=400, blank=True)
    status = models.CharField("状态", max_length=12, choices=Status.choices, default=Status.OPEN)
    summary = models.TextField("意见采纳情况", blank=True)
    summarised_at = models.DateTimeField(null=True)
    comments = models.PositiveIntegerField("意见数", default=0)
    marked = models.JSONField("公布时有标记的意见数", default=dict)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["league", "dossier", "round"], name="consultation_round_once"),
            models.CheckConstraint(condition=models.Q(closes_on__gte=models.F("opens_on")), name="consultation_closes_after_it_opens"),
        ]
        indexes: ClassVar = [
            models.Index(fields=["-closes_on", "id"], name="consultation_newest"),
        ]


class Comment(models.Model):
    """One opinion on one draft.

    `source`, `signed` and `same` are digests by which like things are counted within a round: of the network it came from, of the name it
    bears (both keyed, another key for every round) and of its text. `group` is the id of one of those that say the same, `kin` of one of
    those in nearly the same letters, whether they say the same or the contrary; null as long as nobody has looked. An opinion that a person
    took out of its group is `alone`. `veiled`: words that everybody does not read, as `{"words", "reason"}`; the text itself never changes.
    `received_on`: the day on which what a clerk entered had come.
    """

    class Channel(models.TextChoices):
        WEB = "web", "网站"
        LETTER = "letter", "信函"
        PHONE = "phone", "电话"
        MEETING = "meeting", "座谈会、论证会"
        VISIT = "visit", "当面"

    class Identity(models.TextChoices):
        ANONYMOUS = "anonymous", "未署名"
        NAMED = "named", "署名"
        PHONED = "phoned", "留有电话"
        ORGANISATION = "organisation", "单位"

    class Outcome(models.TextChoices):
        ADOPTED = "adopted", "采纳"
        PARTLY = "partly", "部分采纳"
        NOT_ADOPTED = "not_adopted", "未采纳"

    pk = models.CompositePrimaryKey("league", "id")
    league = models.CharField(max_length=6)
    id = models.UUIDField()
    consultation = models.UUIDField()
    n = models.PositiveIntegerField("序号")
    receipt_digest = models.CharField(max_length=64)
    channel = models.CharField("渠道", max_length=8, choices=Channel.choices, default=Channel.WEB)
    identity = models.CharField("署名情况", max_length=12, choices=Identity.choices, default=Identity.ANONYMOUS)
    name_sealed = models.BinaryField("姓名或者单位(加密)", null=True)
    phone_sealed = models.BinaryField("电话(加密)", null=True)
    clause = models.CharField("针对的条款", max_length=100, blank=True)
    text = models.TextField("意见")
    files = models.JSONField("附件", default=list)
    received_at = models.DateTimeField("收到时间")
    received_on = models.DateField("收到日期", null=True)
    late = models.BooleanField("截止以后收到", default=False)
    entered_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", db_index=False)
    hidden_at = models.DateTimeField(null=True)
    hidden_reason = models.CharField("不予显示的理由", max_length=400, blank=True)
    veiled = models.JSONField("公开时隐去的字词", default=list, db_default=models.Value([], models.JSONField()))
    outcome = models.CharField("处理", max_length=12, choices=Outcome.choices, blank=True)
    reason = models.TextField("理由", blank=True)
    replied_at = models.DateTimeField(null=True)
    replied_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", db_index=False)
    source = models.CharField("来源(密钥摘要)", max_length=32, blank=True, default="")
    signed = models.CharField("署名(密钥摘要)", max_length=32, blank=True, default="")
    same = models.CharField("内容摘要", max_length=32, blank=True, default="")
    group = models.UUIDField("相近意见", null=True)
    kin = models.UUIDField("文字相近", null=True)
    alone = models.BooleanField("单独处理", default=False)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["league", "consultation", "n"], name="comment_number_once"),
        ]
        indexes: ClassVar = [
            models.Index(fields=["receipt_digest"], name="comment_receipt"),
            models.Index(fields=["consultation", "n"], name="comment_in_order"),
            models.Index(fields=["consultation"], condition=models.Q(outcome=""), name="comment_unanswered"),
            models.Index(fields=["consultation", "group"], name="comment_group"),
            models.Index(fields=["league", "consultation"], condition=models.Q(group=None), name="comment_ungrouped"),
            models.Index(fields=["consultation", "kin"], condition=~models.Q(kin=None), name="comment_kin"),
            GinIndex(fields=["files"], opclasses=["jsonb_path_ops"], condition=~models.Q(files=[]), name="comment_files"),
        ]


class Band(models.Model):
    """Where the text of an opinion meets others like it (`alike.Text.bands`); of equal texts only one stands here."""

    pk = models.CompositePrimaryKey("league", "consultation", "key", "comment")
    league = models.CharField(max_length=6)
    consultation = models.UUIDField()
    key = models.BigIntegerField()
    comment = models.UUIDField()

    class Meta:
        indexes: ClassVar = [models.Index(fields=["comment"], name="band_comment")]


class Arrival(models.Model):
    """A file of the public on its way into the store, noted before it is kept; gone an hour later, with the file if nothing names it."""

    sha256 = models.CharField(primary_key=True, max_length=64)
    at = models.DateTimeField()


class Batch(models.Model):
    """Opinions `first` to `last` of a round (or sheets of a questionnaire) under one root, which is an entry of the round's chain."""

    pk = models.CompositePrimaryKey("league", "consultation", "first")
    league = models.CharField(max_length=6)
    consultation = models.UUIDField()
    first = models.PositiveIntegerField("起")
    last = models.PositiveIntegerField("止")
    root = models.CharField("根", max_length=64)
    at = models.DateTimeField("时间")


class Questionnaire(models.Model):
    """问卷: questions put to the public for a time. `questions` as `questions.Question.kept`; `answers` counts the sheets."""

    class Status(models.TextChoices):
        DRAFT = "draft", "起草中"
        PUBLISHED = "published", "已发布"

    pk = models.CompositePrimaryKey("league", "id")
    league = models.CharField(max_length=6)
    id = models.UUIDField()
    dossier = models.CharField("案卷", max_length=64)
    title = models.CharField("名称", max_length=400)
    organisation = models.ForeignKey("people.Organisation", models.PROTECT, related_name="+", db_index=False)
    region = models.ForeignKey("people.Region", models.PROTECT, related_name="+", db_index=False)
    explanation = models.TextField("说明")
    questions = models.JSONField("题目", default=list)
    opens_on = models.DateField("开始日期", null=True)
    closes_on = models.DateField("截止日期", null=True)
    status = models.CharField("状态", max_length=12, choices=Status.choices, default=Status.DRAFT)
    answers = models.PositiveIntegerField("份数", default=0)
    drawn_at = models.DateTimeField("起草时间")

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=models.Q(status="draft") | models.Q(closes_on__gte=models.F("opens_on")),
                name="questionnaire_published_for_a_time",
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["league", "dossier"], name="questionnaire_dossier"),
            models.Index(fields=["-closes_on", "id"], name="questionnaire_newest"),
        ]


class Filled(models.Model):
    """One sheet that somebody filled in: its answers by the keys of the questions. `source` and `same` as those of an opinion."""

    pk = models.CompositePrimaryKey("league", "id")
    league = models.CharField(max_length=6)
    id = models.UUIDField()
    questionnaire = models.UUIDField()
    n = models.PositiveIntegerField("序号")
    receipt_digest = models.CharField(max_length=64)
    values = models.JSONField("回答")
    received_at = models.DateTimeField("收到时间")
    source = models.CharField("来源(密钥摘要)", max_length=32, blank=True, default="")
    same = models.CharField("文字内容摘要", max_length=32, blank=True, default="")

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["league", "questionnaire", "n"], name="filled_number_once"),
        ]
        indexes: ClassVar = [
            models.Index(fields=["receipt_digest"], name="filled_receipt"),
            models.Index(fields=["questionnaire", "n"], name="filled_in_order"),
        ]
