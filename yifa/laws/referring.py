"""The reference graph inside the library: what each text cites, filled at import and rebuilt by `yifa laws refer`."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Protocol

from django.db import connection, transaction

from yifa.laws.citations import Cited, Place, parse
from yifa.laws.models import Expression, Node, Reference
from yifa.laws.names import Names, common
from yifa.laws.resolving import article_of, last_of, names
from yifa.laws.rules import read_title
from yifa.laws.texts import ENTRY, KUAN, TIAO, WHOLE

MAX_RAW, MAX_TITLE, MAX_HINT = 400, 400, 60
BATCH = 200
_COLUMNS = ("expression_id", "node_key", "start", "end", "raw", "work_key", "hint", "target", "target_to", "article", "article_to")


class Unit(Protocol):
    """A node as it is imported or read."""

    @property
    def key(self) -> str: ...
    @property
    def kind(self) -> str: ...
    @property
    def text(self) -> str: ...
    @property
    def parent(self) -> str: ...


@dataclass(frozen=True)
class Found:
    """One reference, ready to be written; offsets are those of the node's text."""

    node_key: str
    start: int
    end: int
    raw: str
    work_key: str
    hint: str
    target: str
    target_to: str
    article: int | None
    article_to: int | None


def references_of(nodes: Sequence[Unit], title: str, known: Names | None = None) -> Iterator[Found]:
    """What the nodes of one text cite, in reading order. An article is read 款 by 款, so that 前款 and 前条 find their places."""
    kuan_of: dict[str, list[Unit]] = {}
    for node in nodes:
        if node.kind == KUAN:
            kuan_of.setdefault(node.parent, []).append(node)
    before: tuple[int, int | None] | None = None
    for node in nodes:
        if node.kind in {ENTRY, WHOLE}:
            yield from _of(node, parse(node.text, title, names=known))
        elif node.kind == TIAO:
            article, zhi = _number(node.key)
            for n, part in enumerate(kuan_of.get(node.key, [node]), start=1):
                place = Place(article, zhi, n if part is not node else None, before=before)
                yield from _of(part, parse(part.text, title, place=place, names=known))
            before = (article, zhi)


def _number(key: str) -> tuple[int, int | None]:
    """(条, 之N) of t120_1; a repeated article (t5~2) counts as its first."""
    tiao, _, zhi = key.partition("~")[0].removeprefix("t").partition("_")
    return int(tiao), int(zhi) if zhi else None


def _of(node: Unit, cited: Iterable[Cited]) -> Iterator[Found]:
    for each in cited:
        # A 款 or 项 of which the article is not told leads nowhere.
        is_whole = each.article is None and each.paragraph is None and each.item is None
        if each.law is None or not (is_whole or each.article):
            continue
        first, last = article_of(each), last_of(each)
        yield Found(
            node_key=node.key,
            start=each.start,
            end=each.end,
            raw=node.text[each.start : each.end].replace("\x00", "")[:MAX_RAW],
            work_key=read_title(each.law)[0][:MAX_TITLE],
            hint=each.hint[:MAX_HINT],
            target=first.node if first else "",
            target_to=last.node if last else "",
            article=each.article,
            article_to=each.article_to,
        )


def write(texts: Iterable[tuple[int, str, Sequence[Unit]]], *, held: Iterable[int]) -> int:
    """Write what texts (expression, title, nodes) cite, in the place of what is known of `held` (expressions); returns how many there are.

    In the caller's transaction.
    """
    Reference.objects.filter(expression__in=list(held)).delete()
    known = common()
    return _copy((expression, each) for expression, title, nodes in texts for each in references_of(nodes, title, known))


def _copy(rows: Iterable[tuple[int, Found]]) -> int:
    count = 0
    columns = ", ".join(f'"{column}"' for column in _COLUMNS)
    with connection.cursor() as cursor, cursor.copy(f"COPY laws_reference ({columns}) FROM STDIN") as copy:
        for expression, each in rows:
            copy.write_row((expression, *(getattr(each, column) for column in _COLUMNS[1:])))
            count += 1
    return count


def rebuild() -> int:
    """Read every text of the library anew, with all its titles known; returns how many references there are."""
    known, count = common() | names(), 0
    with transaction.atomic():
        Reference.objects.all().delete()
        texts = list(Expression.objects.order_by("pk").values_list("pk", "work__title"))
        for start in range(0, len(texts), BATCH):
            count += _copy(_batch(dict(texts[start : start + BATCH]), known))
    return count


def _batch(titles: dict[int, str], known: Names) -> list[tuple[int, Found]]:
    """The references of some texts; a list, since a connection cannot read while it copies."""
    nodes: dict[int, list[Node]] = {}
    rows = Node.objects.filter(expression__in=titles, kind__in=(TIAO, KUAN, ENTRY, WHOLE))
    for node in rows.order_by("expression", "order").only("expression_id", "key", "kind", "text", "parent"):
        nodes.setdefault(node.expression_id, []).append(node)
    return [(pk, each) for pk, own in nodes.items() for each in references_of(own, titles[pk], known)]
