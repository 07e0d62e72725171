"""`list`: the case list over 1,000,000 dossiers, the worst of 20 random readers against a reader of everything.

Both sides do the whole of what the list page asks: read the rights, then the newest 50 rows with one more to know whether the list goes
on. The superuser's side reads rights by the same statement and is then given everything. A round takes each reader in another order:
the superuser and he in turn, five times each, and the ratio of their medians, so that both sides meet the same weather.
"""

from __future__ import annotations

import random
import statistics
import time
import uuid
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from functools import partial
from typing import TYPE_CHECKING

from bench.world import league_of, pointed, world

if TYPE_CHECKING:
    from yifa.kernel.people.actors import Actor

ROUNDS = 15
TURNS = 5
GOAL = 1.3
ROWS = 1_000_000


def list_cases() -> dict[str, object]:
    """One row for the table of `make bench`."""
    with world(ROWS) as place, pointed(place.owner):
        readers = _readers(random.Random(20))  # noqa: S311 - the same readers every time
    with world(ROWS) as place, pointed(place.app):
        return _measure(readers)


def _measure(readers: list[tuple[str, Actor]]) -> dict[str, object]:
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    from yifa.dossiers import queries
    from yifa.kernel.access.queries import scope
    from yifa.kernel.access.scope import Scope

    def everything(actor: Actor) -> object:
        scope(actor)
        return queries.cases(actor, within=Scope(everything=True))

    counted = set()
    for _, actor in readers:
        with CaptureQueriesContext(connection) as captured:
            queries.cases(actor)
        counted.add(len(captured))
        if any("count(" in query["sql"].lower() for query in captured):
            raise AssertionError("the list counts")
    if len(counted) != 1:
        raise AssertionError(f"the number of statements depends on the reader: {counted}")
    superuser = readers[0][1]
    ratios: dict[str, list[float]] = {name: [] for name, _ in readers}
    base: list[float] = []
    order = random.Random(1)  # noqa: S311
    for _ in range(ROUNDS):
        for name, actor in order.sample(readers, len(readers)):
            pairs = [(_time(partial(everything, superuser)), _time(partial(queries.cases, actor))) for _ in range(TURNS)]
            whole, own = (statistics.median(side) for side in zip(*pairs, strict=True))
            ratios[name].append(own / whole)
            base.append(whole)
    worst = max(ratios, key=lambda name: statistics.median(ratios[name]))
    return {
        "name": "list",
        "ratio": round(statistics.median(ratios[worst]), 3),
        "goal": GOAL,
        "rounds": [round(ratio, 3) for ratio in ratios[worst]],
        "unit": "× the superuser's time (lower is better)",
        "note": f"worst of {len(ratios)} readers: {worst}; "
        f"superuser {statistics.median(base) * 1000:.2f} ms, "
        f"{counted.pop()} statements each, no COUNT, {ROWS:,} dossiers",
    }


def _time(call: Callable[[], object]) -> float:
    start = time.perf_counter()
    call()
    return time.perf_counter() - start


def _readers(rng: random.Random) -> list[tuple[str, Actor]]:
    """15 posts by lot, overseers of a 旗县, of a 盟市 and of a line of 116 bodies, one without a case, one with grants elsewhere."""
    from yifa.kernel.access.models import Grant
    from yifa.kernel.people.models import Organisation, Post, Region

    def actor(post: Post, *roles: str) -> Actor:
        from yifa.kernel.people.actors import Actor

        of = post.organisation
        held = frozenset(roles or post.roles)
        return Actor(str(post.person_id), post.person.name, str(post.id), of.code, of.name, of.region_id, league_of(of.region_id), held)

    posts = list(Post.objects.select_related("organisation", "person").order_by("id"))
    found = [(f"officer {n}", actor(post)) for n, post in enumerate(rng.sample(posts, 15))]
    for level, name in ((3, "旗县"), (2, "盟市")):
        post = rng.choice([post for post in posts if post.organisation.level == level])
        land = Region.objects.filter(code=post.organisation.region_id)
        post.organisation.territory.set(land)
        found.append((f"supervisor of a {name}", actor(post, "supervisor")))
    department = rng.choice([post for post in posts if post.organisation.level == 1])
    line = rng.sample([post.organisation_id for post in posts if post.organisation.level == 3], 116)
    Organisation.objects.filter(competent_department=department.organisation).update(competent_department=None)
    Organisation.objects.filter(code__in=line).update(competent_department=department.organisation)
    # Every tenth body of the world has never had a case.
    idle = next(post for post in posts if not _cases(post.organisation_id))
    found.append(("no dossier", actor(idle)))
    guest = rng.choice(posts)
    Grant.objects.filter(person=guest.person).delete()
    far = rng.sample([post.organisation_id for post in posts if post.organisation.level == 3], 3)
    for kind, value in (*(("organisation", code) for code in far), ("region", "152921"), ("dossier", _cases(far[0], 1)[0])):
        Grant.objects.create(
            id=uuid.UUID(int=rng.getrandbits(128), version=4),
            person=guest.person,
            kind=kind,
            value=value,
            reason="专项检查",
            given_by=department.person,
            given_at=datetime(2026, 1, 1, tzinfo=UTC),
            until=date.today() + timedelta(days=365),  # noqa: DTZ011 - a year is long enough in any time zone
        )
    found.append(("grants elsewhere", actor(guest)))
    return [*found, ("department with a line of 116 bodies", actor(department, "supervisor"))]


def _cases(organisation: str, limit: int = 1) -> list[str]:
    from yifa.dossiers.models import Dossier

    return list(Dossier.objects.filter(organisation_id=organisation).order_by("-opened_at", "-code").values_list("code", flat=True)[:limit])


if __name__ == "__main__":
    import json

    print(json.dumps(list_cases(), ensure_ascii=False, indent=1))
