"""The documents of a matter as they are printed: what each must say, and that a step may give several."""

from __future__ import annotations

import re
from datetime import timedelta
from io import BytesIO
from typing import Any

import pytest
from django.test import Client
from pypdf import PdfReader

from yifa.decisions import telling
from yifa.decisions.procedures.major import MajorDecision
from yifa.decisions.tests import world as w
from yifa.documents.models import Document
from yifa.documents.words import date_text
from yifa.dossiers import queries as dossiers
from yifa.dossiers import store
from yifa.kernel.ledger.models import Entry
from yifa.kernel.people.models import Person
from yifa.participation.models import Consultation
from yifa.procedures import queries
from yifa.procedures.core import Refused
from yifa.procedures.reading import Ref


def printed(ref: Ref, title: str) -> str:
    """The text of the newest document of this 题名, without white space."""
    row = Document.objects.filter(dossier=ref.code, title=title).order_by("-seq").first()
    assert row is not None, title
    pages = PdfReader(BytesIO(store.path(row.sha256).read_bytes())).pages
    return re.sub(r"\s", "", "".join(page.extract_text() for page in pages))


def test_a_proposal_gives_the_letter_that_asks_the_government_to_begin(own_db: Any) -> None:
    """第十条: it goes to the deciding organ, numbered, with its enclosures, and asks one thing."""
    world = w.build()
    ref = w.propose(world, signer="李样本")
    text = printed(ref, "重大行政决策启动请示")
    row = Document.objects.get(dossier=ref.code)
    assert (row.seq, row.number) == (1, f"包昆建决请〔{w.today().year}〕1号")
    assert re.sub(r"\s", "", row.number) in text
    for part in ("签发人：李样本", "昆都仑区人民政府：", "管网老化，冬季爆管多", "三年改造一百二十公里", "妥否，请批示。", "附件："):
        assert part in text, part
    assert text.index("昆都仑区人民政府：") < text.index("一、拟解决的主要问题") < text.index("妥否") < text.index("附件：")


def test_the_notice_tells_the_days_the_ways_and_why_they_are_few(own_db: Any) -> None:
    """第十五条第二款."""
    world = w.build()
    ref = w.begun(world)
    w.consulted(world, ref, days=20, reason="汛期将至，情况紧急")
    w.do(ref, "consult", world.clerk, {"media": ["portal", "wechat"], "with_draft": True, "with_explanation": True})
    text, round_ = printed(ref, "重大行政决策征求意见公告"), Consultation.objects.get()
    assert f"自{date_text(round_.opens_on)}起至{date_text(round_.closes_on)}止，共20日" in text
    assert "期限少于三十日的理由：汛期将至，情况紧急" in text
    assert "政府网站、政务新媒体" in text
    assert "0472-0000000" in text


def test_a_notice_of_full_length_gives_no_reason(own_db: Any) -> None:
    world = w.build()
    ref = w.begun(world)
    w.heard(world, ref)
    assert "少于三十日" not in printed(ref, "重大行政决策征求意见公告")


def test_the_account_counts_what_became_of_the_opinions_and_names_the_reasons(own_db: Any) -> None:
    """第十八条; no name of a commenter stands in it."""
    world = w.build()
    ref = w.begun(world)
    w.consulted(world, ref, opinions=5)
    w.do(ref, "consult", world.clerk, {"media": ["portal"], "with_draft": True, "with_explanation": True})
    w.do(ref, "feed_back", world.drafter, {"classified": 5, "feedback_changes": "第三条增加补偿标准。"})
    text = printed(ref, "重大行政决策公众意见采纳情况说明")
    assert "共收到意见5条，其中采纳1条、未采纳4条。" in text
    assert "4超出本方案范围" in text
    assert "第三条增加补偿标准。" in text
    assert "某居民" not in text


def test_reasons_beyond_the_longest_list_are_pointed_to() -> None:
    asked = {"comments": 9, "adopted": 0, "partly": 2, "not_adopted": 7}
    assert telling.tally(asked) == "共收到意见9条，其中部分采纳2条、未采纳7条。"
    assert telling.tally({"comments": 0}) == "没有收到意见。"
    assert telling.span({"opens_on": "2026-03-02", "closes_on": "2026-04-01", "rounds": 2}) == "2026年3月2日至2026年4月1日（第2轮）"


