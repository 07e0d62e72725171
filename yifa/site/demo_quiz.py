"""The demonstration's evaluation: works confirmed as enforceable, a bank of questions reviewed by two persons, attempts, one report.

Every act goes through the services with the simulated clock; the answers of invented people are drawn by chance. Only what the library
holds is asked about.
"""

from __future__ import annotations

import random
from collections.abc import Iterator
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from django.conf import settings
from django.utils import timezone
from django.utils.module_loading import import_string

from yifa.evaluation import following, quiz, services
from yifa.evaluation.queries import Period, asked_works, year_before
from yifa.evaluation.quiz import Who
from yifa.evaluation.services import Item, Plan
from yifa.kernel.ledger.services import seal
from yifa.kernel.people.actors import Actor
from yifa.kernel.people.queries import actor_of, leagues_and_banners
from yifa.laws import surveying
from yifa.laws.rules import title_key

SEED = 20261122
BEIJING = ZoneInfo("Asia/Shanghai")
APL = "中华人民共和国行政处罚法"
# Law, article, question, options (the first is right), what is told afterwards. From the texts themselves.
QUESTIONS: tuple[tuple[str, int, str, tuple[str, ...], str], ...] = (
    (
        APL,
        51,
        "对公民当场作出罚款处罚，最高多少？",
        ("二百元以下", "五十元以下", "一千元以下", "三千元以下"),
        "对法人或者其他组织为三千元以下。",
    ),
    (APL, 52, "执法人员当场作出处罚决定，先要做什么？", ("出示执法证件", "收取罚款", "报上级批准", "通知邻居到场"), "不出示的，可以拒绝。"),
    (APL, 52, "当场处罚决定书应当怎样交付？", ("填写后当场交付当事人", "三十日内邮寄", "贴在单位门口", "只在网上公布"), ""),
    (APL, 45, "当事人提出申辩，行政机关可以因此加重处罚吗？", ("不可以", "可以", "经负责人批准可以", "只能加重一倍"), ""),
    (
        APL,
        44,
        "作出处罚决定以前，应当告知当事人什么？",
        ("拟处罚的内容、事实、理由、依据和权利", "只告知罚款数额", "只告知缴款地点", "什么都不必告知"),
        "",
    ),
    (APL, 33, "违法行为轻微并及时改正，没有造成危害后果的，怎样处理？", ("不予行政处罚", "从重处罚", "先罚款再教育", "移送法院"), ""),
    (APL, 67, "收到处罚决定书以后，应当在几日内缴纳罚款？", ("十五日", "三日", "六十日", "一年"), "到指定的银行或者通过电子支付系统缴纳。"),
    (APL, 70, "当场收缴罚款，不出具统一制发的专用票据的，当事人可以怎样？", ("拒绝缴纳", "必须先缴后补", "只缴一半", "自己写收条"), ""),
    (APL, 29, "同一个违法行为，可以给予几次罚款？", ("一次", "两次", "不限次数", "每个机关各一次"), ""),
    (
        APL,
        36,
        "一般的违法行为，超过几年没有被发现就不再处罚？",
        ("二年", "六个月", "十年", "二十年"),
        "涉及公民生命健康安全、金融安全且有危害后果的为五年。",
    ),
    ("中华人民共和国动物防疫法", 30, "饲养犬只，应当按照规定定期做什么？", ("免疫接种狂犬病疫苗", "体育训练", "登记身高", "参加评比"), ""),
    (
        "中华人民共和国动物防疫法",
        17,
        "饲养动物的单位和个人，对强制免疫有什么义务？",
        ("按照计划和技术规范实施免疫接种", "自愿选择", "只需口头报告", "没有义务"),
        "",
    ),
    (
        "中华人民共和国动物防疫法",
        92,
        "没有按照规定给狗接种狂犬病疫苗，怎样处理？",
        ("责令限期改正，可以处罚款", "拘留", "没收住房", "吊销驾驶证"),
        "",
    ),
    ("中华人民共和国消防法", 28, "可以占用、堵塞疏散通道吗？", ("不得占用、堵塞", "夜里可以", "物业同意就可以", "三十分钟以内可以"), ""),
    ("中华人民共和国消防法", 5, "谁有维护消防安全、报告火警的义务？", ("任何单位和个人", "只有消防队", "只有物业", "只有房主"), ""),
    (
        "中华人民共和国消防法",
        44,
        "发现火灾应当怎么办？",
        ("立即报警", "先拍照", "等人来问", "回家再说"),
        "任何人不得阻拦报警，严禁谎报火警。",
    ),
    (
        "中华人民共和国消防法",
        60,
        "个人占用、堵塞、封闭疏散通道，可能受到什么处罚？",
        ("警告或者五百元以下罚款", "没有处罚", "一万元罚款", "吊销营业执照"),
        "",
    ),
    (
        "中华人民共和国行政复议法",
        20,
        "不服处罚决定，应当在几日内申请行政复议？",
        ("六十日", "七日", "三百日", "没有期限"),
        "法律规定超过六十日的除外。",
    ),
    ("中华人民共和国行政复议法", 87, "申请行政复议收费吗？", ("不收任何费用", "收一百元", "按罚款数额收", "由机关决定"), ""),
    (
        "中华人民共和国行政复议法",
        22,
        "申请行政复议只能书面提出吗？",
        ("书面有困难的，也可以口头申请", "只能书面", "只能电话", "只能委托律师"),
        "",
    ),
)
KNOWING = {"officer": 0.88, "party": 0.62, "public": 0.5}
PLAN = (
    "目的：了解本部法规在本区划的使用、知晓和实施效果。范围：周期内引用本部法规的全部行政处罚决定。"
    "方法：平台记录的引用、履行、投诉和评价，公开测评，抽阅案卷。人员：司法行政机关法制审核人员。"
)


