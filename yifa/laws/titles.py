"""Finding a work by a title that is shortened, misheard or mistyped: 食安法, 行政出罚法, 行政处法法."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.db import connection
from django.db.models.functions import Length
from pypinyin import lazy_pinyin

from yifa.laws.models import Work
from yifa.laws.rules import title_key

NEAR = 0.5  # mean share of common characters and common pairs of them from which two titles are taken for one that was mistyped
LONGEST = 60
_SHORTEST = 2
# The shortest title that holds the text: its own title or alias before longer ones.
_HOLDING = """
    SELECT w.* FROM laws_work w JOIN (
        SELECT work_id, min(length(key)) AS near FROM laws_title WHERE strpos(key, %s) > 0 GROUP BY work_id
    ) holding ON holding.work_id = w.id ORDER BY near, sort_key, slug LIMIT %s
"""


@dataclass(frozen=True)
class Named:
    """The works that a text may name; `is_guess` when no title holds it as it is written."""

    works: Sequence[Work]
    is_guess: bool = False


def named(text: str, limit: int = 6, *, guess: bool = True) -> Named:
    """Works by title: the title or alias itself, titles that hold the text, then (guesses) the same sound, the text's characters in this
    order, and titles most of whose characters and pairs are the same. The first of these that finds anything answers."""
    key = title_key(text[:LONGEST])
    if len(key) < _SHORTEST:
        return Named([])
    works = Work.objects.order_by(Length("slug"), "sort_key", "slug")
    if titled := list(Work.objects.raw(_HOLDING, [key, limit])):
        return Named(titled)
    if not guess or not all("一" <= letter <= "鿿" for letter in key):
        return Named([])
    sound = " ".join(lazy_pinyin(key))
    # Blanks around: 发 (fa) is not the beginning of 方 (fang).
    heard = works.extra(where=["strpos(' ' || sort_key || ' ', %s) > 0"], params=[f" {sound} "])
    in_order = works.filter(slug__regex=".*".join(key)) if key.endswith(("法", "条例", "办法", "规定", "法典")) else works.none()
    for guesses in (heard, in_order):
        if len(key) > _SHORTEST and (found := list(guesses[:limit])):
            return Named(found, is_guess=True)
    return Named(_alike(key, limit), is_guess=True)


def _alike(key: str, limit: int) -> list[Work]:
    pairs = [key[n : n + 2] for n in range(len(key) - 1)]
    if len(pairs) <= _SHORTEST:
        return []
    statement = """
        SELECT t.work_id, max(
            1.0 * (SELECT count(*) FROM unnest(%(pairs)s::text[]) pair WHERE strpos(t.key, pair) > 0) / (%(own)s + length(t.key) - 1)
            + 1.0 * (SELECT count(*) FROM unnest(%(letters)s::text[]) one WHERE strpos(t.key, one) > 0) / (%(own)s + 1 + length(t.key))
        ) AS near
        FROM laws_title t WHERE length(t.key) BETWEEN %(own)s / 2 AND %(own)s * 2 + 2 GROUP BY 1 ORDER BY near DESC, 1 LIMIT %(limit)s
    """
    with connection.cursor() as cursor:
        cursor.execute(statement, {"pairs": pairs, "letters": list(key), "own": len(pairs), "limit": limit})
        near = [pk for pk, share in cursor.fetchall() if share >= NEAR]
    works = Work.objects.in_bulk(near)
    return [works[pk] for pk in near]
