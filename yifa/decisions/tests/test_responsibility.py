"""责任档案 (第三十八条至第四十一条): everybody's part with his entry, dissent told, nothing lost by undoing or clearing."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from io import BytesIO
from typing import Any

import pytest
from django.test import Client
from pypdf import PdfReader

from yifa.decisions import responsibility
from yifa.decisions.procedures.major import MajorDecision
from yifa.decisions.tests import world as w
from yifa.decisions.tests.test_papers import printed
from yifa.documents.models import Document
from yifa.documents.words import date_text
from yifa.dossiers import queries as dossiers
from yifa.kernel.ledger.models import Payload
from yifa.kernel.ledger.services import erase_payload
from yifa.kernel.people.actors import Actor
from yifa.kernel.people.models import Organisation, Person, Post, Reading, Region
from yifa.procedures import queries
from yifa.procedures.context import Told
from yifa.procedures.reading import Ref

NOON = datetime(2026, 3, 2, 4, tzinfo=UTC)


def act(seq: int, step: str, stated: dict[str, Any] | None, person: str = "李样本", undoes: int | None = None) -> Told:
    return Told(seq, step, NOON, False, person, "样本住建局", stated, undoes)


def lines(file: responsibility.Dossier) -> list[tuple[str, str, str, int]]:
    return [(part.duty, part.who, part.what, part.seq) for chapter in file.chapters for part in chapter.parts]


def signed_in(actor: Actor) -> Client:
    client = Client()
    client.force_login(Person.objects.get(pk=actor.person), backend="django.contrib.auth.backends.ModelBackend")
    return client


def test_every_step_of_the_procedure_has_its_stage() -> None:
    assert set(responsibility.STAGES) == set(MajorDecision.steps)


def test_each_member_stands_with_his_words_and_who_dissented_is_named() -> None:
    """第三十条第三款、第三十八条第三款; who only reserved his opinion has not dissented."""
    speeches = [*w.speeches(head_place=4), {"name": "丙样本", "post": "副区长", "place": 3, "opinion": "reserve", "said": "再研究"}]
    file = responsibility.told([act(7, "deliberate", w.meeting(speeches=speeches, departs=True, departs_reason="时限紧迫"), "孙样本")])
    assert [(part.who, part.body, part.what, part.seq) for part in file.relieved] == [
        ("乙样本", "副区长", "第2位发言，不同意：资金不足", 7)
    ]
    assert ("会议组成人员", "丙样本", "第3位发言，保留意见：再研究", 7) in lines(file)
    assert ("行政首长", "孙样本", "第4位发言，同意：同意", 7) in lines(file)
    assert ("会议记录", "丁样本", "", 7) in lines(file)
    assert [(part.who, part.what) for part in file.reasons] == [("孙样本", "时限紧迫")]


def test_experts_lawyers_and_bodies_that_another_wrote_down_answer_for_their_part() -> None:
    file = responsibility.told(
        [
            act(
                1,
                "start",
                {"undertakers": [{"name": "住建局"}, {"name": "财政局"}], "lead": "住建局", "responsible": "李某", "start_form": "meeting"},
            ),
            act(2, "argue", {"opinions": [{"name": "甲专家", "conclusion": "可行", "dissent": "工期过短", "signed": True}]}),
            act(3, "review", w.REVIEW, "周样本"),
            act(4, "plan_execution", {"executors": [{"body": "住建局", "task": "改造四十公里", "due_on": "2026-09-30"}]}),
            act(5, "report_progress", {"reports": [{"body": "住建局", "due_on": "2026-06-30", "reported_on": "2026-07-02"}]}),
        ]
    )
    assert {
        ("承办", "住建局", "牵头承办", 1),
        ("承办", "财政局", "承办", 1),
        ("承办责任人", "李某", "", 1),
        ("专家论证", "甲专家", "可行；不同意见：工期过短", 2),
        ("合法性审查", "周样本", "合法", 3),
        ("公职律师", "马样本", "合法", 3),
        ("执行", "住建局", "改造四十公里，2026年9月30日以前完成", 4),
        ("执行报告", "住建局", "应于2026年6月30日报告，2026年7月2日报告，逾期", 5),
    } <= set(lines(file))


def test_every_meeting_stays_and_what_was_undone_says_by_whom() -> None:
    """A draft was returned after a first meeting: both meetings and the return are told, in their order."""
    file = responsibility.told(
        [
            act(1, "handle_review", {}),
            act(2, "deliberate", w.meeting(outcome="revise"), "孙样本"),
            act(3, "prepare_meeting", {}),
            act(4, "_withdraw", {"reason": "材料有误"}, undoes=3),
            act(5, "prepare_meeting", {}),
            act(6, "deliberate", w.meeting(), "孙样本"),
        ]
    )
    meetings = [part for chapter in file.chapters for part in chapter.parts if part.duty == "集体讨论决定"]
    assert [(part.seq, part.what.rpartition("：")[2]) for part in meetings] == [(2, "修改后再议"), (6, "通过")]
    prepared = [part for chapter in file.chapters for part in chapter.parts if part.duty == "提交决策机关讨论"]
    assert [(part.seq, part.note) for part in prepared] == [(3, "已由李样本在第4条撤回"), (5, "")]
    assert [(part.duty, part.who, part.what, part.seq) for part in file.changes] == [
        ("撤回", "李样本", "使第3条“提交决策机关讨论”不再有效。理由：材料有误", 4)
    ]


@pytest.fixture
def ended(own_db: Any) -> tuple[w.World, Ref]:
    world = w.build()
    return world, w.carried_to_the_end(world)


def test_the_file_is_given_when_the_matter_is_filed(ended: tuple[w.World, Ref]) -> None:
    _, ref = ended
    row = Document.objects.get(dossier=ref.code, form="decision_responsibility")
    assert row.audience == "internal"
    assert row.seq == Document.objects.get(dossier=ref.code, form="decision_archive").seq
    text = printed(ref, "重大行政决策责任档案")
    for part in ("提出决策事项建议李样本", "第2位发言，不同意：资金不足", "乙样本（副区长）", "减免责任", "归档李样本"):
        assert part in text, part


def test_the_page_is_for_those_who_answer_and_those_who_look_after_it(ended: tuple[w.World, Ref]) -> None:
    world, ref = ended
    address = f"/desk/decisions/{ref.code}/responsibility/"
    city = Region.objects.get(code="150200")
    league = w.body("1502000001", "包头市人民政府", "包政", city, kind="GOVERNMENT")
    league.territory.add(city)
    above = w.person("总督样本", league, ["supervisor"])
    mere = w.person("王样本", Organisation.objects.get(code=world.drafter.organisation), ["officer"])
    told = {
        actor.name: signed_in(actor).get(address).status_code
        for actor in (
            world.drafter,
            world.mayor,
            world.office,
            world.reviewer,
            world.supervisor,
            above,
            mere,
            world.gazette,
            world.stranger,
        )
    }
    shown = dict.fromkeys(("李样本", "孙样本", "钱样本", "周样本", "冯样本", "总督样本"), 200)
    assert told == {**shown, "王样本": 403, "吴样本": 403, "郑样本": 404}
    assert Client().get(address).status_code == 302
    page = signed_in(world.mayor).get(address).content.decode()
    assert "乙样本" in page
    assert f"/desk/cases/{ref.code}/#entry-2" in page


def test_clearing_what_was_stated_does_not_clear_who_did_it(ended: tuple[w.World, Ref]) -> None:
    """第三十八条第二款: for life. The names stand in the entries' own bodies, which nothing clears."""
    world, ref = ended
    dossier = dossiers.case(world.drafter, ref.code)
    assert dossier
    before = queries.told(dossier)
    erase_payload(
        by=world.drafter,
        second=world.mayor.person,
        ground="个人信息保护法第四十七条",
        league=ref.league,
        chain=ref.code,
        sides=[(act.seq, "open") for act in before],
    )
    assert not Payload.objects.filter(chain=ref.code, side="open", seq__lte=before[-1].seq, payload__isnull=False).exists()
    after = queries.told(dossier)
    assert [(act.seq, act.step, act.person, act.organisation) for act in after[: len(before)]] == [
        (act.seq, act.step, act.person, act.organisation) for act in before
    ]
    file = responsibility.told(after)
    parts = [part for chapter in file.chapters for part in chapter.parts]
    assert {part.who for part in parts} >= {"李样本", "孙样本", "周样本"}
    assert all("已依法清除" in part.note for part in parts if part.seq <= before[-1].seq)


