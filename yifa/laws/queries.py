"""Reads of the library. It is public: no reader is asked for.

`article` resolves a citation as it stood on a day; it never guesses: what is not certain is `ambiguous`, `dangling` or unknown,
with a reason fit to be shown.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from urllib.parse import quote

from django.db.models import Count, Exists, OuterRef, Q, QuerySet, Subquery

from yifa.kernel.citing import Article
from yifa.laws import held, starting
from yifa.laws.models import ChangeEvent, CitedBy, Difference, Expression, Node, Reference, Title, Work
from yifa.laws.rules import Pause, locator, long_day, read_title, title_key
from yifa.laws.searching import ENDED, FORCE, WAITING, Filters, within
from yifa.laws.texts import ANNEX, BIAN, ENTRY, FENBIAN, JIE, KUAN, MU, TIAO, WHOLE, XIANG, ZHANG

MENTIONS = 20
RESOLVED, AMBIGUOUS, DANGLING = "resolved", "ambiguous", "dangling"
REPEALED, UNKNOWN, ELSEWHERE = "repealed_at_date", "unknown_work", "held_elsewhere"


@dataclass(frozen=True)
class Resolved:
    """What a citation leads to. `repealed_at_date` also stands for a text not yet in force: no text applies on that day.

    With `repealed_at_date` the cited text is still given where it exists, so that a page can show what it was.
    """

    state: str
    text: str = ""
    expression: Expression | None = None
    node: Node | None = None
    reason: str = ""
    source: held.Source | None = None

    @property
    def is_resolved(self) -> bool:
        return self.state == RESOLVED


def works_named(title: str) -> list[Work]:
    """The works that bear this title or alias, however it is written."""
    return list(Work.objects.filter(titles__key=title_key(title)).distinct().order_by("slug"))


def is_empty() -> bool:
    """Has nothing been imported yet?"""
    return not Work.objects.exists()


def article(article: Article, on: date) -> Resolved:
    """The provision cited, as it was in force on `on`.

    1. The title, normalised, finds the work (its own title before an alias). 2. The version cited, or else the day, finds the text.
    3. The node is walked; a 项 without its 款 belongs to the only 款 that has such a 项. 4. A node with a day of its own applies from then.
    """
    works = works_named(article.law.title)
    works = [work for work in works if work.slug == title_key(article.law.title)] or works
    if not works:
        return _elsewhere(article)
    if len(works) > 1:
        return Resolved(AMBIGUOUS, reason=f"“{article.law.title}”可以指:" + "、".join(f"《{work.title}》" for work in works))
    chosen = _expression(works[0], article, on)
    if chosen.expression is None:
        return chosen
    found = _node(chosen.expression, article)
    if found.node is None or chosen.state != RESOLVED:
        found = Resolved(
            chosen.state if found.node else found.state, found.text, chosen.expression, found.node, chosen.reason or found.reason
        )
    return _started(works[0], article, on, found)


def _started(work: Work, article: Article, on: date, found: Resolved) -> Resolved:
    """The same, where a transitional rule gives the article, or a part of it, a day of its own."""
    text, own = found.expression, starting.rows(work)
    if not own or text is None:
        return found
    other = starting.instead(text, found.node.key if found.node else article.node, on, own)
    if other is None:
        parts = [f"{locator(row.node_key)}自{long_day(row.effective_on)}起施行" for row in starting.inside(own, text, article.node)]
        return replace(found, reason=found.reason or "；".join(parts))
    if other.text is None or (article.law.version and other.text != text):
        return replace(found, state=REPEALED, reason=other.words) if found.is_resolved else found
    node = other.text.nodes.filter(key=other.key).first()
    return Resolved(RESOLVED, node.text, other.text, node, other.words) if node else found


def _elsewhere(article: Article) -> Resolved:
    source = held.sources().get(title_key(article.law.title))
    if source is None:
        return Resolved(UNKNOWN, reason=f"本库没有《{article.law.title}》")
    if not source.covers(article):
        return Resolved(DANGLING, reason=f"文本未收录,且未登记{article.locator}", source=source)
    return Resolved(ELSEWHERE, reason=f"文本未收录:{source.reason}", source=source)


def _expression(work: Work, article: Article, on: date) -> Resolved:
    texts = list(work.expressions.order_by("version"))
    year = read_title(article.law.title)[1]
    if article.law.version:
        cited = [text for text in texts if text.version == article.law.version]
        if not cited:
            versions = "、".join(text.version for text in texts)
            return Resolved(DANGLING, reason=f"本库没有《{work.title}》{article.law.version}的文本,现有:{versions}")
        return _judge(cited[0], on)
    if year and (hinted := [text for text in texts if text.version.startswith(year)]):
        return _judge(hinted[-1], on)
    current = [text for text in texts if text.span.is_in_force(on)]
    if len(current) == 1:
        return Resolved(RESOLVED, expression=current[0])
    if current:
        return Resolved(AMBIGUOUS, reason=f"《{work.title}》在{on}有{len(current)}个文本同时有效,需要核对")
    started = [text for text in texts if text.effective_on <= on]
    return _judge(started[-1] if started else texts[0], on)


def _judge(text: Expression, on: date) -> Resolved:
    if text.span.is_in_force(on):
        return Resolved(RESOLVED, expression=text)
    if on < text.effective_on:
        return Resolved(REPEALED, expression=text, reason=f"{text.version}的文本自{text.effective_on}起施行,{on}尚未施行")
    return Resolved(REPEALED, expression=text, reason=f"{text.version}的文本自{text.ended_on}起不再有效({text.ending})")


def _node(text: Expression, article: Article) -> Resolved:
    node = text.nodes.filter(key=article.node).first()
    if node is None and article.kuan_number is None and article.xiang_number is not None:
        tail = article.node.partition(".")[2]
        found = list(text.nodes.filter(key__regex=rf"^{article.node.partition('.')[0]}\.k[0-9]+\.{tail}$").order_by("order"))
        if len(found) > 1:
            return Resolved(AMBIGUOUS, expression=text, reason=f"{article.locator}可以指{len(found)}款中的项,应当写明款")
        node = found[0] if found else None
    if node is None:
        return Resolved(DANGLING, expression=text, reason=f"{text.version}的文本没有{article.locator}")
    return Resolved(RESOLVED, node.text, text, node)


def permalink(article: Article, on: date | None = None) -> str:
    """The address of a provision: on a day, or in the version it is cited in. Touches no database."""
    address = f"/laws/{quote(title_key(article.law.title), safe='')}/{article.node}"
    if on is not None:
        return f"{address}?on={on.isoformat()}"
    return f"{address}?version={article.law.version}" if article.law.version else address


@dataclass(frozen=True)
class Listed:
    """One line of the library's list."""

    work: Work
    expressions: Sequence[Expression]


