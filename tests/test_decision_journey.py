"""重大行政决策 in a real Chromium: a matter goes from the yearly catalogue to its archive, and its score opens down to the minutes.

Every act is done on its page by the person whose turn it is, who signs in as himself; a citizen needs no account. The days that the law
demands pass: thirty before the public, seven working days between the acceptance of the review and the meeting.
"""

from __future__ import annotations

import io
import re
from collections.abc import Mapping
from datetime import date, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit, urlunsplit
from urllib.request import Request, urlopen

import pypdf
import pytest

from tests.decision_stage import ASKED, NARROW, REVIEWED, TEXT, TITLE, Look, ago, form_looked_at, glanced_at, looked_at, paper, people
from tests.stage import Stage, accounts, attach, clear, earlier, hears, state
from yifa.decisions.tests import world as w
from yifa.facts.tests.following import follow_all
from yifa.portal.tests.browsing import chromium, needed, serving
from yifa.site.contexts import CONTEXTS

pytestmark = [pytest.mark.browser, pytest.mark.timeout(900)]  # several servers, one after another
BODY = "昆都仑区样本住建局"
EXEMPT = ("T08", "T09", "T10", "T22")
EXPERTS = "\n".join(f"专家{mark}样本\t样本大学{mark}学院\t供热、暖通\t教授\t1350000000{n}" for n, mark in enumerate("甲乙丙丁戊己"))
__all__ = ["paper"]
PUBLIC = {"openness": "public", "secrecy_reviewer": "王保密样本", "secrecy_passed": True}


def test_a_matter_goes_from_the_catalogue_to_its_archive_and_its_score_opens_to_the_minutes(own_db: Any, paper: Path) -> None:
    needed()
    logins = accounts(people(w.build()))
    with chromium() as browser:
        with earlier(own_db, days=ASKED) as url:
            stage = Stage(url, browser, logins, form_looked_at)
            list_the_matter(stage, ago(ASKED))
            code = begin(stage, paper, ago(ASKED))
            ask_the_public(stage, code, paper)
            adopted = speak(stage, "路面恢复的期限写得太晚。", looked_at)
            refused = speak(stage, "不要改造。")
            draw_experts(stage, code)
            argue(stage, code, paper, ago(ASKED))
        with earlier(own_db, days=REVIEWED) as url:
            stage = Stage(url, browser, logins)
            answer_the_public(stage, code)
            review(stage, code, paper)
        with serving(own_db) as url:
            stage = Stage(url, browser, logins, form_looked_at)
            decide(stage, code, paper, ago())
            carry_out(stage, code, ago())
            found_in_public(stage)
            told(stage, adopted, "采纳", "已改为九月底以前恢复路面")
            told(stage, refused, "未采纳", "管网已经超过使用年限")
            lowered = judge(stage, code)
    follow_all(CONTEXTS)
    with serving(own_db) as url, chromium() as browser:
        open_the_score(Stage(url, browser, logins), lowered)


def list_the_matter(stage: Stage, today: date) -> None:
    """The government office collects, the mayor notes the party's consent, the gazette publishes."""
    matter = {"title": TITLE, "category": "project", "undertaker": BODY, "planned_on": (today + timedelta(days=200)).isoformat()}
    catalogue = stage.begin("office", "重大行政决策事项目录", list_year=today.year, matters=[matter])
    stage.do("mayor", catalogue, "consent", list_party_number=f"昆党〔{today.year}〕5号", list_party_on=today.isoformat())
    published = {"list_number": f"包昆政发〔{today.year}〕3号", "list_published_on": today.isoformat()}
    stage.do("gazette", catalogue, "publish", **PUBLIC, **published)


