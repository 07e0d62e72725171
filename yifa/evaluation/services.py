"""What persons decide in an evaluation: which works are enforceable, which questions may be asked, what a report finds. One act, one entry.

Chains: `work:<key>` (可执行), `question:<n>`, `evaluation:<id>`. A question is reviewed by two persons who did not write it; a report is
frozen at a place in the record and decided by another person than the one who drafted it.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID, uuid4

from django.db import IntegrityError, transaction
from django.utils import timezone

from yifa.evaluation import book, following
from yifa.evaluation.models import Enforceable, Question, Report
from yifa.evaluation.queries import Holds, Period
from yifa.evaluation.wording import clauses
from yifa.kernel.ledger import services as ledger
from yifa.kernel.people.actors import Actor
from yifa.kernel.refusing import RejectedError
from yifa.laws import surveying
from yifa.laws.rules import title_key

LONGEST = 20_000
MOST_ASLEEP, MOST_WORDS = 200, 1000


def propose_enforceable(*, on: date) -> int:
    """Read every text in force for clauses of duty, penalty and permit. New works wait for a person; a decided one keeps its decision,

    only its clauses follow the text. Returns how many works wait now.
    """
    rows = []
    for text in surveying.texts(on):
        found = clauses((key, words) for key, _, words in text.articles)
        if found.is_enforceable:
            rows.append(
                Enforceable(
                    work_key=text.key,
                    title=text.title,
                    region=text.region,
                    version=text.version,
                    duty=list(found.duty),
                    penalty=list(found.penalty),
                    permit=list(found.permit),
                )
            )
    Enforceable.objects.bulk_create(
        rows,
        update_conflicts=True,
        unique_fields=["work_key"],
        update_fields=["title", "region", "version", "duty", "penalty", "permit"],
        batch_size=500,
    )
    return Enforceable.objects.filter(state=Enforceable.State.PROPOSED).count()


@transaction.atomic
def decide_enforceable(keys: Sequence[str], *, state: str, by: Actor, reason: str = "", simulated: datetime | None = None) -> int:
    """Confirm works, or leave them out with a reason; how many changed."""
    if state not in (Enforceable.State.CONFIRMED, Enforceable.State.REJECTED):
        raise RejectedError("请选择“计入”或者“不计入”")
    words = reason.strip()
    if state == Enforceable.State.REJECTED and len(words) < 2:
        raise RejectedError("不计入的，请写明理由")
    changed = 0
    for row in Enforceable.objects.select_for_update().filter(work_key__in=keys).exclude(state=state).order_by("work_key"):
        Enforceable.objects.filter(pk=row.pk).update(
            state=state, decided_by=UUID(by.person), decided_name=by.name, decided_at=simulated or timezone.now(), reason=words[:300]
        )
        told = {"work": row.title, "version": row.version, "state": state, "reason": words}
        ledger.record(f"work:{row.work_key}"[:255], "enforceable", actor=by, payload=told, league=by.league, simulated=simulated)
        changed += 1
    return changed


@dataclass(frozen=True)
class Item:
    """A question as it is written: `answer` is the place of the right option, from 0."""

    work: str
    article: str
    text: str
    options: Sequence[str]
    answer: int
    explanation: str = ""


@transaction.atomic
def propose_question(item: Item, *, by: Actor, simulated: datetime | None = None) -> Question:
    """Puts a question into the bank, to be reviewed by two others. Raises RejectedError."""
    text = surveying.text(title_key(item.work), timezone.localdate(simulated) if simulated else timezone.localdate())
    if text is None:
        raise RejectedError(f"法规库没有《{item.work}》，请先导入")
    if item.article not in {key for key, _, _ in text.articles}:
        raise RejectedError(f"《{text.title}》没有这一条，请填写条号，例如51")
    options = [each.strip() for each in item.options if each.strip()]
    if not 2 <= len(options) <= 6 or len(set(options)) != len(options):
        raise RejectedError("请填写2至6个互不相同的选项")
    if not 0 <= item.answer < len(options):
        raise RejectedError("请指出哪一个选项正确")
    if not 5 <= len(item.text.strip()) <= 300 or any(len(each) > 150 for each in options):
        raise RejectedError("题目5至300字，选项不超过150字")
    try:
        with transaction.atomic():
            row = Question.objects.create(
                work_key=text.key,
                work_title=text.title,
                article=item.article,
                version=text.version,
                text=item.text.strip(),
                options=options,
                answer=item.answer,
                explanation=item.explanation.strip()[:300],
                proposed_by=UUID(by.person),
                proposed_name=by.name,
            )
    except IntegrityError as error:
        raise RejectedError("题库已有同样的题目") from error
    told = {"work": text.title, "article": item.article, "sha256": _digest([row.text, row.options, row.answer])}
    ledger.record(f"question:{row.pk}", "propose", actor=by, payload=told, league=by.league, simulated=simulated)
    return row


@transaction.atomic
def review_question(number: int, *, passes: bool, by: Actor, reason: str = "", simulated: datetime | None = None) -> Question:
    """The first or the second review; the second approves it. Neither reviewer wrote it, and they are two. Raises RejectedError."""
    row = Question.objects.select_for_update().filter(pk=number).first()
    if row is None or row.state not in (Question.State.PROPOSED, Question.State.REVIEWED):
        raise RejectedError("这道题已经审过，请刷新页面")
    person, words = UUID(by.person), reason.strip()
    if person == row.proposed_by:
        raise RejectedError("命题人不能审自己的题，应当由另外两人审核")
    if person == row.first_by:
        raise RejectedError("您已经审过这道题，第二次审核应当由另一人进行")
    if not passes and len(words) < 2:
        raise RejectedError("不通过的，请写明理由")
    first = row.state == Question.State.PROPOSED
    if not passes:
        row.state = Question.State.REFUSED
    else:
        row.state = Question.State.REVIEWED if first else Question.State.APPROVED
    if first:
        row.first_by, row.first_name = person, by.name
    else:
        row.second_by, row.second_name = person, by.name
    row.reason, row.decided_at = words[:300], simulated or timezone.now()
    row.save()
    told = {"passes": passes, "state": row.state, "reason": words}
    ledger.record(f"question:{row.pk}", "review", actor=by, payload=told, league=by.league, simulated=simulated)
    return row


@transaction.atomic
def retire_question(number: int, *, by: Actor, reason: str, simulated: datetime | None = None) -> None:
    """The law changed, or the question was poor: it is asked no more; attempts that had it stand."""
    words = reason.strip()
    if len(words) < 2:
        raise RejectedError("停用的，请写明理由")
    changed = Question.objects.filter(pk=number, state=Question.State.APPROVED).update(state=Question.State.RETIRED, reason=words[:300])
    if changed != 1:
        raise RejectedError("这道题没有在使用，请刷新页面")
    ledger.record(f"question:{number}", "retire", actor=by, payload={"reason": words}, league=by.league, simulated=simulated)


@dataclass(frozen=True)
class Plan:
    """What is to be evaluated, by which plan, over which months of a region."""

    work: str
    title: str
    plan: str
    period: Period


@transaction.atomic
def open_report(plan: Plan, *, by: Actor, simulated: datetime | None = None) -> Report:
    """Raises RejectedError."""
    text = surveying.text(title_key(plan.work), timezone.localdate())
    if text is None:
        raise RejectedError(f"法规库没有《{plan.work}》，请先导入")
    if len(plan.title.strip()) < 4 or len(plan.plan.strip()) < 10:
        raise RejectedError("请写明题目和评估方案（目的、范围、方法、人员，10字以上）")
    row = Report.objects.create(
        id=uuid4(),
        league=by.league,
        work_key=text.key,
        work_title=text.title,
        title=plan.title.strip()[:200],
        organisation=by.organisation,
        organisation_name=by.organisation_name,
        region=plan.period.region,
        first=plan.period.first,
        last=plan.period.last,
        plan=plan.plan.strip()[:LONGEST],
        created_by=UUID(by.person),
        created_name=by.name,
        created_at=simulated or timezone.now(),
    )
    told = {"work": text.title, "first": row.first, "last": row.last, "region": row.region, "plan_sha256": _digest(row.plan)}
    _tell(row, "open", by, told, simulated)
    return row


@transaction.atomic
def freeze_report(
    ident: UUID,
    *,
    findings: str,
    suggestions: str,
    expert: int | None,
    by: Actor,
    contexts: Sequence[Holds],
    simulated: datetime | None = None,
) -> Report:
    """Findings and suggestions are written down; the figures they speak of are frozen with their place in the record. RejectedError."""
    row = Report.objects.select_for_update().filter(pk=ident, organisation=by.organisation).first()
    if row is None or row.state != Report.State.DRAFT:
        raise RejectedError("这份报告已经封存，请刷新页面")
    if len(findings.strip()) < 10 or len(suggestions.strip()) < 5:
        raise RejectedError("请写明评估发现和建议")
    if expert is not None and not 0 <= expert <= 100:
        raise RejectedError("专家评分为0至100的整数")
    row.findings, row.suggestions, row.expert = findings.strip()[:LONGEST], suggestions.strip()[:LONGEST], expert
    row.position = following.position()
    today = timezone.localdate(simulated) if simulated else timezone.localdate()
    row.method, row.snapshot = book.method(), book.snapshot(row.work_key, Period(row.first, row.last, row.region), today, contexts)
    row.sha256 = _digest([row.method, row.snapshot, row.findings, row.suggestions, row.expert])
    row.state, row.frozen_name, row.frozen_at = Report.State.FROZEN, by.name, simulated or timezone.now()
    row.save()
    told = {"position": row.position, "sha256": row.sha256, "title": row.title, "work": row.work_title, "last": row.last, **_found(row)}
    _tell(row, "freeze", by, told, simulated)
    return row


def _found(row: Report) -> dict[str, Any]:
    """What others may use of a report: its hint, the articles asleep, the suggestions; and which of the three evaluations it completes."""
    frozen = row.snapshot
    return {
        "advice": frozen["advice"]["title"] if frozen["advice"]["cell"] else "",
        "asleep": frozen["usage"]["asleep"][:MOST_ASLEEP],
        "suggestions": row.suggestions[:MOST_WORDS],
        "complete": {
            "usage": True,
            "awareness": bool(frozen["awareness"]["rate"]),
            "effect": bool(frozen["effect"]["value"]),
        },
    }


@transaction.atomic
def decide_report(ident: UUID, *, adopted: str, reason: str, by: Actor, simulated: datetime | None = None) -> Report:
    """Whether the suggestions are taken up, by another person than the drafter. Raises RejectedError."""
    row = Report.objects.select_for_update().filter(pk=ident, organisation=by.organisation).first()
    if row is None or row.state != Report.State.FROZEN:
        raise RejectedError("先封存报告，再作出决定；已经决定的不能更改")
    if UUID(by.person) == row.created_by:
        raise RejectedError("起草人不能决定是否采纳自己的建议，应当由另一人决定")
    if adopted not in Report.Adopted.values or len(reason.strip()) < 2:
        raise RejectedError("请选择采纳情况，并写明理由")
    row.adopted, row.decision = adopted, reason.strip()[:LONGEST]
    row.state, row.decided_by, row.decided_name = Report.State.DECIDED, UUID(by.person), by.name
    row.decided_at = simulated or timezone.now()
    row.save()
    _tell(row, "decide", by, {"adopted": adopted, "sha256": row.sha256, "reason": row.decision}, simulated)
    return row


def proves(row: Report) -> bool:
    """Is a frozen report still what its entry says?"""
    return row.sha256 == _digest([row.method, row.snapshot, row.findings, row.suggestions, row.expert])


def _tell(row: Report, step: str, by: Actor, told: Mapping[str, Any], simulated: datetime | None) -> None:
    ledger.record(f"evaluation:{row.pk}", step, actor=by, payload=told, league=row.league, simulated=simulated)


def _digest(value: Any) -> str:
    return hashlib.sha256(json.dumps(value, ensure_ascii=False, sort_keys=True).encode()).hexdigest()
