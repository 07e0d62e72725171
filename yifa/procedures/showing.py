"""From the interpreter's values to what the desk's templates read: lines, clocks, articles with their addresses."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from functools import cache
from typing import Any

from django.utils import timezone

from yifa.dossiers import media
from yifa.dossiers.withholding import Withheld
from yifa.kernel.calendar.queries import calendar
from yifa.kernel.citing import Article
from yifa.laws.queries import permalink
from yifa.procedures import core, queries, registry, services
from yifa.procedures.core import Finding, Step


@cache
def link(article: Article) -> str:
    return permalink(article)


def article(wanted: Step) -> dict[str, str] | None:
    cites = wanted.articles
    return {"label": str(cites[0]), "url": link(cites[0])} if cites else None


def cites(cites: Sequence[Article]) -> list[dict[str, str]]:
    return [{"label": str(each), "url": link(each)} for each in cites]


def finding(each: Finding) -> dict[str, Any]:
    helper = core.ROLE_TITLES.get(each.unblock or "", "系统管理员" if each.unblock else "")
    return {"text": each.text, "cites": cites(each.cites), "unblock": helper, "severity": each.severity}


def next_step(code: str, each: queries.NextStep, *, main: bool) -> dict[str, Any]:
    shown: dict[str, Any] = {"title": each.step.title, "article": article(each.step), "action": each.step.action, "main": main}
    if each.findings:
        return shown | {"findings": [finding(found) for found in each.findings]}
    early = each.wait is not None and timezone.localdate() < each.wait.first
    return shown | {"url": f"/desk/cases/{code}/do/{each.step.name}/", "wait": str(each.wait) if early else ""}


def clock(row: Any) -> dict[str, Any]:
    if row.closed_seq is not None:
        words = f"{row.met_on:%m-%d} 办结" if row.met_on else "不再计算"
        late = row.met_on is not None and row.met_on > row.due_on
        return {
            "title": row.title,
            "due_on": row.due_on,
            "remaining": words + ("，逾期" if late else ""),
            "state": "overdue" if late else "done",
        }
    working = queries.counts_workdays(row.derivation)
    words, state = queries.remaining(row.due_on, timezone.localdate(), calendar(), working=working)
    return {
        "title": row.title,
        "start_on": row.start_on,
        "due_on": row.due_on,
        "remaining": words,
        "state": state,
        "provisional": row.provisional,
        "derivation": row.derivation,
    }


def entry(
    found: queries.Course, row: queries.EntryRow, papers: Sequence[queries.Given], pieces: Sequence[Any], withheld: Withheld
) -> dict[str, Any]:
    act, payload = row.done, row.payload or {}
    known = found.procedure.steps.get(act.step) or core.KERNEL_ACTS.get(act.step)
    now = timezone.now()
    taken = {each["sha256"] for each in payload.get("evidence") or ()}
    # The same file may have been taken in at several steps: here it stands once.
    shown = {each.sha256: each for each in pieces if each.sha256 in taken}
    stated = payload.get("facts") or {}
    return {
        "title": known.title if known else act.step,
        "at": act.at,
        "by": row.name,
        "article": article(known) if known else None,
        "seq": act.seq,
        "hash": row.hash,
        "where": stated.get("place"),
        "facts": services.said(known, stated, withheld) if known else [],
        "evidence": [{"url": each.url, "label": each.title} for each in shown.values()],
        "documents": [paper(each, now) for each in papers if each.seq == act.seq],
        "late": act.late,
        "recorded_at": act.recorded_at,
        "note": stated.get("statement_text") or stated.get("reason"),
    }


def piece(each: Any) -> dict[str, Any]:
    kinds = {"photo": "照片", "audio": "录音", "video": "录像", "document": "书证"}
    return {
        "title": each.title,
        "url": each.url,
        "thumb": each.thumbnail,
        "kind": kinds.get(each.kind, each.kind),
        "sha256": each.sha256,
        "player": each.kind if each.playable else "",
    }


def paper(each: queries.Given, at: datetime) -> dict[str, Any]:
    """A document with its address, or with the reason why there is none."""
    url = "" if each.withheld else media.url(each.sha256, mime="application/pdf", name=f"{each.title}.pdf", at=at)
    shown = {"title": each.title, "label": each.title, "number": each.number, "created_at": each.created_at}
    return shown | {"url": url, "withheld": each.withheld}


def endings() -> dict[str, str]:
    """How a case may have ended, as a filter: 已结案, 不予处罚, 已转普通程序 (the leads that wait for the ordinary procedure)."""
    return {step.name: step.status or step.title for each in registry.procedures() for step in each.steps.values() if step.ends}


def status(procedure: str, version: str, region: str, sector: str, status: str) -> str:
    found = registry.procedure(procedure, version, region=region, sector=sector).steps.get(status)
    return (found.status or found.title) if found else status