def library(
    *, title: str = "", level: str = "", type_: str = "", filters: Filters | None = None, after: str = "", limit: int = 60
) -> tuple[list[Listed], str]:
    """A page of works by pinyin, those whose title holds `title`; and the cursor of the next page ("" at the end)."""
    works = (listed(filters) if filters else Work.objects.all()).order_by("sort_key", "slug")
    if level:
        works = works.filter(level=level)
    if type_:
        works = works.filter(type=type_)
    if title:
        works = works.filter(Q(slug__icontains=title_key(title)) | Q(titles__key__icontains=title_key(title))).distinct()
    if after:
        key, _, slug = after.partition("|")
        works = works.filter(Q(sort_key__gt=key) | Q(sort_key=key, slug__gt=slug))
    page = list(works.prefetch_related("expressions")[: limit + 1])
    more = len(page) > limit
    page = page[:limit]
    cursor = f"{page[-1].sort_key}|{page[-1].slug}" if more else ""
    return [Listed(work, sorted(work.expressions.all(), key=lambda text: text.version)) for work in page], cursor


def listed(filters: Filters, *, without: str = "") -> QuerySet[Work]:
    """The works that the filters let through, by their status on the day; `without` names one filter to leave aside, for its facet."""
    on, works = filters.on, Work.objects.all()
    current = Q(effective_on__lte=on) & (Q(ended_on__isnull=True) | Q(ended_on__gt=on))
    texts = Expression.objects.filter(work=OuterRef("pk"), published_on__lte=on)
    if filters.state == FORCE:
        works = works.filter(Exists(texts.filter(current)))
    elif filters.state == WAITING:
        works = works.filter(Exists(texts.filter(effective_on__gt=on)), ~Exists(texts.filter(current)))
    elif filters.state == ENDED:
        works = works.filter(Exists(texts), ~Exists(texts.filter(current | Q(effective_on__gt=on))))
    else:
        works = works.filter(Exists(texts))
    if filters.level and without != "level":
        works = works.filter(level=filters.level)
    if filters.type and without != "type":
        works = works.filter(type=filters.type)
    if filters.region:
        works = works.filter(region__startswith=within(filters.region))
    if filters.maker:
        works = works.extra(where=["strpos(array_to_string(makers, '、'), %s) > 0"], params=[filters.maker])
    return works


