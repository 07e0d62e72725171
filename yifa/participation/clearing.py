"""公开属性 and 保密审查: what a named person settles before anything is put before the public (政府信息公开条例 17). Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

from yifa.participation.veiling import clean

OPENNESS = (("public", "主动公开"), ("on_request", "依申请公开"), ("closed", "不予公开"))


@dataclass(frozen=True)
class Cleared:
    """What was settled, and by whom. Nothing is published on one to which there is an objection."""

    openness: str = ""
    secrecy_reviewer: str = ""
    secrecy_passed: bool = False

    @classmethod
    def of(cls, sent: Mapping[str, Any]) -> Cleared:
        """As the form of `part/clearing.html` sends it."""
        return cls(str(sent.get("openness", "")), clean(str(sent.get("secrecy_reviewer", "")))[:40], sent.get("secrecy_passed") == "true")

    @property
    def objection(self) -> str:
        """Why it may not be published; nothing where it may."""
        if self.openness == "public" and self.secrecy_passed and self.secrecy_reviewer.strip():
            return ""
        return "公布以前应当明确公开属性并进行保密审查：请选择主动公开，写明保密审查人，并确认经审查可以公开（政府信息公开条例第十七条）"

    @property
    def payload(self) -> dict[str, Any]:
        """As it stands in the record."""
        return asdict(self)
