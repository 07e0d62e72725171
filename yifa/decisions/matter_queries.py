"""Reads of matters for the desk and the interface: the list a supervisor looks through, what is counted over all of it, one matter.

List, charts, export and one matter answer by the same predicate of rights. Lamps and scores come from the rows of `standings`; what an act
has changed since is judged again before anything is counted.
"""

from __future__ import annotations

import base64
import binascii
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, NamedTuple

from django.db import connection
from django.utils import timezone

from yifa.decisions import judging, lamps, marking, standings, stands
from yifa.decisions.forms.declared import POINTS
from yifa.decisions.matter import Matter
from yifa.decisions.models import Closing
from yifa.decisions.scoring import Line as CheckLine
from yifa.decisions.scoring import Score
from yifa.decisions.standings import Duty
from yifa.decisions.template_set import shown
from yifa.dossiers import queries as dossiers
from yifa.dossiers.queries import Dossier
from yifa.kernel.access.queries import scope
from yifa.kernel.access.scope import Scope
from yifa.kernel.access.sql import Sql
from yifa.kernel.parameters.rules import significant
from yifa.kernel.people.actors import Actor
from yifa.procedures import queries as procedures

PAGE = 50
# At most so many are judged again while somebody waits; more (an import) are done by the hourly task, and the page says so.
MOST_FRESHENED = 500
OPEN, CLOSED = "open", "closed"
STATES = {OPEN: "办理中", CLOSED: "已结束"}
CODES = tuple(code for code, _ in POINTS)
_JOINED = (
    "decisions_standing s JOIN dossiers_dossier d ON d.league = s.league AND d.code = s.dossier"
    " JOIN people_organisation o ON o.code = d.organisation_id"
)
_MONTH = "to_char(d.opened_at AT TIME ZONE 'Asia/Shanghai', 'YYYY-MM')"
_COLUMNS = (
    "d.code, d.title, d.facts ->> 'category', d.organisation_id, o.name, d.region_id, d.status, d.opened_at, d.closed_at, d.seq,"
    " s.seq, s.lamps, s.total, s.missing, s.closed, s.judged_at,"
    " ARRAY[" + ", ".join(f"d.facts ->> '{key}'" for key in stands.TOLD) + "], coalesce(d.facts ->> 'carried_from', '')"
)


@dataclass(frozen=True)
class Asked:
    """What a reader looks for; nothing set = every matter he may see. `lamp` of `point`, or of any; a point alone: amber or red there."""

    region: str = ""
    year: int | None = None
    month: str = ""
    category: str = ""
    organisation: str = ""
    state: str = ""
    lamp: str = ""
    point: str = ""
    text: str = ""

    def where(self, *, with_lamp: bool = True) -> Sql:
        """The conditions about `d` (dossier) and `s` (standing); texts are written here, values are parameters."""
        tests = []
        if place := significant(self.region) if self.region else "":
            tests.append(Sql("d.region_id LIKE %s", (f"{place}%",)))
        if self.year:
            tests.append(Sql("left(" + _MONTH + ", 4) = %s", (f"{self.year:04d}",)))
        if self.month:
            tests.append(Sql(f"{_MONTH} = %s", (self.month,)))
        if self.category:
            tests.append(Sql("d.facts ->> 'category' = %s", (self.category,)))
        if self.organisation:
            tests.append(Sql("d.organisation_id = %s", (self.organisation,)))
        if self.state:
            tests.append(Sql("d.closed_at IS NULL" if self.state == OPEN else "d.closed_at IS NOT NULL"))
        if self.text:
            tests.append(Sql("position(%s in d.title) > 0", (self.text,)))
        if with_lamp and (self.lamp or self.point):
            wanted = [lamps.LETTERS[self.lamp]] if self.lamp else [lamps.LETTERS[lamps.AMBER], lamps.LETTERS[lamps.RED]]
            place = f"substr(s.lamps, {CODES.index(self.point) + 1}, 1)" if self.point else "s.lamps"
            tests.append(Sql.join(" OR ", [Sql(f"position(%s in {place}) > 0", (letter,)) for letter in wanted]).wrapped("(", ")"))
        return Sql.join(" AND ", tests) if tests else Sql("TRUE")


class Light(NamedTuple):
    """One lamp of a line."""

    code: str
    title: str
    colour: str

    @property
    def word(self) -> str:
        return lamps.WORDS[self.colour]


