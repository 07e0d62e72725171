"""Keeps `Comment.group` up to date: like opinions together, so that ten thousand can be answered as the forty things they say.

Run beside the batches. Only what nobody has looked at is compared, with those that share a band with it (`Band`), so that a run costs what
is new; the groups come out as if all had been compared at once. `Comment.kin` is what likeness connects, `Comment.group` the part of it
that says the same (`contrary.divide`): a new text may part a group that stood together. A person may take an opinion out of its group: its
kin is then looked at again without it, as it may have been what held them together.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from uuid import UUID

from django.db import connection, transaction
from django.db.models import Count, Exists, OuterRef

from yifa.kernel.ledger import services as ledger
from yifa.kernel.people.actors import Actor
from yifa.kernel.refusing import RejectedError
from yifa.participation import alike
from yifa.participation.models import Band, Comment, Consultation

AT_ONCE = 2000


def group_opinions() -> int:
    """Puts every opinion that nobody has looked at into its group. Returns how many were looked at."""
    return sum(group_round(league, ident) for league, ident in _waiting())


def _waiting() -> Iterator[tuple[str, UUID]]:
    rows = Comment.objects.filter(group=None).order_by("league", "consultation")
    yield from rows.values_list("league", "consultation").distinct()


def group_round(league: str, consultation: UUID) -> int:
    """The same for one round, a stretch of opinions in one transaction."""
    looked = 0
    while True:
        with transaction.atomic():
            _lock(consultation)
            count = _look(league, consultation)
        if not count:
            return looked
        looked += count


def take_out(league: str, ident: UUID, *, by: Actor) -> None:
    """An opinion that is not to be answered with its group: it says something of its own. Later ones like it do not join it."""
    found = Comment.objects.filter(league=league, id=ident).first()
    if found is None or not Consultation.objects.filter(league=league, id=found.consultation, organisation_id=by.organisation).exists():
        raise RejectedError("没有这条意见，请刷新页面")
    with transaction.atomic():
        _lock(found.consultation)
        row = Comment.objects.select_for_update().get(league=league, id=ident)
        if row.alone or row.group is None:
            raise RejectedError("这条意见已经单独处理，请刷新页面")
        if row.outcome:
            raise RejectedError("这条意见已经登记采纳情况；需要另行答复的，在意见列表中重新登记")
        Comment.objects.filter(league=league, id=ident).update(group=ident, kin=ident, alone=True)
        ledger.record(f"comment:{ident}", "take_out", actor=by, payload={"group": str(row.group)}, league=league)
        rest = Comment.objects.filter(league=league, consultation=row.consultation, kin=row.kin, alone=False)
        Band.objects.filter(league=league, comment__in=[ident, *rest.values_list("id", flat=True)]).delete()
        rest.update(group=None, kin=None)
        while _look(league, row.consultation):
            pass


def _lock(consultation: UUID) -> None:
    """One comparison of a round at a time; a lock of its own, so that nobody who says something waits for it."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [f"participation groups {consultation}"])


def _look(league: str, consultation: UUID) -> int:
    """Compares up to AT_ONCE new opinions with one another and with the kin of those before that share a band with one of them."""
    fresh = list(Comment.objects.filter(league=league, consultation=consultation, group=None).order_by("n").only("id", "text")[:AT_ONCE])
    same = {row.id: alike.digest(row.text) for row in fresh}
    new = {same[row.id]: row for row in reversed(fresh)}
    fresh_times = Counter(same.values())
    texts = {key: alike.Text(row.text, fresh_times[key]) for key, row in new.items()}
    groups: alike.Groups[UUID] = alike.Groups()
    # Of equal texts one stands for all: its opinion by the digest, and where those of before stood.
    spoken: dict[str, UUID] = {}
    before: dict[UUID, Comment] = {}
    of_kin: dict[UUID, UUID] = {}
    for row, times in _kin(league, consultation, texts):
        if row.kin:
            spoken[row.same], before[row.id] = row.id, row
            groups.know(row.id, alike.Text(row.text, times + fresh_times[row.same]))
            groups.together(of_kin.setdefault(row.kin, row.id), row.id)
    bands = []
    for row in fresh:
        if same[row.id] not in spoken:
            spoken[same[row.id]] = row.id
            groups.add(row.id, texts[same[row.id]])
            bands += [Band(league=league, consultation=consultation, key=band, comment=row.id) for band in set(texts[same[row.id]].bands)]
    Band.objects.bulk_create(bands, batch_size=5000)
    of = _named(groups, before)
    with connection.cursor() as cursor:
        cursor.execute(_PLACE, [*_columns((row, same[row], *of[spoken[same[row]]]) for row in same), league])
        moved = [(row.same, row.group, *of[ident]) for ident, row in before.items() if of[ident] != (row.group, row.kin)]
        if moved:
            cursor.execute(_MOVE, [*_columns(moved), league, consultation])
    return len(fresh)


_PLACE = (
    'UPDATE participation_comment c SET "group" = g."group", kin = g.kin, same = g.same'
    ' FROM unnest(%s::uuid[], %s::text[], %s::uuid[], %s::uuid[]) AS g(id, same, "group", kin) WHERE c.league = %s AND c.id = g.id'
)
# Those of before by their text: all that say it stand in one group.
_MOVE = (
    'UPDATE participation_comment c SET "group" = g."group", kin = g.kin'
    ' FROM unnest(%s::text[], %s::uuid[], %s::uuid[], %s::uuid[]) AS g(same, stood, "group", kin)'
    ' WHERE c.league = %s AND c.consultation = %s AND c.same = g.same AND c."group" = g.stood AND NOT c.alone'
)


def _columns(rows: Iterable[tuple[object, object, object, object]]) -> list[list[object]]:
    return [list(column) for column in zip(*rows, strict=True)] or [[], [], [], []]


def _kin(league: str, consultation: UUID, texts: Mapping[str, alike.Text]) -> list[tuple[Comment, int]]:
    """Of the opinions of before that meet one of these texts in a band: they and all their kin, of equal ones one and how many they are."""
    keys = {band for text in texts.values() for band in text.bands}
    if not keys:
        return []
    banded = Band.objects.filter(league=league, consultation=consultation)
    meeting = Comment.objects.filter(league=league, id__in=banded.filter(key__in=keys).values("comment").distinct())
    kin = set(meeting.values_list("kin", flat=True)) - {None}
    rows = Comment.objects.filter(league=league, consultation=consultation, kin__in=kin, alone=False)
    spoken = rows.filter(Exists(banded.filter(comment=OuterRef("id"))))
    times = dict(rows.values_list("same").annotate(Count("id")))
    return [(row, times[row.same]) for row in spoken.only("id", "text", "group", "kin", "same").order_by("n")]


def _named(groups: alike.Groups[UUID], before: Mapping[UUID, Comment]) -> dict[UUID, tuple[UUID, UUID]]:
    """Group and kin of every member, each called by one of its members: by one it was called by before, where that is still in it."""
    of: dict[UUID, tuple[UUID, UUID]] = {}
    kins, named = {row.kin for row in before.values()}, {row.group for row in before.values()}
    for members in groups.kin():
        kin = _called(members, kins)
        for part in groups.parts(members):
            of |= dict.fromkeys(part, (_called(part, named), kin))
    return of


def _called(members: Sequence[UUID], names: Collection[UUID | None]) -> UUID:
    known = sorted(each for each in members if each in names)
    return known[0] if known else members[0]
