"""What the rules on making a 地方政府规章 may know. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from yifa.normative.cases.common import Common
from yifa.procedures.known import unknown

WAITS = 30  # days between publication and coming into force (规章制定程序条例 32)


@dataclass(frozen=True)
class RulemakingFacts(Common):
    maker_level: int = unknown("制定机关层级")
    subject_matter: str = unknown("事项")
    cuts_rights: bool = unknown("是否减损权益、增加义务")
    higher_basis: str = ""
    confidential: bool = unknown("是否依法需要保密")
    examined: str = unknown("审查结论")
    government_meeting: str = unknown("审议会议")
    passed: bool = unknown("审议结论")
    early_reason: str = ""
    provisional: bool = unknown("是否先行制定")

    @property
    def makes_rules(self) -> bool:
        """A government of the region or of a 设区的市; a 行政公署 is its dispatched organ, a 旗县 is too low."""
        return self.maker_kind == "GOVERNMENT" and self.maker_level in {1, 2} and "行政公署" not in self.maker

    @property
    def waits(self) -> bool:
        return self.effective_on >= self.published_on + timedelta(days=WAITS)


def known(register: Mapping[str, Any]) -> dict[str, Any]:
    body = register.get("organisation")
    return {"maker_level": body["level"]} if body else {}
