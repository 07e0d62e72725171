"""One matter as everybody reads it: where it stands, what was put before the public, what was decided; nothing else.

A matter that is not to be public is as good as none (条例第十四条、政府信息公开条例第十四条). A decision and its papers are shown
only once they were published: 主动公开, and a named person passed them in the review of secrecy; what was withdrawn is not shown.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any
from uuid import UUID

import orjson
from django.db import connection
from django.utils import timezone

from yifa.decisions import catalogue_queries, hearing_queries
from yifa.decisions.catalogue_queries import STAGES, News, Shown
from yifa.decisions.forms import declared as forms
from yifa.decisions.models import Hearing
from yifa.dossiers import media
from yifa.participation import asking_queries
from yifa.participation import queries as participation
from yifa.procedures import queries as procedures

MEDIA = {"gazette": "政府公报", "portal": "政府网站", "newspaper": "报纸"}
# Rows of the participation floor (`Consultation`, `Questionnaire`), which are its own.
Rounds = Sequence[Any]
# Papers by what must have been put before the public for them to be public too.
ASKED = {forms.CONSULTATION_NOTICE.key}
ANSWERED = {forms.ADOPTION_NOTICE.key}
ANNOUNCED = {forms.HEARING_NOTICE.key, forms.HEARING_LIST.key}
DECIDED = {forms.DECISION.key, forms.INTERPRETATION.key}
_DOSSIER = """
SELECT d.facts::text, d.state -> 'done' ? 'publish',
  EXISTS (SELECT 1 FROM ledger_entry e WHERE e.league = d.league AND e.chain = 'publication:' || d.code AND e.step = 'withdraw')
FROM dossiers_dossier d WHERE d.league = %s AND d.code = %s AND d.procedure = 'major_decision'
"""


@dataclass(frozen=True)
class Decided:
    """The decision as it was published, with its interpretation (第三十二条)."""

    number: str
    decided_on: date | None
    published_on: date
    media: str
    interpretation: str


@dataclass(frozen=True)
class Paper:
    """A document that anybody may read; `url` expires."""

    title: str
    number: str
    on: date
    url: str


@dataclass(frozen=True)
class PublicMatter:
    """`stages`: what the procedure goes through, and whether the matter has come so far. `events`: what the public was told, in order."""

    shown: Shown
    stages: tuple[tuple[str, bool], ...]
    events: tuple[News, ...]
    consultations: Rounds = ()
    questionnaires: Rounds = ()
    hearings: Sequence[Hearing] = ()
    decided: Decided | None = None
    papers: Sequence[Paper] = field(default_factory=tuple)


def matter(ident: UUID, today: date) -> PublicMatter | None:
    """None for a matter whose list is not published, or that is not to be public: from outside they look the same."""
    shown = catalogue_queries.one(ident, today)
    if shown is None:
        return None
    row = shown.row
    stages = tuple((title, n <= shown.stage) for n, (title, _) in enumerate(STAGES, 1))
    if not row.dossier:
        return PublicMatter(shown, stages, tuple(_events(shown, today)))
    facts, is_published = _dossier(row.league, row.dossier)
    rounds = [each for each in participation.of_dossier(row.league, row.dossier) if each.opens_on <= today and each.status != "replaced"]
    asked = asking_queries.public_of(row.league, row.dossier, on=today)
    hearings = [each for each in hearing_queries.public_of(row.league, row.dossier) if each.published_on <= today]
    decided = _decided(facts, today) if is_published else None
    told = _events(shown, today, rounds=rounds, asked=asked, hearings=hearings, decided=decided)
    return PublicMatter(shown, stages, tuple(told), rounds, asked, hearings, decided, _papers(shown, rounds, hearings, decided))


def _dossier(league: str, code: str) -> tuple[Mapping[str, Any], bool]:
    """The matter's facts, and whether its decision stands published."""
    with connection.cursor() as cursor:
        cursor.execute(_DOSSIER, [league, code])
        row = cursor.fetchone()
    return (orjson.loads(row[0]), row[1] and not row[2]) if row else ({}, False)


def _decided(facts: Mapping[str, Any], today: date) -> Decided | None:
    cleared = facts.get("openness") == "public" and facts.get("secrecy_passed") is True and str(facts.get("secrecy_reviewer") or "").strip()
    on = _day(facts.get("published_on"))
    if not cleared or on is None or on > today:
        return None
    return Decided(
        number=str(facts.get("decision_number") or ""),
        decided_on=_day(facts.get("decided_on")),
        published_on=on,
        media="、".join(word for key, word in MEDIA.items() if key in (facts.get("published_in") or ())),
        interpretation=str(facts.get("interpretation") or ""),
    )


def _papers(shown: Shown, rounds: Rounds, hearings: Sequence[Hearing], decided: Decided | None) -> list[Paper]:
    public = set[str]()
    public |= ASKED if rounds else set()
    public |= ANSWERED if any(each.summarised_at for each in rounds) else set()
    public |= ANNOUNCED if hearings else set()
    public |= DECIDED if decided else set()
    now = timezone.now()
    return [
        Paper(title, number or "", timezone.localdate(created), media.url(sha256, mime="application/pdf", name=f"{title}.pdf", at=now))
        for _, _, form, title, number, sha256, created in procedures.documents_of(shown.row.league, [shown.row.dossier])
        if form in public
    ]


def _events(
    shown: Shown,
    today: date,
    *,
    rounds: Rounds = (),
    asked: Rounds = (),
    hearings: Sequence[Hearing] = (),
    decided: Decided | None = None,
) -> list[News]:
    """What the public was told, the oldest first."""
    row, url = shown.row, f"/decisions/{shown.row.id}/"
    found = []
    if row.added_published_on:
        found.append(News(f"{row.id}:added", row.added_published_on, "增列目录", url))
    elif row.published_on:
        found.append(News(f"{row.id}:listed", row.published_on, "列入年度目录", url))
    for each in rounds:
        page = f"/participate/{each.id}/"
        found.append(News(f"{each.id}:opens", each.opens_on, f"公开征求意见，到{each.closes_on.month}月{each.closes_on.day}日截止", page))
        if each.summarised_at:
            found.append(News(f"{each.id}:summary", timezone.localdate(each.summarised_at), "公布意见采纳情况", page))
    found += [
        News(f"{each.id}:asks", each.opens_on, f"问卷：{each.title}", f"/participate/questionnaires/{each.id}/")
        for each in asked
        if each.opens_on
    ]
    for hearing in hearings:
        page = f"/decisions/hearings/{hearing.id}/"
        found.append(News(f"{hearing.id}:announced", hearing.published_on, f"听证公告，{hearing.on.month}月{hearing.on.day}日举行", page))
        if hearing.status == Hearing.Status.CLOSED:
            found.append(News(f"{hearing.id}:closed", hearing.on, "举行听证会，公布笔录", page))
    if decided:
        found.append(News(f"{row.id}:decided", decided.published_on, "公布决定和解读", url))
    if row.removed_on:
        found.append(News(f"{row.id}:removed", row.removal_published_on or row.removed_on, "调出目录", url))
    return sorted((each for each in found if each.on <= today), key=lambda each: (each.on, each.key))


def _day(text: Any) -> date | None:
    try:
        return date.fromisoformat(text) if isinstance(text, str) else None
    except ValueError:
        return None
