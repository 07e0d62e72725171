"""Which open cases rest on a procedure's version or on an item: the reader's own rows, the others only counted."""

from __future__ import annotations

import pytest

from conftest import OwnDatabase
from yifa.dossiers.models import Dossier
from yifa.enforcement.tests import world as w
from yifa.procedures.registry import procedure
from yifa.procedures.resting import of_answer, of_procedure, open_cases


@pytest.fixture
def world(own_db: OwnDatabase) -> w.World:
    return w.build()


def test_open_cases_are_listed_to_their_body_and_counted_to_others(world: w.World) -> None:
    ref = w.walk(world, "establish")
    dossier = Dossier.objects.get(code=ref.code)
    item = of_answer("item", str(dossier.facts["item"]))
    version = of_procedure(procedure(dossier.procedure, dossier.version))
    for each in (item, version):
        own, other = open_cases(world.li, each), open_cases(world.stranger, each)
        assert ([row.code for row in own.rows], own.seen, own.hidden) == ([ref.code], 1, 0)
        assert (other.rows, other.seen, other.hidden) == ((), 0, 1)
    for nothing in (of_answer("item", "0"), "procedure:summary_penalty@1999-01-01", "", "words"):
        found = open_cases(world.li, nothing)
        assert (found.rows, found.seen, found.hidden) == ((), 0, 0)


def test_a_closed_case_rests_on_nothing_any_more(world: w.World) -> None:
    ref = w.walk(world, "establish")
    dossier = Dossier.objects.get(code=ref.code)
    Dossier.objects.filter(code=ref.code).update(closed_at=dossier.opened_at)
    assert open_cases(world.li, of_answer("item", str(dossier.facts["item"]))).seen == 0
