"""现行有效目录 for the public: the list with its filters, as CSV, JSON and RSS; one document; and the question whether it is in force."""

from __future__ import annotations

import csv
import io
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.feedgenerator import Rss201rev2Feed
from django.views.decorators.http import require_safe

from yifa.dossiers import media
from yifa.kernel.word.refusing import UnreadableError
from yifa.normative import campaigns, queries, reviewing
from yifa.normative.models import NormativeDocument
from yifa.normative.queries import Filter
from yifa.procedures.core import BEIJING

COLUMNS = (
    "登记编码",
    "文号",
    "名称",
    "制定机关",
    "类别",
    "公布日期",
    "施行日期",
    "有效期至",
    "状态",
    "停止执行的条款",
    "最近核对日期",
    "核对来源",
    "地址",
)
FORMULA = ("=", "+", "-", "@", "\t")


def asked(request: HttpRequest) -> Filter:
    """What the list is narrowed to, from the address."""
    got = request.GET
    return Filter(
        region=got.get("region", "").strip()[:12],
        maker=got.get("maker", "").strip()[:32],
        text=got.get("q", "").strip()[:100],
        kind=got.get("kind", "") if got.get("kind", "") in NormativeDocument.Kind.values else "",
        year=got.get("year", "").strip()[:4],
    )


def named(wanted: Filter) -> dict[str, str]:
    """The filter as an address names it."""
    pairs = {"q": wanted.text, "maker": wanted.maker, "kind": wanted.kind, "year": wanted.year, "region": wanted.region}
    return {key: value for key, value in pairs.items() if value}


def day_of(request: HttpRequest) -> date | None:
    """The day asked about, today when none is; None: what stands there is no day."""
    stated = request.GET.get("on", "").strip()
    try:
        return date.fromisoformat(stated) if stated else timezone.localdate()
    except ValueError:
        return None


def cursor_of(text: str) -> tuple[date, str] | None:
    day, _, code = text.partition(" ")
    try:
        return (date.fromisoformat(day), code) if code else None
    except ValueError:
        return None


@require_safe
def valid(request: HttpRequest) -> HttpResponse:
    """The documents in force on a day, newest first."""
    on = day_of(request)
    if on is None:
        return render(request, "normative/valid.html", {"bad_day": True, "on": timezone.localdate(), "wanted": Filter()}, status=400)
    wanted = asked(request)
    found = queries.valid_documents(on, wanted, after=cursor_of(request.GET.get("after", "")), limit=queries.PAGE + 1)
    rows, following = found[: queries.PAGE], ""
    words = named(wanted) | ({"on": on.isoformat()} if on != timezone.localdate() else {})
    if len(found) > queries.PAGE:
        following = urlencode({**words, "after": f"{rows[-1].published_on} {rows[-1].code}"})
    context = {
        "rows": [{"row": row, "until": last_day(row)} for row in rows],
        "next": following,
        "on": on,
        "today": timezone.localdate(),
        "wanted": wanted,
        "makers": queries.makers(on),
        "kinds": NormativeDocument.Kind.choices,
        "query": urlencode(words),
    }
    return render(request, "normative/valid.html", context)


def last_day(row: NormativeDocument) -> date | None:
    """The last day of its validity: the register keeps the day after it."""
    return row.valid_until - timedelta(days=1) if row.valid_until else None


@require_safe
def check(request: HttpRequest) -> HttpResponse:
    """现行有效吗: a 文号 or a title and a day, and the answer with its grounds."""
    text, on = request.GET.get("q", "").strip()[:200], day_of(request)
    answers = queries.ask(text, on) if text and on else []
    context = {"text": text, "on": on, "stated": request.GET.get("on", ""), "answers": answers, "today": timezone.localdate()}
    return render(request, "normative/check.html", context, status=400 if on is None else 404 if text and not answers else 200)


@require_safe
def document(request: HttpRequest, code: str) -> HttpResponse:
    """One document: whether it is in force, its dates, its text, its history."""
    row, on = queries.document(code), day_of(request)
    if row is None:
        raise Http404("没有这份文件，或者没有公开")
    on = on or timezone.localdate()
    file = queries.text_file(row)
    url = media.url(row.text_sha256, mime=file[1], name=file[0], at=timezone.now()) if file else ""
    context = {
        "row": row,
        "on": on,
        "answer": queries.answer(row, on),
        "until": last_day(row),
        "paragraphs": _paragraphs(row),
        "file": {"title": file[0], "url": url} if file else None,
        "history": queries.history(row),
    }
    return render(request, "normative/document.html", context)


