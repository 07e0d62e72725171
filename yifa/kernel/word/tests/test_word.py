"""Word files: what is written is read back, changes can be accepted and rejected, comments stand at their clause, bad files are refused."""

from __future__ import annotations

import io
import tracemalloc
import zipfile
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree

from yifa.dossiers import images
from yifa.kernel.word import comparing, reading
from yifa.kernel.word.comparing import KEPT, TooLongError, compare
from yifa.kernel.word.reading import paragraphs
from yifa.kernel.word.refusing import MB, UnreadableError
from yifa.kernel.word.writing import Comment, anchor, commented, compared, written

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
R = "{http://schemas.openxmlformats.org/package/2006/relationships}"
T = "{http://schemas.openxmlformats.org/package/2006/content-types}"
AT = datetime(2026, 3, 2, 1, 30, tzinfo=UTC)
BODY = "昆都仑区人民政府"
BEFORE = [
    "城市养犬管理办法",
    "第一条 为了规范养犬行为，制定本办法。",
    "第二条 每户限养一只。",
    "第三条 违反的，罚款二百元。",
    "本办法自公布之日起施行。",
]
AFTER = [
    "城市养犬管理办法（试行）",
    "第一条 为了规范养犬行为，保障公众安全，制定本办法。",
    "第二条 每户限养二只。",
    "禁止遗弃。",
    "本办法自2026年5月1日起施行。",
]
# Lines as a person may write them: any characters but breaks, tabs and what XML cannot hold, and something to see.
LINE = st.text(
    st.characters(exclude_categories=("Cs", "Cc"), exclude_characters="\ufffe\uffff\u2028\u2029"), min_size=1, max_size=40
).filter(str.strip)
DRAFT = st.lists(LINE, max_size=8)
# Drafts that share words, so that paragraphs are found again and reworded.
ALIKE = st.lists(st.text("甲乙丙，。第一条12", min_size=1, max_size=12).filter(str.strip), max_size=8)


def parts(packed: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(packed)) as package:
        return {name: package.read(name) for name in package.namelist()}


def resolved(packed: bytes, *, accept: bool) -> list[str]:
    """The document after all changes are accepted or rejected, by the rules of ISO/IEC 29500-1 §17.13.5: what goes, goes with its mark,

    and a paragraph whose mark goes is one with the next.
    """
    body = etree.fromstring(parts(packed)["word/document.xml"]).find(f"{W}body")
    assert body is not None
    gone, lines, open_line = (f"{W}del", f"{W}ins")[not accept], [], ""
    for paragraph in body.findall(f"{W}p"):
        for text in paragraph.iter(f"{W}t", f"{W}delText"):
            if not any(above.tag == gone for above in text.iterancestors()):
                open_line += text.text or ""
        if paragraph.find(f"{W}pPr/{W}rPr/{gone}") is None:
            lines.append(open_line)
            open_line = ""
    assert not open_line, "the last paragraph of a document keeps its mark"
    return [line for line in lines if line.strip()]


@given(DRAFT)
@settings(max_examples=60, deadline=None)
def test_what_is_written_is_read_back(draft: list[str]) -> None:
    assert paragraphs(written(draft)) == draft


@given(st.one_of(st.tuples(DRAFT, DRAFT), st.tuples(ALIKE, ALIKE)))
@settings(max_examples=150, deadline=None)
def test_accepting_gives_the_newer_text_and_rejecting_the_older(drafts: tuple[list[str], list[str]]) -> None:
    before, after = drafts
    packed = compared(compare(before, after), author=BODY, at=AT)
    assert resolved(packed, accept=True) == after
    assert resolved(packed, accept=False) == before
    assert paragraphs(packed) == after


def test_a_comparison_marks_the_words_that_changed_and_no_others() -> None:
    rows = compare(BEFORE, AFTER)
    assert [(row.kind, [(p.kind, p.text) for p in row.pieces if p.kind != KEPT]) for row in rows] == [
        ("reworded", [("in", "（试行）")]),
        ("reworded", [("in", "保障公众安全，")]),
        ("reworded", [("out", "一"), ("in", "二")]),
        ("out", [("out", BEFORE[3])]),
        ("in", [("in", "禁止遗弃。")]),
        ("reworded", [("out", "公布之"), ("in", "2026年5月1")]),
    ]
    assert {row.kind for row in compare(BEFORE, BEFORE)} == {KEPT}


def test_a_paragraph_that_was_moved_in_between_does_not_shift_the_rest() -> None:
    articles = [f"第{n}条 各有关部门应当按照职责做好第{n * 7}项工作，接受社会监督。" for n in range(1, 200)]
    rows = compare(articles, [*articles[:50], "新增的一条，与其他的不同。", *articles[50:]])
    assert [row.after for row in rows if row.kind != KEPT] == ["新增的一条，与其他的不同。"]


