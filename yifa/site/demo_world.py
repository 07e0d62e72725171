"""The demonstration's bodies, people and accounts: two leagues of Inner Mongolia. All persons are invented."""

from __future__ import annotations

import random
import secrets
from collections.abc import Sequence
from datetime import date, timedelta

from django.conf import settings
from django.utils import timezone

from yifa.kernel.people.actors import Actor
from yifa.kernel.people.identifiers import build_uscc
from yifa.kernel.people.queries import Organisation, Region, actor_of, body_of, person_of, region_of
from yifa.kernel.people.services import (
    act_on_organisation,
    add_organisation,
    certificates,
    change_organisation,
    change_password,
    found,
    posts,
    seat_government,
)
from yifa.site import demo_decisions, demo_documents
from yifa.site.demo_names import SEED, named, person_name

SINCE = date(2024, 1, 2)
LEAGUES: dict[str, tuple[str, ...]] = {
    "150200": ("150203", "150204", "150207", "150222"),
    "152500": ("152502", "152523", "152531"),
}
REGIONS = tuple(region for league, banners in LEAGUES.items() for region in (league, *banners))
DIALLED = {"1502": "0472", "1525": "0479"}  # area codes; nobody's number begins with a nought, these all do
FIRST = 10  # the number of the first of a region's bodies
DEPARTMENTS = (
    ("农牧局", "农", "农牧", ["农牧"]),
    ("市场监督管理局", "市监", "市场监管", ["市场监管"]),
    ("交通运输局", "交", "交通运输", ["交通运输"]),
    ("水利局", "水", "水利", ["水行政", "水利"]),
    ("林业和草原局", "林草", "林草", ["林业草原", "林草"]),
    ("城市管理综合执法局", "城管", "城市管理", ["城市管理"]),
    ("消防救援大队", "消", "消防", ["消防救援"]),
)
STREETS = ("团结街", "友谊大街", "钢铁大街", "民族东路", "建设路", "草原南街", "振兴路", "额尔敦路")


def guard() -> None:
    """Invented acts never enter a real record."""
    if not settings.LOG_ORIGIN.startswith("demo."):
        raise SystemExit(f"演示数据只能写入名称以 demo. 开头的记录,当前记录为 {settings.LOG_ORIGIN}")


def accounts() -> list[tuple[str, str, str]]:
    """The demonstration's bodies and people; and, for each account that is new, its login, random password and title.

    Over a database that an earlier version filled, whoever came since is added; the others keep their passwords.
    """
    guard()
    if person_of("demo-supervisor") is not None and (known := actor_of("demo-admin")) is not None:
        return [(login, _password(known, login), title) for login, title in demo_decisions.people(known, SINCE, REGIONS)]
    root = _root()
    for league, banners in LEAGUES.items():
        for n, region in enumerate((league, *banners)):
            _bodies(root, region_of(region), first=n == 0)
    documents = demo_documents.people(root, SINCE) if demo_documents.DISTRICT in REGIONS else []
    return _logins(root, [*documents, *demo_decisions.people(root, SINCE, REGIONS)])


def _root() -> Actor:
    """The department that runs the installation, with its administrator; it supervises the whole region."""
    root = found(
        code="1500000001",
        name="内蒙古自治区司法厅",
        short_name="内司",
        region="150000",
        login="demo-admin",
        administrator="系统管理员",
        since=SINCE,
    )
    change_organisation(by=root, code=root.organisation, territory=["150000"], sector="司法行政")
    return root


def bodies() -> list[Organisation]:
    """The demonstration's bodies that enforce today."""
    codes = [f"{region}{n:04d}" for region in REGIONS for n, _ in enumerate(DEPARTMENTS, start=FIRST)]
    known = [body_of(code) for code in sorted(codes)]
    return [body for body in known if body is not None and body.status == "announced"]


