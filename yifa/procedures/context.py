"""What a context (enforcement, disputes, …) hands to the interpreter: plain values and pure functions."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from importlib import import_module
from pkgutil import iter_modules
from typing import Any, Protocol

from yifa.documents.rules import Form
from yifa.facts.seen import Counted, Seen
from yifa.kernel.calendar.terms import Param, Term
from yifa.kernel.citing import Article, Law
from yifa.procedures.core import Procedure, Step
from yifa.procedures.fields import Field


@dataclass(frozen=True)
class Told:
    """An act as the record tells it: who did it, in whose name, what he stated; `stated` is None where that was cleared by law.

    `undoes`: from which entry on it undid what was done (退回, 撤回).
    """

    seq: int
    step: str
    at: datetime
    late: bool
    person: str
    organisation: str
    stated: Mapping[str, Any] | None
    undoes: int | None = None


@dataclass(frozen=True)
class Piece:
    """One thing that lies in the file: a document that was given (`form` is its key), or what a step brought (`form` is empty).

    `late`: when its act was recorded, where that was later than it took place (补录).
    """

    title: str
    number: str
    form: str
    step: str
    seq: int
    at: datetime
    pages: int | None
    sha256: str
    mime: str
    late: datetime | None = None


def _unread(_piece: Piece) -> Sequence[str] | None:
    return None


@dataclass(frozen=True)
class Paper:
    """What a context needs to fill a form: the case as the rules see it, and what only the moment knows.

    `due` holds the last days of the terms that run after the act, by step: 请于……前报送. `course` holds every act of the case, this one
    last, for a form that tells the course; `pieces` what lies in the file before it, for a form that tells the file. `text_of` reads the
    paragraphs of a Word or PDF file among them; None where it holds no text that can be read.
    """

    form: Form
    step: str
    case: Any
    facts: Mapping[str, Any]
    personal: Mapping[str, Any]
    register: Mapping[str, Any]
    number: str
    case_number: str
    at: datetime
    public_url: str
    proof: str
    evidence: Sequence[str]
    earlier: Sequence[tuple[str, str]]
    reckon: Callable[[Term, date], date]
    due: Mapping[str, date] = field(default_factory=dict)
    course: Sequence[Told] = ()
    pieces: Sequence[Piece] = ()
    text_of: Callable[[Piece], Sequence[str] | None] = _unread


@dataclass(frozen=True)
class Cited:
    """Something of a context, besides its procedures, that rests on articles: an item of a list. `days`: when they must be in force.

    `works` are laws cited as a whole, `ref` names the open dossiers that rest on it (`resting.py`), `region` whose affair it is, `since`
    the day from which what is cited without a version is meant.
    """

    kind: str
    file: str
    name: str
    articles: tuple[Article, ...]
    days: tuple[date, ...]
    url: str = ""
    ref: str = ""
    region: str = ""
    since: date | None = None
    works: tuple[Law, ...] = ()


class CaseReader(Protocol):
    def __call__(self, facts: Mapping[str, Any], register: Mapping[str, Any], at: datetime) -> Any: ...


@dataclass(frozen=True)
class Context:
    """One context. `register` is a SQL expression of type jsonb over the row `m(facts, organisation_id, at)`: what the

    registers say about this case now (certificates, items, earlier fines); it is read in the same exchange as the dossier.
    `title_of(facts)` names the dossier, `sector_of(facts)` picks parameters and variants. Under `offices` the register may answer which
    other bodies take part, `{name: {code, name, short_name, region}}`. `writes(doing)` are rows of the context's own tables that an act
    brings with it, `(table, row, what follows VALUES)`, written in the act's one statement; a unique constraint among them that says no
    is told to the officer by its text in `collisions`. `updates(doing)` are rows that are there and change with it, `(table, values, where,
    parameters)`; `removes(doing)` are rows that go with it, `(table, where, parameters)`. `called(case)` names the dossier where the facts
    alone do not; `initial(step, case)` are the answers a form begins with, `remarks(step, case)` what is said above it.
    `papers(paper)` fills a form; None: this case needs no such document beside the first (it lies in the file already).
    `links(procedure, code)` are pages of the context's own about a dossier, `(what it is called, address)`, for the body that handles it.
    `cited(today)` is what the software itself rests on (an item of a list), proved by `procedures check`; `rests(today)` rows of registers
    that may rest on what is long repealed: the law watch lists them.
    `begins(procedure, organisation)` says whether a body has this procedure at all: whether its desk offers to begin one.
    `relies(facts)` are the articles, or laws as a whole, on which an act giving a document rests besides its step's: its entry cites them.
    `holding(body)` are those on which the powers of a body rest, `body` as in `choices`.
    `measures(step, case, term)` are limits by which an act is measured although no clock runs from it, as `term` resolves a parameter of
    this place and day: the entry keeps them, so that its facts follow from the entry alone.
    `undisclosed(facts)` says why nothing of a case may be put before the public, "" where it may.
    """

    name: str
    title: str
    package: str
    procedures: tuple[type[Procedure], ...]
    read: CaseReader
    register: str
    papers: Callable[[Paper], Mapping[str, Any] | None]
    title_of: Callable[[Mapping[str, Any]], str]
    sector_of: Callable[[Mapping[str, Any]], str]
    facts: Callable[[Seen], Iterable[Counted]]
    derive: Callable[[Mapping[str, Any], Mapping[str, Any], datetime], Mapping[str, Any]]
    choices: Callable[[Field, Mapping[str, Any]], Sequence[tuple[str, str]]]
    cited: Callable[[date], Iterable[Cited]] = lambda _today: ()
    rests: Callable[[date], Iterable[Cited]] = lambda _today: ()
    begins: Callable[[str, Mapping[str, Any]], bool] = lambda _procedure, _organisation: True
    writes: Callable[[Any], Iterable[tuple[str, Mapping[str, Any], str]]] = lambda _doing: ()
    collisions: Mapping[str, str] = field(default_factory=dict)
    updates: Callable[[Any], Iterable[tuple[str, Mapping[str, Any], str, Sequence[Any]]]] = lambda _doing: ()
    removes: Callable[[Any], Iterable[tuple[str, str, Sequence[Any]]]] = lambda _doing: ()
    called: Callable[[Any], str] = lambda _case: ""
    initial: Callable[[Step, Any], Mapping[str, Any]] = lambda _step, _case: {}
    remarks: Callable[[Step, Any], Sequence[str]] = lambda _step, _case: ()
    links: Callable[[str, str], Sequence[tuple[str, str]]] = lambda _procedure, _code: ()
    relies: Callable[[Mapping[str, Any]], Sequence[Article | Law]] = lambda _facts: ()
    holding: Callable[[Mapping[str, Any]], Iterable[Article]] = lambda _body: ()
    measures: Callable[[Step, Any, Callable[[Param], Term]], Mapping[str, Any]] = lambda _step, _case, _term: {}
    undisclosed: Callable[[Mapping[str, Any]], str] = lambda _facts: ""


def discover(package: str) -> tuple[type[Procedure], ...]:
    """Every procedure in `<package>/procedures/`, one file each: putting a file there is all it takes."""
    folder = import_module(f"{package}.procedures")
    modules = [import_module(f"{folder.__name__}.{each.name}") for each in iter_modules(folder.__path__)]
    found = {
        value
        for module in modules
        for value in vars(module).values()
        if isinstance(value, type) and issubclass(value, Procedure) and value.__module__ == module.__name__ and value.key
    }
    return tuple(sorted(found, key=lambda each: (each.key, each.version, each.region, each.sector)))
