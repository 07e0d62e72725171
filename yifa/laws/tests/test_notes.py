"""Reading a 题注, a clause on coming into force, a repealing sentence, a region, a kind of text."""

from __future__ import annotations

from datetime import date

import pytest

from yifa.laws.clauses import Start, repeals, start
from yifa.laws.kinds import kind_of
from yifa.laws.notes import read_note
from yifa.laws.places import Places, level_of

PLACES = Places.of(
    [
        ("150000", "内蒙古自治区"),
        ("150200", "包头市"),
        ("150221", "土默特右旗"),
        ("370000", "山东省"),
        ("370100", "济南市"),
        ("370102", "历下区"),
        ("110000", "北京市"),
        ("110105", "朝阳区"),
        ("220104", "朝阳区"),
        ("500000", "重庆市"),
        ("440300", "深圳市"),
    ]
)


def test_a_note_tells_adoption_and_amendments() -> None:
    note = read_note(
        [
            "（2000年3月15日第九届全国人民代表大会第三次会议通过",
            "根据2015年3月15日第十二届全国人民代表大会第三次会议《关于修改〈中华人民共和国立法法〉的决定》第一次修正）",
        ]
    )
    made, amended = note.events
    assert (made.kind, made.on, made.organ, made.instrument) == ("制定", date(2000, 3, 15), "全国人民代表大会", "")
    assert (amended.kind, amended.on, amended.instrument) == ("修正", date(2015, 3, 15), "关于修改〈中华人民共和国立法法〉的决定")
    assert note.published_on == date(2015, 3, 15)
    assert note.is_amended_in_part


def test_a_list_of_decisions_amends_once_each() -> None:
    note = read_note(
        [
            "根据1999年12月25日第九届全国人大常委会第十三次会议通过的《刑法修正案》和2020年12月26日第十三届全国人大常委会通过的《刑法修正案（十一）》修正"
        ]
    )
    assert [(event.kind, event.on.year, event.instrument) for event in note.events] == [
        ("修正", 1999, "刑法修正案"),
        ("修正", 2020, "刑法修正案（十一）"),
    ]


def test_what_a_city_decided_and_its_province_approved_is_one_amendment() -> None:
    note = read_note(
        ["2021年4月23日某市人大常委会第四十四次会议通过并经2021年5月27日某省人大常委会第二十八次会议批准的《关于修改〈某条例〉的决定》修正"]
    )
    assert [(event.kind, event.on) for event in note.events] == [("修正", date(2021, 5, 27))]


def test_publication_and_coming_into_force_are_told_apart() -> None:
    note = read_note(
        ["2023年10月27日内蒙古自治区人民政府第20次常务会议审议通过　2023年11月1日内蒙古自治区人民政府令第262号公布　自2023年12月1日起施行"]
    )
    assert (note.published_on, note.effective_on, note.number) == (date(2023, 11, 1), date(2023, 12, 1), "令第262号")
    assert [event.kind for event in note.events] == ["制定", "公布"]
    assert not note.is_amended_in_part


def test_days_may_be_written_in_chinese_and_a_day_that_is_none_is_left_out() -> None:
    assert read_note(["二〇一九年十月二十二日公布"]).published_on == date(2019, 10, 22)
    assert read_note(["2023年2月30日公布"]).events == ()


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("本法自2021年7月15日起施行。", Start(date(2021, 7, 15))),
        ("本办法自公布之日起施行。", Start(date(2021, 1, 22))),
        ("本规定自公布之日起30日后施行。", Start(date(2021, 2, 21), "施行日期按公布之日起30日后推算")),
        ("本规定自发布之日起三十日后施行。", Start(date(2021, 2, 21), "施行日期按公布之日起30日后推算")),
        ("自二〇二一年三月一日起施行。", Start(date(2021, 3, 1))),
        ("1996年的决定自1997年1月1日起施行，与此无关。", None),
        ("本条例的解释权属于人民政府。", None),
    ],
)
def test_a_text_says_when_it_comes_into_force(text: str, expected: Start | None) -> None:
    assert start(["第一条的话。", text], date(2021, 1, 22)) == expected


