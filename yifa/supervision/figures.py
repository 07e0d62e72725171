"""Figures of the rooms: what each counts, how it is read aloud, and which metric of the indicator set it feeds. Pure.

Facts carry a figure's own metric key; the table `Feed` says which metric of the set reads which key, and whose rule for the denominator
holds where the two differ. A denominator of nothing is 不适用 (n/a), never 0 or 100. None may rank or reward fines (行政处罚法 74).
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import ROUND_HALF_EVEN, Decimal

from yifa.supervision.decision_figures import DECISION_FIGURES
from yifa.supervision.figure_kinds import Feed, Figure

HUNDREDTH = Decimal("0.01")
# Two-sided 95 per cent of the normal distribution.
Z = Decimal("1.959964")


DOCUMENTS = "行政规范性文件"

_OWN = (
    Figure(
        "M01",
        "履职率",
        "当月行使过的职权项数 ÷ 当月可以行使的职权项数",
        "当月作出处罚或者不予处罚决定所行使的职权，同一职权一月计一次",
        "本机关当月最后一次在册登记的可以行使的职权",
        "M01",
        (Feed("ENF-10", "M01", "纳入履职监测职权的清单公布以前，以可以行使的职权（M01）为分母"),),
        note="跨月为各月分子之和除以各月分母之和",
    ),
    Figure(
        "M03",
        "人均参与执法率",
        "当月署名办案的执法人员数 ÷ 当月持有效执法证的人员数",
        "当月在责令改正、处罚决定、不予处罚决定上署名的执法人员，同一人一月计一次",
        "本机关当月最后一次在册登记的持有效执法证人员",
        "M03",
        (Feed("ENF-17", "M03", "在岗执法人员以持有效执法证的人员（M03）计"),),
        note="跨月为各月分子之和除以各月分母之和；只作描述，不作排名",
    ),
    Figure(
        "M12",
        "公示及时率",
        "按期公示的决定数 ÷ 应当公示且公示期限在当月届满的决定数",
        "在公示期限内公示的决定",
        "应当公示、公示期限在当月届满的决定；到期尚未公示的也在其中",
        "M12",
        (Feed("ENF-04", "M12", "应公示件数以期限在当月届满的决定（M12）计，尚未到期的不影响以前各月"),),
        note="当月的分母包含当月将要到期的决定，月末定数",
    ),
    Figure(
        "M15",
        "全过程记录率",
        "文字和音像记录都齐全的结案件数 ÷ 结案件数",
        "结案（含不予处罚）时文字和音像记录都齐全的案件",
        "当月结案（含不予处罚）的案件",
        "M15",
        (
            Feed("ENF-05", "M15.av", "音像按应录环节的次数计（ENF-05）：开始执法一次，留置送达一次"),
            Feed("ENF-28", "M15.text", "文字按结案件数计，两者一致"),
        ),
    ),
    Figure(
        "M18",
        "持证率",
        "证件当日有效的署名人次 ÷ 署名人次",
        "署名当日执法证有效、执法类别相符的人次",
        "在责令改正、处罚决定、不予处罚决定上署名的人次",
        "M18",
        (Feed("ENF-02", "M18", "按署名人次（ENF-02）计，不按人数计"),),
    ),
    Figure(
        "M25",
        "满意度",
        "有效评价得分之和 ÷ 有效评价数（1至5分折算为20至100）",
        "当事人一案一评的得分，每分折20",
        "有效评价数",
        "M25",
        (Feed("ENF-14", "M25.satisfied", "分子为4分以上的评价数（ENF-14），分母一致"),),
        mean=True,
        min_n=30,
        note="评价不足30件不显示；低分评价由监督机构核查，不作排名",
    ),
    Figure(
        "Q09",
        "当场处罚备案及时率",
        "按期备案的当场处罚数 ÷ 备案期限在当月届满的当场处罚数",
        "在备案期限内报所属机关备案的当场处罚",
        "备案期限在当月届满的当场处罚；到期尚未备案的也在其中",
        "Q09",
        note="当场处罚没有立案，办案超期率（M17）对其不适用，以备案是否及时代之",
    ),
    Figure(
        "Q07",
        "当场收缴罚款缴存及时率",
        "按期缴存的次数 ÷ 缴存期限在当月届满的次数",
        "在二日内交至机关、在二日内缴付银行的次数",
        "交至机关、缴付银行的期限在当月届满的次数；到期尚未缴存的也在其中",
        "Q07",
        note="行政处罚法第七十一条；只计是否及时，不计金额",
    ),
    Figure(
        "LAW-01",
        "报备率",
        "已报送备案的文件数 ÷ 当月公布、应当报送备案的文件数",
        "当月公布的文件中已经报送备案的，不论何时报送",
        "当月公布、应当报送备案的行政规范性文件；查漏补登的也在其中",
        "LAW-01",
        (Feed("LAW-01", "LAW-01", "文件计入公布的月份，按制定机关计"),),
        subject=DOCUMENTS,
    ),
    Figure(
        "LAW-02",
        "报备及时率",
        "按期报送备案的文件数 ÷ 已报送备案的文件数",
        "在报送期限内报送备案的文件",
        "当月公布、已经报送备案的文件",
        "LAW-02",
        (Feed("LAW-02", "LAW-02", "以登记的报送期限为准，没有登记期限的旧件不计"),),
        subject=DOCUMENTS,
    ),
    Figure(
        "LAW-03",
        "报备规范率",
        "未经补正即予登记的文件数 ÷ 已报送备案的文件数",
        "首次报送即材料齐全、予以备案登记的文件",
        "当月公布、已经报送备案的文件",
        "LAW-03",
        (Feed("LAW-03", "LAW-03", "经通知补正后登记的，只计入分母"),),
        subject=DOCUMENTS,
    ),
    Figure(
        "LAW-08",
        "审查按期率",
        "按期作出审查结论的件数 ÷ 审查期限在当月届满的件数",
        "在审查期限内作出结论的备案审查",
        "审查期限在当月届满的备案审查；到期尚未作出结论的也在其中",
        "LAW-08",
        (Feed("LAW-08", "LAW-08", "按审查机关计；依法延长的，以延长以后的期限为准"),),
        note="说明审查机关的工作，指标集不计分",
        subject=DOCUMENTS,
    ),
    Figure(
        "LAW-09",
        "整改率",
        "按期纠正的文件数 ÷ 纠正期限在当月届满的文件数",
        "在首次通知的期限内报送结果并经核验已经纠正的文件",
        "纠正期限在当月届满的文件；到期尚未报送结果的也在其中",
        "LAW-09",
        (Feed("LAW-09", "LAW-09", "按制定机关计，以首次纠正通知的期限为准"),),
        subject=DOCUMENTS,
    ),
    Figure(
        "LAW-09B",
        "纠错率",
        "要求纠正的文件数 ÷ 作出审查结论的文件数",
        "审查结论为限期改正、停止执行、撤销或者改变的文件",
        "当月作出审查结论的文件",
        "LAW-09.found",
        note="只展示，不计分：高低都不说明好坏",
        subject=DOCUMENTS,
    ),
    Figure(
        "LAW-04",
        "合法性审核率",
        "经合法性审核合法的文件数 ÷ 当月公布的文件数",
        "公布以前有审核意见书、结论不是不合法的文件",
        "当月公布的文件；查漏补登的没有审核记录，只计入分母",
        "LAW-04",
        (Feed("LAW-04", "LAW-04", "文件计入公布的月份，按制定机关计"),),
        subject=DOCUMENTS,
    ),
    Figure(
        "LAW-05",
        "公开征求意见率",
        "征求意见期限达标的文件数 ÷ 应当公开征求意见的文件数",
        "公开征求意见没有缩短期限的文件",
        "当月公布、应当公开征求意见的文件",
        "LAW-05",
        (Feed("LAW-05", "LAW-05", "文件计入公布的月份，按制定机关计"),),
        subject=DOCUMENTS,
    ),
    Figure(
        "LAW-06",
        "三统一执行率",
        "统一登记、编号、印发的文件数 ÷ 当月公布的文件数",
        "由本平台登记、编号以后公布的文件",
        "当月公布的文件；查漏补登的只计入分母",
        "LAW-06",
        (Feed("LAW-06", "LAW-06", "文件计入公布的月份，按制定机关计"),),
        subject=DOCUMENTS,
    ),
    Figure(
        "LAW-07",
        "清理完成率",
        "作出清理结论的文件数 ÷ 列入定期清理的文件数",
        "作出继续有效、修改、废止、宣布失效结论的文件，不论何时作出",
        "完成期限在当月届满的定期清理所列的文件",
        "LAW-07",
        (Feed("LAW-07", "LAW-07", "文件以基准日现行有效的为准，计入清理的完成期限所在的月份，按制定机关计"),),
        subject=DOCUMENTS,
    ),
    Figure(
        "LAW-07S",
        "专项清理完成率",
        "作出清理结论的文件数 ÷ 列入专项清理的文件数",
        "作出结论的文件，不论何时作出",
        "完成期限在当月届满的专项清理所列的文件",
        "LAW-07.special",
        note="只展示，不计分：指标集只考核定期清理",
        subject=DOCUMENTS,
    ),
    Figure(
        "LAW-10",
        "到期未处理率",
        "没有作出决定而到期失效的文件数 ÷ 现行有效文件数",
        "有效期在当月届满、没有公布处理决定的文件",
        "每年首次在册登记的现行有效文件数，计入登记的月份",
        "LAW-10",
        (Feed("LAW-10", "LAW-10", "到期的文件按日失效，不会仍标为现行；以没有作出处理决定的计"),),
        note="分母一年登记一次，按年度使用",
        subject=DOCUMENTS,
    ),
    Figure(
        "LAW-14",
        "目录更新及时率",
        "按期更新目录的件数 ÷ 应当更新目录的件数",
        "在登记编号或者决定后二十个工作日内公布的文件，以及到期当日移出的文件",
        "公布期限在当月届满、应当更新目录的文件",
        "LAW-14",
        (Feed("LAW-14", "LAW-14", "以登记编号、作出决定之日起二十个工作日为期限；公布的办理即更新目录"),),
        subject=DOCUMENTS,
    ),
    Figure(
        "LAW-16",
        "审查建议按期办结率",
        "按期作出审查结论的异议件数 ÷ 审查期限在当月届满的异议件数",
        "在受理后六十日内作出结论并书面答复的异议",
        "审查期限在当月届满的异议；到期尚未作出结论的也在其中",
        "LAW-16",
        (Feed("LAW-16", "LAW-16", "按审查机关计；计入审查期限届满的月份"),),
        subject=DOCUMENTS,
    ),
    Figure(
        "LAW-17",
        "公平竞争审查率",
        "有审查结论的文件数 ÷ 涉及经营者经济活动的文件数",
        "有公平竞争审查结论的文件",
        "当月公布、涉及经营者经济活动的文件",
        "LAW-17",
        (Feed("LAW-17", "LAW-17", "文件计入公布的月份，按制定机关计"),),
        subject=DOCUMENTS,
    ),
    Figure(
        "LAW-18",
        "规章备案及时率",
        "三十日内报送备案的规章数 ÷ 公布的规章数",
        "在公布后三十日内报送备案的规章",
        "当月公布的规章",
        "LAW-18",
        (Feed("LAW-18", "LAW-18", "规章计入公布的月份，按制定机关计"),),
        subject=DOCUMENTS,
    ),
    Figure(
        "LAW-19",
        "规章草案公开期限达标率",
        "公开征求意见不少于三十日的草案数 ÷ 公开征求意见的草案数",
        "公开征求意见三十日以上的规章草案",
        "征求意见期限在当月届满的规章草案",
        "LAW-19",
        (Feed("LAW-19", "LAW-19", "依法保密而不公开的不计"),),
        subject=DOCUMENTS,
    ),
    Figure(
        "LAW-20",
        "立法意见反馈率",
        "公布采纳情况的草案数 ÷ 征求意见结束的草案数",
        "已经公布意见采纳情况的规章草案",
        "征求意见期限在当月届满的规章草案",
        "LAW-20",
        (Feed("LAW-20", "LAW-20", "计入征求意见结束的月份"),),
        subject=DOCUMENTS,
    ),
    Figure(
        "LAW-21",
        "到期前评估完成率",
        "届满前六个月内完成评估的文件数 ÷ 有效期在当月届满的文件数",
        "在届满前一百八十日内登记评估的文件",
        "有效期在当月届满、届满前一百八十日仍现行有效的文件",
        "LAW-21",
        (Feed("LAW-21", "LAW-21", "以届满前一百八十日发出的评估通知计"),),
        subject=DOCUMENTS,
    ),
    Figure(
        "LAW-22",
        "三项评估覆盖率",
        "使用、知晓、效果三项都有结果的评估数 ÷ 纳入计划的评估数",
        "封存时三项都有结果的评估报告",
        "评估周期在当月截止的评估报告",
        "LAW-22",
        (Feed("LAW-22", "LAW-22", "按评估机关计；样本不足、不公布的不算完成"),),
        subject=DOCUMENTS,
    ),
    Figure(
        "LAW-24",
        "公开率",
        "已经公开的文件数 ÷ 应当公开的文件数",
        "按程序制定、已经公布的文件",
        "公布期限在当月届满、已经登记编号的文件",
        "LAW-24",
        (Feed("LAW-24", "LAW-24", "以登记编号后二十个工作日为期限，计入期限届满的月份"),),
        subject=DOCUMENTS,
    ),
)
FIGURES: tuple[Figure, ...] = (*_OWN, *DECISION_FIGURES)
BY_ID = {figure.id: figure for figure in FIGURES}
FEEDS = {feed.metric: (figure, feed) for figure in FIGURES for feed in figure.feeds}


@dataclass(frozen=True)
class Value:
    """A figure in numbers. `text` is what is shown; `ratio` is None when it is 不适用 or the sample is too small."""

    numerator: int
    denominator: int
    ratio: Decimal | None
    text: str


def value(figure: Figure, numerator: int, denominator: int) -> Value:
    """92.31%, 86.40 or why there is no number."""
    if denominator <= 0:
        return Value(numerator, denominator, None, "不适用")
    if denominator < figure.min_n:
        return Value(numerator, denominator, None, f"样本不足{figure.min_n}件，不显示")
    ratio = Decimal(numerator) / denominator
    return Value(numerator, denominator, ratio, f"{hundredth(ratio)}" if figure.mean else f"{hundredth(ratio * 100)}%")


def hundredth(number: Decimal) -> Decimal:
    return number.quantize(HUNDREDTH, ROUND_HALF_EVEN)


def wilson(numerator: int, denominator: int) -> tuple[Decimal, Decimal] | None:
    """The 95 per cent interval of a share (Wilson), as shares between 0 and 1; None without a sample."""
    if denominator <= 0 or not 0 <= numerator <= denominator:
        return None
    n, p, z2 = Decimal(denominator), Decimal(numerator) / denominator, Z * Z
    middle = (p + z2 / (2 * n)) / (1 + z2 / n)
    half = Z * ((p * (1 - p) + z2 / (4 * n)) / n).sqrt() / (1 + z2 / n)
    return max(Decimal(0), middle - half), min(Decimal(1), middle + half)
