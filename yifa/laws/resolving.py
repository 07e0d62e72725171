"""What the citations of one text lead to, on a day: all of them with a constant handful of queries.

Nothing is guessed. A title finds its work exactly, by the alias table, or with the region of the citing text before it (same region
first); names that are merely alike are offered, never linked. The version note chooses the text, else the day. What leads nowhere says why.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date

from django.db.models import Q

from yifa.kernel.citing import Article, Law
from yifa.laws import held
from yifa.laws.citations import Cited
from yifa.laws.models import Expression, Node, Title, Work
from yifa.laws.names import Names
from yifa.laws.queries import AMBIGUOUS, DANGLING, ELSEWHERE, REPEALED, RESOLVED, UNKNOWN
from yifa.laws.rules import read_title, title_key

ALIKE = 0.85
MOST_OFFERED = 5
MOST_KUAN = 20
_YEAR = re.compile(r"(?:19|20)[0-9]{2}")
_REGION = re.compile(r"^[一-鿿]{2,9}?(?:特别行政区|自治区|自治州|自治县|自治旗|省|市|盟|州|地区|区|县|旗)")


@dataclass(frozen=True)
class Resolution:
    """Where one citation leads. `node_key` is the key asked for or, with a 项 whose 款 was not named, the one found.

    `candidates` are titles that are alike (unknown_work) or among which one must choose (ambiguous); `suggestion` is the locator under
    which the cited words stand now (dangling).
    """

    state: str
    work: Work | None = None
    expression: Expression | None = None
    node_key: str = ""
    reason: str = ""
    candidates: tuple[str, ...] = ()
    suggestion: str = ""
    source: held.Source | None = None


def names() -> Names:
    """Every title and alias of the library, for citations that are written without 《》."""
    rows = Title.objects.values_list("key", "kind")
    return Names((key for key, kind in rows if kind == "full"), {key: key for key, kind in rows if kind != "full"})


def article_of(cited: Cited) -> Article | None:
    """The provision a citation names (of a range its beginning); None for a whole work or where the article is not told."""
    if cited.law is None or cited.article is None:
        return None
    return Article(Law(cited.law, ""), cited.article, cited.zhi, cited.paragraph, cited.item, cited.subitem)


def last_of(cited: Cited) -> Article | None:
    """The end of a range, None for a citation of one provision."""
    first = article_of(cited)
    if first is None or not (cited.article_to or cited.paragraph_to or cited.item_to):
        return None
    if cited.article_to:
        return Article(first.law, cited.article_to, cited.zhi_to, cited.paragraph_to, cited.item_to)
    if cited.paragraph_to:
        return replace(first, kuan_number=cited.paragraph_to, xiang_number=cited.item_to, mu_number=None)
    return replace(first, xiang_number=cited.item_to, mu_number=None)


def resolve(cited: Sequence[Cited], *, on: date, document: str = "", regions: Sequence[str] = ()) -> list[Resolution]:
    """Each citation's resolution, in order.

    `on` is the day that matters (of the act, the decision or the document). `document` is the citing text's title and `regions` the names
    of its regions, the nearest first: rules cited without their maker are looked for there.
    """
    library = _Library(cited, [*regions, *_regions(document)])
    chosen = [library.choose(each, on) for each in cited]
    library.load_nodes(zip(cited, chosen, strict=True))
    return [library.walk(each, found) for each, found in zip(cited, chosen, strict=True)]


def _regions(document: str) -> list[str]:
    match = _REGION.match(title_key(document))
    return [match[0]] if match else []


class _Library:
    """What the library holds of the works cited, read at once."""

    def __init__(self, cited: Iterable[Cited], regions: Sequence[str]) -> None:
        self.regions = list(dict.fromkeys(regions))
        self.keys = {law: read_title(law) for law in {each.law for each in cited if each.law}}
        wanted = {key for key, _ in self.keys.values()}
        wanted |= {region + key for region in self.regions for key in wanted}
        self.named: dict[str, list[Work]] = defaultdict(list)
        for title in Title.objects.filter(key__in=wanted).select_related("work").order_by("work__slug"):
            self.named[title.key].append(title.work)
        works = {work.pk for found in self.named.values() for work in found}
        self.texts: dict[int, list[Expression]] = defaultdict(list)
        for text in Expression.objects.filter(work__in=works).order_by("version"):
            self.texts[text.work_id].append(text)
        unknown = {key for key, _ in self.keys.values() if not self._works(key) and key not in held.sources()}
        self.alike = _alike(unknown) if unknown else {}
        self.nodes: set[tuple[int, str]] = set()
        self.earlier: dict[tuple[int, str], str] = {}
        self.same_words: dict[tuple[int, str], str] = {}

    def _works(self, key: str) -> list[Work]:
        """The works of this name: its own title before an alias, and if there is none, the rule of the nearest region."""
        for name in (key, *(region + key for region in self.regions)):
            if works := self.named.get(name):
                return [work for work in works if work.slug == name] or works
        return []

    def choose(self, cited: Cited, on: date) -> Resolution:
        """The work and its text; the node is walked afterwards."""
        if cited.law is None:
            return Resolution(UNKNOWN, reason="没有写明法律文件的名称")
        key, year = self.keys[cited.law]
        works = self._works(key)
        if not works:
            return self._absent(cited, key)
        if len(works) > 1:
            candidates = tuple(work.title for work in works)
            reason = f"“{cited.law}”可以指：" + "、".join(f"《{title}》" for title in candidates)
            return Resolution(AMBIGUOUS, reason=reason, candidates=candidates)
        hinted = _YEAR.search(cited.hint)
        return self._text(works[0], hinted[0] if hinted else year, on)

    def _absent(self, cited: Cited, key: str) -> Resolution:
        source = held.sources().get(key)
        article = article_of(cited)
        if source is None:
            alike = self.alike.get(key, ())
            offered = "，名称相近的有：" + "、".join(f"《{title}》" for title in alike) if alike else ""
            return Resolution(UNKNOWN, reason=f"本库没有《{cited.law}》{offered}", candidates=tuple(alike))
        if article is not None and not source.covers(article):
            return Resolution(DANGLING, node_key=article.node, reason=f"文本未收录，且未登记{article.locator}", source=source)
        return Resolution(ELSEWHERE, node_key=article.node if article else "", reason=f"文本未收录：{source.reason}", source=source)

    def _text(self, work: Work, year: str, on: date) -> Resolution:
        texts = self.texts[work.pk]
        if not texts:
            return Resolution(DANGLING, work, reason=f"本库没有《{work.title}》的文本")
        if year:
            hinted = [text for text in texts if text.version.startswith(year)]
            if not hinted:
                versions = "、".join(text.version for text in texts)
                return Resolution(DANGLING, work, reason=f"本库没有《{work.title}》{year}年的文本，现有：{versions}")
            return _judged(work, hinted[-1], on)
        current = [text for text in texts if text.span.is_in_force(on)]
        if len(current) == 1:
            return Resolution(RESOLVED, work, current[0])
        if current:
            return Resolution(AMBIGUOUS, work, reason=f"《{work.title}》在{on}有{len(current)}个文本同时有效，需要核对")
        started = [text for text in texts if text.effective_on <= on]
        return _judged(work, started[-1] if started else texts[0], on)

    def load_nodes(self, chosen: Iterable[tuple[Cited, Resolution]]) -> None:
        """Which of the nodes asked for exist; and for those that do not, whether another text of the work has their words."""
        wanted: dict[int, set[str]] = defaultdict(set)
        for cited, found in chosen:
            for article in (article_of(cited), last_of(cited)):
                if article is not None and found.expression is not None:
                    wanted[found.expression.pk] |= {article.node, *_with_kuan(article)}
        if not wanted:
            return
        keys = set().union(*wanted.values())
        self.nodes = set(Node.objects.filter(expression__in=wanted, key__in=keys).values_list("expression_id", "key"))
        missing = {(pk, key) for pk, asked in wanted.items() for key in asked if "." not in key and (pk, key) not in self.nodes}
        if missing:
            self._look_for_words(missing)

    def _look_for_words(self, missing: set[tuple[int, str]]) -> None:
        """An article that another version has: where do its words stand in this one? (renumbering)"""
        work_of = {text.pk: text.work_id for texts in self.texts.values() for text in texts}
        version_of = {text.pk: text.version for texts in self.texts.values() for text in texts}
        works = {work_of[pk] for pk, _ in missing}
        rows = Node.objects.filter(expression__work__in=works, key__in={key for _, key in missing}, kind="条").order_by(
            "expression__version"
        )
        words: dict[tuple[int, str], str] = {}
        for pk, key, text in rows.values_list("expression_id", "key", "text"):
            self.earlier[work_of[pk], key] = version_of[pk]
            words[work_of[pk], key] = text
        if not words:
            return
        now = Node.objects.filter(expression__in={pk for pk, _ in missing}, text__in=set(words.values()), kind="条")
        standing = {(pk, text): number for pk, text, number in now.values_list("expression_id", "text", "number")}
        for pk, key in missing:
            if found := standing.get((pk, words.get((work_of[pk], key), ""))):
                self.same_words[pk, key] = found

    def walk(self, cited: Cited, found: Resolution) -> Resolution:
        """The resolution with its node, or with the reason why there is none."""
        article, text = article_of(cited), found.expression
        if article is None or text is None:
            if found.state == RESOLVED and cited.article is None and (cited.paragraph or cited.item):
                return replace(found, state=AMBIGUOUS, reason="没有写明是第几条")
            return found
        first = self._walk(article, found)
        last = last_of(cited)
        if first.state != RESOLVED or last is None:
            return first
        end = self._walk(last, found)
        return first if end.state == RESOLVED else replace(end, node_key=first.node_key)

    def _walk(self, article: Article, found: Resolution) -> Resolution:
        text = found.expression
        if text is None or (text.pk, article.node) in self.nodes:
            return replace(found, node_key=article.node)
        inside = [key for key in _with_kuan(article) if (text.pk, key) in self.nodes]
        if len(inside) == 1:
            # A 项 without its 款 belongs to the only 款 that has such a 项.
            return replace(found, node_key=inside[0])
        if inside:
            reason = f"{article.locator}可以指{len(inside)}款中的项，应当写明款"
            return replace(found, state=AMBIGUOUS, node_key=article.node, reason=reason)
        key = article.node.partition(".")[0]
        reason, suggestion = f"{text.version}的文本没有{article.locator}", self.same_words.get((text.pk, key), "")
        if suggestion:
            reason += f"，其内容现为{suggestion}"
        elif earlier := self.earlier.get((text.work_id, key)):
            reason += f"，{earlier}的文本有这一条"
        return replace(found, state=DANGLING, node_key=article.node, reason=reason, suggestion=suggestion)


def _with_kuan(article: Article) -> list[str]:
    """The keys under which a 项 stands when its 款 is not named."""
    if article.kuan_number is not None or article.xiang_number is None:
        return []
    return [article.kuan(n).node for n in range(1, MOST_KUAN + 1)]


def _judged(work: Work, text: Expression, on: date) -> Resolution:
    if text.span.is_in_force(on):
        return Resolution(RESOLVED, work, text)
    if on < text.effective_on:
        return Resolution(REPEALED, work, text, reason=f"{text.version}的文本自{text.effective_on}起施行，{on}尚未施行")
    return Resolution(REPEALED, work, text, reason=f"{text.version}的文本自{text.ended_on}起不再有效（{text.ending}）")


def _alike(keys: set[str]) -> dict[str, tuple[str, ...]]:
    """For names the library does not have: titles whose trigrams agree by more than 0.85, and rules of which only the maker is left out."""
    rows = list(Title.objects.filter(Q(kind="full")).values_list("key", "work__title"))
    grams = [_trigrams(key) for key, _ in rows]
    holding: dict[str, list[int]] = defaultdict(list)
    for n, each in enumerate(grams):
        for gram in each:
            holding[gram].append(n)
    found = {}
    for key in keys:
        own = _trigrams(key)
        shared: dict[int, int] = defaultdict(int)
        for gram in own:
            for n in holding.get(gram, ()):
                shared[n] += 1
        scores = [(count / (len(own) + len(grams[n]) - count), n) for n, count in shared.items()]
        near = [(score, rows[n][1]) for score, n in scores if score > ALIKE or _lacks_maker(key, rows[n][0])]
        found[key] = tuple(dict.fromkeys(title for _, title in sorted(near, reverse=True)))[:MOST_OFFERED]
    return found


def _lacks_maker(key: str, title: str) -> bool:
    return title.endswith(key) and _REGION.match(title) is not None


def _trigrams(text: str) -> frozenset[str]:
    """As PostgreSQL's pg_trgm cuts them: two blanks before and one after."""
    padded = f"  {text} "
    return frozenset(padded[n : n + 3] for n in range(len(padded) - 2))
