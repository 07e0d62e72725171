"""The search box of the frame: a number, a name, a credit code, or an article as people write it (处罚法51)."""

from __future__ import annotations

import re
from urllib.parse import urlencode

from django.http import HttpResponse, HttpResponseRedirect
from django.utils import timezone
from django.views.decorators.http import require_GET

from yifa.kernel.citing import Law, from_chinese
from yifa.kernel.people.middleware import PersonRequest, acting
from yifa.laws.queries import article, library, permalink

# 处罚法51, 行政处罚法第五十一条, 《行政处罚法》51条
_CITED = re.compile(r"《?([一-鿿]{2,40}?(?:法|条例|办法|规定))》?\s*第?\s*([0-9]{1,4}|[〇零一二三四五六七八九十百千]{1,9})\s*条?")


@acting()
@require_GET
def search(request: PersonRequest) -> HttpResponse:
    """An article opens in the library; everything else is looked for among the cases this reader may see."""
    text = request.GET.get("q", "").strip()[:100]
    return HttpResponseRedirect(law_address(text) or f"/desk/cases/?{urlencode({'q': text})}")


def law_address(text: str) -> str:
    """Where an article stands in the library, or the list of titles that hold its law's name; empty when the text names no article."""
    found = _CITED.fullmatch(text)
    if found is None:
        return ""
    title, number = found[1], from_chinese(found[2])
    candidates = [title, *(each.work.title for each in library(title=title, limit=5)[0])]
    for each in candidates:
        cited = Law(each, "")[number] if number else None
        if cited and article(cited, timezone.localdate()).state == "resolved":
            return permalink(cited, timezone.localdate())
    return f"/laws/?{urlencode({'title': title})}"
