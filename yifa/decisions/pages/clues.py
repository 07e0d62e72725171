"""The desk of clues (线索): those one may see, raising one, the unit's statement, the conclusion of another person."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.http import urlencode
from django.views.decorators.http import require_POST, require_safe

from yifa.decisions import clue_queries as queries
from yifa.decisions import clues, revoking
from yifa.decisions.clues import Said
from yifa.decisions.models import Clue
from yifa.decisions.pages import reading
from yifa.dossiers import media
from yifa.kernel.people.actors import Actor
from yifa.kernel.people.middleware import PersonRequest, acting
from yifa.kernel.refusing import RejectedError

Acting = Callable[[Clue, Actor, QueryDict], str]


@acting(*queries.READERS)
@require_safe
def clue_list(request: PersonRequest) -> HttpResponse:
    """The clues one may see, newest first."""
    state = request.GET.get("state", "")
    state = state if state in Clue.State.values else ""
    found = queries.page(request.actor, state=state, after=_cursor(request.GET.get("after", "")), limit=queries.PAGE + 1)
    rows, following = found[: queries.PAGE], ""
    if len(found) > queries.PAGE:
        following = urlencode({"state": state, "after": f"{rows[-1].raised_at.isoformat()} {rows[-1].id}"})
    context = {
        "rows": rows,
        "next": following,
        "states": Clue.State.choices,
        "state": state,
        "may_raise": queries.may_raise(request.actor),
        "today": timezone.localdate(),
    }
    return render(request, "decisions/clues.html", context)


@acting(*queries.RAISERS)
def new(request: PersonRequest) -> HttpResponse:
    """A clue on a matter (`?dossier=`), or on what should have stood in a government's list (`?government=`, `?title=`)."""
    sent = request.POST if request.method == "POST" else request.GET
    code = sent.get("dossier", "").strip()[:64]
    matter = queries.of_matter(request.actor, code) if code else None
    if code and matter is None:
        raise Http404("没有这个决策事项，或者不在您的查看范围内")
    values, why = sent.dict(), ""
    if request.method == "POST":
        try:
            row = clues.raise_clue(
                Said(
                    line=sent.get("line", "") if matter else Clue.Line.EVADED,
                    grounds=sent.get("grounds", ""),
                    dossier=code,
                    government=sent.get("government", ""),
                    title=sent.get("title", ""),
                    files=reading.uploads(request.actor, sent.getlist("files")),
                ),
                by=request.actor,
            )
        except RejectedError as error:
            why = str(error)
        else:
            messages.success(request, "已提出线索，并请单位陈述。由另一人认定")
            return redirect("clues:one", ident=row.id)
    context = {
        "matter": matter,
        "governments": () if matter else queries.governments(request.actor),
        "noted": () if matter else queries.noted(request.actor),
        "lines": Clue.Line.choices,
        "values": values,
        "why": why,
    }
    return render(request, "decisions/clue_new.html", context, status=422 if why else 200)


@acting(*queries.READERS)
@require_safe
def one(request: PersonRequest, ident: UUID) -> HttpResponse:
    """One clue: what was found, what the unit says, what was concluded."""
    return _page(request, _one(request, ident))


@acting(*queries.READERS)
@require_POST
def act(request: PersonRequest, ident: UUID, act: str) -> HttpResponse:
    """state, establish, dismiss or refer; propose to revoke, revoke or uphold."""
    row = _one(request, ident)
    if act not in ACTS:
        raise Http404
    try:
        said = ACTS[act](row, request.actor, request.POST)
    except RejectedError as why:
        return _page(request, _one(request, ident), str(why), request.POST.dict())
    messages.success(request, said)
    return redirect("clues:one", ident=ident)


def _state(row: Clue, by: Actor, sent: QueryDict) -> str:
    clues.state_side(row.league, row.id, sent.get("statement", ""), by=by, files=reading.uploads(by, sent.getlist("files")))
    return "已陈述，认定机关会看到"


