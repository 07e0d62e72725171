"""Acts on the register of experts (决策咨询论证专家库) and the drawing of experts for a matter. 国务院令第713号 19–21.

A register is kept by a government or its 司法行政部门 and may be used by those below (第二十一条第三款). Experts are drawn once for each
field of a matter: the digest of a seed is recorded first, then who must stand aside is excluded with reasons, then the seed is revealed
and the ranking stands. Who cannot come or declares an interest is followed by the next. Chains `expert:<id>` and `drawing:<id>`.
"""

from __future__ import annotations

import csv
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID, uuid4

from django.db import connection, transaction
from django.utils import timezone

from yifa.decisions import lots
from yifa.decisions.branch_case import HIGHEST_FEE
from yifa.decisions.expert_queries import keeps_register, pool
from yifa.decisions.models import Drawing, Engagement, Expert
from yifa.decisions.rules import R713
from yifa.dossiers.personal import seal, unseal
from yifa.kernel.citing import Article
from yifa.kernel.ledger import services as ledger
from yifa.kernel.people.actors import Actor
from yifa.kernel.refusing import RejectedError

POOL, CHOICE, WORK = R713[21], R713[20], R713[19]
SHORTEST, FIELDS, MOST, MOST_ROWS = 2, 8, 30, 500


@dataclass(frozen=True)
class Particulars:
    """An expert as the register keeps him."""

    name: str
    employer: str
    fields: Sequence[str]
    title: str = ""
    phone: str = ""


def fields_of(text: str) -> list[str]:
    """Fields as people write them: 法律、经济 财政,城乡规划."""
    for mark in "、，,;；/\n\t":
        text = text.replace(mark, " ")
    return list(dict.fromkeys(text.split()))


def register(told: Particulars, *, by: Actor, simulated: datetime | None = None) -> Expert:
    """入库: one expert into the register of the place. Raises RejectedError: for whoever keeps none, without employer or field, twice."""
    values = _particulars(told)
    if not keeps_register(by):
        raise RejectedError("专家库由政府办公室或者司法行政部门管理", POOL)
    moment = simulated or timezone.now()
    with transaction.atomic():
        row, is_new = Expert.objects.get_or_create(
            league=by.league,
            organisation_id=by.organisation,
            name=values["name"],
            employer=values["employer"],
            defaults={"id": uuid4(), "region_id": by.region, "registered_on": timezone.localdate(moment), **values},
        )
        if not is_new:
            raise RejectedError(f"{row.employer}的{row.name}已经在库，请打开他的页面修改")
        _note(f"expert:{row.id}", "register", by, {"fields": values["fields"], "title": values["title"]}, (POOL,), simulated)
    return row


def sound(told: Particulars) -> None:
    """Whether an expert could be registered so. Raises RejectedError."""
    _particulars(told)


def register_rows(text: str, *, by: Actor) -> tuple[int, list[str]]:
    """A list copied out of a spreadsheet, one expert a line: name, employer, fields, title, telephone, parted by tabs (or commas).

    Returns how many were taken, and what is wrong with the others, each with its line; pasting the corrected list again takes only those.
    """
    if not keeps_register(by):
        raise RejectedError("专家库由政府办公室或者司法行政部门管理", POOL)
    lines = [line for line in text.replace("\x00", "").splitlines() if line.strip()]
    if not lines or len(lines) > MOST_ROWS:
        raise RejectedError(f"请粘贴1至{MOST_ROWS}行，一行一人")
    taken, faults = 0, []
    try:
        rows = list(csv.reader(lines, delimiter="\t" if "\t" in text else ","))
    except csv.Error:
        raise RejectedError("粘贴的内容读不下去，请检查引号，分几次粘贴") from None
    for n, cells in enumerate(rows, 1):
        name, employer, fields, title, phone = [*(cell.strip() for cell in cells), "", "", "", "", ""][:5]
        if n == 1 and name == "姓名":
            continue
        try:
            register(Particulars(name, employer, fields_of(fields), title, phone), by=by)
            taken += 1
        except RejectedError as why:
            faults.append(f"第{n}行：{why}")
    return taken, faults


