"""Moulds of the load world: a dossier judged once by the law, from which many are cast that differ only in what the law does not look at.

A mould is a story told for a body of marked names and numbers. Everything it wrote, the payloads byte for byte, becomes a form in
which each mark is a slot. A cast fills the slots with another body of the same kind, its officers, its register, another party of the same
age and the next numbers; salts, commitments, hashes and what it counts for are reckoned anew from the filled texts. Days stay the mould's,
so that every deadline is the one the law gave; within its minute each cast has its own second.
"""

from __future__ import annotations

import json
import random
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID

import orjson
from psycopg.types.json import Jsonb

from yifa.enforcement.procedures.summary_penalty import SummaryPenalty
from yifa.facts.seen import Counted, Seen
from yifa.kernel.people.actors import Actor
from yifa.kernel.people.identifiers import identity_check
from yifa.procedures.party import label
from yifa.site.demo import Team
from yifa.site.generate_dossiers import COLUMNS, Loaded, Office, Specimens

PEOPLE = tuple(f"00000000-0000-4000-8000-00000000a00{n}" for n in range(3))
POSTS = tuple(f"00000000-0000-4000-8000-00000000b00{n}" for n in range(3))
NAMES = ("龘壹", "龘贰", "龘叁")
CERTIFICATES = ("龘证壹", "龘证贰")
BODY, BODY_NAME, SHORT_NAME = "9999990001", "龘龘龘局", "龘龘"
PARTY, PHONE, ADDRESS = "龘齉靐", "13999999999", "龘齉路九九九号"
FIRST_NUMBER = 8_880_000  # each series counts on from a number of its own, which no other text contains
YOUNGEST, OLDEST = 20, 72
WINDOW = 360  # days of birth that make one age
STAGED = "generate_fact"  # what the dossiers count for, until their entries have a place in the log
SECOND, REGISTER = "⟦second⟧", "⟦register⟧"
# Columns whose contents are made for each cast.
MADE = {
    "league": "⟦league⟧",
    "region_id": "⟦region⟧",
    "token": "⟦token⟧",
    "proof_hash": "⟦proof⟧",
    "identity_sealed": "⟦identity_sealed⟧",
    "identity_hash": "⟦identity_hash⟧",
    "phone_sealed": "⟦phone_sealed⟧",
    "key": "⟦key1⟧",
}

Form = Callable[[str], bytes]


@dataclass(frozen=True)
class Step:
    """One entry's forms: payloads (the closed one up to its register), body, and the beginnings of their lines in the tables."""

    opened: bytes
    closed: bytes
    body: bytes
    entry: bytes
    opened_line: bytes
    closed_line: bytes


@dataclass(frozen=True)
class Mould:
    """`numbers` are the (series, year) it takes one number of; `ids` how many rows need an identity; `rows` the forms of whole lines."""

    at: datetime
    born: date
    numbers: tuple[tuple[str, int], ...]
    ids: int
    steps: tuple[Step, ...]
    rows: Mapping[str, bytes]


def earliest(day: date, age: int) -> date:
    """The first of WINDOW days of birth with which one is so old on the day."""
    return date(day.year - age - 1, day.month, min(day.day, 28)) + timedelta(days=4)


def marked(team: Team, register: Mapping[str, Any], stock: Specimens, stamps: tuple[int, int]) -> Office:
    """A body, its people and its register under marks; its kind and its region are real, for the law looks at them."""
    region = register["organisation"]["region"]
    roles = (frozenset({"officer"}), frozenset({"officer"}), team.office.roles)
    people = [
        Actor(PEOPLE[n], NAMES[n], POSTS[n], BODY, BODY_NAME, region, "⟦league⟧", roles[n], CERTIFICATES[n] if n < 2 else None)
        for n in range(3)
    ]
    officers = [
        {**held, "id": PEOPLE[n], "name": NAMES[n], "certificate": CERTIFICATES[n], "organisation": BODY}
        for n, held in enumerate(register["officers"][:2])
    ]
    body = {**register["organisation"], "code": BODY, "name": BODY_NAME, "short_name": SHORT_NAME}
    office = Office(Team(BODY, team.items, tuple(people[:2]), people[2]), BODY_NAME, region, "⟦league⟧", stock, stamps)
    office.registers[PEOPLE[0], PEOPLE[1]] = {**register, "officers": officers, "organisation": body}
    return office


class Marked(Loaded):
    """A story about a marked party, led by the first of the two officers."""

    def __init__(self, chance: random.Random, office: Office, moment: datetime, today: date) -> None:
        super().__init__(chance, office, moment, today)
        self.lead, self.second = self.team.officers
        self.started = moment
        self.born = earliest(moment.date(), chance.randint(YOUNGEST, OLDEST))
        first = f"150102{self.born:%Y%m%d}887"
        self.identity = first + identity_check(first)
        series = sorted({step.gives.series for step in SummaryPenalty.steps.values() if step.gives and step.gives.series})
        for n, each in enumerate((name, year) for name in series for year in (moment.year, moment.year + 1)):
            office.last[each] = FIRST_NUMBER + 100 * n

    def _establish(self) -> dict[str, Any]:
        stated = super()._establish()
        stated["party"] |= {"name": PARTY, "phone": PHONE, "address": ADDRESS, "identity_number": self.identity}
        return stated


