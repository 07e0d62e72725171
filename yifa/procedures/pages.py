"""The generic desk: 待办, 办案, one dossier, one step. Every procedure appears here without a page of its own."""

from __future__ import annotations

import base64
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from types import MappingProxyType
from typing import Any
from uuid import UUID, uuid4

from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.safestring import mark_safe
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from yifa.documents.rendering import preview as draft_of
from yifa.dossiers import queries as dossiers
from yifa.dossiers import withholding
from yifa.dossiers.queries import Dossier
from yifa.dossiers.services import note_reading
from yifa.kernel.calendar.queries import calendar
from yifa.kernel.people.middleware import PersonRequest, acting, forbidden
from yifa.kernel.people.queries import body_of, officers_of
from yifa.kernel.people.reading_words import COURSE, DOCUMENTS, DOWNLOAD, EVIDENCE, PAGE, PARTY, PREVIEW, RECEIPT
from yifa.procedures import boxes, core, owing, queries, registry, reserving, services, showing, take, turns
from yifa.procedures.boxes import Sent
from yifa.procedures.core import BEIJING, Finding, Procedure, Refused, Step
from yifa.procedures.draw import svg
from yifa.procedures.fields import ITEM, PERSONS, Field
from yifa.procedures.paperwork import forms_folder
from yifa.procedures.reading import Ref

GROUPS = (("overdue", "逾期"), ("today", "今天"), ("soon", "两日内"), ("later", "以后"))


@acting()
@require_GET
def todo(request: PersonRequest) -> HttpResponse:
    """待办: what is due, sorted by the clock: deadlines of dossiers, and tasks for which there is none yet."""
    today, days = timezone.localdate(), calendar()
    found: dict[str, list[dict[str, Any]]] = {key: [] for key, _ in GROUPS}
    for item in queries.due_items(request.actor):
        words, state = queries.remaining(item.due_on, today, days, working=item.working)
        found[state].append(
            {
                "title": item.title,
                "what": item.what,
                "number": item.number,
                "party_label": item.party_label,
                "due_on": item.due_on,
                "remaining": words,
                "provisional": item.provisional,
                "url": f"/desk/cases/{item.dossier}/do/{item.step}/",
                "action": item.action,
            }
        )
    for task in owing.tasks(request.actor):
        words, state = queries.remaining(task.due_on, today, days, working=False)
        url, action = (f"/desk/cases/{task.dossier}/", "继续办理") if task.dossier else (task.url, task.action)
        found[state].append(
            {"title": task.title, "what": task.what, "due_on": task.due_on, "remaining": words, "url": url, "action": action}
        )
    for items in found.values():
        items.sort(key=lambda item: item["due_on"])
    groups = [{"key": key, "title": title, "items": found[key]} for key, title in GROUPS if found[key]]
    if handed := [_handed(item, today) for item in turns.turns(request.actor)]:
        groups.append({"key": "turn", "title": "轮到您办理", "items": handed})
    return render(request, "procedures/todo.html", {"groups": groups, "starts": _starts(request), "next": ""})


def _handed(item: turns.TurnItem, today: date) -> dict[str, Any]:
    """A step that waits without a clock, as a line of the list: since when it waits, instead of when it is due."""
    return {
        "title": item.title,
        "what": item.what,
        "number": item.number,
        "party_label": item.party_label,
        "since": timezone.localdate(item.since),
        "remaining": turns.waited(item, today),
        "url": f"/desk/cases/{item.dossier}/do/{item.step}/",
        "action": item.action,
    }


