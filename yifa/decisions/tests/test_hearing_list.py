"""听证参加人名单 (第十六条第三款) as a document: who takes part and how he was chosen, so that anybody can draw the lot again."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from yifa.decisions import hearing_queries, hearings, lots, telling
from yifa.decisions.forms.declared import HEARING_LIST
from yifa.decisions.models import Hearing
from yifa.decisions.tests import world as w
from yifa.decisions.tests.test_hearings import PUBLIC, TRADE, announced, applied, fresh, moved
from yifa.decisions.tests.test_papers import printed
from yifa.documents.models import Document
from yifa.documents.queries import papers
from yifa.documents.rules import TO_PARTY
from yifa.documents.words import date_text
from yifa.dossiers import queries as dossiers
from yifa.kernel.ledger.models import Entry, Payload
from yifa.procedures.reading import Ref

TITLE = "重大行政决策听证参加人名单"
WHY = "家中有事不能到会"


def drawn(world: w.World) -> tuple[Ref, Hearing]:
    """A matter whose hearing was announced and its participants drawn by lot."""
    ref = w.begun(world, hearing_due=True, ways=["open", "hearing"], hearing_sides=[{"side": PUBLIC}, {"side": TRADE}])
    row = announced(world.drafter, dossier=ref.code)
    applied(row, *[PUBLIC] * 5, *[TRADE] * 2)
    row = moved(row, apply_until=w.today() - timedelta(days=20))
    announce(world, ref, row)
    return ref, hearings.draw(row.league, row.id, by=world.drafter)


@pytest.fixture
def matter(own_db: Any) -> tuple[w.World, Ref, Hearing, list[str]]:
    """A matter whose hearing was drawn, one participant replaced, listed and held; with the numbers of the public side in their order."""
    world = w.build()
    ref, row = drawn(world)
    order = row.ranking[PUBLIC]
    hearings.substitute(row.league, row.id, int(order[0]), by=world.drafter, reason=WHY)
    hearings.publish_list(row.league, row.id, by=world.drafter)
    row = moved(fresh(row), on=w.today(), listed_on=w.today() - timedelta(days=10), sent_on=w.today() - timedelta(days=8))
    return world, ref, row, order


def announce(world: w.World, ref: Ref, row: Hearing) -> None:
    notice = {"hearing_on": row.on.isoformat(), "hearing_place": "区政府一楼会议室", "hearing_method": row.method}
    w.do(ref, "announce_hearing", world.clerk, notice)


def hold(world: w.World, ref: Ref, row: Hearing) -> None:
    people = [{"name": each.listed_as, "side": each.side} for each in hearing_queries.participants(row)]
    stated = {
        "hearing_listed_on": w.day(-10), "hearing_sent_on": w.day(-8), "hearing_people": people,
        "hearing_parts": ["introduced", "stated", "debated", "signed"], "hearing_minutes": "见笔录。",
        "hearing_report": "多数参加人赞成。", "hearing_handled": "夜间不施工，写入方案。",
    }  # fmt: skip
    w.do(ref, "hold_hearing", world.drafter, stated, files=1)


def test_the_list_joins_the_file_when_it_is_published(matter: tuple[w.World, Ref, Hearing, list[str]]) -> None:
    """Before the hearing, as an act of the matter; the hearing itself gives no second one."""
    world, ref, row, _ = matter
    before = Document.objects.get(dossier=ref.code, title=TITLE)
    assert Entry.objects.get(chain=ref.code, seq=before.seq).step == "list_participants"
    assert date_text(w.today()) in printed(ref, TITLE)
    hold(world, ref, row)
    assert list(Document.objects.filter(dossier=ref.code, title=TITLE)) == [before]
    assert Document.objects.filter(dossier=ref.code, form="decision_hearing_record").exists()


def test_who_follows_after_the_list_was_published_stands_in_a_list_of_its_own(own_db: Any) -> None:
    world = w.build()
    ref, row = drawn(world)
    assert hearings.publish_list(row.league, row.id, by=world.drafter) == ""
    order = row.ranking[PUBLIC]
    hearings.substitute(row.league, row.id, int(order[0]), by=world.drafter, reason=WHY)
    first, second = Document.objects.filter(dossier=ref.code, title=TITLE).order_by("seq")
    assert first.seq < second.seq
    assert "递补，本方第3名" in printed(ref, TITLE)


def test_a_list_published_before_the_case_announced_the_hearing_is_filed_by_hand(own_db: Any) -> None:
    """The publication stands; whoever published is told what to do, and nothing is lost."""
    world = w.build()
    ref = w.begun(world, hearing_due=True, ways=["open", "hearing"], hearing_sides=[{"side": PUBLIC}, {"side": TRADE}])
    row = announced(world.drafter, dossier=ref.code)
    applied(row, *[PUBLIC] * 2, *[TRADE] * 2)
    row = moved(row, apply_until=w.today() - timedelta(days=20))
    row = hearings.draw(row.league, row.id, by=world.drafter)
    told = hearings.publish_list(row.league, row.id, by=world.drafter)
    assert "还没有办理“发布听证公告”" in told
    assert fresh(row).status == Hearing.Status.LISTED
    assert not Document.objects.filter(dossier=ref.code, title=TITLE).exists()
    announce(world, ref, row)
    people = [{"name": each.listed_as, "side": each.side} for each in hearing_queries.participants(row)]
    w.do(ref, "list_participants", world.clerk, {"hearing_listed_on": w.day(), "hearing_people": people})
    assert Document.objects.filter(dossier=ref.code, title=TITLE).count() == 1


def test_the_list_says_how_each_was_chosen_and_lets_anybody_draw_again(matter: tuple[w.World, Ref, Hearing, list[str]]) -> None:
    world, ref, row, order = matter
    hold(world, ref, row)
    document = Document.objects.get(dossier=ref.code, title=TITLE)
    assert document.audience == TO_PARTY
    assert document.seq < Document.objects.get(dossier=ref.code, form="decision_hearing_record").seq
    text = printed(ref, TITLE)
    # Two seats of the public: the first in rank stands aside, so the second sits by lot and the third follows.
    assert f"第{order[1]}号" in text
    for words in ("抽签，本方第2名", "递补，本方第3名", row.seed, row.commitment, "报名7人"):
        assert words in text, words
    assert f"{PUBLIC}：第{order[0]}号" in text
    assert "、".join(f"第{n}号" for n in order[3:]) in text
    assert lots.verify(committed=row.commitment, seed=row.seed, candidates=order, ranking=order) == ()


def test_why_somebody_stood_aside_and_who_waits_by_name_is_told_to_nobody(matter: tuple[w.World, Ref, Hearing, list[str]]) -> None:
    world, ref, row, _ = matter
    hold(world, ref, row)
    text = printed(ref, TITLE)
    assert WHY not in text
    listed = {each.listed_as for each in hearing_queries.participants(row)}
    others = {each.name for each in hearing_queries.contacts(row)} - listed
    assert len(others) == 4
    assert not any(name in text for name in others)
    assert not any(WHY in (text or "") for text in Payload.objects.filter(chain=ref.code).values_list("payload", flat=True))


def test_it_is_in_the_file_and_in_the_archive_list(matter: tuple[w.World, Ref, Hearing, list[str]]) -> None:
    world, ref, row, _ = matter
    hold(world, ref, row)
    volumes = dossiers.catalogue(world.drafter, ref.code, papers=papers)
    assert volumes is not None
    assert TITLE in {line.paper.title for volume in volumes for line in volume.lines}


def test_a_list_kept_on_paper_tells_what_was_stated() -> None:
    paper: Any = type("P", (), {"register": {"organisation": {}}, "facts": {"hearing_people": [{"name": "甲", "side": "居民"}]}})()
    told = telling._participants(paper, {})
    assert told["people"] == [{"number": "", "name": "甲", "side": "居民", "chosen": "按公告的遴选办法"}]
    assert (told["lot"], told["alternates"], told["stepped_aside"]) == ([], [], [])
    assert HEARING_LIST.state("lot").optional
