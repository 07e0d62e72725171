"""Which versions of procedures are published, and that those stay as they were: `frozen.toml` beside this file.

A dossier is carried on under the version it began with, for years; so a published version's file never changes again, and no step is ever
renamed. A change of the law, or of our reading of it, is a new version in a file of its own.
"""

from __future__ import annotations

import hashlib
import tomllib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from inspect import getfile
from pathlib import Path

from yifa.procedures.core import Procedure

FILE = Path(__file__).with_name("frozen.toml")
HEAD = """\
# One table a version of a procedure: the SHA-256 of its file and the keys of its steps. Written by `yifa procedures freeze`, never by hand.
# `published = true` after a release (`yifa procedures freeze --publish`): from then on the file stays as it is. See docs/procedures.md.
"""


class FrozenError(Exception):
    """A published version was changed; the text says which and what to do."""


@dataclass(frozen=True)
class Frozen:
    """One version as it was frozen. `published`: dossiers outside this repository may rest on it."""

    key: str
    version: str
    region: str
    sector: str
    published: bool
    sha256: str
    steps: tuple[str, ...]

    @property
    def name(self) -> str:
        return " ".join(part for part in (self.key, self.version, self.region, self.sector) if part)

    @classmethod
    def of(cls, procedure: type[Procedure], *, published: bool = False) -> Frozen:
        digest = hashlib.sha256(Path(getfile(procedure)).read_bytes()).hexdigest()
        place = procedure.key, procedure.version, procedure.region, procedure.sector
        return cls(*place, published, digest, tuple(procedure.steps))

    def as_toml(self) -> str:
        lines = [f'{name} = "{getattr(self, name)}"' for name in ("key", "version", "region", "sector")]
        steps = "".join(f'    "{step}",\n' for step in self.steps)
        return "\n".join(
            ["[[procedure]]", *lines, f"published = {str(self.published).lower()}", f'sha256 = "{self.sha256}"', f"steps = [\n{steps}]", ""]
        )


def read(path: Path = FILE) -> list[Frozen]:
    if not path.exists():
        return []
    rows = tomllib.loads(path.read_text(encoding="utf-8")).get("procedure", [])
    return [Frozen(**{**row, "steps": tuple(row["steps"])}) for row in rows]


def faults(procedures: Iterable[type[Procedure]], frozen: Sequence[Frozen]) -> Iterator[str]:
    """What differs from the frozen versions, in words."""
    there = {now.name: now for now in map(Frozen.of, procedures)}
    known = {each.name for each in frozen}
    for name in there.keys() - known:
        yield f"{name} is not in frozen.toml: run `yifa procedures freeze`"
    for each in frozen:
        now = there.get(each.name)
        if now is None:
            if each.published:
                yield f"{each.name} is published and gone: dossiers rest on it, so its file stays"
            else:
                yield f"{each.name} is gone: run `yifa procedures freeze`"
        elif now.sha256 != each.sha256 and each.published:
            yield f"{each.name} is published and its file was changed: leave the file as it was and write a new version beside it"
        elif now.steps != each.steps:
            yield f"{each.name} has other steps ({_changed(each.steps, now.steps)}): if that is meant, run `yifa procedures freeze`"


def freeze(procedures: Iterable[type[Procedure]], frozen: Sequence[Frozen], *, publish: bool = False) -> list[Frozen]:
    """The versions as they are now. Raises FrozenError when a published one is not as it was."""
    published = {each.name: each for each in frozen if each.published}
    procedures = tuple(procedures)
    broken = [fault for fault in faults(procedures, list(published.values())) if "published" in fault]
    if broken:
        raise FrozenError("; ".join(broken))
    now = sorted(map(Frozen.of, procedures), key=lambda each: each.name)
    return [replace(each, published=publish or each.name in published) for each in now]


def write(frozen: Iterable[Frozen], path: Path = FILE) -> None:
    path.write_text("\n".join([HEAD, *(each.as_toml() for each in frozen)]), encoding="utf-8")


def _changed(before: Sequence[str], after: Sequence[str]) -> str:
    gone, new = set(before) - set(after), set(after) - set(before)
    words = [*(f"-{step}" for step in sorted(gone)), *(f"+{step}" for step in sorted(new))]
    return " ".join(words) or "another order"
