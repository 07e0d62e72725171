"""The tests of the on-the-spot penalty are as sharp as the law: one link of its order or one number of it altered, and one of them fails.

Each alteration is made on the source, in memory; the tests of `enforcement/tests/test_summary_penalty.py` are then run against it.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from importlib import import_module
from itertools import product
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
from _pytest.outcomes import Failed

from yifa.procedures.core import Refused

PACKAGE = "yifa.enforcement"
# In the order of their imports: whatever rests on an altered module is made anew with it.
MADE_ANEW = ("case", "rules", "procedures.summary_penalty", "tests.walk", "tests.test_summary_penalty")
PROCEDURE = Path(__file__).parents[2] / "enforcement" / "procedures" / "summary_penalty.py"
LINKS = [match.group().strip() for match in re.finditer(r"^ +after=.*,$", PROCEDURE.read_text(encoding="utf-8"), re.MULTILINE)]
LINES = [n for n, line in enumerate(PROCEDURE.read_text(encoding="utf-8").splitlines()) if re.match(r" +after=", line)]


@contextmanager
def altered(name: str, alter: Callable[[str], str]) -> Iterator[ModuleType]:
    """The tests' module, imported anew on top of one altered module; afterwards everything is as it was."""
    names = [f"{PACKAGE}.{each}" for each in MADE_ANEW]
    kept = {each: sys.modules.pop(each) for each in names if each in sys.modules}
    parents = {each: import_module(each.rpartition(".")[0]) for each in names}
    attributes = {each: vars(parents[each]).pop(each.rpartition(".")[2], None) for each in names}
    try:
        whole = f"{PACKAGE}.{name}"
        for before in names[: names.index(whole)]:
            import_module(before)
        path = Path(str(parents[whole].__file__)).parent / f"{whole.rpartition('.')[2]}.py"
        source = path.read_text(encoding="utf-8")
        text = alter(source)
        assert text != source, "nothing was altered"
        module = ModuleType(whole)
        module.__file__ = str(path)
        sys.modules[whole] = module
        setattr(parents[whole], whole.rpartition(".")[2], module)
        exec(compile(text, str(path), "exec"), vars(module))  # noqa: S102 - our own source with one line altered
        yield import_module(names[-1])
    finally:
        for each in names:
            sys.modules.pop(each, None)
        sys.modules.update(kept)
        for each, value in attributes.items():
            if value is not None:
                setattr(parents[each], each.rpartition(".")[2], value)


def first_failure(tests: ModuleType) -> str:
    """The first test that fails, all parameters tried; empty when every test passes."""
    for name, test in list(vars(tests).items()):
        if name.startswith("test_") and callable(test):
            for arguments in _parameters(test):
                try:
                    test(**arguments)
                except (AssertionError, Failed, Refused, ValueError, KeyError):
                    return name
    return ""


def _parameters(test: Any) -> Iterator[dict[str, Any]]:
    choices: list[list[dict[str, Any]]] = []
    for mark in getattr(test, "pytestmark", ()):
        if mark.name == "parametrize":
            names = [each.strip() for each in mark.args[0].split(",")] if isinstance(mark.args[0], str) else list(mark.args[0])
            rows = [row if len(names) > 1 else (row,) for row in mark.args[1]]
            choices.append([dict(zip(names, row, strict=True)) for row in rows])
    for chosen in product(*choices):
        yield {name: value for part in chosen for name, value in part.items()}


def test_unaltered_every_test_passes() -> None:
    with altered("case", lambda source: source + "\n# nothing\n") as tests:
        assert first_failure(tests) == ""


@pytest.mark.parametrize(
    ("module", "before", "after"),
    [
        ("case", "return 200 if", "return 201 if"),
        ("case", "else 3000", "else 3001"),
        ("case", "return 5 if", "return 4 if"),
        ("rules", "case.fine <= 100", "case.fine <= 101"),
        ("rules", "case.party.age >= 14", "case.party.age >= 13"),
        ("rules", "14 <= case.party.age < 18", "14 <= case.party.age < 17"),
        ("rules", "case.fine <= high", "case.fine <= high + 1"),
        ("rules", "return case.fine <= case.proposed_fine", "return case.fine <= case.proposed_fine + 1"),
        ("rules", "return case.evidence >= 1", "return case.evidence >= 0"),
        ("rules", "return case.told >= TOLD", "return bool(case.told)"),
        ("rules", "return case.paid == case.fine", "return case.paid <= case.fine"),
        ("procedures.summary_penalty", "within=days(0, roll=False)", "within=days(1, roll=False)"),
    ],
)
def test_an_altered_number_is_found(module: str, before: str, after: str) -> None:
    with altered(module, lambda source: source.replace(before, after)) as tests:
        assert first_failure(tests), f"{before} -> {after}: no test fails"


def test_every_link_is_on_a_line_of_its_own() -> None:
    """What the next test deletes is every `after=` there is."""
    assert len(LINKS) == len(LINES) == PROCEDURE.read_text(encoding="utf-8").count("after=")


@pytest.mark.parametrize("line", LINES)
def test_a_deleted_link_is_found(line: int) -> None:
    def without(source: str) -> str:
        lines = source.splitlines(keepends=True)
        return "".join(lines[:line] + lines[line + 1 :])

    with altered("procedures.summary_penalty", without) as tests:
        assert first_failure(tests), f"line {line + 1} deleted: no test fails"
