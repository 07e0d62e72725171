"""清理: a clean-up is opened over the documents in force on its base date, followed, and closed by publishing its lists.

规章制定程序条例 36, 37. Each act is an entry on the chain `campaign:<id>`; what is decided on one document is a case of its own
(`procedures/cleanup.py`).
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID, uuid4

from django.db import connection, transaction
from django.db.models import QuerySet
from django.utils import timezone

from yifa.kernel.ledger import services as ledger
from yifa.kernel.people.actors import Actor
from yifa.kernel.refusing import RejectedError
from yifa.laws.citations import parse
from yifa.laws.rules import title_key
from yifa.normative import queries
from yifa.normative.models import Campaign, CampaignItem, NormativeDocument
from yifa.normative.standing_rows import PROPOSE, REVISE
from yifa.normative.standing_rules import RULEMAKING
from yifa.procedures import owing
from yifa.procedures.owing import Owed, Task

_TITLES = re.compile(r"《((?:[^《》]|《[^《》]*》)+)》")
SHORTEST = 2


@dataclass(frozen=True)
class Plan:
    """What a clean-up is to be. `works`: of a special one, the titles of the laws that were changed or repealed."""

    kind: str
    title: str
    base_date: date
    deadline: date
    works: Sequence[str] = ()


@dataclass(frozen=True)
class Opened:
    """`unread`: documents without a text to look through, so that nobody can say whether they cite one of the laws."""

    campaign: Campaign
    items: int
    unread: int


@dataclass(frozen=True)
class Progress:
    """How far a clean-up has come: documents by where they stand, and the decided ones by conclusion."""

    total: int
    waiting: int
    proposed: int
    decided: int
    conclusions: tuple[tuple[str, str, int], ...]


def works_in(text: str) -> list[str]:
    """The titles in what someone typed or pasted: a repealing sentence with its 《》, or a title a line."""
    found = _TITLES.findall(text) or [line.strip() for line in text.splitlines()]
    return list(dict.fromkeys(title for title in found if title))


def citing(text: str, works: Iterable[str]) -> list[str]:
    """The provisions of these laws that a text cites, as written, each once: 《大气污染防治法》第九十九条. Pure."""
    wanted = {title_key(title) for title in works}
    found = (each for each in parse(text) if each.law and title_key(each.law) in wanted)
    return list(dict.fromkeys(text[each.start : each.end] for each in found))


def open_campaign(plan: Plan, *, by: Actor) -> Opened:
    """Opens a clean-up with one item for each document of the territory in force on the base date; a special one takes those that cite

    one of its laws. Raises RejectedError: for a body that keeps no register, without title or laws, or with a deadline before its start.
    """
    works = list(dict.fromkeys(plan.works)) if plan.kind == Campaign.Kind.SPECIAL else []
    if not queries.oversees(by):
        raise RejectedError("清理由司法行政部门组织；请以司法行政部门的名义发起")
    if len(plan.title.strip()) < SHORTEST:
        raise RejectedError("请写明清理的名称")
    if plan.kind not in Campaign.Kind.values:
        raise RejectedError("请选择定期清理或者专项清理")
    if plan.kind == Campaign.Kind.SPECIAL and not works:
        raise RejectedError("专项清理请写明已经修改或者废止的法律、法规名称，也可以粘贴“《……》同时废止”的条文")
    if plan.deadline <= plan.base_date:
        raise RejectedError("完成期限应当晚于基准日")
    with transaction.atomic():
        campaign = Campaign.objects.create(
            id=uuid4(),
            league=by.league,
            organisation_id=by.organisation,
            kind=plan.kind,
            title=plan.title.strip()[:200],
            base_date=plan.base_date,
            deadline=plan.deadline,
            works=works,
            opened_by_id=UUID(by.person),
            opened_at=timezone.now(),
        )
        items, unread = [], 0
        for row, text in texts(queries.standing(by, plan.base_date)):
            cites = citing(text, works) if works else []
            unread += bool(works) and not text.strip()
            if cites or not works:
                items.append(CampaignItem(campaign=campaign, document=row, cites=cites))
        CampaignItem.objects.bulk_create(items)
        payload = {
            "kind": campaign.kind,
            "title": campaign.title,
            "base_date": campaign.base_date.isoformat(),
            "deadline": campaign.deadline.isoformat(),
            "works": works,
            "documents": sorted(item.document_id for item in items),
            "makers": _makers(items),
        }
        ledger.record(chain(campaign.id), "open", actor=by, payload=payload, league=by.league, cites=(RULEMAKING[36], RULEMAKING[37]))
        _ask_makers(campaign, items)
    return Opened(campaign, len(items), unread)


def chain(ident: UUID) -> str:
    return f"campaign:{ident}"


def _makers(items: Sequence[CampaignItem]) -> list[list[str | int]]:
    """[maker, its region, how many of its documents] for the record."""
    found = Counter((item.document.maker_id, item.document.region_id) for item in items)
    return [[maker, region, n] for (maker, region), n in sorted(found.items())]


def _ask_makers(campaign: Campaign, items: Sequence[CampaignItem]) -> None:
    """逐件提出建议 becomes a task of each maker until the clean-up's deadline; the last proposal meets it (`standing_rows`)."""
    now = timezone.now()
    for maker, region, n in _makers(items):
        owing.open_task(
            Owed(
                key=f"{PROPOSE}:{campaign.id}:{maker}",
                kind=PROPOSE,
                subject=str(campaign.id),
                league=campaign.league,
                organisation=str(maker),
                region=str(region),
                title="逐件提出清理建议",
                what=f"{campaign.title}：本机关的{n}份文件",
                roles=("officer",),
                url=f"/desk/normative/cleanups/{campaign.id}/",
                action="提出建议",
                source=chain(campaign.id),
                start_on=timezone.localdate(),
                due_on=campaign.deadline,
            ),
            at=now,
        )


