"""Acts on the register of normative documents outside a case: old stock comes in, a text is checked, a document lapses.

Each is one entry on the document's chain `normative:<code>`, in the transaction that changes its row.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from datetime import date, datetime

from django.db import transaction
from django.utils import timezone

from yifa.kernel import sheets
from yifa.kernel.citing import Law
from yifa.kernel.ledger import services as ledger
from yifa.kernel.people.actors import Actor
from yifa.kernel.people.queries import Organisation, body_of
from yifa.kernel.refusing import RejectedError
from yifa.normative import notifying, queries, stock
from yifa.normative.models import NormativeDocument
from yifa.normative.queries import chain
from yifa.normative.registering import GOVERNMENTS
from yifa.normative.stock import Fault, Stock
from yifa.procedures import owing

GB37 = Law("国务院办公厅关于加强行政规范性文件制定和监督管理工作的通知", "2018-05-16")
SECRECY = Law("政府信息公开条例", "2019-04-03")


@dataclass(frozen=True)
class Machine:
    """The clock as the record names it: no person, only the body whose register is kept."""

    organisation: str
    region: str
    person: str = "system"
    post: str = ""


@dataclass
class Report:
    """What an import did, or with `dry` would do: rows taken, rows that were there already, and what is wrong row by row."""

    dry: bool
    taken: list[Stock] = field(default_factory=list)
    known: list[Stock] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)


def import_stock(data: bytes, name: str, *, by: Actor, dry: bool = True, source: str = "stock") -> Report:
    """存量导入: a list of old documents into the register. A row taken before is known again; a row that contradicts it is refused.

    Who keeps the register enters for every body of the territory, any other body for itself. Raises sheets.UnreadableError.
    """
    report = Report(dry)
    read = [stock.read(line) for line in sheets.read(data, name, stock.COLUMNS, required=stock.REQUIRED)]
    report.faults += [each for each in read if isinstance(each, Fault)]
    seen: dict[tuple[str, str], int] = {}
    with transaction.atomic():
        for each in read:
            if isinstance(each, Fault):
                continue
            maker = _maker(each, by)
            if isinstance(maker, Fault):
                report.faults.append(maker)
                continue
            before = seen.setdefault((maker.code, each.number), each.row)
            if before != each.row:
                report.faults.append(Fault(each.row, f"与第{before}行的文号“{each.number}”重复，没有导入"))
                continue
            _one(each, maker, by, report, source)
    report.faults.sort(key=lambda each: each.row)
    return report


def _maker(each: Stock, by: Actor) -> Organisation | Fault:
    """The body that made it: the one the row names, or the body one acts for. A Fault when it is unknown or not one's own to enter."""
    if each.maker in {"", by.organisation, by.organisation_name}:
        found = body_of(by.organisation)
        return found or Fault(each.row, "没有找到本机关的登记")
    named = list(Organisation.objects.filter(name=each.maker).select_related("region")[:2])
    if not named and (coded := body_of(each.maker)):
        named = [coded]
    if len(named) != 1:
        return Fault(
            each.row, f"没有找到制定机关“{each.maker}”，请写全称或者机关编码" if not named else f"“{each.maker}”有几个机关，请写机关编码"
        )
    if not queries.keeps(by, named[0].region_id):
        return Fault(each.row, f"“{each.maker}”不在本机关登记的范围内")
    return named[0]


def _one(each: Stock, maker: Organisation, by: Actor, report: Report, source: str) -> None:
    """Takes one row, or says that it is known, or why it is refused."""
    there = NormativeDocument.objects.select_for_update().filter(maker=maker, number=each.number).first()
    if there is not None:
        told = _contradiction(each, there)
        if told:
            report.faults.append(Fault(each.row, f"文号“{each.number}”已经登记，但{told}，没有改动；请核对后在登记簿中更正"))
        else:
            report.known.append(each)
        return
    number = each.registration_number
    if number and NormativeDocument.objects.filter(registration_number=number).exists():
        report.faults.append(Fault(each.row, f"统一登记号“{number}”已经用于另一份文件"))
        return
    if not report.dry:
        enter(each, maker, by=by, source=source)
    report.taken.append(each)


def _contradiction(each: Stock, there: NormativeDocument) -> str:
    """In what a row differs from the register; columns that the list leaves out say nothing."""
    pairs = (
        ("名称", each.title, there.title),
        ("成文日期", each.made_on, there.made_on),
        ("公布日期", each.published_on, there.published_on),
        ("施行日期", each.effective_on, there.effective_on),
        ("有效期届满日", each.valid_until, there.valid_until),
        ("终止日期", each.ended_on, there.ended_on),
    )
    return "；".join(f"{name}不同（登记为{old or '空'}，表中为{new}）" for name, new, old in pairs if new and new != old)


