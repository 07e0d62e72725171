"""Reads of dossiers, each from its reader's scope: the list, one case, a search and the catalogue answer by the same predicate.

A list is one statement for the rights and one for the rows, whoever reads; it never counts.
"""

from __future__ import annotations

import base64
import binascii
import uuid
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, NamedTuple

from django.db import connection

from yifa.dossiers import media, personal, rules, withholding
from yifa.dossiers.catalogue import Paper, Place, Volume, arrange
from yifa.dossiers.models import CaseRole, Evidence, Party
from yifa.dossiers.models import Dossier as Dossier  # what readers above are handed
from yifa.kernel.access.queries import scope
from yifa.kernel.access.scope import Scope
from yifa.kernel.access.sql import Sql
from yifa.kernel.ledger.queries import entered_late
from yifa.kernel.people.actors import Actor
from yifa.kernel.people.identifiers import check_case_number, normal


class Row(NamedTuple):
    """A line of a list: no personal data, nothing that needs another query."""

    league: str
    code: str
    procedure: str
    version: str
    number: str | None
    title: str
    party_label: str
    status: str
    sector: str
    organisation: str
    organisation_name: str
    region: str
    opened_at: datetime
    updated_at: datetime
    closed_at: datetime | None
    drill: bool


COLUMNS = (
    "d.league, d.code, d.procedure, d.version, d.number, d.title, d.party_label, d.status, d.sector, d.organisation_id, o.name,"
    " d.region_id, d.opened_at, d.updated_at, d.closed_at, d.drill"
)
JOINS = "JOIN people_organisation o ON o.code = d.organisation_id"


@dataclass(frozen=True)
class Filters:
    """What a reader looks for; nothing set = everything he may see. `query` is the search box: a number, a name or a credit code."""

    procedure: str = ""
    organisation: str = ""
    region: str = ""
    sector: str = ""
    status: str = ""
    open: bool | None = None
    opened_from: datetime | None = None
    opened_before: datetime | None = None
    query: str = ""

    def where(self) -> Sql:
        """The conditions about `d`; texts are written here, values are parameters."""
        tests = [
            Sql(f"d.{column} = %s", (value,))
            for column, value in (
                ("procedure", self.procedure),
                ("organisation_id", self.organisation),
                ("region_id", self.region),
                ("sector", self.sector),
                ("status", self.status),
            )
            if value
        ]
        if self.open is not None:
            tests.append(Sql("d.closed_at IS NULL" if self.open else "d.closed_at IS NOT NULL"))
        if self.opened_from:
            tests.append(Sql("d.opened_at >= %s", (self.opened_from,)))
        if self.opened_before:
            tests.append(Sql("d.opened_at < %s", (self.opened_before,)))
        return Sql.join(" AND ", tests)


@dataclass(frozen=True)
class Page:
    """Part of a list and where it goes on; `next` is None at the end."""

    rows: tuple[Row, ...]
    next: str | None


class CursorError(ValueError):
    """A cursor that this list did not make."""


def cases(actor: Actor, *, filters: Filters | None = None, cursor: str | None = None, limit: int = 50, within: Scope | None = None) -> Page:
    """The dossiers that `actor` may see, newest first. `within` = his scope, when the caller has read it already."""
    wanted = filters or Filters()
    rights = within or scope(actor)
    after = _after(cursor) if cursor else None
    statement = (
        _search(rights, wanted, limit + 1, after)
        if wanted.query.strip()
        else rights.newest(limit=limit + 1, after=after, where=wanted.where()).wrapped("SELECT code FROM (", ") n")
    )
    rows = _rows(statement)
    page = rows[:limit]
    return Page(tuple(page), _cursor(page[-1]) if len(rows) > limit else None)


MOST_RESTING = 1000


