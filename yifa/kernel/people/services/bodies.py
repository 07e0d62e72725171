"""Acts on bodies: register, change, confirm and announce, succeed, entrust. Each is one transaction and one entry."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from yifa.kernel.people import identifiers, subjects
from yifa.kernel.people.actors import Actor
from yifa.kernel.people.models import Entrustment, Organisation, OrganisationEvent, Region, Succession
from yifa.kernel.people.refusals import NotAllowed
from yifa.kernel.people.services._record import record

EDITABLE = (
    *("uscc", "name", "short_name", "kind", "level", "region", "parent", "competent_department", "valid_from", "valid_to", "basis"),
    *("address", "phone", "bank_name", "bank_account", "sector", "fields"),
)


@transaction.atomic
def add_organisation(*, by: Actor, code: str, territory: Iterable[str] = (), **values: object) -> Organisation:
    """Register a body as a draft; a fault names its field. `values` are the columns of EDITABLE."""
    if Organisation.objects.filter(code=code).exists():
        raise NotAllowed(f"主体代码 {code} 已登记")
    body = Organisation(code=code, status=Organisation.Status.DRAFT)
    _fill(body, values)
    body.save(force_insert=True)
    _territory(body, territory)
    record(f"organisation:{code}", "register", by=by, payload=_plain(values) | {"code": code}, league=body.region.league)
    return body


@transaction.atomic
def change_organisation(*, by: Actor, code: str, territory: Iterable[str] | None = None, **values: object) -> Organisation:
    """Change a body's particulars; the entry keeps the old and the new values of what changed."""
    body = Organisation.objects.select_for_update().get(code=code)
    before = {key: getattr(body, key) for key in values}
    _fill(body, values)
    body.save(update_fields=list(values) or None)
    payload: dict[str, object] = {"before": _plain(before), "after": _plain(values)}
    if territory is not None:
        payload["territory"] = sorted(territory)
        _territory(body, territory)
    record(f"organisation:{code}", "change", by=by, payload=payload, league=body.region.league)
    return body


@transaction.atomic
def act_on_organisation(*, by: Actor, code: str, act: str, on: date, reason: str = "") -> Organisation:
    """One step of the body's standing: submit, check, confirm, announce, suspend, resume, cancel (监督条例 13)."""
    body = Organisation.objects.select_for_update().get(code=code)
    found = subjects.ACTS.get(act)
    if found is None:
        raise NotAllowed(f"没有这样的主体事项：{act}")
    if body.status not in found.origins:
        raise NotAllowed(f"{body.name}现为“{body.get_status_display()}”，不能{found.label}", subjects.SUPERVISION[13])
    if found.reason and not reason.strip():
        raise NotAllowed(f"{found.label}应当写明理由", subjects.SUPERVISION[13])
    if act == "announce" and body.kind not in subjects.SUBJECT_KINDS:
        raise NotAllowed(subjects.why_not_subject(subjects.Standing(body.name, body.kind, ()), on), subjects.APL[20], subjects.APL[21])
    body.status = found.target
    body.valid_from = body.valid_from or (on if act == "announce" else None)
    if act == "cancel":
        body.valid_to = on
    body.save(update_fields=["status", "valid_from", "valid_to"])
    OrganisationEvent.objects.create(
        organisation=body, act=act, status=found.target, on=on, recorded_at=timezone.now(), reason=reason.strip()
    )
    payload = {"status": found.target, "on": on.isoformat(), "reason": reason.strip()}
    record(f"organisation:{code}", act, by=by, payload=payload, league=body.region.league, cites=(subjects.SUPERVISION[13],))
    return body


@transaction.atomic
def succeed(
    *, by: Actor, predecessor: str, successor: str, kind: str, on: date, document: str, powers: str = "", carries_dossiers: bool = True
) -> Succession:
    """Merger, split or transfer of powers. Where dossiers go along, the successor reads and continues what the predecessor opened."""
    if kind not in Succession.Kind.values:
        raise NotAllowed(f"没有这样的承继方式：{kind}")
    if predecessor == successor:
        raise NotAllowed("承继的双方应当是两个机关")
    if not document.strip():
        raise NotAllowed("机关合并、分立或者职权划转应当写明文件")
    bodies = {body.code: body for body in Organisation.objects.select_related("region").filter(code__in=[predecessor, successor])}
    if missing := {predecessor, successor} - bodies.keys():
        raise NotAllowed(f"机关未登记：{'、'.join(sorted(missing))}")
    if predecessor in heirs([successor]):
        raise NotAllowed("承继不能成为一个环")
    made = Succession.objects.create(
        predecessor_id=predecessor,
        successor_id=successor,
        kind=kind,
        on=on,
        powers=powers.strip(),
        document=document.strip(),
        carries_dossiers=carries_dossiers,
    )
    payload = {
        "successor": successor,
        "kind": kind,
        "on": on.isoformat(),
        "document": document.strip(),
        "powers": powers.strip(),
        "carries_dossiers": carries_dossiers,
    }
    record(f"organisation:{predecessor}", "succeed", by=by, payload=payload, league=bodies[predecessor].region.league)
    return made


