"""What is put out of an opinion before everybody reads it: telephone and identity numbers, accounts, addresses of mail, names told as such.

个人信息保护法 6, 政府信息公开条例 15: what is published says what was said, not who said it. Whoever answers reads the text as it came, and
so does its author by his code. A name in the midst of a sentence is not seen: an opinion that may harm somebody is hidden. Pure.
"""

from __future__ import annotations

import re

VEILED = "（已隐去）"
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


def veiled(text: str) -> str:
    """The text as everybody may read it."""
    without = _NUMBERS.sub(VEILED, text.translate(_NARROW)) if any(sign.isdecimal() or sign in "@＠" for sign in text) else text
    unsigned = _SIGNED.sub(lambda found: found["stop"] + VEILED + found["rest"], without)
    return _NAMES.sub(lambda found: found["told"] + VEILED, unsigned)
