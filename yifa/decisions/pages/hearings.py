"""The desk of hearings: the notice, who applied, the lot, the list, the materials, and the minutes while people speak."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

from django.contrib import messages
from django.http import Http404, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.http import urlencode
from django.views.decorators.http import require_POST, require_safe

from yifa.decisions import hearing_queries as queries
from yifa.decisions import hearings, lots, minutes
from yifa.decisions.hearings import Notice
from yifa.decisions.models import Hearing, Minute
from yifa.decisions.pages import reading
from yifa.dossiers import media
from yifa.dossiers import queries as dossiers
from yifa.kernel.people.actors import Actor
from yifa.kernel.people.middleware import PersonRequest, acting
from yifa.kernel.people.reading_words import APPLICANT, OWN, PAGE
from yifa.kernel.people.services import note_reading
from yifa.kernel.refusing import RejectedError
from yifa.participation import queries as participation
from yifa.participation.clearing import OPENNESS, Cleared

ROLES = ("officer", "reviewer", "discloser", "head", "supervisor")
ORGANISERS = ("officer", "discloser", "head")
SIDES = 5  # lines of quotas that the form shows


@acting(*ROLES)
@require_safe
def hearing_list(request: PersonRequest) -> HttpResponse:
    """The hearings of the body, or of one matter."""
    dossier = request.GET.get("dossier", "")[:64]
    context = {
        "rows": queries.of_body(request.actor, dossier=dossier),
        "dossier": dossier,
        "may_open": request.actor.has(*ORGANISERS),
    }
    return render(request, "decisions/hearings.html", context)


@acting(*ORGANISERS)
def new(request: PersonRequest) -> HttpResponse:
    """发布听证公告, for a matter of one's own body."""
    code = (request.POST if request.method == "POST" else request.GET).get("dossier", "").strip()[:64]
    dossier = dossiers.case(request.actor, code) if code else None
    if code and (dossier is None or dossier.organisation_id != request.actor.organisation):
        raise Http404
    pieces = [dossiers.shown(row, at=timezone.now()) for row in dossiers.evidence(request.actor, code)] if dossier else []
    values: dict[str, Any] = _proposed(dossier.league, code, dossier.title) if dossier else {}
    why = ""
    if request.method == "POST" and dossier:
        values = request.POST.dict()
        chosen = set(request.POST.getlist("files"))
        files = [
            {"title": each.title, "sha256": each.sha256, "size": each.size, "mime": each.mime} for each in pieces if each.sha256 in chosen
        ]
        try:
            row = hearings.announce(_notice(code, request.POST, files), by=request.actor)
        except RejectedError as error:
            why = str(error)
        else:
            messages.success(request, "已发布听证公告，公众可以在门户报名。请回到案卷办理“公告听证”")
            return redirect("hearings:one", ident=row.id)
    asking = dossiers.Filters(open=True, organisation=request.actor.organisation, procedure="major_decision")
    context = {
        "dossier": dossier,
        "pieces": pieces,
        "values": values,
        "why": why,
        "sides": [(n, values.get(f"side{n}", ""), values.get(f"seats{n}", "")) for n in range(SIDES)],
        "waiting": () if dossier else dossiers.cases(request.actor, filters=asking).rows,
        "before": hearings.SENT_BEFORE,
        "openness": OPENNESS,
    }
    return render(request, "decisions/hearing_new.html", context, status=422 if why else 200)


def _proposed(league: str, code: str, title: str) -> dict[str, Any]:
    """What the form says at first: the draft as it was last put before the public, and days that keep the law's terms."""
    rounds = participation.of_dossier(league, code)
    today = timezone.localdate()
    return {
        "title": title,
        "explanation": rounds[0].explanation if rounds else "",
        "draft_text": rounds[0].draft_text if rounds else "",
        "apply_until": (today + timedelta(days=10)).isoformat(),
        "on": (today + timedelta(days=20)).isoformat(),
        "time": "09:00",
        "method": "按各方名额公开抽签产生听证参加人：报名截止后公布种子，名次任何人可以重新计算；有人不能参加的，由同一方下一名递补。",
    }


