"""From what sources say to dated expressions: which texts are one, since when they apply, and until when. Pure.

1. Two sources speak of the same text when they name the same day for it. The most trusted one's words stay.
2. No text is in force before its own publication. Where a source says so (it gives the day of the first version), another source,
   the text's own clause, or the amending decision named in a 题注 gives the day; else the day of publication is used, marked 待核.
3. A text ends when a newer text of the work comes into force, when a person confirmed a repealing sentence, or when a source says
   that it is repealed; then the repealing law gives the day, or the last day the source can know of, marked 待核.
4. What a person found about a text goes before all that, as long as its source says what it said then.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

from yifa.laws.heads import Head
from yifa.laws.notes import AMENDED, REVISED
from yifa.laws.rules import Span, title_key

_SAYS_REPEALED = {"已废止": "废止", "已失效": "失效", "已废止或者已修改": "废止"}
_SAYS_AMENDED = {"已被修改", "已修改"}
NEAR = 31  # days within which two sources may date one and the same step


@dataclass(frozen=True)
class Ending:
    """A confirmed end of a work: by what, and on which day."""

    title: str
    on: date
    kind: str = "废止"


@dataclass(frozen=True)
class Ruled:
    """What a person found about the days of one text (`models.Ruling`); `ended_on` None: it has not ended."""

    effective_on: date
    ended_on: date | None
    ended_by: str
    ending: str
    claim: str
    basis: str


@dataclass(frozen=True)
class Dated:
    """One expression. `text` is the head whose words stay, `others` those of further sources of the same text."""

    text: Head
    others: tuple[Head, ...]
    version: str
    effective_on: date
    basis: str = ""
    doubts: tuple[str, ...] = ()
    ended_on: date | None = None
    ended_by: str = ""
    ending: str = ""

    @property
    def slug(self) -> str:
        return self.text.slug

    @property
    def published_on(self) -> date:
        return self.text.published_on

    @property
    def span(self) -> Span:
        return Span(self.version, self.published_on, self.effective_on, self.ended_on, self.ended_by)


def settle(
    heads: Iterable[Head],
    *,
    held: Mapping[tuple[str, str], tuple[str, bool]] | None = None,
    readable: set[tuple[str, str]] | None = None,
    confirmed: Mapping[str, Ending] | None = None,
    ruled: Mapping[tuple[str, str], Ruled] | None = None,
) -> list[Dated]:
    """All expressions that these heads speak of, by work and version.

    `held` says of heads already in the library (key, version) in which expression they stand and whether theirs are its words; `readable`
    which heads' words are at hand (None: all); `confirmed` the repeals that a person confirmed, by slug; `ruled` what a person found about
    the days of a text, by (slug, version).
    """
    families: dict[str, list[Head]] = {}
    for head in heads:
        families.setdefault(head.slug, []).append(head)
    works = {slug: _expressions(family, held or {}, readable) for slug, family in families.items()}
    everything = [text for family in works.values() for text in family]
    decisions = {title_key(text.text.title): text for text in everything if "决定" in text.text.title or "修正案" in text.text.title}
    rulings = ruled or {}
    works = {
        slug: sorted((_started(text, decisions, rulings.get((slug, text.version))) for text in family), key=lambda text: text.version)
        for slug, family in works.items()
    }
    everything = [text for family in works.values() for text in family]
    repealing = _repealing(everything)
    known: dict[str, date] = {}
    for text in everything:
        known[text.text.source] = max(text.published_on, known.get(text.text.source, text.published_on))
    ended = _Ender(works, repealing, known, confirmed or {}, rulings)
    return [ended(text, family[n + 1] if n + 1 < len(family) else None) for family in works.values() for n, text in enumerate(family)]


def _expressions(
    family: Sequence[Head], held: Mapping[tuple[str, str], tuple[str, bool]], readable: set[tuple[str, str]] | None
) -> list[Dated]:
    groups: list[list[Head]] = []
    for head in sorted(
        family, key=lambda head: (held.get((head.key, head.version), ("", False))[0] == "", head.rank, head.version, head.key)
    ):
        group = next((group for group in groups if _is_same(group, head, held)), None)
        groups.append([head]) if group is None else group.append(head)
    return [_chosen(group, held, readable) for group in groups]


def _is_same(group: Sequence[Head], head: Head, held: Mapping[tuple[str, str], tuple[str, bool]]) -> bool:
    mine = held.get((head.key, head.version))
    if mine and any(other and other[0] == mine[0] for other in (held.get((each.key, each.version)) for each in group)):
        return True
    if mine and any(held.get((each.key, each.version)) for each in group):
        return False
    if any(each.version == head.version for each in group):
        return True
    if any(each.source == head.source for each in group):
        return False
    days = {head.published_on, head.adopted_on} - {None}
    return any(days & {each.published_on, each.adopted_on} or abs((each.published_on - head.published_on).days) <= NEAR for each in group)


def _chosen(group: list[Head], held: Mapping[tuple[str, str], tuple[str, bool]], readable: set[tuple[str, str]] | None) -> Dated:
    ordered = sorted(group, key=lambda head: (head.rank, head.version, head.key))
    able = [
        head
        for head in ordered
        if readable is None or (head.key, head.version) in readable or held.get((head.key, head.version), ("", False))[1]
    ]
    text = (able or ordered)[0]
    kept = next((held[each.key, each.version][0] for each in ordered if (each.key, each.version) in held), "")
    others = tuple(head for head in ordered if head is not text)
    return Dated(text, others, kept or text.version, text.published_on, doubts=text.doubts)


def _started(text: Dated, decisions: Mapping[str, Dated], ruled: Ruled | None) -> Dated:
    """The day from which the text applies, never before its publication (立法法 58)."""
    own, published = text.text, text.published_on
    if ruled is not None and ruled.effective_on >= published:
        return replace(text, effective_on=ruled.effective_on, basis=ruled.basis, doubts=())
    if ruled is not None:
        text = replace(text, doubts=(*text.doubts, f"人工核定的施行日期{ruled.effective_on}早于公布日期{published}，没有采用"))
    if own.stated_effective_on and own.stated_effective_on >= published:
        on, basis, doubts = own.stated_effective_on, "", text.doubts
        differing = [each for each in text.others if (day := each.stated_effective_on) and day >= published and day != on]
        doubts += tuple(f"来源{each.source}所载施行日期{each.stated_effective_on}与所用的{on}不同" for each in differing[:1])
        return replace(text, effective_on=on, basis=basis, doubts=doubts)
    found, basis = _elsewhere(text, decisions)
    if found is not None:
        return replace(text, effective_on=found, basis=basis)
    if own.stated_effective_on is None and (own.own_start is None or own.own_start >= published):
        doubt = f"来源未载明施行日期，暂按公布日期{published}计"
    elif own.stated_effective_on in {None, own.own_start}:
        doubt = f"文本施行条款所载{own.own_start}早于本文本的公布日期{published}，是初次施行的日期，暂按公布日期计"
    else:
        doubt = f"来源所载施行日期{own.stated_effective_on}早于本文本的公布日期{published}，暂按公布日期计"
    return replace(text, effective_on=published, doubts=(*text.doubts, doubt))


def _elsewhere(text: Dated, decisions: Mapping[str, Dated]) -> tuple[date | None, str]:
    """(day, where it stands) from another source, the text's own clause, the decision held here, or the 题注 that names the decision."""
    published = text.published_on
    for other in text.others:
        if other.stated_effective_on and other.stated_effective_on >= published:
            return other.stated_effective_on, f"施行日期取自{other.source}"
    for head in (text.text, *text.others):
        if head.own_start and head.own_start >= published and not head.told.is_amended_in_part:
            return head.own_start, "施行日期取自文本的施行条款"
    for head in (text.text, *text.others):
        changed = head.told.changed
        if changed is None or changed.kind not in {AMENDED, REVISED} or not changed.instrument:
            continue
        if abs((changed.on - published).days) > NEAR:
            continue
        decision = decisions.get(title_key(changed.instrument))
        if decision is not None and decision.published_on >= changed.on and (decision.text.own_start or decision.published_on) >= published:
            return decision.text.own_start or decision.published_on, f"施行日期取自《{changed.instrument}》"
        return max(
            changed.on, published
        ), f"施行日期取修改决定的日期（{head.source}题注：{changed.on}《{changed.instrument}》{changed.kind}）"
    return None, ""


