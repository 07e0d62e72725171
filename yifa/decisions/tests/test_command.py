"""`yifa decisions`: what an outsider asks of the score without an account."""

from __future__ import annotations

import argparse
import io
import json
import re
from dataclasses import fields
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from yifa.decisions import command, templates, told
from yifa.decisions.case import Consulted
from yifa.decisions.scoring import score
from yifa.decisions.tests.matters import FILES, FLAWLESS, acts
from yifa.decisions.tests.test_scoring import EXAMPLE
from yifa.kernel.calendar.table import calendar

FILE = templates.FOLDER / templates.INSTALLED


def run(capsys: pytest.CaptureFixture[str], *words: str) -> tuple[int, str, str]:
    parser = argparse.ArgumentParser()
    command.arguments(parser)
    status = command.main(parser.parse_args(words))
    said = capsys.readouterr()
    return status, said.out, said.err


def plain(value: Any) -> Any:
    """A fact as a dossier keeps it."""
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, (tuple, frozenset)):
        return [plain(each) for each in value]
    return value


def worked_example() -> dict[str, Any]:
    """§2.3, as JSON: 25 days with a reason, six reasons of eight refusals, five working days for the review."""
    asked: Consulted = FLAWLESS["consulted"]
    round_ = {each.name: plain(getattr(asked, each.name)) for each in fields(asked)}
    round_ |= {
        "closes_on": "2026-04-26",
        "shortened_reason": "供暖季前必须开工",
        "not_adopted_with_reason": 6,
        "summarised_on": "2026-05-16",
    }
    stated = {key: plain(value) for key, value in FLAWLESS.items() if key != "consulted"}
    stated |= {"exempted": list(EXAMPLE), "evaluation_trigger": "none"}
    done = [{"step": act.step, "on": act.on.isoformat()} for act in acts(accept_review=date(2026, 5, 21))]
    where = {"at": "2026-11-20", "region": "150200", "closed": True}
    return where | {"facts": stated, "register": {"consultation": round_}, "acts": done, "files": dict(FILES)}


