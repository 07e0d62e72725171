"""Rules of administrative penalties. The docstring is what the officer reads when the rule is broken.

Codes C01… are those of the legality checks; the articles are cited beside them.
"""

from __future__ import annotations

from datetime import date

from yifa.enforcement.case import FINE, WARNING, PenaltyFacts
from yifa.kernel.citing import Law
from yifa.procedures.core import RECORD, WARN, rule

L = Law("行政处罚法", "2021-01-22")
FUYI = Law("行政复议法", "2023-09-01")

TOLD = frozenset({"content", "facts", "reasons", "basis", "rights"})
NONE, LIGHTER, MITIGATED, USUAL, HEAVIER = "none", "lighter", "mitigated", "usual", "heavier"


@rule("C01", L[17], L[38])
def subject_is_valid(case: PenaltyFacts) -> bool:
    "行政处罚应当由具有行政处罚权的行政机关在法定职权范围内实施；{subject_problem}"
    return not case.subject_problem


@rule("C02", L[17])
def item_is_held(case: PenaltyFacts) -> bool:
    "本机关没有“{item.name}”的行政处罚权，应当移送有权机关处理"
    return case.holds_item


@rule("C02", L[37])
def item_in_force(case: PenaltyFacts) -> bool:
    "实施行政处罚适用违法行为发生时的规定；“{item.name}”在{violation_on}没有有效的处罚依据"
    return case.item.in_force(case.violation_on)


@rule("C05", L[42], unblock="officer")
def has_two_officers(case: PenaltyFacts) -> bool:
    "行政处罚应当由具有行政执法资格的执法人员实施，执法人员不得少于两人"
    return len({each.id for each in case.officers}) >= case.item.min_officers


@rule("C06", L[42], unblock="admin_system")
def officers_are_qualified(case: PenaltyFacts) -> bool:
    "行政处罚应当由具有行政执法资格的执法人员实施：{officer_problems}"
    return not case.officer_problems


@rule("C07", L[43], unblock="head")
def officers_declare_no_conflict(case: PenaltyFacts) -> bool:
    "执法人员与案件有直接利害关系或者有其他关系可能影响公正执法的，应当回避，请换人办理"
    return case.no_conflict


@rule("C08", L[52], L[55], severity=WARN)
def badge_is_recorded(case: PenaltyFacts) -> bool:
    "出示执法证件没有音像记录，请说明原因"
    return case.recording == "on"


@rule("C09", L[36], unblock="head", overridable=True)
def within_limitation(case: PenaltyFacts) -> bool:
    "违法行为在{limitation_years}年内未被发现的，不再给予行政处罚；本案违法行为{ended_on}终了，{found_on}被发现"
    return case.found_on <= _years_later(case.ended_on, case.limitation_years)


def _years_later(day: date, years: int) -> date:
    try:
        return day.replace(year=day.year + years)
    except ValueError:
        return date(day.year + years, 2, 28)


@rule("C10", L[29])
def not_fined_twice(case: PenaltyFacts) -> bool:
    "对当事人的同一个违法行为，不得给予两次以上罚款的行政处罚；该行为已被罚款，可以改为其他种类的处罚"
    return FINE not in case.sanctions or not any(each.same_item for each in case.earlier_fines)


@rule("C10W", L[29], severity=WARN)
def not_fined_for_the_same_days(case: PenaltyFacts) -> bool:
    "同一当事人在同一时段已因其他事由被罚款，请核对是否同一个违法行为并说明"
    return FINE not in case.sanctions or not any(not each.same_item for each in case.earlier_fines)


@rule("C12", L[30])
def is_fourteen(case: PenaltyFacts) -> bool:
    "不满十四周岁的未成年人有违法行为的，不予行政处罚，责令监护人加以管教；当事人{party.age}周岁"
    return case.party.age is None or case.party.age >= 14


@rule("C12", L[30])
def minors_are_punished_lighter(case: PenaltyFacts) -> bool:
    "已满十四周岁不满十八周岁的未成年人有违法行为的，应当从轻或者减轻行政处罚；裁量幅度应当选择从轻或者减轻"
    return case.party.age is None or not 14 <= case.party.age < 18 or case.tier in {LIGHTER, MITIGATED}