@acting()
@require_GET
def cases(request: PersonRequest) -> HttpResponse:
    """办案: the dossiers this reader may see, newest first."""
    query, cursor = request.GET.get("q", "")[:100], request.GET.get("after") or None
    state = request.GET.get("state", "")
    filters = dossiers.Filters(
        query=query, open={"open": True, "closed": False}.get(state), status=state if state in showing.endings() else ""
    )
    try:
        page = dossiers.cases(request.actor, filters=filters, cursor=cursor, limit=30)
    except dossiers.CursorError:
        return HttpResponseRedirect("/desk/cases/")
    due = services.next_due([(row.league, row.code) for row in page.rows])
    shown = [
        {
            "number": row.number,
            "code": row.code,
            "title": row.title,
            "party_label": row.party_label,
            "status_label": showing.status(row.procedure, row.version, row.region, row.sector, row.status),
            "state": "good" if row.closed_at else "calm",
            "organisation_name": row.organisation_name,
            "opened_at": row.opened_at,
            "next_due": due.get(row.code),
            "url": f"/desk/cases/{row.code}/",
        }
        for row in page.rows
    ]
    choices = [
        {"key": "state", "label": "状态", "value": state, "choices": [("open", "在办"), ("closed", "已办结"), *showing.endings().items()]}
    ]
    following = f"?q={query}&state={state}&after={page.next}" if page.next else ""
    context = {"cases": shown, "filters": choices, "q": query, "next": following, "previous": "", "starts": _starts(request)}
    context["today"] = timezone.localdate()
    return render(request, "procedures/cases.html", context)


@acting()
@require_GET
def case(request: PersonRequest, code: str) -> HttpResponse:
    """One dossier: its course, what may be done now and why not, its clocks, documents and evidence."""
    dossier = _dossier(request, code)
    now = timezone.now()
    found = queries.course(dossier, at=now)
    obligations = queries.obligations(dossier)
    pieces = [dossiers.shown(row, at=now) for row in dossiers.evidence(request.actor, code)]
    withheld = withholding.of(request.actor, dossier)
    papers = queries.documents(dossier, withheld)
    steps = queries.next_steps(found, request.actor)
    open_due = {row.step: row for row in obligations if row.closed_seq is None}
    open_now = {each.name for each in core.open_steps(found.procedure, found.progress, found.case)}
    done = {act.step for act in found.progress.acts}
    fresh = next((each.step.name for each in steps if not (each.step.name in done or each.step.optional or each.findings)), "")
    main = min(open_due, key=lambda name: open_due[name].due_on) if open_due else fresh
    parties = _parties(request, code)
    shown = [word for word, there in ((PARTY, parties), (DOCUMENTS, papers), (EVIDENCE, pieces)) if there]
    note_reading(dossier, COURSE, *shown, by=request.actor, way=PAGE)
    return render(
        request,
        "procedures/case.html",
        {
            "case": {
                "number": dossier.number,
                "code": dossier.code,
                "title": dossier.title,
                "party_label": dossier.party_label,
                "status_label": showing.status(dossier.procedure, dossier.version, dossier.region_id, dossier.sector, dossier.status),
                "state": "good" if dossier.closed_at else "calm",
                "public_url": f"/c/{dossier.token}",
                "organisation_name": dossier.organisation.name,
                "opened_at": dossier.opened_at,
                "is_sealed": all(row.sealed for row in found.entries),
            },
            "entries": [showing.entry(found, row, papers, pieces, withheld) for row in found.entries],
            "future": [
                {
                    "title": step.title,
                    "article": showing.article(step),
                    "due_on": open_due[step.name].due_on if step.name in open_due else None,
                    "why": f"/desk/cases/{code}/do/{step.name}/" if step.name not in open_now else "",
                }
                for step in core.coming(found.procedure, found.progress, found.case)
            ],
            "next_steps": [showing.next_step(code, each, main=each.step.name == main) for each in steps],
            "others": [
                {"title": act.title, "url": f"/desk/cases/{code}/do/{name}/"}
                for name, act in core.KERNEL_ACTS.items()
                if request.actor.roles & set(act.by.roles)
            ],
            "clocks": [showing.clock(row) for row in obligations],
            "documents": [showing.paper(each, now) for each in papers],
            "evidence": [showing.piece(each) for each in pieces],
            "catalogue_url": f"/desk/cases/{code}/catalogue/",
            "receipt_url": f"/desk/cases/{code}/receipt/",
            "links": _links(request, found),
            "parties": parties,
            "flow": mark_safe(svg(found.procedure, found.progress)),  # noqa: S308 - our own drawing; its words are escaped there
        },
    )


