"""One act, one path, on a real database: an act is one entry, or it is refused and nothing changed."""

from __future__ import annotations

import re
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.db import connection, connections
from django.utils import timezone
from pypdf import PdfReader

from yifa.documents import blocks
from yifa.documents.models import Block, Document
from yifa.dossiers import store
from yifa.dossiers.models import Dossier, Party
from yifa.enforcement.tests import world as w
from yifa.kernel.people.models import Entrustment, Organisation
from yifa.procedures.core import Refused
from yifa.procedures.models import Obligation, Refusal
from yifa.procedures.queries import course, next_steps
from yifa.procedures.take import Changed, LateEntry, Taken, start, take
from yifa.procedures.turns import turns

UNTIL_DELIVERED = ("establish", "order_correction", "inform", "hear", "decide", "deliver")


def rows(table: str) -> int:
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT count(*) FROM {table}")
        return int(cursor.fetchone()[0])


def test_a_penalty_from_the_badge_to_the_closing(own_db: Any) -> None:
    world = w.build()
    ref = w.walk(world, *UNTIL_DELIVERED, "file", "publish", "pay", "close")
    dossier = Dossier.objects.get(code=ref.code)
    assert dossier.status == "close"
    assert dossier.number == f"包昆农当罚〔{dossier.opened_at.year}〕1号"
    assert dossier.seq == rows("ledger_entry") == 11
    assert not Obligation.objects.filter(closed_seq=None).exists()
    assert rows("documents_document") == 3
    assert Party.objects.get().identity_number == "11010519491231002X"
    assert "张样本" not in str(dossier.facts)


def test_a_refused_act_changes_nothing_and_is_counted(own_db: Any) -> None:
    world = w.build()
    ref = w.walk(world, "establish", "order_correction", "inform", "hear")
    before = (rows("ledger_entry"), rows("documents_document"), rows("documents_series"), Dossier.objects.get().state)
    with pytest.raises(Refused) as refused:
        w.do(world, ref, "decide", fine="100000", party_signature=None)
    assert {each.code for each in refused.value.findings} >= {"C23", "C31", "C44", "C38"}
    assert before == (rows("ledger_entry"), rows("documents_document"), rows("documents_series"), Dossier.objects.get().state)
    assert Refusal.objects.get().dossier == ref.code
    assert w.do(world, ref, "decide").documents[0]["number"].endswith("〕1号")


def test_the_same_act_sent_twice_is_one_entry(own_db: Any) -> None:
    world, key = w.build(), uuid4()
    first, again = w.begin(world, key=key), w.begin(world, key=key)
    assert (first.ref, first.seq, first.hash) == (again.ref, again.seq, again.hash)
    assert again.again
    step = uuid4()
    one, two = w.do(world, first.ref, "establish", key=step), w.do(world, first.ref, "establish", key=step)
    assert (one.seq, one.hash) == (two.seq, two.hash)
    assert two.again
    assert rows("ledger_entry") == 2


def test_who_looked_before_another_acted_is_told_what_changed(own_db: Any) -> None:
    world = w.build()
    ref = w.begin(world).ref
    w.do(world, ref, "establish", seen=1)
    with pytest.raises(Changed, match="查明事实"):
        w.do(world, ref, "establish", by=world.wang, seen=1)


def test_a_stranger_may_not_act(own_db: Any) -> None:
    world = w.build()
    ref = w.begin(world).ref
    with pytest.raises(Refused, match="其他机关"):
        w.do(world, ref, "establish", by=world.stranger)


def test_a_number_is_returned_by_a_rollback(own_db: Any) -> None:
    world = w.build()
    numbers = []
    for n in range(3):
        party = {"name": "张样本", "identity_kind": "passport", "identity_number": f"E{n}"}
        ref = w.walk(world, "establish", "order_correction", "inform", "hear", party=party)
        with pytest.raises(Refused):
            w.do(world, ref, "decide", fine="201")
        numbers.append(w.do(world, ref, "decide").documents[0]["number"])
    assert [number.split("〕")[1] for number in numbers] == ["1号", "2号", "3号"]


def test_article_29_another_fine_for_the_same_act_is_refused(own_db: Any) -> None:
    """A19, with the register: the earlier fine is found by the party's keyed hash, whoever imposed it."""
    world = w.build()
    w.walk(world, "establish", "order_correction", "inform", "hear", "decide")
    ref = w.walk(world, "establish", "order_correction")
    with pytest.raises(Refused) as refused:
        w.do(world, ref, "inform")
    assert [each.code for each in refused.value.findings] == ["C10"]


