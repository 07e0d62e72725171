"""What a reviewer sees of a filed document: its text, what it cites and where that leads, and words that deserve a look."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections import defaultdict, deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from itertools import zip_longest

from django.urls import reverse

from yifa.dossiers import store
from yifa.kernel.word.reading import paragraphs
from yifa.kernel.word.refusing import UnreadableError
from yifa.laws.citations import Cited, parse
from yifa.laws.names import common
from yifa.laws.queries import AMBIGUOUS, DANGLING, ELSEWHERE, REPEALED, RESOLVED, UNKNOWN
from yifa.laws.resolving import Resolution, article_of, names, resolve
from yifa.laws.sources.decoding import decode
from yifa.laws.sources.refusing import MAX_TEXT
from yifa.normative.flags import Flag, flags
from yifa.normative.models import NormativeDocument

# State of a citation: what it is called, and how it looks.
STATES = {
    RESOLVED: ("已核对", "good"),
    DANGLING: ("没有这一条款", "bad"),
    REPEALED: ("已经失效或者尚未施行", "bad"),
    AMBIGUOUS: ("不能确定", "warn"),
    UNKNOWN: ("本库没有", "warn"),
    ELSEWHERE: ("文本未收录", "calm"),
}
_ORDER = {DANGLING: 0, REPEALED: 0, AMBIGUOUS: 1, UNKNOWN: 1, ELSEWHERE: 2, RESOLVED: 3}
LONGEST = 500_000  # characters; the longest statute has a fifth of it
_CLAUSE = re.compile(r"^[ \u3000\t]*(第[零〇一二三四五六七八九十百千]+条(?:之[一二三四五六七八九十]+)?)", re.MULTILINE)
_PACKAGE = b"PK\x03\x04"


@dataclass(frozen=True)
class Provision:
    """One provision that the document cites, once however often it does; `places` counts them, `clauses` are the own articles that cite it.

    `leads` is where the citation leads, None where that is no text in force.
    """

    n: int
    label: str
    state: str
    says: str
    tone: str
    reason: str
    text: str
    url: str
    places: int
    clauses: tuple[str, ...] = ()
    leads: Resolution | None = None


@dataclass(frozen=True)
class Piece:
    """A run of characters of a line: plain, a citation (`cites` its provision) or words that are flagged (`hint` their kind)."""

    text: str
    cites: Provision | None = None
    hint: str = ""


@dataclass(frozen=True)
class Sheet:
    """The whole: lines of pieces, the provisions (what is wrong first), the flags. `unreadable` says why there is no text."""

    lines: Sequence[Sequence[Piece]]
    provisions: Sequence[Provision]
    flags: Sequence[Flag]
    unreadable: str = ""

    @property
    def wrong(self) -> int:
        return sum(each.tone == "bad" for each in self.provisions)


# (start, end, the provision cited or None, the kind of thing hinted at or "")
Span = tuple[int, int, Provision | None, str]


def sheet(document: NormativeDocument, *, on: date) -> Sheet:
    """The document as a review sheet; `on` is the day on which the law it cites is judged."""
    try:
        text = "\n".join(text_of(document))
        if len(text) > LONGEST:
            raise UnreadableError(f"正文有{len(text)}字，超过{LONGEST}字，不能对照显示；请在卷宗中查看原件")
    except UnreadableError as problem:
        return Sheet((), (), (), str(problem))
    cited = [each for each in parse(text, document.title, names=common() | names()) if each.law and not _is_own(each, document.title)]
    found = resolve(cited, on=on, document=document.title, regions=_regions(document))
    provisions = _provisions(cited, found, on, _clauses(text))
    marked = list(flags(text))
    spans: list[Span] = [(each.start, each.end, provisions[_key(each)], "") for each in cited]
    spans += [(start, end, None, each.kind.name) for each in marked for start, end in each.spans]
    ordered = sorted(provisions.values(), key=lambda each: (_ORDER[each.state], each.n))
    return Sheet(_lines(text, spans), ordered, marked)


def text_of(document: NormativeDocument) -> Sequence[str]:
    """The lines of the document: as registered, or read from the file that was published. Raises UnreadableError with the reason."""
    if document.text:
        return document.text.splitlines()
    if not document.text_sha256:
        raise UnreadableError("登记时没有附可以读取的正式文本（.docx、.txt），请在卷宗中查看原件，或者通知制定机关补正电子文本")
    return _read(document.text_sha256)


@lru_cache(maxsize=8)
def _read(sha256: str) -> tuple[str, ...]:
    """A stored file never changes under its name, so that what was read once need not be read again."""
    path = store.path(sha256)
    if not path.is_file():
        raise UnreadableError("正式文本的文件不在存储中，请联系系统管理员")
    with path.open("rb") as file:
        start = file.read(len(_PACKAGE))
    if start == _PACKAGE:
        return tuple(paragraphs(path))
    if path.stat().st_size > MAX_TEXT:
        raise UnreadableError("文本文件过大，没有打开")
    data = path.read_bytes()
    if b"\x00" in data[:4096] and not data.startswith((b"\xff\xfe", b"\xfe\xff")):
        raise UnreadableError("文件不是可以读取的文本格式，请通知制定机关补正电子文本（.docx、.txt）")
    return tuple(decode(data).text.splitlines())


def _is_own(cited: Cited, title: str) -> bool:
    """The document speaking of itself (本办法第三条)."""
    return cited.law == title


def _regions(document: NormativeDocument) -> list[str]:
    found, region = [document.region.name], document.region.parent
    while region is not None:
        found.append(region.name)
        region = region.parent
    return found


Key = tuple[str, int | None, int | None, int | None, int | None, int | None, int | None]


def _key(each: Cited) -> Key:
    return each.law or "", each.article, each.zhi, each.paragraph, each.item, each.subitem, each.article_to


def _clauses(text: str) -> Callable[[int], str]:
    """Which article of the document an offset lies in (第三条); "" before the first."""
    found = [(match.start(), match[1]) for match in _CLAUSE.finditer(text)]
    starts = [start for start, _ in found]
    return lambda at: found[n - 1][1] if (n := bisect_right(starts, at)) else ""


def clause_text(document: NormativeDocument, clause: str) -> str:
    """The words of one article of the document; "" where it has none. Raises UnreadableError."""
    text = "\n".join(text_of(document))
    found = list(_CLAUSE.finditer(text))
    for match, after in zip_longest(found, found[1:]):
        if match[1] == clause:
            return text[match.start() : after.start() if after else len(text)].strip()
    return ""


def _provisions(cited: Sequence[Cited], found: Sequence[Resolution], on: date, clause_at: Callable[[int], str]) -> dict[Key, Provision]:
    """What is cited, numbered in the order of first mention, with the words of each provision where the library has them."""
    clauses: dict[Key, list[str]] = defaultdict(list)
    for each in cited:
        if (clause := clause_at(each.start)) not in clauses[_key(each)]:
            clauses[_key(each)].append(clause)
    first: dict[Key, tuple[Cited, Resolution]] = {}
    count: dict[Key, int] = defaultdict(int)
    for each, resolution in zip(cited, found, strict=True):
        first.setdefault(_key(each), (each, resolution))
        count[_key(each)] += 1
    words = _words(resolution for _, resolution in first.values())
    result = {}
    for n, (key, (each, resolution)) in enumerate(first.items(), 1):
        says, tone = STATES[resolution.state]
        where = (resolution.expression.pk, resolution.node_key) if resolution.expression else (0, "")
        result[key] = Provision(
            n,
            _label(each),
            resolution.state,
            says,
            tone,
            resolution.reason + (f"；现为{resolution.suggestion}" if resolution.suggestion else ""),
            words.get(where, ""),
            _url(resolution, on),
            count[key],
            tuple(clauses[key]),
            resolution if resolution.expression and resolution.state == RESOLVED else None,
        )
    return result


def _label(each: Cited) -> str:
    article = article_of(each)
    if article is None:
        return f"《{each.law}》"
    until = f"至第{each.article_to}条" if each.article_to else ""
    return f"{article}{until}"


def _words(found: Iterable[Resolution]) -> dict[tuple[int, str], str]:
    """The words of the provisions, with one query for each text."""
    wanted: dict[int, set[str]] = defaultdict(set)
    texts = {}
    for each in found:
        if each.expression is not None and each.node_key:
            texts[each.expression.pk] = each.expression
            wanted[each.expression.pk].add(each.node_key)
    return {
        (pk, key): text
        for pk, keys in wanted.items()
        for key, text in texts[pk].nodes.filter(key__in=keys).values_list("key", "text")
        if text
    }


def _url(resolution: Resolution, on: date) -> str:
    if resolution.work is None:
        return ""
    if not resolution.node_key or resolution.state in {DANGLING, AMBIGUOUS}:
        return reverse("laws:work", args=[resolution.work.slug])
    return f"{reverse('laws:article', args=[resolution.work.slug, resolution.node_key])}?on={on.isoformat()}"


def _lines(text: str, spans: list[Span]) -> list[list[Piece]]:
    """The text line by line, cut where citations and flagged words begin and end; a citation stands before a flag over it."""
    marks = deque(_apart(spans))
    lines, at = [], 0
    for line in text.split("\n"):
        end, pieces, here = at + len(line), [], at
        while marks and marks[0][0] < end:
            start, stop, provision, hint = marks[0]
            start = max(start, here)
            if start > here:
                pieces.append(Piece(text[here:start]))
            here = min(stop, end)
            pieces.append(Piece(text[start:here], provision, hint))
            if stop > end:
                break
            marks.popleft()
        if here < end:
            pieces.append(Piece(text[here:end]))
        lines.append(pieces)
        at = end + 1
    return [line for line in lines if line]


def _apart(spans: list[Span]) -> Iterator[Span]:
    """The spans in reading order without those that lie over an earlier one."""
    free = 0
    for span in sorted(spans, key=lambda each: (each[0], each[2] is None)):
        if span[0] >= free and span[1] > span[0]:
            free = span[1]
            yield span
