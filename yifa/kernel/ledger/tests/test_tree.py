"""Roots and proofs against the definitions of RFC 6962 written down naively; tiles against the text of c2sp.org/tlog-tiles."""

from __future__ import annotations

import hashlib
from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from yifa.kernel.ledger import tree

LEAVES = [hashlib.sha256(b"\x00%d" % number).digest() for number in range(600)]


def mth(leaves: list[bytes]) -> bytes:
    """RFC 6962 2.1, word for word."""
    if not leaves:
        return hashlib.sha256(b"").digest()
    if len(leaves) == 1:
        return leaves[0]
    k = split(len(leaves))
    return hashlib.sha256(b"\x01" + mth(leaves[:k]) + mth(leaves[k:])).digest()


def split(n: int) -> int:
    k = 1
    while k * 2 < n:
        k *= 2
    return k


def path(m: int, leaves: list[bytes]) -> list[bytes]:
    if len(leaves) == 1:
        return []
    k = split(len(leaves))
    return [*path(m, leaves[:k]), mth(leaves[k:])] if m < k else [*path(m - k, leaves[k:]), mth(leaves[:k])]


def subproof(m: int, leaves: list[bytes], whole: bool) -> list[bytes]:
    if m == len(leaves):
        return [] if whole else [mth(leaves)]
    k = split(len(leaves))
    if m <= k:
        return [*subproof(m, leaves[:k], whole), mth(leaves[k:])]
    return [*subproof(m - k, leaves[k:], False), mth(leaves[:k])]


SIZES = st.integers(1, len(LEAVES))


@given(SIZES)
def test_roots(size: int) -> None:
    leaves = LEAVES[:size]
    assert tree.root(leaves) == tree.root_at(size, tree.leaves_node(leaves)) == mth(leaves)


def test_the_root_of_nothing() -> None:
    assert tree.root([]) == tree.root_at(0, tree.leaves_node([])) == hashlib.sha256(b"").digest()


@given(SIZES, st.data())
def test_inclusion(size: int, data: st.DataObject) -> None:
    index = data.draw(st.integers(0, size - 1))
    found = tree.inclusion(index, size, tree.leaves_node(LEAVES[:size]))
    assert found == path(index, LEAVES[:size])
    assert tree.root_from_inclusion(LEAVES[index], index, size, found) == mth(LEAVES[:size])


@given(st.integers(2, 70), st.data())
def test_a_wrong_place_size_length_or_hash_does_not_prove(size: int, data: st.DataObject) -> None:
    index = data.draw(st.integers(0, size - 1))
    found, root = path(index, LEAVES[:size]), mth(LEAVES[:size])

    def proves(leaf: bytes, index: int, size: int, path: list[bytes]) -> bool:
        try:
            return tree.root_from_inclusion(leaf, index, size, path) == root
        except tree.TreeError:
            return False

    other = data.draw(st.integers(0, size - 1).filter(lambda n: n != index))
    assert proves(LEAVES[index], index, size, found)
    assert not proves(LEAVES[index], other, size, found)
    assert not proves(LEAVES[other], index, size, found)
    assert not proves(LEAVES[index], index, size, found[:-1])
    assert not proves(LEAVES[index], index, size, [*found, found[-1]])
    assert not proves(LEAVES[index], index, size, found[::-1]) or found == found[::-1]
    assert not proves(LEAVES[index], -1, size, found)
    assert not proves(LEAVES[index], size, size, found)


@given(SIZES, st.data())
def test_consistency(second: int, data: st.DataObject) -> None:
    first = data.draw(st.integers(1, second))
    found = tree.consistency(first, second, tree.leaves_node(LEAVES[:second]))
    assert found == subproof(first, LEAVES[:second], True)
    old, new = mth(LEAVES[:first]), mth(LEAVES[:second])
    tree.check_consistency(first, second, old, new, found)
    for wrong in ([*found, old], found[:-1] if found else [new]):
        with pytest.raises(tree.TreeError):
            tree.check_consistency(first, second, old, new, wrong)
    with pytest.raises(tree.TreeError):
        tree.check_consistency(first, second, mth(LEAVES[1 : first + 1]), new, found)
    with pytest.raises(tree.TreeError):
        tree.check_consistency(first, second, old, mth([*LEAVES[:second], old]), found)


