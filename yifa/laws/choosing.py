"""A hint about two provisions of the library, and what a person chose to apply and why: one entry on the chain `conflict:<id>`."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import date, datetime
from uuid import uuid4

from django.db import transaction

from yifa.kernel.ledger import services as ledger
from yifa.kernel.people.actors import Actor
from yifa.kernel.refusing import RejectedError
from yifa.laws.citations import Cited, parse
from yifa.laws.conflicts import Hint, Provision, Told, hint
from yifa.laws.models import Expression, HintChoice, Node
from yifa.laws.names import common
from yifa.laws.resolving import Resolution, names, resolve

SHOWN = 20


@dataclass(frozen=True)
class Side:
    """One provision as it is shown and compared. `words` is "" where the whole text is cited."""

    provision: Provision
    words: str
    expression: Expression
    node_key: str


def side(citation: str, *, on: date, varies: bool = False, delegated: bool = False) -> Side:
    """The provision a person wrote (《行政处罚法》第五十一条) as it stood on a day. Raises RejectedError saying what to write instead."""
    text = citation.strip()[:300]
    # Titles of the library are known without 《》; words that name nothing are taken for a title, so that the answer can offer others.
    cited = (parse(text, None, names=common() | names()) or parse(f"《{text}》", None)) if text else []
    if not cited:
        raise RejectedError("请写明法律文件的名称和条文，例如：《行政处罚法》第五十一条。")
    found = next(iter(resolve(cited[:1], on=on)))
    if found.expression is None or found.work is None:
        offered = f"；名称相近的有：{'、'.join(found.candidates)}" if found.candidates else ""
        raise RejectedError(f"{found.reason or '本库没有这部法律文件'}{offered}")
    return _side(cited[0], found, varies=varies, delegated=delegated)


def _side(cited: Cited, found: Resolution, *, varies: bool, delegated: bool) -> Side:
    expression = found.expression
    if expression is None or found.work is None:
        raise RejectedError(found.reason)
    node = expression.nodes.filter(key=found.node_key).first() if found.node_key else None
    if cited.article is not None and node is None:
        raise RejectedError(found.reason or f"{expression.version}的文本没有这一条")
    return Side(
        of_expression(expression, node, varies=varies, delegated=delegated), node.text if node else "", expression, node.key if node else ""
    )


def of_expression(text: Expression, node: Node | None = None, *, varies: bool = False, delegated: bool = False) -> Provision:
    """A provision of a text of the library, for `conflicts.hint`. The review of a document compares its own `Provision` with these."""
    work = text.work
    number = _number(text, node) if node else ""
    return Provision(
        name=f"《{work.title}》{number}",
        kind=work.type,
        made_on=date.fromisoformat(text.version) if len(text.version) == len("2020-01-01") else text.adopted_on or text.published_on,
        effective_on=text.effective_on,
        ended_on=text.ended_on,
        makers=tuple(work.makers),
        region=work.region,
        varies=varies,
        delegated=delegated,
    )


def _number(text: Expression, node: Node) -> str:
    unit, _, inner = node.key.partition(".")
    if not inner:
        return node.number
    return (text.nodes.filter(key=unit).values_list("number", flat=True).first() or "") + (node.number if node.kind != "款" else "")


def choose(
    first: Provision, second: Provision, told: Told, *, by: Actor, choice: str, reason: str, about: str = "", at: datetime
) -> HintChoice:
    """Keep what a person chose beside what was hinted. The hint is worked out here, never taken from the page. Raises RejectedError."""
    if choice not in HintChoice.Choice.values:
        raise RejectedError("请选择适用哪一规定，或者提请裁决。")
    if not (said := reason.strip()):
        raise RejectedError("请写明选择的理由。")
    hinted = _told(hint(first, second, told), first, second)
    with transaction.atomic():
        row = HintChoice.objects.create(
            id=uuid4(),
            first=first.name[:500],
            second=second.name[:500],
            hint=hinted | {"told": _json(asdict(told))},
            choice=choice,
            reason=said[:4000],
            about=about.strip()[:200],
            organisation=by.organisation,
            organisation_name=by.organisation_name[:200],
            chosen_by_id=by.person,
            chosen_at=at,
        )
        payload = {"first": row.first, "second": row.second, "hint": row.hint, "choice": choice, "reason": row.reason, "about": row.about}
        ledger.record(f"conflict:{row.id}", "choose", actor=by, payload=payload, league=by.league, at=at)
    return row


def _told(found: Hint, first: Provision, second: Provision) -> dict[str, object]:
    """The hint as it is kept: in words, so that it reads the same when the rules have changed."""
    winner = None if found.winner is None else (first, second)[found.winner].name
    cites = [str(article) for article in found.cites]
    return {"rule": found.rule, "winner": winner, "refer": found.refer, "cites": cites, "confidence": found.confidence, "why": found.why}


def _json(values: dict[str, object]) -> dict[str, object]:
    return {key: value.isoformat() if isinstance(value, date) else value for key, value in values.items()}


def choices(reader: Actor, *, limit: int = SHOWN) -> list[HintChoice]:
    """What the reader's own body chose lately, the newest first."""
    rows = HintChoice.objects.filter(organisation=reader.organisation).select_related("chosen_by")
    return list(rows.order_by("-chosen_at")[:limit])


@dataclass(frozen=True)
class Kept:
    """A choice as it is shown beside its pair."""

    choice: str
    reason: str
    by: str
    at: datetime


def choices_about(reader: Actor, about: str) -> dict[tuple[str, str], Kept]:
    """The newest choice of the reader's own body for each pair of names in one matter (`about`: a case or a document)."""
    rows = HintChoice.objects.filter(organisation=reader.organisation, about=about).select_related("chosen_by").order_by("chosen_at")
    return {
        (row.first, row.second): Kept(HintChoice.Choice(row.choice).label, row.reason, row.chosen_by.name, row.chosen_at) for row in rows
    }


def options() -> list[tuple[str, str]]:
    """What may be chosen, with its words."""
    return [(str(key), str(word)) for key, word in HintChoice.Choice.choices]
