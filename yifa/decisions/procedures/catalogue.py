"""重大行政决策事项目录:汇总事项、同级党委同意、公布、增列、调出、发现应列未列、结束(条例第三条第三款)。"""

from __future__ import annotations

from yifa.decisions import catalogue_rules as c
from yifa.decisions import rules as r
from yifa.decisions.procedures.words import CATEGORIES, OFFICES, PUBLISHING, SUPERVISOR, approval
from yifa.decisions.rules import DISCLOSURE, R713
from yifa.kernel.calendar.terms import param
from yifa.procedures.core import Procedure, Step, Who
from yifa.procedures.fields import CHOICE, DATE, ITEM, LONG, NUMBER, ROWS, TEXT, Field

MATTER = (
    Field("title", "决策事项"),
    Field("category", "类别", CHOICE, choices=CATEGORIES),
    Field("undertaker", "承办单位", help="写全称"),
    Field("planned_on", "计划完成时间", DATE),
)


class DecisionCatalogue(Procedure):
    """县级以上地方人民政府确定年度重大行政决策事项目录，应当按照本程序办理。"""

    key = "decision_catalogue"
    title = "重大行政决策事项目录"
    version = "2019-09-01"
    code = "32"
    offices = OFFICES

    collect = Step(
        "汇总提出目录事项",
        R713[3].kuan(3),
        by=Who(("officer",)),
        needs=(
            c.is_a_government,
            c.year_is_near,
            c.one_list_a_year,
            c.none_needs_a_reason,
            c.undertakers_are_known,
            c.titles_are_short,
            c.each_matter_once,
        ),
        asks=(
            Field("list_year", "年度", NUMBER, help="例如：2026"),
            Field("matters", "目录事项", ROWS, required=False, columns=MATTER),
            Field("zero_reason", "没有事项的理由", LONG, required=False, help="本年度没有重大行政决策事项的，写明理由"),
        ),
        verb="提出目录",
        status="已提出目录",
    )
    consent = Step(
        "同级党委同意",
        R713[3].kuan(3),
        by=Who(("head",)),
        after=collect,
        asks=(*approval("list"),),
        bare=True,
        verb="登记党委同意",
        status="党委已同意",
    )
    publish = Step(
        "向社会公布目录",
        (R713[3].kuan(3), DISCLOSURE[26]),
        by=Who(("discloser",)),
        after=consent,
        within=param("重大行政决策目录公布期限"),
        needs=(r.secrecy_was_reviewed, c.party_agreed_before, c.list_is_of_its_year, c.list_is_told_soon),
        asks=(
            *PUBLISHING,
            Field("list_number", "目录文号", TEXT, group="公布"),
            Field("list_published_on", "公布日期", DATE, group="公布"),
        ),
        publishes=True,
        stands=True,
        verb="公布目录",
        status="目录已公布",
    )
    add = Step(
        "增列事项",
        R713[3].kuan(3),
        by=Who(("officer",)),
        after=publish,
        needs=(
            r.secrecy_was_reviewed,
            c.undertakers_are_known,
            c.titles_are_short,
            c.each_matter_once,
            c.is_no_line_yet,
            c.party_agreed_to_the_addition,
            c.addition_is_told_soon,
        ),
        asks=(
            Field("added", "增列的事项", ROWS, columns=MATTER),
            Field("added_reason", "增列的理由", LONG),
            *approval("added"),
            *PUBLISHING,
            Field("added_published", "向社会公布日期", DATE, group="公布"),
        ),
        bare=True,
        optional=True,
        repeats=True,
        stands=True,
        verb="增列",
        status="目录已调整",
    )
    remove = Step(
        "调出未启动的事项",
        R713[3].kuan(3),
        by=Who(("officer",)),
        after=publish,
        needs=(r.secrecy_was_reviewed, c.stands_in_the_list, c.party_agreed_to_the_removal, c.removal_is_told_soon),
        asks=(
            Field("removed_item", "调出的事项", ITEM, help="已经有案卷的事项，在它自己的案卷里办理“调出目录”"),
            Field("removed_reason", "调出的理由", LONG),
            *approval("removed"),
            *PUBLISHING,
            Field("removed_published", "向社会公布日期", DATE, group="公布"),
        ),
        bare=True,
        optional=True,
        repeats=True,
        stands=True,
        verb="调出",
        status="目录已调整",
    )
    find_missing = Step(
        "登记应列未列的事项",
        (R713[3].kuan(1), R713[39]),
        by=SUPERVISOR,
        after=collect,
        asks=(
            Field(
                "missing_matters",
                "应当列入而未列入、规避程序的事项",
                ROWS,
                columns=(Field("title", "事项"), Field("undertaker", "作出或者承办单位"), Field("found", "发现的情况", LONG)),
            ),
        ),
        optional=True,
        repeats=True,
        verb="登记",
    )
    close = Step(
        "年度目录结束",
        R713[3].kuan(3),
        by=Who(("officer", "head")),
        after=publish,
        asks=(Field("list_note", "年度说明", LONG, required=False),),
        ends=True,
        verb="结束本年度目录",
        status="已结束",
    )
