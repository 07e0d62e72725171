"""S1 决策启动 (第三条、第十条至第十三条): 目录管理、启动与草案拟订. Pure."""

from __future__ import annotations

from yifa.decisions.checks.core import SEVERAL, Outcome, check, holds, named, ratio
from yifa.decisions.list_facts import due_on
from yifa.decisions.matter import Matter
from yifa.decisions.rules import R713
from yifa.procedures.known import is_known

ELEMENTS = {"category": "事项类别", "source": "建议来源", "problem": "拟解决的主要问题", "grounds": "理由和依据", "first_plan": "初步方案"}
# What may only be done once the start was decided.
AFTER_START = (
    "draft",
    "consult_departments",
    "plan_participation",
    "consult",
    "talk_with_groups",
    "announce_hearing",
    "list_participants",
    "hold_hearing",
    "appoint_experts",
    "argue",
    "assess_risk",
    "submit_review",
    "deliberate",
    "decide",
)


@check("T01.1", R713[10].xiang(2), steps=("propose",))
def proposal_is_complete(m: Matter) -> Outcome:
    "事项类别、建议来源、拟解决的主要问题、理由和依据、初步方案五项齐全，缺一项扣五分之一"
    told = [label for name, label in ELEMENTS.items() if m.states(name)]
    lacking = [label for label in ELEMENTS.values() if label not in told]
    return ratio(len(told), len(ELEMENTS), ("已填要素", told), ("缺少", lacking))


@check("T01.2", R713[10].xiang(2), steps=("propose",))
def proposal_was_argued(m: Matter) -> Outcome:
    "写明必要性和可行性，并附论证材料"
    files = m.files.get("propose", 0)
    told = m.states("necessity") and m.states("feasibility")
    return holds(told and files >= 1, ("必要性和可行性", told), ("论证材料", files))


@check("T02.1", R713[3].kuan(3), steps=("enter",))
def party_agreed_to_the_catalogue(m: Matter) -> Outcome:
    "目录（临时增列的，指增列）经同级党委同意后公布"
    facts = m.facts
    published = facts.added_published_on if is_known(facts.added_on) else facts.catalogue_published_on
    return holds(facts.party_agreed_on <= published <= facts.on, ("党委同意日期", facts.party_agreed_on), ("公布日期", published))


@check("T02.2", R713[3].kuan(3), steps=("enter",))
def catalogue_was_published_in_time(m: Matter) -> Outcome:
    "目录在本年度规定的月底前公布；临时增列的，在规定的工作日内补公布"
    facts = m.facts
    if is_known(facts.added_on):
        in_time = m.is_within(facts.added_on, facts.added_published_on, m.limits.addition)
        return holds(in_time, ("增列日期", facts.added_on), ("补公布日期", facts.added_published_on), ("期限", m.limits.addition))
    last = due_on(facts.catalogue_year, m.limits.catalogue_month)
    return holds(facts.catalogue_published_on <= min(last, facts.on), ("公布日期", facts.catalogue_published_on), ("应当公布的日期", last))


@check("T03.1", R713[10], R713[11], steps=("start",))
def began_after_the_start(m: Matter) -> Outcome:
    "决定启动以后才开始办理后面的环节"
    started, began = m.day("start", "启动决定日期"), m.first_on(*AFTER_START)
    return holds(began is None or started <= began, ("启动决定日期", started), ("第一个程序环节开始日期", began))


@check("T03.2", R713[11], steps=("start",))
def undertaker_is_named(m: Matter) -> Outcome:
    "明确决策承办单位和责任人"
    bodies = sorted(named(m.facts.undertakers, "name"))
    return holds(bool(bodies) and m.states("responsible"), ("承办单位", bodies), ("责任人", m.facts.responsible))


@check("T03.3", R713[11], steps=("start",))
def lead_is_named(m: Matter) -> Outcome:
    "两个以上单位承办的，明确牵头单位；一个单位承办的自动得分"
    count = len(named(m.facts.undertakers, "name"))
    return holds(count < SEVERAL or m.states("lead"), ("承办单位数", count), ("牵头单位", m.facts.lead))


@check("T04.1", R713[12].kuan(1), steps=("draft",))
def research_was_done(m: Matter) -> Outcome:
    "有调查研究的记录和调研报告"
    visits, files = len(m.facts.research), m.files.get("draft", 0)
    return holds(visits >= 1 and files >= 1, ("调研次数", visits), ("草案和调研报告文件", files))


@check("T04.2", R713[12].kuan(2), steps=("draft",))
def basis_is_in_force(m: Matter) -> Outcome:
    "所引依据都现行有效，由法规库核对；法规库没有收录的，由监督人员核对"
    cited, held, in_force = len(m.facts.basis), m.facts.basis_cited, m.facts.basis_in_force
    inputs = (("引用的依据", cited), ("法规库收录", held), ("现行有效", in_force))
    return Outcome(1 if cited and in_force >= held else 0, inputs, doubtful=held < cited)


@check("T04.3", R713[12].kuan(3), R713[12].kuan(4), steps=("draft",))
def alternatives_or_costs(m: Matter) -> Outcome:
    "存在较大分歧的，有两个以上方案；没有的，有成本效益分析或者不需要分析的说明"
    facts = m.facts
    if facts.disputed:
        return holds(facts.alternatives >= SEVERAL, ("存在较大分歧", True), ("备选方案数", facts.alternatives))
    return holds(m.states("cost_benefit"), ("存在较大分歧", False), ("成本效益分析", m.states("cost_benefit")))


@check("T05.1", R713[13], steps=("consult_departments",))
def units_replied(m: Matter) -> Outcome:
    "按回复单位的比例得分；逾期未回复、有催办记录的视为没有意见。回复日期早于发函日期、还没有到的不算回复"
    rows, today = m.facts.consulted_units, m.facts.on.isoformat()
    replied = sum(1 for row in rows if row.get("replied_on") and str(row.get("asked_on") or "") <= str(row["replied_on"]) <= today)
    urged = sum(1 for row in rows if not row.get("replied_on") and row.get("urged"))
    return ratio(replied + urged, len(rows), ("征求单位", len(rows)), ("已回复", replied), ("未回复但有催办", urged), none=0)


@check("T05.2", R713[13], steps=("consult_departments",))
def disputes_were_settled(m: Matter) -> Outcome:
    "分歧已协商一致，或者已向决策机关说明；没有分歧的得满分"
    disputes = [row for row in m.facts.consulted_units if row.get("dispute")]
    settled = sum(1 for row in disputes if row.get("settled"))
    return ratio(settled, len(disputes), ("分歧", len(disputes)), ("已处理", settled))
