"""What a form sent, read the same way on every page of this room."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Any
from uuid import UUID

from yifa.dossiers import queries as dossiers
from yifa.kernel.people.actors import Actor
from yifa.kernel.refusing import RejectedError


def day(text: str, label: str) -> dt.date:
    try:
        return dt.date.fromisoformat(text)
    except ValueError:
        raise RejectedError(f"“{label}”应当是真实存在的日期") from None


def hour(text: str) -> dt.time:
    try:
        return dt.time.fromisoformat(text)
    except ValueError:
        raise RejectedError("“开始时间”应当写成 09:00 的样子") from None


def number(text: str, label: str) -> int:
    if not text.strip().isdecimal() or len(text.strip()) > 9:
        raise RejectedError(f"“{label}”应当是整数")
    return int(text)


def ident(text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError:
        raise RejectedError("请刷新页面后再操作") from None


def uploads(by: Actor, texts: Sequence[str]) -> list[dict[str, Any]]:
    """The files that a form names among those its sender has just sent."""
    found = dossiers.waiting(by, ids=[ident(text) for text in texts]) if texts else ()
    return [{"title": each.title, "sha256": each.sha256, "size": each.size, "mime": each.mime} for each in found]
