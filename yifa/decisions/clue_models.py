"""Clues and what may become of a conclusion: models of this room, apart for their length."""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.db import models


class Clue(models.Model):
    """线索: a red line that a matter's own record does not show. Chain `clue:<id>`; raised by one person, decided by another.

    R5 names the matter whose papers are said to be forged or back-dated. R6 names the matter, or, where there is no case, the government
    and what should have stood in its list. `unit` is who is asked for its statement first; `raised_body` is where the raiser works,
    `decided_body` the body that concluded (unknown for what was concluded before it was kept).
    """

    class Line(models.TextChoices):
        FORGED = "R5", "伪造、倒签材料"
        EVADED = "R6", "应当列入目录而未列入，规避程序"

    class State(models.TextChoices):
        RAISED = "raised", "核实中"
        ESTABLISHED = "established", "已认定"
        DISMISSED = "dismissed", "不成立"
        REVOKED = "revoked", "已撤销认定"

    pk = models.CompositePrimaryKey("league", "id")
    league = models.CharField(max_length=6)
    id = models.UUIDField()
    line = models.CharField("红线", max_length=2, choices=Line.choices)
    dossier = models.CharField("事项案卷", max_length=64, blank=True)
    title = models.CharField("事项", max_length=400)
    government = models.ForeignKey("people.Organisation", models.PROTECT, related_name="+", db_index=False, verbose_name="决策机关")
    unit = models.ForeignKey("people.Organisation", models.PROTECT, related_name="+", db_index=False, verbose_name="被核实单位")
    grounds = models.TextField("发现的情况和理由")
    files = models.JSONField("证据", default=list)
    raised_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", db_index=False)
    raised_name = models.CharField(max_length=40)
    raised_body = models.ForeignKey("people.Organisation", models.PROTECT, related_name="+", db_index=False)
    raised_at = models.DateTimeField("提出时间")
    statement_due_on = models.DateField("陈述期限")
    statement = models.TextField("单位的陈述", blank=True)
    statement_files = models.JSONField("陈述附件", default=list)
    stated_name = models.CharField(max_length=40, blank=True)
    stated_at = models.DateTimeField("陈述时间", null=True)
    state = models.CharField("状态", max_length=12, choices=State.choices, default=State.RAISED)
    decided_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", db_index=False)
    decided_name = models.CharField(max_length=40, blank=True)
    decided_for = models.CharField("认定单位", max_length=200, blank=True)
    decided_body = models.ForeignKey("people.Organisation", models.PROTECT, null=True, related_name="+", db_index=False)
    decided_at = models.DateTimeField("认定时间", null=True)
    reason = models.TextField("认定的理由", blank=True)
    referred_to = models.CharField("移送机关", max_length=200, blank=True)
    referred_number = models.CharField("移送文号", max_length=100, blank=True)
    referred_on = models.DateField("移送日期", null=True)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(condition=~models.Q(decided_by=models.F("raised_by")), name="decision_clue_two_persons"),
            models.CheckConstraint(condition=models.Q(line="R6") | ~models.Q(dossier=""), name="decision_clue_names_its_matter"),
            models.UniqueConstraint(
                fields=["league", "line", "dossier", "government", "title"],
                condition=models.Q(state__in=("raised", "established")),
                name="decision_clue_once",
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["league", "dossier"], name="decision_clue_of_dossier"),
            models.Index(fields=["government", "-raised_at"], name="decision_clue_of_government"),
            models.Index(fields=["-raised_at", "id"], name="decision_clue_newest"),
        ]


class Revocation(models.Model):
    """撤销认定: an established clue said to be wrong, by one person with reason and evidence, and what another made of it.

    One at a time; what was upheld stays as a row. Its entries are on the clue's own chain: `propose_revocation`, `revoke` or `uphold`.
    """

    class State(models.TextChoices):
        PROPOSED = "proposed", "待决定"
        AGREED = "agreed", "已撤销认定"
        UPHELD = "upheld", "维持认定"

    pk = models.CompositePrimaryKey("league", "id")
    league = models.CharField(max_length=6)
    id = models.UUIDField()
    clue = models.UUIDField("线索")
    grounds = models.TextField("撤销的理由")
    files = models.JSONField("证据", default=list)
    proposed_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", db_index=False)
    proposed_name = models.CharField(max_length=40)
    proposed_for = models.CharField("提出单位", max_length=200)
    proposed_at = models.DateTimeField("提出时间")
    due_on = models.DateField("决定期限")
    state = models.CharField("状态", max_length=12, choices=State.choices, default=State.PROPOSED)
    decided_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", db_index=False)
    decided_name = models.CharField(max_length=40, blank=True)
    decided_for = models.CharField("决定单位", max_length=200, blank=True)
    decided_at = models.DateTimeField("决定时间", null=True)
    reason = models.TextField("决定的理由", blank=True)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(condition=~models.Q(decided_by=models.F("proposed_by")), name="decision_revocation_two_persons"),
            models.UniqueConstraint(fields=["league", "clue"], condition=models.Q(state="proposed"), name="decision_revocation_once"),
        ]
        indexes: ClassVar = [models.Index(fields=["league", "clue", "proposed_at"], name="decision_revocation_of_clue")]
