"""Documents in the catalogue of their case file."""

from __future__ import annotations

import uuid
from datetime import timedelta

import pytest

from yifa.documents.models import Document
from yifa.documents.queries import papers
from yifa.documents.rules import INTERNAL, TO_PARTY
from yifa.dossiers import queries
from yifa.dossiers.tests import cast


@pytest.mark.usefixtures("db")
def test_documents_stand_in_their_places_and_a_proof_follows_what_it_proves() -> None:
    cast.regions()
    here, elsewhere = cast.body("150202"), cast.body("150102")
    officer, stranger = cast.officer(here, "a"), cast.officer(elsewhere, "b")
    case = cast.dossier(here, 1)
    issued = [
        ("责令改正通知书", TO_PARTY),
        ("当场行政处罚决定书", TO_PARTY),
        ("送达回证", TO_PARTY),
        ("结案审批表", INTERNAL),
        ("处理意见", INTERNAL),
    ]
    for seq, (title, audience) in enumerate(issued, 1):
        Document.objects.create(
            league=case.league, id=uuid.uuid4(), dossier=case.code, seq=seq, form="x", title=title, organisation=here, year=2026,
            sha256=f"{seq:064x}", unsigned_sha256="", size=1, pages=seq, audience=audience, created_at=cast.DAY + timedelta(minutes=seq),
        )  # fmt: skip
    volumes = queries.catalogue(officer, case.code, papers=papers)
    assert volumes is not None
    assert [(line.paper.title, line.span) for line in volumes[0].lines] == [
        ("当场行政处罚决定书", "1-2"),
        ("送达回证", "3-5"),
        ("责令改正通知书", "6"),
    ]
    assert [line.paper.title for line in volumes[1].lines] == ["结案审批表", "处理意见"]
    assert list(papers(stranger, case.code)) == []
