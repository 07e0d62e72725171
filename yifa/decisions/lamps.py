"""Seven lamps of a matter, one for each point of supervision: grey not yet due, green in order, amber to be looked at, red wrong. Pure."""

from __future__ import annotations

from typing import NamedTuple

from yifa.decisions.matter import Matter
from yifa.decisions.scoring import MISSING, SCORED, Part, Score
from yifa.decisions.template_set import Points
from yifa.procedures.known import is_known

GREY, GREEN, AMBER, RED = "grey", "green", "amber", "red"
WORDS = {GREY: "未到", GREEN: "正常", AMBER: "关注", RED: "异常"}
LETTERS = {GREY: "-", GREEN: "g", AMBER: "a", RED: "r"}
COLOURS = {letter: colour for colour, letter in LETTERS.items()}
GOOD, PASS = 9000, 6000  # hundredths of a hundred: 优秀 from ninety, 合格 from sixty


class Lamp(NamedTuple):
    """`late`: a deadline of this point has passed; `missing` counts what is due and not told."""

    code: str
    title: str
    colour: str
    score: int | None
    got: Points
    counted: int
    missing: int
    late: bool

    @property
    def word(self) -> str:
        return WORDS[self.colour]


def stopped(matter: Matter) -> frozenset[str]:
    """The points at which the regulation holds the matter now: an opinion that it is unlawful, a risk that cannot be controlled."""
    facts = matter.facts
    unlawful = is_known(facts.legality) and facts.legality == "unlawful"
    risky = is_known(facts.controllable) and facts.is_stopped_by_risk
    return frozenset(code for code, holds in (("S5", unlawful), ("S4", risky)) if holds)


def lamps(score: Score, late: frozenset[str] = frozenset()) -> tuple[Lamp, ...]:
    """`late` names the points of which a deadline has passed, or at which the matter is stopped."""
    return tuple(_lamp(score, part, part.code in late) for part in score.points)


def _lamp(score: Score, part: Part, late: bool) -> Lamp:
    codes = {
        template.code for point in score.set.points if point.code == part.code for each in point.indicators for template in each.templates
    }
    found = [each for each in score.templates if each.template.code in codes]
    missing = sum(line.state == MISSING for each in found for line in each.lines)
    # What voids the whole score lies on every point that counts.
    crossed = any(part.code in red.zero or (red.void and part.counted) for red in score.red_lines)
    if late or crossed or (part.score is not None and part.score < PASS):
        colour = RED
    elif part.score is None or not any(each.state in (SCORED, MISSING) for each in found):
        colour = GREY
    else:
        colour = AMBER if missing or part.score < GOOD else GREEN
    return Lamp(part.code, part.title, colour, part.score, part.got, part.counted, missing, late)
