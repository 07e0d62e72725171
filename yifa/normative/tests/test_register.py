"""The register for people: lists come in row by row, a citizen learns what is in force and why, documents lapse by themselves."""

from __future__ import annotations

import io
import zipfile
from datetime import date, timedelta
from typing import Any

import pytest
from openpyxl import Workbook

from yifa.kernel import sheets
from yifa.kernel.people.models import Organisation, Region
from yifa.kernel.refusing import RejectedError
from yifa.normative import queries, services, stock
from yifa.normative.models import NormativeDocument
from yifa.normative.queries import Filter
from yifa.normative.tests import world as w
from yifa.normative.validity import is_in_force

HEAD = ["名称", "文号", "制定机关", "成文日期", "公布日期", "施行日期", "有效期（年）", "公开属性", "保密审查人"]
ROW = ["昆都仑区城市养犬管理办法", "包昆政发[2024] 3", "", "2024年3月1日", "2024-03-05", "2024/4/1", "5年", "主动公开", "赵样本"]
DAY = date(2026, 11, 22)


def workbook(*rows: list[Any]) -> bytes:
    book = Workbook()
    sheet = book.worksheets[0]
    sheet.append(["昆都仑区行政规范性文件目录"])
    for row in (HEAD, *rows):
        sheet.append(row)
    data = io.BytesIO()
    book.save(data)
    return data.getvalue()


def row(**changed: str) -> list[str]:
    names = dict(zip(("title", "number", "maker", "made", "published", "effective", "years", "openness", "secrecy"), ROW, strict=True))
    return list({**names, **changed}.values())


def test_a_dry_run_writes_nothing_and_a_second_import_knows_its_rows(own_db: Any) -> None:
    world = w.build()
    data = workbook(ROW, [None] * 9, row(title="昆都仑区户外广告管理办法（试行）", number="包昆政发〔2025〕8号", years="2"))
    tried = services.import_stock(data, "目录.xlsx", by=world.drafter)
    assert (len(tried.taken), tried.faults, NormativeDocument.objects.count()) == (2, [], 0)
    services.import_stock(data, "目录.xlsx", by=world.drafter, dry=False)
    again = services.import_stock(data, "目录.xlsx", by=world.drafter, dry=False)
    assert (len(again.taken), len(again.known), NormativeDocument.objects.count()) == (0, 2, 2)
    found = NormativeDocument.objects.get(number="包昆政发〔2024〕3号")
    assert (found.effective_on, found.valid_until, found.source) == (date(2024, 4, 1), date(2029, 4, 1), "stock")
    assert [act.words for act in queries.history(found)] == ["存量登记"]


def test_every_row_that_is_wrong_is_told_by_its_number_and_the_others_come_in(own_db: Any) -> None:
    world = w.build()
    data = workbook(
        ROW,
        row(title=""),
        row(number="包昆政发〔2024〕4号", made="去年"),
        row(number="包昆政发〔2024〕5号", effective="2024-01-01"),
        row(number="包昆政发〔2024〕3号"),
        row(number="包昆政发〔2024〕6号", secrecy=""),
        row(number="包昆政发〔2024〕7号", maker="没有这个机关"),
        row(number="包昆政发〔2024〕9号", maker="昆都仑区样本水务局"),
    )
    report = services.import_stock(data, "目录.xlsx", by=world.drafter, dry=False)
    told = {each.row: each.why for each in report.faults}
    assert list(told) == [4, 5, 6, 7, 8, 9, 10]
    for number, words in (
        (4, "名称"), (5, "去年"), (6, "早于公布日期"), (7, "第3行"), (8, "保密审查人"), (9, "没有找到"), (10, "不在本机关登记的范围"),
    ):  # fmt: skip
        assert words in told[number]
    assert [each.number for each in NormativeDocument.objects.all()] == ["包昆政发〔2024〕3号"]


