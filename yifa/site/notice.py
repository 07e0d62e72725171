"""Entering a holiday notice: the one page where the calendar meets the interpreter, which counts the running deadlines again."""

from __future__ import annotations

from datetime import date

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse

from yifa.kernel.calendar.services import BadNoticeError, publish_notice
from yifa.kernel.calendar.table import OFF, WORK, Row
from yifa.kernel.people.actors import Actor
from yifa.kernel.people.middleware import acting
from yifa.kernel.people.roles import ADMIN_SYSTEM
from yifa.procedures.recomputing import recompute

KINDS = {"休": OFF, "班": WORK}


class NoticeForm(forms.Form):
    """The days as one writes them down: `2027-01-01 休 元旦`, one a line."""

    year = forms.IntegerField(label="年份", min_value=2004, max_value=9998)
    title = forms.CharField(label="通知标题和文号", max_length=200)
    published_on = forms.DateField(label="公布日期")
    days = forms.CharField(label="安排", widget=forms.Textarea, help_text="每行一天：日期、休或者班、节日，例如 2027-01-01 休 元旦")

    def clean_days(self) -> list[Row]:
        rows = []
        for number, line in enumerate(self.cleaned_data["days"].splitlines(), start=1):
            if not line.strip():
                continue
            parts = line.split()
            try:
                day, kind, name = parts
                rows.append(Row(date.fromisoformat(day), KINDS[kind], name))
            except (ValueError, KeyError):
                raise forms.ValidationError(f"第{number}行应当写作“2027-01-01 休 元旦”") from None
        return rows


@acting(ADMIN_SYSTEM)
def enter(request: HttpRequest) -> HttpResponse:
    form = NoticeForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        actor: Actor = request.actor  # type: ignore[attr-defined]  # set by ActorMiddleware; `acting` has let only actors in
        stated = form.cleaned_data
        try:
            moved = publish_notice(
                by=actor,
                year=stated["year"],
                title=stated["title"],
                published_on=stated["published_on"],
                days=stated["days"],
                recompute=recompute,
            )
        except BadNoticeError as reason:
            form.add_error("days", str(reason))
        else:
            messages.success(request, f"{stated['year']}年放假安排已登记，{len(moved)}项正在计算的期限随之调整。")
            return HttpResponseRedirect(reverse("calendar:year", args=[stated["year"]]))
    return render(request, "calendar/enter.html", {"form": form}, status=422 if form.errors else 200)
