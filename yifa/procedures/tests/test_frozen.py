"""A published version of a procedure stays as it is; a step is never renamed."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from importlib import import_module, invalidate_caches
from pathlib import Path

import pytest

from yifa.procedures import frozen, registry
from yifa.procedures.core import Procedure
from yifa.procedures.frozen import Frozen, FrozenError

SOURCE = '''"""A procedure of two steps."""

from yifa.procedures.core import Procedure, Step, Who


class Small(Procedure):
    """Two steps."""

    key, title, version, code = "small", "样本", "{version}", "98"
    begin = Step("开始", (), by=Who(("officer",)))
    {end} = Step("{title}", (), by=Who(("officer",)), after=begin, ends=True)
'''


@pytest.fixture
def folder(tmp_path: Path) -> Iterator[Path]:
    sys.path.insert(0, str(tmp_path))
    try:
        yield tmp_path
    finally:
        sys.path.remove(str(tmp_path))


def made(folder: Path, *, end: str = "end", title: str = "办结", version: str = "2024-01-01") -> type[Procedure]:
    name = f"small_{version.replace('-', '_')}"
    path = folder / f"{name}.py"
    path.write_text(SOURCE.format(end=end, title=title, version=version), encoding="utf-8")
    sys.modules.pop(name, None)
    sys.dont_write_bytecode, before = True, sys.dont_write_bytecode
    invalidate_caches()
    module = import_module(name)
    sys.dont_write_bytecode = before
    found: type[Procedure] = module.Small
    return found


def test_every_installed_version_is_as_it_was_frozen() -> None:
    assert list(frozen.faults(registry.procedures(), frozen.read())) == []


def test_a_published_file_that_changes_is_found(folder: Path) -> None:
    before = frozen.freeze([made(folder)], [], publish=True)
    changed = made(folder, title="结束")
    assert [fault for fault in frozen.faults([changed], before) if "write a new version" in fault]
    with pytest.raises(FrozenError, match="new version"):
        frozen.freeze([changed], before)


def test_before_a_release_the_file_may_change_but_a_renamed_step_is_noticed(folder: Path) -> None:
    before = frozen.freeze([made(folder)], [])
    assert list(frozen.faults([made(folder, title="结束")], before)) == []
    renamed = made(folder, end="finish")
    assert ["-end +finish" in fault for fault in frozen.faults([renamed], before)] == [True]
    assert frozen.freeze([renamed], before)[0].steps == ("begin", "finish")


def test_a_new_version_stands_beside_the_published_one(folder: Path) -> None:
    old = made(folder)
    before = frozen.freeze([old], [], publish=True)
    new = made(folder, end="finish", version="2026-01-01")
    assert ["is not in frozen.toml" in fault for fault in frozen.faults([old, new], before)] == [True]
    after = frozen.freeze([old, new], before)
    assert [(each.version, each.published) for each in after] == [("2024-01-01", True), ("2026-01-01", False)]
    assert list(frozen.faults([old, new], after)) == []


def test_a_published_version_does_not_go(folder: Path) -> None:
    before = frozen.freeze([made(folder)], [], publish=True)
    assert ["is published and gone" in fault for fault in frozen.faults([], before)] == [True]
    with pytest.raises(FrozenError, match="gone"):
        frozen.freeze([], before)


def test_what_is_written_is_what_is_read(folder: Path) -> None:
    versions = frozen.freeze([made(folder)], [], publish=True)
    frozen.write(versions, folder / "frozen.toml")
    assert frozen.read(folder / "frozen.toml") == versions == [Frozen.of(made(folder), published=True)]
