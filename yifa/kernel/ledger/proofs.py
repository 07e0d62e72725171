"""Inclusion proofs in the text format of c2sp.org/tlog-proof."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from .notes import NoteError, decode64, encode64, number

FIRST_LINE = "c2sp.org/tlog-proof@v1"


@dataclass(frozen=True, slots=True)
class Proof:
    """A leaf's place, its path to the root, and the signed checkpoint verbatim."""

    index: int
    path: tuple[bytes, ...]
    checkpoint: str

    def text(self) -> str:
        lines = [FIRST_LINE, f"index {self.index}", *map(encode64, self.path)]
        return "\n".join(lines) + "\n\n" + self.checkpoint

    @classmethod
    def parse(cls, text: str) -> Proof:
        """Strict: no `extra` line, since nothing authenticates it."""
        head, gap, checkpoint = text.partition("\n\n")
        lines = head.split("\n")
        if not gap or len(lines) < 2 or lines[0] != FIRST_LINE or not lines[1].startswith("index "):
            raise NoteError("not a proof of c2sp.org/tlog-proof@v1 without extra data")
        return cls(number(lines[1][6:]), _hashes(lines[2:]), checkpoint)


def _hashes(lines: Sequence[str]) -> tuple[bytes, ...]:
    hashes = tuple(decode64(line) for line in lines)
    if len(hashes) > 63 or any(len(item) != 32 for item in hashes):
        raise NoteError("a proof's path has 32-byte hashes, at most 63")
    return hashes