@rule("C12", L[31])
def is_accountable(case: PenaltyFacts) -> bool:
    "精神病人、智力残疾人在不能辨认或者不能控制自己行为时有违法行为的，不予行政处罚，责令其监护人严加看管和治疗"
    return not case.party.incapable


@rule("C13", L[32])
def mitigation_is_applied(case: PenaltyFacts) -> bool:
    "当事人有应当从轻或者减轻处罚的情形，裁量幅度应当选择从轻或者减轻"
    return not case.mitigating or case.tier in {LIGHTER, MITIGATED}


@rule("C14", L[33].kuan(1))
def is_not_minor(case: PenaltyFacts) -> bool:
    "违法行为轻微并及时改正，没有造成危害后果的，不予行政处罚；请办理“不予行政处罚”"
    return not case.minor


@rule("C14W", L[33].kuan(1), severity=WARN)
def is_not_first_and_slight(case: PenaltyFacts) -> bool:
    "初次违法且危害后果轻微并及时改正的，可以不予行政处罚；仍要处罚的，请说明理由"
    return not case.first_minor


@rule("C14", L[33].kuan(2))
def party_is_at_fault(case: PenaltyFacts) -> bool:
    "当事人有证据足以证明没有主观过错的，不予行政处罚；请办理“不予行政处罚”"
    return not case.no_fault


@rule("C16", L[40], L[46])
def has_evidence(case: PenaltyFacts) -> bool:
    "违法事实不清、证据不足的，不得给予行政处罚；请至少附一份证据（照片、视频、录音或者书证）"
    return case.evidence >= 1


@rule("C16", L[51])
def facts_are_clear(case: PenaltyFacts) -> bool:
    "违法事实确凿并有法定依据的，才可以当场作出行政处罚决定；事实还需要调查的，请转为普通程序"
    return case.clear_facts


@rule("C19", L[44], L[62])
def party_was_told(case: PenaltyFacts) -> bool:
    "作出决定之前，应当告知拟作出的行政处罚内容及事实、理由、依据，并告知依法享有的陈述、申辩等权利；缺一项都不得作出决定"
    return case.told >= TOLD


@rule("C22", L[45].kuan(1))
def defence_was_reviewed(case: PenaltyFacts) -> bool:
    "当事人提出陈述、申辩的，应当进行复核，并写明复核意见"
    return case.statement != "defence" or bool(case.review)


@rule("C23", L[45].kuan(2))
def not_heavier_than_told(case: PenaltyFacts) -> bool:
    "不得因当事人陈述、申辩而给予更重的处罚；告知的罚款为{proposed_fine}元，现为{fine}元，应当重新告知"
    return case.fine <= case.proposed_fine


@rule("C31", L[4], L[34])
def fine_within_article(case: PenaltyFacts) -> bool:
    "罚款应当在“{item.name}”的法定幅度{limits[0]}元至{limits[1]}元之内；本案罚款{fine}元"
    low, high = case.limits
    return FINE not in case.sanctions or (case.fine <= high and (case.fine >= low or case.tier == MITIGATED) and case.fine > 0)


@rule("C31", L[32])
def mitigation_has_a_ground(case: PenaltyFacts) -> bool:
    "减轻处罚（低于法定最低罚款）应当有法定的减轻情形"
    return case.tier != MITIGATED or bool(case.mitigating) or (case.party.age is not None and 14 <= case.party.age < 18)


@rule("C31", L[4])
def kinds_are_those_of_the_article(case: PenaltyFacts) -> bool:
    "“{item.name}”的处罚依据没有规定所选的处罚种类"
    return bool(case.sanctions) and case.sanctions <= case.item.kinds_for(citizen=case.party.is_citizen)


@rule("C31", L[4])
def kinds_go_together_as_the_article_says(case: PenaltyFacts) -> bool:
    "“{item.name}”的处罚依据规定警告和罚款“{joint}”，所选的处罚种类不符"
    return {
        "并处": case.sanctions == case.item.kinds_for(citizen=case.party.is_citizen),
        "可以并处": WARNING in case.sanctions,
        "或者": len(case.sanctions) == 1,
        "": True,
    }[case.joint]


