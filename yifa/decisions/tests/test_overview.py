"""The overview: filters, pages, charts and export count the same matters; the lists of governments, and pressing for them."""

from __future__ import annotations

import csv
import io
from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.db import connection
from django.utils import timezone

from yifa.decisions import catalogue_rolls as rolls
from yifa.decisions import judging, standings
from yifa.decisions import matter_queries as queries
from yifa.decisions.matter_queries import Asked
from yifa.decisions.models import Standing
from yifa.decisions.tests import world as w
from yifa.decisions.tests.test_api import overseen
from yifa.decisions.tests.test_catalogue import SEWAGE, collect, published
from yifa.decisions.tests.test_register_pages import signed_in, text
from yifa.documents.models import Document
from yifa.dossiers.models import Dossier
from yifa.kernel.people.actors import Actor
from yifa.kernel.people.models import Region
from yifa.procedures import take
from yifa.procedures.core import Refused
from yifa.procedures.models import Obligation

OVERVIEW, ROLLS = "/desk/decisions/", "/desk/decisions/catalogues/"


def lines(page: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(page.removeprefix("\ufeff"))))


def test_charts_and_export_count_every_matter_that_matches_whatever_page_is_shown(own_db: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    world = overseen()
    refs = [w.propose(world, title=f"样本方案{n}", category="plan" if n % 2 else "project") for n in range(5)]
    w.do(refs[0], "reject", world.mayor, {"reject_reason": "条件不成熟"})
    monkeypatch.setattr(queries, "PAGE", 2)
    monkeypatch.setattr(queries.page, "__kwdefaults__", {"cursor": "", "limit": 2, "within": None})
    client = signed_in(world.supervisor)
    first = client.get(OVERVIEW)
    assert len(first.context["lines"]) == 2
    assert "共5件" in text(first)
    chart = {each["id"]: each for each in first.context["charts"]}["chart-points"]
    # One was rejected: it is a matter, but has no lamps.
    assert sum(int(series["values"][0]) for series in chart["series"]) == 4
    seen, address = [], OVERVIEW
    while address:
        page = client.get(address)
        seen += [line["row"].code for line in page.context["lines"]]
        address = f"{OVERVIEW}?{page.context['next']}" if page.context["next"] else ""
    assert seen == [ref.code for ref in reversed(refs)]
    told = lines(text(client.get(f"{OVERVIEW}export.csv?category=plan")))
    assert [(row["决策事项"], row["决策启动"]) for row in told] == [("样本方案3", "正常"), ("样本方案1", "正常")]
    assert client.get(f"{OVERVIEW}?after=x").status_code == 302


def test_a_bar_of_a_chart_opens_the_matters_it_counts(own_db: Any) -> None:
    world = overseen()
    w.propose(world)
    ref = w.begun(world)
    w.exempted(world, ref)
    client = signed_in(world.supervisor)
    for chart in client.get(OVERVIEW).context["charts"]:
        for n, url in enumerate(chart["urls"]):
            shown = client.get(OVERVIEW + url).context["counted"].matters
            if chart["id"] == "chart-points":
                troubled = [each["values"][n] for each in chart["series"] if each["lamp"] in ("amber", "red")]
                assert shown == sum(map(int, troubled))
            elif chart["id"] == "chart-months":
                assert shown == int(chart["series"][0]["values"][n])


def test_a_formula_in_a_title_does_not_run_in_the_export(own_db: Any) -> None:
    world = overseen()
    w.propose(world, title="=HYPERLINK(1)")
    assert lines(text(signed_in(world.supervisor).get(f"{OVERVIEW}export.csv")))[0]["决策事项"] == "'=HYPERLINK(1)"


def test_nobody_sees_charts_of_what_is_not_his(own_db: Any) -> None:
    world = overseen()
    w.propose(world)
    for path in (OVERVIEW, f"{OVERVIEW}export.csv"):
        assert "管网" not in text(signed_in(world.stranger).get(path))
    assert queries.counted(world.stranger, Asked()).matters == 0
    assert signed_in(world.supervisor).get(OVERVIEW).context["counted"].matters == 1


def test_an_act_is_seen_at_once_and_what_the_clock_moves_by_the_hourly_task(own_db: Any) -> None:
    world = overseen()
    ref = w.carried_to_the_end(world)
    Dossier.objects.filter(code=ref.code).update(closed_at=None)
    client = signed_in(world.supervisor)
    assert client.get(OVERVIEW).context["counted"].lamps["S7", "red"] == 0
    due = Obligation.objects.filter(dossier=ref.code, step="archive")
    due.update(due_on=timezone.localdate() - timedelta(days=1), closed_seq=None)
    assert client.get(OVERVIEW).context["counted"].lamps["S7", "red"] == 0
    assert standings.refresh_open() == 1
    assert client.get(OVERVIEW).context["counted"].lamps["S7", "red"] == 1
    # Whoever has two minutes reads how many lamps are red before anything else, and opens just these.
    assert '<a href="?lamp=red">红灯1盏</a>' in text(client.get(OVERVIEW))
    assert client.get(f"{OVERVIEW}?lamp=red&point=S7").context["counted"].matters == 1


def test_no_more_are_judged_again_at_once_than_a_page_may_take(own_db: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    world = overseen()
    for n in range(3):
        w.propose(world, title=f"样本方案{n}")
    monkeypatch.setattr(queries, "MOST_FRESHENED", 2)
    client = signed_in(world.supervisor)
    assert "其中1件的灯正在重新判定" in text(client.get(OVERVIEW))
    assert "正在重新判定" not in text(client.get(OVERVIEW))
    assert not Standing.objects.filter(seq=0).exists()


def test_the_page_of_a_matter_tells_when_each_point_was_reached_and_who_owes_what(own_db: Any) -> None:
    world = overseen()
    ref = w.begun(world)
    w.exempted(world, ref)
    w.heard(world, ref)
    page = signed_in(world.supervisor).get(f"{OVERVIEW}{ref.code}/")
    stations = {each["station"].lamp.code: each for each in page.context["stations"]}
    assert [one["act"].step for one in stations["S1"]["acts"]] == ["propose", "enter", "start", "draft"]
    assert stations["S2"]["station"].last == timezone.localdate()
    assert stations["S6"]["acts"] == []
    assert {code for code, each in stations.items() if each["is_exempt"]} == {"S3", "S4"}
    owed = {row.line.item.code: group["by"] for group in page.context["owed"] for row in group["rows"]}
    assert set(owed) == {line.item.code for line in page.context["score"].missing}
    told = lines(text(signed_in(world.supervisor).get(f"{OVERVIEW}{ref.code}/score.csv")))
    assert len(told) == 65
    assert {row["状态"] for row in told} <= {"已评价", "缺少记录", "待完成", "不适用"}
    assert signed_in(world.stranger).get(f"{OVERVIEW}{ref.code}/score.csv").status_code == 404


# The lists of governments


def place(code: str) -> Region:
    return Region.objects.create(code=code, name="样本旗", parent_id="150200", level=3, league="150200")


def roll(actor: Actor, *, year: int = 0, today: date | None = None) -> rolls.Roll:
    day = today or w.today()
    (found,) = [each for each in rolls.rolls(actor, year=year or day.year, today=day) if each.government == "1502030001"]
    return found


@pytest.mark.parametrize(
    ("done", "facts", "lines_", "publish_by", "today", "told"),
    [
        ((), {}, 0, None, date(2026, 3, 31), ("none", False)),
        ((), {}, 0, None, date(2026, 4, 1), ("none", True)),
        (("collect",), {}, 0, None, date(2026, 3, 31), ("collected", False)),
        (("collect",), {}, 0, None, date(2026, 4, 1), ("collected", True)),
        (("collect", "consent"), {}, 0, date(2026, 2, 10), date(2026, 2, 10), ("agreed", False)),
        (("collect", "consent"), {}, 0, date(2026, 2, 10), date(2026, 2, 11), ("agreed", True)),
        (("collect", "consent", "publish"), {"list_published_on": "2026-03-31"}, 2, None, date(2026, 5, 1), ("published", False)),
        (("collect", "consent", "publish"), {"list_published_on": "2026-04-01"}, 2, None, date(2026, 5, 1), ("published", True)),
        (("publish",), {"list_published_on": "2026-03-01", "zero_reason": "无"}, 0, None, date(2026, 5, 1), ("zero", False)),
        (("publish",), {"list_published_on": "2026-03-01", "zero_reason": " "}, 0, None, date(2026, 5, 1), ("zero", True)),
    ],
)
def test_a_list_is_late_after_its_month_and_an_empty_one_needs_its_reason(
    done: tuple[str, ...], facts: dict[str, str], lines_: int, publish_by: date | None, today: date, told: tuple[str, bool]
) -> None:
    due_on = date(2026, 3, 31)
    state, why = rolls.standing(dict.fromkeys(done), facts, lines=lines_, due_on=due_on, publish_by=publish_by, today=today)
    assert (state, bool(why)) == told


def test_each_government_stands_in_the_roll_of_the_year(own_db: Any) -> None:
    world = overseen()
    assert roll(world.supervisor, year=2026, today=date(2026, 3, 1)).state == "none"
    ref = published(world)
    adding = {"added": [SEWAGE], "added_reason": "上级部署", "added_party_number": "昆党〔2026〕20号", "added_party_on": "2026-06-10"}
    w.do(ref, "add", world.office, {**w.PUBLIC, **adding, "added_published": "2026-06-12"})
    found = roll(world.supervisor, year=2026)
    assert not found.is_pressable
    assert (found.state, found.matters, found.added, found.removed, found.dossier) == ("published", 2, 1, 0, ref.code)
    assert found.published_on == date(2026, 1, 15)
    page = text(signed_in(world.supervisor).get(f"{ROLLS}?year=2026"))
    assert "已公布" in page
    assert "增列1" in page
    assert "没有符合条件的政府" in text(signed_in(world.supervisor).get(f"{ROLLS}?year=2026&state=zero"))
    # The government of one's own place is shown to everybody of it; the dossier only to whoever may read it.
    assert (roll(world.stranger, year=2026).dossier, roll(world.stranger, year=2026).matters) == ("", 2)
    afar = w.person("钱样本", w.body("1502990021", "样本旗水务局", "样水", place("150299")), ["officer"])
    assert "没有县级以上人民政府" in text(signed_in(afar).get(ROLLS))


@pytest.mark.parametrize("stated", [{"matters": []}, {"matters": None}])
def test_an_empty_list_is_told_with_its_explanation(own_db: Any, stated: dict[str, Any]) -> None:
    world = overseen()
    ref = collect(world, zero_reason="本年度没有符合标准的事项", **stated)
    w.do(ref, "consent", world.mayor, {"list_party_number": "昆党〔2026〕5号", "list_party_on": "2026-01-10"})
    assert rolls.zero_lists(w.today()) == []
    w.do(ref, "publish", world.gazette, {**w.PUBLIC, "list_number": "包昆政发〔2026〕3号", "list_published_on": "2026-01-15"})
    found = roll(world.supervisor, year=2026)
    assert (found.state, found.reason, found.why) == ("zero", "本年度没有符合标准的事项", "")
    assert [each.government for each in rolls.zero_lists(w.today(), region="150200", year=2026)] == ["1502030001"]
    assert rolls.zero_lists(w.today(), region="150700") == []
    assert "本年度没有符合标准的事项" in text(signed_in(world.supervisor).get(f"{ROLLS}?year=2026"))


def test_a_late_list_is_pressed_for_with_a_clock(own_db: Any) -> None:
    world = overseen()
    year = w.today().year - 1
    client = signed_in(world.supervisor)
    page = text(client.get(f"{ROLLS}?year={year}"))
    link = "/desk/start/catalogue_supervision/?pressed_government=1502030001"
    assert link in page
    assert "1502030001" in text(client.get(link))
    asked = {"pressed_government": "1502030001", "pressed_year": year, "supervised_for": "请编制目录并公布"}
    with pytest.raises(Refused, match="不能"):
        take.start("catalogue_supervision", by=world.drafter, facts=asked, key=uuid4())
    with pytest.raises(Refused):
        take.start("catalogue_supervision", by=world.supervisor, facts=asked | {"pressed_government": "1502020001"}, key=uuid4())
    ref = take.start("catalogue_supervision", by=world.supervisor, facts=asked, key=uuid4()).ref
    assert Document.objects.get(dossier=ref.code).title == "重大行政决策督办通知书"
    owed = Obligation.objects.get(dossier=ref.code, step="answer_supervision")
    assert owed.organisation_id == world.mayor.organisation
    assert ref.code in text(signed_in(world.office).get("/desk/"))
    assert (roll(world.supervisor, year=year).supervised, link in text(client.get(f"{ROLLS}?year={year}"))) == (ref.code, False)
    w.do(ref, "answer_supervision", world.office, {"supervision_answer": "已经提请党委研究"})
    w.do(ref, "close", world.supervisor, {"press_note": "已核实"})
    assert roll(world.supervisor, year=year).answered
    assert link in text(client.get(f"{ROLLS}?year={year}"))


def test_a_finding_made_while_the_matter_is_judged_is_not_lost_and_readers_do_not_lock_each_other(
    own_db: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    world = overseen()
    codes = [w.propose(world, title=f"样本方案{n}").code for n in range(4)]
    standings.refresh(codes)
    judged = judging.scored_all

    def meanwhile(asked: Any) -> Any:
        found = list(judged(asked))
        judging.judge_again(codes[0])
        return iter(found)

    monkeypatch.setattr(judging, "scored_all", meanwhile)
    standings.refresh(codes)
    assert list(Standing.objects.filter(seq=0).values_list("dossier", flat=True)) == codes[:1]
    monkeypatch.setattr(judging, "scored_all", judged)

    def look(n: int) -> None:
        try:
            for _ in range(5):
                standings.refresh(codes if n % 2 else codes[::-1])
        finally:
            connection.close()

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(look, range(4)))
    standings.refresh(codes)
    assert not Standing.objects.filter(seq=0).exists()


def test_what_a_step_stated_in_rows_stands_row_by_row(own_db: Any) -> None:
    world = w.build()
    ref = w.carried_to_the_end(world)
    page = signed_in(world.mayor).get(f"/desk/cases/{ref.code}/").content.decode()
    rows = page[page.index("会议组成人员的意见") :].partition("</dd>")[0]
    assert rows.count("<br>") == len(w.speeches()) - 1 > 0
    assert "<br>2. 姓名：" in rows
