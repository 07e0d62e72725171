"""Codes of bodies, people and cases, and masking.

统一社会信用代码 (GB 32100), 组织机构代码 (GB 11714), 公民身份号码 (GB 11643), 案件编号. Pure and without a clock: the day is passed in.
A reason is a Chinese sentence that names what is wrong and where; it is empty when nothing is.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from datetime import date

USCC_ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"
USCC_WEIGHTS = tuple(pow(3, i, 31) for i in range(17))
ORGANISATION_WEIGHTS = (3, 7, 9, 10, 5, 8, 4, 2)
IDENTITY_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
IDENTITY_CHECKS = "10X98765432"
# GB/T 2260 by province, and 81–83: the residence permits of residents of Hong Kong, Macao and Taiwan. Counties are not listed one by one,
# because a number keeps the county of its first registration, however often that county has been renamed or dissolved since.
PROVINCES = frozenset(
    f"{n}"
    for block in (range(11, 16), range(21, 24), range(31, 38), range(41, 47), range(50, 55), range(61, 66), (71,), range(81, 84))
    for n in block
)
NATIONAL = "100000"
CASE_TYPES = {
    "01": "行政处罚普通程序",
    "02": "行政处罚简易程序",
    "03": "行政检查",
    "04": "行政强制",
    "05": "行政许可",
    "06": "行政征收",
    "09": "其他",
    "21": "行政规范性文件制定",
    "22": "行政规范性文件备案审查",
    "23": "政府规章制定",
    "24": "地方性法规草案起草",
    "25": "规范性文件异议审查",
    "26": "行政复议附带审查",
    "27": "规范性文件有效期评估",
    "28": "规范性文件清理",
    "31": "重大行政决策",
    "32": "重大行政决策事项目录",
    "33": "决策事项目录督办",
}
COMPOUND_SURNAMES = frozenset(
    ("欧阳", "司马", "上官", "诸葛", "东方", "皇甫", "尉迟", "公孙", "慕容", "令狐", "宇文", "长孙", "司徒", "司空", "夏侯")
)


@dataclass(frozen=True)
class Checked:
    """Whether a code can be right, and if not, why."""

    valid: bool
    reason: str = ""


VALID = Checked(True)


def normal(text: str) -> str:
    """What someone typed, as the standards write it: full-width to half-width, no spaces or hyphens, capital letters."""
    return re.sub(r"[\s\-—]", "", unicodedata.normalize("NFKC", text)).upper()


def uscc_check(first17: str) -> str:
    """The 18th character of a credit code (GB 32100 §5)."""
    total = sum(USCC_ALPHABET.index(c) * w for c, w in zip(first17, USCC_WEIGHTS, strict=True))
    return USCC_ALPHABET[(31 - total % 31) % 31]


def organisation_check(first8: str) -> str:
    """The 9th character of an organisation code (GB 11714): letters count from A = 10; 10 is written X, 11 is written 0."""
    total = sum(int(c, 36) * w for c, w in zip(first8, ORGANISATION_WEIGHTS, strict=True))
    return {10: "X", 11: "0"}.get(11 - total % 11, str(11 - total % 11))


def identity_check(first17: str) -> str:
    """The 18th character of a citizen's identity number (GB 11643)."""
    return IDENTITY_CHECKS[sum(int(c) * w for c, w in zip(first17, IDENTITY_WEIGHTS, strict=True)) % 11]


def build_uscc(department: str, kind: str, region: str, body8: str) -> str:
    """A credit code from its parts, with both check characters."""
    first17 = f"{department}{kind}{region}{body8}{organisation_check(body8)}"
    return first17 + uscc_check(first17)


def check_uscc(text: str) -> Checked:
    """统一社会信用代码: 18 characters of the alphabet without I, O, S, V, Z; a region of China; the check character."""
    if wrong := _shape(text, 18, USCC_ALPHABET, "统一社会信用代码", "只能用数字和除 I、O、S、V、Z 以外的大写字母"):
        return wrong
    region = text[2:8]
    if not _digits(region):
        return Checked(False, f"第 3 至 8 位“{region}”应为六位数字的行政区划代码")
    if region != NATIONAL and region[:2] not in PROVINCES:
        return Checked(False, f"第 3 至 8 位“{region}”不是存在的行政区划")
    if text[17] != (right := uscc_check(text[:17])):
        return Checked(False, f"校验码不符：第 18 位应为“{right}”，现为“{text[17]}”")
    return VALID


def check_organisation_code(text: str) -> Checked:
    """组织机构代码: eight characters and a check character (GB 11714), the hyphen left out."""
    if wrong := _shape(text, 9, "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ", "组织机构代码", "只能用数字和大写字母"):
        return wrong
    if text[8] != (right := organisation_check(text[:8])):
        return Checked(False, f"组织机构代码校验码不符：第 9 位应为“{right}”，现为“{text[8]}”")
    return VALID


