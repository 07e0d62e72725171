"""Reads of the yearly catalogues (决策事项目录) for the public: the matters, where each stands, when one can next take part.

重大行政决策程序暂行条例 3 (目录经同级党委同意后向社会公布), 14–16. What is not to be public is left out; of the party committee's consent
the page has 文号 and date only, because the register keeps nothing else.
"""

from __future__ import annotations

import base64
import binascii
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.db import connection
from django.db.models import F, Q, QuerySet
from django.db.models.expressions import RawSQL
from django.db.models.functions import Coalesce

from yifa.decisions.models import CatalogueItem, Hearing
from yifa.kernel.parameters.rules import significant

PAGE = 50
NEWS = 60
# The furthest of these that a matter has reached is where it stands; steps as `procedures/major.py` names them.
STAGES: tuple[tuple[str, frozenset[str]], ...] = (
    ("已启动，拟订草案", frozenset({"start", "draft", "consult_departments", "plan_participation"})),
    (
        "公众参与、专家论证、风险评估",
        frozenset(
            {"consult", "talk_with_groups", "announce_hearing", "list_participants", "hold_hearing", "feed_back"}
            | {"appoint_experts", "argue", "answer_experts", "assess_risk", "reassess_risk"}
        ),
    ),
    ("合法性审查", frozenset({"submit_review", "accept_review", "review", "handle_review"})),
    ("集体讨论决定", frozenset({"prepare_meeting", "deliberate", "report_party", "decide"})),
    ("已公布，正在执行", frozenset({"publish", "plan_execution", "report_progress", "report_problem", "evaluate", "adjust"})),
    ("已归档", frozenset({"archive", "close"})),
)
ENDED = {"reject": "不予启动", "withdraw_matter": "已调出目录"}
SUSPENDED = "已中止执行"
# 依法不予公开的决策事项 (第十四条): so stated in the matter's own case.
_KEPT_BACK = (
    "EXISTS (SELECT 1 FROM dossiers_dossier d WHERE d.league = decisions_catalogueitem.league AND d.code = decisions_catalogueitem.dossier"
    " AND d.facts ->> 'open_matter' = 'false')"
)
CARRIED_OUT = 5  # from this stage on the decision is published
PARTICIPATES_UNTIL = 2  # stages: the public is asked before the review of legality


@dataclass(frozen=True)
class Next:
    """When one can next take part: words, the page, and whether one can do so today."""

    words: str
    url: str = ""
    now: bool = False


@dataclass(frozen=True)
class Shown:
    """A matter as the public page shows it. `stage` counts from 0 (not begun) to 6 (in the archive)."""

    row: CatalogueItem
    where: str
    stage: int
    next: Next

    @property
    def tone(self) -> str:
        """How its standing is marked: what was ended or stopped is not marked as if all were well."""
        if self.where == SUSPENDED:
            return "warn"
        if self.row.status == CatalogueItem.Status.REMOVED or self.where in ENDED.values() or not self.stage:
            return "calm"
        return "good" if self.stage >= CARRIED_OUT else "today"


@dataclass(frozen=True)
class News:
    """One change that followers are told: the day, the words, the page."""

    key: str
    on: date
    words: str
    url: str


@dataclass(frozen=True)
class _Standing:
    status: str
    done: frozenset[str]
    is_closed: bool
    is_suspended: bool
    consultation: UUID | None
    consulted_until: date | None


def _published(today: date) -> QuerySet[CatalogueItem]:
    """What the public may know: open matters whose list, or whose addition to it, has been published."""
    rows = CatalogueItem.objects.select_related("government", "undertaker", "region").filter(is_open=True)
    rows = rows.annotate(secret=RawSQL(_KEPT_BACK, ())).filter(secret=False)  # noqa: S611 - a text of ours
    return rows.filter(
        Q(status=CatalogueItem.Status.ADDED, added_published_on__lte=today)
        | Q(status__in=(CatalogueItem.Status.LISTED, CatalogueItem.Status.REMOVED), published_on__lte=today)
        | Q(status=CatalogueItem.Status.REMOVED, added_published_on__lte=today)
    )


def years(today: date) -> list[int]:
    return sorted(set(_published(today).values_list("year", flat=True).distinct()), reverse=True)


def regions(today: date) -> list[tuple[str, str]]:
    """The places with a published catalogue: code and name."""
    return sorted(set(_published(today).values_list("region_id", "region__name").distinct()))


def matters(
    today: date, *, region: str = "", year: int | None = None, after: tuple[str, UUID] | None = None, limit: int = PAGE
) -> list[Shown]:
    """The matters of one year (all years when None), by title; a keyset page."""
    rows = _published(today).order_by("title", "id")
    if region:
        rows = rows.filter(region__code__startswith=significant(region))
    if year is not None:
        rows = rows.filter(year=year)
    if after:
        rows = rows.filter(title__gte=after[0]).exclude(title=after[0], id__lte=after[1])
    return _shown(list(rows[:limit]), today)


def one(ident: UUID, today: date) -> Shown | None:
    """One matter of a published list; None when it is not there for the public."""
    found = _shown(list(_published(today).filter(id=ident)), today)
    return found[0] if found else None


def _shown(found: Sequence[CatalogueItem], today: date) -> list[Shown]:
    standing = _standings(found, today)
    hearings = _hearings(found, today)
    shown = []
    for each in found:
        stands = standing.get(each.dossier)
        where, stage = _where(each, stands)
        shown.append(Shown(each, where, stage, _next(each, stage, stands, hearings.get(each.dossier), today)))
    return shown


