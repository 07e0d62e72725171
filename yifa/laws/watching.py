"""Law watch: what rests on an article that was reworded, moved, dropped, repealed or suspended, or will be on a day already known.

Every row of `CitedBy` is held against the texts of its work on a day. What a change touches becomes an `Impact`, a task for the legal
staff with a day by which to look; a named person says that it is not affected, or that it has been brought up to date, and why. A row
that no longer cites the old text is marked gone by itself. `procedures check` asks the same of one day and fails; this one keeps asking.
"""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from functools import cached_property

from django.db import connection, transaction
from django.db.models import Count, Q, QuerySet

from yifa.kernel.ledger import services as ledger
from yifa.kernel.people.actors import Actor
from yifa.laws import tracing
from yifa.laws.access import may_decide
from yifa.laws.comparing import DELETE, RENUMBER, changes, is_same, nearest
from yifa.laws.models import ChangeEvent, CitedBy, Expression, Impact, Title, Work

# A term of the house, not of a statute; a change still to come is due on its day.
TIME_TO_LOOK = timedelta(days=30)
REWORDED, MOVED, DROPPED, PARTLY, SUSPENDED = "修改", "条号变动", "删除", "部分废止", "暂停适用"
CHANGES = (REWORDED, MOVED, DROPPED, *tracing.ENDS, PARTLY, SUSPENDED)
TO_DO = {
    REWORDED: "对照新旧条文，内容有实质变化的修订事项并改引新的版本。",
    MOVED: "改引新的条号；文字也有变化的，一并对照。",
    DROPPED: "条文已删除：找到新的依据，没有依据的停止办理并撤下事项。",
    "废止": "依据已废止：在新法中找到对应条文，没有的停止办理并撤下事项。",
    "失效": "依据已失效：找到新的依据，没有的停止办理并撤下事项。",
    "撤销": "依据被撤销：找到新的依据，没有的停止办理并撤下事项。",
    PARTLY: "核对引用的条文是否在废止的部分之内。",
    SUSPENDED: "核对适用的地域和期间，在暂停期间内按调整后的规定办理。",
}
_LOCK = "SELECT pg_advisory_xact_lock(hashtextextended('yifa laws watch', 0))"
PAGE = 40
MAX_AT_ONCE = 200


class DecidedError(Exception):
    """This cannot be decided so, or no longer; str() is fit to be shown."""


@dataclass(frozen=True)
class Touch:
    """What became of a cited provision, from which day on, and where its words may be now."""

    change: str
    on: date
    old_version: str
    basis: str
    new_version: str = ""
    new_node: str = ""
    new_work: Work | None = None


@dataclass
class Family:
    """One work with its texts, read once for all that cite it. Articles are compared only where a cited one has other words."""

    work: Work
    today: date
    _units: dict[int, dict[str, str]] = field(default_factory=dict)
    _moved: dict[tuple[int, int], dict[str, tuple[str, str]]] = field(default_factory=dict)

    @cached_property
    def texts(self) -> list[Expression]:
        """Those published by today, in the order in which they come into force."""
        return sorted(self.work.expressions.filter(published_on__lte=self.today), key=lambda text: (text.effective_on, text.version))

    @cached_property
    def ended(self) -> Expression | None:
        """The last text, when the work ends or will end with it."""
        last = self.texts[-1] if self.texts else None
        return last if last and last.ended_on and last.ended_by in tracing.ENDS else None

    @cached_property
    def successor(self) -> Expression | None:
        """The text that ended the work, where the library holds it."""
        rows = self.work.events.filter(kind__in=tracing.ENDS, instrument_work__isnull=False)
        event = rows.exclude(state__in=(ChangeEvent.State.REJECTED, ChangeEvent.State.PROPOSED)).order_by("-on").first()
        if event is None:
            return None
        return event.instrument_work.expressions.filter(published_on__lte=self.today).order_by("version").last()  # type: ignore[union-attr]  # filtered above

    @cached_property
    def partly(self) -> list[ChangeEvent]:
        return list(self.work.events.filter(kind__in=(PARTLY, "停止执行"), state=ChangeEvent.State.CONFIRMED).order_by("on"))

    @cached_property
    def pauses(self) -> list[tuple[date, str, str, tuple[str, ...]]]:
        rows = self.work.suspensions.filter(Q(until_on__isnull=True) | Q(until_on__gt=self.today))
        return [(row.from_on, row.pause.status, row.region, row.pause.nodes) for row in rows.order_by("from_on", "pk")]

    def units(self, text: Expression) -> dict[str, str]:
        if text.pk not in self._units:
            self._units[text.pk] = tracing.units(text)
        return self._units[text.pk]

    def words(self, text: Expression, node: str) -> str | None:
        """The words at a node, None where the text has no such node."""
        if "." not in node:
            return self.units(text).get(node)
        return text.nodes.filter(key=node).values_list("text", flat=True).first()

    def moved(self, old: Expression, new: Expression) -> dict[str, tuple[str, str]]:
        """old article -> (op, new article) of those that changed."""
        if (old.pk, new.pk) not in self._moved:
            found = changes(self.units(old), self.units(new))
            self._moved[old.pk, new.pk] = {each.old: (each.op, each.new) for each in found if each.old}
        return self._moved[old.pk, new.pk]

    def read_by(self, row: CitedBy) -> Expression | None:
        """The text its owner had before him: of the version cited, or in force on the day stated. None when nobody knows."""
        if row.version:
            return next((text for text in self.texts if text.version == row.version), None)
        return next((text for text in reversed(self.texts) if row.since and text.span.is_in_force(row.since)), None)


