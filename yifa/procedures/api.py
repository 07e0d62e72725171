"""The interface for dossiers and procedures. What the desk can do, a program can do: through the same queries and the same `take`."""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from functools import cache
from typing import Annotated, Any
from uuid import UUID

from django.http import HttpResponse
from django.utils import timezone
from ninja import Header, Path, Query, Router, Status

from yifa.dossiers import media, withholding
from yifa.dossiers import queries as dossiers
from yifa.dossiers.queries import Dossier
from yifa.dossiers.services import note_reading
from yifa.dossiers.withholding import Withheld
from yifa.kernel.calendar.queries import calendar
from yifa.kernel.citing import Article
from yifa.kernel.people.api import ActorRequest
from yifa.kernel.people.queries import officers_of
from yifa.kernel.people.reading_words import API, COURSE, DOCUMENTS, EVIDENCE, RECEIPT
from yifa.kernel.problems import Trouble, problems
from yifa.laws.queries import permalink
from yifa.procedures import core, queries, registry, reserving, services, take, turns
from yifa.procedures.context import Context
from yifa.procedures.core import Finding, Procedure, Refused, Step
from yifa.procedures.fields import ITEM, PERSONS, Field
from yifa.procedures.reading import Ref
from yifa.procedures.schemas import (
    ActIn,
    CaseList,
    CaseOut,
    ItemList,
    Moment,
    OpeningIn,
    ProcedureList,
    ProcedureOut,
    TakenOut,
    TodoList,
)

router = Router(tags=["案件"])
Limit = Annotated[int, Query(ge=1, le=200, title="每页条数")]
Cursor = Annotated[str, Query(max_length=300, title="翻页位置", description="上一页的 next")]
Search = Annotated[str, Query(max_length=100, title="查找")]
CaseCode = Annotated[str, Path(title="案件编号", max_length=64)]
ProcedureKey = Annotated[str, Path(title="程序", max_length=64)]
StepName = Annotated[str, Path(title="步骤", max_length=64)]
Key = Annotated[UUID, Header(alias="Idempotency-Key", title="幂等键", description="一项办理一个 UUID；重送同一键不会重复办理")]
Match = Annotated[str | None, Header(alias="If-Match", max_length=64, title="读取案件时的 ETag", description="代替 seen_seq")]
DUE, TURN = "due", "turn"
ETAG = {"ETag": {"description": "案件的记录序号，带引号", "schema": {"type": "string"}}}


@router.get("/cases", response={200: CaseList, **problems(401, 403, 422)}, summary="案件列表", operation_id="list_cases")
def list_cases(
    request: ActorRequest,
    q: Annotated[str, Query(max_length=100, title="查找", description="案件编号、文号、当事人、证件号码")] = "",
    procedure: Annotated[str, Query(max_length=64, title="程序")] = "",
    organisation: Annotated[str, Query(max_length=10, title="办案机关")] = "",
    region: Annotated[str, Query(max_length=12, title="区划")] = "",
    sector: Annotated[str, Query(max_length=64, title="领域")] = "",
    status: Annotated[str, Query(max_length=64, title="状态", description="最近办理的步骤")] = "",
    open: Annotated[bool | None, Query(title="是否在办")] = None,  # noqa: A002 - the name of the parameter
    opened_from: Annotated[Moment | None, Query(title="开始时间不早于")] = None,
    opened_before: Annotated[Moment | None, Query(title="开始时间早于")] = None,
    limit: Limit = 50,
    cursor: Cursor = "",
) -> dict[str, Any]:
    """您有权查看的案件,新的在前。翻页以位置为准,其间增加的案件不会使后面的页重复或者遗漏;不计总数。"""
    filters = dossiers.Filters(procedure, organisation, region, sector, status, open, opened_from, opened_before, q)
    try:
        page = dossiers.cases(request.auth, filters=filters, cursor=cursor or None, limit=limit)
    except dossiers.CursorError as error:
        raise Trouble("invalid", str(error), [("cursor", str(error))]) from None
    due = services.next_due([(row.league, row.code) for row in page.rows])
    items = [
        {
            **row._asdict(),
            "status_label": _status(row.procedure, row.version, row.region, row.sector, row.status),
            "next_due": due.get(row.code),
        }
        for row in page.rows
    ]
    return {"items": items, "next": page.next}