@dataclass(frozen=True)
class Resting:
    """Open dossiers that rest on something: the newest that the reader may see, how many he may, how many more there are.

    Counted up to `MOST_RESTING`: a task needs to know whether there are any and where, not how many thousands.
    """

    rows: tuple[Row, ...]
    seen: int
    hidden: int

    @property
    def is_more(self) -> bool:
        return self.seen + self.hidden >= MOST_RESTING


def resting(
    actor: Actor,
    *,
    procedure: str = "",
    version: str = "",
    answer: tuple[str, str] | None = None,
    limit: int = 20,
    within: Scope | None = None,
) -> Resting:
    """Open dossiers of a version of a procedure, or in which a question has this answer; the reader sees his own, the rest are counted."""
    rights = within or scope(actor)
    tests = [Sql("d.closed_at IS NULL")]
    if procedure:
        tests.append(Sql("d.procedure = %s AND d.version = %s", (procedure, version)))
    if answer:
        tests.append(Sql("d.facts ->> %s = %s", answer))
    where = Sql.join(" AND ", tests)
    page = rights.newest(limit=limit, where=where).wrapped("SELECT code FROM (", ") n")
    readable = rights.cases("d").wrapped("count(*) FILTER (WHERE ", ")")
    inner = where.wrapped("SELECT * FROM dossiers_dossier d WHERE ", " LIMIT %s") + Sql("", (MOST_RESTING,))
    count = Sql("SELECT count(*),") + readable + inner.wrapped("FROM (", ") d")
    ((every, seen),) = _run(count)
    return Resting(tuple(_rows(page)), seen, every - seen)


def case(actor: Actor, code: str, *, within: Scope | None = None) -> Dossier | None:
    """One dossier, or None when there is none or it is not his to read: the two look the same from outside."""
    rights = within or scope(actor)
    test = rights.cases("dossiers_dossier")
    # `extra`, because a model with a composite key cannot be read by `raw`; text from the scope, values as parameters.
    found = Dossier.objects.filter(code=code).extra(where=[test.text], params=test.params).first()  # noqa: S610
    if found:
        found.ground = rights.ground(code=code, organisation=found.organisation_id, region=found.region_id, league=found.league)
    return found


def may_see(actor: Actor, code: str, *, within: Scope | None = None) -> bool:
    test = (within or scope(actor)).cases("d")
    return bool(_run(Sql("SELECT 1 FROM dossiers_dossier d WHERE d.code = %s AND", (code,)) + test))


def parties(actor: Actor, code: str, *, within: Scope | None = None) -> tuple[Party, ...]:
    """The parties of a case that `actor` may read, sealed fields still sealed until somebody asks for them."""
    found = case(actor, code, within=within)
    return tuple(Party.objects.filter(league=found.league, dossier=code).order_by("n")) if found else ()


def same_party(number: str) -> tuple[str, ...]:
    """The case numbers of one party, in every body's files: what 一事不二罚 (处罚法第二十九条) has to know.

    For rules, not for pages: it has no reader and gives nothing but codes.
    """
    wanted = personal.identity_hash(normal(number))
    if not wanted:
        return ()
    return tuple(Party.objects.filter(identity_hash=wanted).order_by("dossier").values_list("dossier", flat=True))


def evidence(actor: Actor, code: str, *, within: Scope | None = None) -> tuple[Evidence, ...]:
    """What the steps of a case bound to it and this reader is given, in the order of the record."""
    found = case(actor, code, within=within)
    if found is None:
        return ()
    kept = withholding.of(actor, found).files
    return tuple(row for row in _bound(found) if row.step not in kept)


def _bound(found: Dossier) -> Iterable[Evidence]:
    return Evidence.objects.filter(league=found.league, dossier=found.code, seq__isnull=False).order_by("seq", "uploaded_at", "id")


def one_evidence(actor: Actor, evidence_id: uuid.UUID) -> Evidence | None:
    """A piece of evidence of a case he may read, or one that he has sent himself and no step has named yet."""
    found = Evidence.objects.filter(id=evidence_id).first()
    if found is None:
        return None
    if found.seq is None:
        return found if found.uploaded_by_id == uuid.UUID(actor.person) else None
    dossier = case(actor, found.dossier) if found.dossier else None
    return found if dossier and found.step not in withholding.of(actor, dossier).files else None


