"""One opinion at the desk: what everybody reads of it, who spoke, and all that was done with it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from yifa.kernel.people.actors import Actor
from yifa.kernel.people.middleware import PersonRequest, acting
from yifa.kernel.refusing import RejectedError
from yifa.participation import moderating, queries, veiling
from yifa.participation.models import Comment, Consultation
from yifa.participation.moderating import Contact
from yifa.participation.pages import ROLES, files_of, own_or_404

# Who writes to people and invites them: those who may also enter what came on paper.
WRITERS = ("officer", "discloser")


@never_cache
@acting(*ROLES)
@require_safe
def opinion(request: PersonRequest, ident: UUID, n: int) -> HttpResponse:
    """The opinion as it came, as everybody reads it, and what was done with it; name and telephone stay sealed."""
    return _shown(request, *_found(request, ident, n))


@never_cache
@acting(*ROLES)
@require_POST
def act(request: PersonRequest, ident: UUID, n: int, act: str) -> HttpResponse:
    """hide, show, veil or unveil."""
    row, said = _found(request, ident, n)
    done = ACTS.get(act)
    if done is None:
        raise Http404
    try:
        messages.success(request, done(said, request.actor, request.POST))
    except RejectedError as why:
        return _shown(request, row, said, why=str(why), act=act)
    return redirect("participation:opinion", ident=ident, n=n)


@never_cache
@acting(*WRITERS)
@require_POST
def contact(request: PersonRequest, ident: UUID, n: int) -> HttpResponse:
    """Who spoke and his telephone, told on this one answer and noted before."""
    row, said = _found(request, ident, n)
    try:
        told = moderating.contact(said.league, said.id, by=request.actor, reason=request.POST.get("reason", ""))
    except RejectedError as why:
        return _shown(request, row, said, why=str(why), act="contact")
    return _shown(request, row, said, told=told)


def _shown(
    request: PersonRequest, row: Consultation, said: Comment, *, why: str = "", act: str = "", told: Contact | None = None
) -> HttpResponse:
    """The page; after a refusal with the form of that `act` open and what was written in it."""
    context = {
        "row": row,
        "said": said,
        "files": files_of(said.files),
        "public": queries.for_all(said),
        "sealed": bool(said.name_sealed or said.phone_sealed),
        "may_open": request.actor.has(*WRITERS),
        "told": told,
        "history": queries.history(said),
        "mark": veiling.VEILED,
        "why": why,
        "act": act,
        "values": request.POST if why else {},
    }
    return render(request, "participation/opinion.html", context, status=422 if why else 200)


def _hide(said: Comment, by: Actor, sent: QueryDict) -> str:
    moderating.hide(said.league, said.id, by=by, reason=sent.get("reason", ""))
    return "已不予显示，意见仍在记录中，仍应处理"


def _show(said: Comment, by: Actor, sent: QueryDict) -> str:
    moderating.show(said.league, said.id, by=by, reason=sent.get("reason", ""))
    return "已恢复显示，两次处理都留在记录里"


def _veil(said: Comment, by: Actor, sent: QueryDict) -> str:
    moderating.veil(said.league, said.id, by=by, words=sent.get("words", ""), reason=sent.get("reason", ""))
    return "已隐去，公众看到的是“（已隐去）”；提意见的人看到的仍是原文"


def _unveil(said: Comment, by: Actor, sent: QueryDict) -> str:
    moderating.unveil(said.league, said.id, by=by, words=sent.get("words", ""), reason=sent.get("reason", ""))
    return "已恢复这几个字，两次处理都留在记录里"


ACTS: Mapping[str, Callable[[Comment, Actor, QueryDict], str]] = {"hide": _hide, "show": _show, "veil": _veil, "unveil": _unveil}


def _found(request: PersonRequest, ident: UUID, n: int) -> tuple[Consultation, Comment]:
    row = own_or_404(request, ident)
    said = queries.opinion(row, n)
    if said is None:
        raise Http404
    return row, said
