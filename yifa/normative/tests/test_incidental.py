"""行政复议附带审查规范性文件 through `take`: 行政复议法 56 to 60, whoever may judge the document."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from yifa.dossiers import queries as dossiers
from yifa.kernel.calendar.table import calendar as table
from yifa.kernel.calendar.terms import days, due, workdays
from yifa.kernel.people.models import Organisation
from yifa.normative import queries
from yifa.normative.models import NormativeDocument, Stop
from yifa.normative.tests import filing_world as f
from yifa.normative.tests import objection_world as v
from yifa.normative.tests import world as w
from yifa.procedures import queries as procedures
from yifa.procedures.core import Refused
from yifa.procedures.models import Obligation
from yifa.procedures.reading import Ref


def owed(ref: Ref, step: str) -> Any:
    return Obligation.objects.get(dossier=ref.code, step=step, closed_seq=None).due_on


def forwarded(stage: v.Stage, **changed: Any) -> Ref:
    """The banner's bureau reconsiders; the document is of the 盟市."""
    NormativeDocument.objects.update(maker_id=stage.first.organisation, region_id="150200")
    ref = v.begun(stage, by=stage.banner, competent=False)
    facts = {"forward_way": "here", "forward_to": stage.first.organisation, **changed}
    w.do(ref, "forward", stage.banner, forward_reason="市级文件，本机关无权处理。", **facts)
    return ref


def test_every_term_of_the_competent_body_runs_from_the_suspension(own_db: Any) -> None:
    stage = v.build()
    suspended = timezone.localdate() - timedelta(days=6)
    ref = v.begun(stage, suspended_on=suspended.isoformat())
    assert owed(ref, "notify_maker") == due(workdays(3), suspended, table()).due
    assert owed(ref, "decide") == due(days(30), suspended, table()).due
    assert not Obligation.objects.filter(dossier=ref.code, step="forward").exists()
    taken = w.do(ref, "notify_maker", stage.first)
    assert taken.documents[0]["title"] == "规范性文件附带审查通知书"
    # The maker's ten working days run from the notice, not from the suspension.
    assert owed(ref, "answer") == due(workdays(10), timezone.localdate(), table()).due
    assert [each.step for each in procedures.due_items(stage.maker)] == ["answer"]


def test_the_one_who_asked_stays_out_of_the_facts(own_db: Any) -> None:
    stage = v.build()
    ref = v.begun(stage)
    found = dossiers.case(stage.first, ref.code)
    assert found is not None
    assert found.title == "昆都仑区城市养犬管理办法（试行）"
    assert "样本商行" not in str(found.facts)


@pytest.mark.parametrize(
    ("changed", "told"),
    [
        ({"suspended_on": (timezone.localdate() + timedelta(days=1)).isoformat()}, "中止日期不能晚于今天"),
        ({"questioned_document": "没有登记的编码"}, "应当从列出的清单中选择"),
        ({"questioned_document": "GF0000"}, "没有在登记簿中找到"),
        ({"competent": False}, "与所选不符，请核对"),
        (
            {
                "registered": False, "questioned_document": None, "title": "样本办法", "document_number": "样〔2020〕1号",
                "document_maker": "样本部",
            },
            "应当先在登记簿补登",
        ),
    ],
)  # fmt: skip
def test_what_does_not_fit_is_not_registered(own_db: Any, changed: dict[str, Any], told: str) -> None:
    stage = v.build()
    with pytest.raises(Refused, match=told):
        v.begun(stage, **{"suspended_on": w.today(), **changed})


