"""The library: a work over time, its dated expressions, their addressable nodes, and what cites them.

Reference data: no league column, replicated to every league. A status is never stored; it is derived from dates (`rules.py`).
"""

from __future__ import annotations

from datetime import date

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models

from yifa.laws.rules import Pause, Span, expression_status, locator


class Work(models.Model):
    """A law, regulation, rule or document as one thing over time. `slug` is its normalised title and its address."""

    slug = models.CharField(max_length=400, unique=True)
    title = models.CharField(max_length=400)
    type = models.CharField(max_length=16)
    form = models.CharField(max_length=32, blank=True)
    level = models.CharField(max_length=8)
    region = models.CharField(max_length=12, blank=True)
    makers = ArrayField(models.CharField(max_length=100), default=list)
    subjects = ArrayField(models.CharField(max_length=100), default=list)
    sort_key = models.CharField(max_length=800, db_index=True)

    class Meta:
        indexes = [models.Index(fields=["region"], condition=~models.Q(region=""), name="laws_work_region")]


class Title(models.Model):
    """A name under which a work is found; several works may share one (the resolver then says `ambiguous`)."""

    work = models.ForeignKey(Work, on_delete=models.CASCADE, related_name="titles")
    key = models.CharField(max_length=400, db_index=True)
    kind = models.CharField(max_length=8)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["work", "key"], name="laws_title_once")]


class Expression(models.Model):
    """One dated text. `effective_on` is the day used; `stated_effective_on` what the source says; `doubts` why they may differ, `basis`
    where the day used was found when not in the source of the text.

    `version` is the day this text was adopted or last amended. `ended_on` is the first day on which it is no longer in force.
    """

    work = models.ForeignKey(Work, on_delete=models.CASCADE, related_name="expressions")
    version = models.CharField(max_length=10)
    number = models.CharField(max_length=100, blank=True)
    note = models.TextField(blank=True)
    adopted_on = models.DateField(null=True)
    published_on = models.DateField()
    stated_effective_on = models.DateField(null=True)
    effective_on = models.DateField()
    ended_on = models.DateField(null=True)
    ended_by = models.CharField(max_length=8, blank=True)
    ending = models.TextField(blank=True)
    dates_doubtful = models.BooleanField(default=False)
    doubts = ArrayField(models.TextField(), default=list)
    basis = models.TextField(blank=True)
    source = models.CharField(max_length=200)
    source_claim = models.CharField(max_length=32, blank=True)
    sha256 = models.CharField(max_length=64)
    splitter = models.PositiveSmallIntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["work", "version"], name="laws_expression_once"),
            models.CheckConstraint(
                condition=models.Q(effective_on__gte=models.F("published_on")), name="laws_not_in_force_before_publication"
            ),
        ]
        # Every search asks which texts stand on a day; this answers without their rows, which are wide.
        indexes = [models.Index(fields=["id"], include=["published_on", "effective_on", "ended_on"], name="laws_expression_days")]

    @property
    def span(self) -> Span:
        return Span(self.version, self.published_on, self.effective_on, self.ended_on, self.ended_by)

    def status(self, on: date) -> str:
        return expression_status(self.span, on)


class Node(models.Model):
    """One structural unit of a text: `t120_1.k2.x3` is 第一百二十条之一第二款第三项. `parent` is a key of the same text or ""."""

    expression = models.ForeignKey(Expression, on_delete=models.CASCADE, related_name="nodes")
    key = models.CharField(max_length=80)
    kind = models.CharField(max_length=4)
    number = models.CharField(max_length=60, blank=True)
    heading = models.CharField(max_length=200, blank=True)
    text = models.TextField(blank=True)
    parent = models.CharField(max_length=80, blank=True)
    order = models.PositiveIntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["expression", "key"], name="laws_node_once"),
            models.UniqueConstraint(fields=["expression", "order"], name="laws_node_in_order"),
        ]


class Witness(models.Model):
    """What one source says of one text, as it said it (`heads.Head`). Expressions are derived from their witnesses.

    `key` is source:place; the words of the one with `is_text` are the nodes of the expression. `compared_with` is the SHA-256 of the text
    that this one was last compared with, "" when that is still to be done.
    """

    expression = models.ForeignKey(Expression, on_delete=models.CASCADE, related_name="witnesses")
    source = models.CharField(max_length=32)
    key = models.CharField(max_length=500)
    version = models.CharField(max_length=10)
    is_text = models.BooleanField(default=False)
    compared_with = models.CharField(max_length=64, blank=True)
    told = models.JSONField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["key", "version"], name="laws_witness_once")]