def test_long_and_repetitive_drafts_are_compared_in_bounds_or_refused() -> None:
    long = "各有关部门应当依法履行职责。" * 4_000
    rows = compare([long], [long.replace("依法", "认真", 3)])
    assert "".join(row.after for row in rows) == long.replace("依法", "认真", 3)
    for draft in (["甲"] * (comparing.MAX_PARAGRAPHS + 1), ["甲" * (comparing.MAX_CHARACTERS + 1)]):
        with pytest.raises(TooLongError, match="请只保留正文"):
            compare(draft, [])


def test_every_change_names_its_author_and_moment_and_has_a_number_of_its_own() -> None:
    root = etree.fromstring(parts(compared(compare(BEFORE, AFTER), author='甲"<&', at=AT))["word/document.xml"])
    changes = list(root.iter(f"{W}ins", f"{W}del"))
    assert len({each.get(f"{W}id") for each in changes}) == len(changes) == 10
    assert {(each.get(f"{W}author"), each.get(f"{W}date")) for each in changes} == {('甲"<&', "2026-03-02T09:30:00Z")}
    assert not [text for gone in root.iter(f"{W}del") for text in gone.iter(f"{W}t")], "words taken out are delText"


def test_comments_stand_at_the_clause_they_name() -> None:
    comments = [
        Comment("昆都仑区司法局", AT, "第二条没有依据。\n建议删去。", "第二条"),
        Comment("公众意见第1条", AT, "同意", "第2条"),
        Comment("公众意见第2条", AT, "总体赞成"),
        Comment("公众意见第3条", AT, "没有这一条", "第九十九条"),
    ]
    packed = commented(BEFORE, comments)
    assert paragraphs(packed) == BEFORE
    found = parts(packed)
    body = etree.fromstring(found["word/document.xml"])
    places = {each.get(f"{W}id"): n for n, paragraph in enumerate(body.iter(f"{W}p")) for each in paragraph.iter(f"{W}commentRangeStart")}
    assert places == {"0": 2, "1": 2, "2": 0, "3": 0}
    for name in ("commentRangeEnd", "commentReference"):
        assert sorted(each.get(f"{W}id") or "" for each in body.iter(f"{W}{name}")) == ["0", "1", "2", "3"]
    told = etree.fromstring(found["word/comments.xml"]).findall(f"{W}comment")
    assert [(each.get(f"{W}id"), each.get(f"{W}author"), ["".join(p.itertext()) for p in each.iter(f"{W}p")]) for each in told] == [
        ("0", "昆都仑区司法局", ["第二条没有依据。", "建议删去。"]),
        ("1", "公众意见第1条", ["同意"]),
        ("2", "公众意见第2条", ["总体赞成"]),
        ("3", "公众意见第3条", ["没有这一条"]),
    ]


@pytest.mark.parametrize(
    ("clause", "place"),
    [
        ("第一条", 1),
        ("第一条第二款", 2),
        ("第一条第九款", 1),
        ("建议修改第 一 条", 0),
        ("第一百二十条之一", 5),
        ("第120条之1", 5),
        ("第〇条", 0),
        ("第²条", 0),
    ],
)
def test_a_clause_is_found_as_people_write_it(clause: str, place: int) -> None:
    draft = ["办法", "第一条 甲。", "第二款的内容。", "第二章 附则", "第一百二十条 乙。", "第一百二十条之一 丙。"]
    assert anchor(draft, clause) == place


@pytest.mark.parametrize(
    "packed",
    [
        written(BEFORE),
        compared(compare(BEFORE, AFTER), author=BODY, at=AT),
        commented(BEFORE, [Comment(BODY, AT, "甲")]),
        commented([], []),
    ],
)
def test_a_package_is_whole(packed: bytes, tmp_path: Path) -> None:
    found = parts(packed)
    for name, xml in found.items():
        assert etree.fromstring(xml) is not None, name
    types = etree.fromstring(found["[Content_Types].xml"])
    typed = {each.get("PartName") for each in types.iter(f"{T}Override")}
    defaults = {each.get("Extension") for each in types.iter(f"{T}Default")}
    assert typed == {f"/{name}" for name in found if not name.endswith(".rels") and name != "[Content_Types].xml"}
    assert defaults == {"rels", "xml"}
    targets = set()
    for name, base in (("_rels/.rels", ""), ("word/_rels/document.xml.rels", "word/")):
        ties = etree.fromstring(found[name]).findall(f"{R}Relationship")
        assert len({each.get("Id") for each in ties}) == len(ties)
        targets |= {base + (each.get("Target") or "") for each in ties}
    assert targets == {name for name in found if name.endswith(".xml") and name != "[Content_Types].xml"}
    kept = tmp_path / "草案.docx"
    kept.write_bytes(packed)
    assert images.sniff(kept) == images.WORD, "what we hand out may be uploaded again"