def test_the_worked_example_told_in_json_gives_98_24(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    file = tmp_path / "matter.json"
    file.write_text(json.dumps(worked_example(), ensure_ascii=False), encoding="utf-8")
    status, out, _ = run(capsys, "score", str(file), "--json")
    found = json.loads(out)
    assert (status, found["total"], found["grade"], found["red_lines"]) == (0, "98.24", "优秀", [])
    checks = {each["check"]: each["got"] for template in found["templates"] for each in template["checks"]}
    assert (checks["T11.2"], checks["T17.1"]) == ("1.50", "2.14")
    assert run(capsys, "score", str(file))[1].startswith("98.24 优秀")


def test_a_red_line_established_elsewhere_is_told_with_the_matter(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    file = tmp_path / "matter.json"
    file.write_text(json.dumps(worked_example() | {"verified": ["R5"]}), encoding="utf-8")
    found = json.loads(run(capsys, "score", str(file), "--json")[1])
    assert (found["total"], found["red_lines"]) == ("0.00", ["R5"])


def changed(**parts: Any) -> str:
    return json.dumps(worked_example() | parts, ensure_ascii=False)


def fact(**facts: Any) -> str:
    return changed(facts=worked_example()["facts"] | facts)


def asked(**parts: Any) -> str:
    return changed(register={"consultation": worked_example()["register"]["consultation"] | parts})


def acted(*more: dict[str, Any]) -> str:
    return changed(acts=[*worked_example()["acts"], *more])


UNREADABLE = [
    ("", "文件是空的"),
    (" \n", "文件是空的"),
    ("{", "第1行第2个字：不是JSON"),
    ('{"at": "2026-11-20",\n "closed": True}', "第2行第12个字"),
    ("at: 2026-11-20\nacts: []", "应当是JSON，不是YAML"),
    ('{"at": "2026-11-20", "at": "2026-11-21"}', "“at”写了两次"),
    ('{"at": "2026-11-20", "files": {"draft": NaN}}', "不能使用NaN"),
    ('{"at": "2026-11-20", "files": {"draft": -Infinity}}', "不能使用-Infinity"),
    ("[" * 100_000, "层次太深"),
    ("[]", "最外层应当是一个对象"),
    ("12", "最外层应当是一个对象"),
    ("null", "最外层应当是一个对象"),
    ("{}", "缺少at"),
    ('{"at": "2026-02-30"}', "at应当是真实存在的日期"),
    ('{"at": 20261120}', "at应当是真实存在的日期"),
    ('{"at": "9999-12-31"}', "1990年至2100年"),
    (changed(regoin="150200"), "“regoin”不认识"),
    (changed(region="包头"), "区划代码"),
    (changed(region=150200), "区划代码"),
    (changed(closed="yes"), "closed应当是true或者false"),
    (changed(verified="R5"), "verified应当是红线代码的列表"),
    (changed(verified=["R1"]), "“R1”不认识，由系统按记录判断"),
    (changed(verified=["R9"]), "“R9”不认识"),
    (changed(acts={}), "逐条列出的办理记录"),
    (changed(acts=[1]), "acts第1条应当是一个对象"),
    (changed(acts=[{"step": "draft"}]), "acts第1条的on"),
    (changed(acts=[{"step": "drat", "on": "2026-03-02"}]), "“drat”不是办理环节"),
    (changed(acts=[{"step": ["draft"], "on": "2026-03-02"}]), "不是办理环节"),
    (changed(acts=[{"step": "draft", "on": "2026-03-02", "late": 1}]), "late应当是true或者false"),
    (changed(acts=[{"step": "draft", "on": "2026-03-02", "lates": True}]), "“lates”不认识"),
    (changed(acts=[{"step": "draft", "on": "2026-11-21"}]), "on晚于评分的日期at"),
    (changed(acts=[{"step": "draft", "on": "2026-03-02", "recorded_on": "2026-03-01"}]), "recorded_on早于on"),
    (changed(files=[]), "各环节的文件数"),
    (changed(files={"draft": -1}), "files的draft应当是不小于零的整数"),
    (changed(files={"draft": True}), "files的draft应当是不小于零的整数"),
    (changed(files={"draft": 1.5}), "files的draft应当是不小于零的整数"),
    (changed(files={"drat": 1}), "“drat”不是办理环节"),
    (changed(facts=[]), "facts应当是一组"),
    (fact(meetng="standing"), "facts的“meetng”不认识"),
    (fact(title=3), "facts的title应当是文字"),
    (fact(open_matter="yes"), "facts的open_matter应当是true或者false"),
    (fact(present="4"), "facts的present应当是整数"),
    (fact(present=4.0), "facts的present应当是整数"),
    (fact(present=True), "facts的present应当是整数"),
    (fact(meeting_on="28/5/2026"), "facts的meeting_on应当是真实存在的日期"),
    (fact(ways="open"), "facts的ways应当是文字的列表"),
    (fact(ways=[1]), "facts的ways应当是文字的列表"),
    (fact(risks={"risk": "扰民"}), "facts的risks应当是逐行列出"),
    (fact(risks=["扰民"]), "facts的risks应当是逐行列出"),
    (fact(risks=[{"probability": "高"}]), "risks第1行的probability应当是整数"),
    (fact(risks=[{"risk": ["扰民"]}]), "risks第1行的risk应当是文字"),
    (fact(speeches=[{"place": "1", "head": True}]), "speeches第1行的place应当是整数"),
    (fact(consulted_units=[{"unit": "财政局", "asked_on": "昨天"}]), "consulted_units第1行的asked_on"),
    (fact(catalogue_year=20261), "catalogue_year应当在1990年至2100年之间"),
    (changed(register=[]), "register应当是一组"),
    (changed(register={"catalogue": {"catalogue_yaer": 2026}}), "register的catalogue的“catalogue_yaer”不认识"),
    (changed(register={"consultation": []}), "consultation应当是一组"),
    (changed(register={"consultation": {}}), "consultation缺少opens_on"),
    (changed(register={"organisation": {"code": "1"}}), "register的organisation应当写明name"),
    (changed(register={"consultaton": {}}), "register的“consultaton”不认识"),
    (changed(register={"pages": -1}), "register的pages应当是不小于零的整数"),
    (changed(register={"changes": "minor"}), "register的changes应当是逐次调整决定的列表"),
    (changed(register={"recused": ["辛"]}), "register的recused应当是逐行列出"),
    # Words where the record keeps keys: 不合法 told so would cross no red line, 常务会议 would be another meeting.
    (fact(legality="不合法"), "facts的legality的“不合法”不在选项中，请从lawful（合法）"),
    (fact(meeting="常务会议"), "请从standing（常务会议）、plenary（全体会议）"),
    (fact(meeting=""), "还没有登记的，不写这一项"),
    (fact(controllable="不可控"), "controllable（风险可控）、uncontrollable（风险不可控）"),
    (fact(exempted=["T08", "T99"]), "facts的exempted的“T99”不在选项中"),
    (fact(exempted=["T17"]), "facts的exempted的“T17”不在选项中"),
    (fact(archived=["会议纪要"]), "facts的archived的“会议纪要”不在选项中"),
    (fact(speeches=[{"nmae": "甲"}]), "speeches第1行的“nmae”不认识，只能填写name、post"),
    (fact(speeches=[{"name": "甲", "opinion": "同意"}]), "speeches第1行的opinion的“同意”不在选项中，请从for（同意）"),
    (fact(opinions=[{"name": "甲", "signed": "no"}]), "opinions第1行的signed应当是true或者false"),
    (fact(reports_lacking=["x"]), "facts的“reports_lacking”不认识"),
    # What contradicts itself.
    (fact(meeting_on="2026-11-21"), "facts的meeting_on晚于评分的日期at"),
    (fact(decided_on="2027-06-08"), "facts的decided_on晚于评分的日期at"),
    (changed(register={"catalogue": {"added_published_on": "2027-01-01"}}), "register的catalogue的added_published_on晚于评分的日期at"),
    (asked(closes_on="2026-03-31"), "closes_on早于opens_on"),
    (asked(answered=41), "answered（已答复）多于comments（收到意见）"),
    (asked(not_adopted_with_reason=9), "not_adopted_with_reason（未采纳且附理由）多于not_adopted（未采纳）"),
    (acted({"step": "decide", "on": "2026-06-09"}), "decide（作出决定）写了2次，这个环节只办理一次"),
    (acted({"step": "review", "on": "2026-05-27"}), "请在每一次写明legality"),
    (acted({"step": "draft", "on": "2026-05-27", "legality": "lawful"}), "的legality只在review（合法性审查）写明"),
    (acted({"step": "supervise", "on": "2026-05-27", "meeting_on": "2026-05-27"}), "的meeting_on只在deliberate（集体讨论决定）写明"),
    (acted({"step": "deliberate", "on": "2026-06-01", "meeting_on": "2026-06-01"}), "与acts中最后一次deliberate的meeting_on不一致"),
    (acted({"step": "deliberate", "on": "2026-06-01", "meeting_on": "6月1日"}), "meeting_on应当是真实存在的日期"),
    (asked(comments=-1), "comments应当是不小于零的整数"),
    (asked(comments="40"), "comments应当是不小于零的整数"),
    (asked(summarised_on="5月"), "summarised_on应当是真实存在的日期"),
    (asked(shortened_reason=None), "shortened_reason应当是文字"),
]


@pytest.mark.parametrize(("text", "said"), UNREADABLE, ids=range(len(UNREADABLE)))
def test_what_is_no_matter_is_refused_in_one_line_that_says_where(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, text: str, said: str
) -> None:
    file = tmp_path / "matter.json"
    file.write_text(text, encoding="utf-8")
    status, out, err = run(capsys, "score", str(file))
    assert (status, out, err.count("\n")) == (1, "", 1)
    assert said in err


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ("{}".encode("utf-16"), "UTF-8"),
        ('{"at": "供热"}'.encode("gb18030"), "UTF-8"),
        (b"\xff" * 9, "UTF-8"),
        (b'{"at": "\x00"}', "不是JSON"),
        (b" " * 10_000_000, "超过2兆字节"),
    ],
    ids=range(5),
)
def test_a_file_that_is_no_text_is_refused(capsys: pytest.CaptureFixture[str], tmp_path: Path, content: bytes, said: str) -> None:
    file = tmp_path / "matter.json"
    file.write_bytes(content)
    status, out, err = run(capsys, "score", str(file))
    assert (status, out, said in err) == (1, "", True)


