"""每月查漏补缺: each body that makes documents is asked once a month for the list of what it issued, until one covers the month.

The task stands on the desk of its legal staff from the first day of the following month to that month's last; the list that covers the
month meets it (`reconciling.upload`). Asked are bodies the register knows: those with a document in it, or that handed in a list before.
"""

from __future__ import annotations

from datetime import date, datetime, timedelta

from yifa.kernel.people import messages
from yifa.kernel.people.actors import Actor
from yifa.kernel.people.messages import Message
from yifa.kernel.people.queries import Organisation, holders
from yifa.normative import queries
from yifa.normative.models import IssuedList, NormativeDocument
from yifa.procedures import owing
from yifa.procedures.owing import Owed, Task

KIND, ROLES = "normative_list", ("reviewer", "discloser")
NOTICE = "查漏补缺"


def ask(today: date, *, at: datetime) -> int:
    """Opens the task of the month before for every body that has none and has not handed its list in; how many were asked."""
    last = today.replace(day=1) - timedelta(days=1)
    first = last.replace(day=1)
    done = set(IssuedList.objects.filter(since__lte=first, until__gte=last).values_list("organisation_id", flat=True))
    known = set(NormativeDocument.objects.filter(made_on__lte=last).values_list("maker_id", flat=True))
    known |= set(IssuedList.objects.values_list("organisation_id", flat=True))
    bodies = Organisation.objects.filter(code__in=known - done).select_related("region").order_by("code")
    return sum(_ask(body, first, today, at) for body in bodies)


def _ask(body: Organisation, first: date, today: date, at: datetime) -> bool:
    month, words = f"{first:%Y-%m}", f"{first.year}年{first.month}月"
    task = Owed(
        key=f"{KIND}:{body.code}:{month}",
        kind=KIND,
        subject=month,
        league=body.region.league,
        organisation=body.code,
        region=body.region_id,
        title="核对发文目录",
        what=f"{words}发文目录同登记簿核对（查漏补缺）",
        roles=ROLES,
        url="/desk/normative/lists/",
        action="上传目录",
        source=f"issued-lists:{body.code}",
        start_on=today.replace(day=1),
        due_on=_month_end(today),
    )
    is_new = owing.open_task(task, at=at)
    if is_new:
        text = f"请在{task.due_on}以前上传本机关{words}的发文目录；登记簿中没有的文件，由司法行政部门认定后补登，并计入应备案件数。"
        message = Message(kind=NOTICE, title=f"请核对{words}发文目录", text=text, url=task.url, key=task.key)
        messages.tell(message, to=holders(body.code, ROLES, today), at=at)
    return is_new


def missing(actor: Actor) -> list[Task]:
    """The bodies of the territory whose list of some month is still to come, for whoever keeps the register; for others none."""
    return owing.open_in(KIND, queries.stem(actor.region)) if queries.oversees(actor) else []


def met(organisation: str, since: date, until: date, *, at: datetime) -> None:
    """A list of these days was handed in: the months that it covers are done."""
    for task in owing.about_body(KIND, organisation):
        first = date.fromisoformat(f"{task.subject}-01")
        if since <= first and _month_end(first) <= until:
            owing.end_one(task, at=at)


def _month_end(day: date) -> date:
    return (day.replace(day=1) + timedelta(days=31)).replace(day=1) - timedelta(days=1)
