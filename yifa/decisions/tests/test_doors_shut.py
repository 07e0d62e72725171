"""Doors that an outsider tries: papers of the party committee, one person for two, an expert of the house, a matter that is over."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.utils import timezone

from yifa.decisions import clue_queries, clues, experts, marking
from yifa.decisions.models import Engagement
from yifa.decisions.tests import world as w
from yifa.decisions.tests.test_catalogue import published
from yifa.decisions.tests.test_experts import LAW, drawn, kept, takings
from yifa.decisions.tests.walking import EXPERTS, full
from yifa.kernel.ledger.models import Entry
from yifa.kernel.refusing import RejectedError
from yifa.procedures import take
from yifa.procedures.core import Refused
from yifa.procedures.reading import Ref


def refused(act: Any) -> str:
    with pytest.raises(Refused) as caught:
        act()
    return str(caught.value)


def listing(world: w.World) -> Ref:
    stated = {"list_year": timezone.localdate().year, "zero_reason": "本年度没有符合标准的事项"}
    return take.start("decision_catalogue", by=world.office, facts=stated, key=uuid4()).ref


def test_of_the_partys_agreement_nothing_but_number_and_date_is_taken_in(own_db: Any) -> None:
    """No paper beside it, none as the proof of a late entry, no text in place of the number."""
    world = w.build()
    ref = listing(world)
    agreed = {"list_party_number": "昆党〔2026〕5号", "list_party_on": w.day(-40)}
    assert "不上传文件" in refused(lambda: w.do(ref, "consent", world.mayor, agreed, files=1))
    assert "不能超过60字" in refused(lambda: w.do(ref, "consent", world.mayor, agreed | {"list_party_number": "同意该方案，" * 20}))
    assert "还没有到" in refused(lambda: w.do(ref, "consent", world.mayor, agreed | {"list_party_on": w.day(1)}))
    w.do(ref, "consent", world.mayor, agreed)


def test_a_late_entry_of_the_partys_agreement_needs_a_reason_and_no_paper(own_db: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    world = w.build()
    ref = listing(world)
    monkeypatch.setattr(take, "DRIFT", timedelta(0))
    told: dict[str, Any] = {"by": world.mayor, "facts": {"list_party_number": "昆党〔2026〕5号", "list_party_on": w.day(-1)}}
    told |= {"key": uuid4(), "seen_seq": None, "at": timezone.now()}
    assert refused(lambda: take.take(ref, "consent", **told)) == "补录以前的办理事项，应当写明理由"
    take.take(ref, "consent", **told, late=take.LateEntry("当时没有网络", ""))
    assert Entry.objects.get(chain=ref.code, step="consent").late


def test_who_asks_for_an_exemption_does_not_confirm_it_and_who_drafts_does_not_review(own_db: Any) -> None:
    """A justice bureau that undertakes a matter of its own: one person in two posts."""
    world = w.build()
    bureau = replace(world.reviewer, roles=frozenset({"officer", "reviewer", "head"}))
    world = replace(world, drafter=bureau, reviewer=bureau)
    ref = w.begun(world)
    asked = [{"template": "T08", "ground": "not_concerned", "reason": "不涉及"}]
    w.do(ref, "exempt", bureau, {"exemptions": asked}, files=1)
    text = refused(lambda: w.do(ref, "confirm_exemptions", bureau, {"exempted": ["T08"]}))
    assert "办理过“提出不适用的环节”的人员不得办理" in text
    text = refused(lambda: w.do(ref, "review", bureau, w.REVIEW))
    assert "办理过“拟订决策草案”的人员不得办理“合法性审查”" in text


def test_an_expert_is_declared_and_paid_after_he_was_drawn(own_db: Any) -> None:
    world = w.build()
    row = drawn(world, 1, 3)
    taking = takings(row)[0]
    eve = timezone.localdate() - timedelta(days=1)
    with pytest.raises(RejectedError, match="声明日期不能早于抽取"):
        experts.declare(row.league, taking.id, by=world.drafter, has_interest=False, belongs=False, on=eve)
    experts.declare(row.league, taking.id, by=world.drafter, has_interest=False, belongs=False)
    with pytest.raises(RejectedError, match="支付日期不能早于抽取"):
        experts.pay(row.league, taking.id, by=world.drafter, fee_fen=100_000, on=eve)
    with pytest.raises(RejectedError, match="100,000元"):
        experts.pay(row.league, taking.id, by=world.drafter, fee_fen=10_000_001, on=timezone.localdate())
    experts.pay(row.league, taking.id, by=world.drafter, fee_fen=10_000_000, on=timezone.localdate())
    assert Engagement.objects.get(id=taking.id).fee_fen == 10_000_000


def test_nobody_is_drawn_or_replaced_for_a_matter_that_is_over(own_db: Any) -> None:
    world = w.build()
    kept(world.office, 4)
    ref = w.propose(world)
    row = experts.prepare(ref.code, "供热", LAW, 1, by=world.drafter)
    experts.draw(row.league, row.id, by=world.drafter, undertakers=(), excluded={})
    w.do(ref, "reject", world.mayor, {"reject_reason": "不需要"})
    taking = takings(row)[0]
    for act in (
        lambda: experts.prepare(ref.code, "供热", "财政", 1, by=world.drafter),
        lambda: experts.declare(row.league, taking.id, by=world.drafter, has_interest=False, belongs=False),
        lambda: experts.replace(row.league, taking.id, by=world.drafter, reason="出差"),
    ):
        with pytest.raises(RejectedError, match=r"已经办结|只有0人"):
            act()


def test_what_was_noted_as_missing_earlier_is_not_forgotten(own_db: Any) -> None:
    """R6: a second entry does not take the place of the first; what was raised as a clue is noted no more."""
    world = w.build()
    ref = published(world)
    for title in ("某大桥建设", "某广场改造"):
        found = [{"title": title, "undertaker": "样本住建局", "found": "未列入目录即开工"}]
        w.do(ref, "find_missing", world.supervisor, {"missing_matters": found})
    assert [each.title for each in clue_queries.noted(world.supervisor)] == ["某广场改造", "某大桥建设"]
    said = clues.Said("R6", "未列入目录即开工。", government=world.office.organisation, title="某大桥建设")
    clues.raise_clue(said, by=world.supervisor)
    assert [each.title for each in clue_queries.noted(world.supervisor)] == ["某广场改造"]


def test_an_experts_own_body_is_compared_with_every_undertaker() -> None:
    walk = full()
    walk.until("appoint_experts")
    walk.facts["undertakers"] = [{"name": "住建局"}, {"name": "财政局"}]
    chosen = [EXPERTS[0] | {"employer": "财政局"}]
    assert "D82" in {each.code for each in walk.refusals("appoint_experts", {"experts": chosen})}
    assert not walk.refusals("appoint_experts", {"experts": [chosen[0] | {"belongs": True}]})


def test_an_assessment_that_no_longer_holds_is_made_anew_without_a_reason() -> None:
    """第二十二条第二款: what lapsed is not repeated; what holds is linked."""
    walk = full()
    walk.until("assess_risk")
    held = {"name": "环境影响评价报告", "body": "区生态环境局", "on": "2024-04-01", "until": "2026-04-01"}
    codes = {each.code for each in walk.refusals("assess_risk", {"existing_assessment": "linked", "existing_reports": [held]})}
    assert not codes & {"D88", "D89"}
    lapsed = held | {"until": "2026-03-01"}
    codes = {each.code for each in walk.refusals("assess_risk", {"existing_assessment": "repeated", "existing_reports": [lapsed]})}
    assert not codes & {"D88", "D89"}


def test_a_day_told_long_afterwards_is_marked_in_the_score(own_db: Any) -> None:
    """补录: the act is of today, but the day it tells is not."""
    world = w.build()
    ref = w.carried_to_the_end(world)
    found = next(marking.read_matters([ref]))
    assert found.late == ()
    earlier = replace(found, facts=replace(found.facts, published_on=timezone.localdate() - timedelta(days=16)))
    assert [act.step for act in earlier.late] == ["publish"]
