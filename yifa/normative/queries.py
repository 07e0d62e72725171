"""Reads of the register of normative documents. The public sees what a named person has found fit to be public; an office sees its own.

Status on a day is derived from dates, here in SQL for lists and in `validity` for one document; a test holds the two together.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db import connection
from django.db.models import Q, QuerySet

from yifa.kernel.calendar.terms import add_months
from yifa.kernel.people.actors import Actor
from yifa.kernel.people.queries import body_of
from yifa.normative.models import NormativeDocument, Stop
from yifa.normative.stock import canonical_number, title_key
from yifa.normative.validity import Life, status
from yifa.procedures.queries import waiting

PAGE = 30
CHANGES = 50
# Before the end of its validity: evaluation by the maker, a reminder, a last call.
WARNINGS = ((30, "urgent", "三十日内到期"), (90, "soon", "九十日内到期"), (180, "evaluate", "一百八十日内到期，应当开始评估"))
# A provisional 规章, from so many months before its two years are over.
PROVISIONAL_MONTHS = 6
PROVISIONAL, PROVISIONAL_OVER = "规章实施将满两年，应当处理", "规章实施已满两年，应当处理"


@dataclass(frozen=True)
class Filter:
    """What a list is narrowed to. `region`: a code and all below it."""

    region: str = ""
    maker: str = ""
    text: str = ""
    kind: str = ""
    year: str = ""


@dataclass(frozen=True)
class Answer:
    """Is it in force on that day, and but for which clauses (`stopped`)? With why, and against what the text was last checked."""

    document: NormativeDocument
    on: date
    status: str
    why: tuple[str, ...]
    stopped: tuple[Stop, ...] = ()

    @property
    def in_force(self) -> bool:
        return self.status == "现行有效"

    @property
    def words(self) -> str:
        """现行有效, or 现行有效（第八条停止执行）: what is stopped matters while the rest is in force."""
        return f"{self.status}（{stopped_words(self.stopped)}停止执行）" if self.in_force and self.stopped else self.status


@dataclass(frozen=True)
class Change:
    """One change of the valid list: a document published, or ended, or clauses of it stopped."""

    document: NormativeDocument
    on: date
    what: str


@dataclass(frozen=True)
class Warned:
    """What ends soon: its last day, the days left, what is to be done, and where its maker does it (`action`)."""

    title: str
    url: str
    maker: str
    maker_name: str
    until: date
    days: int
    level: str
    words: str
    action: tuple[str, str]


def life(row: NormativeDocument) -> Life:
    return Life(row.published_on, row.effective_on, row.valid_until, row.ended_on, row.ended_by)


def in_force(on: date) -> Q:
    """`validity.is_in_force` as a condition on the register."""
    return (
        Q(published_on__lte=on, effective_on__lte=on)
        & (Q(ended_on=None) | Q(ended_on__gt=on))
        & (Q(valid_until=None) | Q(valid_until__gt=on))
    )


def _public() -> QuerySet[NormativeDocument]:
    rows = NormativeDocument.objects.filter(openness="public", published_on__isnull=False)
    return rows.select_related("maker", "region").prefetch_related("stops")


def _narrowed(rows: QuerySet[NormativeDocument], asked: Filter) -> QuerySet[NormativeDocument]:
    if asked.region:
        rows = rows.filter(region__code__startswith=stem(asked.region))
    if asked.maker:
        rows = rows.filter(maker_id=asked.maker)
    if asked.kind:
        rows = rows.filter(kind=asked.kind)
    if asked.year.isdigit() and len(asked.year) == len("2026"):
        rows = rows.filter(published_on__year=int(asked.year))
    if asked.text:
        rows = rows.filter(Q(title__icontains=asked.text) | Q(number__icontains=canonical_number(asked.text).removesuffix("号")))
    return rows


def stem(region: str) -> str:
    """What the codes of a place and all below it begin with: 150000 -> 15, 150200 -> 1502."""
    stem = region[:6]
    while stem.endswith("00"):
        stem = stem[:-2]
    return stem


def valid_documents(
    on: date, asked: Filter | None = None, *, after: tuple[date, str] | None = None, limit: int | None = PAGE
) -> list[NormativeDocument]:
    """现行有效目录 on a day, newest first; a keyset page, or all with `limit` None."""
    rows = _narrowed(_public().filter(in_force(on)), asked or Filter()).order_by("-published_on", "code")
    if after:
        rows = rows.filter(Q(published_on__lt=after[0]) | Q(published_on=after[0], code__gt=after[1]))
    return list(rows if limit is None else rows[:limit])


def makers(on: date) -> list[tuple[str, str]]:
    """The bodies that have a valid document on that day, for the filter."""
    found = _public().filter(in_force(on)).order_by("maker_id").values_list("maker_id", "maker__name").distinct()
    return [(str(code), str(name)) for code, name in found]


def ask(text: str, on: date, *, limit: int = 10) -> list[Answer]:
    """The documents meant by a 文号 or a title, each with its answer for the day: an exact 文号 or title before part of one."""
    words = text.strip().strip("《》")
    if not words:
        return []
    number, key = canonical_number(words), title_key(words)
    rows = _public().order_by("-published_on", "code")
    found = list(rows.filter(Q(number=number) | Q(title=words))[:limit])
    found = found or list(rows.filter(Q(title__icontains=words) | Q(number__icontains=number))[:limit])
    found = found or [row for row in rows.filter(title__contains=words[:2])[:200] if key in title_key(row.title)]
    return [answer(row, on) for row in found[:limit]]


def document(code: str) -> NormativeDocument | None:
    """One document that the public may read."""
    return _public().filter(code=code).first()


def answer(row: NormativeDocument, on: date) -> Answer:
    """Whether it is in force on that day and why, each ground with its date."""
    stopped = tuple(sorted((each for each in row.stops.all() if each.since <= on), key=lambda each: each.since))
    return Answer(row, on, status(life(row), on), tuple(_grounds(row, on, stopped)), stopped)


def stopped_words(stops: Iterable[Stop]) -> str:
    return "、".join(dict.fromkeys(each.clauses for each in stops))


def _grounds(row: NormativeDocument, on: date, stopped: Iterable[Stop]) -> list[str]:
    said: list[str] = []
    if row.published_on is None or on < row.published_on:
        return [f"{row.published_on:%Y-%m-%d}才公布" if row.published_on else "还没有公布"]
    said.append(f"{row.published_on:%Y-%m-%d}公布")
    if row.effective_on is None:
        said.append("登记中没有施行日期，不能认定已经施行")
    else:
        said.append(f"自{row.effective_on:%Y-%m-%d}起施行")
    if row.ended_on and on >= row.ended_on:
        ground = f"（{row.ending}）" if row.ending else ""
        said.append(f"自{row.ended_on:%Y-%m-%d}起{row.get_ended_by_display()}{ground}")
    elif row.valid_until and on >= row.valid_until:
        said.append(f"有效期到{row.valid_until - timedelta(days=1):%Y-%m-%d}届满，没有延续")
    elif row.valid_until:
        said.append(f"有效期到{row.valid_until - timedelta(days=1):%Y-%m-%d}")
    else:
        said.append("登记中没有有效期届满日")
    said += [f"自{each.since:%Y-%m-%d}起停止执行{each.clauses}（{each.by}，{each.ground}）" for each in stopped]
    return said


def changes(on: date, asked: Filter | None = None, *, limit: int = CHANGES) -> list[Change]:
    """What has changed in the list of valid documents up to a day, the newest first."""
    rows = _narrowed(_public(), asked or Filter())
    found = [
        Change(row, row.published_on, "公布")
        for row in rows.filter(published_on__lte=on).order_by("-published_on", "code")[:limit]
        if row.published_on
    ]
    found += [
        Change(row, row.ended_on, str(row.get_ended_by_display()))
        for row in rows.filter(ended_on__lte=on).order_by("-ended_on", "code")[:limit]
        if row.ended_on
    ]
    stops = Stop.objects.filter(document__in=_narrowed(_public(), asked or Filter()), since__lte=on).select_related("document__maker")
    found += [Change(each.document, each.since, f"停止执行{each.clauses}") for each in stops.order_by("-since", "dossier")[:limit]]
    return sorted(found, key=lambda each: (-each.on.toordinal(), each.document.code))[:limit]


ACTS = {
    "enter": "存量登记",
    "check": "核对文本",
    "warn_180": "距有效期届满一百八十日，通知评估",
    "warn_90": "距有效期届满九十日，再次提醒",
    "warn_30": "距有效期届满三十日，提请负责人督促",
    "lapse": "有效期届满，自动失效",
    "add": "查漏补登",
    "file": "报送备案",
}


@dataclass(frozen=True)
class Act:
    """One act on a document's own chain in the record."""

    seq: int
    words: str
    at: datetime


