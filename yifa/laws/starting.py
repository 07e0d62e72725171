"""Articles that begin to apply on another day than their text (a transitional rule), and what applies in their place until then."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from yifa.laws import histories
from yifa.laws.models import Commencement, Expression, Work
from yifa.laws.rules import locator, long_day


@dataclass(frozen=True)
class Applies:
    """What applies in the place of a provision: `key` of `text`, None where nothing does yet; `words` say why."""

    text: Expression | None
    key: str
    row: Commencement

    @property
    def words(self) -> str:
        row = self.row
        when = f"{row.expression.version}的文本{row.label}自{long_day(row.effective_on)}起施行"
        if self.text is None:
            return f"{when}，在此以前没有相应的规定"
        return when if self.text == row.expression else f"{when}，在此以前适用{self.text.version}的文本{locator(self.key) or self.key}"


def rows(work: Work) -> list[Commencement]:
    """Every unit of the work's texts with a day of its own, the earliest first."""
    found = Commencement.objects.filter(expression__work=work).select_related("expression", "decided_by")
    return list(found.order_by("effective_on", "expression__version", "pk"))


def covering(own: Sequence[Commencement], text: Expression, key: str) -> Commencement | None:
    """The day that this unit has of its own, from the narrowest unit around it."""
    around = [row for row in own if row.expression_id == text.pk and (key == row.node_key or key.startswith(f"{row.node_key}."))]
    return max(around, key=lambda row: len(row.node_key), default=None)


def inside(own: Sequence[Commencement], text: Expression, key: str) -> list[Commencement]:
    """Parts of this unit that have a day of their own."""
    return [row for row in own if row.expression_id == text.pk and row.node_key.startswith(f"{key}.")]


def instead(text: Expression, key: str, on: date, own: Sequence[Commencement]) -> Applies | None:
    """What applies on `on` where `text`, in force by its days, has `key`; None when that is the provision itself.

    Until a unit begins, the text before it applies, in the article from which it came; a unit that begins before its text applies already.
    """
    early = [row for row in own if row.effective_on <= on < row.expression.effective_on and covering([row], row.expression, key)]
    if early:
        row = max(early, key=lambda each: (each.expression.effective_on, len(each.node_key)))
        return Applies(row.expression, key, row)
    found = covering(own, text, key)
    if found is None or on >= found.effective_on or on < text.effective_on:
        return None
    day_before = text.effective_on - timedelta(days=1)
    unit, _, rest = key.partition(".")
    for stage in histories.stages(text.work, text, unit):
        if stage.key and stage.expression != text and stage.expression.span.is_in_force(day_before):
            inner = f"{stage.key}.{rest}"
            has_inner = bool(rest) and stage.expression.nodes.filter(key=inner).exists()
            return Applies(stage.expression, inner if has_inner else stage.key, found)
    return Applies(None, "", found)
