"""The demonstration on a small stage: one city and one of its districts."""

from __future__ import annotations

from argparse import Namespace
from typing import Any

import pytest
from django.db import connection

from yifa.kernel.people.queries import actor_of, person_of
from yifa.kernel.people.services import load_reference
from yifa.site import demo, demo_world


def rows(text: str) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(text)
        return list(cursor.fetchall())


@pytest.fixture
def stage(own_db: Any, settings: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    settings.LOG_ORIGIN = "demo.stage.test"
    monkeypatch.setattr(demo_world, "LEAGUES", {"150200": ("150203",)})
    monkeypatch.setattr(demo_world, "DEPARTMENTS", demo_world.DEPARTMENTS[:2])
    monkeypatch.setattr(demo_world, "REGIONS", ("150200", "150203"))
    load_reference()


def test_the_demonstration_acts_through_the_law(stage: None, capsys: pytest.CaptureFixture[str]) -> None:
    assert demo.main(Namespace(missing=False, dossiers=12)) == 0
    said = capsys.readouterr().out
    [(made,)] = rows("SELECT count(*) FROM dossiers_dossier WHERE procedure = 'summary_penalty'")
    assert 8 <= made <= 12  # an officer without a valid certificate begins none
    assert len(demo_world.bodies()) == 2 * len(demo_world.DEPARTMENTS)

    # Every account is shown with a password that opens it, once.
    shown = dict(line.split("\t")[:2] for line in said.splitlines() if "\t" in line)
    assert {"demo-admin", "demo-supervisor", "demo-overseer", "15020310001"} <= {login.strip() for login in shown}
    for login, password in shown.items():
        person = person_of(login.strip())
        assert person is not None
        assert person.check_password(password)
    assert demo.accounts() == []
    root = actor_of("demo-admin")
    assert root is not None
    assert root.has("admin_system")

    # What it did stands in the record: the founding, the governments' seats, every act of the dossiers.
    steps = {step for (step,) in rows("SELECT DISTINCT step FROM ledger_entry")}
    assert {"found", "seat_government", "show_badge", "decide"} <= steps
    assert rows("SELECT count(*) > 0 FROM dossiers_evidence WHERE seq IS NOT NULL") == [(True,)]

    # Four documents at four points of their way; one is published and registered, one is before the public.
    found = rows("SELECT status FROM dossiers_dossier WHERE procedure = 'normative_making' ORDER BY status")
    assert [status for (status,) in found] == ["consult", "not_normative", "report", "submit"]
    assert rows("SELECT status FROM dossiers_dossier WHERE procedure = 'normative_filing'") == [("conclude",)]
    assert rows("SELECT status FROM dossiers_dossier WHERE procedure = 'normative_objection'") == [("archive",)]
    assert rows("SELECT status FROM dossiers_dossier WHERE procedure = 'normative_incidental'") == [("notify_maker",)]
    assert rows("SELECT valid_until - effective_on > 700 FROM normative_normativedocument") == [(True,)]
    asked = "SELECT c.comments, c.status FROM participation_consultation c JOIN dossiers_dossier d ON d.code = c.dossier"
    assert rows(f"{asked} WHERE d.procedure <> 'major_decision' ORDER BY 1") == [(2, "summarised"), (4, "open"), (5, "summarised")]

    # The district's catalogue, and its matters each at another point; the one carried to its end has a closing score a reviewer confirmed.
    assert rows("SELECT status FROM dossiers_dossier WHERE procedure = 'decision_catalogue'") == [("publish",)]
    # T02.2, DEC-01: the list is out in time, on whatever day the demonstration is told.
    assert rows("SELECT DISTINCT published_on <= make_date(year, 3, 31) FROM decisions_catalogueitem") == [(True,)]
    decided = rows("SELECT status FROM dossiers_dossier WHERE procedure = 'major_decision'")
    assert sorted(status for (status,) in decided) == ["accept_review", "close", "consult", "propose", "withdraw_matter"]
    assert rows(f"{asked} WHERE d.procedure = 'major_decision' ORDER BY 1") == [(2, "summarised"), (2, "summarised"), (12, "open")]
    assert rows("SELECT total BETWEEN 8000 AND 10000, grade <> '' FROM decisions_closing") == [(True, True)]
    assert rows("SELECT count(*) FROM decisions_judgment WHERE points < seen AND reason <> ''") == [(1,)]
    assert rows("SELECT count(*) > 1 FROM decisions_drawing WHERE drawn_at IS NOT NULL") == [(True,)]
    assert rows("SELECT count(*) FILTER (WHERE answer = 'confirmed'), count(*) FROM decisions_applicant") == [(4, 9)]
    assert rows("SELECT answers > 30 FROM participation_questionnaire") == [(True,)]
    assert rows("SELECT line, state FROM decisions_clue") == [("R6", "established")]

    assert demo.main(Namespace(missing=False, dossiers=12)) == 1
    assert demo.main(Namespace(missing=True, dossiers=16)) == 0
    assert rows(f"SELECT count(*) > {made} FROM dossiers_dossier WHERE procedure = 'summary_penalty'") == [(True,)]
    assert len(rows("SELECT 1 FROM dossiers_dossier WHERE procedure = 'normative_making'")) == len(found)
    assert len(rows("SELECT 1 FROM dossiers_dossier WHERE procedure = 'major_decision'")) == len(decided)


def test_a_real_record_gets_no_demonstration(own_db: Any, settings: Any) -> None:
    settings.LOG_ORIGIN = "yifa.example/log"
    with pytest.raises(SystemExit, match=r"demo\."):
        demo.main(Namespace(missing=True, dossiers=1))
