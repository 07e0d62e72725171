"""Evidence for a clean-up: what an evaluation report (立法后评估) found about a law, put beside the documents that rest on it.

A report lives in another room; what is known of it here is its entry in the record, with the digest under which it was frozen. Putting it
to documents of a clean-up is an entry on the clean-up's chain, and that entry is all there is: nothing is copied into a table.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import NAMESPACE_URL, UUID, uuid5

from django.db import connection, transaction

from yifa.kernel.ledger import services as ledger
from yifa.kernel.people.actors import Actor
from yifa.kernel.refusing import RejectedError
from yifa.laws.rules import title_key
from yifa.normative import campaigns, queries
from yifa.normative.campaigns import chain
from yifa.normative.models import Campaign, CampaignItem, NormativeDocument
from yifa.normative.standing_rules import RULEMAKING

REGION = "150000"  # bodies of the region itself, whose reports every league may use
_ENTRIES = """
SELECT e.step, e.at, p.payload FROM ledger_entry e
JOIN ledger_payload p ON p.league = e.league AND p.chain = e.chain AND p.seq = e.seq AND p.side = 'open'
WHERE e.league = ANY(%s) AND e.chain = %s AND p.payload IS NOT NULL ORDER BY e.seq
"""


@dataclass(frozen=True)
class Evidence:
    """A frozen report as the record tells of it. `advice` is 修改候选 and the like, `asleep` the articles nobody used (`t46`)."""

    report: str
    title: str
    work: str
    advice: str
    asleep: tuple[str, ...]
    suggestions: str
    sha256: str
    frozen_at: datetime | None = None

    @property
    def url(self) -> str:
        return f"/evaluation/reports/{self.report}/"

    @property
    def words(self) -> str:
        """修改候选；沉睡条款3条."""
        asleep = f"沉睡条款{len(self.asleep)}条" if self.asleep else ""
        return "；".join(each for each in (self.advice, asleep) if each)


def found(ident: UUID, *, league: str) -> Evidence | None:
    """A report by its entries; None for one that was not frozen, or of another league."""
    for step, at, payload in _entries(f"evaluation:{ident}", league):
        if step == "freeze" and "advice" in payload:
            return _read(str(ident), payload, at)
    return None


def _read(report: str, told: Mapping[str, Any], at: datetime | None = None) -> Evidence:
    return Evidence(report, told["title"], told["work"], told["advice"], tuple(told["asleep"]), told["suggestions"], told["sha256"], at)


def _entries(name: str, league: str) -> Iterable[tuple[str, datetime, Mapping[str, Any]]]:
    with connection.cursor() as cursor:
        cursor.execute(_ENTRIES, [[league, REGION], name])
        return [(step, at, json.loads(payload)) for step, at, payload in cursor.fetchall()]


def of(campaign: Campaign) -> dict[str, list[Evidence]]:
    """document -> the evidence put to it, in the order in which it came."""
    given: dict[str, list[Evidence]] = {}
    for step, _, payload in _entries(chain(campaign.id), campaign.league):
        if step == "attach":
            for code in payload["documents"]:
                given.setdefault(code, []).append(_read(payload["report"], payload))
    return given


@dataclass(frozen=True)
class Candidate:
    """A document to which evidence may be put: whether it cites the law, and whether it stands on the list already."""

    document: NormativeDocument
    is_listed: bool
    cites: bool


def candidates(campaign: Campaign, evidence: Evidence, *, by: Actor) -> list[Candidate]:
    """The documents of a clean-up, and those in force besides that cite the law; those that cite it first."""
    listed = {item.document_id for item in campaign.items.all()}
    key, shown = title_key(evidence.work), []
    for row, text in campaigns.texts(queries.standing(by, campaign.base_date)):
        cites = bool(campaigns.citing(text, [key]))
        if cites or row.code in listed:
            shown.append(Candidate(row, row.code in listed, cites))
    return sorted(shown, key=lambda each: (not each.cites, not each.is_listed, each.document.code))


def attach(ident: UUID, report: UUID, documents: Sequence[str], *, by: Actor) -> int:
    """Puts a report to documents of one's own clean-up; a document that is not on its list yet is added. How many. Raises RejectedError."""
    evidence = found(report, league=by.league)
    if evidence is None:
        raise RejectedError("没有这份评估报告，或者它还没有封存；封存以后才能作为清理的证据")
    codes = sorted(set(documents))
    if not codes:
        raise RejectedError("请选择这份报告所涉及的文件")
    with transaction.atomic():
        campaign = campaigns.own(ident, by)
        there = set(CampaignItem.objects.filter(campaign=campaign, document_id__in=codes).values_list("document_id", flat=True))
        for code in codes:
            if code not in there:
                campaigns.add(ident, code, by=by, reason=f"评估报告“{evidence.title}”：{evidence.words}")
        payload = {
            "documents": codes,
            "report": evidence.report,
            "title": evidence.title,
            "work": evidence.work,
            "advice": evidence.advice,
            "asleep": list(evidence.asleep),
            "suggestions": evidence.suggestions,
            "sha256": evidence.sha256,
        }
        key = uuid5(NAMESPACE_URL, f"{ident}/{report}/{','.join(codes)}")
        ledger.record(chain(ident), "attach", actor=by, payload=payload, league=by.league, key=key, cites=(RULEMAKING[37], RULEMAKING[38]))
    return len(codes)


def open_campaigns(by: Actor) -> list[Campaign]:
    """One's own clean-ups whose results are not published."""
    return [each for each in campaigns.of_reader(by) if each.organisation_id == by.organisation and each.published_on is None]
