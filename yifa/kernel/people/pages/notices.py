"""我的通知: what a person was told, unread first to the eye."""

from __future__ import annotations

from django.contrib import messages as told
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from yifa.kernel.people import messages
from yifa.kernel.people.middleware import PersonRequest, acting

_MOST_DIGITS = 18


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@acting()
def index(request: PersonRequest) -> HttpResponse:
    """The list; a post marks one notice, or all, as read, or says where they go besides."""
    person = request.actor.person
    if request.method == "POST" and "email" in request.POST:
        try:
            messages.set_email(person, request.POST["email"])
        except ValidationError:
            told.error(request, "这不是一个电子邮件地址，没有保存；不需要另发邮件的，请留空")
        else:
            told.success(request, "已经保存")
        return redirect("people:notices")
    if request.method == "POST":
        chosen = request.POST.get("notice", "")
        one = [int(chosen)] if chosen.isdecimal() and len(chosen) <= _MOST_DIGITS else None
        if one or not chosen:
            messages.read(person, ids=one, at=timezone.now())
        return redirect("people:notices")
    before = request.GET.get("before", "")
    rows, following = messages.notices(person, before=int(before) if before.isdecimal() and len(before) <= _MOST_DIGITS else None)
    context = {"notices": rows, "next": f"before={following}" if following else "", "email": messages.email_of(person)}
    return render(request, "people/notices.html", context)