@rule("C31", L[4])
def item_reaches_party(case: PenaltyFacts) -> bool:
    "“{item.name}”的处罚依据不适用于{party.kind_label}"
    return case.item.reaches(citizen=case.party.is_citizen)


@rule("C34", L[28].kuan(1), severity=WARN)
def ordered_to_correct(case: PenaltyFacts) -> bool:
    "实施行政处罚时，应当责令当事人改正或者限期改正违法行为；尚未责令改正的，请说明原因"
    return case.ordered_to_correct


@rule("C34", L[28].kuan(1))
def corrected_first(case: PenaltyFacts) -> bool:
    "“{item.name}”应当先责令改正，拒不改正的才能处罚（其中罚款）"
    first = case.item.correct_first or (case.item.fine_after_refusal and FINE in case.sanctions)
    return not first or case.ordered_to_correct


@rule("C37", FUYI[23], FUYI[20], unblock="admin_system")
def reviewing_organ_is_known(case: PenaltyFacts) -> bool:
    "当场行政处罚决定应当告知先申请行政复议；请先在区划资料中登记行政复议机关的名称、地址和电话"
    return bool(case.reviewing)


@rule("C44", L[51])
def is_minor(case: PenaltyFacts) -> bool:
    "只有警告，或者对公民二百元以下、对法人或者其他组织三千元以下罚款，才可以当场作出决定；本案拟对{party.kind_label}罚款{fine}元"
    return case.sanctions <= {WARNING, FINE} and case.fine <= case.ceiling


@rule("C45", L[52])
def decision_has_its_number(case: PenaltyFacts) -> bool:
    "当场处罚应当填写预定格式、编有号码的行政处罚决定书"
    return bool(case.number)


@rule("C48", L[33].kuan(3))
def party_was_educated(case: PenaltyFacts) -> bool:
    "对当事人的违法行为依法不予行政处罚的，应当对当事人进行教育；请填写教育记录"
    return bool(case.education)


@rule("C40", L[48])
def decision_is_public(case: PenaltyFacts) -> bool:
    "具有一定社会影响的行政处罚决定应当依法公开；本案登记为不公开"
    return case.public


@rule("C41", L[67], L[74])
def is_fined(case: PenaltyFacts) -> bool:
    "本案没有罚款"
    return FINE in case.sanctions and case.fine > 0


@rule("C41", L[68], L[69])
def may_be_collected_on_the_spot(case: PenaltyFacts) -> bool:
    "只有一百元以下罚款、不当场收缴事后难以执行，或者在边远、水上、交通不便地区经当事人提出，才可以当场收缴；本案罚款{fine}元"
    return {"small": case.fine <= 100, "hard": True, "remote": case.party_asked}[case.collect_ground]


@rule("C41", L[70])
def receipt_was_given(case: PenaltyFacts) -> bool:
    "当场收缴罚款的，必须出具财政部门统一制发的专用票据；不出具的，当事人有权拒绝缴纳"
    return bool(case.receipt)


@rule("C41", L[67])
def paid_in_full(case: PenaltyFacts) -> bool:
    "实缴{paid}元与罚款{fine}元不符"
    return case.paid == case.fine


@rule("C14", L[33], L[30], L[31], L[36], L[57])
def has_a_ground_not_to_punish(case: PenaltyFacts) -> bool:
    "不予行政处罚应当有法定理由，且与登记的事实一致"
    return {
        "minor": lambda: case.minor,
        "first": lambda: case.first_minor,
        "no_fault": lambda: case.no_fault,
        "under_14": lambda: case.party.age is not None and case.party.age < 14,
        "incapable": lambda: case.party.incapable,
        "expired": lambda: case.found_on > _years_later(case.ended_on, case.limitation_years),
        "unfounded": lambda: not case.clear_facts,
    }[case.ground]()


@rule("C51", L[22], severity=RECORD)
def within_own_region(case: PenaltyFacts) -> bool:
    "{officers_from_elsewhere}的执法区域不含案发地，作为异地执法提示监督"
    return not case.officers_from_elsewhere


@rule("C38", L[52].kuan(1))
def party_signed_or_refused(case: PenaltyFacts) -> bool:
    "当事人应当在决定书上签收；拒绝签收的，应当在决定书上注明拒收情况"
    return case.signed or bool(case.refusal_note)
