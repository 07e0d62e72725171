"""专家库: whom one may draw, that nobody chooses whom, and that who has an interest takes no part."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.utils import timezone

from yifa.decisions import expert_queries as queries
from yifa.decisions import experts, lots
from yifa.decisions.context import initial
from yifa.decisions.experts import Particulars
from yifa.decisions.models import Drawing, Engagement, Expert
from yifa.decisions.procedures.major import MajorDecision
from yifa.decisions.tests import world as w
from yifa.dossiers.models import Dossier
from yifa.kernel.ledger.models import Entry
from yifa.kernel.people.actors import Actor
from yifa.kernel.refusing import RejectedError
from yifa.procedures.core import Refused
from yifa.procedures.queries import course

CODE = "1502030011-31-2026-000001-0"
LAW = "法律"


def kept(by: Actor, count: int, *, field: str = LAW, employer: str = "样本大学") -> list[Expert]:
    return [experts.register(Particulars(f"专家{field}{n}", employer, [field], phone=f"1370000{n:04d}"), by=by) for n in range(count)]


def drawn(world: w.World, n: int = 3, of: int = 6) -> Drawing:
    kept(world.office, of)
    row = experts.prepare(CODE, "城区供热管网改造方案", LAW, n, by=world.drafter)
    return experts.draw(row.league, row.id, by=world.drafter, undertakers=(world.drafter.organisation_name,), excluded={})


def takings(row: Drawing) -> list[Engagement]:
    return list(Engagement.objects.filter(drawing=row.id).order_by("rank"))


def test_a_register_is_kept_by_the_government_and_names_employer_and_field(own_db: Any) -> None:
    world = w.build()
    with pytest.raises(RejectedError, match=r"政府办公室.*第二十一条"):
        experts.register(Particulars("专家", "样本大学", [LAW]), by=world.drafter)
    with pytest.raises(RejectedError, match="专业领域"):
        experts.register(Particulars("专家", "样本大学", []), by=world.office)
    with pytest.raises(RejectedError, match="工作单位"):
        experts.register(Particulars("专家", "", [LAW]), by=world.office)
    row = experts.register(Particulars("专家", "样本大学", experts.fields_of("法律、城乡规划 法律")), by=world.office)
    assert row.fields == [LAW, "城乡规划"]
    with pytest.raises(RejectedError, match="已经在库"):
        experts.register(Particulars("专家", "样本大学", [LAW]), by=world.office)
    assert Entry.objects.filter(chain=f"expert:{row.id}").count() == 1


def test_a_list_from_a_spreadsheet_is_taken_and_each_bad_line_told(own_db: Any) -> None:
    world = w.build()
    pasted = '姓名\t工作单位\t专业领域\n专家甲\t样本大学\t法律、财政\t教授\t13700000001\n专家乙\t\t法律\n\n专家丙\t样本学院\t"城乡\t规划"\n'
    taken, faults = experts.register_rows(pasted, by=world.office)
    assert (taken, [each[:3] for each in faults]) == (2, ["第3行"])
    assert "工作单位" in faults[0]
    row = Expert.objects.get(name="专家甲")
    assert (row.fields, row.title, queries.phone(row)) == ([LAW, "财政"], "教授", "13700000001")
    assert experts.register_rows(pasted, by=world.office)[0] == 0
    assert Expert.objects.count() == 2
    with pytest.raises(RejectedError, match="粘贴"):
        experts.register_rows(" \n", by=world.office)
    with pytest.raises(RejectedError, match="政府办公室"):
        experts.register_rows(pasted, by=world.drafter)


def test_a_telephone_is_sealed(own_db: Any) -> None:
    world = w.build()
    row = kept(world.office, 1)[0]
    assert b"13700000000" not in bytes(Expert.objects.get().phone_sealed or b"")
    assert queries.phone(row) == "13700000000"


def test_those_below_may_use_the_register_and_others_not(own_db: Any) -> None:
    world = w.build()
    kept(world.office, 2)
    assert queries.fields("150203") == [(LAW, 2)]
    assert queries.pool("150200", LAW) == []
    assert len(queries.pool("150203", LAW)) == 2
    Expert.objects.update(region_id="150000")
    assert len(queries.pool("150203", LAW)) == 2


def test_who_left_or_is_suspended_is_not_drawn(own_db: Any) -> None:
    world = w.build()
    row, other = kept(world.office, 2)
    with pytest.raises(RejectedError, match=r"理由.*第二十一条第一款"):
        experts.set_status(row.league, row.id, "suspended", by=world.office, reason="")
    experts.set_status(row.league, row.id, "suspended", by=world.office, reason="未履行保密义务")
    assert [each.id for each in queries.pool("150203", LAW)] == [other.id]
    with pytest.raises(RejectedError, match="没有这位专家"):
        experts.set_status(row.league, other.id, "left", by=world.stranger, reason="不该能改")


def test_the_digest_stands_before_the_draw_and_anyone_draws_again(own_db: Any) -> None:
    world = w.build()
    kept(world.office, 6)
    row = experts.prepare(CODE, "方案", LAW, 3, by=world.drafter)
    assert (row.seed, row.chosen) == ("", [])
    drawn = experts.draw(row.league, row.id, by=world.drafter, undertakers=("样本",), excluded={})
    assert lots.commitment(drawn.seed) == row.commitment
    assert drawn.chosen == list(lots.draw(drawn.seed, [each["id"] for each in drawn.candidates], 3))
    assert [str(each.expert) for each in takings(drawn)] == drawn.chosen
    found = queries.one(world.drafter, row.id)
    assert found is not None
    assert found.faults == ()
    Drawing.objects.update(ranking=drawn.ranking[::-1])
    found = queries.one(world.drafter, row.id)
    assert found is not None
    assert found.faults == ("名次与重新计算的结果不符",)
    steps = list(Entry.objects.filter(chain=f"drawing:{row.id}").order_by("seq").values_list("step", flat=True))
    assert steps == ["commit", "draw"]


def test_nobody_draws_until_he_likes_the_result(own_db: Any) -> None:
    world = w.build()
    row = drawn(world)
    with pytest.raises(RejectedError, match="已经抽取"):
        experts.draw(row.league, row.id, by=world.drafter, undertakers=(), excluded={})
    with pytest.raises(RejectedError, match="只抽一次"):
        experts.prepare(CODE, "方案", LAW, 3, by=world.drafter)


def test_two_clerks_open_one_drawing(own_db: Any) -> None:
    world = w.build()
    kept(world.office, 3)

    def opens(_: int) -> bool:
        try:
            experts.prepare(CODE, "方案", LAW, 2, by=world.drafter)
        except RejectedError:
            return False
        finally:
            connection.close()
        return True

    with ThreadPoolExecutor(4) as pool:
        assert sum(pool.map(opens, range(8))) == 1
    assert Drawing.objects.count() == 1


def test_who_belongs_to_the_undertaker_or_must_stand_aside_is_no_candidate(own_db: Any) -> None:
    world = w.build()
    kept(world.office, 3)
    own = kept(world.office, 1, employer=world.drafter.organisation_name)[0]
    aside = Expert.objects.filter(employer="样本大学").order_by("id")[0]
    row = experts.prepare(CODE, "方案", LAW, 2, by=world.drafter)
    with pytest.raises(RejectedError, match="理由"):
        experts.draw(row.league, row.id, by=world.drafter, undertakers=(own.employer,), excluded={str(aside.id): " "})
    row = experts.draw(row.league, row.id, by=world.drafter, undertakers=(own.employer,), excluded={str(aside.id): "项目投标人的亲属"})
    assert {each["id"]: each["reason"] for each in row.excluded} == {str(own.id): "隶属决策承办单位", str(aside.id): "项目投标人的亲属"}
    assert {str(own.id), str(aside.id)}.isdisjoint(row.ranking)


def test_too_few_candidates_stop_the_draw_before_the_seed_is_known(own_db: Any) -> None:
    world = w.build()
    kept(world.office, 2)
    with pytest.raises(RejectedError, match=r"只有2人.*第二十条"):
        experts.prepare(CODE, "方案", LAW, 3, by=world.drafter)
    row = experts.prepare(CODE, "方案", LAW, 2, by=world.drafter)
    one = Expert.objects.all()[0]
    with pytest.raises(RejectedError, match="只剩1人"):
        experts.draw(row.league, row.id, by=world.drafter, undertakers=(), excluded={str(one.id): "利害关系"})
    assert Drawing.objects.get().seed == ""


def test_an_interest_recuses_and_the_next_in_rank_follows(own_db: Any) -> None:
    world = w.build()
    row = drawn(world, n=2, of=4)
    first, second = takings(row)
    with pytest.raises(RejectedError, match="什么直接利害关系"):
        experts.declare(row.league, first.id, by=world.drafter, has_interest=True, belongs=False)
    third = experts.declare(row.league, first.id, by=world.drafter, has_interest=True, belongs=False, reason="持有投标企业股份")
    assert third is not None
    assert (str(third.expert), third.rank) == (row.ranking[2], 3)
    assert experts.declare(row.league, second.id, by=world.drafter, has_interest=False, belongs=True) is None
    fourth = experts.replace(row.league, third.id, by=world.drafter, reason="出国")
    assert fourth is not None
    assert experts.replace(row.league, fourth.id, by=world.drafter, reason="生病") is None
    with pytest.raises(RejectedError, match="回避"):
        experts.replace(row.league, first.id, by=world.drafter, reason="生病")
    told = queries.of_dossier(row.league, CODE)
    assert [(each["name"], each["interest"], each["belongs"], each["drawn"]) for each in told] == [
        (Expert.objects.get(id=second.expert).name, False, True, True)
    ]


def test_followers_at_once_take_different_places(own_db: Any) -> None:
    world = w.build()
    row = drawn(world, n=4, of=8)

    def leaves(taking: Engagement) -> str:
        try:
            following = experts.replace(row.league, taking.id, by=world.drafter, reason="出差")
            return str(following.expert) if following else ""
        finally:
            connection.close()

    with ThreadPoolExecutor(4) as pool:
        followers = list(pool.map(leaves, takings(row)))
    assert sorted(followers) == sorted(row.ranking[4:])


def test_a_fee_is_recorded_once_for_whoever_took_part(own_db: Any) -> None:
    world = w.build()
    row = drawn(world, n=2, of=2)
    today, first = timezone.localdate(), takings(row)[0]
    with pytest.raises(RejectedError, match="已抽中，待声明"):
        experts.pay(row.league, first.id, by=world.drafter, fee_fen=80_000, on=today)
    experts.declare(row.league, first.id, by=world.drafter, has_interest=False, belongs=False)
    for wrong in (0, -1, 10_000_001):
        with pytest.raises(RejectedError, match="论证费"):
            experts.pay(row.league, first.id, by=world.drafter, fee_fen=wrong, on=today)
    with pytest.raises(RejectedError, match="晚于今天"):
        experts.pay(row.league, first.id, by=world.drafter, fee_fen=80_000, on=today + timedelta(days=1))
    experts.pay(row.league, first.id, by=world.drafter, fee_fen=80_050, on=today)
    with pytest.raises(RejectedError, match="已经登记"):
        experts.pay(row.league, first.id, by=world.drafter, fee_fen=80_000, on=today)
    assert queries.of_dossier(row.league, CODE)[0]["fee"] == "800.5"
    history = queries.history(Expert.objects.get(id=first.expert))
    assert [(each.fee_fen, drawing.dossier) for each, drawing in history] == [(80_050, CODE)]


def test_another_body_does_nothing_here(own_db: Any) -> None:
    world = w.build()
    row = drawn(world, n=1, of=2)
    with pytest.raises(RejectedError, match="本机关没有"):
        experts.replace(row.league, takings(row)[0].id, by=world.stranger, reason="不该能改")
    assert queries.one(world.stranger, row.id) is None


def test_the_matter_takes_over_who_was_drawn_and_a_claim_of_drawing_needs_one(own_db: Any) -> None:
    """第二十条: the form begins with those who were drawn and declared; who was never drawn is not passed off as drawn."""
    world = w.build()
    kept(world.office, 4)
    ref = w.begun(world)
    row = experts.prepare(ref.code, "城区供热管网改造方案", LAW, 2, by=world.drafter)
    row = experts.draw(row.league, row.id, by=world.drafter, undertakers=(), excluded={})
    for taking in takings(row):
        experts.declare(row.league, taking.id, by=world.drafter, has_interest=False, belongs=False)
    dossier = Dossier.objects.get(code=ref.code)
    offered = initial(MajorDecision.steps["appoint_experts"], course(dossier, at=timezone.now()).case)["experts"]
    stated = queries.of_dossier(row.league, ref.code)
    assert [{key: each[key] for key in ("name", "field", "drawn", "source")} for each in offered] == [
        {key: each[key] for key in ("name", "field", "drawn", "source")} for each in stated
    ]
    passed_off = [{**offered[0], "name": "没有抽过"}, offered[1]]
    with pytest.raises(Refused, match="没有抽取记录的：没有抽过"):
        w.do(ref, "appoint_experts", world.drafter, {"experts": passed_off}, files=1)
    w.do(ref, "appoint_experts", world.drafter, {"experts": offered}, files=1)
