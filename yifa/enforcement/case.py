"""What the rules of a penalty may know: the case as the steps stated it and the registers say it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from yifa.enforcement.items import Item, find
from yifa.kernel.parameters.rules import significant
from yifa.kernel.people.certificate import Life, why_not_valid
from yifa.kernel.people.subjects import Standing, why_not_subject
from yifa.procedures.core import BEIJING
from yifa.procedures.known import unknown

CITIZEN, TRADER, ENTITY = "citizen", "trader", "entity"
PARTY_KINDS = ((CITIZEN, "公民"), (TRADER, "个体工商户"), (ENTITY, "法人或者其他组织"))
WARNING, FINE = "警告", "罚款"


@dataclass(frozen=True)
class Officer:
    """One officer on the day of the act. `problem` says why he may not enforce (empty when he may)."""

    id: str
    name: str
    certificate: str
    problem: str = ""
    categories: tuple[str, ...] = ()
    region: str = ""


@dataclass(frozen=True)
class Party:
    """The party as far as rules ask: no name and no number."""

    kind: str
    age: int | None = None
    incapable: bool = False

    @property
    def is_citizen(self) -> bool:
        """A sole trader is punished as a citizen (民法典 54: 自然人从事工商业经营)."""
        return self.kind in {CITIZEN, TRADER}

    @property
    def kind_label(self) -> str:
        return dict(PARTY_KINDS)[self.kind]


@dataclass(frozen=True)
class EarlierFine:
    """A fine on the same party whose facts overlap in time."""

    number: str
    organisation: str
    on: date
    same_item: bool


@dataclass(frozen=True)
class PenaltyFacts:
    """The case of a penalty. Unstated facts are `unknown`, so that a rule on them waits."""

    at: datetime
    step: str = ""
    subject_problem: str = unknown("执法主体资格")
    organisation: str = unknown("执法主体")
    region: str = unknown("案发地")
    reviewing: str = unknown("行政复议机关")
    holds_item: bool = unknown("职权")
    item: Item = unknown("执法事由")
    officers: tuple[Officer, ...] = unknown("执法人员")
    no_conflict: bool = unknown("回避情形的声明")
    recording: str = unknown("音像记录")
    party: Party = unknown("当事人")
    found_on: date = unknown("发现违法行为的日期")
    violation_on: date = unknown("违法行为发生日期")
    ended_on: date = unknown("违法行为终了日期")
    endangers: bool = unknown("是否涉及生命健康安全、金融安全且有危害后果")
    clear_facts: bool = unknown("违法事实是否确凿")
    evidence: int = unknown("证据")
    mitigating: frozenset[str] = unknown("从轻、减轻情节")
    minor: bool = unknown("是否违法行为轻微并及时改正、没有造成危害后果")
    first_minor: bool = unknown("是否初次违法且危害后果轻微并及时改正")
    no_fault: bool = unknown("当事人是否证明没有主观过错")
    told: frozenset[str] = unknown("告知事项")
    sanctions: frozenset[str] = unknown("处罚种类")
    proposed_fine: Decimal = unknown("拟罚款数额")
    fine: Decimal = unknown("罚款数额")
    tier: str = unknown("裁量幅度")
    tier_reason: str = ""
    statement: str = unknown("当事人的陈述、申辩")
    review: str = ""
    ordered_to_correct: bool = False
    public: bool = unknown("是否公开")
    signed: bool = False
    refusal_note: str = ""
    number: str = unknown("决定书编号")
    collect_ground: str = unknown("当场收缴的理由")
    party_asked: bool = False
    receipt: str = unknown("财政部门统一制发的专用票据号码")
    paid: Decimal = unknown("实缴金额")
    landed_on: date = unknown("抵岸日期")
    ground: str = unknown("不予处罚的理由")
    education: str = ""
    earlier_fines: tuple[EarlierFine, ...] = ()

    @property
    def on(self) -> date:
        return self.at.astimezone(BEIJING).date()

    @property
    def ceiling(self) -> int:
        """The limit of an on-the-spot fine in yuan (行政处罚法 51)."""
        return 200 if self.party.is_citizen else 3000

    @property
    def joint(self) -> str:
        """How the article joins warning and fine for this kind of party."""
        return self.item.joint_for(citizen=self.party.is_citizen)

    @property
    def limits(self) -> tuple[Decimal, Decimal]:
        """The least and the highest fine of the cited article for this kind of party, in yuan."""
        return self.item.limits(citizen=self.party.is_citizen)

    @property
    def officers_from_elsewhere(self) -> str:
        """The officers whose certificate's region does not contain the place of the act."""
        return "、".join(each.name for each in self.officers if not self.region.startswith(significant(each.region)))

    @property
    def officer_problems(self) -> str:
        return ";".join(f"{each.name}{each.problem}" for each in self.officers if each.problem)

    @property
    def limitation_years(self) -> int:
        """行政处罚法 36: two years, five where life, health or financial security are concerned and harm was done."""
        return 5 if self.endangers else self.item.limitation_years


