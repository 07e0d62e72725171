"""问卷: asked as it may be asked, published once and reviewed, filled in by anybody, counted exactly, shown when it is over."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from yifa.kernel.ledger import tree
from yifa.kernel.ledger.models import Entry
from yifa.kernel.refusing import RejectedError
from yifa.normative.tests import world as w
from yifa.participation import asking, asking_queries, batches, questions
from yifa.participation.asking import Period
from yifa.participation.clearing import Cleared
from yifa.participation.models import Batch, Filled, Questionnaire
from yifa.participation.questions import Question, percent, read, results
from yifa.participation.tests.clearing import CLEARED

ASKED = (
    Question("q1", "single", "您赞成改造吗", ("赞成", "不赞成", "说不清")),
    Question("q2", "multiple", "您最关心什么", ("工期", "费用", "温度"), must=False),
    Question("q3", "scale", "请给方案打分"),
    Question("q4", "text", "还有什么建议", must=False),
)
SHEET = {"q1": ["0"], "q2": ["0", "2"], "q3": ["4"], "q4": ["请早一些开工，冬天不要停"]}


def drawn_up(world: w.World) -> Questionnaire:
    row = asking.draw_up("1502030001-21-2026-000001-0", "供热改造问卷", "三分钟填完，结果用来完善方案。", by=world.clerk)
    for each in ASKED:
        options = "\n".join(each.options)
        asking.add_question(row.league, row.id, by=world.clerk, kind=each.kind, text=each.text, options=options, must=each.must)
    return row


def published(world: w.World) -> Questionnaire:
    row, today = drawn_up(world), timezone.localdate()
    asking.publish(row.league, row.id, Period(today, today + timedelta(days=15)), CLEARED, by=world.clerk)
    return Questionnaire.objects.get(league=row.league, id=row.id)


def over(row: Questionnaire) -> Questionnaire:
    yesterday = timezone.localdate() - timedelta(days=1)
    Questionnaire.objects.filter(id=row.id).update(opens_on=yesterday - timedelta(days=15), closes_on=yesterday)
    return Questionnaire.objects.get(league=row.league, id=row.id)


@pytest.mark.parametrize(
    ("changed", "told"),
    [
        ({"kind": "star"}, "请选择题型"),
        ({"text": " "}, "请写明题目"),
        ({"text": "题" * 301}, "请写明题目"),
        ({"options": "只有一个"}, "2 到 20 个选项"),
        ({"options": "\n".join(str(n) for n in range(21))}, "2 到 20 个选项"),
        ({"options": "一样\n一样"}, "选项不能重复"),
    ],
)
def test_a_question_is_asked_as_it_may_be(changed: dict[str, str], told: str) -> None:
    asked = {"kind": "single", "text": "您赞成吗", "options": "赞成\n不赞成", **changed}
    with pytest.raises(RejectedError, match=told):
        questions.drawn([], must=True, **asked)


def test_thirty_questions_and_no_more() -> None:
    asked: list[Question] = []
    for _ in range(30):
        asked = questions.drawn(asked, kind="text", text="建议", options="", must=False)
    assert len({each.key for each in asked}) == 30
    with pytest.raises(RejectedError, match="最多 30 题"):
        questions.drawn(asked, kind="text", text="建议", options="", must=False)


@pytest.mark.parametrize(
    ("changed", "told"),
    [
        ({"q1": []}, "第1题还没有回答"),
        ({"q1": ["3"]}, "第1题请从列出的选项"),
        ({"q1": ["0", "1"]}, "第1题请从列出的选项"),
        ({"q2": ["-1"]}, "第2题请从列出的选项"),
        ({"q3": ["0"]}, "第3题请从列出的选项"),
        ({"q3": ["6"]}, "第3题请从列出的选项"),
        ({"q4": ["字" * 1001]}, "第4题不超过 1000 字"),
    ],
)
def test_a_sheet_answers_what_is_asked(changed: dict[str, list[str]], told: str) -> None:
    assert read(ASKED, SHEET) == {"q1": 0, "q2": [0, 2], "q3": 4, "q4": "请早一些开工，冬天不要停"}
    with pytest.raises(RejectedError, match=told):
        read(ASKED, {**SHEET, **changed})
    assert read(ASKED, {"q1": ["1"], "q3": ["5"]}) == {"q1": 1, "q3": 5}


@given(st.lists(st.fixed_dictionaries({"q1": st.integers(0, 2), "q3": st.integers(1, 5)}, optional={"q2": st.lists(st.integers(0, 2))})))
def test_counts_are_those_of_the_sheets_and_shares_of_one_choice_make_the_whole(sheets: list[dict[str, Any]]) -> None:
    one, many, scale, _ = results(ASKED, sheets)
    assert [count for _, count, _ in one.options] == [sum(each["q1"] == n for each in sheets) for n in range(3)]
    assert [count for _, count, _ in scale.options] == [sum(each["q3"] == n for each in sheets) for n in range(1, 6)]
    assert many.answered == sum("q2" in each for each in sheets)
    if sheets:
        assert abs(sum(parts for *_, parts in one.options) - 1000) <= 2


def test_shares_are_rounded_half_up() -> None:
    counted = results(ASKED[:1], [{"q1": 0}] * 5 + [{"q1": 1}] * 3)[0]
    assert [percent(parts) for *_, parts in counted.options] == ["62.5%", "37.5%", "0.0%"]
    third = results(ASKED[:1], [{"q1": n} for n in range(3)])[0]
    assert {percent(parts) for *_, parts in third.options} == {"33.3%"}


@pytest.mark.parametrize(
    ("days", "cleared", "told"),
    [
        (2, CLEARED, "至少3日"),
        (15, Cleared("public", "", secrecy_passed=True), "保密审查"),
        (15, Cleared("closed", "王样本", secrecy_passed=True), "公开属性"),
    ],
)
def test_it_is_published_for_a_time_and_after_a_named_persons_review(own_db: Any, days: int, cleared: Cleared, told: str) -> None:
    world, today = w.build(), timezone.localdate()
    row = drawn_up(world)
    with pytest.raises(RejectedError, match=told):
        asking.publish(row.league, row.id, Period(today, today + timedelta(days=days)), cleared, by=world.clerk)
    assert Questionnaire.objects.get().status == "draft"


def test_published_it_is_as_it_is(own_db: Any, client: Client) -> None:
    world = w.build()
    draft = drawn_up(world)
    assert client.get(f"/participate/questionnaires/{draft.id}/").status_code == 404
    with pytest.raises(RejectedError, match="本机关没有"):
        asking.add_question(draft.league, draft.id, by=world.stranger, kind="text", text="建议")
    asking.remove_question(draft.league, draft.id, "q4", by=world.clerk)
    today = timezone.localdate()
    asking.publish(draft.league, draft.id, Period(today, today + timedelta(days=3)), CLEARED, by=world.clerk)
    with pytest.raises(RejectedError, match="已经发布"):
        asking.remove_question(draft.league, draft.id, "q1", by=world.clerk)
    assert list(Entry.objects.filter(chain=asking.chain(draft.id)).values_list("step", flat=True)) == ["publish"]
    assert client.get("/participate/").content.decode().count("供热改造问卷") == 1


def test_anybody_fills_it_in_and_finds_his_sheet(own_db: Any, client: Client) -> None:
    row = published(w.build())
    url = f"/participate/questionnaires/{row.id}/"
    refused = client.post(url, {"q1": "2", "q4": "我写的建议"})
    assert refused.status_code == 400
    assert "第3题还没有回答" in refused.content.decode()
    assert "我写的建议" in refused.content.decode()
    page = client.post(url, SHEET)
    assert page.status_code == 200
    code = page.context["said"].code
    mine = client.post("/participate/opinion/", {"code": code.lower()}).content.decode()
    assert "工期、温度" in mine
    assert "4 比较赞成" in mine
    sheet = Filled.objects.get()
    assert (sheet.n, sheet.values) == (1, {"q1": 0, "q2": [0, 2], "q3": 4, "q4": "请早一些开工，冬天不要停"})
    assert list(Entry.objects.filter(chain=f"filled:{sheet.id}").values_list("step", flat=True)) == ["fill"]


def test_results_are_for_the_public_when_it_is_over(own_db: Any, client: Client) -> None:
    row = published(w.build())
    for choice in "00012":
        asking.fill(row.league, row.id, {**SHEET, "q1": [choice]})
    url = f"/participate/questionnaires/{row.id}/"
    assert "60.0%" not in client.get(url).content.decode()
    row = over(row)
    page = client.get(url).content.decode()
    assert '<td class="number" data-label="占比">60.0%</td>' in page
    assert "请早一些开工，冬天不要停" not in page  # what was written is read at the desk
    with pytest.raises(RejectedError, match="截止"):
        asking.fill(row.league, row.id, SHEET)
    assert [text for _, text in asking_queries.written(row, "q4")] == ["请早一些开工，冬天不要停"] * 5
    assert asking_queries.marks(row).counts == {"same": 5}


def test_sheets_at_once_are_numbered_and_stand_under_one_root(own_db: Any) -> None:
    row = published(w.build())

    def fill(n: int) -> int:
        try:
            return asking.fill(row.league, row.id, {**SHEET, "q3": [str(n % 5 + 1)]}, address=f"203.0.113.{n}").n
        finally:
            connection.close()

    with ThreadPoolExecutor(8) as pool:
        numbers = sorted(pool.map(fill, range(60)))
    assert numbers == list(range(1, 61))
    assert batches.batch_opinions(at=timezone.now()) == 60
    assert batches.batch_opinions(at=timezone.now()) == 0
    chains = [f"filled:{ident}" for ident in Filled.objects.order_by("n").values_list("id", flat=True)]
    hashes = dict(Entry.objects.filter(chain__in=chains).values_list("chain", "hash"))
    assert Batch.objects.get().root == tree.root([bytes(hashes[each]) for each in chains]).hex()
    assert isinstance(row.closes_on, date)
