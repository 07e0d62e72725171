"""The scanned code: what it answers at once, what only the party gets, and how guessing ends."""

from __future__ import annotations

import datetime as dt

import pytest
from django.test import Client
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from yifa.kernel.calendar.queries import calendar
from yifa.kernel.calendar.table import calendar as table
from yifa.kernel.calendar.terms import days, due
from yifa.portal import queries
from yifa.portal.models import Attempt
from yifa.portal.rules import remedy
from yifa.portal.tests.conftest import ADDRESS, IDENTITY, NAME, PHONE, World, make_world
from yifa.supervision.models import Clue, Rating

SECRETS = (NAME, IDENTITY, PHONE, ADDRESS)


def open_case(client: Client, world: World, *, last4: str = "002X", code: str | None = None) -> int:
    page = client.post(f"/c/{world.dossier.token}/open", {"last4": last4, "code": world.printed if code is None else code})
    return page.status_code


def test_the_code_answers_real_payment_remedy_and_whom_to_ask(client: Client, world: World) -> None:
    page = client.get(f"/c/{world.dossier.token}").content.decode()
    last_day = due(days(60), timezone.localdate(), calendar()).due
    for said in (
        "✓ 真实",
        world.number,
        "50.00 元",
        "未缴",
        "示范银行",
        "土默特右旗人民政府",
        "0472-1111111",
        "应当先申请行政复议",
    ):
        assert said in page
    assert f"{last_day.year}年{last_day.month}月{last_day.day}日" in page


def test_a_paid_fine_is_said_to_be_paid(client: Client, db: None) -> None:
    world = make_world(steps=("decide", "deliver", "pay"))
    page = client.get(f"/c/{world.dossier.token}").content.decode()
    assert "已缴清" in page
    assert "未缴" not in page


def test_a_case_without_a_decision_is_not_called_a_true_decision(client: Client, db: None) -> None:
    world = make_world(steps=("show_badge",))
    page = client.get(f"/c/{world.dossier.token}").content.decode()
    assert "尚未作出决定" in page
    assert "✓ 真实" not in page


def test_the_page_asks_nothing_besides_its_one_read(
    client: Client, world: World, django_assert_num_queries: DjangoAssertNumQueries, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The one read goes to the driver directly, so Django counts none; it is counted here by hand."""
    client.get(f"/c/{world.dossier.token}")
    reads: list[str] = []
    read = queries.case

    def counted(token: str) -> queries.Case | None:
        reads.append(token)
        return read(token)

    monkeypatch.setattr(queries, "case", counted)
    with django_assert_num_queries(0):
        page = client.get(f"/c/{world.dossier.token}")
    assert reads == [world.dossier.token]
    assert not page.cookies


def test_nothing_personal_is_on_any_public_page_about_the_case(client: Client, world: World) -> None:
    for path in (
        f"/c/{world.dossier.token}",
        f"/c/{world.dossier.token}/open",
        "/disclosure/",
        f"/find/?q={world.number}",
        f"/complaints/new?c={world.dossier.token}",
    ):
        page = client.get(path, follow=True).content.decode()
        assert not [secret for secret in SECRETS if secret in page], path


def test_the_proof_opens_the_case_for_this_browser_only(client: Client, world: World) -> None:
    assert client.get(f"/c/{world.dossier.token}/receipt").status_code == 404
    assert open_case(client, world) == 302
    page = client.get(f"/c/{world.dossier.token}/open").content.decode()
    assert NAME in page
    assert "当场行政处罚决定书" in page
    stranger = Client()
    assert NAME not in stranger.get(f"/c/{world.dossier.token}/open").content.decode()


def test_an_opened_case_opens_no_other(client: Client, world: World) -> None:
    other = make_world()
    open_case(client, world)
    client.cookies["case"]["path"] = "/"
    assert NAME not in client.get(f"/c/{other.dossier.token}/open").content.decode()
    assert client.get(f"/c/{other.dossier.token}/documents/{other.document.id}").status_code == 404


@pytest.mark.parametrize(("last4", "code"), [("0020", None), ("002X", "00000000"), ("", ""), ("002X", "")])
def test_half_a_proof_is_no_proof_and_does_not_say_which_half(client: Client, world: World, last4: str, code: str | None) -> None:
    page = client.post(f"/c/{world.dossier.token}/open", {"last4": last4, "code": world.printed if code is None else code})
    assert page.status_code == 403
    assert "证件号码后四位或者身份核对码不符" in page.content.decode()


def test_guessing_ends_after_five_tries_on_one_case_from_any_address(world: World) -> None:
    for n in range(5):
        page = Client(REMOTE_ADDR=f"10.0.0.{n}").post(f"/c/{world.dossier.token}/open", {"last4": "0000", "code": "0"})
        assert page.status_code == 403
    page = Client(REMOTE_ADDR="10.0.9.9").post(f"/c/{world.dossier.token}/open", {"last4": "002X", "code": world.printed})
    assert page.status_code == 429


def test_a_success_is_not_counted_against_the_party(client: Client, world: World) -> None:
    for _ in range(8):
        assert open_case(client, world) == 302
    assert not Attempt.objects.filter(kind="proof").exists()


def test_unknown_codes_are_limited_and_true_ones_are_not(client: Client, world: World) -> None:
    answers = [
        client.get(f"/c/{'A' * 24}{n:02d}".replace("0", "B").replace("1", "C").replace("8", "D").replace("9", "E")) for n in range(31)
    ]
    assert [page.status_code for page in answers] == [404] * 30 + [429]
    assert client.get(f"/c/{world.dossier.token}").status_code == 200


def test_addresses_are_never_stored_in_the_clear(world: World) -> None:
    Client(REMOTE_ADDR="203.0.113.77").get(f"/c/{'A' * 26}")
    assert "203.0.113.77" not in repr(list(Attempt.objects.values()))


def test_one_rates_once_and_a_low_rating_opens_a_clue(client: Client, world: World) -> None:
    token = world.dossier.token
    assert client.post(f"/c/{token}/rate", {"score": "1"}).status_code == 404
    open_case(client, world)
    assert client.post(f"/c/{token}/rate", {"score": "2", "note": "态度不好"}).status_code == 302
    assert client.post(f"/c/{token}/rate", {"score": "5"}).status_code == 409
    assert [(row.score, row.document) for row in Rating.objects.all()] == [(2, str(world.document.id))]
    assert Clue.objects.filter(source="rating").count() == 1
    assert "已评价" in client.get(f"/c/{token}/open").content.decode()


def test_a_rating_outside_one_to_five_is_refused(client: Client, world: World) -> None:
    open_case(client, world)
    for score in ("0", "6", "", "x", "-1"):
        assert client.post(f"/c/{world.dossier.token}/rate", {"score": score}).status_code == 409
    assert not Rating.objects.exists()


def test_the_last_day_of_reconsideration_is_reckoned_from_service() -> None:
    # Sixty days from 1 July end on Sunday 30 August and roll to the Monday.
    found = remedy(dt.date(2026, 7, 1), dt.date(2026, 8, 31), table())
    assert (found.until, found.open) == (dt.date(2026, 8, 31), True)
    assert not remedy(dt.date(2026, 7, 1), dt.date(2026, 9, 1), table()).open
