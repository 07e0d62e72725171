"""Matters as the database has them, read and scored: nothing is lost between the record and the score."""

from __future__ import annotations

from dataclasses import fields
from datetime import date
from uuid import uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from yifa.decisions import marking
from yifa.decisions.case import MatterFacts
from yifa.decisions.matter import Act
from yifa.decisions.scoring import NOT_APPLICABLE, PENDING
from yifa.decisions.tests import world as w
from yifa.kernel.ledger.models import Entry
from yifa.procedures import take
from yifa.procedures.known import is_known
from yifa.procedures.reading import Ref


def test_what_was_taken_back_does_not_stand() -> None:
    entries = [
        [1, "propose", "2026-01-05", "2026-01-05", False],
        [2, "_urge", "2026-01-06", "2026-01-06", False],
        [3, "enter", "2026-01-07", "2026-01-09", True],
        [4, "start", "2026-01-08", "2026-01-08", False],
        [5, "_return@4", "2026-01-09", "2026-01-09", False],
        [6, "start", "2026-01-10", "2026-01-10", False],
    ]
    assert marking.standing(entries) == (
        Act("propose", date(2026, 1, 5), date(2026, 1, 5), False, 1),
        Act("enter", date(2026, 1, 7), date(2026, 1, 9), True, 3),
        Act("start", date(2026, 1, 10), date(2026, 1, 10), False, 6),
    )


@pytest.mark.usefixtures("own_db")
def test_a_matter_carried_to_its_end_is_scored_from_its_record() -> None:
    world = w.build()
    ref = w.carried_to_the_end(world)
    ((matter, found),) = marking.scores([ref])
    assert (matter.code, matter.closed, found.closed) == (ref.code, True, True)
    assert [act.step for act in matter.acts] == [step for step in _steps(ref) if not step.startswith("_")]
    assert matter.files["propose"] == 1
    assert matter.files["draft"] == 2
    assert {each.template.code for each in found.templates if each.state == NOT_APPLICABLE} == {*w.EXEMPT, "T25"}
    assert not found.pending
    assert not found.red_lines
    lost = {line.item.code: dict(line.outcome.inputs) for line in found.lines if line.counts and line.got != line.item.points}
    # All of it happened within one day, so the review had no working day and was not finished before the day of the meeting; of eight
    # members who were present three spoke.
    assert lost.keys() == {"T17.1", "T17.3", "T21.3"}, lost
    assert found.line("T04.2").awaits
    assert found.total == found.before


@pytest.mark.usefixtures("own_db")
def test_the_facts_are_those_the_rules_see() -> None:
    """Read in bulk or in the exchange of an act: the same case class from the same facts and register."""
    world = w.build()
    ref = w.carried_to_the_end(world)
    (matter,) = marking.read_matters([ref])
    told = {each.name for each in fields(MatterFacts) if is_known(getattr(matter.facts, each.name))}
    assert told >= {"catalogue_published_on", "party_agreed_on", "basis_cited", "consulted", "submitted_on", "archived_on", "reports_due"}
    assert matter.facts.consulted is not None
    assert (matter.facts.consulted.comments, matter.facts.consulted.not_adopted) == (2, 1)


@pytest.mark.usefixtures("own_db")
def test_a_matter_under_way_has_a_running_score_and_one_not_taken_up_has_none() -> None:
    world = w.build()
    running, refused = w.begun(world), w.propose(world, title="另一事项")
    w.do(refused, "reject", world.mayor, {"reject_reason": "条件不成熟"})
    with CaptureQueriesContext(connection) as asked:
        found = {matter.code: score for matter, score in marking.scores([running, refused])}
    assert list(found) == [running.code]
    score = found[running.code]
    assert not score.closed
    assert {"T11", "T17", "T21", "T26"} <= {each.template.code for each in score.pending}
    assert next(each.state for each in score.templates if each.template.code == "T07") == PENDING
    assert sum("dossiers_dossier" in query["sql"] for query in asked) == 1


@pytest.mark.usefixtures("own_db")
def test_an_act_taken_back_leaves_the_score() -> None:
    world = w.build()
    ref = w.begun(world)
    before = {act.step for matter in marking.read_matters([ref]) for act in matter.acts}
    take.take(ref, "_withdraw", by=world.drafter, at=None, facts={"reason": "方案有误"}, key=uuid4(), seen_seq=None)
    after = {act.step for matter in marking.read_matters([ref]) for act in matter.acts}
    assert before - after == {"plan_participation"}


def _steps(ref: Ref) -> list[str]:
    return list(Entry.objects.filter(league=ref.league, chain=ref.code).order_by("seq").values_list("step", flat=True))
