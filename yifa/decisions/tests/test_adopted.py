"""公布稿: the decision with its own text, as it was adopted; 补录 in the documents of a matter and in what lists them."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, timedelta
from io import BytesIO
from typing import Any
from uuid import uuid4

import pytest
from PIL import Image
from pypdf import PdfReader

from yifa.decisions import adopted
from yifa.decisions.forms.declared import DECISION
from yifa.decisions.papers import _filed, values
from yifa.decisions.tests import world as w
from yifa.decisions.tests.test_papers import printed
from yifa.documents import bindings
from yifa.documents.models import Binding, Document
from yifa.documents.queries import papers
from yifa.documents.typesetting import typesetter
from yifa.documents.words import date_text
from yifa.dossiers import queries as dossiers
from yifa.dossiers import store
from yifa.dossiers.images import WORD
from yifa.dossiers.services import keep_evidence
from yifa.kernel.word.writing import written
from yifa.procedures import services, take
from yifa.procedures.boxes import Sent
from yifa.procedures.context import Paper, Piece
from yifa.procedures.reading import Ref
from yifa.procedures.take import LateEntry

TITLE = "重大行政决策公布稿"
TEXT = (
    "昆都仑区人民政府",
    "关于印发《城区供热管网改造方案》的通知",
    "各街道办事处，区政府各部门：",
    "第一条　三年改造一百二十公里。",
    "第二条　资金由区财政和供热企业按比例承担。",
    "昆都仑区人民政府",
    "2026年6月8日",
)
ARTICLES = "第一条三年改造一百二十公里。第二条资金由区财政和供热企业按比例承担。"


def decided(world: w.World, *files: tuple[str, str, bytes], **stated: Any) -> Ref:
    """A matter carried to its decision, made with these files: (name, type, content)."""
    ref = w.begun(world)
    w.adopted(world, ref)
    now = datetime.now(UTC)
    brought = [
        keep_evidence(by=world.mayor, title=name, kind="document", mime=mime, content=content, at=now) for name, mime, content in files
    ]
    facts = {"decided_on": w.day(), "decision_number": "包昆政发〔2026〕12号", **stated}
    take.take(ref, "decide", by=world.mayor, facts=facts, files=brought, key=uuid4(), seen_seq=None)
    return ref


def publish(world: w.World, ref: Ref, **stated: Any) -> str:
    facts = {
        **w.PUBLIC,
        "published_on": w.day(),
        "published_in": ["gazette", "portal"],
        "interpretation": "说明",
        "interpreted_on": w.day(),
    }
    w.do(ref, "publish", world.gazette, {**facts, "tells_adoption": True, **stated})
    return printed(ref, TITLE)


def of_pdf(*paragraphs: str) -> bytes:
    layout = "#set text(font: doc.fonts.body)\n#set page(width: 400pt)\n" + "\n\n".join(paragraphs)
    return typesetter("").pdf(layout, "sample.typ", {"values": {}}, date(2026, 3, 2))


def scan() -> bytes:
    out = BytesIO()
    Image.new("RGB", (600, 800), (250, 250, 250)).save(out, "PDF")
    return out.getvalue()


def test_the_decision_is_published_with_the_text_of_the_word_file_that_was_handed_in(own_db: Any) -> None:
    """第三十二条; GB/T 9704: heading, number, signer, title, when it was passed and from when it is in force, the text."""
    world = w.build()
    ref = decided(world, ("决定文本.docx", WORD, written(TEXT)), effective_on=w.day(30))
    text = publish(world, ref)
    in_force = date_text(w.today() + timedelta(days=30))
    for part in (
        "包昆政发〔2026〕12号签发人：孙样本",
        "关于印发《城区供热管网改造方案》的通知",
        f"（{date_text(w.today())}区人民政府第18次常务会议讨论通过，自{in_force}起施行）",
        "各街道办事处，区政府各部门：",
        ARTICLES,
        "公布途径：政府公报、政府网站",
        "正文据作出决定时交存的“决定文本”排印",
    ):
        assert part in text, part
    # What the paper sets itself does not stand there twice: the heading and the signature.
    assert text.count("昆都仑区人民政府") == 2
    assert text.count("关于印发") == 1
    assert text.index("签发人") < text.index("关于印发") < text.index("第一条") < text.index("公布途径")
    assert "说明" not in text


def test_the_text_of_a_pdf_is_published_too(own_db: Any) -> None:
    world = w.build()
    ref = decided(world, ("决定文本.pdf", "application/pdf", of_pdf(*TEXT)))
    assert ARTICLES in publish(world, ref)


def test_a_scan_is_named_as_the_decision_and_lies_in_the_file(own_db: Any) -> None:
    world = w.build()
    ref = decided(world, ("决定文本.pdf", "application/pdf", scan()))
    text = publish(world, ref)
    assert "决定的正文见随附的“决定文本”（1页）" in text
    assert "装入案卷，正文以该文件为准" in text
    volumes = dossiers.catalogue(world.drafter, ref.code, papers=papers) or ()
    (attached,) = [line.paper for volume in volumes for line in volume.lines if line.paper.title == "决定文本.pdf"]
    assert attached.sha256 in text


def test_what_was_written_comes_before_the_file_and_what_is_published_before_what_was_decided(own_db: Any) -> None:
    """依法不予公开的内容 stays out: whoever publishes writes the text without it."""
    world = w.build()
    ref = decided(world, ("决定文本.docx", WORD, written(TEXT)), decision_text="第一条　写在系统里的正文。\n第二条　应急储备点的位置。")
    text = publish(world, ref, published_text="第一条　写在系统里的正文。\n第二条　（依法不予公开）")
    assert "写在系统里的正文" in text
    assert "（依法不予公开）" in text
    assert "应急储备点" not in text
    assert "三年改造一百二十公里" not in text
    assert "SHA-256" not in text


def test_a_decision_signed_by_somebody_else_names_him(own_db: Any) -> None:
    world = w.build()
    ref = decided(world, ("决定文本.docx", WORD, written(TEXT)), decision_signer="钱样本")
    assert "签发人：钱样本" in publish(world, ref)


PIECE = Piece("决定文本.docx", "", "", "decide", 9, datetime(2026, 6, 8, tzinfo=UTC), None, "ab" * 32, WORD)


def paper(facts: dict[str, Any], *pieces: Piece, texts: Any = None) -> Paper:
    return Paper(
        form=DECISION,
        step="publish",
        case=None,
        facts=facts,
        personal={},
        register={"organisation": {"name": "样本局"}},
        number="",
        case_number="1502030011-31-2026-000018-3",
        at=datetime(2026, 6, 20, 2, tzinfo=UTC),
        public_url="",
        proof="",
        evidence=(),
        earlier=(),
        reckon=lambda _term, start: start,
        pieces=pieces,
        text_of=lambda piece: (texts or {}).get(piece.sha256),
    )


def test_a_decision_made_again_has_its_newest_text() -> None:
    newer = Piece(**{**PIECE.__dict__, "seq": 12, "sha256": "cd" * 32})
    found = adopted.adopted(paper({}, PIECE, newer, texts={PIECE.sha256: ["旧文本。"], newer.sha256: ["新文本。"]}), government="")
    assert (found.paragraphs, found.file) == (("新文本。",), newer)
    # The files of other steps, and documents, are not the decision.
    other = Piece(**{**PIECE.__dict__, "seq": 20, "step": "archive", "sha256": "ef" * 32})
    assert adopted.adopted(paper({}, PIECE, other, texts={other.sha256: ["目录"]}), government="").files == (PIECE,)


@pytest.mark.parametrize(
    ("lines", "headline", "body"),
    [
        (["城区供热管网改造方案", "一、总体要求"], "城区供热管网改造方案", ("一、总体要求",)),
        (
            ["样本区人民政府文件", "样政发〔2026〕1号", "城区供热管网改造方案（试行）", "正文。"],
            "城区供热管网改造方案（试行）",
            ("正文。",),
        ),
        # A sentence that names the matter is text, and so is a title said again further down.
        (["现公布城区供热管网改造方案。", "正文。"], "", ("现公布城区供热管网改造方案。", "正文。")),
        (["正文。", "城区供热管网改造方案"], "", ("正文。", "城区供热管网改造方案")),
        (["正文。", "样本区人民政府", "2026 年 6 月 8 日"], "", ("正文。",)),
        (["城区供热管网改造方案"], "城区供热管网改造方案", ()),
        ([], "", ()),
    ],
)
def test_heading_and_signature_are_told_from_the_text(lines: list[str], headline: str, body: tuple[str, ...]) -> None:
    facts = {"title": "城区供热管网改造方案", "decision_number": "样政发〔2026〕1号"}
    assert adopted.trimmed(lines, facts, "样本区人民政府") == (headline, body)


def test_the_paper_bears_the_day_of_the_decision_and_not_of_its_publication() -> None:
    facts = {"title": "供热", "decided_on": date(2026, 6, 8), "published_on": date(2026, 6, 20), "published_in": ["portal"]}
    told = values(paper(facts, PIECE, texts={PIECE.sha256: ["正文。"]}))
    assert (told["dated"], told["published_on"], told["headline"]) == (date(2026, 6, 8), date(2026, 6, 20), "供热")
    assert told["passed"] == told["signer"] == told["attached"] == ""


# 补录


def entered_late(world: w.World) -> Ref:
    stated = {"title": "城区供热管网改造方案", "category": "project", "source": "department", "problem": "老化", "grounds": "规划"}
    at = datetime.now(UTC) - timedelta(days=40)
    late = LateEntry("系统启用以前办理", "样建〔2026〕7号")
    facts = stated | {"first_plan": "三年改造", "necessity": "取暖", "feasibility": "可行"}
    return take.start("major_decision", by=world.drafter, at=at, facts=facts, files=(w.file(world.drafter),), key=uuid4(), late=late).ref


def test_a_document_of_an_act_entered_late_says_who_when_and_why(own_db: Any) -> None:
    world = w.build()
    ref = entered_late(world)
    text = printed(ref, "重大行政决策启动请示")
    happened, today = date_text(w.today() - timedelta(days=40)), date_text(w.today())
    assert re.search(rf"本文书所载事项于{happened}\d+时\d+分办理，{today}\d+时\d+分由昆都仑区样本住建局李样本补录", text)
    assert "纸质文书编号样建〔2026〕7号。补录的理由：系统启用以前办理。" in text
    assert "（补录）" in text
    # The next act is entered when it is done.
    w.do(ref, "enter", world.office, {"catalogue_item": str(w.listed(world).id)})
    starting = {"start_form": "meeting", "undertakers": [{"name": "样本住建局"}], "responsible": "李样本", "timetable": "年内完成"}
    w.do(ref, "start", world.mayor, starting, files=1)
    assert "补录" not in printed(ref, "重大行政决策启动通知书")


def test_the_draft_of_a_late_entry_says_so_before_it_is_made(own_db: Any) -> None:
    world = w.build()
    late = {"late_at": "2026-03-02T09:30", "late_reason": "停电"}
    told = services.late_words(world.drafter, Sent({}, {}, (), late, "", None))
    assert told.startswith("本文书所载事项于2026年3月2日9时30分办理，")
    assert told.endswith("由昆都仑区样本住建局李样本补录。补录的理由：停电。")
    for unfilled in ({}, {"late_at": "三月"}):
        assert services.late_words(world.drafter, Sent({}, {}, (), unfilled, "", None)) == ""


def test_the_file_lists_what_was_entered_late(own_db: Any) -> None:
    """On the page of the catalogue and in the bound file, documents and what came with the act alike."""
    world = w.build()
    ref = entered_late(world)
    w.do(ref, "enter", world.office, {"catalogue_item": str(w.listed(world).id)})
    volumes = dossiers.catalogue(world.drafter, ref.code, papers=papers) or ()
    late = {line.paper.title: line.paper.late is not None for volume in volumes for line in volume.lines}
    assert late == {"重大行政决策启动请示": True, "草案.docx": True}
    dossier = dossiers.case(world.drafter, ref.code)
    assert dossier
    row = bindings.ask(dossier, by=world.drafter, papers=papers, at=datetime.now(UTC))
    assert row
    assert row.state == Binding.State.DONE
    listed = re.sub(r"\s", "", PdfReader(BytesIO(store.path(row.sha256).read_bytes())).pages[1].extract_text())
    assert listed.count(f"（补录，{date_text(w.today())}记入）") == 2


def test_the_archive_list_marks_what_was_entered_late(own_db: Any) -> None:
    """归档目录: each paper with its day and pages; a supplementary one is marked."""
    world = w.build()
    ref = w.carried_to_the_end(world)
    text = printed(ref, "重大行政决策归档目录")
    numbers = list(Document.objects.filter(dossier=ref.code, seq=1).values_list("number", flat=True))
    assert re.sub(r"\s", "", numbers[0]) in text
    assert "卷内证据和附件" in text
    assert "记入）" not in text
    late = Piece(**{**PIECE.__dict__, "late": datetime(2026, 7, 1, 2, tzinfo=UTC)})
    first, second = _filed([PIECE, late])
    assert (first["n"], first["title"], first["note"]) == ("1", "决定文本", "")
    assert (second["n"], second["on"], second["note"]) == ("2", "2026年6月8日", "补录（2026年7月1日记入）")
