"""This installation on one machine: its folder `var/`, its secrets, its own database server, as the environment the settings read.

What the environment already says is never changed: in production the URLs and secrets come from outside, and nothing here acts.
"""

from __future__ import annotations

import os
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from yifa.site import postgres

ROOT = Path(__file__).resolve().parent.parent.parent


def var() -> Path:
    """The folder of everything that is made here and not in the repository."""
    folder = Path(os.environ.get("YIFA_VAR") or ROOT / "var").resolve()
    folder.mkdir(parents=True, exist_ok=True)
    return folder


@contextmanager
def database() -> Iterator[postgres.Cluster | None]:
    """Secrets and database URLs in the environment; our own server runs as long as the block lasts, unless a URL names another."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "yifa.site.settings")
    own_secrets()
    if os.environ.get("YIFA_DATABASE_URL") or os.environ.get("YIFA_DATABASE_URL_FILE"):
        yield None
        return
    with postgres.using(var()) as cluster:
        os.environ.update(YIFA_DATABASE_URL=cluster.url_app, YIFA_DATABASE_OWNER_URL=cluster.url_owner)
        yield cluster


def own_secrets() -> None:
    """Random secrets, made once, readable by their owner only; one given by the environment wins."""
    for name in ("YIFA_SECRET_KEY", "YIFA_PERSONAL_KEY"):
        if name not in os.environ and f"{name}_FILE" not in os.environ:
            os.environ[f"{name}_FILE"] = str(_secret(name.removeprefix("YIFA_").lower()))
    if "YIFA_LOG_KEY_FILE" not in os.environ:
        # The ledger makes this one itself, and only as long as nothing was ever signed.
        os.environ.setdefault("YIFA_LOG_KEY", str(var() / "secrets" / "log.key"))


def _secret(name: str) -> Path:
    """The file `var/secrets/<name>`; written in full before it gets its name."""
    folder = var() / "secrets"
    folder.mkdir(mode=0o700, exist_ok=True)
    path = folder / name
    if not path.exists():
        draft = folder / f"{name}.{os.getpid()}"
        draft.touch(mode=0o600)
        draft.write_text(secrets.token_urlsafe(48), encoding="utf-8")
        draft.rename(path)
    return path
