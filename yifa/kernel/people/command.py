"""`yifa check`: credit codes and identity numbers, line by line, without Django and without a database."""

from __future__ import annotations

import argparse
import json
import sys
from datetime import UTC, date, datetime, timedelta

from yifa.kernel.people.identifiers import Checked, check_identity_number, check_uscc

KINDS = ("uscc", "id")


def arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--jsonl", action="store_true", help='lines of {"kind": "uscc"|"id", "value": …} on standard input')
    parser.add_argument("--kind", choices=KINDS, help="one value instead of lines")
    parser.add_argument("--value")
    parser.add_argument("--json", action="store_true", help="with --kind and --value: the answer as JSON")


def main(options: argparse.Namespace) -> int:
    today = (datetime.now(UTC) + timedelta(hours=8)).date()
    if options.jsonl:
        return _lines(today)
    if options.kind is None or options.value is None:
        print("yifa check: 请用 --jsonl，或者 --kind 和 --value", file=sys.stderr)
        return 1
    checked = check(options.kind, options.value, today=today)
    print(_json(checked) if options.json else (checked.reason or "有效"))
    if not checked.valid:
        print(checked.reason, file=sys.stderr)
    return 0 if checked.valid else 1


def check(kind: str, value: str, *, today: date) -> Checked:
    return check_uscc(value) if kind == "uscc" else check_identity_number(value, today=today)


def read(line: bytes) -> tuple[str, str]:
    """Kind and value of one line; ValueError says what is wrong with it."""
    try:
        asked = json.loads(line.decode("utf-8"))
    except UnicodeDecodeError:
        raise ValueError("不是 UTF-8 文本") from None
    except (json.JSONDecodeError, RecursionError):
        raise ValueError("不是 JSON") from None
    if not isinstance(asked, dict):
        raise ValueError("应为 JSON 对象")
    kind, value = asked.get("kind"), asked.get("value")
    if kind not in KINDS:
        raise ValueError('"kind" 应为 "uscc" 或 "id"')
    if not isinstance(value, str):
        raise ValueError('"value" 应为字符串')
    return kind, value


def _lines(today: date) -> int:
    """One answer for each line, in order. A line that cannot be read is answered too, named on standard error, and makes the exit 1."""
    unreadable = 0
    for n, line in enumerate(sys.stdin.buffer, 1):
        if not line.strip():
            continue
        try:
            checked = check(*read(line), today=today)
        except ValueError as error:
            unreadable += 1
            checked = Checked(False, f"第 {n} 行{error}")
            print(f"yifa check: {checked.reason}", file=sys.stderr)
        sys.stdout.write(_json(checked) + "\n")
        sys.stdout.flush()
    return 1 if unreadable else 0


def _json(checked: Checked) -> str:
    return json.dumps({"valid": checked.valid, "reason": checked.reason}, ensure_ascii=False)
