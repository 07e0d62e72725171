"""Versions of the set of templates: proposed by one person with the day from which it holds, approved by another.

Each act is an entry of chain `template-set:<code>`. A set begins on a day to come, so that no matter that has begun is measured by what
nobody could know. 考核 belongs to the bodies that look over the region or a 盟市; the set is one for the whole installation.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime
from typing import Any
from uuid import UUID, uuid4

from django.db import IntegrityError, transaction
from django.utils import timezone

from yifa.decisions import templates
from yifa.decisions.models import TemplateVersion
from yifa.decisions.rules import R713
from yifa.decisions.template_set import Fault, TemplateSet, UnfitTemplatesError
from yifa.kernel.ledger import services as ledger
from yifa.kernel.people.actors import Actor
from yifa.kernel.people.queries import looks_over
from yifa.kernel.refusing import RejectedError

PROPOSERS, APPROVERS, READERS = ("assessor",), ("assessor", "head"), ("assessor", "supervisor", "head", "reviewer")
Status = TemplateVersion.Status


def chain(code: str) -> str:
    return f"template-set:{code}"


def may_propose(actor: Actor) -> bool:
    return actor.has(*PROPOSERS) and looks_over(actor, actor.region)


def may_decide(actor: Actor) -> bool:
    return actor.has(*APPROVERS) and looks_over(actor, actor.region)


def propose(text: str, valid_from: date, *, by: Actor, simulated: datetime | None = None) -> TemplateVersion:
    """A set that is whole waits for the second person.

    Raises UnfitTemplatesError with every fault; RejectedError: not his to propose, a day that is not to come.
    """
    if not may_propose(by):
        raise RejectedError("评价模版由自治区、盟市的考核人员提出")
    today = timezone.localdate(simulated)
    _later(valid_from, today)
    found = templates.load(text)
    installed = templates.installed()
    if found.code != installed.code:
        raise UnfitTemplatesError([Fault((found.lines or {}).get("code", 0), f"代码应当是{installed.code}，不能是{found.code}")])
    standing = TemplateVersion.objects.exclude(status=Status.REFUSED)
    same = found.digest == installed.digest or standing.filter(digest=found.digest).exists()
    if same or found.version == installed.version or standing.filter(code=found.code, version=found.version).exists():
        line = (found.lines or {}).get("version", 0)
        what = "这个文件与已有的版本完全相同" if same else f"{found.version}版已经有了；修改应当使用新的版本号"
        raise UnfitTemplatesError([Fault(line, what)])
    with _once(f"{found.version}版刚刚由他人提出，请查看后再提出"), transaction.atomic():
        row = TemplateVersion.objects.create(
            id=uuid4(),
            code=found.code,
            version=found.version[:40],
            title=found.title[:200],
            digest=found.digest,
            text=text,
            status=Status.PROPOSED,
            valid_from=valid_from,
            proposed_by_id=UUID(by.person),
            proposed_name=by.name,
            proposed_for=by.organisation_name,
            proposed_at=simulated or timezone.now(),
        )
        _record(row, "propose", by, {}, simulated)
    return row


def approve(ident: UUID, *, by: Actor, simulated: datetime | None = None) -> TemplateVersion:
    """A second person lets it hold from its day. Raises RejectedError: the proposer himself, decided already, its day has come."""
    with _once("另一个版本刚刚批准自同一日启用，请不予批准后另选日期提出"), transaction.atomic():
        row = _waiting(ident, by)
        if str(row.proposed_by_id) == by.person:
            raise RejectedError("提出人不能批准自己提出的模版，应当由另一人批准")
        assert row.valid_from is not None  # noqa: S101 - every proposal has its day
        _later(row.valid_from, timezone.localdate(simulated))
        if other := TemplateVersion.objects.filter(status=Status.APPROVED, valid_from=row.valid_from).first():
            raise RejectedError(f"{other.version}版已经批准自同一日启用，请不予批准后另选日期提出")
        _decide(row, Status.APPROVED, "", by, simulated)
        _record(row, "approve", by, {"proposed_by": str(row.proposed_by_id)}, simulated)
    return row


def refuse(ident: UUID, reason: str, *, by: Actor, simulated: datetime | None = None) -> TemplateVersion:
    """A second person does not approve, or the proposer takes it back; its version number becomes free."""
    with transaction.atomic():
        row = _waiting(ident, by)
        if len(reason.strip()) < 2:
            raise RejectedError("请写明理由")
        _decide(row, Status.REFUSED, reason.strip()[:400], by, simulated)
        _record(row, "refuse", by, {"reason": row.decision}, simulated)
    return row


@contextmanager
def _once(why: str) -> Iterator[None]:
    """Of two acts at the same moment the database lets one through; the other is told so."""
    try:
        yield
    except IntegrityError:
        raise RejectedError(why) from None


def keep(found: TemplateSet) -> None:
    """The text of the set that came with the platform is kept once a closing score rests on it: an update brings another file."""
    if found.digest == templates.installed().digest:
        values = {"id": uuid4(), "code": found.code, "title": found.title, "text": templates.installed_text(), "version": found.version}
        TemplateVersion.objects.get_or_create(digest=found.digest, status=Status.KEPT, defaults=values)


def versions() -> list[TemplateVersion]:
    """All that were proposed, the newest first."""
    return list(TemplateVersion.objects.exclude(status=Status.KEPT).defer("text").order_by("-proposed_at"))


def one(ident: UUID) -> TemplateVersion | None:
    return TemplateVersion.objects.filter(id=ident).exclude(status=Status.KEPT).first()


def _later(day: date, today: date) -> None:
    if day <= today:
        raise RejectedError("启用日期应当在今天以后：已经启动的事项，仍按启动之日的模版评价")


def _waiting(ident: UUID, by: Actor) -> TemplateVersion:
    if not may_decide(by):
        raise RejectedError("评价模版由自治区、盟市的另一名考核人员或者负责人批准")
    row = TemplateVersion.objects.select_for_update().filter(id=ident).exclude(status=Status.KEPT).first()
    if row is None:
        raise RejectedError("没有这个版本的模版")
    if row.status != Status.PROPOSED:
        raise RejectedError(f"{row.decided_for}{row.decided_name}已经作出决定：{row.get_status_display()}")
    return row


def _decide(row: TemplateVersion, status: str, decision: str, by: Actor, simulated: datetime | None) -> None:
    row.status, row.decision, row.decided_at = status, decision, simulated or timezone.now()
    row.decided_by_id, row.decided_name, row.decided_for = UUID(by.person), by.name, by.organisation_name
    row.save(update_fields=["status", "decision", "decided_at", "decided_by_id", "decided_name", "decided_for"])


def _record(row: TemplateVersion, step: str, by: Actor, more: dict[str, Any], simulated: datetime | None) -> None:
    day = row.valid_from.isoformat() if row.valid_from else None
    payload = {"version": row.version, "digest": row.digest, "valid_from": day, **more}
    ledger.record(chain(row.code), step, actor=by, payload=payload, league=f"{by.region[:4]}00", cites=[R713[9]], simulated=simulated)