def test_the_maker_answers_before_the_handler_judges_and_two_decide(own_db: Any) -> None:
    stage = v.build()
    ref = v.begun(stage)
    with pytest.raises(Refused, match="应当先办理“书面通知制定机关”"):
        w.do(ref, "examine", stage.first, examined="lawful", examined_opinion="合法")
    w.do(ref, "notify_maker", stage.first)
    with pytest.raises(Refused, match="制定机关还没有书面答复"):
        w.do(ref, "examine", stage.first, examined="lawful", examined_opinion="合法")
    with pytest.raises(Refused, match="由制定机关办理"):
        w.do(ref, "answer", stage.bureau.world.stranger, maker_statement="答复")
    w.do(ref, "hear_maker", stage.first, heard_on=w.today(), heard="当面说明。")
    w.do(ref, "answer", stage.maker, maker_statement="答复")
    w.do(ref, "examine", stage.first, examined="lawful", examined_opinion="合法")
    both = w.person("吴两级", Organisation.objects.get(code=stage.first.organisation), ["reviewer", "director"])
    with pytest.raises(Refused, match="处（科）长"):
        w.do(ref, "decide", stage.first, **v.found("lawful"))
    with pytest.raises(Refused, match="与承办人的审查意见不同"):
        w.do(ref, "decide", both, **v.found("unlawful"))
    w.do(ref, "decide", both, **v.found("unlawful"), differs="第八条增设了义务。")


def test_an_answer_on_paper_stands_for_the_makers_own(own_db: Any) -> None:
    stage = v.build()
    ref = v.begun(stage)
    w.do(ref, "notify_maker", stage.first)
    w.do(ref, "record_answer", stage.first, files=(w.file(stage.first, "答复.docx"),), maker_statement="书面答复要点。")
    assert not Obligation.objects.filter(dossier=ref.code, step="answer", closed_seq=None).exists()
    w.do(ref, "examine", stage.first, examined="lawful", examined_opinion="合法")


def test_a_lawful_clause_is_told_with_the_decision_on_the_case(own_db: Any) -> None:
    stage = v.build()
    ref = v.decided(stage, "lawful")
    assert not Stop.objects.exists()
    with pytest.raises(Refused, match="没有条款停止执行"):
        w.do(ref, "notify", stage.first, clauses="第八条", demand="修改")
    with pytest.raises(Refused, match="不能早于中止日期"):
        w.do(ref, "resume", stage.first, resumed_on=(timezone.localdate() - timedelta(days=1)).isoformat(), told="告知")
    w.do(ref, "resume", stage.first, resumed_on=w.today(), told="在复议决定书中一并告知相关条款合法。")
    w.do(ref, "archive", stage.first)


def test_a_clause_against_higher_law_is_stopped_and_its_correction_has_a_clock(own_db: Any) -> None:
    stage = v.build()
    ref = v.decided(stage)
    today = timezone.localdate()
    stop = Stop.objects.get()
    assert (stop.dossier, stop.document_id, stop.clauses, stop.since, stop.by) == (ref.code, f.CODE, "第八条", today, "包头市司法局")
    assert stop.ground == f"下位法违反上位法规定，包司附审〔{today.year}〕1号"
    (answer,) = queries.ask("包昆政发〔2026〕3号", today)
    assert answer.words == "现行有效（第八条停止执行）"
    with pytest.raises(Refused, match="不能终止"):
        w.do(ref, "abandon", stage.first, abandon_reason="撤回")
    taken = w.do(ref, "notify", stage.first, clauses="第八条", demand="修改第八条。")
    assert taken.documents[0]["title"] == "行政规范性文件纠正通知书"
    assert owed(ref, "correct_result") == due(days(30), today, table()).due
    w.do(ref, "resume", stage.first, resumed_on=w.today(), told="已告知。")
    with pytest.raises(Refused, match="还没有完成纠正"):
        w.do(ref, "archive", stage.first)
    w.do(ref, "correct_result", stage.maker, result="explained", result_text="暂不修改。")
    w.do(ref, "verify", stage.first, accepted=False, verification="理由不成立。")
    w.do(ref, "notify", stage.first, clauses="第八条", demand="请修改。")
    amended: dict[str, Any] = {"result": "amended", "result_number": "包昆政发〔2026〕9号", "result_on": w.today()}
    w.do(ref, "correct_result", stage.maker, result_text="已修改。", **amended)
    w.do(ref, "verify", stage.bureau.chief, accepted=True, verification="属实。")
    row = NormativeDocument.objects.get(code=f.CODE)
    assert (row.ended_by, row.ending) == ("replaced", "包昆政发〔2026〕9号")
    w.do(ref, "archive", stage.first)


