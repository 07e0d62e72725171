"""The review screen: what a document cites and where that leads, words that deserve a look, and who may see it."""

from __future__ import annotations

import io
import zipfile
from datetime import date
from typing import Any

import pytest
from django.test import Client

from yifa.dossiers import store
from yifa.kernel.ledger.models import Entry
from yifa.kernel.people.actors import Actor
from yifa.kernel.people.models import Person
from yifa.laws.models import Expression, HintChoice, Node, Title, Work
from yifa.laws.rules import title_key
from yifa.normative.flags import flags
from yifa.normative.models import NormativeDocument
from yifa.normative.profiles import level_title
from yifa.normative.reviewing import sheet
from yifa.normative.tests import filing_world as fw
from yifa.normative.tests.test_filing import bureau_with_document

TEXT = """第一条 根据《样本管理法》第二条和《样本管理法》第九十九条、《废止样本法》第一条,制定本办法。
第二条 违反本办法第一条的,处五百元罚款,并扣押犬只。
第三条 依照《样本管理法》第三条的规定处以罚款。
第四条 <script>alert(1)</script>办理登记应当提供无犯罪证明。"""


def law(title: str, *, ended_on: date | None = None) -> None:
    """A law of three articles, in force since 2020."""
    work = Work.objects.create(slug=title_key(title), title=title, type="FL", sort_key=title)
    Title.objects.create(work=work, key=title_key(title), kind="full")
    text = Expression.objects.create(
        work=work,
        version="2020-01-01",
        published_on=date(2020, 1, 1),
        effective_on=date(2020, 1, 1),
        ended_on=ended_on,
        ending="废止" if ended_on else "",
        splitter=0,
    )
    for n, words in enumerate(("一", "二", "三"), 1):
        Node.objects.create(expression=text, key=f"t{n}", kind="条", number=f"第{words}条", text=f"本法第{words}条的内容。", order=n)


def test_citations_are_resolved_dangling_or_repealed(own_db: Any) -> None:
    law("样本管理法")
    law("废止样本法", ended_on=date(2024, 1, 1))
    bureau = bureau_with_document(text=TEXT)
    assert bureau
    found = sheet(NormativeDocument.objects.get(code=fw.CODE), on=date(2026, 11, 1))
    said = {each.label: (each.says, each.text) for each in found.provisions}
    assert said["《样本管理法》第二条"] == ("已核对", "本法第二条的内容。")
    assert said["《样本管理法》第九十九条"][0] == "没有这一条款"
    assert said["《废止样本法》第一条"][0] == "已经失效或者尚未施行"
    assert found.wrong == 2
    assert not any("养犬" in label for label in said)  # 本办法第一条 is the document itself
    assert "".join(piece.text for line in found.lines for piece in line) == TEXT.replace("\n", "")


def test_every_flag_shows_its_sentence_and_words() -> None:
    found = [(flag.kind.key, flag.words, flag.refers) for flag in flags(TEXT)]
    assert found == [
        ("penalty", ("罚款",), False),
        ("coercion", ("扣押",), False),
        ("penalty", ("罚款",), True),
        ("proof", ("提供无犯罪证明",), False),
    ]
    assert next(flags(TEXT)).sentence == "第二条 违反本办法第一条的,处五百元罚款,并扣押犬只。"
    assert not list(flags("本办法自公布之日起施行。"))


def packed(body: str) -> bytes:
    package = io.BytesIO()
    space = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
    with zipfile.ZipFile(package, "w", zipfile.ZIP_DEFLATED) as file:
        file.writestr("word/document.xml", f'<w:document xmlns:w="{space}"><w:body>{body}</w:body></w:document>')
    return package.getvalue()


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (packed("<w:p><w:r><w:t>第一条 处罚款。</w:t></w:r></w:p>"), ""),
        ("第一条 处罚款。".encode("gb18030"), ""),
        (packed("<w:p><w:r><w:t>" + "罚" * 30_000_000 + "</w:t></w:r></w:p>"), "压缩"),
        (b"PK\x03\x04" + b"broken", "不是完好的"),
        (b"%PDF-1.7\x00\x00 binary", "不是可以读取的文本格式"),
    ],
)
def test_the_published_file_is_read_safely(own_db: Any, content: bytes, told: str) -> None:
    stored = store.put(content)
    bureau_with_document(text_sha256=stored.sha256)
    found = sheet(NormativeDocument.objects.get(code=fw.CODE), on=date(2026, 11, 1))
    if told:
        assert told in found.unreadable
    else:
        assert ["".join(piece.text for piece in line) for line in found.lines] == ["第一条 处罚款。"]
        assert [flag.kind.key for flag in found.flags] == ["penalty"]


