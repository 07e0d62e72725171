"""Reads of participation: what is open to the public, what was said, what became of one's own opinion."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from uuid import UUID

from django.db import connection, models
from django.db.models.functions import TruncHour

from yifa.dossiers import queries as dossiers
from yifa.dossiers.personal import query_digest
from yifa.kernel.people.actors import Actor
from yifa.kernel.word import comparing
from yifa.participation import alike, marking
from yifa.participation.marking import Marks, Sent
from yifa.participation.models import Comment, Consultation
from yifa.participation.veiling import veiled
from yifa.procedures import registry

PAGE = 30


def since(text: str) -> int:
    """After which number a page begins, as its address tells it; 0 for anything that no page of ours says."""
    return int(text) if text.isascii() and text.isdecimal() and len(text) <= len("2147483647") else 0


def digest(code: str) -> str:
    """What is kept of a receipt code, however its holder spaced or wrote it."""
    return query_digest("yifa.participation.comment", code)


def answered(row: Comment) -> str:
    """Which answer stands, as a form remembers it; nothing when none does."""
    return row.replied_at.isoformat() if row.replied_at else ""


def opinion_chain(ident: UUID) -> str:
    """The chain of one opinion in the record."""
    return f"comment:{ident}"


def undisclosed(dossier: str) -> str:
    """Why nothing of this case may be put before the public, in words; nothing where it may, or where there is no such case here."""
    found = dossiers.facts_of(dossier)
    return registry.context_of(found[0]).undisclosed(found[1]) if found else ""


@dataclass(frozen=True)
class Tally:
    """How the opinions of one round stand."""

    total: int
    waiting: int
    hidden: int
    outcomes: tuple[tuple[str, int], ...]
    channels: tuple[tuple[str, int], ...]


def public_list(*, on: date, after: tuple[date, UUID] | None = None, region: str = "", limit: int = PAGE) -> list[Consultation]:
    """The rounds that anybody may see, those that close last first; a keyset page."""
    rows = Consultation.objects.filter(opens_on__lte=on).exclude(status=Consultation.Status.REPLACED).select_related("organisation")
    if region:
        rows = rows.filter(region_id__startswith=region)
    if after:
        rows = rows.filter(closes_on__lte=after[0]).exclude(closes_on=after[0], id__lte=after[1])
    return list(rows.order_by("-closes_on", "id")[:limit])


def is_open(row: Consultation, today: date) -> bool:
    """May anybody say something now?"""
    return row.status == Consultation.Status.OPEN and row.opens_on <= today <= row.closes_on


def public(ident: UUID) -> Consultation | None:
    return Consultation.objects.select_related("organisation").filter(id=ident).first()


def shown(row: Consultation, *, after: int = 0, limit: int = PAGE) -> list[Shown]:
    """The opinions for everybody, only after the summary, so that nobody is led by others before.

    Of one that is hidden the words and what it was about stay away; that it was there, why it is hidden and what became of it is told.
    """
    if row.status != Consultation.Status.SUMMARISED:
        return []
    found = list(Comment.objects.filter(league=row.league, consultation=row.id, n__gt=after).order_by("n")[:limit])
    return [for_all(each) for each in found]


@dataclass(frozen=True)
class Shown:
    """An opinion as everybody reads it; `hidden` is why its words are not shown."""

    n: int
    clause: str
    text: str
    hidden: str
    outcome: str
    reason: str


def for_all(row: Comment) -> Shown:
    """An opinion without what was hidden, without numbers and signatures, and without the words that a person veiled."""
    words = [each["words"] for each in row.veiled]
    clause, text = ("", "") if row.hidden_at else (veiled(row.clause, words), veiled(row.text, words))
    return Shown(row.n, clause, text, veiled(row.hidden_reason, words), row.get_outcome_display(), veiled(row.reason, words))


def newest(row: Consultation) -> Consultation | None:
    """The round that took the place of this one, if its draft was replaced."""
    rows = Consultation.objects.filter(league=row.league, dossier=row.dossier, round__gt=row.round)
    return rows.order_by("-round").first() if row.status == Consultation.Status.REPLACED else None


def own(code: str) -> tuple[Comment, Consultation] | None:
    """The opinion of whoever holds this receipt code, with its round."""
    found = Comment.objects.filter(receipt_digest=digest(code)).first()
    if found is None:
        return None
    return found, Consultation.objects.select_related("organisation").get(league=found.league, id=found.consultation)


def of_body(actor: Actor, *, dossier: str = "", limit: int = PAGE) -> list[Consultation]:
    """The rounds of the body one acts for, newest first; only those of one dossier when it is named."""
    rows = Consultation.objects.filter(organisation_id=actor.organisation)
    if dossier:
        rows = rows.filter(league=actor.league, dossier=dossier)
    return list(rows.order_by("-closes_on", "id")[:limit])


def of_dossier(league: str, dossier: str) -> list[Consultation]:
    return list(Consultation.objects.filter(league=league, dossier=dossier).order_by("-round"))


def one(actor: Actor, ident: UUID) -> Consultation | None:
    """One round of the body one acts for."""
    return Consultation.objects.filter(id=ident, organisation_id=actor.organisation).first()


def opinion(row: Consultation, n: int) -> Comment | None:
    """One opinion of a round by its number."""
    return Comment.objects.filter(league=row.league, consultation=row.id, n=n).first()


# What was done with an opinion, in the words of whoever works on it.
ACTS = {
    "say": "提出",
    "enter": "录入",
    "reply": "登记采纳情况",
    "take_out": "移出相近的意见，单独处理",
    "hide": "不予显示",
    "show": "恢复显示",
    "veil": "隐去字词",
    "unveil": "恢复字词",
    "read_contact": "查看联系方式",
}


@dataclass(frozen=True)
class Act:
    """One entry of an opinion's chain: who did what and when, with the reason and the words that only those entitled read."""

    seq: int
    title: str
    at: datetime
    who: str
    reason: str
    words: str


