"""The desk of the law watch: what changes of the law touch, one of them side by side, and the decision about it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from urllib.parse import urlencode

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from yifa.kernel.people.actors import Actor
from yifa.kernel.people.middleware import PersonRequest, acting
from yifa.laws import redline, watching
from yifa.laws.access import WATCHERS, may_decide
from yifa.laws.models import Expression, Impact, Work
from yifa.laws.rules import locator

ALL = "all"
OUTCOMES = [each for each in Impact.State.choices if each[0] != Impact.State.OPEN]


@dataclass(frozen=True)
class Line:
    """One row of the list, with the words of its clock."""

    row: Impact
    place: str
    clock: str
    state: str
    coming: str
    may_decide: bool = False


def _line(row: Impact, today: date, may: bool) -> Line:
    left = (row.due_on - today).days
    is_open = row.state == Impact.State.OPEN and row.gone_on is None
    state = "calm" if not is_open else "overdue" if left < 0 else "today" if left == 0 else "warn" if left <= 7 else "calm"
    clock = f"已逾 {-left} 日" if left < 0 else "今天到期" if left == 0 else f"余 {left} 日"
    days = (row.on - today).days
    return Line(
        row,
        f"《{row.work.title}》{locator(row.node_key)}",
        clock if is_open else "",
        state,
        f"{days} 日后变化" if days > 0 else "",
        is_open and may,
    )


@acting(*WATCHERS)
@require_http_methods(["GET", "HEAD", "POST"])
def impacts(request: PersonRequest) -> HttpResponse:
    """The list by due date, with counts by kind of what cites and by work; several rows may be decided with one reason."""
    today = timezone.localdate()
    state = request.GET.get("state", Impact.State.OPEN)
    kept = {name: value for name in ("kind", "change", "work") if (value := request.GET.get(name, "").strip()[:400])}
    is_coming = request.GET.get("coming") == "1"
    why = ""
    if request.method == "POST":
        try:
            n = _decide(request)
        except watching.DecidedError as problem:
            why = str(problem)
        else:
            messages.success(request, f"已记录 {n} 件的处理结果")
            return redirect(request.get_full_path())
    filters = watching.Filters(state="" if state == ALL else state, coming=today if is_coming else None, **kept)
    rows, cursor = watching.impacts(filters, after=request.GET.get("after", ""))
    kinds, works = watching.counts(filters)
    allowed = {region: may_decide(request.actor, region) for region in {row.region for row in rows}}
    asked = {"state": state, **kept, **({"coming": "1"} if is_coming else {})}
    context = {
        "lines": [_line(row, today, allowed[row.region]) for row in rows],
        "kinds": [(kind, n, urlencode({**asked, "kind": kind})) for kind, n in sorted(kinds.items(), key=lambda each: -each[1])],
        "works": [(work, n, urlencode({**asked, "work": work.slug})) for work, n in works],
        "total": sum(kinds.values()),
        "states": [*Impact.State.choices, (ALL, "全部")],
        "changes": watching.CHANGES,
        "asked": asked,
        "is_narrowed": bool(kept or is_coming),
        "unconfirmed": watching.unconfirmed(),
        "next": urlencode({**asked, "after": cursor}) if cursor else "",
        "work": next((work for work, _ in works if work.slug == kept.get("work")), None),
        "outcomes": OUTCOMES,
        "stated": {"state": request.POST.get("state", ""), "reason": request.POST.get("reason", "")},
        "ticked": set(request.POST.getlist("impact")),
        "why": why,
    }
    return render(request, "laws/impacts.html", context, status=422 if why else 200)


def _decide(request: PersonRequest) -> int:
    """Take the rows that were ticked; returns how many. Raises DecidedError."""
    ticked = [int(each) for each in request.POST.getlist("impact") if each.isascii() and each.isdecimal() and len(each) < 19]
    state, reason = request.POST.get("state", ""), request.POST.get("reason", "")
    try:
        return len(watching.decide_all(ticked, by=request.actor, state=state, reason=reason, at=timezone.now()))
    except Impact.DoesNotExist:
        raise watching.DecidedError("其中有已经不在的事项，请刷新后重新勾选。") from None


@dataclass(frozen=True)
class Words:
    """One side of the comparison. `stretches` are marked where the other side differs."""

    title: str
    address: str
    stretches: Sequence[redline.Stretch]


@acting(*WATCHERS)
def impact(request: PersonRequest, pk: int, open_cases: Callable[[Actor, str], object] | None = None, cleanups: str = "") -> HttpResponse:
    """One touched citation: old and new words, the open dossiers that rest on it, and the decision."""
    row = Impact.objects.select_related("work", "new_work", "decided_by").filter(pk=pk).first()
    if row is None:
        raise Http404
    why = ""
    if request.method == "POST":
        try:
            watching.decide(
                pk, by=request.actor, state=request.POST.get("state", ""), reason=request.POST.get("reason", ""), at=timezone.now()
            )
        except watching.DecidedError as problem:
            why = str(problem)
        else:
            messages.success(request, "已记录处理结果")
            return redirect("law_watch")
    old, new = _sides(row)
    may = may_decide(request.actor, row.region)
    context = {
        "line": _line(row, timezone.localdate(), may),
        "row": row,
        "old": old,
        "new": new,
        "to_do": watching.TO_DO.get(row.change, ""),
        "cases": open_cases(request.actor, row.ref) if open_cases and row.ref else None,
        "cleanup": f"{cleanups}?{urlencode({'law': row.work.slug})}" if cleanups else "",
        "is_open": row.state == Impact.State.OPEN,
        "may_decide": may,
        "outcomes": OUTCOMES,
        "stated": {"state": request.POST.get("state", ""), "reason": request.POST.get("reason", "")},
        "why": why,
    }
    return render(request, "laws/impact.html", context, status=422 if why else 200)


def _sides(row: Impact) -> tuple[Words | None, Words | None]:
    """The words cited and what they are now, or the provision of the new law that is most like them."""
    was = _words(row.work, row.old_version, row.node_key)
    # After a repeal the nearest article is shown: a whole one, so it is held against the whole article cited.
    if row.new_node and "." not in row.new_node:
        was = _words(row.work, row.old_version, row.node_key.partition(".")[0])
    now = _words(row.new_work, row.new_version, row.new_node) if row.new_work and row.new_node else None
    if was is None:
        return None, _one(row.new_work, row.new_version, row.new_node, now, redline.PUT_IN)
    if now is None:
        return _one(row.work, row.old_version, row.node_key, was, redline.KEPT), None
    told = redline.redline(was, now)
    old_key = row.node_key if "." in row.new_node else row.node_key.partition(".")[0]
    return (
        Words(
            _title(row.work, row.old_version, old_key), _address(row.work, row.old_version, old_key), redline.side(told, redline.TAKEN_OUT)
        ),
        Words(
            _title(row.new_work, row.new_version, row.new_node),
            _address(row.new_work, row.new_version, row.new_node),
            redline.side(told, redline.PUT_IN),
        ),
    )


def _one(work: Work | None, version: str, node: str, words: str | None, kind: str) -> Words | None:
    return Words(_title(work, version, node), _address(work, version, node), [redline.Stretch(kind, words)]) if work and words else None


def _words(work: Work, version: str, node: str) -> str | None:
    text = Expression.objects.filter(work=work, version=version).first()
    return text.nodes.filter(key=node).values_list("text", flat=True).first() if text and node else None


def _title(work: Work | None, version: str, node: str) -> str:
    return f"《{work.title}》{locator(node)}（{version}）" if work else ""


def _address(work: Work | None, version: str, node: str) -> str:
    return f"{reverse('laws:article', args=[work.slug, node])}?{urlencode({'version': version})}" if work and node else ""
