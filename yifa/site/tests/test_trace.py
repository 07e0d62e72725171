"""From a penalty on the street to a point on the sheet, and back: figures and scores against an independent computation."""

from __future__ import annotations

import json
import random
from dataclasses import replace
from decimal import Decimal
from typing import Any
from uuid import UUID, uuid4

import pytest
import yaml
from django.db import connection
from django.test import Client, RequestFactory

from yifa.assessment import pages as assessment_pages
from yifa.assessment import queries, services, set_pages
from yifa.assessment.files import committed, parse
from yifa.assessment.queries import Period
from yifa.enforcement.context import ENFORCEMENT
from yifa.enforcement.rolls import count_rolls
from yifa.enforcement.tests import world as w
from yifa.facts import queries as facts
from yifa.facts.queries import Where
from yifa.facts.tests.following import follow_all
from yifa.kernel.people.actors import Actor
from yifa.kernel.people.models import Person
from yifa.procedures import take
from yifa.site.tests import recompute
from yifa.supervision import figure_pages, figure_queries
from yifa.supervision.figures import BY_ID
from yifa.supervision.services import rate

UNTIL_DELIVERED = ("establish", "order_correction", "inform", "hear", "decide", "deliver")
PERIOD = Period("2000-01", "2999-12")
EVER = Where(PERIOD.first, PERIOD.last)
TEXT = next(committed())


def identity(number: int) -> str:
    """A well-formed identity number for a made-up party."""
    digits = f"11010119900307{number:03d}"
    check = "10X98765432"[sum(int(digit) * 2 ** (17 - place) for place, digit in enumerate(digits)) % 11]
    return digits + check


def party(number: int) -> dict[str, Any]:
    return {"name": f"样本{number}", "identity_kind": "id", "identity_number": identity(number)}


@pytest.fixture
def world(own_db: object) -> w.World:
    """Four cases: one whole and in time, one that waits for publication, one begun without recording, one not punished; ratings; rolls."""
    made = w.build()
    w.walk(made, *UNTIL_DELIVERED, "file", "publish", "pay", "close", party=party(1))
    waiting = w.walk(made, *UNTIL_DELIVERED, party=party(2))
    silent = take.start(
        "summary_penalty", by=made.li, facts=w.answers(made, "show_badge", recording="off"), key=uuid4(), reasons={"C08": "设备故障"}
    )
    w.do(made, silent.ref, "establish", party=party(3), minor=True)
    reason = {"C08": "设备故障"}
    take.take(silent.ref, "no_penalty", by=made.li, facts=w.answers(made, "no_penalty"), key=uuid4(), seen_seq=None, reasons=reason)
    for number, score in enumerate((5, 4, 2)):
        rate(dossier=waiting.code, document=f"document-{number}", organisation=made.li.organisation, score=score)
    with connection.cursor() as cursor:
        cursor.execute("SELECT now()::date")
        count_rolls(on=cursor.fetchone()[0])
    follow_all([ENFORCEMENT])
    return made


def exported() -> list[recompute.Entry]:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT convert_from(e.body, 'UTF8'), (SELECT p.payload FROM ledger_payload p WHERE (p.league, p.chain, p.seq, p.side) ="
            " (e.league, e.chain, e.seq, 'open')), (SELECT p.payload FROM ledger_payload p WHERE (p.league, p.chain, p.seq, p.side) ="
            " (e.league, e.chain, e.seq, 'closed')) FROM ledger_entry e JOIN ledger_leaf l USING (league, chain, seq) ORDER BY l.position"
        )
        return [
            {"body": json.loads(body), "open": json.loads(given) if given else None, "closed": json.loads(kept) if kept else None}
            for body, given, kept in cursor.fetchall()
        ]


def test_twenty_random_outcomes_equal_an_independent_computation(world: w.World) -> None:
    entries = exported()
    written = yaml.load(TEXT, Loader=yaml.BaseLoader)  # noqa: S506 - every scalar stays text
    metrics = {row["code"]: row for row in written["metrics"]}
    outcomes = [row for aspect in written["aspects"] for measure in aspect["measures"] for row in measure["outcomes"]]
    # Those of enforcement: this world has no documents (theirs are in normative/tests/test_filing_facts.py).
    ours = {metric for metric in queries.KEYS if metric.startswith("ENF")}
    connected = [row for row in outcomes if row.get("metric") in ours and row["mode"] == "auto"]
    sums = queries.gather(PERIOD)
    sheets = {unit.code: queries.score_sheet(parse(TEXT), unit, sums) for unit in queries.units(region="150000")}
    bodies = [code for code in sheets if len(code) == 10]
    pairs = [(code, row) for code in (world.li.organisation, "150203", "150200", "150000") for row in connected]
    chosen = random.Random(20260302).sample(pairs, 20)
    scored = 0
    for code, row in chosen:
        found = recompute.numbers(entries, code, PERIOD.first, PERIOD.last)[row["metric"]]
        peers = [
            recompute.numbers(entries, each, PERIOD.first, PERIOD.last)[row["metric"]]
            for each in (bodies if code in bodies else ["150000"])
        ]
        pooled = (sum(numerator for numerator, _ in peers), sum(denominator for _, denominator in peers))
        line = sheets[code].line(row["code"])
        assert line is not None
        assert line.points == recompute.points(metrics[row["metric"]], row["weight"], found, pooled), (code, row["code"])
        scored += line.points is not None
    assert scored >= 10