@router.get(
    "/cases/{code}",
    response={200: CaseOut, **problems(401, 403, 404, 422)},
    summary="一个案件",
    operation_id="get_case",
    openapi_extra={"responses": {200: {"headers": ETAG}}},
)
def get_case(request: ActorRequest, response: HttpResponse, code: CaseCode) -> dict[str, Any]:
    """经过、现在轮到的步骤和为什么不能办理、期限和推算过程、文书、证据。"""
    dossier = _dossier(request, code)
    now, today, days = timezone.now(), timezone.localdate(), calendar()
    found = queries.course(dossier, at=now)
    response["ETag"] = f'"{found.progress.seq}"'
    withheld = withholding.of(request.auth, dossier)
    papers, pieces = queries.documents(dossier, withheld), dossiers.evidence(request.auth, code)
    shown = [word for word, there in ((DOCUMENTS, papers), (EVIDENCE, pieces)) if there]
    note_reading(dossier, COURSE, *shown, by=request.auth, way=API)
    return {
        **{name: getattr(dossier, name) for name in ("code", "number", "title", "party_label", "procedure", "version", "status", "sector")},
        "seq": found.progress.seq,
        "status_label": _status(dossier.procedure, dossier.version, dossier.region_id, dossier.sector, dossier.status),
        "organisation": dossier.organisation_id,
        "organisation_name": dossier.organisation.name,
        "region": dossier.region_id,
        "opened_at": dossier.opened_at,
        "closed_at": dossier.closed_at,
        "drill": dossier.drill,
        "public_url": f"/c/{dossier.token}",
        "facts": withheld.told(dossier.facts),
        "entries": [_entry(found.procedure, row, withheld) for row in found.entries],
        "open_steps": [_state(each) for each in queries.next_steps(found, request.auth)],
        "coming": [each.name for each in core.coming(found.procedure, found.progress, found.case)],
        "kernel_acts": [name for name, act in core.KERNEL_ACTS.items() if request.auth.has(*act.by.roles)],
        "obligations": [_obligation(row, today, days) for row in queries.obligations(dossier)],
        "documents": [
            vars(each) | {"url": media.url(each.sha256, mime="application/pdf", name=f"{each.title}.pdf", at=now) if each.sha256 else ""}
            for each in papers
        ],
        "evidence": [vars(dossiers.shown(row, at=now)) for row in pieces],
    }


@router.get(
    "/cases/{code}/receipt", response={200: dict[str, Any], **problems(401, 403, 404, 422)}, summary="凭据", operation_id="get_receipt"
)
def get_receipt(request: ActorRequest, code: CaseCode) -> HttpResponse:
    """任何人凭它可以核验:记录没有被改动,也没有缺少。格式见 docs/log-format.md。"""
    dossier = _dossier(request, code)
    note_reading(dossier, RECEIPT, by=request.auth, way=API)
    withheld = withholding.of(request.auth, dossier)
    receipt = reserving.receipt(Ref(dossier.league, dossier.code), withheld, sides=("open", "closed"))
    answer = HttpResponse(receipt, content_type="application/json")
    answer["Content-Disposition"] = f'attachment; filename="{dossier.code}.receipt.json"'
    return answer


ACTED = {200: TakenOut, 201: TakenOut}


@router.post(
    "/procedures/{key}/start",
    response={**ACTED, **problems(401, 403, 404, 413, 422)},
    summary="开始办案",
    operation_id="start_procedure",
    openapi_extra={"responses": {201: {"headers": ETAG}, 200: {"headers": ETAG}}},
)
def start_procedure(request: ActorRequest, response: HttpResponse, key: ProcedureKey, act: OpeningIn, idempotency_key: Key) -> Any:
    """办理程序的第一步。201 是已经立卷,200 是这个幂等键此前已经立卷。"""
    first = _current(request, key).first()
    try:
        taken = take.start(key, by=request.auth, key=idempotency_key, **_act(act))
    except Refused as refused:
        raise _refused(refused.findings) from None
    return _taken(response, taken, first)


