"""`yifa laws import` and `yifa laws article` on odd input: a clear word, an exit status, and nothing half written."""

from __future__ import annotations

import argparse
import json
import os
import random
import zipfile
from pathlib import Path
from typing import Any

import pytest

from yifa.laws import command
from yifa.laws.models import Expression, Node, Work

pytestmark = pytest.mark.django_db
TEXT = """包头市停车管理试验办法
（2020年1月1日包头市人民政府令第3号公布　自2020年3月1日起施行）
第一条　为了管理停车，制定本办法。
第十七条　违反规定的，处二百元罚款。
第十七条之一　有下列情形之一的，不予处罚：
（一）甲；
（二）乙。

前款情形应当记录。
"""


def run(capsys: pytest.CaptureFixture[str], *words: str) -> tuple[int, dict[str, Any], str]:
    """(exit status, what was printed as JSON, what was said on standard error)."""
    parser = argparse.ArgumentParser()
    command.arguments(parser)
    try:
        code = command.main(parser.parse_args([*words, "--json"]))
    except SystemExit as stopped:
        code = int(stopped.code or 0)
    out, err = capsys.readouterr()
    return code, json.loads(out) if out else {}, err


def folder(at: Path, **files: bytes) -> str:
    for name, data in files.items():
        (at / name.replace("_", ".")).write_bytes(data)
    return str(at)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
def test_texts_in_the_usual_encodings_come_in(tmp_path: Path, capsys: pytest.CaptureFixture[str], encoding: str) -> None:
    code, report, _ = run(capsys, "import", folder(tmp_path, a_txt=TEXT.encode(encoding)))
    assert (code, report["works"], report["articles"]) == (0, 1, 3)


def test_broken_bytes_are_told_and_the_rest_comes_in(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    data = TEXT.replace("甲；", "\0甲；").encode().replace("记录".encode(), b"\xff\xfe\xfa")
    code, report, _ = run(capsys, "import", folder(tmp_path, a_txt=data))
    assert (code, report["works"]) == (0, 1)
    assert any("字节无法按UTF-8识别" in each["reason"] for each in report["irregular"])


def test_a_file_whose_name_is_no_text_comes_in(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    Path(os.fsdecode(os.fsencode(tmp_path) + b"/\xff\xfe.txt")).write_bytes(TEXT.replace("（2020", "(20", 1).encode())
    Path(os.fsdecode(os.fsencode(tmp_path) + b"/\xb8\xa1.txt")).write_bytes(TEXT.encode())
    code, report, _ = run(capsys, "import", str(tmp_path))
    assert (code, report["works"]) == (0, 1)


@pytest.mark.parametrize(
    ("files", "said"),
    [
        ({}, ""),
        ({"a_pdf": b"%PDF"}, ""),
        ({"a_txt": b" \n"}, "文件是空的"),
        ({"a_txt": random.Random(1).randbytes(3000)}, "没有名称或者公布日期"),
        ({"a_txt": "包头市试验办法\n（2020年2月30日公布）\n第一条　甲。".encode()}, "没有名称或者公布日期"),
        ({"a_docx": b"no zip"}, "不是完好的.docx文件"),
        ({"a_doc": b"\xd0\xcf\x11\xe0"}, "另存为.docx"),
        ({"a_docx": b"0" * 30_000_000}, "超过20 MB"),
        ({"a_txt": b"a" * 9_000_000}, "超过8 MB"),
    ],
)
def test_where_nothing_can_be_taken_the_exit_status_says_so(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], files: dict[str, bytes], said: str
) -> None:
    code, report, err = run(capsys, "import", folder(tmp_path, **files))
    assert (code, report["works"]) == (1, 0)
    assert "没有可以收录的文本" in err
    assert all(said in each["reason"] for each in report["irregular"])
    assert bool(report["irregular"]) is bool(said)
    assert not Work.objects.exists()


def test_a_path_that_is_none_and_a_bomb_are_refused_whole(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    bomb = tmp_path / "bomb.zip"
    with zipfile.ZipFile(bomb, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("a.txt", TEXT)
        archive.writestr("b.txt", bytes(70_000_000))
        for n in range(10):
            archive.writestr(f"c{n}.txt", bytes(60_000_000))
    for path, said in ((tmp_path / "none", "没有这个文件"), (bomb, "压缩炸弹")):
        code, report, err = run(capsys, "import", str(path))
        assert (code, report) == (1, {})
        assert said in err
    assert not Expression.objects.exists()


def test_an_article_that_stands_twice_is_kept_and_told(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    code, report, _ = run(capsys, "import", folder(tmp_path, a_txt=(TEXT + "第十七条　另外的话。\n").encode()))
    assert code == 0
    assert any("重复出现:第十七条" in each["reason"] for each in report["irregular"])
    assert Node.objects.filter(text__contains="另外的话").exists()
    assert Node.objects.filter(text__contains="二百元").exists()


@pytest.mark.parametrize(
    ("number", "key"),
    [
        ("17", "t17"),
        ("１７", "t17"),
        ("十七", "t17"),
        ("第十七条", "t17"),
        ("17条", "t17"),
        ("第十七条之一", "t17_1"),
        ("十七条之一", "t17_1"),
        ("17之1", "t17_1"),
        ("第十七条之一第一款第（二）项", "t17_1.k1.x2"),
        ("第十七条之一第2款", "t17_1.k2"),
    ],
)
def test_an_article_is_asked_for_as_people_write_it(tmp_path: Path, capsys: pytest.CaptureFixture[str], number: str, key: str) -> None:
    run(capsys, "import", folder(tmp_path, a_txt=TEXT.encode()))
    code, answer, _ = run(capsys, "article", "包头市停车管理试验办法", number, "--on", "2024-01-01")
    assert (code, answer["state"], answer["article"]) == (0, "resolved", key)


@pytest.mark.parametrize(
    ("words", "code", "state"),
    [
        (("99",), 1, "dangling"),
        (("第十七条之九",), 1, "dangling"),
        (("1", "--on", "2019-12-31"), 1, "repealed_at_date"),
        (("1", "--on", "2020-02-01"), 1, "repealed_at_date"),
        (("abc",), 2, None),
        (("0",), 2, None),
        (("第一百二十条之",), 2, None),
        (("第一条至第三条",), 2, None),
        (("第一条、第三条",), 2, None),
        (("1", "--on", "2020-02-30"), 2, None),
    ],
)
def test_what_is_no_provision_of_that_day_is_told(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], words: tuple[str, ...], code: int, state: str | None
) -> None:
    run(capsys, "import", folder(tmp_path, a_txt=TEXT.encode()))
    found, answer, err = run(capsys, "article", "包头市停车管理试验办法", *words)
    assert (found, answer.get("state")) == (code, state)
    assert err


def test_a_title_of_two_works_is_ambiguous(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for city in ("包头市", "赤峰市"):
        (tmp_path / city).mkdir()
        lines = ("停车场管理试验办法", f"（2020年1月1日{city}人民政府令第3号公布）", f"第一条　{city}。", f"{city}人民政府")
        (tmp_path / city / "a.txt").write_text("\n".join(lines))
    code, report, _ = run(capsys, "import", str(tmp_path))
    assert (code, report["works"]) == (0, 2)
    code, answer, err = run(capsys, "article", "停车场管理试验办法", "1", "--on", "2024-01-01")
    assert (code, answer["state"]) == (1, "ambiguous")
    assert "可以指" in err
