"""Reading an indicator set from its YAML file, numbers exact: 0.34 is thirty-four hundredths, never a binary fraction."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from functools import lru_cache
from pathlib import Path
from typing import Any

import yaml

from yifa.assessment.indicators import Indicators, UnfitSetError, build

FOLDER = Path(__file__).parent / "sets"


class _Loader(yaml.SafeLoader):
    """SafeLoader whose floats are Decimal."""


def _decimal(loader: _Loader, node: yaml.ScalarNode) -> Decimal:
    return Decimal(str(loader.construct_scalar(node)))


_Loader.add_constructor("tag:yaml.org,2002:float", _decimal)


@lru_cache(maxsize=16)
def parse(text: str) -> Indicators:
    """Raises UnfitSetError, also when the text is no YAML."""
    try:
        data: Any = yaml.load(text, Loader=_Loader)  # noqa: S506 - a SafeLoader
    except yaml.YAMLError as problem:
        raise UnfitSetError([f"不是YAML文件:{problem}"]) from problem
    if not isinstance(data, dict):
        raise UnfitSetError(["文件里没有指标集"])
    return build(data)


def committed() -> Iterator[str]:
    """The texts of the sets that come with the platform."""
    for path in sorted(FOLDER.glob("*.yaml")):
        yield path.read_text(encoding="utf-8")