def test_the_list_behind_a_number_has_numerator_many_rows_under_the_readers_rights(world: w.World) -> None:
    sums = facts.sums(EVER)
    for metric in ("M01", "M03", "M12", "M15", "M15.av", "M15.text", "M18", "M25.satisfied", "Q09"):
        found = facts.behind(world.head, [metric], EVER)
        assert len(found.rows) == found.readable == sums[metric].numerator, metric
        assert found.hidden == 0
        elsewhere = facts.behind(world.stranger, [metric], EVER)
        assert (elsewhere.rows, elsewhere.readable, elsewhere.hidden) == ((), 0, sums[metric].numerator), metric
    assert _read_page_by_page(world.head, "M18") == sums["M18"].numerator


def _read_page_by_page(reader: Actor, metric: str) -> int:
    seen, after = [], ""
    while True:
        page = facts.behind(reader, [metric], EVER, after=after, limit=2)
        seen += [(row.position, row.n) for row in page.rows]
        after = page.after
        if not after:
            break
    assert seen == sorted(set(seen), reverse=True)
    return len(seen)


def test_a_closed_round_recomputes_to_the_cent_after_later_acts(world: w.World) -> None:
    row = queries.current()
    assert row is not None
    closed = services.freeze_round(by=world.head, title="试算", indicators=row, first=PERIOD.first, last=PERIOD.last)
    before = closed.book[world.li.organisation]["total"]
    w.walk(world, *UNTIL_DELIVERED, party=party(9))
    follow_all([ENFORCEMENT])
    assert services.recompute(closed) == ()
    unit = queries.unit(world.li.organisation)
    assert unit is not None
    assert str(queries.score_sheet(parse(row.text), unit, queries.gather(PERIOD)).whole.rebased) != before
    closed.book[world.li.organisation]["earned"] = "99.00"
    assert services.recompute(closed) == (world.li.organisation,)


def test_what_is_connected_later_changes_no_closed_score(world: w.World) -> None:
    row = queries.current()
    assert row is not None
    closed = services.freeze_round(by=world.head, title="试算", indicators=row, first=PERIOD.first, last=PERIOD.last)
    assert closed.connected == list(queries.CONNECTED)
    before = closed.book[world.li.organisation]["outcomes"]
    earlier = [metric for metric in closed.connected if metric != "ENF-02"]
    unit = queries.unit(world.li.organisation)
    assert unit is not None
    sums = queries.gather(Period(PERIOD.first, PERIOD.last, closed.position), {unit.code: unit.level})
    book: dict[str, Any] = queries.score_sheet(parse(row.text), unit, sums, earlier).book()
    assert set(before) - set(book["outcomes"]) == {"O126"}
    closed.connected, closed.book = earlier, {unit.code: {"unit": [unit.name, unit.region, unit.level, unit.is_region], **book}}
    assert services.recompute(closed) == ()


def request(actor: Actor, path: str) -> Any:
    made = RequestFactory().get(path)
    made.user = Person.objects.get(pk=UUID(actor.person))
    made.actor = actor  # type: ignore[attr-defined]  # as ActorMiddleware sets it
    return made


def test_pages_lead_from_the_score_to_the_case(world: w.World) -> None:
    period = "first=2026-01&last=2999-12"
    overview = assessment_pages.overview(request(world.head, f"/assessment/?{period}")).content.decode()
    assert "历史指标集·试算" in overview
    assert "未接入" in overview
    trace = assessment_pages.outcome(request(world.head, f"/assessment/outcomes/O126/?{period}"), "O126").content.decode()
    assert "得分率 = " in trace
    assert "/desk/cases/150203" in trace
    table = figure_pages.figures(request(world.head, f"/supervision/figures/?{period}")).content.decode()
    assert "ENF-04" in table
    assert "100.00%" in table
    for figure in BY_ID:
        assert figure_pages.figure(request(world.head, f"/supervision/figures/{figure}/?{period}"), figure).status_code == 200
    overseer = replace(world.head, roles=frozenset({"assessor"}))
    assert "不作排名" in assessment_pages.units(request(overseer, f"/assessment/units/?{period}")).content.decode()
    assert "学时类" in set_pages.sets(request(world.head, "/assessment/sets/")).content.decode()


def test_a_body_sees_its_own_figures_only(own_db: object) -> None:
    world = w.build()
    with pytest.raises(figure_queries.OutOfReachError):
        figure_queries.where(world.head, first="2026-01", last="2026-02", organisation=world.stranger.organisation)
    with pytest.raises(figure_queries.OutOfReachError):
        figure_queries.where(world.head, first="2026-01", last="2026-02", region="150203")
    assert figure_queries.where(world.head, first="2026-01", last="2026-02").organisation == world.head.organisation


def test_strangers_are_shown_the_way_in(own_db: object) -> None:
    for path in ("/supervision/figures/", "/assessment/"):
        answer = Client().get(path)
        assert answer.status_code == 302
        assert "sign-in" in answer["Location"]


def test_points_are_exact_to_the_cent() -> None:
    metric = {"zero": "0.8", "full": "1.0", "min_n": "5"}
    assert recompute.points(metric, "1.01", (92, 100), (1, 1)) == Decimal("0.61")
