"""Two provisions on one matter: which prevails, or who decides, as a hint; the choice and its reason are kept."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from urllib.parse import urlencode

from django.contrib import messages
from django.http import HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone

from yifa.kernel.people.middleware import PersonRequest, acting
from yifa.kernel.refusing import RejectedError
from yifa.laws import choosing, queries
from yifa.laws.access import COMPARERS
from yifa.laws.choosing import Side
from yifa.laws.conflicts import RULES, Hint, Told, correctors, hint
from yifa.laws.models import HintChoice

WHICH = (("", "不能确定"), ("0", "前一规定"), ("1", "后一规定"))


@dataclass(frozen=True)
class Asked:
    """What stands in the form, as it was sent."""

    citations: tuple[str, str]
    act_on: str
    special: str
    kinder: str
    marks: frozenset[str]

    @classmethod
    def read(cls, sent: QueryDict) -> Asked:
        marks = frozenset(name for name in ("varies0", "varies1", "delegated0", "delegated1") if sent.get(name))
        both = (sent.get("first", "").strip()[:300], sent.get("second", "").strip()[:300])
        return cls(both, sent.get("act_on", "").strip()[:10], sent.get("special", ""), sent.get("kinder", ""), marks)

    @property
    def told(self) -> Told:
        special, kinder = (int(each) if each in {"0", "1"} else None for each in (self.special, self.kinder))
        return Told(self.day, special, kinder)

    @property
    def day(self) -> date | None:
        """Raises RejectedError on what is no date."""
        try:
            return date.fromisoformat(self.act_on) if self.act_on else None
        except ValueError:
            raise RejectedError("行为发生的日期请写成2026-11-22的样子。") from None

    def sides(self, today: date) -> tuple[Side, Side]:
        first, second = (
            choosing.side(text, on=today, varies=f"varies{n}" in self.marks, delegated=f"delegated{n}" in self.marks)
            for n, text in enumerate(self.citations)
        )
        if (first.expression.pk, first.node_key) == (second.expression.pk, second.node_key):
            raise RejectedError("两处引用的是同一条规定，请另选一条。")
        return first, second


@acting(*COMPARERS)
def conflicts(request: PersonRequest) -> HttpResponse:
    """The form; with two citations the hint; posted with a choice it is kept."""
    asked = Asked.read(request.POST if request.method == "POST" else request.GET)
    sides: tuple[Side, Side] | None = None
    found: Hint | None = None
    why = ""
    try:
        # One provision alone comes from its page in the library: the other is still to be named.
        if all(asked.citations) or (any(asked.citations) and (request.method == "POST" or "second" in request.GET)):
            sides = asked.sides(timezone.localdate())
            found = hint(sides[0].provision, sides[1].provision, asked.told)
        if request.method == "POST":
            if sides is None:
                raise RejectedError("请先写明两项规定。")
            choosing.choose(
                sides[0].provision,
                sides[1].provision,
                asked.told,
                by=request.actor,
                choice=request.POST.get("choice", ""),
                reason=request.POST.get("reason", ""),
                about=request.POST.get("about", ""),
                at=timezone.now(),
            )
            messages.success(request, "已记录您的选择和理由")
            return redirect("law_conflicts")
    except RejectedError as problem:
        why = str(problem)
    context = {
        "asked": asked,
        "sides": [(side, _address(side)) for side in sides or ()],
        "hint": found,
        "winner": sides[found.winner].provision.name if sides and found and found.winner is not None else "",
        "cites": [(article, queries.permalink(article)) for article in found.cites] if found else [],
        "correctors": [(side.provision.name, correctors(side.provision)) for side in sides or () if correctors(side.provision)],
        "rules": RULES,
        "which": WHICH,
        "options": HintChoice.Choice.choices,
        "stated": {name: request.POST.get(name, "") for name in ("choice", "reason", "about")},
        "chosen": choosing.choices(request.actor),
        "why": why,
    }
    return render(request, "laws/conflicts.html", context, status=422 if why and request.method == "POST" else 200)


def _address(side: Side) -> str:
    """The permalink of what was compared, in its version."""
    work, version = side.expression.work, urlencode({"version": side.expression.version})
    page = reverse("laws:article", args=[work.slug, side.node_key]) if side.node_key else reverse("laws:work", args=[work.slug])
    return f"{page}?{version}"
