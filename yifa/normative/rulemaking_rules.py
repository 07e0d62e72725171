"""Rules on making 地方政府规章 (规章制定程序条例, 立法法). Codes U01…"""

from __future__ import annotations

from yifa.kernel.citing import Law
from yifa.normative.cases.making import MakingFacts
from yifa.normative.cases.rulemaking import WAITS, RulemakingFacts
from yifa.normative.standing_rules import RULEMAKING
from yifa.procedures.core import rule

LEGISLATION = Law("立法法", "2023-03-13")
NAMES = ("规定", "办法")
CITY = 2


@rule("U01", LEGISLATION[93].kuan(1))
def maker_makes_rules(case: RulemakingFacts) -> bool:
    "地方政府规章由自治区人民政府和设区的市人民政府制定；{maker}没有规章制定权，盟行政公署和旗县级人民政府可以制定行政规范性文件"
    return case.makes_rules


@rule("U02", RULEMAKING[7])
def name_fits(case: RulemakingFacts) -> bool:
    "规章的名称一般称“规定”“办法”，不得称“条例”；现名称是“{title}”"
    plain = case.title.partition("（")[0]
    return plain.endswith(NAMES)


@rule("U03", LEGISLATION[93].kuan(3))
def matter_is_a_citys(case: RulemakingFacts) -> bool:
    "设区的市人民政府制定规章，限于城乡建设与管理、生态文明建设、历史文化保护、基层治理等方面的事项"
    return case.maker_level != CITY or case.subject_matter != "other"


@rule("U04", RULEMAKING[3].kuan(2))
def cuts_no_rights_without_basis(case: RulemakingFacts) -> bool:
    "没有法律、行政法规、地方性法规的依据，地方政府规章不得减损公民、法人和其他组织的权利或者增加其义务；请写明依据或者删去有关条款"
    return not case.cuts_rights or bool(case.higher_basis.strip())


@rule("U05", RULEMAKING[15].kuan(2))
def is_put_before_the_public(case: RulemakingFacts) -> bool:
    "草案依法需要保密，不向社会公布征求意见"
    return not case.confidential


@rule("U06", RULEMAKING[19], RULEMAKING[20])
def examination_passed(case: RulemakingFacts) -> bool:
    "送审稿由法制机构（司法行政部门）统一审查；缓办或者退回的，不得提请审议"
    return case.examined == "passed"


@rule("U07", LEGISLATION[95].kuan(2), RULEMAKING[27].kuan(2))
def decided_by_the_government(case: RulemakingFacts) -> bool:
    "地方政府规章应当经政府常务会议或者全体会议决定；没有通过的，不得签署公布"
    return case.government_meeting in {"standing", "plenary"} and case.passed


@rule("U08", RULEMAKING[31].kuan(2))
def published_in_the_gazette(case: MakingFacts) -> bool:
    "地方政府规章签署公布后，应当及时在本级人民政府公报、政府网站和当地报纸上刊载；政府公报上的文本为标准文本"
    return "gazette" in case.medium


@rule("U09", RULEMAKING[32])
def comes_into_force_in_time(case: RulemakingFacts) -> bool:
    "规章应当自公布之日起三十日后施行；公布后不立即施行将有碍规章施行的，可以自公布之日起施行，请写明理由"
    return case.waits or (case.effective_on >= case.published_on and bool(case.early_reason.strip()))


@rule("U10", RULEMAKING[15].kuan(2))
def draft_is_before_the_public(case: MakingFacts) -> bool:
    "除依法需要保密的外，草案及其说明应当向社会公布，征求意见；请先发布征求意见稿"
    return case.consulted is not None


@rule("U11", RULEMAKING[15].kuan(2))
def the_public_has_thirty_days(case: MakingFacts) -> bool:
    "草案向社会公布征求意见的期限不少于三十日；现在公布的期限太短，请延长截止日期后重新发布"
    asked = case.consulted
    return asked is not None and (asked.closes_on - asked.opens_on).days >= WAITS


@rule("U12", RULEMAKING[15].kuan(2), RULEMAKING[18].kuan(3))
def every_opinion_is_handled(case: MakingFacts) -> bool:
    "公开征求的意见应当逐条研究处理；征求意见的期限届满、全部意见处理完毕并公布采纳情况以后，才能办理下一步"
    asked = case.consulted
    return asked is not None and asked.closes_on < case.on and not asked.unanswered and asked.summarised


@rule("U13", LEGISLATION[93].kuan(5))
def is_provisional(case: RulemakingFacts) -> bool:
    "本规章不是应当制定地方性法规、因条件尚不成熟而先行制定的规章"
    return case.provisional
