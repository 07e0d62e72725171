"""What everybody may read of an opinion, and who spoke: hide it and show it again, veil words of it, open the sealed name and telephone.

个人信息保护法 6, 51; 政府信息公开条例 15. Each act has its reason, can be undone with a reason, and is one entry on the opinion's chain.
The opinion itself is never touched: its author reads it whole, it is counted and answered like the others, and its first entry stands.
"""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from yifa.dossiers.personal import unseal
from yifa.kernel.ledger import services as ledger
from yifa.kernel.people.actors import Actor
from yifa.kernel.people.reading_words import COMMENTER, OWN, PAGE
from yifa.kernel.people.services import note_reading
from yifa.kernel.refusing import RejectedError
from yifa.participation import veiling
from yifa.participation.models import Comment
from yifa.participation.queries import opinion_chain
from yifa.participation.services import own_opinion, own_round

SHORTEST, LONGEST, MOST_WORDS, LONGEST_WORDS = 2, 400, 50, 200


def hide(league: str, *idents: UUID, by: Actor, reason: str) -> None:
    """Keeps opinions off the public page, with the reason; they stay on the record and are answered like the others. All, or none."""
    why = _why(reason, "不予显示的，请写明理由")
    with transaction.atomic():
        for ident in sorted(set(idents)):
            row = own_opinion(league, ident, by)
            if row.hidden_at is not None:
                raise RejectedError(f"第{row.n}条意见已经不予显示，请刷新页面")
            _change(row, "hide", by, {"reason": why}, hidden_at=timezone.now(), hidden_reason=why)


def show(league: str, ident: UUID, *, by: Actor, reason: str) -> None:
    """Puts a hidden opinion back on the public page, with the reason; that it was hidden stays on the record."""
    why = _why(reason, "恢复显示的，请写明理由")
    with transaction.atomic():
        row = own_opinion(league, ident, by)
        if row.hidden_at is None:
            raise RejectedError(f"第{row.n}条意见没有不予显示，请刷新页面")
        _change(row, "show", by, {"reason": why}, hidden_at=None, hidden_reason="")


def veil(league: str, ident: UUID, *, by: Actor, words: str, reason: str) -> None:
    """隐去字词: everybody reads the opinion and its answer without these words, wherever in them they stand; before or after publication.

    The record keeps the words on its closed side. Raises RejectedError when they do not stand there, or are all that was said.
    """
    wanted, why = _words(words), _why(reason, "隐去字词的，请写明理由")
    with transaction.atomic():
        row = own_opinion(league, ident, by)
        if not any(veiling.holds(each, wanted) for each in (row.text, row.clause, row.reason)):
            raise RejectedError(f"第{row.n}条意见里没有“{wanted}”，请从意见中逐字复制，不要跨行")
        if any(each["words"] == wanted for each in row.veiled):
            raise RejectedError("这几个字已经隐去，请刷新页面")
        if len(row.veiled) >= MOST_WORDS:
            raise RejectedError(f"一条意见最多隐去 {MOST_WORDS} 处；整条不宜公开的，请改为不予显示")
        veiled = [*row.veiled, {"words": wanted, "reason": why}]
        if not veiling.is_said(veiling.without(row.text, [each["words"] for each in veiled], "")):
            raise RejectedError("隐去以后什么也不剩了；整条不宜公开的，请改为不予显示")
        _change(row, "veil", by, {"reason": why}, {"words": wanted}, veiled=veiled)


def unveil(league: str, ident: UUID, *, by: Actor, words: str, reason: str) -> None:
    """Shows veiled words again, with the reason; that they were veiled stays on the record."""
    wanted, why = _words(words), _why(reason, "恢复显示的，请写明理由")
    with transaction.atomic():
        row = own_opinion(league, ident, by)
        left = [each for each in row.veiled if each["words"] != wanted]
        if len(left) == len(row.veiled):
            raise RejectedError("这几个字没有隐去，请刷新页面")
        _change(row, "unveil", by, {"reason": why}, {"words": wanted}, veiled=left)


@dataclass(frozen=True)
class Contact:
    """Who spoke, as he himself told it; either may be empty."""

    name: str
    phone: str


def contact(league: str, ident: UUID, *, by: Actor, reason: str) -> Contact:
    """Opens the sealed name and telephone, to ask back or to invite: a line of the reading log and an entry, before anything is told."""
    why = _why(reason, "查看联系方式的，请写明用途")
    with transaction.atomic():
        row = own_opinion(league, ident, by)
        found = Contact(unseal(row.name_sealed), unseal(row.phone_sealed))
        if found == Contact("", ""):
            raise RejectedError(f"第{row.n}条意见没有署名，也没有留电话")
        asked = own_round(league, row.consultation, by)
        note_reading(
            by=by,
            subject=opinion_chain(row.id),
            label=f"《{asked.title}》第{row.n}条意见",
            league=league,
            body=asked.organisation_id,
            items=[COMMENTER],
            way=PAGE,
            ground=OWN,
            detail=why,
        )
        opened = [key for key, told in (("name", found.name), ("phone", found.phone)) if told]
        ledger.record(opinion_chain(row.id), "read_contact", actor=by, payload={"opened": opened}, closed={"reason": why}, league=league)
    return found


def _change(row: Comment, step: str, by: Actor, payload: dict[str, str], closed: dict[str, str] | None = None, **changed: object) -> None:
    Comment.objects.filter(league=row.league, id=row.id).update(**changed)
    ledger.record(opinion_chain(row.id), step, actor=by, payload=payload, closed=closed, league=row.league)


def _why(reason: str, lacking: str) -> str:
    words = veiling.clean(reason)
    if len(words) < SHORTEST or not veiling.is_said(words):
        raise RejectedError(lacking)
    if len(words) > LONGEST:
        raise RejectedError(f"理由不超过 {LONGEST} 字，您写了 {len(words)} 字")
    return words


def _words(text: str) -> str:
    words = veiling.seen(veiling.clean(text)).strip()
    if not 1 <= len(words) <= LONGEST_WORDS:
        raise RejectedError(f"请写明要隐去的字词，照意见逐字录入，不超过 {LONGEST_WORDS} 字")
    return words
