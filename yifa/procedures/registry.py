"""Which contexts and procedures this installation runs. The site hands them down once at start; tests may add their own."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from importlib import import_module
from inspect import getfile
from pathlib import Path

from yifa.kernel.parameters.rules import significant
from yifa.procedures.context import Context
from yifa.procedures.core import Finding, Procedure, Refused

_contexts: dict[str, Context] = {}
_digests: dict[type[Procedure], str] = {}


def install(contexts: Iterable[Context]) -> None:
    """Make these contexts known; one of the same name is replaced."""
    for each in contexts:
        _contexts[each.name] = each


@contextmanager
def also(context: Context) -> Iterator[None]:
    """A context for a while (tests)."""
    before = dict(_contexts)
    install([context])
    try:
        yield
    finally:
        _contexts.clear()
        _contexts.update(before)


def contexts() -> tuple[Context, ...]:
    return tuple(_contexts.values())


def procedures() -> tuple[type[Procedure], ...]:
    return tuple(procedure for context in _contexts.values() for procedure in context.procedures)


def context_of(key: str) -> Context:
    """The context whose procedure bears this key. Raises Refused for a procedure that is not installed."""
    for context in _contexts.values():
        if any(procedure.key == key for procedure in context.procedures):
            return context
    raise Refused([Finding("程序", f"本系统没有安装程序“{key}”，请联系系统管理员")])


def procedure(key: str, version: str, *, region: str = "", sector: str = "") -> type[Procedure]:
    """A running dossier's own version; the tightest local variant of it (旗县 > 盟市 > 自治区 > 国家, then the sector)."""
    found = [
        each
        for each in context_of(key).procedures
        if each.key == key and each.version == version and region.startswith(significant(each.region)) and each.sector in ("", sector)
    ]
    if not found:
        raise Refused([Finding("程序", f"本系统没有程序“{key}”的{version}版，请联系系统管理员")])
    return max(found, key=lambda each: (len(significant(each.region)), bool(each.sector)))


def likely(kind: str, step: str, *, region: str) -> type[Procedure] | None:
    """What the code of a dossier lets expect of it: the newest version of the one procedure whose dossiers bear this type and that knows

    this step; None where there are several, or none. No more than a guess: whoever reads the dossier compares.
    """
    found = [
        each
        for each in procedures()
        if each.code == kind and each.has(step) and region.startswith(significant(each.region)) and not each.sector
    ]
    if len({each.key for each in found}) != 1:
        return None
    return max(found, key=lambda each: (each.version, len(significant(each.region))))


def current(key: str, *, on: str, region: str = "", sector: str = "") -> type[Procedure]:
    """The version in force on a day (ISO): a new dossier starts with it."""
    versions = [each.version for each in context_of(key).procedures if each.key == key and each.version <= on]
    if not versions:
        raise Refused([Finding("程序", f"{on}尚无施行的程序“{key}”")])
    return procedure(key, max(versions), region=region, sector=sector)


def digest(subject: type[Procedure]) -> str:
    """SHA-256 over the source of the procedure and of its context's rules and case: what judged an entry."""
    if subject not in _digests:
        package = Path(getfile(import_module(context_of(subject.key).package))).parent
        sources = {Path(getfile(base)) for base in subject.__mro__ if issubclass(base, Procedure) and base is not Procedure}
        sources |= {path for name in ("rules.py", "case.py") if (path := package / name).is_file()}
        combined = hashlib.sha256()
        for path in sorted(sources, key=lambda path: path.name):
            combined.update(hashlib.sha256(path.read_bytes()).digest())
        _digests[subject] = combined.hexdigest()
    return _digests[subject]
