"""Score sheets of bodies and regions, from the month sums or, for a frozen round, from the facts up to its place in the record."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.db import connection

from yifa.assessment import adjustments
from yifa.assessment.adjustments import Adjustment
from yifa.assessment.files import parse
from yifa.assessment.indicators import Indicators
from yifa.assessment.models import IndicatorSet
from yifa.assessment.sheet import Number, Sheet, sheet
from yifa.facts.queries import Sum
from yifa.kernel.parameters.rules import significant
from yifa.supervision.figures import FEEDS

KEYS = {metric: feed.key for metric, (_, feed) in FEEDS.items()}
CONNECTED = (*sorted(KEYS), *adjustments.KEYS)
KINDS = {1: "省", 2: "市", 3: "县"}
DEPARTMENT = "部门"
BEYOND = 2**62


@dataclass(frozen=True)
class Unit:
    """Who is assessed: a body (organisation code of ten digits) or a region."""

    code: str
    name: str
    region: str
    level: int
    is_region: bool

    @property
    def kind(self) -> str:
        return KINDS.get(self.level, "县") if self.is_region else DEPARTMENT


@dataclass(frozen=True)
class Period:
    first: str
    last: str
    # Only facts before this leaf count; None: all that the follower has counted.
    before: int | None = None


def current() -> IndicatorSet | None:
    """The set that scores are shown by: the one in force, else the newest on trial."""
    return (
        IndicatorSet.objects.filter(status=IndicatorSet.Status.ACTIVE).order_by("-pk").first()
        or IndicatorSet.objects.filter(status=IndicatorSet.Status.TRIAL).order_by("-pk").first()
    )


def before(row: IndicatorSet) -> Indicators | None:
    """What a version is compared with: the one of the same code in force, else the newest on trial before it."""
    used = IndicatorSet.objects.filter(code=row.code, status__in=[IndicatorSet.Status.ACTIVE, IndicatorSet.Status.TRIAL], pk__lt=row.pk)
    found = used.filter(status=IndicatorSet.Status.ACTIVE).order_by("-pk").first() or used.order_by("-pk").first()
    return indicators_of(found) if found else None


def units(*, region: str = "", organisation: str = "") -> list[Unit]:
    """The regions and the enforcing bodies within a region, or one body; regions first, by code."""
    place = significant(region)
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT code, name, code, level, true FROM people_region WHERE code LIKE %(place)s AND level < 4 AND %(body)s = ''"
            " UNION ALL SELECT code, name, region_id, level, false FROM people_organisation"
            " WHERE region_id LIKE %(place)s AND kind NOT IN ('GOVERNMENT', 'UNIT') AND (%(body)s = '' OR code = %(body)s)"
            " ORDER BY 5 DESC, 1",
            {"place": f"{place}%", "body": organisation},
        )
        return [Unit(*row) for row in cursor.fetchall()]


def units_of(region: str) -> list[Unit]:
    """A region, the regions right below it and its own enforcing bodies: one floor of the tree."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT code, name, code, level, true FROM people_region WHERE (code = %(region)s OR parent_id = %(region)s) AND level < 4"
            " UNION ALL SELECT code, name, region_id, level, false FROM people_organisation"
            " WHERE region_id = %(region)s AND kind NOT IN ('GOVERNMENT', 'UNIT')"
            " ORDER BY 5 DESC, 4, 1",
            {"region": region},
        )
        return [Unit(*row) for row in cursor.fetchall()]


def units_named(text: str, *, region: str, after: str = "", limit: int = 30) -> list[Unit]:
    """Units within a region whose name holds the text, by code; the cursor is the last code."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT * FROM (SELECT code, name, code AS place, level, true FROM people_region"
            " WHERE code LIKE %(place)s AND level < 4 AND strpos(name, %(text)s) > 0"
            " UNION ALL SELECT code, name, region_id, level, false FROM people_organisation"
            " WHERE region_id LIKE %(place)s AND kind NOT IN ('GOVERNMENT', 'UNIT') AND strpos(name, %(text)s) > 0) found"
            " WHERE code > %(after)s ORDER BY code LIMIT %(limit)s",
            {"place": f"{significant(region)}%", "text": text, "after": after, "limit": limit},
        )
        return [Unit(*row) for row in cursor.fetchall()]


def region_above(region: str) -> str:
    """The region over this one; empty at the top."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT parent_id FROM people_region WHERE code = %s", [region])
        found = cursor.fetchone()
    return str(found[0] or "") if found else ""


