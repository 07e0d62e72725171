"""A major adjustment (第三十七条): the matter runs through the procedure again as a new one; both know one another, the line goes on."""

from __future__ import annotations

import pytest

from yifa.decisions import choosing, judging, matter_queries
from yifa.decisions.models import Begun, CatalogueItem
from yifa.decisions.template_set import rounded
from yifa.decisions.tests import world as w
from yifa.decisions.tests.test_major import refused
from yifa.decisions.tests.test_papers import printed
from yifa.decisions.tests.test_register_pages import signed_in
from yifa.documents.models import Document
from yifa.dossiers.models import Dossier
from yifa.procedures.reading import Ref

pytestmark = pytest.mark.usefixtures("own_db")


def executing(world: w.World) -> Ref:
    """A matter under execution, changed by the head in a major way."""
    ref = w.begun(world)
    w.adopted(world, ref)
    w.do(ref, "decide", world.mayor, {"decided_on": w.day(), "decision_number": "包昆政发〔2026〕12号"}, files=1)
    w.do(ref, "plan_execution", world.office, {"executors": [{"body": "住建局", "task": "改造四十公里", "due_on": w.day(200)}]})
    return ref


def test_a_major_adjustment_runs_through_the_procedure_again_and_each_matter_knows_the_other() -> None:
    world = w.build()
    old = executing(world)
    item = CatalogueItem.objects.get()
    assert "没有作出重大调整" in refused(lambda: w.propose(world, carried_from=old.code))
    w.do(old, "adjust", world.mayor, {"changed": "suspended", "changed_reason": "情况紧急"}, files=1)
    w.do(old, "adjust", world.mayor, {"changed": "major", "changed_reason": "改造范围扩大一倍"}, files=1)
    stranger = w.propose(world)
    assert "不是由本事项提出" in refused(lambda: w.do(old, "rerun", world.drafter, {"rerun_case": stranger.code}))
    new = w.propose(world, carried_from=old.code)
    waiting = dict(choosing.waiting(world.mayor.organisation))
    assert "重新履行程序" in waiting[str(item.id)]
    refused(lambda: w.do(stranger, "enter", world.office, {"catalogue_item": str(item.id)}))
    # The old matter may name the new one before that has entered the list: the line waits for it still.
    w.do(old, "rerun", world.drafter, {"rerun_case": new.code})
    assert choosing.waiting(world.mayor.organisation) == list(waiting.items())
    w.do(new, "enter", world.office, {"catalogue_item": str(item.id)})
    item.refresh_from_db()
    assert item.dossier == new.code
    assert choosing.waiting(world.mayor.organisation) == []
    assert list(Begun.objects.values_list("dossier", flat=True)) == [new.code]
    # Both are called alike: the overview tells them apart.
    both = matter_queries.page(world.drafter, matter_queries.Asked()).lines
    assert {line.code: line.carried_from for line in both} == {old.code: "", stranger.code: "", new.code: old.code}
    # What runs again once does not run again a second time, unless the head adjusts anew.
    assert "已经重新履行程序" in refused(lambda: w.propose(world, carried_from=old.code))
    assert "没有作出重大调整" in refused(lambda: w.propose(world, carried_from="1502030011-31-2026-999999-X"))
    w.do(old, "adjust", world.mayor, {"changed": "major", "changed_reason": "再次扩大"}, files=1)
    assert Dossier.objects.get(code=old.code).facts["rerun_case"] == ""


def test_each_change_of_a_decision_is_ordered_by_a_document() -> None:
    """第三十七条: numbered by the government, with what is ordered and why."""
    world = w.build()
    ref = executing(world)
    for changed, reason, ordered in (
        ("suspended", "暴雨冲毁路基", "情况紧急，行政首长决定先行中止执行"),
        ("none", "路基已经修复", "恢复执行原决策"),
        ("minor", "推迟一个月", "作一般调整"),
    ):
        w.do(ref, "adjust", world.mayor, {"changed": changed, "changed_reason": reason}, files=1)
        text = printed(ref, "重大行政决策执行调整决定书")
        for part in (ordered, reason, "第三十七条", "包昆政发〔2026〕12号"):
            assert part in text, part
    numbers = Document.objects.filter(dossier=ref.code, form="decision_adjustment").order_by("seq").values_list("number", flat=True)
    assert list(numbers) == [f"包昆政发决调〔{w.today().year}〕{n}号" for n in (1, 2, 3)]


def test_one_button_begins_the_new_matter_with_what_is_carried_over() -> None:
    world = w.build()
    ref = executing(world)
    w.do(ref, "adjust", world.mayor, {"changed": "major", "changed_reason": "改造范围扩大一倍"}, files=1)
    page = signed_in(world.drafter).get(f"/desk/decisions/{ref.code}/rerun/")
    assert "城区供热管网改造方案" in page.content.decode()
    opened = signed_in(world.drafter)
    answer = opened.post(f"/desk/decisions/{ref.code}/rerun/", follow=True)
    assert answer.redirect_chain[-1][0] == "/desk/start/major_decision/"
    form = answer.content.decode()
    assert ref.code in form
    assert "管网老化，冬季爆管多" in form
    new = w.propose(world, carried_from=ref.code)
    assert new.code in opened.get(f"/desk/decisions/{ref.code}/").content.decode()
    assert new.code in opened.get(f"/desk/cases/{ref.code}/do/rerun/").content.decode()
    assert ref.code in opened.get(f"/desk/decisions/{new.code}/").content.decode()
    assert signed_in(world.stranger).get(f"/desk/decisions/{ref.code}/rerun/").status_code == 404
    w.do(ref, "adjust", world.mayor, {"changed": "none", "changed_reason": "恢复执行"}, files=1)
    assert opened.get(f"/desk/decisions/{ref.code}/rerun/").status_code == 404


def test_a_matter_is_not_closed_before_its_major_adjustment_ran_again() -> None:
    world = w.build()
    ref = executing(world)
    w.do(ref, "adjust", world.mayor, {"changed": "major", "changed_reason": "改造范围扩大一倍"}, files=1)
    published = {"published_on": w.day(), "published_in": ["gazette", "portal"], "interpretation": "说明", "interpreted_on": w.day()}
    w.do(ref, "publish", world.gazette, {**w.PUBLIC, **published, "tells_adoption": True})
    w.do(
        ref,
        "report_progress",
        world.drafter,
        {"reports": [{"body": "住建局", "due_on": w.day(), "reported_on": w.day(), "content": "已开工"}]},
    )
    w.do(ref, "trigger_evaluation", world.mayor, {"evaluation_trigger": "none"})
    archived = ["proposal", "start", "draft", "public", "legality", "minutes", "decision"]
    w.do(ref, "archive", world.drafter, {"archived": archived, "archive_pages": 120, "archive_keeping": "permanent"})
    assert "重大调整" in refused(lambda: w.do(ref, "close", world.drafter, {}))
    assert checked(ref) == (0, "重大调整")
    new = w.propose(world, carried_from=ref.code)
    w.do(ref, "rerun", world.drafter, {"rerun_case": new.code})
    assert checked(ref)[0] > 0
    w.do(ref, "close", world.drafter, {})


def checked(ref: Ref) -> tuple[int, str]:
    """What T24.3 finds: points, and the change it looked at."""
    score = judging.score_of(ref.code)
    assert score is not None
    line = score.line("T24.3")
    return rounded(line.got), str(dict(line.outcome.inputs)["调整"])
