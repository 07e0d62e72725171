"""A document that its maker handed in, and the four persons of the bureau above who review it in turn."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any
from uuid import uuid4

from django.utils import timezone

from yifa.kernel.people.actors import Actor
from yifa.kernel.people.models import Organisation
from yifa.normative.cases.filing import ITEMS
from yifa.normative.models import NormativeDocument
from yifa.normative.tests import world as w
from yifa.procedures import take
from yifa.procedures.reading import Ref
from yifa.procedures.take import Taken

MATERIALS = ["report", "text", "explanation", "basis", "legality", "opinions", "minutes"]
CODE = "GF1502030001212026000001"


@dataclass(frozen=True)
class Bureau:
    """初审 to 终审: 承办人, 处(科)长, 分管副局长, 局长; `maker` works where the document was made."""

    first: Actor
    chief: Actor
    deputy: Actor
    director: Actor
    maker: Actor
    world: w.World

    def of(self, level: int) -> Actor:
        return (self.first, self.chief, self.deputy, self.director)[level - 1]


def build() -> Bureau:
    world = w.build()
    above = Organisation.objects.get(code=world.superior.organisation)
    names = (("赵初审", ["reviewer"]), ("钱复审", ["section_chief"]), ("孙复核", ["deputy_director"]), ("李终审", ["director"]))
    first, chief, deputy, director = (w.person(name, above, roles) for name, roles in names)
    return Bureau(first, chief, deputy, director, maker=world.drafter, world=world)


def document(world: w.World, **changed: Any) -> NormativeDocument:
    """A row of the register: published sixty days ago and handed in ten days later, unless said otherwise."""
    published = timezone.localdate() - timedelta(days=60)
    maker = Organisation.objects.get(code=changed.pop("maker", world.drafter.organisation))
    row = {
        "code": CODE,
        "league": w.LEAGUE,
        "title": "昆都仑区城市养犬管理办法（试行）",
        "number": "包昆政发〔2026〕3号",
        "maker": maker,
        "region": maker.region,
        "kind": "government",
        "made_on": published,
        "published_on": published,
        "effective_on": published + timedelta(days=30),
        "valid_until": published + timedelta(days=760),
        "source": "stock",
        "file_by": published + timedelta(days=15),
        "filed_on": published + timedelta(days=10),
    }
    return NormativeDocument.objects.create(**row | changed)


def receive(bureau: Bureau, code: str = CODE, materials: list[str] | None = None, by: Actor | None = None) -> Ref:
    facts = {"document": code, "materials": MATERIALS if materials is None else materials}
    return take.start("normative_filing", by=by or bureau.first, facts=facts, key=uuid4()).ref


def registered(bureau: Bureau) -> Ref:
    ref = receive(bureau)
    w.do(ref, "register", bureau.first)
    return ref


def answers(level: int, proposal: str = "A", found: list[str] | None = None, **changed: Any) -> dict[str, Any]:
    """All nine items without a problem, but for those `changed` ("powers": ("problem", "第八条"))."""
    stated: dict[str, Any] = {f"{key}_{level}": "sound" for key, _, _ in ITEMS}
    for key, (answer, why) in changed.items():
        stated[f"{key}_{level}"] = answer
        if why:
            stated[f"{key}_{level}_why"] = why
    return {**stated, f"found_{level}": found or ["none"], f"proposal_{level}": proposal, f"opinion_{level}": "意见如上。"}


def review(bureau: Bureau, ref: Ref, level: int, proposal: str = "A", **changed: Any) -> Taken:
    return w.do(ref, f"review_{level}", bureau.of(level), **answers(level, proposal, **changed))


def reviewed(bureau: Bureau, ref: Ref, proposal: str = "A", **changed: Any) -> None:
    for level in (1, 2, 3, 4):
        review(bureau, ref, level, proposal, **changed)


def concluded(bureau: Bureau, proposal: str = "A", **facts: Any) -> Ref:
    """A filing up to its conclusion; the problem it is drawn from stands in 第八条."""
    ref = registered(bureau)
    found = {"superior": ("problem", "第八条与上位法不一致")} if proposal in "DEF" else {}
    reviewed(bureau, ref, proposal, **found)
    ground = {"legal_ground": "against_superior", "clauses": "第八条"} if proposal in "DEF" else {}
    clauses = {"clauses": "第八条"} if proposal == "C" else {}
    w.do(ref, "conclude", bureau.first, conclusion=proposal, opinion="意见如上。", **{**ground, **clauses, **facts})
    return ref


def on(day: date) -> str:
    return day.isoformat()