def _repealing(texts: Iterable[Dated]) -> dict[str, Dated]:
    """Which text repeals a title as a whole, the newest sentence of it."""
    found: dict[str, Dated] = {}
    for text in sorted(texts, key=lambda text: text.published_on):
        for repeal in text.text.repeals:
            if not repeal.articles:
                found[repeal.title] = text
    return found


@dataclass(frozen=True)
class _Ender:
    works: Mapping[str, Sequence[Dated]]
    repealing: Mapping[str, Dated]
    known: Mapping[str, date]
    confirmed: Mapping[str, Ending]
    ruled: Mapping[tuple[str, str], Ruled]

    def __call__(self, text: Dated, later: Dated | None) -> Dated:
        claim = text.text.claim
        mine = self.ruled.get((text.slug, text.version)) if later is None else None
        if mine is not None and mine.claim != claim:
            doubt = f"来源的标注由“{mine.claim or '无'}”改为“{claim or '无'}”，人工核定的效力需要重新核对"
            text, mine = replace(text, doubts=(*text.doubts, doubt)), None
        if later is not None:
            # A newer text in force earlier than this one would be absurd; then this one never applied after that day.
            doubts = (f"终止日期取自{later.version}文本的施行日期，该日期待核",) if later.doubts else ()
            return _close(text, max(later.effective_on, text.effective_on), "修改", f"由{later.version}公布的文本代替", doubts)
        if mine is not None and mine.ended_on is not None:
            return _close(text, max(mine.ended_on, text.effective_on), mine.ended_by, mine.ending)
        if sure := self.confirmed.get(text.slug):
            return _close(text, max(sure.on, text.effective_on), sure.kind, f"由《{sure.title}》{sure.kind}")
        if mine is not None:
            return text
        if claim in _SAYS_REPEALED:
            by = self.repealing.get(text.slug)
            if by is not None and by.published_on >= text.published_on and by.slug != text.slug:
                return _close(text, max(by.effective_on, text.effective_on), "废止", f"由《{by.text.title}》废止")
            return self._unsure(text, _SAYS_REPEALED[claim])
        if claim in _SAYS_AMENDED:
            amending = self._amendment(text)
            if amending is not None:
                ending = f"由《{amending.text.title}》修改，修改后的文本未收录"
                return _close(text, max(amending.effective_on, text.effective_on), "修改", ending)
            return self._unsure(text, "修改")
        return text

    def _unsure(self, text: Dated, by: str) -> Dated:
        known, claim = self.known[text.text.source], text.text.claim
        doubt = f"来源标注{claim}而未载明日期，暂按来源资料截止日{known}计"
        if against := [other.source for other in text.others if other.claim == "现行有效"]:
            doubt += f"；来源{'、'.join(against)}则标注现行有效"
        return _close(text, max(known, text.effective_on), by, f"来源标注{claim}", (doubt,))

    def _amendment(self, text: Dated) -> Dated | None:
        """The first amendment of this work that is later than this text: 刑法修正案(十二), 关于修改《…法》的决定."""
        name = re.compile(rf"(?:{re.escape(text.slug)}修正案|关于修改.*《(?:中华人民共和国)?{re.escape(text.slug)}》.*决定)")
        later = [
            other
            for slug, family in self.works.items()
            if name.match(slug) or (name.search(slug) and "关于修改" in slug)
            for other in family
            if other.published_on > text.published_on
        ]
        return min(later, key=lambda other: other.published_on, default=None)


def _close(text: Dated, on: date, by: str, ending: str, doubts: tuple[str, ...] = ()) -> Dated:
    return replace(text, ended_on=on, ended_by=by, ending=ending, doubts=text.doubts + doubts)
