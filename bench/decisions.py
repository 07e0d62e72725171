"""`decisions`: scoring all the matters of a province, 3,000 × 65 checks, against reading their rows.

A province of its own: 120 places with a government, a department and a justice bureau, 3,000 matters in every state, with up to thirty
entries, their files, a line of the catalogue, a consultation and twenty opinions each. One side judges every matter as it was read; the
other reads the rows: one statement for facts, entries, files and registers, its JSON decoded. Both take turns; a round is their ratio.
"""

from __future__ import annotations

import hashlib
import json
import random
import statistics
import time
import uuid
from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta, timezone
from typing import TYPE_CHECKING, Any

import psycopg

from bench.import_ import database
from bench.world import pointed
from yifa.kernel.people.identifiers import case_number

if TYPE_CHECKING:
    from yifa.procedures.reading import Ref

ROUNDS = 9
GOAL = 3.0
MATTERS = 3_000
PLACES = 120
OPINIONS = 20
CHECKS = 65
EAST = timezone(timedelta(hours=8))


def scoring() -> dict[str, object]:
    """One row for the table of `make bench`."""
    with database("decisions") as (app, owner):
        with pointed(owner):
            refs = _fill(random.Random(4), owner)  # noqa: S311 - the same province every time
        with pointed(app):
            taken = [_round(refs) for _ in range(ROUNDS + 1)]
    del taken[0]
    ratios = [judging / reading for _, reading, _, judging in taken]
    whole, reading, plain, judging = (statistics.median(each[n] for each in taken) for n in range(4))
    return {
        "name": "decisions",
        "ratio": round(statistics.median(ratios), 3),
        "goal": GOAL,
        "rounds": [round(ratio, 3) for ratio in ratios],
        "unit": "× reading the rows (lower is better)",
        "note": f"{len(refs):,} matters × {CHECKS} checks: judged in {judging:.2f} s ({judging / len(refs) / CHECKS * 1e6:.1f} µs each), "
        f"their rows read in {reading:.2f} s with the registers and {plain:.2f} s without; read, built and scored in {whole:.2f} s",
    }


def _round(refs: Sequence[Ref]) -> tuple[float, float, float, float]:
    """Seconds to read and score, to read, to read without the registers, and to judge what was read."""
    from yifa.decisions import marking, templates
    from yifa.decisions.scoring import score

    began = time.perf_counter()
    read = sum(1 for _ in marking.rows(refs))
    reading = time.perf_counter() - began
    began = time.perf_counter()
    found = [result.total for _, result in marking.scores(refs)]
    whole = time.perf_counter() - began
    began = time.perf_counter()
    bare = sum(1 for _ in marking.rows(refs, "NULL::jsonb"))
    plain = time.perf_counter() - began
    matters = list(marking.read_matters(refs))
    began = time.perf_counter()
    again = [score(matter, templates.installed()).total for matter in matters]
    judging = time.perf_counter() - began
    if not len(found) == read == bare == len(refs) or found != again or len(set(found)) < len(refs) // 30:
        raise AssertionError("not every matter was scored, or all alike")
    return whole, reading, plain, judging


