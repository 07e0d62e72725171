"""Entries of making and filing in, rates out: 报备率, 及时率, 规范率, 审查按期率, 纠错率, 整改率 with their denominators."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
import yaml
from django.utils import timezone

import yifa.assessment as sets
from yifa.facts.models import Tally
from yifa.facts.seen import Seen
from yifa.facts.tests.following import follow_all
from yifa.kernel.ledger import services as ledger
from yifa.normative import facts as f
from yifa.normative.context import NORMATIVE
from yifa.normative.models import NormativeDocument
from yifa.normative.registering import code_of
from yifa.normative.tests import filing_world as fw
from yifa.normative.tests import objection_world
from yifa.normative.tests import world as w
from yifa.normative.tests.test_filing import backdate, bureau_with_document
from yifa.normative.tests.test_making import publish, until_signed
from yifa.normative.tests.test_register import made
from yifa.procedures.core import WITHDRAW
from yifa.procedures.models import Obligation

SET = Path(next(iter(sets.__path__))) / "sets" / "nm-fzzf-2015-2020.yaml"
MAKER, ABOVE = "1502030001", "1502000009"


def counted() -> dict[str, tuple[int, int]]:
    """metric -> (numerator, denominator), summed over bodies and months."""
    follow_all([NORMATIVE])
    found: dict[str, tuple[int, int]] = {}
    for row in Tally.objects.all():
        numerator, denominator = found.get(row.metric, (0, 0))
        found[row.metric] = (numerator + row.numerator, denominator + row.denominator)
    return found


def test_the_indicator_set_scores_what_is_counted_here() -> None:
    """Each rate is a metric of the set under the same key; 纠错率 is shown and never scored."""
    metrics = {each["code"]: each for each in yaml.safe_load(SET.read_text(encoding="utf-8"))["metrics"]}
    for key, words in ((f.FILED, "报备率"), (f.IN_TIME, "及时率"), (f.REGULAR, "规范率"), (f.ON_SCHEDULE, "按期"), (f.MENDED, "整改率")):
        assert words in metrics[key]["name"]
    assert f.FOUND not in metrics


def bodies() -> set[tuple[str, str]]:
    return {(row.metric, row.organisation) for row in Tally.objects.all()}


def test_a_document_filed_in_time_and_accepted_at_once_counts_in_three_rates(own_db: Any) -> None:
    bureau = bureau_with_document()
    ref = fw.receive(bureau)
    assert counted() == {f.FILED: (1, 1), f.IN_TIME: (1, 1), f.REGULAR: (0, 1)}
    w.do(ref, "register", bureau.first)
    assert counted() == {f.FILED: (1, 1), f.IN_TIME: (1, 1), f.REGULAR: (1, 1), f.ON_SCHEDULE: (0, 1)}
    fw.reviewed(bureau, ref, "B", wording=("minor", "标点"))
    w.do(ref, "conclude", bureau.first, conclusion="B", opinion="提醒注意标点。")
    assert counted() == {f.FILED: (1, 1), f.IN_TIME: (1, 1), f.REGULAR: (1, 1), f.ON_SCHEDULE: (1, 1), f.FOUND: (0, 1)}
    assert bodies() == {(f.FILED, MAKER), (f.IN_TIME, MAKER), (f.REGULAR, MAKER), (f.ON_SCHEDULE, ABOVE), (f.FOUND, MAKER)}
    published = timezone.localdate() - timedelta(days=60)
    assert {row.month for row in Tally.objects.filter(metric=f.FILED)} == {published.strftime("%Y-%m")}


@pytest.mark.parametrize(("days", "in_time"), [(15, 1), (16, 0)])
def test_the_last_day_of_filing_still_counts(own_db: Any, days: int, in_time: int) -> None:
    published = timezone.localdate() - timedelta(days=60)
    bureau = bureau_with_document(filed_on=published + timedelta(days=days))
    fw.receive(bureau)
    assert counted()[f.IN_TIME] == (in_time, 1)


def test_a_supplement_costs_regularity_and_nothing_else(own_db: Any) -> None:
    bureau = bureau_with_document()
    ref = fw.receive(bureau, materials=["report"])
    w.do(ref, "supplement", bureau.first, supplement_list="补充说明。")
    w.do(ref, "supplement_answer", bureau.maker, materials=fw.MATERIALS, supplement_note="已补。")
    w.do(ref, "register", bureau.first)
    found = counted()
    assert (found[f.FILED], found[f.IN_TIME], found[f.REGULAR]) == ((1, 1), (1, 1), (0, 1))


def test_a_review_concluded_after_its_last_day_is_late(own_db: Any) -> None:
    bureau = bureau_with_document()
    ref = fw.registered(bureau)
    fw.reviewed(bureau, ref)
    backdate(ref, "conclude", 1)
    w.do(ref, "conclude", bureau.first, conclusion="A", opinion="未发现问题。")
    assert counted()[f.ON_SCHEDULE] == (0, 1)


def test_an_extension_moves_the_count_to_the_new_last_day(own_db: Any) -> None:
    bureau = bureau_with_document()
    ref = fw.registered(bureau)
    w.do(ref, "consult", bureau.first, consulted_bodies="包头市公安局", consulted_about="第八条")
    w.do(ref, "extend", bureau.deputy, extension_days=30, extension_reason="疑难")
    assert counted()[f.ON_SCHEDULE] == (0, 1)
    assert sorted(row.denominator for row in Tally.objects.filter(metric=f.ON_SCHEDULE) if row.denominator) == [1]
    fw.reviewed(bureau, ref)
    w.do(ref, "conclude", bureau.first, conclusion="A", opinion="未发现问题。")
    assert counted()[f.ON_SCHEDULE] == (1, 1)


def test_a_correction_counts_when_it_is_verified(own_db: Any) -> None:
    bureau = bureau_with_document()
    ref = fw.concluded(bureau, "D")
    assert counted()[f.FOUND] == (1, 1)
    assert f.MENDED not in counted()
    w.do(ref, "notify", bureau.first, demand="修改第八条。")
    assert counted()[f.MENDED] == (0, 1)
    w.do(ref, "correct_result", bureau.maker, result="explained", result_text="不改。")
    w.do(ref, "verify", bureau.chief, accepted=False, verification="不成立。")
    assert counted()[f.MENDED] == (0, 1)
    # The second notice is no second correction; done before the first notice's last day it is still in time.
    w.do(ref, "notify", bureau.first, demand="修改第八条。")
    today = timezone.localdate().isoformat()
    stated: dict[str, Any] = {"result": "amended", "result_text": "已改。", "result_number": "包昆政发〔2026〕9号", "result_on": today}
    w.do(ref, "correct_result", bureau.maker, **stated)
    w.do(ref, "verify", bureau.chief, accepted=True, verification="属实。")
    assert counted()[f.MENDED] == (1, 1)
    assert (f.MENDED, MAKER) in bodies()


def test_a_late_correction_is_verified_without_counting(own_db: Any) -> None:
    bureau = bureau_with_document()
    ref = fw.concluded(bureau, "D")
    w.do(ref, "notify", bureau.first, demand="修改第八条。")
    backdate(ref, "correct_result", 1)
    stated: dict[str, Any] = {"result": "stopped", "result_text": "已停止执行。", "result_on": timezone.localdate().isoformat()}
    w.do(ref, "correct_result", bureau.maker, **stated)
    w.do(ref, "verify", bureau.chief, accepted=True, verification="属实。")
    assert counted()[f.MENDED] == (0, 1)


def test_what_is_only_completed_is_no_correction(own_db: Any) -> None:
    bureau = bureau_with_document()
    ref = fw.concluded(bureau, "C")
    w.do(ref, "notify", bureau.first, demand="补充纪要。")
    w.do(ref, "correct_result", bureau.maker, result="explained", result_text="已补。")
    w.do(ref, "verify", bureau.chief, accepted=True, verification="属实。")
    found = counted()
    assert found[f.FOUND] == (0, 1)
    assert f.MENDED not in found


# What a document made here, without consultation and not touching the market, counts for besides its filing.
COURSE = {"LAW-04": (1, 1), "LAW-06": (1, 1), "LAW-14": (1, 1), "LAW-24": (1, 1)}


def filing() -> dict[str, tuple[int, int]]:
    return {metric: numbers for metric, numbers in counted().items() if metric not in COURSE}


def test_a_document_made_here_counts_from_its_publication_on(own_db: Any) -> None:
    """N grows when it is published, the numerators when it is handed in; receiving it adds nothing twice."""
    bureau = fw.build()
    ref = until_signed(bureau.world)
    w.do(ref, "unify", bureau.world.justice)
    assert counted() == {"LAW-14": (0, 1), "LAW-24": (0, 1)}
    publish(bureau.world, ref)
    assert counted() == {f.FILED: (0, 1), **COURSE}
    w.do(ref, "report", bureau.world.drafter, materials=fw.MATERIALS)
    assert filing() == {f.FILED: (1, 1), f.IN_TIME: (1, 1), f.REGULAR: (0, 1)}
    received = fw.receive(bureau, code_of(ref.code))
    assert filing() == {f.FILED: (1, 1), f.IN_TIME: (1, 1), f.REGULAR: (0, 1)}
    w.do(received, "register", bureau.first)
    assert counted()[f.REGULAR] == (1, 1)


@pytest.mark.parametrize(("days", "n"), [(0, 0), (-1, 1)])
def test_a_publication_taken_back_before_the_last_day_of_filing_leaves_n(own_db: Any, days: int, n: int) -> None:
    """`days` from the day of taking back to the last day for filing."""
    bureau = fw.build()
    ref = until_signed(bureau.world)
    w.do(ref, "unify", bureau.world.justice)
    publish(bureau.world, ref)
    Obligation.objects.filter(dossier=ref.code, step="report").update(due_on=timezone.localdate() + timedelta(days=days))
    w.do(ref, WITHDRAW, bureau.world.clerk, reason="公布的文本有误")
    found = counted()
    assert found[f.FILED] == (0, n)
    assert {metric: found[metric] for metric in COURSE} == {"LAW-04": (0, 0), "LAW-06": (0, 0), "LAW-14": (0, 1), "LAW-24": (0, 1)}
    publish(bureau.world, ref)
    assert counted()[f.FILED] == (0, n + 1)
    assert {metric: counted()[metric] for metric in COURSE} == COURSE


def test_a_document_found_later_is_added_to_n_in_the_month_of_its_publication(own_db: Any) -> None:
    bureau = fw.build()
    made(bureau.world, "01", published_on=date(2026, 3, 5), effective_on=date(2026, 3, 5), source="found")
    row = NormativeDocument.objects.get()
    actor = bureau.world.justice
    payload = {"code": row.code, "maker": MAKER, "region": "150203", "published_on": "2026-03-05"}
    ledger.record(f"normative:{row.code}", "add", actor=actor, payload=payload, league=w.LEAGUE)
    assert counted() == {f.FILED: (0, 1), "LAW-04": (0, 1), "LAW-06": (0, 1)}
    assert set(Tally.objects.values_list("organisation", "month")) == {(MAKER, "2026-03")}


def test_an_objection_counts_for_the_body_that_reviews_it(own_db: Any) -> None:
    stage = objection_world.build()
    objection_world.concluded(stage, "E", stopped_clauses="第八条")
    assert counted()["LAW-16"] == (1, 1)
    assert ("LAW-16", stage.first.organisation) in bodies()


def test_a_deadline_moved_into_another_month_takes_its_count_with_it() -> None:
    def moved(dossier: str, step: str) -> set[tuple[str, int, str]]:
        row = {"dossier": dossier, "step": step, "organisation": MAKER, "region": "150203", "before": "2026-09-30", "after": "2026-10-09"}
        body = {"procedure": "register/calendar", "step": "publish_notice"}
        return {
            (each.metric, each.denominator, each.month) for each in f.facts(Seen(0, w.LEAGUE, "calendar", 1, body, {"moved": [row]}, None))
        }

    assert moved("1502030001-21-2026-000001-9", "publish") == {
        ("LAW-14", -1, "2026-09"),
        ("LAW-14", 1, "2026-10"),
        ("LAW-24", -1, "2026-09"),
        ("LAW-24", 1, "2026-10"),
    }
    assert moved("1502000009-22-2026-000001-9", "conclude") == {("LAW-08", -1, "2026-09"), ("LAW-08", 1, "2026-10")}
    assert moved("1502030001-01-2026-000001-9", "publish") == set()
