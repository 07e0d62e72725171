"""督办目录:督促没有编制、没有按期公布目录的政府(条例第三条第三款、第八条第二款)。"""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar

from yifa.decisions import catalogue_rules as c
from yifa.decisions.forms import declared as forms
from yifa.decisions.rules import R713
from yifa.kernel.calendar.terms import param
from yifa.procedures.core import Procedure, Step, Who
from yifa.procedures.fields import FILES, ITEM, LONG, NUMBER, Field


class CatalogueSupervision(Procedure):
    """政府没有编制年度目录、没有按期公布，或者零目录没有说明理由的，由负责监督的机关督办。"""

    key = "catalogue_supervision"
    title = "决策事项目录督办"
    version = "2019-09-01"
    code = "33"
    offices: ClassVar[Mapping[str, str]] = {"pressed": "被督办的政府"}

    press = Step(
        "督办",
        (R713[3].kuan(3), R713[8].kuan(2)),
        by=Who(("supervisor",)),
        needs=(c.presses_below,),
        asks=(
            Field("pressed_government", "被督办的政府", ITEM),
            Field("pressed_year", "目录年度", NUMBER, help="例如：2026"),
            Field("supervised_for", "督办事项和要求", LONG),
        ),
        gives=forms.SUPERVISION_NOTICE,
        names=True,
        verb="发出督办通知",
        status="已督办",
    )
    answer_supervision = Step(
        "答复督办",
        (R713[8].kuan(2), R713[39]),
        by=Who(("officer", "head"), office="pressed"),
        after=press,
        within=param("重大行政决策督办答复期限"),
        asks=(Field("supervision_answer", "整改和答复", LONG), Field("supervision_files", "证明材料", FILES, required=False)),
        verb="答复",
        status="已答复",
    )
    close = Step(
        "督办结束",
        R713[8].kuan(2),
        by=Who(("supervisor",)),
        after=answer_supervision,
        asks=(Field("press_note", "核实情况", LONG),),
        ends=True,
        verb="结束督办",
        status="已结束",
    )
