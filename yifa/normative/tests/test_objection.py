"""规范性文件异议审查 through `take`: sent, received, accepted or not, heard, reviewed by two, answered, corrected, published."""

from __future__ import annotations

import io
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connections
from django.utils import timezone
from pypdf import PdfWriter

from yifa.dossiers import queries as dossiers
from yifa.dossiers import store
from yifa.kernel.calendar.table import calendar as table
from yifa.kernel.calendar.terms import days, due, workdays
from yifa.kernel.ledger.models import Entry
from yifa.kernel.people.models import Organisation
from yifa.kernel.refusing import RejectedError
from yifa.normative import objecting, objection_queries, queries
from yifa.normative.models import NormativeDocument, Objection, Stop
from yifa.normative.objecting import Said
from yifa.normative.tests import filing_world as f
from yifa.normative.tests import objection_world as v
from yifa.normative.tests import world as w
from yifa.procedures import owing
from yifa.procedures import queries as procedures
from yifa.procedures.core import Refused
from yifa.procedures.models import Obligation
from yifa.procedures.reading import Ref


def pdf() -> bytes:
    page, out = PdfWriter(), io.BytesIO()
    page.add_blank_page(width=72, height=72)
    page.write(out)
    return out.getvalue()


PDF = pdf()
PUBLISHED: dict[str, Any] = {"openness": "public", "secrecy_reviewer": "保密员", "secrecy_passed": True, "medium": ["portal"]}


def to_receive(actor: Any) -> list[tuple[str, Any]]:
    return [(each.what, each.due_on) for each in owing.tasks(actor) if each.kind == "normative_receive"]


def owed(ref: Ref, step: str) -> Any:
    return Obligation.objects.get(dossier=ref.code, step=step, closed_seq=None).due_on


def test_an_objection_is_sealed_and_found_by_its_code_alone(own_db: Any) -> None:
    stage = v.build()
    filed = v.objected(stage, name="王样本", contact="13900001234")
    row = v.row(filed)
    assert "王样本".encode() not in bytes(row.name_sealed or b"")
    assert objection_queries.who(row) == {"name": "王样本", "contact": "13900001234"}
    assert filed.code not in str(Objection.objects.values_list("query_digest", flat=True))
    entry = Entry.objects.get(chain=f"objection:{filed.id}")
    assert (entry.step, b"13900001234" in bytes(entry.body)) == ("file", False)
    found = objection_queries.by_code(f" {filed.code.lower()} ")
    assert found is not None
    assert (found.state, found.owed, found.due_on) == ("正在形式审查", "决定是否受理", filed.due_on)
    assert filed.due_on == due(days(5), timezone.localdate(), table()).due
    assert objection_queries.by_code("0000-0000-0000") is None


def test_it_may_be_sent_to_the_reviewing_body_or_to_the_regions(own_db: Any) -> None:
    stage = v.build()
    assert objection_queries.addressees(f.CODE) == [
        (stage.first.organisation, "包头市司法局"),
        (stage.region.organisation, "内蒙古自治区司法厅"),
    ]
    there = v.objected(stage, organisation=stage.region.organisation)
    assert [each.id for each in objection_queries.to_receive(stage.region.organisation)] == [there.id]
    assert objection_queries.to_receive(stage.first.organisation) == []
    with pytest.raises(Refused, match="应当从向本机关提出"):
        v.received(stage, there)
    # It stands on the desk of the body it was sent to, with its clock, until it is received.
    assert to_receive(stage.region) == [("《昆都仑区城市养犬管理办法（试行）》（包昆政发〔2026〕3号）第八条", there.due_on)]
    assert v.received(stage, there, by=stage.region).code.startswith("150000")
    assert to_receive(stage.region) == []


@pytest.mark.parametrize(
    ("changed", "told"),
    [
        ({"clauses": " "}, "哪些条款"),
        ({"clauses": "条" * 201}, "不超过 200 字"),
        ({"reason": "不好"}, "5 到 4000 字"),
        ({"reason": "不" * 4001}, "5 到 4000 字"),
        ({"organisation": "1502030021"}, "请选择向哪个机关提出"),
        ({"document": "没有"}, "没有找到这份文件"),
        ({"files": [SimpleUploadedFile("图.png", b"<script>alert(1)</script>")]}, "不是图片、PDF"),
        ({"files": [SimpleUploadedFile("空.pdf", b"")]}, "是空的"),
        ({"files": [SimpleUploadedFile(f"{n}.pdf", PDF) for n in range(4)]}, "最多附 3 个文件"),
    ],
)
def test_what_cannot_be_taken_is_told_and_nothing_is_kept(own_db: Any, changed: dict[str, Any], told: str) -> None:
    stage = v.build()
    with pytest.raises(RejectedError, match=told):
        v.objected(stage, **changed)
    assert not Objection.objects.exists()
    assert not Entry.objects.filter(chain__startswith="objection:").exists()


