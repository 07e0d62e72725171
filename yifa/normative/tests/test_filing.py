"""行政规范性文件备案审查 through `take`: registration, four levels, one conclusion, and what the maker owes after it."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import date, datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.db import connection, connections
from django.utils import timezone

from yifa.documents.models import Document
from yifa.dossiers import queries as dossiers
from yifa.kernel.calendar.table import calendar as table
from yifa.kernel.calendar.terms import days, due
from yifa.kernel.parameters.queries import parameters
from yifa.kernel.people.actors import Actor
from yifa.kernel.people.models import Organisation
from yifa.normative import filing_queries
from yifa.normative.case import DocumentFacts
from yifa.normative.models import Filing, NormativeDocument
from yifa.normative.procedures.filing import DocumentFiling
from yifa.normative.tests import filing_world as f
from yifa.normative.tests import world as w
from yifa.procedures import core, queries, take
from yifa.procedures.core import BEIJING, Done, Refused
from yifa.procedures.models import Obligation
from yifa.procedures.reading import Ref
from yifa.procedures.take import resolver


def bureau_with_document(**changed: Any) -> f.Bureau:
    bureau = f.build()
    f.document(bureau.world, **changed)
    return bureau


def test_a_document_is_received_by_the_body_it_was_handed_in_to(own_db: Any) -> None:
    bureau = bureau_with_document()
    assert [code for code, _ in filing_queries.waiting(bureau.first.organisation)] == [f.CODE]
    assert filing_queries.waiting(bureau.world.justice.organisation) == []
    with pytest.raises(Refused, match="不由本机关审查"):
        f.receive(bureau, by=bureau.world.justice)
    ref = f.receive(bureau)
    assert filing_queries.waiting(bureau.first.organisation) == []
    row = Filing.objects.get(document=f.CODE)
    assert (row.dossier, row.received_on, row.conclusion) == (ref.code, timezone.localdate(), "")
    found = dossiers.case(bureau.first, ref.code)
    assert found is not None
    assert found.title == "昆都仑区城市养犬管理办法（试行）"
    with pytest.raises(Refused, match="不重复立卷"):
        f.receive(bureau)


def test_a_departments_document_is_reviewed_at_its_own_level(own_db: Any) -> None:
    bureau = bureau_with_document(maker="1502030021")
    with pytest.raises(Refused, match="不由本机关审查"):
        f.receive(bureau)
    assert f.receive(bureau, by=bureau.world.justice).code.startswith("150203")


def test_what_was_not_handed_in_is_not_received(own_db: Any) -> None:
    bureau = bureau_with_document(filed_on=None)
    with pytest.raises(Refused, match="没有报送的，应当通知制定机关限期报送"):
        f.receive(bureau)


def test_two_who_receive_the_same_document_at_once_get_one_dossier(own_db: Any) -> None:
    bureau = bureau_with_document()

    def receive(by: Any) -> Ref | Refused:
        try:
            return f.receive(bureau, by=by)
        except Refused as refused:
            return refused
        finally:
            connections.close_all()

    other = bureau.world.superior
    with ThreadPoolExecutor(2) as pool:
        found = list(pool.map(receive, (bureau.first, other)))
    refused = [each for each in found if isinstance(each, Refused)]
    assert len(refused) == 1
    assert "不重复立卷" in str(refused[0])
    assert Filing.objects.count() == 1


def test_missing_material_waits_for_the_maker(own_db: Any) -> None:
    bureau = bureau_with_document()
    ref = f.receive(bureau, materials=["report", "text"])
    with pytest.raises(Refused, match="缺起草说明、制定依据"):
        w.do(ref, "register", bureau.first)
    w.do(ref, "supplement", bureau.first, supplement_list="请补充起草说明、制定依据。")
    with pytest.raises(Refused, match="暂缓办理备案登记"):
        w.do(ref, "register", bureau.first)
    with pytest.raises(Refused, match="补正以前"):
        w.do(ref, "supplement", bureau.first, supplement_list="再补。")
    owed = [(each.step, each.dossier) for each in queries.due_items(bureau.maker)]
    assert owed == [("supplement_answer", ref.code)]
    with pytest.raises(Refused, match="由制定机关办理"):
        w.do(ref, "supplement_answer", bureau.world.stranger, materials=f.MATERIALS, supplement_note="补")
    w.do(ref, "supplement_answer", bureau.maker, materials=["report", "text"], supplement_note="补了一部分。")
    # A second round has a term of its own.
    w.do(ref, "supplement", bureau.first, supplement_list="还缺制定依据。")
    assert Obligation.objects.filter(step="supplement_answer", closed_seq=None).count() == 1
    w.do(ref, "supplement_answer", bureau.maker, materials=f.MATERIALS, supplement_note="补齐。")
    assert not Obligation.objects.filter(step="supplement_answer", closed_seq=None).exists()
    with pytest.raises(Refused, match="没有新的补正通知"):
        w.do(ref, "supplement_answer", bureau.maker, materials=f.MATERIALS, supplement_note="又补。")
    taken = w.do(ref, "register", bureau.first)
    assert taken.documents[0]["number"] == f"包司备登〔{timezone.localdate().year}〕1号"


def test_what_is_no_normative_document_is_not_registered(own_db: Any) -> None:
    bureau = bureau_with_document()
    ref = f.receive(bureau)
    w.do(ref, "decline", bureau.first, decline_reason="属于内部管理制度。")
    with pytest.raises(Refused, match="本案已经“不予备案登记”"):
        w.do(ref, "register", bureau.first)


def test_four_levels_review_in_turn_and_nobody_twice(own_db: Any) -> None:
    bureau = bureau_with_document()
    ref = f.registered(bureau)
    with pytest.raises(Refused, match="应当先办理“初审”"):
        f.review(bureau, ref, 2)
    f.review(bureau, ref, 1)
    both = w.person("吴两级", Organisation.objects.get(code=bureau.first.organisation), ["reviewer", "section_chief", "director"])
    with pytest.raises(Refused, match="处（科）长办理"):
        w.do(ref, "review_2", bureau.deputy, **f.answers(2))
    w.do(ref, "review_2", both, **f.answers(2))
    f.review(bureau, ref, 3)
    with pytest.raises(Refused, match="办理过“复审”的人员不得办理“终审”"):
        w.do(ref, "review_4", both, **f.answers(4))
    with pytest.raises(Refused, match="应当先办理“终审”"):
        w.do(ref, "conclude", bureau.first, conclusion="A", opinion="没有问题。")
    f.review(bureau, ref, 4)
    taken = w.do(ref, "conclude", bureau.first, conclusion="A", opinion="未发现问题。")
    assert taken.documents[0]["title"] == "行政规范性文件备案审查意见书"
    w.do(ref, "sign_for", bureau.maker, signed_for_by="李样本")
    w.do(ref, "archive", bureau.first)
    row = Filing.objects.get(dossier=ref.code)
    assert (row.registered_on, row.concluded_on, row.conclusion) == (timezone.localdate(), timezone.localdate(), "A")


@pytest.mark.parametrize(
    ("level", "proposal", "changed", "told"),
    [
        (1, "D", {"superior": ("problem", "")}, "应当写明条款、问题和依据；还没有写的有：与上位法是否抵触"),
        (1, "A", {"wording": ("minor", "标点")}, "有瑕疵的，备案时应当提醒"),
        (1, "B", {"wording": ("minor", "标点")}, ""),
        (1, "A", {"superior": ("problem", "第八条")}, "有问题的，不能准予备案"),
        (1, "B", {"superior": ("problem", "第八条")}, "有问题的，不能准予备案"),
        (1, "D", {}, "没有发现问题的，不提出纠正"),
        (1, "D", {"superior": ("problem", "第八条")}, ""),
        (1, "C", {"procedure": ("problem", "缺审议纪要")}, ""),
        (1, "A", {"found": ["penalty"]}, "“是否超越权限”应当答“有问题”"),
        (1, "D", {"found": ["coercion"], "powers": ("problem", "第九条")}, ""),
        (1, "B", {"found": ["licence"], "powers": ("problem", "第九条")}, "有问题的，不能准予备案"),
    ],
)
def test_what_a_level_may_propose(own_db: Any, level: int, proposal: str, changed: dict[str, Any], told: str) -> None:
    bureau = bureau_with_document()
    ref = f.registered(bureau)
    if told:
        with pytest.raises(Refused, match=told):
            f.review(bureau, ref, level, proposal, **changed)
    else:
        f.review(bureau, ref, level, proposal, **changed)


def test_a_level_confirms_the_one_below_or_says_why_not(own_db: Any) -> None:
    bureau = bureau_with_document()
    ref = f.registered(bureau)
    f.review(bureau, ref, 1, "D", superior=("problem", "第八条超出上位法规定的幅度"))
    # Confirming needs no word; changing does, in either direction.
    with pytest.raises(Refused, match="还没有写的有：与上位法是否抵触"):
        f.review(bureau, ref, 2, "A")
    with pytest.raises(Refused, match="还没有写的有：文字格式"):
        f.review(bureau, ref, 2, "D", superior=("problem", ""), wording=("minor", ""))
    f.review(bureau, ref, 2, "D", superior=("problem", ""))
    f.review(bureau, ref, 3, "A", superior=("sound", "第八条在幅度以内"))
    f.review(bureau, ref, 4, "A")
    with pytest.raises(Refused, match="审查结论应当与终审意见一致；终审意见为A"):
        w.do(ref, "conclude", bureau.first, conclusion="D", opinion="x", legal_ground="against_superior", clauses="第八条")


def test_a_form_begins_with_the_answers_of_the_level_below(own_db: Any) -> None:
    bureau = bureau_with_document()
    ref = f.registered(bureau)
    f.review(bureau, ref, 1, "D", superior=("problem", "第八条"), found=["none"])
    found = dossiers.case(bureau.chief, ref.code)
    assert found is not None
    course = queries.course(found, at=timezone.now())
    begun = course.context.initial(course.procedure.steps["review_2"], course.case)
    assert (begun["superior_2"], begun["wording_2"], begun["proposal_2"], begun["found_2"]) == ("problem", "sound", "D", ["none"])
    assert not course.context.initial(course.procedure.steps["review_3"], course.case)


def test_the_whole_review_is_due_in_sixty_days_and_each_level_in_its_own(own_db: Any) -> None:
    bureau = bureau_with_document()
    ref = f.registered(bureau)
    today, calendar = timezone.localdate(), table()
    open_ = {row.step: row.due_on for row in Obligation.objects.filter(dossier=ref.code, closed_seq=None)}
    assert open_ == {"review_1": due(days(25), today, calendar).due, "conclude": due(days(60), today, calendar).due}
    f.review(bureau, ref, 1)
    open_ = {row.step: row.due_on for row in Obligation.objects.filter(dossier=ref.code, closed_seq=None)}
    assert open_ == {"review_2": due(days(12), today, calendar).due, "conclude": due(days(60), today, calendar).due}


def test_an_extension_is_approved_once_and_moves_the_last_day(own_db: Any) -> None:
    bureau = bureau_with_document()
    ref = f.registered(bureau)
    with pytest.raises(Refused, match="应当先办理“征求有关机关意见”"):
        w.do(ref, "extend", bureau.deputy, extension_days=30, extension_reason="疑难")
    w.do(ref, "consult", bureau.first, consulted_bodies="包头市公安局", consulted_about="第八条")
    for number in (0, 61):
        with pytest.raises(Refused, match="不超过六十日"):
            w.do(ref, "extend", bureau.deputy, extension_days=number, extension_reason="疑难")
    with pytest.raises(Refused, match="分管副厅（局）长办理"):
        w.do(ref, "extend", bureau.first, extension_days=30, extension_reason="疑难")
    w.do(ref, "extend", bureau.deputy, extension_days=30, extension_reason="疑难")
    last = due(days(90), timezone.localdate(), table()).due
    rows = Obligation.objects.filter(dossier=ref.code, step="conclude")
    assert [(row.due_on, row.met_on) for row in rows.filter(closed_seq=None)] == [(last, None)]
    assert rows.count() == 2
    with pytest.raises(Refused, match="不重复办理"):
        w.do(ref, "extend", bureau.deputy, extension_days=30, extension_reason="疑难")


def test_a_correction_needs_its_clauses_and_ground(own_db: Any) -> None:
    bureau = bureau_with_document()
    ref = f.registered(bureau)
    f.reviewed(bureau, ref, "D", superior=("problem", "第八条"))
    for missing in ("legal_ground", "clauses"):
        stated: dict[str, Any] = {"conclusion": "D", "opinion": "应当改正。", "legal_ground": "beyond_powers", "clauses": "第八条"}
        del stated[missing]
        with pytest.raises(Refused, match="请填写"):
            w.do(ref, "conclude", bureau.first, **stated)
    w.do(ref, "conclude", bureau.first, conclusion="D", opinion="应当改正。", legal_ground="beyond_powers", clauses="第八条")


def test_a_correction_is_ordered_answered_and_verified(own_db: Any) -> None:
    bureau = bureau_with_document()
    ref = f.concluded(bureau, "D")
    with pytest.raises(Refused, match="应当先办理“发出纠正通知”"):
        w.do(ref, "correct_result", bureau.maker, result="explained", result_text="不改")
    with pytest.raises(Refused, match="不能归档"):
        w.do(ref, "archive", bureau.first)
    w.do(ref, "notify", bureau.first, demand="修改第八条。")
    with pytest.raises(Refused, match="已经发出通知，请等待"):
        w.do(ref, "notify", bureau.first, demand="修改第八条。")
    assert [each.step for each in queries.due_items(bureau.maker)] == ["correct_result"]
    with pytest.raises(Refused, match="期限还没有届满"):
        w.do(ref, "circulate", bureau.chief, circular="逾期。")
    w.do(ref, "correct_result", bureau.maker, result="explained", result_text="认为没有问题。")
    w.do(ref, "verify", bureau.chief, accepted=False, verification="理由不成立。")
    w.do(ref, "notify", bureau.first, demand="再次通知：修改第八条。")
    today = f.on(timezone.localdate())
    w.do(
        ref, "correct_result", bureau.maker, result="repealed", result_text="已废止。", result_number="包昆政发〔2026〕9号", result_on=today
    )
    with pytest.raises(Refused, match="不能归档"):
        w.do(ref, "archive", bureau.first)
    w.do(ref, "verify", bureau.chief, accepted=True, verification="属实。")
    row = NormativeDocument.objects.get(code=f.CODE)
    assert (row.ended_on, row.ended_by, row.ending) == (timezone.localdate(), "repealed", "包昆政发〔2026〕9号")
    w.do(ref, "archive", bureau.first)


def backdate(ref: Ref, step: str, by_days: int) -> None:
    """As if the deadline had been set so many days earlier: the row is what the register looks at."""
    Obligation.objects.filter(dossier=ref.code, step=step, closed_seq=None).update(due_on=timezone.localdate() - timedelta(days=by_days))


def test_who_does_not_correct_is_named_and_the_document_revoked(own_db: Any) -> None:
    bureau = bureau_with_document()
    ref = f.concluded(bureau, "D")
    w.do(ref, "notify", bureau.first, demand="修改第八条。")
    backdate(ref, "correct_result", 0)
    with pytest.raises(Refused, match="期限还没有届满"):
        w.do(ref, "circulate", bureau.chief, circular="逾期未纠正。")
    with pytest.raises(Refused, match="应当先办理“通报”"):
        w.do(ref, "propose_revocation", bureau.director, proposed_to="包头市人民政府", revocation_reason="逾期")
    backdate(ref, "correct_result", 1)
    w.do(ref, "circulate", bureau.chief, circular="逾期未纠正。")
    w.do(ref, "propose_revocation", bureau.director, proposed_to="包头市人民政府", revocation_reason="通报后仍未纠正")
    told: dict[str, Any] = {"revoked_by": "包头市人民政府", "revocation_number": "包府发〔2026〕7号"}
    with pytest.raises(Refused, match="不能晚于今天"):
        w.do(ref, "record_revocation", bureau.first, revoked_on=f.on(timezone.localdate() + timedelta(days=1)), **told)
    w.do(ref, "record_revocation", bureau.first, revoked_on=f.on(timezone.localdate()), **told)
    row = NormativeDocument.objects.get(code=f.CODE)
    assert (row.ended_on, row.ended_by) == (timezone.localdate(), "revoked")
    w.do(ref, "archive", bureau.first)


def test_a_clause_is_stopped_or_the_document_revoked_by_the_conclusion(own_db: Any) -> None:
    bureau = bureau_with_document()
    ref = f.concluded(bureau, "E", stopped_clauses="第八条")
    row = NormativeDocument.objects.get(code=f.CODE)
    found = row.stops.get()
    assert (found.dossier, found.since, found.clauses, row.ended_on) == (ref.code, timezone.localdate(), "第八条", None)
    assert (found.by, found.ground) == ("包头市司法局", f"下位法违反上位法规定，包司备审〔{timezone.localdate().year}〕1号")


def test_a_revocation_by_the_competent_government_ends_the_document(own_db: Any) -> None:
    bureau = bureau_with_document()
    decided = {"decision": "revoke", "decided_by": "包头市人民政府", "decision_number": "包府发〔2026〕7号"}
    f.concluded(bureau, "F", decided_on=f.on(timezone.localdate()), **decided)
    row = NormativeDocument.objects.get(code=f.CODE)
    assert (row.ended_on, row.ended_by, row.ending) == (timezone.localdate(), "revoked", "包头市人民政府包府发〔2026〕7号")


def test_what_is_to_be_completed_comes_back_from_the_maker(own_db: Any) -> None:
    bureau = bureau_with_document()
    ref = f.concluded(bureau, "C")
    w.do(ref, "notify", bureau.first, demand="补充审议纪要。")
    assert [each.step for each in queries.due_items(bureau.maker)] == ["correct_result"]
    w.do(ref, "correct_result", bureau.maker, result="explained", result_text="已补充纪要。")
    w.do(ref, "verify", bureau.chief, accepted=True, verification="属实。")
    w.do(ref, "archive", bureau.first)


def test_two_reviewers_who_decide_at_once_one_wins_and_the_other_is_told(own_db: Any) -> None:
    bureau = bureau_with_document()
    ref = f.registered(bureau)
    other = w.person("周初审", Organisation.objects.get(code=bureau.first.organisation), ["reviewer"])

    def first(by: Any) -> str:
        try:
            take.take(ref, "review_1", by=by, facts=f.answers(1), key=uuid4(), seen_seq=2)
        except Refused as refused:
            return str(refused)
        finally:
            connections.close_all()
        return ""

    with ThreadPoolExecutor(2) as pool:
        found = sorted(pool.map(first, (bureau.first, other)))
    assert found[0] == ""
    assert "本案有了新的办理" in found[1]
    assert "初审" in found[1]


def test_list_and_detail_agree_for_maker_and_reviewers(own_db: Any) -> None:
    bureau = bureau_with_document()
    ref = f.receive(bureau, materials=["report"])
    everybody = (bureau.first, bureau.chief, bureau.deputy, bureau.director, bureau.maker, bureau.world.stranger, bureau.world.justice)

    def seen() -> list[bool]:
        listed = [ref.code in {row.code for row in dossiers.cases(each).rows} for each in everybody]
        assert listed == [dossiers.case(each, ref.code) is not None for each in everybody]
        return listed

    assert seen() == [True, True, True, True, False, False, False]
    w.do(ref, "supplement", bureau.first, supplement_list="请补充。")
    assert seen() == [True, True, True, True, True, False, False]


def test_the_maker_cannot_undo_what_the_bureau_did(own_db: Any) -> None:
    bureau = bureau_with_document()
    ref = f.receive(bureau, materials=["report"])
    w.do(ref, "supplement", bureau.first, supplement_list="请补充。")
    kernel: tuple[tuple[str, dict[str, Any]], ...] = (
        ("_return", {"seq": 2, "reason": "不补"}),
        ("_hand_over", {"to": [bureau.maker.person], "reason": "我来办"}),
    )
    for act, facts in kernel:
        with pytest.raises(Refused, match="本案由其他机关办理"):
            w.do(ref, act, bureau.world.reviewer if act == "_return" else bureau.maker, **facts)


def test_a_level_that_was_sent_back_is_done_again(own_db: Any) -> None:
    bureau = bureau_with_document()
    ref = f.registered(bureau)
    f.review(bureau, ref, 1)
    w.do(ref, "_return", bureau.chief, seq=3, reason="第八条没有审查。")
    with pytest.raises(Refused, match="应当先办理“初审”"):
        f.review(bureau, ref, 2)
    f.review(bureau, ref, 1, "D", superior=("problem", "第八条"))
    f.review(bureau, ref, 2, "D", superior=("problem", ""))


def test_every_paper_states_what_it_must(own_db: Any) -> None:
    bureau = bureau_with_document()
    ref = f.concluded(bureau, "D")
    w.do(ref, "notify", bureau.first, demand="修改第八条。")
    year = timezone.localdate().year
    numbers = list(Document.objects.filter(dossier=ref.code).order_by("seq").values_list("number", flat=True))
    assert numbers == [f"包司备登〔{year}〕1号", f"包司备审〔{year}〕1号", f"包司备纠〔{year}〕1号"]
    with connection.cursor() as cursor:
        cursor.execute("SELECT number FROM dossiers_dossier WHERE code = %s", [ref.code])
        assert cursor.fetchone() == (numbers[0],)


def test_sixty_days_over_the_national_holiday_end_on_the_next_working_day(own_db: Any) -> None:
    """登记 on 2026-08-04: the sixtieth day is 2026-10-03, in the holiday; the review is due on the first working day after it."""
    at = datetime(2026, 8, 4, 10, tzinfo=BEIJING)
    acts = [Done(n, name, at, at, "x") for n, name in enumerate(("receive", "register"), 1)]
    found = core.duties(
        DocumentFiling, core.fold(DocumentFiling, acts), DocumentFacts(at=at), table(), resolver("150200", "", at, parameters())
    )
    last = {duty.step.name: duty.due for duty in found}
    assert last["conclude"].due_unrolled == date(2026, 10, 3)
    assert last["conclude"].due == date(2026, 10, 8)
    assert last["review_1"].due == date(2026, 8, 31)  # the twenty-fifth day, 2026-08-29, is a Saturday


def test_the_desk_offers_what_waits_for_what_its_own_form_asks(own_db: Any) -> None:
    """The conclusion must be that of 终审, an extension must be measured: neither can be so before it is stated."""
    bureau = bureau_with_document()
    ref = f.registered(bureau)
    w.do(ref, "consult", bureau.first, consulted_bodies="市公安局", consulted_about="第四条")
    assert "extend" in offered(bureau.deputy, ref)
    f.reviewed(bureau, ref)
    assert "conclude" in offered(bureau.first, ref)
    with pytest.raises(Refused, match="应当与终审意见一致"):
        w.do(ref, "conclude", bureau.first, conclusion="B", opinion="意见如上。")


def offered(actor: Actor, ref: Ref) -> set[str]:
    """The steps that the case's page gives this actor a button for."""
    dossier = dossiers.case(actor, ref.code)
    assert dossier is not None
    course = queries.course(dossier, at=timezone.now())
    return {each.step.name for each in queries.next_steps(course, actor) if not each.findings}
