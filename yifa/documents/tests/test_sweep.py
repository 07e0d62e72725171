"""A file that no document and no evidence names goes, after its hour of grace; everything else stays."""

from __future__ import annotations

import os
from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import uuid4

import pytest
from pytest_django.fixtures import SettingsWrapper

from yifa.documents.models import Document
from yifa.documents.services import sweep
from yifa.dossiers import store
from yifa.dossiers.models import Evidence
from yifa.dossiers.tests import cast

NOW = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)


def stored(content: bytes, *, age: timedelta) -> str:
    name = store.put(content).sha256
    moment = (NOW - age).timestamp()
    os.utime(store.path(name), (moment, moment))
    return name


@pytest.mark.usefixtures("db")
def test_only_old_pdfs_that_nothing_names_are_swept(settings: SettingsWrapper, tmp_path: Path) -> None:
    settings.FILES = tmp_path
    cast.regions()
    body = cast.body("150202")
    case, officer = cast.dossier(body, 1), cast.officer(body, "a")
    old, young = timedelta(minutes=61), timedelta(minutes=59)
    orphan, fresh, photo = stored(b"%PDF-1", age=old), stored(b"%PDF-2", age=young), stored(b"\xff\xd8", age=old)
    issued, attached = stored(b"%PDF-3", age=old), stored(b"%PDF-4", age=old)
    Document.objects.create(
        league=case.league, id=uuid4(), dossier=case.code, seq=1, form="x", title="决定书", organisation=body, year=2026, sha256=issued,
        unsigned_sha256="", size=6, pages=1, audience="to_party", created_at=NOW,
    )  # fmt: skip
    Evidence.objects.create(
        league=case.league, id=uuid4(), title="合同", kind="paper", sha256=attached, size=6, mime="application/pdf", uploaded_at=NOW,
        uploaded_by_id=officer.person,
    )  # fmt: skip
    assert sweep(at=NOW) == 1
    assert not store.exists(orphan)
    assert all(store.exists(name) for name in (fresh, photo, issued, attached))
    assert sweep(at=NOW) == 0
