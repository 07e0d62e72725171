"""撤销认定: an established clue revoked by two persons; the score and the government's deduction follow by entries of their own."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from typing import Any
from uuid import uuid4

import pytest
from django.db import IntegrityError, connection, transaction
from django.utils import timezone

from yifa.assessment import queries as assessment
from yifa.decisions import clue_queries, clues, judging, marking, revoking
from yifa.decisions.context import DECISIONS
from yifa.decisions.facts import facts as counted
from yifa.decisions.models import Closing, Clue, Revocation
from yifa.decisions.tests import world as w
from yifa.decisions.tests.test_clues import evaded, forged, heard, score
from yifa.decisions.tests.test_judging import client, confirm_all
from yifa.facts import services as facts
from yifa.facts.models import Fact, Tally
from yifa.facts.seen import Seen
from yifa.facts.tests.following import follow_all
from yifa.kernel.ledger.models import Entry
from yifa.kernel.people.actors import Actor
from yifa.kernel.people.models import Notice, Organisation, Region
from yifa.kernel.refusing import RejectedError
from yifa.procedures.models import Task
from yifa.procedures.reading import Ref

GROUNDS = "经重新鉴定，论证意见书系论证当日打印，原鉴定所用打印机日志有误。"
PIECE = {"title": "重新鉴定意见.pdf", "sha256": "b" * 64, "size": 9, "mime": "application/pdf"}


class Stage:
    """A matter at its end with its closing score, a clue established by `world.reviewer`; `chief` is another of the justice bureau."""

    def __init__(self) -> None:
        self.world = w.build()
        self.chief = w.person("吕样本", Organisation.objects.get(code=self.world.reviewer.organisation), ["head"])
        self.second = w.person("施样本", Organisation.objects.get(code=self.world.reviewer.organisation), ["reviewer"])

    def forged(self, *, closed: bool = False) -> tuple[Ref, Clue]:
        ref = w.carried_to_the_end(self.world)
        if closed:
            confirm_all(self.world, ref)
            judging.close_score(ref.code, by=self.world.reviewer)
        row = heard(self.world, forged(self.world, ref))
        return ref, clues.establish(row.league, row.id, "经核实属实。", by=self.world.reviewer)

    def evaded(self) -> Clue:
        row = heard(self.world, evaded(self.world))
        return clues.establish(row.league, row.id, "应当列入目录而未列入。", by=self.world.reviewer)

    def propose(self, row: Clue, by: Actor | None = None, **said: Any) -> Revocation:
        return revoking.propose(row.league, row.id, said.get("grounds", GROUNDS), by=by or self.second, files=said.get("files", (PIECE,)))

    def revoke(self, row: Clue, by: Actor | None = None) -> Clue:
        return revoking.revoke(row.league, row.id, "重新鉴定意见属实，原认定有误。", by=by or self.chief)


@pytest.fixture
def stage(own_db: Any) -> Stage:
    return Stage()


def steps(chain: str) -> list[str]:
    return list(Entry.objects.filter(chain=chain).order_by("seq").values_list("step", flat=True))


def test_what_is_revoked_gives_the_score_back_by_an_entry_of_its_own(stage: Stage) -> None:
    ref, row = stage.forged(closed=True)
    first, void = Closing.objects.get(dossier=ref.code).earlier[0], Closing.objects.get(dossier=ref.code)
    follow_all([DECISIONS])
    stage.propose(row)
    assert score(ref)[0] == 0, "what is only proposed changes nothing"
    assert stage.revoke(row).state == "revoked"
    closing = Closing.objects.get(dossier=ref.code)
    assert (closing.total, closing.grade, closing.red_lines, closing.clue) == (first["total"], first["grade"], [], row.id)
    assert [(each["seq"], each["total"]) for each in closing.earlier] == [(first["seq"], first["total"]), (void.seq, 0)]
    assert steps(judging.chain(ref.code))[-3:] == ["close", "reissue", "reissue"]
    assert steps(clues.chain(row.id)) == ["raise", "state", "establish", "propose_revocation", "revoke"]
    assert score(ref) == (first["total"], first["total"])
    follow_all([DECISIONS])
    tally = Tally.objects.get(metric="DEC-10")
    assert (tally.numerator, tally.denominator) == (first["total"], 10_000)
    assert facts.check([DECISIONS])[1] == []


def test_a_score_closed_between_counts_where_it_first_counted() -> None:
    """Closed in March, voided in May, given back in July: both corrections count in March, so that March and May come out right."""

    def said(seq: int, at: str, total: int, replaces: dict[str, Any] | None) -> list[tuple[str, int, int]]:
        told = {"dossier": "d", "organisation": "o", "region": "150203", "total": total, "grade": "g", "category": "", "lines": []}
        body = {"procedure": "register/score", "step": "reissue" if replaces else "close", "happened_at": at}
        entry = Seen(0, "150200", "score:d", seq, body, {**told, **({"replaces": replaces} if replaces else {})}, None)
        return [(each.month, each.numerator, each.denominator) for each in counted(entry) if each.metric == "DEC-10"]

    march, may, july = (datetime(2026, month, 9, tzinfo=UTC).isoformat() for month in (3, 5, 7))
    every = [
        *said(1, march, 9000, None),
        *said(2, may, 0, {"seq": 1, "total": 9000, "at": march, "counted_at": march}),
        *said(3, july, 9000, {"seq": 2, "total": 0, "at": may, "counted_at": march}),
    ]
    assert {month for month, _, _ in every} == {"2026-03"}
    assert (sum(n for _, n, _ in every), sum(d for _, _, d in every)) == (9000, 10_000)


def test_the_deduction_of_the_government_is_given_back_in_its_month(stage: Stage) -> None:
    row = stage.evaded()
    month = f"{timezone.localdate():%Y-%m}"
    follow_all([DECISIONS])
    assert Fact.objects.get(metric="DEC.R6").numerator == 200
    stage.propose(row)
    follow_all([DECISIONS])
    assert Fact.objects.get(metric="DEC.R6").numerator == 200
    stage.revoke(row)
    follow_all([DECISIONS])
    found = Fact.objects.filter(metric="DEC.R6").order_by("position", "n").values_list("numerator", "denominator", "month")
    assert list(found) == [(200, 1, month), (-200, -1, month)]
    tally = Tally.objects.get(metric="DEC.R6")
    assert (tally.numerator, tally.denominator) == (0, 0)
    assert facts.check([DECISIONS])[1] == []
    assert "DEC.R6" in assessment.CONNECTED


def test_whoever_raised_established_or_proposed_does_not_decide(stage: Stage) -> None:
    world = stage.world
    justice = Organisation.objects.get(code=world.reviewer.organisation)
    both = w.person("何样本", justice, ["supervisor", "reviewer", "head"])
    ref = w.carried_to_the_end(world)
    row = heard(world, forged(world, ref, by=both))
    clues.establish(row.league, row.id, "经核实属实。", by=world.reviewer)
    # The one who established may say that he was wrong; he does not decide it.
    asked = stage.propose(row, by=world.reviewer)
    for actor, why in ((world.reviewer, "提出撤销的人"), (both, "提出线索的人")):
        for act in (revoking.revoke, revoking.uphold):
            with pytest.raises(RejectedError, match=why):
                act(row.league, row.id, "自己决定自己的事。", by=actor)
    with pytest.raises(IntegrityError), transaction.atomic():
        Revocation.objects.filter(id=asked.id).update(decided_by_id=asked.proposed_by_id)
    assert stage.revoke(row).state == "revoked"

    second = stage.evaded()
    stage.propose(second, by=stage.second)
    with pytest.raises(RejectedError, match="作出认定的人"):
        stage.revoke(second, by=world.reviewer)


def test_who_may_propose_and_who_may_decide(stage: Stage) -> None:
    world = stage.world
    _, row = stage.forged()
    for actor in (world.drafter, world.mayor, world.office, world.stranger, world.gazette):
        with pytest.raises(RejectedError, match="提出"):
            stage.propose(row, by=actor)
    assert stage.propose(row, by=world.supervisor).state == "proposed", "the raiser may find that he was wrong"
    beside = w.person("旁样本", Organisation.objects.get(code=world.mayor.organisation), ["supervisor"])
    for actor in (world.drafter, world.mayor, world.stranger, beside):
        with pytest.raises(RejectedError, match="决定"):
            stage.revoke(row, by=actor)
    city = Region.objects.get(code="150200")
    above = w.person("上样本", w.body("1502000001", "样本市人民政府", "样政", city, kind="GOVERNMENT"), ["supervisor"])
    assert stage.revoke(row, by=above).state == "revoked"


def test_a_lower_body_does_not_revoke_what_a_higher_one_established(stage: Stage) -> None:
    world = stage.world
    city = Region.objects.get(code="150200")
    bureau = w.body("1502000009", "样本市司法局", "样司", city, sector="司法行政")
    above, other = w.person("上样本", bureau, ["reviewer"]), w.person("副样本", bureau, ["head"])
    Organisation.objects.filter(code=bureau.code).update(level=2)
    row = heard(world, evaded(world))
    clues.establish(row.league, row.id, "经核实属实。", by=above)
    stage.propose(row)
    assert Task.objects.get(kind=revoking.TASK).organisation_id == bureau.code
    with pytest.raises(RejectedError, match="下级单位"):
        stage.revoke(row, by=stage.chief)
    assert stage.revoke(row, by=other).state == "revoked"


def test_a_task_for_who_decides_and_news_for_the_unit(stage: Stage) -> None:
    world = stage.world
    _, row = stage.forged()
    asked = stage.propose(row)
    task = Task.objects.get(kind=revoking.TASK, subject=str(asked.id))
    assert (task.organisation_id, task.due_on, task.closed_at) == (world.reviewer.organisation, asked.due_on, None)
    told = Notice.objects.filter(kind=revoking.KIND)
    assert {str(each.person_id) for each in told} == {world.drafter.person, world.supervisor.person}
    stage.revoke(row)
    task.refresh_from_db()
    assert task.met_on == timezone.localdate()
    assert {each.title.partition("：")[0] for each in told.all()} == {"有人提出撤销认定", "已撤销认定"}


def test_what_is_upheld_stands_and_may_be_proposed_again(stage: Stage) -> None:
    ref, row = stage.forged()
    stage.propose(row)
    with pytest.raises(RejectedError, match="还没有决定"):
        stage.propose(row, by=stage.chief)
    assert revoking.uphold(row.league, row.id, "重新鉴定的样本不是原件。", by=stage.chief).state == "established"
    assert score(ref)[0] == 0
    with pytest.raises(RejectedError, match="已经作出决定"):
        stage.revoke(row)
    stage.propose(row)
    assert stage.revoke(row).state == "revoked"
    assert [each.state for each in clue_queries.revocations(row)] == ["upheld", "agreed"]


def test_nothing_is_revoked_twice_and_it_may_be_raised_anew(stage: Stage) -> None:
    ref, row = stage.forged()
    stage.propose(row)
    stage.revoke(row)
    for again in (stage.revoke, stage.propose):
        with pytest.raises(RejectedError, match="已经撤销"):
            again(row)
    with pytest.raises(RejectedError, match="经认定"):
        clues.refer(row.league, row.id, to="区纪委监委", number="昆司移〔2026〕1号", on=timezone.localdate(), by=stage.chief)
    anew = forged(stage.world, ref)
    with pytest.raises(RejectedError, match="只有已经认定"):
        stage.propose(anew)
    heard(stage.world, anew)
    clues.establish(anew.league, anew.id, "另有新的证据，经核实属实。", by=stage.world.reviewer)
    assert score(ref)[0] == 0


@pytest.mark.parametrize(("said", "why"), [({"grounds": "错"}, "撤销的理由"), ({"files": ()}, "证明材料")])
def test_a_proposal_without_reason_or_evidence_is_refused(stage: Stage, said: dict[str, Any], why: str) -> None:
    row = stage.evaded()
    with pytest.raises(RejectedError, match=why):
        stage.propose(row, **said)
    assert not Revocation.objects.exists()


def test_nothing_is_passed_on_while_its_revocation_is_undecided(stage: Stage) -> None:
    _, row = stage.forged()
    stage.propose(row)
    with pytest.raises(RejectedError, match="正在复核"):
        clues.refer(row.league, row.id, to="区纪委监委", number="昆司移〔2026〕1号", on=timezone.localdate(), by=stage.chief)


def at_once(*acts: Any) -> list[str]:
    def run(act: Any) -> str:
        try:
            return str(act().state)
        except RejectedError as why:
            return str(why)
        finally:
            connection.close()

    with ThreadPoolExecutor(len(acts)) as pool:
        return list(pool.map(run, acts))


def test_of_two_who_act_at_once_one_is_told(stage: Stage) -> None:
    ref, row = stage.forged()
    proposed = at_once(lambda: stage.propose(row, by=stage.second), lambda: stage.propose(row, by=stage.world.supervisor))
    assert sum(each == "proposed" for each in proposed) == 1
    assert sum("还没有决定" in each for each in proposed) == 1
    fourth = w.person("卫样本", Organisation.objects.get(code=stage.world.reviewer.organisation), ["head"])
    uphold = lambda: revoking.uphold(row.league, row.id, "重新鉴定的样本不是原件。", by=fourth)  # noqa: E731
    decided = at_once(lambda: stage.revoke(row), uphold)
    assert sum(each in ("revoked", "established") for each in decided) == 1
    assert Entry.objects.filter(chain=clues.chain(row.id), step__in=("revoke", "uphold")).count() == 1
    ((_, found),) = marking.scores([ref])
    assert (found.total == 0) is (Clue.objects.get(id=row.id).state == "established")


def test_the_pages_lead_from_the_proposal_to_the_decision(stage: Stage) -> None:
    world = stage.world
    ref, row = stage.forged(closed=True)
    address = f"/desk/decisions/clues/{row.id}/"
    assert "提出撤销认定" in client(stage.second).get(address).content.decode()
    assert "提出撤销认定" not in client(world.drafter).get(address).content.decode()
    bare = client(stage.second).post(f"{address}propose/", {"grounds": GROUNDS})
    assert (bare.status_code, "证明材料" in bare.content.decode()) == (422, True)
    piece = w.file(stage.second)
    assert client(stage.second).post(f"{address}propose/", {"grounds": GROUNDS, "files": [str(piece)]}).status_code == 302
    for actor in (stage.second, world.reviewer, world.supervisor):
        page = client(actor).get(address).content.decode()
        assert "应当由另一人决定" in page
        assert f"{address}revoke/" not in page
    assert "决定是否撤销线索的认定" in client(stage.chief).get("/desk/").content.decode()
    assert client(world.reviewer).post(f"{address}revoke/", {"reason": "我认为可以撤销。"}).status_code == 422
    assert client(stage.chief).post(f"{address}revoke/", {"reason": "重新鉴定意见属实。"}).status_code == 302
    page = client(world.drafter).get(address).content.decode()
    assert "已撤销认定" in page
    assert "重新鉴定意见属实" in page
    assert "已撤销认定" in client(world.drafter).get(f"/desk/decisions/{ref.code}/").content.decode()
    assert client(stage.chief).post(f"/desk/decisions/clues/{uuid4()}/revoke/", {"reason": "没有这条。"}).status_code == 404
