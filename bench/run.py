"""The harness of `make bench`: every benchmark in a process of its own, one table, bench/results.json.

`python -m bench.run [ONLY=name]`. A benchmark is a function that returns {name, ratio, goal, rounds, unit, note}: `rounds` are the ratios
of its rounds, `ratio` their median; a unit that ends in "(lower is better)" turns the goal round. A new one is a line in BENCHES.
"""

from __future__ import annotations

import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from importlib import import_module
from pathlib import Path
from typing import Any

RESULTS = Path(__file__).with_name("results.json")
FIELDS = {"name", "ratio", "goal", "rounds", "unit", "note"}

# name -> module:function, in the order of the table.
BENCHES = {
    "step": "bench.step:step",
    "ledger": "bench.ledger:append",
    "verify": "bench.ledger:verify",
    "pdf": "bench.pdf:pdf",
    "binding": "bench.binding:binding",
    "list": "bench.list:list_cases",
    "qr": "bench.qr:qr",
    "import": "bench.import_:import_texts",
    "cite": "bench.cite:cite",
    "search": "bench.search:search_pages",
    "decisions": "bench.decisions:scoring",
    "opinions": "bench.opinions:opinions",
}


def main(arguments: Sequence[str]) -> int:
    """Measure all or the one asked for; the exit status says whether every goal is met."""
    if arguments[:1] == ["--child"]:
        _child(arguments[1], Path(arguments[2]))
        return 0
    only = _only(arguments)
    if only and only not in BENCHES:
        print(f"no benchmark {only!r}; there are {', '.join(BENCHES)}", file=sys.stderr)
        return 2
    found = []
    for name in [only] if only else BENCHES:
        began = time.monotonic()
        print(f"measuring {name} …", end="", flush=True, file=sys.stderr)
        found.append(_measure(name))
        print(f" {time.monotonic() - began:.0f} s", file=sys.stderr)
    _write(found)
    print(table(found))
    return 0 if all(met(result) for result in found) else 1


def _only(arguments: Sequence[str]) -> str:
    """`ONLY=name` and `--only name` on the command line, or ONLY in the environment."""
    words = [word.removeprefix("ONLY=") for word in arguments if word != "--only"]
    return words[0] if words else os.environ.get("ONLY", "")


def _measure(name: str) -> dict[str, Any]:
    """In a fresh process, so that no benchmark meets another's connections or memory."""
    with tempfile.TemporaryDirectory() as folder:
        target = Path(folder) / "result.json"
        subprocess.run([sys.executable, "-m", "bench.run", "--child", name, str(target)], check=True)
        result: dict[str, Any] = json.loads(target.read_text(encoding="utf-8"))
    return result


def _child(name: str, target: Path) -> None:
    module, _, function = BENCHES[name].partition(":")
    result = getattr(import_module(module), function)()
    if set(result) != FIELDS or result["name"] != name or len(result["rounds"]) < 9:
        raise ValueError(f"{BENCHES[name]} returns {', '.join(sorted(FIELDS))}, its own name, and at least nine rounds")
    target.write_text(json.dumps(result, ensure_ascii=False), encoding="utf-8")


def _write(found: Sequence[dict[str, Any]]) -> None:
    """Results keep those that were not measured this time, in the order of BENCHES."""
    known = {result["name"]: result for result in json.loads(RESULTS.read_text(encoding="utf-8"))} if RESULTS.exists() else {}
    known |= {result["name"]: result for result in found}
    kept = [known[name] for name in BENCHES if name in known]
    RESULTS.write_text(json.dumps(kept, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")


def met(result: dict[str, Any]) -> bool:
    lower = result["unit"].endswith("(lower is better)")
    return bool(result["ratio"] <= result["goal"] if lower else result["ratio"] >= result["goal"])


def table(found: Sequence[dict[str, Any]]) -> str:
    rows = [("name", "ratio", "goal", "range", "rounds", "", "unit")]
    for result in found:
        rounds = result["rounds"]
        sign = "≤" if result["unit"].endswith("(lower is better)") else "≥"
        span = f"{min(rounds):.2f}–{max(rounds):.2f}"
        rows.append(
            (
                result["name"],
                f"{statistics.median(rounds):.2f}",
                f"{sign} {result['goal']:g}",
                span,
                str(len(rounds)),
                "met" if met(result) else "NOT MET",
                result["unit"],
            )
        )
    widths = [max(len(row[column]) for row in rows) for column in range(len(rows[0]))]
    lines = ["  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip() for row in rows]
    notes = [f"{result['name']}: {result['note']}" for result in found]
    return "\n".join([*lines, "", *notes])


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
