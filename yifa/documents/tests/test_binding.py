"""A case file as one PDF: every sheet in the order of the catalogue under its number, whatever the sources are; memory stays bounded."""

from __future__ import annotations

import hashlib
import io
import re
import subprocess
import tracemalloc
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from itertools import count
from pathlib import Path
from typing import Any

import pytest
from PIL import Image
from pypdf import PdfReader, PdfWriter
from pypdf.generic import ArrayObject, DictionaryObject, NameObject, StreamObject, TextStringObject

from yifa.documents import assembling
from yifa.documents.binding import Bound, Cover, Head, bind
from yifa.documents.typesetting import typesetter
from yifa.dossiers import store
from yifa.dossiers.catalogue import Paper, Place, arrange

START = datetime(2026, 3, 2, tzinfo=UTC)
COVER = Cover("昆都仑区样本局", "城区供热管网改造方案", "1502030011-31-2026-000018-3", (("案件编号", "1502030011-31-2026-000018-3"),))
HEAD = Head("test.yifa", 31, "ab" * 32)
WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"


@pytest.fixture(autouse=True)
def files(settings: Any, tmp_path: Path) -> None:
    settings.FILES = str(tmp_path)


def pdf(pages: int, word: str, *, turn: int = 0, flipped: bool = False) -> bytes:
    """`pages` sheets that say `word` and their number."""
    layout = "#set text(font: doc.fonts.body)\n" + "\n#pagebreak()\n".join(f"{word}之{n}" for n in range(1, pages + 1))
    layout = f'#set page(paper: "a4", flipped: {str(flipped).lower()})\n{layout}'
    made = typesetter("").pdf(layout, "sample.typ", {"values": {}}, date(2026, 3, 2))
    if not turn:
        return made
    writer, out = PdfWriter(clone_from=io.BytesIO(made)), io.BytesIO()
    for page in writer.pages:
        page.rotate(turn)
    writer.write(out)
    return out.getvalue()


def photo(size: tuple[int, int], *, orientation: int = 1, kind: str = "JPEG") -> bytes:
    exif, out = Image.Exif(), io.BytesIO()
    exif[0x0112] = orientation
    Image.new("RGB", size, (200, 30, 30)).save(out, kind, exif=exif)
    return out.getvalue()


def locked(content: bytes, password: str) -> bytes:
    writer, out = PdfWriter(clone_from=io.BytesIO(content)), io.BytesIO()
    writer.encrypt(password, owner_password=f"{password} and more")
    writer.write(out)
    return out.getvalue()


class File:
    """A case file of papers in their order."""

    def __init__(self) -> None:
        self.papers: list[Paper] = []

    def add(self, title: str, content: bytes, pages: int | None, mime: str = "application/pdf", place: Place = Place.EVIDENCE) -> Paper:
        n = len(self.papers)
        sha256 = store.put(content).sha256
        at = START + timedelta(minutes=n)
        self.papers.append(Paper(key=f"{n:03d}", title=title, place=place, at=at, pages=pages, sha256=sha256, mime=mime))
        return self.papers[-1]

    def bound(self, **more: Any) -> tuple[Bound, PdfReader]:
        out = io.BytesIO()
        done = bind(out, cover=COVER, volumes=arrange(self.papers), head=HEAD, day=date(2026, 9, 1), **more)
        return done, PdfReader(out, strict=True)


def text(page: Any) -> str:
    return re.sub(r"\s", "", page.extract_text())


def test_every_sheet_stands_under_the_number_of_the_catalogue() -> None:
    file = File()
    file.add("决定书", pdf(2, "决定"), 2, place=Place.DECISION)
    file.add("笔录", pdf(3, "笔录"), 3)
    file.add("报告", pdf(2, "报告"), 2, place=Place.REPORT)
    done, found = file.bound()
    pages = [text(page) for page in found.pages]
    assert (done.pages, done.sheets, done.left_out, len(pages)) == (10, 7, (), 10)
    assert pages[0].startswith("昆都仑区样本局案卷城区供热管网改造方案")
    # The catalogue says where each paper begins and ends, and there it stands.
    for title, span in (("决定书", "1-2"), ("笔录", "3-5"), ("报告", "1-2")):
        assert re.search(rf"\d{title}[0-9a-f]{{64}}2026-03-02{span}", pages[1]), title
    body = [
        "决定之1正卷第1页",
        "决定之2正卷第2页",
        "笔录之1正卷第3页",
        "笔录之2正卷第4页",
        "笔录之3正卷第5页",
        "报告之1副卷第1页",
        "报告之2副卷第2页",
    ]
    assert pages[2:9] == body
    assert "本案第31条" in pages[9]
    assert "ab" * 32 in pages[9]


