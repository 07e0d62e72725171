"""`yifa export`: whole files of facts and tallies, as they stand, or none at all."""

from __future__ import annotations

import argparse
import csv
import hashlib
import io
import json
from pathlib import Path
from typing import Any

import pytest

from yifa.facts.models import Fact, Tally
from yifa.site import export


@pytest.fixture
def facts(db: None) -> None:
    for n, (region, month, metric) in enumerate(
        [("150203", "2026-01", "ENF-02"), ("150203", "2026-03", "ENF-05"), ("150102", "2026-03", "ENF-02")], 1
    ):
        Fact.objects.create(
            league=f"{region[:4]}00", position=n, n=1, metric=metric, organisation=f"{region}0001", region=region, month=month,
            numerator=1, denominator=2, chain=f"C{n}", seq=n, reason="应于2026-03-20公示,\n实于“3月21日”",
        )  # fmt: skip
    Tally.objects.create(
        league="150200", metric="ENF-02", organisation="1502030001", region="150203", month="2026-01", numerator=1, denominator=2, n=1
    )


def run(*words: str) -> int:
    parser = argparse.ArgumentParser()
    export.arguments(parser)
    return export.main(parser.parse_args(words))


@pytest.mark.usefixtures("facts")
def test_a_file_holds_every_fact_in_log_order_with_its_digest(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    place = tmp_path / "facts.csv"
    assert run("facts", str(place), "--json") == 0
    told = json.loads(capsys.readouterr().out)
    assert (told["rows"], told["sha256"]) == (3, hashlib.sha256(place.read_bytes()).hexdigest())
    rows = list(csv.DictReader(io.StringIO(place.read_text(encoding="utf-8"))))
    assert [row["position"] for row in rows] == ["1", "2", "3"]
    assert rows[0]["reason"] == "应于2026-03-20公示, 实于“3月21日”"
    assert [each.name for each in tmp_path.iterdir()] == ["facts.csv"]


@pytest.mark.usefixtures("facts")
@pytest.mark.parametrize(
    ("chosen", "positions"),
    [
        (["--first", "2026-02"], [2, 3]),
        (["--last", "2026-01"], [1]),
        (["--region", "150200"], [1, 2]),
        (["--region", "150000"], [1, 2, 3]),
        (["--region", "15020"], [1, 2]),
        (["--region", "150203"], [1, 2]),
        (["--region", "150230"], []),
        (["--metric", "ENF-02", "--region", "1501"], [3]),
        (["--first", "2027-01"], []),
    ],
)
def test_it_is_narrowed_by_month_region_and_metric(tmp_path: Path, chosen: list[str], positions: list[int]) -> None:
    place = tmp_path / "facts.jsonl"
    assert run("facts", str(place), "--format", "jsonl", *chosen) == 0
    lines: list[dict[str, Any]] = [json.loads(line) for line in place.read_text(encoding="utf-8").splitlines()]
    assert [line["position"] for line in lines] == positions


@pytest.mark.usefixtures("facts")
def test_tallies_are_their_sums(tmp_path: Path) -> None:
    place = tmp_path / "tallies.csv"
    assert run("tallies", str(place)) == 0
    assert list(csv.reader(io.StringIO(place.read_text(encoding="utf-8")))) == [
        ["metric", "organisation", "region", "month", "numerator", "denominator", "n"],
        ["ENF-02", "1502030001", "150203", "2026-01", "1", "2", "1"],
    ]


@pytest.mark.usefixtures("facts")
@pytest.mark.parametrize("chosen", [["--first", "2026-13"], ["--first", "2026-05", "--last", "2026-04"], ["--region", "15%"]])
def test_what_cannot_be_meant_is_refused_and_nothing_is_written(tmp_path: Path, chosen: list[str]) -> None:
    assert run("facts", str(tmp_path / "f.csv"), *chosen) == 1
    assert list(tmp_path.iterdir()) == []


@pytest.mark.usefixtures("facts")
def test_a_place_that_is_not_there_is_told(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run("tallies", str(tmp_path / "none" / "t.csv")) == 1
    assert "不能写入" in capsys.readouterr().err
