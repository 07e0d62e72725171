"""行政规范性文件制定 through `take`: another body reviews and numbers, the register is written in the act that publishes."""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client
from django.utils import timezone

from yifa.dossiers import queries as dossiers
from yifa.kernel.people.models import Person
from yifa.normative import queries as register
from yifa.normative.models import NormativeDocument
from yifa.normative.procedures.making import DocumentMaking
from yifa.normative.registering import code_of
from yifa.normative.tests import world as w
from yifa.normative.tests.world import World
from yifa.procedures import queries, take
from yifa.procedures.core import WITHDRAW, Refused
from yifa.procedures.reading import Ref

MARKS = ["qualified", "external", "rights", "unspecified", "repeated"]
PROPOSED = {
    "title": "昆都仑区城市养犬管理办法（试行）",
    "purpose": "规范养犬",
    "basis": "《动物防疫法》",
    "business": False,
    "market": False,
}
DRAFTED = {
    "explanation": "说明",
    "validity_years": 2,
    "creates": ["none"],
    "self_checked": True,
    "consult_needed": False,
    "consult_exempt_reason": "内容简单",
}
MET = {"meeting": "standing", "meeting_on": "2026-03-01", "entitled": 9, "present": 7, "adopted": True}


def propose(world: World, **changed: Any) -> Ref:
    return take.start("normative_making", by=world.drafter, facts={**PROPOSED, **changed}, key=uuid4()).ref


def until_submitted(world: World, **changed: Any) -> Ref:
    ref = propose(world, **changed)
    w.do(ref, "identify", world.reviewer, marks=MARKS, excluded="none")
    w.do(ref, "draft", world.drafter, files=(w.file(world.drafter),), **DRAFTED)
    w.do(ref, "internal_review", world.reviewer, internal_opinion="lawful")
    w.do(ref, "submit", world.drafter, files=(w.file(world.drafter),))
    return ref


def until_signed(world: World, number: str = "包昆政发〔2026〕3号", **changed: Any) -> Ref:
    ref = until_submitted(world, **changed)
    w.do(ref, "legality", world.justice, legality_opinion="lawful", points="没有修改意见。")
    w.do(ref, "handle", world.drafter, handled="无")
    w.do(ref, "deliberate", world.chief, files=(w.file(world.chief),), **MET)
    w.do(ref, "sign", world.chief, signer="孙样本", doc_number=number, effective_on="2026-12-01")
    return ref


def publish(world: World, ref: Ref, **changed: Any) -> None:
    facts = {"openness": "public", "secrecy_reviewer": "赵样本", "secrecy_passed": True, "published_on": "2026-11-20", "medium": ["portal"]}
    w.do(ref, "publish", world.clerk, files=(w.file(world.clerk),), **{**facts, **changed})


def test_the_justice_office_reviews_and_numbers_and_no_other(own_db: Any) -> None:
    world = w.build()
    ref = until_submitted(world)
    due = queries.due_items(world.justice)
    assert [(each.dossier, each.step) for each in due] == [(ref.code, "legality")]
    assert dossiers.case(world.justice, ref.code) is not None
    assert dossiers.case(world.superior, ref.code) is None
    assert dossiers.case(world.stranger, ref.code) is None
    for somebody, told in ((world.reviewer, "由同级司法行政部门办理"), (world.stranger, "由同级司法行政部门办理")):
        with pytest.raises(Refused, match=told):
            w.do(ref, "legality", somebody, legality_opinion="lawful", points="无")
    taken = w.do(ref, "legality", world.justice, legality_opinion="lawful", points="没有修改意见。")
    assert taken.documents[0]["number"] == f"包昆司法审〔{timezone.localdate().year}〕1号"
    with pytest.raises(Refused, match="本案由其他机关办理"):
        w.do(ref, "handle", world.justice, handled="无")


def test_a_document_is_registered_by_the_act_that_publishes_it(own_db: Any) -> None:
    world = w.build()
    ref = until_signed(world)
    with pytest.raises(Refused, match="应当先办理“统一登记"):
        publish(world, ref)
    numbered = w.do(ref, "unify", world.justice)
    publish(world, ref)
    row = NormativeDocument.objects.get(code=code_of(ref.code))
    assert (row.number, row.registration_number) == ("包昆政发〔2026〕3号", numbered.documents[0]["number"])
    assert (row.effective_on, row.valid_until, row.trial) == (date(2026, 12, 1), date(2028, 12, 1), True)
    w.do(ref, "report", world.drafter, materials=["report", "text", "explanation", "basis", "legality", "opinions", "minutes"])
    row.refresh_from_db()
    assert row.filed_on == timezone.localdate()
    w.do(ref, "archive", world.drafter)
    found = dossiers.case(world.drafter, ref.code)
    assert found is not None
    assert found.closed_at is not None