@pytest.mark.parametrize("turn", [0, 90, 180, 270])
@pytest.mark.parametrize("flipped", [False, True])
def test_the_number_stands_upright_in_the_upper_right_corner_of_a_turned_page(turn: int, flipped: bool) -> None:
    file = File()
    file.add("扫描件", pdf(1, "正文", turn=turn, flipped=flipped), 1)
    out = io.BytesIO()
    bind(out, cover=COVER, volumes=arrange(file.papers), head=HEAD, day=date(2026, 9, 1))
    read = subprocess.run(
        ["pdftotext", "-f", "3", "-l", "3", "-bbox", "-", "-"], input=out.getvalue(), capture_output=True, check=True
    ).stdout.decode()
    wide, high = (842, 595) if flipped else (595, 842)
    width, height = (high, wide) if turn in (90, 270) else (wide, high)
    found = [
        tuple(map(float, box))
        for *box, word in re.findall(r'xMin="([\d.]+)" yMin="([\d.]+)" xMax="([\d.]+)" yMax="([\d.]+)">(.*?)<', read)
        if word in {"正卷", "第1页"}
    ]
    assert found
    assert min(left for left, *_ in found) > width * 0.8
    assert max(bottom for *_, bottom in found) < height * 0.06


def test_photos_stand_upright_with_their_name_and_digest() -> None:
    file = File()
    small = file.add("现场照片", photo((400, 300)), 1, "image/jpeg")
    file.add("竖拍照片", photo((400, 300), orientation=6), 1, "image/jpeg")
    file.add("截图", photo((300, 200), kind="PNG"), 1, "image/png")
    done, found = file.bound()
    assert done.left_out == ()
    first, second, third = list(found.pages)[2:5]
    assert text(first) == f"正卷第1页现场照片SHA-256{small.sha256}"
    assert [Image.open(io.BytesIO(page.images[0].data)).size for page in (first, second, third)] == [(400, 300), (300, 400), (300, 200)]


def test_what_has_no_pages_is_one_numbered_sheet_that_names_it() -> None:
    file = File()
    video = file.add("执法视频.mp4", b"\x00" * 5000, None, "video/mp4")
    file.add("调研报告😀.docx", b"PK", None, WORD)
    file.add("笔录", pdf(1, "笔录"), 1)
    done, found = file.bound()
    pages = [text(page) for page in found.pages]
    assert (done.sheets, done.left_out) == (3, ())
    assert pages[2].startswith("正卷第1页附件单名称执法视频.mp4类型录像（mp4）大小5,000字节SHA-256" + video.sha256)
    assert "调研报告〓.docx" in pages[3]
    assert pages[4] == "笔录之1正卷第3页"
    assert "没有页的（录音、录像、电子文件等）2件" in pages[5]


def test_a_broken_locked_changed_or_missing_file_keeps_its_numbers_and_breaks_nothing() -> None:
    file = File()
    good = pdf(3, "正文")
    file.add("坏文件", good[:2000], 3)
    file.add("加密文件", locked(good, "secret"), 3)
    changed, missing = file.add("被改动", pdf(1, "原件"), 1), file.add("已清除", pdf(1, "清除"), 1)
    path = store.path(changed.sha256)
    path.chmod(0o600)
    path.write_bytes(pdf(1, "改动"))
    store.remove(missing.sha256)
    file.add("少一页", pdf(1, "少页"), 2)
    file.add("限制编辑", locked(good, ""), 3)
    file.add("坏照片", b"\xff\xd8\xff\xe0 no picture", 1, "image/jpeg")
    done, found = file.bound()
    pages = [text(page) for page in found.pages]
    whys = [why for _, why in done.left_out]
    assert whys == [
        "已损坏，无法打开",
        "已加密，无法打开",
        "与记录中的 SHA-256 不一致",
        "已依法清除或者尚未到达",
        "登记为2页，文件现有1页",
        "已损坏，无法打开",
    ]
    assert pages[2].startswith("正卷第1页至第3页附件单")
    assert pages[3].startswith("正卷第4页至第6页附件单")
    assert pages[7:10] == ["正文之1正卷第11页", "正文之2正卷第12页", "正文之3正卷第13页"]
    assert "坏文件”已损坏，无法打开" in pages[-1]
    assert "改动之1" not in "".join(pages)


def test_a_source_that_fails_half_way_leaves_nothing_behind(monkeypatch: pytest.MonkeyPatch) -> None:
    """Its first page was written already when its second turned out broken."""
    file = File()
    for title in ("前件", "半坏", "后件"):
        file.add(title, pdf(2, title), 2)
    real, asked = assembling._Copy.annotations, count()

    def failing(self: Any, page: Any) -> Any:
        # 0 and 1 are the cover and the catalogue, 2 and 3 the first paper's pages.
        if next(asked) == 5:
            raise KeyError("the second page of the second paper")
        return real(self, page)

    monkeypatch.setattr(assembling._Copy, "annotations", failing)
    done, found = file.bound()
    pages = [text(page) for page in found.pages]
    assert done.left_out == (("正卷第2件“半坏”", "已损坏，无法打开"),)
    assert pages[2:4] == ["前件之1正卷第1页", "前件之2正卷第2页"]
    assert pages[4].startswith("正卷第3页至第4页附件单")
    assert pages[5:7] == ["后件之1正卷第5页", "后件之2正卷第6页"]
    assert "半坏之1" not in "".join(pages)


