"""Casting the load world: moulds filled with bodies, officers and parties, written by COPY as lines that are ready.

A worker takes all bodies whose codes begin with the same six digits, so that no number of an identity card is given twice among them.
"""

from __future__ import annotations

import os
import random
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from hashlib import sha256
from itertools import groupby
from typing import Any

import orjson
from django.db import connection, transaction

from yifa.dossiers.personal import identity_hash, new_proof, new_token, seal
from yifa.enforcement.context import ENFORCEMENT
from yifa.enforcement.procedures.summary_penalty import SummaryPenalty
from yifa.facts.seen import Counted, Seen
from yifa.facts.services import STAGED_COLUMNS
from yifa.kernel.calendar.queries import current_stamp as calendar_stamp
from yifa.kernel.calendar.terms import Param, Term
from yifa.kernel.parameters.queries import current_stamp as parameters_stamp
from yifa.kernel.parameters.queries import parameters
from yifa.kernel.people.actors import Actor
from yifa.kernel.people.identifiers import case_number, identity_check
from yifa.procedures.core import BEIJING
from yifa.procedures.party import label
from yifa.procedures.queries import register_of
from yifa.procedures.take import resolver
from yifa.site.demo import Team, usable
from yifa.site.demo_names import SEED, person_name
from yifa.site.demo_world import STREETS
from yifa.site.generate_bodies import copy
from yifa.site.generate_dossiers import COLUMNS, Specimens
from yifa.site.generate_moulds import STAGED, WINDOW, Marked, Mould, cut, escaped, marked

BATCH = 400  # dossiers a transaction
FEWEST, SHARE = 32, 1_000  # moulds of a kind: at least so many (or one a dossier), and one more for so many dossiers
PROOFS = 64  # codes of decisions by one worker: the specimens print none, so that nobody could tell them apart
SALT = 32

Values = dict[bytes, bytes]
Counts = Callable[[Seen], Sequence[Counted]]


@dataclass(frozen=True)
class Kind:
    """All that the law sees of a body but who it is: bodies of one kind are judged alike. `terms` are its named terms, by sector."""

    sector: str
    fields: tuple[str, ...]
    kind: str
    level: int
    terms: tuple[Term, ...]


@dataclass(frozen=True)
class Desk:
    """A body with its people, and the region and league that its rows stand in."""

    team: Team
    name: str
    region: str
    league: str
    kind: Kind


@dataclass(frozen=True)
class Share:
    """How many dossiers a body gets."""

    body: str
    count: int