class ChangeEvent(models.Model):
    """One step in the life of a work: 制定, 修订, 修正, 解释, 批准, 部分废止, 废止, 失效, 撤销, 停止执行, 延期, 恢复.

    Told by a 题注, or proposed because a sentence of another text says so and no person has confirmed it yet. `instrument` is the title of
    what did it, `instrument_work` that work when the library holds it; `nodes` are {"old", "new", "op"} where the articles are known.
    """

    class State(models.TextChoices):
        STATED = "stated", "来源载明"
        PROPOSED = "proposed", "待确认"
        CONFIRMED = "confirmed", "已确认"
        REJECTED = "rejected", "不成立"

    work = models.ForeignKey(Work, on_delete=models.CASCADE, related_name="events")
    expression = models.ForeignKey(Expression, on_delete=models.SET_NULL, null=True, related_name="events")
    kind = models.CharField(max_length=8)
    on = models.DateField()
    organ = models.CharField(max_length=100, blank=True)
    instrument = models.CharField(max_length=400, blank=True)
    instrument_work = models.ForeignKey(Work, on_delete=models.SET_NULL, null=True, related_name="changes")
    number = models.CharField(max_length=100, blank=True)
    nodes = models.JSONField(default=list)
    state = models.CharField(max_length=9, choices=State.choices)
    basis = models.TextField(blank=True)
    source = models.CharField(max_length=500)
    decided_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", null=True)
    decided_at = models.DateTimeField(null=True)
    reason = models.TextField(blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["work", "kind", "on", "instrument"], name="laws_event_once")]
        indexes = [models.Index(fields=["state", "on"], name="laws_event_state")]


class Ruling(models.Model):
    """What a person found about the days of one text where its sources do not tell or disagree; `settle` takes it before what they say.

    `ended_on` None says that the text has not ended. `claim` is what the source said of its being in force when the person looked: where a
    later import says something else, the end is open again. A newer ruling replaces an older one; the chain of the work keeps both.
    """

    expression = models.OneToOneField(Expression, on_delete=models.CASCADE, related_name="ruling")
    effective_on = models.DateField()
    ended_on = models.DateField(null=True)
    ended_by = models.CharField(max_length=8, blank=True)
    ending = models.CharField(max_length=400, blank=True)
    claim = models.CharField(max_length=32, blank=True)
    reason = models.TextField()
    decided_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    decided_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(ended_on__isnull=True, ended_by="") | models.Q(ended_on__gte=models.F("effective_on"), ended_by__gt=""),
                name="laws_ruling_ends_after_it_begins",
            )
        ]


class Commencement(models.Model):
    """One unit of a text that begins to apply on another day than the text as a whole (a transitional rule); told by a person.

    `node_key` is an article, a 款 or a 项; with an article all in it is meant.
    """

    expression = models.ForeignKey(Expression, on_delete=models.CASCADE, related_name="commencements")
    node_key = models.CharField(max_length=80)
    effective_on = models.DateField()
    reason = models.TextField()
    decided_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    decided_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["expression", "node_key"], name="laws_commencement_once")]

    @property
    def label(self) -> str:
        return locator(self.node_key) or self.node_key


class Difference(models.Model):
    """At one article another source of the same text has other words: 标点, 文字, 缺少, 多出. Kept until a person has looked at it.

    Where the person found that the other's words stand, `ours` keeps those they took the place of.
    """

    class Choice(models.TextChoices):
        OURS = "ours", "以现用文字为准"
        THEIRS = "theirs", "以另一来源的文字为准"
        DOUBT = "doubt", "待核"

    expression = models.ForeignKey(Expression, on_delete=models.CASCADE, related_name="differences")
    node_key = models.CharField(max_length=80)
    source = models.CharField(max_length=500)
    kind = models.CharField(max_length=4)
    other = models.TextField(blank=True)
    ours = models.TextField(blank=True)
    choice = models.CharField(max_length=6, choices=Choice.choices, blank=True)
    decided_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", null=True)
    decided_at = models.DateTimeField(null=True)
    reason = models.TextField(blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["expression", "source", "node_key"], name="laws_difference_once")]
        indexes = [models.Index(fields=["choice", "kind", "expression"], name="laws_difference_choice")]