def test_nothing_that_acts_is_taken_over_but_what_a_field_shows_is() -> None:
    writer = PdfWriter(clone_from=io.BytesIO(pdf(1, "表格")))
    script = {NameObject("/S"): NameObject("/JavaScript"), NameObject("/JS"): TextStringObject("app.alert('x')")}
    writer.root_object[NameObject("/OpenAction")] = DictionaryObject(script)
    drawn = writer.pages[0].get_contents()
    assert drawn is not None
    look = writer._add_object(drawn)
    note = DictionaryObject(
        {
            NameObject("/Type"): NameObject("/Annot"),
            NameObject("/Subtype"): NameObject("/Widget"),
            NameObject("/Rect"): writer.pages[0].mediabox,
            NameObject("/AP"): DictionaryObject({NameObject("/N"): look}),
            NameObject("/AA"): DictionaryObject({NameObject("/E"): TextStringObject("script")}),
            NameObject("/P"): writer.pages[0].indirect_reference,
        }
    )
    writer.add_annotation(0, note)
    goes = {NameObject("/S"): NameObject("/URI"), NameObject("/URI"): TextStringObject("http://example.invalid/")}
    link = {
        NameObject("/Subtype"): NameObject("/Link"),
        NameObject("/Rect"): writer.pages[0].mediabox,
        NameObject("/A"): DictionaryObject(goes),
    }
    writer.add_annotation(0, DictionaryObject(link))
    out = io.BytesIO()
    writer.write(out)
    file = File()
    file.add("表格", out.getvalue(), 1)
    _, found = file.bound()
    kept = found.pages[2]["/Annots"]
    assert isinstance(kept, ArrayObject)
    assert [sorted(each.get_object()) for each in kept] == [["/AP", "/Rect", "/Subtype", "/Type"]]
    raw = found.stream.getvalue() if isinstance(found.stream, io.BytesIO) else b""
    assert b"JavaScript" not in raw
    assert b"example.invalid" not in raw


def test_the_outline_leads_to_every_paper() -> None:
    file = File()
    file.add("笔录", pdf(2, "笔录"), 2)
    file.add("照片", photo((40, 30)), 1, "image/jpeg")
    file.add("报告", pdf(1, "报告"), 1, place=Place.REPORT)
    _, found = file.bound()
    told: list[tuple[str, int]] = []

    def walk(items: Any) -> None:
        for each in items:
            if isinstance(each, list):
                walk(each)
            else:
                told.append((each.title, found.get_destination_page_number(each) or 0))

    walk(found.outline)
    assert told == [
        ("案卷封面", 0), ("卷内目录", 1), ("正卷", 2), ("1．笔录", 2), ("2．照片", 4), ("副卷", 5), ("1．报告", 5), ("卷内备考表", 6),
    ]  # fmt: skip


def test_an_empty_file_has_its_cover_and_its_counts() -> None:
    done, found = File().bound()
    assert (done.sheets, len(found.pages)) == (0, 3)
    assert "没有材料" in text(found.pages[2])


def test_memory_is_bounded_by_the_largest_source_not_by_the_file(tmp_path: Path) -> None:
    """Twenty scans of four megabytes: eighty in all; what is held at once stays below what three of them weigh."""
    file = File()
    typesetter("").first_unknown("字")
    for n in range(20):
        page, out = hashlib.shake_256(bytes([n])).digest(4_000_000), io.BytesIO()
        writer = PdfWriter()
        writer.add_blank_page(595, 842)

        stream = StreamObject()
        stream._data = page
        stream[NameObject("/Filter")] = NameObject("/DCTDecode")
        writer.pages[0][NameObject("/Resources")] = DictionaryObject(
            {NameObject("/XObject"): DictionaryObject({NameObject("/Im"): writer._add_object(stream)})}
        )
        writer.write(out)
        file.add(f"扫描件{n}", out.getvalue(), 1)
    tracemalloc.start()
    with (tmp_path / "bound.pdf").open("w+b") as target:
        bind(target, cover=COVER, volumes=arrange(file.papers), head=HEAD, day=date(2026, 9, 1))
        size = target.tell()
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert size > 80_000_000
    assert peak < 30_000_000, peak


def test_the_catalogue_marks_each_line_that_was_entered_late() -> None:
    file = File()
    file.add("启动请示", pdf(1, "请示"), 1)
    file.add("现场照片", photo((400, 300)), 1, "image/jpeg")
    file.papers[0] = replace(file.papers[0], late=datetime(2026, 3, 4, 18, tzinfo=UTC))
    _, found = file.bound()
    listed, back = text(found.pages[1]), text(found.pages[-1])
    assert "启动请示（补录，2026年3月5日记入）" in listed
    assert listed.count("补录") == 1
    assert "补录的正卷第1件" in back


def test_a_file_in_which_nothing_was_entered_late_says_so() -> None:
    file = File()
    file.add("启动请示", pdf(1, "请示"), 1)
    _, found = file.bound()
    assert "补录的没有" in text(found.pages[-1])
