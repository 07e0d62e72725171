"""The load world is a true one: its record verifies, its figures are a replay's, and its dossiers can be carried on."""

from __future__ import annotations

import json
import random
from argparse import ArgumentParser, Namespace
from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.conf import settings as site
from django.db import connection
from django.utils import timezone
from django.utils.module_loading import import_string

from yifa.dossiers import store
from yifa.facts import services as facts
from yifa.kernel.calendar.queries import calendar
from yifa.kernel.calendar.queries import current_stamp as calendar_stamp
from yifa.kernel.ledger import queries as ledger
from yifa.kernel.ledger.services import receipt
from yifa.kernel.ledger.verify import verify_receipt
from yifa.kernel.parameters.queries import current_stamp as parameters_stamp
from yifa.kernel.people.queries import actors_of
from yifa.kernel.people.services import load_reference
from yifa.procedures.core import BEIJING, Refused
from yifa.procedures.reading import Ref
from yifa.procedures.take import take
from yifa.site import generate, generate_casts
from yifa.site.generate_bodies import build
from yifa.site.generate_casts import Lines, Numbers, desks, fill
from yifa.site.generate_dossiers import COLUMNS, Loaded, Office, specimens
from yifa.site.generate_moulds import OLDEST, YOUNGEST, Marked, _line, cut, marked


def options(*words: str) -> Namespace:
    parser = ArgumentParser()
    generate.arguments(parser)
    return parser.parse_args(words)


def rows(text: str, *values: str) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(text, values)
        return list(cursor.fetchall())


WORDS = ("--organisations", "40", "--officers", "130", "--dossiers", "300", "--workers", "1")


@pytest.fixture
def demo(own_db: Any, settings: Any) -> None:
    settings.LOG_ORIGIN = "demo.load.test"
    load_reference()


def test_a_real_record_is_left_alone(own_db: Any, settings: Any) -> None:
    settings.LOG_ORIGIN = "yifa.example"
    with pytest.raises(SystemExit, match=r"demo\."):
        generate.main(options(*WORDS))
    assert rows("SELECT count(*) FROM people_organisation") == [(0,)]


def test_a_generated_world_verifies_agrees_and_goes_on(demo: None, capsys: pytest.CaptureFixture[str]) -> None:
    assert generate.main(options(*WORDS)) == 0
    told = json.loads(capsys.readouterr().out)
    assert (told["organisations"], told["officers"], told["dossiers"]) == (40, 130, 300)
    assert rows("SELECT (SELECT count(*) FROM people_certificate), (SELECT count(*) FROM dossiers_dossier)") == [(130, 300)]

    # Sealed and counted to the last entry; the figures are those of a replay.
    [(entries, leaves)] = rows("SELECT (SELECT count(*) FROM ledger_entry), (SELECT count(*) FROM ledger_leaf)")
    assert entries == leaves == told["sealed"] == told["counted"]
    assert facts.check(import_string(site.CONTEXTS)) == (entries, [])
    assert rows("SELECT sum(denominator) > 100 FROM facts_tally WHERE metric = 'M12'") == [(True,)]

    # Every dossier: its receipt verifies, and its cached state is the fold of its entries.
    states: dict[str, int] = {}
    for code, league, state, closed in rows("SELECT code, league, state::text, closed_at IS NOT NULL FROM dossiers_dossier"):
        found = [row[0] for row in rows("SELECT step FROM ledger_entry WHERE league = %s AND chain = %s ORDER BY seq", league, code)]
        assert json.loads(state)["seq"] == len(found)
        states[found[-1]] = states.get(found[-1], 0) + 1
        assert closed == (found[-1] in {"close", "no_penalty", "escalate"} or "close" in found)
    assert {"close", "no_penalty", "escalate"} <= set(states)
    for code, league in rows("SELECT code, league FROM dossiers_dossier ORDER BY code LIMIT 10"):
        verdict = verify_receipt(receipt(code, league=league, sides=("open", "closed")), key=str(ledger.vkey()))
        assert verdict.valid, verdict

    # No gap in a series, no document without its file.
    numbered = rows(
        "SELECT organisation_id, series, year, count(*), max(sequence) FROM documents_document WHERE series <> '' GROUP BY 1, 2, 3"
    )
    assert numbered
    assert all(count == last for *_, count, last in numbered)
    series = rows("SELECT organisation_id, kind, year, last FROM documents_series WHERE left(kind, 1) <> '案'")
    assert sorted(series) == sorted((body, kind, year, last) for body, kind, year, _, last in numbered)
    assert all(store.path(digest).read_bytes().startswith(b"%PDF") for (digest,) in rows("SELECT DISTINCT sha256 FROM documents_document"))

    # The next act goes on where the world was left, and a new case has the next number.
    [(league, code, body)] = rows(
        "SELECT league, code, organisation_id FROM dossiers_dossier WHERE closed_at IS NULL AND state -> 'done' ? 'deliver'"
        " AND NOT state -> 'done' ? 'file' ORDER BY code LIMIT 1"
    )
    officer = next(each for each in actors_of(body) if each.has("officer"))
    before = rows("SELECT max(seq) FROM ledger_entry WHERE chain = %s", code)[0][0]
    assert take(Ref(league, code), "file", by=officer, facts={}, key=uuid4(), seen_seq=before).seq == before + 1
    assert rows("SELECT closed_seq FROM procedures_obligation WHERE dossier = %s AND step = 'file'", code) == [(before + 1,)]
    with pytest.raises(Refused):
        take(Ref(league, code), "decide", by=officer, facts={}, key=uuid4(), seen_seq=None)

    # A second world into a full database only when asked for.
    assert generate.main(options(*WORDS)) == 1
    assert generate.main(options("--organisations", "3", "--officers", "6", "--dossiers", "5", "--workers", "1", "--add")) == 0
    assert facts.check(import_string(site.CONTEXTS))[1] == []
    assert rows("SELECT count(*) - count(DISTINCT identity_hash) FROM dossiers_party") == [(0,)]


