"""The grammar of citations: what is found, to which law it belongs, and what is none."""

from __future__ import annotations

import gc
import time
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from yifa.kernel.citing import from_chinese, to_chinese
from yifa.laws.citations import Cited, Place, parse, render
from yifa.laws.names import Names


def found(text: str, document: str | None = None, *, place: Place | None = None, names: Names | None = None) -> list[str]:
    """Each citation as it would be printed: `《甲法》第三条第一款至第三款`."""
    return [render(each) for each in parse(text, document, place=place, names=names)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("第三十三条第一款、第二款第（一）、（三）项和第五十七条", ["33.1", "33.2.(1)", "33.2.(3)", "57"]),
        ("第三条至第五条", ["3-5"]),
        ("第五条第(二)项至第(四)项", ["5.(2)-(4)"]),
        ("第一百二十条之一第二款", ["120_1.2"]),
        ("第１１４条、第115条第1款", ["114", "115.1"]),
        ("第十条第三、四项", ["10.(3)", "10.(4)"]),
        ("第二条第一至四项、第六项", ["2.(1)-(4)", "2.(6)"]),
        ("第一至第三条", ["1-3"]),
        ("第九十八条和九十九条", ["98", "99"]),
        ("第三条第二款至第五条", ["3.2-5"]),
        ("第二百一十三条至第二百一十九条之一", ["213-219_1"]),
        ("第一款、第二款和第（二）、（三）两项", [".1", ".2", ".2.(2)", ".2.(3)"]),
        ("第七条第㈢项、第⑵项", ["7.(3)", "7.(2)"]),
        ("第八条第（一）（二）项", ["8.(1)", "8.(2)"]),
        ("第十七条第一款（一）项", ["17.1.(1)"]),
        ("第三条，第五条第一款", ["3", "5.1"]),
        ("第三百零七条之一前三款", ["307_1.1-3"]),
        ("第三条第一款第（二）项第1目至第3目", ["3.1.(2).1", "3.1.(2).2", "3.1.(2).3"]),
        ("第 十 条", ["10"]),
        ("第 五 条 第 二 款　第一项", ["5.2.(1)"]),
        ("第一百二十条之一至第一百二十条之三", ["120_1", "120_2", "120_3"]),
        ("第二十一条—第二十五条、第3～4条", ["21-25", "3-4"]),
        ("第二〇条", ["20"]),
        ("第三条第一款第（一）（二）（三）项", ["3.1.(1)", "3.1.(2)", "3.1.(3)"]),
        ("第十条第（一）（三）项、第二款第（二）（四）（五）项", ["10.(1)", "10.(3)", "10.2.(2)", "10.2.(4)", "10.2.(5)"]),
        ("第十条第一款第（三）项、第（五）项", ["10.1.(3)", "10.1.(5)"]),
        ("第一百二十条之一、之二和之三", ["120_1", "120_2", "120_3"]),
        ("第120条之一至之三、第121条", ["120_1", "120_2", "120_3", "121"]),
        ("第一百二十条之一第二款、之三", ["120_1.2"]),
        ("第五条、第六条之一的情形之一", ["5", "6_1"]),
        ("第51、52条和53条第1、2项", ["51", "52", "53.(1)", "53.(2)"]),
        ("第十条第（十一）项、第百条", ["10.(11)", "100"]),
        ("第\u200b三条第\u200b一款", ["3.1"]),
    ],
)
def test_lists_are_expanded_and_ranges_kept(text: str, expected: list[str]) -> None:
    assert [_short(each) for each in parse(text)] == expected