def history(row: Comment) -> list[Act]:
    """All that was done with an opinion, oldest first."""
    with connection.cursor() as cursor:
        cursor.execute(_HISTORY, [row.league, opinion_chain(row.id)])
        return [Act(seq, ACTS.get(step, step), at, who, reason, words) for seq, step, at, who, reason, words in cursor.fetchall()]


_HISTORY = """
SELECT e.seq, e.step, e.at, coalesce(n.name, ''), coalesce(o.payload::jsonb ->> 'reason', c.payload::jsonb ->> 'reason', ''),
  coalesce(c.payload::jsonb ->> 'words', '')
FROM ledger_entry e
  LEFT JOIN ledger_payload o ON o.league = e.league AND o.chain = e.chain AND o.seq = e.seq AND o.side = 'open'
  LEFT JOIN ledger_payload c ON c.league = e.league AND c.chain = e.chain AND c.seq = e.seq AND c.side = 'closed'
  LEFT JOIN people_person n ON n.id = CASE WHEN e.actor ~ '^[0-9a-f-]{36}$' THEN e.actor::uuid END
WHERE e.league = %s AND e.chain = %s ORDER BY e.seq
"""


def comments(
    row: Consultation, *, state: str = "", group: UUID | None = None, found: Marks | None = None, after: int = 0, limit: int = PAGE
) -> list[Comment]:
    """The opinions of a round for whoever answers them: all (`state` ""), waiting, answered, hidden, or marked by what was `found`."""
    rows = Comment.objects.filter(league=row.league, consultation=row.id, n__gt=after).order_by("n")
    if group:
        rows = rows.filter(group=group, alone=False)
    if state == "waiting":
        rows = rows.filter(outcome="")
    elif state == "answered":
        rows = rows.exclude(outcome="")
    elif state == "hidden":
        rows = rows.exclude(hidden_at=None)
    elif state == "marked":
        found = found or marks(row)
        hours = models.Q(pk__in=[])
        for hour in found.floods:
            hours |= models.Q(received_at__gte=hour, received_at__lt=hour + timedelta(hours=1))
        suspicious = models.Q(source__in=[*found.sources, *found.names]) | models.Q(same__in=list(found.same)) | hours
        rows = rows.filter(suspicious, channel=Comment.Channel.WEB)
    return list(rows[:limit])


@dataclass(frozen=True)
class Group:
    """Opinions that say the same: how many, how many of them wait for an answer, and the text of the first."""

    id: UUID
    size: int
    waiting: int
    first: int
    text: str


def groups(row: Consultation, *, limit: int = PAGE) -> list[Group]:
    """The groups of more than one, the largest first."""
    return _groups(Comment.objects.filter(league=row.league, consultation=row.id, alone=False), least=2, limit=limit)


def _groups(rows: models.QuerySet[Comment], *, least: int = 1, limit: int) -> list[Group]:
    counted = (
        rows.exclude(group=None)
        .values("group")
        .annotate(size=models.Count("id"), waiting=models.Count("id", filter=models.Q(outcome="")), first=models.Min("n"))
    )
    found = list(counted.filter(size__gte=least).order_by("-size", "first").values_list("group", "size", "waiting", "first")[:limit])
    texts = dict(rows.filter(n__in=[first for *_, first in found]).values_list("n", "text"))
    return [Group(UUID(str(group)), size, waiting, first, texts[first]) for group, size, waiting, first in found]


