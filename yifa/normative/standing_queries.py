"""Reads for cases about documents in the register: which of them a body may evaluate, and which it has still to clean up."""

from __future__ import annotations

from django.db import connection

from yifa.normative.models import CampaignItem, Filing, NormativeDocument
from yifa.normative.registering import code_of

MOST = 500
_OWN = f"""
SELECT code, title, number FROM normative_normativedocument
WHERE maker_id = %s AND published_on IS NOT NULL AND (ended_on IS NULL OR ended_on > current_date)
ORDER BY valid_until, code LIMIT {MOST}
"""  # noqa: S608 - constants only
_ITEMS = f"""
SELECT i.id, n.title, n.number, c.title FROM normative_campaignitem i
JOIN normative_campaign c ON c.id = i.campaign_id JOIN normative_normativedocument n ON n.code = i.document_id
WHERE n.maker_id = %s AND c.published_on IS NULL
  AND NOT EXISTS (SELECT 1 FROM normative_cleaning t WHERE t.item_id = i.id) ORDER BY c.deadline, i.id LIMIT {MOST}
"""  # noqa: S608 - constants only


def own_documents(organisation: str) -> list[tuple[str, str]]:
    """(code, 《title》（number）) of a body's published documents that have not ended, those that expire first at the head."""
    with connection.cursor() as cursor:
        cursor.execute(_OWN, [organisation])
        return [(code, f"《{title}》（{number}）") for code, title, number in cursor.fetchall()]


_REVISING = f"""
SELECT n.code, n.title, n.number, t.due_on FROM normative_normativedocument n
LEFT JOIN procedures_task t ON t.kind = 'normative_revise' AND t.subject = n.code AND t.organisation_id = n.maker_id AND t.closed_at IS NULL
WHERE n.maker_id = %s AND n.published_on IS NOT NULL AND (n.ended_on IS NULL OR n.ended_on > current_date)
ORDER BY t.due_on NULLS LAST, n.code LIMIT {MOST}
"""  # noqa: S608 - constants only


def revisable(organisation: str) -> list[tuple[str, str]]:
    """(code, 《title》（number）) of the documents that a body may revise, those that it was told to revise at the head with the day."""
    with connection.cursor() as cursor:
        cursor.execute(_REVISING, [organisation])
        rows = cursor.fetchall()
    return [(code, f"《{title}》（{number}）{f'应于{due_on}以前修改' if due_on else ''}") for code, title, number, due_on in rows]


def cleanup_items(organisation: str) -> list[tuple[str, str]]:
    """(key, 《title》（number） and the clean-up) of the documents on which a body has still to make its proposal."""
    with connection.cursor() as cursor:
        cursor.execute(_ITEMS, [organisation])
        return [(f"item-{ident}", f"《{title}》（{number}）{campaign}") for ident, title, number, campaign in cursor.fetchall()]


def listed(procedure: str, dossier: str) -> list[tuple[str, str]]:
    """(what it is called, address) of what a case is about: the document in the register, the list of the clean-up."""
    if procedure == "normative_making":
        codes = list(NormativeDocument.objects.filter(code=code_of(dossier), published_on__isnull=False).values_list("code", flat=True))
    elif procedure == "normative_filing":
        codes = list(Filing.objects.filter(dossier=dossier).values_list("document_id", flat=True))
    elif procedure == "normative_cleanup":
        found = CampaignItem.objects.filter(cleaning__dossier=dossier).values_list("campaign_id", flat=True)
        return [("清理名单和证据", f"/desk/normative/cleanups/{ident}/") for ident in found]
    else:
        return []
    return [("登记簿中的文件", f"/desk/normative/documents/{code}/") for code in codes]
