"""`yifa rebuild facts`: the projection anew from the record; with `--check`, the proof that it already equals a replay."""

from __future__ import annotations

import json
from argparse import ArgumentParser, Namespace

from django.conf import settings
from django.utils.module_loading import import_string

from yifa.facts import services


def arguments(parser: ArgumentParser) -> None:
    parser.add_argument("projection", choices=["facts"])
    parser.add_argument("--check", action="store_true", help="compare only; exit 1 with the differences")
    parser.add_argument("--json", action="store_true")


def main(options: Namespace) -> int:
    contexts = import_string(settings.CONTEXTS)
    if not options.check:
        read = services.rebuild(contexts)
        print(json.dumps({"entries": read}) if options.json else f"已按{read}条记录重算")
        return 0
    read, differences = services.check(contexts)
    if options.json:
        print(json.dumps({"entries": read, "differences": [str(each) for each in differences]}, ensure_ascii=False))
    elif differences:
        print(*differences, sep="\n")
    else:
        print(f"已核对{read}条记录,结果一致")
    return 1 if differences else 0
