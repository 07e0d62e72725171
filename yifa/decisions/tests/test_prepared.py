"""What a form of a major decision begins with: nobody types again what the registers and the steps before have told."""

from __future__ import annotations

from yifa.decisions.context import initial
from yifa.decisions.procedures.major import MajorDecision
from yifa.decisions.tests.matters import facts


def test_a_form_begins_with_what_is_known() -> None:
    steps, known = MajorDecision.steps, facts(experts=({"name": "辛", "field": "供热"},))
    assert initial(steps["argue"], known) == {"opinions": [{"name": "辛"}]}
    assert initial(steps["handle_review"], known) == {"handled_points": [{"point": "补充依据"}]}
    assert initial(steps["announce_hearing"], known) == {"hearing_on": "2026-04-30", "hearing_method": "自愿报名，抽签确定"}
    held = initial(steps["hold_hearing"], known)
    assert (held["hearing_listed_on"], held["hearing_sent_on"]) == ("2026-04-20", "2026-04-23")
    assert held["hearing_people"] == [{"name": "己", "side": "用户"}, {"name": "庚", "side": "供热企业"}]


def test_a_form_begins_empty_where_nothing_is_known() -> None:
    steps = MajorDecision.steps
    unknown = facts("experts", "review_points", "hearing_on", "hearing_method", "hearing_listed_on", "hearing_sent_on", "hearing_people")
    assert [initial(steps[name], unknown) for name in ("argue", "handle_review", "announce_hearing", "hold_hearing")] == [{}] * 4
