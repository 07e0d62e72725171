"""What the documents of the register rest on: the provisions and laws their texts name, as they stood on the day each was made.

Pushed down to the library, so that a change of a law lists the documents made under it. A citation is read in the text of the document
and resolved on its day; what the library does not hold is kept by its title.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import date

from django.db.models import Q

from yifa.kernel.citing import Article, Law
from yifa.laws.citations import Cited as Citation
from yifa.laws.citations import parse
from yifa.laws.resolving import Resolution, article_of, resolve
from yifa.normative.models import NormativeDocument
from yifa.procedures.context import Cited
from yifa.procedures.resting import of_answer

KIND = "规范性文件"
MOST = 200  # articles of one range


def rests(today: date) -> Iterable[Cited]:
    """Every document that has not ended, with what it cites; one whose text is not held cites nothing."""
    alive = NormativeDocument.objects.filter(Q(ended_on__isnull=True) | Q(ended_on__gt=today)).exclude(text="")
    for document in alive.order_by("code").iterator(chunk_size=200):
        articles, works = cited_in(document.title, document.text, document.made_on)
        if articles or works:
            yield Cited(
                kind=KIND,
                file="",
                name=f"《{document.title}》（{document.number}）",
                articles=articles,
                days=(),
                url=f"/documents/{document.code}/",
                ref=of_answer("document", document.code),
                region=document.region_id,
                since=document.made_on,
                works=works,
            )


def cited_in(title: str, text: str, on: date) -> tuple[tuple[Article, ...], tuple[Law, ...]]:
    """(articles, laws named as a whole) in a text, each once; what it says of itself does not count."""
    cited = [each for each in parse(text, title) if each.law and each.law != title]
    articles: dict[Article, None] = {}
    works: dict[Law, None] = {}
    for each, found in zip(cited, resolve(cited, on=on, document=title), strict=True):
        law = _law(each, found)
        listed = list(_articles(each, found, law))
        articles |= dict.fromkeys(listed)
        if not listed:
            works[law] = None
    return tuple(articles), tuple(works)


def _law(cited: Citation, found: Resolution) -> Law:
    return Law(found.work.title if found.work else cited.law or "", found.expression.version if found.expression else "")


def _articles(cited: Citation, found: Resolution, law: Law) -> Iterator[Article]:
    first = article_of(cited)
    if first is None:
        return
    first = replace(first, law=law)
    # Where the 款 was found rather than named, the article stands for it.
    yield first if found.node_key == first.node else Article(law, first.tiao, first.zhi_number)
    if cited.article_to:
        yield from (Article(law, n) for n in _range(first.tiao, cited.article_to))


def _range(first: int, last: int) -> Sequence[int]:
    return range(first + 1, last + 1) if last - first < MOST else (last,)
