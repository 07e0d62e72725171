"""Whose words stand at an article where two sources of one text differ: another source's are put in, or the imported ones put back.

`Difference.ours` keeps what was imported, so that nothing is lost; an import that writes the nodes of a text anew puts the chosen words in
again (`reapply`), and sources are compared with what was imported, never with what a person put in its place (`imported`).
"""

from __future__ import annotations

from collections.abc import Sequence

from django.db.models import F, QuerySet

from yifa.laws import indexing, referring, tracing
from yifa.laws.models import Difference, Expression, Node
from yifa.laws.texts import TIAO, SourceArticle, split

_FAR = 1_000_000  # orders of nodes are far below: the longest text has some ten thousand


def imported(text: Expression) -> dict[str, str]:
    """Articles by key as they were imported, before any person chose other words."""
    return tracing.units(text) | replaced(text)


def replaced(text: Expression) -> dict[str, str]:
    """The imported words of the articles where another source's stand."""
    return dict(chosen(text).values_list("node_key", "ours"))


def chosen(text: Expression) -> QuerySet[Difference]:
    return text.differences.filter(choice=Difference.Choice.THEIRS)


def put(text: Expression, key: str, words: str) -> None:
    """Let `words` stand at article `key`: its 款, 项 and 目 are cut anew; what it cites and what the search reads follow.

    Raises LookupError where the text has no such article.
    """
    _put(text, key, words)
    _follow(text)


def reapply(text: Expression) -> None:
    """After the nodes of a text were written anew: put the chosen words in again, and keep those they take the place of."""
    rows = list(chosen(text))
    if not rows:
        return
    units = tracing.units(text)
    for row in rows:
        row.ours = units[row.node_key]
        _put(text, row.node_key, row.other)
    Difference.objects.bulk_update(rows, ["ours"])
    _follow(text)


def _put(text: Expression, key: str, words: str) -> None:
    article = text.nodes.filter(key=key).first()
    if article is None:
        raise LookupError(key)
    article.text = words
    inner: list[Node] = []
    if article.kind == TIAO:
        made = split([SourceArticle(article.number, words)]).nodes
        own, article.text = made[0].key, made[0].text
        inner = [
            Node(
                expression=text,
                key=key + each.key.removeprefix(own),
                kind=each.kind,
                number=each.number,
                heading=each.heading,
                text=each.text,
                parent=key + each.parent.removeprefix(own),
                order=article.order + n,
            )
            for n, each in enumerate(made[1:], start=1)
        ]
    article.save(update_fields=["text"])
    old, _ = text.nodes.filter(key__startswith=f"{key}.").delete()
    # Two steps, since no two nodes of a text may bear one order even for a moment.
    after = text.nodes.filter(order__gt=article.order)
    if len(inner) != old:
        after.update(order=F("order") + _FAR)
    Node.objects.bulk_create(inner)
    text.nodes.filter(order__gt=_FAR).update(order=F("order") - _FAR + len(inner) - old)


def _follow(text: Expression) -> None:
    nodes: Sequence[Node] = list(text.nodes.order_by("order"))
    referring.write([(text.pk, text.work.title, nodes)], held=[text.pk])
    indexing.write(text.pk, text.work.type, nodes)
    indexing.settle()
