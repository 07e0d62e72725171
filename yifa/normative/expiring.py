"""Before the validity of a document ends: at 180 days an evaluation becomes a task of its maker, at 90 a reminder, at 30 a last call.

Each stage of a document's validity is one entry on its chain, with a key of its own: it is told once, also after a restart, and a day
without a worker is made up for. Where several stages have come at once, only the last of them is told in words. An extension begins a
new validity with stages of its own. Besides, each body's documents in force are counted once a year, for 到期未处理率.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime, timedelta
from uuid import NAMESPACE_URL, UUID, uuid5

from django.db import connection, transaction
from django.db.models import Count

from yifa.kernel.ledger import services as ledger
from yifa.normative import notifying, queries
from yifa.normative.models import NormativeDocument
from yifa.normative.queries import chain
from yifa.normative.rules import M262
from yifa.normative.services import Machine
from yifa.normative.standing_rules import RULEMAKING
from yifa.procedures import owing
from yifa.procedures.owing import Owed

STAGES = (180, 90, 30)
EVALUATE = "normative_evaluate"


def watch(today: date, *, at: datetime, simulated: datetime | None = None) -> int:
    """Everything that is due of the documents whose validity ends soon; how many stages were entered."""
    rows = NormativeDocument.objects.filter(queries.in_force(today), valid_until__lte=today + timedelta(days=STAGES[0]))
    codes = list(rows.order_by("valid_until", "code").values_list("code", flat=True))
    return sum(_watch(code, today, at, simulated) for code in codes)


def _watch(code: str, today: date, at: datetime, simulated: datetime | None) -> int:
    with transaction.atomic():
        row = NormativeDocument.objects.select_for_update().filter(queries.in_force(today), code=code).first()
        if row is None or row.valid_until is None:  # ended meanwhile
            return 0
        entered = _recorded(row)
        fresh = [stage for stage in _reached(row.valid_until, today) if _key(row, stage) not in entered]
        evaluated = bool(fresh) and _evaluated(row)
        for stage in fresh:
            ledger.record(
                chain(code),
                f"warn_{stage}",
                actor=Machine(row.maker_id, row.region_id),
                payload={"valid_until": row.valid_until.isoformat(), "on": today.isoformat(), "evaluated": evaluated},
                league=row.league,
                key=_key(row, stage),
                cites=(M262[2], RULEMAKING[38]),
                simulated=simulated,
            )
        if STAGES[0] in fresh and not evaluated:
            owing.open_task(_evaluation(row, today), at=at)
        if fresh:
            notifying.warned(row, fresh[-1], today=today, at=at)
    return len(fresh)


def _reached(until: date, today: date) -> list[int]:
    return [stage for stage in STAGES if (until - today).days <= stage]


def _key(row: NormativeDocument, stage: int) -> UUID:
    return uuid5(NAMESPACE_URL, f"normative:{row.code}/{row.valid_until}/{stage}")


def _recorded(row: NormativeDocument) -> set[UUID]:
    return _keys(row.league, [chain(row.code)])


def _keys(league: str, chains: Iterable[str]) -> set[UUID]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT key FROM ledger_entry WHERE league = %s AND chain = ANY(%s)", [league, list(chains)])
        return {key for (key,) in cursor.fetchall()}


def _evaluated(row: NormativeDocument) -> bool:
    """Whether its maker has begun to evaluate this validity: a case opened within its last year that did not begin it by an extension."""
    since = (row.valid_until or date.max) - timedelta(days=365)
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT EXISTS (SELECT 1 FROM dossiers_dossier WHERE league = %s AND procedure = 'normative_extension'"
            " AND organisation_id = %s AND facts ->> 'own_document' = %s AND opened_at >= %s"
            " AND NOT (closed_at IS NOT NULL AND facts ->> 'decided' = 'extend'))",
            [row.league, row.maker_id, row.code, since],
        )
        return bool(cursor.fetchone()[0])


def _evaluation(row: NormativeDocument, today: date) -> Owed:
    """The task on the maker's desk; its reminders are the stages, so it has no others."""
    until = row.valid_until or today
    return Owed(
        key=f"{EVALUATE}:{row.code}:{until}",
        kind=EVALUATE,
        subject=row.code,
        league=row.league,
        organisation=row.maker_id,
        region=row.region_id,
        title="评估有效期将要届满的文件",
        what=f"《{row.title}》（{row.number}）",
        roles=("officer",),  # who may perform the step that it leads to
        url=f"/desk/start/normative_extension/?own_document={row.code}",
        action="登记评估",
        source=chain(row.code),
        start_on=today,
        due_on=max(today, until - timedelta(days=1)),
        is_silent=True,
    )


def take_census(today: date, *, simulated: datetime | None = None) -> int:
    """Each body's documents in force, once a year: what LAW-10 is a share of. How many bodies were counted."""
    found = NormativeDocument.objects.filter(queries.in_force(today)).values("maker_id", "region_id", "league")
    counted = 0
    for body in found.annotate(n=Count("code")).order_by("maker_id"):
        name, key = f"normative-roll:{body['maker_id']}", uuid5(NAMESPACE_URL, f"normative-roll:{body['maker_id']}/{today.year}")
        if key in _keys(body["league"], [name]):
            continue
        ledger.record(
            name,
            "count",
            actor=Machine(body["maker_id"], body["region_id"]),
            payload={"on": today.isoformat(), "in_force": body["n"]},
            league=body["league"],
            key=key,
            cites=(M262[2],),
            simulated=simulated,
        )
        counted += 1
    return counted