def is_evidence(sha256: str) -> bool:
    """Does any evidence name this content? For whoever clears the store; nothing of a case is told."""
    return Evidence.objects.filter(sha256=sha256).exists()


def waiting(
    actor: Actor, *, dossier: str | None = None, step: str | None = None, ids: Sequence[uuid.UUID] | None = None
) -> tuple[Evidence, ...]:
    """What `actor` has sent and no step has named yet, oldest first; a step may name nothing else."""
    found = Evidence.objects.filter(uploaded_by_id=uuid.UUID(actor.person), seq=None)
    if dossier is not None:
        found = found.filter(dossier=dossier)
    if step is not None:
        found = found.filter(step=step)
    if ids is not None:
        found = found.filter(id__in=ids)
    return tuple(found.order_by("uploaded_at", "id"))


def catalogue(
    actor: Actor, code: str, *, papers: Callable[[Actor, str], Iterable[Paper]] | None = None, within: Scope | None = None
) -> tuple[Volume, ...] | None:
    """The catalogue of the file: the evidence, and what `papers` adds to it (the documents, which lie in a room above this one)."""
    dossier = case(actor, code, within=within)
    if dossier is None:
        return None
    withheld = withholding.of(actor, dossier)
    found = [
        Paper(
            key=str(row.id),
            title=row.title if not why else "附件",
            place=Place[row.facts.get("place", "EVIDENCE")],
            at=row.taken_at or row.uploaded_at,
            pages=row.facts.get("pages"),
            kind=row.kind,
            sha256=row.sha256 if not why else "",
            mime=row.mime,
            seq=row.seq,
            withheld=why,
        )
        for row in _bound(dossier)
        for why in (withheld.piece(row.step),)
    ]
    late = entered_late(dossier.league, code)
    return arrange(replace(each, late=late.get(each.seq or 0)) for each in (*found, *(papers(actor, code) if papers else ())))


@dataclass(frozen=True)
class Media:
    """A piece of evidence as a page shows it: addresses that expire, nothing of the store."""

    id: str
    title: str
    kind: str
    mime: str
    size: int
    url: str
    download: str
    thumbnail: str | None
    taken_at: datetime | None
    uploaded_at: datetime
    late_seconds: int | None
    sha256: str
    playable: bool


def shown(row: Evidence, *, at: datetime) -> Media:
    """Addresses for a piece of evidence that the reader may see (the caller has asked `evidence` or `one_evidence`)."""
    thumbnail = row.facts.get("thumbnail")
    return Media(
        id=str(row.id),
        title=row.title,
        kind=row.kind,
        mime=row.mime,
        size=row.size,
        url=media.url(row.sha256, mime=row.mime, name=row.title, at=at),
        download=media.url(row.sha256, mime=row.mime, name=row.title, at=at, inline=False),
        thumbnail=media.url(thumbnail, mime="image/jpeg", name="缩略图.jpg", at=at) if thumbnail else None,
        taken_at=row.taken_at,
        uploaded_at=row.uploaded_at,
        late_seconds=row.facts.get("late_seconds"),
        sha256=row.sha256,
        playable=row.kind in {"audio", "video"} and row.mime in rules.SERVED,
    )


def _rows(keys: Sql) -> list[Row]:
    # MATERIALIZED: the keys are few and found; the planner shall fetch exactly those.
    tail = f") SELECT {COLUMNS} FROM k JOIN dossiers_dossier d USING (code) {JOINS} ORDER BY d.opened_at DESC, d.code DESC"  # noqa: S608
    return [Row(*row) for row in _run(keys.wrapped("WITH k AS MATERIALIZED (", tail))]


