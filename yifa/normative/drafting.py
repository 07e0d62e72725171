"""The drafts of a document on its way, round by round, and what was said to them: legality review, one's own review, the public."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from yifa.dossiers import queries as dossiers
from yifa.dossiers import store
from yifa.dossiers.images import WORD
from yifa.kernel.people.actors import Actor
from yifa.kernel.word.reading import paragraphs
from yifa.kernel.word.refusing import UnreadableError
from yifa.kernel.word.writing import Comment
from yifa.normative.remarks import by_clause, without_numbers
from yifa.participation import queries as participation
from yifa.participation.veiling import without
from yifa.procedures.core import Procedure
from yifa.procedures.fields import FILES
from yifa.procedures.queries import Course

# Files that are asked for and are no draft.
NO_DRAFTS = frozenset({"minutes_files", "heard_files"})
# Questions whose answer speaks of the draft clause by clause, and as whose opinion it is handed on.
REMARKS = {"internal_points": "内部审核", "points": "合法性审核", "examination": "审查"}
# So many opinions of the public a Word file takes; nobody scrolls through more in a margin.
MOST = 2_000


@dataclass(frozen=True)
class Draft:
    """One Word file of the dossier: `n` counts the rounds, `undone` when the act that brought it was taken back."""

    id: str
    title: str
    step: str
    at: datetime
    n: int
    sha256: str
    undone: bool

    def lines(self) -> list[str]:
        """Its paragraphs. Raises UnreadableError with what to do, naming the file."""
        try:
            return paragraphs(store.path(self.sha256))
        except UnreadableError as why:
            raise UnreadableError(f"“{self.title}”读不出来：{why}") from None


def drafts(actor: Actor, course: Course) -> list[Draft]:
    """The Word files that the steps of drafting brought, oldest first; a step that is done again brings a further round."""
    entries = {row.done.seq: row.done for row in course.entries}
    standing = {act.seq for act in course.progress.acts}
    found: list[Draft] = []
    rounds: dict[int, int] = {}
    for piece in dossiers.evidence(actor, course.dossier.code):
        if piece.seq is None or piece.mime != WORD or piece.seq not in entries:
            continue
        done = entries[piece.seq]
        if _brings_drafts(course.procedure, done.step):
            n = rounds.setdefault(done.seq, len(rounds) + 1)
            title = course.procedure.step(done.step).title
            found.append(Draft(str(piece.id), piece.title, title, done.at, n, piece.sha256, done.seq not in standing))
    return found


def _brings_drafts(procedure: type[Procedure], name: str) -> bool:
    step = procedure.steps.get(name)
    return step is not None and any(each.type == FILES and each.key not in NO_DRAFTS for each in step.asks)


def comments(course: Course) -> list[Comment]:
    """Everything said to the draft, by clause and without personal data: the reviews, then the public in the order it spoke."""
    return [*_reviews(course), *_public(course)]


def _reviews(course: Course) -> Iterator[Comment]:
    standing = {act.seq for act in course.progress.acts}
    for row in course.entries:
        if row.done.seq not in standing or not row.payload:
            continue
        facts, body = row.payload.get("facts") or {}, (row.payload.get("actor") or {}).get("organisation", "")
        for key, what in REMARKS.items():
            for clause, text in by_clause(str(facts.get(key) or "")):
                yield Comment(f"{body}（{what}）", row.done.at, text, clause)


def _public(course: Course) -> Iterator[Comment]:
    """Names and telephones stay sealed; what the body decided not to show, and words it veiled, are not handed on either."""
    left = MOST
    for asked in reversed(participation.of_dossier(course.dossier.league, course.dossier.code)):
        for said in participation.comments(asked, limit=left):
            if said.hidden_at is None:
                outcome = f"\n处理：{said.get_outcome_display()}。{said.reason}" if said.outcome else ""
                clause, text, told = (without(each, (one["words"] for one in said.veiled)) for each in (said.clause, said.text, outcome))
                text = without_numbers(text) + without_numbers(told)
                yield Comment(f"公众意见（第{asked.round}轮第{said.n}条）", said.received_at, text, clause)
            left -= 1