@router.post(
    "/cases/{code}/steps/{step}",
    response={**ACTED, **problems(401, 403, 404, 409, 412, 413, 422, 428)},
    summary="办理步骤",
    operation_id="take_step",
    openapi_extra={"responses": {201: {"headers": ETAG}, 200: {"headers": ETAG}}},
)
def take_step(
    request: ActorRequest,
    response: HttpResponse,
    code: CaseCode,
    step: StepName,
    act: ActIn,
    idempotency_key: Key,
    if_match: Match = None,
) -> Any:
    """一项办理是一条记录,或者依法不能办理而什么也没有改变。201 是已经记入,200 是这个幂等键此前已经办理。"""
    dossier = _dossier(request, code)
    wanted = _step(_procedure(dossier), step)
    seen = act.seen_seq if act.seen_seq is not None else _matched(if_match)
    try:
        taken = take.take(Ref(dossier.league, dossier.code), step, by=request.auth, key=idempotency_key, seen_seq=seen, **_act(act))
    except take.Changed as changed:
        raise _changed(dossier, seen, changed.findings) from None
    except Refused as refused:
        raise _refused(refused.findings) from None
    return _taken(response, taken, wanted)


@router.get("/due", response={200: TodoList, **problems(401, 403, 422)}, summary="待办", operation_id="list_due")
def list_due(
    request: ActorRequest,
    until: Annotated[date | None, Query(title="届满日不晚于", description="给出时只列期限")] = None,
    limit: Limit = 100,
    cursor: Cursor = "",
) -> dict[str, Any]:
    """您的岗位可以办理的期限,近的在前;以后是轮到您办理而没有法定期限的步骤,等得久的在前。"""
    kind, place = _place(cursor)
    found: list[tuple[tuple[str, str, str, str], dict[str, Any]]] = []
    if kind == DUE:
        found += [_due(row) for row in queries.due_items(request.auth, until=until, after=place, limit=limit + 1)]
        place = None
    if until is None and len(found) <= limit:
        found += [_turn(row) for row in turns.turns(request.auth, after=place, limit=limit + 1 - len(found))]
    last = found[limit - 1][0] if len(found) > limit else None
    return {"items": [item for _, item in found[:limit]], "next": _token(*last) if last else None}


def _due(row: queries.DueItem) -> tuple[tuple[str, str, str, str], dict[str, Any]]:
    """A deadline as its place in the list and what is told of it."""
    words, state = queries.remaining(row.due_on, timezone.localdate(), calendar(), working=row.working)
    told = {"due_on": row.due_on, "since": None, "provisional": row.provisional, "state": state, "remaining": words}
    return (DUE, row.due_on.isoformat(), row.dossier, row.step), _todo(row) | told


def _turn(row: turns.TurnItem) -> tuple[tuple[str, str, str, str], dict[str, Any]]:
    told = {"due_on": None, "since": row.since, "provisional": False, "state": TURN, "remaining": turns.waited(row, timezone.localdate())}
    return (TURN, row.since.isoformat(), row.dossier, row.step), _todo(row) | told


def _todo(row: queries.DueItem | turns.TurnItem) -> dict[str, Any]:
    same = {name: getattr(row, name) for name in ("step", "title", "number", "party_label", "action")}
    return {**same, "code": row.dossier, "case_title": row.what}


@router.get(
    "/procedures", response={200: ProcedureList, **problems(401, 403)}, summary="程序", operation_id="list_procedures", tags=["程序"]
)
def list_procedures(request: ActorRequest) -> dict[str, Any]:
    """现在施行的程序。"""
    keys = dict.fromkeys(each.key for each in registry.procedures())
    return {"items": [_line(request, _current(request, key)) for key in keys]}


@router.get(
    "/procedures/{key}",
    response={200: ProcedureOut, **problems(401, 403, 404, 422)},
    summary="一个程序",
    operation_id="get_procedure",
    tags=["程序"],
)
def get_procedure(request: ActorRequest, key: ProcedureKey) -> dict[str, Any]:
    """步骤和每一步要填写的内容:终端据此画出表单。"""
    found = _current(request, key)
    team = [
        {"key": each.person, "label": f"{each.name} {each.number}"} for each in officers_of(request.auth.organisation, timezone.localdate())
    ]
    steps = [_declared(found, each, team) for each in found.steps.values()]
    return {**_line(request, found), "steps": steps, "acts": [_declared(found, each, team) for each in core.KERNEL_ACTS.values()]}


