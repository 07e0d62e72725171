"""The register of experts from Excel or CSV (专家库成批入库): tried first, told row by row, taken as often as one likes with one result.

An expert is one of his employer: whoever is in the register already is known again, and what the list says otherwise of him is a fault, not
a change. Each row is an act of its own; a list that broke off in the middle is simply taken again.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from yifa.decisions import experts
from yifa.decisions.expert_queries import keeps_register
from yifa.decisions.experts import Particulars
from yifa.decisions.models import Expert
from yifa.kernel import sheets
from yifa.kernel.people.actors import Actor
from yifa.kernel.refusing import RejectedError

COLUMNS: Mapping[str, Sequence[str]] = {
    "name": ("姓名", "专家姓名"),
    "employer": ("工作单位", "单位", "所在单位"),
    "fields": ("专业领域", "领域", "专业", "研究领域", "擅长领域"),
    "title": ("职称、职务", "职称", "职务", "职称职务", "职称/职务"),
    "phone": ("电话", "联系电话", "手机", "手机号", "手机号码"),
}
REQUIRED = ("name", "employer", "fields")
MOST = 1000


@dataclass(frozen=True)
class Fault:
    """Why a row was not taken; `row` as the office sees it in its own program."""

    row: int
    why: str


@dataclass
class Report:
    """What an import did, or with `dry` would do."""

    dry: bool
    taken: int = 0
    known: int = 0
    faults: list[Fault] = field(default_factory=list)


def take_list(data: bytes, name: str, *, by: Actor, dry: bool) -> Report:
    """Reads the list and takes the rows that are sound; none when `dry`.

    Raises sheets.UnreadableError (no list), RejectedError (who keeps no register; more rows than one list may have).
    """
    if not keeps_register(by):
        raise RejectedError("专家库由政府办公室或者司法行政部门管理", experts.POOL)
    lines = sheets.read(data, name, COLUMNS, required=REQUIRED)
    if len(lines) > MOST:
        raise RejectedError(f"一次最多导入{MOST}人，请分开导入")
    there = {
        (row.name, row.employer): row
        for row in Expert.objects.filter(league=by.league, organisation_id=by.organisation, name__in=[line["name"] for line in lines])
    }
    report, seen = Report(dry), dict[tuple[str, str], int]()
    for line in lines:
        told = Particulars(line["name"], line["employer"], experts.fields_of(line["fields"]), line["title"], line["phone"])
        key = (told.name.strip(), told.employer.strip())
        before = seen.setdefault(key, line.row)
        try:
            if before != line.row:
                raise RejectedError(f"与第{before}行重复")
            if row := there.get(key):
                _same(row, told)
                report.known += 1
                continue
            experts.sound(told)
            if not dry:
                experts.register(told, by=by)
            report.taken += 1
        except RejectedError as why:
            report.faults.append(Fault(line.row, str(why)))
    return report


def _same(row: Expert, told: Particulars) -> None:
    """Raises RejectedError when the list contradicts the register; what the list leaves out contradicts nothing."""
    if sorted(row.fields) != sorted(told.fields) or (told.title and told.title != row.title):
        raise RejectedError(f"{row.employer}的{row.name}已经在库，登记的专业领域或者职称不同，没有改动；请打开他的页面修改")