def test_a_document_without_a_text_says_so(own_db: Any) -> None:
    bureau_with_document()
    assert "没有附可以读取的正式文本" in sheet(NormativeDocument.objects.get(code=fw.CODE), on=date(2026, 11, 1)).unreadable


def signed_in(actor: Actor) -> Client:
    client = Client()
    client.force_login(Person.objects.get(pk=actor.person), backend="django.contrib.auth.backends.ModelBackend")
    session = client.session
    session["people.post"], session["people.factor"] = actor.post, True
    session.save()
    return client


def test_the_screen_shows_the_levels_to_the_bureau_and_to_nobody_else(own_db: Any) -> None:
    law("样本管理法")
    bureau = bureau_with_document(text=TEXT)
    ref = fw.registered(bureau)
    fw.review(bureau, ref, 1, "D", superior=("problem", "第二条没有依据"))
    fw.review(bureau, ref, 2, "A", superior=("sound", "有依据"))
    page = signed_in(bureau.deputy).get(f"/desk/normative/review/{ref.code}/")
    assert page.status_code == 200
    shown = page.content.decode()
    for words in ("第二条没有依据", "与下一级不同", "初审（承办人）", "提出复核意见", "没有这一条款", "行政强制", "本法第二条的内容"):
        assert words in shown
    assert "<script>alert" not in shown
    assert "&lt;script&gt;alert" in shown
    step = signed_in(bureau.deputy).get(f"/desk/cases/{ref.code}/do/review_3/").content.decode()
    assert 'name="superior_3" value="sound" checked' in step
    assert f"/desk/normative/review/{ref.code}/" in step
    listed = signed_in(bureau.deputy).get("/desk/normative/review/").content.decode()
    assert ref.code in listed
    assert signed_in(bureau.maker).get(f"/desk/normative/review/{ref.code}/").status_code == 403
    assert signed_in(bureau.world.justice).get(f"/desk/normative/review/{ref.code}/").status_code == 404


def test_the_levels_are_called_as_on_their_day() -> None:
    assert level_title(3, date(2017, 5, 1)) == "复核（分管副主任）"
    assert level_title(4, date(2017, 5, 1)) == "终审（主任）"
    assert level_title(3, date(2023, 12, 1)) == "复核（分管副厅（局）长）"
    assert level_title(2, date(2010, 1, 1)) == "复审（处长）"


def test_a_clause_and_the_article_it_cites_have_a_hint_and_the_choice_is_kept(own_db: Any) -> None:
    law("样本管理法")
    bureau = bureau_with_document(text=TEXT)
    ref = fw.registered(bureau)
    found = sheet(NormativeDocument.objects.get(code=fw.CODE), on=date(2026, 11, 1))
    cited = {each.label: each for each in found.provisions}
    assert cited["《样本管理法》第三条"].clauses == ("第三条",)
    assert cited["《样本管理法》第九十九条"].leads is None
    reviewer = signed_in(bureau.deputy)
    screen = reviewer.get(f"/desk/normative/review/{ref.code}/").content.decode()
    assert "第三条与本条不一致时：适用《样本管理法》第三条" in screen
    address = f"/desk/normative/review/{ref.code}/hint/"
    asked = {"n": str(cited["《样本管理法》第三条"].n), "clause": "第三条"}
    page = reviewer.get(address, asked).content.decode()
    assert "第三条 依照《样本管理法》第三条的规定处以罚款。" in page
    assert "本法第三条的内容。" in page
    assert "不一致时，适用《样本管理法》第三条" in page
    refused = reviewer.post(address, {**asked, "choice": "second", "reason": " "})
    assert refused.status_code == 422
    assert "请写明选择的理由" in refused.content.decode()
    assert reviewer.post(address, {**asked, "choice": "second", "reason": "处罚只能由法律、法规、规章设定"}).status_code == 302
    row = HintChoice.objects.get()
    assert (row.about, row.second, row.choice) == (ref.code, "《样本管理法》第三条", "second")
    assert row.hint["winner"] == "《样本管理法》第三条"
    assert row.hint["rule"]
    assert Entry.objects.filter(chain=f"conflict:{row.id}", step="choose").count() == 1
    assert "适用后一规定" in reviewer.get(f"/desk/normative/review/{ref.code}/").content.decode()
    assert "处罚只能由法律、法规、规章设定" in reviewer.get(address, asked).content.decode()
    assert reviewer.get(address, {**asked, "clause": "第九条"}).status_code == 404
    assert reviewer.get(address, {**asked, "act_on": "昨天"}).status_code == 422
    assert signed_in(bureau.maker).get(address, asked).status_code == 403
    assert signed_in(bureau.world.justice).get(address, asked).status_code == 404
