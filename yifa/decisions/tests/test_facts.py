"""What entries about decisions count for: entries in, numbers out; a replay gives the same; nothing counts twice."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.db.models import Sum
from django.utils import timezone

from yifa.decisions import judging, marking
from yifa.decisions.context import DECISIONS
from yifa.decisions.models import CatalogueItem
from yifa.decisions.tests import world as w
from yifa.decisions.tests.test_catalogue import HEATING, SEWAGE, collect, refused
from yifa.decisions.tests.test_judging import client, confirm_all
from yifa.facts import services as facts
from yifa.facts.models import Fact, Tally
from yifa.facts.tests.following import follow_all
from yifa.kernel.ledger.models import Entry
from yifa.procedures import take
from yifa.procedures.acts import LateEntry
from yifa.procedures.reading import Ref

pytestmark = pytest.mark.usefixtures("own_db")


def counted(*metrics: str) -> dict[str, tuple[int, int, str]]:
    """(numerator, denominator, month) of each metric, once the follower has read all; and the replay must agree."""
    follow_all([DECISIONS])
    assert facts.check([DECISIONS])[1] == []
    rows = Tally.objects.filter(metric__in=metrics) if metrics else Tally.objects.all()
    return {row.metric: (row.numerator, row.denominator, row.month) for row in rows}


def month() -> str:
    return f"{timezone.localdate():%Y-%m}"


def publish(world: w.World, ref: Ref, on: str) -> None:
    agreed = {"list_party_number": "昆党〔2026〕5号", "list_party_on": "2026-01-10"}
    w.do(ref, "consent", world.mayor, agreed)
    w.do(ref, "publish", world.gazette, {**w.PUBLIC, "list_number": "包昆政发〔2026〕3号", "list_published_on": on})


# The list


@pytest.mark.parametrize(("on", "in_time"), [("2026-03-31", 1), ("2026-04-01", 0), ("2026-01-10", 1)])
def test_a_list_is_out_by_the_end_of_march(on: str, in_time: int) -> None:
    world = w.build()
    publish(world, collect(world), on)
    found = counted("DEC-01", "DEC-16", "DEC-17")
    assert found == {"DEC-01": (in_time, 1, "2026-03"), "DEC-16": (0, 1, on[:7]), "DEC-17": (0, 1, on[:7])}
    assert set(Fact.objects.values_list("organisation", flat=True)) == {world.mayor.organisation}


def test_a_list_without_matters_counts_as_a_list_and_owes_nothing_else() -> None:
    """零目录: DEC-01 applies, the other figures do not."""
    world = w.build()
    publish(world, collect(world, matters=[], zero_reason="本年度没有符合标准的事项"), "2026-02-01")
    assert counted() == {"DEC-01": (1, 1, "2026-03")}
    assert "零目录" in Fact.objects.get().reason


def test_a_matter_of_the_list_counts_in_the_lists_month_whenever_it_is_decided() -> None:
    world = w.build()
    ref = collect(world, matters=[HEATING, SEWAGE])
    publish(world, ref, "2026-02-10")
    line = CatalogueItem.objects.get(title=HEATING["title"])
    matter = w.propose(world)
    w.do(matter, "enter", world.office, {"catalogue_item": str(line.id)})
    assert counted("DEC-16", "DEC-17") == {"DEC-16": (0, 2, "2026-02"), "DEC-17": (1, 2, "2026-02")}
    adding = {"added": [HEATING | {"title": "增列的事项"}], "added_reason": "上级部署", "added_party_number": "昆党〔2026〕20号"}
    w.do(ref, "add", world.office, {**w.PUBLIC, **adding, "added_party_on": "2026-06-10", "added_published": "2026-06-12"})
    starting = {"start_form": "meeting", "undertakers": [{"name": "样本住建局"}], "responsible": "李样本", "timetable": "年内"}
    w.do(matter, "start", world.mayor, starting, files=1)
    removal = {"removal_reason": "上级统一决策", "removal_party_number": "昆党〔2026〕21号"} | w.PUBLIC
    w.do(matter, "withdraw_matter", world.mayor, {**removal, "removal_party_on": w.day(), "removal_published_on": w.day()})
    follow_all([DECISIONS])
    sums = {(row.metric, row.month): (row.numerator, row.denominator) for row in Tally.objects.filter(metric__in=("DEC-16", "DEC-17"))}
    assert sums == {
        ("DEC-16", "2026-02"): (1, 2),
        ("DEC-17", "2026-02"): (1, 2),
        ("DEC-16", "2026-06"): (0, 1),
        ("DEC-17", "2026-06"): (0, 1),
    }
    assert facts.check([DECISIONS])[1] == []


# The matter


def test_a_matter_carried_to_its_end_counts_for_its_government() -> None:
    world = w.build()
    ref = w.carried_to_the_end(world)
    found = counted()
    entries = Entry.objects.filter(chain=ref.code).count()
    assert found["DEC.late"] == (0, entries, month())
    # Archived and published within their terms; what a branch that was exempted would owe is not asked for.
    for metric in ("DEC-06", "DEC-07", "DEC-09", "DEC-12", "DEC-27"):
        assert found[metric] == (1, 1, month()), metric
    assert found["DEC-26"] == (0, 1, month())
    assert not {"DEC-04", "DEC-05", "DEC-08", "DEC-11", "DEC-19", "DEC-21", "DEC-22"} & found.keys()
    confirm_all(world, ref)
    closing = judging.close_score(ref.code, by=world.reviewer)
    found = counted("DEC-10", "DEC-22")
    # Within one day the review had no working day.
    assert found == {"DEC-10": (closing.total, 10_000, month()), "DEC-22": (0, 1, month())}
    assert {row.organisation for row in Fact.objects.all()} == {world.mayor.organisation}


def test_a_decision_taken_back_and_made_again_counts_once() -> None:
    world = w.build()
    ref = _decided(world)
    assert counted("DEC-07", "DEC-09", "DEC-27") == {"DEC-07": (1, 1, month()), "DEC-09": (0, 1, month()), "DEC-27": (0, 1, month())}
    take.take(ref, "_withdraw", by=world.mayor, at=None, facts={"reason": "文号有误"}, key=uuid4(), seen_seq=None)
    w.do(ref, "decide", world.mayor, {"decided_on": w.day(), "decision_number": "包昆政发〔2026〕13号"}, files=1)
    assert counted("DEC-07", "DEC-09", "DEC-27") == {"DEC-07": (1, 1, month()), "DEC-09": (0, 1, month()), "DEC-27": (0, 1, month())}


def test_an_archive_that_lacks_a_paper_is_not_whole() -> None:
    world = w.build()
    ref = _decided(world)
    published = {"published_on": w.day(), "published_in": ["gazette", "portal"], "interpretation": "说明", "interpreted_on": w.day()}
    w.do(ref, "publish", world.gazette, {**w.PUBLIC, **published, "tells_adoption": True})
    w.do(ref, "archive", world.drafter, {"archived": ["proposal", "start"], "archive_pages": 12, "archive_keeping": "permanent"})
    found = counted("DEC-09", "DEC-12", "DEC-27")
    assert found == {"DEC-09": (0, 1, month()), "DEC-12": (1, 1, month()), "DEC-27": (1, 1, month())}
    assert "缺件" in Fact.objects.get(metric="DEC-09", denominator=0).reason


def test_groups_and_grave_risks_count_with_the_decision() -> None:
    world = w.build()
    ref = w.begun(world)
    # The plan is made anew with what concerns this matter.
    take.take(ref, "_withdraw", by=world.drafter, at=None, facts={"reason": "方案有误"}, key=uuid4(), seen_seq=None)
    w.do(ref, "plan_participation", world.drafter, w.PLAN | {"special_groups": [{"group": "老年人"}, {"group": "学生"}], "risky": True})
    w.exempted(world, ref, tuple(key for key in w.EXEMPT if key not in ("T08", "T15", "T16")))
    talk = {"group": "老年人", "body": "街道", "way": "座谈", "on": w.day(), "people": 9}
    w.do(ref, "talk_with_groups", world.drafter, {"talks": [talk]}, files=1)
    risk = {"risk": "施工扰民", "probability": 3, "effect": 3, "level": "high", "measure": "错峰", "body": "住建局", "residual": "low"}
    rows = [
        risk,
        risk | {"risk": "资金", "level": "middle", "residual": "high"},
        risk | {"risk": "舆情", "level": "low", "probability": 1, "effect": 1},
    ]
    assessed = {"assessor": "住建局", "third_party": False, "risk_kinds": ["stability"], "risk_methods": ["visits", "survey"]}
    more = {"departments_heard": True, "existing_assessment": "none", "assessed_on": w.day(), "controllable": "controllable"}
    w.do(ref, "assess_risk", world.drafter, {**assessed, **more, "risks": rows}, files=1)
    w.heard(world, ref)
    _to_the_decision(world, ref, ["draft", "basis", "procedure", "public", "risk"], ["draft", "public", "risk", "legality"])
    assert counted("DEC-05", "DEC-19", "DEC-21") == {"DEC-05": (1, 1, month()), "DEC-19": (0, 1, month()), "DEC-21": (1, 2, month())}


def test_an_evaluation_is_owed_once_it_was_found_due() -> None:
    world = w.build()
    ref = _decided(world)
    w.do(ref, "plan_execution", world.office, {"executors": [{"body": "住建局", "task": "改造", "due_on": w.day(200)}]})
    w.do(ref, "trigger_evaluation", world.mayor, {"evaluation_trigger": "effect"})
    assert counted("DEC-08") == {"DEC-08": (0, 1, month())}
    done = {"evaluation_public": "问卷", "evaluation_conclusion": "基本达到预期", "evaluation_used": "用于二期"}
    w.do(ref, "evaluate", world.drafter, {"evaluator": "某大学", "evaluator_was_assessor": False, **done})
    assert counted("DEC-08") == {"DEC-08": (1, 1, month())}


def test_every_report_counts_and_not_only_those_told_last() -> None:
    world = w.build()
    ref = _decided(world)
    w.do(ref, "plan_execution", world.office, {"executors": [{"body": "住建局", "task": "改造", "due_on": w.day(200)}]})
    late = {"body": "住建局", "due_on": w.day(-9), "reported_on": w.day(-1), "content": "已开工"}
    timely = {"body": "住建局", "due_on": w.day(-2), "reported_on": w.day(-2), "content": "已完成一半"}
    for row in (late, timely, timely | {"content": "已完成六成"}):
        w.do(ref, "report_progress", world.drafter, {"reports": [row]})
    ((matter, score),) = marking.scores([ref])
    assert (matter.facts.reports_due, matter.facts.reports_in_time) == (2, 1)
    lacking = (f"住建局应于{w.day(-9)}报告",)
    assert dict(score.line("T24.2").outcome.inputs) == {"应提交报告": 2, "按期提交": 1, "没有按期提交的": lacking}
    assert counted("DEC-14")
    assert Tally.objects.filter(metric="DEC-14").aggregate(Sum("numerator"), Sum("denominator")) == {
        "numerator__sum": 1,
        "denominator__sum": 2,
    }
    # What was taken back is told no more.
    take.take(ref, "_withdraw", by=world.drafter, at=None, facts={"reason": "重复"}, key=uuid4(), seen_seq=None)
    assert [row["content"] for matter in marking.read_matters([ref]) for row in matter.facts.reports] == ["已开工", "已完成一半"]


# 补录


def back_dated(world: w.World, *, files: int, late: LateEntry | None, days: int = 40) -> Any:
    stated = {
        "title": "城区供热管网改造方案",
        "category": "project",
        "source": "department",
        "problem": "管网老化",
        "grounds": "城市供热规划",
        "first_plan": "三年改造",
        "necessity": "关系居民取暖",
        "feasibility": "资金有保障",
    }
    named = tuple(w.file(world.drafter) for _ in range(files))
    at = datetime.now(UTC) - timedelta(days=days)
    return take.start("major_decision", by=world.drafter, at=at, facts=stated, files=named, key=uuid4(), late=late)


def test_a_back_dated_act_needs_its_reason_and_its_paper() -> None:
    world = w.build()
    assert "应当写明理由" in refused(lambda: back_dated(world, files=1, late=None))
    told = refused(lambda: back_dated(world, files=0, late=LateEntry("系统启用以前办理")))
    assert "照片" in told or "附" in told
    assert not Entry.objects.filter(step="propose").exists()
    assert "晚于现在" in refused(lambda: back_dated(world, files=1, late=LateEntry("系统启用以前办理"), days=-2))


def test_a_back_dated_act_is_marked_in_the_score_and_counted_and_costs_nothing() -> None:
    world = w.build()
    ref = back_dated(world, files=1, late=LateEntry("系统启用以前办理")).ref
    at_once = w.propose(world, title="当时登记的事项")
    scores = {matter.code: (matter, score) for matter, score in marking.scores([ref, at_once])}
    matter, score = scores[ref.code]
    (act,) = matter.late
    assert (act.step, act.on, act.recorded_on) == ("propose", timezone.localdate() - timedelta(days=40), timezone.localdate())
    assert [line.item.code for line in score.lines if line.is_late] == ["T01.1", "T01.2"]
    assert score.late == matter.late
    # The same points as for one that was entered at once; the file that came with it counts as its evidence.
    assert score.total == scores[at_once.code][1].total
    assert score.line("T01.2").got == score.line("T01.2").item.points
    assert not any(line.is_late for line in scores[at_once.code][1].lines)
    follow_all([DECISIONS])
    rate = {row.month: (row.numerator, row.denominator) for row in Tally.objects.filter(metric="DEC.late")}
    assert sum(part for part, _ in rate.values()) == 1
    assert sum(whole for _, whole in rate.values()) == 2
    assert Fact.objects.get(metric="DEC.late", numerator=1).reason == "补录"
    assert facts.check([DECISIONS])[1] == []
    page = client(world.drafter).get(f"/desk/decisions/{ref.code}/").content.decode()
    assert "1条办理记录中有1条是补录，补录率100.0%" in page
    assert "（补录）" in page


def test_a_matter_entered_into_the_list_afterwards_was_not_handled_here() -> None:
    world = w.build()
    ref = collect(world)
    publish(world, ref, "2026-02-10")
    line = CatalogueItem.objects.get()
    matter = back_dated(world, files=1, late=LateEntry("系统启用以前办理")).ref
    at = datetime.now(UTC) - timedelta(days=39)
    files = (w.file(world.office),)
    take.take(
        matter,
        "enter",
        by=world.office,
        at=at,
        facts={"catalogue_item": str(line.id)},
        files=files,
        key=uuid4(),
        seen_seq=None,
        late=LateEntry("系统启用以前办理"),
    )
    assert counted("DEC-17") == {"DEC-17": (0, 1, "2026-02")}


def test_files_of_an_act_that_was_taken_back_are_evidence_no_more() -> None:
    world = w.build()
    ref = w.begun(world)
    take.take(ref, "_withdraw", by=world.drafter, at=None, facts={"reason": "方案有误"}, key=uuid4(), seen_seq=None)
    take.take(ref, "_withdraw", by=world.drafter, at=None, facts={"reason": "草案有误"}, key=uuid4(), seen_seq=None)
    (matter,) = marking.read_matters([ref])
    assert "draft" not in matter.files
    assert matter.files["propose"] == 1


def _decided(world: w.World) -> Ref:
    ref = w.begun(world)
    w.exempted(world, ref)
    w.heard(world, ref)
    _to_the_decision(world, ref, ["draft", "basis", "procedure", "public"], ["draft", "public", "legality"])
    return ref


def _to_the_decision(world: w.World, ref: Ref, submitted: list[str], package: list[str]) -> None:
    w.do(ref, "submit_review", world.drafter, {"review_materials": submitted}, files=1)
    w.do(ref, "accept_review", world.reviewer, {})
    w.do(ref, "review", world.reviewer, w.REVIEW)
    w.do(ref, "handle_review", world.drafter, {})
    w.do(ref, "prepare_meeting", world.drafter, {"meeting_materials": package}, files=1)
    w.do(ref, "deliberate", world.mayor, w.meeting(), files=1)
    w.do(ref, "decide", world.mayor, {"decided_on": w.day(), "decision_number": "包昆政发〔2026〕12号"}, files=1)
