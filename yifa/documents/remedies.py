"""Remedies a document must tell (救济告知): which body reviews, how, until when, and whether reconsideration comes first.

Pure. 行政复议法 (2023): 20 (sixty days), 22 (ways to apply), 23 (reconsideration first for a penalty decided on the spot, and the duty
to say so), 24 (the government reviews its own departments; a 派出机关 such as a 盟's 行政公署 has the powers of a city), 27 and 28
(exceptions), 32 (through the body that decided), 34; 行政诉讼法 45 (fifteen days after reconsideration), 46 (six months).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from yifa.kernel.citing import Article, Law, listed

ARL = Law("行政复议法", "2023-09-01")
ADL = Law("行政诉讼法", "2017-06-27")
APL = Law("行政处罚法", "2021-01-22")

DEPARTMENT, GOVERNMENT, AGENCY, AUTHORIZED, VERTICAL = "department", "government", "agency", "authorized", "vertical"


@dataclass(frozen=True)
class Organ:
    """A body as a party must be able to find it."""

    name: str
    address: str
    phone: str


def reviewing_organ(kind: str, *, same_level: Organ, above: Organ) -> Organ:
    """Who reviews an act of a body of this kind: 复议法 24 and 27.

    `same_level` = the government (or 行政公署) of the body's own level, `above` = the next higher government, or for a body under
    vertical leadership the next higher department. A 派出机关 (街道办事处) and a government are reviewed from above, a department and
    a body authorised by law by the government that runs them.
    """
    if kind in {DEPARTMENT, AUTHORIZED}:
        return same_level
    if kind in {GOVERNMENT, AGENCY, VERTICAL}:
        return above
    raise ValueError(f"no rule says who reviews a body of kind {kind!r}")


@dataclass(frozen=True)
class Remedy:
    """What is told in one document. `first`: reconsideration must come before the court (复议法 23)."""

    organ: Organ
    body: Organ
    first: bool
    online: str = ""
    court: str = "有管辖权的人民法院"
    paper: str = "决定书"

    @property
    def cites(self) -> tuple[Article, ...]:
        return (ARL[20], ARL[23], ARL[32], ADL[45]) if self.first else (ARL[20], ADL[45], ADL[46])

    def sentences(self) -> tuple[str, ...]:
        """The block as it is printed and read aloud, one paragraph each."""
        organ, online = self.organ, f"；也可以通过互联网提交：{self.online}" if self.online else ""
        apply = (
            f"如不服本{self.paper[:2]}，可以自收到本{self.paper}之日起六十日内，向{organ.name}申请行政复议"
            f"（地址：{organ.address}，电话：{organ.phone}{online}）。"
        )
        if not self.first:
            direct = f"也可以自收到本{self.paper}之日起六个月内，直接向{self.court}提起行政诉讼。"
            after = f"对行政复议决定不服的，可以自收到行政复议决定书之日起十五日内，向{self.court}提起行政诉讼。"
            return (apply + direct + after, f"（依据：{listed(self.cites)}）")
        through = (
            f"行政复议申请也可以交作出本决定的{self.body.name}（地址：{self.body.address}，电话：{self.body.phone}）转送。"
            "书写有困难的，可以口头申请。"
        )
        before = (
            "对当场作出的行政处罚决定不服的，应当先申请行政复议；"
            f"对行政复议决定不服的，可以自收到行政复议决定书之日起十五日内，向{self.court}提起行政诉讼。"
        )
        return (apply + through, before, f"（依据：{listed(self.cites)}）")

    def without_stay(self) -> str:
        return "申请行政复议或者提起行政诉讼的，行政处罚不停止执行，法律另有规定的除外；加处罚款的数额在行政复议或者行政诉讼期间不予计算。"

    @classmethod
    def read(cls, value: Remedy | dict[str, Any]) -> Remedy:
        """From the plain data a step or a test passes."""
        if isinstance(value, Remedy):
            return value
        rest = {key: value[key] for key in ("first", "online", "court", "paper") if key in value}
        return cls(organ=Organ(**value["organ"]), body=Organ(**value["body"]), **rest)