def test_a_document_that_is_not_public_cannot_be_found_by_objecting(own_db: Any) -> None:
    with pytest.raises(RejectedError, match="没有找到这份文件"):
        v.objected(v.build(openness=""))


def test_a_letter_may_be_about_a_document_that_the_list_does_not_show(own_db: Any) -> None:
    stage = v.build(openness="")
    said = Said(f.CODE, stage.first.organisation, "第八条", "第八条没有上位法依据。", files=[SimpleUploadedFile("信.pdf", PDF)])
    filed = objecting.enter(said, by=stage.first, channel="letter")
    assert [each.id for each in objection_queries.to_receive(stage.first.organisation)] == [filed.id]


def test_an_attachment_is_kept_by_its_content_and_spared_by_the_sweep(own_db: Any) -> None:
    filed = v.objected(v.build(), files=[SimpleUploadedFile("../合同.png", PDF)])
    (kept,) = v.row(filed).files
    assert (kept["title"], kept["mime"]) == ("合同.png", "application/pdf")
    assert store.read(kept["sha256"]) == PDF
    assert objection_queries.is_attached(kept["sha256"])
    assert not objection_queries.is_attached("0" * 64)


def test_one_on_paper_is_entered_with_its_scan_and_its_day(own_db: Any) -> None:
    stage = v.build()
    said = Said(f.CODE, stage.first.organisation, "第八条", "第八条没有上位法依据。", files=[SimpleUploadedFile("信.pdf", PDF)])
    day = timezone.localdate() - timedelta(days=3)
    with pytest.raises(RejectedError, match="信函或者当面"):
        objecting.enter(said, by=stage.first, channel="web")
    with pytest.raises(RejectedError, match="只能登记向本机关提出的"):
        objecting.enter(said, by=stage.region, channel="letter")
    with pytest.raises(RejectedError, match="不能晚于今天"):
        objecting.enter(said, by=stage.first, channel="letter", received_on=timezone.localdate() + timedelta(days=1))
    filed = objecting.enter(said, by=stage.first, channel="letter", received_on=day)
    assert filed.due_on == due(days(5), day, table()).due
    # The five days run from the day it came, however late the case is opened.
    assert owed(v.received(stage, filed), "accept") == filed.due_on


def test_two_who_receive_the_same_objection_at_once_get_one_case(own_db: Any) -> None:
    stage = v.build()
    filed = v.objected(stage)

    def receive(by: Any) -> Ref | Refused:
        try:
            return v.received(stage, filed, by=by)
        except Refused as refused:
            return refused
        finally:
            connections.close_all()

    with ThreadPoolExecutor(2) as pool:
        found = list(pool.map(receive, (stage.first, stage.bureau.world.superior)))
    (refused,) = [each for each in found if isinstance(each, Refused)]
    assert "不重复立卷" in str(refused)


def test_what_is_not_accepted_ends_with_its_reason(own_db: Any) -> None:
    stage = v.build()
    filed = v.objected(stage)
    ref = v.received(stage, filed)
    taken = w.do(ref, "decline", stage.first, declined_for="decided", decline_reason="同一条款已经答复。")
    assert taken.documents[0]["title"] == "规范性文件异议审查不予受理告知书"
    found = objection_queries.by_code(filed.code)
    assert found is not None
    assert (found.state, found.reason, [each.title for each in found.papers]) == (
        "不予受理", "同一条款已经答复。", ["规范性文件异议审查不予受理告知书"],
    )  # fmt: skip
    with pytest.raises(Refused, match="已经“不予受理”"):
        w.do(ref, "accept", stage.first, objected_clauses="第八条", objected_points="要点")


