"""`yifa procedures check`, `draw NAME`, `freeze` and `rebuild`."""

from __future__ import annotations

import argparse
import json
import sys

from django.utils import timezone

from yifa.laws import queries as laws
from yifa.procedures import draw, frozen, rebuilding, registry
from yifa.procedures.check import check
from yifa.procedures.core import Refused


def arguments(parser: argparse.ArgumentParser) -> None:
    verbs = parser.add_subparsers(dest="action", required=True)
    checker = verbs.add_parser("check", help="prove citations, forms, order and variants of every installed procedure")
    checker.add_argument("--json", action="store_true")
    drawer = verbs.add_parser("draw", help="print the flow chart of a procedure as SVG")
    drawer.add_argument("name", help="the procedure's key, such as summary_penalty")
    drawer.add_argument("--version", default="", metavar="DATE", help="default: the version in force today")
    drawer.add_argument("--region", default="")
    drawer.add_argument("--sector", default="")
    freezer = verbs.add_parser("freeze", help="note the versions as they are now; a published one must be as it was")
    freezer.add_argument("--publish", action="store_true", help="at a release: from now on these versions stay as they are")
    rebuilder = verbs.add_parser("rebuild", help="whose turn it is in every case, out of the record; goes on where it was stopped")
    rebuilder.add_argument("--afresh", action="store_true", help="from the first case on, also when it had come to the end")
    rebuilder.add_argument("--json", action="store_true")


def main(options: argparse.Namespace) -> int:
    return {"check": _check, "draw": _draw, "freeze": _freeze, "rebuild": _rebuild}[options.action](options)


def _check(options: argparse.Namespace) -> int:
    if laws.is_empty():
        print("the law library is empty: run `yifa laws import` first", file=sys.stderr)
        return 1
    result = check(registry.contexts(), today=timezone.localdate())
    if options.json:
        print(json.dumps(result.as_json(), ensure_ascii=False))
    else:
        for finding in result.findings:
            print(finding)
        print(
            f"{result.procedures} 个程序 {result.steps} 个步骤, {result.rules} 条规则, {result.forms} 种文书, "
            f"{result.items} 项执法事由, {result.parameters} 个参数, {result.citations} 处引用: {len(result.findings)} 处问题"
        )
    if result.findings:
        print(f"{len(result.findings)} findings", file=sys.stderr)
    return 1 if result.findings else 0


def _draw(options: argparse.Namespace) -> int:
    try:
        if options.version:
            procedure = registry.procedure(options.name, options.version, region=options.region, sector=options.sector)
        else:
            today = timezone.localdate().isoformat()
            procedure = registry.current(options.name, on=today, region=options.region, sector=options.sector)
    except Refused as refused:
        print(refused, file=sys.stderr)
        return 1
    print(draw.svg(procedure))
    return 0


def _freeze(options: argparse.Namespace) -> int:
    try:
        versions = frozen.freeze(registry.procedures(), frozen.read(), publish=options.publish)
    except frozen.FrozenError as problem:
        print(problem, file=sys.stderr)
        return 1
    frozen.write(versions)
    for each in versions:
        print(f"{each.name}: {len(each.steps)} steps, {'published' if each.published else 'not yet published'}")
    return 0


def _rebuild(options: argparse.Namespace) -> int:
    found = rebuilding.go_on(afresh=options.afresh)
    print(json.dumps({"dossiers": found.read}) if options.json else f"已按记录重算 {found.read} 件案件轮到谁办理")
    return 0