def check_identity_number(text: str, *, today: date) -> Checked:
    """公民身份号码: 18 characters, a region of China, a birth date that exists and has come, the check character."""
    if wrong := _shape(text, 18, "0123456789X", "公民身份号码", "只能用数字，末位可为大写 X"):
        return wrong
    if "X" in text[:17]:
        return Checked(False, f"第 {text.index('X') + 1} 位“X”不合规定：只有第 18 位可为 X")
    if text[:2] not in PROVINCES:
        return Checked(False, f"前六位“{text[:6]}”不是存在的行政区划")
    year, month, day = int(text[6:10]), int(text[10:12]), int(text[12:14])
    try:
        born = date(year, month, day)
    except ValueError:
        return Checked(False, f"出生日期“{text[6:14]}”不是存在的日期")
    if born > today:
        return Checked(False, f"出生日期“{text[6:14]}”晚于今天（{today.isoformat()}）")
    if year < 1800:
        return Checked(False, f"出生日期“{text[6:14]}”早于 1800 年")
    if text[17] != (right := identity_check(text[:17])):
        return Checked(False, f"校验码不符：第 18 位应为“{right}”，现为“{text[17]}”")
    return VALID


def case_check(digits: str) -> str:
    """The check character of a case number: mod 31 over its 22 digits with the weights of GB 32100 carried on."""
    total = sum(int(c) * pow(3, i, 31) for i, c in enumerate(digits))
    return USCC_ALPHABET[(31 - total % 31) % 31]


def case_number(region: str, subject: str, kind: str, year: int, seq: int) -> str:
    """案件编号 `{region6}{subject4}-{type2}-{yyyy}-{seq6}-{chk}`; a part that does not fit is an error of the caller."""
    if not (len(region) == 6 and _digits(region) and len(subject) == 4 and _digits(subject)):
        raise ValueError(f"region and subject of a case number are 6 and 4 digits: {region!r} {subject!r}")
    if kind not in CASE_TYPES or not 1949 <= year <= 9999 or not 1 <= seq <= 999999:
        raise ValueError(f"no case number for type {kind!r}, year {year}, sequence {seq}")
    return f"{region}{subject}-{kind}-{year}-{seq:06d}-{case_check(f'{region}{subject}{kind}{year}{seq:06d}')}"


def check_case_number(text: str) -> Checked:
    """Whether a typed case number can be one of ours: catches every single wrong digit before the database is asked."""
    if not (match := re.fullmatch(r"([0-9]{10})-([0-9]{2})-([0-9]{4})-([0-9]{6})-([0-9A-Z])", text)):
        return Checked(False, "案件编号应形如“1502020001-02-2026-000001-7”")
    if match[2] not in CASE_TYPES:
        return Checked(False, f"案件编号中的程序类别“{match[2]}”不存在")
    if match[5] != case_check("".join(match.group(1, 2, 3, 4))):
        return Checked(False, "案件编号的校验码不符，请核对是否抄错")
    return VALID


def mask_name(name: str) -> str:
    """张三 → 张某, 张三丰 → 张某某, 欧阳锋 → 欧阳某: the surname stays, at most two 某 follow."""
    name = name.strip()
    keep = 2 if len(name) > 2 and name[:2] in COMPOUND_SURNAMES else 1
    return name[:keep] + "某" * min(2, max(1, len(name) - keep)) if name else ""


def mask_identity(number: str) -> str:
    """A number of a person or a body with its middle hidden; the last four stay, because the holder proves himself by them."""
    number = number.strip()
    if len(number) <= 8:
        return "*" * len(number)
    return number[:4] + "*" * (len(number) - 8) + number[-4:]


def mask_phone(number: str) -> str:
    """13812345678 → 138****5678."""
    number = number.strip()
    return number[:3] + "*" * (len(number) - 7) + number[-4:] if len(number) >= 8 else "*" * len(number)


def mask_account(number: str) -> str:
    """A bank account: only the last four digits."""
    number = number.strip()
    return "*" * max(0, len(number) - 4) + number[-4:] if len(number) > 4 else "*" * len(number)


def _shape(text: str, length: int, alphabet: str, name: str, rule: str) -> Checked | None:
    if len(text) != length:
        return Checked(False, f"{name}应为 {length} 位，现为 {len(text)} 位")
    for place, letter in enumerate(text, 1):
        if letter not in alphabet:
            return Checked(False, f"第 {place} 位“{letter}”不合规定：{name}{rule}")
    return None


def _digits(text: str) -> bool:
    """ASCII digits only: str.isdigit also takes superscripts and other scripts."""
    return text.isascii() and text.isdigit()