def _run(statement: Sql) -> list[tuple[Any, ...]]:
    values: tuple[Any, ...] = statement.params
    with connection.cursor() as cursor:
        cursor.execute(statement.text, values)
        return list(cursor.fetchall())


def _search(rights: Scope, wanted: Filters, limit: int, after: tuple[datetime, str] | None) -> Sql:
    """One index finds the candidates, the scope judges each of them."""
    tests = [rights.cases("d"), _matches(wanted.query.strip())]
    if (where := wanted.where()).text:
        tests.append(where)
    if after:
        tests.append(Sql("(d.opened_at, d.code) < (%s, %s)", after))
    found = Sql.join(" AND ", tests).wrapped("SELECT d.code FROM dossiers_dossier d WHERE ")
    return found + Sql("ORDER BY d.opened_at DESC, d.code DESC LIMIT %s", (limit,))


def _matches(query: str) -> Sql:
    """A case number, a 文号 or its beginning, an identity number or credit code, the beginning of a party's name."""
    compact = normal(query)
    plain = query.replace(" ", "")
    if check_case_number(query.upper()).valid:
        return Sql("d.code = %s", (query.upper(),))
    if len(compact) in {15, 18} and compact.isascii() and compact.isalnum():
        return Sql(
            "d.code IN (SELECT p.dossier FROM dossiers_party p WHERE p.identity_hash = %s AND p.identity_hash <> '')",
            (personal.identity_hash(compact),),
        )
    numbered = plain.replace("[", "〔").replace("]", "〕").replace("【", "〔").replace("】", "〕")
    if "〔" in numbered:
        return Sql("d.number LIKE %s", (_begins(numbered),))
    if len(plain) < 2:
        # One letter matches half of the country; a search names at least two.
        return Sql("FALSE")
    return Sql(
        "d.code IN (SELECT p.dossier FROM dossiers_party p WHERE p.name LIKE %s"
        " UNION SELECT n.code FROM dossiers_dossier n WHERE n.number LIKE %s)",
        (_begins(query), _begins(plain)),
    )


def _begins(text: str) -> str:
    """A LIKE pattern for texts that begin so; the three special letters are ordinary ones here."""
    return text.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_") + "%"


def _cursor(row: Row) -> str:
    return base64.urlsafe_b64encode(f"{row.opened_at.isoformat()} {row.code}".encode()).decode()


def _after(cursor: str) -> tuple[datetime, str]:
    try:
        moment, code = base64.urlsafe_b64decode(cursor.encode()).decode().split(" ")
        opened = datetime.fromisoformat(moment)
    except (binascii.Error, ValueError) as error:
        raise CursorError("翻页位置无法读取，请从第一页重新开始") from error
    if opened.tzinfo is None or "\x00" in code:
        raise CursorError("翻页位置无法读取，请从第一页重新开始")
    return opened, code


def at_work_since(person: str, since: datetime) -> datetime | None:
    """When the case began that this officer took up last, if that was after `since`: what a badge tells a stranger about being at work."""
    found = CaseRole.objects.filter(person_id=person, role="officer", opened_at__gte=since).order_by("-opened_at")
    return found.values_list("opened_at", flat=True).first()


def itself(league: str, code: str) -> Dossier:
    """One dossier, for what is worked out about it and shown to nobody. Raises Dossier.DoesNotExist."""
    return Dossier.objects.select_related("organisation").get(league=league, code=code)


def facts_of(code: str) -> tuple[str, dict[str, Any]] | None:
    """The procedure of a case and what it stated: for services that have decided who asks. None when there is no such case."""
    return Dossier.objects.filter(code=code).values_list("procedure", "facts").first()


def is_officer(reader: Actor, dossier: Dossier) -> bool:
    """Does he handle this case: as who opened it, as one of its named officers, or as whom it was handed to?"""
    held = CaseRole.objects.filter(league=dossier.league, dossier=dossier.code, person_id=uuid.UUID(reader.person), role="officer")
    return held.exists()