def test_an_act_needs_two_exchanges(own_db: Any, wire: Any) -> None:
    """Counted on the wire: ReadyForQuery messages between entering `take` and its return, the number and the document included."""
    world = w.build()
    ref = w.walk(world, "establish", "order_correction", "inform", "hear")
    wire.through()
    facts = w.answers(world, "decide")
    key = uuid4()
    before = wire.ready
    take(ref, "decide", by=world.li, facts=facts, key=key, seen_seq=None)
    assert wire.ready - before == 2


def test_the_check_of_a_printed_number_costs_no_exchange(own_db: Any, wire: Any) -> None:
    world = w.build()
    year = pad(world).year
    ref = w.walk(world, "establish", "order_correction", "inform", "hear")
    wire.through()
    before, paper = wire.ready, LateEntry("草原上没有网络", f"包昆农当罚〔{year}〕2号")
    taken = take(ref, "decide", by=world.li, facts=w.answers(world, "decide"), key=uuid4(), seen_seq=None, late=paper)
    assert wire.ready - before == 2
    assert taken.documents[0]["number"] == paper.paper_number


def test_an_act_may_be_taken_back_until_a_document_was_given(own_db: Any) -> None:
    """撤回: the last act's own actor; the entry stays in the record, the fold forgets the act."""
    world = w.build()
    ref = w.walk(world, "establish", "inform")
    with pytest.raises(Refused, match="撤回自己"):
        take(ref, "_withdraw", by=world.wang, facts={"reason": "填错了"}, key=uuid4(), seen_seq=None)
    take(ref, "_withdraw", by=world.li, facts={"reason": "填错了"}, key=uuid4(), seen_seq=None)
    dossier = Dossier.objects.get()
    assert "inform" not in dossier.state["done"]
    assert dossier.seq == 4
    w.do(world, ref, "inform")
    with pytest.raises(Refused, match="岗位"):
        take(ref, "_return", by=world.li, facts={"seq": "5", "reason": "重新告知"}, key=uuid4(), seen_seq=None)
    take(ref, "_return", by=world.head, facts={"seq": "5", "reason": "重新告知"}, key=uuid4(), seen_seq=None)
    assert "inform" not in Dossier.objects.get().state["done"]


def test_a_case_handed_over_may_be_read_and_worked_on(own_db: Any) -> None:
    world = w.build()
    ref = w.begin(world).ref
    take(ref, "_hand_over", by=world.head, facts={"to": [world.stranger.person], "reason": "职责调整"}, key=uuid4(), seen_seq=None)
    with pytest.raises(Refused) as refused:
        w.do(world, ref, "file", by=world.stranger)
    assert all("其他机关" not in each.text for each in refused.value.findings)


def test_a_case_handed_over_waits_on_the_desk_of_whom_it_was_handed_to(own_db: Any) -> None:
    world = w.build()
    ref = w.begin(world).ref
    other = w._person("赵样本", Organisation.objects.get(code=world.li.organisation), ["officer"], "15020300009")
    assert (turns(world.li), turns(world.wang), turns(other)) == ([], [], [])
    take(ref, "_hand_over", by=world.head, facts={"to": [other.person], "reason": "休假"}, key=uuid4(), seen_seq=None)
    assert {each.dossier for each in turns(other)} == {ref.code}


def test_work_done_on_paper_is_entered_later_with_reason_and_photo(own_db: Any) -> None:
    """补录: marked, with both times; deadlines are judged by the day of entry."""
    world = w.build()
    then = datetime.now(UTC) - timedelta(days=3)
    facts = w.answers(world, "show_badge", found_on=then.date().isoformat())
    with pytest.raises(Refused) as refused:
        start("summary_penalty", by=world.li, at=then, facts=facts, key=uuid4())
    assert {each.field for each in refused.value.findings} == {"late_reason", "files"}
    paper = LateEntry("草原上没有网络", "昆都仑区农牧局纸本第0012号")
    photo = w.photo(world.li, "纸质决定书照片")
    taken = start("summary_penalty", by=world.li, at=then, facts=facts, key=uuid4(), late=paper, files=[photo])
    with connection.cursor() as cursor:
        cursor.execute("SELECT late, at, recorded_at FROM ledger_entry")
        late, at, recorded_at = cursor.fetchone()
    assert late
    assert at == then
    assert recorded_at - at > timedelta(days=2)
    assert taken.seq == 1


def test_an_act_in_the_future_is_refused(own_db: Any) -> None:
    world = w.build()
    with pytest.raises(Refused, match="不能晚于现在"):
        start("summary_penalty", by=world.li, at=datetime.now(UTC) + timedelta(hours=1), facts=w.answers(world, "show_badge"), key=uuid4())