def begin(stage: Stage, paper: Path, today: date) -> str:
    """Proposed, entered, started, drafted, the departments asked, the plan made, and what does not apply confirmed by the bureau."""
    code = stage.begin(
        "drafter", "重大行政决策", paper, title=TITLE, category="project", source="department", problem="管网老化，冬季爆管多",
        grounds="城市供热规划", first_plan="三年改造一百二十公里", necessity="关系居民冬季取暖", feasibility="资金和施工力量有保障",
    )  # fmt: skip
    stage.do("office", code, "enter", catalogue_item=TITLE)
    named = {"undertakers": [{"name": BODY}], "responsible": "李样本", "timetable": "九月启动，年内决定"}
    stage.do("mayor", code, "start", paper, start_form="meeting", **named)
    looked_at(stage.of("drafter"), "begun")
    stage.do(
        "drafter", code, "draft", paper, research=[{"way": "入户走访", "on": today.isoformat(), "people": 40}],
        basis=[{"law": "城市供热条例"}], cost_benefit="三年投入一亿元，年节能一成", disputed=False, alternatives=1,
    )  # fmt: skip
    asked = {"unit": "昆都仑区样本水务局", "asked_on": today.isoformat(), "replied_on": today.isoformat(), "dispute": False}
    stage.do("drafter", code, "consult_departments", paper, consulted_units=[asked])
    stage.do(
        "drafter", code, "plan_participation", open_matter=True, ways=["open", "visit"], affected="城区采暖居民", affected_count=300000,
        hearing_due=False, technical=True, expert_fields=[{"field": "供热"}], risky=True, market=False, party_report_due=False,
    )  # fmt: skip
    grounds = {"T08": "not_concerned", "T09": "no_hearing", "T10": "no_hearing", "T22": "not_reportable"}
    asked_for = [{"template": key, "ground": grounds[key], "reason": "本事项不涉及"} for key in EXEMPT]
    stage.do("drafter", code, "exempt", paper, exemptions=asked_for)
    stage.do("reviewer", code, "confirm_exemptions", exempted=list(EXEMPT))
    return code


def ask_the_public(stage: Stage, code: str, paper: Path) -> None:
    """The discloser opens the consultation from the case, and the case notes it."""
    page = stage.of("clerk")
    page.goto(f"{stage.url}/desk/cases/{code}/")
    page.get_by_role("link", name="公开征求意见", exact=True).click()
    page.get_by_role("link", name="发布征求意见稿").first.click()
    page.get_by_label("起草说明").fill("管网老化，冬季爆管多，需要分三年改造。")
    page.get_by_label("草案全文").fill("\n".join(TEXT))
    clear(page)
    page.get_by_role("button", name="发布", exact=True).click()
    hears(page, "已发布，公众可以在门户")
    looked_at(page, "consultation-desk")
    stage.do("clerk", code, "consult", media=["portal", "wechat"], with_draft=True, with_explanation=True)


def speak(stage: Stage, text: str, look: Look = glanced_at) -> str:
    """A citizen, from the front page of the portal through the public catalogue to the draft; his receipt code."""
    page = stage.of("", NARROW)
    page.goto(stage.url)
    page.get_by_role("link", name="看重大决策进行到哪一步").click()
    hears(page, "现在可以参与")
    look(page, "catalogue")
    page.get_by_role("table").get_by_role("link", name=TITLE).click()
    page.get_by_role("link", name=f"公开征求意见：{TITLE}").click()
    hears(page, "施工避开采暖期")
    look(page, "draft")
    page.get_by_label("针对哪一条").fill("二")
    page.get_by_label("意见和理由").fill(text)
    page.get_by_role("button", name="提交意见").click()
    code = page.locator("#code").inner_text()
    assert re.fullmatch(r"[0-9A-Z]{4}(-[0-9A-Z]{4}){2}", code)
    look(page, "receipt")
    return code


def draw_experts(stage: Stage, code: str) -> None:
    """The office keeps the register; the undertaking body draws three, one of whom has an interest and is followed by the next."""
    page = stage.of("office")
    page.get_by_role("navigation", name="主要工作").get_by_role("link", name="决策").click()
    looked_at(page, "overview")
    page.get_by_role("link", name="专家库").click()
    page.get_by_label("从表格复制的行").fill(EXPERTS)
    page.get_by_role("button", name="成批入库").click()
    hears(page, "入库6人")
    looked_at(page, "experts")

    page = stage.of("drafter")
    page.goto(f"{stage.url}/desk/cases/{code}/")
    page.get_by_role("link", name="抽取专家", exact=True).click()
    page.get_by_label("专业领域").select_option("供热")
    page.get_by_label("抽取人数").fill("3")
    page.get_by_role("button", name="公布摘要，准备抽取").click()
    looked_at(page, "drawing-prepared")
    page.get_by_role("button", name="抽取3人").click()
    hears(page, "已抽取，种子和名次已经记录")
    hears(page, "已重新计算，与记录一致")
    looked_at(page, "drawn")
    for n in range(4):
        page.get_by_text("登记利害关系声明").first.click()
        form = page.locator("details[open] form")
        form.get_by_label("有，由下一名递补" if not n else "没有").check()
        form.get_by_label("不隶属").check()
        if not n:
            form.get_by_label("说明").fill("参加过本项目的投标")
        form.get_by_role("button", name="登记声明").click()
        hears(page, "已登记声明")
    looked_at(page, "declared")