class Suspension(models.Model):
    """暂时调整适用 or 暂时停止适用 of a text, or of some of its articles, in a region and for a time (立法法 16, 79).

    The text stays in force elsewhere; `nodes` empty means all of it, `region` "" the whole country, `until_on` the first day after.
    Ended early, it keeps in `planned_until_on` the day that was meant and in `ended_reason` why.
    """

    class Kind(models.TextChoices):
        ADJUSTED = "暂时调整适用"
        STOPPED = "暂时停止适用"

    work = models.ForeignKey(Work, on_delete=models.CASCADE, related_name="suspensions")
    kind = models.CharField(max_length=6, choices=Kind.choices)
    region = models.CharField(max_length=12, blank=True)
    region_name = models.CharField(max_length=100, blank=True)
    nodes = ArrayField(models.CharField(max_length=80), default=list)
    from_on = models.DateField()
    until_on = models.DateField(null=True)
    instrument = models.CharField(max_length=400)
    number = models.CharField(max_length=100, blank=True)
    planned_until_on = models.DateField(null=True)
    ended_reason = models.TextField(blank=True)
    decided_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", null=True)
    decided_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["work", "region", "from_on", "instrument"], name="laws_suspension_once"),
            models.CheckConstraint(
                condition=models.Q(until_on__isnull=True) | models.Q(until_on__gt=models.F("from_on")), name="laws_suspension_has_days"
            ),
        ]

    @property
    def pause(self) -> Pause:
        return Pause(self.kind, self.region, self.region_name, tuple(self.nodes), self.from_on, self.until_on, self.instrument)


class CitedBy(models.Model):
    """Something outside the library that rests on an article: a procedure's step, a 执法事由, a form. Pushed down by its owner.

    `node_key` is "" where the whole work is cited. `ref` is its owner's word for the dossiers that rest on it, `region` whose affair it is
    ("" everybody's), `since` the day from which an article cited without a version is meant.
    """

    kind = models.CharField(max_length=32)
    label = models.CharField(max_length=300)
    url = models.CharField(max_length=300, blank=True)
    ref = models.CharField(max_length=200, blank=True)
    region = models.CharField(max_length=12, blank=True)
    since = models.DateField(null=True)
    work_key = models.CharField(max_length=400)
    node_key = models.CharField(max_length=80)
    version = models.CharField(max_length=10, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["work_key", "node_key", "version", "kind", "label", "url"], name="laws_cited_by_once"),
        ]


class Reference(models.Model):
    """A citation in one text of the library: from one of its nodes to a node of a work, held here or not (`referring.py` rebuilds it).

    `start` and `end` are offsets in the text of the node. `work_key` is the normalised title cited; `target` the node key, "" for the whole
    work, and of a range the first; `article` and `article_to` are its 条, for finding a range by any 条 in it.
    """

    id = models.BigAutoField(primary_key=True)
    expression = models.ForeignKey(Expression, on_delete=models.CASCADE, related_name="references")
    node_key = models.CharField(max_length=80)
    start = models.PositiveIntegerField()
    end = models.PositiveIntegerField()
    raw = models.CharField(max_length=400)
    work_key = models.CharField(max_length=400)
    hint = models.CharField(max_length=60, blank=True)
    target = models.CharField(max_length=80, blank=True)
    target_to = models.CharField(max_length=80, blank=True)
    article = models.PositiveIntegerField(null=True)
    article_to = models.PositiveIntegerField(null=True)

    class Meta:
        indexes = [
            models.Index(fields=["work_key", "article"], name="laws_reference_to"),
            models.Index(fields=["expression", "node_key"], name="laws_reference_from"),
        ]


