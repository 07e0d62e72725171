"""The desk of major decisions: all matters one may see with their seven lamps, and one matter with its score down to the entries."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from yifa.decisions import judging, lamps, marking
from yifa.decisions.forms.declared import POINTS
from yifa.decisions.pages import reading
from yifa.decisions.procedures.major import MajorDecision
from yifa.decisions.refusing import RejectedError
from yifa.decisions.scoring import STATES, Line, Score, TemplateScore
from yifa.decisions.template_set import rounded, shown
from yifa.dossiers import queries as dossiers
from yifa.dossiers.queries import Dossier, Filters, Row
from yifa.kernel.people.middleware import PersonRequest, acting
from yifa.procedures import queries as procedures
from yifa.procedures.reading import Ref

ROLES = ("officer", "head", "reviewer", "discloser", "supervisor", "assessor")
# More are not drawn on one page; a narrower place or year shows the others.
SHOWN = 300
# The point of supervision to which a step with a term belongs.
POINT_OF = {"publish": "S6", "archive": "S7"}


@acting(*ROLES)
@require_safe
def overview(request: PersonRequest) -> HttpResponse:
    """Every matter one may see, newest first, with lamps; how the seven points stand, and which bodies have most to put right."""
    asked = {key: request.GET.get(key, "")[:20] for key in ("organisation", "state", "lamp")}
    is_open = {"open": True, "closed": False}.get(asked["state"])
    filters = Filters(procedure=marking.PROCEDURE, organisation=asked["organisation"], open=is_open)
    page = dossiers.cases(request.actor, filters=filters, limit=SHOWN)
    lines = _lines(page.rows)
    bodies = sorted({(line["row"].organisation, line["row"].organisation_name) for line in lines}, key=lambda each: each[1])
    if asked["lamp"] in lamps.WORDS:
        lines = [line for line in lines if asked["lamp"] in {lamp.colour for lamp in line["lamps"]}]
    context = {
        "lines": lines,
        "bodies": bodies,
        "asked": asked,
        "colours": lamps.WORDS.items(),
        "more": page.next is not None,
        "shown": SHOWN,
        "charts": _charts(lines) if lines else [],
        "points": POINTS,
        "may_begin": request.actor.has("officer"),
    }
    return render(request, "decisions/overview.html", context)


@acting(*ROLES)
@require_safe
def matter(request: PersonRequest, code: str) -> HttpResponse:
    """One matter: lamps, what is missing and who owes it, the next deadline, and the score down to the inputs of each check."""
    dossier = _dossier(request, code)
    found = judging.scored(code)
    score = found[1] if found else None
    duties = procedures.obligations(dossier)
    today = timezone.localdate()
    late = _late({code: duties}, today).get(code, frozenset()) | (lamps.stopped(found[0]) if found else frozenset())
    closing = judging.closings([code]).get(code)
    context = {
        "dossier": dossier,
        "score": score,
        "total": shown(score.total) if score and score.total is not None else "",
        "before": shown(score.before) if score and score.before not in (None, score.total) else "",
        "lamps": lamps.lamps(score, late) if score else (),
        "points": [_point(score, code) for code in [point.code for point in score.set.points]] if score else [],
        "missing": [
            {"line": line, "by": judging.owed_by(line.check.steps[0]), "step": _title(line.check.steps[0])} for line in score.missing
        ]
        if score
        else [],
        "next": next((each for each in sorted(duties, key=lambda one: one.due_on) if each.closed_seq is None), None),
        "today": today,
        "closing": closing,
        "closing_total": shown(closing.total) if closing else "",
        "is_judge": judging.is_judge(request.actor) and closing is None and score is not None,
        "may_press": request.actor.has("supervisor"),
    }
    return render(request, "decisions/matter.html", context)


@acting(*judging.JUDGES)
@require_POST
def confirm(request: PersonRequest, code: str) -> HttpResponse:
    """A reviewer's finding on one check."""
    _dossier(request, code)
    check = request.POST.get("check", "")[:8]
    try:
        judging.confirm(
            code,
            by=request.actor,
            check=check,
            points=_hundredths(request.POST.get("points", "")),
            seen=reading.number(request.POST.get("seen", ""), "系统建议分"),
            after=reading.number(request.POST.get("after", ""), "序号"),
            reason=request.POST.get("reason", ""),
        )
    except RejectedError as error:
        messages.error(request, str(error))
    else:
        messages.success(request, f"评价点{check}已确认")
    return redirect(f"/desk/decisions/{code}/#c-{check}")


@acting(*judging.JUDGES)
@require_POST
def close(request: PersonRequest, code: str) -> HttpResponse:
    """The closing score."""
    _dossier(request, code)
    try:
        judging.close_score(code, by=request.actor)
    except RejectedError as error:
        messages.error(request, str(error))
    else:
        messages.success(request, "结案得分已确认，计入考核")
    return redirect(f"/desk/decisions/{code}/")


def _dossier(request: PersonRequest, code: str) -> Dossier:
    found = dossiers.case(request.actor, code)
    if found is None or found.procedure != marking.PROCEDURE:
        raise Http404("没有这个决策事项，或者不在您的查看范围内")
    return found


