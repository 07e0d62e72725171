"""What is put out of an opinion before everybody reads it: telephone and identity numbers, accounts, addresses of mail, names told as such.

个人信息保护法 6, 政府信息公开条例 15: what is published says what was said, not who said it. Whoever answers reads the text as it came, and
so does its author by his code. A name in the midst of a sentence no pattern sees: whoever answers names the words (`moderating.veil`), or
hides an opinion that may harm somebody. Pure.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

VEILED = "（已隐去）"
# Stands for words a person veiled while the patterns look, which go by what surrounds them; no text that was kept holds it.
_HELD = "\x00"
# Full width as half width, sign by sign, so that the rest of the text stays as it is.
_NARROW = {code: code - 0xFEE0 for code in (*range(0xFF10, 0xFF1A), *range(0xFF21, 0xFF3B), *range(0xFF41, 0xFF5B), 0xFF20, 0xFF0D)}
_NUMBERS = re.compile(
    r"(?<![0-9])(?:(?:\+?86[- ]?)?1[3-9][0-9][- ]?[0-9]{4}[- ]?[0-9]{4}"  # a mobile telephone
    r"|0[0-9]{2,3}[- ]?[0-9]{7,8}"  # a telephone
    r"|[0-9]{17}[0-9Xx]|[0-9]{15,19})(?![0-9])"  # an identity card, an account
    r"|[A-Za-z0-9._%+-]+@[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)+"
)
_NAMES = re.compile(
    r"(?P<told>(?:姓名|联系人|署名|签名|反映人|来信人|提出人|建议人)[:：\s]\s*|我叫)(?P<name>[\u4e00-\u9fff·]{2,4}?)(?=[^\u4e00-\u9fff·]|$|电话|手机|住)"
)

# What stands between a full stop and a number at the end of a letter is who signs it, unless it says what the number is.
_SIGNED = re.compile(
    r"(?P<stop>[。！；，,.!;\s])(?!(?:请?打|拨打|电话|手机|联系|号码|身份证|邮箱|邮件|微信|账号|卡号|或者|以及))[\u4e00-\u9fff·]{2,4}"
    rf"(?P<rest>[\s，,：:]*(?:电话|手机|联系电话)?[\s：:]*{VEILED}[\s。]*(?:[0-9]{{4}}年[0-9]+月[0-9]+日)?[\s。]*)$"
)


# Marks that nobody sees: they part a number so that no pattern finds it, or turn what is read around. Those that join the letters of
# Mongolian, of Arabic writing and of pictures stay where they join such, and go where they stand in Chinese, letters or digits.
_UNSEEN = re.compile(
    "[\u00ad\u200b\u200e\u200f\u202a-\u202e\u2060-\u206f\ufeff]"
    "|(?<=[0-9A-Za-z@.\u3000-\u303f\u4e00-\u9fff\uff00-\uff5e])[\u034f\u061c\u115f\u1160\u180b-\u180f\u200c\u200d\u3164\ufe00-\ufe0f]+"
)
_TURNING = re.compile("[\u202a-\u202e\u2066-\u2069]")


def seen(text: str) -> str:
    """The text without the marks that nobody sees."""
    return _UNSEEN.sub("", text)


def clean(text: str) -> str:
    """What was sent, as it is kept: lines end in one way, without the marks that turn what follows them around beyond their own end."""
    return _TURNING.sub("", text.replace("\x00", "").replace("\r\n", "\n")).strip()


def is_said(text: str) -> bool:
    """Is there anything to be read in it, a letter or a digit of any writing?"""
    return any(sign.isalnum() for sign in seen(text))


def holds(text: str, words: str) -> bool:
    """Do these words stand in the text, as people read it?"""
    return bool(seen(words).strip()) and seen(words).strip() in seen(text)


def without(text: str, words: Iterable[str], instead: str = VEILED) -> str:
    """The text without these words, each wherever it stands; where one holds another, the longer goes."""
    wanted = sorted({plain for each in words if (plain := seen(each).strip())}, key=lambda each: (-len(each), each))
    return re.sub("|".join(map(re.escape, wanted)), instead, seen(text)) if wanted else text


def veiled(text: str, words: Iterable[str] = ()) -> str:
    """The text as everybody may read it: without what the patterns find, and without the `words` that a person veiled."""
    text = without(seen(text), words, _HELD)
    without_numbers = _NUMBERS.sub(VEILED, text.translate(_NARROW)) if any(sign.isdecimal() or sign in "@＠" for sign in text) else text
    unsigned = _SIGNED.sub(lambda found: found["stop"] + VEILED + found["rest"], without_numbers)
    return _NAMES.sub(lambda found: found["told"] + VEILED, unsigned).replace(_HELD, VEILED)
