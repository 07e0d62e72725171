"""What persons decide about the library: whether a repealing sentence holds, which of two sources is right, which days are.

Each decision is one transaction and one entry on the work's own chain (`law:<slug>`), with the reason that was given. Where two persons
decide at once, the second is told: what he saw (`seen`) stands no longer.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction
from django.utils import timezone

from yifa.kernel.citing import Article, Law
from yifa.kernel.ledger import services as ledger
from yifa.kernel.people.actors import Actor
from yifa.laws import services, standing, watching
from yifa.laws.access import WHO_KEEPS, may_keep
from yifa.laws.citations import parse
from yifa.laws.comparing import EXTRA, MISSING, PUNCTUATION
from yifa.laws.models import ChangeEvent, Difference, Expression, Ruling, Work
from yifa.laws.resolving import article_of, last_of
from yifa.laws.rules import ENDINGS, long_day
from yifa.laws.texts import TIAO

L = Law("立法法", "2023-03-13")
# Where the standard text (标准文本) of each kind of law is printed.
GAZETTES = {
    "FL": L[62],
    "XZFG": L[78],
    "DFXFG-P": L[89],
    "DFXFG-C": L[89],
    "ZZTL": L[89],
    "DXTL": L[89],
    "BMGZ": L[97],
    "DFZFGZ-P": L[97],
    "DFZFGZ-C": L[97],
}
MAX_REASON = 4000
MAX_AT_ONCE = 500


class DecidedError(Exception):
    """This cannot be decided so, or somebody has decided it already; str() is fit to be shown, `cites` are the articles it rests on."""

    def __init__(self, text: str, *cites: Article, unblock: str = "") -> None:
        super().__init__(text)
        self.cites = cites
        self.unblock = unblock


def chain(work: Work) -> str:
    return f"law:{work.slug}"[:200]


def gazette(work: Work) -> Article | None:
    """The article that says which print is the standard text, by which a difference of sources is settled."""
    return GAZETTES.get(work.type)


def bare(title: str) -> str:
    """A title without the marks around it; those inside stay."""
    text, depth = title.strip(), 0
    for n, letter in enumerate(text):
        depth += (letter == "《") - (letter == "》")
        if depth == 0:
            return text[1:-1].strip() if n and n == len(text) - 1 else text
    return text


def said(reason: str) -> str:
    """The reason, without which nothing is decided. Raises DecidedError."""
    if not (text := reason.strip()[:MAX_REASON]):
        raise DecidedError("请写明理由：核对了什么文本，在哪里看到。")
    return text


def keeper(by: Actor, work: Work) -> None:
    """Raises DecidedError for a post that does not keep this work."""
    if not may_keep(by, work.region):
        where = "当地" if work.region else ""
        raise DecidedError(f"《{work.title}》的收录信息由{where}{WHO_KEEPS}核对，您的岗位不能作出这项决定。", unblock=WHO_KEEPS)


def decide_event(event: int, *, by: Actor, is_confirmed: bool, reason: str, at: datetime) -> ChangeEvent:
    """Confirm a proposed repeal, or say that it does not hold. A confirmed one ends the work's last text on its day.

    Raises DecidedError when it is no longer proposed (two persons decide at once: the second is told).
    """
    with transaction.atomic():
        services.hold()
        row = ChangeEvent.objects.select_for_update(of=("self",)).select_related("work").get(pk=event)
        keeper(by, row.work)
        if row.state != ChangeEvent.State.PROPOSED:
            raise DecidedError("这件事已由他人作出决定，请刷新后查看。")
        row.state = ChangeEvent.State.CONFIRMED if is_confirmed else ChangeEvent.State.REJECTED
        row.decided_by_id, row.decided_at, row.reason = by.person, at, said(reason)
        row.save(update_fields=["state", "decided_by", "decided_at", "reason"])
        payload = {"kind": row.kind, "on": row.on.isoformat(), "instrument": row.instrument, "state": row.state, "reason": row.reason}
        ledger.record(chain(row.work), "decide_event", actor=by, payload=payload, league=by.league, at=at)
        if is_confirmed:
            services.rederive()
            watching.refresh(today=timezone.localdate(at))
    return row


def decide_difference(
    difference: int, *, by: Actor, reason: str, at: datetime, choice: str = Difference.Choice.OURS, seen: str = ""
) -> Difference:
    """Which source's words stand at one article, or 待核. Another source's are then put in, ours are kept beside them; see `standing`.

    `seen` is the choice that the person saw; raises DecidedError where it is another by now, and for what cannot be chosen.
    """
    with transaction.atomic():
        services.hold()
        row = Difference.objects.select_for_update(of=("self",)).select_related("expression__work").get(pk=difference)
        text = row.expression
        keeper(by, text.work)
        if row.choice != seen:
            raise DecidedError("这处不同已由他人核对，请刷新后查看。")
        if choice not in Difference.Choice.values:
            raise DecidedError("请选择以哪一来源的文字为准，或者“待核”。")
        if choice == Difference.Choice.THEIRS and row.kind in {MISSING, EXTRA}:
            raise DecidedError("整条的缺少或者多出不能在这里增删，请取得标准文本后重新导入整部文件。", *filter(None, [gazette(text.work)]))
        was, row.decided_by_id, row.decided_at, row.reason = row.choice, by.person, at, said(reason)
        if choice == Difference.Choice.THEIRS and was != choice:
            _let_theirs_stand(row)
        elif was == Difference.Choice.THEIRS and was != choice:
            standing.put(text, row.node_key, row.ours)
            row.ours = ""
        row.choice = choice
        row.save(update_fields=["choice", "ours", "decided_by", "decided_at", "reason"])
        payload = {"version": text.version, "node": row.node_key, "source": row.source, "choice": str(choice), "reason": row.reason}
        ledger.record(chain(text.work), "decide_difference", actor=by, payload=payload, league=by.league, at=at)
        if Difference.Choice.THEIRS in {was, choice}:
            watching.refresh(today=timezone.localdate(at))
    return row


def _let_theirs_stand(row: Difference) -> None:
    """Of several other sources one can stand; what was imported is kept with the one that does."""
    before = standing.chosen(row.expression).filter(node_key=row.node_key).first()
    row.ours = before.ours if before else row.expression.nodes.values_list("text", flat=True).get(key=row.node_key)
    if before:
        before.ours, before.choice = "", Difference.Choice.OURS
        before.save(update_fields=["ours", "choice"])
    standing.put(row.expression, row.node_key, row.other)


def decide_differences(differences: Sequence[int], *, by: Actor, reason: str, at: datetime) -> int:
    """Let our words stand at all of these at once: marks of punctuation only, which change no word. One entry a work.

    Raises DecidedError when one of them is no such difference, or was decided meanwhile; then none is.
    """
    if not differences:
        raise DecidedError("请先勾选要一并核对的条目。")
    if len(differences) > MAX_AT_ONCE:
        raise DecidedError(f"一次最多核对{MAX_AT_ONCE}处，请分几次办理。")
    with transaction.atomic():
        services.hold()
        rows = list(
            Difference.objects.select_for_update(of=("self",))
            .filter(pk__in=differences)
            .select_related("expression__work")
            .order_by("expression__work__slug", "pk")
        )
        text = said(reason)
        works: dict[Work, list[Difference]] = {}
        for row in rows:
            if row.kind != PUNCTUATION:
                raise DecidedError(f"《{row.expression.work.title}》有一处文字不同，文字不同的应当逐条核对。")
            works.setdefault(row.expression.work, []).append(row)
        if len(rows) < len(set(differences)) or any(row.choice for row in rows):
            raise DecidedError("其中有已由他人核对的条目，请刷新后重新勾选。")
        for work, own in works.items():
            keeper(by, work)
            for row in own:
                row.choice, row.decided_by_id, row.decided_at, row.reason = Difference.Choice.OURS, by.person, at, text
            nodes = [{"version": row.expression.version, "node": row.node_key, "source": row.source} for row in own]
            payload = {"nodes": nodes, "choice": Difference.Choice.OURS.value, "reason": text}
            ledger.record(chain(work), "decide_differences", actor=by, payload=payload, league=by.league, at=at)
        Difference.objects.bulk_update(rows, ["choice", "decided_by", "decided_at", "reason"])
    return len(rows)


@dataclass(frozen=True)
class Days:
    """The days of a text as a person found them. `ended_on` None: it has not ended; else by which kind of act, and which one (a title)."""

    effective_on: date
    ended_on: date | None = None
    ended_by: str = ""
    instrument: str = ""


def rule(expression: int, days: Days, *, by: Actor, reason: str, at: datetime, seen: str = "") -> Ruling:
    """Settle since when and until when a text applies, against what its sources say; the library is derived anew at once.

    `seen` is `stamp` of the ruling that the person saw ("" none). Raises DecidedError when there is another by now, and for days that
    cannot be.
    """
    with transaction.atomic():
        services.hold()
        text = Expression.objects.select_for_update(of=("self",)).select_related("work").get(pk=expression)
        keeper(by, text.work)
        if stamp(Ruling.objects.filter(expression=text).first()) != seen:
            raise DecidedError("这一文本的日期已由他人核定，请刷新后查看。")
        _possible(text, days)
        ending = f"由《{bare(days.instrument)}》{days.ended_by}" if days.ended_on else ""
        values = {
            "effective_on": days.effective_on,
            "ended_on": days.ended_on,
            "ended_by": days.ended_by if days.ended_on else "",
            "ending": ending[:400],
            "claim": text.source_claim,
            "reason": said(reason),
            "decided_by_id": by.person,
            "decided_at": at,
        }
        row, _ = Ruling.objects.update_or_create(expression=text, defaults=values)
        payload = {
            "version": text.version,
            "effective_on": row.effective_on.isoformat(),
            "ended_on": row.ended_on.isoformat() if row.ended_on else None,
            "ending": row.ending,
            "against": list(text.doubts),
            "reason": row.reason,
        }
        ledger.record(chain(text.work), "rule", actor=by, payload=payload, league=by.league, at=at)
        services.rederive()
        watching.refresh(today=timezone.localdate(at))
    return row


def stamp(row: Ruling | None) -> str:
    """What tells one ruling from another."""
    return row.decided_at.isoformat() if row else ""


def _possible(text: Expression, days: Days) -> None:
    if days.effective_on < text.published_on:
        shown = long_day(text.published_on)
        raise DecidedError(f"施行日期不能早于公布日期{shown}：法律应当公布并明确规定施行日期。", L[61], L[62])
    if days.ended_on is None:
        return
    if text.work.expressions.filter(version__gt=text.version).exists():
        raise DecidedError("这一文本已由后来的文本代替，它的终止日期就是后一文本的施行日期；请核定后一文本的施行日期。")
    if days.ended_on < days.effective_on:
        raise DecidedError("终止日期不能早于施行日期。")
    if days.ended_by not in ENDINGS:
        raise DecidedError(f"请选择怎样终止：{'、'.join(ENDINGS)}。")
    if not days.instrument.strip():
        raise DecidedError("请写明由哪一部法律文件或者决定终止。")


def units_named(text: Expression, written: str) -> list[str]:
    """The keys of the articles that a person names (第五条、第八条第二款至第四款); [] for nothing written.

    Raises DecidedError naming what the text does not have.
    """
    if not written.strip():
        return []
    cited = parse(f"《{text.work.title}》{written.strip()[:500]}", None)
    articles = [article for each in cited if (article := article_of(each)) is not None]
    if not articles or len(articles) < len(cited):
        raise DecidedError("请写明条文，例如：第五条、第八条第二款、第十条至第十二条。")
    order = list(text.nodes.filter(kind=TIAO).order_by("order").values_list("key", flat=True))
    found: list[str] = []
    for each, first in zip(cited, articles, strict=True):
        last = last_of(each)
        if last is None or each.article_to is None:
            keys = [first.node, *([last.node] if last else [])]
        elif first.node in order and last.node in order:
            keys = order[order.index(first.node) : order.index(last.node) + 1]
        else:
            keys = [first.node, last.node]
        held = set(text.nodes.filter(key__in=keys).values_list("key", flat=True))
        if missing := [article.locator for article in (first, last) if article and article.node not in held]:
            raise DecidedError(f"{text.version}的文本没有{'、'.join(missing)}。")
        found += [key for key in keys if key not in found]
    return found
