"""Everything known of works in a period and region, side by side: usage, awareness, effect, advice. What pages show and reports freeze."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_EVEN, Decimal
from functools import cached_property
from typing import Any

from yifa.evaluation import method as methods
from yifa.evaluation import queries, quiz, usage
from yifa.evaluation.advice import Advice, advise
from yifa.evaluation.awareness import Result
from yifa.evaluation.effect import Index
from yifa.evaluation.models import Enforceable
from yifa.evaluation.outcomes import outcomes
from yifa.evaluation.queries import Holds, Period


@dataclass(frozen=True)
class Line:
    """One work: `events` are acts that used it, `weighted` the usage index, `intensity` per competent subject."""

    row: Enforceable
    counts: dict[str, int]
    weighted: Decimal
    subjects: int
    intensity: Decimal | None
    effect: Index
    advice: Advice

    @property
    def events(self) -> int:
        return sum(self.counts.values())

    @property
    def is_used(self) -> bool:
        return self.weighted >= 1


class Book:
    """The works of a period and region; read once, then asked by page and report alike."""

    def __init__(self, period: Period, today: date, contexts: Iterable[Holds]) -> None:
        self.period, self.today, self.contexts = period, today, tuple(contexts)
        self.method = methods.installed()

    @cached_property
    def works(self) -> list[Enforceable]:
        return queries.enforceable(self.period)

    @cached_property
    def uses(self) -> dict[str, dict[str, int]]:
        return queries.work_uses(self.period)

    @cached_property
    def weighted(self) -> dict[str, Decimal]:
        return queries.weighted(self.uses)

    @cached_property
    def rate(self) -> tuple[int, int]:
        """使用率 as (used, all)."""
        return usage.rate((row.work_key for row in self.works), self.weighted)

    @cached_property
    def middle(self) -> Decimal | None:
        """The median of the usage index over the works that are used: from there on usage is high."""
        return usage.median(value for row in self.works if (value := self.weighted.get(row.work_key, Decimal(0))) >= 1)

    @cached_property
    def _subjects(self) -> dict[str, int]:
        return queries.subjects(self.period.region, self.contexts)

    @cached_property
    def _outcomes(self) -> Any:
        return outcomes(self.period, self.today)

    @cached_property
    def lines(self) -> list[Line]:
        """The most used first."""
        return sorted((self.line(row) for row in self.works), key=lambda line: (-line.weighted, line.row.title))

    def line(self, row: Enforceable) -> Line:
        weighted = self.weighted.get(row.work_key, Decimal(0))
        subjects = self._subjects.get(row.work_key, 0)
        index: Index = self._outcomes.of(row.work_key)
        advice = advise(weighted, self.middle, index.value, self.method.effect.high)
        return Line(row, self.uses.get(row.work_key, {}), weighted, subjects, usage.intensity(weighted, subjects), index, advice)

    def awareness(self, work: str) -> Result:
        return quiz.result(work, self.period)


def method() -> dict[str, Any]:
    """The method in plain values, as a report keeps it."""
    found = methods.installed()
    return {
        "usage": [{"kind": each.key, "weight": str(each.weight), "steps": list(each.steps), "cap": each.cap} for each in found.kinds],
        "strata": {each.key: str(each.weight) for each in found.awareness.strata},
        "effect": {key: str(value) for key, value in found.effect.weights.items()},
        "least": {
            "acts": found.effect.least_acts,
            "weight": str(found.effect.least_weight),
            "stratum": found.awareness.least_in_stratum,
            "all": found.awareness.least_in_all,
            "days_in_force": found.days_in_force,
        },
    }


def snapshot(work: str, period: Period, today: date, contexts: Iterable[Holds]) -> dict[str, Any]:
    """The figures of one work in plain values: text for decimals, so that they read the same on any day."""
    book = Book(period, today, contexts)
    row = Enforceable.objects.filter(pk=work).first() or Enforceable(work_key=work)
    line, aware = book.line(row), book.awareness(work)
    used, every = book.rate
    asleep = queries.asleep([row], period.region, today)
    return {
        "usage": {
            "events": line.counts,
            "weighted": str(line.weighted),
            "subjects": line.subjects,
            "intensity": decimal(line.intensity),
            "used_works": used,
            "works": every,
            "articles": {key: sum(counts.values()) for key, counts in sorted(queries.article_uses(period, work).items())},
            "asleep": [each.article for each in asleep],
        },
        "awareness": {
            "strata": [
                {"key": each.stratum.key, "name": each.stratum.name, "aware": each.share.aware, "n": each.share.n} for each in aware.lines
            ],
            "total": aware.total,
            "rate": decimal(aware.rate),
            "interval": [decimal(each) for each in aware.interval] if aware.interval else [],
            "why_not": aware.why_not,
        },
        "effect": {
            "acts": line.effect.acts,
            "value": decimal(line.effect.value),
            "available": str(line.effect.available),
            "why_not": line.effect.why_not,
            "parts": [
                {
                    "key": part.key,
                    "name": part.name,
                    "value": decimal(part.value),
                    "weight": decimal(part.weight),
                    "planned": str(part.planned),
                    "hits": decimal(part.count.hits) if part.count else "",
                    "n": part.count.n if part.count else 0,
                    "why": part.why,
                    "note": part.count.note if part.count else "",
                }
                for part in line.effect.parts
            ],
        },
        "advice": {"cell": line.advice.cell, "title": line.advice.title, "next": line.advice.next},
    }


def decimal(value: Decimal | None) -> str:
    """Four places; "" for what is not there."""
    return "" if value is None else str(value.quantize(Decimal("0.0001"), ROUND_HALF_EVEN))
