"""The demonstration's table: every state that a matter can be in and every red line, each with the matter that shows it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, fields
from random import Random
from typing import Any

import orjson
import pytest
from django.db import connection
from django.utils import timezone

from yifa.decisions import judging
from yifa.decisions.context import DECISIONS
from yifa.decisions.models import Closing, Clue
from yifa.decisions.procedures.major import MajorDecision
from yifa.facts.tests.following import follow_all
from yifa.kernel.people.actors import Actor
from yifa.kernel.people.queries import Region
from yifa.kernel.people.services import load_reference, posts
from yifa.site import demo_decisions, demo_world
from yifa.site import demo_ideas as ideas
from yifa.site import demo_ideas_beyond as beyond
from yifa.site.demo_documents import GOVERNMENT
from yifa.site.demo_ideas import Idea
from yifa.site.demo_names import person_name
from yifa.site.demo_stories import NEXT_GOVERNMENT, STORIES

EVERY = tuple(idea for _, stories in STORIES for idea, _, _ in stories)


@dataclass(frozen=True)
class Seen:
    """A matter as the database has it: `steps` are those of its entries, undoing ones without the place they undo."""

    code: str
    status: str
    is_closed: bool
    facts: dict[str, Any]
    steps: frozenset[str]
    is_late: bool
    papers: frozenset[str]
    rounds: int
    days: int
    refused: frozenset[str]


def at(step: str) -> Callable[[Seen], bool]:
    """It stands there."""
    return lambda m: m.status == step


def past(*steps: str) -> Callable[[Seen], bool]:
    """It has been through these."""
    return lambda m: m.steps >= set(steps)


def told(**facts: Any) -> Callable[[Seen], bool]:
    return lambda m: all(m.facts.get(key) == value for key, value in facts.items())


STATES: dict[str, tuple[Idea, tuple[Callable[[Seen], bool], ...]]] = {
    "已提出建议": (ideas.WORKSHOPS, (at("propose"),)),
    "已列入目录": (beyond.LIGHTS, (at("enter"),)),
    "研究后不启动": (beyond.PETS, (at("reject"), lambda m: m.is_closed)),
    "草案已拟订，已部门协商，参与方案已定": (beyond.CHARGERS, (at("plan_participation"),)),
    "撤回": (beyond.RUBBLE, (past("_withdraw"),)),
    "退回重办": (beyond.RUBBLE, (past("_return"),)),
    "征求意见中，听证已公告，专家已抽取": (ideas.MARKETS, (at("consult"), past("announce_hearing"))),
    "草案更换，期限重新计算": (beyond.PARKING, (lambda m: m.rounds == 2,)),
    "缩短征求意见的期限并说明理由": (beyond.RUBBLE, (lambda m: m.days == 20,)),
    "听证": (ideas.WHOLESALE, (past("announce_hearing", "hold_hearing"),)),
    "与特定群体沟通": (ideas.BUSES, (past("talk_with_groups"),)),
    "专家论证和采纳": (ideas.WHOLESALE, (past("appoint_experts", "argue", "answer_experts"),)),
    "不适用的环节经确认": (ideas.WASTE, (past("exempt", "confirm_exemptions"), lambda m: "T15" in m.facts["exempted"])),
    "风险不可控，等待调整": (
        ideas.RIVER,
        (past("assess_risk"), told(controllable="uncontrollable"), lambda m: "reassessed" not in m.facts),
    ),
    "调整草案后复评可控": (beyond.PILOT, (past("reassess_risk"), told(controllable="uncontrollable", reassessed="controllable"))),
    "依法不予公开": (beyond.SUPPLY, (past("approve_closed"), told(open_matter=False, closed_approved=True))),
    "送审": (beyond.PARKING, (at("submit_review"),)),
    "送审材料退回补充": (beyond.SUPPLY, (at("return_materials"),)),
    "送审受理": (ideas.PENS, (at("accept_review"),)),
    "经审查不合法": (ideas.WASTE, (past("review", "handle_review"), told(legality="unlawful"))),
    "修改后合法": (ideas.WHOLESALE, (told(legality="lawful_after_changes"),)),
    "探索性改革，提示风险": (beyond.PILOT, (past("deliberate"), told(legality="exploratory"))),
    "提交讨论": (beyond.SIGNS, (at("prepare_meeting"),)),
    "修改后再议": (beyond.FREIGHT, (at("deliberate"), told(outcome="revise"))),
    "不通过，行政首长说明理由": (beyond.RUBBLE, (at("deliberate"), told(outcome="rejected", departs=True))),
    "通过，等待党委批复": (beyond.PONDS, (at("deliberate"), told(outcome="adopted", party_report_due=True))),
    "请示党委后作出决定并公布": (ideas.WHOLESALE, (past("report_party", "decide", "publish"),)),
    "执行中，已报告问题": (beyond.PILOT, (past("plan_execution", "report_problem"), lambda m: not m.is_closed)),
    "补录": (beyond.WELLS, (lambda m: m.is_late,)),
    "中止执行": (beyond.WELLS, (at("adjust"), told(changed="suspended"))),
    "恢复执行": (beyond.PILOT, (past("adjust"), told(changed="none"))),
    "一般调整": (beyond.WATER, (past("adjust"), told(changed="minor"))),
    "重大调整，重新履行程序": (beyond.GREEN, (past("rerun"), told(changed="major"))),
    "督办和答复": (ideas.BUSES, (past("supervise", "answer_supervision"),)),
    "后评估已启动": (ideas.BUSES, (past("trigger_evaluation"), told(evaluation_trigger="opinions"))),
    "后评估报告": (beyond.WATER, (past("evaluate"), lambda m: "decision_evaluation" in m.papers)),
    "归档": (beyond.WATER, (past("archive"), lambda m: {"decision_archive", "decision_responsibility"} <= m.papers)),
    "办结": (beyond.WATER, (at("close"), lambda m: m.is_closed)),
    "调出目录": (ideas.COWS, (at("withdraw_matter"), lambda m: m.is_closed)),
    "未经审查不得讨论（R1）": (beyond.PARKING, (lambda m: "deliberate" in m.refused and "deliberate" not in m.steps,)),
    "不合法不得提交讨论（R2）": (ideas.WASTE, (lambda m: "prepare_meeting" in m.refused and "prepare_meeting" not in m.steps,)),
    "未经讨论不得决定（R3）": (beyond.SIGNS, (lambda m: "decide" in m.refused and "decide" not in m.steps,)),
    "风险不可控不得往下办理（R4）": (ideas.RIVER, (lambda m: "submit_review" in m.refused and "submit_review" not in m.steps,)),
}


def staffed(root: Actor, code: str, region: Region, fields: Sequence[str], n: int) -> None:
    """The three people of a body whom a decision needs; certificates are not asked for here."""
    for k, (login, roles) in enumerate(
        ((f"{region.code}{n:02d}000", ["officer", "head"]), (f"{region.code}{n:02d}001", ["officer"]), (f"{code}-office", ["discloser"]))
    ):
        person = posts.add_person(by=root, login=login, name=person_name(Random(f"{code} {k}")), today=timezone.localdate())
        posts.add_post(by=root, person=person, organisation=code, roles_=roles, since=demo_world.SINCE)


@pytest.fixture
def told_all(own_db: Any, settings: Any, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    settings.LOG_ORIGIN = "demo.states.test"
    monkeypatch.setattr(demo_world, "LEAGUES", {"150200": ("150203", "150204")})
    monkeypatch.setattr(demo_world, "DEPARTMENTS", demo_world.DEPARTMENTS[:6])
    monkeypatch.setattr(demo_world, "REGIONS", ("150200", "150203", "150204"))
    monkeypatch.setattr(demo_world, "_staff", staffed)
    load_reference()
    demo_world.accounts()
    return list(demo_decisions.tell())


def seen() -> dict[str, Seen]:
    """The matters by title; of a matter that runs again the first."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT d.title, d.code, d.status, d.closed_at IS NOT NULL, d.facts::text,"
            " (SELECT array_agg(split_part(e.step, '@', 1)) FROM ledger_entry e WHERE e.league = d.league AND e.chain = d.code),"
            " (SELECT bool_or((convert_from(e.body, 'UTF8')::jsonb ->> 'late') = 'true') FROM ledger_entry e"
            "  WHERE e.league = d.league AND e.chain = d.code),"
            " ARRAY(SELECT p.form FROM documents_document p WHERE p.league = d.league AND p.dossier = d.code),"
            " (SELECT count(*) FROM participation_consultation c WHERE c.league = d.league AND c.dossier = d.code),"
            " (SELECT coalesce(min(c.closes_on - c.opens_on), 0) FROM participation_consultation c"
            "  WHERE c.league = d.league AND c.dossier = d.code AND c.shortened_reason <> ''),"
            " ARRAY(SELECT r.step FROM procedures_refusal r WHERE r.league = d.league AND r.dossier = d.code)"
            " FROM dossiers_dossier d WHERE d.procedure = 'major_decision' ORDER BY d.opened_at DESC"
        )
        found = {}
        for title, code, status, closed, facts, steps, late, papers, rounds, days, refused in cursor.fetchall():
            sets = (frozenset(steps), frozenset(papers), frozenset(refused))
            found[title] = Seen(code, status, closed, orjson.loads(facts), sets[0], late, sets[1], rounds, days, sets[2])
        return found


