"""Writes: an upload's way to a piece of evidence, and what the law orders erased.

A step names evidence by id and `procedures.take` binds it in its own statement; nothing here writes the record.
"""

from __future__ import annotations

import fcntl
import hashlib
import os
import uuid
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime, timedelta
from pathlib import Path
from typing import BinaryIO, Protocol

from django.conf import settings
from django.db import transaction
from django.db.models import Count

from yifa.dossiers import images, rules, store
from yifa.dossiers.models import Dossier, Evidence, Party, Upload
from yifa.kernel.people.actors import Actor
from yifa.kernel.people.services import note_reading as note

# After so many bytes what came in is made safe, so that a killed process costs the sender at most this much again.
CHECKPOINT = 8 * 1024 * 1024
CHUNK = 256 * 1024


class UploadRefused(Exception):
    """The upload cannot go on; the status is the protocol's, the text the officer's."""

    def __init__(self, status: int, reason: str) -> None:
        super().__init__(reason)
        self.status = status
        self.reason = reason


class Content(Protocol):
    """What is read from: a request, a file."""

    def read(self, size: int, /) -> bytes: ...


def note_reading(dossier: Dossier, *items: str, by: Actor, way: str, detail: str = "") -> None:
    """Sensitive data of a dossier is about to be shown to `by`, who got it from `queries.case`: one line of the reading log."""
    note(
        by=by,
        subject=dossier.code,
        label=dossier.number or dossier.code,
        league=dossier.league,
        body=dossier.organisation_id,
        items=items,
        way=way,
        ground=dossier.ground,
        detail=detail,
    )


def keep_evidence(*, by: Actor, title: str, kind: str, mime: str, content: bytes, at: datetime) -> uuid.UUID:
    """A picture or paper that an importer brings: kept, and waiting for the act that names it. Devices upload by tus instead."""
    stored = store.put(content)
    row = Evidence.objects.create(
        facts=_seen_facts(images.look(store.path(stored.sha256), mime)),
        league=by.league,
        id=uuid.uuid4(),
        title=title,
        kind=kind,
        sha256=stored.sha256,
        size=stored.size,
        mime=mime,
        taken_at=at,
        uploaded_at=at,
        uploaded_by_id=uuid.UUID(by.person),
    )
    return row.id


def erase_party(*, league: str, dossier: str, at: datetime) -> tuple[str, ...]:
    """Clear the parties' personal data and the evidence of a dossier (个人信息保护法第四十七条), inside the caller's transaction.

    Called by the ledger's erasure, which has the two persons and the ground and appends the entry. Returns the files that nothing names any
    more; the caller removes them with `store.remove` after its commit.
    """
    if not transaction.get_connection().in_atomic_block:
        raise RuntimeError("erase_party belongs into the erasure's transaction")
    Party.objects.filter(league=league, dossier=dossier).update(
        name="（已依法清除）", identity_sealed=None, identity_hash="", phone_sealed=None, address="", representative="", erased_at=at
    )
    Dossier.objects.filter(league=league, code=dossier).update(party_label="（已依法清除）", proof_hash="", updated_at=at)
    gone = list(Evidence.objects.filter(league=league, dossier=dossier))
    files = {name for row in gone for name in (row.sha256, row.facts.get("thumbnail")) if name}
    Evidence.objects.filter(league=league, dossier=dossier).update(title="（已依法清除）", facts={"erased": True}, size=0)
    used = Evidence.objects.filter(sha256__in=files).exclude(size=0).values("sha256").annotate(n=Count("id"))
    return tuple(sorted(files - {row["sha256"] for row in used}))


