"""How an act travels: two exchanges, one packet each; a guess about a dossier is corrected before anything is judged by it."""

from __future__ import annotations

import json
from dataclasses import replace
from threading import Timer
from typing import Any
from uuid import uuid4

import psycopg
import pytest
from django.db import connection

from yifa.dossiers.models import Dossier
from yifa.enforcement.context import ENFORCEMENT
from yifa.enforcement.procedures.summary_penalty import SummaryPenalty
from yifa.enforcement.tests import world as w
from yifa.kernel.people.models import Organisation
from yifa.procedures import exchange, registry
from yifa.procedures.core import Refused, Step
from yifa.procedures.fields import LONG, Field
from yifa.procedures.models import Refusal
from yifa.procedures.reading import Ref
from yifa.procedures.take import take

INFORMED = ("establish", "order_correction", "inform")


class Later(SummaryPenalty):
    """The next version: `hear` asks another question, and there is no `file` any more."""

    version = "2025-01-01"
    hear = Step(
        "听取意见", SummaryPenalty.hear.cites, by=SummaryPenalty.hear.by, after=SummaryPenalty.inform, asks=(Field("said", "意见", LONG),)
    )


def rows(sql: str) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(sql)
        return list(cursor.fetchall())


def versions() -> list[str]:
    return [json.loads(bytes(body))["version"] for (body,) in rows("SELECT body FROM ledger_entry ORDER BY id")]


def test_an_act_is_two_packets(own_db: Any, wire: Any) -> None:
    """BEGIN, lock and read in the first; the whole act and COMMIT in the second: also when the process never met the dossier."""
    world = w.build()
    first, second = w.walk(world, *INFORMED), w.walk(world, *INFORMED)
    wire.through()
    facts = w.answers(world, "hear")
    take(first, "hear", by=world.li, facts=facts, key=uuid4(), seen_seq=None)
    exchanges, packets = wire.ready, wire.packets
    take(second, "hear", by=world.li, facts=facts, key=uuid4(), seen_seq=None)
    assert (wire.ready - exchanges, wire.packets - packets) == (2, 2)


def test_a_dossier_of_an_older_version_is_judged_by_its_own(own_db: Any, wire: Any) -> None:
    world = w.build()
    ref = w.walk(world, *INFORMED)
    wire.through()
    both = replace(ENFORCEMENT, procedures=(SummaryPenalty, Later))
    with registry.also(both):
        assert registry.likely("02", "hear", region="150203") is Later
        with pytest.raises(Refused) as refused:
            w.do(world, ref, "hear", statement=None)
        assert [each.field for each in refused.value.findings] == ["statement"]
        before = wire.ready
        w.do(world, ref, "hear")
        assert wire.ready - before == 2  # it was learned from the first
    assert set(versions()) == {SummaryPenalty.version}
    assert Refusal.objects.get().step == "hear"


def test_a_step_that_the_likely_version_does_not_know_is_not_refused_for_it(own_db: Any) -> None:
    world = w.build()
    ref = w.begin(world).ref
    with registry.also(replace(ENFORCEMENT, procedures=(Later,))), pytest.raises(Refused, match=SummaryPenalty.version):
        w.do(world, ref, "establish")
    assert len(versions()) == 1


def test_a_code_that_no_dossier_bears_is_refused_and_not_counted(own_db: Any) -> None:
    world = w.build()
    for code in ("1502030020-02-2026-000001-L", "1502030020-77-2026-000001-L", "x"):
        with pytest.raises(Refused, match="没有编号为"):
            take(Ref("150200", code), "establish", by=world.li, key=uuid4(), seen_seq=None)
    assert not Refusal.objects.exists()


def test_a_dossier_opened_by_a_unit_takes_its_number_from_the_body(own_db: Any) -> None:
    """Its code names the unit; the document's number comes from the series of the body in whose name it acts."""
    world = w.build()
    bureau = Organisation.objects.get(code="1502030020")
    Organisation.objects.create(
        code="1502030029", name="样本执法大队", kind="UNIT", level=3, region=bureau.region, parent=bureau, status="announced"
    )
    ref = w.begin(world, by=replace(world.li, organisation="1502030029")).ref
    assert ref.code.startswith("1502030029")
    for name in (*INFORMED, "hear", "decide"):
        w.do(world, ref, name)
    assert str(Dossier.objects.get().number).startswith("包昆农当罚〔")
    assert {row[0] for row in rows("SELECT organisation_id FROM documents_series WHERE kind = '当罚'")} == {"1502030020"}


def test_a_refused_act_keeps_what_is_prepared(own_db: Any) -> None:
    world = w.build()
    ref = w.walk(world, "establish")
    prepared = "SELECT name FROM pg_prepared_statements WHERE name LIKE 'act%'"
    before = {row[0] for row in rows(prepared)}
    with pytest.raises(Refused):
        w.do(world, ref, "establish")
    assert before <= {row[0] for row in rows(prepared)}


def test_statements_that_somebody_let_go_are_prepared_again(own_db: Any) -> None:
    world = w.build()
    ref = w.walk(world, "establish")
    with connection.cursor() as cursor:
        cursor.execute("DEALLOCATE ALL")
    w.do(world, ref, "order_correction")
    assert len(versions()) == 3


def test_a_connection_keeps_only_so_many_prepared(own_db: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(exchange, "MOST", 6)
    world = w.build()
    w.walk(world, *INFORMED, "hear", "decide")
    # Those of an act's second exchange go at the beginning of the next act.
    assert len(rows("SELECT name FROM pg_prepared_statements WHERE name LIKE 'act%'")) <= 6 + 2
    assert len(versions()) == 6


def test_a_lost_connection_fails_one_act_and_no_more(own_db: Any) -> None:
    world = w.build()
    ref = w.walk(world, "establish")
    with psycopg.connect(own_db.admin_url, autocommit=True) as admin:
        admin.execute("SELECT pg_terminate_backend(%s)", [connection.connection.info.backend_pid])
    with pytest.raises(psycopg.OperationalError):
        w.do(world, ref, "order_correction")
    w.do(world, ref, "order_correction")
    assert len(versions()) == 3


def test_a_connection_lost_while_an_act_waits_ends_the_waiting(own_db: Any) -> None:
    """Another act holds the dossier; the server ends this one's connection meanwhile."""
    world = w.build()
    ref = w.walk(world, "establish")
    with psycopg.connect(own_db.admin_url) as other, psycopg.connect(own_db.admin_url, autocommit=True) as admin:
        other.execute("SELECT 1 FROM dossiers_dossier FOR UPDATE")
        pid = connection.connection.info.backend_pid
        ending = Timer(0.5, lambda: admin.execute("SELECT pg_terminate_backend(%s)", [pid]))
        ending.start()
        with pytest.raises(psycopg.OperationalError):
            w.do(world, ref, "order_correction")
        ending.join()
    w.do(world, ref, "order_correction")
    assert len(versions()) == 3