def desks(codes: Sequence[str], day: datetime) -> dict[str, Desk]:
    """The bodies with these codes, their people in the order of their logins."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT o.code, o.name, o.region_id, g.league, o.sector, o.fields, o.kind, o.level, p.id::text, p.name, t.id::text, t.roles,"
            " c.number FROM people_post t JOIN people_person p ON p.id = t.person_id"
            " JOIN people_organisation o ON o.code = t.organisation_id JOIN people_region g ON g.code = o.region_id"
            " LEFT JOIN people_certificate c ON c.person_id = p.id AND c.organisation_id = o.code WHERE o.code = ANY(%s)"
            " ORDER BY o.code, p.login",
            [list(codes)],
        )
        found = cursor.fetchall()
    return {code: _desk([*rows], day) for code, rows in groupby(found, key=lambda row: str(row[0]))}


def _desk(rows: list[tuple[Any, ...]], day: datetime) -> Desk:
    code, name, region, league, sector, fields, kind, level = rows[0][:8]
    people = [Actor(row[8], row[9], row[10], code, name, region, league, frozenset(row[11]), row[12]) for row in rows]
    items = usable(sector, tuple(fields))
    office = next(each for each in people if not each.certificate)
    team = Team(code, items, tuple(each for each in people if each.certificate), office)
    sectors = sorted({ENFORCEMENT.sector_of({"item": item.code}) for item in items})
    named = [step.within for step in SummaryPenalty.steps.values() if isinstance(step.within, Param)]
    table = parameters(parameters_stamp())
    terms = tuple(resolver(region, each, day, table)(param) for each in sectors for param in named)
    return Desk(team, name, region, league, Kind(sector, tuple(fields), kind, level, terms))


def how_many(dossiers: int) -> int:
    """Moulds for so many dossiers of a kind: where there are few, each is judged for itself."""
    return min(dossiers, FEWEST + dossiers // SHARE)


def moulds(work: tuple[str, int], *, stock: Specimens, today: date, days: Sequence[date], counts: Counts) -> list[Mould]:
    """So many moulds for the kind of a body, over all the days, in their order."""
    code, count = work
    desk = desks([code], datetime.combine(today, datetime.min.time(), BEIJING))[code]
    register = _register(desk)
    chance = random.Random(f"{SEED} moulds {code}")  # noqa: S311 - a world to measure in, repeatable on purpose
    found: list[Mould] = []
    for n in range(count):
        day = days[n * len(days) // count]
        moment = datetime(day.year, day.month, day.day, chance.randint(9, 16), chance.randint(0, 59), tzinfo=BEIJING)
        office = marked(desk.team, register, stock, (calendar_stamp(), parameters_stamp()))
        story = Marked(chance, office, moment, today)
        if story.tell():
            found.append(cut(story, counts))
    return found


def _register(desk: Desk) -> dict[str, Any]:
    """What the registers say of a body and all its officers, read by the very expression that `take` reads with."""
    lead = desk.team.officers[0]
    officers = [each.person for each in desk.team.officers]
    return dict(register_of(lead, ENFORCEMENT, {"officers": officers}, datetime.now(BEIJING)))


@dataclass
class Numbers:
    """The last number of each of a body's series, and what its parties' identities go on from."""

    last: dict[tuple[str, int], int] = field(default_factory=lambda: defaultdict(int))

    def next(self, series: str, year: int) -> int:
        self.last[series, year] += 1
        return self.last[series, year]


@dataclass
class Lines:
    """Lines of the tables, ready for COPY."""

    of: dict[str, list[bytes]] = field(default_factory=lambda: defaultdict(list))
    dossiers: int = 0
    entries: int = 0

    def flush(self) -> None:
        """All of it in one transaction."""
        with transaction.atomic(), connection.cursor() as cursor:
            # What a crash would lose is made again; the sealing that follows waits for the disk, and with it for all of this.
            cursor.execute("SET LOCAL synchronous_commit = off")
            for table, columns in {**COLUMNS, STAGED: STAGED_COLUMNS}.items():
                if self.of[table]:
                    listed = ", ".join(f'"{column}"' for column in columns.split())
                    with cursor.copy(f"COPY {table} ({listed}) FROM STDIN") as stream:
                        stream.write(b"".join(self.of[table]))
        self.of.clear()


def cast(group: Sequence[Share], serial: int, *, stock: Mapping[Kind, Sequence[Mould]], today: date) -> tuple[int, int]:
    """All dossiers of these bodies, oldest first, into the database: (dossiers, entries). `serial` numbers the parties."""
    known = desks([each.body for each in group], datetime.combine(today, datetime.min.time(), BEIJING))
    chance = random.Random(f"{SEED} {group[0].body}")  # noqa: S311 - as above
    lines, proofs = Lines(), [new_proof()[1] for _ in range(PROOFS)]
    for share in group:
        desk, numbers = known[share.body], Numbers()
        register = _register(desk)
        fitting = stock[desk.kind]
        for n in sorted(chance.randrange(len(fitting)) for _ in range(share.count)):
            fill(lines, fitting[n], desk, register, numbers, chance, serial, chance.choice(proofs))
            serial += 1
            if lines.dossiers % BATCH == 0:
                lines.flush()
        series = ((desk.league, share.body, kind, year, last) for (kind, year), last in numbers.last.items())
        with transaction.atomic():
            copy("documents_series", "league organisation_id kind year last", series)
    lines.flush()
    return lines.dossiers, lines.entries


def fill(
    lines: Lines, mould: Mould, desk: Desk, register: Mapping[str, Any], numbers: Numbers, chance: random.Random, serial: int, proof: str
) -> None:
    """One cast: every slot filled, every salt new, every commitment and hash reckoned from what stands there now."""
    values, seen = _values(mould, desk, register, numbers, chance, serial, proof)
    salts = os.urandom(2 * SALT * len(mould.steps))
    entries, payloads = lines.of["ledger_entry"], lines.of["ledger_payload"]
    for n, step in enumerate(mould.steps):
        salt, other = salts[2 * SALT * n : 2 * SALT * n + SALT], salts[2 * SALT * n + SALT : 2 * SALT * (n + 1)]
        opened, closed = step.opened % values, step.closed % values + seen
        values[b"open"] = sha256(salt + opened).hexdigest().encode()
        values[b"closed"] = sha256(other + closed).hexdigest().encode()
        body = step.body % values
        values[b"prev"] = hashed = sha256(b"\0" + body).hexdigest().encode()
        entries.append(b"%b%b\t\\\\x%b\n" % (step.entry % values, body.hex().encode(), hashed))
        payloads.append(b"%b%b\t\\\\x%b\n" % (step.opened_line % values, escaped(opened), salt.hex().encode()))
        payloads.append(b"%b%b\t\\\\x%b\n" % (step.closed_line % values, escaped(closed), other.hex().encode()))
    for table, form in mould.rows.items():
        lines.of[table].append(form % values)
    lines.dossiers += 1
    lines.entries += len(mould.steps)


def _values(
    mould: Mould, desk: Desk, register: Mapping[str, Any], numbers: Numbers, chance: random.Random, serial: int, proof: str
) -> tuple[Values, bytes]:
    """What the slots hold, and the end of a closed payload: the register as it says of this body and these two."""
    officers = desk.team.officers
    first = chance.randrange(len(officers) // 2) * 2
    pair = chance.sample((first, first + 1), 2)
    code = desk.team.organisation
    born = mould.born + timedelta(days=serial % WINDOW)
    identity = f"{code[:6]}{born:%Y%m%d}{serial // WINDOW % 999 + 1:03d}"
    identity += identity_check(identity)
    name, phone = person_name(chance), f"13{chance.randint(10**8, 10**9 - 1)}"
    sequence = numbers.next(f"案{SummaryPenalty.code}", mould.at.year)
    said = {
        "league": desk.league,
        "region": desk.region,
        "chain": case_number(code[:6], code[6:], SummaryPenalty.code, mould.at.year, sequence),
        "body": code,
        "body_name": desk.name,
        "short": register["organisation"]["short_name"],
        "second": f"{chance.randrange(60):02d}.{chance.randrange(10**6):06d}",
        "token": new_token(),
        "proof": proof,
        "party": name,
        "label": label({"name": name}, "citizen"),
        "identity": identity,
        "identity_hash": identity_hash(identity),
        "identity_sealed": f"\\\\x{(seal(identity) or b'').hex()}",
        "phone": phone,
        "phone_sealed": f"\\\\x{(seal(phone) or b'').hex()}",
        "address": f"{chance.choice(STREETS)}{chance.randint(1, 300)}号",
    }
    for n, person in enumerate((*(officers[n] for n in pair), desk.team.office)):
        said |= {f"person{n}": person.person, f"post{n}": person.post, f"name{n}": person.name, f"certificate{n}": person.certificate or ""}
    said |= {f"number {series} {year}": str(numbers.next(series, year)) for series, year in mould.numbers}
    said |= {f"id{n}": made for n, made in enumerate(_ids(mould.ids))}
    said |= {f"key{n}": made for n, made in enumerate(_ids(len(mould.steps)), start=1)}
    chosen = {**register, "officers": [register["officers"][n] for n in pair]}
    seen = orjson.dumps(chosen, option=orjson.OPT_SORT_KEYS) + b"}}"
    return {slot.encode(): text.encode() for slot, text in said.items()}, seen


def _ids(count: int) -> Iterator[str]:
    """Random UUIDs of version 4."""
    text = os.urandom(16 * count).hex()
    for n in range(0, 32 * count, 32):
        yield f"{text[n : n + 12]}4{text[n + 13 : n + 16]}8{text[n + 17 : n + 32]}"
