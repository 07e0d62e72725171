"""Reads of the public pages: one statement a page, answered from indexes."""

from __future__ import annotations

import hmac
import json
from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache
from typing import Any

import psycopg
from django.db import connection
from django.utils import timezone
from psycopg.rows import dict_row

from yifa.documents.rules import TO_PARTY
from yifa.dossiers.personal import proof_matches, unseal
from yifa.kernel.calendar.queries import calendar
from yifa.portal.rules import DECIDED, DELIVERED, PAID, SPARED, Remedy, pay_by, remedy

# Found by the token's index, the rest by primary keys. Nothing personal is read, so nothing personal can be shown.
CASE = """
SELECT d.league, d.code, d.number, d.title, d.facts -> 'sanctions' AS sanctions,
  coalesce(d.facts ->> 'fine', d.facts ->> 'proposed_fine') AS fine, d.facts ->> 'payment_code' AS payment_code, d.closed_at, d.token,
  o.code AS organisation, o.name AS organisation_name, o.address AS organisation_address, o.phone AS organisation_phone, o.bank_name,
  o.bank_account, g.government_name, g.government_address, g.government_phone, w.reason AS withdrawn,
  (SELECT jsonb_object_agg(s.step, e.at) FROM jsonb_each(d.state -> 'done') AS s(step, seqs)
    JOIN ledger_entry e ON e.league = d.league AND e.chain = d.code AND e.seq = (s.seqs ->> -1)::int) AS done
FROM dossiers_dossier d JOIN people_organisation o ON o.code = d.organisation_id JOIN people_region g ON g.code = left(o.region_id, 6)
  LEFT JOIN disclosure_withdrawal w ON w.league = d.league AND w.dossier = d.code
WHERE d.token = %s
"""


@dataclass(frozen=True)
class Case:
    """What a stranger with the code may know: no party, no place, no words that someone typed."""

    league: str
    code: str
    token: str
    number: str
    title: str
    sanctions: tuple[str, ...]
    fine: int | None
    payment_code: str
    organisation: str
    organisation_name: str
    organisation_address: str
    organisation_phone: str
    bank_name: str
    bank_account: str
    government_name: str
    government_address: str
    government_phone: str
    withdrawn: str
    closed: bool
    done: dict[str, date]

    @property
    def is_decided(self) -> bool:
        return DECIDED in self.done

    @property
    def is_spared(self) -> bool:
        return SPARED in self.done

    @property
    def decided_on(self) -> date | None:
        return self.done.get(DECIDED) or self.done.get(SPARED)

    @property
    def served_on(self) -> date | None:
        return self.done.get(DELIVERED)

    @property
    def is_fined(self) -> bool:
        return self.is_decided and "罚款" in self.sanctions and bool(self.fine)

    @property
    def paid_on(self) -> date | None:
        return next((self.done[step] for step in PAID if step in self.done), None)

    @property
    def pay_by(self) -> date | None:
        return _pay_by(self.served_on, timezone.localdate()) if self.served_on else None

    @property
    def remedy(self) -> Remedy | None:
        return _remedy(self.served_on, timezone.localdate()) if self.served_on else None


@lru_cache(maxsize=512)
def _remedy(served_on: date, today: date) -> Remedy:
    """Two days answer for thousands of cases; a notice entered today is seen tomorrow at the latest."""
    return remedy(served_on, today, calendar())


@lru_cache(maxsize=512)
def _pay_by(served_on: date, today: date) -> date:
    """`today` only makes a new day ask anew."""
    return pay_by(served_on, calendar())


def case(token: str) -> Case | None:
    """The case behind a code. The read may be repeated, so a connection that died meanwhile is replaced without a word."""
    try:
        row = _read(token)
    except psycopg.OperationalError:
        connection.close()
        row = _read(token)
    return _case(row) if row else None


def _read(token: str) -> dict[str, Any] | None:
    """Prepared on the server once a connection: planning five tables would cost more than reading them."""
    connection.ensure_connection()
    driver = connection.connection
    driver.prepare_threshold = driver.prepare_threshold or 5  # Django's own cursors never prepare, whatever stands here
    with psycopg.Cursor(driver, row_factory=dict_row) as cursor:
        return cursor.execute(CASE, [token], prepare=True).fetchone()


def _case(row: dict[str, Any]) -> Case:
    acts = json.loads(row["done"] or "{}")  # Django's connections give jsonb as text
    done = {step: datetime.fromisoformat(at).astimezone(timezone.get_default_timezone()).date() for step, at in acts.items()}
    return Case(
        league=row["league"],
        code=row["code"],
        token=row["token"],
        number=row["number"] or "",
        title=row["title"],
        sanctions=tuple(json.loads(row["sanctions"] or "[]")),
        fine=int(row["fine"]) if row["fine"] else None,
        payment_code=row["payment_code"] or "",
        closed=row["closed_at"] is not None,
        withdrawn=row["withdrawn"] or "",
        done=done,
        **{name: row[name] for name in _PLAIN},
    )


_PLAIN = (
    "organisation",
    "organisation_name",
    "organisation_address",
    "organisation_phone",
    "bank_name",
    "bank_account",
    "government_name",
    "government_address",
    "government_phone",
)


def proves(league: str, code: str, *, last4: str, printed: str) -> bool:
    """Both the last four characters of the party's number and the code printed on the decision; neither alone says which one was wrong."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT d.proof_hash, p.identity_sealed FROM dossiers_dossier d"
            " LEFT JOIN dossiers_party p ON p.league = d.league AND p.dossier = d.code AND p.n = 1 WHERE d.league = %s AND d.code = %s",
            [league, code],
        )
        stored, sealed = cursor.fetchone() or ("", None)
    number = unseal(sealed)
    typed = last4.strip().upper().encode()
    same = hmac.compare_digest(number[-4:].encode(), typed) & (len(number) >= 4)
    return proof_matches(printed, stored) & same


def party(league: str, code: str) -> list[tuple[str, str]]:
    """What the party may see of himself once he has proved who he is."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT name, kind, address, representative FROM dossiers_party WHERE league = %s AND dossier = %s AND n = 1", [league, code]
        )
        row = cursor.fetchone()
    if row is None:
        return []
    labels = ("当事人", "", "地址", "法定代表人或者负责人")
    return [(label, value) for label, value in zip(labels, row, strict=True) if label and value]


def documents(league: str, code: str) -> list[dict[str, Any]]:
    """The documents that are the party's to have."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT id, title, number, sha256, created_at FROM documents_document"
            " WHERE league = %s AND dossier = %s AND audience = %s ORDER BY seq",
            [league, code, TO_PARTY],
        )
        return [dict(zip(("id", "title", "number", "sha256", "created_at"), row, strict=True)) for row in cursor.fetchall()]


def case_tokens(number: str) -> list[str]:
    """The codes of published cases under a 文号 or case number: what is not published is found by its own code only."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT token FROM dossiers_dossier WHERE (number = %s OR code = %s) AND state -> 'done' ? 'publish' LIMIT 2", [number, number]
        )
        return [row[0] for row in cursor.fetchall()]


def bodies(text: str, limit: int = 20) -> list[dict[str, str]]:
    """Bodies by a piece of their name, to complain about."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT o.code, o.name, r.name FROM people_organisation o JOIN people_region r ON r.code = o.region_id"
            " WHERE o.name LIKE '%%' || %s || '%%' AND o.kind <> 'UNIT' ORDER BY length(o.name), o.code LIMIT %s",
            [text.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_"), limit],
        )
        return [{"key": code, "label": name, "note": region} for code, name, region in cursor.fetchall()]