def test_what_another_body_may_judge_is_forwarded_and_begins_anew_there(own_db: Any) -> None:
    stage = v.build()
    filed = v.objected(stage, organisation=stage.region.organisation)
    ref = v.received(stage, filed, by=stage.region)
    facts: dict[str, Any] = {"forward_way": "here", "forward_reason": "由备案审查机关办理。"}
    with pytest.raises(Refused, match="不能退转"):
        w.do(ref, "forward", stage.region, forward_to=stage.region.organisation, **facts)
    taken = w.do(ref, "forward", stage.region, forward_to=stage.first.organisation, **facts)
    assert taken.documents[0]["title"] == "规范性文件异议审查转送函"
    assert [each.id for each in objection_queries.to_receive(stage.first.organisation)] == [filed.id]
    found = objection_queries.by_code(filed.code)
    assert found is not None
    assert (found.state, found.reason) == ("正在形式审查", "内蒙古自治区司法厅已转送包头市司法局")
    assert [until for _, until in to_receive(stage.first)] == [due(days(5), timezone.localdate(), table()).due]
    back = v.received(stage, filed)
    assert to_receive(stage.first) == []
    with pytest.raises(Refused, match="不能退转"):
        w.do(back, "forward", stage.first, forward_to=stage.region.organisation, **facts)
    w.do(back, "forward", stage.first, forward_way="elsewhere", forward_name="市人大常委会", forward_reason="由其研究处理。")
    found = objection_queries.by_code(filed.code)
    assert found is not None
    assert found.state == "已转送市人大常委会"


def test_a_body_accepts_only_what_was_made_in_its_place(own_db: Any) -> None:
    stage = v.build()
    filed = v.objected(stage, organisation=stage.region.organisation)
    ref = v.received(stage, filed, by=stage.region)
    w.do(ref, "forward", stage.region, forward_way="here", forward_to="1502030009", forward_reason="由区司法局办理。")
    NormativeDocument.objects.update(maker_id=stage.first.organisation, region_id="150200")
    banner = v.received(stage, filed, by=stage.banner)
    with pytest.raises(Refused, match="不属于本机关监督的范围"):
        w.do(banner, "accept", stage.banner, objected_clauses="第八条", objected_points="要点")


def test_a_document_that_has_ended_is_reviewed_for_a_reason_only(own_db: Any) -> None:
    stage = v.build(ended_on=timezone.localdate() - timedelta(days=1), ended_by="repealed")
    with pytest.raises(Refused, match="文件已经终止，一般不再审查"):
        v.accepted(stage)


def test_sixty_days_run_from_the_acceptance_and_the_maker_is_heard(own_db: Any) -> None:
    stage = v.build()
    filed = v.objected(stage)
    ref = v.accepted(stage, filed)
    today = timezone.localdate()
    assert owed(ref, "conclude") == due(days(60), today, table()).due
    assert owed(ref, "explain") == due(days(15), today, table()).due
    assert [each.step for each in procedures.due_items(stage.maker)] == ["explain"]
    assert dossiers.case(stage.maker, ref.code) is not None
    found = objection_queries.by_code(filed.code)
    assert found is not None
    assert (found.state, found.due_on) == ("已经受理，正在审查", owed(ref, "conclude"))
    with pytest.raises(Refused, match="制定机关还没有说明"):
        w.do(ref, "review_1", stage.first, **f.answers(1))
    Obligation.objects.filter(dossier=ref.code, step="explain").update(due_on=today - timedelta(days=1))
    w.do(ref, "review_1", stage.first, **f.answers(1))


def test_two_review_and_nobody_both(own_db: Any) -> None:
    stage = v.build()
    ref = v.accepted(stage)
    w.do(ref, "explain", stage.maker, maker_statement="说明。")
    both = w.person("吴两级", Organisation.objects.get(code=stage.first.organisation), ["reviewer", "section_chief"])
    w.do(ref, "review_1", both, **f.answers(1))
    with pytest.raises(Refused, match="办理过“审查”的人员不得办理“复审”"):
        w.do(ref, "review_2", both, **f.answers(2))
    with pytest.raises(Refused, match="应当先办理“复审”"):
        w.do(ref, "conclude", stage.first, conclusion="A", opinion="无", answer="无")
    w.do(ref, "review_2", stage.bureau.chief, **f.answers(2))
    with pytest.raises(Refused, match="终审意见为A"):
        w.do(ref, "conclude", stage.first, conclusion="H", opinion="无", answer="无", transferred_to="市政府")


