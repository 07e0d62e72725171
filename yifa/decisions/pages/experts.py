"""The desk of experts: the register, one expert, and the drawing for a matter."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal, InvalidOperation
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.http import urlencode
from django.views.decorators.http import require_POST

from yifa.decisions import expert_lists, experts, lots
from yifa.decisions import expert_queries as queries
from yifa.decisions.experts import Particulars
from yifa.decisions.models import Drawing, Expert
from yifa.decisions.pages import reading
from yifa.dossiers import queries as dossiers
from yifa.kernel import sheets
from yifa.kernel.people.actors import Actor
from yifa.kernel.people.middleware import PersonRequest, acting
from yifa.kernel.people.reading_words import EXPERT, OFFICE, OWN, PAGE
from yifa.kernel.people.services import note_reading
from yifa.kernel.refusing import RejectedError

ROLES = ("officer", "reviewer", "head", "discloser", "supervisor")
KEEPERS = ("officer", "reviewer", "head")
DRAWERS = ("officer", "head")


@acting(*ROLES)
def register(request: PersonRequest) -> HttpResponse:
    """The registers one may use; who keeps one adds to it here."""
    may_add = request.actor.has(*KEEPERS) and queries.keeps_register(request.actor)
    values, why = request.POST.dict(), ""
    faults: list[str] = []
    if request.method == "POST":
        if not may_add:
            raise Http404
        try:
            if values.get("act") == "paste":
                taken, faults = experts.register_rows(str(values.get("rows", "")), by=request.actor)
                words = f"入库{taken}人" + (f"，{len(faults)}行有问题" if faults else "")
            else:
                words = f"{experts.register(_particulars(request.POST), by=request.actor).name}已经入库"
        except RejectedError as error:
            why = str(error)
        else:
            messages.success(request, words)
            if not faults:
                return redirect("experts:register")
    field, text = request.GET.get("field", "")[:60], request.GET.get("q", "").strip()[:100]
    found = queries.experts(request.actor, field=field, text=text, after=_cursor(request.GET.get("after", "")), limit=queries.PAGE + 1)
    rows, following = found[: queries.PAGE], ""
    if len(found) > queries.PAGE:
        following = urlencode({"field": field, "q": text, "after": f"{rows[-1].id} {rows[-1].name}"})
    context = {
        "rows": rows,
        "next": following,
        "fields": queries.fields(request.actor.region),
        "field": field,
        "q": text,
        "may_add": may_add,
        "may_draw": request.actor.has(*DRAWERS),
        "values": values,
        "why": why,
        "faults": faults,
    }
    return render(request, "decisions/experts.html", context, status=422 if why or faults else 200)


@acting(*KEEPERS)
def take_list(request: PersonRequest) -> HttpResponse:
    """成批入库 from Excel or CSV: tried first, what is wrong told row by row; the second button takes it in."""
    if not queries.keeps_register(request.actor):
        raise Http404("专家库由政府办公室或者司法行政部门管理")
    context: dict[str, Any] = {"columns": expert_lists.COLUMNS, "required": expert_lists.REQUIRED, "most": expert_lists.MOST}
    if request.method != "POST":
        return render(request, "decisions/expert_import.html", context)
    sent = request.FILES.get("file")
    try:
        if sent is None or not sent.size or sent.size > sheets.MAX_BYTES:
            raise sheets.UnreadableError(f"请选择一个不超过{sheets.MAX_BYTES // 1024 // 1024}MB的 .xlsx 或者 .csv 文件")
        report = expert_lists.take_list(sent.read(), sent.name or "", by=request.actor, dry=request.POST.get("act") != "take")
    except (RejectedError, sheets.UnreadableError) as why:
        return render(request, "decisions/expert_import.html", context | {"why": str(why)}, status=422)
    return render(request, "decisions/expert_import.html", context | {"report": report}, status=422 if report.faults else 200)


@acting(*ROLES)
def one(request: PersonRequest, ident: UUID) -> HttpResponse:
    """One expert with what he was drawn for; his keeper sees the telephone (noted) and changes what is written."""
    row = queries.expert(request.actor, ident)
    if row is None:
        raise Http404
    keeps = row.organisation_id == request.actor.organisation and request.actor.has(*KEEPERS) and queries.keeps_register(request.actor)
    why = ""
    if request.method == "POST":
        if not keeps:
            raise Http404
        try:
            if request.POST.get("act") == "status":
                experts.set_status(
                    row.league, ident, request.POST.get("status", ""), by=request.actor, reason=request.POST.get("reason", "")
                )
            else:
                experts.update(row.league, ident, _particulars(request.POST), by=request.actor)
        except RejectedError as error:
            why = str(error)
        else:
            messages.success(request, "已登记")
            return redirect("experts:one", ident=ident)
    phone = queries.phone(row) if keeps else ""
    if phone:
        _note(request, row.id, row.league, row.organisation_id, row.name, OFFICE)
    context = {
        "row": row,
        "keeps": keeps,
        "phone": phone,
        "history": queries.history(row),
        "states": Expert.Status.choices,
        "why": why,
    }
    return render(request, "decisions/expert.html", context, status=422 if why else 200)


@acting(*ROLES)
def drawings(request: PersonRequest) -> HttpResponse:
    """The drawings of the body, or of one matter of it; POST opens one for a field."""
    code = (request.POST if request.method == "POST" else request.GET).get("dossier", "").strip()[:64]
    dossier = dossiers.case(request.actor, code) if code else None
    if code and dossier is None:
        raise Http404
    may_open = (
        dossier is not None
        and dossier.closed_at is None
        and dossier.organisation_id == request.actor.organisation
        and request.actor.has(*DRAWERS)
    )
    values, why = request.POST.dict(), ""
    if request.method == "POST":
        if dossier is None or not may_open:
            raise Http404
        try:
            row = experts.prepare(
                code, dossier.title, values.get("field", ""), reading.number(values.get("n", ""), "抽取人数"), by=request.actor
            )
        except RejectedError as error:
            why = str(error)
        else:
            messages.success(request, "已公布种子的摘要。请核对回避名单，再抽取")
            return redirect("experts:drawing", ident=row.id)
    rows = [each.row for each in queries.drawings_of(dossier.league, code)] if dossier else queries.of_body(request.actor)
    asking = dossiers.Filters(open=True, organisation=request.actor.organisation, procedure="major_decision")
    waiting = () if dossier or not request.actor.has(*DRAWERS) else dossiers.cases(request.actor, filters=asking).rows
    context = {
        "rows": rows,
        "dossier": dossier,
        "waiting": waiting,
        "may_open": may_open,
        "fields": queries.fields(request.actor.region),
        "values": values,
        "why": why,
    }
    return render(request, "decisions/drawings.html", context, status=422 if why else 200)


@acting(*ROLES)
def drawing(request: PersonRequest, ident: UUID) -> HttpResponse:
    """One drawing: before the draw who stands aside, after it the ranking, how to check it, and those who were drawn."""
    found = queries.one(request.actor, ident)
    if found is None:
        raise Http404
    row = found.row
    may_act = row.organisation_id == request.actor.organisation and request.actor.has(*DRAWERS)
    phones = {each.expert.id: queries.phone(each.expert) for each in found.takings} if may_act else {}
    if any(phones.values()):
        _note(request, row.id, row.league, row.organisation_id, row.title, OWN)
    names = {each["id"]: each for each in row.candidates}
    undertakers = _undertakers(request.actor, row)
    context = {
        "row": row,
        "may_act": may_act,
        "faults": found.faults,
        "pool": [{"row": each, "belongs": each.employer in undertakers} for each in queries.pool(_place(row), row.field)]
        if not row.seed
        else [],
        "ranking": [{"place": n, **names[key], "key": lots.key(row.seed, key)} for n, key in enumerate(row.ranking, 1) if key in names],
        "takings": [{"row": each.row, "expert": each.expert, "phone": phones.get(each.expert.id, "")} for each in found.takings],
        "today": timezone.localdate(),
        "how": lots.HOW,
    }
    return render(request, "decisions/drawing.html", context)


def _undertakers(actor: Actor, row: Drawing) -> Sequence[str]:
    """The bodies that undertake the matter: the one that draws, and those named when it was started; whoever works there stands aside."""
    dossier = dossiers.case(actor, row.dossier)
    named = dossier.facts.get("undertakers") or () if dossier else ()
    return (row.organisation.name, *(each["name"] for each in named))


def _place(row: Drawing) -> str:
    return row.organisation.region_id


@acting(*DRAWERS)
@require_POST
def drawing_act(request: PersonRequest, ident: UUID, act: str) -> HttpResponse:
    """draw, declare, replace or pay."""
    found = queries.one(request.actor, ident)
    if found is None:
        raise Http404
    row, sent = found.row, request.POST
    try:
        if act == "draw":
            excluded = {
                key.removeprefix("aside-"): str(text) for key, text in sent.dict().items() if key.startswith("aside-") and str(text).strip()
            }
            experts.draw(row.league, ident, by=request.actor, undertakers=_undertakers(request.actor, row), excluded=excluded)
            messages.success(request, "已抽取，种子和名次已经记录，任何人可以重新核对")
        elif act == "declare":
            following = experts.declare(
                row.league,
                reading.ident(sent.get("engagement", "")),
                by=request.actor,
                has_interest=sent.get("interest") == "yes",
                belongs=sent.get("belongs") == "yes",
                reason=sent.get("reason", ""),
                on=reading.day(sent.get("on", ""), "声明日期"),
            )
            messages.success(request, "已登记声明" + ("，由下一名递补" if following else ""))
        elif act == "replace":
            following = experts.replace(
                row.league, reading.ident(sent.get("engagement", "")), by=request.actor, reason=sent.get("reason", "")
            )
            messages.success(request, "已由下一名递补" if following else "已登记；名次已经用完，没有人可以递补")
        elif act == "pay":
            experts.pay(
                row.league,
                reading.ident(sent.get("engagement", "")),
                by=request.actor,
                fee_fen=_fen(sent.get("fee", "")),
                on=reading.day(sent.get("on", ""), "支付日期"),
            )
            messages.success(request, "已登记论证费")
        else:
            raise Http404
    except RejectedError as why:
        messages.error(request, str(why))
    return redirect("experts:drawing", ident=ident)


def _fen(text: str) -> int:
    """Yuan as people write them, in fen."""
    try:
        fen = Decimal(text.replace(",", "").replace("，", "").strip()) * 100
        if not fen.is_finite() or fen != fen.to_integral_value():
            raise InvalidOperation
    except InvalidOperation:
        raise RejectedError("论证费应当写成元，最多两位小数") from None
    return int(fen)


def _particulars(sent: QueryDict) -> Particulars:
    return Particulars(
        name=sent.get("name", ""),
        employer=sent.get("employer", ""),
        fields=experts.fields_of(sent.get("fields", "")),
        title=sent.get("title", ""),
        phone=sent.get("phone", ""),
    )


def _note(request: PersonRequest, ident: UUID, league: str, body: str, label: str, ground: str) -> None:
    note_reading(
        by=request.actor, subject=f"expert:{ident}", label=label, league=league, body=body, items=[EXPERT], way=PAGE, ground=ground
    )


def _cursor(text: str) -> tuple[str, UUID] | None:
    key, _, name = text.partition(" ")
    try:
        return (name, UUID(key)) if name else None
    except ValueError:
        return None