def _beijing(at: datetime) -> date:
    return at.astimezone(BEIJING).date()


def _standing(row: Mapping[str, Any]) -> Standing:
    changes = tuple((_day(on), status) for on, status in row.get("changes") or ())
    start, end = row.get("valid_from"), row.get("valid_to")
    return Standing(row["name"], row["kind"], changes, _day(start) if start else None, _day(end) if end else None)


def _officer(row: Mapping[str, Any], item: Item | None, day: date) -> Officer:
    """C06: the certificate is valid on the day, and its categories cover the item."""
    categories = tuple(row["categories"] or ())
    if not row["certificate"]:
        problem = "没有行政执法证"
    else:
        changes = tuple((_day(on), status) for on, status in row.get("changes") or ())
        issued, expires = row["issued_on"], row["expires_on"]
        life = Life(changes, _day(issued) if issued else None, _day(expires) if expires else None)
        problem = why_not_valid(life, day)
        if not problem and item is not None and not {item.field, item.sector, *item.holders, "综合"} & {*categories}:
            problem = f"执法证的执法类别（{'、'.join(categories)}）不含“{item.sector}”"
    return Officer(row["id"], row["name"], row["certificate"] or "", problem, categories, row["region"] or "")


def _day(value: Any) -> date:
    return date.fromisoformat(value)


def _yuan(value: Any) -> Decimal:
    return Decimal(value) / 100


_PLAIN: dict[str, Callable[[Any], Any]] = {
    "no_conflict": bool,
    "recording": str,
    "found_on": _day,
    "violation_on": _day,
    "ended_on": _day,
    "endangers": bool,
    "clear_facts": bool,
    "mitigating": frozenset,
    "minor": bool,
    "first_minor": bool,
    "no_fault": bool,
    "told": frozenset,
    "sanctions": frozenset,
    "proposed_fine": _yuan,
    "fine": _yuan,
    "tier": str,
    "tier_reason": str,
    "statement": str,
    "review": str,
    "ordered_to_correct": bool,
    "public": bool,
    "signed": bool,
    "refusal_note": str,
    "number": str,
    "collect_ground": str,
    "party_asked": bool,
    "receipt": str,
    "paid": _yuan,
    "landed_on": _day,
    "ground": str,
    "education": str,
}


def read(facts: Mapping[str, Any], register: Mapping[str, Any], at: datetime) -> PenaltyFacts:
    """`facts` as merged from the steps (JSON), `register` as the registers answered: the case the rules see."""
    known: dict[str, Any] = {key: make(facts[key]) for key, make in _PLAIN.items() if facts.get(key) is not None}
    if "violation_on" in known:
        known.setdefault("ended_on", known["violation_on"])
    if "sanctions" in known and FINE not in known["sanctions"]:
        known["proposed_fine"] = known["fine"] = Decimal(0)
    elif "proposed_fine" in known:
        known.setdefault("fine", known["proposed_fine"])
    if facts.get("item") and (item := find(facts["item"])):
        known["item"] = item
        known["holds_item"] = bool(register.get("organisation")) and item.held_by(register["organisation"])
    if facts.get("party_kind"):
        known["party"] = Party(facts["party_kind"], facts.get("party_age"), bool(facts.get("incapable")))
    if organisation := register.get("organisation"):
        known |= {"organisation": organisation["name"], "region": organisation["region"]}
        known["subject_problem"] = why_not_subject(_standing(organisation), _beijing(at))
    if reviewing := register.get("reviewing"):
        known["reviewing"] = reviewing.get("name") or ""
    if facts.get("officers"):
        known["officers"] = tuple(_officer(each, known.get("item"), _beijing(at)) for each in register.get("officers") or ())
    known["earlier_fines"] = tuple(
        EarlierFine(each["number"] or each["code"], each["organisation"], _day(each["on"]), each["same_item"])
        for each in register.get("earlier_fines") or ()
    )
    if "evidence_count" in facts:
        known["evidence"] = int(facts["evidence_count"])
    return PenaltyFacts(at=at, **known)


def derive(facts: Mapping[str, Any], personal: Mapping[str, Any], at: datetime) -> dict[str, Any]:
    """What rules need of a party without knowing who he is: his age on the day of the violation (行政处罚法 30)."""
    derived: dict[str, Any] = {"signed": bool(personal.get("party_signature"))}
    party = personal.get("party") or {}
    born = _birth(party)
    if born is None or not facts.get("violation_on"):
        return derived
    day = _day(facts["violation_on"])
    return derived | {"party_age": day.year - born.year - ((day.month, day.day) < (born.month, born.day))}


def _birth(party: Mapping[str, Any]) -> date | None:
    """None also for what is no date: the form tells of it, the rules wait."""
    number = str(party.get("identity_number") or "")
    stated = party.get("born_on")
    if party.get("identity_kind") == "id" and len(number) == 18:
        stated = f"{number[6:10]}-{number[10:12]}-{number[12:14]}"
    try:
        return date.fromisoformat(stated) if stated else None
    except ValueError:
        return None
