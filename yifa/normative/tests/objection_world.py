"""An objection to a document of the banner's government, and who deals with it: the 盟市's bureau, the region's, and the maker."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from uuid import uuid4

from yifa.kernel.people.actors import Actor
from yifa.kernel.people.models import Organisation, Region
from yifa.normative import objecting
from yifa.normative.models import Objection
from yifa.normative.objecting import Filed, Said
from yifa.normative.tests import filing_world as f
from yifa.normative.tests import world as w
from yifa.procedures import take
from yifa.procedures.reading import Ref


@dataclass(frozen=True)
class Stage:
    """`region` works at the region's own bureau; `banner` at the banner's, which handles reconsiderations; `bureau` as in a filing."""

    bureau: f.Bureau
    region: Actor
    banner: Actor
    banner_chief: Actor

    @property
    def first(self) -> Actor:
        return self.bureau.first

    @property
    def maker(self) -> Actor:
        return self.bureau.maker


def build(**changed: Any) -> Stage:
    bureau = f.build()
    region = w.body("1500000009", "内蒙古自治区司法厅", "内司", Region.objects.get(code="150000"), sector="司法行政")
    banner = Organisation.objects.get(code=bureau.world.justice.organisation)
    f.document(bureau.world, **{"openness": "public", **changed})
    return Stage(bureau, w.person("冯自治区", region, ["reviewer"]), bureau.world.justice, w.person("陈旗县", banner, ["section_chief"]))


def objected(stage: Stage, **changed: Any) -> Filed:
    said = {"document": f.CODE, "clauses": "第八条", "reason": "第八条要求养犬人先交保证金，上位法没有这样规定。", **changed}
    organisation = said.pop("organisation", stage.first.organisation)
    return objecting.file(Said(organisation=organisation, **said))


def received(stage: Stage, filed: Filed | None = None, by: Actor | None = None) -> Ref:
    filed = filed or objected(stage)
    return take.start("normative_objection", by=by or stage.first, facts={"objection": str(filed.id)}, key=uuid4()).ref


def accepted(stage: Stage, filed: Filed | None = None) -> Ref:
    ref = received(stage, filed)
    w.do(ref, "accept", stage.first, objected_clauses="第八条", objected_points="先交保证金没有上位法依据。")
    return ref


def concluded(stage: Stage, proposal: str = "A", **facts: Any) -> Ref:
    """An objection up to its answer; the problem it is drawn from stands in 第八条."""
    ref = accepted(stage)
    w.do(ref, "explain", stage.maker, maker_statement="保证金是为了约束弃养。")
    found: dict[str, Any] = {"superior": ("problem", "第八条没有上位法依据")} if proposal in "DEF" else {}
    w.do(ref, "review_1", stage.first, **f.answers(1, proposal, **found))
    w.do(ref, "review_2", stage.bureau.chief, **f.answers(2, proposal, **found))
    ground = {"legal_ground": "against_superior", "clauses": "第八条"} if proposal in "DEF" else {}
    facts = {"opinion": "意见如上。", "answer": "您提的问题已经逐条研究。", **ground, **facts}
    w.do(ref, "conclude", stage.first, conclusion=proposal, **facts)
    return ref


def row(filed: Filed) -> Objection:
    return Objection.objects.get(id=filed.id)


def begun(stage: Stage, *, by: Actor | None = None, suspended_on: str = "", **changed: Any) -> Ref:
    """A review beside a reconsideration that the 盟市's bureau handles, unless said otherwise."""
    facts = {
        "reconsideration_number": "包府复〔2026〕12号",
        "applicant": "样本商行",
        "suspended_on": suspended_on or w.today(),
        "raised_by": "applicant",
        "registered": True,
        "questioned_document": f.CODE,
        "questioned_clauses": "第八条",
        "request": "第八条增设保证金，超越权限。",
        "competent": True,
        **changed,
    }
    facts = {key: value for key, value in facts.items() if value is not None}
    return take.start("normative_incidental", by=by or stage.first, facts=facts, key=uuid4()).ref


def examined(stage: Stage, finding: str = "unlawful", **begun_with: Any) -> Ref:
    """Up to the decision: the maker has answered and the handler has proposed."""
    ref = begun(stage, **begun_with)
    w.do(ref, "notify_maker", stage.first)
    w.do(ref, "answer", stage.maker, maker_statement="第八条是为了约束弃养。")
    w.do(ref, "examine", stage.first, examined=finding, examined_opinion="第八条没有上位法依据。")
    return ref


def decided(stage: Stage, finding: str = "unlawful") -> Ref:
    ref = examined(stage, finding)
    w.do(ref, "decide", stage.bureau.chief, **found(finding))
    return ref


def found(finding: str = "unlawful") -> dict[str, Any]:
    stated = {"finding": finding, "finding_opinion": "对照上位法，意见如上。"}
    return stated | ({"legal_ground": "against_superior", "stopped_clauses": "第八条"} if finding == "unlawful" else {})
