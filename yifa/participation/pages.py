"""The desk of a consultation: put a draft before the public, enter what came on paper, answer, sum up."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any
from uuid import UUID, uuid4

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.http import urlencode
from django.views.decorators.http import require_POST, require_safe

from yifa.dossiers import media
from yifa.dossiers import queries as dossiers
from yifa.kernel.people.middleware import PersonRequest, acting
from yifa.kernel.refusing import RejectedError
from yifa.participation import extending, grouping, moderating, queries, services
from yifa.participation.clearing import OPENNESS, Cleared
from yifa.participation.marking import LABELS
from yifa.participation.models import Comment, Consultation
from yifa.participation.services import Draft
from yifa.participation.veiling import clean

ROLES = ("officer", "reviewer", "discloser", "head")
FEW, MOST = 5, 100  # groups beside the opinions, on their own page
# How a case stands when its draft may be put before the public: drafted, and for a major decision its departments asked and its plan made.
READY = ("draft", "consult_departments", "plan_participation")
STATES = (("", "全部"), ("waiting", "待处理"), ("answered", "已处理"), ("hidden", "不予显示"), ("marked", "有标记"))


@acting(*ROLES)
@require_safe
def rounds(request: PersonRequest) -> HttpResponse:
    """The body's own consultations, or those of one dossier of it, with how many opinions wait."""
    today, dossier = timezone.localdate(), clean(request.GET.get("dossier", ""))[:64]
    found = queries.of_body(request.actor, dossier=dossier)
    waiting = queries.waiting(found)
    rows = [{"row": row, "waiting": waiting.get(row.id, 0), "open": row.status == "open" and row.closes_on >= today} for row in found]
    return render(request, "participation/rounds.html", {"rows": rows, "may_open": request.actor.has("discloser"), "dossier": dossier})


@acting("discloser")
def new(request: PersonRequest) -> HttpResponse:
    """发布征求意见稿, for a dossier of one's own body."""
    code = clean((request.POST if request.method == "POST" else request.GET).get("dossier", ""))
    dossier = dossiers.case(request.actor, code) if code else None
    if code and (dossier is None or dossier.organisation_id != request.actor.organisation):
        raise Http404
    pieces = [dossiers.shown(row, at=timezone.now()) for row in dossiers.evidence(request.actor, code)] if dossier else []
    today = timezone.localdate()
    values: dict[str, Any] = {
        "title": dossier.title if dossier else "",
        "explanation": dossier.facts.get("explanation", "") if dossier else "",
        "opens_on": today.isoformat(),
        "closes_on": (today + timedelta(days=services.USUAL_DAYS)).isoformat(),
    }
    why = ""
    if request.method == "POST" and dossier:
        values = request.POST.dict()
        chosen = set(request.POST.getlist("files"))
        files = [
            {"title": each.title, "sha256": each.sha256, "size": each.size, "mime": each.mime} for each in pieces if each.sha256 in chosen
        ]
        try:
            draft = Draft(
                dossier=code,
                title=values.get("title", ""),
                explanation=values.get("explanation", ""),
                text=values.get("text", ""),
                opens_on=_day(values.get("opens_on", ""), "开始日期"),
                closes_on=_day(values.get("closes_on", ""), "截止日期"),
                cleared=Cleared.of(values),
                files=files,
                shortened_reason=values.get("shortened_reason", ""),
                contact=values.get("contact", ""),
            )
            opened = services.open_consultation(draft, by=request.actor)
        except RejectedError as error:
            why = str(error)
        else:
            messages.success(request, "已发布，公众可以在门户的“征求意见”中看到。请回到案卷办理“公开征求意见”")
            return redirect("participation:one", ident=opened.id)
    asking = [dossiers.Filters(open=True, organisation=request.actor.organisation, status=status) for status in READY]
    waiting = [] if dossier else [row for each in asking for row in dossiers.cases(request.actor, filters=each).rows]
    context = {"dossier": dossier, "pieces": pieces, "values": values, "why": why, "waiting": waiting, "openness": OPENNESS}
    return render(request, "participation/new.html", context, status=422 if why else 200)