def unit(code: str) -> Unit | None:
    """A region by its six digits, a body by its ten."""
    if len(code) == 6:
        return next((each for each in units(region=code) if each.code == code and each.is_region), None)
    return next(iter(units(organisation=code)), None)


class Sums:
    """Every unit's sums at once, so that one page or one round costs two statements however many units it has."""

    def __init__(self, rows: Iterable[tuple[str, str, str, int, int, int]], levels: Mapping[str, int]) -> None:
        """`rows` are (metric key, body, region of six digits, numerator, denominator, facts); `levels` say which bodies are peers."""
        self._body: dict[tuple[str, str], Sum] = defaultdict(Sum)
        self._place: dict[tuple[str, str], Sum] = defaultdict(Sum)
        self._level: dict[tuple[str, int | None], Sum] = defaultdict(Sum)
        self._own: dict[tuple[str, str], Sum] = defaultdict(Sum)
        for key, body, region, *numbers in rows:
            found = Sum(*numbers)
            self._body[key, body] += found
            self._level[key, levels.get(body)] += found
            self._own[key, region] += found
            for length in {0, 2, 4, len(region)}:
                self._place[key, region[:length]] += found

    def of(self, unit: Unit, key: str) -> Sum:
        if unit.is_region:
            return self._place.get((key, significant(unit.code)), Sum())
        return self._body.get((key, unit.code), Sum())

    def own(self, unit: Unit, key: str) -> Sum:
        """What the unit itself did: of a region its government, nothing of the regions below it."""
        return (self._own if unit.is_region else self._body).get((key, unit.code), Sum())

    def peer(self, unit: Unit, key: str) -> Decimal | None:
        """The pooled rate of its peers: bodies of the same level, or, for a region, the whole installation."""
        pooled = self._place.get((key, ""), Sum()) if unit.is_region else self._level.get((key, unit.level), Sum())
        return Decimal(pooled.numerator) / pooled.denominator if pooled.denominator > 0 else None


def gather(period: Period, levels: Mapping[str, int] | None = None) -> Sums:
    """From the month sums; up to a log position, from the facts themselves. `levels` as they were, else as they are."""
    table = "facts_tally" if period.before is None else "facts_fact"
    last = BEYOND if period.before is None else period.before
    until = "" if period.before is None else "AND t.position < %(before)s"
    what = "t.metric, t.organisation, left(t.region, 6), sum(t.numerator)::bigint, sum(t.denominator)::bigint, count(*)"
    keys = sorted({*KEYS.values(), *adjustments.KEYS})
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT {what} FROM {table} t WHERE t.month BETWEEN %(first)s AND %(last)s AND t.metric = ANY(%(keys)s) {until}"  # noqa: S608
            " GROUP BY 1, 2, 3",
            {"first": period.first, "last": period.last, "keys": keys, "before": last},
        )
        rows = cursor.fetchall()
        if levels is None:
            cursor.execute("SELECT code, level FROM people_organisation WHERE code = ANY(%s)", [sorted({row[1] for row in rows})])
            levels = dict(cursor.fetchall())
    return Sums(rows, levels)


def score_sheet(indicators: Indicators, unit: Unit, sums: Sums, connected: Sequence[str] | None = None) -> Sheet:
    """By the metrics and the rules of deduction that are connected now or, for a closed round, by those that were."""
    numbers = {}
    known = CONNECTED if connected is None else connected
    keys = {metric: KEYS[metric] for metric in known if metric in KEYS}
    for metric, key in keys.items():
        found = sums.of(unit, key)
        absent = FEEDS[metric][1].needs_occasion and found.denominator <= 0
        numbers[metric] = Number(found.numerator, found.denominator, sums.peer(unit, key), absent)
    return sheet(indicators, numbers, keys, unit.kind, _adjustments(unit, sums, known))


def _adjustments(unit: Unit, sums: Sums, known: Sequence[str]) -> Iterator[Adjustment]:
    for rule in adjustments.RULES:
        found = sums.own(unit, rule.key)
        if rule.key in known and found.denominator > 0:
            yield Adjustment(rule, found.numerator, found.denominator)


def government(region: str) -> str:
    """The code of a region's government, whose own deductions are the region's; empty where none is registered."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT code FROM people_organisation WHERE kind = 'GOVERNMENT' AND region_id = %s ORDER BY code LIMIT 1", [region])
        row = cursor.fetchone()
    return str(row[0]) if row else ""


def indicators_of(row: IndicatorSet) -> Indicators:
    return parse(row.text)