@dataclass(frozen=True)
class Wording:
    """One of the texts of a group: the opinion that said it first, how many said just this, and what in it differs from the usual text.

    `turned`: another number, an opposite or a denial is among what differs.
    """

    row: Comment
    number: int
    paragraphs: tuple[comparing.Row, ...] = ()
    turned: bool = False


LOOKED = 2000  # texts of a group that are held against the usual one


def wordings(row: Consultation, group: UUID, *, limit: int = PAGE) -> tuple[list[Wording], int]:
    """The different texts of a group and how many there are: the most frequent, then those that are furthest from it."""
    rows = Comment.objects.filter(league=row.league, consultation=row.id, group=group, alone=False)
    counted = dict(rows.values_list("same").annotate(number=models.Count("id")))
    first = rows.values("same").annotate(number=models.Count("id"), first=models.Min("n")).order_by("-number", "first").values("first")
    found = sorted(rows.filter(n__in=first[:LOOKED]), key=lambda each: (-counted[each.same], each.n))
    if not found:
        return [], 0
    usual, *others = found
    text = alike.Text(usual.text)
    far = {each.n: alike.apart(text, alike.Text(each.text)) for each in others}
    others.sort(key=lambda each: (*(-value for value in far[each.n]), each.n))
    told = [Wording(each, counted[each.same], _against(usual, each), turned=far[each.n][0]) for each in others[: limit - 1]]
    return [Wording(usual, counted[usual.same]), *told], len(counted)


def _against(usual: Comment, other: Comment) -> tuple[comparing.Row, ...]:
    return tuple(comparing.compare(usual.text.splitlines(), other.text.splitlines()))


def kin(row: Consultation, group: UUID, *, limit: int = PAGE) -> list[Group]:
    """The groups in nearly the same letters as this one that say something else, the largest first."""
    rows = Comment.objects.filter(league=row.league, consultation=row.id, alone=False)
    shared = rows.filter(group=group).exclude(kin=None).values_list("kin", flat=True).first()
    return _groups(rows.filter(kin=shared).exclude(group=group), limit=limit) if shared else []


def of_group(row: Consultation, group: UUID, *, waiting: bool = True, until: int | None = None) -> list[UUID]:
    """The opinions of a group, those that wait for an answer or all; those up to number `until`, which somebody has looked at."""
    rows = Comment.objects.filter(league=row.league, consultation=row.id, group=group, alone=False)
    if until is not None:
        rows = rows.filter(n__lte=until)
    return list((rows.filter(outcome="") if waiting else rows).values_list("id", flat=True))


def marks(row: Consultation) -> Marks:
    """What is conspicuous about the opinions that came by the site: many of one source, many of one text, a flood; one statement."""
    rows = Comment.objects.filter(league=row.league, consultation=row.id, channel=Comment.Channel.WEB)
    counted = rows.annotate(hour=TruncHour("received_at", tzinfo=UTC)).values_list("source", "signed", "same", "hour")
    return marking.marks(Sent(*each) for each in counted.annotate(models.Count("id")).order_by())


def sent(row: Comment) -> Sent | None:
    """An opinion as its marks are looked up; none for what was entered at the desk."""
    if row.channel != Comment.Channel.WEB:
        return None
    return Sent(row.source, row.signed, row.same, row.received_at.astimezone(UTC).replace(minute=0, second=0, microsecond=0))


def waiting(rows: Sequence[Consultation]) -> dict[UUID, int]:
    """How many opinions of each of these rounds wait for an answer, in one look at the index of those that do."""
    found = Comment.objects.filter(consultation__in=[row.id for row in rows], outcome="")
    return dict(found.values_list("consultation").annotate(models.Count("id")))


def tally(row: Consultation) -> Tally:
    """Counted by the database: a group for each outcome and channel."""
    counted = Comment.objects.filter(league=row.league, consultation=row.id).values_list("outcome", "channel")
    outcomes, channels, hidden = Counter[str](), Counter[str](), 0
    for outcome, channel, number, gone in counted.annotate(models.Count("id"), models.Count("hidden_at")):
        outcomes[outcome] += number
        channels[channel] += number
        hidden += gone
    return Tally(
        sum(channels.values()),
        outcomes[""],
        hidden,
        tuple((str(label), outcomes[key]) for key, label in Comment.Outcome.choices),
        tuple((str(label), channels[key]) for key, label in Comment.Channel.choices if channels[key]),
    )