class Plainly(Loaded):
    """The story of a mould, told for a real body, real officers and a real party: judged act by act."""

    def __init__(self, seed: int, office: Office, moment: datetime, today: date, party: dict[str, Any]) -> None:
        super().__init__(random.Random(seed), office, moment, today)
        self.chance.randint(YOUNGEST, OLDEST)  # the mould draws its party's age here
        self.lead, self.second = self.team.officers
        self.party = party

    def _establish(self) -> dict[str, Any]:
        return {**super()._establish(), "party": self.party}


def parsed(lines: list[bytes]) -> list[list[str]]:
    """COPY's text, as its cells."""
    return [[cell.replace("\\\\", "\\") for cell in line.split("\t")] for chunk in lines for line in chunk.decode().splitlines() if line]


def test_a_cast_is_what_the_law_would_have_judged(demo: None) -> None:
    """Moulds cast for another body of their kind, against the same stories judged for that body: the same payloads, bodies and rows."""
    today = timezone.localdate()
    one, other = build(8300 // 40, 1000)[:2]
    found = desks([one, other], datetime.now(BEIJING))
    stamps, stock, outcomes = (calendar_stamp(), parameters_stamp()), specimens(), set()
    desk = replace(found[other], team=replace(found[other].team, items=found[one].team.items))
    alike = {"kind", "level", "sector", "fields"}
    kinds = [generate_casts._register(found[code]) for code in (one, other)]
    register = {**kinds[1], "organisation": kinds[1]["organisation"] | {name: kinds[0]["organisation"][name] for name in alike}}
    register["officers"] = [{**held, "categories": kinds[0]["officers"][0]["categories"]} for held in register["officers"]]
    days = [day for n in range(60, 20, -1) if calendar().is_workday(day := today - timedelta(days=n))]
    for seed in range(16):
        moment = datetime(
            days[seed * 5 % len(days)].year, days[seed * 5 % len(days)].month, days[seed * 5 % len(days)].day, 10, seed, tzinfo=BEIJING
        )
        told = Marked(random.Random(seed), marked(found[one].team, kinds[0], stock, stamps), moment, today)
        assert told.tell()
        lines, numbers = Lines(), Numbers()
        fill(lines, cut(told, generate.count_entry), desk, register, numbers, random.Random(seed + 1), seed * 7, "p")

        payloads = {(int(row[2]), row[3]): row[4] for row in parsed(lines.of["ledger_payload"])}
        entries = [json.loads(bytes.fromhex(row[9][2:])) for row in parsed(lines.of["ledger_entry"])]
        shown = json.loads(payloads[1, "open"])["facts"]["officers"]
        pair = [next(each for each in desk.team.officers if each.person == person) for person in shown]
        office = Office(replace(desk.team, officers=tuple(pair)), desk.name, desk.region, desk.league, stock, stamps)
        held = {each["id"]: each for each in register["officers"]}
        office.registers[tuple(shown)] = {**register, "officers": [held[person] for person in shown]}
        story = Plainly(seed, office, moment, today, json.loads(payloads[2, "open"])["personal"]["party"])
        assert story.tell()

        assert payloads == {(row[2], row[3]): row[4] for row in story.rows.plain["ledger_payload"]}
        second = entries[0]["happened_at"][17:26]
        for said, row in zip(entries, story.rows.plain["ledger_entry"], strict=True):
            want = json.loads(row[9])
            for name in ("open", "closed", "prev"):
                assert (said.pop(name) is None) == (want.pop(name) is None)
            assert said == {**want, **{name: f"{want[name][:17]}{second}Z" for name in ("happened_at", "recorded_at")}}
        for table, columns in COLUMNS.items():
            if not table.startswith("ledger_"):
                rows_judged = [_line(row).replace("⟦second⟧", second).encode() for row in map(sealed_as_text, story.rows.of(table))]
                judged, cast_rows = (sorted(without(columns, row) for row in parsed(which)) for which in (rows_judged, lines.of[table]))
                assert cast_rows == judged
        outcomes.add(entries[-1]["step"])
    assert {"close", "no_penalty"} <= outcomes


MADE = {"id", "key", "token", "proof_hash", "identity_sealed", "phone_sealed"}  # new in every dossier


def without(columns: str, row: list[str]) -> list[str]:
    return [cell for name, cell in zip(columns.split(), row, strict=True) if name not in MADE]


def sealed_as_text(row: tuple[Any, ...]) -> tuple[Any, ...]:
    return tuple("" if isinstance(value, bytes) else value for value in row)


def test_two_processes_make_the_same_world(demo: None, capsys: pytest.CaptureFixture[str]) -> None:
    words = ("--organisations", "4", "--officers", "12", "--dossiers", "40", "--workers", "2")
    assert generate.main(options(*words)) == 0
    assert json.loads(capsys.readouterr().out)["dossiers"] == 40
    assert facts.check(import_string(site.CONTEXTS))[1] == []


def test_nobody_enforces_alone(demo: None) -> None:
    with pytest.raises(SystemExit, match="两名"):
        generate.main(options("--organisations", "10", "--officers", "19", "--dossiers", "1"))