def _fill(rng: random.Random, owner: str) -> list[Ref]:
    """The same numbers give the same province."""
    from yifa.decisions.tests.matters import ACTS
    from yifa.procedures.reading import Ref

    bodies = _places()
    refs, dossiers, entries, files, items, rounds, opinions = [], [], [], [], [], [], []
    person = _person(bodies[0][1])
    for n in range(MATTERS):
        region, department, government = bodies[n % PLACES]
        code = case_number(region, department[-4:], "31", 2026, n // PLACES + 1)
        ref = Ref.of(code)
        refs.append(ref)
        ended = rng.random() < 0.6
        acts = ACTS if ended else ACTS[: rng.randrange(6, len(ACTS))]
        item = _uuid(rng)
        facts = _facts(rng) | {"catalogue_item": str(item)}
        opened, closed = datetime(2026, 1, 5, tzinfo=EAST), datetime(2026, 11, 16, tzinfo=EAST) if ended else None
        done = {step: [seq] for seq, (step, _, _) in enumerate(acts, 1)}
        state = json.dumps({"seq": len(acts), "done": done, "ended_by": "close" if ended else None})
        whose = (ref.league, code, "major_decision", "2019-09-01", department, region, "", facts["title"], "", acts[-1][0], state)
        told = json.dumps(facts, ensure_ascii=False)
        dossiers.append((*whose, told, len(acts), opened, opened, closed, f"{rng.getrandbits(128):032x}"[:26], "", False))
        items.append((ref.league, item, government, region, 2026, f"事项{n}", "project", department, "listed", True, code, *_DATES))
        asked = _uuid(rng)
        summed = (*_ASKED, "summarised", _SUMMED, OPINIONS, "{}")
        rounds.append((ref.league, asked, code, 1, "草案", department, region, "说明", "", "[]", *summed))
        opinions += [_opinion(rng, ref.league, asked, k) for k in range(1, OPINIONS + 1)]
        for seq, (step, month, day) in enumerate(acts, 1):
            at = datetime(2026, month, day, 10, tzinfo=EAST)
            body = json.dumps({"chain": code, "seq": seq, "step": step, "at": at.isoformat(), "pad": "0" * 700}).encode()
            digest = hashlib.sha256(b"\0" + body).digest()
            late = rng.random() < 0.02
            entries.append((ref.league, code, seq, _uuid(rng), step, "person:x", late, at, at + timedelta(days=9 * late), body, digest))
            if step in _WITH_FILES:
                files.append(
                    (ref.league, _uuid(rng), code, step, seq, "材料.pdf", "document", "0" * 64, 9, "application/pdf", "{}", at, person)
                )
    with psycopg.connect(owner) as connection:
        for table, columns, lines in (
            ("dossiers_dossier", _DOSSIER, dossiers),
            ("ledger_entry", _ENTRY, entries),
            ("dossiers_evidence", _EVIDENCE, files),
            ("decisions_catalogueitem", _ITEM, items),
            ("participation_consultation", _ROUND, rounds),
            ("participation_comment", _OPINION, opinions),
        ):
            _copy(connection, table, columns, lines)
    with psycopg.connect(owner, autocommit=True) as connection:
        connection.execute("VACUUM (ANALYZE)")
    return refs


_DOSSIER = (
    "league, code, procedure, version, organisation_id, region_id, sector, title, party_label, status, state, facts, seq, opened_at, "
    "updated_at, closed_at, token, proof_hash, drill"
)
_ENTRY = "league, chain, seq, key, step, actor, late, at, recorded_at, body, hash"
_EVIDENCE = "league, id, dossier, step, seq, title, kind, sha256, size, mime, facts, uploaded_at, uploaded_by_id"
_ITEM = (
    "league, id, government_id, region_id, year, title, category, undertaker_id, status, is_open, dossier, party_agreed_on, published_on, "
    "catalogue, number, party_number, added_number, removal_number, reason"
)
_ROUND = (
    "league, id, dossier, round, title, organisation_id, region_id, explanation, draft_text, files, opens_on, closes_on, shortened_reason, "
    "contact, summary, status, summarised_at, comments, marked"
)
_OPINION = (
    "league, id, consultation, n, receipt_digest, channel, identity, clause, text, files, received_at, late, hidden_reason, outcome, "
    "reason, source, signed, same, alone"
)
_DATES = (date(2026, 1, 26), date(2026, 1, 30), "", "", "", "", "", "")
_ASKED = (date(2026, 4, 1), date(2026, 5, 1), "", "", "")
_SUMMED = datetime(2026, 5, 14, tzinfo=EAST)
_WITH_FILES = frozenset(
    {"propose", "start", "draft", "hold_hearing", "argue", "assess_risk", "submit_review", "prepare_meeting", "deliberate"}
)


def _copy(connection: psycopg.Connection, table: str, columns: str, lines: Sequence[Sequence[object]]) -> None:
    statement = f"COPY {table} ({columns}) FROM STDIN"
    with connection.cursor() as cursor, cursor.copy(statement.encode()) as copy:
        for line in lines:
            copy.write_row(line)


def _places() -> list[tuple[str, str, str]]:
    """(region, department, government) of every place, with a justice bureau beside them."""
    from yifa.kernel.people.models import Organisation, Region

    Region.objects.create(code="150000", name="内蒙古自治区", level=1, league="150000")
    found = []
    for n in range(PLACES):
        league = f"15{n // 10 + 1:02d}00"
        above, _ = Region.objects.get_or_create(code=league, defaults={"name": league, "parent_id": "150000", "level": 2, "league": league})
        code = f"{league[:4]}{n % 10 + 1:02d}"
        Region.objects.create(code=code, name=code, parent=above, level=3, league=league)
        for number, kind, sector in (("0001", "GOVERNMENT", ""), ("0009", "ORGAN", "司法行政"), ("0011", "ORGAN", "")):
            Organisation.objects.create(
                code=code + number, name=code + number, short_name="", kind=kind, level=3, region_id=code, sector=sector, status="announced"
            )
        found.append((code, code + "0011", code + "0001"))
    return found


def _person(organisation: str) -> uuid.UUID:
    from yifa.kernel.people.models import Person

    return uuid.UUID(str(Person.objects.create_user(f"b-{organisation}", None, name="样本").pk))


def _facts(rng: random.Random) -> dict[str, Any]:
    """A matter's facts as its steps left them, a few unstated or poor, so that no two score alike."""
    from yifa.decisions.tests.matters import FLAWLESS

    told = {key: _plain(value) for key, value in FLAWLESS.items() if key not in {"consulted", "catalogue_year", "submitted_on"}}
    told |= {"reports": [{"body": "住建局", "due_on": "2026-09-30", "reported_on": f"2026-{rng.choice(('09-25', '10-08'))}"}]}
    for key in rng.sample(sorted(told), rng.randrange(6)):
        del told[key]
    told |= {"meeting_on": f"2026-05-{rng.randrange(20, 30)}", "archived": rng.sample(told.get("archived", ["minutes"]), k=1)}
    told |= {"exempted": rng.sample(["T05", "T08", "T09", "T10", "T12", "T13", "T14", "T15", "T16", "T22"], rng.randrange(6))}
    return told | {"title": "城区供热管网改造方案", "classified": rng.randrange(OPINIONS + 1)}


def _plain(value: Any) -> Any:
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, (frozenset, set)):
        return sorted(value)
    return [dict(row) for row in value] if isinstance(value, tuple) and all(isinstance(row, Mapping) for row in value) else value


def _opinion(rng: random.Random, league: str, asked: uuid.UUID, n: int) -> tuple[object, ...]:
    outcome = rng.choice(("adopted", "partly", "not_adopted"))
    reason = rng.choice(("", "超出本方案范围"))
    digest = f"{rng.getrandbits(256):064x}"
    said = ("web", "anonymous", "", "建议分步实施", "[]", _SUMMED, False, "", outcome, reason)
    return (league, _uuid(rng), asked, n, digest, *said, "", "", "", False)


def _uuid(rng: random.Random) -> uuid.UUID:
    return uuid.UUID(int=rng.getrandbits(128), version=4)


if __name__ == "__main__":
    print(json.dumps(scoring(), ensure_ascii=False, indent=1))
