"""A procedure as a flow chart: one SVG, layered from the first step down to the last. Pure, and no program but this one.

Steps lie in layers (longest way from the start); an edge over several layers is led through slots of its own, so that no line runs
behind a box; slots are ordered by the middle of their neighbours. State is told by a mark as well as by colour.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from xml.sax.saxutils import escape, quoteattr

from yifa.kernel.citing import Article, Law
from yifa.procedures.core import Procedure, Progress, Step

DONE, NEXT, REFUSED, FUTURE = "done", "next", "refused", "future"
_MARKS = {DONE: "✓ ", NEXT: "▸ ", REFUSED: "✗ ", FUTURE: ""}
# fill, border, text: the colours of the desk; presentation attributes, because a page may forbid styles in its body.
_COLOURS = {
    "": ("#ffffff", "#17497f", "#1b2733"),
    DONE: ("#e6f3ea", "#17633a", "#17633a"),
    NEXT: ("#e8eff7", "#17497f", "#103559"),
    REFUSED: ("#fcebea", "#a8201a", "#a8201a"),
    FUTURE: ("#ffffff", "#8c98a4", "#5d6a77"),
}
_STATE_WORDS = {DONE: "已办理", NEXT: "现在可以办理", REFUSED: "现在不能办理", FUTURE: "尚未到这一步"}
_WIDTH, _PAD, _GAP, _LAYER_GAP, _SLOT = 216, 12, 28, 44, 14
# More boxes than this in a row and the chart no longer fits a page's column in legible type.
_ROW = 3
_TITLE, _SMALL = 15, 12
_FONTS = "system-ui, PingFang SC, Microsoft YaHei, Noto Sans CJK SC, Noto Sans SC, sans-serif"
_ARROW = (
    '<defs><marker id="flow-arrow" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="8" markerHeight="8" orient="auto">'
    '<path d="M0 0 8 4 0 8z" fill="#51606f"/></marker></defs>'
)


@dataclass(eq=False)
class _Slot:
    """A box, or a place where a long edge passes a layer (`step` is None).

    `side` is -1 or 1 for what nothing follows: it lies left or right of the way that goes on (0).
    """

    step: Step | None
    layer: int
    side: int = 0
    x: float = 0
    above: list[_Slot] = field(default_factory=list)
    below: list[_Slot] = field(default_factory=list)
    title: list[str] = field(default_factory=list)
    basis: list[str] = field(default_factory=list)
    note: str = ""

    @property
    def width(self) -> int:
        return _WIDTH if self.step else _SLOT

    @property
    def weight(self) -> float:
        """How much a place counts: the way that goes on stays straight, side exits make room."""
        return 0.05 if self.side else 4 if self.step else 1

    @property
    def height(self) -> int:
        lines = len(self.title) * 21 + len(self.basis) * 17 + (17 if self.note else 0)
        return lines + 2 * _PAD if self.step else 0


def svg(
    procedure: type[Procedure], progress: Progress | None = None, *, open_now: Collection[str] | None = None, refused: Collection[str] = ()
) -> str:
    """The chart of a procedure; with `progress` each box has the class done, next, refused or future.

    `open_now` names the steps that the case allows now (by default: those whose predecessors are done); `refused` those of them that a
    rule refuses. Every box is `<g class="step …" data-step="key">`, so that a page can bind to it.
    """
    slots, edges = _graph(procedure)
    layers = _ordered(slots)
    _place(layers)
    tops, total = [], float(_PAD)
    for layer in layers:
        tops.append(total)
        total += max(slot.height for slot in layer) + _LAYER_GAP
    height = total - _LAYER_GAP + _PAD
    left = min(slot.x - slot.width / 2 for slot in slots) - _PAD
    width = max(slot.x + slot.width / 2 for slot in slots) + _PAD - left
    states = _states(procedure, progress, open_now, refused)
    bottoms = [top + max(slot.height for slot in layer) for top, layer in zip(tops, layers, strict=True)]
    name = quoteattr(f"{procedure.title}流程图")
    size = f'viewBox="{left:.0f} 0 {width:.0f} {height:.0f}" width="{width:.0f}" height="{height:.0f}"'
    parts = [f'<svg xmlns="http://www.w3.org/2000/svg" {size} role="img" aria-label={name} font-family="{_FONTS}">', _ARROW]
    parts += [_edge(chain, tops, bottoms, dashed=dashed) for chain, dashed in edges]
    parts += [_box(slot, tops[slot.layer], states.get(slot.step.name, "")) for slot in slots if slot.step]
    return "\n".join([*parts, "</svg>"])


def _states(
    procedure: type[Procedure], progress: Progress | None, open_now: Collection[str] | None, refused: Collection[str]
) -> dict[str, str]:
    if progress is None:
        return {}
    done = {act.step for act in progress.acts}
    states = {}
    for name, step in procedure.steps.items():
        ready = all(any(one.name in done for one in group) for group in procedure.before(step)) if open_now is None else name in open_now
        over = progress.ended_by is not None and not step.outlives
        if name in refused:
            states[name] = REFUSED
        elif name in done and not (ready and step.repeats and open_now is not None):
            states[name] = DONE
        else:
            states[name] = NEXT if ready and not over else FUTURE
    return states


def _graph(procedure: type[Procedure]) -> tuple[list[_Slot], list[tuple[list[_Slot], bool]]]:
    """Boxes and edges; each edge is its chain of slots from box to box, and whether it is one of several alternatives."""
    links = {
        step.name: [(one.name, len(group) > 1) for group in procedure.before(step) for one in group] for step in procedure.steps.values()
    }
    layer: dict[str, int] = {}

    def depth(name: str, path: tuple[str, ...] = ()) -> int:
        if name not in layer:
            before = [depth(one, (*path, name)) for one, _ in links[name] if one not in path and one != name]
            layer[name] = max(before, default=-1) + 1
        return layer[name]

    for name in links:
        depth(name)
    _narrow(layer, links)
    boxes = {}
    home = _home(procedure)
    for name, step in procedure.steps.items():
        boxes[name] = _Slot(step, layer[name], title=_wrapped(step.title, _WIDTH - 2 * _PAD - _TITLE, _TITLE))
        boxes[name].basis = _wrapped(_basis(step.articles, home), _WIDTH - 2 * _PAD, _SMALL)
        boxes[name].note = _note(step)
    followed = {one for before in links.values() for one, _ in before}
    for position, leaf in enumerate(box for name, box in boxes.items() if name not in followed and box.layer < max(layer.values())):
        leaf.side = 1 if position % 2 else -1
    slots, edges = list(boxes.values()), []
    for name, before in links.items():
        for one, dashed in before:
            if layer[one] >= layer[name] or (not dashed and _is_implied(one, name, links)):
                continue
            passing = [_Slot(None, level, boxes[name].side) for level in range(layer[one] + 1, layer[name])]
            slots += passing
            chain = [boxes[one], *passing, boxes[name]]
            for upper, lower in pairwise(chain):
                upper.below.append(lower)
                lower.above.append(upper)
            edges.append((chain, dashed))
    return slots, edges


def _narrow(layer: dict[str, int], links: dict[str, list[tuple[str, bool]]]) -> None:
    """Steps that nothing follows move down out of a row that is too long."""
    followed = {one for before in links.values() for one, _ in before}
    level = 0
    while level <= max(layer.values()):
        row = [name for name, at in layer.items() if at == level]
        leaves = [name for name in row if name not in followed]
        for name in leaves[max(0, _ROW - (len(row) - len(leaves))) :]:
            layer[name] += 1
        level += 1


def _is_implied(one: str, name: str, links: dict[str, list[tuple[str, bool]]]) -> bool:
    """Does another predecessor of `name` already require `one`? Then the direct line says nothing more."""

    def requires(start: str, seen: frozenset[str]) -> bool:
        return any(not dashed and (up == one or (up not in seen and requires(up, seen | {up}))) for up, dashed in links[start])

    return any(other != one and not dashed and requires(other, frozenset({other})) for other, dashed in links[name])


def _home(procedure: type[Procedure]) -> Law | None:
    """The law the procedure stands in: the one its steps cite most; its title is not repeated in each box."""
    counts: dict[Law, int] = {}
    for step in procedure.steps.values():
        for article in step.articles:
            counts[article.law] = counts.get(article.law, 0) + 1
    return max(counts, key=lambda law: counts[law], default=None)


def _basis(cites: Iterable[Article], home: Law | None) -> str:
    names = []
    for article in cites:
        title = article.law.title if len(article.law.title) <= 12 else f"{article.law.title[:7]}…{article.law.title[-3:]}"
        names.append(article.locator if article.law == home else f"《{title}》{article.locator}")
    return "、".join(names)


def _note(step: Step) -> str:
    words = [
        "可选" if step.optional else "",
        "可重复" if step.repeats else "",
        "结束程序" if step.ends else "",
        f"代替“{step.instead_of.title}”" if step.instead_of else "",
    ]
    text = " · ".join(word for word in words if word)
    return text if _length(text, _SMALL) <= _WIDTH - 2 * _PAD else text[:15] + "…"


def _length(text: str, size: int) -> float:
    """The width of a line: an ideograph is a square, other characters are a little over half of one."""
    return sum(size if unicodedata.east_asian_width(char) in "WFA" else size * 0.58 for char in text)


def _wrapped(text: str, width: float, size: int) -> list[str]:
    """Lines of at most `width`, broken after a 、 where one is at hand; a closing mark never starts a line."""
    lines, line = [], ""
    for piece in re.findall(r"[^、]+、?|、", text):
        if line and _length(line + piece.rstrip("、"), size) > width and _length(piece, size) <= width:
            lines.append(line)
            line = ""
        for char in piece:
            if line and _length(line + char, size) > width and char not in "、,。)》”）":
                lines.append(line)
                line = ""
            line += char
    return [*lines, line] if line else lines


def _ordered(slots: Sequence[_Slot]) -> list[list[_Slot]]:
    """The layers, each in an order that keeps neighbours near (barycentre, swept down and up)."""
    layers: list[list[_Slot]] = [[] for _ in range(max(slot.layer for slot in slots) + 1)]
    for slot in sorted(slots, key=lambda slot: slot.side):
        layers[slot.layer].append(slot)
    for sweep in range(8):
        down = sweep % 2 == 0
        rank = {id(slot): position - len(layer) / 2 for layer in layers for position, slot in enumerate(layer)}
        for layer in layers if down else reversed(layers):
            middle = {id(slot): _mean([rank[id(near)] for near in (slot.above if down else slot.below)], rank[id(slot)]) for slot in layer}
            layer.sort(key=lambda slot: middle[id(slot)])
            rank |= {id(slot): position - len(layer) / 2 for position, slot in enumerate(layer)}
    return layers


def _mean(values: Sequence[float], otherwise: float) -> float:
    return sum(values) / len(values) if values else otherwise


def _place(layers: Sequence[Sequence[_Slot]]) -> None:
    """Horizontal places: each slot as near to the middle of its neighbours as the order and the gaps allow."""
    for layer in layers:
        edge = 0.0
        for slot in layer:
            slot.x = edge + slot.width / 2
            edge += slot.width + _GAP
        for slot in layer:
            slot.x -= (edge - _GAP) / 2
    for sweep in range(24):
        down = sweep % 2 == 0
        for layer in layers if down else reversed(layers):
            wanted = [_pull(slot, slot.above if down else slot.below) for slot in layer]
            for slot, x in zip(layer, _spaced(layer, wanted), strict=True):
                slot.x = x


def _pull(slot: _Slot, near: Sequence[_Slot]) -> float:
    """Where its neighbours draw a slot, each by its weight."""
    weight = sum(each.weight for each in near)
    return sum(each.x * each.weight for each in near) / weight if weight else slot.x


def _spaced(layer: Sequence[_Slot], wanted: Sequence[float]) -> list[float]:
    """The places nearest to `wanted` (least squares) that keep order and gaps: pool adjacent violators."""
    offsets, total = [], 0.0
    for position, slot in enumerate(layer):
        total += (layer[position - 1].width + slot.width) / 2 + _GAP if position else 0
        offsets.append(total)
    pools: list[tuple[float, float, int]] = []
    for slot, want, offset in zip(layer, wanted, offsets, strict=True):
        value, weight, count = want - offset, slot.weight, 1
        while pools and pools[-1][0] > value:
            other, heavy, many = pools.pop()
            value = (value * weight + other * heavy) / (weight + heavy)
            weight, count = weight + heavy, count + many
        pools.append((value, weight, count))
    free = [value for value, _, count in pools for _ in range(count)]
    return [value + offset for value, offset in zip(free, offsets, strict=True)]


def _edge(chain: Sequence[_Slot], tops: Sequence[float], bottoms: Sequence[float], *, dashed: bool) -> str:
    """From the lower side of the first box through its slots to the upper side of the last."""
    first, last = chain[0], chain[-1]
    path, x, y = [f"M{first.x:.0f} {tops[first.layer] + first.height:.0f}"], first.x, tops[first.layer] + first.height
    path.append(f"V{bottoms[first.layer]:.0f}")
    y = bottoms[first.layer]
    for slot in chain[1:]:
        top = tops[slot.layer] - (2 if slot is last else 0)
        if abs(slot.x - x) < 1:
            path.append(f"V{top:.0f}")
        else:
            middle = (y + top) / 2
            path.append(f"C{x:.0f} {middle:.0f} {slot.x:.0f} {middle:.0f} {slot.x:.0f} {top:.0f}")
        x, y = slot.x, top
        if slot is not last:
            y = bottoms[slot.layer]
            path.append(f"V{y:.0f}")
    dash = ' stroke-dasharray="5 4"' if dashed else ""
    return f'<path class="link" d="{" ".join(path)}" fill="none" stroke="#51606f" stroke-width="1.4"{dash} marker-end="url(#flow-arrow)"/>'


def _box(slot: _Slot, top: float, state: str) -> str:
    step = slot.step
    if step is None:
        return ""
    fill, border, ink = _COLOURS[state]
    left, middle = slot.x - _WIDTH / 2, slot.x
    dash = ' stroke-dasharray="6 4"' if step.optional else ""
    stroke = 2.4 if step.ends or state in {NEXT, REFUSED} else 1.4
    said = "、".join(str(article) for article in step.articles)
    words = f"{step.title}({said})" + (f":{_STATE_WORDS[state]}" if state else "")
    place = f'x="{left:.0f}" y="{top:.0f}" width="{_WIDTH}" height="{slot.height}" rx="{18 if step.ends else 4}"'
    lines = [
        f'<g class="{f"step {state}".strip()}" data-step={quoteattr(step.name)}><title>{escape(words)}</title>',
        f'<rect {place} fill="{fill}" stroke="{border}" stroke-width="{stroke}"{dash}/>',
    ]
    y = top + _PAD + _TITLE
    for number, line in enumerate(slot.title):
        text = escape(_MARKS.get(state, "") + line if number == 0 else line)
        lines.append(
            f'<text x="{middle:.0f}" y="{y:.0f}" text-anchor="middle" font-size="{_TITLE}" font-weight="600" fill="{ink}">{text}</text>'
        )
        y += 21
    y -= 3
    for line in [*slot.basis, *([slot.note] if slot.note else [])]:
        lines.append(f'<text x="{middle:.0f}" y="{y:.0f}" text-anchor="middle" font-size="{_SMALL}" fill="#43505d">{escape(line)}</text>')
        y += 17
    return "\n".join([*lines, "</g>"])
