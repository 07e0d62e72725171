"""A living demonstration: a small Inner Mongolia that works as the real one would, every act through `procedures.take`.

Two leagues, about sixty bodies, four hundred officers, six hundred dossiers over three months; with acts the law refuses, late
publications, complaints and bad ratings, so that every page has something to say. Only in a record whose origin starts with `demo.`.
All persons are invented.
"""

from __future__ import annotations

import argparse
import random
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from io import BytesIO
from typing import Any
from uuid import UUID, uuid4
from zoneinfo import ZoneInfo

from django.db import connection
from django.utils import timezone
from PIL import Image, ImageDraw

from yifa.dossiers.services import keep_evidence
from yifa.enforcement.items import Item, installed
from yifa.enforcement.rolls import count_rolls
from yifa.kernel.calendar.queries import calendar
from yifa.kernel.people.actors import Actor
from yifa.kernel.people.identifiers import identity_check
from yifa.kernel.people.queries import actors_of
from yifa.procedures.core import Refused
from yifa.procedures.reading import Ref
from yifa.procedures.take import simulated, start, take
from yifa.site import demo_decisions, demo_documents, demo_objections, demo_quiz
from yifa.site.demo_names import SEED, person_name
from yifa.site.demo_world import STREETS, accounts, bodies, guard
from yifa.supervision.services import complain, rate

__all__ = ["accounts", "arguments", "main"]

BEIJING = ZoneInfo("Asia/Shanghai")
DOSSIERS = 600
REASONS = {"C34": "当事人已当场改正", "C14W": "当事人经提醒后再次发生", "C10W": "不是同一个违法行为"}


def arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--missing", action="store_true", help="only what is not there yet")
    parser.add_argument("--dossiers", type=int, default=DOSSIERS, help=f"how many dossiers ({DOSSIERS})")


def main(options: argparse.Namespace) -> int:
    guard()
    show(accounts())
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM dossiers_dossier WHERE procedure = 'summary_penalty'")
        there = cursor.fetchone()[0]
    if there and not options.missing:
        print("演示案卷已经存在；只补缺少的部分请加 --missing", file=sys.stderr)
        return 1
    began = timezone.now()
    count_months(timezone.localdate())
    for n, code in enumerate(fill(options.dossiers, skip=there), start=there + 1):
        if n % 20 == 0 or n == options.dossiers:
            print(f"演示案卷 {n}/{options.dossiers}  {code}", flush=True)
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM dossiers_dossier WHERE procedure = 'normative_making'")
        made = cursor.fetchone()[0]
    for title in () if made else (*demo_documents.tell(), *demo_objections.tell()):
        print(f"演示文件  {title}", flush=True)
    for line in demo_decisions.tell():
        print(f"演示决策  {line}", flush=True)
    for line in demo_quiz.tell():
        print(f"演示评估  {line}", flush=True)
    print(f"演示数据就绪，用时 {(timezone.now() - began).seconds} 秒", flush=True)
    return 0


def show(made: list[tuple[str, str, str]]) -> None:
    """The passwords exist nowhere else: whoever misses them here has them reset."""
    if made:
        print("\n演示账号（口令随机生成，只显示这一次，请记下）：")
        for login, password, title in made:
            print(f"  {login}\t{password}\t{title}")
        print(flush=True)


def count_months(today: date) -> None:
    """What the bodies had in each month that the demonstration touches: some figures divide by it."""
    for month in sorted({(today - timedelta(days=n)).replace(day=1) for n in range(93)}):
        moment = datetime(month.year, month.month, month.day, 8, tzinfo=BEIJING)
        count_rolls(on=month, simulated=moment)


@dataclass(frozen=True)
class Team:
    """One body's people as the demonstration uses them."""

    organisation: str
    items: tuple[Item, ...]
    officers: tuple[Actor, ...]
    office: Actor


def teams() -> list[Team]:
    found = []
    for body in bodies():
        known = actors_of(body.code)
        office = next(each for each in known if each.has("finance"))
        if small := usable(body.sector, body.fields):
            found.append(Team(body.code, small, tuple(each for each in known if each.has("officer")), office))
    return found