def test_the_same_draft_gives_the_same_bytes() -> None:
    assert written(BEFORE) == written(BEFORE)


def test_markup_is_text_and_characters_outside_xml_are_dropped() -> None:
    script = "<script>alert(1)</script>&amp;]]>"
    assert paragraphs(written([script, "甲\x00\x0b乙"])) == [script, "甲乙"]
    packed = commented(["办法"], [Comment(f"{script}\"'", AT, f"{script}\x08\ud800")])
    comment = etree.fromstring(parts(packed)["word/comments.xml"])[0]
    assert "".join(comment.itertext()) == script
    assert comment.get(f"{W}author") == f"{script}\"'"


def packed(document: bytes | str, *further: tuple[str, bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as package:
        for name, data in (("word/document.xml", document), *further):
            package.writestr(name, data)
    return out.getvalue()


def document(inside: str) -> str:
    mc = "http://schemas.openxmlformats.org/markup-compatibility/2006"
    return f'<w:document xmlns:w="{W[1:-1]}" xmlns:mc="{mc}"><w:body>{inside}</w:body></w:document>'


PLAIN = document("<w:p><w:r><w:t>甲</w:t></w:r></w:p>")
LAUGHS = '<!DOCTYPE a [<!ENTITY a "哈哈"><!ENTITY b "&a;&a;&a;">]><a>&b;</a>'


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"PK" + b"\0" * (30 * MB), r"30.0 MB，超过20 MB的限度；请去掉其中的图片"),
        (b"", "不是完好的"),
        (b"\xd0\xcf\x11\xe0" * 200, "另存为.docx"),
        (written(BEFORE)[:-40], "另存为.docx"),
        (packed(PLAIN, ("word/media/a.bin", b"\0" * (40 * MB))), "压缩炸弹"),
        (packed(LAUGHS), "实体"),
        (packed(LAUGHS.encode("utf-16")), "实体|损坏"),
        (packed('<?xml version="1.0" encoding="utf-16"?><!DOCTYPE a><a/>'.encode("utf-16")), "实体"),
        (packed(PLAIN.encode("gb18030")), "文档内容损坏"),
        (packed(PLAIN.encode()[:-9]), "文档内容损坏"),
        (packed("<a>" * 100_000), "文档内容损坏"),
    ],
    ids=["30 MB", "empty", "old .doc", "cut off", "bomb", "entities", "entities in UTF-16", "type in UTF-16", "encoding", "broken", "deep"],
)
def test_a_bad_file_is_refused_with_what_to_do(data: bytes, reason: str) -> None:
    with pytest.raises(UnreadableError, match=reason) as refused:
        paragraphs(data)
    assert "请" in str(refused.value)


def test_a_part_that_lies_about_its_size_is_not_unpacked() -> None:
    data = bytearray(packed(document("<w:p/>") + " " * (60 * MB)))
    real = (60 * MB + len(document("<w:p/>"))).to_bytes(4, "little")
    while (at := data.find(real)) >= 0:
        data[at : at + 4] = (1000).to_bytes(4, "little")
    tracemalloc.start()
    with pytest.raises(UnreadableError):
        paragraphs(bytes(data))
    assert tracemalloc.get_traced_memory()[1] < 3 * reading.MAX_PART
    tracemalloc.stop()


def test_a_missing_file_is_refused(tmp_path: Path) -> None:
    with pytest.raises(UnreadableError):
        paragraphs(tmp_path / "没有.docx")


def test_words_taken_out_and_doubled_boxes_are_not_text() -> None:
    inside = (
        "<w:p><w:r><w:t>甲</w:t></w:r><w:del><w:r><w:delText>丙</w:delText><w:t>丁</w:t></w:r></w:del><w:ins><w:r><w:t>乙</w:t></w:r></w:ins>"
        "<mc:AlternateContent><mc:Choice><w:r><w:t>框</w:t></w:r></mc:Choice><mc:Fallback><w:r><w:t>框</w:t></w:r></mc:Fallback>"
        "</mc:AlternateContent></w:p><w:tbl><w:tr><w:tc><w:p><w:r><w:t>一</w:t></w:r></w:p></w:tc><w:tc><w:p><w:r><w:t>二</w:t></w:r></w:p></w:tc>"
        "</w:tr></w:tbl>"
    )
    assert reading.paragraphs(packed(document(inside))) == ["甲乙框", "一 | 二"]
