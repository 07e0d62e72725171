"""The demonstration on a small stage: one city, one of its districts, and two governments that have a list and no matter yet."""

from __future__ import annotations

from argparse import Namespace
from dataclasses import replace
from typing import Any

import pytest
from django.db import connection

from yifa.kernel.people.queries import actor_of, person_of
from yifa.kernel.people.services import load_reference
from yifa.site import demo, demo_decisions, demo_ideas, demo_stories, demo_world
from yifa.site.demo_documents import DISTRICT
from yifa.site.demo_lists import PRESSED, ZERO


def rows(text: str) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(text)
        return list(cursor.fetchall())


@pytest.fixture
def stage(own_db: Any, settings: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    settings.LOG_ORIGIN = "demo.stage.test"
    monkeypatch.setattr(demo_world, "LEAGUES", {"150200": ("150203", PRESSED)})
    monkeypatch.setattr(demo_world, "DEPARTMENTS", demo_world.DEPARTMENTS[:2])
    monkeypatch.setattr(demo_world, "REGIONS", ("150200", "150203", PRESSED, ZERO))
    load_reference()


def test_the_demonstration_acts_through_the_law(stage: None, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    assert demo.main(Namespace(missing=False, dossiers=12)) == 0
    said = capsys.readouterr().out
    [(made,)] = rows("SELECT count(*) FROM dossiers_dossier WHERE procedure = 'summary_penalty'")
    assert 8 <= made <= 12  # an officer without a valid certificate begins none
    assert len(demo_world.bodies()) == 3 * len(demo_world.DEPARTMENTS)

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

    # The catalogues: the district's in time on whatever day the demonstration is told (T02.2, DEC-01), one empty with its explanation,
    # one that came late, because somebody pressed for it.
    lists = "SELECT organisation_id, status, facts ? 'zero_reason' FROM dossiers_dossier WHERE procedure = 'decision_catalogue' ORDER BY 1"
    assert rows(lists) == [(f"{DISTRICT}0001", "publish", False), (f"{PRESSED}0001", "publish", False), (f"{ZERO}0001", "publish", True)]
    assert rows("SELECT DISTINCT region_id, published_on <= make_date(year, 3, 31) FROM decisions_catalogueitem ORDER BY 1") == [
        (DISTRICT, True),
        (PRESSED, False),
    ]
    assert rows("SELECT status FROM dossiers_dossier WHERE procedure = 'catalogue_supervision'") == [("close",)]
    # The matters, each at another point; the one carried to its end has a closing score that a reviewer confirmed.
    decided = rows("SELECT status FROM dossiers_dossier WHERE procedure = 'major_decision'")
    assert sorted(status for (status,) in decided) == ["accept_review", "close", "consult", "propose", "withdraw_matter"]
    assert rows(f"{asked} WHERE d.procedure = 'major_decision' ORDER BY 1") == [(2, "summarised"), (4, "summarised"), (12, "open")]
    assert rows("SELECT total BETWEEN 8000 AND 10000, grade <> '' FROM decisions_closing") == [(True, True)]
    assert rows("SELECT count(*) FROM decisions_judgment WHERE points < seen AND reason <> ''") == [(1,)]
    assert rows("SELECT count(*) > 1 FROM decisions_drawing WHERE drawn_at IS NOT NULL") == [(True,)]
    assert rows("SELECT count(*) FILTER (WHERE answer = 'confirmed'), count(*) FROM decisions_applicant") == [(4, 9)]
    assert rows("SELECT answers > 30 FROM participation_questionnaire") == [(True,)]
    assert rows("SELECT line, state FROM decisions_clue") == [("R6", "established")]

    assert demo.main(Namespace(missing=False, dossiers=12)) == 1
    # A later version tells one matter more: over this database it enters the list by 增列, and goes its way.
    newer = (replace(demo_ideas.WORKSHOPS, title="昆都仑区夜间集市布点方案"), demo_stories._listed, 9)
    [(code, stories), *others] = demo_stories.STORIES
    monkeypatch.setattr(demo_decisions, "STORIES", ((code, (*stories, newer)), *others))
    assert demo.main(Namespace(missing=True, dossiers=16)) == 0
    assert rows(lists)[0] == (f"{DISTRICT}0001", "add", False)
    assert rows("SELECT status, title FROM dossiers_dossier WHERE title = '昆都仑区夜间集市布点方案'") == [("enter", newer[0].title)]
    assert rows(f"SELECT count(*) > {made} FROM dossiers_dossier WHERE procedure = 'summary_penalty'") == [(True,)]
    assert len(rows("SELECT 1 FROM dossiers_dossier WHERE procedure = 'normative_making'")) == len(found)
    assert len(rows("SELECT 1 FROM dossiers_dossier WHERE procedure = 'major_decision'")) == len(decided) + 1


def test_a_real_record_gets_no_demonstration(own_db: Any, settings: Any) -> None:
    settings.LOG_ORIGIN = "yifa.example/log"
    with pytest.raises(SystemExit, match=r"demo\."):
        demo.main(Namespace(missing=True, dossiers=1))