def update(league: str, ident: UUID, told: Particulars, *, by: Actor) -> None:
    """Corrects an expert's particulars; the record keeps what fields he had when."""
    values = _particulars(told)
    with transaction.atomic():
        row = _own(league, ident, by)
        same = Expert.objects.filter(league=league, organisation_id=row.organisation_id, name=values["name"], employer=values["employer"])
        if same.exclude(id=ident).exists():
            raise RejectedError("同一单位的同名专家已经在库")
        Expert.objects.filter(league=league, id=ident).update(**values)
        _note(f"expert:{ident}", "update", by, {"fields": values["fields"], "title": values["title"]}, (POOL,))


def set_status(league: str, ident: UUID, status: str, *, by: Actor, reason: str) -> None:
    """暂停、退出、恢复 (诚信考核和退出机制, 第二十一条第一款), with the reason."""
    if status not in Expert.Status.values:
        raise RejectedError("请选择在库、暂停或者退出")
    if len(reason.strip()) < SHORTEST:
        raise RejectedError("请写明理由", POOL.kuan(1))
    with transaction.atomic():
        row = _own(league, ident, by)
        if row.status == status:
            raise RejectedError(f"现在已经是“{row.get_status_display()}”")
        Expert.objects.filter(league=league, id=ident).update(status=status, status_reason=reason.strip()[:400])
        _note(f"expert:{ident}", status, by, {"reason": reason.strip()[:400]}, (POOL.kuan(1),))


def _particulars(told: Particulars) -> dict[str, Any]:
    fields = [each.strip()[:60] for each in told.fields if each.strip()]
    if len(told.name.strip()) < SHORTEST or len(told.employer.strip()) < SHORTEST:
        raise RejectedError("请写明专家的姓名和工作单位；隶属关系要据此核对", CHOICE)
    if not fields or len(fields) > FIELDS:
        raise RejectedError(f"请写明一至{FIELDS}个专业领域；按领域抽取", CHOICE)
    return {
        "name": told.name.strip()[:40],
        "employer": told.employer.strip()[:200],
        "title": told.title.strip()[:100],
        "fields": fields,
        "phone_sealed": seal(told.phone.strip()[:40]),
    }


def prepare(dossier: str, title: str, field: str, n: int, *, by: Actor, simulated: datetime | None = None) -> Drawing:
    """公布摘要: opens the one drawing of a field for a matter; the seed is sealed, its digest recorded before anyone is excluded."""
    field = field.strip()[:60]
    if not 1 <= n <= MOST:
        raise RejectedError(f"抽取人数应当是1至{MOST}")
    found = pool(by.region, field)
    if len(found) < n:
        raise RejectedError(f"可用的专家库里“{field}”只有{len(found)}人，不够抽取{n}人；请充实专家库，或者减少人数", CHOICE)
    seed = lots.new_seed()
    with transaction.atomic():
        _still_open(by.league, dossier)
        row, is_new = Drawing.objects.get_or_create(
            league=by.league,
            dossier=dossier,
            field=field,
            defaults={
                "id": uuid4(),
                "title": title[:400],
                "organisation_id": by.organisation,
                "n": n,
                "commitment": lots.commitment(seed),
                "seed_sealed": seal(seed),
                "committed_at": simulated or timezone.now(),
            },
        )
        if not is_new:
            raise RejectedError(f"“{field}”已经抽取过，一个领域只抽一次；有人不能参加的，由下一名递补", CHOICE)
        payload = {"dossier": dossier, "field": field, "n": n, "commitment": row.commitment}
        _note(f"drawing:{row.id}", "commit", by, payload, (CHOICE,), simulated)
    return row


