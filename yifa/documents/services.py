"""Keeps the store of documents true to the record."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from datetime import datetime, timedelta
from itertools import islice
from pathlib import Path

from django.conf import settings

from yifa.documents.models import Binding, Document
from yifa.dossiers import store
from yifa.dossiers.queries import is_evidence

# A document is stored before its act is committed: what is younger may belong to an act under way.
GRACE = timedelta(hours=1)
KEPT_ROWS = timedelta(days=1)
BATCH = 500


def sweep(*, at: datetime, named: Sequence[Callable[[str], bool]] = ()) -> int:
    """Removes the documents of acts that failed: stored PDFs older than an hour that nothing names. How many went.

    `named`: rooms above that keep papers which are no evidence answer for their own.
    """
    # A bound case file is named by nothing and goes with the others; its row tells nothing any more after a day.
    Binding.objects.filter(moved_at__lt=at - KEPT_ROWS).delete()
    gone = 0
    found = _old_pdfs(at - GRACE)
    while batch := set(islice(found, BATCH)):
        unnamed = batch - set(Document.objects.filter(sha256__in=batch).values_list("sha256", flat=True))
        for sha256 in unnamed:
            if not is_evidence(sha256) and not any(keeps(sha256) for keeps in named):
                store.remove(sha256)
                gone += 1
    return gone


def _old_pdfs(before: datetime) -> Iterator[str]:
    for path in (Path(settings.FILES) / "store").glob("*/*/*"):
        try:
            if path.stat().st_mtime < before.timestamp() and _is_pdf(path):
                yield path.name
        except FileNotFoundError:  # another sweep was faster
            continue


def _is_pdf(path: Path) -> bool:
    with path.open("rb") as file:
        return file.read(5) == b"%PDF-"
