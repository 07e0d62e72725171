"""The days of texts: what each source says of them and what a person found; articles with a day of their own; suspensions."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.http import Http404, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from yifa.kernel.people.middleware import PersonRequest, acting
from yifa.laws import commencing, deciding, keeping, starting, suspending
from yifa.laws.access import KEEPERS, may_keep
from yifa.laws.deciding import Days, DecidedError
from yifa.laws.desk_pages import finding, number_in
from yifa.laws.models import Commencement, Expression, Suspension
from yifa.laws.places import level_of
from yifa.laws.rules import ENDINGS, locator
from yifa.laws.services import places

RULED = "ruled"


def _day(sent: QueryDict, name: str, what: str) -> date | None:
    """The day in a field, None when it is empty. Raises DecidedError on what is none."""
    written = sent.get(name, "").strip()
    try:
        return date.fromisoformat(written) if written else None
    except ValueError:
        raise DecidedError(f"{what}请写成 2026-11-22 这样的真实日期。") from None


@acting(*KEEPERS)
@require_safe
def texts(request: PersonRequest) -> HttpResponse:
    """Texts whose days are 待核, and those that a person has settled."""
    ruled, title = request.GET.get("state") == RULED, request.GET.get("title", "").strip()[:100]
    rows, cursor = keeping.doubtful(title=title, ruled=ruled, after=request.GET.get("after", ""))
    on = timezone.localdate()
    kept = {**({"state": RULED} if ruled else {}), **({"title": title} if title else {})}
    context = {
        "rows": [(row, row.status(on)) for row in rows],
        "ruled": ruled,
        "title": title,
        "next": urlencode({**kept, "after": cursor}) if cursor else "",
    }
    return render(request, "laws/desk_texts.html", context)


@acting(*KEEPERS)
@require_http_methods(["GET", "HEAD", "POST"])
def text(request: PersonRequest, pk: int) -> HttpResponse:
    """One text: what the sources say of its days, the decision about them, and articles that begin on days of their own."""
    row = get_object_or_404(Expression.objects.select_related("work", "ruling__decided_by"), pk=pk)
    refused: list[dict[str, Any]] = []
    if request.method == "POST":
        try:
            said = {"rule": _rule, "commence": _commence, "withdraw": _withdraw}[request.POST.get("act", "")](request, row)
        except KeyError:
            raise Http404 from None
        except DecidedError as problem:
            refused = finding(problem)
        else:
            messages.success(request, said)
            return redirect("law_text", pk)
    ruling = getattr(row, "ruling", None)
    on = timezone.localdate()
    later = row.work.expressions.filter(version__gt=row.version).order_by("version").first()
    context = {
        "row": row,
        "status": row.status(on),
        "later": later,
        "witnesses": keeping.witnesses(row),
        "ruling": ruling,
        "seen": deciding.stamp(ruling),
        "endings": list(ENDINGS),
        "starts": [(each, each.label) for each in starting.rows(row.work) if each.expression_id == row.pk],
        "may": may_keep(request.actor, row.work.region),
        "act": request.POST.get("act", ""),
        "stated": _stated(request, row),
        "findings": refused,
    }
    return render(request, "laws/desk_text.html", context, status=422 if refused else 200)


def _stated(request: PersonRequest, row: Expression) -> dict[str, str]:
    """What stands in the form: as it was sent, else as the text is now."""
    if request.method == "POST":
        return {name: str(value) for name, value in request.POST.items()}
    ended = row.ended_on.isoformat() if row.ended_on else ""
    return {"effective_on": row.effective_on.isoformat(), "ends": "yes" if ended else "no", "ended_on": ended, "ended_by": row.ended_by}


def _rule(request: PersonRequest, row: Expression) -> str:
    sent = request.POST
    begins = _day(sent, "effective_on", "施行日期")
    if begins is None:
        raise DecidedError("请写明施行日期。")
    ends = sent.get("ends") == "yes"
    ended = _day(sent, "ended_on", "终止日期") if ends else None
    if ends and ended is None:
        raise DecidedError("请写明自哪一天起不再有效。")
    days = Days(begins, ended, sent.get("ended_by", "") if ends else "", sent.get("instrument", "") if ends else "")
    deciding.rule(row.pk, days, by=request.actor, reason=sent.get("reason", ""), at=timezone.now(), seen=sent.get("seen", ""))
    return f"已核定《{row.work.title}》{row.version}的文本的日期，法规库已按核定的日期显示。"


def _commence(request: PersonRequest, row: Expression) -> str:
    sent = request.POST
    begins = _day(sent, "starts_on", "施行日期")
    if begins is None:
        raise DecidedError("请写明这些条文自哪一天起施行。")
    keys = deciding.units_named(row, sent.get("articles", ""))
    rows = commencing.commence(row.pk, keys, begins, by=request.actor, reason=sent.get("why", ""), at=timezone.now())
    return f"已登记 {len(rows)} 处条文另行施行的日期。"


def _withdraw(request: PersonRequest, row: Expression) -> str:
    found = Commencement.objects.filter(expression=row, pk=number_in(request, "commencement")).first()
    if found is None:
        raise DecidedError("这项登记已由他人撤回，请刷新后查看。")
    commencing.withdraw(found.pk, by=request.actor, reason=request.POST.get("withdrawing", ""), at=timezone.now())
    return f"已撤回{locator(found.node_key)}另行施行的登记。"


@acting(*KEEPERS)
@require_safe
def suspensions(request: PersonRequest) -> HttpResponse:
    """暂时调整适用 and 暂时停止适用: those that hold or are to come, or those that are over."""
    today, ended = timezone.localdate(), request.GET.get("state") == "ended"
    rows = [(row, _last(row), "、".join(locator(key) or key for key in row.nodes)) for row in keeping.suspensions(today, ended=ended)]
    return render(request, "laws/desk_suspensions.html", {"rows": rows, "ended": ended, "today": today})


def _last(row: Suspension) -> date | None:
    return row.until_on - timedelta(days=1) if row.until_on else None


@acting(*KEEPERS)
@require_http_methods(["GET", "HEAD", "POST"])
def suspend(request: PersonRequest) -> HttpResponse:
    """Enter what a decision of the competent organ says."""
    refused: list[dict[str, Any]] = []
    if request.method == "POST":
        try:
            row = _suspend(request)
        except DecidedError as problem:
            refused = finding(problem)
        else:
            messages.success(request, f"已登记《{row.work.title}》的{row.kind}。")
            return redirect("law_suspension", row.pk)
    names = places().names
    context = {
        "kinds": Suspension.Kind.values,
        "regions": [
            (code, name, level_of(code)) for code, name in sorted(names.items()) if level_of(code) != "旗县" or code[:2] == _home(request)
        ],
        "stated": request.POST if request.method == "POST" else request.GET,
        "findings": refused,
    }
    return render(request, "laws/desk_suspend.html", context, status=422 if refused else 200)


def _home(request: PersonRequest) -> str:
    """The province whose counties are offered, too."""
    return request.actor.region[:2]


def _suspend(request: PersonRequest) -> Suspension:
    sent = request.POST
    from_on, last = _day(sent, "from_on", "开始的日期"), _day(sent, "last_day", "最后一天")
    if from_on is None:
        raise DecidedError("请写明自哪一天起暂停适用。")
    title = sent.get("title", "").strip()[:400]
    found = keeping.named(title, from_on) if title else None
    if found is None:
        raise DecidedError(
            f"本库没有《{deciding.bare(title)}》，或者同名的不止一部；请按法规库中的名称写全称。" if title else "请写明法律文件的名称。"
        )
    work, on_that_day = found
    code = sent.get("region", "")
    names = places().names
    if code and code not in names:
        raise DecidedError("请从列表中选择地区。")
    return suspending.suspend(
        work,
        by=request.actor,
        kind=sent.get("kind", ""),
        region=code,
        region_name=sent.get("region_name", "").strip()[:100] or (names[code] if code else ""),
        nodes=deciding.units_named(on_that_day, sent.get("articles", "")),
        from_on=from_on,
        until_on=last + timedelta(days=1) if last else None,
        instrument=sent.get("instrument", ""),
        number=sent.get("number", ""),
        at=timezone.now(),
    )


@acting(*KEEPERS)
@require_http_methods(["GET", "HEAD", "POST"])
def suspension(request: PersonRequest, pk: int) -> HttpResponse:
    """One of them; it may be ended early."""
    row = get_object_or_404(Suspension.objects.select_related("work", "decided_by"), pk=pk)
    refused: list[dict[str, Any]] = []
    if request.method == "POST":
        try:
            last = _day(request.POST, "last_day", "最后一天")
            if last is None:
                raise DecidedError("请写明最后适用到哪一天。")
            seen = _day(request.POST, "seen", "原定期限")
            suspending.end_early(pk, by=request.actor, last_day=last, reason=request.POST.get("reason", ""), at=timezone.now(), seen=seen)
        except DecidedError as problem:
            refused = finding(problem)
        else:
            messages.success(request, "已登记提前终止。")
            return redirect("law_suspension", pk)
    today = timezone.localdate()
    context = {
        "row": row,
        "last": _last(row),
        "planned": row.planned_until_on - timedelta(days=1) if row.planned_until_on else None,
        "articles": [(key, locator(key) or key) for key in row.nodes],
        "is_over": row.until_on is not None and row.until_on <= today,
        "may": may_keep(request.actor, row.work.region),
        "seen": row.until_on.isoformat() if row.until_on else "",
        "stated": {name: request.POST.get(name, "") for name in ("last_day", "reason")},
        "findings": refused,
    }
    return render(request, "laws/desk_suspension.html", context, status=422 if refused else 200)
