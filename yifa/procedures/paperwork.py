"""The document of an act: its number, and its file made durable between the two exchanges.

An entry never names a file that is not there; a file whose act failed is swept later.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path
from typing import Any

from django.conf import settings

from yifa.documents import numbers
from yifa.documents.numbers import Printed
from yifa.documents.rendering import render
from yifa.documents.rules import BadDocument
from yifa.dossiers import store
from yifa.kernel.calendar.queries import calendar
from yifa.kernel.calendar.terms import due
from yifa.procedures.acts import Act, Doing
from yifa.procedures.context import Context, Paper
from yifa.procedures.core import BEIJING, BLOCK, Finding, Procedure, Refused, Step


@dataclass(frozen=True)
class Numbering:
    """The numbers an act asked for in exchange 1; their rows are read when the pipeline has ended."""

    case: Any = None
    document: Any = None
    typed: str = ""
    printed: Any = None

    def taken(self) -> tuple[int | None, int | None, Printed | None]:
        """(number of the new case, number of the document, number of a printed form); None where none was asked for."""
        row = self.printed.fetchone() if self.printed else None
        return _number(self.case), _number(self.document), numbers.printed(self.typed, row) if self.typed else None


def _number(cursor: Any) -> int | None:
    return int(cursor.fetchone()[0]) if cursor else None


def allot(conn: Any, procedure: type[Procedure], step: Step, act: Act, *, organisation: str, opening: bool, year: int) -> Numbering:
    """Asks for the numbers an act needs. They are the act's own: if it is refused, the rollback gives them back."""
    typed = act.late.paper_number if act.late and step.names else ""
    kind = step.gives.series if step.gives else ""
    question = numbers.ask_printed(typed, league=act.by.league, organisation=organisation, kind=kind) if typed else None
    printed = conn.execute(*question) if question else None
    series = (f"案{procedure.code}" if opening else "", "" if typed else kind)
    case, document = (conn.execute(numbers.ALLOT, [act.by.league, organisation, each, year]) if each else None for each in series)
    return Numbering(case, document, typed, printed)


def misnumbered(step: Step, printed: Printed | None) -> list[Finding]:
    """C45: a printed number that was not handed out to this body, was voided or was returned."""
    return [Finding("C45", printed.fault, step.articles, BLOCK, None, "late_paper")] if printed and printed.fault else []


def number_text(step: Step, register: Mapping[str, Any], number: int, year: int) -> str:
    """机关代字 + 类 + 〔年〕 + 号: 包昆样当罚〔2026〕18号. A step without a document has none."""
    return numbers.text(register["organisation"]["short_name"], step.gives.series, year, number) if step.gives else ""


def forms_folder(context: Context) -> Path:
    return Path(str(files(context.package))) / "forms"


def produce(doing: Doing, *, proof: str) -> dict[str, Any] | None:
    """Renders and stores what the step gives; None when it gives nothing. Raises Refused on a document that cannot be made."""
    form, judged, read = doing.step.gives, doing.judged, doing.read
    if form is None:
        return None
    printed = read.printed
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
    )
    body = read.register["organisation"]
    values = doing.context.papers(paper)
    try:
        rendered = render(form, values, folder=forms_folder(doing.context), region=body["region"], number=number)
    except BadDocument as problem:
        raise Refused([Finding("文书", str(problem), doing.step.articles)]) from problem
    stored = store.put(rendered.pdf)
    return {
        "form": form.key,
        "title": form.title,
        "series": form.series,
        "number": number,
        "sequence": printed.number if printed else read.number,
        "year": printed.year if printed else judged.at.astimezone(BEIJING).year,
        "organisation": body["code"],
        "sha256": stored.sha256,
        "size": stored.size,
        "unsigned_sha256": rendered.unsigned_sha256,
        "pages": rendered.pages,
        "audience": form.audience,
        "corrects": values.get("corrects", ""),
    }
