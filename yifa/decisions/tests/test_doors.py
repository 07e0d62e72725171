"""The worked example of the domain (§2.3) from the record: the score, the interface and the page say what the pure function says.

And two reviewers who judge at the same moment, for real: threads and a server.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from datetime import date, datetime
from threading import Barrier
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.db import connection

from yifa.decisions import judging
from yifa.decisions.models import Closing, Judgment
from yifa.decisions.template_set import shown
from yifa.decisions.tests import world as w
from yifa.decisions.tests.matters import acts
from yifa.decisions.tests.test_api import Caller, checks
from yifa.decisions.tests.test_command import worked_example
from yifa.decisions.tests.test_judging import client, confirm_all
from yifa.dossiers.models import Dossier, Evidence, Part
from yifa.kernel.ledger import services as ledger
from yifa.kernel.people.actors import Actor
from yifa.kernel.people.models import Organisation
from yifa.kernel.refusing import RejectedError
from yifa.participation.models import Comment, Consultation
from yifa.procedures.core import BEIJING
from yifa.procedures.reading import Ref

pytestmark = pytest.mark.usefixtures("own_db")


def noon(day: date) -> datetime:
    return datetime(day.year, day.month, day.day, 12, tzinfo=BEIJING)


def told(world: w.World, ref: Ref) -> None:
    """The dossier holds what the example says: its facts, its acts on their days, two files of the draft, forty opinions on the draft."""
    facts = worked_example()["facts"]
    done, seq = {"propose": [1]}, 1
    for act in acts("propose", accept_review=date(2026, 5, 21)):
        entry = ledger.record(ref.code, act.step, actor=world.drafter, payload={}, league=ref.league, at=noon(act.on))
        done[act.step], seq = [entry.seq], entry.seq
    state = {"seq": seq, "done": done, "ended_by": "close"}
    ended = noon(date(2026, 11, 16))
    Dossier.objects.filter(code=ref.code).update(facts=facts, state=state, seq=seq, status="close", closed_at=ended)
    justice = world.reviewer.organisation
    Part.objects.create(league=ref.league, dossier=ref.code, organisation_id=justice, office="justice", opened_at=noon(date(2026, 5, 18)))
    files = [w.file(world.drafter) for _ in range(2)]
    Evidence.objects.filter(id__in=files).update(dossier=ref.code, step="draft", seq=done["draft"][0])
    asked: dict[str, Any] = worked_example()["register"]["consultation"]
    row = Consultation.objects.create(
        league=ref.league,
        id=uuid4(),
        dossier=ref.code,
        title="征求意见稿",
        organisation_id=world.drafter.organisation,
        region_id=world.drafter.region,
        explanation="说明",
        opens_on=asked["opens_on"],
        closes_on=asked["closes_on"],
        shortened_reason=asked["shortened_reason"],
        status="summarised",
        summarised_at=noon(date.fromisoformat(asked["summarised_on"])),
    )
    outcomes = [("adopted", "合理")] * 32 + [("not_adopted", "超出范围")] * 6 + [("not_adopted", "")] * 2
    Comment.objects.bulk_create(
        Comment(
            league=ref.league,
            id=uuid4(),
            consultation=row.id,
            n=n,
            receipt_digest=f"{n:064d}",
            text=f"意见{n}",
            received_at=noon(date(2026, 4, 2)),
            outcome=outcome,
            reason=reason,
        )
        for n, (outcome, reason) in enumerate(outcomes, 1)
    )


def test_the_worked_example_from_the_record_gives_98_24_at_every_door() -> None:
    world = w.build()
    ref = w.propose(world)
    told(world, ref)
    score = judging.score_of(ref.code)
    assert score is not None
    assert score.total == 9824
    assert {line.item.code: shown(line.got) for line in score.lines if line.got != line.item.points and line.counts} == {
        "T11.2": "1.50",
        "T17.1": "2.14",
    }
    answer = Caller(world.reviewer).get(f"/{ref.code}").json()
    assert (answer["score"], answer["grade"]) == ("98.24", "优秀")
    assert checks(answer)["T17.1"]["got"] == "2.14"
    assert "98.24" in client(world.reviewer).get(f"/desk/decisions/{ref.code}/").content.decode()
    confirm_all(world, ref)
    assert judging.close_score(ref.code, by=world.reviewer).total == 9824


def at_once(calls: Iterable[Callable[[], Any]]) -> list[Any]:
    """Every call in a thread of its own, all let go at the same moment: what each gave, or the refusal."""
    wanted = list(calls)
    gate = Barrier(len(wanted))

    def run(call: Callable[[], Any]) -> Any:
        try:
            gate.wait()
            return call()
        except RejectedError as refused:
            return refused
        finally:
            connection.close()

    with ThreadPoolExecutor(len(wanted)) as pool:
        return list(pool.map(run, wanted))


def finding(ref: Ref, by: Actor, check: str, points: int, key: UUID | None = None) -> Callable[[], Any]:
    return lambda: judging.confirm(ref.code, by=by, check=check, points=points, seen=100, after=0, reason="意见书未加盖印章", key=key)


def test_of_reviewers_who_judge_one_check_at_once_one_is_heard_and_the_others_are_told() -> None:
    world = w.build()
    ref = w.carried_to_the_end(world)
    others = [w.person(f"评样本{n}", Organisation.objects.get(code="1502030009"), ["reviewer"]) for n in range(2)]
    found = at_once(finding(ref, by, "T18.3", points) for by, points in zip((world.reviewer, *others), (0, 40, 60), strict=True))
    refused = [each for each in found if isinstance(each, RejectedError)]
    (kept,) = [each for each in found if isinstance(each, Judgment)]
    assert len(refused) == 2
    assert all("请查看后再确认" in str(each) and kept.by_name in str(each) for each in refused)
    assert list(Judgment.objects.values_list("n", "points")) == [(1, kept.points)]
    score = judging.score_of(ref.code)
    assert score is not None
    assert (score.line("T18.3").got, score.line("T18.3").proposed) == (kept.points, 100)


def test_the_same_finding_sent_four_times_at_once_is_one() -> None:
    world = w.build()
    ref, key = w.carried_to_the_end(world), uuid4()
    found = at_once(finding(ref, world.reviewer, "T18.3", 50, key) for _ in range(4))
    assert {each.n for each in found} == {1}
    assert Judgment.objects.count() == 1


def test_a_score_is_closed_once_by_two_reviewers_at_once() -> None:
    world = w.build()
    ref = w.carried_to_the_end(world)
    confirm_all(world, ref)
    found = at_once([lambda: judging.close_score(ref.code, by=world.reviewer)] * 2)
    assert sorted(type(each).__name__ for each in found) == ["Closing", "RejectedError"]
    assert Closing.objects.count() == 1


def test_nobody_judges_a_matter_of_his_own_body() -> None:
    """司法局 undertakes a matter itself: its own reviewer neither confirms nor closes, and the page offers it to him nowhere."""
    world = w.build()
    ref = w.carried_to_the_end(world)
    Dossier.objects.filter(code=ref.code).update(organisation_id=world.reviewer.organisation)
    for call in (finding(ref, world.reviewer, "T18.3", 50), lambda: judging.close_score(ref.code, by=world.reviewer)):
        with pytest.raises(RejectedError, match="不能由本单位评价"):
            call()
    assert "确认T18.3" not in client(world.reviewer).get(f"/desk/decisions/{ref.code}/").content.decode()
    assert not Judgment.objects.exists()