def test_two_officers_at_once_one_wins(own_db: Any) -> None:
    """Two threads, one dossier, the same state seen: one entry, and the other is told what changed."""
    world = w.build()
    ref = w.begin(world).ref
    photos = [w.photo(world.li), w.photo(world.wang)]

    def act(n: int) -> str:
        by = (world.li, world.wang)[n]
        try:
            take(ref, "establish", by=by, facts=w.answers(world, "establish"), files=[photos[n]], key=uuid4(), seen_seq=1)
        except Changed as changed:
            return str(changed)
        finally:
            connections.close_all()
        return "won"

    with ThreadPoolExecutor(2) as pool:
        results = sorted(pool.map(act, range(2)), key=len)
    assert results[0] == "won"
    assert "查明事实" in results[1]
    assert rows("ledger_entry") == 2


def test_the_state_cache_is_the_fold(own_db: Any) -> None:
    world = w.build()
    ref = w.walk(world, *UNTIL_DELIVERED, "file")
    dossier = Dossier.objects.get(code=ref.code)
    found = course(dossier, at=datetime.now(UTC))
    assert found.progress.summary() == dossier.state


def test_c47_a_correction_is_a_new_document_that_names_the_old_one(own_db: Any) -> None:
    world = w.build()
    ref = w.walk(world, "establish", "order_correction", "inform", "hear", "decide", "deliver")
    before = Dossier.objects.get().number
    issued = [tuple(row) for row in _documents()]
    first = w.do(world, ref, "correct", by=world.head)
    again = w.do(world, ref, "correct", by=world.head)
    assert [each.documents[0]["number"].split("〕")[1] for each in (first, again)] == ["1号", "2号"]
    assert _documents()[: len(issued)] == issued
    assert [row[2] for row in _documents()[len(issued) :]] == [before, before]
    assert Dossier.objects.get().number == before
    found = re.sub(r"\s", "", "".join(page.extract_text() for page in PdfReader(store.path(first.documents[0]["sha256"])).pages))
    for wanted in ("行政处罚决定补正通知书", f"（{before}）的记载有误", "原文书的记载：地点", "更正为：地点", "补正的理由：笔误"):
        assert wanted in found


def _documents() -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT number, sha256, corrects FROM documents_document ORDER BY seq")
        return list(cursor.fetchall())


def test_a_unit_acts_in_the_name_of_its_body(own_db: Any) -> None:
    """执法机构 under a body is no subject: the dossier, its number and its document are the body's (行政处罚法 17)."""
    world = w.build()
    unit = Organisation.objects.get(code="1502030020")
    Organisation.objects.create(
        code="1502030029", name="样本执法大队", kind="UNIT", level=3, region=unit.region, parent=unit, status="announced"
    )
    taken = w.begin(world, by=replace(world.li, organisation="1502030029"))
    dossier = Dossier.objects.get(code=taken.ref.code)
    assert dossier.organisation_id == "1502030020"


@pytest.mark.parametrize(("items", "allowed"), [(["15000004702000200"], True), (["15000004702000100"], False)])
def test_an_entrusted_organisation_acts_for_its_entruster_within_the_entrustment(own_db: Any, items: list[str], allowed: bool) -> None:
    """行政处罚法 20: in the entruster's name, within items and term; outside of them it is no subject."""
    world = w.build()
    bureau = Organisation.objects.get(code="1502030020")
    station = Organisation.objects.create(
        code="1502030028", name="样本畜牧站", kind="ENTRUSTED", level=3, region=bureau.region, status="announced"
    )
    Entrustment.objects.create(
        entruster=bureau, entrusted=station, items=items, powers="警告、罚款", since=w.SINCE, until=date(2028, 1, 1), document="样本委托书"
    )
    by = replace(world.li, organisation=station.code)
    if allowed:
        assert Dossier.objects.get(code=w.begin(world, by=by).ref.code).organisation_id == bureau.code
    else:
        with pytest.raises(Refused, match="受委托组织"):
            w.begin(world, by=by)


def test_somebody_outside_the_pair_is_told_who_can_act(own_db: Any) -> None:
    world = w.build()
    ref = w.begin(world).ref
    found = course(Dossier.objects.get(code=ref.code), at=datetime.now(UTC))
    told = [each.text for step in next_steps(found, world.head) for each in step.findings if each.code == "C05"]
    assert told
    assert all("由本案执法人员李样本、王样本办理：应当由两名以上" in each for each in told)
    assert not [each for step in next_steps(found, world.wang) for each in step.findings if each.code == "C05"]
    for by, named in ((world.head, True), (world.stranger, False)):
        with pytest.raises(Refused) as refused:
            w.do(world, ref, "establish", by=by)
        text = next(each.text for each in refused.value.findings if each.code == "C05")
        assert ("李样本" in text) is named


