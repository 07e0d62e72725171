"""What waits on the desk of the library: proposed repeals, sources that differ, days that are doubtful, suspensions, the last imports."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import Count, OuterRef, Q, QuerySet, Subquery

from yifa.laws import integrity
from yifa.laws.comparing import PUNCTUATION
from yifa.laws.heads import Head, source_table
from yifa.laws.models import ChangeEvent, Difference, Expression, ImportRun, Node, Suspension, Work
from yifa.laws.queries import Differs, expression_on, works_named
from yifa.laws.rules import title_key

PAGE = 30
OPEN, DOUBT, DONE = "open", "doubt", "done"


@dataclass(frozen=True)
class Waiting:
    """How much waits, for the front of the desk. `differences` by kind."""

    events: int
    differences: Mapping[str, int]
    doubts: int
    days: int
    suspensions: int
    run: ImportRun | None


def waiting(today: date) -> Waiting:
    kinds = dict(Difference.objects.filter(choice="").order_by().values_list("kind").annotate(n=Count("pk")))
    return Waiting(
        events=ChangeEvent.objects.filter(state=ChangeEvent.State.PROPOSED).count(),
        differences=kinds,
        doubts=Difference.objects.filter(choice=Difference.Choice.DOUBT).count(),
        days=Expression.objects.filter(dates_doubtful=True).count(),
        suspensions=Suspension.objects.filter(Q(until_on__isnull=True) | Q(until_on__gt=today)).count(),
        run=last_run(),
    )


def source_title(key: str) -> str:
    """The name of a source, from the key of one of its texts."""
    source = key.partition(":")[0]
    return next((str(row["title"]) for row in source_table() if row["key"] == source), source)


def events(state: str) -> list[ChangeEvent]:
    """Repeals that were proposed, or decided, the newest first."""
    rows = ChangeEvent.objects.filter(state=state).exclude(state=ChangeEvent.State.STATED)
    return list(rows.select_related("work", "instrument_work", "decided_by").order_by("-on", "pk")[:500])


def spoken(event: ChangeEvent) -> tuple[Expression, Node] | None:
    """The article of the repealing text in which its sentence stands; None where it is not (or no longer) in the library."""
    if event.instrument_work is None:
        return None
    nodes = Node.objects.filter(expression__work=event.instrument_work, text__contains=event.basis).exclude(key__contains=".")
    node = nodes.select_related("expression__work").order_by("-expression__version", "order").first()
    return (node.expression, node) if node else None


def _in_state(rows: QuerySet[Difference], state: str) -> QuerySet[Difference]:
    if state == DOUBT:
        return rows.filter(choice=Difference.Choice.DOUBT)
    return rows.filter(choice="") if state == OPEN else rows.filter(choice__in=(Difference.Choice.OURS, Difference.Choice.THEIRS))


@dataclass(frozen=True)
class Differing:
    """One text whose sources differ: in how many articles by kind, and which further sources."""

    text: Expression
    kinds: Mapping[str, int]
    sources: Sequence[str]

    @property
    def count(self) -> int:
        return sum(self.kinds.values())


def differing(state: str, *, kind: str = "", after: str = "") -> tuple[list[Differing], str]:
    """A page of texts with differences in this state, by title; and the cursor of the next."""
    rows = _in_state(Difference.objects.all(), state)
    if kind:
        rows = rows.filter(kind=kind)
    texts = Expression.objects.filter(pk__in=rows.values("expression")).select_related("work").order_by("work__sort_key", "pk")
    sort_key, _, pk = after.rpartition("|")
    if pk.isdecimal():
        texts = texts.filter(Q(work__sort_key__gt=sort_key) | Q(work__sort_key=sort_key, pk__gt=int(pk)))
    page = list(texts[: PAGE + 1])
    kinds: dict[int, Counter[str]] = {}
    sources: dict[int, set[str]] = {}
    for text, source, each in rows.filter(expression__in=page[:PAGE]).values_list("expression", "source", "kind"):
        kinds.setdefault(text, Counter())[each] += 1
        sources.setdefault(text, set()).add(source_title(source))
    found = [Differing(text, dict(kinds[text.pk]), sorted(sources[text.pk])) for text in page[:PAGE]]
    last = page[PAGE - 1] if len(page) > PAGE else None
    return found, f"{last.work.sort_key}|{last.pk}" if last else ""


def differences_of(text: Expression, state: str, *, after: int = 0) -> tuple[list[Differs], int]:
    """A page of the articles of one text that differ between sources, and where the next one begins (0 at the end)."""
    words = Node.objects.filter(expression=OuterRef("expression"), key=OuterRef("node_key")).values("text")[:1]
    rows = _in_state(text.differences.filter(pk__gt=after), state).select_related("expression__work", "decided_by").order_by("pk")
    page = list(rows.annotate(words=Subquery(words))[: PAGE + 1])
    return [Differs(row, row.ours or row.words or "") for row in page[:PAGE]], page[PAGE - 1].pk if len(page) > PAGE else 0


def trivial(texts: Sequence[int], limit: int) -> list[int]:
    """The differences of these texts that are mere punctuation and nobody has looked at."""
    rows = Difference.objects.filter(expression__in=texts, kind=PUNCTUATION, choice="").order_by("expression", "pk")
    return list(rows.values_list("pk", flat=True)[:limit])


def doubtful(*, title: str = "", ruled: bool = False, after: str = "") -> tuple[list[Expression], str]:
    """A page of texts whose days are marked 待核, or (`ruled`) were settled by a person; and the cursor of the next."""
    texts = Expression.objects.select_related("work", "ruling").order_by("work__sort_key", "pk")
    texts = texts.filter(ruling__isnull=False) if ruled else texts.filter(dates_doubtful=True)
    if title:
        texts = texts.filter(work__title__contains=title)
    sort_key, _, pk = after.rpartition("|")
    if pk.isdecimal():
        texts = texts.filter(Q(work__sort_key__gt=sort_key) | Q(work__sort_key=sort_key, pk__gt=int(pk)))
    page = list(texts[: PAGE + 1])
    last = page[PAGE - 1] if len(page) > PAGE else None
    return page[:PAGE], f"{last.work.sort_key}|{last.pk}" if last else ""


@dataclass(frozen=True)
class Said:
    """What one source says of a text."""

    title: str
    is_text: bool
    head: Head


def witnesses(text: Expression) -> list[Said]:
    """What each source says of a text's days, the one whose words are shown first."""
    rows = [(row.is_text, Head.from_json(row.told)) for row in text.witnesses.all()]
    ordered = sorted(rows, key=lambda row: (not row[0], row[1].rank, row[1].key))
    return [Said(source_title(head.key), is_text, head) for is_text, head in ordered]