def _short(cited: Cited) -> str:
    def written(article: int | None, zhi: int | None, *rest: int | None) -> str:
        paragraph, item, subitem = rest
        text = f"{article or ''}" + (f"_{zhi}" if zhi else "") + (f".{paragraph}" if paragraph else "")
        return text + (f".({item})" if item else "") + (f".{subitem}" if subitem else "")

    start = written(cited.article, cited.zhi, cited.paragraph, cited.item, cited.subitem)
    end = written(cited.article_to, cited.zhi_to, cited.paragraph_to, cited.item_to, None)
    return start + (f"-{end.lstrip('.')}" if end else "")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("《甲法》第一条和《乙条例》第二条", ["《甲法》第一条", "《乙条例》第二条"]),
        ("《甲法》《乙条例》第二条", ["《甲法》", "《乙条例》第二条"]),
        ("《关于修改〈甲法〉的决定》第二条", ["《关于修改〈甲法〉的决定》第二条"]),
        ("《实施《甲法》办法》第三条", ["《实施《甲法》办法》第三条"]),
        ("《甲法》（2021年修订）第五条", ["《甲法》（2021年修订）第五条"]),
        ("《甲法（2018修正）》第五条", ["《甲法》（2018修正）第五条"]),
        ("《甲规定（试行）》第五条", ["《甲规定（试行）》第五条"]),
        ("《甲解释（一）》（法释〔2018〕1号）第五条", ["《甲解释（一）》第五条"]),
        ("《甲法》的第五条", ["《甲法》第五条"]),
        ("《民法典》第三编第二章第五百条", ["《民法典》第五百条"]),
        ("《民法典》婚姻家庭编第一千零六十二条", ["《民法典》第一千零六十二条"]),
        ("《刑法》第三章", ["《刑法》"]),
        ("《甲法》51条", ["《甲法》第五十一条"]),
        ("《甲\n法》第一条", ["《甲法》第一条"]),
        ("《甲法》第一条\n第二款", ["《甲法》第一条", "《甲法》第一条第二款"]),
        ("《甲法》第一条、\n第二条", ["《甲法》第一条", "《甲法》第二条"]),
        ("《甲法》规定的第三条", ["《甲法》第三条"]),
        ("〈甲法〉第六条、「乙条例」第七条", ["《甲法》第六条", "《乙条例》第七条"]),
        ("《甲法》第三条规定的第二项和第四项", ["《甲法》第三条第二项", "《甲法》第三条第四项"]),
        ("《甲法》第三条，又符合第五条的", ["《甲法》第三条", "《甲法》第五条"]),
        ("《甲法》第三条。该法第四条、同法第五条", ["《甲法》第三条", "《甲法》第四条", "《甲法》第五条"]),
        ("《甲法》第三条。该条第二款", ["《甲法》第三条", "《甲法》第三条第二款"]),
        ("《甲乙管理条例》（以下简称《条例》）第一条。《条例》第二条", ["《甲乙管理条例》第一条", "《甲乙管理条例》第二条"]),
        ("《中华人民共和国刑法》（以下简称刑法）。刑法第二条", ["《中华人民共和国刑法》", "《刑法》第二条"]),
        (
            "《甲法》第三条第一款。该款第二项、该条第二款、该款第三项",
            [f"《甲法》第三条第{each}" for each in ("一款", "一款第二项", "二款", "二款第三项")],
        ),
        ("《甲法》（法释〔2018〕1号，2020年修正）第五条", ["《甲法》（2020年修正）第五条"]),
        ("《甲法》（2018年3月1日，国务院令第3号公布）第五条", ["《甲法》第五条"]),
        ("《甲乙法》（2021年修订，以下简称《新法》）第五条。《新法》第六条", ["《甲乙法》（2021年修订）第五条", "《甲乙法》第六条"]),
        ("《甲法》（2018年1月1日修正，2019年起施行）第五条", ["《甲法》（2018年1月1日修正，2019年起施行）第五条"]),
        ("《甲\u200b法》\u3000\u3000第三条、《乙法》\t第四条", ["《甲法》第三条", "《乙法》第四条"]),
        ("《甲《乙《丙法》条例》办法》第二条", ["《甲《乙《丙法》条例》办法》第二条"]),
        ("《关于贯彻<《甲法》>的通知》第二条", ["《关于贯彻<《甲法》>的通知》第二条"]),
        ("订阅《人民日报》和《红楼梦》", ["《人民日报》", "《红楼梦》"]),
    ],
)
def test_titles(text: str, expected: list[str]) -> None:
    assert found(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("违反行政处罚法第五十一条", ["《行政处罚法》第五十一条"]),
        ("违反中华人民共和国行政处罚法第五十一条", ["《中华人民共和国行政处罚法》第五十一条"]),
        ("治安管理处罚法第12条第1款", ["《治安管理处罚法》第十二条第一款"]),
        ("依照处罚法33条2款3项", ["《处罚法》第三十三条第二款第三项"]),
        ("行政处罚法（2021年修订）第五条", ["《行政处罚法》（2021年修订）第五条"]),
        ("公安法第三条", ["第三条"]),
        ("刑法修正案（十一）第三条、宪法修正案 第五十二条", ["《刑法修正案（十一）》第三条", "《宪法修正案》第五十二条"]),
        ("国务院令第101号第三条", ["第三条"]),
        ("违反内蒙古自治区草原管理条例第五条", ["《内蒙古自治区草原管理条例》第五条"]),
        ("违反某某市食品安全法第五条", ["《某某市食品安全法》第五条"]),
        ("依照合同法第七十三条", ["《合同法》第七十三条"]),
        ("依照有关规定第三条", ["第三条"]),
        ("《甲乙办法》。甲乙办法第五条", ["《甲乙办法》", "《甲乙办法》第五条"]),
    ],
)
def test_names_without_marks(text: str, expected: list[str]) -> None:
    assert found(text) == expected