def texts(rows: QuerySet[NormativeDocument]) -> Iterable[tuple[NormativeDocument, str]]:
    """Each document with what can be looked through: its text, and the 制定依据 its drafter stated."""
    found = list(rows)
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT code, coalesce(facts ->> 'basis', '') FROM dossiers_dossier WHERE code = ANY(%s)",
            [[row.dossier for row in found if row.dossier]],
        )
        stated = dict(cursor.fetchall())
    for row in found:
        yield row, f"{row.text}\n{stated.get(row.dossier, '')}"


def add(ident: UUID, code: str, *, by: Actor, reason: str) -> CampaignItem:
    """Adds a document that the search did not find, with the reason. Raises RejectedError."""
    words = reason.strip()
    if len(words) < SHORTEST:
        raise RejectedError("请写明列入清理的理由，例如：第五条所依据的规定已经废止")
    with transaction.atomic():
        campaign = own(ident, by)
        row = queries.standing(by, campaign.base_date).filter(code=code).first()
        if row is None:
            raise RejectedError("登记簿中没有这份文件，或者基准日它不是现行有效")
        item, new = CampaignItem.objects.get_or_create(campaign=campaign, document=row, defaults={"cites": [words[:200]]})
        if not new:
            raise RejectedError("这份文件已经在名单上")
        payload = {
            "document": code,
            "reason": words[:200],
            "kind": campaign.kind,
            "deadline": campaign.deadline.isoformat(),
            "makers": _makers([item]),
        }
        ledger.record(chain(ident), "add", actor=by, payload=payload, league=by.league, cites=(RULEMAKING[37],))
        _ask_makers(campaign, [item])
    return item