def touches(family: Family, row: CitedBy) -> Iterator[Touch]:
    """What is to be told of one citation on `family.today`, the repeal of all before anything else."""
    read = family.read_by(row)
    if family.ended is not None:
        yield _ended(family, family.ended, read or family.ended, row.node_key)
        return
    if read is None:
        return
    was = family.words(read, row.node_key) if row.node_key else ""
    if was is None:
        return
    later = [text for text in family.texts if (text.effective_on, text.version) > (read.effective_on, read.version)]
    current = [text for text in later if text.span.is_in_force(family.today)][-1:]
    told: tuple[str, str | None] = ("", was)
    for text in (*current, *(text for text in later if text.effective_on > family.today)):
        basis = f"{text.version}的文本自{text.effective_on}起施行"
        if not row.node_key:
            yield Touch(REWORDED, text.effective_on, read.version, basis, text.version, "", family.work)
            continue
        change, node = _change(family, read, text, row.node_key, was)
        now = family.words(text, node) if node else None
        if change and not (told[0] and told[1] is not None and now is not None and is_same(told[1], now)):
            yield Touch(change, text.effective_on, read.version, basis, text.version, node, family.work)
            told = (change, now)
    yield from _paused(family, read, row)


def _ended(family: Family, last: Expression, read: Expression, node: str) -> Touch:
    new, words = family.successor, family.words(read, node.partition(".")[0]) or ""
    found = nearest(words, family.units(new)) if new and words else ""
    basis = last.ending or f"自{last.ended_on}起{last.ended_by}"
    end = last.ended_on or family.today
    return Touch(last.ended_by, end, read.version, basis, new.version if new else "", found, new.work if new else None)


def _change(family: Family, old: Expression, new: Expression, node: str, was: str) -> tuple[str, str]:
    """(what happened, where it is now) from one text to a later one; ("", node) when the words and the number stand."""
    now = family.words(new, node)
    if now is not None and is_same(was, now):
        return "", node
    unit, _, rest = node.partition(".")
    moved = family.moved(old, new)
    op, article = moved.get(unit, ("", unit))
    if op == DELETE:
        # Words so different that nothing is alike; but where no other article came to bear this number, it is this one written anew.
        if unit not in family.units(new) or unit in {place for _, place in moved.values()}:
            return DROPPED, ""
        article = unit
    inner = f"{article}.{rest}" if rest else article
    return MOVED if op == RENUMBER else REWORDED, inner if family.words(new, inner) is not None else article


def _paused(family: Family, read: Expression, row: CitedBy) -> Iterator[Touch]:
    unit = row.node_key.partition(".")[0]
    for event in family.partly:
        nodes = {str(each.get("old", "")) for each in event.nodes}
        if event.on > read.effective_on and (not nodes or not unit or unit in nodes):
            yield Touch(PARTLY, event.on, read.version, event.basis or f"《{event.instrument}》")
    for from_on, status, region, nodes_paused in family.pauses:
        covered = not nodes_paused or not unit or any(each.partition(".")[0] == unit for each in nodes_paused)
        if covered and (not region or not row.region or region.startswith(row.region[:2])):
            yield Touch(SUSPENDED, from_on, read.version, status)