def draw(
    league: str, ident: UUID, *, by: Actor, undertakers: Sequence[str], excluded: Mapping[str, str], simulated: datetime | None = None
) -> Drawing:
    """抽取: who works for an undertaking body stands aside by himself, others by `excluded` (expert id -> reason); then the seed decides.

    Raises RejectedError when too few are left, before the seed is revealed.
    """
    moment = simulated or timezone.now()
    reasons = {key: text.strip()[:200] for key, text in excluded.items()}
    if any(len(text) < SHORTEST for text in reasons.values()):
        raise RejectedError("请逐人写明回避的理由", CHOICE)
    with transaction.atomic():
        row = _drawing(league, ident, by)
        _still_open(league, row.dossier)
        if row.drawn_at is not None:
            raise RejectedError("已经抽取，请刷新页面")
        candidates, aside = [], []
        for each in pool(by.region, row.field):
            shown = {"id": str(each.id), "name": each.name, "employer": each.employer}
            reason = "隶属决策承办单位" if each.employer in undertakers else reasons.get(str(each.id), "")
            if reason:
                aside.append({**shown, "reason": reason})
            else:
                candidates.append(shown)
        if len(candidates) < row.n:
            raise RejectedError(f"回避以后只剩{len(candidates)}人，不够抽取{row.n}人", CHOICE)
        seed = unseal(row.seed_sealed)
        ranking = lots.rank(seed, [each["id"] for each in candidates])
        chosen = list(ranking[: row.n])
        Drawing.objects.filter(league=league, id=ident).update(
            seed=seed, candidates=candidates, excluded=aside, ranking=list(ranking), chosen=chosen, drawn_at=moment
        )
        for place, expert in enumerate(chosen, 1):
            _engage(row, expert, place)
        payload = {"seed": seed, "ranking": list(ranking), "chosen": chosen, "excluded": [[each["id"], each["reason"]] for each in aside]}
        _note(f"drawing:{ident}", "draw", by, payload, (CHOICE,), simulated)
    return Drawing.objects.get(league=league, id=ident)


def _engage(row: Drawing, expert: str, place: int) -> None:
    Engagement.objects.create(league=row.league, id=uuid4(), drawing=row.id, dossier=row.dossier, expert=UUID(expert), rank=place)


def declare(
    league: str,
    engagement: UUID,
    *,
    by: Actor,
    has_interest: bool,
    belongs: bool,
    reason: str = "",
    on: date | None = None,
    simulated: datetime | None = None,
) -> Engagement | None:
    """利害关系声明 of one expert. An interest recuses him and the next in rank follows, who is returned; belonging is shown, not barred."""
    today = timezone.localdate(simulated or timezone.now())
    day = on or today
    if day > today:
        raise RejectedError("声明日期不能晚于今天")
    if has_interest and len(reason.strip()) < SHORTEST:
        raise RejectedError("请写明有什么直接利害关系", CHOICE)
    with transaction.atomic():
        found, row = _engaged(league, engagement, by)
        _still_open(league, row.dossier)
        _after_the_draw(row, day, "声明日期")
        Engagement.objects.filter(league=league, id=engagement).update(
            has_interest=has_interest,
            belongs=belongs,
            declared_on=day,
            reason=reason.strip()[:400],
            state=Engagement.State.RECUSED if has_interest else Engagement.State.ENGAGED,
        )
        following = _follow(row) if has_interest else None
        payload = {
            "expert": str(found.expert),
            "has_interest": has_interest,
            "belongs": belongs,
            "declared_on": day.isoformat(),
            "follows": str(following.expert) if following else "",
        }
        _note(f"drawing:{row.id}", "declare", by, payload, (CHOICE,), simulated)
    return following


def replace(league: str, engagement: UUID, *, by: Actor, reason: str, simulated: datetime | None = None) -> Engagement | None:
    """递补: an expert cannot come; the next in rank takes his place. None when the ranking is used up."""
    if len(reason.strip()) < SHORTEST:
        raise RejectedError("请写明不能参加的原因")
    with transaction.atomic():
        found, row = _engaged(league, engagement, by)
        _still_open(league, row.dossier)
        Engagement.objects.filter(league=league, id=engagement).update(state=Engagement.State.ABSENT, reason=reason.strip()[:400])
        following = _follow(row)
        payload = {"expert": str(found.expert), "reason": reason.strip()[:400], "follows": str(following.expert) if following else ""}
        _note(f"drawing:{row.id}", "replace", by, payload, (CHOICE,), simulated)
    return following