def drawn(stage: Stage, code: str) -> list[str]:
    """Who takes part, as the page of the drawing says."""
    page = stage.of("drafter")
    page.goto(f"{stage.url}/desk/cases/{code}/")
    page.get_by_role("link", name="抽取专家", exact=True).click()
    page.get_by_role("cell", name=TITLE).get_by_role("link").click()
    hears(page, "全部名次")
    engaged = page.locator("section.sheet", has=page.get_by_text("已声明，参加论证", exact=True)).locator("h2").all_inner_texts()
    return [each.rpartition(" ")[2] for each in engaged]


def argue(stage: Stage, code: str, paper: Path, today: date) -> None:
    """Experts appointed as drawn, their signed opinions, the answers; the risk found and controllable."""
    names = drawn(stage, code)
    assert len(names) == 3
    chosen = [
        {
            "name": name, "employer": "样本大学", "field": "供热", "kind": "expert", "source": "register", "interest": False,
            "belongs": False, "drawn": True,
        }
        for name in names
    ]  # fmt: skip
    stage.do("drafter", code, "appoint_experts", paper, experts=chosen)
    said = [{"name": name, "necessity": True, "feasibility": True, "science": True, "conclusion": "可行", "signed": True} for name in names]
    stage.do("drafter", code, "argue", paper, argued_on=today.isoformat(), argued_way="meeting", opinions=said)
    points = [{"name": name, "point": "先改一级管网", "answer": "adopted", "reason": "写入方案第一条"} for name in names]
    stage.do("drafter", code, "answer_experts", expert_points=points)
    risk = {"risk": "施工扰民", "probability": 3, "effect": 2, "level": "middle", "measure": "错峰施工", "body": BODY, "plan": "设专线答复"}
    stage.do(
        "drafter", code, "assess_risk", paper, assessor=BODY, third_party=False, risk_kinds=["stability"],
        risk_methods=["opinion", "visits"], departments_heard=True, existing_assessment="none",
        assessed_on=today.isoformat(), risks=[risk], controllable="controllable",
    )  # fmt: skip
    looked_at(stage.of("drafter"), "case")


def answer_the_public(stage: Stage, code: str) -> None:
    """The term is over: each opinion is answered with its reason, the summary published, the case notes it."""
    page = stage.of("drafter")
    page.goto(f"{stage.url}/desk/cases/{code}/")
    page.get_by_role("link", name="公开征求意见", exact=True).click()
    page.get_by_role("link", name=TITLE).click()
    answers = (("第1条", "采纳", "已改为九月底以前恢复路面。"), ("第2条", "未采纳", "管网已经超过使用年限，不改造不能保证供热。"))
    for which, outcome, reason in answers:
        page.get_by_role("checkbox", name=which).check()
        page.locator("label", has_text=re.compile(f"^{outcome}$")).click()
        page.get_by_label("理由").fill(reason)
        page.get_by_role("button", name="登记采纳情况").click()
        hears(page, "已处理1条意见")
    looked_at(page, "answered")
    clerk = stage.of("clerk")
    clerk.goto(page.url)
    clerk.get_by_label("总体说明").fill("收到意见2条，采纳1条，未采纳1条。")
    clerk.get_by_role("button", name="公布", exact=True).click()
    hears(clerk, "已公布意见采纳情况")
    stage.do("drafter", code, "feed_back", classified=2, feedback_changes="路面恢复的期限提前到九月底。")


def review(stage: Stage, code: str, paper: Path) -> None:
    """The bureau accepts what was handed in, and gives its opinion with one point, which the body handles."""
    stage.do("drafter", code, "submit_review", paper, review_materials=["draft", "basis", "procedure", "public", "experts", "risk"])
    not_yet(stage, code)
    not_his(stage, code)
    stage.do("reviewer", code, "accept_review")
    # A review usually has seven working days (第二十六条第二款): the page says from when on, and an earlier opinion gives its reason.
    hears(stage.of("reviewer"), "起一般不少于7个工作日，最早")
    stage.reason = "材料简单，两名审查人员集中审查"
    stage.do(
        "reviewer", code, "review", reviewed_parts=["power", "procedure", "content"], review_points=[{"point": "写明资金来源的依据"}],
        lawyers=[{"name": "马样本", "kind": "public_lawyer", "opinion": "合法"}], legality="lawful_after_changes", written_opinion=True,
    )  # fmt: skip
    stage.reason = ""
    handled = [{"point": "写明资金来源的依据", "result": "adopted", "reason": "第三条已写明"}]
    stage.do("drafter", code, "handle_review", handled_points=handled)
    looked_at(stage.of("reviewer"), "reviewed")