def tell() -> Iterator[str]:
    """Builds what is missing; yields a line for each part."""
    writer, first, second = (actor_of(login) for login in ("demo-supervisor", "demo-assessor", "demo-reviewer"))
    if writer is None or first is None or second is None or asked_works():
        return
    today = timezone.localdate()
    since = datetime(today.year, today.month, today.day, 10, tzinfo=BEIJING) - timedelta(days=80)
    chance = random.Random(f"{SEED} quiz")  # noqa: S311 - a demonstration's dice, not a secret
    yield f"可执行法规{_confirm(first, today=today, at=since)}部"
    yield f"题目{_bank(writer, first, second, since)}道"
    yield f"测评{_attempts(chance, since + timedelta(days=2), days=70)}人次"
    while seal():
        pass
    while following.follow():
        pass
    yield _report(writer, first, Period(*year_before(today), writer.region[:6]))


def _confirm(by: Actor, *, today: object, at: datetime) -> int:
    """The works that rest under the demonstration's items, and those that are asked about."""
    services.propose_enforceable(on=timezone.localdate())
    contexts = import_string(settings.CONTEXTS)
    held = {
        title_key(article.law.title) for context in contexts for each in context.cited(timezone.localdate()) for article in each.articles
    }
    asked = {title_key(law) for law, *_ in QUESTIONS}
    return services.decide_enforceable(sorted(held | asked), state="confirmed", by=by, simulated=at)


def _bank(writer: Actor, first: Actor, second: Actor, at: datetime) -> int:
    made = 0
    for law, article, text, options, told in QUESTIONS:
        found = surveying.text(title_key(law), timezone.localdate())
        if found is None or f"t{article}" not in {key for key, _, _ in found.articles}:
            continue
        row = services.propose_question(Item(law, f"t{article}", text, options, 0, told), by=writer, simulated=at)
        for reviewer, later in ((first, 1), (second, 2)):
            services.review_question(row.pk, passes=True, by=reviewer, simulated=at + timedelta(hours=later))
        made += 1
    return made


def _attempts(chance: random.Random, since: datetime, *, days: int) -> int:
    """Enough for 行政处罚法 to be published, too few for the other laws; a handful too fast to count."""
    regions = [region for region in leagues_and_banners() if region.level == 3]
    taken = 0
    for key, title, _ in asked_works():
        counts = {"officer": 40, "party": 70, "public": 60} if title.endswith("行政处罚法") else {"officer": 12, "party": 20, "public": 16}
        for stratum, people in counts.items():
            for n in range(people):
                region = chance.choice(regions)
                at = since + timedelta(days=chance.randrange(days), minutes=chance.randrange(480))
                sheet = quiz.draw(key, at=at, chance=chance)
                answers = {
                    each.question.pk: each.question.answer
                    if chance.random() < KNOWING[stratum]
                    else chance.randrange(len(each.question.options))
                    for each in sheet.items
                }
                device = quiz.digest("device", f"demo {key} {stratum} {n}")
                who = Who(stratum, region.code, region.league, chance.choice((True, True, False, None)), device)
                seconds = 6 if chance.random() < 0.03 else chance.randint(35, 240)
                quiz.take(sheet.token, answers, who, at=at + timedelta(seconds=seconds), simulated=True)
                taken += 1
    return taken


def _report(writer: Actor, decider: Actor, period: Period) -> str:
    """One evaluation from its plan to its decision; the decider is another person of the same body."""
    law = next((title for _, title, _ in asked_works() if title.endswith("行政处罚法")), "")
    if not law or decider.organisation != writer.organisation:
        return "评估报告0份"
    row = services.open_report(Plan(law, "行政处罚法简易程序实施情况评估", PLAN, period), by=writer)
    services.freeze_report(
        row.pk,
        findings="当场处罚程序条文使用集中，履行情况总体较好；公众对陈述、申辩权利和当场收缴票据的知晓不足。",
        suggestions="一、把告知和票据两条列入下一季度普法清单。二、复议、诉讼数据接入以后再次评估。",
        expert=82,
        by=writer,
        contexts=import_string(settings.CONTEXTS),
    )
    services.decide_report(row.pk, adopted="adopted", reason="列入普法清单，由法治宣传机构落实。", by=decider)
    return "评估报告1份"