def test_the_caller_may_name_the_laws_there_are() -> None:
    assert found("甲乙丙规程第五条", "文") == ["第五条"]
    assert found("甲乙丙规程第五条", "文", names=Names(["甲乙丙规程"])) == ["《甲乙丙规程》第五条"]


@pytest.mark.parametrize(
    "text",
    [
        "国务院令第101号",
        "第一章　总则",
        "第一次、第二季度、第三方",
        "制定三条规定，共五十条，第五条款",
        "《未完的书名",
        "未开的书名》",
        "《》",
        "第一项工作和第二项目标",
        "以前款项已付，报到前条件不变",
        "第一、要快；第二、要好。",
        "第三条　本市实行登记制度。",
        "第零条",
        "第99999条",
    ],
)
def test_what_is_no_citation(text: str) -> None:
    assert found(text) == []


def test_a_text_speaks_of_itself() -> None:
    law = "中华人民共和国甲法"
    assert found("本法第九条、本办法第十条第一款", f"《{law}》") == [f"《{law}》第九条", f"《{law}》第十条第一款"]
    assert found("本法第九条") == ["第九条"]
    assert found("违反《乙法》第三条或者本条例第五条", law) == ["《乙法》第三条", f"《{law}》第五条"]
    assert found("违反《乙法》和本条例规定，有第五条情形", law) == ["《乙法》", f"《{law}》第五条"]
    assert found("违反《乙法》第三条。有第五条情形", law) == ["《乙法》第三条", f"《{law}》第五条"]


def test_an_amending_decision_speaks_of_the_law_it_amends() -> None:
    assert found("一、将第五条修改为", "刑法修正案（十一）") == ["《刑法》第五条"]
    assert found("一、将第五条修改为：“违反本法第六条”", "关于修改《甲法》的决定") == ["《甲法》第五条", "《甲法》第六条"]
    quoted = "一、增加一条：\n“第五条之一　甲。\n“前款规定。”\n二、将第六条修改为：“犯前款罪的。”"
    assert found(quoted, "刑法修正案") == ["《刑法》第五条之一第一款", "《刑法》第六条"]
    several = "关于修改《甲法》等两部法律的决定"
    text = "一、修改《甲法》\n1.将第五条修改为：“依照《丙法》第一条”\n2.将第六条删去\n二、对《乙法》作出修改\n将第七条删去"
    assert found(text, several) == ["《甲法》", "《甲法》第五条", "《丙法》第一条", "《甲法》第六条", "《乙法》", "《乙法》第七条"]
    assert found("将第七条删去", several) == ["第七条"]
    assert found("本决定第五条", "关于修改《甲法》的决定") == ["《关于修改《甲法》的决定》第五条"]


LAW = """第一条　甲。
第二条　有下列情形之一的：
（一）乙；
（二）前项的。

前款规定、本条第一款第一项。
前两款规定，前条和本款。
第二条之一　前条。"""


def test_relative_citations_count_from_the_place() -> None:
    expected = [
        "第二条第一款第一项",
        "第二条第一款",
        "第二条第一款第一项",
        "第二条第一款至第二款",
        "第一条",
        "第二条",
    ]
    assert [text.removeprefix("《甲法》") for text in found(LAW, "甲法")] == expected


def test_relative_citations_count_from_the_place_given() -> None:
    place = Place(article=5, paragraph=3, before=(4, 2))
    assert found("前款、前两款、前条第二款、前款第（一）、（三）项和前款规定的第四项", "甲法", place=place) == [
        "《甲法》第五条第二款",
        "《甲法》第五条第一款至第二款",
        "《甲法》第四条之二第二款",
        "《甲法》第五条第二款第一项",
        "《甲法》第五条第二款第三项",
        "《甲法》第五条第二款第四项",
    ]
    assert found("第二款", "甲法", place=place) == ["《甲法》第五条第二款"]


def test_what_cannot_be_told_is_left_open_or_out() -> None:
    assert found("依照前款规定", "甲法") == []
    assert found("有前款第二项、第三项行为", "甲法") == ["《甲法》第二项", "《甲法》第三项"]
    assert found("第一条　前款规定。", "甲法") == []


