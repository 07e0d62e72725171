"""Files of acts that never came to be go; documents, evidence and acts under way keep theirs."""

from __future__ import annotations

import os
import uuid
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from pytest_django import Settings

from yifa.documents.models import Document
from yifa.documents.services import sweep
from yifa.dossiers import store
from yifa.dossiers.tests import cast

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)


def kept(content: bytes, age: timedelta) -> str:
    sha256 = store.put(content).sha256
    moment = (NOW - age).timestamp()
    os.utime(store.path(sha256), (moment, moment))
    return sha256


@pytest.mark.usefixtures("db")
def test_only_an_old_pdf_that_nothing_names_is_swept(settings: Settings, tmp_path: Path) -> None:
    settings.FILES = tmp_path
    cast.regions()
    here = cast.body("150202")
    case = cast.dossier(here, 1)
    orphan, fresh = kept(b"%PDF-1.7 orphan", timedelta(hours=2)), kept(b"%PDF-1.7 fresh", timedelta(minutes=50))
    picture, named = kept(b"\x89PNG", timedelta(days=9)), kept(b"%PDF-1.7 named", timedelta(days=9))
    Document.objects.create(
        league=case.league, id=uuid.uuid4(), dossier=case.code, seq=1, form="x", title="决定书", organisation=here, year=2026,
        sha256=named, unsigned_sha256=named, size=1, pages=1, audience="to_party", created_at=NOW,
    )  # fmt: skip
    assert sweep(at=NOW) == 1
    assert [store.exists(each) for each in (orphan, fresh, picture, named)] == [False, True, True, True]
    assert sweep(at=NOW) == 0