def suspensions(today: date, *, ended: bool = False) -> list[Suspension]:
    """Those that hold or are to come, or those that are over, the newest first."""
    rows = Suspension.objects.select_related("work", "decided_by").order_by("-from_on", "-pk")
    return list((rows.filter(until_on__lte=today) if ended else rows.exclude(until_on__lte=today))[:500])


def runs(limit: int = 20) -> list[ImportRun]:
    """The last imports, the newest first, without their irregularities."""
    return list(ImportRun.objects.defer("irregular").order_by("-pk")[:limit])


def last_run() -> ImportRun | None:
    return ImportRun.objects.order_by("-pk").first()


def run(pk: int) -> ImportRun | None:
    return ImportRun.objects.filter(pk=pk).first()


def sort_of(reason: str) -> str:
    """The kind of an irregularity: its words without the places they name."""
    return reason.replace("：", ":").partition(":")[0].rstrip("0123456789")


def faults() -> list[tuple[Expression, str]]:
    """Texts of the library as it stands whose days do not fit beside those of their work: exactly one must be in force a day."""
    families: dict[int, dict[str, Expression]] = {}
    for text in Expression.objects.select_related("work").order_by("work__sort_key", "version"):
        families.setdefault(text.work_id, {})[text.version] = text
    return [
        (family[version], reason)
        for family in families.values()
        for version, reason in integrity.faults([each.span for each in family.values()])
    ]


def works_with_text(slug_or_title: str, on: date) -> tuple[Work, Expression] | None:
    """The only work of this title or alias with its text in force on a day (or the latest there is)."""


def named(title: str, on: date) -> tuple[Work, Expression] | None:
    """The one work of this title or alias, with its text of a day (or the latest there is); None where there is none, or several."""
    found = works_named(title)
    exact = [work for work in found if work.slug == title_key(title)] or found
    text = expression_on(exact[0], on) if len(exact) == 1 else None
    return (exact[0], text) if text else None