def _paragraphs(row: NormativeDocument) -> list[str]:
    """The text to be read on a phone; empty where the file is no text (it can be downloaded)."""
    try:
        return [line for line in reviewing.text_of(row) if line.strip()]
    except UnreadableError:
        return []


@require_safe
def as_csv(request: HttpRequest) -> HttpResponse:
    """The list as a table for Excel: UTF-8 with its mark; a cell that a spreadsheet would run as a formula is kept text."""
    on = day_of(request) or timezone.localdate()
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(COLUMNS)
    for row in queries.valid_documents(on, asked(request), limit=None):
        record = _record(request, row, on)
        writer.writerow([f"'{cell}" if str(cell).startswith(FORMULA) else cell for cell in record.values()])
    response = HttpResponse("\ufeff" + out.getvalue(), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="valid-documents-{on}.csv"'
    return response


@require_safe
def as_json(request: HttpRequest) -> HttpResponse:
    on = day_of(request) or timezone.localdate()
    keys = (
        "code",
        "number",
        "title",
        "maker",
        "kind",
        "published_on",
        "effective_on",
        "valid_to",
        "status",
        "stopped",
        "checked_on",
        "checked_against",
        "url",
    )
    found = queries.valid_documents(on, asked(request), limit=None)
    rows = [dict(zip(keys, _record(request, row, on).values(), strict=True)) for row in found]
    return JsonResponse({"on": on.isoformat(), "documents": rows}, json_dumps_params={"ensure_ascii": False})


def _record(request: HttpRequest, row: NormativeDocument, on: date) -> dict[str, Any]:
    """One document of the list, in the order of COLUMNS; every one of them is in force on the day asked about."""
    address = request.build_absolute_uri(reverse("valid:document", args=[row.code]))
    days = [each.isoformat() if each else "" for each in (row.published_on, row.effective_on, last_day(row))]
    checked = row.checked_on.isoformat() if row.checked_on else ""
    values = (
        row.code,
        row.number,
        row.title,
        row.maker.name,
        row.get_kind_display(),
        *days,
        "现行有效",
        queries.stopped_words(queries.answer(row, on).stopped),
        checked,
        row.checked_against,
        address,
    )
    return dict(zip(COLUMNS, values, strict=True))


@require_safe
def changes(request: HttpRequest) -> HttpResponse:
    """RSS of what was published and what ended."""
    feed = Rss201rev2Feed(
        title="行政规范性文件现行有效目录的变动",
        link=request.build_absolute_uri(reverse("valid:list")),
        description="公布、废止、失效的行政规范性文件",
        language="zh-CN",
    )
    for each in queries.changes(timezone.localdate(), asked(request)):
        row = each.document
        feed.add_item(
            title=f"{each.what}：{row.title}（{row.number}）",
            link=request.build_absolute_uri(reverse("valid:document", args=[row.code])),
            description=f"{row.maker.name}，{each.on:%Y-%m-%d}{each.what}",
            unique_id=f"{row.code}:{each.on}:{each.what}",
            unique_id_is_permalink=False,
            pubdate=datetime.combine(each.on, time(), BEIJING).astimezone(UTC),
        )
    return HttpResponse(feed.writeString("utf-8"), content_type="application/rss+xml; charset=utf-8")


@require_safe
def cleanups(request: HttpRequest) -> HttpResponse:
    """The clean-ups whose results are published."""
    return render(request, "normative/cleanups.html", {"rows": campaigns.published()})


@require_safe
def cleanup(request: HttpRequest, ident: UUID) -> HttpResponse:
    """The lists of one clean-up: 继续有效, 修改, 废止, 宣布失效."""
    row = next((each for each in campaigns.published() if each.id == ident), None)
    if row is None:
        raise Http404("没有这项清理，或者结果还没有公布")
    return render(request, "normative/cleanup.html", {"row": row, "lists": campaigns.lists(row)})
