"""What one reader may see: organisation subtree ∪ territory ∪ case roles ∪ grants, as a value that compiles to SQL. Pure.

The same branches make the two forms of the one predicate: `cases` judges a row at hand (detail, search, export by key), `newest`
reads a list in its order. Each branch of `newest` is one ordered index scan, so a list costs the same whoever reads it: there is
no OR over the big table.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from yifa.kernel.access.sql import EMPTY, NOTHING, Sql, array
from yifa.kernel.people.reading_words import GRANT, OWN, ROLE, TERRITORY

DOSSIER, CASE_ROLE, PART, NEWEST = "dossiers_dossier", "dossiers_caserole", "dossiers_part", "dossiers_newest"


@dataclass(frozen=True)
class Desk:
    """Whose cases one may read by case role: one's own everywhere, a predecessor's (hand-over) at that body only."""

    person: str
    organisation: str | None = None


@dataclass(frozen=True)
class Scope:
    """Sorted, so that equal rights compile to equal SQL. `leagues` and `banners` (旗县) are read whole; `regions` are those of which only

    a part is in the territory, listed one by one down to the township. `governed` names the territory as it is registered: it adds no
    right, it tells a supervisor's from a guest's. `office` is the body whose parts in other bodies' cases count.
    """

    own: frozenset[str] = frozenset()
    organisations: tuple[str, ...] = ()
    leagues: tuple[str, ...] = ()
    banners: tuple[str, ...] = ()
    regions: tuple[str, ...] = ()
    governed: tuple[str, ...] = ()
    desks: tuple[Desk, ...] = ()
    office: str = ""
    dossiers: tuple[str, ...] = ()
    everything: bool = False

    def cases(self, alias: str = "d") -> Sql:
        """May this row of dossiers be read? For rows that something else has found: a code, a search, another table's page."""
        if self.everything:
            return Sql("TRUE")
        tests = [Sql(f"{column} = ANY(%s::varchar[])", (array(values),)) for column, values in self._columns(alias) if values]
        for desk in self.desks:
            body = Sql(f"AND {alias}.organisation_id = %s", (desk.organisation,)) if desk.organisation else EMPTY
            same = f"(r.league, r.dossier) = ({alias}.league, {alias}.code)"
            role = f"EXISTS (SELECT 1 FROM {CASE_ROLE} r WHERE {same} AND r.person_id = %s::uuid)"  # noqa: S608 - names are written in code
            tests.append(Sql(role, (desk.person,)) + body)
        if self.office:
            same = f"(t.league, t.dossier) = ({alias}.league, {alias}.code)"
            part = f"EXISTS (SELECT 1 FROM {PART} t WHERE {same} AND t.organisation_id = %s)"  # noqa: S608 - as above
            tests.append(Sql(part, (self.office,)))
        return Sql.join(" OR ", tests).wrapped("(", ")") if tests else NOTHING

    def newest(self, *, limit: int, after: tuple[datetime, str] | None = None, where: Sql = EMPTY) -> Sql:
        """`SELECT opened_at, code` of the readable dossiers, newest first, from the keyset cursor `after` on; `where` is about `d`.

        A list joins it to what it shows: `… JOIN dossiers_dossier d USING (code) ORDER BY d.opened_at DESC, d.code DESC`.
        """
        if self.everything:
            return self._scan(Sql("TRUE"), limit, after, where)
        branches = [self._by_column(column, values, limit, after, where) for column, values in self._columns() if values]
        branches += [self._by_desk(desk, limit, after, where) for desk in self.desks]
        branches += [self._by_office(limit, after, where)] if self.office else []
        if not branches:
            return Sql("SELECT NULL::timestamptz AS opened_at, NULL::varchar AS code WHERE FALSE")
        if len(branches) == 1:
            return branches[0]
        union = Sql.join(" UNION ", [branch.wrapped("(", ")") for branch in branches])
        return union.wrapped("SELECT opened_at, code FROM (", ") b ORDER BY opened_at DESC, code DESC LIMIT %s") + Sql("", (limit,))

    def bodies(self, alias: str = "o") -> Sql:
        """May this row of organisations be listed among those whose figures and dossiers one reads?"""
        if self.everything:
            return Sql("TRUE")
        tests = [Sql(f"{alias}.code = ANY(%s::varchar[])", (array(self.organisations),))] if self.organisations else []
        if self.regions:
            tests.append(Sql(f"{alias}.region_id = ANY(%s::varchar[])", (array(self.regions),)))
        if self.banners:
            tests.append(Sql(f"left({alias}.region_id, 6) = ANY(%s::varchar[])", (array(self.banners),)))
        if self.leagues:
            inside = f"{alias}.region_id IN (SELECT code FROM people_region WHERE league = ANY(%s::varchar[]))"  # noqa: S608 - as above
            tests.append(Sql(inside, (array(self.leagues),)))
        return Sql.join(" OR ", tests).wrapped("(", ")") if tests else NOTHING

    def ground(self, *, code: str, organisation: str, region: str, league: str) -> str:
        """By which right this reader may see a dossier that `cases` lets him see: a key of `people.reading_words.GROUNDS`.

        What none of the others gives is given by his part in the case: there is no fifth right.
        """
        if organisation in self.own:
            return OWN
        places = {league, region[:6], region}
        # A province governs all its leagues: its first two digits are theirs.
        if places & {*self.governed} or f"{league[:2]}0000" in self.governed:
            return TERRITORY
        given = organisation in self.organisations or code in self.dossiers
        return GRANT if given or places & {*self.leagues, *self.banners, *self.regions} else ROLE

    def _columns(self, alias: str = "d") -> list[tuple[str, tuple[str, ...]]]:
        """What may be read by one column of a dossier; each has its index in list order."""
        return [
            (f"{alias}.organisation_id", self.organisations),
            (f"{alias}.league", self.leagues),
            (f"left({alias}.region_id, 6)", self.banners),
            (f"{alias}.region_id", self.regions),
            (f"{alias}.code", self.dossiers),
        ]

    def _by_column(self, column: str, values: tuple[str, ...], limit: int, after: tuple[datetime, str] | None, where: Sql) -> Sql:
        """The newest among many values of one column: a look at the index for each value.

        With more values than rows wanted, only the `limit` values with the newest first row can hold a row of the list, and nothing older
        than the last of those first rows: the first look finds them, and only they are read, down to there. What each body's first row
        is, is kept; with a cursor or a filter it must be looked up.
        """
        if len(values) == 1:
            return self._scan(Sql(f"{column} = %s", (values[0],)), limit, after, where)
        same = Sql(f"{column} = v.value")
        head, tail = " CROSS JOIN LATERAL (", ") k ORDER BY k.opened_at DESC, k.code DESC LIMIT %s"
        every = Sql("FROM unnest(%s::varchar[]) AS v(value)", (array(values),))
        if len(values) <= limit:
            rows = self._scan(same, limit, after, where).wrapped(head, tail)
            return every.wrapped("SELECT k.opened_at, k.code ") + rows + Sql("", (limit,))
        if column == "d.organisation_id" and not after and not where.text:
            kept = f"SELECT k.organisation_id AS value, k.opened_at FROM {NEWEST} k WHERE k.organisation_id = ANY(%s::varchar[])"  # noqa: S608
            first = Sql(f"{kept} ORDER BY k.opened_at DESC, k.code DESC LIMIT %s", (array(values), limit))
        else:
            first = (
                every.wrapped("SELECT v.value, k.opened_at ") + self._scan(same, 1, after, where).wrapped(head, tail) + Sql("", (limit,))
            )
        leading = first.wrapped("WITH ahead AS MATERIALIZED (", ")")
        last = "SELECT opened_at FROM ahead ORDER BY opened_at DESC OFFSET %s LIMIT 1"
        floor = Sql(f"d.opened_at >= coalesce(({last}), '-infinity')", (limit - 1,))
        near = Sql.join(" AND ", [floor, where.wrapped("(", ")")]) if where.text else floor
        rows = self._scan(same, limit, after, near).wrapped(head, tail)
        return leading + Sql("SELECT k.opened_at, k.code FROM ahead v") + rows + Sql("", (limit,))

    def _by_desk(self, desk: Desk, limit: int, after: tuple[datetime, str] | None, where: Sql) -> Sql:
        """One person's cases in list order, from the index on case roles alone unless something of the dossier is asked."""
        on = f" JOIN {DOSSIER} d ON d.league = r.league AND d.code = r.dossier" if where.text or desk.organisation else ""
        text = [f"SELECT DISTINCT r.opened_at, r.dossier AS code FROM {CASE_ROLE} r{on} WHERE r.person_id = %s::uuid"]  # noqa: S608
        params: list[Any] = [desk.person]
        if desk.organisation:
            text.append("AND d.organisation_id = %s")
            params.append(desk.organisation)
        if after:
            text.append("AND (r.opened_at, r.dossier) < (%s, %s)")
            params += after
        if where.text:
            text.append(f"AND ({where.text})")
            params += where.params
        text.append("ORDER BY r.opened_at DESC, r.dossier DESC LIMIT %s")
        return Sql(" ".join(text), (*params, limit))

    def _by_office(self, limit: int, after: tuple[datetime, str] | None, where: Sql) -> Sql:
        """The other bodies' cases in which this body has a part."""
        on = f" JOIN {DOSSIER} d ON d.league = t.league AND d.code = t.dossier" if where.text else ""
        text = [f"SELECT DISTINCT t.opened_at, t.dossier AS code FROM {PART} t{on} WHERE t.organisation_id = %s"]  # noqa: S608 - as above
        params: list[Any] = [self.office]
        if after:
            text.append("AND (t.opened_at, t.dossier) < (%s, %s)")
            params += after
        if where.text:
            text.append(f"AND ({where.text})")
            params += where.params
        text.append("ORDER BY t.opened_at DESC, t.dossier DESC LIMIT %s")
        return Sql(" ".join(text), (*params, limit))

    @staticmethod
    def _scan(test: Sql, limit: int, after: tuple[datetime, str] | None, where: Sql) -> Sql:
        text = [f"SELECT d.opened_at, d.code FROM {DOSSIER} d WHERE {test.text}"]  # noqa: S608 - as above
        params = [*test.params]
        if after:
            text.append("AND (d.opened_at, d.code) < (%s, %s)")
            params += after
        if where.text:
            text.append(f"AND ({where.text})")
            params += where.params
        text.append("ORDER BY d.opened_at DESC, d.code DESC LIMIT %s")
        return Sql(" ".join(text), (*params, limit))
