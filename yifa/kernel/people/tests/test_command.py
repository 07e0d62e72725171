"""`yifa check --jsonl`: one answer a line, bad lines named, fast, without Django."""

from __future__ import annotations

import json
import os
import subprocess
import sys

ASK = [
    '{"kind": "uscc", "value": "91350100M000100Y43"}',
    '{"kind": "uscc", "value": "91350100M000100Y44"}',
    '{"kind": "id", "value": "11010519491231002X"}',
    '{"kind": "id", "value": "110105299912310024"}',
]


def run(*lines: str | bytes) -> tuple[list[dict[str, object]], str, int]:
    text = b"\n".join(line if isinstance(line, bytes) else line.encode() for line in lines)
    done = subprocess.run([sys.executable, "-m", "yifa.site.command", "check", "--jsonl"], input=text, capture_output=True, check=False)
    return [json.loads(line) for line in done.stdout.decode().splitlines()], done.stderr.decode(), done.returncode


def test_each_line_is_answered_in_order() -> None:
    answers, errors, code = run(*ASK)
    assert [answer["valid"] for answer in answers] == [True, False, True, False]
    assert answers[0]["reason"] == ""
    assert "晚于今天" in str(answers[3]["reason"])
    assert (errors, code) == ("", 0)


def test_bad_lines_are_named_and_the_rest_is_answered() -> None:
    bad: list[str | bytes] = ["nonsense", "[]", '{"kind": "vat", "value": "1"}', '{"kind": "id", "value": 11}', b"\xff\xfe", "[" * 100_000]
    answers, errors, code = run(ASK[0], *bad, ASK[2])
    assert [answer["valid"] for answer in answers] == [True, *[False] * 6, True]
    for n, words in enumerate(["不是 JSON", "应为 JSON 对象", '"kind"', '"value"', "不是 UTF-8", "不是 JSON"], 2):
        assert f"第 {n} 行" in str(answers[n - 1]["reason"])
        assert words in str(answers[n - 1]["reason"])
    assert len(errors.splitlines()) == 6
    assert code == 1


def test_it_starts_in_well_under_a_second_without_django() -> None:
    before = sum(os.times()[:4])
    done = subprocess.run(
        [sys.executable, "-X", "importtime", "-m", "yifa.site.command", "check", "--kind", "id", "--value", "x"],
        capture_output=True,
        text=True,
        check=False,
    )
    assert sum(os.times()[:4]) - before < 2  # seconds of processor time
    assert done.returncode == 1
    assert "django" not in done.stderr
    assert "应为 18 位" in done.stderr
