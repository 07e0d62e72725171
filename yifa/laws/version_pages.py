"""Versions of a work: two of them side by side, the changes as a feed, one of them to take along."""

from __future__ import annotations

from datetime import UTC, date, datetime, time
from xml.sax.saxutils import escape, quoteattr

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import http_date
from django.views.decorators.http import require_safe

from yifa.laws import exporting, histories, queries
from yifa.laws.comparing import DELETE, INSERT, RENUMBER, REPLACE
from yifa.laws.models import Expression, Work
from yifa.laws.rules import locator


def work_of(slug: str) -> Work:
    """The work at this address. Raises Http404."""
    found = queries.works_named(slug)
    exact = [each for each in found if each.slug == slug]
    chosen = next(iter(exact or found), None)
    if chosen is None:
        raise Http404("本库没有这部法律文件")
    return chosen


@require_safe
def compare(request: HttpRequest, slug: str) -> HttpResponse:
    """Which articles changed between two versions, with the words; the two newest when none are named."""
    work = work_of(slug)
    texts = sorted(work.expressions.all(), key=lambda text: text.version)
    by_version = {text.version: text for text in texts}
    new = by_version.get(request.GET.get("to") or texts[-1].version)
    earlier = [text for text in texts if new is not None and text.version < new.version]
    old = by_version.get(request.GET.get("from") or (earlier[-1].version if earlier else ""))
    context: dict[str, object] = {"work": work, "texts": texts, "old": old, "new": new}
    if len(texts) < 2:
        return render(request, "laws/compare.html", context)
    if old is None or new is None or old == new:
        context["why"] = "请选两个不同的版本。"
        return render(request, "laws/compare.html", context, status=404 if None in (old, new) else 200)
    found = histories.compared(old, new)
    names = {
        text.pk: {node.key: node.number for node in text.nodes.exclude(key__contains=".").only("key", "number")} for text in (old, new)
    }
    context["rows"] = [
        {
            "words": row.words,
            "op": row.change.op,
            "old": row.old,
            "new": row.new,
            "old_key": row.change.old,
            "new_key": row.change.new,
            "old_label": locator(row.change.old) or names[old.pk].get(row.change.old, ""),
            "new_label": locator(row.change.new) or names[new.pk].get(row.change.new, ""),
        }
        for row in found.rows
    ]
    ops = ((REPLACE, "修改"), (INSERT, "增加"), (DELETE, "删去"), (RENUMBER, "条号变动"))
    context["counts"] = [(word, count) for op, word in ops if (count := found.count(op))]
    context["same"] = found.same
    return render(request, "laws/compare.html", context)


@require_safe
def download(request: HttpRequest, slug: str) -> HttpResponseBase:
    """One text as a file."""
    work = work_of(slug)
    kind = request.GET.get("format", "md")
    if kind not in exporting.FORMATS:
        return render(request, "laws/bad_ask.html", {"why": "可以下载的格式是 CSV、JSON 和 Markdown。"}, status=400)
    on = timezone.localdate()
    text = queries.expression_on(work, on, request.GET.get("version", ""))
    if text is None:
        raise Http404("没有这个版本的文本")
    text.work = work
    return exporting.answer(exporting.text_rows(text, on), kind, f"{work.slug}-{text.version}")


@require_safe
def changes_rss(request: HttpRequest, slug: str) -> HttpResponse:
    """What became of a work, the newest first (RSS 2.0): its versions and the steps in its life. No account is needed to follow it."""
    work = work_of(slug)
    page = settings.PUBLIC_URL + reverse("laws:work", args=[work.slug])
    items = [_version(work, text) for text in work.expressions.all()]
    for event in queries.events(work):
        if event.expression_id is None:
            by = f"由《{event.instrument}》" if event.instrument else ""
            items.append((event.on, f"{event.kind}：{work.title}", f"{event.on}{by}{event.kind}", f"{page}#event-{event.pk}"))
    items.sort(key=lambda item: (item[0], item[3]), reverse=True)
    written = "".join(
        f"<item><title>{escape(title)}</title><link>{escape(link)}</link><guid isPermaLink={quoteattr('false')}>{escape(link)}</guid>"
        f"<pubDate>{http_date(datetime.combine(on, time(), UTC).timestamp())}</pubDate><description>{escape(words)}</description></item>"
        for on, title, words, link in items
    )
    head = f"<title>{escape(work.title)}的变动</title><link>{escape(page)}</link><description>版本、修改和废止</description>"
    body = f'<?xml version="1.0" encoding="UTF-8"?><rss version="2.0"><channel>{head}<language>zh-cn</language>{written}</channel></rss>'
    return HttpResponse(body, content_type="application/rss+xml; charset=utf-8")


def _version(work: Work, text: Expression) -> tuple[date, str, str, str]:
    until = f"，{text.ended_on}终止（{text.ending}）" if text.ended_on else ""
    link = f"{settings.PUBLIC_URL}{reverse('laws:work', args=[work.slug])}?version={text.version}"
    return text.published_on, f"{text.version}的文本：{work.title}", f"{text.published_on}公布，{text.effective_on}起施行{until}", link
