"""The demonstration's objection to a normative document, answered, and a reconsideration that questions it, under way. All invented."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4

from django.utils import timezone

from yifa.kernel.people.actors import Actor
from yifa.kernel.people.queries import actors_of
from yifa.normative import objecting, queries
from yifa.normative.cases.filing import ITEMS
from yifa.normative.objecting import Said
from yifa.procedures.reading import Ref
from yifa.procedures.take import simulated, start, take
from yifa.site.demo_documents import ABOVE, BEIJING, GOVERNMENT

TITLE = "昆都仑区城市养犬管理办法（试行）"
REASON = "第四条规定犬绳不超过一点五米，法律里没有写长度，是不是给养犬的人增加了义务？"
ANSWER = (
    "动物防疫法第三十条要求携带犬只出户应当采取系犬绳等措施防止犬只伤人，具体管理办法由地方规定。第四条细化了系绳的要求，没有设定处罚，"
    "没有超出上位法规定的义务，文件合法、适当。犬绳收短后可以使用可调节的牵引绳，办理登记时将一并说明。"
)
QUESTION = "复议申请人认为第三条限定到派出所办理登记，缩小了上位法规定的登记机关范围。"


def tell() -> Iterator[str]:
    """Both, one after another; yields what each is. Does nothing where the document or the people are not there."""
    today = timezone.localdate()
    found = next((each.document for each in queries.ask(TITLE, today)), None)
    above = {role: each for each in actors_of(ABOVE) for role in each.roles}
    maker = next((each for each in actors_of(GOVERNMENT) if "officer" in each.roles), None)
    if found is None or maker is None or not {"reviewer", "section_chief"} <= above.keys():
        return
    noon = datetime.combine(today, datetime.min.time(), BEIJING) + timedelta(hours=8)
    yield _answered(found.code, noon - timedelta(days=30), above["reviewer"], above["section_chief"], maker)
    yield _questioned(found.code, noon - timedelta(days=2), above["reviewer"])


def _act(ref: Ref, step: str, by: Actor, at: datetime, **facts: Any) -> None:
    with simulated(at):
        take(ref, step, by=by, at=at, facts=facts, key=uuid4(), seen_seq=None)


def _begin(procedure: str, by: Actor, at: datetime, **facts: Any) -> Ref:
    with simulated(at):
        return start(procedure, by=by, at=at, facts=facts, key=uuid4()).ref


def _answered(document: str, at: datetime, reviewer: Actor, chief: Actor, maker: Actor) -> str:
    """Sent by a citizen, accepted, explained by the maker, reviewed by two, answered in half a month."""
    said = Said(document, ABOVE, "第四条", REASON, name="养犬居民", contact="昆都仑区友谊大街")
    filed = objecting.file(said, simulated=at)
    at += timedelta(days=1)
    ref = _begin("normative_objection", reviewer, at, objection=str(filed.id))
    points = "第四条对犬绳长度的要求没有法律依据，增加了养犬人的义务。"
    _act(ref, "accept", reviewer, at + timedelta(hours=2), objected_clauses="第四条", objected_points=points)
    statement = "第四条是对动物防疫法第三十条“系犬绳等措施”的细化，征求意见时群众普遍要求写明长度。"
    _act(ref, "explain", maker, at + timedelta(days=6), maker_statement=statement)
    for level, by in enumerate((reviewer, chief), start=1):
        sound = {f"{key}_{level}": "sound" for key, _, _ in ITEMS}
        opinion = {f"found_{level}": ["none"], f"proposal_{level}": "A", f"opinion_{level}": "第四条是对上位法义务的细化，合法、适当。"}
        _act(ref, f"review_{level}", by, at + timedelta(days=9 + level), **sound, **opinion)
    _act(ref, "conclude", reviewer, at + timedelta(days=14), conclusion="A", opinion="未发现问题。", answer=ANSWER)
    _act(ref, "archive", reviewer, at + timedelta(days=15))
    return f"对《{TITLE}》的异议"


def _questioned(document: str, at: datetime, handler: Actor) -> str:
    """The reconsideration stands still since yesterday but one; the maker has been asked and has not answered yet."""
    facts: dict[str, Any] = {
        "reconsideration_number": f"包府复〔{at.year}〕18号",
        "applicant": "样本宠物店",
        "suspended_on": (at - timedelta(days=1)).date().isoformat(),
        "raised_by": "applicant",
        "registered": True,
        "questioned_document": document,
        "questioned_clauses": "第三条",
        "request": QUESTION,
        "competent": True,
    }
    ref = _begin("normative_incidental", handler, at, **facts)
    _act(ref, "notify_maker", handler, at + timedelta(hours=3))
    return f"行政复议附带审查《{TITLE}》"
