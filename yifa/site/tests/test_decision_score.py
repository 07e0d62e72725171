"""From the assessment's page to the minutes of a meeting, and to the clue that took two points: sums, links, a frozen round, a replay."""

from __future__ import annotations

import re
from decimal import Decimal

import pytest
from django.test import Client
from django.utils import timezone

from yifa.assessment import queries, services
from yifa.assessment.files import committed, parse
from yifa.assessment.models import Round
from yifa.assessment.queries import Period, Unit
from yifa.assessment.sheet import Sheet
from yifa.decisions import clues, judging
from yifa.decisions.clues import Said
from yifa.decisions.tests import world as w
from yifa.decisions.tests.test_judging import client, confirm_all
from yifa.facts import services as facts
from yifa.facts.tests.following import follow_all
from yifa.kernel.ledger.models import Entry
from yifa.kernel.people.models import Organisation
from yifa.site.contexts import CONTEXTS

pytestmark = pytest.mark.usefixtures("own_db")
D = Decimal
DISTRICT = Unit("150203", "昆都仑区", "150203", 3, is_region=True)
SET = parse(next(committed()))


def months() -> Period:
    return Period(f"{timezone.localdate().year}-01", f"{timezone.localdate():%Y-%m}")


def sheet() -> Sheet:
    return queries.score_sheet(SET, DISTRICT, queries.gather(months()))


def evade(world: w.World) -> str:
    said = Said("R6", "未列入目录即由专题会议决定。", government=world.mayor.organisation, title="城区供水价格调整")
    row = clues.raise_clue(said, by=world.supervisor)
    clues.state_side(row.league, row.id, "当时没有认识到应当列入。", by=world.office)
    clues.establish(row.league, row.id, "经核实属实。", by=world.reviewer)
    return str(row.id)


def seated(world: w.World) -> Client:
    """An assessor of the district's government, which has its territory."""
    government = Organisation.objects.get(code=world.mayor.organisation)
    government.territory.add(government.region)
    return client(w.person("考样本", government, ["assessor"]))


def test_the_score_of_a_unit_leads_to_the_minutes() -> None:
    world = w.build()
    ref = w.carried_to_the_end(world)
    confirm_all(world, ref)
    closing = judging.close_score(ref.code, by=world.reviewer)
    follow_all(CONTEXTS)
    outcome = next(each.code for _, _, each in SET.outcomes() if each.metric == "DEC-10")
    line = sheet().line(outcome)
    assert line is not None
    assert line.share is not None
    assert (line.share.numerator, line.share.denominator) == (closing.total, 10_000)
    browser, period = seated(world), months()
    address = f"/assessment/outcomes/{outcome}/?unit=150203&first={period.first}&last={period.last}"
    page = browser.get(address).content.decode()
    (found,) = set(re.findall(r'href="(/desk/decisions/[^"]+)"', page))
    assert found == f"/desk/decisions/{ref.code}/"
    matter = browser.get(found).content.decode()
    minutes = Entry.objects.get(chain=ref.code, step="deliberate")
    (entry,) = set(re.findall(rf'href="(/desk/cases/{ref.code}/#entry-{minutes.seq})"', matter))
    assert browser.get(entry.partition("#")[0]).status_code == 200


def test_two_points_are_taken_from_the_government_and_lead_to_the_clue() -> None:
    world = w.build()
    ref = w.carried_to_the_end(world)
    follow_all(CONTEXTS)
    before = sheet()
    assert before.total is not None
    assert before.adjustments == ()
    ident = evade(world)
    follow_all(CONTEXTS)
    after = sheet()
    assert (after.total, after.deducted) == (before.total - 2, D(2))
    assert after.whole.earned == before.whole.earned
    page = seated(world).get(f"/assessment/?unit=150203&first={months().first}&last={months().last}").content.decode()
    assert f"/desk/decisions/clues/{ident}/" in page
    assert "扣 2.00 分" in page or "扣 2 分" in page
    assert facts.check(CONTEXTS)[1] == []
    assert ref.code


def test_a_round_frozen_before_stays_and_one_frozen_after_has_it() -> None:
    world = w.build()
    w.carried_to_the_end(world)
    follow_all(CONTEXTS)
    assessor = w.person("考样本", Organisation.objects.get(code=world.mayor.organisation), ["assessor"])
    indicators = queries.current()
    assert indicators is not None
    first, last = months().first, months().last
    before = services.freeze_round(by=assessor, title="封存一", indicators=indicators, first=first, last=last)
    evade(world)
    follow_all(CONTEXTS)
    after = services.freeze_round(by=assessor, title="封存二", indicators=indicators, first=first, last=last)
    one, two = (D(row.book["150203"]["total"]) for row in (before, after))
    assert two == one - 2
    assert after.book["150203"]["adjustments"] == {"K01": ["2", 1]}
    assert [services.recompute(row) for row in Round.objects.order_by("pk")] == [(), ()]
