"""存量: one line of an office's list of old documents, read into what the register keeps, or into what is wrong with it. Pure."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from datetime import date

from yifa.kernel.sheets import Line, day
from yifa.normative.validity import valid_until

COLUMNS = {
    "title": ("名称", "文件名称", "标题", "题名"),
    "number": ("文号", "发文字号", "文件编号"),
    "maker": ("制定机关", "发文机关", "制定单位", "发文单位"),
    "made_on": ("成文日期", "制定日期", "发文日期", "印发日期"),
    "published_on": ("公布日期", "发布日期"),
    "effective_on": ("施行日期", "生效日期", "实施日期"),
    "years": ("有效期", "有效年限"),
    "valid_until": ("有效期届满日", "失效日期", "有效期至"),
    "ended_on": ("终止日期", "废止日期"),
    "ended_by": ("终止方式",),
    "ending": ("终止依据", "废止依据"),
    "registration_number": ("统一登记号", "登记编号", "登记号"),
    "business": ("是否涉企", "涉企"),
    "openness": ("公开属性",),
    "secrecy": ("保密审查人",),
    "text": ("正文", "全文"),
    "checked_on": ("核对日期",),
    "checked_against": ("核对来源",),
}
DAYS = ("made_on", "published_on", "effective_on", "valid_until", "ended_on", "checked_on")
REQUIRED = ("title", "number", "made_on")
ENDED = {
    "废止": "repealed",
    "宣布失效": "declared",
    "失效": "lapsed",
    "到期失效": "lapsed",
    "撤销": "revoked",
    "被撤销": "revoked",
    "代替": "replaced",
}
OPEN = {"主动公开": "public", "依申请公开": "on_request", "不予公开": "closed"}
TRIAL = ("暂行", "试行")
_YEARS = re.compile(r"([1-9]\d?)\s*年?$")


@dataclass(frozen=True)
class Stock:
    """A document as the list states it. `valid_until` is the first day after its validity; None: the list says nothing of it."""

    row: int
    title: str
    number: str
    maker: str
    made_on: date
    published_on: date | None
    effective_on: date | None
    valid_until: date | None
    ended_on: date | None
    ended_by: str
    ending: str
    registration_number: str
    business: bool
    openness: str
    secrecy: str
    text: str
    checked_on: date | None
    checked_against: str

    @property
    def trial(self) -> bool:
        return any(word in self.title for word in TRIAL)


@dataclass(frozen=True)
class Fault:
    """What is wrong in one row, in words."""

    row: int
    why: str


def canonical_number(text: str) -> str:
    """A 文号 as it is printed, however it was typed: 〔〕 round the year, no blanks, 号 at the end."""
    plain = re.sub(r"\s", "", unicodedata.normalize("NFKC", text))
    plain = re.sub(r"[〔\[【({]((?:19|20)\d\d)年?[〕\]】)}]", r"〔\1〕", plain)
    return f"{plain}号" if re.search(r"〔\d{4}〕(第?)\d+$", plain) else plain


def title_key(text: str) -> str:
    """A title however it is typed: without marks and blanks."""
    return re.sub(r"[\s《》〈〉“”\"'()（）]", "", unicodedata.normalize("NFKC", text))


def read(line: Line) -> Stock | Fault:
    """One line as a document, or the first thing wrong with it."""
    if why := _missing(line) or _unknown(line):
        return Fault(line.row, why)
    days = {key: day(line[key]) if line[key] else None for key in DAYS}
    made, published, effective, ended = days["made_on"], days["published_on"], days["effective_on"], days["ended_on"]
    bad = next((key for key in DAYS if line[key] and days[key] is None), None)
    if bad or made is None:
        key = bad or "made_on"
        return Fault(line.row, f"{COLUMNS[key][0]}“{line[key]}”不是日期，请写成 2026-03-01 的样子")
    until, years = days["valid_until"], _YEARS.match(line["years"])
    if until is None and line["years"]:
        if years is None or effective is None:
            return Fault(line.row, f"有效期“{line['years']}”要与施行日期一起写成“5年”的样子")
        until = valid_until(effective, int(years[1]))
    if why := _backwards(made, published, effective):
        return Fault(line.row, why)
    return Stock(
        row=line.row,
        title=line["title"].strip("《》"),
        number=canonical_number(line["number"]),
        maker=line["maker"],
        made_on=made,
        published_on=published,
        effective_on=effective,
        valid_until=until,
        ended_on=ended,
        ended_by=ENDED.get(line["ended_by"], ""),
        ending=line["ending"],
        registration_number=line["registration_number"],
        business=line["business"] in {"是", "涉企", "1", "true", "TRUE"},
        openness=OPEN.get(line["openness"], ""),
        secrecy=line["secrecy"],
        text=line["text"],
        checked_on=days["checked_on"],
        checked_against=line["checked_against"],
    )


def _missing(line: Line) -> str:
    """What a line must state and does not."""
    if blank := next((key for key in REQUIRED if not line[key]), None):
        return f"没有写明{COLUMNS[blank][0]}"
    if bool(line["ended_on"]) != bool(line["ended_by"]):
        return "终止日期和终止方式要一起写明"
    if line["openness"] == "主动公开" and not line["secrecy"]:
        return "主动公开的文件要写明保密审查人（政府信息公开条例第十七条）"
    return ""


def _unknown(line: Line) -> str:
    """A word that none of the known ones is."""
    if line["ended_by"] and line["ended_by"] not in ENDED:
        return f"终止方式“{line['ended_by']}”不是废止、宣布失效、到期失效、撤销、代替中的一种"
    if line["openness"] and line["openness"] not in OPEN:
        return f"公开属性“{line['openness']}”不是主动公开、依申请公开、不予公开中的一种"
    return ""


def _backwards(made: date, published: date | None, effective: date | None) -> str:
    if published and published < made:
        return f"公布日期{published}早于成文日期{made}"
    if published and effective and effective < published:
        return f"施行日期{effective}早于公布日期{published}"
    return ""
