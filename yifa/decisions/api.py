"""The interface for major decisions: matters with their lamps, one matter down to its entries, findings on it; the public catalogue."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import Annotated, Any
from uuid import UUID

from django.http import HttpRequest
from django.utils import timezone
from ninja import Header, Path, Query, Router

from yifa.decisions import catalogue_queries, judging
from yifa.decisions import matter_queries as queries
from yifa.decisions.lamps import WORDS, Lamp
from yifa.decisions.models import Closing
from yifa.decisions.schemas import (
    ClosingOut,
    ConfirmationIn,
    ConfirmationOut,
    ListedList,
    MatterList,
    MatterOut,
)
from yifa.decisions.scoring import Line, Score, TemplateScore
from yifa.decisions.standings import Duty
from yifa.decisions.template_set import Point, rounded, shown
from yifa.kernel.citing import Article
from yifa.kernel.people.api import ActorRequest
from yifa.kernel.people.roles import LABELS
from yifa.kernel.problems import Trouble, problems
from yifa.kernel.refusing import RejectedError
from yifa.laws.queries import permalink

router = Router(tags=["重大行政决策"])
READERS = ("officer", "head", "reviewer", "discloser", "supervisor", "assessor")
Code = Annotated[str, Path(title="案件编号", max_length=64)]
Cursor = Annotated[str, Query(max_length=700, title="翻页位置", description="上一页的 next")]
Region = Annotated[str, Query(pattern="^([0-9]{6}|[0-9]{9}|[0-9]{12})?$", title="区划代码", description="包括其中的地区")]
Year = Annotated[int | None, Query(ge=1990, le=2200, title="年度")]
Key = Annotated[UUID, Header(alias="Idempotency-Key", title="幂等键", description="一项确认一个 UUID；重送同一键不会重复确认")]


@router.get("/decisions", response={200: MatterList, **problems(401, 403, 422)}, summary="决策事项", operation_id="list_decisions")
def list_decisions(
    request: ActorRequest,
    region: Region = "",
    year: Year = None,
    category: Annotated[str, Query(max_length=10, title="事项类别")] = "",
    organisation: Annotated[str, Query(max_length=10, title="承办单位")] = "",
    state: Annotated[str, Query(pattern="^(open|closed)?$", title="办理情况")] = "",
    lamp: Annotated[str, Query(pattern=f"^({'|'.join(WORDS)})?$", title="有这种灯的")] = "",
    point: Annotated[str, Query(pattern="^(S[1-7])?$", title="监督点", description="只写监督点的，是该点黄灯或者红灯")] = "",
    q: Annotated[str, Query(max_length=100, title="名称中的文字")] = "",
    limit: Annotated[int, Query(ge=1, le=200, title="每页条数")] = 50,
    cursor: Cursor = "",
) -> dict[str, Any]:
    """您有权查看的决策事项，新的在前，带七盏灯和得分。翻页以位置为准，不计总数。"""
    _reads(request)
    if any("\0" in each for each in (category, organisation, q)):
        raise Trouble("malformed")
    asked = queries.Asked(region, year, "", category, organisation, state, lamp, point, q.strip())
    queries.freshen(request.auth, asked)
    try:
        found = queries.page(request.auth, asked, cursor=cursor, limit=limit)
    except queries.CursorError as error:
        raise Trouble("invalid", str(error), [("cursor", str(error))]) from None
    return {"items": [_line(each, found.due.get(each.code)) for each in found.lines], "next": found.next or None}


@router.get(
    "/decisions/catalogue",
    response={200: ListedList, **problems(422)},
    summary="公布的决策事项目录",
    operation_id="list_decision_catalogue",
    auth=None,
)
def list_catalogue(request: HttpRequest, region: Region = "", year: Year = None, cursor: Cursor = "") -> dict[str, Any]:
    """向社会公布的年度决策事项目录，每件事项进行到哪一步，什么时候可以参与。任何人都可以读取。"""
    after = catalogue_queries.place(cursor) if cursor else None
    if cursor and after is None:
        raise Trouble("invalid", "", [("cursor", "翻页位置无法读取，请从第一页重新开始")])
    page = catalogue_queries.PAGE
    found = catalogue_queries.matters(timezone.localdate(), region=region, year=year, after=after, limit=page + 1)
    following = catalogue_queries.cursor(found[page - 1]) if len(found) > page else None
    return {"items": [_item(each) for each in found[:page]], "next": following}


@router.get(
    "/decisions/{code}", response={200: MatterOut, **problems(401, 403, 404, 422)}, summary="一个决策事项", operation_id="get_decision"
)
def get_decision(request: ActorRequest, code: Code) -> dict[str, Any]:
    """得分从监督点到模版、评价点、依据的内容和记录；缺少的记录由谁补；最近的期限。"""
    _reads(request)
    found = _detail(request, code)
    dossier, score = found.dossier, found.score
    return {
        **{name: getattr(dossier, name) for name in ("code", "title", "status", "opened_at", "closed_at", "seq")},
        "category": str(dossier.facts.get("category") or ""),
        "organisation": dossier.organisation_id,
        "organisation_name": dossier.organisation.name,
        "region": dossier.region_id,
        "status_label": found.status_label,
        "scored": score is not None,
        "score": shown(score.total) if score and score.total is not None else None,
        "before_red_lines": shown(score.before) if score and score.before is not None else None,
        "grade": score.grade if score else "",
        "template_set": score.set.version if score else "",
        "points": [_point(code, score, lamp) for lamp in found.lamps] if score else [],
        "missing": [
            {
                "check": each.line.item.code,
                "text": each.line.item.text,
                "owed_by": each.owed_by,
                "step": each.step,
                "step_title": each.step_title,
            }
            for each in found.missing
        ],
        "red_lines": [{"code": red.code, "when": red.when} for red in score.red_lines] if score else [],
        "next_due": _duty(found.next),
        "closing": _closing(found.closing) if found.closing else None,
    }


@router.post(
    "/decisions/{code}/confirmations",
    response={200: ConfirmationOut, **problems(401, 403, 404, 413, 422)},
    summary="确认一个评价点",
    operation_id="confirm_check",
)
def confirm_check(request: ActorRequest, code: Code, finding: ConfirmationIn, idempotency_key: Key) -> dict[str, Any]:
    """司法行政部门审查人员对系统建议分的确认；降低、提高的写明理由，系统建议分保留。"""
    _judges(request, code)
    try:
        row = judging.confirm(
            code,
            by=request.auth,
            check=finding.check,
            points=_hundredths(finding.points),
            seen=_hundredths(finding.seen),
            after=finding.after,
            reason=finding.reason,
            key=idempotency_key,
        )
    except RejectedError as error:
        raise _refused(error) from None
    except judging.KeyReusedError:
        raise Trouble("key_reused") from None
    told = {"n": row.n, "check": row.check_code, "reason": row.reason, "by": row.by_name, "at": row.at}
    return {**told, "points": shown(row.points), "seen": shown(row.seen)}


@router.post(
    "/decisions/{code}/closing",
    response={200: ClosingOut, **problems(401, 403, 404, 413, 422)},
    summary="确认结案得分",
    operation_id="close_decision_score",
)
def close_score(request: ActorRequest, code: Code, idempotency_key: Key) -> dict[str, Any]:
    """事项办结、需要确认的评价点都已确认以后，结案得分计入考核。"""
    _judges(request, code)
    try:
        row = judging.close_score(code, by=request.auth, key=idempotency_key)
    except RejectedError as error:
        raise _refused(error) from None
    return _closing(row)


def _reads(request: ActorRequest) -> None:
    if not request.auth.has(*READERS):
        raise Trouble("forbidden", f"由{'、'.join(LABELS[role] for role in READERS)}查看，您当前的岗位不能查看")


def _judges(request: ActorRequest, code: str) -> None:
    """Who may not read the matter is told no more than that; who may, but is no reviewer of a justice department, is told who does."""
    _reads(request)
    _detail(request, code)
    if not judging.is_judge(request.auth):
        raise Trouble("forbidden", "评价由司法行政部门的审查人员确认")


def _detail(request: ActorRequest, code: str) -> queries.Detail:
    found = queries.detail(request.auth, code)
    if found is None:
        raise Trouble("not_found", "没有这个决策事项，或者您无权查看")
    return found


def _refused(error: RejectedError) -> Trouble:
    blocked = {"code": "评价", "text": str(error), "cites": _cites(error.cites), "unblock": None, "severity": "block", "field": None}
    return Trouble("refused", str(error), (), {"blocked_by": [blocked]})


def _line(line: queries.Line, duty: Duty | None) -> dict[str, Any]:
    names = ("code", "title", "organisation", "organisation_name", "region", "status", "status_label", "opened_at", "closed_at", "missing")
    return {
        **{name: getattr(line, name) for name in names},
        "category": line.category or "",
        "lamps": [{"code": each.code, "title": each.title, "colour": each.colour, "word": each.word} for each in line.lamps],
        "score": line.shown or None,
        "closing": line.scored_closed,
        "judged_at": line.judged_at,
        "next_due": _duty(duty),
        "url": f"/desk/decisions/{line.code}/",
    }


def _duty(duty: Duty | None) -> dict[str, Any] | None:
    return {name: getattr(duty, name) for name in ("step", "title", "due_on", "provisional")} if duty else None


def _point(code: str, score: Score, lamp: Lamp) -> dict[str, Any]:
    point: Point = next(each for each in score.set.points if each.code == lamp.code)
    inside = {template.code for indicator in point.indicators for template in indicator.templates}
    return {
        **{name: getattr(lamp, name) for name in ("code", "title", "colour", "word", "missing", "late")},
        "basis": point.basis,
        "weight": shown(point.weight),
        "counted": shown(lamp.counted),
        "got": shown(rounded(lamp.got)),
        "templates": [_template(code, each) for each in score.templates if each.template.code in inside],
    }


def _template(code: str, found: TemplateScore) -> dict[str, Any]:
    return {
        "code": found.template.code,
        "title": found.template.title,
        "weight": shown(found.template.weight),
        "got": shown(rounded(found.part.got)),
        "state": found.state,
        "why": found.why,
        "checks": [_check(code, line) for line in found.lines],
    }


def _check(code: str, line: Line) -> dict[str, Any]:
    said = line.confirmation
    return {
        "code": line.item.code,
        "text": line.item.text,
        "points": shown(line.item.points),
        "got": shown(rounded(line.got)),
        "proposed": shown(rounded(line.proposed)),
        "state": line.state,
        "inputs": [{"label": label, "value": queries.plain(value)} for label, value in line.outcome.inputs],
        "cites": _cites(line.cites),
        "entries": [
            {"seq": act.seq, "step": act.step, "on": act.on, "late": act.late, "url": f"/desk/cases/{code}/#entry-{act.seq}"}
            for act in line.acts
        ],
        "by": line.by,
        "at": line.at,
        "reason": said.reason if said else "",
        "confirmation": said.n if said else 0,
        "may_be_confirmed": line.may_be_confirmed,
        "awaits": line.awaits,
        "zeroed_by": line.zeroed,
    }


def _closing(row: Closing) -> dict[str, Any]:
    told: dict[str, date | datetime | Any] = {"score": shown(row.total), "grade": row.grade, "red_lines": row.red_lines, "by": row.by_name}
    return {**told, "template_set": row.set_version, "at": row.at}


def _item(each: catalogue_queries.Shown) -> dict[str, Any]:
    row = each.row
    is_added = row.status == row.Status.ADDED
    names = ("id", "title", "category", "year", "planned_on", "status", "party_number", "party_agreed_on", "removed_on", "reason")
    return {
        **{name: getattr(row, name) for name in names},
        "region": row.region_id,
        "government": row.government.name,
        "undertaker": row.undertaker.name,
        "where": each.where,
        "stage": each.stage,
        "next": {"words": each.next.words, "url": each.next.url, "now": each.next.now},
        "number": row.added_number if is_added else row.number,
        "published_on": row.added_published_on if is_added else row.published_on,
        "url": f"/decisions/{row.id}/",
    }


def _cites(cites: Sequence[Article]) -> list[dict[str, str]]:
    return [{"label": str(each), "key": each.key, "url": permalink(each)} for each in cites]


def _hundredths(text: str) -> int:
    """Points as written, 1.5, in hundredths; the pattern of the schema has let it in."""
    whole, _, rest = text.partition(".")
    return int(whole) * 100 + int((rest + "00")[:2])