def not_yet(stage: Stage, code: str) -> None:
    """Nobody goes to the meeting before the opinion: the step stands grey, and says why with its article; there is no button."""
    page = stage.of("drafter")
    page.goto(f"{stage.url}/desk/cases/{code}/")
    assert not page.locator(".next-acts").get_by_text("提交决策机关讨论").count()
    page.locator("li.future").get_by_role("link", name="提交决策机关讨论").click()
    hears(page, "现在不能办")
    hears(page, "应当先办理“处理合法性审查意见”，再办理“提交决策机关讨论”")
    page.locator(".refusal").get_by_text("第二十九条").wait_for()
    assert not page.locator("#step, .act button").count()
    looked_at(page, "why-not")


def not_his(stage: Stage, code: str) -> None:
    """An officer of a body that has no part in the matter finds nothing at its addresses."""
    page = stage.of("stranger")
    for address in (f"/desk/cases/{code}/", f"/desk/decisions/{code}/", f"/desk/cases/{code}/do/accept_review/"):
        answer = page.goto(f"{stage.url}{address}")
        assert answer is not None
        assert answer.status == 404, (address, answer.status)
        assert TITLE not in page.locator("body").inner_text()
    looked_at(page, "not-his")


def decide(stage: Stage, code: str, paper: Path, today: date) -> None:
    """The meeting, in which one dissents and the mayor speaks last; the decision; its publication with the interpretation."""
    materials = ["draft", "public", "experts", "risk", "legality"]
    stage.do("drafter", code, "prepare_meeting", paper, meeting_materials=materials)
    speeches = [
        {"name": "甲样本", "post": "副区长", "place": 1, "opinion": "for", "said": "同意"},
        {"name": "乙样本", "post": "副区长", "place": 2, "opinion": "against", "said": "财力不足，建议分步实施"},
        {"name": "孙样本", "post": "区长", "place": 3, "opinion": "for", "said": "同意，资金分三年安排", "head": True},
    ]
    met: Mapping[str, Any] = {"meeting": "standing", "meeting_name": "区人民政府第18次常务会议", "meeting_on": today.isoformat()}
    told = {**met, "entitled": 9, "present": 8, "speeches": speeches, "outcome": "adopted", "departs": False, "recorder": "丁样本"}
    meet(stage, code, paper, told)
    number = f"包昆政发〔{today.year}〕12号"
    stage.do("mayor", code, "decide", paper, decided_on=today.isoformat(), decision_number=number)
    published = {"published_on": today.isoformat(), "published_in": ["gazette", "portal"], "interpreted_on": today.isoformat()}
    stage.do("gazette", code, "publish", **PUBLIC, **published, interpretation="为什么改、怎么改、谁来出钱。", tells_adoption=True)


def meet(stage: Stage, code: str, paper: Path, told: Mapping[str, Any]) -> None:
    """A meeting said to have been before the opinion is refused; what was filled in stands there still, the day is put right."""
    page = stage.of("mayor")
    page.goto(f"{stage.url}/desk/cases/{code}/")
    page.locator(f'a[href="/desk/cases/{code}/do/deliberate/"]').first.click()
    attach(page, paper)
    early = ago(REVIEWED + 3)
    state(page, {**told, "meeting_on": early.isoformat()})
    stage.look(page, "deliberate")
    page.locator("#step .act .btn-primary").click()
    hears(page, f"会议日期{early.year}年{early.month}月{early.day}日早于审查完成日期")
    looked_at(page, "meeting-refused")
    kept = {name: page.locator(f'#step [name="{name}"]').first.input_value() for name in ("speeches.1.said", "speeches.2.said", "recorder")}
    assert kept == {"speeches.1.said": "财力不足，建议分步实施", "speeches.2.said": "同意，资金分三年安排", "recorder": "丁样本"}
    assert page.locator(".uploads li").get_by_text("✓ 已上传").count() == page.locator(".uploads li").count() > 0
    page.locator('#step [name="meeting_on"]').fill(told["meeting_on"])
    page.locator("#step .act .btn-primary").click()
    hears(page, "已经记入案卷")


def carry_out(stage: Stage, code: str, today: date) -> None:
    """The work is laid on a body, reported, found to need no evaluation; the file is archived and closed."""
    task = {"body": BODY, "task": "今年改造四十公里", "due_on": (today + timedelta(days=200)).isoformat()}
    stage.do("office", code, "plan_execution", executors=[task])
    report = {"body": BODY, "due_on": today.isoformat(), "reported_on": today.isoformat(), "content": "已经开工"}
    stage.do("drafter", code, "report_progress", reports=[report])
    stage.do("mayor", code, "trigger_evaluation", evaluation_trigger="none")
    kept = ["proposal", "start", "draft", "departments", "public", "experts", "risk", "legality", "minutes", "decision"]
    stage.do("drafter", code, "archive", archived=kept, archive_pages=120, archive_keeping="permanent")
    stage.do("drafter", code, "close")
    looked_at(stage.of("drafter"), "closed")


