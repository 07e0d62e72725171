"""`yifa <verb>`: one table of verbs; a verb's module is imported only when it is called.

So `term`, `check`, `surcharge` and `verify` start without Django or a database.
"""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager, nullcontext
from dataclasses import dataclass
from importlib import import_module


@dataclass(frozen=True)
class Verb:
    """`module` has `arguments(parser)` and `main(options) -> int`; `django` says whether it needs set-up."""

    module: str
    help: str
    django: bool = True


VERBS: dict[str, Verb] = {
    "term": Verb("yifa.kernel.calendar.command", "the due date of a statutory term, with its derivation", False),
    "check": Verb("yifa.kernel.people.command", "check credit codes and identity numbers", False),
    "surcharge": Verb("yifa.enforcement.command", "the surcharge on a fine paid late", False),
    "verify": Verb("yifa.kernel.ledger.command", "verify a receipt without a server", False),
    "procedures": Verb("yifa.procedures.command", "check or draw the procedures"),
    "laws": Verb("yifa.laws.command", "import the law library, show an article"),
    "rebuild": Verb("yifa.facts.command", "rebuild a projection from the record, or check it"),
    "run": Verb("yifa.site.run", "start everything", False),
    "migrate": Verb("yifa.site.migrate", "bring the database to this version", False),
    "build": Verb("yifa.site.frontend", "build the front end", False),
    "prepare": Verb("yifa.site.prepare", "fill what a fresh database lacks: regions, laws"),
    "follow": Verb("yifa.site.follower", "seal the record and count facts, until stopped"),
    "demo": Verb("yifa.site.demo", "build the living demonstration"),
    "generate": Verb("yifa.site.generate", "build a load world for benchmarks"),
    "doctor": Verb("yifa.site.doctor", "say what is wrong with this installation"),
    "backup": Verb("yifa.site.backup", "write a backup"),
    "restore": Verb("yifa.site.restore", "restore a backup into an empty database"),
    "manage": Verb("yifa.site.manage", "a Django management command", False),
}


def main(argv: Sequence[str] | None = None) -> int:
    arguments = list(sys.argv[1:] if argv is None else argv)
    parser = argparse.ArgumentParser(prog="yifa", description="依法: the platform for law-based government")
    verbs = parser.add_subparsers(dest="verb", required=True, metavar="verb")
    for name, verb in VERBS.items():
        verbs.add_parser(name, help=verb.help, add_help=False)
    known, rest = parser.parse_known_args(arguments[:1] or ["--help"])
    verb = VERBS[known.verb]
    with ready() if verb.django else nullcontext():
        module = import_module(verb.module)
        sub = argparse.ArgumentParser(prog=f"yifa {known.verb}", description=verb.help)
        module.arguments(sub)
        run: Callable[[argparse.Namespace], int] = module.main
        try:
            return run(sub.parse_args([*rest, *arguments[1:]]))
        except BrokenPipeError:
            # Whoever read our output has seen enough; nothing is left to say, not even at exit.
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
            return 1


@contextmanager
def ready() -> Iterator[None]:
    """Django set up on the database the environment names, else on the installation's own server, which runs for the verb's time."""
    from yifa.site import local, postgres

    with ExitStack() as stack:
        try:
            stack.enter_context(local.database())
        except postgres.PostgresError as problem:
            sys.exit(str(problem))
        import django

        django.setup()
        yield


if __name__ == "__main__":
    sys.exit(main())
