"""From a manuscript and what a source knows of it to a `SourceText`: dates, maker, region, kind. Pure.

A date given by the source (its list, the name of the file) is the day of publication, unless the 题注 tells of a later change: then the
text is newer than the source believes, and the 题注 counts.
"""

from __future__ import annotations

import hashlib
import json
import re
from dataclasses import dataclass
from datetime import date

from yifa.laws.clauses import start
from yifa.laws.kinds import kind_of, maker_of_title
from yifa.laws.manuscript import Manuscript
from yifa.laws.notes import AMENDED, MADE, PUBLISHED, REVISED, Note, read_note
from yifa.laws.places import PROVINCE, Places, level_of
from yifa.laws.rules import INVISIBLE, title_key
from yifa.laws.texts import SourceText

_FAR = 60  # days between adoption and publication that are still one and the same step
_LONG = 370  # a city's regulation waits months for the province's approval
_STATE = re.compile(r"^中华人民共和国(?=国务院|最高人民|国家|[^,，]{2,20}(?:部|委员会|总局|署))")
# Bodies of the nation by the kind a source files a text under.
NATIONAL = {"XF", "FL", "XZFG", "JCFG", "BMGZ", "SFJS"}
LOCAL = "地方性法规"
_MAKERS = {"XZFG": "国务院", "JCFG": "国家监察委员会"}


@dataclass(frozen=True)
class Known:
    """What the source says beside the text itself; "" and None where it says nothing."""

    source: str
    place: str
    path: str
    title: str = ""
    type: str = ""
    published_on: date | None = None
    effective_on: date | None = None
    claim: str = ""
    subjects: tuple[str, ...] = ()
    within: str = ""
    group: str = ""
    maker: str = ""
    number: str = ""
    doubts: tuple[str, ...] = ()
    defects: tuple[str, ...] = ()


def build(known: Known, text: Manuscript, places: Places) -> SourceText:
    """Everything the library needs of one text, or as much of it as can be known; a text without a date keeps `published_on` None."""
    note = read_note(text.head)
    title = _clean(known.title or text.title)
    defects = list(known.defects) + text.defects
    published = _published(known, note, defects)
    region, maker = _whose(known, title, note, places)
    region = "" if known.type in NATIONAL else region or known.within
    number = known.number or note.number
    code = known.type or kind_of(title, maker=maker, number=number, region=region)
    if known.group == LOCAL and code.startswith("GFXWJ"):
        # Filed among local regulations: then it is one, or a rule of the government, though nothing in it says so.
        code = ("DFZFGZ" if code == "GFXWJ-G" else "DFXFG") + ("-P" if level_of(region) == PROVINCE else "-C")
    maker = maker or _MAKERS.get(code, "")
    effective = known.effective_on or note.effective_on
    if effective is None and not note.is_amended_in_part and (own := start([article.text for article in text.articles[-4:]], published)):
        effective = own.on
        defects += [own.doubt] if own.doubt else []
    changed = note.changed
    adopted = changed.on if changed and published and 0 <= (published - changed.on).days <= _LONG else None
    articles = tuple(text.articles)
    body = json.dumps(
        [title, text.head, [vars(article) for article in articles], str(published), str(effective), known.claim, code, region]
    )
    return SourceText(
        path=known.path,
        key=f"{known.source}:{known.place}",
        title=title,
        type=code,
        form="",
        makers=_makers(title, maker, code),
        subjects=known.subjects,
        version=published.isoformat() if published else "",
        published_on=published,
        effective_on=effective,
        claim=known.claim,
        articles=articles,
        sha256=hashlib.sha256(body.encode("ascii")).hexdigest(),
        number=number,
        adopted_on=adopted,
        note="\n".join(text.head),
        region=region,
        scope=_scope(title, region, maker, places),
        defects=tuple(defects),
        doubts=known.doubts,
    )


def _clean(title: str) -> str:
    return re.sub(r"[\s\u3000]+", "" if re.search(r"[\u4e00-\u9fff]", title) else " ", INVISIBLE.sub("", title)).strip("《》*#")


def _published(known: Known, note: Note, defects: list[str]) -> date | None:
    given, told = known.published_on, note.published_on
    if given and told and (told - given).days > _FAR:
        defects.append(f"来源的日期{given}早于题注所载最后一次变动{told},按题注收录")
        return told
    return given or told


def _whose(known: Known, title: str, note: Note, places: Places) -> tuple[str, str]:
    """(region, maker): who adopted the last whole text; the title's own place before the maker's."""
    named = places.find(title, within=known.within)
    organs = [event.organ for kind in (MADE, REVISED, AMENDED, PUBLISHED) for event in note.events if event.organ and event.kind == kind]
    # A province approves what its cities make; the title says whose it is.
    organs = [organ for organ in organs if not named or places.find(organ, within=known.within) in {named, ""}]
    maker = known.maker or (_STATE.sub("", organs[0]) if organs else "")
    region = named or places.find(maker, within=known.within)
    maker = maker or maker_of_title(title, places.names.get(region, ""))
    return region or places.find(maker, within=known.within), maker


def _makers(title: str, maker: str, code: str) -> tuple[str, ...]:
    """Interpretations are the courts' and procuratorates' own, though a committee of theirs adopts them; the title names both."""
    if code == "SFJS":
        maker = maker_of_title(title, "") or re.sub(r"(?:审判|检察)委员会$", "", maker)
        return tuple(maker.split("、")) if maker else ()
    return (maker,) if maker else ()


def _scope(title: str, region: str, maker: str, places: Places) -> str:
    """What must stand beside the title of a local text that does not name its region."""
    if not region or places.find(title):
        return ""
    name = places.names.get(region, "")
    return "" if name and name in title_key(title) else name