@dataclass(frozen=True)
class Watched:
    """What one run found: touched citations in all, new among them, gone since the last run, and citations of unknown texts."""

    touched: int
    fresh: int
    gone: int
    unread: int


def refresh(*, today: date) -> Watched:
    """Bring the list of impacts up to date; a second run on the same day changes nothing."""
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute(_LOCK)
        found, unread = _found(today)
        held = {row.key: row for row in Impact.objects.all()}
        fresh = [row for key, row in found.items() if key not in held]
        Impact.objects.bulk_create(fresh, batch_size=500)
        back = [row.pk for key, row in held.items() if key in found and row.gone_on is not None]
        Impact.objects.filter(pk__in=back).update(gone_on=None)
        gone = [row.pk for key, row in held.items() if key not in found and row.gone_on is None]
        Impact.objects.filter(pk__in=gone).update(gone_on=today)
        columns = ("ref", "region", "basis", "new_work_id", "new_version", "new_node")
        stale = [
            row
            for key, row in held.items()
            if key in found and row.state == Impact.State.OPEN and any(getattr(row, each) != getattr(found[key], each) for each in columns)
        ]
        for row in stale:
            for each in columns:
                setattr(row, each, getattr(found[row.key], each))
        Impact.objects.bulk_update(stale, [each.removesuffix("_id") for each in columns], batch_size=500)
    return Watched(len(found), len(fresh), len(gone), unread)


def _found(today: date) -> tuple[dict[str, Impact], int]:
    cited: dict[str, list[CitedBy]] = {}
    for row in CitedBy.objects.order_by("pk"):
        cited.setdefault(row.work_key, []).append(row)
    works = _works(cited)
    found: dict[str, Impact] = {}
    unread = 0
    for key, rows in cited.items():
        if (work := works.get(key)) is None:
            continue
        family = Family(work, today)
        for row in rows:
            unread += family.read_by(row) is None and family.ended is None
            for touch in touches(family, row):
                impact = _impact(family.work, row, touch, today)
                found[impact.key] = impact
    return found, unread


def _works(keys: Iterable[str]) -> dict[str, Work]:
    """The work meant by each title: its own before an alias; one that several works share is nobody's."""
    found: dict[str, set[Work]] = {}
    for title in Title.objects.filter(key__in=list(keys)).select_related("work"):
        found.setdefault(title.key, set()).add(title.work)
    chosen = {}
    for key, works in found.items():
        own = [work for work in works if work.slug == key] or list(works)
        if len(own) == 1:
            chosen[key] = own[0]
    return chosen


def _impact(work: Work, row: CitedBy, touch: Touch, today: date) -> Impact:
    parts = (
        row.kind,
        row.label,
        row.url,
        work.slug,
        row.node_key,
        touch.old_version,
        touch.change,
        touch.on.isoformat(),
        touch.new_version,
    )
    more = (touch.basis,) if touch.change == SUSPENDED else ()
    return Impact(
        key=hashlib.sha256("\x1f".join((*parts, *more)).encode()).hexdigest(),
        kind=row.kind,
        label=row.label,
        url=row.url,
        ref=row.ref,
        region=row.region,
        work=work,
        node_key=row.node_key,
        old_version=touch.old_version,
        change=touch.change,
        on=touch.on,
        new_work=touch.new_work,
        new_version=touch.new_version,
        new_node=touch.new_node,
        basis=touch.basis,
        due_on=touch.on if touch.on > today else today + TIME_TO_LOOK,
        found_on=today,
    )


def decide(impact: int, *, by: Actor, state: str, reason: str, at: datetime) -> Impact:
    """不受影响 or 已更新, with the reason; one entry on the work's chain. Raises DecidedError; the second of two persons is told."""
    return decide_all([impact], by=by, state=state, reason=reason, at=at)[0]