def test_a_number_that_is_used_is_refused_and_nothing_is_written(own_db: Any) -> None:
    world = w.build()
    for n in (1, 2):
        ref = until_signed(world)
        w.do(ref, "unify", world.justice)
        if n == 1:
            publish(world, ref)
        else:
            with pytest.raises(Refused, match="文号已经用于本机关的另一份"):
                publish(world, ref)
    assert NormativeDocument.objects.count() == 1


@pytest.mark.parametrize(
    ("changed", "told"),
    [
        ({"published_on": "2026-12-02"}, "早于公布日期"),
        ({"secrecy_passed": False}, "保密审查"),
        ({"openness": "on_request"}, "公开属性"),
        ({"medium": ["notice"]}, "政府公报或者政府网站"),
    ],
)
def test_nothing_is_published_without_its_conditions(own_db: Any, changed: dict[str, Any], told: str) -> None:
    world = w.build()
    ref = until_signed(world)
    w.do(ref, "unify", world.justice)
    with pytest.raises(Refused, match=told):
        publish(world, ref, **changed)


@pytest.mark.parametrize(
    ("step", "changed", "told"),
    [
        ("draft", {"creates": ["penalty"]}, "不得设定行政处罚"),
        ("draft", {"self_checked": False}, "不得减损"),
        ("draft", {"validity_years": 3}, "暂行”“试行”的最长二年"),
        ("draft", {"validity_years": 0}, "应当载明有效期"),
        ("identify", {"marks": MARKS[:4]}, "反复适用"),
        ("identify", {"excluded": "minutes"}, "属于排除情形"),
    ],
)
def test_what_a_document_may_not_be(own_db: Any, step: str, changed: dict[str, Any], told: str) -> None:
    world = w.build()
    ref = propose(world)
    identified: dict[str, Any] = {"marks": MARKS, "excluded": "none"}
    if step == "identify":
        with pytest.raises(Refused, match=told):
            w.do(ref, "identify", world.reviewer, **{**identified, **changed})
        return
    w.do(ref, "identify", world.reviewer, **identified)
    with pytest.raises(Refused, match=told):
        w.do(ref, "draft", world.drafter, files=(w.file(world.drafter),), **{**DRAFTED, **changed})


def test_what_concerns_business_is_always_put_before_the_public(own_db: Any) -> None:
    world = w.build()
    ref = propose(world, business=True)
    w.do(ref, "identify", world.reviewer, marks=MARKS, excluded="none")
    w.do(ref, "draft", world.drafter, files=(w.file(world.drafter),), **DRAFTED)
    with pytest.raises(Refused, match="应当先办理“反馈意见采纳情况”"):
        w.do(ref, "internal_review", world.reviewer, internal_opinion="lawful")
    with pytest.raises(Refused, match="请先发布征求意见稿"):
        w.do(ref, "consult", world.clerk)


def test_a_publication_taken_back_leaves_the_public_list_and_may_be_done_again(own_db: Any) -> None:
    world = w.build()
    ref = until_signed(world)
    w.do(ref, "unify", world.justice)
    publish(world, ref)
    assert len(register.valid_documents(date(2026, 12, 1))) == 1
    w.do(ref, WITHDRAW, world.clerk, reason="公布的文本有误")
    assert register.valid_documents(date(2026, 12, 1)) == []
    publish(world, ref, published_on="2026-11-21")
    (row,) = register.valid_documents(date(2026, 12, 1))
    assert (row.code, row.published_on, row.valid_until) == (code_of(ref.code), date(2026, 11, 21), date(2028, 12, 1))


def test_every_document_is_drawn_while_its_form_is_still_empty(own_db: Any) -> None:
    """The preview beside the form: blanks where nothing is said yet."""
    world = w.build()
    ref = until_submitted(world)
    client = Client()
    client.force_login(Person.objects.get(pk=world.drafter.person), backend="django.contrib.auth.backends.ModelBackend")
    for name, step in DocumentMaking.steps.items():
        if step.gives:
            assert client.post(f"/desk/cases/{ref.code}/preview/{name}/", {}).status_code == 200, name
