"""The quiz: reviewed by two others, random, once a device and person in 90 days, never faster than it can be read."""

from __future__ import annotations

import random
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from django.db import connection
from django.test import Client

from yifa.enforcement.tests import world as w
from yifa.evaluation import quiz, services
from yifa.evaluation.models import Attempt, Question
from yifa.evaluation.queries import Period, asked_works
from yifa.evaluation.quiz import Sheet, Who
from yifa.evaluation.services import Item
from yifa.evaluation.tests import world
from yifa.kernel.refusing import RejectedError

AT = datetime(2026, 3, 2, 4, tzinfo=UTC)
LATER = AT + timedelta(seconds=60)
LAW = "动物防疫法"
YEAR = Period("2026-01", "2026-12", "150203")


@pytest.fixture
def stage(own_db: Any) -> list[Any]:
    w.build()
    world.library()
    people = [world.person(name, "assessor") for name in ("钱样本", "郑样本", "冯样本")]
    world.bank(people[0], people[1:], several=8)
    return people


def who(n: int, stratum: str = "public", **changed: Any) -> Who:
    return Who(**{"stratum": stratum, "region": "150203", "league": "150200", "urban": None, "device": f"device-{n}", **changed})


def right(sheet: Sheet, wrong: int = 0) -> dict[int, int]:
    """The answers, the first few of them wrong."""
    return {each.question.pk: each.question.answer + (n < wrong) for n, each in enumerate(sheet.items)}


def answer(n: int, *, wrong: int = 0, at: datetime = AT, seconds: int = 60, **changed: Any) -> Attempt:
    sheet = quiz.draw(LAW, at=at)
    return quiz.take(sheet.token, right(sheet, wrong), who(n, **changed), at=at + timedelta(seconds=seconds)).attempt


def test_a_question_is_asked_only_after_two_others_have_reviewed_it(stage: list[Any]) -> None:
    writer, first, second = stage
    row = services.propose_question(Item(LAW, "t17", "谁应当履行强制免疫义务？", ("饲养动物的单位和个人", "没有人"), 0), by=writer)
    with pytest.raises(RejectedError, match="命题人"):
        services.review_question(row.pk, passes=True, by=writer)
    services.review_question(row.pk, passes=True, by=first)
    assert row.pk not in {each.question.pk for _ in range(20) for each in quiz.draw(LAW, at=AT).items}
    with pytest.raises(RejectedError, match="另一人"):
        services.review_question(row.pk, passes=True, by=first)
    assert services.review_question(row.pk, passes=True, by=second).state == "approved"
    with connection.cursor() as cursor:
        cursor.execute("SELECT step FROM ledger_entry WHERE chain = %s ORDER BY seq", [f"question:{row.pk}"])
        assert cursor.fetchall() == [("propose",), ("review",), ("review",)]


@pytest.mark.parametrize(
    ("changed", "why"),
    [
        ({"work": "没有的法"}, "没有《没有的法》"),
        ({"article": "t999"}, "没有这一条"),
        ({"options": ("对", "对")}, "互不相同"),
        ({"answer": 5}, "哪一个"),
        ({"text": "短"}, "题目5至300字"),
        ({"text": "样本问题之0，哪一项正确？"}, "同样的题目"),
    ],
)
def test_a_question_that_cannot_be_asked_is_refused(stage: list[Any], changed: dict[str, Any], why: str) -> None:
    item = Item(**{"work": LAW, "article": "t30", "text": "养犬应当怎样？", "options": ("免疫", "不管"), "answer": 0, **changed})
    with pytest.raises(RejectedError, match=why):
        services.propose_question(item, by=stage[0])


def test_items_and_options_are_shuffled(stage: list[Any]) -> None:
    sheets = [quiz.draw(LAW, at=AT, chance=random.Random(n)) for n in range(30)]
    assert all(len(sheet.items) == 5 for sheet in sheets)
    assert len({tuple(each.question.pk for each in sheet.items) for sheet in sheets}) > 10
    assert len({tuple(value for value, _ in sheet.items[0].options) for sheet in sheets}) > 2


def test_an_attempt_is_judged_kept_without_a_name_and_entered(stage: list[Any]) -> None:
    aware, not_aware = answer(1, wrong=2), answer(2, wrong=3)
    assert (aware.correct, aware.aware) == (3, True)
    assert (not_aware.correct, not_aware.aware) == (2, False)
    with connection.cursor() as cursor:
        cursor.execute("SELECT convert_from(body, 'UTF8') FROM ledger_entry WHERE chain = %s", [f"attempt:{aware.id}"])
        (body,) = cursor.fetchone()
    assert '"public"' in body
    assert "device-1" not in body