def facets(filters: Filters) -> tuple[dict[str, int], dict[str, int]]:
    """How many works by level and by type, each under the other filters."""
    levels, types = (dict(listed(filters, without=name).order_by().values_list(name).annotate(n=Count("pk"))) for name in ("level", "type"))
    return levels, types


def regions() -> list[str]:
    """The codes of the regions that have texts of their own."""
    return list(Work.objects.exclude(region="").order_by("region").values_list("region", flat=True).distinct())


def expression_on(work: Work, on: date, version: str = "") -> Expression | None:
    """The text to show: the version asked for, else the one in force on the day, else the latest published by then."""
    texts = sorted(work.expressions.all(), key=lambda text: text.version)
    if version:
        return next((text for text in texts if text.version == version), None)
    current = [text for text in texts if text.span.is_in_force(on)]
    published = [text for text in texts if text.published_on <= on]
    return next(reversed(current or published or texts), None)


def outline(expression: Expression) -> list[Node]:
    """Headings and articles in reading order."""
    return list(expression.nodes.exclude(kind__in=(KUAN, XIANG, MU, ANNEX)).order_by("order"))


def neighbours(node: Node, *, around: int = 2) -> list[Node]:
    """The articles before and after this one, itself included, in reading order."""
    units = node.expression.nodes.filter(kind__in=(TIAO, ENTRY, WHOLE))
    before = list(units.filter(order__lt=node.order).order_by("-order")[:around])
    after = list(units.filter(order__gt=node.order).order_by("order")[:around])
    return [*reversed(before), node, *after]


def paragraphs(node: Node) -> list[Node]:
    """The 款 of an article with their 项 and 目, and its annex, in reading order (empty for texts that are not split)."""
    return list(node.expression.nodes.filter(key__startswith=f"{node.key}.").order_by("order"))


def headings(node: Node) -> list[Node]:
    """编、章、节 over a node, outermost first."""
    keys, parent = [], node.parent
    by_key = {each.key: each for each in node.expression.nodes.filter(kind__in=(BIAN, FENBIAN, ZHANG, JIE))}
    while parent in by_key:
        keys.append(by_key[parent])
        parent = by_key[parent].parent
    return list(reversed(keys))


def suspensions(work: Work, node_key: str, on: date, *, region: str = "") -> list[Pause]:
    """Where and how long the provision is suspended or adjusted on that day; `region` narrows it to one reader's place."""
    return [pause for row in work.suspensions.order_by("from_on", "region") if (pause := row.pause).covers(node_key, on, region)]


