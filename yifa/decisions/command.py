"""`yifa decisions templates FILE` proves a set of templates; `yifa decisions score FILE` scores a matter told in JSON and keeps nothing.

Both go by what comes with the platform (calendar, parameters, templates), so that the same file gives the same answer anywhere.
"""

from __future__ import annotations

import argparse
import json
import sys
from datetime import date
from pathlib import Path
from typing import Any

from yifa.decisions import templates, told
from yifa.decisions.matter import Limits, limits
from yifa.decisions.scoring import STATES, Score, score
from yifa.decisions.template_set import TemplateSet, UnfitTemplatesError, rounded, shown
from yifa.decisions.told import UnreadableError
from yifa.kernel.calendar.table import calendar
from yifa.kernel.parameters.files import load
from yifa.kernel.parameters.rules import Parameters

FOLDER = Path(__file__).parent / "parameters"


def arguments(parser: argparse.ArgumentParser) -> None:
    verbs = parser.add_subparsers(dest="action", required=True)
    proving = verbs.add_parser("templates", help="prove a set of templates: every fault with its line")
    proving.add_argument("file", type=Path)
    scoring = verbs.add_parser("score", help="score a matter told in JSON (docs/figures.md), - for standard input")
    scoring.add_argument("file", type=Path)
    scoring.add_argument("--templates", type=Path, metavar="FILE", help="another set of templates than the installed one")
    for each in (proving, scoring):
        each.add_argument("--json", action="store_true")


def main(options: argparse.Namespace) -> int:
    try:
        return {"templates": _templates, "score": _score}[options.action](options)
    except OSError as wrong:
        said = f"无法读取文件{wrong.filename or ''}，请核对文件名和读取权限"
    except (UnreadableError, UnfitTemplatesError) as wrong:
        said = str(wrong)
    print(said.replace("\n", " "), file=sys.stderr)
    return 1


def _templates(options: argparse.Namespace) -> int:
    text, wrong = templates.decode(options.file.read_bytes())
    wrong = wrong or templates.faults(text)
    if options.json:
        print(json.dumps({"valid": not wrong, "faults": [{"line": each.line, "text": each.text} for each in wrong]}, ensure_ascii=False))
    else:
        for each in wrong:
            print(f"第{each.line}行：{each.text}" if each.line else each.text)
    if wrong:
        print(f"{len(wrong)} 处问题", file=sys.stderr)
    return 1 if wrong else 0


def _score(options: argparse.Namespace) -> int:
    content = sys.stdin.buffer.read() if str(options.file) == "-" else options.file.read_bytes()
    matter = told.matter(told.parse(content), calendar=calendar(), limits=_limits)
    found = score(matter, _set(options.templates), ())
    if options.json:
        print(json.dumps(_plain(found), ensure_ascii=False, default=str))
    else:
        print("\n".join(_lines(found)))
    return 0


def _set(file: Path | None) -> TemplateSet:
    if file is None:
        return templates.installed()
    text, wrong = templates.decode(file.read_bytes())
    if wrong:
        raise UnfitTemplatesError(wrong)
    return templates.load(text)


def _limits(region: str, on: date) -> Limits:
    return limits(Parameters(load([FOLDER])), region=region, on=on)


def _plain(found: Score) -> dict[str, Any]:
    return {
        "total": None if found.total is None else shown(found.total),
        "before": None if found.before is None else shown(found.before),
        "grade": found.grade,
        "closed": found.closed,
        "set": found.set.version,
        "deduction": shown(found.deduction),
        "red_lines": [red.code for red in found.red_lines],
        "points": {part.code: {"got": shown(rounded(part.got)), "of": shown(part.counted)} for part in found.points},
        "templates": [
            {
                "template": each.template.code,
                "state": each.state,
                "got": shown(rounded(each.part.got)),
                "checks": [
                    {
                        "check": line.item.code,
                        "of": shown(line.item.points),
                        "got": shown(rounded(line.got)),
                        "state": line.state,
                        "awaits": line.awaits,
                        "inputs": dict(line.outcome.inputs),
                        "cites": [str(cite) for cite in line.cites],
                    }
                    for line in each.lines
                ],
            }
            for each in found.templates
        ],
    }


def _lines(found: Score) -> list[str]:
    """What an officer reads: the score, the red lines, each template, what was lost and why, what a reviewer has still to confirm."""
    if found.total is None:
        head = "还没有可以评分的环节"
    else:
        before = f"（红线以前{shown(found.before)}）" if found.before is not None and found.before != found.total else ""
        head = f"{shown(found.total)} {found.grade}{before}"
    reds = [f"红线{red.code}：{red.when}" for red in found.red_lines]
    rows = [
        f"  {each.template.code} {each.template.title} {shown(rounded(each.part.got))}/{shown(each.template.weight)} {STATES[each.state]}"
        + (f"：{each.why}" if each.why else "")
        for each in found.templates
    ]
    lost = [f"  {line.item.code} −{shown(line.lost)} {line.item.text}" for line in found.lost]
    waiting = "、".join(line.item.code for line in found.awaiting)
    return [
        head,
        *reds,
        *rows,
        *(["失分：", *lost] if lost else ()),
        *([f"以下评价点由系统建议，须由司法行政部门的审查人员确认：{waiting}"] if waiting else ()),
    ]
