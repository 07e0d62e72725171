"""`yifa verify RECEIPT [--key FILE] [--json]`: verify a receipt without a server, without a database."""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path

from .verify import Verdict, verify_receipt


def arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("receipt", metavar="RECEIPT", type=Path, help="the receipt's file")
    parser.add_argument("--key", type=Path, metavar="FILE", help="the log's public key, one `name+id+key` a line")
    parser.add_argument("--json", action="store_true", help="the whole verdict as JSON on standard output")


def main(options: argparse.Namespace) -> int:
    """0 when everything holds and a known key signed; otherwise 1 and one line that says why."""
    try:
        receipt = options.receipt.read_bytes()
        key = options.key.read_text(encoding="utf-8") if options.key else None
    except (OSError, UnicodeDecodeError) as error:
        name = getattr(error, "filename", None) or options.key
        print(f"读不了文件 {name}", file=sys.stderr)
        return 1
    verdict = verify_receipt(receipt, key=key)
    if options.json:
        print(json.dumps(verdict.value(), ensure_ascii=False))
    elif verdict.valid:
        print("\n".join(_lines(verdict)))
    if not verdict.valid:
        print(verdict.reason, file=sys.stderr)
    return 0 if verdict.valid else 1


def _lines(verdict: Verdict) -> list[str]:
    return [f"记录属实:{verdict.chain}", *(f"  {check.text}" for check in verdict.checks), *(f"  {note}" for note in verdict.notes)]
