"""What is decided on documents in the register: extension before the end of validity, repeal, and the two-step decision of a clean-up."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.utils import timezone

from yifa.dossiers import queries as dossiers
from yifa.kernel.calendar.terms import add_months
from yifa.normative import services, standing_queries
from yifa.normative.models import NormativeDocument
from yifa.normative.tests import world as w
from yifa.normative.tests.test_register import made
from yifa.procedures import take
from yifa.procedures.core import Refused
from yifa.procedures.reading import Ref

DECISION = "包昆政纪〔2026〕2号"
MET = {"meeting": "standing", "meeting_on": "2026-03-01", "entitled": 9, "present": 7, "adopted": True, "decision_number": DECISION}
PUBLISHED = {"openness": "public", "secrecy_reviewer": "赵样本", "secrecy_passed": True, "medium": ["portal"]}


def evaluated(world: w.World, proposal: str = "extend", **document: Any) -> Ref:
    made(world, "1", **{"valid_until": timezone.localdate() + timedelta(days=100), "code": "GFC1", **document})
    facts = {"own_document": "GFC1", "effect": "执行良好", "basis_changed": False}
    ref = take.start("normative_extension", by=world.drafter, facts=facts, key=uuid4()).ref
    w.do(ref, "propose", world.drafter, proposal=proposal, proposal_reason="仍需执行")
    return ref


def decide(world: w.World, ref: Ref, decided: str, **changed: Any) -> None:
    w.do(ref, "decide", world.chief, files=(w.file(world.chief, "纪要.docx"),), **{**MET, "decided": decided, **changed})


def publish(world: w.World, ref: Ref, **changed: Any) -> None:
    facts = {**PUBLISHED, "published_on": timezone.localdate().isoformat(), **changed}
    w.do(ref, "publish", world.clerk, files=(w.file(world.clerk, "决定.docx"),), **facts)


def test_an_extension_begins_validity_anew_from_its_publication(own_db: Any) -> None:
    world = w.build()
    ref = evaluated(world)
    with pytest.raises(Refused, match="由同级司法行政部门办理"):
        w.do(ref, "legality", world.reviewer, legality_opinion="lawful", points="无")
    w.do(ref, "legality", world.justice, legality_opinion="lawful", points="没有修改意见。")
    decide(world, ref, "extend")
    with pytest.raises(Refused, match="确定延续的有效期"):
        publish(world, ref)
    for years in (0, 6):
        with pytest.raises(Refused, match="最长5年"):
            w.do(ref, "measure", world.chief, extend_years=years)
    w.do(ref, "measure", world.chief, extend_years=3)
    publish(world, ref)
    row = NormativeDocument.objects.get()
    assert (row.valid_until, row.ended_on) == (add_months(timezone.localdate(), 36), None)
    found = dossiers.case(world.drafter, ref.code)
    assert found is not None
    assert (found.closed_at is not None, found.title) == (True, row.title)


def test_a_trial_document_is_extended_by_two_years_at_most(own_db: Any) -> None:
    world = w.build()
    ref = evaluated(world, title="昆都仑区样本管理办法（试行）")
    w.do(ref, "legality", world.justice, legality_opinion="lawful", points="无")
    decide(world, ref, "extend")
    with pytest.raises(Refused, match="最长2年"):
        w.do(ref, "measure", world.chief, extend_years=3)


def test_what_is_unlawful_is_not_extended_and_what_lapsed_neither(own_db: Any) -> None:
    world = w.build()
    ref = evaluated(world)
    w.do(ref, "legality", world.justice, legality_opinion="unlawful", points="第三条没有依据。")
    with pytest.raises(Refused, match="不合法的文件，不得延续"):
        decide(world, ref, "extend")
    services.lapse(timezone.localdate() + timedelta(days=100))
    NormativeDocument.objects.update(ended_on=timezone.localdate())
    with pytest.raises(Refused, match="已经终止"):
        decide(world, ref, "repeal")


def test_an_extension_published_after_the_end_comes_too_late(own_db: Any) -> None:
    world = w.build()
    ref = evaluated(world, valid_until=timezone.localdate())
    w.do(ref, "legality", world.justice, legality_opinion="lawful", points="无")
    decide(world, ref, "extend")
    w.do(ref, "measure", world.chief, extend_years=3)
    with pytest.raises(Refused, match="文件自动失效，不能延续"):
        publish(world, ref)


def test_a_repeal_ends_the_document_on_the_day_stated(own_db: Any) -> None:
    world = w.build()
    ref = evaluated(world, "repeal")
    w.do(ref, "legality", world.justice, legality_opinion="lawful", points="无")
    decide(world, ref, "repeal")
    day = timezone.localdate() + timedelta(days=10)
    publish(world, ref, ends_on=day.isoformat())
    row = NormativeDocument.objects.get()
    assert (row.ended_on, row.ended_by, row.ending) == (day, "repealed", DECISION)


def test_only_the_maker_evaluates_its_document(own_db: Any) -> None:
    world = w.build()
    made(world, "1", code="GFC1", valid_until=date(2030, 1, 1))
    assert standing_queries.own_documents(world.stranger.organisation) == []
    with pytest.raises(Refused, match="不是本机关制定的"):
        take.start(
            "normative_extension",
            by=world.stranger,
            facts={"own_document": "GFC1", "effect": "好", "basis_changed": False},
            key=uuid4(),
        )
