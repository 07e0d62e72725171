"""Drafts in Word, there and back: the rounds of a document, two of them side by side, and both kinds of file to take home."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.http import content_disposition_header
from django.views.decorators.http import require_safe

from yifa.dossiers import queries as dossiers
from yifa.dossiers.images import WORD
from yifa.kernel.people.middleware import PersonRequest, acting
from yifa.kernel.word.comparing import KEPT, Row, TooLongError, compare
from yifa.kernel.word.refusing import UnreadableError
from yifa.kernel.word.writing import commented, compared
from yifa.normative import drafting
from yifa.normative.drafting import Draft
from yifa.procedures import queries, registry
from yifa.procedures.queries import Course

# So many unchanged paragraphs stand in the page before they are folded away, but for one on either side.
SHOWN = 3


@acting()
@require_safe
def rounds(request: PersonRequest, code: str) -> HttpResponse:
    """The rounds of the draft; two of them to compare, one to take home with all that was said to it."""
    course = _course(request, code)
    found = drafting.drafts(request.actor, course)
    context = {"dossier": course.dossier, "drafts": found, "said": len(drafting.comments(course)), "most": drafting.MOST}
    context |= {"before": found[-2].id if len(found) > 1 else "", "after": found[-1].id if found else ""}
    return render(request, "normative/drafts.html", context)


@acting()
@require_safe
def side_by_side(request: PersonRequest, code: str) -> HttpResponse:
    """Two rounds beside one another, what changed marked in both."""
    course = _course(request, code)
    pair = _pair(request, course)
    if pair is None:
        return _choose(request, code)
    context: dict[str, Any] = {"dossier": course.dossier, "before": pair[0], "after": pair[1]}
    try:
        rows = compare(pair[0].lines(), pair[1].lines())
    except (UnreadableError, TooLongError) as why:
        return render(request, "normative/drafts_compared.html", {**context, "why": str(why)}, status=422)
    changed = [row.kind for row in rows if row.kind != KEPT]
    context |= {"groups": _groups(rows), "changed": len(changed), "kinds": [(label, changed.count(kind)) for kind, label in KINDS]}
    return render(request, "normative/drafts_compared.html", context)


KINDS = (("reworded", "修改"), ("in", "新增"), ("out", "删去"))


@acting()
@require_safe
def take_comparison(request: PersonRequest, code: str) -> HttpResponse:
    """The newer draft as a Word file with every change tracked in the name of the body that makes the document."""
    course = _course(request, code)
    pair = _pair(request, course)
    if pair is None:
        return _choose(request, code)
    before, after = pair
    try:
        rows = compare(before.lines(), after.lines())
    except (UnreadableError, TooLongError) as why:
        return _told(request, code, str(why))
    packed = compared(rows, author=course.dossier.organisation.name, at=after.at)
    return _file(packed, f"{course.dossier.title}（第{before.n}轮与第{after.n}轮比对）.docx")


@acting()
@require_safe
def take_comments(request: PersonRequest, code: str) -> HttpResponse:
    """带意见的草案: a draft as a Word file with the opinions as comments at their clauses; personal data are in none of them."""
    course = _course(request, code)
    draft = {each.id: each for each in drafting.drafts(request.actor, course)}.get(request.GET.get("of", ""))
    if draft is None:
        return _choose(request, code)
    try:
        lines = draft.lines()
    except UnreadableError as why:
        return _told(request, code, str(why))
    return _file(commented(lines, drafting.comments(course)), f"{course.dossier.title}（第{draft.n}轮，带意见）.docx")


def _course(request: PersonRequest, code: str) -> Course:
    dossier = dossiers.case(request.actor, code)
    if dossier is None or registry.context_of(dossier.procedure).name != "normative":
        raise Http404("没有这件文件，或者您无权查看")
    return queries.course(dossier, at=timezone.now())


def _pair(request: PersonRequest, course: Course) -> tuple[Draft, Draft] | None:
    """The two rounds chosen, the older one first however they were picked."""
    found = drafting.drafts(request.actor, course)
    chosen = {request.GET.get("before", ""), request.GET.get("after", "")}
    picked = [each for each in found if each.id in chosen]
    return (picked[0], picked[1]) if len(picked) == 2 else None


def _choose(request: PersonRequest, code: str) -> HttpResponse:
    return _told(request, code, "请先选择文稿：比对要选两份不同的文稿")


def _told(request: PersonRequest, code: str, why: str) -> HttpResponse:
    messages.error(request, why)
    return redirect("word:rounds", code=code)


def _file(content: bytes, name: str) -> HttpResponse:
    header = content_disposition_header(as_attachment=True, filename=name.replace("/", "／"))
    return HttpResponse(content, content_type=WORD, headers={"Content-Disposition": header or "attachment"})


def _groups(rows: Sequence[Row]) -> list[dict[str, Any]]:
    """Passages to show and passages to fold away, in order: of a long unchanged one the first and the last paragraph stay in sight."""
    found: list[dict[str, Any]] = []
    for kept, each in groupby(rows, key=lambda row: row.kind == KEPT):
        passage = list(each)
        if kept and len(passage) > SHOWN:
            found += [{"rows": passage[:1]}, {"folded": True, "rows": passage[1:-1]}, {"rows": passage[-1:]}]
        else:
            found.append({"rows": passage})
    return found
