"""The search of the library: every article that holds the words asked for, the best first. Public; no reader is asked for.

What an exact scan of the folded texts finds, this finds: the index of single characters and pairs names the candidates (PostgreSQL goes
through the rarest first), and the text of each is looked at again. Up to `RANKED` finds are put in order by their worth; what is found more
often than that stands in the order of the kinds of law, so that no page has to look at all of it. Nothing is counted.

The texts that the filters let through are found once a statement and hashed; no find is joined to its text.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

import rjieba
from django.db import connection

from yifa.laws.grams import Part, fold, marked, needed
from yifa.laws.models import Expression

RANKED, PAGE, WALK, LONGEST = 1000, 20, 2000, 100
FORCE, WAITING, ENDED, ANY = "force", "waiting", "ended", "any"
STATES = {FORCE: "现行有效", WAITING: "尚未生效", ENDED: "已修改、废止或者失效", ANY: "全部版本"}
_IN_FORCE = "e.effective_on <= %(on)s AND (e.ended_on IS NULL OR e.ended_on > %(on)s)"
_STATE_SQL = {
    FORCE: _IN_FORCE,
    WAITING: "e.published_on <= %(on)s AND e.effective_on > %(on)s AND (e.ended_on IS NULL OR e.ended_on > %(on)s)",
    ENDED: "e.ended_on <= %(on)s",
    ANY: "e.published_on <= %(on)s",
}
_PLACE = "(p.rank, p.id) > (%(rank)s, %(id)s)"
_JOINED = "laws_expression e JOIN laws_work w ON w.id = e.work_id"


def _one_of(texts: str, condition: str) -> str:
    """Is the passage one of a text of this condition? IS TRUE keeps the planner from making a join of it: the texts are hashed once."""
    return f"(p.expression_id IN (SELECT e.id FROM {texts} WHERE {condition})) IS TRUE"  # noqa: S608 - constants of this module


class BadCursorError(ValueError):
    """The place to go on from is none of ours; str() is fit to be shown."""


@dataclass(frozen=True)
class Filters:
    """What is asked besides the words. `region` is a code: its texts and those of the places in it. `maker` is part of a name."""

    on: date
    state: str = FORCE
    level: str = ""
    type: str = ""
    region: str = ""
    maker: str = ""

    def sql(self) -> tuple[str, dict[str, Any]]:
        """The condition on a passage `p`, and its values."""
        conditions: list[str] = []
        values: dict[str, Any] = {"on": self.on}
        if self.level:
            conditions.append("w.level = %(level)s")
            values["level"] = self.level
        if self.type:
            conditions.append("w.type = %(type)s")
            values["type"] = self.type
        if self.region:
            conditions.append("w.region LIKE %(region)s")
            values["region"] = f"{within(self.region)}%"
        if self.maker:
            conditions.append("strpos(array_to_string(w.makers, '、'), %(maker)s) > 0")
            values["maker"] = self.maker
        texts = _JOINED if conditions else "laws_expression e"
        return _one_of(texts, " AND ".join([_STATE_SQL[self.state], *conditions])), values


def within(code: str) -> str:
    """What the codes of a region and of all places in it begin with: 150200 -> 1502."""
    return code[:2] if code[2:6] == "0000" else code[:4] if code[4:6] == "00" else code


@dataclass(frozen=True)
class Hit:
    """One article found, with the words marked."""

    expression: Expression
    key: str
    number: str
    parts: Sequence[Part]
    status: str


@dataclass(frozen=True)
class Found:
    """A page of finds; `words` are what was looked for, cut up when the phrase as a whole stands nowhere (`is_loose`)."""

    hits: list[Hit]
    next: str = ""
    words: tuple[str, ...] = ()
    is_loose: bool = False


@dataclass
class _Asked:
    """A search made ready: the phrases, the condition on passages, the values."""

    phrases: tuple[str, ...]
    filters: Filters
    after: tuple[str, int, int] | None = None
    match: str = field(init=False)
    texts: str = field(init=False)
    values: dict[str, Any] = field(init=False)

    def __post_init__(self) -> None:
        self.texts, self.values = self.filters.sql()
        needs = list(dict.fromkeys(gram for phrase in self.phrases for gram in needed(phrase)))
        self.values |= {"grams": needs, "first": self.phrases[0]}
        self.match = "laws_grams(p.text) @> %(grams)s::bigint[]"
        # One or two characters are themselves in the index: it cannot err.
        for n, phrase in enumerate(each for each in self.phrases if len(each) > 2):
            self.values[f"phrase{n}"] = phrase
            self.match += f" AND strpos(p.text, %(phrase{n})s) > 0"
        self.scan = " AND ".join(f"strpos(p.text, %(scan{n})s) > 0" for n in range(len(self.phrases)))
        self.values |= {f"scan{n}": phrase for n, phrase in enumerate(self.phrases)}


def search(text: str, filters: Filters, *, after: str = "", limit: int = PAGE, whole: bool = False) -> Found:
    """Articles with every phrase of `text` (blanks part phrases), in the texts that the filters let through.

    `whole` gives whole articles, else what stands around the first place found. When the first page of a single phrase is empty, its words
    are looked for instead, as rjieba cuts them. Raises BadCursorError.
    """
    phrases = tuple(dict.fromkeys(filter(None, map(fold, text[:LONGEST].split()))))
    if not phrases:
        return Found([])
    cursor = _read(after)
    if cursor and cursor[0].startswith("l"):
        phrases, is_loose = _cut(phrases), True
    else:
        is_loose = False
    found = _page(phrases, filters, cursor, limit, whole)
    if not found.hits and not after and (words := _cut(phrases)) != phrases:
        phrases, is_loose = words, True
        found = _page(words, filters, None, limit, whole)
    return Found(found.hits, f"l{found.next}" if found.next and is_loose else found.next, phrases, is_loose)


def _cut(phrases: tuple[str, ...]) -> tuple[str, ...]:
    """The words of the phrases, without single characters; the phrases themselves when nothing is left to cut."""
    words = (word for phrase in phrases for word in rjieba.cut(phrase))
    return tuple(dict.fromkeys(word for word in words if len(word) > 1)) or phrases


def _page(phrases: tuple[str, ...], filters: Filters, cursor: tuple[str, int, int] | None, limit: int, whole: bool) -> Found:
    asked = _Asked(phrases, filters, cursor)
    mode = cursor[0][-1] if cursor else ""
    near: list[tuple[int, int]] | None = None
    if not mode and max(map(len, phrases)) <= 2:
        # A character that fills a page from the first laws on is too frequent to be weighed.
        near = _near(asked, max(limit, PAGE))
        mode = "o" if len(near) > PAGE else ""
    rows = None if mode == "o" else _ranked(asked, limit)
    mode = "o" if rows is None else "r"
    if rows is None:
        rows = _in_order(asked, limit, near)
    shown = rows[:limit]
    following = f"{mode}.{shown[-1][1]}.{shown[-1][0]}" if len(rows) > limit else ""
    return Found(_hits([row[0] for row in shown], phrases, filters.on, whole), following)


# How often, for the length of the article: four steps, so that a kind of law weighs within them.
_DENSE = (
    "width_bucket((length(p.text) - length(replace(p.text, %(first)s, '')))::float8 / greatest(length(p.text), 40),"
    " ARRAY[0.02, 0.06, 0.15]::float8[])"
)


def _ranked(asked: _Asked, limit: int) -> list[tuple[int, int]] | None:
    """(passage, worth), the worthiest first; None when there are more than can be weighed.

    Worth: the title holds the words; in force on the day; how much of the article they are; the kind of law.
    """
    titled = _one_of(_JOINED, "strpos(w.slug, %(first)s) > 0")
    in_force = _one_of("laws_expression e", _IN_FORCE) if asked.filters.state == ANY else str(asked.filters.state == FORCE)
    after = "WHERE (-worth, id) > (%(worth)s, %(id)s)" if asked.after else ""
    statement = f"""
        WITH found AS MATERIALIZED (
            SELECT p.id, p.text, p.rank, p.expression_id FROM laws_passage p WHERE {asked.match} AND {asked.texts} LIMIT {RANKED + 1}
        ), counted AS MATERIALIZED (SELECT count(*) AS n FROM found), weighed AS (
            SELECT p.id, (({titled})::int * 2 + ({in_force})::int) * 512 + {_DENSE} * 128 + 127 - p.rank AS worth
            FROM found p WHERE (SELECT n FROM counted) <= {RANKED}
        )
        SELECT id, worth, n FROM counted
        LEFT JOIN (SELECT * FROM weighed {after} ORDER BY worth DESC, id LIMIT {limit + 1}) best ON true ORDER BY worth DESC, id
    """  # noqa: S608 - only the constants above are put together
    values = asked.values | ({"worth": -asked.after[1], "id": asked.after[2]} if asked.after else {})
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        rows = cursor.fetchall()
    if rows[0][2] > RANKED:
        return None
    return [(row[0], row[1]) for row in rows if row[0] is not None]


def _in_order(asked: _Asked, limit: int, near: list[tuple[int, int]] | None = None) -> list[tuple[int, int]]:
    """(passage, rank) in the order of the kinds of law. What is frequent stands among the next passages; else the index is asked."""
    rows = _near(asked, limit) if near is None else near
    if len(rows) > limit:
        return rows
    # `+ 0`: the passages that the index names are sorted, never all passages gone through in their order.
    return _rows(
        f"""
        SELECT p.id, p.rank FROM laws_passage p
        WHERE {asked.match} AND {_PLACE} AND {asked.texts} ORDER BY p.rank + 0, p.id LIMIT {limit + 1}
        """,  # noqa: S608 - only the constants above are put together
        asked,
    )


def _near(asked: _Asked, limit: int) -> list[tuple[int, int]]:
    """(passage, rank) among the next passages only, in the order of the kinds of law."""
    return _rows(
        f"""
        SELECT p.id, p.rank FROM (
            SELECT * FROM laws_passage p WHERE {_PLACE} ORDER BY p.rank, p.id LIMIT {WALK}
        ) p WHERE {asked.scan} AND {asked.texts} ORDER BY p.rank, p.id LIMIT {limit + 1}
        """,  # noqa: S608 - only the constants above are put together
        asked,
    )


def _rows(statement: str, asked: _Asked) -> list[tuple[int, int]]:
    place = {"rank": asked.after[1], "id": asked.after[2]} if asked.after else {"rank": -1, "id": 0}
    with connection.cursor() as cursor:
        cursor.execute(statement, asked.values | place)
        rows: list[tuple[int, int]] = cursor.fetchall()
    return rows


def _hits(ids: Sequence[int], phrases: tuple[str, ...], on: date, whole: bool) -> list[Hit]:
    """The articles of these passages as written, in the same order."""
    if not ids:
        return []
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT p.id, p.expression_id, p.key, n.number, n.text FROM laws_passage p"
            " JOIN laws_node n ON n.expression_id = p.expression_id AND n.key = p.key WHERE p.id = ANY(%s)",
            [list(ids)],
        )
        rows = {row[0]: row[1:] for row in cursor.fetchall()}
    texts = {each.pk: each for each in Expression.objects.filter(pk__in={row[0] for row in rows.values()}).select_related("work")}
    shown = [rows[each] for each in ids if each in rows]
    return [
        Hit(texts[text], key, number, marked(words, phrases, whole=whole), texts[text].status(on))
        for text, key, number, words in shown
        if text in texts
    ]


_CURSOR = re.compile(r"(l?[ro])\.([0-9]{1,6})\.([0-9]{1,18})")


def _read(after: str) -> tuple[str, int, int] | None:
    if not after:
        return None
    match = _CURSOR.fullmatch(after)
    if match is None:
        raise BadCursorError("翻页位置无法读取，请从第一页重新开始")
    return match[1], int(match[2]), int(match[3])