def _notice(code: str, sent: QueryDict, files: list[dict[str, Any]]) -> Notice:
    quotas = [
        (sent.get(f"side{n}", ""), reading.number(sent.get(f"seats{n}", ""), "名额"))
        for n in range(SIDES)
        if sent.get(f"side{n}", "").strip()
    ]
    return Notice(
        dossier=code,
        title=sent.get("title", ""),
        explanation=sent.get("explanation", ""),
        draft_text=sent.get("draft_text", ""),
        on=reading.day(sent.get("on", ""), "听证日期"),
        time=reading.hour(sent.get("time", "")),
        place=sent.get("place", ""),
        method=sent.get("method", ""),
        quotas=quotas,
        apply_until=reading.day(sent.get("apply_until", ""), "报名截止日期"),
        cleared=Cleared.of(sent),
        contact=sent.get("contact", ""),
        files=files,
    )


@acting(*ROLES)
@require_safe
def one(request: PersonRequest, ident: UUID) -> HttpResponse:
    """One hearing: what is to be done now, who applied (by number), the lot, the list."""
    row = _one(request, ident)
    today = timezone.localdate()
    standing = queries.standing(row)
    context = {
        "row": row,
        "may_act": row.organisation_id == request.actor.organisation and request.actor.has(*ORGANISERS),
        "sides": [
            {"side": each["side"], "seats": each["seats"], "count": sum(one.side == each["side"] for one in standing)}
            for each in row.quotas
        ],
        "lot": queries.lot(row),
        "chosen": [each for each in standing if each.chosen],
        "listed": row.listed_on is not None,
        "files": _files(row.files),
        "closed_to_applications": today > row.apply_until,
        "latest": row.on - timedelta(days=hearings.SENT_BEFORE),
        "before_its_day": row.status in hearings.BEFORE_ITS_DAY,
        "today": today,
        "how": lots.HOW,
    }
    return render(request, "decisions/hearing.html", context)


@acting(*ORGANISERS)
@require_safe
def people(request: PersonRequest, ident: UUID) -> HttpResponse:
    """Names and telephones of those who applied, proofs of delivery, signed pages: for whoever organises; noted in the reading log."""
    row = _one(request, ident)
    if row.organisation_id != request.actor.organisation:
        raise Http404
    contacts = queries.contacts(row)
    if contacts or row.sent_files:
        note_reading(
            by=request.actor,
            subject=f"hearing:{row.id}",
            label=row.title,
            league=row.league,
            body=row.organisation_id,
            items=[APPLICANT],
            way=PAGE,
            ground=OWN,
        )
    signed = [{"row": each, "files": _files(each.files)} for each in queries.standing(row) if each.files]
    context = {"row": row, "contacts": contacts, "sent_files": _files(row.sent_files), "signed": signed}
    return render(request, "decisions/hearing_people.html", context)


@acting(*ROLES)
@require_safe
def minutes_page(request: PersonRequest, ident: UUID) -> HttpResponse:
    """听证笔录: what was said so far, kept fresh while several clerks write, and the form for the next entry."""
    return _minutes(request, _one(request, ident))


def _minutes(request: PersonRequest, row: Hearing, why: str = "") -> HttpResponse:
    """The page of the minutes; after a refusal with the words that were not taken."""
    may_act = row.organisation_id == request.actor.organisation and request.actor.has(*ORGANISERS)
    context = {
        "row": row,
        "entries": queries.minutes(row),
        "may_write": may_act and row.status == Hearing.Status.HELD,
        "may_sign": may_act and row.status == Hearing.Status.RECORDED,
        "present": [each for each in queries.participants(row) if each.present],
        "parts": [(part.value, part.label) for part in minutes.SPOKEN],
        "part": (request.POST if why else request.GET).get("part", Minute.Part.INTRODUCED.value),
        "key": uuid4(),
        "why": why,
        "values": request.POST,
    }
    return render(request, "decisions/minutes.html", context, status=422 if why else 200)


@acting(*ORGANISERS)
@require_POST
def act(request: PersonRequest, ident: UUID, act: str) -> HttpResponse:
    """One act of the hearing; what is refused is told with its article."""
    row = _one(request, ident)
    done = ACTS.get(act)
    if done is None:
        raise Http404
    back = "hearings:minutes" if act in ON_ITS_DAY else "hearings:one"
    query = ""
    try:
        messages.success(request, done(row, request.actor, request.POST))
        query = f"?{urlencode({'part': request.POST.get('part', '')})}#write" if act == "write" else ""
    except RejectedError as why:
        if act == "write":
            return _minutes(request, _one(request, ident), str(why))
        messages.error(request, str(why))
    response = redirect(back, ident=ident)
    response["Location"] += query
    return response


