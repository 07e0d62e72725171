"""What somebody says to a draft, read as it is kept, before it is written: words, who speaks, what a form sent."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from yifa.kernel.refusing import RejectedError
from yifa.participation.models import Comment
from yifa.participation.veiling import clean, is_said

SHORTEST, LONGEST, PHONE_DIGITS = 2, 4000, 7


@dataclass(frozen=True)
class Words:
    """What is said, by whom, and the network address it came from; as it is kept."""

    text: str
    clause: str
    name: str
    phone: str
    channel: str
    identity: str
    address: str


def said(text: str, clause: str, name: str, phone: str, channel: str, is_organisation: bool, address: str = "") -> Words:
    """Raises RejectedError when nothing is said or too much, for a body without a name, and for a telephone that is none."""
    words, name, phone = clean(text), clean(name)[:100], clean(phone)[:40]
    if len(words) > LONGEST:
        raise RejectedError(f"您写了 {len(words)} 字，最多 {LONGEST} 字；请删减，或者把长文作为附件")
    if len(words) < SHORTEST or not is_said(words):
        raise RejectedError("请写明意见和理由")
    if not is_said(name):
        name = ""
    if is_organisation and not name:
        raise RejectedError("以单位名义提意见的，请写明单位名称；不便写明的，请选择“个人”")
    if phone and sum(sign.isdecimal() for sign in phone) < PHONE_DIGITS:
        raise RejectedError(f"电话应当有{PHONE_DIGITS}位以上数字；不愿意留的，可以不填")
    identity = Comment.Identity
    who = identity.ORGANISATION if is_organisation else identity.PHONED if phone else identity.NAMED if name else identity.ANONYMOUS
    return Words(words, clean(clause)[:100], name, phone, channel, who, address)


def sent(key: str, words: Words, files: Iterable[str]) -> str:
    """All that a form sent, with its key; nothing for a form without one."""
    return "\n".join([key, words.channel, words.identity, words.clause, words.name, words.phone, words.text, *files]) if key else ""
