"""What the worker does, by the clock and when asked: files that nothing names are swept, what ran out lapses, case files are bound."""

from __future__ import annotations

from uuid import UUID

from django.utils import timezone
from procrastinate.contrib.django import app

from yifa.decisions import missing_lists, standings
from yifa.documents import bindings
from yifa.documents import services as documents
from yifa.documents.queries import papers
from yifa.dossiers import services as dossiers
from yifa.laws import watching
from yifa.normative import expiring, monthly
from yifa.normative import services as normative
from yifa.normative.objection_queries import is_attached
from yifa.participation import batches, grouping, taking
from yifa.portal import following
from yifa.procedures import cited, rebuilding, registry, reminding


@app.periodic(cron="17 * * * *")
@app.task(name="sweep_uploads")
def sweep_uploads(timestamp: int) -> int:
    """Uploads whose time has run out; `timestamp` is the moment of the schedule, in seconds."""
    return dossiers.sweep(at=timezone.now())


@app.periodic(cron="47 * * * *")
@app.task(name="sweep_documents")
def sweep_documents(timestamp: int) -> int:
    """Documents of acts that were refused or died between rendering and recording; files of opinions that were never written."""
    gone = taking.sweep(at=timezone.now(), named=(is_attached,))
    return gone + documents.sweep(at=timezone.now(), named=(is_attached, taking.is_attached))


@app.periodic(cron="7 * * * *")
@app.task(name="lapse_documents")
def lapse_documents(timestamp: int) -> int:
    """Normative documents whose validity ran out with no decision; every hour, so that a day without a worker is made up for."""
    return normative.lapse(timezone.localdate())


@app.periodic(cron="12 * * * *")
@app.task(name="warn_of_expiry")
def warn_of_expiry(timestamp: int) -> int:
    """180, 90 and 30 days before the validity of a normative document ends, its maker is told; every hour, each stage once."""
    today = timezone.localdate()
    return expiring.watch(today, at=timezone.now()) + expiring.take_census(today)


@app.periodic(cron="22 1 * * *")
@app.task(name="ask_for_lists")
def ask_for_lists(timestamp: int) -> int:
    """Each morning (09:22 in China): bodies that have not handed in the list of what they issued last month are asked for it, once."""
    return monthly.ask(timezone.localdate(), at=timezone.now())


@app.periodic(cron="37 20 * * *")
@app.task(name="watch_laws")
def watch_laws(timestamp: int) -> int:
    """Each night (04:37 in China): texts that come into force, and documents that rest on them, become tasks of the legal staff."""
    cited.push(registry.contexts(), today=timezone.localdate())
    return watching.refresh(today=timezone.localdate()).fresh


@app.periodic(cron="*/5 * * * *")
@app.task(name="batch_opinions")
def batch_opinions(timestamp: int) -> int:
    """Opinions of the public that came since are put under one root of their round's chain, and like ones together."""
    count = batches.batch_opinions(at=timezone.now())
    grouping.group_opinions()
    return count


@app.periodic(cron="37 * * * *")
@app.task(name="judge_matters")
def judge_matters(timestamp: int) -> int:
    """The lamps of major decisions that days and registers move without an act of the matter; every hour."""
    return standings.refresh_open()


@app.periodic(cron="42 * * * *")
@app.task(name="miss_lists")
def miss_lists(timestamp: int) -> int:
    """Yearly lists of decisions that were not out on their day; every hour, each once, so that a day without a worker is made up for."""
    return missing_lists.enter(timezone.localdate(), at=timezone.now())


@app.periodic(cron="27 * * * *")
@app.task(name="remind_of_deadlines")
def remind_of_deadlines(timestamp: int) -> int:
    """Whoever holds a deadline is told at four fifths of its time and at its end; every hour, each of them once."""
    return reminding.remind(timezone.localdate(), at=timezone.now())


@app.periodic(cron="*/10 * * * *")
@app.task(name="rebuild_turns")
def rebuild_turns(timestamp: int) -> int:
    """After an upgrade: whose turn it is in the cases of before, a minute's work at a time; at the end, one look at one row."""
    return rebuilding.go_on(seconds=60).read


@app.task(name=bindings.TASK)
def bind_dossier(league: str, ident: str) -> None:
    """A case file that takes long to bind, for the reader who asked for it."""
    bindings.perform(league, UUID(ident), papers)


@app.periodic(cron="52 * * * *")
@app.task(name="tell_followers")
def tell_followers(timestamp: int) -> int:
    """Whoever follows a decision or a catalogue by e-mail is told what opened and what was published; every hour, each piece once."""
    return following.tell(today=timezone.localdate(), at=timezone.now())
