"""The desk of major decisions: all matters one may see with their seven lamps, and one matter with its score down to the entries."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import groupby
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.http import content_disposition_header
from django.views.decorators.http import require_POST, require_safe

from yifa.decisions import clue_queries, judging, template_versions
from yifa.decisions import matter_queries as queries
from yifa.decisions.forms.declared import RESPONSIBILITY
from yifa.decisions.matter import Matter
from yifa.decisions.matter_queries import Detail
from yifa.decisions.pages import reading
from yifa.decisions.procedures.major import MajorDecision
from yifa.decisions.scoring import STATES, Line, Score, TemplateScore
from yifa.decisions.template_set import rounded, shown
from yifa.decisions.timeline import stations
from yifa.kernel import sheets
from yifa.kernel.people.middleware import PersonRequest, acting
from yifa.kernel.refusing import RejectedError
from yifa.procedures import reserving

ROLES = ("officer", "head", "reviewer", "discloser", "supervisor", "assessor")
HEADER = ("评价点", "要求", "分值", "系统建议分", "得分", "状态", "依据的内容", "法条", "记录", "评价人", "理由")


@acting(*ROLES)
@require_safe
def matter(request: PersonRequest, code: str) -> HttpResponse:
    """One matter: the seven points as a timeline, what is missing and who owes it, the next deadline, the score down to its inputs."""
    return _shown(request, _detail(request, code))


def _shown(request: PersonRequest, found: Detail, why: str = "") -> HttpResponse:
    """The page of a matter; after a refusal with it, and with what was written, at the check it is about."""
    code = found.dossier.code
    score, facts = found.score, found.dossier.facts
    owed = sorted(found.missing, key=lambda each: each.owed_by)
    context = {
        "dossier": found.dossier,
        "status": found.status_label,
        "score": score,
        "total": shown(score.total) if score and score.total is not None else "",
        "before": shown(score.before) if score and score.before is not None and score.before != score.total else "",
        "stations": [
            {
                "station": each,
                "acts": [{"act": act, "title": MajorDecision.steps[act.step].title} for act in each.reached],
                "is_exempt": score is not None and score.is_exempt(each.lamp.code),
            }
            for each in (stations(found.matter, found.lamps) if found.matter else ())
        ],
        "points": [_point(score, each.code) for each in score.set.points] if score else [],
        "lost": _lost(score) if score else [],
        "owed": [{"by": by, "rows": list(rows)} for by, rows in groupby(owed, key=lambda each: each.owed_by)],
        "missing": len(owed),
        "next": found.next,
        "full_on": found.matter.review_full_on if found.matter else None,
        "today": found.today,
        "closing": found.closing,
        "closing_total": shown(found.closing.total) if found.closing else "",
        "is_judge": judging.is_judge(request.actor)
        and not judging.is_own(request.actor, code)
        and found.closing is None
        and score is not None,
        "rerun_case": facts.get("rerun_case"),
        "continued_by": found.matter.facts.continued_by if found.matter and not facts.get("rerun_case") else "",
        "carried_from": facts.get("carried_from"),
        "is_major": facts.get("changed") == "major",
        "may_rerun": request.actor.has("officer") and request.actor.organisation == found.dossier.organisation_id,
        "may_press": request.actor.has("supervisor"),
        "clues": clue_queries.of_dossier(request.actor, code),
        "replaced": [shown(each["total"]) for each in found.closing.earlier] if found.closing else (),
        "late": _late_share(found.matter),
        "sees_clues": request.actor.has(*clue_queries.READERS),
        "sees_file": reserving.may_read(request.actor, found.dossier, RESPONSIBILITY),
        "sees_sets": request.actor.has(*template_versions.READERS),
        "why": why,
        "values": request.POST,
    }
    return render(request, "decisions/matter.html", context, status=422 if why else 200)


def _late_share(matter: Matter | None) -> str:
    """补录率 of one matter, in words; empty when nothing was entered afterwards."""
    if matter is None or not matter.late:
        return ""
    late, every = len(matter.late), len(matter.acts)
    return f"{every}条办理记录中有{late}条是补录，补录率{late * 100 / every:.1f}%；补录不扣分，所凭的评价点旁有标明。"


@acting(*ROLES)
@require_safe
def score_sheet(request: PersonRequest, code: str) -> HttpResponse:
    """The score of a matter check by check, as CSV."""
    found = _detail(request, code)
    if found.score is None:
        raise Http404("这个事项不评价")
    response = HttpResponse("".join(sheets.written(HEADER, _sheet(found.score))), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = content_disposition_header(True, f"{code}评分.csv") or ""
    return response


@acting(*judging.JUDGES)
@require_POST
def confirm(request: PersonRequest, code: str) -> HttpResponse:
    """A reviewer's finding on one check."""
    _detail(request, code)
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
        return _shown(request, _detail(request, code), str(error))
    messages.success(request, f"评价点{check}已确认")
    return redirect(f"/desk/decisions/{code}/#c-{check}")


