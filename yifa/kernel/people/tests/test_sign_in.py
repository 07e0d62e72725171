"""The ways in: two factors, lockout, the slip's one use, idle logout, the choice of a post."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta
from html import unescape

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value, yield_hotp_counters_from_time
from django.test import Client
from django.utils import timezone
from pytest_django import Settings

from yifa.kernel.ledger.models import Entry
from yifa.kernel.people import factors, queries, services
from yifa.kernel.people.actors import Actor
from yifa.kernel.people.middleware import POST, SEEN
from yifa.kernel.people.models import ActivationSlip, Person, Post, SignIn
from yifa.kernel.people.refusals import NotAllowed
from yifa.kernel.people.tests.conftest import PASSWORD, Appoint

FRESH = "旗县执法一二三四五六"
SIGN_IN, FACTOR, ENROL, ACTIVATE = "/people/sign-in/", "/people/factor/", "/people/enrol/", "/people/activate/"


@pytest.fixture
def strict(settings: Settings) -> None:
    """A real installation: the second factor is compulsory."""
    settings.LOG_ORIGIN = "yifa.example.cn/log"


def code_now(secret: str, step: int = 0) -> str:
    middle = list(yield_hotp_counters_from_time())[1]
    return str(format_hotp_value(hotp_value(secret, middle + step)))


def outcomes() -> list[str]:
    return list(SignIn.objects.order_by("at", "id").values_list("outcome", flat=True))


def password(client: Client, person: Person, word: str = PASSWORD, target: str = "") -> object:
    return client.post(SIGN_IN, {"login": person.login, "password": word, "next": target})


def secret_of(page: bytes) -> str:
    found = re.search(r'手工输入密钥：<br><span class="mono">([A-Z2-7 ]+)</span>', unescape(page.decode()))
    assert found
    return found[1].replace(" ", "")


@pytest.mark.usefixtures("strict")
def test_without_a_second_factor_one_is_led_to_enrol_and_no_further(client: Client, officer: Person) -> None:
    response = client.post(SIGN_IN, {"login": officer.login, "password": PASSWORD, "next": "/people/me/"})
    assert response.headers["Location"].startswith(ENROL)
    assert client.get("/people/me/").headers["Location"].startswith(ENROL)
    secret = secret_of(client.get(ENROL).content)
    assert client.post(ENROL, {"code": "000000"}).status_code == 403
    assert client.post(ENROL, {"code": code_now(secret), "next": "/people/me/"}).headers["Location"] == "/people/me/"
    assert client.get("/people/me/").status_code == 200
    held = Authenticator.objects.get(user=officer)
    assert secret not in str(held.data)


@pytest.mark.usefixtures("strict")
def test_password_then_code_then_in(client: Client, officer: Person) -> None:
    secret = factors.new_secret()
    assert factors.enrol_code(officer, secret, code_now(secret))
    assert client.post(SIGN_IN, {"login": officer.login, "password": PASSWORD, "next": "/people/me/"}).headers["Location"] == FACTOR
    assert client.get("/people/me/").headers["Location"].startswith(SIGN_IN)
    assert client.post(FACTOR, {"code": "123"}).status_code == 403
    code = code_now(secret)
    assert client.post(FACTOR, {"code": f"{code[:3]} {code[3:]}"}).headers["Location"] == "/people/me/"
    assert client.get("/people/me/").status_code == 200
    assert outcomes() == ["factor", "success"]
    entry = Entry.objects.get(chain=f"sign-in:{officer.pk}")
    assert (entry.step, entry.seq) == ("sign_in", 1)
    # The same code opens no second session.
    other = Client()
    password(other, officer)
    assert other.post(FACTOR, {"code": code}).status_code == 403


@pytest.mark.usefixtures("strict")
def test_five_wrong_codes_close_the_door_for_all_sessions(client: Client, officer: Person) -> None:
    secret = factors.new_secret()
    factors.enrol_code(officer, secret, code_now(secret))
    password(client, officer)
    for _ in range(5):
        client.post(FACTOR, {"code": "1"})
    other = Client()
    password(other, officer)
    assert other.post(FACTOR, {"code": code_now(secret)}).status_code == 429
    assert "_auth_user_id" not in other.session


def test_five_wrong_passwords_lock_the_account_even_for_the_right_one(client: Client, officer: Person, by: Actor) -> None:
    for n in range(5):
        response = client.post(SIGN_IN, {"login": officer.login, "password": f"wrong{n}"})
    assert response.status_code == 429
    assert "已锁定" in response.content.decode()
    assert client.post(SIGN_IN, {"login": officer.login, "password": PASSWORD}).status_code == 429
    assert outcomes().count("password") == 4
    assert "locked" in outcomes()
    assert [one.pk for one in queries.locked(by)] == [officer.pk]
    services.release(by=by, person=officer, reason="本人核实")
    assert client.post(SIGN_IN, {"login": officer.login, "password": PASSWORD}).status_code == 302
    assert queries.locked(by) == []


def test_an_unknown_account_gets_the_same_answer_as_a_wrong_password(client: Client, officer: Person) -> None:
    known = client.post(SIGN_IN, {"login": officer.login, "password": "x"})
    unknown = client.post(SIGN_IN, {"login": "99999999", "password": "x"})
    assert known.status_code == unknown.status_code == 403
    assert "证号（账号）或者口令不符" in unknown.content.decode()
    assert SignIn.objects.get(login="99999999").person is None


def test_one_is_never_led_to_another_site(client: Client, officer: Person) -> None:
    for target in ("https://evil.example/", "//evil.example/", "javascript:alert(1)"):
        assert client.post(SIGN_IN, {"login": officer.login, "password": PASSWORD, "next": target}).headers["Location"] == "/desk/"


@pytest.mark.usefixtures("strict")
def test_first_sign_in_with_a_printed_slip_takes_two_pages(client: Client, by: Actor, appoint: Appoint) -> None:
    person = appoint("15250088", "1525270002", "officer")
    person.set_unusable_password()
    person.save()
    slip = services.issue_slips(by=by, people=[person], now=timezone.now())[0]
    assert not ActivationSlip.objects.filter(digest__contains=slip.code).exists()
    form = {"login": slip.login, "code": slip.spaced.lower(), "password": FRESH, "again": FRESH}
    assert client.post(ACTIVATE, form | {"again": "x"}).status_code == 403
    assert client.post(ACTIVATE, form | {"code": "0" * 10}).status_code == 403
    assert client.post(ACTIVATE, form | {"password": "123", "again": "123"}).status_code == 403
    assert client.post(ACTIVATE, form).headers["Location"] == ENROL
    secret = secret_of(client.get(ENROL).content)
    assert client.post(ENROL, {"code": code_now(secret)}).headers["Location"] == "/desk/"
    # Once only.
    assert Client().post(ACTIVATE, form).status_code == 403


def test_a_slip_expires_dies_of_five_guesses_and_is_void_when_a_new_one_is_printed(by: Actor, officer: Person) -> None:
    now = timezone.now()
    first = services.issue_slips(by=by, people=[officer], now=now)[0]
    second = services.issue_slips(by=by, people=[officer], now=now)[0]
    usual = {"login": officer.login, "password": FRESH}
    with pytest.raises(NotAllowed):
        services.activate(code=first.code, now=now, **usual)
    with pytest.raises(NotAllowed):
        services.activate(code=second.code, now=now + timedelta(days=8), **usual)
    for _ in range(5):
        with pytest.raises(NotAllowed):
            services.activate(code="0" * 10, now=now, **usual)
    with pytest.raises(NotAllowed):
        services.activate(code=second.code, now=now, **usual)
    third = services.issue_slips(by=by, people=[officer], now=now)[0]
    assert services.activate(code=third.spaced, now=now, **usual) == officer


@pytest.mark.usefixtures("strict")
def test_a_lost_factor_is_reset_by_the_administrator_and_recorded(
    client: Client, by: Actor, officer: Person, enter: Callable[[Person], Client]
) -> None:
    secret = factors.new_secret()
    factors.enrol_code(officer, secret, code_now(secret))
    password(client, officer)
    client.post(FACTOR, {"code": code_now(secret)})
    assert client.get("/people/me/").status_code == 200
    slip = services.reset_factor(by=by, person=officer, reason="手机丢失", now=timezone.now())
    # Open sessions end, the old password is gone, the slip leads back in.
    assert client.get("/people/me/").headers["Location"].startswith(SIGN_IN)
    assert Client().post(SIGN_IN, {"login": officer.login, "password": PASSWORD}).status_code == 403
    assert factors.kinds(officer) == set()
    assert services.activate(login=officer.login, code=slip.code, password=FRESH, now=timezone.now()) == officer
    steps = Entry.objects.filter(chain=f"person:{officer.pk}").order_by("seq").values_list("step", flat=True)
    assert list(steps) == ["reset_factor", "issue_slip"]


def test_nobody_resets_his_own_factor(by: Actor, root: Person) -> None:
    with pytest.raises(NotAllowed, match="另一名管理员"):
        services.reset_factor(by=by, person=root, reason="有", now=timezone.now())


def test_whoever_is_idle_is_signed_out(officer: Person, enter: Callable[[Person], Client], settings: Settings) -> None:
    client = enter(officer)
    assert client.get("/people/me/").status_code == 200
    session = client.session
    session[SEEN] -= settings.PEOPLE_IDLE_SECONDS + 1
    session.save()
    assert client.get("/people/me/").headers["Location"].startswith(SIGN_IN)
    assert "_auth_user_id" not in client.session


def test_demonstrations_may_go_without_a_second_factor_and_say_so(
    officer: Person, enter: Callable[[Person], Client], settings: Settings
) -> None:
    for origin, allowed in (("demo.x/log", True), ("drill.x/log", True), ("x/log", False), ("xdemo.x/log", False)):
        settings.LOG_ORIGIN = origin
        client = enter(officer)
        assert (client.get("/people/me/").status_code == 200) is allowed
        assert ("示范或者演练环境" in client.get(ENROL).content.decode()) is allowed


def test_whoever_holds_several_posts_chooses_the_body_he_acts_for(client: Client, appoint: Appoint) -> None:
    person = appoint("two", "1525270002", "officer")
    appoint("two", "1525280001", "head")
    assert client.post(SIGN_IN, {"login": "two", "password": PASSWORD}).headers["Location"].startswith("/people/posts/")
    page = client.get("/people/posts/").content.decode()
    assert "太仆寺旗综合行政执法局" in page
    assert "镶黄旗市场监督管理局" in page
    chosen = Post.objects.get(person=person, organisation_id="1525280001")
    assert client.post("/people/act-for/", {"post": str(chosen.pk), "next": "/people/me/"}).headers["Location"] == "/people/me/"
    assert "以 镶黄旗市场监督管理局 名义" in client.get("/people/me/").content.decode()
    other = Post.objects.exclude(person=person).first() or appoint("x", "1525280001", "head").posts.get()
    client.post("/people/act-for/", {"post": str(other.pk)})
    assert client.session[POST] == str(chosen.pk)


def test_an_ended_post_gives_no_way_in(officer: Person, enter: Callable[[Person], Client]) -> None:
    client = enter(officer)
    Post.objects.filter(person=officer).update(until=timezone.localdate() - timedelta(days=1))
    assert client.get("/people/me/").headers["Location"] == "/people/posts/"
    assert "目前没有岗位" in client.get("/people/posts/").content.decode()


def test_a_changed_password_ends_the_other_sessions(officer: Person, enter: Callable[[Person], Client]) -> None:
    here, there = enter(officer), enter(officer)
    wrong = here.post("/people/me/password/", {"old": "x", "password": FRESH, "again": FRESH}, follow=True)
    assert "原口令不符" in wrong.content.decode()
    here.post("/people/me/password/", {"old": PASSWORD, "password": FRESH, "again": FRESH})
    assert here.get("/people/me/").status_code == 200
    assert there.get("/people/me/").status_code == 302


def test_signing_out_needs_a_post_and_ends_the_session(officer: Person, enter: Callable[[Person], Client]) -> None:
    client = enter(officer)
    assert client.get("/people/sign-out/").status_code == 405
    client.post("/people/sign-out/")
    assert client.get("/people/me/").headers["Location"].startswith(SIGN_IN)
