"""Reads of issued documents: what they are in the case file."""

from __future__ import annotations

from collections.abc import Iterator

from yifa.documents.models import Document
from yifa.documents.rules import INTERNAL
from yifa.dossiers import withholding
from yifa.dossiers.catalogue import Paper, Place
from yifa.dossiers.queries import case
from yifa.kernel.people.actors import Actor

# Where a document lies in the file (市场监督管理行政处罚程序规定第七十八条), by how its 题名 ends; what is not named here was issued to
# the party.
PLACES = (
    ("立案审批表", Place.FILING),
    ("处罚决定书", Place.DECISION),
    ("听证笔录", Place.HEARING),
    ("票据", Place.RECEIPT),
    ("案件来源登记表", Place.LEAD),
    ("调查终结报告", Place.REPORT),
    ("审核意见书", Place.REVIEW),
    ("听证报告", Place.HEARING_REPORT),
    ("结案审批表", Place.CLOSING),
)
PROOFS = ("送达回证", "送达地址确认书")


def papers(actor: Actor, code: str) -> Iterator[Paper]:
    """The documents of a case that `actor` may read, for its catalogue; a proof of service goes with what was issued last before it.

    One that he is not given (`Form.reserved`) stands there by name, with the reason and without its content.
    """
    found = case(actor, code)
    if found is None:
        return
    withheld = withholding.of(actor, found)
    served: str | None = None
    for row in Document.objects.filter(league=found.league, dossier=code).order_by("seq", "created_at", "id"):
        proof = row.title.endswith(PROOFS)
        key, why = str(row.id), withheld.paper(row.form)
        if not proof and row.audience != INTERNAL:
            served = key
        yield Paper(
            key=key,
            title=row.title,
            place=_place(row.title, row.audience),
            at=row.created_at,
            pages=row.pages,
            number=row.number,
            sha256=row.sha256 if not why else "",
            seq=row.seq,
            proves=served if proof else None,
            withheld=why,
        )


def _place(title: str, audience: str) -> Place:
    named = next((place for ending, place in PLACES if title.endswith(ending)), None)
    return named or (Place.INNER if audience == INTERNAL else Place.ISSUED)
