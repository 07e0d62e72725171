"""Which open dossiers rest on something that cites a law: a version of a procedure, or an answer given in it (the item, the document).

The library keeps such a `ref` beside what is pushed down to it and hands it back; it knows no dossier.
"""

from __future__ import annotations

from yifa.dossiers.queries import Resting, resting
from yifa.kernel.people.actors import Actor
from yifa.procedures.core import Procedure

PROCEDURE, ANSWER = "procedure", "answer"


def of_procedure(procedure: type[Procedure]) -> str:
    return f"{PROCEDURE}:{procedure.key}@{procedure.version}"


def of_answer(key: str, value: str) -> str:
    """Dossiers in which the question `key` was answered with `value`."""
    return f"{ANSWER}:{key}={value}"


def open_cases(reader: Actor, ref: str) -> Resting:
    """Those the reader may see, newest first, and how many there are besides. Nothing rests on what has no `ref`."""
    kind, _, rest = ref.partition(":")
    if kind == PROCEDURE:
        key, _, version = rest.partition("@")
        return resting(reader, procedure=key, version=version)
    if kind == ANSWER:
        key, _, value = rest.partition("=")
        return resting(reader, answer=(key, value))
    return Resting((), 0, 0)