def test_a_lawful_document_is_answered_for_and_stays(own_db: Any) -> None:
    stage = v.build()
    filed = v.objected(stage)
    ref = v.accepted(stage, filed)
    w.do(ref, "explain", stage.maker, maker_statement="说明。")
    w.do(ref, "review_1", stage.first, **f.answers(1))
    w.do(ref, "review_2", stage.bureau.chief, **f.answers(2))
    taken = w.do(ref, "conclude", stage.first, conclusion="A", opinion="未发现问题。", answer="第八条合法。")
    assert taken.documents[0]["number"] == f"包司异答〔{timezone.localdate().year}〕1号"
    found = objection_queries.by_code(filed.code)
    assert found is not None
    assert (found.state, found.answer) == ("已经答复", "第八条合法。")
    assert [each.title for each in found.papers] == ["规范性文件异议审查受理告知书", "规范性文件异议审查答复书"]
    with pytest.raises(Refused, match="不需要公布处理结果"):
        w.do(ref, "publish", stage.first, published_result="结果", published_on=w.today(), **PUBLISHED)
    w.do(ref, "archive", stage.first)
    assert not Stop.objects.exists()


def test_a_stopped_clause_is_told_wherever_the_document_is_asked_for(own_db: Any) -> None:
    stage = v.build()
    ref = v.concluded(stage, "E", stopped_clauses="第八条")
    today = timezone.localdate()
    (answer,) = queries.ask("包昆政发〔2026〕3号", today)
    assert (answer.in_force, answer.words) == (True, "现行有效（第八条停止执行）")
    year = today.year
    assert answer.why[-1] == f"自{today:%Y-%m-%d}起停止执行第八条（包头市司法局，下位法违反上位法规定，包司异答〔{year}〕1号）"
    (before,) = queries.ask("包昆政发〔2026〕3号", today - timedelta(days=1))
    assert (before.words, before.stopped) == ("现行有效", ())
    assert [each.what for each in queries.changes(today)] == ["停止执行第八条", "公布"]
    # What was changed is published, and then only archived; the correction has its clock.
    assert owed(ref, "notify") == due(workdays(5), today, table()).due
    assert owed(ref, "publish") == due(workdays(20), today, table()).due
    w.do(ref, "notify", stage.first, demand="修改第八条。")
    w.do(ref, "correct_result", stage.maker, result="stopped", result_text="已停止执行。", result_on=w.today())
    w.do(ref, "verify", stage.first, accepted=True, verification="属实。")
    with pytest.raises(Refused, match="公布处理结果以后才能归档"):
        w.do(ref, "archive", stage.first)
    with pytest.raises(Refused, match="保密审查"):
        w.do(ref, "publish", stage.first, published_result="结果", published_on=w.today(), **{**PUBLISHED, "secrecy_passed": False})
    w.do(ref, "publish", stage.first, published_result="第八条停止执行。", published_on=w.today(), **PUBLISHED)
    w.do(ref, "archive", stage.first)


def test_a_document_that_its_maker_repeals_ends_and_the_result_is_published_then(own_db: Any) -> None:
    stage = v.build()
    ref = v.concluded(stage, "D")
    assert not Obligation.objects.filter(dossier=ref.code, step="publish").exists()
    taken = w.do(ref, "notify", stage.first, demand="废止。")
    assert taken.documents[0]["title"] == "行政规范性文件纠正通知书"
    assert owed(ref, "correct_result") == due(days(30), timezone.localdate(), table()).due
    repealed: dict[str, Any] = {"result": "repealed", "result_number": "包昆政发〔2026〕9号", "result_on": w.today()}
    w.do(ref, "correct_result", stage.maker, result_text="已废止。", **repealed)
    w.do(ref, "verify", stage.first, accepted=True, verification="属实。")
    row = NormativeDocument.objects.get(code=f.CODE)
    assert (row.ended_on, row.ended_by, row.ending) == (timezone.localdate(), "repealed", "包昆政发〔2026〕9号")
    assert owed(ref, "publish") == due(workdays(20), timezone.localdate(), table()).due


def test_a_filing_and_an_objection_may_both_stop_clauses(own_db: Any) -> None:
    stage = v.build()
    f.concluded(stage.bureau, "E", stopped_clauses="第三条")
    v.concluded(stage, "E", stopped_clauses="第八条")
    (answer,) = queries.ask("包昆政发〔2026〕3号", timezone.localdate())
    assert sorted(each.clauses for each in answer.stopped) == ["第三条", "第八条"]
