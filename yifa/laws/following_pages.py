"""我的关注: which works and subjects a signed-in person follows."""

from __future__ import annotations

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST

from yifa.kernel.people.middleware import PersonRequest, acting
from yifa.laws import following
from yifa.laws.version_pages import work_of


@require_http_methods(["GET", "HEAD", "POST"])
@acting()
def index(request: PersonRequest) -> HttpResponse:
    """The list; a subject is added, or a line taken away."""
    person = request.actor.person
    subjects = following.subjects()
    if request.method != "POST":
        return render(request, "laws/following.html", {"followed": following.of(person), "subjects": subjects})
    if ended := request.POST.get("end", ""):
        if ended.isdecimal() and len(ended) < len("1000000000000000000"):
            following.end(person, int(ended))
        return redirect("laws:following")
    email, subject = request.POST.get("email", "").strip(), request.POST.get("subject", "")
    try:
        if email:
            validate_email(email)
    except ValidationError:
        messages.error(request, "电子邮箱的写法不对，请检查后再填。")
        return redirect("laws:following")
    if subject not in subjects:
        messages.error(request, "没有这个主题，请从列表中选择。")
        return redirect("laws:following")
    following.follow_subject(person, subject, at=timezone.now(), email=email)
    messages.success(request, f"已关注主题“{subject}”。")
    return redirect("laws:following")


@require_POST
@acting()
def follow(request: PersonRequest, slug: str) -> HttpResponse:
    """Begin or end to follow a work."""
    work = work_of(slug)
    if request.POST.get("act") == "end":
        following.unfollow(request.actor.person, work)
        messages.success(request, "已不再关注。")
    else:
        following.follow(request.actor.person, work, at=timezone.now())
        messages.success(request, "已关注。有新的版本、修改或者废止时，您会收到通知。")
    return redirect("laws:work", slug=work.slug)
