"""How a document writes dates, money and numbers. Pure.

《国家行政机关公文格式》(GB/T 9704-2012): dates without leading zeros, 文号 with the brackets 〔〕 and no leading zero. Amounts in capitals
follow the appendix of 《支付结算办法》 (正确填写票据和结算凭证的基本规定): 整 after 元 or 角 but never after 分, one 零 for any run of
zeros inside the amount.
"""

from __future__ import annotations

import re
import unicodedata
from datetime import date, datetime
from zoneinfo import ZoneInfo

CHINA = ZoneInfo("Asia/Shanghai")
NUMBER = re.compile(r"([^〔〕\s]+)〔(\d{4})〕([1-9]\d*)号")
_TYPED = re.compile(r"(?:编号|第)?[::]?([^〔〕\[\]()【】\s]+)[〔\[(【](\d{4})[〕\])】](?:第)?0*([1-9]\d{0,8})号?")
MAX_FEN = 10**14
_DIGITS = "零壹贰叁肆伍陆柒捌玖"
_GROUPS = ("", "万", "亿")


def date_text(day: date) -> str:
    """2026年3月2日."""
    return f"{day.year}年{day.month}月{day.day}日"


def moment_text(moment: datetime) -> str:
    """2026年3月2日9时05分, in the time of the People's Republic; a moment without its zone is refused."""
    if moment.tzinfo is None:
        raise ValueError("a moment needs its time zone")
    local = moment.astimezone(CHINA)
    return f"{date_text(local)}{local.hour}时{local.minute:02d}分"


def late_text(*, happened: datetime, recorded: datetime, person: str, organisation: str, reason: str, paper_number: str = "") -> str:
    """补录, in one sentence: when what the document tells happened, when and by whom it was entered, and why so late."""
    printed = f"，纸质文书编号{paper_number.strip()}" if paper_number.strip() else ""
    told = f"本文书所载事项于{moment_text(happened)}办理，{moment_text(recorded)}由{organisation}{person}补录{printed}。"
    return told + f"补录的理由：{' '.join(reason.split()).rstrip('。')}。"


def capitals(fen: int) -> str:
    """20000 -> 贰佰元整; 1640902 -> 壹万陆仟肆佰零玖元零贰分."""
    if not 0 <= fen < MAX_FEN:
        raise ValueError(f"no amount of money: {fen} fen")
    yuan, cents = divmod(fen, 100)
    jiao, cent = divmod(cents, 10)
    text = _whole(yuan) + "元" if yuan else ""
    if yuan and cents and (jiao == 0 or yuan % 10 == 0):
        text += "零"
    text += f"{_DIGITS[jiao]}角" if jiao else ""
    text += f"{_DIGITS[cent]}分" if cent else "整"
    return text if fen else "零元整"


def money_text(fen: int) -> str:
    """人民币贰佰元整（¥200.00）: capitals first, so that no digit can be added."""
    yuan, cents = divmod(fen, 100)
    return f"人民币{capitals(fen)}（¥{yuan:,}.{cents:02d}）"


def document_number(agency: str, series: str, year: int, number: int) -> str:
    """包昆城管 + 当罚 + 2026 + 18 -> 包昆城管当罚〔2026〕18号."""
    if not agency or number < 1:
        raise ValueError(f"no document number: {agency!r} {number}")
    return f"{agency}{series}〔{year:04d}〕{number}号"


def _whole(number: int) -> str:
    """A positive whole number in capitals, four digits at a time from the highest."""
    groups = []
    while number:
        number, group = divmod(number, 10_000)
        groups.append(group)
    text, gap = "", False
    for index in reversed(range(len(groups))):
        group = groups[index]
        if not group:
            gap = True
            continue
        if text and (gap or group < 1000):
            text += "零"
        text += _four(group) + _GROUPS[index]
        gap = False
    return text


def _four(number: int) -> str:
    """1..9999 without leading zeros; inner zeros are read once."""
    text, gap = "", False
    for unit, name in ((1000, "仟"), (100, "佰"), (10, "拾"), (1, "")):
        digit, number = divmod(number, unit)
        if digit:
            text += ("零" if gap else "") + _DIGITS[digit] + name
            gap = False
        elif text:
            gap = True
    return text


def printed_number(text: str) -> tuple[str, int, int] | None:
    """What a person types from a printed form as (prefix, year, number): `包昆农当罚[2026]0018` reads 包昆农当罚, 2026, 18.

    The keyboard's brackets stand for 〔〕, leading zeros and the final 号 may be there or not. None when it is no number at all.
    """
    found = _TYPED.fullmatch("".join(unicodedata.normalize("NFKC", text).split()))
    return (found[1], int(found[2]), int(found[3])) if found else None
