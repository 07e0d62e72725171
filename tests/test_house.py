"""The house rules that no linter knows: size, purity, empty packages, and nothing of one machine in any file."""

from __future__ import annotations

import re
import subprocess
import sys
import tomllib
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
LONGEST = 500
# Law is pure: these run in the terminal's WebAssembly too, so they import the standard library and one another, nothing else.
PURE = (
    "yifa/kernel/citing.py",
    "yifa/kernel/calendar/terms.py",
    "yifa/kernel/calendar/table.py",
    "yifa/kernel/people/identifiers.py",
    "yifa/kernel/people/roles.py",
    "yifa/kernel/people/actors.py",
    "yifa/kernel/people/reading_words.py",
    "yifa/kernel/parameters/rules.py",
    "yifa/kernel/ledger/bodies.py",
    "yifa/kernel/ledger/tree.py",
    "yifa/kernel/word/comparing.py",
    "yifa/kernel/refusing.py",
    "yifa/kernel/word/refusing.py",
    "yifa/kernel/word/writing.py",
    "yifa/normative/remarks.py",
    "yifa/laws/citations.py",
    "yifa/laws/locators.py",
    "yifa/laws/names.py",
    "yifa/laws/rules.py",
    "yifa/laws/texts.py",
    "yifa/laws/notes.py",
    "yifa/laws/clauses.py",
    "yifa/laws/places.py",
    "yifa/laws/kinds.py",
    "yifa/laws/manuscript.py",
    "yifa/laws/comparing.py",
    "yifa/laws/asking.py",
    "yifa/laws/grams.py",
    "yifa/laws/redline.py",
    "yifa/laws/conflicts.py",
    "yifa/laws/heads.py",
    "yifa/laws/endings.py",
    "yifa/laws/intake.py",
    "yifa/laws/integrity.py",
    "yifa/laws/sources/archive.py",
    "yifa/laws/sources/building.py",
    "yifa/laws/sources/chinalaw.py",
    "yifa/laws/sources/decoding.py",
    "yifa/laws/sources/files.py",
    "yifa/laws/sources/frontmatter.py",
    "yifa/laws/sources/justlaws.py",
    "yifa/laws/sources/lawrefbook.py",
    "yifa/laws/sources/refusing.py",
    "yifa/evaluation/advice.py",
    "yifa/evaluation/awareness.py",
    "yifa/evaluation/effect.py",
    "yifa/evaluation/method.py",
    "yifa/evaluation/usage.py",
    "yifa/evaluation/wording.py",
    "yifa/documents/rules.py",
    "yifa/documents/fitting.py",
    "yifa/procedures/core.py",
    "yifa/procedures/fields.py",
    "yifa/procedures/known.py",
    "yifa/enforcement/case.py",
    "yifa/enforcement/rules.py",
    "yifa/enforcement/facts.py",
    "yifa/enforcement/surcharge.py",
    "yifa/enforcement/procedures/*.py",
    "yifa/normative/case.py",
    "yifa/normative/cases/*.py",
    "yifa/normative/rules.py",
    "yifa/normative/filing_rules.py",
    "yifa/normative/rulemaking_rules.py",
    "yifa/normative/regulation_rules.py",
    "yifa/normative/regulation_papers.py",
    "yifa/normative/filing_papers.py",
    "yifa/normative/objection_rules.py",
    "yifa/normative/objection_papers.py",
    "yifa/normative/facts.py",
    "yifa/normative/counting.py",
    "yifa/normative/making_facts.py",
    "yifa/normative/standing_facts.py",
    "yifa/normative/relying.py",
    "yifa/normative/flags.py",
    "yifa/normative/profiles.py",
    "yifa/normative/procedures/*.py",
    "yifa/participation/alike.py",
    "yifa/participation/clearing.py",
    "yifa/participation/contrary.py",
    "yifa/participation/marking.py",
    "yifa/participation/questions.py",
    "yifa/participation/veiling.py",
    "yifa/decisions/adopted.py",
    "yifa/decisions/archiving.py",
    "yifa/decisions/branch_case.py",
    "yifa/decisions/branch_rules.py",
    "yifa/decisions/case.py",
    "yifa/decisions/checks/*.py",
    "yifa/decisions/confirming.py",
    "yifa/decisions/facts.py",
    "yifa/decisions/lamps.py",
    "yifa/decisions/stands.py",
    "yifa/decisions/list_facts.py",
    "yifa/decisions/lots.py",
    "yifa/decisions/matter.py",
    "yifa/decisions/responsibility.py",
    "yifa/decisions/telling.py",
    "yifa/decisions/hearing_rules.py",
    "yifa/decisions/rules.py",
    "yifa/decisions/scoring.py",
    "yifa/decisions/template_set.py",
    "yifa/decisions/timeline.py",
    "yifa/decisions/told.py",
)


