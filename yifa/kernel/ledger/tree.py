"""Merkle trees of RFC 6962 and the tiles of c2sp.org/tlog-tiles. Pure.

A *node* is the hash of a perfect subtree: `node(height, index)` spans the leaves `index << height` to `(index + 1) << height`.
Roots and proofs ask for nodes only, so they come as well from a list of leaves as from tiles.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

TILE_HEIGHT = 8
TILE_WIDTH = 256
EMPTY_ROOT = hashlib.sha256(b"").digest()

Node = Callable[[int, int], bytes]
Tile = Callable[[int, int], Sequence[bytes]]

_TILE_PATH = re.compile(r"(entries|0|[1-9][0-9]?)/((?:x[0-9]{3}/)*[0-9]{3})(?:\.p/([1-9][0-9]{0,2}))?")


class TreeError(ValueError):
    """A proof that does not prove, or a place that the tree does not have."""


def node_hash(left: bytes, right: bytes) -> bytes:
    return hashlib.sha256(b"\x01" + left + right).digest()


def root(hashes: Sequence[bytes]) -> bytes:
    """The Merkle tree hash of leaf (or subtree) hashes. Level by level: an odd last hash is carried up, which equals RFC 6962."""
    if not hashes:
        return EMPTY_ROOT
    sha256, level = hashlib.sha256, list(hashes)
    while len(level) > 1:
        pairs = [sha256(b"\x01" + left + right).digest() for left, right in zip(level[::2], level[1::2], strict=False)]
        if len(level) % 2:
            pairs.append(level[-1])
        level = pairs
    return level[0]


def range_hash(start: int, end: int, node: Node) -> bytes:
    """MTH(D[start:end]) where `start` is aligned to the range, as in every range RFC 6962 speaks of."""
    size = end - start
    height = size.bit_length() - 1
    if size == 1 << height and start % size == 0:
        return node(height, start >> height)
    half = _split(size)
    return node_hash(range_hash(start, start + half, node), range_hash(start + half, end, node))


def _split(size: int) -> int:
    """The largest power of two below `size`."""
    return 1 << ((size - 1).bit_length() - 1)


def root_at(size: int, node: Node) -> bytes:
    return range_hash(0, size, node) if size else EMPTY_ROOT


def inclusion(index: int, size: int, node: Node) -> list[bytes]:
    """PATH(index, D[size]) of RFC 6962 2.1.1, from the leaf's sibling up."""
    if not 0 <= index < size:
        raise TreeError(f"no leaf {index} in a tree of {size}")
    path: list[bytes] = []
    start, end = 0, size
    while end - start > 1:
        middle = start + _split(end - start)
        if index < middle:
            path.append(range_hash(middle, end, node))
            end = middle
        else:
            path.append(range_hash(start, middle, node))
            start = middle
    return path[::-1]


def root_from_inclusion(leaf: bytes, index: int, size: int, path: Sequence[bytes]) -> bytes:
    """The root that this path leads to (RFC 9162 2.1.3.2); a path of the wrong length is refused."""
    if not 0 <= index < size:
        raise TreeError(f"no leaf {index} in a tree of {size}")
    here, last, result = index, size - 1, leaf
    for step in path:
        if last == 0:
            raise TreeError("the path is too long")
        if here & 1 or here == last:
            result = node_hash(step, result)
            while not here & 1 and here:
                here, last = here >> 1, last >> 1
        else:
            result = node_hash(result, step)
        here, last = here >> 1, last >> 1
    if last != 0:
        raise TreeError("the path is too short")
    return result


def consistency(first: int, second: int, node: Node) -> list[bytes]:
    """PROOF(first, D[second]) of RFC 6962 2.1.2."""
    if not 0 < first <= second:
        raise TreeError(f"no consistency proof from {first} to {second}")
    path: list[bytes] = []
    start, end, whole = 0, second, True
    while first - start != end - start:
        middle = start + _split(end - start)
        if first <= middle:
            path.append(range_hash(middle, end, node))
            end = middle
        else:
            path.append(range_hash(start, middle, node))
            start, whole = middle, False
    if not whole:
        path.append(range_hash(start, end, node))
    return path[::-1]


def check_consistency(first: int, second: int, first_root: bytes, second_root: bytes, path: Sequence[bytes]) -> None:
    """RFC 9162 2.1.4.2; raises TreeError unless the second tree begins with the first."""
    if not 0 < first <= second:
        raise TreeError(f"no consistency proof from {first} to {second}")
    if first == second:
        if path or first_root != second_root:
            raise TreeError("two roots for one size")
        return
    steps = [first_root, *path] if first & (first - 1) == 0 else list(path)
    if not steps or _both_roots(first, second, steps) != (first_root, second_root):
        raise TreeError("the second tree does not begin with the first")


