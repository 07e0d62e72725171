"""A set of templates: whole as it comes, and refused with the place when it does not add up."""

from __future__ import annotations

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from yifa.decisions import templates
from yifa.decisions.checks.registry import CHECKS, POINTS
from yifa.decisions.template_set import UnfitTemplatesError, shown

TEXT = (templates.FOLDER / templates.INSTALLED).read_text(encoding="utf-8")


def test_the_installed_set_is_whole() -> None:
    found = templates.installed()
    assert templates.faults(TEXT) == []
    assert (len(found.points), sum(1 for _ in found.indicators())) == (7, 15)
    assert (sum(1 for _ in found.templates()), sum(1 for _ in found.checks())) == (26, 65)
    assert sum(check.points for check in found.checks()) == found.total == 10_000
    assert [point.weight for point in found.points] == [1200, 2000, 1200, 1300, 1600, 1600, 1100]
    assert sum(1 for check in found.checks() if check.is_human) == 9
    assert len(found.digest) == 64


def test_every_check_stands_in_the_module_of_its_point() -> None:
    for point, module in zip(templates.installed().points, POINTS, strict=True):
        codes = {check.code for indicator in point.indicators for template in indicator.templates for check in template.checks}
        assert {check.code for check in vars(module).values() if isinstance(check, type(CHECKS["T01.1"]))} == codes


def test_every_check_says_what_it_asks_and_on_what_ground() -> None:
    names = {each.judge.__name__ for each in CHECKS.values()}
    assert len(CHECKS) == 65
    assert len({(each.judge.__module__, each.judge.__name__) for each in CHECKS.values()}) == 65
    assert len(names) >= 60
    for each in CHECKS.values():
        assert each.asks, each.code
        assert each.cites, each.code
        assert each.steps, each.code


def line_of(text: str, part: str) -> int:
    return next(n for n, line in enumerate(text.splitlines(), 1) if part in line)


@pytest.mark.parametrize(
    ("old", "new", "said", "at"),
    [
        (
            "      - code: T07.1\n        points: 3.0",
            "      - code: T07.1\n        points: 2.5",
            "模版T07的评价点分值合计4.50",
            "code: T07\n",
        ),
        ("      title: 党委请示报告登记表\n      weight: 2", "      title: 党委请示报告登记表\n      weight: 3", "模版T22", "code: T22\n"),
        ("    title: 听证\n    weight: 5", "    title: 听证\n    weight: 6", "指标I04的模版权重合计5.00，应当为6.00", "code: I04\n"),
        ("  weight: 20\n", "  weight: 21\n", "监督点S2的指标权重合计20.00，应当为21.00", "code: S2\n"),
        ("total: 100\n", "total: 99\n", "本套模版的监督点权重合计100.00，应当为99.00", "total: 99\n"),
        ("  checks: 65\n", "  checks: 66\n", "评价点应当有66个，现有65个", "checks: 66\n"),
        ("- code: T08.2\n", "- code: T08.1\n", "代码T08.1重复", ""),
        ("- code: T08.2\n", "- code: T08.3\n", "评价点T08.3没有对应的判断函数", "code: T08.3\n"),
        ("- code: T08.2\n", "- code: T08.3\n", "评价点T08.2有判断函数，但是文件中没有", ""),
        ("- code: T08.2\n", "- code: T09.9\n", "应当以所属模版T08的代码开头", "code: T09.9\n"),
        ("- code: R6\n", "- code: R7\n", "红线R7没有对应的判断函数", "code: R7\n"),
        ("    - S5\n", "    - S9\n", "红线R1归零的S9不是监督点，也不是指标", "code: R1\n"),
        ("score_cap: 59", "score_cap: 101", "封顶分101.00高于总分100.00", "code: R1\n"),
        ("        type: days_ge", "        type: days_more", "类型“days_more”不认识", "code: T07.1\n"),
        ("not_applicable: trigger", "not_applicable: sometimes", "不适用规则“sometimes”", "code: T25\n"),
        ("  min: 0\n", "  min: 1\n", "等次应当有一个从0分起", "grades:"),
        ("  weight: 20\n", "  weight: 二十\n", "不能是“二十”", "weight: 二十"),
        ("  weight: 20\n", "  weight: 20.005\n", "不能是“20.005”", "weight: 20.005"),
        ("  weight: 20\n", "  weight: -20\n", "不能是“-20”", "weight: -20"),
        ("  weight: 20\n", "", "监督点S2缺少weight", "code: S2\n"),
        ("code: DEC-7-15-26\n", "", "本套模版缺少code", ""),
        ("    total: 0\n", "    total: 10\n", "total只能是0", "total: 10\n"),
        ("  points: 7\n", "  points: 7.5\n", "points应当是整数", "points: 7.5"),
        ("  weight: 20\n", "  weight: .nan\n", "不能是“.nan”", "weight: .nan"),
        ("  weight: 20\n", "  weight: 2e1\n", "不能是“2e1”", "weight: 2e1"),
        ("  weight: 20\n", "  weight: ~\n", "不能是“~”", "weight: ~"),
        ("  weight: 20\n", f"  weight: {'9' * 400}\n", "不能是“999", "weight: 999"),
        ("        points: 3.0", "        points: 0", "points应当大于零", "points: 0\n"),
        ("schema_version: 1\n", "schema_version: 2\n", "schema_version应当是1", "schema_version: 2"),
        ("schema_version: 1\n", "", "本套模版缺少schema_version", ""),
        ("status: draft\n", "status: final\n", "status应当是draft、trial、active、retired之一", "status: final"),
        ("version: 0.1.0\n", "version: ~\n", "version是空的", "version: ~"),
        ("version: 0.1.0\n", f"version: {'1' * 41}\n", "version应当由不超过40个", "version: 111"),
        ("version: 0.1.0\n", "version: 第二版\n", "version应当由不超过40个", "version: 第二版"),
        ("title: 听证\n", f"title: {'听' * 201}\n", "title应当写成一行，不超过200字", "title: 听听"),
        ("title: 听证\n", "title: |\n      听\n      证\n", "title应当写成一行", "title: |"),
        ("title: 听证\n", "title: [听, 证]\n", "title应当是一个值", "title: [听"),
        ("not_applicable: trigger", "not_applicable: approve", "模版T25的不适用规则应当是trigger", "code: T25\n"),
        ("      not_applicable: approve", "      not_applicable: trigger", "模版T05的不适用规则应当是approve", "code: T05\n"),
        ("      not_applicable: never", "      not_applicable: approve", "模版T01的不适用规则应当是never", "code: T01\n"),
        ("  approve: ", "  aprove: ", "not_applicable中的“aprove”不认识", "aprove"),
        ("- name: 良好\n  min: 80\n", "- name: 优秀\n  min: 80\n", "等次“优秀”的名称或者起分与前面", "min: 80"),
        ("- name: 良好\n  min: 80\n", "- name: 良好\n  min: 90\n", "等次“良好”的名称或者起分与前面", "name: 良好"),
        ("- name: 优秀\n  min: 90\n", "- name: 优秀\n  min: 100.01\n", "起分100.01高于总分", "name: 优秀"),
        ("- code: T08.2\n", "- code: T08.3\n", "评价点T08.2有判断函数，但是文件中没有", "code: T08\n"),
        ("- code: R6\n", "- code: R7\n", "红线R6有判断函数，但是文件中没有", "red_lines:"),
        ("  templates: 26\n", "", "expect缺少templates", "points: 7"),
    ],
)
def test_a_set_that_does_not_add_up_is_refused_with_the_place(old: str, new: str, said: str, at: str) -> None:
    assert old in TEXT
    text = TEXT.replace(old, new, 1)
    found = [each for each in templates.faults(text) if said in each.text]
    assert found, templates.faults(text)
    if at:
        assert at.strip() in "".join(text.splitlines()[found[0].line - 1 : found[0].line + 1])
    with pytest.raises(UnfitTemplatesError) as refused:
        templates.load(text)
    assert found[0] in refused.value.faults
    if found[0].line:
        assert f"第{found[0].line}行：" in str(refused.value)