@acting()
@require_http_methods(["GET", "POST"])
def step(request: PersonRequest, code: str, name: str) -> HttpResponse:
    """The form of one step; posting it is the act."""
    dossier = _dossier(request, code)
    now = timezone.now()
    found = queries.course(dossier, at=now)
    wanted = _step(found.procedure, name)
    if request.method == "GET" and (closed := list(core.blocked(found.procedure, wanted, found.progress, found.case))):
        shown = {"title": wanted.title, "article": showing.article(wanted)}
        closed_context = {"case": _head(dossier), "step": shown, "findings": [showing.finding(each) for each in closed]}
        return render(request, "procedures/why_not.html", closed_context, status=409)
    draft_key = f"{code}/{name}"
    findings: Sequence[Finding] = ()
    if request.method == "POST":
        sent = boxes.sent(wanted, request.POST)
        try:
            taken = take.take(Ref(dossier.league, dossier.code), name, **_act(request, sent))
        except Refused as refused:
            findings = refused.findings
        else:
            services.drop_draft(request.actor, draft_key)
            messages.success(request, f"“{wanted.title}”已经记入案卷" + ("，此前已经办理过，没有重复记录" if taken.again else ""))
            return HttpResponseRedirect(f"/desk/cases/{code}/")
    else:
        sent = _draft(request, draft_key, wanted, found.context.initial(wanted, found.case))
    team = [officer["name"] for officer in found.register.get("officers") or ()]
    context: dict[str, Any] = _form(request, wanted, sent, findings, organisation=found.register.get("organisation") or {}, signers=team)
    context |= {
        "case": _head(dossier),
        "seen_seq": found.progress.seq,
        "dossier": code,
        "links": _links(request, found),
        "remarks": [*([str(wait)] if (wait := queries.wait(found, wanted)) else ()), *found.context.remarks(wanted, found.case)],
        "draft_url": f"/desk/drafts/?key={draft_key}",
        "preview_url": f"/desk/cases/{code}/preview/{name}/" if wanted.gives else "",
        "changed": next((each.text for each in findings if each.code == "冲突"), ""),
    }
    ahead = core.coming(found.procedure, found.progress, found.case)
    if any(each.name == name for each in ahead):  # acts beside the course (补正, 催办 …) have no place in it
        done = len(found.progress.acts)
        context["step"]["progress"] = f"第 {done + 1} 步，共 {done + len(ahead)} 步"
    return render(request, "procedures/step.html", context, status=422 if findings else 200)


@acting()
@require_http_methods(["GET", "POST"])
def start(request: PersonRequest, procedure: str) -> HttpResponse:
    """Begin a procedure: the form of its first step opens the dossier."""
    found = _current(request, procedure)
    first, draft_key = found.first(), f"start/{procedure}"
    if not request.actor.has(*first.by.roles):
        return forbidden(request)
    findings: Sequence[Finding] = ()
    if request.method == "POST":
        sent = boxes.sent(first, request.POST)
        act = _act(request, sent)
        del act["seen_seq"]
        try:
            taken = take.start(procedure, **act)
        except Refused as refused:
            findings = refused.findings
        else:
            services.drop_draft(request.actor, draft_key)
            messages.success(request, f"已经立卷，案件编号 {taken.ref.code}")
            return HttpResponseRedirect(f"/desk/cases/{taken.ref.code}/")
    else:
        # An address may name what is picked (?own_document=…), so that a list can lead to the form of one of its lines.
        picked = {each.key: given for each in first.asks if each.type == ITEM and (given := request.GET.get(each.key, "")[:40])}
        sent = _draft(request, draft_key, first, picked)
    register = queries.register_of(request.actor, registry.context_of(procedure), {}, timezone.now())
    context = _form(request, first, sent, findings, organisation=register.get("organisation") or {}, signers=())
    context |= {
        "procedure": {"title": found.title, "article": showing.article(first), "when": (found.__doc__ or "").strip()},
        "seen_seq": 0,
        "draft_url": f"/desk/drafts/?key={draft_key}",
        "flow": mark_safe(svg(found, None)),  # noqa: S308 - our own drawing; its words are escaped there
    }
    return render(request, "procedures/start.html", context, status=422 if findings else 200)


@acting()
@require_POST
def draft(request: PersonRequest) -> HttpResponse:
    """Keeps a half-filled form; nothing of it is part of the record."""
    key = request.GET.get("key", "")[:160]
    services.keep_draft(request.actor, key, {name: request.POST.getlist(name) for name in request.POST if name != "csrfmiddlewaretoken"})
    return HttpResponse(status=204)