def chain(code: str) -> str:
    return f"normative:{code}"


def history(row: NormativeDocument) -> list[Act]:
    """The acts on the document's own chain, oldest first."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT seq, step, at FROM ledger_entry WHERE league = %s AND chain = %s ORDER BY seq", [row.league, chain(row.code)]
        )
        return [Act(seq, ACTS.get(step, step), at) for seq, step, at in cursor.fetchall()]


def own(actor: Actor, asked: Filter | None = None, *, after: tuple[date, str] | None = None, limit: int = PAGE) -> list[NormativeDocument]:
    """The register as an office works on it, newest first; a keyset page."""
    rows = _narrowed(_own(actor), asked or Filter()).order_by("-made_on", "code")
    if after:
        rows = rows.filter(Q(made_on__lt=after[0]) | Q(made_on=after[0], code__gt=after[1]))
    return list(rows[:limit])


def one(actor: Actor, code: str) -> NormativeDocument | None:
    """One document of those an office works on."""
    return _own(actor).filter(code=code).first()


def _own(actor: Actor) -> QuerySet[NormativeDocument]:
    """A body's own documents; for a 司法行政部门, a supervisor or an assessor those of every body in the territory."""
    rows = NormativeDocument.objects.select_related("maker", "region").prefetch_related("stops")
    return (
        rows.filter(region__code__startswith=stem(actor.region))
        if oversees(actor) or actor.has("assessor")
        else rows.filter(maker_id=actor.organisation)
    )


