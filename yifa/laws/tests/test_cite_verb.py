"""`yifa laws cite --jsonl`, from outside."""

from __future__ import annotations

import argparse
import io
import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from yifa.laws import cite, services
from yifa.laws.tests.cast import NEW, OLD

KEYS = ["law", "article", "zhi", "paragraph", "item", "subitem", "article_to", "paragraph_to", "item_to", "status", "work"]


def run(tmp_path: Path, *lines: object) -> subprocess.CompletedProcess[str]:
    """The verb in a process of its own, where no database is."""
    environment = {name: value for name, value in os.environ.items() if not name.startswith(("YIFA_", "DJANGO_"))}
    text = "".join((line if isinstance(line, str) else json.dumps(line, ensure_ascii=False)) + "\n" for line in lines)
    return subprocess.run(
        [sys.executable, "-m", "yifa.site.command", "laws", "cite", "--jsonl"],
        input=text,
        env=environment | {"YIFA_VAR": str(tmp_path / "none")},
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=False,
    )


def test_without_a_database_citations_are_found_and_left_unresolved(tmp_path: Path) -> None:
    before = sum(os.times()[:4])
    done = run(tmp_path, {"text": "依照《行政处罚法》第三十三条第一款、第二款第（一）项和本办法第三条至第五条", "document": "《甲办法》"})
    assert sum(os.times()[:4]) - before < 2  # seconds of processor time
    assert (done.returncode, done.stderr) == (0, "")
    (line,) = map(json.loads, done.stdout.splitlines())
    assert list(line) == ["citations"]
    rows = line["citations"]
    assert all(list(row) == KEYS for row in rows)
    assert [tuple(row.values()) for row in rows] == [
        ("行政处罚法", 33, None, 1, None, None, None, None, None, None, None),
        ("行政处罚法", 33, None, 2, 1, None, None, None, None, None, None),
        ("甲办法", 3, None, None, None, None, 5, None, None, None, None),
    ]
    assert not (tmp_path / "none").exists()


def test_a_bad_line_is_named_and_the_rest_is_written(tmp_path: Path) -> None:
    done = run(tmp_path, {"text": "第一条", "document": None}, "{", [1], {"text": 3}, {"text": "", "document": 5}, "", {"text": "甲"})
    assert done.returncode == 1
    assert [json.loads(line) for line in done.stdout.splitlines()][1:] == [{"citations": []}]
    assert len(done.stdout.splitlines()) == 2
    reasons = done.stderr.splitlines()
    assert [reason.split(":")[0] for reason in reasons] == ["line 2", "line 3", "line 4", "line 5"]


def test_django_is_not_imported_without_a_database() -> None:
    program = "import sys; import yifa.laws.cite; sys.exit('django' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", program], check=False).returncode == 0


@pytest.mark.django_db
def test_with_a_database_citations_are_resolved(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    services.import_texts([OLD, NEW])
    texts = ["违反试验管理法第二条、第九条", "《没有这部法》第一条", "本法第一条"]
    lines = "".join(json.dumps({"text": text, "document": "试验管理法"}) + "\n" for text in texts)
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(lines.encode())))
    parser = argparse.ArgumentParser()
    cite.arguments(parser)
    parser.set_defaults(has_database=True)
    assert cite.main(parser.parse_args(["--jsonl", "--on", "2026-11-22"])) == 0
    rows: list[dict[str, Any]] = [row for line in capsys.readouterr().out.splitlines() for row in json.loads(line)["citations"]]
    assert [(row["law"], row["article"], row["status"], row["work"]) for row in rows] == [
        ("试验管理法", 2, "resolved", "试验管理法"),
        ("试验管理法", 9, "dangling", "试验管理法"),
        ("没有这部法", 1, "unknown_work", None),
        ("试验管理法", 1, "resolved", "试验管理法"),
    ]
