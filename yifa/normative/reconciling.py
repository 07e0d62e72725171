"""查漏补缺: a body's own list of the documents it issued, held against the register line by line. 国办发〔2018〕37号.

A line is registered (its 文号 is), similar (a title nearly the same) or missing; a person decides on the last two. What was found
enters the register as `found`, and counts among the documents to be filed in the month in which it was published.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from difflib import SequenceMatcher
from uuid import UUID, uuid4

from django.db import transaction
from django.utils import timezone

from yifa.dossiers import store
from yifa.kernel import sheets
from yifa.kernel.calendar.queries import calendar
from yifa.kernel.calendar.terms import due, param
from yifa.kernel.ledger import services as ledger
from yifa.kernel.parameters.queries import parameters
from yifa.kernel.people.actors import Actor
from yifa.kernel.people.queries import Organisation, body_of
from yifa.kernel.refusing import RejectedError
from yifa.normative import monthly, queries, services
from yifa.normative.models import IssuedLine, IssuedList, NormativeDocument
from yifa.normative.services import GB37
from yifa.normative.stock import Stock, canonical_number, title_key
from yifa.procedures.core import BEIJING
from yifa.procedures.take import resolver

COLUMNS = {
    "number": ("文号", "发文字号", "文件编号"),
    "title": ("名称", "文件名称", "标题", "题名"),
    "issued_on": ("发文日期", "印发日期", "成文日期", "日期"),
}
ALIKE = 0.85  # of the letters of two titles, in order
SHORTEST = 2
Finding = IssuedLine.Finding


@dataclass(frozen=True)
class Dates:
    """When a document that was found came about: stated by whoever decides."""

    made_on: date
    published_on: date | None = None
    effective_on: date | None = None
    valid_until: date | None = None


def find(number: str, title: str, held: Sequence[NormativeDocument]) -> tuple[str, NormativeDocument | None]:
    """What the register says of one line: by 文号 first, else by a title nearly the same. Pure but for the rows."""
    wanted, key = canonical_number(number), title_key(title)
    if wanted and (same := next((row for row in held if row.number == wanted), None)):
        return Finding.REGISTERED, same
    rated = [(SequenceMatcher(None, key, title_key(row.title), autojunk=False).ratio(), row) for row in held]
    best, row = max(rated, key=lambda each: each[0], default=(0.0, None))
    return (Finding.SIMILAR, row) if best >= ALIKE else (Finding.MISSING, None)


def upload(data: bytes, name: str, *, organisation: str, since: date, until: date, by: Actor) -> IssuedList:
    """Takes the list of one body for a period and holds it against the register. The same file is taken once.

    Raises RejectedError, sheets.UnreadableError.
    """
    body = body_of(organisation)
    if body is None or (organisation != by.organisation and not queries.keeps(by, body.region_id)):
        raise RejectedError("只能核对本机关的发文目录；司法行政部门可以核对本地区各机关的目录")
    if until < since:
        raise RejectedError("期间的结束日期早于开始日期")
    lines = sheets.read(data, name, COLUMNS, required=("title",))
    if not lines:
        raise RejectedError("表格里没有文件")
    held = list(NormativeDocument.objects.filter(maker=body))
    stored = store.put(data)
    with transaction.atomic():
        Organisation.objects.select_for_update().get(code=organisation)
        if IssuedList.objects.filter(organisation=body, file_sha256=stored.sha256).exists():
            raise RejectedError("这份目录已经核对过，请在列表中打开")
        row = IssuedList.objects.create(
            id=uuid4(),
            league=by.league,
            organisation=body,
            since=since,
            until=until,
            file_sha256=stored.sha256,
            uploaded_by_id=UUID(by.person),
            uploaded_at=timezone.now(),
        )
        found = [(line, *find(line["number"], line["title"], held)) for line in lines]
        IssuedLine.objects.bulk_create(
            IssuedLine(
                list=row,
                row=line.row,
                number=canonical_number(line["number"])[:100],
                title=line["title"].strip("《》")[:400],
                issued_on=sheets.day(line["issued_on"]),
                finding=finding,
                document=document,
            )
            for line, finding, document in found
        )
        counted = Counter(str(finding) for _, finding, _ in found)
        payload = {"organisation": organisation, "since": since.isoformat(), "until": until.isoformat(), "findings": dict(counted)}
        ledger.record(chain(row.id), "upload", actor=by, payload=payload, league=by.league, files=(stored.sha256,), cites=(GB37[10],))
        monthly.met(organisation, since, until, at=timezone.now())
    return row


def chain(ident: UUID) -> str:
    return f"issued-list:{ident}"


def decide(line: int, *, by: Actor, finding: str, reason: str, dates: Dates | None = None) -> IssuedLine:
    """认定: the line is the similar document after all, is no normative document, or was left out and is added. With the reason, once.

    Decided by the 司法行政部门 of the place. Raises RejectedError.
    """
    words = reason.strip()
    if len(words) < SHORTEST:
        raise RejectedError("请写明认定的理由")
    with transaction.atomic():
        found = IssuedLine.objects.select_for_update(of=("self",)).select_related("list__organisation__region").filter(pk=line).first()
        if found is None or not queries.keeps(by, found.list.organisation.region_id):
            raise RejectedError("认定由司法行政部门作出；本机关没有这份目录")
        if found.decided_by_id or found.finding == Finding.REGISTERED:
            raise RejectedError("这一行已经有结论，请刷新页面")
        if finding == Finding.REGISTERED and found.document_id:
            found.finding = Finding.REGISTERED
        elif finding == Finding.NOT_NORMATIVE:
            found.finding, found.document = Finding.NOT_NORMATIVE, None
        elif finding == Finding.ADDED and dates is not None:
            found.finding, found.document = Finding.ADDED, _add(found, dates, by)
        else:
            raise RejectedError("请选择认定结论；补登的，请写明成文日期")
        found.decided_by_id, found.reason = UUID(by.person), words[:400]
        found.save()
        payload = {"row": found.row, "finding": found.finding, "document": found.document_id, "reason": found.reason}
        ledger.record(chain(found.list_id), "decide", actor=by, payload=payload, league=by.league, cites=(GB37[10],))
    return found


def _add(line: IssuedLine, dates: Dates, by: Actor) -> NormativeDocument:
    """The document that was left out, into the register, with the day by which it should have been filed."""
    maker = line.list.organisation
    if not line.number:
        raise RejectedError("没有文号的，不能补登；请先核对文号，修改目录后重新上传")
    if NormativeDocument.objects.filter(maker=maker, number=line.number).exists():
        raise RejectedError("这个文号已经登记，请刷新页面后按“已登记”认定")
    if dates.published_on and dates.published_on < dates.made_on:
        raise RejectedError("公布日期早于成文日期，请核对")
    if dates.published_on and dates.effective_on and dates.effective_on < dates.published_on:
        raise RejectedError("施行日期早于公布日期，请核对")
    stated = Stock(
        row=line.row,
        title=line.title,
        number=line.number,
        maker=maker.name,
        made_on=dates.made_on,
        published_on=dates.published_on,
        effective_on=dates.effective_on,
        valid_until=dates.valid_until,
        ended_on=None,
        ended_by="",
        ending="",
        registration_number="",
        business=False,
        openness="",
        secrecy="",
        text="",
        checked_on=None,
        checked_against="",
    )
    row = services.enter(stated, maker, by=by, source=NormativeDocument.Source.FOUND)
    if dates.published_on:
        NormativeDocument.objects.filter(code=row.code).update(file_by=_file_by(maker, dates.published_on))
    return row


def _file_by(maker: Organisation, published_on: date) -> date:
    """The last day for 报送备案, by the term of the place on the day of publication."""
    term = resolver(maker.region_id, "", datetime.combine(published_on, time(), BEIJING), parameters())(param("规范性文件报送备案期限"))
    return due(term, published_on, calendar()).due


def lists(actor: Actor) -> list[tuple[IssuedList, dict[str, int]]]:
    """The lists of one's body, or of every body whose register one keeps, with how many lines have which finding."""
    rows = IssuedList.objects.select_related("organisation").order_by("-uploaded_at")
    shown = [row for row in rows if row.organisation_id == actor.organisation or queries.keeps(actor, row.organisation.region_id)]
    return [(row, dict(Counter(row.lines.values_list("finding", flat=True)))) for row in shown]


def one(actor: Actor, ident: UUID) -> IssuedList | None:
    return next((row for row, _ in lists(actor) if row.id == ident), None)


def lines(row: IssuedList) -> list[IssuedLine]:
    """The lines in the order of the list."""
    return list(row.lines.select_related("document").order_by("row"))