def test_posts_end_and_persons_stay(ended: tuple[w.World, Ref]) -> None:
    world, ref = ended
    Post.objects.filter(person_id=world.reviewer.person).delete()
    page = signed_in(world.mayor).get(f"/desk/decisions/{ref.code}/responsibility/").content.decode()
    assert "周样本" in page


def test_before_it_is_filed_it_is_printed_as_of_today(own_db: Any) -> None:
    """By the same template, marked, and no part of the record; the same readers, and whoever takes it is written down."""
    world = w.build()
    ref = w.begun(world)
    address = f"/desk/decisions/{ref.code}/responsibility/?as=pdf"
    before = Document.objects.count()
    answer = signed_in(world.mayor).get(address)
    assert (answer.status_code, answer["Content-Type"]) == (200, "application/pdf")
    text = re.sub(r"\s", "", "".join(page.extract_text() for page in PdfReader(BytesIO(answer.content)).pages))
    assert f"归档前，截至{date_text(w.today())}" in text
    assert "提出决策事项建议李样本" in text
    assert "责任档案（PDF，归档前" in signed_in(world.mayor).get(address.partition("?")[0]).content.decode()
    line = Reading.objects.latest("at")
    assert (line.subject, line.way, line.reader) == (ref.code, "download", world.mayor.person)
    mere = w.person("王样本", Organisation.objects.get(code=world.drafter.organisation), ["officer"])
    refused = signed_in(mere).get(address)
    assert (refused.status_code, "不予公开：责任档案" in refused.content.decode()) == (403, True)
    assert Document.objects.count() == before


def test_after_it_was_filed_the_document_of_the_filing_is_given(ended: tuple[w.World, Ref]) -> None:
    world, ref = ended
    row = Document.objects.get(dossier=ref.code, form="decision_responsibility")
    answer = signed_in(world.mayor).get(f"/desk/decisions/{ref.code}/responsibility/?as=pdf")
    assert answer.status_code == 302
    assert row.sha256 in answer.headers["Location"]
    assert "归档前" not in printed(ref, "重大行政决策责任档案")
