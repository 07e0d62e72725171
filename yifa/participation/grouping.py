"""Keeps `Comment.group` up to date: like opinions together, so that ten thousand can be answered as the forty things they say.

Run beside the batches. Only what nobody has looked at is compared, with those that share a band with it (`Band`), so that a run costs what
is new; the groups come out as if all had been compared at once. A person may take an opinion out of its group: the rest of the group is
then looked at again without it, as it may have been what held them together.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from uuid import UUID

from django.db import connection, transaction

from yifa.kernel.ledger import services as ledger
from yifa.kernel.people.actors import Actor
from yifa.participation import alike
from yifa.participation.models import Band, Comment, Consultation
from yifa.participation.services import RejectedError

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
        Comment.objects.filter(league=league, id=ident).update(group=ident, alone=True)
        ledger.record(f"comment:{ident}", "take_out", actor=by, payload={"group": str(row.group)}, league=league)
        rest = Comment.objects.filter(league=league, consultation=row.consultation, group=row.group, alone=False)
        Band.objects.filter(league=league, comment__in=[ident, *rest.values_list("id", flat=True)]).delete()
        rest.update(group=None)
        while _look(league, row.consultation):
            pass


def _lock(consultation: UUID) -> None:
    """One comparison of a round at a time; a lock of its own, so that nobody who says something waits for it."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [f"participation groups {consultation}"])


def _look(league: str, consultation: UUID) -> int:
    """Compares up to AT_ONCE new opinions with one another and with those before that share a band with one of them."""
    fresh = list(Comment.objects.filter(league=league, consultation=consultation, group=None).order_by("n").only("id", "text")[:AT_ONCE])
    same = {row.id: alike.digest(row.text) for row in fresh}
    new = {same[row.id]: alike.Text(row.text) for row in fresh}
    groups: alike.Groups[UUID] = alike.Groups()
    before: dict[UUID, UUID] = {}
    # Of equal texts one stands for all.
    spoken: dict[str, UUID] = {}
    for row in _sharing(league, consultation, new):
        if row.group:
            spoken[alike.digest(row.text)], before[row.id] = row.id, row.group
            groups.know(row.id, alike.Text(row.text))
    first: dict[UUID, UUID] = {}
    for ident, group in before.items():
        groups.together(first.setdefault(group, ident), ident)
    for row in fresh:
        if same[row.id] not in spoken:
            spoken[same[row.id]] = row.id
            groups.add(row.id, new[same[row.id]])
    bands = ((ident, band) for key, ident in spoken.items() if ident not in before for band in set(new[key].bands))
    Band.objects.bulk_create(
        [Band(league=league, consultation=consultation, key=band, comment=ident) for ident, band in bands], batch_size=5000
    )
    of, moved = _named(groups.groups(), before)
    _write(league, consultation, {ident: (of[spoken[key]], key) for ident, key in same.items()}, moved)
    return len(fresh)


def _sharing(league: str, consultation: UUID, new: Mapping[str, alike.Text]) -> Sequence[Comment]:
    """The opinions of before that meet one of these texts in a band."""
    keys = {band for text in new.values() for band in text.bands}
    if not keys:
        return []
    found = Band.objects.filter(league=league, consultation=consultation, key__in=keys).values("comment").distinct()
    return list(Comment.objects.filter(league=league, id__in=found).only("id", "text", "group").order_by("n"))


def _named(found: Sequence[Sequence[UUID]], before: Mapping[UUID, UUID]) -> tuple[dict[UUID, UUID], dict[UUID, UUID]]:
    """The group of every member: one it was called by before, else its first member; and which groups became one with another."""
    of: dict[UUID, UUID] = {}
    moved: dict[UUID, UUID] = {}
    for members in found:
        known = sorted({before[each] for each in members if each in before})
        name = known[0] if known else members[0]
        of |= dict.fromkeys(members, name)
        moved |= dict.fromkeys(known[1:], name)
    return of, moved


def _write(league: str, consultation: UUID, placed: Mapping[UUID, tuple[UUID, str]], moved: Mapping[UUID, UUID]) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            'UPDATE participation_comment c SET "group" = g.name, same = g.same'
            " FROM unnest(%s::uuid[], %s::uuid[], %s::text[]) AS g(id, name, same) WHERE c.league = %s AND c.id = g.id",
            [list(placed), [group for group, _ in placed.values()], [key for _, key in placed.values()], league],
        )
    for old, name in moved.items():
        Comment.objects.filter(league=league, consultation=consultation, group=old, alone=False).update(group=name)