@acting(*ROLES)
@require_safe
def one(request: PersonRequest, ident: UUID) -> HttpResponse:
    """One round: its draft, how its opinions stand, and the opinions to answer."""
    return _shown(request, own_or_404(request, ident))


def _shown(request: PersonRequest, row: Consultation, why: str = "") -> HttpResponse:
    """The page of a round; after a refusal with what was chosen and written."""
    state = request.GET.get("state", "")
    after = request.GET.get("after", "")
    group, marks = _group(request.GET.get("group", "")), queries.marks(row)
    found = queries.comments(row, state=state, group=group, found=marks, after=queries.since(after), limit=queries.PAGE + 1)
    shown, following = found[: queries.PAGE], ""
    if len(found) > queries.PAGE:
        kept = {"state": state, "group": str(group or ""), "after": str(shown[-1].n)}
        following = urlencode({key: value for key, value in kept.items() if value})
    context = {
        "row": row,
        "tally": queries.tally(row),
        "comments": [
            {
                "row": each,
                "files": files_of(each.files),
                "marks": marks.words(sent) if (sent := queries.sent(each)) else (),
                "answered": queries.answered(each),
            }
            for each in shown
        ],
        "marks": marks,
        "told": [(label, marks.counts[key]) for key, label in LABELS.items() if marks.counts.get(key)],
        "groups": queries.groups(row, limit=FEW),
        "group": group,
        "files": files_of(row.files),
        "state": state,
        "states": STATES,
        "outcomes": Comment.Outcome.choices,
        "over": timezone.localdate() > row.closes_on,
        "may_extend": request.actor.has("discloser", "head") and queries.is_open(row, timezone.localdate()),
        "next": "" if why else following,
        "why": why,
        "values": request.POST,
        "chosen": request.POST.getlist("comment"),
    }
    return render(request, "participation/one.html", context, status=422 if why else 200)


@acting(*ROLES)
def groups(request: PersonRequest, ident: UUID) -> HttpResponse:
    """The groups of like opinions, the largest first."""
    row = own_or_404(request, ident)
    return render(request, "participation/groups.html", {"row": row, "groups": queries.groups(row, limit=MOST)})


@acting(*ROLES)
def group(request: PersonRequest, ident: UUID, group: UUID) -> HttpResponse:
    """One group: its texts, which are read first; the answer for all of it; what says something else is taken out before."""
    row, why = own_or_404(request, ident), ""
    if request.method == "POST":
        sent = request.POST
        try:
            if sent.get("alone"):
                grouping.take_out(row.league, _ident(sent["alone"]), by=request.actor)
                messages.success(request, "已移出，可以单独登记采纳情况")
                return redirect("participation:groups", ident=ident)
            waiting = queries.of_group(row, group, until=queries.since(sent.get("until", "")))
            count = services.reply(
                row.league, waiting, by=request.actor, outcome=sent.get("outcome", ""), reason=sent.get("reason", ""), seen={}
            )
        except RejectedError as error:
            why = str(error)
        else:
            messages.success(request, f"已处理{count}条意见")
            return redirect("participation:groups", ident=ident)
    texts, number = queries.wordings(row, group, limit=MOST)
    if not texts:
        raise Http404
    context = {
        "row": row,
        "group": group,
        "usual": texts[0],
        "others": texts[1:],
        "left": number - len(texts),
        "kin": queries.kin(row, group, limit=FEW),
        "size": len(queries.of_group(row, group, waiting=False)),
        "waiting": len(queries.of_group(row, group)),
        "until": row.comments,
        "outcomes": Comment.Outcome.choices,
        "values": request.POST,
        "why": why,
    }
    return render(request, "participation/group.html", context, status=422 if why else 200)