def publish(ident: UUID, *, by: Actor) -> Campaign:
    """Publishes the lists, when every document is decided on. Raises RejectedError with how many still wait."""
    with transaction.atomic():
        campaign = own(ident, by)
        items = list(campaign.items.all())
        waiting = sum(not item.decided for item in items)
        if waiting:
            raise RejectedError(f"还有{waiting}份文件没有作出决定，不能公布清理结果")
        if not items:
            raise RejectedError("名单上没有文件，没有可以公布的结果")
        Campaign.objects.filter(id=ident).update(published_on=timezone.localdate())
        lists = {key: sorted(item.document_id for item in items if item.decided == key) for key in CampaignItem.Conclusion.values}
        ledger.record(chain(ident), "publish", actor=by, payload={"lists": lists}, league=by.league, cites=(RULEMAKING[39].kuan(2),))
        owing.end(PROPOSE, str(ident), at=timezone.now())
        campaign.refresh_from_db()
    return campaign


def own(ident: UUID, by: Actor) -> Campaign:
    """One's own clean-up that is still open, locked."""
    found = Campaign.objects.select_for_update().filter(id=ident, organisation_id=by.organisation).first()
    if found is None:
        raise RejectedError("本机关没有这项清理")
    if found.published_on:
        raise RejectedError("清理结果已经公布，不能再改")
    return found


def of_reader(actor: Actor) -> list[Campaign]:
    """The clean-ups a reader sees: those his body organises, those in which a document of his body stands; a supervisor or an assessor

    those of the territory.
    """
    found = Campaign.objects.filter(organisation_id=actor.organisation) | Campaign.objects.filter(
        id__in=CampaignItem.objects.filter(document__maker_id=actor.organisation).values("campaign_id")
    )
    if actor.has("supervisor", "assessor"):
        found |= Campaign.objects.filter(organisation__region__code__startswith=queries.stem(actor.region))
    return list(found.select_related("organisation").order_by("-opened_at"))


def one(actor: Actor, ident: UUID) -> Campaign | None:
    return next((each for each in of_reader(actor) if each.id == ident), None)


def items(campaign: Campaign, *, maker: str = "") -> list[CampaignItem]:
    """The documents of a clean-up, of one maker or of all, those still to be proposed first."""
    rows = campaign.items.select_related("document__maker", "cleaning").order_by("decided", "proposed", "document__maker_id", "document_id")
    return list(rows.filter(document__maker_id=maker) if maker else rows)


def progress(campaign: Campaign) -> Progress:
    found = list(campaign.items.values_list("proposed", "decided"))
    ended = Counter(decided for _, decided in found if decided)
    conclusions = tuple((key, str(label), ended[key]) for key, label in CampaignItem.Conclusion.choices)
    decided = sum(ended.values())
    waiting = sum(not proposed and not done for proposed, done in found)
    return Progress(len(found), waiting, len(found) - waiting - decided, decided, conclusions)


def published() -> list[Campaign]:
    """The clean-ups whose results anybody may read, newest first."""
    return list(Campaign.objects.filter(published_on__isnull=False).select_related("organisation").order_by("-published_on", "id"))


def lists(campaign: Campaign) -> list[tuple[str, list[NormativeDocument]]]:
    """The published lists by conclusion; of documents that are not public, none."""
    rows = list(campaign.items.filter(document__openness="public").select_related("document__maker").order_by("document_id"))
    return [(str(label), [item.document for item in rows if item.decided == key]) for key, label in CampaignItem.Conclusion.choices]


def revisions(campaign: Campaign) -> dict[str, list[Task]]:
    """document -> the tasks to amend it that this clean-up's cases opened: begun in which case, until when, and whether done."""
    cases = {row.cleaning.dossier for row in campaign.items.filter(cleaning__isnull=False).select_related("cleaning")}
    found: dict[str, list[Task]] = {}
    for task in owing.about(REVISE, list(campaign.items.values_list("document_id", flat=True))):
        if task.source in cases and (task.closed_at is None or task.met_on):
            found.setdefault(task.subject, []).append(task)
    return found