def test_publishing_gives_the_decision_and_its_interpretation_in_one_act(own_db: Any) -> None:
    """第三十二条: two documents, one entry that names the digests of both."""
    world = w.build()
    ref = w.carried_to_the_end(world)
    first, second = Document.objects.filter(dossier=ref.code, title__in=("重大行政决策公布稿", "重大行政决策解读")).order_by("title")
    assert first.seq == second.seq
    entry = Entry.objects.get(chain=ref.code, seq=first.seq)
    body = bytes(entry.body).decode()
    assert first.sha256 in body
    assert second.sha256 in body
    text = printed(ref, "重大行政决策解读")
    assert "管网老化，冬季爆管多" in text
    assert "共收到意见2条，其中采纳1条、未采纳1条。" in text
    assert "本事项没有组织专家论证。" in text


def test_the_experts_points_that_were_not_taken_up_stand_with_their_reasons() -> None:
    points = [
        {"name": "甲", "point": "增加备用热源", "answer": "adopted"},
        {"name": "乙", "point": "改用地源热泵", "answer": "not_adopted", "reason": "地质条件不允许"},
    ]
    told = telling._argued({"opinions": [{"name": "甲"}, {"name": "乙"}], "expert_points": points})
    assert told == "共有2份书面论证意见，提出具体意见2条，其中采纳1条、未采纳1条。\n未采纳“改用地源热泵”的理由：地质条件不允许"


def test_what_gave_a_document_is_not_taken_back(own_db: Any) -> None:
    """C47: the notice is out; a wrong draft is replaced by a new round, not by undoing the notice."""
    world = w.build()
    ref = w.begun(world)
    w.consulted(world, ref)
    w.do(ref, "consult", world.clerk, {"media": ["portal"], "with_draft": True, "with_explanation": True})
    with pytest.raises(Refused) as told:
        w.do(ref, "_withdraw", world.clerk, {"reason": "发错了"})
    assert "已经出具文书" in str(told.value)


def test_two_rounds_are_told_as_two(own_db: Any) -> None:
    world = w.build()
    ref = w.begun(world)
    w.consulted(world, ref)
    Consultation.objects.update(opens_on=w.today() - timedelta(days=90), closes_on=w.today() - timedelta(days=60))
    w.consulted(world, ref)
    w.do(ref, "consult", world.clerk, {"media": ["portal"], "with_draft": True, "with_explanation": True})
    w.do(ref, "feed_back", world.drafter, {"classified": 4})
    assert "（第2轮）" in printed(ref, "重大行政决策公众意见采纳情况说明")


def test_every_document_is_drawn_while_its_form_is_still_empty(own_db: Any) -> None:
    """The preview beside the form: blanks where nothing is said yet, whatever the step; a finished matter and one just begun."""
    world = w.build()
    begun, ended = w.propose(world, title="另一事项"), w.carried_to_the_end(world)
    client = Client()
    client.force_login(Person.objects.get(pk=world.drafter.person), backend="django.contrib.auth.backends.ModelBackend")
    for ref in (begun, ended):
        for name, step in MajorDecision.steps.items():
            if step.gives:
                shown = client.post(f"/desk/cases/{ref.code}/preview/{name}/", {})
                assert shown.status_code == 200, (ref, name)
                assert shown.content.count(b"data:image/png") >= len(step.forms), name


def test_documents_of_one_act_keep_the_order_of_the_step(own_db: Any) -> None:
    world = w.build()
    ref = w.carried_to_the_end(world)
    dossier = dossiers.case(world.drafter, ref.code)
    assert dossier
    given = [row[2] for row in queries.documents_of(dossier.league, [ref.code])]
    assert given.index("decision_published") + 1 == given.index("decision_interpretation")
    assert given.index("decision_archive") + 1 == given.index("decision_responsibility")
