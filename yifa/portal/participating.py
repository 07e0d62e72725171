"""征求意见 on the public portal: what is asked, one's say, and what became of it."""

from __future__ import annotations

from datetime import date
from uuid import UUID, uuid4

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.http import urlencode
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from yifa.dossiers import media
from yifa.kernel.refusing import RejectedError
from yifa.participation import asking, asking_queries, queries, taking
from yifa.participation import services as participation
from yifa.portal import services
from yifa.portal.pages import address, limited
from yifa.portal.services import TooOftenError
from yifa.portal.uploading import skipped, with_files

FEW = 10  # questionnaires beside the drafts
TOO_MANY = (
    "您所在的网络一小时内提交的附件已经很多。您写的内容还在下面：不带附件的，现在就可以提交；要附文件的，请过一小时再提交，"
    "也可以按公告的联系方式寄送"
)


@require_safe
def consultations(request: HttpRequest) -> HttpResponse:
    """What is put before the public now, and what was."""
    today = timezone.localdate()
    found = queries.public_list(on=today, after=_cursor(request.GET.get("after", "")), limit=queries.PAGE + 1)
    rows, following = found[: queries.PAGE], ""
    if len(found) > queries.PAGE:
        following = urlencode({"after": f"{rows[-1].closes_on} {rows[-1].id}"})
    shown = [{"row": each, "open": queries.is_open(each, today), "left": (each.closes_on - today).days} for each in rows]
    papers = asking_queries.public_list(on=today, limit=FEW) if "after" not in request.GET else []
    asked = [{"row": each, "open": asking_queries.is_open(each, today), "left": _left(each.closes_on, today)} for each in papers]
    return render(request, "portal/consultations.html", {"rows": shown, "questionnaires": asked, "next": following})


def _left(until: date | None, today: date) -> int:
    return (until - today).days if until else 0


def _cursor(text: str) -> tuple[date, UUID] | None:
    day, _, ident = text.partition(" ")
    try:
        return (date.fromisoformat(day), UUID(ident)) if ident else None
    except ValueError:
        return None


@with_files(taking.MOST_BYTES)
def consultation(request: HttpRequest, ident: UUID) -> HttpResponse:
    """One draft with its explanation, and the form for an opinion; after the summary, the opinions and what became of them.

    Whoever is refused, for whatever reason, finds in the form what he wrote. Words are never refused for their number: a village, a
    factory, a whole mobile network speaks from one address, and what is conspicuous is marked (`participation.marking`). Files are.
    """
    row = queries.public(ident)
    today = timezone.localdate()
    if row is None:
        raise Http404
    if row.opens_on > today:
        return render(request, "portal/not_yet.html", {"opens_on": row.opens_on}, status=404)
    error, said, values, status = "", None, request.POST.dict(), 200
    if request.method == "POST":
        try:
            if request.FILES or skipped(request):
                services.count("attach", address=address(request))
            if large := skipped(request):
                raise RejectedError(taking.too_large(large[0]))
            said = participation.comment(
                row.league,
                row.id,
                text=values.get("text", ""),
                clause=values.get("clause", ""),
                name=values.get("name", ""),
                phone=values.get("phone", ""),
                is_organisation=values.get("who") == "organisation",
                address=address(request),
                files=request.FILES.getlist("files"),
                key=values.get("key", "")[:64],
            )
        except RejectedError as why:
            error, status = str(why), 400
        except TooOftenError:
            error, status = TOO_MANY, 429
    if said:
        return render(request, "portal/commented.html", {"said": said, "row": row, "files": len(request.FILES.getlist("files"))})
    after = request.GET.get("after", "")
    comments = queries.shown(row, after=queries.since(after), limit=queries.PAGE + 1)
    now = timezone.now()
    files = [
        {"title": each["title"], "url": media.url(each["sha256"], mime=each["mime"], name=each["title"], at=now)} for each in row.files
    ]
    context = {
        "row": row,
        "open": queries.is_open(row, today),
        "left": (row.closes_on - today).days,
        "paragraphs": [line for line in row.draft_text.splitlines() if line.strip()],
        "files": files,
        "comments": comments[: queries.PAGE],
        "next": urlencode({"after": str(comments[queries.PAGE - 1].n)}) if len(comments) > queries.PAGE else "",
        "error": error,
        "values": values,
        "key": values.get("key") or uuid4().hex,
        "limits": taking.LIMITS,
        "again": bool(error) and bool(request.FILES or skipped(request)),
        "newest": queries.newest(row),
    }
    response = render(request, "portal/consultation.html", context, status=status)
    if status == 429:
        response["Retry-After"] = "3600"
    return response


def questionnaire(request: HttpRequest, ident: UUID) -> HttpResponse:
    """One questionnaire to fill in; after its end how it was answered. Whoever is refused finds his answers in the form."""
    today = timezone.localdate()
    row = asking_queries.public(ident, on=today)
    if row is None:
        raise Http404
    error, status = "", 200
    if request.method == "POST":
        try:
            said = asking.fill(
                row.league, row.id, dict(request.POST.lists()), address=address(request), key=request.POST.get("key", "")[:64]
            )
        except RejectedError as why:
            error, status = str(why), 400
        else:
            return render(request, "portal/filled.html", {"said": said, "row": row})
    context = {"row": row, "open": asking_queries.is_open(row, today), "left": _left(row.closes_on, today), "error": error}
    context["key"] = request.POST.get("key") or uuid4().hex
    if context["open"]:
        context["items"] = [{"question": each, "given": request.POST.getlist(each.key)} for each in asking_queries.asked(row)]
    else:
        context |= {"results": asking_queries.shown(asking_queries.results(row)), "marked": asking_queries.marks(row).marked}
    return render(request, "portal/questionnaire.html", context, status=status)


@never_cache
@limited
def opinion(request: HttpRequest) -> HttpResponse:
    """One's own opinion and what became of it, or one's own sheet of a questionnaire, by the receipt code alone."""
    if request.method != "POST":
        return render(request, "portal/opinion.html")
    services.count("query", address=address(request))
    code = request.POST.get("code", "")
    if found := queries.own(code):
        return render(request, "portal/opinion.html", {"asked": True, "comment": found[0], "row": found[1]})
    if filled := asking_queries.own(code):
        sheet, asked_in = filled
        context = {"asked": True, "sheet": sheet, "asked_in": asked_in, "told": asking_queries.told(asked_in, sheet)}
        return render(request, "portal/opinion.html", context)
    return render(request, "portal/opinion.html", {"asked": True}, status=404)
