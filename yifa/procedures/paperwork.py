"""The document of an act: its number, and its file made durable between the two exchanges.

An entry never names a file that is not there; a file whose act failed is swept later.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from importlib.resources import files
from pathlib import Path
from typing import Any, cast

from django.conf import settings

from yifa.documents import numbers
from yifa.documents.numbers import Printed
from yifa.documents.rendering import render
from yifa.documents.rules import BadDocument, Form
from yifa.documents.words import late_text
from yifa.dossiers import store, texts
from yifa.kernel.calendar.queries import calendar
from yifa.kernel.calendar.terms import due
from yifa.kernel.word.refusing import UnreadableError
from yifa.procedures.acts import Act, Doing
from yifa.procedures.context import Context, Paper, Piece, Told
from yifa.procedures.core import BEIJING, BLOCK, Finding, Procedure, Refused, Step
from yifa.procedures.exchange import Row, Statement, numbered

_ALLOT = numbered(numbers.ALLOT)


def asked(procedure: type[Procedure], step: Step, act: Act, *, organisation: str, opening: bool, year: int) -> dict[str, Statement]:
    """The numbers an act needs, as statements of exchange 1. They are the act's own: if it is refused, the rollback gives them back."""
    league, series, typed = act.by.league, step.gives.series if step.gives else "", _typed(step, act)
    wanted = {"case number": f"案{procedure.code}" if opening else "", "document number": "" if typed else series}
    # An office numbers its own documents; whoever acts for another body than the office is refused, and the number returns.
    body = act.by.organisation if step.by.office else organisation
    found: dict[str, Statement] = {name: (_ALLOT, [league, body, kind, year]) for name, kind in wanted.items() if kind}
    question = numbers.ask_printed(typed, league=league, organisation=organisation, kind=series) if typed else None
    return found | {"printed number": (numbered(question[0]), question[1])} if question else found


def taken(step: Step, act: Act, answers: Mapping[str, Row]) -> tuple[int | None, int | None, Printed | None]:
    """(number of the new case, number of the document, number of a printed form); None where none was asked for."""
    typed = _typed(step, act)
    printed = numbers.printed(typed, cast("tuple[str | None, str] | None", answers.get("printed number"))) if typed else None
    return _number(answers.get("case number")), _number(answers.get("document number")), printed


def _typed(step: Step, act: Act) -> str:
    """What was entered as the number of the printed form that gave the dossier its number."""
    return act.late.paper_number if act.late and step.names else ""


def _number(row: Row) -> int | None:
    return int(row[0]) if row and row[0] else None


def misnumbered(step: Step, printed: Printed | None) -> list[Finding]:
    """C45: a printed number that was not handed out to this body, was voided or was returned."""
    return [Finding("C45", printed.fault, step.articles, BLOCK, None, "late_paper")] if printed and printed.fault else []


def number_text(step: Step, register: Mapping[str, Any], number: int, year: int) -> str:
    """机关代字 + 类 + 〔年〕 + 号: 包昆样当罚〔2026〕18号. A step without a document has none."""
    return numbers.text(issuing(step, register)["short_name"], step.gives.series, year, number) if step.gives else ""


def _this_act(doing: Doing) -> Told:
    by, judged = doing.act.by, doing.judged
    return Told(doing.seq, doing.step.name, judged.at, judged.late, by.name, by.organisation_name, judged.stated)


def _late(doing: Doing) -> str:
    """What every document of an act that was entered late says of it."""
    act, judged = doing.act, doing.judged
    if not judged.late or act.late is None:
        return ""
    return late_text(
        happened=judged.at,
        recorded=doing.read.now,
        person=act.by.name,
        organisation=act.by.organisation_name,
        reason=act.late.reason,
        paper_number=act.late.paper_number,
    )


def text_of(piece: Piece) -> Sequence[str] | None:
    """The paragraphs of a file that was handed in; None where it holds no text that can be read (a scan, an old or broken file)."""
    try:
        return texts.paragraphs(piece.sha256, piece.mime)
    except UnreadableError:
        return None


def issuing(step: Step, register: Mapping[str, Any]) -> Mapping[str, Any]:
    """The body that gives a step's document: the dossier's own, or the office that performs the step."""
    offices = register.get("offices") or {}
    found: Mapping[str, Any] = offices.get(step.by.office) or register["organisation"]
    return found


def forms_folder(context: Context) -> Path:
    return Path(str(files(context.package))) / "forms"


def produce(doing: Doing, *, proof: str) -> Sequence[Mapping[str, Any]]:
    """Renders and stores what the step gives, in its order. Raises Refused on a document that cannot be made."""
    made = [_produced(doing, form, proof=proof) for form in doing.step.forms]
    return [each for each in made if each is not None]


def _produced(doing: Doing, form: Form, *, proof: str) -> dict[str, Any] | None:
    """None for a document that this case does not need beside the first."""
    judged, read = doing.judged, doing.read
    printed = read.printed if form.series else None
    number = judged.facts["number"] if form.series else ""
    paper = Paper(
        form=form,
        step=doing.step.name,
        case=judged.case,
        facts=judged.facts,
        personal=judged.personal,
        register=read.register,
        number=number,
        case_number=doing.ref.code,
        at=judged.at,
        public_url=f"{settings.PUBLIC_URL}/c/{doing.token}",
        proof=proof,
        evidence=[*read.attached, *(piece["title"] for piece in read.evidence)],
        earlier=[(each["title"], each["number"] or "") for each in read.documents],
        reckon=lambda term, start: due(term, start, calendar(read.calendar_stamp)).due,
        due={duty.step.name: duty.due.due for duty in judged.duties},
        course=(*read.course, _this_act(doing)) if form.tells_course else (),
        pieces=read.pieces,
        text_of=text_of,
    )
    body = issuing(doing.step, read.register)
    values = doing.context.papers(paper)
    if values is None:
        return None
    try:
        rendered = render(form, values, folder=forms_folder(doing.context), region=body["region"], number=number, late=_late(doing))
    except BadDocument as problem:
        raise Refused([Finding("文书", str(problem), doing.step.articles)]) from problem
    stored = store.put(rendered.pdf)
    return {
        "form": form.key,
        "title": form.title,
        "series": form.series,
        "number": number,
        "sequence": (printed.number if printed else read.number) if form.series else None,
        "year": printed.year if printed else judged.at.astimezone(BEIJING).year,
        "organisation": body["code"],
        "sha256": stored.sha256,
        "size": stored.size,
        "unsigned_sha256": rendered.unsigned_sha256,
        "pages": rendered.pages,
        "audience": form.audience,
        "corrects": values.get("corrects", ""),
    }
