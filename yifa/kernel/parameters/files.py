"""Reads committed parameters: `<context>/parameters/*.toml`, one `[[parameter]]` table a legal number.

[[parameter]]
name = "当场处罚备案期限"
value = 7
unit = "workday"
cites = ["市场监督管理行政处罚程序规定@2022-09-29#t70"]
sector = "市场监管"          # optional: region, sector, valid_from, valid_to, note
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Iterator
from datetime import date
from pathlib import Path
from typing import Any

from yifa.kernel.citing import Article, Law
from yifa.kernel.parameters.rules import NATION, Parameter

_KEYS = {"name", "value", "unit", "cites", "region", "sector", "valid_from", "valid_to", "note"}
_CITE = re.compile(
    r"(?P<title>[^@#]+)@(?P<version>\d{4}-\d{2}-\d{2})#t(?P<tiao>\d+)(?:_(?P<zhi>\d+))?(?:\.k(?P<kuan>\d+))?(?:\.x(?P<xiang>\d+))?"
)


def load(folders: Iterable[Path]) -> list[Parameter]:
    """Every parameter of every folder; a missing folder has none. Raises ValueError naming file and parameter."""
    return [parameter for folder in folders for path in sorted(folder.glob("*.toml")) for parameter in read(path)]


def read(path: Path) -> Iterator[Parameter]:
    source = f"{path.parent.parent.name}/{path.parent.name}/{path.name}"
    try:
        tables = tomllib.loads(path.read_text(encoding="utf-8")).get("parameter", [])
    except tomllib.TOMLDecodeError as problem:
        raise ValueError(f"{source}:{problem}") from problem
    for table in tables:
        yield _parameter(table, source)


def _parameter(table: dict[str, Any], source: str) -> Parameter:
    name = str(table.get("name", ""))
    if not name or {"value", "unit", "cites"} - table.keys():
        raise ValueError(f"{source}:参数“{name}”缺少name、value、unit或者cites")
    if unknown := table.keys() - _KEYS:
        raise ValueError(f"{source}:参数“{name}”有不认识的项{'、'.join(sorted(unknown))}")
    for key in ("valid_from", "valid_to"):
        if key in table and type(table[key]) is not date:
            raise ValueError(f"{source}:参数“{name}”的{key}应当是日期")
    return Parameter(
        name=name,
        value=table["value"],
        unit=table["unit"],
        cites=tuple(article(text, source) for text in table["cites"]),
        region=table.get("region", NATION),
        sector=table.get("sector", ""),
        valid_from=table.get("valid_from"),
        valid_to=table.get("valid_to"),
        note=table.get("note", ""),
        source=source,
    )


def article(text: str, source: str = "") -> Article:
    """`行政处罚法@2021-01-22#t71`, as `Article.key` writes it."""
    found = _CITE.fullmatch(text)
    if not found:
        raise ValueError(f"{source}:引用{text!r}应当写作“标题@版本日期#t条”,例如行政处罚法@2021-01-22#t71")
    part = {key: int(value) if value else None for key, value in found.groupdict().items() if key not in ("title", "version")}
    return Article(Law(found["title"], found["version"]), part["tiao"] or 0, part["zhi"], part["kuan"], part["xiang"])
