"""Where a matter stands, said by what came of its last step."""

from __future__ import annotations

import pytest

from yifa.decisions.procedures.major import MajorDecision
from yifa.decisions.stands import step_title, words

RISKY = {"controllable": "uncontrollable"}
DECIDED = {"decided_on": "2026-09-01"}


@pytest.mark.parametrize(
    ("status", "facts", "said"),
    [
        ("deliberate", {"outcome": "adopted"}, "讨论通过"),
        ("deliberate", {"outcome": "revise"}, "修改后再议"),
        ("deliberate", {"outcome": "rejected"}, "讨论不通过"),
        ("report_party", {"outcome": "adopted"}, "向同级党委请示报告"),
        ("handle_review", {"legality": "unlawful"}, "经审查不合法"),
        ("handle_review", {"legality": "lawful"}, "已处理审查意见"),
        ("draft", {"legality": "unlawful"}, "草案已拟订"),
        ("feed_back", RISKY, "风险不可控"),
        ("feed_back", RISKY | {"reassessed": "controllable"}, "已反馈意见"),
        ("withdraw_matter", RISKY, "已调出目录"),
        ("report_problem", DECIDED | {"changed": "suspended"}, "中止执行"),
        ("adjust", DECIDED | {"changed": "none"}, "已恢复执行"),
        ("adjust", DECIDED | {"changed": "minor"}, "已作一般调整"),
        ("plan_execution", DECIDED | {"evaluation_trigger": "opinions"}, "后评估中"),
        ("plan_execution", DECIDED | {"evaluation_trigger": "none"}, "执行中"),
        ("evaluate", DECIDED | {"evaluation_trigger": "effect", "evaluation_conclusion": "达到预期"}, "已后评估"),
        ("evaluate", DECIDED | {"changed": "minor"}, "已后评估"),
        ("close", DECIDED | {"changed": "minor"}, "已办结"),
        ("decide", DECIDED, "已作出决定"),
    ],
)
def test_what_came_of_the_step_is_said(status: str, facts: dict[str, str], said: str) -> None:
    assert words(status, facts) == said


def test_a_step_of_which_nothing_more_is_told_has_its_own_words() -> None:
    for step in MajorDecision.steps:
        assert words(step, {}) == step_title(step)
        assert step_title(step) != step