def enter(each: Stock, maker: Organisation, *, by: Actor, source: str) -> NormativeDocument:
    """One document into the register, with its entry: the caller has made sure that its 文号 is free and holds a transaction."""
    row = NormativeDocument.objects.create(
        code=code_of(maker.code, each.number),
        league=maker.region.league,
        title=each.title[:400],
        number=each.number[:100],
        registration_number=each.registration_number[:100],
        maker=maker,
        region_id=maker.region_id,
        kind="government" if maker.kind in GOVERNMENTS else "department",
        made_on=each.made_on,
        published_on=each.published_on,
        effective_on=each.effective_on,
        valid_until=each.valid_until,
        trial=each.trial,
        business=each.business,
        ended_on=each.ended_on,
        ended_by=each.ended_by,
        ending=each.ending[:400],
        openness=each.openness,
        text=each.text,
        text_sha256=hashlib.sha256(each.text.encode()).hexdigest() if each.text else "",
        source=source,
        checked_on=each.checked_on,
        checked_against=each.checked_against[:200],
    )
    payload = {
        "title": row.title,
        "number": row.number,
        "code": row.code,
        "maker": row.maker_id,
        "region": row.region_id,
        "made_on": row.made_on.isoformat(),
        "published_on": _iso(row.published_on),
        "effective_on": _iso(row.effective_on),
        "valid_until": _iso(row.valid_until),
        "ended_on": _iso(row.ended_on),
        "openness": row.openness,
        "secrecy_reviewer": each.secrecy,
        "text_sha256": row.text_sha256,
        "source": source,
    }
    step = "enter" if source == NormativeDocument.Source.STOCK else "add"
    ledger.record(chain(row.code), step, actor=by, payload=payload, league=row.league, cites=(GB37[8], SECRECY[17]))
    return row


def code_of(maker: str, number: str) -> str:
    """The register's code of a document that was not made here: the same document gets the same code on every import."""
    return f"GFC{hashlib.sha256(f'{maker} {number}'.encode()).hexdigest()[:20].upper()}"


def _iso(day: date | None) -> str | None:
    return day.isoformat() if day else None


def check(code: str, *, by: Actor, against: str, on: date | None = None) -> NormativeDocument:
    """核对文本: someone has compared the registered text with a source, for instance the gazette. Raises RejectedError."""
    words, day = against.strip(), on or timezone.localdate()
    if len(words) < 2:
        raise RejectedError("请写明同什么核对，例如：市人民政府公报2026年第3期")
    if day > timezone.localdate():
        raise RejectedError("核对日期不能晚于今天")
    with transaction.atomic():
        row = queries.one(by, code)
        if row is None:
            raise RejectedError("登记簿中没有这份文件")
        NormativeDocument.objects.filter(code=code).update(checked_on=day, checked_against=words[:200], updated_at=timezone.now())
        ledger.record(
            chain(code), "check", actor=by, payload={"on": day.isoformat(), "against": words[:200]}, league=row.league, cites=(GB37[8],)
        )
        row.refresh_from_db()
    return row


def hand_in(code: str, *, by: Actor) -> NormativeDocument:
    """报送备案 of a document that was not made here (old stock, or found): its maker hands it in. Raises RejectedError."""
    with transaction.atomic():
        row = NormativeDocument.objects.select_for_update().filter(code=code, maker_id=by.organisation).first()
        if row is None:
            raise RejectedError("由制定机关报送备案；本机关没有这份文件")
        if row.source == NormativeDocument.Source.MADE:
            raise RejectedError("按程序制定的文件，请在制定案卷中办理“报送备案”")
        if row.filed_on:
            raise RejectedError(f"这份文件已经于{row.filed_on}报送备案")
        if row.published_on is None:
            raise RejectedError("没有公布的文件不能报送备案，请先核对公布日期")
        day = timezone.localdate()
        NormativeDocument.objects.filter(code=code).update(filed_on=day, updated_at=timezone.now())
        ledger.record(chain(code), "file", actor=by, payload={"on": day.isoformat()}, league=row.league, cites=(GB37[10],))
        row.refresh_from_db()
    return row


def lapse(on: date, *, simulated: datetime | None = None) -> int:
    """到期失效: ends every document whose validity ran out with no decision, on the day it ran out, and tells its maker. Returns how many.

    One transaction a document: one that fails does not keep the others in force. Doing it again does nothing.
    """
    return sum(_lapse(code, on, simulated) for code in list(queries.lapsed(on).values_list("code", flat=True)))


def _lapse(code: str, on: date, simulated: datetime | None) -> int:
    with transaction.atomic():
        row = queries.lapsed(on).select_for_update().filter(code=code).first()
        if row is None or row.valid_until is None:  # decided meanwhile
            return 0
        NormativeDocument.objects.filter(code=code).update(
            ended_on=row.valid_until, ended_by=NormativeDocument.Ending.LAPSED, ending="有效期届满，没有延续", updated_at=timezone.now()
        )
        ledger.record(
            chain(code),
            "lapse",
            actor=Machine(row.maker_id, row.region_id),
            payload={"ended_on": row.valid_until.isoformat(), "openness": row.openness},
            league=row.league,
            cites=(GB37[8],),
            simulated=simulated,
        )
        owing.end("normative_evaluate", code, at=timezone.now())
        notifying.lapsed(row, today=on, at=simulated or timezone.now())
    return 1