@router.get(
    "/items", response={200: ItemList, **problems(401, 403, 422)}, summary="本机关的执法事由", operation_id="list_items", tags=["程序"]
)
def list_items(request: ActorRequest, q: Search = "", limit: Limit = 50, cursor: Cursor = "") -> dict[str, Any]:
    """您代表的机关可以办理的执法事由,按编码排列。"""
    found: dict[str, str] = {}
    for context in filter(_has_items, registry.contexts()):
        body = queries.register_of(request.auth, context, {}, timezone.now()).get("organisation") or {}
        found |= dict(context.choices(Field("item", "执法事由", ITEM), body))
    after = _parts(cursor, 1)[0] if cursor else ""
    rows = [(key, label) for key, label in sorted(found.items()) if key > after and all(part in label for part in q.split())]
    page = rows[:limit]
    return {"items": [{"key": key, "label": label} for key, label in page], "next": _token(page[-1][0]) if len(rows) > limit else None}


def _has_items(context: Context) -> bool:
    """Does any step of the context ask for an 执法事由? Only then its registers are asked which ones the body has."""
    return any(each.key == "item" for found in context.procedures for step in found.steps.values() for each in step.asks)


def _dossier(request: ActorRequest, code: str) -> Dossier:
    found = dossiers.case(request.auth, code)
    if found is None:
        raise Trouble("not_found", "没有这个案件，或者您无权查看")
    return found


def _procedure(dossier: Dossier) -> type[Procedure]:
    return registry.procedure(dossier.procedure, dossier.version, region=dossier.region_id, sector=dossier.sector)


def _step(procedure: type[Procedure], name: str) -> Step:
    try:
        return procedure.step(name)
    except Refused as refused:
        raise Trouble("not_found", str(refused)) from None


def _current(request: ActorRequest, key: str) -> type[Procedure]:
    try:
        return registry.current(key, on=timezone.localdate().isoformat(), region=request.auth.region)
    except Refused as refused:
        raise Trouble("not_found", str(refused)) from None


def _act(act: OpeningIn) -> dict[str, Any]:
    late = take.LateEntry(act.late.reason, act.late.paper_number) if act.late else None
    return {"at": act.at, "facts": act.facts, "files": act.files, "reasons": act.reasons, "late": late}


def _matched(header: str | None) -> int:
    """The sequence number that an ETag of ours names."""
    if header is None:
        raise Trouble("unconditional")
    found = re.fullmatch(r'\s*"([0-9]{1,9})"\s*', header)
    if found is None:
        raise Trouble("precondition")
    return int(found[1])


def _taken(response: HttpResponse, taken: take.Taken, wanted: Step) -> Any:
    step = taken.step.partition("@")[0]
    if step != wanted.name:
        raise Trouble("key_reused")
    response["ETag"] = f'"{taken.seq}"'
    shown = {name: getattr(taken, name) for name in ("seq", "hash", "recorded_at", "again", "documents")}
    return Status(200 if taken.again else 201, {**shown, "code": taken.ref.code, "step": step})


def _refused(findings: Sequence[Finding]) -> Trouble:
    invalid = [(f"facts.{each.field}" if each.code == "填写" else each.field, each.text) for each in findings if each.field]
    return Trouble("refused", ";".join(each.text for each in findings), invalid, {"blocked_by": [_blocked(each) for each in findings]})


def _changed(dossier: Dossier, seen: int, findings: Sequence[Finding]) -> Trouble:
    """What happened since: enough to show both and let a person decide."""
    found = queries.course(dossier, at=timezone.now())
    news = [
        {
            "seq": row.done.seq,
            "step": row.done.step,
            "title": _known(found.procedure, row.done.step).title,
            "at": row.done.at.isoformat(),
            "by": row.name,
        }
        for row in found.entries
        if row.done.seq > seen
    ]
    return Trouble("changed", findings[0].text, (), {"seq": found.progress.seq, "changed": news})


def _blocked(each: Finding) -> dict[str, Any]:
    helper = {"role": each.unblock, "title": core.ROLE_TITLES.get(each.unblock, each.unblock)} if each.unblock else None
    return {
        "code": each.code,
        "text": each.text,
        "cites": _cites(each.cites),
        "unblock": helper,
        "severity": each.severity,
        "field": each.field,
    }


@cache
def _cite(article: Article) -> Mapping[str, str]:
    return {"label": str(article), "key": article.key, "url": permalink(article)}


def _cites(cites: Sequence[Article]) -> list[Mapping[str, str]]:
    return [_cite(each) for each in cites]


def _known(procedure: type[Procedure], name: str) -> Step:
    return procedure.steps.get(name) or core.KERNEL_ACTS[name]