def enter_late(world: w.World, typed: str, n: int = 0) -> Taken:
    """A decision written on a printed form, entered afterwards with its number; `n` tells the parties apart."""
    party = {"name": "张样本", "identity_kind": "passport", "identity_number": f"E{n}"}
    ref = w.walk(world, "establish", "order_correction", "inform", "hear", party=party)
    paper = LateEntry("草原上没有网络", typed)
    then = datetime.now(UTC) + timedelta(seconds=1)
    return take(ref, "decide", by=world.li, at=then, facts=w.answers(world, "decide"), key=uuid4(), seen_seq=None, late=paper)


def pad(world: w.World, count: int = 5) -> Block:
    now = datetime.now(UTC)
    return blocks.allot_block(
        actor=world.head, kind="当罚", year=now.year, count=count, holder="纸本第1册", keeper=world.li.person, now=now
    )


def test_a_printed_number_is_used_once(own_db: Any) -> None:
    world = w.build()
    year = pad(world).year
    assert enter_late(world, f"包昆农当罚[{year}]0002").documents[0]["number"] == f"包昆农当罚〔{year}〕2号"
    with pytest.raises(Refused, match="已经用于"):
        enter_late(world, f"包昆农当罚〔{year}〕2号", n=1)
    document = Document.objects.get(form="on_the_spot_decision")
    assert (document.sequence, document.year) == (2, year)
    assert blocks.standings(world.head, today=timezone.localdate())[0].out == ((1, 1), (3, 5))


@pytest.mark.parametrize("typed", ["包昆农当罚〔{year}〕6号", "包昆农当罚〔{last}〕2号", "包昆水当罚〔{year}〕2号", "第0002号", "没有编号"])
def test_a_number_that_was_not_handed_to_the_body_is_refused_with_the_article(own_db: Any, typed: str) -> None:
    world = w.build()
    year = pad(world).year
    with pytest.raises(Refused) as refused:
        enter_late(world, typed.format(year=year, last=year - 1))
    (found,) = refused.value.findings
    assert (found.code, found.field) == ("C45", "late_paper")
    assert "不在发给本机关的预印编号之内" in found.text
    assert found.cites
    assert not Document.objects.filter(form="on_the_spot_decision").exists()


def test_a_voided_and_a_returned_number_are_refused(own_db: Any) -> None:
    world = w.build()
    block = pad(world)
    blocks.void_number(actor=world.head, block=block.id, number=3, reason="被雨淋湿")
    with pytest.raises(Refused, match="已经作废（被雨淋湿）"):
        enter_late(world, f"包昆农当罚〔{block.year}〕3号")
    assert blocks.return_block(actor=world.head, block=block.id, reason="换用终端", now=datetime.now(UTC)) == [1, 2, 4, 5]
    with pytest.raises(Refused, match="已经缴销（换用终端）"):
        enter_late(world, f"包昆农当罚〔{block.year}〕2号", n=1)


def test_every_document_of_the_procedure_can_be_given(own_db: Any) -> None:
    """Service by leaving it, address, no penalty, collection on the spot: each with its papers, to the end."""
    world = w.build()
    ref = w.walk(world, "establish", "address", "order_correction")
    w.do(world, ref, "inform", proposed_fine="100")
    w.do(world, ref, "hear")
    w.do(world, ref, "decide", party_signature=None, refusal_note="当事人拒绝签收,见证人王某在场")
    w.do(world, ref, "deliver", service_mode="D2", refusal_note="当事人拒绝签收", party_signature=None)
    w.do(world, ref, "collect")
    w.do(world, ref, "hand_in")
    w.do(world, ref, "bank", by=world.clerk)
    w.do(world, ref, "file")
    w.do(world, ref, "correct", by=world.head)
    w.do(world, ref, "close")
    other = w.walk(world, "establish", minor=True)
    w.do(world, other, "no_penalty")
    with connection.cursor() as cursor:
        cursor.execute("SELECT title, number FROM documents_document ORDER BY created_at, title")
        titles = [title for title, _ in cursor.fetchall()]
    assert {"送达地址确认书", "责令改正通知书", "当场行政处罚决定书", "送达回证", "不予行政处罚决定书"} <= set(titles)
    assert Dossier.objects.get(code=other.code).status == "no_penalty"
