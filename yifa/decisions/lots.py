"""A lot that anyone can draw again. Pure.

Before anybody knows who will stand for it, the SHA-256 of a secret seed is published (the commitment). When the candidates are final, the
seed is revealed and each candidate gets a key: the SHA-256 of `seed:number`. Who has the smallest key comes first. Nothing else enters, so
the order of the list, the clerk and the machine have no say, and whoever has a program for SHA-256 gets the same result.

What it proves: the seed was fixed before the candidates were. What it does not prove: that whoever made the seed forgot it; therefore the
seed lies sealed in the database until the draw, and candidates are numbered by the register, never by themselves.
重大行政决策程序暂行条例 16 (公平公开组织遴选), 20 (专家的专业性、代表性和中立性).
"""

from __future__ import annotations

import hashlib
import re
import secrets
from collections.abc import Iterable, Sequence

_SEED = re.compile(r"[0-9a-f]{64}")
HOW = (
    "一、候选人确定以前，已公布一串“摘要”，它由一个保密的“种子”算出（SHA-256）；种子改动一个字，摘要就完全不同。",
    "二、候选人确定以后抽签，同时公布种子。先核对：对种子求SHA-256，结果应当等于事先公布的摘要。",
    "三、再对每个编号计算：把“种子:编号”（中间是半角冒号）求SHA-256，得到一串由0至9、a至f组成的字符。",
    "四、把同一方（同一领域）的编号按这串字符从小到大排列，就是名次；按名额取前几名。有人不能参加的，由下一名递补。",
)


def new_seed() -> str:
    """256 random bits as 64 hexadecimal digits."""
    return secrets.token_hex(32)


def commitment(seed: str) -> str:
    """What is published beforehand: 64 hexadecimal digits. ValueError for what is no seed."""
    if not _SEED.fullmatch(seed):
        raise ValueError("a seed is 64 hexadecimal digits")
    return hashlib.sha256(seed.encode()).hexdigest()


def key(seed: str, candidate: str) -> str:
    """By what one candidate is ranked. The seed's length is fixed, so that no two pairs give the same text."""
    return hashlib.sha256(f"{seed}:{candidate}".encode()).hexdigest()


def rank(seed: str, candidates: Iterable[str]) -> tuple[str, ...]:
    """All candidates, first to last. ValueError when one stands twice or has no number."""
    found = list(candidates)
    if len(set(found)) != len(found) or not all(found):
        raise ValueError("every candidate has one number of his own")
    if not _SEED.fullmatch(seed):
        raise ValueError("a seed is 64 hexadecimal digits")
    return tuple(sorted(found, key=lambda each: key(seed, each)))


def draw(seed: str, candidates: Iterable[str], seats: int) -> tuple[str, ...]:
    """The first `seats` of the ranking; all of them when there are fewer."""
    return rank(seed, candidates)[: max(0, seats)]


def verify(*, committed: str, seed: str, candidates: Sequence[str], ranking: Sequence[str]) -> tuple[str, ...]:
    """What is wrong with a lot that was published, in words; nothing when it holds."""
    if not _SEED.fullmatch(seed):
        return ("种子不是64位的十六进制字符",)
    faults = []
    if commitment(seed) != committed:
        faults.append("种子与事先公布的摘要不符")
    if len(set(candidates)) != len(candidates):
        faults.append("有编号重复的候选人")
    elif set(ranking) != set(candidates) or len(ranking) != len(candidates):
        faults.append("名次与候选人名单不一致")
    elif tuple(ranking) != rank(seed, candidates):
        faults.append("名次与重新计算的结果不符")
    return tuple(faults)
