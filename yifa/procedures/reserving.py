"""不予公开: who is not given what of a case that he may read. The one judge, which everything that hands out a case asks.

A form or a question declares its readers (`Form.reserved`, `Field.reserved`); who fills which office of the case, its registers say. The
answer is the same at every door: pages, downloads, interface, catalogue, the bound file, receipts, the portal. The floors below ask by
`dossiers.withholding.of`, which the site gives `judge`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache

from django.db import connection
from django.utils import timezone

from yifa.documents.rules import Form, Readers
from yifa.dossiers import queries as dossiers
from yifa.dossiers.queries import Dossier
from yifa.dossiers.withholding import NOTHING, Withheld
from yifa.kernel.ledger import services as ledger
from yifa.kernel.ledger.queries import steps_of
from yifa.kernel.people.actors import Actor
from yifa.kernel.people.reading_words import TERRITORY
from yifa.procedures import queries, registry
from yifa.procedures.core import Procedure
from yifa.procedures.fields import FILES
from yifa.procedures.reading import Ref


@dataclass(frozen=True)
class _Reserved:
    """What the versions of a procedure declare to be for some only: by form, by question, by step that brings files or holds answers."""

    forms: Mapping[str, Readers]
    answers: Mapping[str, Readers]
    files: Mapping[str, Readers]
    steps: frozenset[tuple[str, str]]

    def readers(self) -> Iterator[Readers]:
        for each in (self.forms, self.answers, self.files):
            yield from each.values()


def judge(reader: Actor, dossier: Dossier) -> Withheld:
    """What is kept from this reader. Most procedures keep nothing from anybody: that costs no query."""
    declared = _declared(_versions(dossier.procedure))
    wanted = set(declared.readers())
    if not wanted:
        return NOTHING
    return _withheld(declared, _admitted(wanted, reader, dossier))


def may_read(reader: Actor, dossier: Dossier, form: Form) -> bool:
    """Is the content of this document for this reader, who may read the dossier?"""
    return form.reserved is None or form.reserved in _admitted({form.reserved}, reader, dossier)


def receipt(ref: Ref, withheld: Withheld, *, sides: tuple[str, ...]) -> bytes:
    """The receipt of a case for whoever is kept from this much: of an act with such answers the words are left out, and from then on what
    the rules saw, which repeats them. The proof of the record is whole all the same. Raises what `ledger.receipt` raises."""
    entries = steps_of(ref.league, ref.code) if withheld.steps else []
    kept = [seq for seq, step in entries if step.partition("@")[0] in withheld.steps]
    without = {(seq, "open") for seq in kept} | {(seq, "closed") for seq, _ in entries if kept and seq >= kept[0]}
    return ledger.receipt(ref.code, league=ref.league, sides=sides, without=without)


def party_receipt(ref: Ref) -> bytes:
    """The receipt for a party who proved who he is: nothing that is for some only. Raises what `ledger.receipt` raises."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT procedure FROM dossiers_dossier WHERE league = %s AND code = %s", [ref.league, ref.code])
        (procedure,) = cursor.fetchone()
    return receipt(ref, _withheld(_declared(_versions(procedure)), set()), sides=("open",))


def _withheld(declared: _Reserved, admitted: set[Readers]) -> Withheld:
    def kept(reserved: Mapping[str, Readers]) -> dict[str, str]:
        return {key: each.named for key, each in reserved.items() if each not in admitted}

    answers = kept(declared.answers)
    steps = frozenset(step for step, key in declared.steps if key in answers)
    return Withheld(forms=kept(declared.forms), answers=answers, files=kept(declared.files), steps=steps)


def _admitted(wanted: set[Readers], reader: Actor, dossier: Dossier) -> set[Readers]:
    over = dossier.ground == TERRITORY
    handles = any(each.officers for each in wanted) and dossiers.is_officer(reader, dossier)

    def among(bodies: Mapping[str, str]) -> set[Readers]:
        return {
            each
            for each in wanted
            if each.admits(roles=reader.roles, organisation=reader.organisation, over=over, handles=handles, bodies=bodies)
        }

    found = among({"": dossier.organisation_id})
    # Who fills the other offices is asked only where it matters.
    return found if over or found == wanted else among(queries.bodies(dossier, timezone.now()))


def _versions(procedure: str) -> tuple[type[Procedure], ...]:
    return tuple(each for each in registry.procedures() if each.key == procedure)


@cache
def _declared(versions: tuple[type[Procedure], ...]) -> _Reserved:
    steps = [step for version in versions for step in version.steps.values()]
    asked = [(step, each) for step in steps for each in step.asks if each.reserved]
    return _Reserved(
        forms={form.key: form.reserved for step in steps for form in step.forms if form.reserved},
        answers={each.key: each.reserved for _, each in asked if each.reserved and each.type != FILES},
        files={step.name: each.reserved for step, each in asked if each.reserved and each.type == FILES},
        steps=frozenset((step.name, each.key) for step, each in asked if each.type != FILES),
    )
