"""What became of the words of an article: what was taken out and what was put in, character by character. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from difflib import SequenceMatcher

KEPT, TAKEN_OUT, PUT_IN = "kept", "out", "in"
LEAST_KEPT = 2  # fewer characters alike between two changes are no help to a reader
LONGEST = 8000  # beyond this the comparison of characters would take too long; the whole is then shown as changed


@dataclass(frozen=True)
class Stretch:
    kind: str
    text: str


def redline(old: str, new: str) -> list[Stretch]:
    """The two texts as one: stretches kept, taken out and put in. Left of TAKEN_OUT + KEPT is `old`, PUT_IN + KEPT is `new`."""
    if len(old) > LONGEST or len(new) > LONGEST:
        return _told([(TAKEN_OUT, old), (PUT_IN, new)]) if old != new else [Stretch(KEPT, old)]
    found: list[tuple[str, str]] = []
    codes = SequenceMatcher(None, old, new, autojunk=False).get_opcodes()
    for n, (code, a, b, c, d) in enumerate(codes):
        is_inside = 0 < n < len(codes) - 1
        if code == "equal" and not (is_inside and b - a < LEAST_KEPT):
            found.append((KEPT, old[a:b]))
        else:
            found += [(TAKEN_OUT, old[a:b]), (PUT_IN, new[c:d])]
    return _told(found)


def _told(found: list[tuple[str, str]]) -> list[Stretch]:
    """Neighbouring changes put together, what was taken out before what was put in."""
    told: list[Stretch] = []
    out = put = ""
    for kind, text in [*found, (KEPT, "")]:
        if kind == TAKEN_OUT:
            out += text
        elif kind == PUT_IN:
            put += text
        else:
            told += [Stretch(TAKEN_OUT, out)] * bool(out) + [Stretch(PUT_IN, put)] * bool(put) + [Stretch(KEPT, text)] * bool(text)
            out = put = ""
    return told


def side(stretches: list[Stretch], kind: str) -> list[Stretch]:
    """One of the two texts with its own changes: `kind` is TAKEN_OUT for the old, PUT_IN for the new."""
    return [each for each in stretches if each.kind in {KEPT, kind}]
