"""The other side of `step`: the two acts as a careful Django developer writes them with django-fsm-2 and django-simple-history.

One `atomic` block: the case is locked, the registers are read by the ORM, the transition's conditions are the same pure rules, the case is
saved with its history row, deadlines are closed and opened. Joins and prefetches are used wherever they spare a query.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime
from typing import TYPE_CHECKING, Any, ClassVar
from uuid import UUID, uuid4

from django.db import connection, models, transaction
from django.db.models import Prefetch, Q
from django.utils import timezone
from django_fsm import FSMField, transition
from simple_history.models import HistoricalRecords

from yifa.dossiers.models import Dossier
from yifa.dossiers.models import Party as SourceParty
from yifa.enforcement.case import PenaltyFacts
from yifa.enforcement.case import read as read_case
from yifa.enforcement.procedures.summary_penalty import SummaryPenalty
from yifa.kernel.calendar.queries import calendar
from yifa.kernel.calendar.terms import Param, Term, Unit, due
from yifa.kernel.parameters.queries import parameters
from yifa.kernel.people.models import Certificate, CertificateEvent, Organisation, OrganisationEvent, Person, Succession
from yifa.procedures import core
from yifa.procedures.core import BEIJING
from yifa.procedures.models import Obligation

if TYPE_CHECKING:
    from yifa.kernel.people.actors import Actor
    from yifa.procedures.reading import Ref


def _conditions(name: str) -> list[Callable[[Any], bool]]:
    """The rules of the step, each as a condition of its transition."""
    rules = core.rules_of(SummaryPenalty, SummaryPenalty.step(name))
    needed = SummaryPenalty.step(name).needs

    def condition(rule: core.Rule) -> Callable[[Any], bool]:
        return lambda case: rule.judge(case.seen, must_decide=rule in needed) is None

    return [condition(rule) for rule in rules]


class Case(models.Model):
    """A dossier whose state is a field."""

    objects: ClassVar[models.Manager[Case]] = models.Manager()
    seen: PenaltyFacts
    organisation_id: str
    _history_user: Person
    code = models.CharField(max_length=64, unique=True)
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    title = models.CharField(max_length=300)
    number = models.CharField(max_length=80, blank=True)
    status = FSMField(default="inform", protected=True)
    facts = models.JSONField(default=dict)
    seq = models.IntegerField()
    key = models.UUIDField()
    act_at = models.DateTimeField()
    opened_at = models.DateTimeField()
    updated_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True)
    history = HistoricalRecords()

    @transition(field=status, source="inform", target="hear", conditions=_conditions("hear"))
    def hear(self) -> None:
        """行政处罚法 45."""

    @transition(field=status, source=["deliver", "file"], target="pay", conditions=_conditions("pay"))
    def pay(self) -> None:
        """行政处罚法 67."""


class Party(models.Model):
    objects: ClassVar[models.Manager[Party]] = models.Manager()
    case = models.ForeignKey(Case, models.CASCADE, related_name="parties")
    name = models.CharField(max_length=200)
    identity_hash = models.CharField(max_length=64, db_index=True)


class Role(models.Model):
    objects: ClassVar[models.Manager[Role]] = models.Manager()
    case = models.ForeignKey(Case, models.CASCADE, related_name="roles")
    person = models.ForeignKey(Person, models.PROTECT, related_name="+")


class Duty(models.Model):
    """A deadline of a case."""

    objects: ClassVar[models.Manager[Duty]] = models.Manager()
    case = models.ForeignKey(Case, models.CASCADE, related_name="duties")
    step = models.CharField(max_length=64)
    title = models.CharField(max_length=200)
    start_on = models.DateField()
    due_on = models.DateField()
    provisional = models.BooleanField(default=False)
    derivation = models.JSONField(default=list)
    opened_seq = models.IntegerField()
    closed_seq = models.IntegerField(null=True)
    met_on = models.DateField(null=True)


class NotAllowedError(Exception):
    """The act is refused."""


def create_tables() -> None:
    with connection.schema_editor() as editor:
        for model in (Case, Case.history.model, Party, Role, Duty):
            editor.create_model(model)


def copies(refs: Sequence[Ref]) -> list[int]:
    """The same dossiers as cases: their facts, party, roles and open deadlines."""
    made = []
    rows = {row.code: row for row in Dossier.objects.filter(code__in=[ref.code for ref in refs])}
    for ref in refs:
        row = rows[ref.code]
        case = Case(
            code=row.code, organisation_id=row.organisation_id, title=row.title, number=row.number or "", status=row.status,
            facts=row.facts, seq=row.seq, key=uuid4(), act_at=row.updated_at, opened_at=row.opened_at, updated_at=row.updated_at,
        )  # fmt: skip
        case.save()
        for party in SourceParty.objects.filter(league=ref.league, dossier=ref.code):
            Party.objects.create(case=case, name=party.name, identity_hash=party.identity_hash)
        Role.objects.bulk_create(Role(case=case, person_id=person) for person in row.facts["officers"])
        for duty in Obligation.objects.filter(league=ref.league, dossier=ref.code, closed_seq=None):
            Duty.objects.create(
                case=case, step=duty.step, title=duty.title, start_on=duty.start_on, due_on=duty.due_on, derivation=duty.derivation,
                opened_seq=duty.opened_seq,
            )  # fmt: skip
        made.append(case.pk)
    return made


def act(case_id: int, name: str, *, by: Actor, answers: Mapping[str, Any], key: UUID) -> None:
    """One step of a case. Raises NotAllowedError or TransitionNotAllowed; nothing is changed then."""
    with transaction.atomic():
        case = Case.objects.select_for_update(of=("self",)).select_related("organisation__region").get(pk=case_id)
        if Case.history.filter(id=case.pk, key=key).exists():
            return
        now = timezone.now()
        today = now.astimezone(BEIJING).date()
        step = SummaryPenalty.step(name)
        if not set(step.by.roles) & by.roles:
            raise NotAllowedError(name)
        if not _belongs(case, by):
            raise NotAllowedError(by.organisation)
        stated, unreadable = core.parse(step, answers, case.facts, today)
        if unreadable:
            raise NotAllowedError(unreadable)
        case.facts = {**case.facts, **stated}
        case.seen = read_case(case.facts, _registers(case), now)
        getattr(case, name)()
        case.seq += 1
        case.key, case.act_at, case.updated_at = key, now, now
        case._history_user = _user(by.person)  # noqa: SLF001 - the name django-simple-history gives to whoever acts
        case.save()
        _deadlines(case, name, now, today)


def _belongs(case: Case, by: Actor) -> bool:
    if case.organisation_id == by.organisation:
        return True
    succeeds = Succession.objects.filter(predecessor_id=case.organisation_id, successor_id=by.organisation, carries_dossiers=True)
    return succeeds.exists() or Role.objects.filter(case=case, person_id=by.person).exists()


def _registers(case: Case) -> dict[str, Any]:
    """What the registers say, in the shape the rules read."""
    body, region = case.organisation, case.organisation.region
    changes = OrganisationEvent.objects.filter(organisation=body).order_by("on", "id").values_list("on", "status")
    events = Prefetch("events", CertificateEvent.objects.order_by("on", "id"))
    cards = Prefetch("certificates", Certificate.objects.filter(kind="enforcement").order_by("number").prefetch_related(events))
    people = {str(person.pk): person for person in Person.objects.filter(pk__in=case.facts["officers"]).prefetch_related(cards)}
    return {
        "organisation": {
            "code": body.code,
            "name": body.name,
            "kind": body.kind,
            "level": body.level,
            "region": body.region_id,
            "sector": body.sector,
            "fields": body.fields,
            "valid_from": _iso(body.valid_from),
            "valid_to": _iso(body.valid_to),
            "changes": [[on.isoformat(), status] for on, status in changes],
        },
        "reviewing": {"name": region.government_name, "address": region.government_address, "phone": region.government_phone},
        "officers": [_officer(people[person]) for person in case.facts["officers"]],
        "earlier_fines": _earlier_fines(case),
    }


def _officer(person: Person) -> dict[str, Any]:
    card = min(person.certificates.all(), key=lambda card: card.status != "ACTIVE", default=None)
    if card is None:
        return {"id": str(person.pk), "name": person.name, "certificate": None, "categories": [], "region": ""}
    return {
        "id": str(person.pk),
        "name": person.name,
        "certificate": card.number,
        "issued_on": _iso(card.issued_on),
        "expires_on": _iso(card.expires_on),
        "categories": card.categories,
        "region": card.region_id,
        "changes": [[event.on.isoformat(), event.status] for event in card.events.all()],
    }


def _earlier_fines(case: Case) -> list[dict[str, Any]]:
    facts = case.facts
    party = Party.objects.filter(case=case).first()
    if party is None or not party.identity_hash:
        return []
    until = facts.get("ended_on") or facts["violation_on"]
    found = Party.objects.filter(
        Q(case__facts__ended_on__gte=facts["violation_on"]) | Q(case__facts__violation_on__gte=facts["violation_on"]),
        identity_hash=party.identity_hash,
        case__facts__sanctions__contains="罚款",
        case__facts__violation_on__lte=until,
    )
    return [
        {
            "code": other.case.code,
            "number": other.case.number,
            "organisation": other.case.organisation.name,
            "on": other.case.facts["violation_on"],
            "same_item": other.case.facts["item"] == facts["item"],
        }
        for other in found.exclude(case=case).select_related("case__organisation")
    ]


def _deadlines(case: Case, name: str, now: datetime, today: date) -> None:
    """The deadline of this step is met; after payment and filing the case is to be closed in time."""
    running = {duty.step: duty for duty in Duty.objects.filter(case=case, closed_seq=None)}
    if met := running.get(name):
        met.closed_seq, met.met_on = case.seq, today
        met.save(update_fields=["closed_seq", "met_on"])
    if name != "pay" or "file" in running or "close" in running:
        return
    close = SummaryPenalty.step("close")
    term = close.within
    if isinstance(term, Param):
        found = parameters().find(term.name, region=case.organisation.region_id, sector=case.organisation.sector, on=today)
        term = Term(found.value, Unit(found.unit))
    if term is None:
        raise NotAllowedError("结案期限")
    reckoned = due(term, today, calendar())
    Duty.objects.create(
        case=case, step="close", title=close.title, start_on=today, due_on=reckoned.due, provisional=reckoned.provisional,
        derivation=list(reckoned.derivation), opened_seq=case.seq,
    )  # fmt: skip


_users: dict[str, Person] = {}


def _user(person: str) -> Person:
    """Who acts, as a request would have brought him along: read once."""
    if person not in _users:
        _users[person] = Person.objects.get(pk=person)
    return _users[person]


def _iso(day: date | None) -> str | None:
    return day.isoformat() if day else None