def cursor(after: Shown) -> str:
    """Where the list goes on after this line, as addresses carry it."""
    return base64.urlsafe_b64encode(f"{after.row.id} {after.row.title}".encode()).decode()


def place(text: str) -> tuple[str, UUID] | None:
    """What `cursor` made; None for anything else."""
    try:
        ident, _, title = base64.urlsafe_b64decode(text.encode()).decode().partition(" ")
        return (title, UUID(ident)) if title and "\x00" not in title else None
    except (binascii.Error, ValueError):
        return None


def _where(row: CatalogueItem, stands: _Standing | None) -> tuple[str, int]:
    if row.status == CatalogueItem.Status.REMOVED:
        return "已调出目录", 0
    if stands is None:
        return "尚未启动", 0
    stage = max((n for n, (_, steps) in enumerate(STAGES, 1) if steps & stands.done), default=0)
    if stands.is_suspended:
        return SUSPENDED, stage
    return ENDED.get(stands.status) or (STAGES[stage - 1][0] if stage else "正在研究论证"), stage


def _next(row: CatalogueItem, stage: int, stands: _Standing | None, hearing: Hearing | None, today: date) -> Next:
    if row.status == CatalogueItem.Status.REMOVED or (stands is not None and stands.status in ENDED):
        return Next("不再办理")
    if stands is not None and stands.consultation and stands.consulted_until:
        return Next(f"正在征求意见，到{_day(stands.consulted_until)}截止", f"/participate/{stands.consultation}/", True)
    if hearing is not None:
        url = f"/decisions/hearings/{hearing.id}/"
        if hearing.status == Hearing.Status.ANNOUNCED and today <= hearing.apply_until:
            return Next(f"听证会正在报名，到{_day(hearing.apply_until)}截止", url, True)
        return Next(f"{_day(hearing.on)}举行听证会", url)
    if stage <= PARTICIPATES_UNTIL and not (stands is not None and stands.is_closed):
        return Next("还没有到征求意见的时候，公布草案时列在这里")
    return Next("征求意见已经结束")


def _day(day: date) -> str:
    return f"{day.month}月{day.day}日"


def _standings(rows: Sequence[CatalogueItem], today: date) -> dict[str, _Standing]:
    """Where the dossiers of these matters stand, and their consultation that is open today; one statement."""
    codes = sorted({(each.league, each.dossier) for each in rows if each.dossier})
    if not codes:
        return {}
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT d.code, d.status, ARRAY(SELECT jsonb_object_keys(coalesce(d.state -> 'done', '{}'))), d.closed_at IS NOT NULL,"
            " coalesce(d.facts ->> 'changed' = 'suspended', false), p.id, p.closes_on"
            " FROM unnest(%s::text[], %s::text[]) AS k(league, code) JOIN dossiers_dossier d ON d.league = k.league AND d.code = k.code"
            " LEFT JOIN LATERAL (SELECT c.id, c.closes_on FROM participation_consultation c"
            "  WHERE c.league = d.league AND c.dossier = d.code AND c.status = 'open' AND c.opens_on <= %s AND c.closes_on >= %s"
            "  ORDER BY c.round DESC LIMIT 1) p ON true",
            [[league for league, _ in codes], [code for _, code in codes], today, today],
        )
        return {
            code: _Standing(status, frozenset(done), closed, suspended, ident, until)
            for code, status, done, closed, suspended, ident, until in cursor.fetchall()
        }


def _hearings(rows: Sequence[CatalogueItem], today: date) -> dict[str, Hearing]:
    """The hearing of each of these matters that is still to come."""
    codes = {each.dossier for each in rows if each.dossier}
    leagues = {each.league for each in rows}
    found = Hearing.objects.filter(league__in=leagues, dossier__in=codes, on__gte=today)
    return {each.dossier: each for each in found.exclude(status__in=(Hearing.Status.CLOSED, Hearing.Status.CANCELLED))}


def news(today: date, *, region: str = "") -> list[News]:
    """What was published, added and removed, and where hearings were announced; the newest first."""
    rows = _published(today)
    if region:
        rows = rows.filter(region__code__startswith=significant(region))
    shown = list(rows.annotate(told=Coalesce("removed_on", "added_published_on", "published_on")).order_by(F("told").desc(), "id")[:NEWS])
    told = [_told(each) for each in shown]
    codes = {each.dossier for each in shown if each.dossier}
    announced = Hearing.objects.filter(league__in={each.league for each in shown}, dossier__in=codes, published_on__lte=today)
    told += [
        News(f"hearing:{each.id}", each.published_on, f"听证公告：{each.title}", f"/decisions/hearings/{each.id}/") for each in announced
    ]
    return sorted(told, key=lambda each: (each.on, each.key), reverse=True)[:NEWS]


def _told(row: CatalogueItem) -> News:
    url = f"/decisions/{row.id}/"
    if row.status == CatalogueItem.Status.REMOVED:
        on, what = row.removal_published_on or row.removed_on or row.published_on, "调出目录"
    elif row.status == CatalogueItem.Status.ADDED:
        on, what = row.added_published_on, "增列目录"
    else:
        on, what = row.published_on, "列入年度目录"
    return News(f"{row.id}:{row.status}", on or date(row.year, 1, 1), f"{what}：{row.title}（{row.government.name}）", url)
