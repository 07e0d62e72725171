"""Whether a reviewer's confirmation of a check may stand. Pure; the service that records it asks here first.

The system proposes the points of the checks that need judging; a reviewer of the supervising 司法行政部门 agrees, or lowers or raises
them with a reason. Whoever confirms anew names the confirmation he saw last: two persons at once cannot overwrite each other.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from yifa.decisions.rules import R713
from yifa.decisions.scoring import Confirmation, Score, latest
from yifa.decisions.template_set import rounded, shown
from yifa.procedures.core import BEIJING, Finding
from yifa.procedures.fields import BLANKS

SHORTEST = 2  # characters of a reason, as for the interpreter's own


def objections(score: Score, earlier: Iterable[Confirmation], new: Confirmation) -> Iterator[Finding]:
    """Why `new` may not be recorded beside the `earlier` confirmations of this matter; none when it may."""
    try:
        line = score.line(new.check)
    except KeyError:
        yield Finding("评价", f"评价模版中没有编号为“{new.check}”的评价点，请核对", (), field="check")
        return
    if not line.counts:
        yield Finding("评价", f"评价点{new.check}现在不计分，不需要确认", line.cites, field="check")
        return
    if not line.may_be_confirmed:
        yield Finding("评价", f"评价点{new.check}由系统按记录计算，不能人工改分；记录有误的，请更正记录", line.cites, field="check")
    standing = latest(earlier).get(new.check)
    yield from _stale(line.check.code, rounded(line.proposed), standing, new)
    if not 0 <= new.points <= line.item.points:
        yield Finding("评价", f"评价点{new.check}的得分应当在0至{shown(line.item.points)}之间", line.cites, field="points")
    if len(new.reason.strip(BLANKS)) >= SHORTEST:
        return
    if new.points != new.seen:
        text = f"评价点{new.check}的得分与系统建议不同，请写明理由；原建议分{shown(new.seen)}保留"
        yield Finding("评价", text, (R713[9],), field="reason")
    elif standing is not None and (new.after, new.seen) == (standing.n, standing.seen) and new.points != standing.points:
        # Going back to the proposal raises or lowers what another found with a reason.
        text = f"评价点{new.check}已由{standing.by}确认为{shown(standing.points)}分，改变的请写明理由；原确认保留"
        yield Finding("评价", text, (R713[9],), field="reason")


def _stale(code: str, proposed: int, standing: Confirmation | None, new: Confirmation) -> Iterator[Finding]:
    if new.seen != proposed:
        text = f"评价点{code}的系统建议分已经由{shown(new.seen)}变为{shown(proposed)}，请重新查看后再确认"
        yield Finding("评价", text, (), field="seen")
    if standing is not None and new.after != standing.n:
        at = standing.at.astimezone(BEIJING)
        when = f"{at.year}年{at.month}月{at.day}日{at:%H:%M}"
        text = f"{standing.by}已经于{when}确认评价点{code}为{shown(standing.points)}分，请查看后再确认"
        yield Finding("评价", text, (), field="after")
    elif standing is None and new.after:
        yield Finding("评价", f"评价点{code}还没有人确认过，请刷新后再确认", (), field="after")