@acting()
@require_POST
def preview(request: PersonRequest, code: str, name: str) -> HttpResponse:
    """The document as it would stand with what is filled in so far, marked 草稿."""
    dossier = _dossier(request, code)
    found = queries.course(dossier, at=timezone.now())
    wanted = _step(found.procedure, name)
    if wanted.gives is None:
        raise Http404
    folder, sent = forms_folder(found.context), boxes.sent(wanted, request.POST)
    withheld = withholding.of(request.actor, dossier)
    stated = {form: services.preview_values(found, wanted, form, sent) for form in wanted.forms if form.key not in withheld.forms}
    given = {form: values for form, values in stated.items() if values is not None}
    # A draft bears no number: its own is given by the act.
    late = services.late_words(request.actor, sent)
    drawn = [draft_of(form, values, folder=folder, region=dossier.region_id, late=late) for form, values in given.items()]
    note_reading(dossier, PREVIEW, by=request.actor, way=PAGE, detail="、".join(form.title for form in given))
    pictures = [base64.b64encode(picture).decode() for each in drawn for picture in each.pictures]
    missing = dict.fromkeys(state.label for each in drawn for state in each.missing)
    kept = [f"{form.title}：{why}" for form in wanted.forms if (why := withheld.paper(form.key))]
    return render(request, "procedures/preview.html", {"pictures": pictures, "missing": list(missing), "kept": kept, "drawn": list(given)})


def _picked() -> frozenset[str]:
    return frozenset(each.key for found in registry.procedures() for one in found.steps.values() for each in one.asks if each.type == ITEM)


@acting()
@require_GET
def pick(request: PersonRequest, kind: str) -> JsonResponse:
    """Search for a picker: what this body may pick for a question of that key (the items it holds, the documents handed in to it)."""
    text = request.GET.get("q", "").strip()
    if kind not in _picked():
        raise Http404
    found: list[dict[str, str]] = []
    for context in registry.contexts():
        register = queries.register_of(request.actor, context, {}, timezone.now())
        for key, label in context.choices(Field(kind, "选择", ITEM), register.get("organisation") or {}):
            if all(part in label for part in text.split()):
                found.append({"key": key, "label": label})
    return JsonResponse({"items": found[:20]})


@acting()
@require_GET
def download_receipt(request: PersonRequest, code: str) -> HttpResponse:
    """The receipt of the dossier: what lets anyone verify that its record was not altered."""
    dossier = _dossier(request, code)
    note_reading(dossier, RECEIPT, by=request.actor, way=DOWNLOAD)
    withheld = withholding.of(request.actor, dossier)
    receipt = reserving.receipt(Ref(dossier.league, dossier.code), withheld, sides=("open", "closed"))
    answer = HttpResponse(receipt, content_type="application/json")
    answer["Content-Disposition"] = f'attachment; filename="{dossier.code}.receipt.json"'
    return answer


def _act(request: PersonRequest, sent: Sent) -> dict[str, Any]:
    late = sent.late
    moment = late.get("late_at", "")
    try:
        at = datetime.fromisoformat(moment).replace(tzinfo=BEIJING) if moment else None
        key = UUID(sent.key) if sent.key else uuid4()
        files = [UUID(each) for each in sent.files]
    except ValueError:
        raise Http404 from None
    return {
        "by": request.actor,
        "at": at,
        "facts": sent.answers,
        "files": files,
        "key": key,
        "seen_seq": sent.seen,
        "reasons": sent.reasons,
        "late": take.LateEntry(late.get("late_reason", ""), late.get("late_paper", "")) if at else None,
    }