@acting("officer", "discloser")
def enter(request: PersonRequest, ident: UUID) -> HttpResponse:
    """An opinion that came by letter, telephone, meeting or in person."""
    row = own_or_404(request, ident)
    values, why = request.POST.dict(), ""
    if request.method == "POST":
        try:
            pieces = dossiers.waiting(request.actor, ids=[_ident(text) for text in request.POST.getlist("scan")])
            scan = [{"title": each.title, "sha256": each.sha256, "size": each.size, "mime": each.mime} for each in pieces]
            said = services.enter(
                row.league,
                row.id,
                by=request.actor,
                channel=values.get("channel", ""),
                text=values.get("text", ""),
                scan=scan,
                clause=values.get("clause", ""),
                name=values.get("name", ""),
                phone=values.get("phone", ""),
                is_organisation=values.get("who") == "organisation",
                key=values.get("key", "")[:64],
                received_on=_day(values["received_on"], "收到日期") if values.get("received_on") else None,
            )
        except RejectedError as error:
            why = str(error)
        else:
            messages.success(request, f"已录入第{said.n}条意见。请把查询码告诉提意见的人：{said.code}")
            return redirect("participation:one", ident=ident)
    channels = [each for each in Comment.Channel.choices if each[0] != Comment.Channel.WEB]
    key = values.get("key") or uuid4().hex
    context = {"row": row, "values": values, "why": why, "channels": channels, "today": timezone.localdate(), "key": key}
    return render(request, "participation/enter.html", context, status=422 if why else 200)


@acting("officer", "reviewer", "discloser", "head")
@require_POST
def act(request: PersonRequest, ident: UUID, act: str) -> HttpResponse:
    """reply, hide, extend or summarise."""
    row = own_or_404(request, ident)
    sent = request.POST
    try:
        chosen = [_ident(text) for text in sent.getlist("comment")]
        if act == "reply":
            seen = {_ident(ident): at for text in sent.getlist("seen") for ident, _, at in [text.partition(" ")]}
            count = services.reply(
                row.league, chosen, by=request.actor, outcome=sent.get("outcome", ""), reason=sent.get("reason", ""), seen=seen
            )
            messages.success(request, f"已处理{count}条意见")
        elif act == "hide":
            if not chosen:
                raise RejectedError("请先选择意见")
            moderating.hide(row.league, *chosen, by=request.actor, reason=sent.get("reason", ""))
            messages.success(request, "已不予显示，意见仍在记录中，仍应处理")
        elif act == "extend" and request.actor.has("discloser", "head"):
            until = _day(sent.get("closes_on", ""), "新的截止日期")
            extending.extend(row.league, row.id, by=request.actor, closes_on=until, reason=sent.get("extended_reason", ""))
            messages.success(request, "已延长，公众在征求意见页面可以看到新的截止日期和理由")
        elif act == "summarise" and request.actor.has("discloser", "head"):
            services.summarise(row.league, row.id, by=request.actor, text=sent.get("summary", ""))
            messages.success(request, "已公布意见采纳情况，提意见的人凭查询码可以看到自己的意见怎样处理")
        else:
            raise Http404
    except RejectedError as why:
        return _shown(request, row, str(why))
    return redirect("participation:one", ident=ident)


def own_or_404(request: PersonRequest, ident: UUID) -> Consultation:
    row = queries.one(request.actor, ident)
    if row is None:
        raise Http404
    return row


def files_of(files: list[dict[str, Any]]) -> list[dict[str, str]]:
    """Pictures are shown, everything else is saved: what the public sent may be hostile."""
    now = timezone.now()
    return [
        {
            "title": each["title"],
            "url": media.url(each["sha256"], mime=each["mime"], name=each["title"], at=now, inline=each["mime"].startswith("image/")),
        }
        for each in files
    ]


def _day(text: str, label: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise RejectedError(f"“{label}”应当是真实存在的日期") from None


def _group(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None


def _ident(text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError:
        raise RejectedError("请刷新页面后再操作") from None