class Line(NamedTuple):
    """A matter of the list. `total` in hundredths; `seq` is the dossier's, `judged_seq` the place up to which the lamps tell."""

    code: str
    title: str
    category: str | None
    organisation: str
    organisation_name: str
    region: str
    status: str
    opened_at: datetime
    closed_at: datetime | None
    seq: int
    judged_seq: int
    letters: str
    total: int | None
    missing: int
    scored_closed: bool
    judged_at: datetime | None
    told: Sequence[str | None]
    carried_from: str  # of a matter that runs through the procedure again, the one before

    @property
    def status_label(self) -> str:
        return stands.words(self.status, dict(zip(stands.TOLD, self.told, strict=True)))

    @property
    def shown(self) -> str:
        return shown(self.total) if self.total is not None else ""

    @property
    def lamps(self) -> tuple[Light, ...]:
        return tuple(Light(code, title, lamps.COLOURS[letter]) for (code, title), letter in zip(POINTS, self.letters, strict=False))


@dataclass(frozen=True)
class Found:
    """A page of the list with the nearest open deadline of each of its matters; `next` is empty at the end."""

    lines: tuple[Line, ...]
    due: dict[str, Duty]
    next: str


@dataclass
class Counted:
    """What is counted over all that match: matters a month, lamps a point and colour, amber and red lamps a body."""

    matters: int = 0
    stale: int = 0
    months: Counter[str] = field(default_factory=Counter)
    lamps: Counter[tuple[str, str]] = field(default_factory=Counter)
    troubled: Counter[tuple[str, str]] = field(default_factory=Counter)
    judged_at: datetime | None = None


@dataclass(frozen=True)
class Choices:
    """What may be picked in the filters: what the reader's matters have."""

    regions: tuple[tuple[str, str], ...]
    years: tuple[int, ...]
    bodies: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class Missing:
    """A piece of evidence that is due and not told, who owes it (a body in words) and at which step."""

    line: CheckLine
    owed_by: str
    step: str
    step_title: str


@dataclass(frozen=True)
class Detail:
    """One matter as far as its reader may see it. `found` is None for a matter that is not scored."""

    dossier: Dossier
    found: tuple[Matter, Score] | None
    lamps: tuple[lamps.Lamp, ...]
    duties: tuple[Duty, ...]
    closing: Closing | None
    today: date

    @property
    def status_label(self) -> str:
        return stands.words(self.dossier.status, self.dossier.facts)

    @property
    def score(self) -> Score | None:
        return self.found[1] if self.found else None

    @property
    def matter(self) -> Matter | None:
        return self.found[0] if self.found else None

    @property
    def next(self) -> Duty | None:
        """The open deadline that ends first."""
        return next((each for each in sorted(self.duties, key=lambda one: one.due_on) if each.closed_seq is None), None)

    @property
    def missing(self) -> tuple[Missing, ...]:
        return tuple(
            Missing(line, judging.owed_by(step := line.check.steps[0]), step, stands.step_title(step))
            for line in (self.score.missing if self.score else ())
        )


class CursorError(ValueError):
    """A cursor that this list did not make."""


def freshen(actor: Actor, asked: Asked, *, within: Scope | None = None) -> None:
    """Judges again what an act has changed among the matters that match, but no more than a page may take."""
    base = _readable(actor, within) + Sql("AND") + asked.where(with_lamp=False) + Sql("AND s.seq <> d.seq")
    select = Sql(f"SELECT d.code FROM {_JOINED} WHERE") + base + Sql("ORDER BY d.opened_at DESC LIMIT %s", (MOST_FRESHENED,))  # noqa: S608
    if codes := [code for (code,) in _run(select)]:
        standings.refresh(codes)


def page(actor: Actor, asked: Asked, *, cursor: str = "", limit: int = PAGE, within: Scope | None = None) -> Found:
    """The matters that match, newest first. Raises CursorError."""
    lines = list(_lines(actor, asked, _after(cursor), limit + 1, within))
    shown_lines = tuple(lines[:limit])
    duties = procedures.open_obligations([line.code for line in shown_lines])
    following = _cursor(shown_lines[-1]) if len(lines) > limit else ""
    return Found(shown_lines, {code: found[0] for code, found in duties.items()}, following)


def every(actor: Actor, asked: Asked) -> Iterator[Line]:
    """All the matters that match, newest first: for the export."""
    rights, after = scope(actor), None
    while lines := list(_lines(actor, asked, after, MOST_FRESHENED, rights)):
        yield from lines
        after = (lines[-1].opened_at, lines[-1].code)


