"""What became of one article through the versions of its law, and of one version's articles in another."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from yifa.laws.comparing import DELETE, INSERT, RENUMBER, REPLACE, Change, changes
from yifa.laws.models import Expression, Node, Work
from yifa.laws.redline import PUT_IN, TAKEN_OUT, Stretch, redline, side
from yifa.laws.tracing import units

WORDS = {"insert": "增加", "delete": "删去", "replace": "修改", "renumber": "条号变动"}


@dataclass(frozen=True)
class Stage:
    """The article in one version: `key` and `text` are "" where it is not; `is_changed` against the version before."""

    expression: Expression
    key: str
    text: str
    is_changed: bool


def stages(work: Work, text: Expression, key: str) -> list[Stage]:
    """The article `key` of one version in every version held, the oldest first, followed where it got another number.

    Where it went is told by the change events of the import; a version without one is taken to have kept the number.
    """
    texts = sorted(work.expressions.all(), key=lambda each: each.version)
    moves: dict[int, list[dict[str, str]]] = {}
    for event in work.events.exclude(nodes=[]):
        moves.setdefault(event.expression_id or 0, event.nodes)
    at = texts.index(text)
    keys = {text.pk: key}
    for before, after in pairwise(texts[at:]):
        keys[after.pk] = _moved(keys[before.pk], moves.get(after.pk, ()), "old", "new")
    for after, before in pairwise(reversed(texts[: at + 1])):
        keys[before.pk] = _moved(keys[after.pk], moves.get(after.pk, ()), "new", "old")
    nodes = Node.objects.filter(expression__in=texts, key__in=set(keys.values())).values_list("expression_id", "key", "text")
    words = {(pk, node_key): words for pk, node_key, words in nodes}
    found, last = [], None
    for each in texts:
        now = words.get((each.pk, keys[each.pk]), "")
        found.append(Stage(each, keys[each.pk] if now else "", now, last is not None and now != last))
        last = now
    return found


def _moved(key: str, nodes: Sequence[dict[str, str]], before: str, after: str) -> str:
    return next((node[after] for node in nodes if key and node[before] == key), key)


@dataclass(frozen=True)
class Row:
    """One article that differs between two versions: its keys ("" where it is not) and both texts with their changes."""

    change: Change
    old: list[Stretch]
    new: list[Stretch]

    @property
    def words(self) -> str:
        """修改, 增加, 删去, or where it went."""
        is_reworded = any(part.kind != "kept" for part in (*self.old, *self.new))
        return WORDS[self.change.op] + ("并修改" if self.change.op == RENUMBER and is_reworded else "")


@dataclass(frozen=True)
class Compared:
    """Two versions side by side: the articles that differ, in the order of the newer text, and how many stayed as they were."""

    rows: list[Row]
    same: int

    def count(self, op: str) -> int:
        return sum(row.change.op == op for row in self.rows)


def compared(old: Expression, new: Expression) -> Compared:
    ours, theirs = units(old), units(new)
    found = changes(ours, theirs)
    # Dropped and put in again under the same number: to a reader it is the same article, wholly reworded.
    again = {change.old for change in found if change.op == DELETE} & {change.new for change in found if change.op == INSERT}
    found = [change for change in found if not (change.op in {DELETE, INSERT} and (change.old or change.new) in again)]
    found += [Change(key, key, REPLACE) for key in again]
    found.sort(key=_order(list(ours), list(theirs)))
    rows = []
    for change in found:
        parts = redline(ours.get(change.old, ""), theirs.get(change.new, ""))
        rows.append(Row(change, side(parts, TAKEN_OUT), side(parts, PUT_IN)))
    changed = {change.new for change in found if change.op != DELETE}
    return Compared(rows, sum(key not in changed for key in theirs))


def _order(old: list[str], new: list[str]) -> _Places:
    return _Places({key: n for n, key in enumerate(old)}, {key: n for n, key in enumerate(new)})


@dataclass(frozen=True)
class _Places:
    old: dict[str, int]
    new: dict[str, int]

    def __call__(self, change: Change) -> tuple[float, int]:
        """A deleted article stands where it stood, by its share of the old text."""
        if change.op == DELETE:
            return (self.old[change.old] + 0.5) * len(self.new) / max(len(self.old), 1), 1
        return self.new[change.new], 0


def lines(text: Expression) -> Iterator[tuple[str, str, str, str]]:
    """(key, kind, number with heading, words) of every heading and article, in reading order."""
    nodes = text.nodes.exclude(key__contains=".k").exclude(key__contains=".f").order_by("order")
    for node in nodes.iterator():
        yield node.key, node.kind, f"{node.number}　{node.heading}" if node.heading else node.number, node.text


__all__ = ["DELETE", "INSERT", "Compared", "Row", "Stage", "compared", "lines", "stages"]