def _form(
    request: PersonRequest,
    wanted: Step,
    sent: Sent,
    findings: Sequence[Finding],
    *,
    organisation: Mapping[str, Any],
    signers: Sequence[str],
) -> dict[str, Any]:
    def choose(each: Field) -> Sequence[tuple[str, str]]:
        if each.type == PERSONS:
            return [
                (officer.person, f"{officer.name} {officer.number}")
                for officer in officers_of(request.actor.organisation, timezone.localdate())
            ]
        return [pair for context in registry.contexts() for pair in context.choices(each, organisation)]

    waiting = [{"id": str(row.id), "title": row.title} for row in dossiers.waiting(request.actor, ids=[UUID(each) for each in sent.files])]
    warned = [
        each for each in findings if each.severity == core.WARN or each.code in {rule.code for rule in wanted.needs if rule.overridable}
    ]
    plain = [each for each in findings if each not in warned]
    return {
        "step": {"title": wanted.title, "article": showing.article(wanted), "prompt": wanted.prompt},
        "findings": [showing.finding(each) for each in plain],
        "reasons": [
            {"code": each.code, "text": each.text, "cites": showing.cites(each.cites), "value": sent.reasons.get(each.code, "")}
            for each in warned
        ]
        + [
            {"code": code, "text": "理由", "cites": [], "value": text}
            for code, text in sent.reasons.items()
            if code not in {each.code for each in warned}
        ],
        "groups": boxes.groups(wanted, sent.answers, findings, choose, signers, waiting),
        "late": boxes.late_boxes(wanted, sent.late, findings, waiting),
        "late_open": bool(sent.late) or any(each.code == "补录" for each in findings),
        "action": wanted.action,
        "key": sent.key or str(uuid4()),
        "upload_url": "/files/",
    }


def _draft(request: PersonRequest, key: str, wanted: Step, initial: Mapping[str, Any] = MappingProxyType({})) -> Sent:
    kept = services.draft(request.actor, key)
    return boxes.sent(wanted, kept) if kept else Sent({**initial, **_defaults(request, wanted)}, {}, (), {}, "", None)


def _defaults(request: PersonRequest, wanted: Step) -> dict[str, Any]:
    """What the officer would otherwise type every time: today, and himself among the officers."""
    today = timezone.localdate().isoformat()
    stated: dict[str, Any] = {}
    for each in wanted.asks:
        if each.type == PERSONS and each.key == "officers":
            stated[each.key] = [request.actor.person]
        elif each.type == "date" and each.required and each.key in ("found_on", "violation_on", "paid_on"):
            stated[each.key] = today
    return stated


def _dossier(request: PersonRequest, code: str) -> Dossier:
    found = dossiers.case(request.actor, code)
    if found is None:
        raise Http404("没有这个案件，或者您无权查看")
    return found


def _step(procedure: type[Procedure], name: str) -> Step:
    try:
        return procedure.step(name)
    except Refused:
        raise Http404 from None


def _current(request: PersonRequest, key: str) -> type[Procedure]:
    try:
        return registry.current(key, on=timezone.localdate().isoformat(), region=request.actor.region)
    except Refused:
        raise Http404 from None


def _head(dossier: Dossier) -> dict[str, Any]:
    url = f"/desk/cases/{dossier.code}/"
    return {"number": dossier.number, "code": dossier.code, "title": dossier.title, "party_label": dossier.party_label, "url": url}


def _starts(request: PersonRequest) -> list[dict[str, Any]]:
    """What this post may begin."""
    today = timezone.localdate().isoformat()
    body = body_of(request.actor.organisation)
    known = {"kind": body.kind, "sector": body.sector, "fields": body.fields} if body else {}
    keys = dict.fromkeys(each.key for each in registry.procedures() if registry.context_of(each.key).begins(each.key, known))
    # By the codes of the kinds of case: what is made stands before what is done to it later.
    found = sorted((registry.current(key, on=today, region=request.actor.region) for key in keys), key=lambda each: each.code)
    return [
        {"title": each.title, "url": f"/desk/start/{each.key}/", "article": showing.article(each.first())}
        for each in found
        if request.actor.roles & set(each.first().by.roles)
    ]


def _links(request: PersonRequest, found: queries.Course) -> Sequence[tuple[str, str]]:
    """What the context shows of the dossier on pages of its own, to the body that handles it."""
    if request.actor.organisation != found.dossier.organisation_id:
        return ()
    return found.context.links(found.procedure.key, found.dossier.code)


def _parties(request: PersonRequest, code: str) -> list[dict[str, str]]:
    labels = (("name", "姓名或名称"), ("identity_number", "证件号码"), ("representative", "负责人"), ("phone", "电话"), ("address", "住址"))
    return [
        {"label": label, "value": value}
        for party in dossiers.parties(request.actor, code)
        for key, label in labels
        if (value := getattr(party, key))
    ]
