"""我的关注: which works and subjects a signed-in person follows; and following a work by an address alone."""

from __future__ import annotations

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST

from yifa.kernel.people.middleware import PersonRequest, acting
from yifa.laws import following, mailing
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
    """Begin or end to follow a work; an address is told besides, when one is given."""
    work = work_of(slug)
    email = request.POST.get("email", "").strip()
    if request.POST.get("act") == "end":
        following.unfollow(request.actor.person, work)
        messages.success(request, "已不再关注。")
        return redirect("laws:work", slug=work.slug)
    try:
        if email:
            validate_email(email)
    except ValidationError:
        messages.error(request, "电子邮箱的写法不对，请检查后再填。")
        return redirect("laws:work", slug=work.slug)
    following.follow(request.actor.person, work, at=timezone.now(), email=email)
    messages.success(request, "已关注。有新的版本、修改或者废止时，您会收到通知" + ("，同时发到您的邮箱。" if email else "。"))
    return redirect("laws:work", slug=work.slug)


@require_POST
def ask(request: HttpRequest, slug: str) -> HttpResponse:
    """Somebody without an account leaves an address: the link that confirms is sent there."""
    work, why = work_of(slug), ""
    try:
        mailing.ask(work, request.POST.get("email", ""), at=timezone.now())
    except mailing.AskError as problem:
        why = str(problem)
    return render(request, "laws/mail_asked.html", {"work": work, "why": why}, status=422 if why else 200)


@require_http_methods(["GET", "HEAD", "POST"])
def mail(request: HttpRequest, token: str) -> HttpResponse:
    """The page behind the link in a mail: to confirm, or to leave. Opening it changes nothing: programs that read mail open links, too."""
    found = mailing.by_token(token)
    if found is None:
        return render(request, "laws/mail.html", {"row": None}, status=404)
    row, work = found
    done = ""
    if request.method == "POST":
        done = "ended" if request.POST.get("act") == "end" else "confirmed"
        if done == "ended":
            mailing.end(row)
        else:
            mailing.confirm(row, at=timezone.now())
    return render(request, "laws/mail.html", {"row": row, "work": work, "done": done})