def heirs(codes: Iterable[str]) -> set[str]:
    """These bodies and all that succeeded them, to the last."""
    found, edge = set(codes), set(codes)
    while edge:
        edge = set(Succession.objects.filter(predecessor__in=edge).values_list("successor_id", flat=True)) - found
        found |= edge
    return found


@transaction.atomic
def entrust(
    *, by: Actor, entruster: str, entrusted: str, items: Iterable[str], powers: str, since: date, until: date, document: str
) -> Entrustment:
    """A written entrustment: items, powers, term (行政处罚法 20); the entrusted body must not entrust further."""
    wanted = [item.strip() for item in items if item.strip()]
    if not wanted or not powers.strip() or not document.strip():
        raise NotAllowed("委托书应当载明委托的具体事项、权限、期限等内容", subjects.APL[20])
    if until < since:
        raise NotAllowed("委托期限的止期早于起期", subjects.APL[20])
    giver = Organisation.objects.select_related("region").get(code=entruster)
    holder = Organisation.objects.get(code=entrusted)
    if giver.kind not in subjects.SUBJECT_KINDS:
        raise NotAllowed(f"{giver.name}不得再委托其他组织或者个人实施行政处罚", subjects.APL[20].kuan(4))
    if holder.kind != Organisation.Kind.ENTRUSTED:
        raise NotAllowed(f"{holder.name}登记为{holder.get_kind_display()}，受委托的应当是受委托组织", subjects.APL[21])
    made = Entrustment.objects.create(
        entruster=giver, entrusted=holder, items=wanted, powers=powers.strip(), since=since, until=until, document=document.strip()
    )
    payload = {
        "entrusted": entrusted,
        "items": wanted,
        "powers": powers.strip(),
        "since": since.isoformat(),
        "until": until.isoformat(),
        "document": document.strip(),
    }
    record(f"organisation:{entruster}", "entrust", by=by, payload=payload, league=giver.region.league, cites=(subjects.APL[20],))
    return made


def _fill(body: Organisation, values: Mapping[str, object]) -> None:
    if unknown := sorted(values.keys() - set(EDITABLE)):
        raise NotAllowed(f"机关没有这些项目：{'、'.join(unknown)}")
    for key, value in values.items():
        setattr(body, key, value)
    body.uscc = body.uscc or None
    if body.uscc:
        checked = identifiers.check_uscc(body.uscc)
        if not checked.valid:
            raise NotAllowed(f"统一社会信用代码有误：{checked.reason}")
        inner = identifiers.check_organisation_code(body.uscc[8:17])
        if not inner.valid:
            raise NotAllowed(f"统一社会信用代码有误：{inner.reason}")
    if body.kind == Organisation.Kind.UNIT and body.parent is None:
        raise NotAllowed(f"{body.get_kind_display()}应当写明所属机关")
    try:
        body.clean_fields()
    except ValidationError as error:
        raise NotAllowed(_fault(error)) from None


def _fault(error: ValidationError) -> str:
    """Every wrong field by its name on the page."""
    labels = {column.name: str(column.verbose_name) for column in Organisation._meta.fields}  # noqa: SLF001 - Django's documented API
    return "；".join(f"{labels[name]}：{''.join(texts)}" for name, texts in error.message_dict.items())


def _territory(body: Organisation, codes: Iterable[str]) -> None:
    wanted = set(codes)
    found = list(Region.objects.filter(code__in=wanted))
    if missing := sorted(wanted - {region.code for region in found}):
        raise NotAllowed(f"没有这样的行政区划：{'、'.join(missing)}")
    body.territory.set(found)


def _plain(values: Mapping[str, object]) -> dict[str, object]:
    """Values as the record writes them: codes for rows, ISO dates."""
    return {key: _value(value) for key, value in values.items()}


def _value(value: object) -> object:
    if isinstance(value, Organisation | Region):
        return value.code
    if isinstance(value, date):
        return value.isoformat()
    return list(value) if isinstance(value, tuple) else value
