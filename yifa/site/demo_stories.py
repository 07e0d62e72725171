"""How far each matter of the demonstration goes: a story each, and which government tells which.

Where the regulation refuses a step, the demonstration tries it and stays where it was refused. All persons are invented.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from django.utils import timezone

from yifa.decisions import clues
from yifa.participation.services import comment
from yifa.site import demo_ideas as ideas
from yifa.site import demo_ideas_beyond as beyond
from yifa.site import demo_participation
from yifa.site.demo_documents import CITY, GOVERNMENT
from yifa.site.demo_lists import OPEN
from yifa.site.demo_matters import Matter

NEXT_GOVERNMENT = "1502040001"
TALKED = (
    ("一、", "我们街道到最近的市场要走半个小时，请优先安排。", ""),
    ("三、", "临时摊点具体放在哪里，方案里没有写，怕找不到。", "昆都仑区集贸市场经营者协会"),
    ("", "希望保留早市。", "居民"),
)


def _met(m: Matter, outcome: str = "adopted") -> None:
    """From the proposal to the meeting, and what it came to."""
    m.propose()
    m.form()
    m.submit()
    m.review()
    m.prepare()
    m.meet(outcome)


def _closed(m: Matter) -> None:
    """From the proposal to the archive, and its score confirmed."""
    _met(m)
    m.decide()
    m.report()
    m.act("trigger_evaluation", "mayor", evaluation_trigger="none")
    m.archive(268)
    m.close("决策已公布并转入执行，一期市场已开工，材料归档完毕。")
    m.confirm("T12.3", "四名专家都在规划和农业经济领域，没有消防和交通方面的专家，代表性不足，酌情降低。")


def _consulting(m: Matter) -> None:
    """Before the public now, with a hearing announced and its experts drawn."""
    m.propose()
    m.start()
    m.draft()
    m.exempt()
    m.draw_experts(1)
    row = m.ask_the_public()
    asked = m.at
    m.wait(1)
    hearing = m.announce_hearing(timezone.localdate() + timedelta(days=20), seats=4)
    m.apply(hearing, (m.idea.hearing[0], m.idea.hearing[0], m.idea.hearing[1]))
    for n, (clause, text, name) in enumerate(TALKED):
        moment = asked + timedelta(days=n + 1)
        comment(row.league, row.id, text=text, clause=clause, name=name, is_organisation="协会" in name, simulated=moment)
    demo_participation.say(row.league, row.id, asked + timedelta(days=4))
    demo_participation.questionnaire(m.code, m.idea.title, by=m.actors["discloser"], at=asked)
    m.standing = "征求意见中"


def _listed(m: Matter) -> None:
    """In the published catalogue, and not begun yet."""
    m.propose()
    m.enter()
    m.standing = "已列入目录"


def _rejected(m: Matter) -> None:
    """In the list, studied, and not begun: the reason is told."""
    m.propose()
    m.enter()
    m.wait(9)
    m.act("reject", "mayor", reject_reason="现行公园管理规定已有安排，先督促落实，不再单独决策。")
    m.standing = "研究后不启动"


def _drafting(m: Matter) -> None:
    """Drafted; who is to be heard is settled."""
    m.propose()
    m.start()
    m.draft()


def _asking_the_party(m: Matter) -> None:
    """Adopted in the meeting; the party committee has not answered yet, so nothing is decided."""
    _met(m)
    m.refused("decide", "mayor", decided_on=m.today, decision_number="未编")
    m.standing = "集体讨论通过，等待党委批复"


def _reviewing(m: Matter) -> None:
    m.propose()
    m.form()
    m.submit()
    m.accept()


def _proposed(m: Matter) -> None:
    m.propose()


def _removed(m: Matter) -> None:
    """Taken off the list with the same approvals."""
    m.propose()
    m.start()
    m.wait(6)
    agreed = {"removal_party_number": m.agreed_by_party(), "removal_party_on": m.today, "removal_published_on": m.today}
    m.act("withdraw_matter", "mayor", removal_reason="自治区已出台统一的补助办法，本区不再单独决策。", **agreed, **OPEN)
    m.standing = "已调出目录"


def _unlawful(m: Matter) -> None:
    """R2: found unlawful, so it does not reach the meeting."""
    m.propose()
    m.form()
    m.submit()
    m.review(legality="unlawful")
    m.refused("prepare_meeting", "officer", meeting_materials=m.package)
    m.standing = "经审查不合法，不得提交讨论"


def _uncontrollable(m: Matter) -> None:
    """R4: the risk cannot be held, so it waits for another draft."""
    m.propose()
    m.form(controllable=False)
    m.refused("submit_review", "officer", review_materials=["draft", "basis", "procedure", "public", "experts", "risk"])
    m.standing = "风险不可控，待调整草案后复评"


def _executing(m: Matter) -> None:
    """Carried out, pressed for its report, being evaluated since many opinions came. R5: a record was found back-dated."""
    _met(m)
    m.decide()
    if "supervisor" in m.actors:
        m.wait(8)
        m.act("supervise", "supervisor", supervised_point="S7", supervised_for="请按计划报送第一次执行情况，并公布替代站点图。")
        m.wait(3)
        m.act("answer_supervision", "officer", supervision_answer="替代站点图已在站牌和网站公布，第一次执行情况随本月报告报送。")
    m.report()
    m.act("trigger_evaluation", "mayor", evaluation_trigger="opinions")
    m.standing = "后评估中"
    if "supervisor" in m.actors:
        m.clue(
            clues.FORGED,
            "座谈记录写明的日期，会议室没有使用登记，签到表上三个人当天在外地。",
            "记录是事后补写的，日期写成了计划的日期。",
            "单位承认事后补写并倒签日期，有签到表和会议室登记为证。",
        )
        m.standing = "后评估中，经核实有倒签的材料"


def _unreviewed(m: Matter) -> None:
    """R1: somebody wanted it discussed while the review had not been made."""
    m.propose()
    m.form()
    m.submit()
    m.refused("deliberate", "mayor", **m.meeting())
    m.standing = "未经合法性审查，不得讨论"


def _undiscussed(m: Matter) -> None:
    """R3: somebody wanted it decided before the meeting."""
    m.propose()
    m.form()
    m.submit()
    m.review()
    m.prepare()
    m.refused("decide", "mayor", decided_on=m.today, decision_number="未编")
    m.standing = "未经集体讨论，不得作出决定"


def _postponed(m: Matter) -> None:
    """The meeting sent it back for another draft."""
    _met(m, "revise")
    m.standing = "会议决定修改后再议"


def _suspended(m: Matter) -> None:
    """Carried out, its first report entered late from paper; a problem was reported, the head stopped it for the time being."""
    _met(m)
    m.decide()
    m.report_late()
    m.wait(5)
    m.act("report_problem", "officer", problem_kind="changed", problem_found="两处替代水源管线受施工影响中断，建议暂停关停。")
    m.act("adjust", "mayor", file="中止执行的通知", changed="suspended", changed_reason="替代水源恢复以前暂停关停自备井，保障用水。")
    m.standing = "中止执行"


def _run_again(m: Matter) -> None:
    """第三十七条: carried out, then adjusted in a major way; it runs through the procedure again, and each matter names the other."""
    _met(m)
    m.decide()
    m.report()
    why = "再生水厂投用后供水能力提高，绿带由三十公里延长到五十公里，投资和占地超过原方案一半，属于重大调整。"
    m.act("adjust", "mayor", file="重大调整的决定", changed="major", changed_reason=why)
    longer = replace(
        m.idea,
        plan="环城绿带由三十公里延长到五十公里，后二十公里配套二期再生水管网。",
        necessity="再生水厂二期提前投用，原方案以外的二十公里裸露地块具备灌溉条件。",
        feasibility="新增用地以国有荒地为主，投资增加二亿一千万元，已列入政府投资计划。",
        draft=(m.idea.draft[0].replace("三十公里", "五十公里"), *m.idea.draft[1:]),
        surveyed=(("新增路段踏勘", 41), ("沿线入户", 170)),
        cost="建设投资由三亿二千万元增加到五亿三千万元，养护每年增加一千二百万元。",
        units=(
            ("市水务局", "二期再生水厂投用后，五十公里的灌溉用水有保障。"),
            ("市财政局", "新增投资分两年安排，请先完成首段审计。"),
        ),
    )
    again = Matter.of(longer, m.at + timedelta(days=2), m.actors)
    again.propose(carried_from=m.code)
    m.at = again.at
    m.act("rerun", "officer", rerun_case=again.code)
    again.start()
    again.draft()
    m.standing = f"重大调整，已重新履行程序；新的案卷{again.standing}"


def _evaluated(m: Matter) -> None:
    """后评估 reached, with its report and what was adjusted after it; closed. R6 was established, and revoked by two others."""
    _met(m)
    m.decide()
    m.report()
    m.wait(8)
    m.evaluate(
        "effect",
        "草原农业政策评估中心",
        "入户访谈二百零六户，召开用水户座谈会四次，收到书面意见三十一条；七成农户认为账算清楚了，四成认为节水奖励偏低。",
        "实行以来亩均用水下降百分之六，低于百分之十二的目标；水费收缴率百分之九十三。主要原因是节水奖励不足以弥补劳力投入，"
        "加价部分没有造成拒缴。建议提高节水奖励，其余措施继续执行。",
        "采纳评估建议：依照方案第四条在幅度以内提高节水奖励，定额和补贴不变；明年灌溉季结束再次评估。",
    )
    m.wait(3)
    why = "依照方案第四条和后评估结论，节水奖励由每立方米一角提高到一角二分，新增支出为水费收入的百分之三点一，已向社会公布。"
    m.act("adjust", "mayor", file="调整节水奖励标准的通知", changed="minor", changed_reason=why)
    m.wait(2)
    m.archive(312)
    m.close("计量设施补建完成，后评估结论已经落实，材料归档完毕。")
    m.confirm("T18.3", "公职律师的意见写在审查意见书里，没有单独成文，形式不完整，酌情降低。")
    if {"above supervisor", "above reviewer", "highest head"} <= m.actors.keys():
        _found_wrong(m)


def _found_wrong(m: Matter) -> None:
    """R6 established by the district on what the city found, revoked when its ground proved wrong: the points come back."""
    clue = m.clue(
        clues.EVADED,
        "后评估以后节水奖励标准由每立方米一角提高到一角二分，关系全体用水户，没有列入目录，也没有重新征求意见，只登记为一般调整。",
        "调整依照方案第四条的授权，在水费收入的百分之十以内，调整前已经公布。",
        "奖励标准是决策的主要内容，变更标准应当作为新的事项列入目录；单位没有提供测算，认定为规避法定程序。",
        raiser="above supervisor",
    )
    m.revoke(
        clue,
        "方案第四条已经授权年度调整，幅度为水费收入的百分之十以内；补充的测算表证明本次新增支出为百分之三点一，没有超出授权。",
        "测算表与收费台账一致，调整公告先于执行。属于决策已经授权的一般调整，不需要重新列入目录，原认定应当撤销。",
        "水费收支测算表和调整公告",
    )
    m.standing += "；规避程序的认定已经撤销，得分重新出具"


def _turned_down(m: Matter) -> None:
    """The plan taken back by its author, the consultation of departments sent back by the head; 不通过 although most were for it."""
    m.propose()
    m.start()
    asked = m.draft()
    m.act("_withdraw", "officer", reason="受影响的人群漏填施工单位，更正以后重新确定方案。")
    m.plan(m.idea.count + 160)
    m.act("_return", "chief", seq=asked, reason="生态环境分局要求重新论证防护距离，退回补充协商以后再确定参与方案。")
    m.consult_departments((*m.idea.units[1:], ("市生态环境局青山区分局", "选址西移以后防护距离满足要求，请在草案附图中标明。")))
    m.plan(m.idea.count + 160)
    m.exempt()
    m.hear_the_public()
    m.submit()
    m.review()
    m.prepare()
    m.meet("rejected")
    m.standing = "会议讨论不通过"


def _returned(m: Matter) -> None:
    """Not to be public, with the leader's approval; the justice bureau sent the materials back for what is missing."""
    m.propose()
    m.start()
    m.draft()
    m.act("approve_closed", "mayor", file="不予公开审批件", closed_approved=True)
    m.exempt()
    m.argue()
    m.assess()
    m.submit()
    m.wait(2)
    m.act(
        "return_materials",
        "justice",
        returned_for="送审材料没有附公安机关对防护标准的书面意见；防护参数另行专报，本系统只登记文号和日期。请补齐以后重新送审。",
    )
    m.standing = "依法不予公开，送审材料退回补充"