def counted(actor: Actor, asked: Asked, *, within: Scope | None = None) -> Counted:
    """Counted by the database over all that match, whatever page is shown."""
    base = _readable(actor, within) + Sql("AND") + asked.where()
    columns = f"d.organisation_id, o.name, {_MONTH}, s.lamps, count(*), count(*) FILTER (WHERE s.seq <> d.seq), min(s.judged_at)"
    found = Counted()
    for organisation, name, month, letters, n, stale, judged_at in _run(
        Sql(f"SELECT {columns} FROM {_JOINED} WHERE") + base + Sql("GROUP BY 1, 2, 3, 4")  # noqa: S608 - names of this module
    ):
        found.matters += n
        found.stale += stale
        found.months[month] += n
        for code, letter in zip(CODES, letters, strict=False):
            colour = lamps.COLOURS[letter]
            found.lamps[code, colour] += n
            if colour in (lamps.AMBER, lamps.RED):
                found.troubled[organisation, name] += n
        if judged_at and (found.judged_at is None or judged_at < found.judged_at):
            found.judged_at = judged_at
    return found


def choices(actor: Actor, *, within: Scope | None = None) -> Choices:
    """The places (with those they lie in), years and bodies of the matters that this reader may see."""
    base = _readable(actor, within)
    select = Sql(f"SELECT DISTINCT d.organisation_id, o.name, d.region_id, left({_MONTH}, 4) FROM {_JOINED} WHERE") + base  # noqa: S608
    rows = _run(select)
    places = {code for _, _, region, _ in rows for code in (region, region[:6], f"{region[:4]}00", f"{region[:2]}0000")}
    regions = _run(Sql("SELECT code, name FROM people_region WHERE code = ANY(%s) ORDER BY code", (sorted(places),))) if places else []
    return Choices(
        tuple((code, name) for code, name in regions),
        tuple(sorted({int(year) for *_, year in rows}, reverse=True)),
        tuple(sorted({(code, name) for code, name, _, _ in rows}, key=lambda each: (each[1], each[0]))),
    )


def detail(actor: Actor, code: str) -> Detail | None:
    """One matter, judged here and now; None when there is none or it is not his to read."""
    dossier = dossiers.case(actor, code)
    if dossier is None or dossier.procedure != marking.PROCEDURE:
        return None
    found, today = judging.scored(code), timezone.localdate()
    duties = procedures.obligations(dossier)
    told = standings.lit(*found, standings.late_points(duties, today)) if found else ()
    return Detail(dossier, found, told, tuple(duties), judging.closings([code]).get(code), today)


def plain(value: Any) -> str:
    """What a check looked at, as people read it."""
    if isinstance(value, bool):
        return "是" if value else "否"
    if isinstance(value, date):
        return f"{value.year}年{value.month}月{value.day}日"
    if isinstance(value, (tuple, list, set, frozenset)):
        return "、".join(plain(each) for each in value) or "没有"
    return "没有" if value in (None, "") else str(value)


def _lines(actor: Actor, asked: Asked, after: tuple[datetime, str] | None, limit: int, within: Scope | None) -> Iterator[Line]:
    base = _readable(actor, within) + Sql("AND") + asked.where()
    if after:
        base = base + Sql("AND (d.opened_at, d.code) < (%s, %s)", after)
    select = Sql(f"SELECT {_COLUMNS} FROM {_JOINED} WHERE") + base + Sql("ORDER BY d.opened_at DESC, d.code DESC LIMIT %s", (limit,))  # noqa: S608
    for row in _run(select):
        yield Line(*row)


def _readable(actor: Actor, within: Scope | None) -> Sql:
    return (within or scope(actor)).cases("d")


def _run(statement: Sql) -> Sequence[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(statement.text, statement.params)
        return list(cursor.fetchall())


def _cursor(line: Line) -> str:
    return base64.urlsafe_b64encode(f"{line.opened_at.isoformat()} {line.code}".encode()).decode()


def _after(cursor: str) -> tuple[datetime, str] | None:
    if not cursor:
        return None
    try:
        moment, code = base64.urlsafe_b64decode(cursor.encode()).decode().split(" ")
        opened = datetime.fromisoformat(moment)
    except (binascii.Error, ValueError):
        opened, code = None, ""
    if opened is None or opened.tzinfo is None or "\x00" in code:
        raise CursorError("翻页位置无法读取，请从第一页重新开始")
    return opened, code