def test_a_clause_without_a_day_needs_the_day_of_publication() -> None:
    assert start(["本办法自公布之日起施行。"], None) is None


def test_repealing_sentences_name_what_they_end() -> None:
    found = repeals(
        [
            "本法自2026年8月15日起施行。《中华人民共和国环境保护法》、《中华人民共和国水污染防治法》同时废止。",
            "1997年国务院发布的《旧条例》（国务院令第1号）同时废止；依照《另一条例》的规定处理。",
            "《部分条例》第三条、第五条同时废止。",
        ]
    )
    assert [(repeal.title, repeal.articles) for repeal in found] == [
        ("环境保护法", ""),
        ("水污染防治法", ""),
        ("旧条例", ""),
        ("部分条例", "第三条、第五条"),
    ]


def test_a_text_relied_on_is_not_repealed() -> None:
    assert repeals(["依照《行政许可法》的规定，许可决定予以废止。", "因法规废止的，按照新规定执行。"]) == ()


@pytest.mark.parametrize(
    ("text", "within", "code"),
    [
        ("内蒙古自治区包头市土默特右旗人民政府", "", "150221"),
        ("土默特右旗城市管理办法", "", "150221"),
        ("济南市历下区人民政府", "", "370102"),
        ("朝阳区人民政府", "", ""),
        ("朝阳区人民政府", "110000", "110105"),
        ("北京市朝阳区人民政府", "", "110105"),
        ("重庆市合同条例", "", "500000"),
        ("山东中医药条例", "", "370000"),
        ("深圳经济特区绿色建筑条例", "", "440300"),
        ("中华人民共和国行政处罚法", "", ""),
    ],
)
def test_a_title_or_a_maker_tells_the_region(text: str, within: str, code: str) -> None:
    assert PLACES.find(text, within=within) == code


def test_levels_follow_the_code() -> None:
    assert [level_of(code) for code in ("", "150000", "150200", "150221", "500000")] == ["国家", "自治区", "盟市", "旗县", "自治区"]


@pytest.mark.parametrize(
    ("title", "maker", "number", "region", "kind"),
    [
        ("中华人民共和国宪法", "全国人民代表大会", "", "", "XF"),
        ("中华人民共和国行政处罚法", "全国人民代表大会常务委员会", "", "", "FL"),
        ("行政执法监督条例", "国务院", "国务院令第825号", "", "XZFG"),
        ("关于进一步规范裁量权基准的意见", "国务院办公厅", "国办发〔2022〕27号", "", "GFXWJ-G"),
        ("监察法实施条例", "国家监察委员会", "", "", "JCFG"),
        ("关于审理案件的解释", "最高人民法院", "法释〔2020〕1号", "", "SFJS"),
        ("机动车登记规定", "公安部", "令第164号", "", "BMGZ"),
        ("内蒙古自治区行政执法监督条例", "内蒙古自治区人民代表大会常务委员会", "", "150000", "DFXFG-P"),
        ("包头市城市管理条例", "包头市人民代表大会常务委员会", "", "150200", "DFXFG-C"),
        ("内蒙古自治区规范性文件管理办法", "内蒙古自治区人民政府", "内蒙古自治区人民政府令第262号", "150000", "DFZFGZ-P"),
        ("包头市停车场管理办法", "包头市人民政府", "包头市人民政府令第100号", "150200", "DFZFGZ-C"),
        ("土默特右旗养犬管理办法", "土默特右旗人民政府", "土默特右旗人民政府令第1号", "150221", "GFXWJ-G"),
        ("关于公布裁量基准的通知", "包头市市场监督管理局", "包市监发〔2024〕3号", "150200", "GFXWJ-D"),
        ("莫力达瓦达斡尔族自治旗自治条例", "莫力达瓦达斡尔族自治旗人民代表大会", "", "150722", "ZZTL"),
        ("鄂伦春自治旗文化保护条例", "鄂伦春自治旗人民代表大会", "", "150723", "DXTL"),
    ],
)
def test_title_maker_and_number_tell_the_kind(title: str, maker: str, number: str, region: str, kind: str) -> None:
    assert kind_of(title, maker=maker, number=number, region=region) == kind