def _piloted(m: Matter) -> None:
    """Uncontrollable, then held after the draft was changed (R4); 探索性改革 with its risks told; stopped, resumed, a problem reported."""
    m.propose()
    m.form(controllable=False)
    m.wait(3)
    changes = "时速由六十公里降到四十公里，取消与社会车辆混行的路段，头一个月空驶；监控中心增设远程制动。"
    m.act("reassess_risk", "officer", file="复评报告", risk_changes=changes, reassessed="controllable")
    m.submit()
    m.review(
        legality="exploratory",
        review_risks="国家对智能网联公交载客运行没有明确规定，事故责任的认定存在不确定性；示范期满没有新规定的，应当停止。",
    )
    m.prepare()
    m.meet()
    m.decide()
    m.report()
    m.wait(4)
    stopped = "一辆车在雨夜误判停车线，没有人员伤害；按方案先行停运，查明原因。"
    m.act("adjust", "mayor", file="暂停运行的通知", changed="suspended", changed_reason=stopped)
    m.wait(6)
    resumed = "传感器已更换，经雨夜空驶复测合格，监控中心值守增加到双岗，同意恢复运行。"
    m.act("adjust", "mayor", file="恢复运行的通知", changed="none", changed_reason=resumed)
    m.wait(3)
    told = "乘客反映站台雨棚遮挡电子站牌，夜间看不清到站时间；建议下移站牌并加装补光灯。"
    m.act("report_problem", "officer", problem_kind="public", problem_found=told)
    m.standing = "执行中，已报告问题"