def _entry(procedure: type[Procedure], row: queries.EntryRow, withheld: Withheld) -> dict[str, Any]:
    done, known = row.done, _known(procedure, row.done.step)
    return {
        **{name: getattr(done, name) for name in ("seq", "step", "at", "recorded_at", "by", "late")},
        "title": known.title,
        "by_name": row.name,
        "hash": row.hash,
        "sealed": row.sealed,
        "cites": _cites(known.articles),
        "said": services.said(known, (row.payload or {}).get("facts") or {}, withheld),
    }


def _state(each: queries.NextStep) -> dict[str, Any]:
    return {
        "step": each.step.name,
        "title": each.step.title,
        "action": each.step.action,
        "cites": _cites(each.step.articles),
        "optional": each.step.optional,
        "findings": [_blocked(finding) for finding in each.findings],
    }


def _obligation(row: Any, today: date, days: Any) -> dict[str, Any]:
    words, state = queries.remaining(row.due_on, today, days, working=queries.counts_workdays(row.derivation))
    if row.closed_seq is not None:
        words, state = "已办结" if row.met_on else "不再计算", "done"
    names = ("step", "title", "start_on", "due_on", "provisional", "derivation", "closed_seq", "met_on")
    return {**{name: getattr(row, name) for name in names}, "remaining": words, "state": state}


def _status(procedure: str, version: str, region: str, sector: str, status: str) -> str:
    found = registry.procedure(procedure, version, region=region, sector=sector).steps.get(status)
    return (found.status or found.title) if found else status


def _line(request: ActorRequest, found: type[Procedure]) -> dict[str, Any]:
    first = found.first()
    return {
        "key": found.key,
        "title": found.title,
        "version": found.version,
        "about": (found.__doc__ or "").strip(),
        "first_step": first.name,
        "may_start": request.auth.has(*first.by.roles),
    }


def _declared(procedure: type[Procedure], step: Step, team: Sequence[Mapping[str, str]]) -> dict[str, Any]:
    within = step.within
    return {
        **{name: getattr(step, name) for name in ("title", "action", "optional", "repeats", "ends", "publishes", "prompt")},
        "step": step.name,
        "cites": _cites(step.articles),
        "by": {
            "roles": [{"role": role, "title": core.ROLE_TITLES.get(role, role)} for role in step.by.roles],
            "count": step.by.count,
            "for_party": step.by.for_party,
        },
        "after": [[one.name for one in alternatives] for alternatives in procedure.before(step)],
        "within": getattr(within, "name", str(within)) if within else "",
        "gives": step.gives.title if step.gives else None,
        "also": [form.title for form in step.also],
        "fields": [_field(each, team) for each in step.asks],
    }


def _field(each: Field, team: Sequence[Mapping[str, str]]) -> dict[str, Any]:
    names = ("key", "label", "type", "required", "personal", "help", "default", "widget", "group")
    return {
        **{name: getattr(each, name) for name in names},
        "choices": list(team) if each.type == PERSONS else [{"key": key, "label": label} for key, label in each.choices],
        "when": {"key": each.when[0], "values": list(each.when[1])} if each.when else None,
        "columns": [_field(one, ()) for one in each.columns],
    }


def _token(*parts: str) -> str:
    return base64.urlsafe_b64encode("\n".join(parts).encode()).decode()


def _parts(cursor: str, count: int) -> list[str]:
    """What a cursor of ours holds."""
    try:
        found = base64.urlsafe_b64decode(cursor.encode()).decode().split("\n")
    except (binascii.Error, ValueError):
        found = []
    if len(found) != count or any("\0" in each for each in found):
        raise Trouble("invalid", "", [("cursor", "翻页位置无法读取，请从第一页重新开始")])
    return found


def _place(cursor: str) -> tuple[str, Any]:
    """Which part of the to-do list goes on, and after which of its rows."""
    if not cursor:
        return DUE, None
    kind, moment, code, step = _parts(cursor, 4)
    try:
        if kind == DUE:
            return DUE, (date.fromisoformat(moment), code, step)
        if kind == TURN and (since := datetime.fromisoformat(moment)).tzinfo:
            return TURN, (since, code, step)
    except ValueError:
        pass
    raise Trouble("invalid", "", [("cursor", "翻页位置无法读取，请从第一页重新开始")])
