"""Who acts on a major decision, and the answers that are picked from a list."""

from __future__ import annotations

from collections.abc import Mapping

from yifa.procedures.core import Who
from yifa.procedures.fields import CHOICE, DATE, TEXT, YES_NO, Field

OFFICER = Who(("officer",))
DISCLOSER = Who(("discloser",))
# Whoever prepares a hearing on its own page.
ORGANISER = Who(("officer", "discloser", "head"))
GOVERNMENT = Who(("officer", "head"), office="government")
LEADER = Who(("head",), office="government")
GAZETTE = Who(("discloser",), office="government")
JUSTICE = Who(("reviewer",), office="justice")
SUPERVISOR = Who(("supervisor",), office="justice")

OFFICES: Mapping[str, str] = {"government": "决策机关", "justice": "负责合法性审查的部门"}

CATEGORIES = (
    ("policy", "公共服务、市场监管、社会管理、环境保护等方面的重大公共政策和措施"),
    ("plan", "经济和社会发展等方面的重要规划"),
    ("resource", "开发利用、保护重要自然资源和文化资源的重大公共政策和措施"),
    ("project", "在本行政区域实施的重大公共建设项目"),
    ("other", "涉及重大公共利益或者社会公众切身利益的其他重大事项"),
)
SOURCES = (
    ("leader", "决策机关领导人员"),
    ("department", "所属部门"),
    ("lower", "下一级人民政府"),
    ("deputies", "人大代表、政协委员"),
    ("public", "公民、法人或者其他组织"),
)
WAYS = (
    ("forum", "座谈会"),
    ("hearing", "听证会"),
    ("visit", "实地走访"),
    ("written", "书面征求意见"),
    ("open", "向社会公开征求意见"),
    ("survey", "问卷调查"),
    ("poll", "民意调查"),
)
MEDIA = (
    ("portal", "政府网站"),
    ("wechat", "政务新媒体"),
    ("newspaper", "报刊"),
    ("broadcast", "广播、电视"),
    ("notice", "公告栏"),
)
ANSWERS = (("adopted", "采纳"), ("partly", "部分采纳"), ("not_adopted", "未采纳"))
LEVELS = (("high", "高"), ("middle", "中"), ("low", "低"))
# 不适用: the template it concerns, and why.
EXEMPTED = (
    ("T05", "部门协商"),
    ("T07", "公开征求意见"),
    ("T08", "与特定群体沟通"),
    ("T09", "听证公告和遴选"),
    ("T10", "听证会"),
    ("T11", "意见处理"),
    ("T12", "专家遴选"),
    ("T13", "专家论证"),
    ("T14", "专家意见研究采纳"),
    ("T15", "风险评估"),
    ("T16", "风险防范和处置"),
    ("T22", "向党委请示报告"),
    ("T23", "公布和解读"),
)
GROUNDS = (
    ("not_concerned", "不涉及有关单位职责、特定群体利益"),
    ("not_technical", "专业性、技术性不强"),
    ("no_risk", "不会对社会稳定、公共安全等造成不利影响"),
    ("no_hearing", "不直接涉及切身利益，也不存在较大分歧"),
    ("not_reportable", "不属于应当请示报告的事项"),
    ("secret", "依法不予公开"),
    ("assessed", "已经按照有关规定评价、评估"),
)
OPENNESS = (("public", "主动公开"), ("on_request", "依申请公开"), ("closed", "不予公开"))
NUMBER_LENGTH = 60  # characters of a 文号: room for the longest one, none for what was written under it


def approval(prefix: str, group: str = "") -> tuple[Field, Field]:
    """The party committee's agreement to a change of the list, by which nothing of its content is kept: 文号 and date."""
    help_text = "只登记文号和日期，不录入内容、不上传文件"
    number = Field(f"{prefix}_party_number", "同级党委同意的文号", TEXT, help=help_text, longest=NUMBER_LENGTH, group=group)
    return number, Field(f"{prefix}_party_on", "同级党委同意日期", DATE, past=True, group=group)


PUBLISHING = (
    Field("openness", "公开属性", CHOICE, choices=OPENNESS, group="公开审查"),
    Field("secrecy_reviewer", "保密审查人", TEXT, help="写明姓名", group="公开审查"),
    Field("secrecy_passed", "经保密审查可以公开", YES_NO, group="公开审查"),
)
