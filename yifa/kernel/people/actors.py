"""Who acts, and for which body: the value that every act carries into the record."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Actor:
    """One person in one of his posts. Ids are text: `person` and `post` are uuids, `organisation` and `region` are codes."""

    person: str
    name: str
    post: str
    organisation: str
    organisation_name: str
    region: str
    league: str
    roles: frozenset[str]
    certificate: str | None = None

    def has(self, *roles: str) -> bool:
        """Does the post give any of these roles?"""
        return not self.roles.isdisjoint(roles)
