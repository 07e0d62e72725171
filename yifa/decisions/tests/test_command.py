"""`yifa decisions`: what an outsider asks of the score without an account."""

from __future__ import annotations

import argparse
import json
from dataclasses import fields
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from yifa.decisions import command, templates
from yifa.decisions.case import Consulted
from yifa.decisions.tests.matters import FILES, FLAWLESS, acts
from yifa.decisions.tests.test_scoring import EXAMPLE

FILE = templates.FOLDER / templates.INSTALLED


def run(capsys: pytest.CaptureFixture[str], *words: str) -> tuple[int, str, str]:
    parser = argparse.ArgumentParser()
    command.arguments(parser)
    status = command.main(parser.parse_args(words))
    said = capsys.readouterr()
    return status, said.out, said.err


def plain(value: Any) -> Any:
    """A fact as a dossier keeps it."""
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, (tuple, frozenset)):
        return [plain(each) for each in value]
    return value


def worked_example() -> dict[str, Any]:
    """§2.3, as JSON: 25 days with a reason, six reasons of eight refusals, five working days for the review."""
    asked: Consulted = FLAWLESS["consulted"]
    round_ = {each.name: plain(getattr(asked, each.name)) for each in fields(asked)}
    round_ |= {
        "closes_on": "2026-04-26",
        "shortened_reason": "供暖季前必须开工",
        "not_adopted_with_reason": 6,
        "summarised_on": "2026-05-16",
    }
    stated = {key: plain(value) for key, value in FLAWLESS.items() if key != "consulted"}
    stated |= {"exempted": list(EXAMPLE), "evaluation_trigger": "none"}
    told = [{"step": act.step, "on": act.on.isoformat()} for act in acts(accept_review=date(2026, 5, 21))]
    where = {"at": "2026-11-20", "region": "150200", "closed": True}
    return where | {"facts": stated, "register": {"consultation": round_}, "acts": told, "files": dict(FILES)}


def test_the_worked_example_told_in_json_gives_98_24(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    file = tmp_path / "matter.json"
    file.write_text(json.dumps(worked_example(), ensure_ascii=False), encoding="utf-8")
    status, out, _ = run(capsys, "score", str(file), "--json")
    found = json.loads(out)
    assert (status, found["total"], found["grade"], found["red_lines"]) == (0, "98.24", "优秀", [])
    checks = {each["check"]: each["got"] for template in found["templates"] for each in template["checks"]}
    assert (checks["T11.2"], checks["T17.1"]) == ("1.50", "2.14")
    assert run(capsys, "score", str(file))[1].startswith("98.24 优秀")


def test_a_red_line_established_elsewhere_is_told_with_the_matter(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    file = tmp_path / "matter.json"
    file.write_text(json.dumps(worked_example() | {"verified": ["R5"]}), encoding="utf-8")
    found = json.loads(run(capsys, "score", str(file), "--json")[1])
    assert (found["total"], found["red_lines"]) == ("0.00", ["R5"])


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("{", "Expecting"),
        ("{}", "at"),
        ('{"at": "2026-02-30"}', "day"),
        ('{"at": "2026-11-20", "acts": [{"step": "draft"}]}', "on"),
        ("[]", ""),
    ],
)
def test_what_is_no_matter_gets_one_line(capsys: pytest.CaptureFixture[str], tmp_path: Path, text: str, told: str) -> None:
    file = tmp_path / "matter.json"
    file.write_text(text, encoding="utf-8")
    status, out, err = run(capsys, "score", str(file))
    assert (status, out, err.count("\n")) == (1, "", 1)
    assert told in err


def test_a_set_whose_weights_do_not_sum_is_told_line_by_line(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    assert run(capsys, "templates", str(FILE), "--json") == (0, '{"valid": true, "faults": []}\n', "")
    bad = tmp_path / "bad.yaml"
    bad.write_text(FILE.read_text(encoding="utf-8").replace("weight: 7", "weight: 8", 1), encoding="utf-8")
    status, out, err = run(capsys, "templates", str(bad), "--json")
    found = json.loads(out)
    assert (status, found["valid"]) == (1, False)
    assert all(each["line"] > 0 and each["text"] for each in found["faults"])
    assert "处问题" in err
    matter = tmp_path / "matter.json"
    matter.write_text(json.dumps(worked_example()), encoding="utf-8")
    assert "指标" in run(capsys, "score", str(matter), "--templates", str(bad))[2]