def _both_roots(first: int, second: int, steps: Sequence[bytes]) -> tuple[bytes, bytes]:
    """The two roots that a consistency path leads to."""
    here, last = first - 1, second - 1
    while here & 1:
        here, last = here >> 1, last >> 1
    old = new = steps[0]
    for step in steps[1:]:
        if last == 0:
            raise TreeError("the path is too long")
        if here & 1 or here == last:
            old, new = node_hash(step, old), node_hash(step, new)
            while not here & 1 and here:
                here, last = here >> 1, last >> 1
        else:
            new = node_hash(new, step)
        here, last = here >> 1, last >> 1
    if last != 0:
        raise TreeError("the path is too short")
    return old, new


def leaves_node(leaves: Sequence[bytes]) -> Node:
    """Nodes from a list of leaf hashes: for small trees and for tests."""
    return lambda height, index: root(leaves[index << height : (index + 1) << height])


def tiles_node(tile: Tile) -> Node:
    """Nodes from tiles: `tile(level, index)` gives the hashes of a tile, full or as wide as the tree has it."""

    def node(height: int, index: int) -> bytes:
        level, rest = divmod(height, TILE_HEIGHT)
        number, first = divmod(index << rest, TILE_WIDTH)
        hashes = tile(level, number)[first : first + (1 << rest)]
        if len(hashes) != 1 << rest:
            raise TreeError(f"tile {level}/{number} is too narrow")
        return root(hashes)

    return node


@dataclass(frozen=True, slots=True)
class FullTile:
    level: int
    index: int
    hashes: list[bytes]
    root: bytes


class Frontier:
    """The right edge of a growing tree: the partial tile of each level. `full` collects the tiles that became full on the way."""

    def __init__(self, edges: list[list[bytes]], size: int) -> None:
        self._edges, self._size = edges, size
        self.full: list[FullTile] = []

    def append(self, leaf: bytes) -> None:
        self._size += 1
        rising, level = leaf, 0
        while True:
            if level == len(self._edges):
                self._edges.append([])
            edge = self._edges[level]
            edge.append(rising)
            if len(edge) < TILE_WIDTH:
                return
            rising = root(edge)
            self.full.append(FullTile(level, (self._size >> (TILE_HEIGHT * (level + 1))) - 1, edge, rising))
            self._edges[level] = []
            level += 1

    def root(self) -> bytes:
        """The tree's root: on each level what lies below is the last, ragged subtree of the row."""
        below: list[bytes] = []
        for edge in self._edges:
            row = [*edge, *below]
            below = [root(row)] if row else []
        return below[0] if below else EMPTY_ROOT


def tile_width(level: int, index: int, size: int) -> int:
    """How many hashes the tile has in a tree of `size` leaves; 0 when it has none."""
    return max(0, min(TILE_WIDTH, (size >> (TILE_HEIGHT * level)) - index * TILE_WIDTH))


def tile_path(level: int | str, index: int, width: int = TILE_WIDTH) -> str:
    """`0/x001/x234/067`, `1/000.p/17`; level `entries` names entry bundles."""
    digits = f"{index:03d}" if index < 1000 else ""
    if not digits:
        text = str(index)
        text = text.zfill(-(-len(text) // 3) * 3)
        groups = [text[at : at + 3] for at in range(0, len(text), 3)]
        digits = "/".join([*("x" + group for group in groups[:-1]), groups[-1]])
    return f"{level}/{digits}" + ("" if width == TILE_WIDTH else f".p/{width}")


def parse_tile_path(path: str) -> tuple[str, int, int]:
    """(level or `entries`, index, width); any other spelling is refused."""
    match = _TILE_PATH.fullmatch(path)
    if not match:
        raise TreeError(f"no tile path: {path!r}")
    level, digits, width = match[1], match[2], int(match[3] or TILE_WIDTH)
    index = int(digits.replace("x", "").replace("/", ""))
    if (level != "entries" and int(level) > 63) or (match[3] and width > 255) or tile_path(level, index, width) != path:
        raise TreeError(f"no tile path: {path!r}")
    return level, index, width


def split_hashes(data: bytes) -> list[bytes]:
    """The hashes of a tile."""
    if len(data) % 32:
        raise TreeError("a tile is a row of 32-byte hashes")
    return [data[at : at + 32] for at in range(0, len(data), 32)]


def bundle(bodies: Iterable[bytes]) -> bytes:
    """An entry bundle: each body behind its length in two bytes, big-endian."""
    return b"".join(len(body).to_bytes(2, "big") + body for body in bodies)


def unbundle(data: bytes) -> list[bytes]:
    bodies, at = [], 0
    while at < len(data):
        length = int.from_bytes(data[at : at + 2], "big")
        body = data[at + 2 : at + 2 + length]
        if len(data) < at + 2 or len(body) != length:
            raise TreeError("the bundle is cut off")
        bodies.append(body)
        at += 2 + length
    return bodies
