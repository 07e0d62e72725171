"""Reading usage: sums of the uses, works in force, competent subjects, and the acts behind a number under the reader's own rights."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Any, Protocol

from django.db import connection
from django.db.models import Q, QuerySet
from django.utils import timezone

from yifa.evaluation import method, usage
from yifa.evaluation.models import Enforceable, Question, Report
from yifa.kernel.access.queries import scope
from yifa.kernel.access.sql import Sql
from yifa.kernel.citing import Article
from yifa.kernel.parameters.rules import significant
from yifa.kernel.people.actors import Actor
from yifa.laws import surveying
from yifa.laws.rules import Span, title_key

PAGE = 30


class Holds(Protocol):
    """A context, as far as the competent subjects of a work are concerned."""

    @property
    def holding(self) -> Any: ...


@dataclass(frozen=True)
class Period:
    """Months, first and last inclusive (`2026-01`), in a region of six digits."""

    first: str
    last: str
    region: str

    @property
    def start(self) -> date:
        return date.fromisoformat(f"{self.first}-01")

    @property
    def end(self) -> date:
        """The first day after the period."""
        return (date.fromisoformat(f"{self.last}-01") + timedelta(days=31)).replace(day=1)

    @property
    def place(self) -> str:
        return f"{significant(self.region)}%"


def year_before(today: date) -> tuple[str, str]:
    """The running month and the eleven before it."""
    count = today.year * 12 + today.month - 12
    return f"{count // 12}-{count % 12 + 1:02d}", f"{today.year}-{today.month:02d}"


def days_in_force(spans: Iterable[Span], period: Period) -> int:
    """How many days of the period a work was in force; what lies ahead counts, since nothing ends it yet."""
    days = 0
    for span in spans:
        start, end = max(span.effective_on, period.start), min(span.ended_on or period.end, period.end)
        days += max((end - start).days, 0)
    return days


def rows(period: Period, states: Sequence[str] = (Enforceable.State.CONFIRMED,)) -> QuerySet[Enforceable]:
    """The works of these states that apply in the region: national ones, and those of a region around it."""
    around = [period.region[:2] + "0000", period.region[:4] + "00", period.region]
    return Enforceable.objects.filter(Q(region="") | Q(region__in=around), state__in=states).order_by("title")


def enforceable(period: Period) -> list[Enforceable]:
    """E of the formula: confirmed, and in force for at least 180 days of the period."""
    found = list(rows(period))
    spans = surveying.spans(row.work_key for row in found)
    least = method.installed().days_in_force
    return [row for row in found if days_in_force(spans.get(row.work_key, ()), period) >= least]


def work_uses(period: Period) -> dict[str, dict[str, int]]:
    """work -> kind -> acts that used it."""
    return _uses(period, "u.work_key", "u.article = ''", [])


def article_uses(period: Period, work: str) -> dict[str, dict[str, int]]:
    """article (`t51`) -> kind -> acts that used it."""
    return _uses(period, "u.article", "u.article <> '' AND u.work_key = %s", [work])


def _uses(period: Period, by: str, condition: str, params: list[Any]) -> dict[str, dict[str, int]]:
    query = (
        f"SELECT {by}, u.kind, sum(u.n)::bigint FROM evaluation_use u"  # noqa: S608 - names from this module
        f" WHERE {condition} AND u.month BETWEEN %s AND %s AND u.region LIKE %s GROUP BY 1, 2"
    )
    found: dict[str, dict[str, int]] = defaultdict(dict)
    with connection.cursor() as cursor:
        cursor.execute(query, [*params, period.first, period.last, period.place])
        for key, kind, n in cursor.fetchall():
            found[key][kind] = n
    return dict(found)


def months_of(period: Period, work: str) -> list[tuple[str, int]]:
    """Acts that used a work, month by month."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT month, sum(n)::bigint FROM evaluation_use WHERE work_key = %s AND article = '' AND month BETWEEN %s AND %s"
            " AND region LIKE %s GROUP BY 1 ORDER BY 1",
            [work, period.first, period.last, period.place],
        )
        return list(cursor.fetchall())


def subjects(region: str, contexts: Iterable[Holds]) -> dict[str, int]:
    """work -> how many bodies of the region hold a coded matter that is based on it."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT sector, fields, count(*) FROM people_organisation WHERE region_id LIKE %s AND kind NOT IN ('GOVERNMENT', 'UNIT')"
            " GROUP BY 1, 2",
            [f"{significant(region)}%"],
        )
        bodies = cursor.fetchall()
    found: Counter[str] = Counter()
    contexts = tuple(contexts)
    for sector, fields, n in bodies:
        held: list[Article] = [each for context in contexts for each in context.holding({"sector": sector, "fields": fields or []})]
        for work in {title_key(article.law.title) for article in held}:
            found[work] += n
    return dict(found)


@dataclass(frozen=True)
class Asleep:
    """An article with a penalty clause that no act has used within the years that count."""

    row: Enforceable
    article: str


def asleep(found: Sequence[Enforceable], region: str, today: date) -> list[Asleep]:
    """沉睡条款. The work must have been in force all that time; versions that keep an article's number count as one."""
    years = method.installed().asleep_years
    since = today.replace(year=today.year - years, day=1)
    period = Period(f"{since:%Y-%m}", f"{today:%Y-%m}", region)
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT DISTINCT work_key, article FROM evaluation_use WHERE work_key = ANY(%s) AND article <> '' AND month >= %s"
            " AND region LIKE %s AND kind <> 'view'",
            [[row.work_key for row in found], period.first, period.place],
        )
        used = set(cursor.fetchall())
    spans = surveying.spans(row.work_key for row in found)
    old = {key for key, each in spans.items() if any(span.effective_on <= since for span in each)}
    return [Asleep(row, article) for row in found if row.work_key in old for article in row.penalty if (row.work_key, article) not in used]


