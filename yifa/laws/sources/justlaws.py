"""Just Laws: laws in force as Markdown, one folder a law; a long law's parts lie beside its README. Pure.

It gives no dates of its own: the 题注 under the title does. All its texts were in force when the collection was made.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

from yifa.laws.manuscript import Manuscript, front_matter, lines_of, read
from yifa.laws.places import Places
from yifa.laws.sources.building import Known, build
from yifa.laws.sources.files import Refused, text_of
from yifa.laws.sources.refusing import UnreadableError
from yifa.laws.texts import PREFACE, SourceArticle, SourceText

NAME = "just-laws"
_SKIPPED = {"category", "MessageBoard", ".vuepress", "node_modules"}
# What lies beside a law without being part of it: the amendments one by one, a decision, the national symbols' own laws.
_BESIDE = re.compile(r"amendment|decision")
_TABLE = re.compile(r"</?(?:table|thead|tbody|tr|th|td|style|br|p|div)[^>]*>")


def is_tree(root: Path) -> bool:
    """Folders of laws in which README.md begins a law: **第一条**　, or a page before its parts."""
    docs = root / "docs" if (root / "docs").is_dir() else root
    return any(docs.glob("*/*/README.md")) and any("**第" in text_of(file)[0] for file in sorted(docs.glob("*/*/README.md"))[:12])


def read_tree(root: Path, places: Places, *, label: str = "") -> Iterator[SourceText | Refused]:
    """Every law under `root`. A file that cannot be read is yielded as `Refused`."""
    docs = root / "docs" if (root / "docs").is_dir() else root
    for file in sorted(docs.rglob("README.md")):
        place = file.parent.relative_to(docs).as_posix()
        if place == "." or place.split("/")[0] in _SKIPPED:
            continue
        path = f"{label}{file.relative_to(root).as_posix()}"
        try:
            text, defects = text_of(file)
            whole = _law(text, [text_of(part) for part in _parts(file.parent)])
        except UnreadableError as problem:
            yield Refused(path, str(problem))
            continue
        if not whole.articles or not whole.title:
            continue  # a page that only lists others
        yield build(Known(source=NAME, place=place, path=path, claim="现行有效", defects=tuple(defects)), whole, places)


def _parts(folder: Path) -> list[Path]:
    """The parts in reading order: the preamble, 01, 02 …, and last what is numbered 00 (附则)."""
    files = [file for file in folder.glob("*.md") if file.name != "README.md" and not _BESIDE.search(file.stem)]
    return sorted(files, key=lambda file: (file.stem != "preamble", file.stem.startswith("00"), file.stem))


def _law(text: str, parts: list[tuple[str, list[str]]]) -> Manuscript:
    _, body = front_matter(text)
    if not parts:
        return read(lines_of(_TABLE.sub("\n", body)))
    lines = lines_of(body)
    whole = read(lines)
    whole.articles, whole.defects = [], []
    for part, defects in parts:
        lines = [re.sub(r"^# ", "## ", line) for line in lines_of(_TABLE.sub("\n", front_matter(part)[1]))]
        piece = Manuscript(title="-")
        found = read(lines, title=piece.title)
        whole.articles += [_preface(article) for article in found.articles]
        whole.defects += defects + [defect for defect in found.defects if not defect.startswith("没有条文")]
    return whole


def _preface(article: SourceArticle) -> SourceArticle:
    """A preamble is a part without articles."""
    is_preface = article.label == "全文" or (article.label == PREFACE and article.text)
    return SourceArticle(PREFACE, article.text.removeprefix("序言\n")) if is_preface else article
