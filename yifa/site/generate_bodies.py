"""The load world's bodies and people, by COPY: as many as wanted over the regions of Inner Mongolia. All persons are invented."""

from __future__ import annotations

import random
import uuid
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date

from django.contrib.auth.hashers import make_password
from django.db import connection, transaction
from django.utils import timezone

from yifa.kernel.citing import to_chinese
from yifa.kernel.people.identifiers import build_uscc
from yifa.site.demo_names import SEED, person_name
from yifa.site.demo_world import DEPARTMENTS, SINCE, STREETS

# How many bodies a region of each level has beside another, roughly as in life: 8,300 over 1 + 12 + 103 regions and 1,033 townships.
WEIGHTS = {1: 60, 2: 45, 3: 35, 4: 4}
FIRST = 5000  # the numbers of generated bodies within their six digits begin here
EXPIRES = date(2029, 12, 31)
FEWEST = 2  # officers of a body: nobody enforces alone (行政处罚法第四十二条)


@dataclass(frozen=True)
class Place:
    """A region that bodies are put into."""

    code: str
    name: str
    level: int


@dataclass(frozen=True)
class Body:
    code: str
    name: str
    short_name: str
    level: int
    region: str
    sector: str
    fields: tuple[str, ...]
    number: int


def build(organisations: int, officers: int) -> list[str]:
    """The codes of the bodies made; they are announced, their officers certified, all since the same day."""
    if officers < FEWEST * organisations:
        raise SystemExit(f"每个机关至少两名执法人员:{organisations} 个机关至少需要 {FEWEST * organisations} 名,不能是 {officers} 名")
    bodies = list(_bodies(organisations))
    with transaction.atomic():
        _copy_bodies(bodies)
        _copy_people(bodies, officers)
    return [body.code for body in bodies]


def _places() -> list[Place]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT code, name, level FROM people_region WHERE code LIKE '15%' ORDER BY level, code")
        found = [Place(*row) for row in cursor.fetchall()]
    if not found:
        raise SystemExit("区划资料还没有装入:请先运行 yifa prepare")
    return found


def _bodies(count: int) -> Iterator[Body]:
    """`count` bodies spread over the regions by weight; a running remainder decides, so that any number comes out exactly."""
    places, last = _places(), _last_numbers()
    total, passed, made = sum(WEIGHTS[place.level] for place in places), 0, 0
    for place in places:
        passed += WEIGHTS[place.level]
        for nth in range(count * passed // total - made):
            number = last[place.code[:6]] = last.get(place.code[:6], FIRST) + 1
            yield _body(place, nth, number)
            made += 1


def _last_numbers() -> dict[str, int]:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT left(code, 6), max(right(code, 4)::int) FROM people_organisation WHERE right(code, 4)::int >= %s GROUP BY 1", [FIRST]
        )
        return dict(cursor.fetchall())


def _body(place: Place, nth: int, number: int) -> Body:
    """The nth body of a place: each department once, then its branches."""
    name, word, sector, fields = DEPARTMENTS[(nth + number) % len(DEPARTMENTS)]
    branch = nth // len(DEPARTMENTS)
    tail, mark = (f"第{to_chinese(branch)}分局", to_chinese(branch)) if branch else ("", "")
    short = "".join(letter for letter in place.name if letter not in "自治区市县旗盟镇乡苏木街道")[:2]
    code = f"{place.code[:6]}{number:04d}"
    return Body(code, f"{place.name}{name}{tail}", f"{short}{word}{mark}", place.level, place.code, sector, tuple(fields), number)


def _organisation(body: Body) -> tuple[object, ...]:
    uscc = build_uscc("1", "1", body.region[:6], f"{body.number:04d}{body.region[2:6]}")
    standing = ("COMPREHENSIVE" if body.level == 4 else "ORGAN", body.level, body.region, "announced", "三定规定和权责清单")
    address, phone = f"{STREETS[body.number % len(STREETS)]}{body.number}号", f"04{body.code[2:4]}-{body.code[-7:]}"
    account = ("农村商业银行营业部", f"6217{body.code}000001")
    return (body.code, uscc, body.name, body.short_name, *standing, address, phone, *account, body.sector, list(body.fields))


def _copy_bodies(bodies: list[Body]) -> None:
    now = timezone.now()
    copy(
        "people_organisation",
        "code uscc name short_name kind level region_id status basis address phone bank_name bank_account sector fields",
        (_organisation(body) for body in bodies),
    )
    copy(
        "people_organisationevent",
        "organisation_id act status on recorded_at reason",
        ((body.code, "announce", "announced", SINCE, now, "") for body in bodies),
    )


def _copy_people(bodies: list[Body], officers: int) -> None:
    """Officers spread evenly, the first of each body its head; and one who publishes and keeps the money."""
    chance = random.Random(f"{SEED} people")  # noqa: S311 - a world to measure in, repeatable on purpose
    now = timezone.now()
    people: list[tuple[object, ...]] = []
    posts: list[tuple[object, ...]] = []
    certificates: list[tuple[object, ...]] = []
    for n, body in enumerate(bodies):
        count = officers * (n + 1) // len(bodies) - officers * n // len(bodies)
        for k in range(count + 1):
            person, certified = uuid.uuid4(), k < count
            login = f"{body.code}{k:03d}" if certified else f"{body.code}-office"
            people.append((person, make_password(None), login, person_name(chance), "", True, "", "", True, now))
            roles = ["officer", "head"] if k == 0 else ["officer"] if certified else ["discloser", "finance"]
            posts.append((uuid.uuid4(), person, body.code, roles, "", SINCE))
            if certified:
                held = (login, "enforcement", person, body.code, list(body.fields), body.region, "内蒙古自治区人民政府")
                certificates.append((*held, SINCE, EXPIRES, "ACTIVE", uuid.uuid4().hex))
    copy("people_person", "id password login name phone staffed qualification photo is_active joined_at", people)
    copy("people_post", "id person_id organisation_id roles title since", posts)
    columns = "number kind person_id organisation_id categories region_id issuer issued_on expires_on status token"
    copy("people_certificate", columns, certificates)
    columns = "certificate_id act status on recorded_at reason"
    copy("people_certificateevent", columns, ((held[0], "activate", "ACTIVE", SINCE, now, "") for held in certificates))


def copy(table: str, columns: str, rows: Iterable[tuple[object, ...]]) -> None:
    """Rows into a table, in the running transaction; names are this package's own constants."""
    listed = ", ".join(f'"{column}"' for column in columns.split())
    with connection.cursor() as cursor, cursor.copy(f"COPY {table} ({listed}) FROM STDIN") as stream:
        for row in rows:
            stream.write_row(row)
