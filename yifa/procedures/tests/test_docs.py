"""docs/procedures.md is true: its example is a procedure, its form prints, and its steps go as it says."""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from yifa.documents.rendering import render
from yifa.documents.samples import signed
from yifa.enforcement.tests.walk import LI, WANG, Walk
from yifa.procedures import check
from yifa.procedures.core import Procedure, Refused
from yifa.procedures.draw import svg
from yifa.procedures.statute import Step

TEXT = (Path(__file__).parents[3] / "docs" / "procedures.md").read_text(encoding="utf-8")


def block(language: str) -> str:
    found = re.search(rf"^```{language}\n(.*?)^```", TEXT, re.MULTILINE | re.DOTALL)
    assert found
    return found[1]


@pytest.fixture
def visit(tmp_path: Path) -> Iterator[type[Procedure]]:
    (tmp_path / "documented_visit.py").write_text(block("python"), encoding="utf-8")
    sys.path.insert(0, str(tmp_path))
    try:
        import documented_visit  # type: ignore[import-not-found]  # it is in the document

        yield documented_visit.Visit
    finally:
        sys.path.remove(str(tmp_path))
        sys.modules.pop("documented_visit", None)


def test_the_example_is_a_sound_procedure(visit: type[Procedure]) -> None:
    assert list(check.shape(visit)) == []
    assert "走访" in svg(visit)


def test_the_example_goes_its_way(visit: type[Procedure]) -> None:
    walk = Walk(visit)
    stated: dict[str, Any] = {"officers": [LI, WANG], "where": "样本街1号", "no_conflict": True}
    with pytest.raises(Refused, match="回避"):
        walk.do("announce", **{**stated, "no_conflict": False})
    walk.do("announce", **stated)
    with pytest.raises(Refused, match="走访"):
        walk.do("tell", officer_signatures={"people": [{"strokes": [[[0, 0], [9, 9]]]}]})
    assert set(walk.due()) == {"visit"}
    walk.do("visit", findings="一切正常").do("tell", officer_signatures={"people": [{"strokes": [[[0, 0], [9, 9]]]}]}).do("close")
    assert walk.progress.ended_by == "close"


def test_the_example_prints(visit: type[Procedure], tmp_path: Path) -> None:
    form = visit.steps["tell"].gives
    assert form is not None
    (tmp_path / form.template).write_text(block("typst"), encoding="utf-8")
    assert render(form, signed(form), folder=tmp_path, region="150203", number="样走〔2026〕1号").pdf.startswith(b"%PDF")


def test_every_field_of_a_step_is_explained() -> None:
    explained = set(re.findall(r"`([a-z_]+)`", TEXT[TEXT.index("### What a step may say") : TEXT.index("## 2. Rules")]))
    explained |= set(re.findall(r"`([a-z_]+)=", TEXT))
    assert {name for name in Step.__dataclass_fields__ if name not in {"name", "evidence"}} <= explained