def test_every_state_of_a_matter_and_every_red_line_is_told(told_all: list[str]) -> None:
    matters = seen()
    assert set(matters) == {idea.title for idea in EVERY}
    unlike = [name for name, (idea, tests) in STATES.items() if not all(test(matters[idea.title]) for test in tests)]
    assert unlike == []
    taken = frozenset[str]().union(*(m.steps for m in matters.values()))
    assert taken >= MajorDecision.steps.keys()

    # R5: back-dated papers void the score. R6: what should have stood in the list takes two points, unless that proved wrong.
    assert {(row.line, row.title, row.state) for row in Clue.objects.all()} == {
        ("R5", ideas.BUSES.title, "established"),
        ("R6", "昆都仑区共享单车停放收费办法", "established"),
        ("R6", beyond.WATER.title, "revoked"),
    }
    voided = judging.score_of(matters[ideas.BUSES.title].code)
    assert voided is not None
    assert (voided.total, [red.code for red in voided.red_lines]) == (0, ["R5"])
    closing = Closing.objects.get(dossier=matters[beyond.WATER.title].code)
    assert [each["total"] for each in closing.earlier] == [closing.total, 0]
    assert closing.red_lines == []
    follow_all([DECISIONS])
    with connection.cursor() as cursor:
        cursor.execute("SELECT organisation, sum(numerator) FROM facts_fact WHERE metric = 'DEC.R6' GROUP BY 1 ORDER BY 1")
        assert cursor.fetchall() == [(GOVERNMENT, 200), (NEXT_GOVERNMENT, 0)]

    # A number is given once, and what is not to be public is nowhere before the public.
    for key in ("decision_number", "party_number"):
        given = [m.facts[key] for m in matters.values() if key in m.facts]
        assert len(given) == len(set(given)) > 0
    assert matters[beyond.SUPPLY.title].rounds == 0
    # Told once more, nothing happens.
    assert [line for line in demo_decisions.tell() if "：" in line] == []