def events(work: Work) -> list[ChangeEvent]:
    """The steps in the life of a work, oldest first; those a person rejected are left out."""
    rows = work.events.exclude(state=ChangeEvent.State.REJECTED).select_related("expression", "instrument_work", "decided_by")
    return list(rows.order_by("on", "kind"))


def proposals() -> list[ChangeEvent]:
    """Repeals that a sentence of another text names and nobody has decided yet, the newest first."""
    return list(
        ChangeEvent.objects.filter(state=ChangeEvent.State.PROPOSED).select_related("work", "instrument_work").order_by("-on", "pk")
    )


@dataclass(frozen=True)
class Differs:
    """One article for which another source has other words: ours and theirs side by side."""

    row: Difference
    ours: str

    @property
    def expression(self) -> Expression:
        return self.row.expression


def differences(*, work: Work | None = None, title: str = "", kind: str = "", undecided: bool = True) -> Iterator[Differs]:
    """Where the sources of one text differ, by work and article; streamed, since a full library has thousands."""
    rows = Difference.objects.select_related("expression__work").order_by("expression__work__sort_key", "expression__version", "pk")
    if work is not None:
        rows = rows.filter(expression__work=work)
    if title:
        rows = rows.filter(expression__work__titles__key=title_key(title))
    if kind:
        rows = rows.filter(kind=kind)
    if undecided:
        rows = rows.filter(decided_at__isnull=True)
    text = Node.objects.filter(expression=OuterRef("expression"), key=OuterRef("node_key")).values("text")[:1]
    for row in rows.annotate(words=Subquery(text)).iterator(chunk_size=500):
        yield Differs(row, row.words or "")


def cited_by(work: Work, node_key: str) -> list[CitedBy]:
    """What outside the library rests on this article or on one of its 款 and 项."""
    tiao = node_key.split(".")[0]
    rows = CitedBy.objects.filter(Q(node_key=tiao) | Q(node_key__startswith=f"{tiao}."), work_key=work.slug)
    return list(rows.order_by("kind", "label", "url"))


def cites(expression: Expression, node_key: str) -> list[Reference]:
    """What an article of this text cites, with its 款 and 项, in reading order."""
    tiao = node_key.split(".")[0]
    # They are written in reading order.
    return list(expression.references.filter(Q(node_key=tiao) | Q(node_key__startswith=f"{tiao}.")).order_by("pk"))


def held_names(keys: Iterable[str]) -> set[str]:
    """Those of these normalised titles under which the library has a work."""
    return set(Title.objects.filter(key__in=set(keys)).values_list("key", flat=True))


def mentions(work: Work, node_key: str, *, offset: int = 0, limit: int = MENTIONS) -> tuple[list[Reference], bool]:
    """Which texts of the library cite this article, and whether there are more. Ranges count for every article in them.

    An article that speaks of itself does not count, and each work counts with its newest text only.
    """
    tiao = node_key.split(".")[0]
    number = tiao.removeprefix("t").split("_")[0]
    if not number.isdecimal():
        return [], False
    n = int(number)
    here = Q(article=n) & (Q(target=tiao) | Q(target__startswith=f"{tiao}."))
    newest = Expression.objects.filter(work=OuterRef("expression__work")).order_by("-version").values("pk")[:1]
    rows = (
        Reference.objects.filter(here | Q(article__lt=n, article_to__gte=n), work_key__in=work.titles.values("key"))
        .filter(expression=Subquery(newest))
        .exclude(Q(node_key=tiao) | Q(node_key__startswith=f"{tiao}."), expression__work=work)
        .select_related("expression__work")
        .order_by("expression__work__sort_key", "expression", "pk")
    )
    page = list(rows[offset : offset + limit + 1])
    return page[:limit], len(page) > limit


def unresolved(articles: Iterable[Article], on: date) -> list[tuple[Article, Resolved]]:
    """The citations that lead nowhere on that day, each once."""
    found = ((each, article(each, on)) for each in dict.fromkeys(articles))
    return [(each, resolved) for each, resolved in found if resolved.state not in {RESOLVED, ELSEWHERE}]
