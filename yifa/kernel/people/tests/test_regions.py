"""Regions come in whole or not at all, twice as well as once, and every fault names its row."""

from __future__ import annotations

from pathlib import Path

import pytest
from django.db.models import Count

from yifa.kernel.people import services
from yifa.kernel.people.models import Region

HEAD = "code,name,parent,level\n"


def a_file(folder: Path, text: str) -> Path:
    path = folder / "regions.csv"
    path.write_text(text, encoding="utf-8")
    return path


@pytest.mark.django_db
def test_the_committed_tables_hold_inner_mongolia_down_to_its_townships() -> None:
    report = services.load_reference()
    assert report.faults == []
    assert report.written
    counted = dict(Region.objects.filter(code__startswith="15").values_list("level").annotate(Count("code")))
    assert counted == {1: 1, 2: 12, 3: 103, 4: 1033}
    assert Region.objects.filter(level=1).count() == 34
    assert Region.objects.filter(code__startswith="5226", level=4).count() == 217
    assert Region.objects.filter(parent_id="120116").count() == 21
    assert Region.objects.get(code="150203001").league == "150200"
    # A county without a 盟市 over it belongs to its province.
    assert Region.objects.get(code="120116005").league == "120000"
    again = services.load_reference()
    assert (again.created, again.changed) == (0, 0)


@pytest.mark.parametrize(
    ("name", "level", "parent", "government"),
    [
        ("内蒙古自治区", 1, "", "内蒙古自治区人民政府"),
        ("香港特别行政区", 1, "", ""),
        ("锡林郭勒盟", 2, "内蒙古自治区", "锡林郭勒盟行政公署"),
        ("阿里地区", 2, "西藏自治区", "阿里地区行政公署"),
        ("包头市", 2, "内蒙古自治区", "包头市人民政府"),
        ("昆都仑区", 3, "包头市", "包头市昆都仑区人民政府"),
        ("土默特右旗", 3, "包头市", "土默特右旗人民政府"),
        ("巴彦宝力格苏木", 4, "正蓝旗", "巴彦宝力格苏木人民政府"),
        ("海拉尔东路街道", 4, "新城区", "海拉尔东路街道办事处"),
        ("国营某农场", 4, "某旗", ""),
    ],
)
def test_a_region_has_the_government_the_law_gives_it(name: str, level: int, parent: str, government: str) -> None:
    assert services.government_of(name, level, parent) == government


@pytest.mark.django_db
def test_an_import_keeps_what_people_edited_and_takes_what_changed(tmp_path: Path) -> None:
    first = HEAD + "990000,试验省,,1\n990100,甲盟,990000,2\n990101,甲旗,990100,3\n".replace("99", "15")
    assert services.import_regions(a_file(tmp_path, first)).created == 3
    Region.objects.filter(code="150101").update(government_address="某路1号")
    report = services.import_regions(a_file(tmp_path, first.replace("甲旗", "乙旗")))
    assert (report.created, report.changed, report.unchanged) == (0, 1, 2)
    changed = Region.objects.get(code="150101")
    assert (changed.name, changed.government_address, changed.league) == ("乙旗", "某路1号", "150100")


@pytest.mark.django_db
def test_a_dry_run_counts_and_writes_nothing(tmp_path: Path) -> None:
    report = services.import_regions(a_file(tmp_path, HEAD + "150000,内蒙古自治区,,1\n"), dry_run=True)
    assert (report.created, report.written, str(report)) == (1, False, "未写入：新增 1，更新 0，未变 0，有误 0")
    assert not Region.objects.exists()


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("rows", "fault"),
    [
        ("150000,内蒙古自治区,,1\n150000,又一个,,1\n", "第 3 行：代码 150000 与第 2 行重复"),
        ("150000,内蒙古自治区,,1\n150100,甲市,990000,2\n", "第 3 行：上级“990000”不存在"),
        ("150000,内蒙古自治区,,1\n1501,甲市,150000,2\n", "第 3 行：代码“1501”应为 6 位数字"),
        ("150000,内蒙古自治区,,1\n150100,甲市,150000,5\n", "第 3 行：层级“5”应为 1 至 4"),
        ("150000,内蒙古自治区,,1\n150100,甲市,150000,二\n", "第 3 行：层级“0”应为 1 至 4"),
        ("150000,内蒙古自治区,,1\n150101,甲旗,150000,3\n150102001,某镇,150101,4\n", "第 4 行：代码“150102001”的前六位应为上级"),
        ("990000,试验省,,1\n", "第 2 行：代码“990000”的省级部分“99”不存在"),
        ("150000,内蒙古自治区,,1\n150100,,150000,2\n", "第 3 行：名称"),
        ("150000,内蒙古自治区,,1\n150100,甲市,,2\n", "第 3 行：省级没有上级"),
        ("150000,内蒙古自治区,,1\n150100,甲市,150000\n", "第 3 行：应为 4 列"),
        ("150000,内蒙古自治区,,1\n520000,贵州省,,1\n520100,甲市,150000,2\n", "第 4 行：上级“150000 内蒙古自治区”的层级或省份"),
    ],
)
def test_a_fault_names_its_row_and_nothing_is_written(tmp_path: Path, rows: str, fault: str) -> None:
    report = services.import_regions(a_file(tmp_path, HEAD + rows))
    assert [fault in str(one) for one in report.faults] == [True]
    assert not report.written
    assert not Region.objects.exists()


@pytest.mark.django_db
def test_a_file_that_is_no_table_of_regions_is_one_fault(tmp_path: Path) -> None:
    wrong = tmp_path / "picture.csv"
    wrong.write_bytes(b"\x89PNG\r\n\x1a\n\xff")
    for path, words in ((wrong, "不能读取"), (tmp_path / "absent.csv", "不能读取"), (a_file(tmp_path, "a,b\n1,2\n"), "表头")):
        report = services.import_regions(path)
        assert len(report.faults) == 1
        assert words in str(report.faults[0])