def _enter(row: Hearing, by: Actor, sent: QueryDict) -> str:
    taken = hearings.apply(row.league, row.id, side=sent.get("side", ""), name=sent.get("name", ""), phone=sent.get("phone", ""), by=by)
    return f"已报名，编号{taken.n}。请把查询码告诉报名的人：{taken.code}"


def _draw(row: Hearing, by: Actor, sent: QueryDict) -> str:
    hearings.draw(row.league, row.id, by=by)
    return "已抽签，种子和名次已经公布"


def _substitute(row: Hearing, by: Actor, sent: QueryDict) -> str:
    following = hearings.substitute(row.league, row.id, reading.number(sent.get("n", ""), "编号"), by=by, reason=sent.get("reason", ""))
    return f"已由编号{following}递补" if following else "已登记；这一方没有人可以递补，或者材料已经来不及送达"


def _list(row: Hearing, by: Actor, sent: QueryDict) -> str:
    why = hearings.publish_list(row.league, row.id, by=by)
    return f"已公布听证参加人名单。{why}" if why else "已公布听证参加人名单，名单已存入案卷"


def _send(row: Hearing, by: Actor, sent: QueryDict) -> str:
    day = reading.day(sent.get("sent_on", ""), "送达日期")
    hearings.send(row.league, row.id, by=by, sent_on=day, files=reading.uploads(by, sent.getlist("scan")))
    return "已登记材料送达"


def _change(row: Hearing, by: Actor, sent: QueryDict) -> str:
    hearings.change(
        row.league,
        row.id,
        by=by,
        on=reading.day(sent.get("on", ""), "听证日期"),
        time=reading.hour(sent.get("time", "")),
        place=sent.get("place", ""),
        apply_until=reading.day(sent.get("apply_until", ""), "报名截止日期"),
        reason=sent.get("reason", ""),
    )
    return "已变更，公众在公告页面可以看到理由"


def _cancel(row: Hearing, by: Actor, sent: QueryDict) -> str:
    hearings.cancel(row.league, row.id, by=by, reason=sent.get("reason", ""))
    return "已取消，公众在公告页面可以看到理由"


def _begin(row: Hearing, by: Actor, sent: QueryDict) -> str:
    present = [reading.number(text, "编号") for text in sent.getlist("present")]
    minutes.begin(row.league, row.id, by=by, host=sent.get("host", ""), present=present)
    return "听证会开始，请先由承办单位介绍决策草案"


def _write(row: Hearing, by: Actor, sent: QueryDict) -> str:
    corrects = sent.get("corrects", "").strip()
    n = minutes.write(
        row.league,
        row.id,
        by=by,
        key=reading.ident(sent.get("key", "")),
        part=sent.get("part", ""),
        speaker=sent.get("speaker", ""),
        text=sent.get("text", ""),
        corrects=reading.number(corrects, "更正的序号") if corrects else None,
    )
    return f"已记第{n}条"


def _conclude(row: Hearing, by: Actor, sent: QueryDict) -> str:
    minutes.conclude(row.league, row.id, by=by)
    return "发言结束，请到会的参加人确认笔录并签字"


def _sign(row: Hearing, by: Actor, sent: QueryDict) -> str:
    minutes.sign(
        row.league,
        row.id,
        reading.number(sent.get("n", ""), "编号"),
        by=by,
        files=reading.uploads(by, sent.getlist("scan")),
        refused=sent.get("refused", ""),
    )
    return "已登记"


def _close(row: Hearing, by: Actor, sent: QueryDict) -> str:
    minutes.close(row.league, row.id, by=by)
    return "听证会已经办结，笔录在门户公开。请回到案卷办理“举行听证会”"


ACTS: Mapping[str, Callable[[Hearing, Actor, QueryDict], str]] = {
    "enter": _enter,
    "draw": _draw,
    "substitute": _substitute,
    "list": _list,
    "send": _send,
    "change": _change,
    "cancel": _cancel,
    "begin": _begin,
    "write": _write,
    "conclude": _conclude,
    "sign": _sign,
    "close": _close,
}
ON_ITS_DAY = frozenset({"begin", "write", "conclude", "sign", "close"})


def _one(request: PersonRequest, ident: UUID) -> Hearing:
    row = queries.one(request.actor, ident)
    if row is None:
        raise Http404
    return row


def _files(files: list[dict[str, Any]]) -> list[dict[str, str]]:
    now = timezone.now()
    return [{"title": each["title"], "url": media.url(each["sha256"], mime=each["mime"], name=each["title"], at=now)} for each in files]