def test_a_device_and_a_person_answer_once_in_ninety_days(stage: list[Any]) -> None:
    answer(1)
    with pytest.raises(RejectedError, match="90日内只测评一次"):
        answer(1, at=AT + timedelta(days=89))
    assert answer(1, at=AT + timedelta(days=91)).counted
    answer(2, person="p-1")
    with pytest.raises(RejectedError, match="90日"):
        answer(3, person="p-1", at=AT + timedelta(days=10))  # another device, the same person


def test_a_sheet_is_handed_in_once_in_time_and_whole(stage: list[Any]) -> None:
    sheet = quiz.draw(LAW, at=AT)
    quiz.take(sheet.token, right(sheet), who(1), at=LATER)
    with pytest.raises(RejectedError, match="已经交过"):
        quiz.take(sheet.token, right(sheet), who(2), at=LATER)
    other = quiz.draw(LAW, at=AT)
    with pytest.raises(RejectedError, match="2小时"):
        quiz.take(other.token, right(other), who(3), at=AT + timedelta(hours=3))
    with pytest.raises(RejectedError, match="2小时"):
        quiz.take(other.token, right(other), who(3), at=AT - timedelta(seconds=1))
    with pytest.raises(RejectedError, match="没有作答"):
        quiz.take(other.token, {}, who(3), at=LATER)
    with pytest.raises(RejectedError, match="失效"):
        quiz.take(other.token[:-2] + "xx", right(other), who(3), at=LATER)
    with pytest.raises(RejectedError, match="身份"):
        quiz.take(other.token, right(other), who(3, "king"), at=LATER)
    assert Attempt.objects.count() == 1


def test_an_attempt_too_fast_to_read_counts_for_nothing_and_uses_up_the_turn(stage: list[Any]) -> None:
    assert not answer(1, seconds=19).counted
    assert quiz.result(LAW, YEAR).total == 0
    with pytest.raises(RejectedError, match="90日"):
        answer(1, at=AT + timedelta(minutes=5))


def test_the_share_is_weighted_by_stratum_and_read_by_region(stage: list[Any]) -> None:
    attempts = [
        Attempt(
            league="150200", id=UUID(int=n), work_key=LAW, stratum=stratum, region=region, urban=None, device=str(n), at=AT,
            month="2026-03", items=5, correct=5, seconds=60, aware=aware, counted=True,
        )
        for n, (stratum, region, aware) in enumerate(
            [("party", "150203", n < 20) for n in range(40)]
            + [("public", "150203", n < 15) for n in range(30)]
            + [("officer", "150203", True) for _ in range(30)]
            + [("public", "150207", False) for _ in range(99)]
        )
    ]  # fmt: skip
    Attempt.objects.bulk_create(attempts)
    assert quiz.result(LAW, YEAR).rate is not None
    assert str(quiz.result(LAW, YEAR).rate) == "0.60"
    assert quiz.result(LAW, Period("2026-01", "2026-12", "150207")).rate is None
    assert quiz.result(LAW, Period("2026-04", "2026-12", "150203")).total == 0


def test_a_retired_question_is_asked_no_more(stage: list[Any]) -> None:
    rows = list(Question.objects.order_by("pk"))
    for row in rows[:6]:
        services.retire_question(row.pk, by=stage[0], reason="法律已经修改")
    assert asked_works() == []
    with pytest.raises(RejectedError, match="题目还不够"):
        quiz.draw(LAW, at=AT)


def page(client: Client, **changed: str) -> Any:
    shown = client.get(f"/quiz/{LAW}/")
    sheet = shown.context["sheet"]
    answers = {f"q{each.question.pk}": str(each.question.answer) for each in sheet.items}
    return client.post(f"/quiz/{LAW}/", {"sheet": sheet.token, "region": "150203", "stratum": "public", **answers, **changed})


def test_anybody_answers_on_the_portal_and_reads_what_is_right(stage: list[Any]) -> None:
    client = Client()
    done = page(client)
    assert done.status_code == 200
    assert "5 题答对 5 题" in done.content.decode()
    assert "不计入统计" in done.content.decode()  # a program is too fast
    assert "90日内只测评一次" in client.get(f"/quiz/{LAW}/").content.decode()


def test_nobody_says_of_himself_that_he_is_an_officer(stage: list[Any]) -> None:
    done = page(Client(), stratum="officer")
    assert done.status_code == 400
    assert "请先登录" in done.content.decode()
    assert Attempt.objects.count() == 0


def test_what_is_no_answer_is_told_and_what_is_no_law_is_not_there(stage: list[Any]) -> None:
    assert page(Client(), region="999999").status_code == 400
    assert page(Client(), sheet="x").status_code == 400
    assert Client().get("/quiz/样本促进法/").status_code == 404
