"""What acts use, from the record: counted by the follower, equal to a replay, whatever is erased; read under the reader's own rights."""

from __future__ import annotations

import importlib
import tomllib
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from django.utils import timezone

from yifa.assessment import queries as assessment
from yifa.enforcement.context import ENFORCEMENT
from yifa.enforcement.items import find
from yifa.enforcement.tests import walk
from yifa.enforcement.tests import world as w
from yifa.evaluation import following, outcomes, queries, services
from yifa.evaluation.book import Book
from yifa.evaluation.effect import Count
from yifa.evaluation.models import Enforceable, Event, Use
from yifa.evaluation.queries import Period
from yifa.evaluation.tests import world
from yifa.facts.tests.following import seal_all
from yifa.kernel.ledger.services import erase_payload, record
from yifa.kernel.refusing import RejectedError
from yifa.laws.rules import title_key
from yifa.supervision.services import complain, rate

DECIDED = ("establish", "order_correction", "inform", "hear", "decide")


def month() -> str:
    return f"{timezone.localdate():%Y-%m}"


def period() -> Period:
    return Period(*queries.year_before(timezone.localdate()), "150203")


def follow() -> None:
    seal_all()
    while following.follow():
        pass


def second(found: w.World) -> Any:
    """Another decision: what the party did the day before."""
    return w.walk(found, *DECIDED, violation_on=(timezone.localdate() - timedelta(days=1)).isoformat())


def item_articles() -> set[str]:
    found = find(walk.ANSWERS["show_badge"]["item"])
    assert found is not None
    return {f"{title_key(each.law.title)}#{each.node.partition('.')[0]}" for each in found.articles}


def test_a_decision_uses_the_articles_of_its_step_and_of_its_item(own_db: Any) -> None:
    world_ = w.build()
    case = w.walk(world_, *DECIDED)
    follow()
    event = Event.objects.get()
    assert event.chain == case.code
    assert event.kind == "decision"
    assert item_articles() <= set(event.articles)
    assert "行政处罚法#t51" in event.articles
    uses = queries.article_uses(period(), "行政处罚法")
    assert uses["t51"] == {"decision": 1}
    assert "t45" not in uses  # the hearing is on the way
    assert queries.work_uses(period())["行政处罚法"] == {"decision": 1}


def test_the_projection_equals_a_replay_also_after_an_erasure(own_db: Any) -> None:
    world_ = w.build()
    case = w.walk(world_, *DECIDED)
    second(world_)
    follow()
    read, found = following.check()
    assert (read, found) == (following.position(), [])
    assert Event.objects.count() == 2
    # The body names the articles: nothing of a payload is needed.
    with connection.cursor() as cursor:
        cursor.execute("SELECT seq FROM ledger_entry WHERE chain = %s", [case.code])
        sides = [(seq, side) for (seq,) in cursor.fetchall() for side in ("open", "closed")]
    erase_payload(by=world_.head, second=world_.clerk.person, ground="样本", league="150200", chain=case.code, sides=sides)
    follow()
    assert following.check()[1] == []
    before = sorted(Use.objects.values_list("work_key", "article", "n"))
    following.rebuild()
    assert sorted(Use.objects.values_list("work_key", "article", "n")) == before
    assert following.check()[1] == []


def test_a_projection_that_was_tampered_with_is_found_out(own_db: Any) -> None:
    w.walk(w.build(), *DECIDED)
    follow()
    Use.objects.filter(article="t51").update(n=7)
    found = following.check()[1]
    assert {each.side for each in found} == {"多出", "缺少"}
    assert all(each.table == "evaluation_use" for each in found)


def test_rows_grow_with_acts_and_not_with_what_they_cite(own_db: Any) -> None:
    world_ = w.build()
    w.walk(world_, *DECIDED)
    follow()
    uses = Use.objects.count()
    second(world_)
    follow()
    assert Use.objects.count() == uses
    assert set(Use.objects.values_list("n", flat=True)) == {2}


def test_works_are_proposed_by_their_words_and_confirmed_by_a_person(own_db: Any) -> None:
    w.build()
    world.library()
    judge = world.person("钱样本", "assessor")
    assert services.propose_enforceable(on=date(2026, 11, 1)) == 2
    row = Enforceable.objects.get(pk="动物防疫法")
    assert (row.penalty, row.duty) == (["t92", "t93"], ["t17", "t30"])
    assert queries.enforceable(period()) == []
    assert services.decide_enforceable(["动物防疫法", "行政处罚法"], state="confirmed", by=judge) == 2
    assert [each.work_key for each in queries.enforceable(period())] == ["动物防疫法", "行政处罚法"]
    with pytest.raises(RejectedError, match="理由"):
        services.decide_enforceable(["行政处罚法"], state="rejected", by=judge)
    # Proposed anew, a decision stands.
    assert services.propose_enforceable(on=date(2026, 11, 1)) == 0
    assert Enforceable.objects.get(pk="行政处罚法").state == "confirmed"


