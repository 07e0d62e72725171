"""The text of files that were handed in: Word and PDF, put together as paragraphs; a scan and a broken file have none."""

from __future__ import annotations

import io
from pathlib import Path
from typing import Any

import pytest
from PIL import Image
from pypdf import PdfWriter

from yifa.dossiers import store, texts
from yifa.dossiers.images import WORD
from yifa.kernel.word.refusing import UnreadableError
from yifa.kernel.word.writing import written

PDF = "application/pdf"


@pytest.fixture(autouse=True)
def files(settings: Any, tmp_path: Path) -> None:
    settings.FILES = str(tmp_path)


def kept(content: bytes) -> str:
    return store.put(content).sha256


def scan() -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (600, 800), (250, 250, 250)).save(out, "PDF")
    return out.getvalue()


def test_a_word_file_is_read_paragraph_by_paragraph() -> None:
    assert texts.paragraphs(kept(written(["第一条　总则", "", "第二条　分则"])), WORD) == ["第一条　总则", "第二条　分则"]


@pytest.mark.parametrize("content", [b"%PDF-1.7 broken", b""])
def test_a_broken_file_has_no_text(content: bytes) -> None:
    with pytest.raises(UnreadableError):
        texts.paragraphs(kept(content), PDF)


def test_a_scan_an_empty_and_a_locked_file_have_no_text() -> None:
    with pytest.raises(UnreadableError, match="扫描件"):
        texts.paragraphs(kept(scan()), PDF)
    with pytest.raises(UnreadableError, match="没有文字"):
        texts.paragraphs(kept(written([""])), WORD)
    writer, out = PdfWriter(clone_from=io.BytesIO(scan())), io.BytesIO()
    writer.encrypt("locked")
    writer.write(out)
    with pytest.raises(UnreadableError):
        texts.paragraphs(kept(out.getvalue()), PDF)


def test_a_file_that_is_not_what_the_record_names_is_not_read() -> None:
    sha256 = kept(written(["正文。"]))
    store.path(sha256).chmod(0o644)
    store.path(sha256).write_bytes(written(["改过的正文。"]))
    with pytest.raises(UnreadableError, match="不一致"):
        texts.paragraphs(sha256, WORD)


def test_what_is_neither_word_nor_pdf_and_what_is_gone_is_not_read() -> None:
    with pytest.raises(UnreadableError, match="Word"):
        texts.paragraphs(kept(b"picture"), "image/png")
    with pytest.raises(UnreadableError):
        texts.paragraphs("0" * 64, PDF)


def test_lines_of_pages_become_paragraphs_again() -> None:
    lines = [
        "城区供热管网改造方案",
        "为了保障居民冬季取暖，根据《城镇供热条例》，结合本区实际，制",
        "定本方案。",
        "— 1 —",
        "一、总体要求",
        "分三年改造管网一百二十公里，同步恢复道路、绿化，分期实施，先易",
        "第 2 页",
        "后难，确保冬季供热不受影响。",
        "（一）资金由区财政和供热企业按比例承担，居民不承担改造费用，区财",
        "政逐年列支。",
    ]
    assert texts.joined(lines) == [
        "城区供热管网改造方案",
        "为了保障居民冬季取暖，根据《城镇供热条例》，结合本区实际，制定本方案。",
        "一、总体要求",
        "分三年改造管网一百二十公里，同步恢复道路、绿化，分期实施，先易后难，确保冬季供热不受影响。",
        "（一）资金由区财政和供热企业按比例承担，居民不承担改造费用，区财政逐年列支。",
    ]
