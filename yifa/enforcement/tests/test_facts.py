"""Entries in, numbers out: a penalty through `take`, sealed and counted by the follower."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from django.db import connection
from django.utils import timezone

from yifa.enforcement.context import ENFORCEMENT
from yifa.enforcement.facts import facts
from yifa.enforcement.items import installed
from yifa.enforcement.rolls import count_rolls
from yifa.enforcement.tests import world as w
from yifa.facts import queries, services
from yifa.facts.queries import Sum, Where
from yifa.facts.seen import Seen
from yifa.facts.tests.following import follow_all
from yifa.supervision.services import rate

UNTIL_DELIVERED = ("establish", "order_correction", "inform", "hear", "decide", "deliver")
EVER = Where("2000-01", "2999-12")


def follow() -> dict[str, Sum]:
    follow_all([ENFORCEMENT])
    return queries.sums(EVER)


def test_a_penalty_done_in_time_counts_in_every_figure(own_db: Any) -> None:
    world = w.build()
    w.walk(world, *UNTIL_DELIVERED, "file", "publish", "pay", "close")
    found = follow()
    assert {key: (found[key].numerator, found[key].denominator) for key in found} == {
        "M01": (1, 0),
        "M03": (2, 0),
        "M12": (1, 1),
        "M15": (1, 1),
        "M15.av": (1, 1),
        "M15.text": (1, 1),
        "M18": (4, 4),
        "Q09": (1, 1),
    }
    assert services.check([ENFORCEMENT])[1] == []


def test_an_open_deadline_counts_in_the_month_it_falls_due(own_db: Any) -> None:
    world = w.build()
    w.walk(world, *UNTIL_DELIVERED)
    with connection.cursor() as cursor:
        cursor.execute("SELECT to_char(due_on, 'YYYY-MM') FROM procedures_obligation WHERE step = 'publish'")
        month = cursor.fetchone()[0]
    assert follow()["M12"].denominator == 1
    assert queries.by_month(EVER, ["M12"]) == {("M12", month): Sum(0, 1, 1)}


def test_one_act_moves_exactly_the_predicted_figures(own_db: Any) -> None:
    world = w.build()
    ref = w.walk(world, *UNTIL_DELIVERED)
    before = follow()
    w.do(world, ref, "file")
    after = follow()
    assert {key for key in after if after[key] != before.get(key)} == {"Q09"}
    assert (after["Q09"].numerator, after["Q09"].denominator) == (1, 1)


def test_a_second_case_of_the_same_item_and_officers_uses_them_once_a_month(own_db: Any) -> None:
    world = w.build()
    w.walk(world, *UNTIL_DELIVERED)
    w.walk(world, *UNTIL_DELIVERED, party={"name": "钱样本", "identity_kind": "id", "identity_number": "110101199003071014"})
    found = follow()
    assert (found["M01"].numerator, found["M03"].numerator, found["M18"].denominator) == (1, 2, 8)


def test_registers_count_by_their_last_roll_of_the_month(own_db: Any) -> None:
    world = w.build()
    w.walk(world, *UNTIL_DELIVERED)
    today = timezone.localdate()
    held = sum(item.held_by({"sector": "农牧", "fields": ["农牧"]}) and item.in_force(today) for item in installed().values())
    assert held > 0
    assert count_rolls(on=today) == 2
    assert count_rolls(on=today) == 0
    here = Where("2000-01", "2999-12", organisation=world.li.organisation)
    follow()
    found = queries.sums(here)
    assert (found["M03"].denominator, found["M01"].denominator) == (2, held)
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE people_certificate SET expires_on = %s WHERE number = %s", [today - timedelta(days=1), world.wang.certificate]
        )
    assert count_rolls(on=today) == 1
    follow()
    assert queries.sums(here)["M03"].denominator == 1
    assert count_rolls(on=today.replace(day=1) - timedelta(days=1)) == 2
    assert count_rolls(on=today) == 0
    next_month = (today.replace(day=1) + timedelta(days=32)).replace(day=1)
    count_rolls(on=next_month)
    follow()
    assert queries.by_month(here, ["M03"])["M03", next_month.strftime("%Y-%m")].denominator == 1


def test_ratings_count_without_naming_the_case(own_db: Any) -> None:
    world = w.build()
    ref = w.walk(world, *UNTIL_DELIVERED)
    for number, score in enumerate((5, 4, 2)):
        rate(dossier=ref.code, document=f"document-{number}", organisation=world.li.organisation, score=score)
    found = follow()
    assert (found["M25"], found["M25.satisfied"]) == (Sum(220, 3, 3), Sum(2, 3, 3))


def test_a_case_not_punished_counts_as_closed_with_its_education(own_db: Any) -> None:
    world = w.build()
    ref = w.begin(world).ref
    w.do(world, ref, "establish", minor=True)
    w.do(world, ref, "no_penalty")
    found = follow()
    assert (found["M15.text"], found["M01"].numerator) == (Sum(1, 1, 1), 1)
    assert "M12" not in found


def duty(step: str, due: str, met: str | None) -> dict[str, Any]:
    return {"step": step, "due": due, "met": met}


def entry(step: str, *, opened: list[dict[str, Any]] | None = None, closed: list[dict[str, Any]] | None = None, **stated: Any) -> Seen:
    register = {"organisation": {"code": "1502030020", "region": "150203", "name": "某局", "kind": "ORGAN", "changes": []}, "officers": []}
    body = {
        "procedure": "summary_penalty",
        "step": step,
        "happened_at": "2026-03-31T16:30:00.000000Z",
        "organisation": "1502030020",
        "region": "150203",
    }
    seen = {"seen": {"facts": stated, "register": register}, "duties": {"opened": opened or [], "closed": closed or []}}
    return Seen(7, "150200", "150203-02", 3, body, {}, seen)


@pytest.mark.parametrize(
    ("step", "met", "expected"),
    [
        ("publish", "2026-04-09", ("M12", 1, 0)),
        ("publish", "2026-04-10", ("M12", 0, 0)),
        ("publish", None, ("M12", 0, -1)),
        ("file", "2026-04-09", ("Q09", 1, 0)),
        ("hand_in", "2026-04-10", ("Q07", 0, 0)),
        ("bank", "2026-04-01", ("Q07", 1, 0)),
    ],
)
def test_a_deadline_met_on_its_last_day_is_in_time_and_the_next_day_is_not(
    step: str, met: str | None, expected: tuple[str, int, int]
) -> None:
    (found,) = facts(entry("correct", closed=[duty(step, "2026-04-09", met)]))
    assert (found.metric, found.numerator, found.denominator) == expected
    assert found.month == "2026-04"


def test_deadlines_that_no_figure_watches_count_nothing() -> None:
    assert list(facts(entry("correct", opened=[duty("pay", "2026-04-09", None)]))) == []


def test_acts_count_in_the_month_of_beijing() -> None:
    (found,) = facts(entry("show_badge", recording="off"))
    assert (found.metric, found.numerator, found.denominator, found.month) == ("M15.av", 0, 1, "2026-04")


def test_service_by_leaving_the_document_must_be_shown() -> None:
    found = list(facts(entry("deliver", service_mode="D2")))
    assert [(each.metric, each.numerator, each.denominator) for each in found] == [("M15.av", 0, 1)]


def test_a_file_without_its_writing_is_not_whole() -> None:
    found = {each.metric: each for each in facts(entry("close", recording="on", description="有", told=["content"], statement="none"))}
    assert (found["M15.text"].numerator, found["M15"].numerator) == (0, 0)
    assert "number" in found["M15.text"].reason


def test_a_deadline_moved_by_a_new_notice_moves_its_month() -> None:
    moved = {
        "dossier": "150203-02",
        "step": "publish",
        "organisation": "1502030020",
        "region": "150203",
        "before": "2027-01-31",
        "after": "2027-02-01",
    }
    body = {"procedure": "register/calendar", "step": "publish_notice"}
    found = list(facts(Seen(1, "150000", "calendar:2027", 1, body, {"moved": [moved, {**moved, "after": "2027-01-30"}]}, None)))
    assert [(each.month, each.denominator) for each in found] == [("2027-01", -1), ("2027-02", 1)]
    others = {**moved, "dossier": "1502030001-21-2026-000001-9"}
    assert list(facts(Seen(1, "150000", "calendar:2027", 1, body, {"moved": [others]}, None))) == []


def test_entries_of_others_and_erased_ones_count_nothing() -> None:
    body = {"procedure": "ledger", "step": "erase_payload"}
    assert list(facts(Seen(1, "150200", "150203-02", 9, body, {}, None))) == []
    assert list(facts(Seen(1, "150200", "150203-02", 3, {**entry("decide").body}, None, None))) == []


def test_the_month_of_an_act_is_a_real_month() -> None:
    assert date.fromisoformat(f"{next(iter(facts(entry('show_badge')))).month}-01")