def told(stage: Stage, receipt: str, outcome: str, reason: str) -> None:
    """The citizen finds with his receipt code what became of his opinion."""
    page = stage.of("", NARROW)
    page.goto(stage.url)
    page.get_by_role("link", name="查我的意见是否采纳").click()
    page.get_by_label("查询码").fill(receipt)
    page.get_by_role("button", name="查询").click()
    page.locator(".answer header").get_by_text(re.compile(f"^{outcome}")).wait_for()
    page.get_by_text(reason).wait_for()
    if outcome == "未采纳":
        looked_at(page, "told")


def found_in_public(stage: Stage) -> None:
    """Whoever opens the catalogue finds how the matter ended, its number and its interpretation."""
    page = stage.of("", NARROW)
    page.goto(stage.url)
    page.get_by_role("link", name="看重大决策进行到哪一步").click()
    page.get_by_role("table").get_by_role("link", name=TITLE).click()
    hears(page, f"包昆政发〔{ago().year}〕12号")
    hears(page, "为什么改、怎么改、谁来出钱。")
    looked_at(page, "public-matter")


def judge(stage: Stage, code: str) -> str:
    """The bureau confirms what needs a person's judgment, one check lowered with its reason, then the closing score; what it came to."""
    page = stage.of("reviewer")
    page.get_by_role("navigation", name="主要工作").get_by_role("link", name="决策").click()
    page.get_by_role("link", name=TITLE).click()
    looked_at(page, "matter")
    waiting = page.locator("section, form", has=page.get_by_role("heading", name="结案得分")).locator("a").all_inner_texts()
    assert waiting, "some checks need a person's judgment"
    for n, check in enumerate(waiting):
        page.locator(f'a[href="#c-{check}"]').click()
        box = page.locator(f'[id="c-{check}"]')
        if not n:
            box.get_by_label("得分").fill("0.5")
            box.get_by_label("理由").fill("记录过于简略")
        box.get_by_role("button", name=f"确认{check}").click()
        hears(page, f"评价点{check}已确认")
    page.get_by_role("button", name="确认结案得分，计入考核").click()
    page.get_by_text(re.compile(r"结案得分\d+\.\d\d分")).wait_for()
    return waiting[0]


def open_the_score(stage: Stage, lowered: str) -> None:
    """From the sheet of the district to the page of the minutes: only by what can be clicked."""
    page = stage.of("assessor")
    page.get_by_role("navigation", name="主要工作").get_by_role("link", name="考核").click()
    page.get_by_role("link", name="各单位").click()
    page.get_by_role("link", name="昆都仑区", exact=True).click()
    page.get_by_role("link", name="O071 决策程序平均得分达标").click()
    hears(page, "DEC-10")
    looked_at(page, "score")
    page.locator("#behind").get_by_role("link", name="决策程序得分").click()
    page.get_by_role("heading", name=TITLE).wait_for()
    box = page.locator(f'[id="c-{lowered}"]')
    assert "系统建议" in (box.text_content() or ""), "the proposal is kept beside what the reviewer found"
    page.locator("summary", has_text="T21").click()
    page.locator('[id="c-T21.1"]').get_by_role("link").first.click()
    link = page.locator("li:target, :target").get_by_role("link", name="会议纪要").first
    link.wait_for()
    looked_at(page, "entry")
    with page.expect_response(lambda answer: answer.headers.get("content-type") == "application/pdf") as minutes:
        link.click()
    assert minutes.value.ok
    sheets = pypdf.PdfReader(io.BytesIO(fetched(minutes.value.url))).pages
    text = "".join(each.extract_text() for each in sheets)
    for word in ("乙样本", "财力不足", "应到9人，实到8人"):
        assert word in text, text


def fetched(address: str) -> bytes:
    """What stands at an address of the media origin: the browser's own viewer keeps the bytes of a PDF to itself."""
    parts = urlsplit(address)
    asked = Request(urlunsplit(parts._replace(netloc=f"127.0.0.1:{parts.port}")), headers={"Host": parts.netloc})  # noqa: S310
    with urlopen(asked, timeout=30) as answer:  # noqa: S310 - our own server
        return bytes(answer.read())
