"""Who is told what about a registered document: its drafters and the maker's legal staff, later the head and the registering office."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime, timedelta

from django.db import connection

from yifa.kernel.people import messages
from yifa.kernel.people.messages import Message
from yifa.kernel.people.queries import Contact, Organisation, holders
from yifa.normative.models import NormativeDocument

KIND = "文件有效期"


def keepers(row: NormativeDocument, on: date) -> list[Contact]:
    """Those of the maker who drafted it or review its drafts; where there are none, its officers."""
    drafters = _drafters(row)
    officers = holders(row.maker_id, ("officer",), on)
    found = [each for each in officers if each.person in drafters] + holders(row.maker_id, ("reviewer",), on)
    return list(dict.fromkeys(found)) or officers


def heads(row: NormativeDocument, on: date) -> list[Contact]:
    return holders(row.maker_id, ("head",), on)


def registrars(row: NormativeDocument, on: date) -> list[Contact]:
    """The legal staff of the 司法行政部门 that keeps the register at the maker's place."""
    office = justice(row.region_id)
    return holders(office.code, ("reviewer",), on) if office else []


def justice(region: str) -> Organisation | None:
    """The 司法行政部门 at the level of a place."""
    return Organisation.objects.filter(sector="司法行政", kind="ORGAN", region=region[:6]).order_by("code").first()


def _drafters(row: NormativeDocument) -> frozenset[str]:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT person_id::text FROM dossiers_caserole WHERE league = %s AND dossier = %s AND role = 'officer'",
            [row.league, row.dossier],
        )
        return frozenset(person for (person,) in cursor.fetchall())


def warned(row: NormativeDocument, stage: int, *, today: date, at: datetime) -> None:
    """T−180 and T−90 to those who keep the document, T−30 also to the maker's head and the registering office."""
    until = row.valid_until or today
    left, last = (until - today).days, until - timedelta(days=1)
    words = {
        180: "请开始评估，在届满以前决定延续、修改、废止或者宣布失效。",
        90: "还没有公布处理决定的，请抓紧评估、审核和集体审议。",
        30: "届满以前没有公布延续决定的，到期自动失效，不能补办延续；请负责人督促办理。",
    }
    message = Message(
        kind=KIND,
        title=f"《{row.title}》还有{left}日到期",
        text=f"{row.number}有效期至{last}。{words[stage]}",
        url=f"/desk/normative/documents/{row.code}/",
        key=f"{row.code}/{until}/{stage}",
    )
    whom: Iterable[Contact] = keepers(row, today)
    if stage == 30:
        whom = dict.fromkeys((*whom, *heads(row, today), *registrars(row, today)))
    messages.tell(message, to=whom, at=at)


def lapsed(row: NormativeDocument, *, today: date, at: datetime) -> None:
    """到期失效: told to everybody who had been warned."""
    message = Message(
        kind=KIND,
        title=f"《{row.title}》已经到期失效",
        text=f"{row.number}有效期届满，没有公布延续决定，自{row.valid_until}起失效，已从现行有效目录中移出，不得再作为行政管理的依据。",
        url=f"/desk/normative/documents/{row.code}/",
        key=f"{row.code}/{row.valid_until}/lapse",
    )
    whom = dict.fromkeys((*keepers(row, today), *heads(row, today), *registrars(row, today)))
    messages.tell(message, to=whom, at=at)