def test_a_row_that_contradicts_the_register_changes_nothing(own_db: Any) -> None:
    world = w.build()
    services.import_stock(workbook(ROW), "目录.xlsx", by=world.drafter, dry=False)
    report = services.import_stock(workbook(row(published="2024-03-06")), "目录.xlsx", by=world.drafter, dry=False)
    assert "公布日期不同（登记为2024-03-05，表中为2024-03-06）" in report.faults[0].why
    assert NormativeDocument.objects.get().published_on == date(2024, 3, 5)


def test_the_justice_office_enters_for_every_body_of_its_place_and_of_no_other(own_db: Any) -> None:
    world = w.build()
    there = Region.objects.create(code="150204", name="青山区", parent_id="150200", level=3, league=w.LEAGUE)
    w.body("1502040001", "青山区人民政府", "包青政", there, kind="GOVERNMENT")
    data = workbook(row(maker="昆都仑区样本水务局"), row(maker="青山区人民政府"))
    report = services.import_stock(data, "目录.xlsx", by=world.justice, dry=False)
    assert [(each.row, "不在本机关" in each.why) for each in report.faults] == [(4, True)]
    assert NormativeDocument.objects.get().kind == "department"
    assert len(services.import_stock(data, "目录.xlsx", by=world.superior, dry=False).taken) == 1