@pytest.mark.parametrize("text", ["", "- 1", "a: [", "points: 7", "code: x\ncode: y", "points:\n- 1\nred_lines: 3", "{}"])
def test_what_is_no_set_is_refused(text: str) -> None:
    assert templates.faults(text)
    with pytest.raises(UnfitTemplatesError):
        templates.load(text)


@pytest.mark.parametrize(
    ("text", "line", "said"),
    [
        ("", 0, "文件是空的"),
        ("# 只有注释\n", 0, "文件是空的"),
        ("a: 1\nb: [1,\n", 3, "缩进、冒号后的空格、引号和括号"),
        ("a:\n\tb: 1\n", 2, "不能用制表符（Tab）缩进"),
        (f"{TEXT}\n---\n{TEXT}", len(TEXT.splitlines()) + 2, "一个文件只写一套模版"),
        ("a: 1\nb: \x07\n", 2, "不能使用的字符（U+0007）"),
        ("a: 1\nb: \0\n", 2, "不能使用的字符（U+0000）"),
    ],
    ids=range(7),
)
def test_what_is_no_yaml_is_told_in_chinese_with_its_line(text: str, line: int, said: str) -> None:
    (fault,) = templates.faults(text)
    assert fault.line == line
    assert said in fault.text
    assert not re.search(r"[A-Za-z]{2,}", fault.text.replace("YAML", "").replace("Tab", ""))


@pytest.mark.parametrize("part", ["red_lines", "grades", "points"])
def test_a_set_with_an_empty_list_is_refused(part: str) -> None:
    lines = TEXT.splitlines(keepends=True)
    first = lines.index(f"{part}:\n")
    last = next((n for n in range(first + 1, len(lines)) if not lines[n].startswith((" ", "-"))), len(lines))
    found = templates.faults("".join([*lines[:first], f"{part}: []\n", *lines[last:]]))
    assert any(f"本套模版的{part}是空的" in each.text for each in found)
    assert len(found) < 20


@settings(max_examples=150, deadline=None)
@given(st.integers(0, len(TEXT) - 1), st.integers(0, 40), st.text(max_size=12))
def test_whatever_is_cut_or_typed_into_a_set_is_read_or_refused_with_a_line(at: int, cut: int, typed: str) -> None:
    text = TEXT[:at] + typed + TEXT[at + cut :]
    try:
        found = templates.load(text)
    except UnfitTemplatesError as refused:
        lines = len(text.splitlines()) + 1
        wrong = [each for each in refused.faults if not each.text or not 0 <= each.line <= lines]
    else:
        wrong = []
        assert sum(check.points for check in found.checks()) == found.total == 10_000
    assert not wrong


def test_hundredths_are_read_aloud() -> None:
    assert [shown(each) for each in (7564, 0, 5, 100, -214)] == ["75.64", "0.00", "0.05", "1.00", "-2.14"]


def test_what_follows_a_red_line_is_said_in_words() -> None:
    """§2.3."""
    assert {red.code: red.effects for red in templates.installed().red_lines} == {
        "R1": "最高59.00分，S5归零，不得进入集体讨论",
        "R2": "最高59.00分，不得进入集体讨论",
        "R3": "最高59.00分，I12归零",
        "R4": "最高59.00分，S4归零，不得进入作出决定",
        "R5": "总分记0分，移送责任追究线索",
        "R6": "总分记0分，单位扣2.00分",
    }
