"""Bodies, persons and files for the small worlds in which acts go through `take`."""

from __future__ import annotations

from datetime import UTC, date, datetime
from uuid import UUID, uuid4

from yifa.dossiers import store
from yifa.dossiers.models import Evidence
from yifa.kernel.people.actors import Actor
from yifa.kernel.people.models import Organisation, Person, Post, Region

SINCE = date(2024, 1, 1)
DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"


def body(code: str, name: str, short: str, region: Region, *, kind: str = "ORGAN", sector: str = "") -> Organisation:
    return Organisation.objects.create(
        code=code, name=name, short_name=short, kind=kind, level=region.level, region=region, status="announced", sector=sector
    )


def person(name: str, at: Organisation, roles: list[str]) -> Actor:
    row = Person.objects.create_user(f"a-{uuid4().hex[:8]}", None, name=name)
    post = Post.objects.create(person=row, organisation=at, roles=roles, since=SINCE)
    return Actor(str(row.pk), name, str(post.pk), at.code, at.name, at.region_id, at.region.league, frozenset(roles), None)


def file(actor: Actor, title: str = "草案.docx", mime: str = DOCX) -> UUID:
    """A stored file that waits for the act that names it."""
    stored = store.put(uuid4().bytes)
    row = Evidence.objects.create(
        league=actor.league,
        id=uuid4(),
        title=title,
        kind="document",
        sha256=stored.sha256,
        size=stored.size,
        mime=mime,
        uploaded_at=datetime.now(UTC),
        uploaded_by_id=actor.person,
    )
    return row.id
