"""Acts on certificates: apply, and every step of the life cycle. The chain `certificate:<number>` is the record."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date

from django.db import transaction
from django.utils import timezone

from yifa.kernel.people import certificate as cycle
from yifa.kernel.people.actors import Actor
from yifa.kernel.people.models import Certificate, CertificateEvent, Organisation, Person, Region, new_token
from yifa.kernel.people.refusals import NotAllowed
from yifa.kernel.people.services._record import record
from yifa.kernel.people.subjects import APL

PATTERN = re.compile(r"[0-9A-Z]{6,20}")


@transaction.atomic
def apply_for_certificate(
    *,
    by: Actor,
    number: str,
    person: Person,
    organisation: str,
    categories: Iterable[str],
    region: str,
    issuer: str,
    on: date,
    kind: str = Certificate.Kind.ENFORCEMENT,
) -> Certificate:
    """Begin a certificate's life. Who is not on the permanent staff cannot hold one (监督条例 14, 行政处罚法 42)."""
    wanted = sorted({name.strip() for name in categories if name.strip()})
    if not PATTERN.fullmatch(number):
        raise NotAllowed(f"证号“{number}”应为 6 至 20 位数字或大写字母")
    if kind not in Certificate.Kind.values:
        raise NotAllowed(f"没有这样的证件种类：{kind}")
    if not person.staffed:
        raise NotAllowed(f"{person.name}不是在编人员，不能申领行政执法证件", cycle.CITES, APL[42])
    if not wanted:
        raise NotAllowed("应当写明执法类别", cycle.CITES)
    if Certificate.objects.filter(number=number).exists():
        raise NotAllowed(f"证号 {number} 已登记")
    body = Organisation.objects.select_related("region").filter(code=organisation).first()
    if body is None or not Region.objects.filter(code=region).exists():
        raise NotAllowed("机关或者执法区域未登记")
    made = Certificate.objects.create(
        number=number, kind=kind, person=person, organisation=body, categories=wanted, region_id=region, issuer=issuer.strip()
    )
    _event(made, "apply", on, "")
    payload = {"person": str(person.pk), "organisation": organisation, "categories": wanted, "region": region, "kind": kind}
    record(f"certificate:{number}", "apply", by=by, payload=payload, league=body.region.league, cites=(cycle.CITES,))
    return made


@transaction.atomic
def act_on_certificate(*, by: Actor, number: str, act: str, on: date, reason: str = "", expires_on: date | None = None) -> Certificate:
    """One act of the life cycle. `issue` needs the last day of validity; `reissue` gives the badge a new code."""
    held = Certificate.objects.select_for_update(of=("self",)).select_related("organisation__region").get(number=number)
    held.status = cycle.after(cycle.Status(held.status), act, reason=reason)
    latest = held.events.order_by("-on").values_list("on", flat=True).first()
    if latest and on < latest:
        raise NotAllowed(f"日期早于该证件最近一次变动（{latest}）", cycle.CITES)
    if act == "issue":
        if expires_on is None or expires_on <= on:
            raise NotAllowed("制发证件应当写明晚于发证日期的有效期", cycle.CITES)
        held.issued_on, held.expires_on = on, expires_on
    if act == "reissue":
        held.token = new_token()
    held.save(update_fields=["status", "issued_on", "expires_on", "token"])
    _event(held, act, on, reason)
    payload = {"status": held.status, "on": on.isoformat(), "reason": reason.strip()}
    if act == "issue" and expires_on:
        payload["expires_on"] = expires_on.isoformat()
    record(f"certificate:{number}", act, by=by, payload=payload, league=held.organisation.region.league, cites=(cycle.CITES,))
    return held


def _event(held: Certificate, act: str, on: date, reason: str) -> None:
    CertificateEvent.objects.create(certificate=held, act=act, status=held.status, on=on, recorded_at=timezone.now(), reason=reason.strip())
