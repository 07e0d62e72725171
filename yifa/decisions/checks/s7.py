"""S7 执行、评估与归档 (第三十三条至第三十七条): 执行与调整、后评估与归档. Pure."""

from __future__ import annotations

from yifa.decisions.case import MatterFacts
from yifa.decisions.checks.core import Outcome, check, holds, ratio
from yifa.decisions.forms.declared import ARCHIVED
from yifa.decisions.matter import Matter, applies
from yifa.decisions.rules import R713

CHANGES = {"none": "没有", "minor": "一般调整", "major": "重大调整", "suspended": "紧急中止"}
# Papers that only a branch brings which may be found not to apply; all others every matter owes to its archive.
BRANCHES = {"departments": "T05", "public": "T11", "hearing": "T10", "experts": "T13", "risk": "T15", "party": "T22"}


@check("T24.1", R713[34], steps=("plan_execution",))
def execution_was_assigned(m: Matter) -> Outcome:
    "明确执行单位，任务分解到单位"
    rows = m.facts.executors
    assigned = sum(1 for row in rows if row.get("body") and row.get("task"))
    return holds(0 < len(rows) == assigned, ("执行单位", len(rows)), ("已分解任务", assigned))


@check("T24.2", R713[34], steps=("plan_execution", "report_progress"))
def execution_was_reported(m: Matter) -> Outcome:
    "按期提交执行报告，执行计划中每个单位到完成时限都应当有报告；没有到期报告的得满分"
    due, in_time = m.facts.reports_due, m.facts.reports_in_time
    return ratio(in_time, due, ("应提交报告", due), ("按期提交", in_time), ("没有按期提交的", m.facts.reports_lacking))


@check("T24.3", R713[37], steps=("adjust",))
def change_followed_the_procedure(m: Matter) -> Outcome:
    "重大调整重新履行程序；紧急中止有行政首长的决定记录；没有调整的得满分"
    facts = m.facts
    recorded = {"major": m.states("rerun_case"), "suspended": m.done("adjust") and m.files.get("adjust", 0) >= 1}
    followed = recorded.get(facts.changed, True)
    return holds(followed, ("调整", CHANGES.get(facts.changed, facts.changed)), ("重新履行程序的案件", facts.rerun_case))


@check("T25.1", R713[36].kuan(2), steps=("evaluate",))
def evaluator_is_another(m: Matter) -> Outcome:
    "后评估主体没有承担过决策前的主要论证评估工作"
    inputs = (("后评估主体", m.facts.evaluator), ("承担过决策前论证评估", m.facts.evaluator_was_assessor))
    return holds(not m.facts.evaluator_was_assessor, *inputs)


@check("T25.2", R713[36].kuan(3), R713[36].kuan(4), steps=("evaluate",))
def evaluation_was_used(m: Matter) -> Outcome:
    "听取公众意见，有结论，结论得到运用"
    heard, found, used = m.states("evaluation_public"), m.states("evaluation_conclusion"), m.states("evaluation_used")
    return holds(heard and found and used, ("听取公众意见", heard), ("结论", found), ("运用情况", used))


@check("T26.1", R713[33], steps=("archive",))
def archive_is_complete(m: Matter) -> Outcome:
    "按必备件齐全率得分；经确认不适用的环节不要求其材料"
    owed, lacking = owed_to_archive(m.facts), lacking_in_archive(m.facts)
    return ratio(len(owed) - len(lacking), len(owed), ("应归档必备件", len(owed)), ("缺件", lacking))


def owed_to_archive(facts: MatterFacts) -> dict[str, str]:
    """What this matter owes to its archive, by key."""
    return {key: label for key, label in ARCHIVED if key not in BRANCHES or applies(facts, BRANCHES[key])}


def lacking_in_archive(facts: MatterFacts) -> list[str]:
    """Which of it is not there. Raises Undecided while nothing was archived."""
    return [label for key, label in owed_to_archive(facts).items() if key not in facts.archived]


@check("T26.2", R713[33], steps=("decide", "archive"))
def archived_in_time(m: Matter) -> Outcome:
    "作出决定后在规定期限内归档"
    decided, archived = m.facts.decided_on, m.facts.archived_on
    inputs = (("作出决定日期", decided), ("归档日期", archived), ("规定期限", m.limits.archive))
    return holds(m.is_within(decided, archived, m.limits.archive), *inputs)