@dataclass(frozen=True)
class Act:
    """One act behind a number. `title` is the dossier's; empty for what is none."""

    position: int
    chain: str
    seq: int
    kind: str
    month: str
    title: str
    organisation: str


@dataclass(frozen=True)
class Acts:
    """Those the reader may open, newest first, and how many more there are; `after` continues the list, 0 at its end."""

    rows: tuple[Act, ...]
    readable: int
    hidden: int
    after: int


def acts(actor: Actor, period: Period, work: str, *, article: str = "", after: int = 0, limit: int = PAGE) -> Acts:
    """The entries in which a work or one of its articles was used, under the reader's own rights."""
    column, wanted = ("articles", f"{work}#{article}") if article else ("works", work)
    base = Sql(
        f"v.{column} @> ARRAY[%s]::varchar[] AND v.month BETWEEN %s AND %s AND v.region LIKE %s",
        (wanted, period.first, period.last, period.place),
    )
    rights = scope(actor)
    cases, bodies = rights.cases("d"), rights.bodies("o")
    readable = Sql.join(
        " OR ",
        [
            cases.wrapped("(d.code IS NOT NULL AND ", ")"),
            bodies.wrapped("(d.code IS NULL AND EXISTS (SELECT 1 FROM people_organisation o WHERE o.code = v.organisation AND ", "))"),
        ],
    ).wrapped("(", ")")
    joined = "evaluation_event v LEFT JOIN dossiers_dossier d ON d.league = v.league AND d.code = v.chain"
    page = base + Sql("AND") + readable
    if after:
        page = page + Sql("AND v.position < %s", (after,))
    with connection.cursor() as cursor:
        counted = readable.wrapped("SELECT count(*) FILTER (WHERE ", f"), count(*) FROM {joined} WHERE ") + base
        cursor.execute(counted.text, list(counted.params))
        may_read, total = cursor.fetchone()
        columns = "v.position, v.chain, v.seq, v.kind, v.month, coalesce(d.title, ''), coalesce(b.name, v.organisation)"
        named = f"{joined} LEFT JOIN people_organisation b ON b.code = v.organisation"
        query = Sql(f"SELECT {columns} FROM {named} WHERE") + page + Sql("ORDER BY v.position DESC LIMIT %s", (limit + 1,))  # noqa: S608
        cursor.execute(query.text, list(query.params))
        found = [Act(*row) for row in cursor.fetchall()]
    return Acts(tuple(found[:limit]), may_read, total - may_read, found[limit - 1].position if len(found) > limit else 0)


def weighted(uses: Mapping[str, Mapping[str, int]]) -> dict[str, Decimal]:
    """work or article -> weighted events."""
    kinds = method.installed().kinds
    return {key: usage.weighted(counts, kinds) for key, counts in uses.items()}


def today() -> date:
    return timezone.localdate()


def bank(work: str) -> list[Question]:
    """The questions about a work that may be asked."""
    return list(Question.objects.filter(work_key=work, state=Question.State.APPROVED).order_by("pk"))


def asked_works() -> list[tuple[str, str, int]]:
    """(key, title, questions) of the works that have enough approved questions for an attempt."""
    least = method.installed().awareness.least_items
    found: Counter[tuple[str, str]] = Counter(Question.objects.filter(state=Question.State.APPROVED).values_list("work_key", "work_title"))
    return sorted((key, title, n) for (key, title), n in found.items() if n >= least)


def questions(*, work: str = "", state: str = "", after: int = 0, limit: int = PAGE) -> list[Question]:
    found = Question.objects.order_by("-pk")
    if work:
        found = found.filter(work_title__contains=work)
    if state:
        found = found.filter(state=state)
    return list((found.filter(pk__lt=after) if after else found)[: limit + 1])


def reports(actor: Actor) -> list[Report]:
    """The reports of the bodies in the reader's region."""
    return list(Report.objects.filter(region__startswith=significant(actor.region)).order_by("-created_at")[:200])


def expert_score(work: str, region: str) -> tuple[int, int]:
    """(sum of scores 0..100, number) of the closed evaluations of a work in a region."""
    scores = list(
        Report.objects.filter(work_key=work, expert__isnull=False, region__startswith=significant(region))
        .exclude(state=Report.State.DRAFT)
        .values_list("expert", flat=True)
    )
    return sum(score or 0 for score in scores), len(scores)