class Passage(models.Model):
    """An article (or entry, or undivided text) as the search reads it; derived from its node by `indexing.py`.

    `text` is folded (`grams.fold`). The index holds its single characters and pairs (`laws_grams`) without positions, so what is found for
    a longer phrase is looked at again in `text`; no column holds them, so the rows are narrow. `rank` orders the kinds of law, 0 first.
    """

    id = models.BigAutoField(primary_key=True)
    expression = models.ForeignKey(Expression, on_delete=models.CASCADE, related_name="passages")
    key = models.CharField(max_length=80)
    rank = models.PositiveSmallIntegerField()
    text = models.TextField()

    class Meta:
        indexes = [
            GinIndex(models.Func(models.F("text"), function="laws_grams"), name="laws_passage_grams", fastupdate=True),
            models.Index(fields=["rank", "id"], name="laws_passage_rank"),
        ]


class Subscription(models.Model):
    """A signed-in person follows a work, or a subject with all its works; `email` also sends each notice there."""

    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    work = models.ForeignKey(Work, models.CASCADE, related_name="followers", null=True)
    subject = models.CharField(max_length=100, blank=True)
    email = models.EmailField(blank=True)
    since = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["person", "work"], condition=models.Q(work__isnull=False), name="laws_follow_work_once"),
            models.UniqueConstraint(fields=["person", "subject"], condition=~models.Q(subject=""), name="laws_follow_subject_once"),
            models.CheckConstraint(
                condition=models.Q(work__isnull=True, subject__gt="") | models.Q(work__isnull=False, subject=""), name="laws_follows_one"
            ),
        ]


class ImportRun(models.Model):
    """What one import found: the numbers of its report, and every irregularity as {"path", "reason"}."""

    at = models.DateTimeField()
    sources = ArrayField(models.CharField(max_length=32), default=list)
    report = models.JSONField()
    irregular = models.JSONField(default=list)


class Impact(models.Model):
    """Something that rests on an article which a change of the law touches, and what a named person decided about it.

    `watching.refresh` derives the rows; `key` tells one from another, whatever order its owner pushes them in. What cites is kept as it
    was pushed (`CitedBy`), so that a decision stays readable when its owner has long moved on; `gone_on` is the day it no longer cited
    the old text. `old_version` and `new_version` name texts of `work`; after a repeal the new words are those of `new_work`.
    """

    class State(models.TextChoices):
        OPEN = "open", "未处理"
        UNAFFECTED = "unaffected", "不受影响"
        UPDATED = "updated", "已更新"

    key = models.CharField(max_length=64, unique=True)
    kind = models.CharField(max_length=32)
    label = models.CharField(max_length=300)
    url = models.CharField(max_length=300, blank=True)
    ref = models.CharField(max_length=200, blank=True)
    region = models.CharField(max_length=12, blank=True)
    work = models.ForeignKey(Work, models.PROTECT, related_name="impacts")
    node_key = models.CharField(max_length=80)
    old_version = models.CharField(max_length=10)
    change = models.CharField(max_length=8)
    on = models.DateField()
    new_work = models.ForeignKey(Work, models.PROTECT, related_name="+", null=True)
    new_version = models.CharField(max_length=10, blank=True)
    new_node = models.CharField(max_length=80, blank=True)
    basis = models.TextField(blank=True)
    due_on = models.DateField()
    found_on = models.DateField()
    gone_on = models.DateField(null=True)
    state = models.CharField(max_length=10, choices=State.choices, default=State.OPEN)
    decided_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", null=True)
    decided_at = models.DateTimeField(null=True)
    reason = models.TextField(blank=True)

    class Meta:
        indexes = [models.Index(fields=["state", "due_on", "id"], name="laws_impact_due")]


class HintChoice(models.Model):
    """Which of two provisions a person chose to apply, what the rules had hinted, and why. Its chain in the record is `conflict:<id>`."""

    class Choice(models.TextChoices):
        FIRST = "first", "适用前一规定"
        SECOND = "second", "适用后一规定"
        REFER = "refer", "提请有权机关裁决"
        NONE = "none", "两者并不冲突"

    id = models.UUIDField(primary_key=True)
    first = models.CharField(max_length=500)
    second = models.CharField(max_length=500)
    hint = models.JSONField()
    choice = models.CharField(max_length=6, choices=Choice.choices)
    reason = models.TextField()
    about = models.CharField(max_length=200, blank=True)
    organisation = models.CharField(max_length=32)
    organisation_name = models.CharField(max_length=200)
    chosen_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    chosen_at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["organisation", "-chosen_at"], name="laws_choice_newest")]