def test_old_encodings_are_read_and_what_is_no_list_is_refused() -> None:
    text = ",".join(HEAD) + "\r\n" + ",".join(ROW) + "\r\n"
    for encoding in ("utf-8-sig", "gb18030"):
        lines = sheets.read(text.encode(encoding), "目录.csv", stock.COLUMNS, required=stock.REQUIRED)
        assert [each["title"] for each in lines] == [ROW[0]]
    bomb = io.BytesIO()
    with zipfile.ZipFile(bomb, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/worksheets/sheet1.xml", b"\0" * (sheets.MAX_UNPACKED + 1))
    for data, name, told in (
        (bomb.getvalue(), "a.xlsx", "过大"),
        (b"PK\x03\x04", "a.xlsx", "打开"),
        (b"x", "a.pdf", "请上传"),
        ("甲,乙\n".encode(), "a.csv", "表头"),
    ):
        with pytest.raises(sheets.UnreadableError, match=told):
            sheets.read(data, name, stock.COLUMNS, required=stock.REQUIRED)


@pytest.mark.parametrize("typed", ["包昆政发〔2026〕3号", "包昆政发[2026]3号", "包昆政发（2026） 3", "包昆政发【2026】3"])
def test_a_number_is_the_same_however_it_is_typed(typed: str) -> None:
    assert stock.canonical_number(typed) == "包昆政发〔2026〕3号"


@pytest.mark.parametrize("text", ["2024-03-01", "2024/3/1", "2024.3.1", "2024年3月1日", "20240301", "45352"])
def test_a_day_is_the_same_however_it_is_written(text: str) -> None:
    assert sheets.day(text) == date(2024, 3, 1)


def made(world: w.World, number: str, **changed: Any) -> NormativeDocument:
    body = Organisation.objects.get(code=world.drafter.organisation)
    values: dict[str, Any] = {
        "code": f"GF{number}",
        "league": w.LEAGUE,
        "title": f"昆都仑区样本管理办法{number}",
        "number": f"包昆政发〔2025〕{number}号",
        "maker": body,
        "region_id": body.region_id,
        "kind": "government",
        "made_on": date(2025, 1, 1),
        "published_on": date(2025, 1, 10),
        "effective_on": date(2025, 2, 1),
        "valid_until": date(2027, 2, 1),
        "openness": "public",
        "source": "stock",
    }
    return NormativeDocument.objects.create(**{**values, **changed})


def test_the_list_and_the_answer_of_one_document_agree_on_every_day(db: Any) -> None:
    world = w.build()
    made(world, "1")
    made(world, "2", valid_until=None)
    made(world, "3", ended_on=date(2026, 1, 1), ended_by="repealed")
    made(world, "4", effective_on=None, valid_until=None)
    turns = {date(2025, 1, 10), date(2025, 2, 1), date(2026, 1, 1), date(2027, 2, 1)}
    for day in sorted(day + timedelta(days=n) for day in turns for n in (-1, 0, 1)):
        listed = {each.code for each in queries.valid_documents(day)}
        assert listed == {each.code for each in NormativeDocument.objects.all() if is_in_force(queries.life(each), day)}, day


def test_a_citizen_reads_whether_it_is_in_force_and_why(db: Any) -> None:
    world = w.build()
    made(world, "1", ended_on=date(2026, 1, 1), ended_by="repealed", ending="包昆政发〔2025〕40号")
    made(world, "2")
    (found,) = queries.ask("包昆政发[2025]1", DAY)
    assert (found.status, found.in_force) == ("已废止", False)
    assert "自2026-01-01起废止（包昆政发〔2025〕40号）" in found.why
    (before,) = queries.ask("《昆都仑区样本管理办法1》", date(2025, 12, 31))
    assert before.in_force
    assert len(queries.ask("样本管理办法", DAY)) == 2
    assert queries.ask("没有这个", DAY) == []


def test_what_nobody_found_fit_to_be_public_stays_hidden(db: Any) -> None:
    world = w.build()
    made(world, "1", openness="")
    made(world, "2", openness="on_request")
    assert (queries.valid_documents(DAY), queries.ask("样本管理办法", DAY), queries.document("GF1")) == ([], [], None)
    assert len(queries.own(world.drafter)) == 2
    assert queries.own(world.stranger) == []
    assert len(queries.own(world.justice)) == 2


def test_filters_narrow_and_pages_follow_without_gap(db: Any) -> None:
    world = w.build()
    for n in range(1, 6):
        made(world, str(n), published_on=date(2025, 1, 8 + n // 2))
    first = queries.valid_documents(DAY, limit=3)
    last = first[-1]
    assert last.published_on
    rest = queries.valid_documents(DAY, after=(last.published_on, last.code), limit=3)
    assert len({each.code for each in (*first, *rest)}) == 5
    assert len(queries.valid_documents(DAY, Filter(region="150200"))) == 5
    assert queries.valid_documents(DAY, Filter(region="150204")) == []
    assert [each.code for each in queries.valid_documents(DAY, Filter(text="〔2025〕4"))] == ["GF4"]
    assert queries.valid_documents(DAY, Filter(maker="1502030021")) == []


@pytest.mark.parametrize(("left", "level"), [(181, None), (180, "evaluate"), (90, "soon"), (91, "evaluate"), (30, "urgent"), (0, None)])
def test_a_warning_comes_in_time(db: Any, left: int, level: str | None) -> None:
    world = w.build()
    made(world, "1", valid_until=DAY + timedelta(days=left))
    assert [each.level for each in queries.warnings(world.drafter, DAY)] == ([level] if level else [])


def test_a_document_lapses_on_its_day_once_and_not_a_day_before(own_db: Any) -> None:
    world = w.build()
    made(world, "1", valid_until=DAY)
    made(world, "2", valid_until=DAY + timedelta(days=1))
    assert (services.lapse(DAY - timedelta(days=1)), services.lapse(DAY), services.lapse(DAY)) == (0, 1, 0)
    ended = NormativeDocument.objects.get(code="GF1")
    assert (ended.ended_on, ended.ended_by) == (DAY, "lapsed")
    assert [act.words for act in queries.history(ended)] == ["有效期届满，自动失效"]
    assert [(each.document.code, each.what) for each in queries.changes(DAY)] == [("GF1", "到期失效"), ("GF1", "公布"), ("GF2", "公布")]


def test_a_text_that_was_checked_says_when_and_against_what(own_db: Any) -> None:
    world = w.build()
    made(world, "1")
    with pytest.raises(RejectedError, match="同什么核对"):
        services.check("GF1", by=world.drafter, against=" ")
    with pytest.raises(RejectedError, match="没有这份文件"):
        services.check("GF1", by=world.stranger, against="区人民政府公报")
    services.check("GF1", by=world.justice, against="区人民政府公报2025年第1期", on=DAY)
    found = NormativeDocument.objects.get()
    assert (found.checked_on, found.checked_against) == (DAY, "区人民政府公报2025年第1期")