def cut(story: Marked, counts: Callable[[Seen], Iterable[Counted]]) -> Mould:
    """Everything that a story wrote, with a slot for every mark; `counts` says what each entry counts for."""
    if story.ref is None:
        raise RuntimeError("a story that did not begin makes no mould")
    numbers = {each: str(last) for each, last in story.office.last.items() if last > FIRST_NUMBER and last % 100}
    form = _former(_slots(story, numbers))
    payloads = {(row[2], row[3]): row[4] for row in story.rows.plain["ledger_payload"]}
    steps, facts = [], []
    for row in story.rows.plain["ledger_entry"]:
        seq, body = row[2], json.loads(row[9])
        opened, closed = payloads[seq, "open"], json.loads(payloads[seq, "closed"])
        for n, each in enumerate(counts(Seen(0, "", story.ref.code, seq, body, json.loads(opened), closed))):
            counted = (each.metric, each.organisation, "⟦region⟧", each.month, each.numerator, each.denominator, each.once, each.reason)
            facts.append(_line(("⟦league⟧", story.ref.code, seq, n, *counted)))
        steps.append(_step(form, row, body, opened, closed))
    rows, ids = _rows(form, story)
    return Mould(story.started, story.born, tuple(numbers), ids, tuple(steps), {**rows, STAGED: form("".join(facts))})


def _slots(story: Marked, numbers: Mapping[tuple[str, int], str]) -> dict[str, str]:
    """Mark -> name of its slot."""
    if any(not number.endswith("01") for number in numbers.values()):
        raise RuntimeError("a story that takes two numbers of a series makes no mould")
    party = {"name": PARTY, "identity_number": story.identity}
    slots = {story.ref.code if story.ref else "": "chain", BODY: "body", BODY_NAME: "body_name", SHORT_NAME: "short"}
    slots |= {PARTY: "party", label(party, "citizen"): "label", story.identity: "identity", PHONE: "phone", ADDRESS: "address"}
    for n in range(3):
        slots |= {PEOPLE[n]: f"person{n}", POSTS[n]: f"post{n}", NAMES[n]: f"name{n}"}
    slots |= {CERTIFICATES[n]: f"certificate{n}" for n in range(2)}
    return slots | {number: f"number {series} {year}" for (series, year), number in numbers.items()}


def _former(slots: Mapping[str, str]) -> Form:
    """Text -> a form for `%`. The longest mark first, since a case number contains its body's code; a number stands alone."""
    known = sorted(slots, key=len, reverse=True)
    pattern = re.compile(
        "|".join(rf"(?<![0-9]){mark}(?![0-9])" if mark.isdigit() else re.escape(mark) for mark in known) + "|⟦([a-z0-9_]+)⟧"
    )

    def form(text: str) -> bytes:
        return pattern.sub(lambda found: f"%({found[1] or slots[found[0]]})b", text.replace("%", "%%")).encode()

    return form


def _step(form: Form, row: Sequence[Any], body: dict[str, Any], opened: str, closed: dict[str, Any]) -> Step:
    chain, seq = row[1], row[2]
    body |= {"open": "⟦open⟧", "closed": "⟦closed⟧", "region": "⟦region⟧"}
    body |= {name: _timed(body[name]) for name in ("happened_at", "recorded_at")}
    if body["prev"]:
        body["prev"] = "⟦prev⟧"
    closed["seen"]["register"] = REGISTER
    up_to_register, _, rest = _canonical(closed).partition(f'"{REGISTER}"')
    if rest != "}}":
        raise RuntimeError("the register is not the last thing that a closed payload says")
    place = f"⟦league⟧\t{chain}\t{seq}\t"
    line = _line((*row[4:9],))[:-1]
    return Step(
        form(opened),
        form(up_to_register),
        form(_canonical(body)),
        form(f"{place}⟦key{seq}⟧\t{line}\t\\\\x"),
        form(f"{place}open\t"),
        form(f"{place}closed\t"),
    )


def _canonical(value: object) -> str:
    return orjson.dumps(value, option=orjson.OPT_SORT_KEYS).decode()


def _timed(moment: str) -> str:
    """A moment of a body whose seconds are each cast's own; the days and minutes stay."""
    if not moment.endswith(":00.000000Z"):
        raise RuntimeError(f"an act of a mould begins with its minute, not {moment}")
    return f"{moment[:17]}{SECOND}Z"


def _rows(form: Form, story: Marked) -> tuple[dict[str, bytes], int]:
    """Table -> the form of its lines; and how many rows have an identity that nothing else refers to."""
    rows, ids = {}, 0
    for table, columns in COLUMNS.items():
        if table.startswith("ledger_"):
            continue
        lines = []
        for row in story.rows.of(table):
            made = dict(zip(columns.split(), row, strict=True))
            made |= {name: mark for name, mark in MADE.items() if made.get(name)}
            if "id" in made:
                made["id"], ids = f"⟦id{ids}⟧", ids + 1
            lines.append(_line(tuple(made.values())))
        rows[table] = form("".join(lines))
    return rows, ids


def _line(values: Sequence[Any]) -> str:
    return "\t".join(map(_cell, values)) + "\n"


def _cell(value: Any) -> str:
    """As COPY's text format wants it."""
    match value:
        case None:
            return "\\N"
        case bool():
            return "t" if value else "f"
        case datetime():
            if value.second or value.microsecond:
                raise RuntimeError(f"a moment of a mould is a minute, not {value}")
            return f"{value.astimezone(UTC):%Y-%m-%d %H:%M}:{SECOND}+00"
        case Jsonb():
            return escaped(json.dumps(value.obj, ensure_ascii=False).encode()).decode()
        case int() | str() | date() | UUID():
            return escaped(str(value).encode()).decode()
        case _:
            raise RuntimeError(f"a mould has no slot for {value!r}")


def escaped(text: bytes) -> bytes:
    return text.replace(b"\\", b"\\\\").replace(b"\t", b"\\t").replace(b"\n", b"\\n")
