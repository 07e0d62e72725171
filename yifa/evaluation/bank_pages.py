"""题库: the questions about laws, written by one person and reviewed by two others."""

from __future__ import annotations

import re
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from yifa.evaluation import queries, services
from yifa.evaluation.models import Question
from yifa.evaluation.pages import DECIDERS, READERS
from yifa.evaluation.services import Item
from yifa.kernel.people.middleware import PersonRequest, acting
from yifa.kernel.refusing import RejectedError

OPTIONS = 4


@require_safe
@acting(*READERS)
def questions(request: PersonRequest) -> HttpResponse:
    state, name, after = (request.GET.get(key, "") for key in ("state", "q", "after"))
    if (state and state not in Question.State.values) or not re.fullmatch(r"[0-9]{0,9}", after):
        raise Http404
    rows = queries.questions(work=name.strip(), state=state, after=int(after or 0))
    following = urlencode({"state": state, "q": name, "after": rows[queries.PAGE - 1].pk}) if len(rows) > queries.PAGE else ""
    shown = [
        {
            "row": row,
            "options": [{"text": text, "right": place == row.answer} for place, text in enumerate(row.options)],
            "may_review": _may_review(row, request),
        }
        for row in rows[: queries.PAGE]
    ]
    context = {"rows": shown, "next": following, "state": state, "q": name, "states": Question.State.choices}
    return render(request, "evaluation/questions.html", {**context, "may_decide": request.actor.has(*DECIDERS)})


def _may_review(row: Question, request: PersonRequest) -> bool:
    waits = row.state in (Question.State.PROPOSED, Question.State.REVIEWED)
    return waits and request.actor.has(*DECIDERS) and request.actor.person not in {str(row.proposed_by), str(row.first_by)}


@never_cache
@require_http_methods(["GET", "POST"])
@acting(*DECIDERS)
def new_question(request: PersonRequest) -> HttpResponse:
    values: dict[str, Any] = {key: request.POST.get(key, "") for key in ("work", "article", "text", "answer", "explanation")}
    options = request.POST.getlist("option") or [""] * OPTIONS
    error = ""
    if request.method == "POST":
        try:
            services.propose_question(_item(values, options), by=request.actor)
        except RejectedError as why:
            error = str(why)
        else:
            messages.success(request, "题目已经提交，由另外两人先后审核。")
            return HttpResponseRedirect(reverse("evaluation:questions"))
    context = {"values": values, "options": list(enumerate(options, start=1)), "error": error}
    return render(request, "evaluation/new_question.html", context, status=422 if error else 200)


def _item(values: dict[str, Any], options: list[str]) -> Item:
    """`article` as 51 or 120之一's key 120_1; `answer` counted from 1 among the options as they were filled in."""
    number = values["article"].strip().removeprefix("第").removesuffix("条").removeprefix("t")
    answer = int(values["answer"]) - 1 if values["answer"].isdecimal() else -1
    if not 0 <= answer < len(options) or not options[answer].strip():
        raise RejectedError("请指出哪一个选项正确")
    kept = [each for each in options if each.strip()]
    return Item(values["work"], f"t{number}", values["text"], kept, kept.index(options[answer]), values["explanation"])


@require_POST
@acting(*DECIDERS)
def review(request: PersonRequest, number: int, act: str) -> HttpResponse:
    reason = request.POST.get("reason", "")
    try:
        if act == "retire":
            services.retire_question(number, by=request.actor, reason=reason)
        elif act in {"pass", "refuse"}:
            services.review_question(number, passes=act == "pass", by=request.actor, reason=reason)
        else:
            raise Http404
    except RejectedError as why:
        messages.error(request, str(why))
    else:
        messages.success(request, "已经记录。")
    return HttpResponseRedirect(reverse("evaluation:questions"))