@cache
def files() -> tuple[Path, ...]:
    """Every file that is or may be committed."""
    listed = subprocess.run(["git", "ls-files", "-co", "--exclude-standard"], cwd=ROOT, capture_output=True, text=True, check=True).stdout
    return tuple(path for name in listed.splitlines() if (path := ROOT / name).is_file())


@cache
def texts() -> tuple[tuple[str, str], ...]:
    found = []
    for path in files():
        data = path.read_bytes()
        if b"\0" not in data[:8000]:
            found.append((str(path.relative_to(ROOT)), data.decode("utf-8")))
    return tuple(found)


def modules() -> list[Path]:
    return [path for path in files() if path.suffix == ".py"]


def test_no_module_is_longer_than_500_lines() -> None:
    long = {str(path.relative_to(ROOT)): count for path in modules() if (count := len(path.read_text().splitlines())) > LONGEST}
    assert not long


def test_packages_hold_nothing_but_the_names_they_lend() -> None:
    """An `__init__` with code in it would run at every import of a pure module below it."""
    line = re.compile(r'\s*(from \S+ import .*|import \S+|"[\w]+",?|[\w, ]+,?|\(|\)|__all__ = .*|\]|"""[^"]*"""|#.*)?')
    filled = []
    for path in modules():
        if path.name == "__init__.py" and (text := path.read_text().strip()):
            lends = path.parent.name in {"services", "models", "queries"}
            if not (lends and all(line.fullmatch(part) for part in text.splitlines())):
                filled.append(str(path.relative_to(ROOT)))
    assert not filled


def test_pure_modules_import_with_nothing_but_the_standard_library() -> None:
    names = sorted(
        str(path.relative_to(ROOT).with_suffix("")).replace("/", ".")
        for pattern in PURE
        for path in ROOT.glob(pattern)
        if path.stem != "__init__"
    )
    program = f"import sys, importlib\nsys.path.insert(0, {str(ROOT)!r})\nfor name in {names!r}: importlib.import_module(name)\n"
    done = subprocess.run([sys.executable, "-I", "-S", "-c", program], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert len(names) >= len(PURE) - 1


@pytest.mark.parametrize(
    ("what", "pattern"),
    [
        (
            "a package registry",
            r"(?i)\b(pypi\.org|pythonhosted\.org|registry\.npmjs|npmmirror|mirrors?\.(aliyun|tuna|ustc|cloud|huawei)|index-url|registry=)",
        ),
        ("a path of one machine", r"(?<![\w.$}~<])/(work|root|home/[a-z]+|Users)/(?![A-Z_]*\b[>}])"),
        ("a private key", r"-----BEGIN [A-Z ]*PRIVATE KEY-----\s*\n\s*[A-Za-z0-9+/]{20}"),
        ("a password in an address", r"://[^\s/:@{}<>'\"*]+:(?!password@|PASSWORD@|…|\.\.\.|\*|密码|口令)[^\s/:@{}<>'\"]+@"),
        ("a token", r"\b(ghp_[A-Za-z0-9]{30}|github_pat_|AKIA[A-Z0-9]{16}|xox[bp]-|sk-[A-Za-z0-9]{32})"),
    ],
)
def test_no_file_holds(what: str, pattern: str) -> None:
    own = str(Path(__file__).relative_to(ROOT))
    found = [f"{name}: {match[0]!r}" for name, text in texts() if name != own for match in re.finditer(pattern, text)]
    assert not found, f"{what}:\n" + "\n".join(found)


def test_locks_pin_by_digest_and_name_no_address() -> None:
    locks = [(name, text) for name, text in texts() if name.endswith((".lock", "package-lock.json"))]
    assert {Path(name).name for name, _ in locks} >= {
        "requirements.lock",
        "requirements-test.lock",
        "requirements-data.lock",
        "package-lock.json",
    }
    for name, text in locks:
        assert "://" not in text, name
        assert '"resolved"' not in text, name
        assert '"funding"' not in text, name
    for name, text in locks:
        if name.startswith("requirements"):
            pins = [line for line in text.splitlines() if line and not line.startswith((" ", "#"))]
            assert pins, name
            assert all("==" in line and line.endswith("\\") for line in pins), name


def test_every_app_with_models_is_protected_and_every_app_has_its_floor() -> None:
    contracts = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["importlinter"]["contracts"]
    protected = {name for contract in contracts if contract["type"] == "protected" for name in contract["protected_modules"]}
    owners = {
        path.parent if path.name == "models.py" else path.parent.parent
        for path in modules()
        if path.is_relative_to(ROOT / "yifa") and (path.stem == "models" or path.parts[-2:] == ("models", "__init__.py"))
    }
    assert {f"{owner.relative_to(ROOT)}.models".replace("/", ".") for owner in owners} <= protected
    floors = next(contract for contract in contracts if contract["name"] == "floors")["layers"]
    apps = {
        str(path.parent.relative_to(ROOT)).replace("/", ".")
        for path in modules()
        if path.name == "apps.py" and path.is_relative_to(ROOT / "yifa")
    }
    assert apps <= {name.strip() for layer in floors for name in layer.split("|")}