def decide_all(impacts: Sequence[int], *, by: Actor, state: str, reason: str, at: datetime) -> list[Impact]:
    """The same of several at once, with one reason: each has its entry, and either all are decided or none. Raises DecidedError."""
    if state not in {Impact.State.UNAFFECTED, Impact.State.UPDATED}:
        raise DecidedError("请选择“不受影响”或者“已更新”。")
    if not (said := reason.strip()):
        raise DecidedError("请写明理由：为什么不受影响，或者更新了什么。")
    wanted = sorted(set(impacts))
    if not wanted:
        raise DecidedError("请先勾选要一并处理的事项。")
    if len(wanted) > MAX_AT_ONCE:
        raise DecidedError(f"一次最多处理{MAX_AT_ONCE}件，请分几次办理。")
    with transaction.atomic():
        rows = list(Impact.objects.select_for_update(of=("self",)).filter(pk__in=wanted).select_related("work").order_by("pk"))
        if len(rows) < len(wanted):
            raise Impact.DoesNotExist
        for row in rows:
            named = f"“{row.label}”" if len(rows) > 1 else "这一事项"
            if not may_decide(by, row.region):
                raise DecidedError(f"{named}由司法行政部门的法制审核人员、负责人或者监督人员处理。")
            if row.state != Impact.State.OPEN:
                raise DecidedError(f"{named}已由他人处理，请刷新后查看。")
        for row in rows:
            _decide(row, by, state, said, at)
    return rows


def _decide(row: Impact, by: Actor, state: str, said: str, at: datetime) -> None:
    row.state, row.decided_by_id, row.decided_at, row.reason = state, by.person, at, said
    row.save(update_fields=["state", "decided_by", "decided_at", "reason"])
    payload = {
        "kind": row.kind,
        "label": row.label,
        "node": row.node_key,
        "version": row.old_version,
        "change": row.change,
        "on": row.on.isoformat(),
        "state": str(state),
        "reason": said,
    }
    ledger.record(f"law:{row.work.slug}"[:200], "decide_impact", actor=by, payload=payload, league=by.league, at=at)


@dataclass(frozen=True)
class Filters:
    """What a reader wants to see; `state` "" is all, `coming` only what is not in force yet on that day."""

    state: str = Impact.State.OPEN
    kind: str = ""
    change: str = ""
    work: str = ""
    coming: date | None = None

    def rows(self) -> QuerySet[Impact]:
        """What no longer cites the old text counts as brought up to date, though nobody has decided it."""
        rows = Impact.objects.all()
        if self.state == Impact.State.OPEN:
            rows = rows.filter(state=self.state, gone_on__isnull=True)
        elif self.state == Impact.State.UPDATED:
            rows = rows.filter(Q(state=self.state) | Q(state=Impact.State.OPEN, gone_on__isnull=False))
        elif self.state:
            rows = rows.filter(state=self.state)
        equal = {"kind": self.kind, "change": self.change, "work__slug": self.work}
        rows = rows.filter(**{name: value for name, value in equal.items() if value})
        return rows.filter(on__gt=self.coming) if self.coming else rows


def impacts(filters: Filters, *, after: str = "", limit: int = PAGE) -> tuple[list[Impact], str]:
    """A page of them by due date, and the cursor of the next ("" at the end)."""
    rows = filters.rows().select_related("work", "new_work", "decided_by").order_by("due_on", "pk")
    day, _, pk = after.partition("|")
    if pk.isdecimal():
        try:
            due = date.fromisoformat(day)
        except ValueError:
            due = date.min
        rows = rows.filter(Q(due_on__gt=due) | Q(due_on=due, pk__gt=int(pk)))
    page = list(rows[: limit + 1])
    return page[:limit], f"{page[limit - 1].due_on}|{page[limit - 1].pk}" if len(page) > limit else ""


def counts(filters: Filters) -> tuple[Mapping[str, int], Sequence[tuple[Work, int]]]:
    """How many by kind of what cites, and by work, under these filters."""
    kinds = Counter(dict(filters.rows().order_by().values_list("kind").annotate(n=Count("pk"))))
    works = dict(filters.rows().order_by().values_list("work").annotate(n=Count("pk")))
    named = Work.objects.in_bulk(works)
    return kinds, sorted(((named[pk], n) for pk, n in works.items()), key=lambda each: (-each[1], each[0].sort_key))


def unconfirmed() -> int:
    """Repeals of cited works that a sentence proposes and nobody has confirmed: they touch nothing until a person has."""
    cited = Title.objects.filter(key__in=CitedBy.objects.values("work_key")).values("work")
    return ChangeEvent.objects.filter(state=ChangeEvent.State.PROPOSED, work__in=cited).count()
