"""Writes the steps in the life of works: those a 题注 tells, and the repeals that sentences propose for a person to confirm."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from itertools import groupby, pairwise

from yifa.laws.comparing import changes as changes_between
from yifa.laws.endings import Dated, Ending, Ruled
from yifa.laws.heads import Head, changes
from yifa.laws.models import ChangeEvent, Expression, Ruling, Work
from yifa.laws.notes import AMENDED, PUBLISHED, REVISED
from yifa.laws.rules import title_key
from yifa.laws.texts import ENTRY, TIAO, WHOLE

ENDS = ("废止", "失效", "撤销")
CHANGES = (REVISED, AMENDED)
_STATED, _PROPOSED = ChangeEvent.State.STATED.value, ChangeEvent.State.PROPOSED.value
_TOLD = ("organ", "number", "basis", "source", "state", "expression_id", "instrument_work_id")


def confirmed() -> dict[str, Ending]:
    """The ends of works that a person confirmed, by slug; the earliest counts."""
    rows = ChangeEvent.objects.filter(state=ChangeEvent.State.CONFIRMED, kind__in=ENDS).order_by("-on").select_related("work")
    return {row.work.slug: Ending(row.instrument, row.on, row.kind) for row in rows}


def ruled() -> dict[tuple[str, str], Ruled]:
    """What persons found about the days of texts, by slug and version."""
    rows = Ruling.objects.select_related("expression__work")
    return {
        (row.expression.work.slug, row.expression.version): Ruled(
            row.effective_on, row.ended_on, row.ended_by, row.ending, row.claim, f"经人工核对：{row.reason}"
        )
        for row in rows
    }


@dataclass(frozen=True)
class _Step:
    slug: str
    kind: str
    on: date
    instrument: str
    state: str
    source: str
    organ: str = ""
    number: str = ""
    basis: str = ""


def write_events(dated: Iterable[Dated], works: Mapping[str, Work], came: set[str]) -> int:
    """Bring the events of the works `came` up to date, and every proposal; decided ones stay. Returns how many wait for a person."""
    families: dict[str, list[Dated]] = {}
    for text in dated:
        families.setdefault(text.slug, []).append(text)
    steps = {(works[step.slug].pk, step.kind, step.on, step.instrument): step for step in (*_told(families, came), *_proposed(families))}
    targets = {works[slug].pk for slug in came} | {works[step.slug].pk for step in steps.values()}
    expressions = {(row.work_id, day): row.pk for row in Expression.objects.filter(work__in=targets) for day in _days(row)}
    known = {(row.work_id, row.kind, row.on, row.instrument): row for row in ChangeEvent.objects.filter(work__in=targets)}
    fresh, changed = [], []
    for key, step in steps.items():
        instrument = works.get(title_key(step.instrument)) if step.instrument else None
        values = dict(
            zip(
                _TOLD,
                (
                    step.organ,
                    step.number,
                    step.basis,
                    step.source,
                    step.state,
                    expressions.get(key[:1] + key[2:3]),
                    instrument and instrument.pk,
                ),
                strict=True,
            )
        )
        row = known.get(key)
        if row is None:
            fresh.append(ChangeEvent(work_id=key[0], kind=step.kind, on=step.on, instrument=step.instrument, **values))
        elif row.state in {_STATED, _PROPOSED} and any(getattr(row, name) != value for name, value in values.items()):
            for name, value in values.items():
                setattr(row, name, value)
            changed.append(row)
    gone = [
        row.pk
        for key, row in known.items()
        if key not in steps
        and row.state in {_STATED, _PROPOSED}
        and (row.state == _PROPOSED or row.work_id in {works[slug].pk for slug in came})
    ]
    ChangeEvent.objects.filter(pk__in=gone).delete()
    ChangeEvent.objects.bulk_create(fresh, batch_size=500)
    ChangeEvent.objects.bulk_update(changed, _TOLD, batch_size=500)
    return ChangeEvent.objects.filter(state=_PROPOSED).count()


def write_nodes(works: set[int]) -> None:
    """Say of each change that led from one text held here to the next which articles it touched; told once, when both are known."""
    texts = Expression.objects.filter(work__in=works).order_by("work", "version")
    for _, family in groupby(texts, key=lambda text: text.work_id):
        for before, after in pairwise(list(family)):
            event = ChangeEvent.objects.filter(expression=after, kind__in=CHANGES, nodes=[]).order_by("-on").first()
            if event is None:
                continue
            event.nodes = [vars(change) for change in changes_between(units(before), units(after))]
            event.save(update_fields=["nodes"])


def units(text: Expression) -> dict[str, str]:
    """Articles by key, as they are compared."""
    return dict(text.nodes.filter(kind__in=(TIAO, ENTRY, WHOLE)).order_by("order").values_list("key", "text"))


def _days(row: Expression) -> set[date]:
    return {day for day in (row.published_on, row.adopted_on) if day}


def _told(families: Mapping[str, list[Dated]], came: set[str]) -> Iterator[_Step]:
    """What the 题注 of the works' texts tell; 公布 dates a step and is none."""
    for slug in came:
        heads: list[Head] = [head for text in families.get(slug, ()) for head in (text.text, *text.others)]
        for event, head in changes(heads):
            if event.kind != PUBLISHED:
                yield _Step(slug, event.kind, event.on, event.instrument, _STATED, head.key, event.organ, event.number)


def _proposed(families: Mapping[str, list[Dated]]) -> Iterator[_Step]:
    """Repealing sentences that name a work held here. Where a source says the same of that work, nobody needs to be asked."""
    for family in families.values():
        for text in family:
            for repeal in text.text.repeals:
                target = families.get(repeal.title)
                if target is None or repeal.title == text.slug or target[0].published_on > text.published_on:
                    continue
                last = target[-1]
                is_known = not repeal.articles and last.ended_by in ENDS and last.ending.startswith(f"由《{text.text.title}》")
                yield _Step(
                    repeal.title,
                    "部分废止" if repeal.articles else "废止",
                    text.effective_on,
                    text.text.title,
                    _STATED if is_known else _PROPOSED,
                    text.text.key,
                    number=text.text.number,
                    basis=repeal.sentence,
                )
