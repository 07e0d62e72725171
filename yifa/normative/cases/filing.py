"""What the rules on reviewing a filed document (备案审查) may know: what was handed in, what each level answered. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from yifa.normative.cases.common import Common
from yifa.procedures.known import unknown

LEVELS = (1, 2, 3, 4)
# The nine matters that every level answers (法规规章备案审查条例 13 and 立法法 107 by analogy; the regional review form).
ITEMS = (
    ("authority", "主体权限", "制定机关是否有权就这一事项制定规范性文件"),
    ("powers", "是否超越权限", "是否超越法定权限，是否违法设定行政处罚、行政许可、行政强制、行政收费等事项"),
    ("superior", "与上位法是否抵触", "与所依据和所涉及的法律、法规、规章逐条对照"),
    ("rights", "是否减损权益、增加义务", "没有法律、法规依据，减损公民、法人和其他组织的合法权益或者增加其义务"),
    ("procedure", "制定程序", "公开征求意见、合法性审核、集体审议、公平竞争审查、公布"),
    ("proportion", "适当性", "规定的措施是否符合制定目的和实际情况"),
    ("peers", "与同级文件是否一致", "与本级和同级机关的其他文件对同一事项的规定"),
    ("dates", "有效期和施行日期", "是否载明有效期，施行日期是否晚于公布日期"),
    ("wording", "文字格式", "名称、体例、用语、引用是否规范"),
)
NAMES = {key: name for key, name, _ in ITEMS}
SOUND, MINOR, PROBLEM = "sound", "minor", "problem"
CORRECTED = frozenset("DEF")


@dataclass(frozen=True)
class Filed:
    """The document as the register has it, and whether the body that reviews it is the one it was handed in to."""

    title: str
    number: str
    maker: str
    addressed: bool
    business: bool
    published_on: date | None
    filed_on: date | None
    dossier: str


@dataclass(frozen=True)
class Review:
    """What one level of the review answered."""

    answers: Mapping[str, str]
    remarks: Mapping[str, str]
    found: frozenset[str]
    proposal: str
    opinion: str

    def answered(self, what: str) -> list[str]:
        return [key for key, answer in self.answers.items() if answer == what]


def review(facts: Mapping[str, Any], level: int) -> Review | None:
    """The answers of one level as its step stated them; None while it has not."""
    if facts.get(f"proposal_{level}") is None:
        return None
    return Review(
        answers={key: facts.get(f"{key}_{level}", "") for key, _, _ in ITEMS},
        remarks={key: (facts.get(f"{key}_{level}_why") or "").strip() for key, _, _ in ITEMS},
        found=frozenset(facts.get(f"found_{level}") or ()) - {"none"},
        proposal=facts[f"proposal_{level}"],
        opinion=facts.get(f"opinion_{level}", ""),
    )


@dataclass(frozen=True)
class FilingFacts(Common):
    """`owed` and `overdue` are steps whose deadline ran, or had run out, before the act that is judged."""

    filed: Filed | None = None
    materials: frozenset[str] = unknown("报送材料")
    reviews: tuple[Review | None, ...] = (None, None, None, None)
    supplemented: bool = False
    extension_days: int = 0
    conclusion: str = ""
    legal_ground: str = ""
    clauses: str = ""
    result: str = ""
    accepted: bool = False
    decided_on: date | None = None
    revoked_on: date | None = None
    owed: frozenset[str] = frozenset()
    overdue: frozenset[str] = frozenset()

    def of(self, level: int) -> Review:
        return self.reviews[level - 1] or Review({}, {}, frozenset(), "", "")

    @property
    def missing_materials(self) -> str:
        names = {
            "report": "备案报告",
            "text": "正式文本",
            "explanation": "起草说明",
            "basis": "制定依据",
            "legality": "合法性审核意见",
            "opinions": "征求意见及采纳情况",
            "minutes": "集体审议纪要",
            "competition": "公平竞争审查结论",
        }
        wanted = {*names} - (set() if self.filed and self.filed.business else {"competition"})
        return "、".join(name for key, name in names.items() if key in wanted - self.materials)

    @property
    def bare(self) -> str:
        """The items that 初审 finds wanting without saying why."""
        own = self.of(1)
        return _named(key for key, answer in own.answers.items() if answer != SOUND and not own.remarks[key])

    @property
    def unexplained(self) -> Mapping[int, str]:
        """By level: the items answered otherwise than by the level below, without a reason."""
        return {
            level: _named(
                key for key, answer in self.of(level).answers.items() if answer != below.get(key) and not self.of(level).remarks[key]
            )
            for level in LEVELS[1:]
            for below in [self.of(level - 1).answers]
        }

    @property
    def final(self) -> Review:
        """What the conclusion is drawn from: the highest level that has answered (终审 of a filing, 复审 of an objection)."""
        return next((each for each in reversed(self.reviews) if each is not None), self.of(1))

    @property
    def is_settled(self) -> bool:
        """Nothing more is owed by the maker: no correction was asked for, it was accepted, or the document was revoked."""
        return self.conclusion not in {*CORRECTED, "C"} or self.revoked_on is not None or self.accepted


def _named(keys: Iterable[str]) -> str:
    return "、".join(NAMES[key] for key in keys)


def known(facts: Mapping[str, Any], register: Mapping[str, Any]) -> dict[str, Any]:
    """The facts of a filing that JSON cannot say: from the register the document and what is overdue, from the steps the reviews."""
    found: dict[str, Any] = {"reviews": tuple(review(facts, level) for level in LEVELS)}
    if document := register.get("document"):
        found["filed"] = Filed(
            title=document["title"],
            number=document["number"],
            maker=document["maker_name"],
            addressed=document["reviewer"] == (register.get("organisation") or {}).get("code"),
            business=document["business"],
            published_on=_day(document["published_on"]),
            filed_on=_day(document["filed_on"]),
            dossier=document["filing"] or "",
        )
    found |= {name: _day(facts.get(name)) for name in ("decided_on", "revoked_on")}
    clocks = (register.get("clocks") or {}).items()
    found["owed"] = frozenset(step for step, clock in clocks if clock["open"])
    found["overdue"] = frozenset(step for step, clock in clocks if clock["late"])
    return found


def begin(step: str, case: FilingFacts) -> dict[str, Any]:
    """The answers with which the form of a level begins: those of the level below, without its reasons."""
    level = int(step[-1]) if step in {"review_2", "review_3", "review_4"} else 0
    below = case.of(level - 1) if level else None
    if below is None or not below.proposal:
        return {}
    answers: dict[str, Any] = {f"{key}_{level}": answer for key, answer in below.answers.items()}
    return answers | {f"found_{level}": sorted(below.found) or ["none"], f"proposal_{level}": below.proposal}


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None