def test_what_may_not_be_judged_is_forwarded_in_seven_working_days(own_db: Any) -> None:
    stage = v.build()
    NormativeDocument.objects.update(maker_id=stage.first.organisation, region_id="150200")
    with pytest.raises(Refused, match="与所选不符，请核对"):
        v.begun(stage, by=stage.banner, competent=True)
    ref = v.begun(stage, by=stage.banner, competent=False)
    assert owed(ref, "forward") == due(workdays(7), timezone.localdate(), table()).due
    steps: dict[str, dict[str, Any]] = {"notify_maker": {}, "examine": {"examined": "lawful", "examined_opinion": "合法"}}
    for step, facts in steps.items():
        with pytest.raises(Refused, match="无权处理这份文件"):
            w.do(ref, step, stage.banner, **facts)


def test_the_body_it_was_forwarded_to_replies_and_follows_the_correction(own_db: Any) -> None:
    stage = v.build()
    ref = forwarded(stage)
    today = timezone.localdate()
    assert owed(ref, "reply") == due(days(60), today, table()).due
    assert [each.step for each in procedures.due_items(stage.first)] == ["reply"]
    with pytest.raises(Refused, match="由有权处理的机关"):
        w.do(ref, "reply", stage.banner_chief, **v.found())
    taken = w.do(ref, "reply", stage.bureau.director, **v.found())
    assert taken.documents[0]["number"] == f"包司附审〔{today.year}〕1号"
    assert (Stop.objects.get().by, Stop.objects.get().document_id) == ("包头市司法局", f.CODE)
    # Whoever may judge follows the correction; the one that reconsiders goes on with its case.
    with pytest.raises(Refused, match="由有权处理的机关"):
        w.do(ref, "notify", stage.banner, clauses="第八条", demand="修改")
    w.do(ref, "notify", stage.first, clauses="第八条", demand="修改")
    w.do(ref, "resume", stage.banner, resumed_on=w.today(), told="已告知。")


def test_a_reply_from_outside_is_registered_and_stops_as_of_its_day(own_db: Any) -> None:
    stage = v.build()
    ref = forwarded(stage, forward_way="elsewhere", forward_to=None, forward_name="样本部")
    yesterday = timezone.localdate() - timedelta(days=1)
    reply = {**v.found(), "reply_number": "样部函〔2026〕5号"}
    files, day = (w.file(stage.banner),), (timezone.localdate() + timedelta(days=1)).isoformat()
    with pytest.raises(Refused, match="日期不能晚于今天"):
        w.do(ref, "record_reply", stage.banner, files=files, replied_on=day, **reply)
    w.do(ref, "record_reply", stage.banner, files=(w.file(stage.banner),), replied_on=yesterday.isoformat(), **reply)
    stop = Stop.objects.get()
    assert (stop.since, stop.by, stop.ground) == (yesterday, "样本部", "下位法违反上位法规定，样部函〔2026〕5号")
    w.do(ref, "resume", stage.banner, resumed_on=w.today(), told="已告知。")
    w.do(ref, "archive", stage.banner)


def test_a_document_that_nobody_registered_goes_elsewhere(own_db: Any) -> None:
    stage = v.build()
    unknown: dict[str, Any] = {"title": "样本部办法", "document_number": "样部发〔2020〕1号", "document_maker": "样本部"}
    ref = v.begun(stage, registered=False, questioned_document=None, competent=False, **unknown)
    with pytest.raises(Refused, match="应当先在登记簿补登"):
        w.do(ref, "forward", stage.first, forward_way="here", forward_to=stage.region.organisation, forward_reason="无权处理")
    taken = w.do(ref, "forward", stage.first, forward_way="elsewhere", forward_name="样本部", forward_reason="无权处理")
    assert taken.documents[0]["title"] == "规范性文件附带审查转送函"
    files = (w.file(stage.first),)
    w.do(ref, "record_reply", stage.first, files=files, replied_on=w.today(), reply_number="样部函〔2026〕5号", **v.found())
    assert not Stop.objects.exists()


def test_a_reconsideration_that_ends_takes_the_review_with_it(own_db: Any) -> None:
    stage = v.build()
    ref = v.begun(stage)
    w.do(ref, "abandon", stage.first, abandon_reason="申请人撤回行政复议申请。")
    assert not Obligation.objects.filter(dossier=ref.code, closed_seq=None).exists()
