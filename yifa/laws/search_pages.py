"""The front of the library: one box for a title, an article or words; filters; what is found; and the list to take along."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from yifa.kernel.citing import Article, Law
from yifa.laws import exporting, held, queries, titles
from yifa.laws.asking import Wanted, article_in
from yifa.laws.models import Expression, Work
from yifa.laws.pages import doors
from yifa.laws.places import BANNER, LEAGUE, NATION, PROVINCE, level_of
from yifa.laws.queries import Resolved
from yifa.laws.rules import work_status
from yifa.laws.searching import ANY, FORCE, LONGEST, STATES, BadCursorError, Filters, Found, search
from yifa.laws.services import places, work_types

LEVELS = (NATION, PROVINCE, LEAGUE, BANNER)
TITLE_ENDS = ("法", "法典", "条例", "办法", "规定", "规则", "细则", "决定", "解释")


class BadAskError(Exception):
    """Something in the address is none; str() is fit to be shown."""


@dataclass(frozen=True)
class Asked:
    """What the address asks for."""

    text: str
    filters: Filters
    after: str = ""

    @classmethod
    def of(cls, request: HttpRequest) -> Asked:
        """Raises BadAskError for a day or a choice that is none."""
        given = {name: request.GET.get(name, "").replace("\x00", "").strip() for name in ("q", "title", "on", "after", *_NAMES)}
        try:
            on = date.fromisoformat(given["on"]) if given["on"] else timezone.localdate()
        except ValueError:
            raise BadAskError(f"“{given['on'][:20]}”不是真实存在的日期，请写成 2026-11-22 这样的形式。") from None
        state = given["state"] or FORCE
        if state not in STATES or (given["level"] and given["level"] not in LEVELS) or (given["type"] and given["type"] not in _types()):
            raise BadAskError("筛选的条件不在可选的范围之内，请重新选择。")
        if given["region"] and not (given["region"].isdecimal() and given["region"].isascii() and len(given["region"]) == len("150000")):
            raise BadAskError("区划代码是六位数字，请重新选择。")
        filters = Filters(on, state, given["level"], given["type"], given["region"], given["maker"][:60])
        return cls((given["q"] or given["title"])[:LONGEST], filters, given["after"][:1300])

    @property
    def kept(self) -> dict[str, str]:
        """The address of the same search, without the place in it."""
        on = "" if self.filters.on == timezone.localdate() else self.filters.on.isoformat()
        state = "" if self.filters.state == FORCE else self.filters.state
        chosen = {"q": self.text, "state": state, "on": on, **{name: getattr(self.filters, name) for name in _NAMES if name != "state"}}
        return {name: value for name, value in chosen.items() if value}

    @property
    def is_narrowed(self) -> bool:
        return bool(self.kept.keys() - {"q"})


_NAMES = ("state", "level", "type", "region", "maker")


@dataclass(frozen=True)
class Line:
    """A work in a list: its status on the day and the text that applies."""

    work: Work
    status: str
    text: Expression | None


@dataclass(frozen=True)
class Card:
    """The article that was asked for by its number."""

    label: str
    found: Resolved
    url: str
    status: str


@require_safe
def library(request: HttpRequest) -> HttpResponse:
    """Without a question the works by pinyin; else the article named, works by title, and the articles that hold the words."""
    try:
        asked = Asked.of(request)
        return render(request, "laws/library.html", _context(asked) | doors(request))
    except (BadAskError, BadCursorError) as bad:
        return render(request, "laws/bad_ask.html", {"why": str(bad)}, status=400)


def _context(asked: Asked) -> dict[str, object]:
    on = asked.filters.on
    context: dict[str, object] = {"asked": asked, "text": asked.text, "on": on, **_choices(asked)}
    if not asked.text:
        listed, cursor = queries.library(filters=asked.filters, after=asked.after)
        by_level, by_type = queries.facets(asked.filters)
        context["facets"] = [
            (name, n, urlencode({**asked.kept, "level": "" if asked.filters.level == name else name}), asked.filters.level == name)
            for name in LEVELS
            if (n := by_level.get(name))
        ]
        context["type_facets"] = [
            (name, n, urlencode({**asked.kept, "type": "" if asked.filters.type == code else code}), asked.filters.type == code)
            for code, name in _types().items()
            if (n := by_type.get(code))
        ]
        elsewhere = sorted({source.title: source for source in held.sources().values()}.values(), key=lambda source: source.title)
        context["lines"] = [_line(each.work, each.expressions, on) for each in listed]
        context["elsewhere"] = [] if asked.is_narrowed else elsewhere
        return context | {"next": urlencode({**asked.kept, "after": cursor}) if cursor else ""}
    wanted = article_in(asked.text)
    found = Found([]) if wanted else search(asked.text, asked.filters, after=asked.after)
    named = titles.Named([])
    if not asked.after:
        is_title = asked.text.rstrip("》").endswith(TITLE_ENDS)
        named = titles.named(wanted.title if wanted else asked.text, guess=not found.hits or found.is_loose or is_title)
        context["cards"] = _cards(wanted, named, on) if wanted else []
    works = list(named.works)
    texts: dict[int, list[Expression]] = {}
    for text in Expression.objects.filter(work__in=works).order_by("version") if works else ():
        texts.setdefault(text.work_id, []).append(text)
    context["lines"] = [_line(work, texts.get(work.pk, []), on) for work in works]
    context["is_guess"] = named.is_guess
    context["found"] = found
    context["download"] = urlencode(asked.kept)
    context["any_version"] = urlencode(asked.kept | {"state": ANY}) if asked.filters.state != ANY else ""
    context["widened"] = urlencode({"q": asked.text}) if asked.is_narrowed else ""
    return context | {"next": urlencode({**asked.kept, "after": found.next}) if found.next else ""}


def _line(work: Work, texts: Sequence[Expression], on: date) -> Line:
    current = [text for text in texts if text.span.is_in_force(on)]
    shown = current[-1] if current else texts[-1] if texts else None
    return Line(work, work_status([text.span for text in texts], on), shown)


def _cards(wanted: Wanted, named: titles.Named, on: date) -> list[Card]:
    """The article in the work so called, or in each work that may be meant."""
    names = [wanted.title] if queries.works_named(wanted.title) else [work.slug for work in named.works]
    cards = []
    for name in names or [wanted.title]:
        article = Article(Law(name, ""), wanted.tiao, wanted.zhi)
        found = queries.article(article, on)
        status = found.expression.status(on) if found.expression else ""
        cards.append(Card(str(article), found, queries.permalink(article, on), status))
    return cards


@cache
def _types() -> dict[str, str]:
    """Kinds of text with their names."""
    return {code: kind["name"] for code, kind in work_types().items()}


@cache
def _place_names() -> dict[str, str]:
    return places().names


def _choices(asked: Asked) -> dict[str, object]:
    """What may be chosen: kinds of text, and the regions that have texts: provinces, and what lies in the one chosen."""
    names, chosen, held_codes = _place_names(), asked.filters.region, queries.regions()
    inside = [code for code in held_codes if code[2:] == "0000" or (chosen and code[:2] == chosen[:2])]
    # A province without texts of its own stands for its cities.
    codes = sorted({*inside, *(f"{code[:2]}0000" for code in held_codes)})
    return {
        "levels": LEVELS,
        "states": STATES,
        "types": _types(),
        "regions": [(code, names.get(code, code), level_of(code)) for code in codes],
    }


@require_safe
def download(request: HttpRequest) -> HttpResponseBase:
    """The list of finds as a file."""
    try:
        asked = Asked.of(request)
        kind = request.GET.get("format", "csv")
        if kind not in exporting.FORMATS:
            raise BadAskError("可以下载的格式是 CSV、JSON 和 Markdown。")
        if not asked.text:
            raise BadAskError("请先检索，再下载检索的结果。单部法律文件在它自己的页面下载。")
    except BadAskError as bad:
        return render(request, "laws/bad_ask.html", {"why": str(bad)}, status=400)
    return exporting.answer(exporting.found_rows(asked.text, asked.filters), kind, f"法规检索-{asked.text[:20]}")


__all__ = ["LEVELS", "Asked", "Line", "download", "library"]
