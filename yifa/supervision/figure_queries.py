"""Figures of the bodies a reader may see, from the month sums."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.db import connection

from yifa.facts import queries as facts
from yifa.facts.queries import Behind, Sum, Where
from yifa.kernel.access.queries import scope
from yifa.kernel.parameters.rules import significant
from yifa.kernel.people.actors import Actor
from yifa.supervision.figure_kinds import Figure
from yifa.supervision.figures import BY_ID, FIGURES, Value, value, wilson

OVERSEES = ("supervisor", "assessor")


class OutOfReachError(Exception):
    """The reader may not see figures of this body or region; str() says so."""


@dataclass(frozen=True)
class Line:
    """One row of the table of figures."""

    figure: Figure
    value: Value
    interval: str


@dataclass(frozen=True)
class Named:
    code: str
    name: str


def last_months(today: date, number: int = 3) -> tuple[str, str]:
    """The running month and those before it, as (first, last)."""
    count = today.year * 12 + today.month - number
    return f"{count // 12}-{count % 12 + 1:02d}", f"{today.year}-{today.month:02d}"


def where(actor: Actor, *, first: str, last: str, organisation: str = "", region: str = "") -> Where:
    """What the reader asked for, or what is his own when he asked for nothing. Raises OutOfReachError."""
    if organisation:
        if not any(body.code == organisation for body in bodies(actor, organisation=organisation)):
            raise OutOfReachError("您无权查看这个机关的指标")
        return Where(first, last, organisation=organisation)
    if not actor.has(*OVERSEES):
        if region:
            raise OutOfReachError("您只能查看本机关的指标")
        return Where(first, last, organisation=actor.organisation)
    if region and not region.startswith(significant(actor.region)):
        raise OutOfReachError("您无权查看这个区划的指标")
    return Where(first, last, region=region or actor.region)


def bodies(actor: Actor, *, organisation: str = "", limit: int = 500) -> list[Named]:
    """The bodies whose figures this reader may open."""
    inside = scope(actor).bodies("o")
    only = "AND o.code = %s" if organisation else ""
    params = [*inside.params, *([organisation] if organisation else []), limit]
    query = f"SELECT o.code, o.name FROM people_organisation o WHERE ({inside.text}) {only} ORDER BY o.code LIMIT %s"  # noqa: S608 - ours
    with connection.cursor() as cursor:
        cursor.execute(query, params)
        return [Named(*row) for row in cursor.fetchall()]


def regions(actor: Actor) -> list[Named]:
    """The reader's region and the divisions in it, townships left out."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT code, name FROM people_region WHERE code LIKE %s AND level < 4 ORDER BY code", [f"{significant(actor.region)}%"]
        )
        return [Named(*row) for row in cursor.fetchall()]


def table(place: Where) -> list[Line]:
    """Every figure for a place and time, in their order."""
    sums = facts.sums(place)
    return [_line(figure, sums) for figure in FIGURES]


def _line(figure: Figure, sums: dict[str, Sum]) -> Line:
    found = sums.get(figure.key, Sum())
    shown = value(figure, found.numerator, found.denominator)
    satisfied = sums.get("M25.satisfied", Sum())
    interval = wilson(satisfied.numerator, satisfied.denominator) if figure.id == "M25" and shown.ratio is not None else None
    said = f"满意以上{satisfied.numerator}件，占比95%区间{interval[0]:.1%}至{interval[1]:.1%}" if interval else ""
    return Line(figure, shown, said)


def months(figure: Figure, place: Where) -> list[tuple[str, Value]]:
    """The trend: every month of the period, also those without a number."""
    sums = facts.by_month(place, [figure.key])
    return [(month, _value(figure, sums.get((figure.key, month), Sum()))) for month in span(place.first, place.last)]


def by_body(figure: Figure, place: Where) -> list[tuple[Named, Value]]:
    """Each body's number in a region, by code. There is no order by merit: these figures rank nobody."""
    sums = facts.by_organisation(place, [figure.key])
    codes = sorted(code for _, code in sums)
    with connection.cursor() as cursor:
        cursor.execute("SELECT code, name FROM people_organisation WHERE code = ANY(%s)", [codes])
        names = dict(cursor.fetchall())
    return [(Named(code, names.get(code, code)), _value(figure, sums[figure.key, code])) for code in codes]


def _value(figure: Figure, found: Sum) -> Value:
    return value(figure, found.numerator, found.denominator)


def span(first: str, last: str) -> list[str]:
    """2026-01 … 2026-03; at most ten years."""
    low, high = (int(month[:4]) * 12 + int(month[5:]) - 1 for month in (first, last))
    return [f"{count // 12}-{count % 12 + 1:02d}" for count in range(low, min(high, low + 119) + 1)]


def behind(actor: Actor, figure_id: str, place: Where, *, part: str = "numerator", after: str = "") -> Behind:
    """The entries that make up a figure, under the reader's own rights."""
    return facts.behind(actor, [BY_ID[figure_id].key], place, part=part, after=after)
