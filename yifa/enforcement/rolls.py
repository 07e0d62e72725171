"""在册登记: how many certified officers and usable powers a body has, recorded in the log so that figures need nothing else.

Figures divide by registers (持有效证件的人员, 可以行使的职权). A register as it stands cannot be replayed; therefore each body's count is
an entry on its own chain `roll:<code>`, made at the start of a month and whenever it changes. The month's figure rests on the last one.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import date, datetime

from django.db import connection, transaction

from yifa.enforcement.items import installed
from yifa.kernel.ledger.services import record

LOCK = 0x726F6C6C  # "roll": two counts at once would each take the other's change for their own

# Bodies that enforce, their valid certificates on the day, and what their chain said last of the month.
COUNT = """
SELECT o.code, o.region_id, g.league, o.sector, o.fields,
  ARRAY(SELECT c.number FROM people_certificate c
    WHERE c.organisation_id = o.code AND c.kind = 'enforcement' AND c.issued_on <= %(day)s
      AND (c.expires_on IS NULL OR c.expires_on >= %(day)s)
      AND coalesce((SELECT v.status FROM people_certificateevent v WHERE v.certificate_id = c.number AND v.on <= %(day)s
        ORDER BY v.on DESC, v.id DESC LIMIT 1), c.status) = 'ACTIVE'
    ORDER BY c.number),
  (SELECT p.payload FROM ledger_payload p WHERE p.league = g.league AND p.chain = 'roll:' || o.code AND p.side = 'open'
    AND p.payload::jsonb ->> 'month' = %(month)s ORDER BY p.seq DESC LIMIT 1)
FROM people_organisation o JOIN people_region g ON g.code = o.region_id
WHERE o.status = 'announced' AND o.kind <> 'GOVERNMENT' ORDER BY o.code
"""


@dataclass(frozen=True)
class Registrar:
    """The installation itself, counting for a body."""

    organisation: str
    region: str
    person: str = "system"
    post: str = ""


def count_rolls(*, on: date, simulated: datetime | None = None) -> int:
    """Record each body's count where it is the first of the month or has changed; how many entries were made."""
    month = on.strftime("%Y-%m")
    made = 0
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [LOCK])
        cursor.execute(COUNT, {"day": on, "month": month})
        for code, region, league, sector, fields, certificates, last in cursor.fetchall():
            items = [item.code for item in installed().values() if item.in_force(on) and item.held_by({"sector": sector, "fields": fields})]
            before = json.loads(last) if last else {"officers": 0, "items": 0}
            if (len(certificates), len(items)) == (before["officers"], before["items"]):
                continue
            payload = {
                "month": month,
                "officers": len(certificates),
                "officers_before": before["officers"],
                "items": len(items),
                "items_before": before["items"],
                "certificates": certificates,
                "item_codes": items,
            }
            record(f"roll:{code}", "count", actor=Registrar(code, region), payload=payload, league=league, simulated=simulated)
            made += 1
    return made
