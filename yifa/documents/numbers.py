"""Numbers without gaps: 文号 and case numbers are taken in the act's own transaction, so a refused act returns its number.

Numbers handed out beforehand (blocks.py) are no longer free here: the series jumped over them when they were allotted.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import uuid4

from yifa.documents.words import printed_number

# The next number of a series: parameters league, organisation, kind, year. The row stays locked until the act ends.
ALLOT = (
    "INSERT INTO documents_series (league, organisation_id, kind, year, last) VALUES (%s, %s, %s, %s, 1)"
    " ON CONFLICT (league, organisation_id, kind, year) DO UPDATE SET last = documents_series.last + 1 RETURNING last"
)

_KEYS = (
    *("form", "title", "organisation", "series", "year", "sequence"),
    *("number", "sha256", "unsigned_sha256", "size", "pages", "audience"),
)
_INSERT = (
    "INSERT INTO documents_document (league, id, dossier, seq, form, title, organisation_id, series, year, sequence,"
    " number, sha256, unsigned_sha256, size, pages, audience, corrects, created_at)"
    " VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s)"
)


def text(short_name: str, series: str, year: int, number: int) -> str:
    """`包昆城管当罚〔2026〕18号`: six-cornered brackets, no leading zero (GB/T 9704)."""
    return f"{short_name}{series}〔{year}〕{number}号"


@dataclass(frozen=True)
class Printed:
    """The number of a printed form, and the block it was handed out with: None when the body was given no such number."""

    text: str
    year: int
    number: int
    block: Mapping[str, Any] | None

    @property
    def fault(self) -> str:
        """Why no act may bear this number, fit to be read aloud; empty when it may."""
        if self.block is None:
            return f"编号“{self.text}”不在发给本机关的预印编号之内，请核对纸质文书；确是本机关文书的，请负责人先登记领用"
        if reason := self.block["voided"]:
            return f"编号“{self.text}”已经作废（{reason}），不能再用，请核对纸质文书"
        if self.block["returned"]:
            return f"编号“{self.text}”所在的预印编号已经缴销（{self.block['returned']}），不能再用，请核对纸质文书"
        return ""


def ask_printed(typed: str, *, league: str, organisation: str, kind: str) -> tuple[str, list[Any]] | None:
    """The question after a printed number and its parameters; None when what was typed is no number.

    The block's row stays locked until the act ends: a number cannot be voided while an act takes it.
    """
    found = printed_number(typed)
    if found is None:
        return None
    prefix, year, number = found
    return _PRINTED, [number, league, organisation, kind, year, prefix, number]


_PRINTED = (
    "SELECT voided ->> %s::text, CASE WHEN returned_at IS NOT NULL THEN return_reason ELSE '' END FROM documents_block"
    " WHERE league = %s AND organisation_id = %s AND kind = %s AND year = %s AND prefix = %s AND %s BETWEEN first AND last FOR SHARE"
)


def printed(typed: str, row: tuple[str | None, str] | None) -> Printed:
    """What the block's row, if there is one, says about a number that was typed."""
    prefix, year, number = printed_number(typed) or (typed, 0, 0)
    said = text(prefix, "", year, number) if year else typed
    return Printed(said, year, number, {"voided": row[0] or "", "returned": row[1]} if row else None)


def insert(league: str, dossier: str, seq: int, document: Mapping[str, Any], at: datetime) -> tuple[Any, ...]:
    """What writes one document, as a member of `take`'s statement: its SQL, then its parameters."""
    return (
        _INSERT,
        league,
        uuid4(),
        dossier,
        seq,
        *(document[key] for key in _KEYS),
        document.get("corrects", ""),
        at,
    )