def _establish(row: Clue, by: Actor, sent: QueryDict) -> str:
    clues.establish(row.league, row.id, sent.get("reason", ""), by=by)
    return "已认定，程序得分已经改为零分" if row.dossier else "已认定，计入政府的考核扣分"


def _dismiss(row: Clue, by: Actor, sent: QueryDict) -> str:
    clues.dismiss(row.league, row.id, sent.get("reason", ""), by=by)
    return "已作出不成立的结论，得分不变"


def _refer(row: Clue, by: Actor, sent: QueryDict) -> str:
    on = reading.day(sent.get("on", ""), "移送日期")
    clues.refer(row.league, row.id, to=sent.get("to", ""), number=sent.get("number", ""), on=on, by=by)
    return "已登记移送"


def _propose(row: Clue, by: Actor, sent: QueryDict) -> str:
    revoking.propose(row.league, row.id, sent.get("grounds", ""), by=by, files=reading.uploads(by, sent.getlist("files")))
    return "已提出，应当由另一人决定；被核实单位已收到通知"


def _revoke(row: Clue, by: Actor, sent: QueryDict) -> str:
    revoking.revoke(row.league, row.id, sent.get("reason", ""), by=by)
    return "已撤销认定，得分和考核扣分已经重新计算，原记录保留；被核实单位已收到通知"


def _uphold(row: Clue, by: Actor, sent: QueryDict) -> str:
    revoking.uphold(row.league, row.id, sent.get("reason", ""), by=by)
    return "已维持认定，得分不变；被核实单位已收到通知"


ACTS: Mapping[str, Acting] = {
    "state": _state,
    "establish": _establish,
    "dismiss": _dismiss,
    "refer": _refer,
    "propose": _propose,
    "revoke": _revoke,
    "uphold": _uphold,
}


def _page(request: PersonRequest, row: Clue, why: str = "", values: Mapping[str, Any] | None = None) -> HttpResponse:
    today, actor = timezone.localdate(), request.actor
    decides = queries.may_decide(actor, row)
    open_now = row.state == Clue.State.RAISED
    is_heard = row.stated_at is not None or today > row.statement_due_on
    asked = queries.pending(row)
    is_established = row.state == Clue.State.ESTABLISHED
    context = {
        "row": row,
        "files": _files(row.files),
        "statement_files": _files(row.statement_files),
        "may_state": queries.may_state(actor, row) and row.stated_at is None,
        "may_decide": decides and open_now,
        "is_heard": is_heard,
        "is_own": actor.person == str(row.raised_by_id) and open_now,
        "may_refer": decides and row.line == Clue.Line.FORGED and is_established and row.referred_on is None and not asked,
        "revocations": [(each, _files(each.files)) for each in queries.revocations(row)],
        "may_propose": is_established and asked is None and queries.may_propose(actor, row),
        "may_revoke": asked is not None and queries.may_revoke(actor, row, asked),
        "is_part": asked is not None and actor.person in {str(asked.proposed_by_id), str(row.raised_by_id), str(row.decided_by_id)},
        "today": today,
        "why": why,
        "values": values or {},
    }
    return render(request, "decisions/clue.html", context, status=422 if why else 200)


def _one(request: PersonRequest, ident: UUID) -> Clue:
    row = queries.one(request.actor, ident)
    if row is None:
        raise Http404("没有这条线索，或者不在您的查看范围内")
    return row


def _files(kept: Sequence[Mapping[str, Any]]) -> list[dict[str, str]]:
    now = timezone.now()
    return [{"title": each["title"], "url": media.url(each["sha256"], mime=each["mime"], name=each["title"], at=now)} for each in kept]


def _cursor(text: str) -> tuple[datetime, UUID] | None:
    moment, _, ident = text.partition(" ")
    try:
        return (datetime.fromisoformat(moment), UUID(ident)) if ident else None
    except ValueError:
        return None
