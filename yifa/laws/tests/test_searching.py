"""The search: it finds what an exact scan finds, puts the better first, and shows old versions only when asked."""

from __future__ import annotations

import argparse
import json
from datetime import date

import pytest
from django.db import connection
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from yifa.laws import asking, command, grams, indexing, services, titles
from yifa.laws.models import Passage, Work
from yifa.laws.searching import ANY, ENDED, FORCE, WAITING, BadCursorError, Filters, search
from yifa.laws.tests.cast import NEW, OLD, REPEALED, REPEALING, text

TODAY = date(2026, 11, 22)
NOW, EVERYTHING = Filters(TODAY), Filters(date(2030, 1, 1), state=ANY)
STREETS = text(
    "中华人民共和国街道试验条例",
    "2020-01-01",
    "禁止占用道路经营。违反规定占道经营的，处二百元罚款。",
    "　占道\n经营的认定标准为1.5米，ＡＢ类100%除外，\\d_'x'另行规定。",
    "城市管理部门负责处罚，处罚应当公开，处罚决定书当场交付。",
    "本条例的解释权属于主管部门，处罚的执行另行规定，期限、程序、方式均由主管部门在三十日内依照有关规定予以确定。",
)
pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def library() -> None:
    services.import_texts([OLD, NEW, REPEALED, REPEALING, STREETS])


def keys(words: str, filters: Filters = NOW) -> list[str]:
    return [f"{hit.expression.work.slug}@{hit.expression.version}#{hit.key}" for hit in search(words, filters).hits]


def everything(words: str, filters: Filters = EVERYTHING, limit: int = 3) -> list[tuple[int, str]]:
    """All finds, page by page."""
    found, after = [], ""
    while True:
        page = search(words, filters, after=after, limit=limit)
        found += [(hit.expression.pk, hit.key) for hit in page.hits]
        after = page.next
        if not after:
            return found


def scan(phrase: str) -> list[tuple[int, str]]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT expression_id, key FROM laws_passage WHERE strpos(text, %s) > 0", [phrase])
        return [(row[0], row[1]) for row in cursor.fetchall()]


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_every_piece_of_every_text_is_found_where_an_exact_scan_finds_it(data: st.DataObject) -> None:
    whole = data.draw(st.sampled_from(sorted(Passage.objects.values_list("text", flat=True))))
    start = data.draw(st.integers(0, len(whole) - 1))
    phrase = whole[start : start + data.draw(st.integers(1, 12))]
    found = everything(phrase)
    assert sorted(found) == sorted(scan(phrase))
    assert len(found) == len(set(found))