def create_upload(*, actor: Actor, dossier: Dossier | None, length: int, described: Mapping[str, str], at: datetime) -> Upload:
    """Announce a file, for a dossier that the sender may read or for one about to be opened: judged before a byte is sent."""
    filename = rules.clean_name(described.get("filename", ""))
    kind = described.get("kind") or rules.kind_of(filename, described.get("filetype", ""))
    if kind is None or kind not in rules.TYPES:
        raise UploadRefused(415, "只能上传照片、录音、录像和 PDF 材料")
    if length <= 0:
        raise UploadRefused(400, f"“{filename}”是空文件（0 字节），请重新选择或重新拍摄")
    limit = settings.FILE_LIMITS[kind]
    if length > limit * 1024 * 1024:
        raise UploadRefused(413, f"“{filename}”超过{rules.KIND_NAMES[kind]}的上限 {limit} MB，未开始上传；请分段录制或压缩后再传")
    taken_at = _moment(described.get("taken_at") or described.get("taken", ""), at)
    sha256 = described.get("sha256", "").lower()
    upload = Upload.objects.create(
        league=dossier.league if dossier else actor.league,
        id=uuid.uuid4(),
        person_id=uuid.UUID(actor.person),
        dossier=dossier.code if dossier else None,
        step=described.get("step", "")[:64],
        kind=kind,
        filename=filename,
        length=length,
        sha256=sha256 if len(sha256) == 64 else "",
        taken_at=taken_at,
        created_at=at,
        expires_at=at + timedelta(hours=settings.UPLOAD_HOURS),
    )
    part = part_path(upload.id)
    store.folder(part.parent)
    part.touch(mode=0o640, exist_ok=False)
    return upload


def append(upload: Upload, *, offset: int, content: Content, size: int, checksum: rules.Checksum | None, at: datetime) -> Upload:
    """Add the bytes of one request at `offset`; finish the upload when all are there.

    The part file is locked while one request writes, so of two senders one goes on and the other hears 423. A broken connection keeps what
    arrived; a request with a checksum counts whole or not at all.
    """
    if upload.evidence is not None and (offset, size) == (upload.length, 0):
        return upload
    with _locked(upload) as file:
        upload.refresh_from_db()
        _usable(upload, at)
        if offset != upload.received:
            raise UploadRefused(409, f"已收到 {upload.received} 字节，请从该处继续上传")
        if offset + size > upload.length:
            raise UploadRefused(413, "发送的内容比声明的长度多，未保存")
        if upload.evidence is None and upload.received < upload.length:
            _write(upload, file, content, size, checksum)
        if upload.received == upload.length:
            _finish(upload, file, at)
    return upload


def complete(upload: Upload, *, at: datetime) -> Upload:
    """Finish an upload whose bytes are all there but whose process died before it became evidence."""
    if upload.evidence is None and upload.received == upload.length and not upload.refusal:
        with _locked(upload) as file:
            upload.refresh_from_db()
            _finish(upload, file, at)
    return upload


def cancel(upload: Upload) -> None:
    """The sender gives up (tus termination). What has already become evidence stays."""
    if upload.evidence is None:
        with _locked(upload):
            part_path(upload.id).unlink(missing_ok=True)
    Upload.objects.filter(league=upload.league, id=upload.id).delete()


def sweep(*, at: datetime) -> int:
    """Remove expired uploads with their parts, and temporary files of processes that died more than a day ago; how many uploads went."""
    gone = 0
    for upload in Upload.objects.filter(expires_at__lt=at).iterator():
        try:
            with _locked(upload):
                part_path(upload.id).unlink(missing_ok=True)
        except UploadRefused as refused:
            if refused.status == 423:
                continue
        upload.delete()
        gone += 1
    incoming = Path(settings.FILES) / "incoming"
    for left in incoming.iterdir() if incoming.is_dir() else ():
        if left.stat().st_mtime < (at - timedelta(days=1)).timestamp():
            left.unlink(missing_ok=True)
    return gone


def part_path(upload: uuid.UUID) -> Path:
    """Where the bytes of an upload under way lie; made from its own id only."""
    return Path(settings.FILES) / "uploads" / str(upload)[:2] / f"{upload}.part"


@contextmanager
def _locked(upload: Upload) -> Iterator[BinaryIO]:
    try:
        file = part_path(upload.id).open("r+b")
    except FileNotFoundError as error:
        raise UploadRefused(410, "这次上传已结束或已过期，请重新上传") from error
    with file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise UploadRefused(423, "同一文件正在另一连接中上传，请稍候自动继续") from error
        yield file


def _usable(upload: Upload, at: datetime) -> None:
    if upload.refusal:
        raise UploadRefused(410, upload.refusal)
    if upload.expires_at <= at:
        raise UploadRefused(410, "这次上传已过期，请重新上传")