def tiles(size: int) -> Callable[[int, int], list[bytes]]:
    """Tiles by their definition: the n-th tile of level l is MTH(D[(n*256+i)*256**l : (n*256+i+1)*256**l])."""

    def tile(level: int, index: int) -> list[bytes]:
        width = tree.tile_width(level, index, size)
        return [mth(LEAVES[(index * 256 + i) * 256**level : (index * 256 + i + 1) * 256**level]) for i in range(width)]

    return tile


@given(SIZES, st.data())
def test_proofs_out_of_tiles_are_the_same(size: int, data: st.DataObject) -> None:
    index = data.draw(st.integers(0, size - 1))
    node = tree.tiles_node(tiles(size))
    assert tree.root_at(size, node) == mth(LEAVES[:size])
    assert tree.inclusion(index, size, node) == path(index, LEAVES[:size])


@given(st.lists(st.integers(1, 300), min_size=1, max_size=4))
def test_a_frontier_grows_as_the_tree_does(steps: list[int]) -> None:
    size, edges = 0, list[list[bytes]]()
    full: list[tree.FullTile] = []
    for step in steps:
        frontier = tree.Frontier(edges, size)
        for number in range(size, size + step):
            frontier.append(LEAVES[number % 600])
        size += step
        edges = frontier._edges
        full += frontier.full
        assert frontier.root() == mth([LEAVES[number % 600] for number in range(size)])
    assert [(tile.level, tile.index) for tile in full if tile.level == 0] == [(0, number) for number in range(size // 256)]
    assert all(tile.root == mth(tile.hashes) and len(tile.hashes) == 256 for tile in full)


def test_a_frontier_fills_a_tile_of_the_second_level() -> None:
    frontier = tree.Frontier([], 0)
    for _ in range(256 * 256 + 1):
        frontier.append(LEAVES[0])
    assert [(tile.level, tile.index) for tile in frontier.full[-1:]] == [(1, 0)]
    assert len(frontier.full) == 257
    assert frontier.root() == tree.root([LEAVES[0]] * (256 * 256 + 1))


def test_the_widths_of_the_specifications_example() -> None:
    widths = {(level, index): tree.tile_width(level, index, 70_000) for level in range(4) for index in (0, 1, 272, 273, 274)}
    assert [widths[0, 0], widths[0, 272], widths[0, 273], widths[0, 274]] == [256, 256, 112, 0]
    assert [widths[1, 0], widths[1, 1], widths[2, 0], widths[2, 1], widths[3, 0]] == [256, 17, 1, 0, 0]
    assert (tree.tile_width(0, 0, 256), tree.tile_width(1, 0, 256), tree.tile_width(0, 1, 256)) == (256, 1, 0)


@pytest.mark.parametrize(
    ("path", "meaning"),
    [
        ("0/000", ("0", 0, 256)),
        ("0/x001/x234/067", ("0", 1234067, 256)),
        ("63/999.p/255", ("63", 999, 255)),
        ("1/x001/000.p/1", ("1", 1000, 1)),
        ("entries/x001/234.p/7", ("entries", 1234, 7)),
    ],
)
def test_tile_paths(path: str, meaning: tuple[str, int, int]) -> None:
    assert tree.parse_tile_path(path) == meaning
    assert tree.tile_path(*meaning) == path


@pytest.mark.parametrize(
    "path",
    ["0", "0/", "0/1", "0/0000", "0/x000/001", "0/001/002", "00/001", "64/000", "0/000.p/0", "0/000.p/256", "0/000.p/01", "-1/000",
     "0/000/", "0/x00١/001", "data/000", "0/000\n", "0/../000", "entries/1"],
)  # fmt: skip
def test_other_paths_are_refused(path: str) -> None:
    with pytest.raises(tree.TreeError):
        tree.parse_tile_path(path)


@given(st.lists(st.binary(max_size=300), max_size=10))
def test_bundles_are_read_back(bodies: list[bytes]) -> None:
    data = tree.bundle(bodies)
    assert tree.unbundle(data) == bodies
    if bodies:
        with pytest.raises(tree.TreeError):
            tree.unbundle(data[:-1])
