"""Acts on people and their posts: register, appoint, end, transfer with hand-over, suspend an account."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Q

from yifa.kernel.people import identifiers, roles, sealing
from yifa.kernel.people.actors import Actor
from yifa.kernel.people.models import HandOver, Organisation, Person, Post
from yifa.kernel.people.refusals import NotAllowed
from yifa.kernel.people.services._record import record
from yifa.kernel.people.subjects import APL, SUPERVISION


@transaction.atomic
def add_person(
    *,
    by: Actor,
    login: str,
    name: str,
    today: date,
    phone: str = "",
    identity_number: str = "",
    staffed: bool = True,
    qualification: str = "",
) -> Person:
    """Register a person; he signs in first with an activation slip. The identity number is sealed and never enters the record."""
    number = identifiers.normal(identity_number)
    if number:
        checked = identifiers.check_identity_number(number, today=today)
        if not checked.valid:
            raise NotAllowed(f"公民身份号码有误：{checked.reason}")
        if Person.objects.filter(identity_digest=sealing.digest(number)).exists():
            raise NotAllowed("该公民身份号码已登记，同一人只登记一次；兼任其他岗位请为他增设岗位")
    person = Person(
        login=login.strip(),
        name=name.strip(),
        phone=phone.strip(),
        staffed=staffed,
        qualification=qualification.strip(),
        identity_sealed=sealing.seal(number) if number else None,
        identity_digest=sealing.digest(number) if number else None,
    )
    person.set_unusable_password()
    try:
        person.full_clean()
    except ValidationError as error:
        raise NotAllowed(";".join(text for texts in error.message_dict.values() for text in texts)) from None
    person.save(force_insert=True)
    record(f"person:{person.pk}", "register", by=by, payload={"login": person.login, "name": person.name, "staffed": staffed})
    return person


@transaction.atomic
def add_post(*, by: Actor, person: Person, organisation: str, roles_: Iterable[str], since: date, title: str = "") -> Post:
    """Appoint a person to a body. 三员分立 is judged over all his posts that have not ended (and guarded by the database besides)."""
    wanted = frozenset(roles_)
    Person.objects.select_for_update().get(pk=person.pk)
    body = Organisation.objects.select_related("region").filter(code=organisation).first()
    if body is None:
        raise NotAllowed(f"机关未登记：{organisation}")
    held = frozenset(role for post in standing_posts(person, since) for role in post.roles)
    if refusal := roles.refusal(wanted, held):
        raise NotAllowed(refusal)
    if roles.OFFICER in wanted and not person.staffed:
        raise NotAllowed(f"{person.name}不是在编人员，不能担任行政执法人员", APL[42], SUPERVISION[14])
    post = Post.objects.create(person=person, organisation=body, roles=sorted(wanted), title=title.strip(), since=since)
    payload = {"post": str(post.pk), "organisation": organisation, "roles": sorted(wanted), "since": since.isoformat()}
    record(f"person:{person.pk}", "appoint", by=by, payload=payload)
    return post


@transaction.atomic
def change_roles(*, by: Actor, post: Post, roles_: Iterable[str], on: date, reason: str) -> Post:
    """Give a post other roles (the security administrator's act); the entry keeps both sets."""
    wanted = frozenset(roles_)
    if not reason.strip():
        raise NotAllowed("调整角色应当写明理由")
    Person.objects.select_for_update().get(pk=post.person_id)
    post = Post.objects.select_for_update(of=("self",)).select_related("person", "organisation__region").get(pk=post.pk)
    held = frozenset(role for other in standing_posts(post.person, on) if other.pk != post.pk for role in other.roles)
    if refusal := roles.refusal(wanted, held):
        raise NotAllowed(refusal)
    if roles.OFFICER in wanted and not post.person.staffed:
        raise NotAllowed(f"{post.person.name}不是在编人员，不能担任行政执法人员", APL[42], SUPERVISION[14])
    before, post.roles = post.roles, sorted(wanted)
    post.save(update_fields=["roles"])
    payload = {"post": str(post.pk), "before": before, "after": post.roles, "reason": reason.strip()}
    record(f"person:{post.person_id}", "change_roles", by=by, payload=payload)
    return post


@transaction.atomic
def end_post(*, by: Actor, post: Post, on: date, reason: str, taker: Person | None = None) -> Post:
    """End a post on a day (its last). `taker` goes on with what its holder had in hand at this body."""
    post = Post.objects.select_for_update(of=("self",)).select_related("organisation__region").get(pk=post.pk)
    if post.until is not None and post.until <= on:
        raise NotAllowed(f"该岗位已于{post.until}结束")
    if not reason.strip():
        raise NotAllowed("结束岗位应当写明理由")
    post.until = max(on, post.since)
    post.save(update_fields=["until"])
    if taker is not None:
        _hand_over(post, taker, on)
    payload = {"post": str(post.pk), "on": on.isoformat(), "reason": reason.strip(), "taker": str(taker.pk) if taker else None}
    record(f"person:{post.person_id}", "end_post", by=by, payload=payload)
    return post


@transaction.atomic
def transfer(
    *, by: Actor, post: Post, to: str, roles_: Iterable[str], on: date, reason: str, taker: Person | None, title: str = ""
) -> Post:
    """Move a person to another body: the old post ends the day before, the new one begins, and a colleague takes over what is open."""
    if to == post.organisation_id:
        raise NotAllowed("调入机关与调出机关相同")
    end_post(by=by, post=post, on=on - timedelta(days=1), reason=reason, taker=taker)
    return add_post(by=by, person=post.person, organisation=to, roles_=roles_, since=on, title=title)


@transaction.atomic
def set_active(*, by: Actor, person: Person, active: bool, reason: str) -> None:
    """Close or open an account; a closed one is out at once, everywhere."""
    if not reason.strip():
        raise NotAllowed("停用或者启用账户应当写明理由")
    if by.person == str(person.pk):
        raise NotAllowed("不能停用或者启用自己的账户")
    Person.objects.filter(pk=person.pk).update(is_active=active)
    record(f"person:{person.pk}", "open_account" if active else "close_account", by=by, payload={"reason": reason.strip()})


def standing_posts(person: Person, day: date) -> list[Post]:
    """His posts that have not ended on that day, those that begin later included."""
    return list(Post.objects.filter(Q(until__isnull=True) | Q(until__gte=day), person=person))


def _hand_over(post: Post, taker: Person, on: date) -> None:
    """The taker must hold a post at the same body on the day after."""
    if taker.pk == post.person_id:
        raise NotAllowed("接手人应当是另一名工作人员")
    colleagues = standing_posts(taker, on)
    if not any(other.organisation_id == post.organisation_id for other in colleagues):
        raise NotAllowed(f"{taker.name}在该机关没有岗位，不能接手")
    HandOver.objects.create(giver_id=post.person_id, taker=taker, organisation_id=post.organisation_id, on=on)