def _follow(row: Drawing) -> Engagement | None:
    """The next in rank; the caller holds the drawing's row."""
    place = Engagement.objects.filter(league=row.league, drawing=row.id).count() + 1
    if place > len(row.ranking):
        return None
    _engage(row, row.ranking[place - 1], place)
    return Engagement.objects.get(league=row.league, drawing=row.id, rank=place)


def pay(league: str, engagement: UUID, *, by: Actor, fee_fen: int, on: date, simulated: datetime | None = None) -> None:
    """论证费: what an expert who took part was paid, in fen, and when (第十九条第一款: 提供必要保障)."""
    if not 0 < fee_fen <= HIGHEST_FEE * 100:
        raise RejectedError("请写明论证费，0.01元至100,000元")
    if on > timezone.localdate(simulated or timezone.now()):
        raise RejectedError("支付日期不能晚于今天")
    with transaction.atomic():
        found, row = _engaged(league, engagement, by, Engagement.State.ENGAGED)
        _after_the_draw(row, on, "支付日期")
        if found.fee_fen is not None:
            raise RejectedError("这位专家的论证费已经登记")
        Engagement.objects.filter(league=league, id=engagement).update(fee_fen=fee_fen, paid_on=on)
        payload = {"expert": str(found.expert), "fee_fen": fee_fen, "paid_on": on.isoformat()}
        _note(f"drawing:{row.id}", "pay", by, payload, (WORK.kuan(1),), simulated)


def _still_open(league: str, dossier: str) -> None:
    """Nobody is drawn, recused or replaced for a matter that is over; what an expert is paid may come later."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1 FROM dossiers_dossier WHERE league = %s AND code = %s AND closed_at IS NOT NULL", [league, dossier])
        over = cursor.fetchone() is not None
    if over:
        raise RejectedError("这个事项已经办结，不再抽取、更换专家")


def _after_the_draw(row: Drawing, day: date, what: str) -> None:
    if row.drawn_at is not None and day < timezone.localdate(row.drawn_at):
        raise RejectedError(f"{what}不能早于抽取的日期")


def _engaged(league: str, engagement: UUID, by: Actor, *states: Engagement.State) -> tuple[Engagement, Drawing]:
    """An engagement with its drawing, whose row is held so that two clerks do not let the same one follow."""
    found = Engagement.objects.filter(league=league, id=engagement).first()
    if found is None:
        raise RejectedError("没有这位专家的聘请记录，请刷新页面")
    row = _drawing(league, found.drawing, by)
    found = Engagement.objects.get(league=league, id=engagement)
    if found.state not in (states or (Engagement.State.DRAWN, Engagement.State.ENGAGED)):
        raise RejectedError(f"这位专家现在是“{found.get_state_display()}”，不能办理这一步")
    return found, row


def _drawing(league: str, ident: UUID, by: Actor) -> Drawing:
    row = Drawing.objects.select_for_update().filter(league=league, id=ident, organisation_id=by.organisation).first()
    if row is None:
        raise RejectedError("本机关没有这次抽取")
    return row


def _own(league: str, ident: UUID, by: Actor) -> Expert:
    row = Expert.objects.select_for_update().filter(league=league, id=ident, organisation_id=by.organisation).first()
    if row is None or not keeps_register(by):
        raise RejectedError("本机关的专家库里没有这位专家", POOL)
    return row


def _note(
    chain: str, step: str, by: Actor, payload: Mapping[str, Any], cites: Sequence[Article], simulated: datetime | None = None
) -> None:
    ledger.record(chain, step, actor=by, payload=payload, league=by.league, cites=cites, simulated=simulated)
