"""Clues (R5, R6): raised by one person, decided by another, the unit heard first; what follows for the score and the assessment."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import date, datetime, timedelta

import pytest
from django.db import IntegrityError, connection, transaction
from django.utils import timezone

from yifa.decisions import clue_queries, clues, judging, lamps, marking
from yifa.decisions.clues import Said
from yifa.decisions.context import DECISIONS
from yifa.decisions.models import Closing, Clue
from yifa.decisions.tests import world as w
from yifa.decisions.tests.test_judging import confirm_all
from yifa.facts import services as facts
from yifa.facts.models import Fact, Tally
from yifa.facts.tests.following import follow_all
from yifa.kernel.ledger.models import Entry
from yifa.kernel.people.actors import Actor
from yifa.kernel.people.models import Organisation, Region
from yifa.kernel.refusing import RejectedError
from yifa.procedures.models import Task
from yifa.procedures.reading import Ref

pytestmark = pytest.mark.usefixtures("own_db")
GROUNDS = "专家论证意见书的打印日期晚于登记的论证日期，专家本人表示没有参加论证。"


def forged(world: w.World, ref: Ref, by: Actor | None = None) -> Clue:
    piece = {"title": "询问笔录.pdf", "sha256": "a" * 64, "size": 9, "mime": "application/pdf"}
    return clues.raise_clue(Said("R5", GROUNDS, dossier=ref.code, files=(piece,)), by=by or world.supervisor)


def evaded(world: w.World, title: str = "城区供水价格调整") -> Clue:
    return clues.raise_clue(
        Said("R6", "未列入目录即由专题会议决定。", government=world.mayor.organisation, title=title), by=world.supervisor
    )


def heard(world: w.World, row: Clue) -> Clue:
    """The unit has stated its side."""
    by = world.drafter if row.dossier else world.office
    return clues.state_side(row.league, row.id, "材料是事后补签的，当时确有论证。", by=by)


def score(ref: Ref) -> tuple[int | None, int | None]:
    ((_, found),) = marking.scores([ref])
    return found.total, found.before


def test_what_is_established_voids_the_score_and_what_is_only_raised_does_not() -> None:
    world = w.build()
    ref = w.carried_to_the_end(world)
    before, _ = score(ref)
    row = forged(world, ref)
    assert score(ref) == (before, before)
    heard(world, row)
    clues.establish(row.league, row.id, "经核对原件和询问当事人，论证意见系倒签。", by=world.reviewer)
    assert score(ref) == (0, before)
    found = judging.score_of(ref.code)
    assert found is not None
    assert [red.code for red in found.red_lines] == ["R5"]
    assert {lamp.colour for lamp in lamps.lamps(found) if lamp.counted} == {lamps.RED}
    steps = [entry.step for entry in Entry.objects.filter(chain=clues.chain(row.id)).order_by("seq")]
    assert steps == ["raise", "state", "establish"]


def test_what_is_dismissed_changes_nothing_and_may_be_raised_again() -> None:
    world = w.build()
    ref = w.carried_to_the_end(world)
    before = score(ref)
    row = forged(world, ref)
    with pytest.raises(RejectedError, match="已经提出"):
        forged(world, ref)
    clues.dismiss(row.league, row.id, "原件与登记一致。", by=world.reviewer)
    assert score(ref) == before
    with pytest.raises(RejectedError, match="已经作出结论：不成立"):
        clues.establish(row.league, row.id, "另有新的材料。", by=world.reviewer)
    assert forged(world, ref).id != row.id


def test_the_unit_is_heard_first_or_its_days_are_over() -> None:
    world = w.build()
    ref = w.carried_to_the_end(world)
    row = forged(world, ref)
    task = Task.objects.get(kind=clues.TASK, subject=str(row.id))
    assert (task.organisation_id, task.due_on, task.closed_at) == (world.drafter.organisation, row.statement_due_on, None)
    with pytest.raises(RejectedError, match="听取单位的陈述"):
        clues.establish(row.league, row.id, "经核实属实。", by=world.reviewer)
    with pytest.raises(RejectedError, match="被核实单位"):
        clues.state_side(row.league, row.id, "我们没有意见。", by=world.stranger)
    heard(world, row)
    with pytest.raises(RejectedError, match="已经陈述过"):
        heard(world, row)
    task.refresh_from_db()
    assert task.met_on is not None
    clues.establish(row.league, row.id, "经核实属实。", by=world.reviewer)

    other = evaded(world)
    after = datetime.combine(other.statement_due_on + timedelta(days=1), datetime.min.time(), timezone.get_current_timezone())
    last = after - timedelta(hours=1)
    with pytest.raises(RejectedError, match="听取单位的陈述"):
        clues.establish(other.league, other.id, "逾期没有陈述，经核实属实。", by=world.reviewer, simulated=last)


def test_the_raiser_never_decides_and_the_database_says_so_too() -> None:
    world = w.build()
    ref = w.carried_to_the_end(world)
    justice = Organisation.objects.get(code=world.reviewer.organisation)
    both = w.person("何样本", justice, ["supervisor", "reviewer", "head"])
    row = heard(world, forged(world, ref, by=both))
    for decide in (clues.establish, clues.dismiss):
        with pytest.raises(RejectedError, match="另一人"):
            decide(row.league, row.id, "自己认定自己提出的。", by=both)
    with pytest.raises(IntegrityError), transaction.atomic():
        Clue.objects.filter(id=row.id).update(decided_by_id=both.person)


def test_only_justice_or_a_supervisor_above_decides() -> None:
    world = w.build()
    ref = w.carried_to_the_end(world)
    row = heard(world, forged(world, ref))
    city = Region.objects.get(code="150200")
    above = w.person("上样本", w.body("1502000001", "样本市人民政府", "样政", city, kind="GOVERNMENT"), ["supervisor"])
    beside = w.person("旁样本", Organisation.objects.get(code=world.mayor.organisation), ["supervisor"])
    elsewhere = replace(world.reviewer, region="150204", person=world.stranger.person)
    for actor in (world.drafter, world.mayor, world.stranger, beside, elsewhere):
        with pytest.raises(RejectedError, match="认定"):
            clues.establish(row.league, row.id, "经核实属实。", by=actor)
    assert clues.establish(row.league, row.id, "经核实属实。", by=above).state == "established"


def test_only_supervisors_raise_and_only_what_they_see() -> None:
    world = w.build()
    ref = w.carried_to_the_end(world)
    for actor in (world.drafter, world.mayor, world.reviewer, world.stranger):
        with pytest.raises(RejectedError, match="监督人员"):
            forged(world, ref, by=actor)
    far = w.person("远样本", w.body("1502040009", "另区司法局", "另司", _other_district(), sector="司法行政"), ["supervisor"])
    with pytest.raises(RejectedError, match="查看范围"):
        forged(world, ref, by=far)
    with pytest.raises(RejectedError, match="监督范围"):
        clues.raise_clue(Said("R6", GROUNDS, government=world.mayor.organisation, title="供水价格调整"), by=far)


@pytest.mark.parametrize(
    ("said", "why"),
    [
        (Said("R1", GROUNDS), "种类"),
        (Said("R5", GROUNDS, government="1502030001", title="供水价格调整"), "哪个决策事项"),
        (Said("R6", GROUNDS, government="1502030001", title="水价"), "应当列入目录的事项"),
        (Said("R6", GROUNDS, government="1502030021", title="供水价格调整"), "监督范围"),
        (Said("R6", "短", government="1502030001", title="供水价格调整"), "5到4000字"),
        (Said("R6", "长" * 4001, government="1502030001", title="供水价格调整"), "5到4000字"),
    ],
)
def test_a_clue_that_says_too_little_is_refused(said: Said, why: str) -> None:
    world = w.build()
    with pytest.raises(RejectedError, match=why):
        clues.raise_clue(said, by=world.supervisor)
    assert not Clue.objects.exists()


def test_a_closing_score_is_issued_anew_and_the_fact_follows_it() -> None:
    world = w.build()
    ref = w.carried_to_the_end(world)
    confirm_all(world, ref)
    first = judging.close_score(ref.code, by=world.reviewer)
    follow_all([DECISIONS])
    row = heard(world, forged(world, ref))
    clues.establish(row.league, row.id, "经核实属实。", by=world.reviewer)
    closing = Closing.objects.get(dossier=ref.code)
    assert (closing.total, closing.grade, closing.red_lines, closing.clue) == (0, "不合格", ["R5"], row.id)
    assert [(each["seq"], each["total"]) for each in closing.earlier] == [(first.seq, first.total)]
    # The entry of the earlier score is where it was; the new one stands after it and names it.
    steps = list(Entry.objects.filter(chain=judging.chain(ref.code), seq__gte=first.seq).order_by("seq").values_list("step", flat=True))
    assert steps == ["close", "reissue"]
    assert closing.seq == first.seq + 1
    follow_all([DECISIONS])
    counted = Fact.objects.filter(metric="DEC-10").order_by("position", "n").values_list("numerator", "denominator")
    assert list(counted) == [(first.total, 10_000), (-first.total, -10_000), (0, 10_000)]
    tally = Tally.objects.get(metric="DEC-10")
    assert (tally.numerator, tally.denominator, tally.organisation) == (0, 10_000, world.mayor.organisation)
    assert facts.check([DECISIONS])[1] == []
    assert Fact.objects.filter(metric="DEC-22").count() == 1


def test_a_score_closed_after_the_clue_rests_on_it() -> None:
    world = w.build()
    ref = w.carried_to_the_end(world)
    row = heard(world, forged(world, ref))
    clues.establish(row.league, row.id, "经核实属实。", by=world.reviewer)
    assert not Closing.objects.exists()
    confirm_all(world, ref)
    closing = judging.close_score(ref.code, by=world.reviewer)
    assert (closing.total, closing.earlier, closing.red_lines) == (0, [], ["R5"])


def test_evading_the_list_takes_two_points_from_its_government_once() -> None:
    world = w.build()
    row = heard(world, evaded(world))
    follow_all([DECISIONS])
    assert not Fact.objects.filter(metric="DEC.R6").exists()
    clues.establish(row.league, row.id, "应当列入目录而未列入，由专题会议决定。", by=world.reviewer)
    follow_all([DECISIONS])
    fact = Fact.objects.get(metric="DEC.R6")
    assert (fact.numerator, fact.denominator, fact.organisation, fact.region) == (200, 1, world.mayor.organisation, "150203")
    assert fact.chain == clues.chain(row.id)
    assert fact.month == f"{timezone.localdate():%Y-%m}"
    assert facts.check([DECISIONS])[1] == []


def test_forgery_is_passed_on_once_and_after_it_was_established() -> None:
    world = w.build()
    ref = w.carried_to_the_end(world)
    row = heard(world, forged(world, ref))

    def refer(
        row: Clue, to: str = "区纪委监委", number: str = "昆司移〔2026〕1号", on: date | None = None, by: Actor = world.reviewer
    ) -> str:
        return clues.refer(row.league, row.id, to=to, number=number, on=on or timezone.localdate(), by=by).referred_to

    with pytest.raises(RejectedError, match="经认定"):
        refer(row)
    clues.establish(row.league, row.id, "经核实属实。", by=world.reviewer)
    with pytest.raises(RejectedError, match="认定以后"):
        refer(row, on=date(2020, 1, 1))
    with pytest.raises(RejectedError, match="文号"):
        refer(row, number=" ")
    with pytest.raises(RejectedError, match="认定机关"):
        refer(row, by=world.drafter)
    assert refer(row) == "区纪委监委"
    with pytest.raises(RejectedError, match="已经移送"):
        refer(row)
    other = heard(world, evaded(world))
    clues.establish(other.league, other.id, "经核实属实。", by=world.reviewer)
    with pytest.raises(RejectedError, match="伪造、倒签"):
        refer(other)


def test_of_two_who_decide_at_once_one_wins_and_the_other_is_told() -> None:
    world = w.build()
    ref = w.carried_to_the_end(world)
    row = heard(world, forged(world, ref))
    second = w.person("吕样本", Organisation.objects.get(code=world.reviewer.organisation), ["head"])

    def decide(act: str, by: Actor) -> str:
        try:
            return str(getattr(clues, act)(row.league, row.id, "经核对原件作出结论。", by=by).state)
        except RejectedError as why:
            return str(why)
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as pool:
        said = list(pool.map(decide, ("establish", "dismiss"), (world.reviewer, second)))
    assert sum(each in ("established", "dismissed") for each in said) == 1
    assert sum("已经作出结论" in each for each in said) == 1
    assert Entry.objects.filter(chain=clues.chain(row.id), step__in=("establish", "dismiss")).count() == 1


def test_who_may_read_a_clue() -> None:
    world = w.build()
    ref = w.carried_to_the_end(world)
    row = forged(world, ref)
    readers = (world.supervisor, world.reviewer, world.drafter, world.office, world.mayor)
    assert all(clue_queries.one(actor, row.id) is not None for actor in readers)
    others = (world.stranger, world.clerk, world.gazette)
    assert all(clue_queries.one(actor, row.id) is None for actor in others)
    for actor in (*readers, *others):
        assert [each.id for each in clue_queries.page(actor)] == ([row.id] if actor in readers else [])
        assert [each.id for each in clue_queries.of_dossier(actor, ref.code)] == ([row.id] if actor in readers else [])


def _other_district() -> Region:
    parent = Region.objects.get(code="150200")
    return Region.objects.create(code="150204", name="另区", parent=parent, level=3, league=w.LEAGUE)