def test_a_file_with_a_mark_of_its_order_and_from_standard_input_reads_the_same(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    content = b"\xef\xbb\xbf" + changed().encode()
    (tmp_path / "matter.json").write_bytes(content)
    assert run(capsys, "score", str(tmp_path / "matter.json"))[1].startswith("98.24")
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(content)))
    assert run(capsys, "score", "-")[1].startswith("98.24")


@pytest.mark.parametrize("action", ["score", "templates"])
def test_a_file_that_is_not_there_or_is_a_folder_is_told(capsys: pytest.CaptureFixture[str], tmp_path: Path, action: str) -> None:
    for path in (tmp_path / "none.json", tmp_path):
        status, out, err = run(capsys, action, str(path))
        assert (status, out, err.count("\n")) == (1, "", 1)
        assert "无法读取文件" in err


def test_every_fault_of_a_matter_is_told_at_once(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    file = tmp_path / "matter.json"
    file.write_text(fact(meetng="standing", present="4"), encoding="utf-8")
    err = run(capsys, "score", str(file))[2]
    assert "meetng" in err
    assert "present" in err


VALUES: st.SearchStrategy[Any] = st.recursive(
    st.none() | st.booleans() | st.integers(-(10**20), 10**20) | st.floats() | st.text(max_size=9) | st.dates().map(str),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(["name", "on", "step", "place", "due_on", "x"]), inner),
    max_leaves=6,
)
PLACES = [("facts", name) for name in worked_example()["facts"]] + [
    *[("register", "consultation", name) for name in worked_example()["register"]["consultation"]],
    *[("acts", 3, name) for name in ("step", "on", "recorded_on", "late")],
    *[(name,) for name in (*worked_example(), "verified")],
    *[("facts", name) for name in ("reports", "exemptions", "changed", "reassessed", "rerun_case", "off_catalogue", "added_on")],
]