def _write(upload: Upload, file: BinaryIO, content: Content, size: int, checksum: rules.Checksum | None) -> None:
    # Bytes beyond `received` came from a request that never got its answer: they do not count.
    file.truncate(upload.received)
    file.seek(upload.received)
    digest = hashlib.new(checksum.algorithm, usedforsecurity=False) if checksum else None
    position = safe = upload.received
    end = upload.received + size
    while position < end and (chunk := _receive(content, min(CHUNK, end - position))):
        file.write(chunk)
        position += len(chunk)
        if digest:
            digest.update(chunk)
        elif position - safe >= CHECKPOINT:
            safe = _secure(upload, file, position)
    if digest and checksum and digest.digest() != checksum.digest:
        file.truncate(upload.received)
        raise UploadRefused(460, "传输中数据有误（校验值不符），这一段未保存，将自动重传")
    _secure(upload, file, position)
    if position < end:
        raise UploadRefused(400, f"连接中断，已保存 {position} 字节，可继续上传")


def _receive(content: Content, size: int) -> bytes:
    """A broken connection ends like a short one: what came before it is kept."""
    try:
        return content.read(size)
    except OSError:
        return b""


def _secure(upload: Upload, file: BinaryIO, position: int) -> int:
    """First the bytes are safe, then the row says so."""
    file.flush()
    os.fsync(file.fileno())
    Upload.objects.filter(league=upload.league, id=upload.id).update(received=position)
    upload.received = position
    return position


def _finish(upload: Upload, file: BinaryIO, at: datetime) -> None:
    """All bytes are there: look at what they are, keep the file, make it evidence. May be repeated after a crash at any line."""
    if upload.evidence is not None:
        return
    part = part_path(upload.id)
    try:
        mime = rules.served_as(upload.kind, images.sniff(part))
        if mime is None:
            formats = rules.KIND_FORMATS[upload.kind]
            name = rules.KIND_NAMES[upload.kind]
            raise UploadRefused(415, f"“{upload.filename}”的内容不是{name}：文件名不能代替内容，只接受 {formats}")
        seen = images.look(part, mime)
        if seen.problem:
            raise UploadRefused(415, f"“{upload.filename}”{seen.problem}")
        stored = store.adopt(part)
        if upload.sha256 and stored.sha256 != upload.sha256:
            raise UploadRefused(460, f"“{upload.filename}”收到的内容与发送端不一致（SHA-256 不符），请重新上传")
    except UploadRefused as refused:
        Upload.objects.filter(league=upload.league, id=upload.id).update(refusal=refused.reason)
        part.unlink(missing_ok=True)
        raise
    facts = _seen_facts(seen)
    if late := rules.late_by(upload.taken_at, at):
        facts["late_seconds"] = int(late.total_seconds())
    with transaction.atomic():
        evidence = Evidence.objects.create(
            league=upload.league,
            id=upload.id,  # what the sender already knows: a form names its files by the addresses it sent them to
            dossier=upload.dossier,
            step=upload.step,
            title=upload.filename,
            kind=upload.kind,
            sha256=stored.sha256,
            size=stored.size,
            mime=mime,
            facts=facts,
            taken_at=upload.taken_at,
            uploaded_at=at,
            uploaded_by_id=upload.person_id,
        )
        Upload.objects.filter(league=upload.league, id=upload.id).update(evidence=evidence.id)
    upload.evidence = evidence.id
    store.path(stored.sha256).chmod(0o440)
    part.unlink(missing_ok=True)


def _seen_facts(seen: images.Seen) -> dict[str, object]:
    """What is kept of a look into a file: its pages, and its small picture under its own hash."""
    facts: dict[str, object] = {"pages": seen.pages}
    if seen.thumbnail:
        facts["thumbnail"] = store.put(seen.thumbnail).sha256
    return facts


def _moment(text: str, now: datetime) -> datetime | None:
    if not text:
        return None
    try:
        moment = datetime.fromisoformat(text)
    except ValueError as error:
        raise UploadRefused(400, f"拍摄时间“{text[:40]}”无法读取") from error
    if moment.tzinfo is None:
        raise UploadRefused(400, "拍摄时间缺少时区")
    if moment > now + timedelta(minutes=5):
        raise UploadRefused(400, "拍摄时间晚于现在，请校准设备时间后再传")
    return moment