# What may be alike in two matters: statutes, fields of knowledge, who was asked, how one looked into it.
SHARED = {"basis", "fields", "category", "groups", "hearing", "affected"}


def test_no_two_matters_are_told_in_the_same_words() -> None:
    words: dict[str, str] = {}
    for idea in EVERY:
        for each in fields(Idea):
            if each.name not in SHARED:
                for text in leaves(getattr(idea, each.name)):
                    if len(text) > 12 and not text.startswith("《"):
                        assert text not in words, f"{idea.title}和{words[text]}都写“{text}”"
                        words[text] = idea.title
    assert len(words) > 400


# Of these the draft has no analysis of costs, which the score and the list of what is missing tell.
UNCOUNTED = (beyond.SIGNS, beyond.FREIGHT)


def leaves(value: Any) -> Sequence[str]:
    """The texts in a field; who said something and what a rule is called stand first in its rows and are left out by their length."""
    if isinstance(value, str):
        return [value]
    return [text for each in value for text in leaves(each)] if isinstance(value, tuple) else []


def test_a_matter_says_what_its_papers_come_to_say() -> None:
    """Whatever was looked into has its own cost, departments and opinions; what a branch needs is there if the branch is."""
    for idea in EVERY:
        if idea.surveyed:
            assert bool(idea.cost) != (idea in UNCOUNTED), idea.title
            assert len(idea.units) >= 2, idea.title
        if idea.fields and idea.flaw[0]:
            assert idea.advice, idea.title
            assert all(idea.advised), idea.title
        if idea.risk and idea.spoken:
            assert all(idea.held), idea.title
        assert bool(idea.spoken) == bool(idea.ruled), idea.title
        # What is decided is not the draft that the public was asked about.
        assert bool(idea.told) == bool(idea.final), idea.title
        assert set(idea.final) != set(idea.draft), idea.title
        assert not idea.spoken or (idea.lawyer and idea.settled and "《" in idea.flaw[2]), idea.title
