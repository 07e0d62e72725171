"""Which rows of the register an act on a normative document brings with it, written in the act's own statement."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from yifa.normative import filing_rows, objection_rows, standing_rows
from yifa.normative.stock import canonical_number
from yifa.normative.validity import valid_until
from yifa.procedures.acts import Doing

TABLE = "normative_normativedocument"
COLLISIONS = {
    "normative_number_once": "这个文号已经用于本机关的另一份规范性文件，请核对文号",
    "normative_registration_once": "这个统一登记号已经使用，请刷新页面后重新登记",
    "normative_normativedocument_pkey": "这份文件已经登记，请刷新页面",
    "objection_received_once": "这件异议刚刚由其他人接收，不重复立卷；请在办案列表中查找",
    "normative_filing_pkey": "这份文件刚刚由其他人接收，不重复立卷；请在办案列表中查找",
    "normative_cleaning_pkey": "这份文件的清理刚刚由其他人提出，不重复立卷；请在办案列表中查找",
}
# Files among those of the act that hold the document's text as the review screen can read it.
TEXTS = (".docx", ".txt", ".md")
GOVERNMENTS = {"GOVERNMENT", "TOWNSHIP", "ADMINISTRATION"}


def rows(doing: Doing) -> Iterable[tuple[str, Mapping[str, Any], str]]:
    """公布 enters a document made here into the register; 报送备案 notes the day on which it was first handed in."""
    match doing.procedure.key, doing.step.name:
        case "normative_filing", _:
            yield from filing_rows.rows(doing)
        case "normative_objection" | "normative_incidental", _:
            yield from objection_rows.rows(doing)
        case "normative_cleanup", _:
            yield from standing_rows.rows(doing)
        case "normative_making", "publish":
            row = _published(doing)
            # Only a publication that was taken back left a row behind.
            again = ", ".join(f"{column} = excluded.{column}" for column in row if column != "code")
            yield TABLE, row, f"ON CONFLICT (code) DO UPDATE SET {again}"
        case "normative_making", "report":
            row = _published(doing) | {"filed_on": doing.judged.case.on}
            yield TABLE, row, "ON CONFLICT (code) DO UPDATE SET filed_on = excluded.filed_on"


def code_of(dossier: str) -> str:
    """The register's code of a document made here: its dossier's number is in it, so that it cannot be given twice."""
    return f"GF{dossier.replace('-', '')}"[:32]


def _published(doing: Doing) -> dict[str, Any]:
    facts, now = doing.judged.facts, doing.read.now
    text = next((piece for piece in doing.read.evidence if piece["title"].lower().endswith(TEXTS)), None)
    body = doing.read.register["organisation"]
    effective = date.fromisoformat(facts["effective_on"])
    return {
        "code": code_of(doing.ref.code),
        "league": doing.ref.league,
        "title": facts["title"],
        "number": canonical_number(facts["doc_number"]),
        "registration_number": facts["number"],
        "maker_id": body["code"],
        "region_id": body["region"],
        "kind": "government" if body["kind"] in GOVERNMENTS else "department",
        "made_on": facts["meeting_on"],
        "published_on": facts["published_on"],
        "effective_on": effective,
        "valid_until": valid_until(effective, int(facts["validity_years"])),
        "trial": doing.judged.case.trial,
        "business": bool(facts.get("business")),
        "ended_by": "",
        "ending": "",
        "openness": facts["openness"],
        "text": "",
        "text_sha256": text["sha256"] if text else "",
        "source": "made",
        "file_by": next((duty.due.due for duty in doing.judged.duties if duty.step.name == "report"), None),
        "dossier": doing.ref.code,
        "checked_on": facts["published_on"] if text else None,
        "checked_against": "公布时提交的正式文本" if text else "",
        "updated_at": now,
    }