def usable(sector: str, fields: Sequence[str]) -> tuple[Item, ...]:
    """The items such a body may punish a citizen for on the spot, without an earlier order to correct."""
    body = {"sector": sector, "fields": list(fields)}
    held = (item for item in installed().values() if item.held_by(body) and item.reaches(citizen=True) and not item.correct_first)
    return tuple(item for item in held if item.citizen and item.citizen.minimum <= 200)


def fill(count: int, *, skip: int = 0) -> Iterator[str]:
    """`count` dossiers over the last three months, oldest first; yields each one's code."""
    everyone = teams()
    today = timezone.localdate()
    days = [day for n in range(92, 0, -1) if calendar().is_workday(day := today - timedelta(days=n))]
    for n in range(skip, count):
        chance = random.Random(f"{SEED} {n}")  # noqa: S311 - as above
        day = days[n * len(days) // count]
        moment = datetime(day.year, day.month, day.day, chance.randint(9, 16), chance.randint(0, 59), tzinfo=BEIJING)
        code = Story(chance, chance.choice(everyone), moment, today).tell()
        if code:
            yield code


class Story:
    """One dossier from the badge to wherever its days allow; what would lie in the future has not happened."""

    def __init__(self, chance: random.Random, team: Team, moment: datetime, today: date) -> None:
        self.chance, self.team, self.at, self.today = chance, team, moment, today
        self.item = chance.choice(team.items)
        pair = chance.sample(range(len(team.officers)), 2)
        self.lead, self.second = team.officers[pair[0]], team.officers[pair[1]]
        self.ref: Ref | None = None
        self.minor = chance.random() < 0.08
        self.heavy = chance.random() < 0.04
        top = int(min(200, self.item.citizen.maximum if self.item.citizen else 200))
        self.kinds = (
            sorted(self.item.kinds_for(citizen=True)) if "或" not in (self.item.citizen.joint if self.item.citizen else "") else ["罚款"]
        )
        self.fine = str(
            max(self.item.citizen.minimum if self.item.citizen else 0, chance.choice((50, 100, 100, 150, 200)) if top >= 200 else top)
        )
        self.fined = "罚款" in self.kinds and top > 0

    def tell(self) -> str:
        place = f"{self.chance.choice(STREETS)}{self.chance.randint(1, 200)}号门前"
        facts: dict[str, Any] = {
            "item": self.item.code,
            "officers": [self.lead.person, self.second.person],
            "place": place,
            "found_on": self.at.date().isoformat(),
            "recording": "on" if self.chance.random() < 0.94 else "off",
            "no_conflict": True,
        }
        reasons = {} if facts["recording"] == "on" else {"C08": "记录仪电量耗尽，已书面说明"}
        self.ref = self.begin(facts, reasons)
        if self.ref is None:
            return ""
        done = self.act("establish", self.lead, {**self._establish(), "description": self._description(place)}, files=[self._photo()])
        if done and self.minor:
            ending = {
                "ground": "minor",
                "ground_text": "违法行为轻微并及时改正，没有造成危害后果。",
                "education": "已宣讲有关法律规定，当事人表示今后遵守。",
            }
            self.act("no_penalty", self.lead, {**ending, "officer_signatures": self._signed(2), "party_signature": self._drawn()})
        elif done and self.heavy:
            self.act("inform", self.lead, self._inform(fine="500"), refused=True)
            self.act("escalate", self.lead, {"escalate_reason": "heavy", "escalate_note": "危害后果较重，拟处罚款超过当场处罚限额。"})
        elif done:
            self._punish()
        return self.ref.code

    def _punish(self) -> None:
        self.act(
            "order_correction",
            self.lead,
            {"correction": self.item.correction, "officer_signatures": self._signed(2), "party_signature": self._drawn()},
        )
        if self.chance.random() < 0.1:
            told = self._inform()
            told["told"] = ["content", "facts"]
            self.act("inform", self.lead, told, refused=True)
        if not self.act("inform", self.lead, self._inform()):
            return
        if self.chance.random() < 0.15:
            self.act(
                "hear",
                self.lead,
                {"statement": "defence", "statement_text": "不了解规定，已经改正。", "review": "情况属实，已在裁量中考虑。"},
            )
        else:
            self.act("hear", self.lead, {"statement": "none"})
        if self.chance.random() < 0.05:
            self.act("decide", self.lead, {"officer_signatures": self._signed(2)}, refused=True)
        if not self.act("decide", self.lead, {"officer_signatures": self._signed(2), "party_signature": self._drawn()}):
            return
        self.act(
            "deliver",
            self.lead,
            {"served_on": "party", "service_mode": "D1", "party_signature": self._drawn(), "officer_signatures": self._signed(2)},
        )
        decided = self.at
        if self.fined and int(self.fine) <= 100 and self.chance.random() < 0.4:
            self._collect()
        self._later()
        self._people(decided)

    def _collect(self) -> None:
        receipt = f"15{self.at:%y%m%d}{self.chance.randint(1000, 9999)}"
        if self.act("collect", self.lead, {"collect_ground": "small", "paid": self.fine, "receipt": receipt}):
            self.fined = False
            late = self.chance.random() < 0.1
            self.wait(days=self.chance.choice((5, 6)) if late else 1)
            if self.act("hand_in", self.lead, {"handed_to": "财务室"}):
                self.wait(days=1)
                self.act("bank", self.team.office, {"bank_receipt": f"HD{self.chance.randint(10**7, 10**8)}"})

    def _later(self) -> None:
        """Filing, publication and payment, each at its own pace; some late, some not yet."""
        base = self.at
        self.wait(days=self.chance.choice((1, 1, 2, 3, 4, 12)) if self.chance.random() < 0.97 else 30)
        filed = self.act("file", self.lead, {})
        self.at = base
        self.wait(days=self.chance.choice((2, 3, 4, 5, 6, 7, 16)))
        self.act("publish", self.team.office, {"secrecy_checked": True})
        paid = not self.fined
        if self.fined and self.chance.random() < 0.9:
            self.at = base
            self.wait(days=self.chance.randint(1, 14))
            receipt = f"15{self.at:%y%m%d}{self.chance.randint(1000, 9999)}"
            facts = {"paid_on": self.at.date().isoformat(), "paid": self.fine, "channel": "electronic", "receipt": receipt}
            paid = self.act("pay", self.team.office, facts)
        if filed and paid:
            self.wait(days=2)
            self.act("close", self.lead, {})

    def _people(self, decided: datetime) -> None:
        """Some parties rate, a few complain."""
        if self.ref is None or self.at.date() >= self.today:
            return
        draw = self.chance.random()
        if draw < 0.35:
            score = self.chance.choices((1, 2, 3, 4, 5), (3, 4, 10, 33, 50))[0]
            document = self._decision()
            if document:
                rate(
                    dossier=self.ref.code,
                    document=document,
                    organisation=self.team.organisation,
                    score=score,
                    simulated=decided + timedelta(days=1),
                )
        elif draw < 0.38:
            complain(
                about="case",
                organisation=self.team.organisation,
                text="执法人员态度生硬，没有说清楚为什么处罚，请核查。",
                dossier=self.ref.code,
                simulated=decided + timedelta(days=2),
            )

    def _decision(self) -> str:
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT sha256 FROM documents_document WHERE dossier = %s AND form = 'on_the_spot_decision'",
                [self.ref.code if self.ref else ""],
            )
            row = cursor.fetchone()
        return row[0] if row else ""

    def begin(self, facts: dict[str, Any], reasons: dict[str, str]) -> Ref | None:
        """The dossier; none when the law does not let it begin."""
        with simulated(self.at):
            try:
                return start("summary_penalty", by=self.lead, facts=facts, key=uuid4(), reasons=reasons).ref
            except Refused:
                return None

    def wait(self, *, days: int) -> None:
        self.at = self.at + timedelta(days=days)
        while not calendar().is_workday(self.at.date()):
            self.at += timedelta(days=1)

    def act(self, step: str, by: Actor, facts: dict[str, Any], *, files: Sequence[UUID] = (), refused: bool = False) -> bool:
        """One act at its simulated moment; what lies in the future does not happen. `refused`: the law is expected to say no."""
        if self.ref is None or self.at.date() >= self.today:
            return False
        self.at += timedelta(minutes=self.chance.randint(1, 3))
        with simulated(self.at):
            try:
                take(self.ref, step, by=by, facts=facts, files=files, key=uuid4(), seen_seq=None, reasons=REASONS)
            except Refused:
                return refused
        return True

    def _establish(self) -> dict[str, Any]:
        birth = date(self.chance.randint(1950, 2005), self.chance.randint(1, 12), self.chance.randint(1, 28))
        first = f"{self.team.organisation[:6]}{birth:%Y%m%d}{self.chance.randint(1, 999):03d}"
        street = self.chance.choice(STREETS)
        party = {
            "name": person_name(self.chance),
            "identity_kind": "id",
            "identity_number": first + identity_check(first),
            "phone": f"13{self.chance.randint(10**8, 10**9 - 1)}",
            "address": f"{street}{self.chance.randint(1, 300)}号",
        }
        return {
            "party_kind": "citizen",
            "party": party,
            "violation_on": self.at.date().isoformat(),
            "clear_facts": True,
            "minor": self.minor,
            "first_minor": not self.minor and self.chance.random() < 0.05,
        }

    def _description(self, place: str) -> str:
        return f"{self.at:%Y年%-m月%-d日%-H时}许，执法人员在{place}巡查时发现当事人{self.item.name}。{self.item.description}"

    def _inform(self, fine: str = "") -> dict[str, Any]:
        tier = self.chance.choice(("lighter", "usual", "usual"))
        stated: dict[str, Any] = {
            "sanctions": self.kinds,
            "tier": tier,
            "tier_reason": "首次发生，能够配合执法。" if tier == "lighter" else "情节一般。",
            "told": ["content", "facts", "reasons", "basis", "rights"],
        }
        return stated | ({"proposed_fine": fine or self.fine} if self.fined or fine else {})

    def _signed(self, people: int) -> dict[str, Any]:
        return {"people": [self._drawn() for _ in range(people)]}

    def _drawn(self) -> dict[str, Any]:
        """A scribble: three strokes that look like a name in a hurry."""
        strokes = []
        for n in range(3):
            x, y = 20 + 60 * n, self.chance.randint(20, 50)
            line = []
            for k in range(12):
                x += self.chance.randint(1, 7)
                y += self.chance.randint(-9, 10)
                line.append([x, max(4, min(96, y)), 50, k * 20])
            strokes.append(line)
        return {"strokes": strokes}

    def _photo(self) -> UUID:
        """A picture of the scene: drawn, with date and place, so that the evidence pages have something to show."""
        image = Image.new("RGB", (640, 480), (170 + self.chance.randint(0, 60), 190, 200))
        pen = ImageDraw.Draw(image)
        pen.rectangle((0, 300, 640, 480), fill=(130, 125, 115))
        for _ in range(6):
            x, y = self.chance.randint(0, 560), self.chance.randint(180, 380)
            pen.rectangle(
                (x, y, x + self.chance.randint(30, 110), y + self.chance.randint(30, 90)),
                fill=tuple(self.chance.randint(60, 220) for _ in range(3)),
            )
        pen.text((16, 452), f"{self.at:%Y-%m-%d %H:%M}", fill=(255, 255, 255))
        content = BytesIO()
        image.save(content, "JPEG", quality=80)
        title = f"现场照片 {self.at:%m-%d %H:%M}"
        return keep_evidence(by=self.lead, title=title, kind="photo", mime="image/jpeg", content=content.getvalue(), at=self.at)
