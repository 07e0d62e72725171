"""Binding a case file for a reader: at once where it is quick, by the worker where it is not, and never a second copy of the same.

The bound PDF is a copy with personal data in it. It lies among the stored files under its digest, named by nothing, so that the hourly
sweep takes it away; whoever downloads it is written down as one who has read the whole file.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from hashlib import sha256
from pathlib import Path
from time import monotonic
from uuid import UUID, uuid4

from django.conf import settings
from django.db import IntegrityError, transaction
from django.utils import timezone
from procrastinate.contrib.django import app

from yifa.documents import binding
from yifa.documents.binding import Cover, Head
from yifa.documents.models import Binding
from yifa.documents.words import CHINA, date_text
from yifa.dossiers import queries, store
from yifa.dossiers.catalogue import Line, Paper, Volume
from yifa.dossiers.queries import Dossier
from yifa.kernel.ledger.queries import head_of
from yifa.kernel.people.actors import Actor
from yifa.kernel.people.queries import actor as actor_in

Papers = Callable[[Actor, str], Iterable[Paper]]
TASK = "bind_dossier"
# What is expected to take longer than this is left to the worker (seconds).
QUICK = 2.0
# What it takes, as measured (docs/performance.md): to begin with, a page, a photo, a sheet of its own, a megabyte. Seconds, rounded up.
_BEGIN, _PAGE, _PHOTO, _SHEET, _MEGABYTE = 0.5, 0.004, 0.15, 0.05, 0.012
# A job that has told nothing for so long has died with its worker.
STALE = timedelta(minutes=5)
TELL_EVERY = 1.0
RUNNING = (Binding.State.WAITING, Binding.State.AT_WORK)


class GoneError(Exception):
    """Whoever asked may not read the dossier any more."""


def without(volumes: Iterable[Volume]) -> str:
    """Which papers this reader is not given, as a digest; "" when he is given all. Readers of the same share one copy."""
    kept = sorted(line.paper.key for volume in volumes for line in volume.lines if line.paper.withheld)
    return sha256("\n".join(kept).encode()).hexdigest() if kept else ""


def latest(dossier: Dossier, volumes: Sequence[Volume], *, at: datetime) -> Binding | None:
    """What there is of this dossier for whoever is given these volumes: bound and still there, or being bound. None: ask for it."""
    mine = Binding.objects.filter(league=dossier.league, dossier=dossier.code, without=without(volumes))
    row = mine.order_by("-asked_at").first()
    if row is None or row.state == Binding.State.FAILED:
        return row
    if row.is_running:
        return row if at - row.moved_at < STALE else None
    fresh = row.seq == dossier.seq and row.asked_at >= dossier.updated_at and store.exists(row.sha256)
    return row if fresh else None


def ask(dossier: Dossier, *, by: Actor, papers: Papers, at: datetime) -> Binding | None:
    """The bound file of a dossier that `by` may read, made now or under way. None when it is not his to read."""
    volumes = queries.catalogue(by, dossier.code, papers=papers)
    if volumes is None:
        return None
    found = latest(dossier, volumes, at=at)
    if found and found.state != Binding.State.FAILED:
        return found
    try:
        row = _begun(dossier, volumes, by=by, at=at)
    except IntegrityError:  # someone else asked in the same moment
        return latest(dossier, volumes, at=at)
    if row.state == Binding.State.AT_WORK:
        _bind(row, dossier, volumes, by=by)
    return row


def perform(league: str, ident: UUID, papers: Papers) -> None:
    """The worker's part: the rights are asked again, since they may have ended meanwhile. Raises GoneError."""
    mine = Binding.objects.filter(league=league, id=ident, state=Binding.State.WAITING)
    if not mine.update(state=Binding.State.AT_WORK, moved_at=timezone.now()):
        return
    row = Binding.objects.select_related("asked_by").get(league=league, id=ident)
    by = actor_in(row.asked_by, row.post)
    dossier = queries.case(by, row.dossier) if by else None
    volumes = queries.catalogue(by, row.dossier, papers=papers) if by else None
    if by is None or dossier is None or volumes is None:
        _ended(row, Binding.State.FAILED)
        raise GoneError(f"{row.dossier} is not to be read any more by who asked for it")
    row.seq, row.sheets, row.without = dossier.seq, _sheets(volumes), without(volumes)
    _bind(row, dossier, volumes, by=by)


def _given(volumes: Iterable[Volume]) -> list[Line]:
    return [line for volume in volumes for line in volume.lines if not line.paper.withheld]


