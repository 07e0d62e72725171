"""`yifa evaluation rebuild|check|propose`: the uses anew, the proof that they equal a replay, which works are enforceable."""

from __future__ import annotations

import json
from argparse import ArgumentParser, Namespace

from django.utils import timezone

from yifa.evaluation import following, services


def arguments(parser: ArgumentParser) -> None:
    parser.add_argument("act", choices=["rebuild", "check", "propose"])
    parser.add_argument("--json", action="store_true")


def main(options: Namespace) -> int:
    differences: list[str] = []
    if options.act == "propose":
        told = {"proposed": services.propose_enforceable(on=timezone.localdate())}
    elif options.act == "rebuild":
        told = {"entries": following.rebuild()}
    else:
        read, found = following.check()
        told, differences = {"entries": read}, [str(each) for each in found]
    print(json.dumps({**told, "differences": differences}, ensure_ascii=False) if options.json else "\n".join([str(told), *differences]))
    return 1 if differences else 0