def test_what_stands_often_is_paged_in_order_without_loss(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("yifa.laws.searching.RANKED", 1)
    monkeypatch.setattr("yifa.laws.searching.WALK", 2)
    for phrase in ("法", "规定", "本法自", ","):
        assert sorted(everything(phrase, limit=1)) == sorted(scan(phrase))


def test_width_case_and_line_ends_do_not_matter() -> None:
    assert keys("占道经营") == ["街道试验条例@2020-01-01#t1", "街道试验条例@2020-01-01#t2"]
    assert keys("ab类100％") == ["街道试验条例@2020-01-01#t2"]
    assert keys("\\d_'x'") == ["街道试验条例@2020-01-01#t2"]


def test_an_article_that_is_more_about_the_words_comes_first() -> None:
    assert keys("处罚") == ["街道试验条例@2020-01-01#t3", "街道试验条例@2020-01-01#t4"]


def test_all_the_words_must_stand_when_several_are_given() -> None:
    assert keys("处罚 公开") == ["街道试验条例@2020-01-01#t3"]
    assert keys("处罚 不存在的词") == []


def test_a_question_without_such_a_phrase_is_cut_into_words() -> None:
    found = search("城市管理部门的处罚决定书", NOW)
    assert found.is_loose
    assert [hit.key for hit in found.hits] == ["t3"]


def test_old_texts_are_found_only_when_asked_for() -> None:
    assert keys("旧的") == []
    assert keys("旧的规定", Filters(TODAY, state=ENDED)) == ["试验管理法@2010-05-01#t2"]
    assert keys("旧的规定", Filters(date(2015, 1, 1))) == ["试验管理法@2010-05-01#t2"]
    assert keys("同时废止", Filters(date(2026, 6, 1))) == []
    assert keys("同时废止", Filters(date(2026, 6, 1), state=WAITING)) == ["试验法典@2026-03-12#t1"]
    assert keys("为了试验", Filters(TODAY, state=ANY)) == ["试验管理法@2024-03-01#t1", "试验管理法@2010-05-01#t1"]


def test_filters_narrow_by_level_type_region_and_maker() -> None:
    assert keys("占道经营", Filters(TODAY, state=FORCE, level="国家", type="FL", maker="常务委员会"))
    for other in (
        Filters(TODAY, level="盟市"),
        Filters(TODAY, type="XZFG"),
        Filters(TODAY, region="150200"),
        Filters(TODAY, maker="国务院"),
    ):
        assert keys("占道经营", other) == []


def test_a_new_text_takes_the_place_of_the_old_in_the_index() -> None:
    changed = text("中华人民共和国街道试验条例", "2020-01-01", "完全另外的词句。", sha256="0" * 64)
    services.import_texts([changed])
    assert keys("占道经营") == []
    assert keys("另外的词句") == ["街道试验条例@2020-01-01#t1"]


def test_the_index_can_be_made_again() -> None:
    before = Passage.objects.count()
    Passage.objects.all().delete()
    assert indexing.is_missing()
    assert indexing.rebuild() == before
    assert not indexing.is_missing()
    assert keys("占道经营")


def test_a_work_that_changed_its_kind_moves_in_the_order_and_no_other_does() -> None:
    places = dict(Passage.objects.values_list("pk", "rank"))
    moved = Passage.objects.filter(expression__work__slug="街道试验条例")
    Work.objects.filter(slug="街道试验条例").update(type="XF")
    indexing.rerank()
    assert set(moved.values_list("rank", flat=True)) == {indexing.ranks()["XF"]} != {places[moved[0].pk]}
    assert all(places[pk] == rank for pk, rank in Passage.objects.exclude(pk__in=moved).values_list("pk", "rank"))


def test_many_texts_at_once_make_the_index_anew(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(indexing, "MANY", 0)
    for _ in range(2):
        assert indexing.rebuild() == Passage.objects.count()
        with connection.cursor() as cursor:
            cursor.execute("SELECT count(*) FROM pg_indexes WHERE indexname = 'laws_passage_grams'")
            assert cursor.fetchone() == (1,)
        for phrase in ("处", "处罚", "占道经营"):
            assert sorted(everything(phrase)) == sorted(scan(phrase))
    # A few are added to what is there, in the same transaction.
    services.import_texts([text("中华人民共和国后来试验法", "2021-01-01", "后来的占道经营。")])
    assert sorted(everything("占道经营")) == sorted(scan("占道经营"))


@settings(max_examples=100, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), min_size=1, max_size=30))
def test_the_index_holds_the_characters_and_pairs_that_the_search_asks_for(folded: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT laws_grams(%s)", [folded])
        (held,) = cursor.fetchone()
    assert set(held) == {grams.code(one) for one in folded} | {grams.code(folded[n : n + 2]) for n in range(len(folded) - 1)}
    assert set(grams.needed(folded)) <= set(held)


def test_the_verb_prints_what_the_search_finds(capsys: pytest.CaptureFixture[str]) -> None:
    def run(*words: str) -> tuple[int, str]:
        parser = argparse.ArgumentParser()
        command.arguments(parser)
        code = command.main(parser.parse_args(words))
        return code, capsys.readouterr().out

    code, out = run("search", "占道经营", "--on", "2026-11-22", "--json")
    assert (code, [json.loads(line)["key"] for line in out.splitlines()]) == (0, ["t1", "t2"])
    assert run("search", "没有这样的字句") == (1, "")
    assert run("index") == (0, f"{Passage.objects.count()} 段\n")


@pytest.mark.parametrize("place", ["x", "r.1", "r.1.2.3", "o.-1.2", "q.1.2", "r.1.99999999999999999999"])
def test_a_place_that_is_none_is_refused(place: str) -> None:
    with pytest.raises(BadCursorError):
        search("处罚", NOW, after=place)


@pytest.mark.parametrize("words", ["", "   ", "\u3000", "\x00"])
def test_nothing_asked_finds_nothing(words: str) -> None:
    assert search(words, NOW).hits == []


def test_marks_stand_around_the_words_as_written() -> None:
    (_, hit) = search("占道经营", NOW).hits
    assert [part.text for part in hit.parts if part.is_hit] == ["占道\n经营"]
    parts = grams.marked("甲" * 100 + "乙" + "丙" * 300, ("乙",))
    assert parts[0].text == "…" == parts[-1].text
    assert [part for part in parts if part.is_hit] == [grams.Part("乙", True)]


@pytest.mark.parametrize(
    ("typed", "slug", "is_guess"),
    [
        ("试验管理法", "试验管理法", False),
        ("中华人民共和国试验管理法", "试验管理法", False),
        ("街道试验", "街道试验条例", False),
        ("试验官理法", "试验管理法", True),
        ("街道条例", "街道试验条例", True),
        ("街到试验条列", "街道试验条例", True),
        ("街道实验条理例", "街道试验条例", True),
    ],
)
def test_a_title_is_found_though_mistyped(typed: str, slug: str, is_guess: bool) -> None:
    found = titles.named(typed)
    assert found.works[0].slug == slug
    assert found.is_guess is is_guess


def test_words_that_are_no_title_name_none() -> None:
    assert titles.named("违反规定占道经营的").works == []
    assert titles.named("法").works == []


@pytest.mark.parametrize(
    ("typed", "wanted"),
    [
        ("行政处罚法 51", asking.Wanted("行政处罚法", 51)),
        ("《行政处罚法》第五十一条", asking.Wanted("行政处罚法", 51)),
        ("刑法第120条之一", asking.Wanted("刑法", 120, 1)),
        ("罚款 5000", None),
        ("第五十一条", None),
        ("占道经营", None),
    ],
)
def test_an_article_is_read_as_people_write_it(typed: str, wanted: asking.Wanted | None) -> None:
    assert asking.article_in(typed) == wanted
