"""`yifa <verb>`: one table of verbs; a verb's module is imported only when it is called.

So `term`, `check`, `surcharge` and `verify` start without Django or a database.
"""

from __future__ import annotations

import argparse
import fcntl
import os
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager, nullcontext
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path


@dataclass(frozen=True)
class Verb:
    """`module` has `arguments(parser)` and `main(options) -> int`; `django` says whether it needs set-up.

    With `django=None` the verb takes a database that is there and does without one; it finds `has_database` in its options.
    """

    module: str
    help: str
    django: bool | None = True


VERBS: dict[str, Verb] = {
    "term": Verb("yifa.kernel.calendar.command", "the due date of a statutory term, with its derivation", False),
    "check": Verb("yifa.kernel.people.command", "check credit codes and identity numbers", False),
    "surcharge": Verb("yifa.enforcement.command", "the surcharge on a fine paid late", False),
    "verify": Verb("yifa.kernel.ledger.command", "verify a receipt without a server", False),
    "procedures": Verb("yifa.procedures.command", "check or draw the procedures"),
    "laws": Verb("yifa.laws.command", "import the law library, show an article"),
    "laws cite": Verb("yifa.laws.cite", "find the citations in texts", None),
    "rebuild": Verb("yifa.facts.command", "rebuild a projection from the record, or check it"),
    "evaluation": Verb("yifa.evaluation.command", "what acts use of the law: rebuild, check; propose which works are enforceable"),
    "decisions": Verb("yifa.decisions.command", "prove a set of templates; score a major decision told in JSON"),
    "run": Verb("yifa.site.run", "start everything", False),
    "migrate": Verb("yifa.site.migrate", "bring the database to this version", False),
    "build": Verb("yifa.site.frontend", "build the front end", False),
    "prepare": Verb("yifa.site.prepare", "fill what a fresh database lacks: regions, laws"),
    "follow": Verb("yifa.site.follower", "seal the record and count facts, until stopped"),
    "demo": Verb("yifa.site.demo", "build the living demonstration"),
    "generate": Verb("yifa.site.generate", "build a load world for benchmarks"),
    "export": Verb("yifa.site.export", "write facts or their sums to a file, CSV or JSON lines"),
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
        if " " not in name:
            verbs.add_parser(name, help=verb.help, add_help=False)
    words = 2 if " ".join(arguments[:2]) in VERBS else 1
    _, rest = parser.parse_known_args(arguments[:1] or ["--help"])
    name = " ".join(arguments[:words])
    verb = VERBS[name]
    needs = _has_database() if verb.django is None else verb.django
    with ready() if needs else nullcontext():
        module = import_module(verb.module)
        sub = argparse.ArgumentParser(prog=f"yifa {name}", description=verb.help)
        module.arguments(sub)
        if verb.django is None:
            sub.set_defaults(has_database=needs)
        run: Callable[[argparse.Namespace], int] = module.main
        try:
            return run(sub.parse_args([*rest, *arguments[words:]]))
        except BrokenPipeError:
            # Whoever read our output has seen enough; nothing is left to say, not even at exit.
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
            return 1


def _has_database() -> bool:
    """Does the environment name a database, or does this installation's own server run? Nothing is started or created."""
    if os.environ.get("YIFA_DATABASE_URL") or os.environ.get("YIFA_DATABASE_URL_FILE"):
        return True
    users = Path(os.environ.get("YIFA_VAR") or Path(__file__).resolve().parent.parent.parent / "var") / "postgres.users"
    try:
        with users.open("r") as held:
            # Whoever uses the server holds this shared; it can be held alone only when nobody does.
            fcntl.flock(held, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return True
    except OSError:
        pass
    return False


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
