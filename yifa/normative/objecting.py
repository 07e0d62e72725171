"""异议: anybody may object to a public normative document, to its reviewing body or to the region's. Each is one entry of its own chain.

法规规章备案审查条例 12 and 25, 规章制定程序条例 35 and 36 by analogy. Who objects is sealed; of the query code a keyed digest is kept. What
is attached is looked at before it is kept: its content decides what it is, whatever its name says.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID, uuid4

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.utils import timezone

from yifa.dossiers.personal import new_query_code, seal
from yifa.kernel.citing import Law
from yifa.kernel.ledger import services as ledger
from yifa.kernel.people.actors import Actor
from yifa.kernel.people.reading_words import COMPLAINANT, OWN, PAGE
from yifa.kernel.people.services import note_reading
from yifa.kernel.refusing import RejectedError
from yifa.normative import objection_queries as queries
from yifa.normative.models import Objection
from yifa.normative.objection_rows import to_receive
from yifa.participation import taking
from yifa.participation.services import Anyone
from yifa.procedures.owing import open_task

FILING = Law("法规规章备案审查条例", "2024-08-30")
RULEMAKING = Law("规章制定程序条例", "2017-12-22")
SHORTEST, LONGEST = 5, 4000


@dataclass(frozen=True)
class Said:
    """What somebody says against a document. `files` are those attached, as they came in."""

    document: str
    organisation: str
    clauses: str
    reason: str
    name: str = ""
    contact: str = ""
    is_organisation: bool = False
    files: Sequence[UploadedFile[Any]] = ()


@dataclass(frozen=True)
class Filed:
    """An objection that was taken. `code` is told once and kept nowhere; `due_on` is the last day of the formal check."""

    id: UUID
    code: str
    organisation: str
    due_on: date


def file(said: Said, *, simulated: datetime | None = None) -> Filed:
    """Takes an objection from the public. Raises RejectedError: what is missing, too long, or cannot be kept."""
    return _take(said, Objection.Channel.WEB, None, None, simulated)


def enter(said: Said, *, by: Actor, channel: str, received_on: date | None = None, simulated: datetime | None = None) -> Filed:
    """Enters an objection that came by letter or in person to the body one acts for, with its scan. It counts like any other."""
    if channel not in (Objection.Channel.LETTER, Objection.Channel.VISIT):
        raise RejectedError("请选择异议的渠道：信函或者当面")
    if not said.files:
        raise RejectedError("请附信函扫描件或者当面提出的记录")
    if said.organisation != by.organisation:
        raise RejectedError("只能登记向本机关提出的异议")
    if received_on and received_on > timezone.localdate(simulated):
        raise RejectedError("收到日期不能晚于今天")
    return _take(said, channel, by, received_on, simulated)


def _take(said: Said, channel: str, by: Actor | None, received_on: date | None, simulated: datetime | None) -> Filed:
    document = queries.published(said.document) if by else queries.public_document(said.document)
    if document is None:
        raise RejectedError("没有找到这份文件，请从文件页面进入")
    addressees = dict(queries.addressees(document.code))
    if not addressees:
        raise RejectedError("没有登记这份文件的审查机关，请向制定机关所在地的司法行政部门书面提出")
    if said.organisation not in addressees:
        raise RejectedError("请选择向哪个机关提出")
    clauses, reason = _words(said.clauses), _words(said.reason)
    if not clauses or len(clauses) > 200:
        raise RejectedError("请写明对哪些条款有异议，例如：第八条，不超过 200 字")
    if not SHORTEST <= len(reason) <= LONGEST:
        raise RejectedError(f"请写明异议和理由，{SHORTEST} 到 {LONGEST} 字")
    files = taking.keep(taking.look(said.files, sheets=True))
    moment = simulated or timezone.now()
    sent_on, code = received_on or timezone.localdate(moment), new_query_code()
    with transaction.atomic():
        row = Objection.objects.create(
            league=document.league,
            id=uuid4(),
            query_digest=queries.digest(code),
            document=document,
            organisation_id=said.organisation,
            channel=channel,
            is_organisation=said.is_organisation,
            name_sealed=seal(_words(said.name)[:100]),
            contact_sealed=seal(_words(said.contact)[:100]),
            clauses=clauses,
            reason=reason,
            files=files,
            received_at=moment,
            sent_on=sent_on,
            entered_by_id=UUID(by.person) if by else None,
        )
        ledger.record(
            chain(row.id),
            "enter" if by else "file",
            actor=by or Anyone(said.organisation, row.organisation.region_id),
            payload={
                "document": document.code,
                "channel": channel,
                "sent_on": sent_on.isoformat(),
                "clauses": clauses,
                "reason_sha256": hashlib.sha256(reason.encode()).hexdigest(),
            },
            league=row.league,
            files=sorted(each["sha256"] for each in files),
            cites=(FILING[12], RULEMAKING[35]),
            simulated=simulated,
        )
        region, what = row.organisation.region_id, f"《{document.title}》（{document.number}）{clauses}"
        until = queries.check_due(region, sent_on).due
        task = to_receive(row.id, row.league, said.organisation, region, what, source=chain(row.id), since=sent_on, until=until)
        open_task(task, at=moment)
    return Filed(row.id, code, addressees[said.organisation], until)


def chain(ident: UUID) -> str:
    return f"objection:{ident}"


def _words(text: str) -> str:
    return text.replace("\x00", "").replace("\r\n", "\n").strip()


def note_objector(row: Objection, *, by: Actor) -> None:
    """A reader is about to be shown who objected: one line of the reading log."""
    note_reading(
        by=by,
        subject=chain(row.id),
        label=f"对《{row.document.title}》的异议",
        league=row.league,
        body=row.organisation_id,
        items=[COMPLAINANT],
        way=PAGE,
        ground=OWN,
    )
