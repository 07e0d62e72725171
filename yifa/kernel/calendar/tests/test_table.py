"""The committed table against facts that everyone knows, and its own consistency."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from datetime import date

import pytest

from yifa.kernel.calendar import table

CN = table.calendar()


def test_the_table_covers_2004_to_2026_and_knows_nothing_of_2027() -> None:
    assert CN.years == frozenset(range(2004, 2027))


def test_rows_are_in_order_and_each_day_once() -> None:
    days = [row.day for row in table.rows()]
    assert days == sorted(set(days))


def test_every_adjusted_working_day_is_a_weekend_day() -> None:
    assert [row.day for row in table.rows() if row.kind == table.WORK and row.day.weekday() < 5] == []


@pytest.mark.parametrize(
    ("day", "works", "why"),
    [
        ("2025-10-08", False, "国庆节"),
        ("2025-10-11", True, "调休上班(国庆节)"),
        ("2026-02-14", True, "调休上班(春节)"),
        ("2026-11-21", False, "周六"),
        ("2026-11-23", True, ""),
    ],
)
def test_known_days(day: str, works: bool, why: str) -> None:
    found = date.fromisoformat(day)
    assert (CN.is_workday(found), CN.why(found)) == (works, why)


def run(*options: str) -> subprocess.CompletedProcess[str]:
    environment = {name: value for name, value in os.environ.items() if not name.startswith(("DJANGO", "YIFA"))}
    command = [sys.executable, "-X", "importtime", "-m", "yifa.site.command", "term", *options]
    return subprocess.run(command, capture_output=True, text=True, env=environment, check=False)


def test_the_command_prints_json_and_imports_neither_django_nor_a_driver() -> None:
    done = run("--start", "2026-09-28", "--length", "5", "--unit", "workday", "--json")
    found = json.loads(done.stdout)
    assert (done.returncode, found["due"], found["due_unrolled"], found["provisional"]) == (0, "2026-10-10", "2026-10-10", False)
    assert found["derivation"][0].startswith("起算日")
    assert not [line for line in done.stderr.splitlines() if "django" in line or "psycopg" in line]


def test_the_command_takes_pauses_and_no_roll_and_backward() -> None:
    def last(*options: str) -> str:
        return str(json.loads(run(*options, "--json").stdout)["due"])

    assert last("--start", "2026-03-02", "--length", "15", "--unit", "day", "--pause", "2026-03-05:2026-03-06") == "2026-03-18"
    assert last("--start", "2025-06-10", "--length", "60", "--unit", "day", "--no-roll") == "2025-08-09"
    assert last("--start", "2025-10-20", "--length", "7", "--unit", "workday", "--backward") == "2025-10-09"


@pytest.mark.parametrize(
    ("options", "reason"),
    [
        (("--length", "5", "--unit", "day"), "缺少--start"),
        (("--start", "2026-02-30", "--length", "5", "--unit", "day"), "真实存在的日期"),
        (("--start", "2026-02-03", "--length", "x", "--unit", "day"), "--length"),
        (("--start", "2026-02-03", "--length", "5", "--unit", "week"), "--unit"),
        (("--start", "2026-02-03", "--length", "5", "--unit", "day", "--pause", "2026-02-05"), "--pause"),
        (("--start", "2026-02-03", "--length", "5", "--unit", "day", "--pause", "2026-02-05:2026-02-04"), "早于"),
    ],
)
def test_bad_input_is_one_line_and_exit_code_one(options: tuple[str, ...], reason: str) -> None:
    done = run(*options)
    said = [line for line in done.stderr.splitlines() if not line.startswith("import time:")]
    assert (done.returncode, done.stdout, len(said)) == (1, "", 1)
    assert reason in said[0]