def _lines(rows: Sequence[Row]) -> list[dict[str, Any]]:
    codes = [row.code for row in rows]
    said = judging.confirmations(codes)
    found = list(marking.scores([Ref(row.league, row.code) for row in rows], confirmations=said))
    scored = {matter.code: score for matter, score in found}
    duties = procedures.open_obligations(codes)
    late = _late(duties, timezone.localdate())
    stopped = {matter.code: lamps.stopped(matter) for matter, _ in found}
    return [
        {
            "row": row,
            "status": _title(row.status),
            "score": scored.get(row.code),
            "total": shown(total) if (said_of := scored.get(row.code)) and (total := said_of.total) is not None else "",
            "lamps": lamps.lamps(scored[row.code], late.get(row.code, frozenset()) | stopped[row.code]) if row.code in scored else (),
            "next": duties[row.code][0] if row.code in duties else None,
        }
        for row in rows
    ]


def _late(duties: Mapping[str, Sequence[Any]], today: date) -> dict[str, frozenset[str]]:
    """The points of which a deadline has passed, by matter."""
    return {
        code: frozenset(POINT_OF[each.step] for each in found if each.closed_seq is None and each.due_on < today and each.step in POINT_OF)
        for code, found in duties.items()
    }


def _title(step: str) -> str:
    found = MajorDecision.steps.get(step)
    return (found.status or found.title) if found else step


def _charts(lines: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    """How the points stand over all these matters; the bodies with most red and amber lamps; matters begun by month."""
    counted = {colour: Counter(lamp.code for line in lines for lamp in line["lamps"] if lamp.colour == colour) for colour in lamps.WORDS}
    points = {
        "id": "chart-points",
        "kind": "stack",
        "title": "七个监督点",
        "unit": "件",
        "caliber": "每个事项每个监督点一盏灯：灰为未到，绿为正常，黄为需要关注，红为异常或者逾期",
        "labels": [title for _, title in POINTS],
        "series": [
            {"name": word, "values": [str(counted[colour][code]) for code, _ in POINTS], "lamp": colour}
            for colour, word in lamps.WORDS.items()
        ],
    }
    troubled: Counter[str] = Counter()
    for line in lines:
        troubled[line["row"].organisation_name] += sum(lamp.colour in (lamps.AMBER, lamps.RED) for lamp in line["lamps"])
    ranked = [(name, count) for name, count in troubled.most_common() if count]
    bodies = {
        "id": "chart-bodies",
        "kind": "bar",
        "title": "各单位需要关注和异常的环节",
        "unit": "个",
        "caliber": "黄灯和红灯之和；只显示有黄灯或者红灯的单位",
        "labels": [name for name, _ in ranked],
        "series": [{"name": "环节", "values": [str(count) for _, count in ranked]}],
    }
    by_month = Counter(timezone.localtime(line["row"].opened_at).strftime("%Y-%m") for line in lines)
    months = {
        "id": "chart-months",
        "kind": "line",
        "title": "各月提出的事项",
        "unit": "件",
        "caliber": "按提出决策事项建议的月份",
        "labels": sorted(by_month),
        "series": [{"name": "事项", "values": [str(by_month[month]) for month in sorted(by_month)]}],
    }
    return [points, *([bodies] if ranked else []), *([months] if len(by_month) > 1 else [])]


def _point(score: Score, code: str) -> dict[str, Any]:
    point = next(each for each in score.set.points if each.code == code)
    part = next(each for each in score.points if each.code == code)
    codes = [template.code for indicator in point.indicators for template in indicator.templates]
    found = [each for each in score.templates if each.template.code in codes]
    return {
        "code": code,
        "title": point.title,
        "basis": point.basis,
        "weight": shown(point.weight),
        "counted": shown(part.counted) if part.counted else "",
        "got": shown(rounded(part.got)),
        "templates": [_template(each) for each in found],
    }


def _template(found: TemplateScore) -> dict[str, Any]:
    return {
        "code": found.template.code,
        "title": found.template.title,
        "state": found.state,
        "word": STATES[found.state],
        "why": found.why,
        "weight": shown(found.template.weight),
        "got": shown(rounded(found.part.got)),
        "lines": [_check(line) for line in found.lines],
    }


def _check(line: Line) -> dict[str, Any]:
    confirmation = line.confirmation
    return {
        "code": line.item.code,
        "text": line.item.text,
        "most": shown(line.item.points),
        "got": shown(rounded(line.got)),
        "proposed": shown(rounded(line.proposed)),
        "seen": rounded(line.proposed),
        "after": confirmation.n if confirmation else 0,
        "state": line.state,
        "word": STATES[line.state],
        "inputs": [(label, _plain(value)) for label, value in line.outcome.inputs],
        "cites": "、".join(str(each) for each in line.cites),
        "acts": line.acts,
        "by": line.by,
        "at": line.at,
        "reason": confirmation.reason if confirmation else "",
        "zeroed": line.zeroed,
        "is_late": line.is_late,
        "stale": line.stale,
        "awaits": line.awaits,
        "may": line.may_be_confirmed,
    }


def _plain(value: Any) -> str:
    """What a check looked at, as people read it."""
    if isinstance(value, bool):
        return "是" if value else "否"
    if isinstance(value, date):
        return f"{value.year}年{value.month}月{value.day}日"
    if isinstance(value, (tuple, list, set, frozenset)):
        return "、".join(_plain(each) for each in value) or "没有"
    return "没有" if value in (None, "") else str(value)


def _hundredths(text: str) -> int:
    """Points as a reviewer writes them, 1.5, in hundredths."""
    whole, _, rest = text.strip().partition(".")
    if not whole.isdecimal() or (rest and not rest.isdecimal()) or len(rest) > 2 or len(whole) > 3:
        raise RejectedError("得分应当写成数字，最多两位小数，例如 1.5")
    return int(whole) * 100 + int((rest + "00")[:2])
