"""Which kind of text this is (`types.toml`), told from its title, its maker and its number. Pure.

Who may make what: 立法法 10, 72, 80–82, 85, 91, 93, 118, 119. A 旗县 makes no 规章 and no 地方性法规 (but 自治条例 and 单行条例 of an
自治旗); the documents of governments and departments below them are 规范性文件.
"""

from __future__ import annotations

import re

from yifa.laws.places import BANNER, LEAGUE, NATION, PROVINCE, level_of

_ISSUED = re.compile(r"[〔\[【（(]\s*(?:19|20)[0-9]{2}\s*[〕\]】）)]\s*第?\s*[0-9]+\s*号")
_GOVERNMENT = re.compile(r"(?:人民政府|行政公署|人民政府办公厅|人民政府办公室|行政公署办公室)$")
_CONGRESS = re.compile(r"人民代表大会|人大常委会")
_COURT = re.compile(r"^(?:最高人民法院|最高人民检察院)")


def kind_of(title: str, *, maker: str, number: str = "", region: str = "") -> str:
    """The code of the kind. An order (令) makes a rule of what a government issues; an issue number (〔2024〕3号) a document."""
    level = level_of(region)
    name = re.sub(r"[（(][^（）()]*[）)]$", "", title)
    if level == NATION:
        return _national(name, maker, number)
    if name.endswith("自治条例"):
        return "ZZTL"
    if _CONGRESS.search(maker):
        if maker.endswith("人民代表大会") and ("自治州" in maker or "自治县" in maker or "自治旗" in maker):
            return "DXTL"
        return {PROVINCE: "DFXFG-P", LEAGUE: "DFXFG-C", BANNER: "DXTL"}[level]
    if _GOVERNMENT.search(maker):
        if "令" in number and level != BANNER:
            return "DFZFGZ-P" if level == PROVINCE else "DFZFGZ-C"
        return "GFXWJ-G"
    if not maker and not _ISSUED.search(number) and name.endswith("条例"):
        return "DFXFG-P" if level == PROVINCE else "DFXFG-C"
    return "GFXWJ-D"


def _national(name: str, maker: str, number: str) -> str:
    if name in {"宪法", "中华人民共和国宪法"} or "宪法修正案" in name:
        return "XF"
    if maker.startswith("国家监察委员会"):
        return "JCFG"
    if _COURT.match(maker) or _COURT.match(name):
        return "SFJS"
    if _CONGRESS.search(maker) or (name.endswith(("法", "法典")) and not name.endswith(("办法", "做法")) and not maker):
        return "FL"
    if maker.startswith(("国务院", "中华人民共和国国务院", "中央人民政府", "政务院")):
        is_document = _ISSUED.search(number) is not None or "办公厅" in maker
        return "GFXWJ-G" if is_document else "XZFG"
    if maker.startswith(("中共", "中国共产党")):
        return "DNFG"
    if _ISSUED.search(number):
        return "GFXWJ-D"
    return "BMGZ" if maker or "令" in number else "GFXWJ-D"


def maker_of_title(title: str, region_name: str) -> str:
    """最高人民法院关于… -> 最高人民法院: what stands before 关于, when it ends as bodies do."""
    match = re.match(r"(.{2,60}?)关于", title.replace(region_name, region_name, 1))
    body = match[1] if match else ""
    return body if re.search(r"(?:委员会|法院|检察院|人民政府|公署|办公厅|办公室|部|局|厅|署|总局|国务院|大会)$", body) else ""