def _bodies(root: Actor, region: Region, *, first: bool) -> None:
    government = region.government_name or f"{region.name}人民政府"
    short = "".join(word for word in region.name if word not in "自治区市县旗盟")[:2]
    seat_government(
        by=root,
        region=region.code,
        name=government,
        address=f"{region.name}{STREETS[int(region.code[-1]) % len(STREETS)]}1号",
        phone=f"{DIALLED[region.code[:4]]}-0{region.code[-3:]}101",
    )
    for n, (name, word, sector, fields) in enumerate(DEPARTMENTS, start=FIRST):
        code = f"{region.code}{n:04d}"
        if body_of(code) is not None:
            continue
        add_organisation(
            by=root,
            code=code,
            name=f"{region.name}{name}",
            short_name=f"{'蒙' if first else ''}{short}{word}",
            kind="ORGAN",
            level=region.level,
            region=region,
            uscc=build_uscc("1", "1", region.code, f"MB{region.code[2:]}{n:02d}"[:8].ljust(8, "0")),
            basis="三定规定和权责清单",
            address=f"{region.name}{STREETS[n % len(STREETS)]}{n}号",
            phone=f"{DIALLED[region.code[:4]]}-0{region.code[-3:]}{n:03d}",
            bank_name=f"{region.name}农村商业银行营业部",
            bank_account=f"6217{region.code}{n:04d}000001",
            sector=sector,
            fields=fields,
        )
        for act in ("submit", "check", "confirm", "announce"):
            act_on_organisation(by=root, code=code, act=act, on=SINCE)
        _staff(root, code, region, fields, n)


def _staff(root: Actor, code: str, region: Region, fields: Sequence[str], n: int) -> None:
    chance = random.Random(f"{SEED} {code}")  # noqa: S311 - a demonstration, repeatable on purpose
    for k in range(8):
        officer = k < 7
        number = f"{region.code}{n:02d}{k:03d}"
        person = posts.add_person(
            by=root, login=number if officer else f"{code}-office", name=person_name(chance), today=timezone.localdate()
        )
        roles = ["officer"] if k else ["officer", "head"]
        posts.add_post(by=root, person=person, organisation=code, roles_=roles if officer else ["discloser", "finance"], since=SINCE)
        if officer:
            certificates.apply_for_certificate(
                by=root,
                number=number,
                person=person,
                organisation=code,
                categories=fields,
                region=region.code,
                issuer="内蒙古自治区人民政府",
                on=SINCE,
            )
            for act in ("check", "pass", "approve", "issue", "activate"):
                certificates.act_on_certificate(
                    by=root, number=number, act=act, on=SINCE, expires_on=date(2028, 12, 31) if act == "issue" else None
                )
    # One officer of some bodies lost his certificate on the way: what he tries from then on is refused.
    if n % 3 == 0:
        certificates.act_on_certificate(
            by=root,
            number=f"{region.code}{n:02d}006",
            act="suspend",
            on=timezone.localdate() - timedelta(days=45),
            reason="年度考核不合格,离岗培训",
        )


def _logins(root: Actor, more: Sequence[tuple[str, str]]) -> list[tuple[str, str, str]]:
    """One account for each kind of user, `more` (login, title) among them; passwords are random and shown once."""
    justice = root.organisation
    wanted = [
        ("demo-supervisor", ["supervisor"], "执法监督人员"),
        ("demo-assessor", ["assessor"], "考核人员"),
        ("demo-head", ["head"], "司法厅负责人"),
        ("demo-security", ["admin_security"], "安全管理员"),
        ("demo-audit", ["admin_audit"], "审计管理员"),
    ]
    for login, roles, _ in wanted:
        person = posts.add_person(by=root, login=login, name=named(login), today=timezone.localdate())
        posts.add_post(by=root, person=person, organisation=justice, roles_=roles, since=SINCE)
    shown = [
        ("demo-admin", "系统管理员"),
        *((login, title) for login, _, title in wanted),
        ("15020310001", "昆都仑区农牧局 执法人员"),
        ("15020310000", "昆都仑区农牧局 负责人"),
        ("1502030010-office", "昆都仑区农牧局 公示、财务"),
        *more,
    ]
    return [(login, _password(root, login), title) for login, title in shown]


def _password(root: Actor, login: str) -> str:
    person = person_of(login)
    if person is None:
        raise LookupError(login)
    password = "-".join("".join(secrets.choice("abcdefghjkmnpqrstuvwxyz23456789") for _ in range(4)) for _ in range(3))
    change_password(by=root, person=person, password=password)
    return password
