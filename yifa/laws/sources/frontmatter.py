"""Files with YAML front matter (title, publish_date, status …). Pure.

What stands there is not trusted: such collections give the day of first adoption for a text amended many times, and call a replaced text
current. The 题注 in the text decides; where there is none the date is used and marked 待核. The stated status is not used at all.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date
from pathlib import Path

from yifa.laws.manuscript import front_matter, lines_of, read
from yifa.laws.notes import days_in, read_note
from yifa.laws.places import Places
from yifa.laws.sources.building import Known, build
from yifa.laws.sources.files import Refused, text_of
from yifa.laws.sources.refusing import UnreadableError
from yifa.laws.texts import SourceText

NAME = "china-law-db-extra"
_TYPES = {"宪法": "XF", "法律": "FL", "行政法规": "XZFG", "司法解释": "SFJS", "部门规章": "BMGZ", "监察法规": "JCFG"}
_NAMED = re.compile(r"[（(]([12][0-9]{3}(?:-[01][0-9]-[0-3][0-9])?)[）)]$")


def has_front_matter(path: Path) -> bool:
    """Does the file begin with a block that names a title and a date?"""
    try:
        fields, _ = front_matter(text_of(path)[0])
    except UnreadableError:
        return False
    return "title" in fields and bool({"publish_date", "status", "category"} & fields.keys())


def read_files(root: Path, files: list[Path], places: Places, *, label: str = "") -> Iterator[SourceText | Refused]:
    """The texts of these files, which lie under `root`."""
    for file in files:
        place = file.relative_to(root).with_suffix("").as_posix()
        path = f"{label}{place}{file.suffix}"
        try:
            text, defects = text_of(file)
        except UnreadableError as problem:
            yield Refused(path, str(problem))
            continue
        fields, body = front_matter(text)
        manuscript = read(lines_of(body))
        stated = next(iter(days_in(fields.get("publish_date", ""))), None)
        named = _NAMED.search(file.stem)
        told = read_note(manuscript.head).published_on
        published = told or (_day(named[1]) if named else None) or stated
        doubts: tuple[str, ...] = ()
        if told is None and published is not None:
            doubts = (f"来源的公布日期{published}可能是初次公布的日期，题注没有载明",)
        if stated and told and stated != told:
            defects.append(f"来源所载公布日期{stated}与题注不符,按题注{told}收录")
        known = Known(
            source=NAME,
            place=place,
            path=path,
            title=manuscript.title or fields["title"],
            type=_TYPES.get(fields.get("category", "").split("/")[0], ""),
            published_on=published,
            maker=fields.get("issuing_authority", ""),
            doubts=doubts,
            defects=tuple(defects),
        )
        yield build(known, manuscript, places)


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None