@settings(max_examples=300, deadline=None)
@given(st.lists(st.tuples(st.sampled_from(PLACES), VALUES), min_size=1, max_size=3))
def test_whatever_stands_at_a_place_a_matter_is_scored_or_refused_with_words(put: list[tuple[tuple[Any, ...], Any]]) -> None:
    whole: Any = worked_example()
    for (*path, last), value in put:
        inner = whole
        for key in path:
            inner = inner[key] if isinstance(inner, (dict, list)) and (isinstance(inner, dict) or len(inner) > key) else {}
        if isinstance(inner, dict):
            inner[last] = value
    try:
        found = told.matter(told.parse(json.dumps(whole).encode()), calendar=calendar(), limits=command._limits)
    except told.UnreadableError:
        return
    total = score(found, templates.installed()).total
    assert total is not None
    assert 0 <= total <= 10_000


def test_a_meeting_on_an_unlawful_draft_is_found_though_the_last_review_was_lawful(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    """第二十五条第二款: unlawful, the meeting held, lawful afterwards."""
    whole = worked_example()
    for act in whole["acts"]:
        if act["step"] == "review":
            act["legality"] = "unlawful"
    whole["acts"].append({"step": "review", "on": "2026-06-01", "legality": "lawful"})
    file = tmp_path / "matter.json"
    for met_on, expected in (("2026-05-28", ["R2"]), ("2026-06-02", [])):
        file.write_text(json.dumps(whole | {"facts": whole["facts"] | {"meeting_on": met_on}}), encoding="utf-8")
        found = json.loads(run(capsys, "score", str(file), "--json")[1])
        assert found["red_lines"] == expected, met_on


def test_the_words_for_an_officer_are_chinese_and_name_red_lines_and_what_was_lost(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    file = tmp_path / "matter.json"
    file.write_text(fact(controllable="uncontrollable"), encoding="utf-8")
    out = run(capsys, "score", str(file))[1]
    head, red, *rows = out.splitlines()
    assert head.startswith("59.00 不合格（红线以前")
    assert red == "红线R4：风险结论不可控且无调整复评仍作出决定"
    assert "  T25 决策后评估核查表 0.00/2.00 不适用：没有触发" in rows
    assert "  T15.1 −3.00 有报告且在送审前完成" in rows[rows.index("失分：") :]
    assert rows[-1].startswith("以下评价点由系统建议，须由司法行政部门的审查人员确认：T15.4、")
    assert not re.search(r"scored|missing|pending|not_applicable", out)


def test_a_set_whose_weights_do_not_sum_is_told_line_by_line(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    assert run(capsys, "templates", str(FILE), "--json") == (0, '{"valid": true, "faults": []}\n', "")
    bad = tmp_path / "bad.yaml"
    bad.write_text(FILE.read_text(encoding="utf-8").replace("weight: 7", "weight: 8", 1), encoding="utf-8")
    status, out, err = run(capsys, "templates", str(bad), "--json")
    found = json.loads(out)
    assert (status, found["valid"]) == (1, False)
    assert all(each["line"] > 0 and each["text"] for each in found["faults"])
    assert "处问题" in err
    matter = tmp_path / "matter.json"
    matter.write_text(json.dumps(worked_example()), encoding="utf-8")
    assert "指标" in run(capsys, "score", str(matter), "--templates", str(bad))[2]