def test_offsets_point_into_the_text_as_it_was_given() -> None:
    text = "依据《甲法》（２０２１年修订）第３条、第（四）条和　第五条"
    assert [text[each.start : each.end] for each in parse(text)] == ["《甲法》（２０２１年修订）第３条", "第（四）条", "第五条"]
    text = "依照行政处罚法  第五条和刑法修正案 第三条之一、之二"
    assert [text[each.start : each.end] for each in parse(text)] == ["行政处罚法  第五条", "刑法修正案 第三条之一", "之二"]


@pytest.mark.parametrize(
    "noise",
    [
        "《",
        "》《",
        "《甲",
        "第一、",
        "第一至",
        "前款",
        "（一）、",
        "(",
        "《甲》（",
        "《甲》第一条",
        "法第一条",
        "依照",
        "第 ",
        "第五条 前款。\n",
        "第五条、",
        "一",
        "（以下简称",
        "（一）",
        "第一条之一、之",
        "第一条之一至之九",
        "《甲》（2021年，",
    ],
)
def test_noise_takes_no_longer_than_their_length(noise: str) -> None:
    """The time per character does not grow with the length: four times the text, about four times the time."""

    def took(length: int) -> float:
        text = noise * (length // len(noise))
        # A collection goes through everything that other tests have left: it is not the parser's time.
        gc.disable()
        try:
            start = time.process_time()
            parse(text, "甲法")
            return time.process_time() - start
        finally:
            gc.enable()

    small = min(took(15_000), took(15_000))
    assert took(120_000) < 8 * small * 3 + 0.05


def test_ten_megabytes_of_mixed_noise() -> None:
    line = "《《未完的书名（第，前款）为了规范有关活动、维护公共利益和社会秩序、保护公民的合法权益；第一、第二、第三；" * 4 + "\n"
    text = line * (10_000_000 // len(line.encode()) + 1)
    assert len(text.encode()) >= 10_000_000
    start = time.process_time()
    parse(text)
    assert time.process_time() - start < 20


NUMBERS = st.integers(1, 9999)
SMALL = st.integers(1, 99)
TITLES = st.sampled_from(["行政处罚法", "中华人民共和国食品安全法", "关于修改〈甲法〉的决定", "甲乙规定（试行）", "某市《甲法》实施办法"])


@st.composite
def citations(draw: st.DrawFn) -> Cited:
    """A citation as the grammar can write it: levels without a gap from the article down to where it ends."""
    law = draw(st.none() | TITLES)
    cited = Cited(law, hint=draw(st.sampled_from(["", "2021年修订", "2018修正"])) if law else "")
    if law and draw(st.booleans()):
        return cited
    cited = replace(
        cited, article=draw(NUMBERS), zhi=draw(st.none() | SMALL), paragraph=draw(st.none() | SMALL), item=draw(st.none() | SMALL)
    )
    if draw(st.booleans()):
        return replace(cited, subitem=draw(SMALL)) if cited.item else cited
    if cited.item:
        return replace(cited, item_to=draw(st.none() | SMALL.filter(lambda n: n != cited.item)))
    if cited.paragraph:
        return replace(cited, paragraph_to=draw(st.none() | SMALL.filter(lambda n: n != cited.paragraph)))
    return replace(cited, article_to=draw(NUMBERS.filter(lambda n: n != cited.article)), zhi_to=draw(st.none() | SMALL))


@settings(max_examples=400, deadline=None)
@given(citations())
def test_what_is_rendered_is_parsed_again(cited: Cited) -> None:
    text = render(cited)
    (again,) = parse(text)
    assert replace(again, start=0, end=0) == cited
    assert (again.start, again.end) == (0, len(text))


@settings(max_examples=300, deadline=None)
@given(NUMBERS)
def test_numerals_return(number: int) -> None:
    assert from_chinese(to_chinese(number)) == number
    for text in (
        f"第{to_chinese(number)}条",
        f"第{number}条",
        f"第{str(number).translate(str.maketrans('0123456789', '０１２３４５６７８９'))}条",
    ):
        assert [each.article for each in parse(text)] == [number]


@settings(max_examples=300, deadline=None)
@given(
    st.text(alphabet="《》〈〉第前款条项目章（）()一二十百两0３、和至到，。\n 本该法之的号甲“”㈠①", max_size=60),
    st.none() | st.just("甲法"),
)
def test_any_text_is_read_and_offsets_are_in_order(text: str, document: str | None) -> None:
    before = 0
    for each in parse(text, document):
        assert before <= each.start < each.end <= len(text)
        before = each.end