def test_the_rate_counts_only_works_long_enough_in_force(own_db: Any) -> None:
    world_ = w.build()
    world.library()
    services.propose_enforceable(on=timezone.localdate())
    services.decide_enforceable(["动物防疫法", "行政处罚法"], state="confirmed", by=world_.head)
    w.walk(world_, *DECIDED)
    follow()
    book = Book(period(), timezone.localdate(), (ENFORCEMENT,))
    assert book.rate == (2, 2) if "动物防疫法" in {each.partition("#")[0] for each in item_articles()} else (1, 2)
    short = Period(month(), month(), "150203")
    assert Book(short, timezone.localdate(), (ENFORCEMENT,)).rate == (0, 0)
    other = Period(*queries.year_before(timezone.localdate()), "150207")
    assert Book(other, timezone.localdate(), (ENFORCEMENT,)).rate == (0, 2)


def test_an_article_with_a_penalty_that_no_act_used_in_three_years_is_asleep(own_db: Any) -> None:
    world_ = w.build()
    world.library()
    services.propose_enforceable(on=timezone.localdate())
    services.decide_enforceable(["动物防疫法", "行政处罚法"], state="confirmed", by=world_.head)
    w.walk(world_, *DECIDED)
    follow()
    used = {each for each in item_articles() if each.endswith(("#t92", "#t93"))}
    found = {
        f"{each.row.work_key}#{each.article}" for each in queries.asleep(queries.enforceable(period()), "150203", timezone.localdate())
    }
    assert {"动物防疫法#t92", "动物防疫法#t93", "行政处罚法#t77"} - used == found


def test_the_acts_behind_a_number_need_the_readers_rights(own_db: Any) -> None:
    world_ = w.build()
    case = w.walk(world_, *DECIDED)
    follow()
    own = queries.acts(world_.head, period(), "行政处罚法", article="t51")
    assert [each.chain for each in own.rows] == [case.code]
    assert (own.readable, own.hidden) == (1, 0)
    other = queries.acts(world_.stranger, period(), "行政处罚法", article="t51")
    assert (other.rows, other.readable, other.hidden) == ((), 0, 1)


def test_outcomes_are_read_from_what_became_of_the_acts(own_db: Any) -> None:
    world_ = w.build()
    case = w.walk(world_, *DECIDED, "deliver")
    second(world_)
    follow()
    complain(about="case", organisation=world_.li.organisation, dossier=case.code, text="没有出示执法证件")
    with connection.cursor() as cursor:
        cursor.execute("SELECT sha256 FROM documents_document WHERE dossier = %s AND form = 'on_the_spot_decision'", [case.code])
        (document,) = cursor.fetchone()
    rate(dossier=case.code, document=document, organisation=world_.li.organisation, score=5)
    index = outcomes.outcomes(period(), timezone.localdate()).of("行政处罚法")
    parts = {part.key: part for part in index.parts}
    assert index.acts == 2
    assert parts["e1"].why == "未接入"
    disputes, ratings = parts["e2"].count, parts["e5"].count
    assert disputes == Count(Decimal(1), 2, outcomes.NOT_ALL)
    assert parts["e2"].value == 0
    assert ratings == Count(Decimal(1), 1)
    assert parts["e5"].value == 1
    assert parts["e3"].why == "没有可以计算的件数"  # not due yet
    assert index.value is None
    assert "不足5件" in index.why_not


def test_bodies_that_hold_a_matter_are_the_competent_subjects(own_db: Any) -> None:
    w.build()
    subjects = queries.subjects("150203", (ENFORCEMENT,))
    assert subjects["动物防疫法"] == 2  # both sample bureaus hold 农牧
    assert "消防法" not in subjects


def test_no_metric_of_assessment_reads_usage() -> None:
    """Usage tells of a law, never of a body: it is scored in no set, and assessment cannot see the tables."""
    for path in (Path(assessment.__file__).parent / "sets").glob("*.yaml"):
        metrics = {each["code"]: each for each in _set(path)["metrics"]}
        assert not metrics["LAW-11"]["scored"]
    assert "LAW-11" not in assessment.KEYS
    folder = Path(assessment.__file__).parent
    assert not [path.name for path in folder.glob("*.py") if "evaluation" in path.read_text(encoding="utf-8")]
    told = tomllib.loads((Path(assessment.__file__).parents[2] / "pyproject.toml").read_text(encoding="utf-8"))
    [floors] = [each for each in told["tool"]["importlinter"]["contracts"] if each["name"] == "floors"]
    assert "yifa.assessment | yifa.evaluation" in floors["layers"]


def _set(path: Path) -> dict[str, Any]:
    found: dict[str, Any] = importlib.import_module("yaml").safe_load(path.read_text(encoding="utf-8"))
    return found


def test_an_entry_of_a_register_uses_nothing(own_db: Any) -> None:
    world_ = w.build()
    record("parameter:样本", "approve", actor=world_.head, payload={}, league="150200", cites=["行政处罚法@2021-01-22#t51"])
    follow()
    assert Event.objects.count() == 0


def test_only_what_no_room_tells_is_called_unconnected(db: Any) -> None:
    """A work that no act relied on: of its outcomes the lost cases are not connected, the others have nothing to count."""
    found = outcomes.outcomes(period(), timezone.localdate()).of("动物防疫法")
    assert [part.why for part in found.parts] == ["未接入", *["没有可以计算的件数"] * 5]