@acting(*judging.JUDGES)
@require_POST
def close(request: PersonRequest, code: str) -> HttpResponse:
    """The closing score."""
    _detail(request, code)
    try:
        judging.close_score(code, by=request.actor)
    except RejectedError as error:
        messages.error(request, str(error))
    else:
        messages.success(request, "结案得分已确认，计入考核")
    return redirect(f"/desk/decisions/{code}/")


def _detail(request: PersonRequest, code: str) -> Detail:
    found = queries.detail(request.actor, code)
    if found is None:
        raise Http404("没有这个决策事项，或者不在您的查看范围内")
    return found


def _sheet(score: Score) -> Iterator[Sequence[str]]:
    for line in score.lines:
        yield (
            line.item.code,
            line.item.text,
            shown(line.item.points),
            shown(rounded(line.proposed)),
            shown(rounded(line.got)),
            STATES[line.state],
            "；".join(f"{label}：{queries.plain(value)}" for label, value in line.outcome.inputs),
            "、".join(str(each) for each in line.cites),
            "、".join(f"第{act.seq}条" for act in line.acts),
            line.by,
            line.confirmation.reason if line.confirmation else "",
        )


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


def _lost(score: Score) -> list[dict[str, str]]:
    """失分清单."""
    return [{"code": line.item.code, "text": line.item.text, "less": shown(rounded(line.lost))} for line in score.lost]


def _template(found: TemplateScore) -> dict[str, Any]:
    return {
        "code": found.template.code,
        "title": found.template.title,
        "state": found.state,
        "word": STATES[found.state],
        "why": found.why,
        "weight": shown(found.template.weight),
        "got": shown(rounded(found.part.got)),
        "lost": shown(found.part.counted - found.part.got) if found.part.counted > found.part.got else "",
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
        # What a reviewer begins with: what one found before, else the proposal; a red line takes points away, but changes no finding.
        "value": shown(confirmation.points if confirmation and not line.stale else line.proposed),
        "seen": rounded(line.proposed),
        "after": confirmation.n if confirmation else 0,
        "state": line.state,
        "word": STATES[line.state],
        "inputs": [(label, queries.plain(value)) for label, value in line.outcome.inputs],
        "cites": "、".join(str(each) for each in line.cites),
        "acts": [(act, MajorDecision.steps[act.step].title) for act in line.acts],
        "by": line.by,
        "at": line.at,
        "reason": confirmation.reason if confirmation else "",
        "zeroed": line.zeroed,
        "is_late": line.is_late,
        "stale": line.stale,
        "awaits": line.awaits,
        "may": line.may_be_confirmed,
    }


def _hundredths(text: str) -> int:
    """Points as a reviewer writes them, 1.5, in hundredths."""
    whole, _, rest = text.strip().partition(".")
    if not whole.isdecimal() or (rest and not rest.isdecimal()) or len(rest) > 2 or len(whole) > 3:
        raise RejectedError("得分应当写成数字，最多两位小数，例如 1.5")
    return int(whole) * 100 + int((rest + "00")[:2])
