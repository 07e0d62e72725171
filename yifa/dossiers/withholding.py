"""不予公开: what of a dossier is kept from a reader who may read the dossier. Whoever hands out any of it asks `of`.

What is kept from whom is declared above this floor, on forms and questions (`documents.rules.Readers`); the site hands the judge down
once at start, as it hands down the procedures. Until then nothing can be asked: a forgotten judge is an error, never an open door.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from yifa.dossiers.models import Dossier
from yifa.kernel.people.actors import Actor


@dataclass(frozen=True)
class Withheld:
    """What one reader is not given of one dossier: documents by form, answers by question, files by step, each with what it is called.

    `steps`: the acts whose own words (正卷) hold such an answer.
    """

    forms: Mapping[str, str] = field(default_factory=dict)
    answers: Mapping[str, str] = field(default_factory=dict)
    files: Mapping[str, str] = field(default_factory=dict)
    steps: frozenset[str] = frozenset()

    def paper(self, form: str) -> str:
        """What is said instead of a document: 不予公开：责任档案; "" when it is given."""
        return said(self.forms[form]) if form in self.forms else ""

    def piece(self, step: str) -> str:
        """What is said instead of a file that an act of this step brought; "" when it is given."""
        return said(self.files[step]) if step in self.files else ""

    def told(self, stated: Mapping[str, Any]) -> dict[str, Any]:
        """The answers without those kept back."""
        return {key: value for key, value in stated.items() if key not in self.answers}


NOTHING = Withheld()
Judge = Callable[[Actor, Dossier], Withheld]


def said(name: str) -> str:
    return f"不予公开：{name}"


def _missing(_reader: Actor, _dossier: Dossier) -> Withheld:
    raise RuntimeError("who may read what was not handed down: yifa.site.apps installs it")


_judge: Judge = _missing


def install(judge: Judge) -> None:
    global _judge  # noqa: PLW0603 - set once at start, as the registry of procedures is
    _judge = judge


def of(reader: Actor, dossier: Dossier) -> Withheld:
    """What is kept from this reader of a dossier that he was shown (`queries.case`)."""
    return _judge(reader, dossier)
