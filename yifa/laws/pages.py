"""The public library: a work, an article with its permalink. No sign-in, no personal data."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from urllib.parse import urlencode

from django.db.models import prefetch_related_objects
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone

from yifa.laws import following, held, histories, queries, starting
from yifa.laws.access import COMPARERS, KEEPERS, WATCHERS
from yifa.laws.models import Commencement, Expression, Node, Work
from yifa.laws.rules import FORCE, WAITING, locator, title_key, work_status
from yifa.laws.services import work_types
from yifa.laws.texts import ANNEX, KUAN, XIANG


class BadDayError(Exception):
    """The day in the address is none."""


def _day(request: HttpRequest) -> date:
    """The day asked about, today when none is. Raises BadDayError."""
    stated = request.GET.get("on", "").strip()
    if not stated:
        return timezone.localdate()
    try:
        return date.fromisoformat(stated)
    except ValueError:
        raise BadDayError(stated) from None


def _bad_day(request: HttpRequest, stated: str) -> HttpResponse:
    return render(request, "laws/bad_day.html", {"stated": stated}, status=400)


def work(request: HttpRequest, slug: str) -> HttpResponse:
    try:
        on = _day(request)
    except BadDayError as bad:
        return _bad_day(request, str(bad))
    found = _work(slug)
    if found is None:
        return _elsewhere(request, slug, on, "")
    shown = queries.expression_on(found, on, request.GET.get("version", ""))
    if shown is None:
        raise Http404("没有这个版本的文本")
    texts = sorted(found.expressions.all(), key=lambda text: text.version)
    nodes = queries.outline(shown)
    actor = getattr(request, "actor", None)
    context = {
        "work": found,
        "type": work_types()[found.type]["name"],
        "status": work_status([text.span for text in texts], on),
        "shown": shown,
        "shown_status": shown.status(on),
        "texts": [(text, text.status(on)) for text in reversed(texts)],
        "nodes": nodes,
        "has_headings": any(node.heading for node in nodes),
        "on": on,
        "address": _address(on, request, shown),
        "events": queries.events(found),
        "subscription": following.subscription(actor.person, found) if actor is not None else None,
        "starts": [(row, row.label) for row in starting.rows(found) if row.expression_id == shown.pk],
        **doors(request),
    }
    return render(request, "laws/work.html", context)


def article(request: HttpRequest, slug: str, key: str) -> HttpResponse:
    try:
        on = _day(request)
    except BadDayError as bad:
        return _bad_day(request, str(bad))
    found = _work(slug)
    if found is None:
        return _elsewhere(request, slug, on, key)
    prefetch_related_objects([found], "expressions")
    version = request.GET.get("version", "")
    text = queries.expression_on(found, on, version)
    if text is None:
        raise Http404("没有这个版本的文本")
    own = starting.rows(found)
    other = starting.instead(text, key, on, own) if own else None
    if other is not None and other.text is not None and not version:
        # What applies on the day is shown, the text that will (or did already) take its place is named.
        text, key = other.text, other.key
    wanted = text.nodes.filter(key=key).first()
    if wanted is None:
        texts = [(each, each.status(on)) for each in sorted(found.expressions.all(), key=lambda each: each.version, reverse=True)]
        context = {"work": found, "text": text, "locator": locator(key), "on": on, "texts": texts}
        return render(request, "laws/no_article.html", context, status=404)
    unit = wanted if "." not in key else text.nodes.get(key=key.split(".")[0])
    context = {
        "work": found,
        "text": text,
        "status": _status(text, key, on, own),
        "text_status": text.status(on),
        "transition": other,
        "starts": [row for row in (starting.covering(own, text, key), *starting.inside(own, text, key)) if row],
        "unit": unit,
        "wanted": wanted,
        "locator": locator(key) or unit.number,
        "headings": queries.headings(unit),
        "shown": queries.neighbours(unit),
        "pieces": pieces(unit, queries.paragraphs(unit), wanted.key),
        "cited_by": queries.cited_by(found, key),
        "cites": _cites(text, key),
        **_mentions(request, found, key),
        "stages": [
            (stage, _status(stage.expression, stage.key, on, own), starting.covering(own, stage.expression, stage.key))
            for stage in histories.stages(found, text, unit.key)
        ],
        **doors(request),
        "suspensions": [pause.status for pause in queries.suspensions(found, key, on)],
        "on": on,
        "address": _address(on, request, text),
    }
    return render(request, "laws/article.html", context)


def _status(text: Expression, key: str, on: date, own: Sequence[Commencement]) -> str:
    """The status of a provision: that of its text, but for one with a day of its own."""
    row, status = starting.covering(own, text, key), text.status(on)
    if row is None or status not in {FORCE, WAITING}:
        return status
    return FORCE if row.effective_on <= on else WAITING


def doors(request: HttpRequest) -> dict[str, bool]:
    """What a signed-in person may do beyond reading: look at what a change touches, compare two rules, keep the library."""
    actor = getattr(request, "actor", None)
    doors = (("may_watch", WATCHERS), ("may_compare", COMPARERS), ("may_keep", KEEPERS))
    return {name: actor is not None and actor.has(*roles) for name, roles in doors}


@dataclass(frozen=True)
class Cross:
    """A line of 本条引用 or 被引用: what it leads to, and the words of the citation."""

    label: str
    url: str
    raw: str


def _cites(text: Expression, key: str) -> list[Cross]:
    """What the article cites, each provision once; linked where the library has the work."""
    rows = {(row.work_key, row.target, row.target_to): row for row in reversed(queries.cites(text, key))}
    held = queries.held_names(row.work_key for row in rows.values())
    found = []
    for row in reversed(rows.values()):
        until = f"至{locator(row.target_to)}" if row.target_to else ""
        address = reverse("laws:article", args=[row.work_key, row.target]) if row.target else reverse("laws:work", args=[row.work_key])
        found.append(Cross(f"《{row.work_key}》{locator(row.target)}{until}", address if row.work_key in held else "", row.raw))
    return found


def _mentions(request: HttpRequest, work: Work, key: str) -> dict[str, object]:
    """A page of the articles that cite this one; `mentioned` in the address counts those already shown."""
    stated = request.GET.get("mentioned", "")
    offset = int(stated) if stated.isdecimal() and len(stated) < len("100000") else 0
    rows, more = queries.mentions(work, key, offset=offset)
    lines = []
    for row in rows:
        cited_in = row.expression.work
        unit = row.node_key.split(".")[0]
        address = reverse("laws:article", args=[cited_in.slug, unit]) + f"?version={row.expression.version}"
        lines.append(Cross(f"《{cited_in.title}》{locator(unit)}", address, row.raw))
    kept = {name: value for name in ("on", "version") if (value := request.GET.get(name))}
    following = urlencode({**kept, "mentioned": offset + len(rows)}) if more else ""
    before = urlencode({**kept, "mentioned": max(0, offset - queries.MENTIONS)}) if offset else ""
    return {"mentions": lines, "mentions_next": following, "mentions_previous": before}


@dataclass(frozen=True)
class Piece:
    """A paragraph of the article as it is shown: a 款 or its opening words, a 项, an annex."""

    key: str
    text: str
    is_xiang: bool = False
    is_marked: bool = False


def pieces(unit: Node, nodes: Sequence[Node], wanted: str) -> list[Piece]:
    """The article cut where the reader's citation points; the text is that of the article, nothing added or lost."""
    if not nodes:
        return [Piece(unit.key, unit.text)]
    found: list[Piece] = []
    for node in nodes:
        if node.kind not in {KUAN, ANNEX}:
            continue
        rest, marked = node.text, node.key == wanted
        for xiang in (each for each in nodes if each.kind == XIANG and each.parent == node.key):
            before, _, rest = rest.partition(xiang.text)
            if before.strip():
                found.append(Piece(node.key, before.strip(), is_marked=marked))
            is_wanted = marked or wanted == xiang.key or wanted.startswith(f"{xiang.key}.")
            found.append(Piece(xiang.key, xiang.text, True, is_wanted))
        if rest.strip():
            found.append(Piece(node.key, rest.strip(), is_marked=marked))
    return found


def _work(slug: str) -> Work | None:
    found = queries.works_named(slug)
    exact = [each for each in found if each.slug == title_key(slug)]
    return next(iter(exact or found), None)


def _elsewhere(request: HttpRequest, slug: str, on: date, key: str) -> HttpResponse:
    source = held.sources().get(title_key(slug))
    if source is None:
        raise Http404("本库没有这部法律文件")
    return render(request, "laws/elsewhere.html", {"source": source, "locator": locator(key), "on": on})


def _address(on: date, request: HttpRequest, text: Expression) -> str:
    """The query that keeps the reader on the same text."""
    return urlencode({"version": text.version}) if request.GET.get("version") else urlencode({"on": on.isoformat()})
