"""专家库 from Excel and CSV: tried before it is taken, faults by row, the same result however often."""

from __future__ import annotations

import io
import zipfile
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from openpyxl import Workbook

from yifa.decisions import expert_lists, experts
from yifa.decisions.expert_lists import Fault
from yifa.decisions.experts import Particulars
from yifa.decisions.models import Expert
from yifa.decisions.tests import world as w
from yifa.decisions.tests.test_register_pages import signed_in, text
from yifa.kernel import sheets
from yifa.kernel.ledger.models import Entry
from yifa.kernel.refusing import RejectedError

HEADER = ["姓名", "工作单位", "专业领域", "职称", "联系电话"]
GOOD = [["专家甲", "样本大学", "法律、财政", "教授", "13700000001"], ["专家乙", "样本学院", "城乡规划", "", ""]]
PAGE = "/desk/decisions/experts/import/"


def workbook(*rows: list[str]) -> bytes:
    book = Workbook()
    for row in (["专家名单"], HEADER, *rows):
        book.worksheets[0].append(row)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def test_a_list_is_tried_without_being_taken_and_taken_once(own_db: Any) -> None:
    world = w.build()
    data = workbook(*GOOD)
    tried = expert_lists.take_list(data, "名单.xlsx", by=world.office, dry=True)
    assert (tried.taken, tried.known, tried.faults, Expert.objects.count()) == (2, 0, [], 0)
    for n in range(2):
        taken = expert_lists.take_list(data, "名单.xlsx", by=world.office, dry=False)
        assert (taken.taken, taken.known, taken.faults) == ((2, 0, []), (0, 2, []))[n]
    row = Expert.objects.get(name="专家甲")
    assert (row.fields, row.title, row.organisation_id) == (["法律", "财政"], "教授", world.office.organisation)
    assert Entry.objects.filter(chain__startswith="expert:").count() == 2


def test_each_fault_is_told_with_its_row_and_the_sound_rows_are_taken(own_db: Any) -> None:
    world = w.build()
    experts.register(Particulars("专家丙", "样本大学", ["法律"]), by=world.office)
    rows = [["专家甲", "", "法律"], GOOD[0], [], GOOD[0], ["专家丙", "样本大学", "财政"], ["专家丁", "样本大学", ""], GOOD[1]]
    report = expert_lists.take_list(workbook(*rows), "名单.xlsx", by=world.office, dry=False)
    assert [fault.row for fault in report.faults] == [3, 6, 7, 8]
    assert report.faults[1] == Fault(6, "与第4行重复")
    assert "不同" in report.faults[2].why
    assert (report.taken, Expert.objects.count()) == (2, 3)
    assert Expert.objects.get(name="专家丙").fields == ["法律"]


def test_old_csv_files_are_read_and_what_is_no_list_is_refused_in_words(own_db: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    world = w.build()
    table = "\n".join(",".join(row) for row in [HEADER, *GOOD])
    assert expert_lists.take_list(table.encode("gb18030"), "名单.csv", by=world.office, dry=True).taken == 2
    bomb = io.BytesIO()
    with zipfile.ZipFile(bomb, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/worksheets/sheet1.xml", b"\0" * (sheets.MAX_UNPACKED + 1))
    for data, name, told in (
        (bomb.getvalue(), "名单.xlsx", "过大"),
        (b"x" * (sheets.MAX_BYTES + 1), "名单.csv", "不能超过"),
        (b"a,b\n1,2\n", "名单.csv", "表头"),
        (b"", "名单.xls", "另存为"),
    ):
        with pytest.raises(sheets.UnreadableError, match=told):
            expert_lists.take_list(data, name, by=world.office, dry=True)
    monkeypatch.setattr(expert_lists, "MOST", 1)
    with pytest.raises(RejectedError, match="一次最多"):
        expert_lists.take_list(workbook(*GOOD), "名单.xlsx", by=world.office, dry=True)
    with pytest.raises(RejectedError, match="第二十一条"):
        expert_lists.take_list(workbook(*GOOD), "名单.xlsx", by=world.drafter, dry=True)


def test_the_list_is_imported_from_the_desk_by_its_keeper_only(own_db: Any) -> None:
    world = w.build()
    office = signed_in(world.office)

    def send(act: str, *rows: list[str]) -> Any:
        return office.post(PAGE, {"act": act, "file": SimpleUploadedFile("名单.xlsx", workbook(*rows))})

    assert PAGE in text(office.get("/desk/decisions/experts/"))
    assert "姓名、工作单位、专业领域" in text(office.get(PAGE))
    assert "可以入库 2 人" in text(send("try", *GOOD))
    told = send("take", *GOOD, ["专家戊", "", "法律"])
    assert (told.status_code, "已经入库 2 人" in text(told), "工作单位" in text(told)) == (422, True, True)
    assert office.post(PAGE, {"act": "try"}).status_code == 422
    assert signed_in(world.drafter).get(PAGE).status_code == 404
