"""A score through the record: confirmed by reviewers, closed, counted as a fact, opened on the desk down to the entries."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.test import Client

from yifa.decisions import judging
from yifa.decisions.context import DECISIONS
from yifa.decisions.models import Closing, Judgment
from yifa.decisions.pages.matters import _hundredths
from yifa.decisions.template_set import rounded
from yifa.decisions.tests import world as w
from yifa.facts.models import Fact
from yifa.facts.tests.following import follow_all
from yifa.kernel.ledger.models import Entry
from yifa.kernel.people.actors import Actor
from yifa.kernel.people.models import Person
from yifa.kernel.refusing import RejectedError
from yifa.procedures.reading import Ref

pytestmark = pytest.mark.usefixtures("own_db")


def confirm_all(world: w.World, ref: Ref) -> None:
    while (score := judging.score_of(ref.code)) and score.awaiting:
        line = score.awaiting[0]
        seen = rounded(line.proposed)
        after = line.confirmation.n if line.confirmation else 0
        judging.confirm(ref.code, by=world.reviewer, check=line.item.code, points=seen, seen=seen, after=after)


def client(actor: Actor) -> Client:
    browser = Client()
    browser.force_login(Person.objects.get(pk=actor.person))
    session = browser.session
    session["post"] = actor.post
    session.save()
    return browser


def test_a_matter_carried_to_its_end_is_scored_confirmed_and_counted() -> None:
    world = w.build()
    ref = w.carried_to_the_end(world)
    running = judging.score_of(ref.code)
    assert running is not None
    assert running.closed
    assert running.awaiting
    with pytest.raises(RejectedError, match="没有确认"):
        judging.close_score(ref.code, by=world.reviewer)
    confirm_all(world, ref)
    closing = judging.close_score(ref.code, by=world.reviewer)
    assert closing.total == running.total
    follow_all([DECISIONS])
    fact = Fact.objects.get(metric="DEC-10")
    assert (fact.numerator, fact.denominator, fact.organisation) == (closing.total, 10_000, world.mayor.organisation)
    assert fact.chain == judging.chain(ref.code)
    assert Fact.objects.filter(metric="DEC-06", numerator=1, chain=ref.code).exists()
    with pytest.raises(RejectedError, match="不重复"):
        judging.close_score(ref.code, by=world.reviewer)
    with pytest.raises(RejectedError, match="不再改动"):
        judging.confirm(ref.code, by=world.reviewer, check="T18.3", points=0, seen=100, after=0, reason="重评")


def test_a_running_score_is_not_closed() -> None:
    world = w.build()
    ref = w.begun(world)
    w.exempted(world, ref)
    with pytest.raises(RejectedError, match="办结以后"):
        judging.close_score(ref.code, by=world.reviewer)


def test_a_reviewer_lowers_with_a_reason_and_the_proposal_is_kept() -> None:
    world = w.build()
    ref = w.carried_to_the_end(world)
    score = judging.score_of(ref.code)
    assert score is not None
    seen = rounded(score.line("T18.3").proposed)
    with pytest.raises(RejectedError, match="写明理由"):
        judging.confirm(ref.code, by=world.reviewer, check="T18.3", points=seen - 50, seen=seen, after=0)
    judging.confirm(ref.code, by=world.reviewer, check="T18.3", points=seen - 50, seen=seen, after=0, reason="意见书没有附法律意见")
    after = judging.score_of(ref.code)
    assert after is not None
    assert after.total is not None
    assert score.total is not None
    assert after.total < score.total
    assert (rounded(after.line("T18.3").got), rounded(after.line("T18.3").proposed)) == (seen - 50, seen)


def test_what_was_lost_stands_beside_the_score_the_greatest_loss_first() -> None:
    world = w.build()
    ref = w.carried_to_the_end(world)
    for check, points in (("T18.3", 50), ("T18.2", 0)):
        score = judging.score_of(ref.code)
        assert score is not None
        line = score.line(check)
        judging.confirm(
            ref.code, by=world.reviewer, check=check, points=points, seen=rounded(line.proposed), after=0, reason="材料与实际不符"
        )
    page = client(world.reviewer).get(f"/desk/decisions/{ref.code}/").content.decode()
    lost = page.partition('id="h-lost"')[2].partition("</section>")[0]
    rows = re.findall(r'href="#c-(T\d\d\.\d)">.*?<strong>−([\d.]+)</strong>', lost)
    assert dict(rows)["T18.3"] == "0.50"
    assert rows == sorted(rows, key=lambda row: (-float(row[1]), row[0]))
    assert "T18.2" in dict(rows)


def test_the_second_of_two_reviewers_is_told_what_the_first_found() -> None:
    world = w.build()
    ref = w.carried_to_the_end(world)
    judging.confirm(ref.code, by=world.reviewer, check="T18.3", points=100, seen=100, after=0)
    with pytest.raises(RejectedError, match="请查看后再确认"):
        judging.confirm(ref.code, by=world.reviewer, check="T18.3", points=0, seen=100, after=0, reason="不同看法")
    judging.confirm(ref.code, by=world.reviewer, check="T18.3", points=0, seen=100, after=1, reason="不同看法")
    assert Judgment.objects.count() == 2


def test_only_the_reviewers_of_justice_judge_and_only_what_needs_judging() -> None:
    world = w.build()
    ref = w.carried_to_the_end(world)
    for actor in (world.drafter, world.mayor, world.stranger, world.supervisor):
        with pytest.raises(RejectedError):
            judging.confirm(ref.code, by=actor, check="T18.3", points=100, seen=100, after=0)
    with pytest.raises(RejectedError, match="不能人工改分"):
        judging.confirm(ref.code, by=world.reviewer, check="T07.3", points=0, seen=100, after=0, reason="不够")
    assert not Closing.objects.exists()


@pytest.mark.parametrize(("text", "points"), [("1", 100), ("0.5", 50), ("2.25", 225), (" 3 ", 300)])
def test_points_are_read_as_a_reviewer_writes_them(text: str, points: int) -> None:
    assert _hundredths(text) == points


@pytest.mark.parametrize("text", ["", "一", "-1", "1.234", "1,5", "1e3", "9999"])
def test_what_is_no_number_of_points_is_refused(text: str) -> None:
    with pytest.raises(RejectedError):
        _hundredths(text)


def test_the_desk_shows_lamps_and_leads_from_the_score_to_the_minutes() -> None:
    world = w.build()
    ref = w.carried_to_the_end(world)
    page = client(world.reviewer).get("/desk/decisions/").content.decode()
    assert "城区供热管网改造方案" in page
    assert page.count('data-lamp="') == 7
    one = client(world.reviewer).get(f"/desk/decisions/{ref.code}/").content.decode()
    minutes = Entry.objects.get(chain=ref.code, step="deliberate")
    assert f"/desk/cases/{ref.code}/#entry-{minutes.seq}" in one
    assert "确认结案得分" in one
    stranger: Any = client(world.stranger).get(f"/desk/decisions/{ref.code}/")
    assert stranger.status_code == 404


def test_a_refused_finding_is_told_at_its_check_with_what_was_written() -> None:
    world = w.build()
    ref = w.carried_to_the_end(world)
    browser, sent = client(world.reviewer), {"check": "T18.3", "points": "0.5", "seen": "100", "after": "0", "reason": "略"}
    refused = browser.post(f"/desk/decisions/{ref.code}/confirm/", sent)
    page = refused.content.decode()
    assert refused.status_code == 422
    box = page.partition('id="c-T18.3"')[2].partition('class="check"')[0]
    assert "请写明理由" in box
    assert 'value="0.5"' in box
    assert 'value="略"' in box
    assert not Judgment.objects.exists()


def test_a_reviewer_confirms_and_closes_on_the_page() -> None:
    world = w.build()
    ref = w.carried_to_the_end(world)
    browser = client(world.reviewer)
    while (score := judging.score_of(ref.code)) and score.awaiting:
        line = score.awaiting[0]
        seen = rounded(line.proposed)
        sent = {"check": line.item.code, "points": f"{seen / 100:.2f}", "seen": str(seen), "after": "0", "reason": ""}
        assert browser.post(f"/desk/decisions/{ref.code}/confirm/", sent).status_code == 302
    assert browser.post(f"/desk/decisions/{ref.code}/close/").status_code == 302
    assert Closing.objects.get().dossier == ref.code
    assert client(world.drafter).post(f"/desk/decisions/{ref.code}/close/").status_code in (302, 403, 404)


def test_a_draft_found_unlawful_lights_the_fifth_lamp_red() -> None:
    world = w.build()
    ref = w.begun(world)
    w.exempted(world, ref)
    w.heard(world, ref)
    w.reviewed(world, ref, legality="unlawful")
    page = client(world.reviewer).get(f"/desk/decisions/{ref.code}/").content.decode()
    lights = re.findall(r'<li data-lamp="([a-z]+)"><div class="head"><h3><a href="#p-(S.)"', page)
    assert ("red", "S5") in lights
    w.do(ref, "submit_review", world.drafter, {"review_materials": ["draft", "basis", "procedure"]}, files=1)
    w.do(ref, "accept_review", world.reviewer, {})
    w.do(ref, "review", world.reviewer, w.REVIEW)
    page = client(world.reviewer).get(f"/desk/decisions/{ref.code}/").content.decode()
    assert ("green", "S5") in re.findall(r'<li data-lamp="([a-z]+)"><div class="head"><h3><a href="#p-(S.)"', page)