def _sheets(volumes: Iterable[Volume]) -> int:
    """The numbered sheets that are bound: all but those kept back."""
    return sum(line.pages for line in _given(volumes))


def cost(volumes: Sequence[Volume]) -> float:
    """About how many seconds a file takes."""
    lines = _given(volumes)
    photos = sum(line.paper.mime in binding.PICTURES for line in lines)
    sheets = sum(line.paper.pages is None for line in lines)
    sizes = sum(store.path(line.paper.sha256).stat().st_size for line in lines if line.paper.pages and store.exists(line.paper.sha256))
    pages = sum(line.pages for line in lines)
    return _BEGIN + pages * _PAGE + photos * _PHOTO + sheets * _SHEET + sizes / 1_000_000 * _MEGABYTE


def _begun(dossier: Dossier, volumes: Sequence[Volume], *, by: Actor, at: datetime) -> Binding:
    """The row, and the job where it takes long: both or neither."""
    quick = cost(volumes) <= QUICK
    with transaction.atomic():
        _give_up(dossier, at)
        row = Binding.objects.create(
            league=dossier.league,
            id=uuid4(),
            dossier=dossier.code,
            seq=dossier.seq,
            asked_by_id=UUID(by.person),
            post=by.post,
            asked_at=at,
            moved_at=at,
            state=Binding.State.AT_WORK if quick else Binding.State.WAITING,
            without=without(volumes),
            sheets=_sheets(volumes),
        )
        if not quick:
            app.configure_task(TASK).defer(league=row.league, ident=str(row.id))
    return row


def _give_up(dossier: Dossier, at: datetime) -> None:
    died = Binding.objects.filter(league=dossier.league, dossier=dossier.code, state__in=RUNNING, moved_at__lt=at - STALE)
    died.update(state=Binding.State.FAILED, moved_at=at)


def _bind(row: Binding, dossier: Dossier, volumes: Sequence[Volume], *, by: Actor) -> None:
    """Binds, keeps the file and says so in the row. Whatever goes wrong is said there too, and raised."""
    told = monotonic()

    def done(sheets: int) -> None:
        nonlocal told
        if monotonic() - told >= TELL_EVERY:
            told = monotonic()
            Binding.objects.filter(league=row.league, id=row.id).update(done=sheets, moved_at=timezone.now())

    part = store.folder(Path(settings.FILES) / "incoming") / f"{row.id}.pdf"
    cover, today = _cover(dossier, volumes, by), timezone.now().astimezone(CHINA).date()
    try:
        with part.open("w+b") as file:
            bound = binding.bind(file, cover=cover, volumes=volumes, head=_head(dossier), day=today, done=done)
        kept = store.adopt(part)
    except BaseException:
        _ended(row, Binding.State.FAILED)
        raise
    finally:
        part.unlink(missing_ok=True)
    row.sha256, row.size = kept.sha256, kept.size
    row.pages, row.left_out = bound.pages, len(bound.left_out)
    _ended(row, Binding.State.DONE)


def _ended(row: Binding, state: Binding.State) -> None:
    row.state, row.moved_at = state, timezone.now()
    row.done = row.sheets if state == Binding.State.DONE else row.done
    changed: Mapping[str, object] = {
        name: getattr(row, name)
        for name in ("state", "moved_at", "done", "seq", "without", "sheets", "pages", "left_out", "sha256", "size")
    }
    Binding.objects.filter(league=row.league, id=row.id).update(**changed)


def _cover(dossier: Dossier, volumes: Sequence[Volume], by: Actor) -> Cover:
    """Names of parties stand on the cover as on the page of the case, for whoever may read the case; numbers and telephones do not."""
    parties = "、".join(party.name for party in queries.parties(by, dossier.code))
    rows = (
        ("案件编号", dossier.code),
        ("文号", dossier.number or ""),
        ("当事人", parties),
        ("立卷日期", date_text(dossier.opened_at.astimezone(CHINA))),
        ("办结日期", date_text(dossier.closed_at.astimezone(CHINA)) if dossier.closed_at else "尚未办结"),
        ("卷数和页数", "，".join(f"{volume.name}{volume.pages}页" for volume in volumes)),
    )
    return Cover(dossier.organisation.name, dossier.title or dossier.code, dossier.code, tuple(row for row in rows if row[1]))


def _head(dossier: Dossier) -> Head:
    seq, digest = head_of(dossier.league, dossier.code)
    return Head(settings.LOG_ORIGIN, seq, digest.hex())