def oversees(actor: Actor) -> bool:
    """Whether one acts for the body that keeps the register of the territory: its 司法行政部门, or as a supervisor."""
    body = body_of(actor.organisation)
    return actor.has("supervisor") or (body is not None and body.sector == "司法行政" and body.kind == "ORGAN")


def keeps(actor: Actor, region: str) -> bool:
    """Whether the body one acts for keeps the register of this place."""
    return oversees(actor) and region.startswith(stem(actor.region))


def warnings(actor: Actor, today: date) -> list[Warned]:
    """What ends within half a year, the nearest first: validity of documents, and the two years of 规章 made before their time."""
    return sorted([*_expiring(actor, today), *_provisional(actor, today)], key=lambda each: each.until)


def _expiring(actor: Actor, today: date) -> Iterator[Warned]:
    rows = _own(actor).filter(in_force(today), valid_until__lte=today + timedelta(days=WARNINGS[-1][0]))
    for row in rows.order_by("valid_until", "code"):
        until = row.valid_until or today
        left = (until - today).days
        _, level, words = next(each for each in WARNINGS if left <= each[0])
        yield Warned(
            title=row.title,
            url=f"/desk/normative/documents/{row.code}/",
            maker=row.maker_id,
            maker_name=row.maker.name,
            until=until - timedelta(days=1),
            days=left,
            level=level,
            words=words,
            action=("评估", f"/desk/start/normative_extension/?own_document={row.code}"),
        )


def _provisional(actor: Actor, today: date) -> Iterator[Warned]:
    """立法法 93: a 规章 made where a 地方性法规 was due may go on after two years only if the congress is asked for one."""
    region = stem(actor.region) if oversees(actor) else ""
    for each in waiting(actor, "rule_making", "seek_regulation", until=add_months(today, PROVISIONAL_MONTHS), region=region):
        left = (each.due_on - today).days
        level = next((level for days, level, _ in WARNINGS if left <= days), "evaluate")
        yield Warned(
            title=each.title,
            url=f"/desk/cases/{each.dossier}/",
            maker=each.organisation,
            maker_name=each.organisation_name,
            until=each.due_on,
            days=left,
            level=level,
            words=PROVISIONAL if left >= 0 else PROVISIONAL_OVER,
            action=("提请制定地方性法规或者停止执行", f"/desk/cases/{each.dossier}/do/seek_regulation/"),
        )


def lapsed(on: date) -> QuerySet[NormativeDocument]:
    """The documents whose validity has run out with no decision, that nobody has ended yet."""
    return NormativeDocument.objects.filter(valid_until__lte=on, ended_on=None).order_by("code")


def text_file(row: NormativeDocument) -> tuple[str, str] | None:
    """The file of the official text as it was handed in when the document was published: its name and mime type."""
    if not (row.dossier and row.text_sha256):
        return None
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT title, mime FROM dossiers_evidence WHERE league = %s AND dossier = %s AND sha256 = %s AND seq IS NOT NULL"
            " ORDER BY seq DESC LIMIT 1",  # handed in twice unchanged, it is called as it was when it was published
            [row.league, row.dossier, row.text_sha256],
        )
        found = cursor.fetchone()
    return (str(found[0]), str(found[1])) if found else None


def standing(actor: Actor, on: date) -> QuerySet[NormativeDocument]:
    """The documents in force on a day among those an office works on, public or not."""
    return _own(actor).filter(in_force(on)).order_by("code")