# By government: the matter, how far it goes, how many days ago it was proposed.
STORIES = (
    (
        GOVERNMENT,
        (
            (ideas.WHOLESALE, _closed, 150),
            (ideas.MARKETS, _consulting, 36),
            (ideas.PENS, _reviewing, 84),
            (ideas.WORKSHOPS, _proposed, 4),
            (ideas.COWS, _removed, 40),
            (ideas.WASTE, _unlawful, 90),
            (ideas.RIVER, _uncontrollable, 80),
            (ideas.BUSES, _executing, 130),
        ),
    ),
    (
        NEXT_GOVERNMENT,
        (
            (beyond.PARKING, _unreviewed, 75),
            (beyond.SIGNS, _undiscussed, 95),
            (beyond.LIGHTS, _listed, 12),
            (beyond.PETS, _rejected, 30),
            (beyond.WATER, _evaluated, 178),
            (beyond.RUBBLE, _turned_down, 92),
        ),
    ),
    (
        CITY,
        (
            (beyond.FREIGHT, _postponed, 100),
            (beyond.WELLS, _suspended, 140),
            (beyond.CHARGERS, _drafting, 25),
            (beyond.PONDS, _asking_the_party, 90),
            (beyond.GREEN, _run_again, 132),
            (beyond.SUPPLY, _returned, 50),
            (beyond.PILOT, _piloted, 150),
        ),
    ),
)
