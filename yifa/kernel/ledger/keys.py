"""The log's signing key: from the settings, from a file, or made on first use."""

from __future__ import annotations

import os
import tempfile
from functools import lru_cache
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from django.conf import settings
from django.db import connection

from .notes import Signer


class KeyMissingError(Exception):
    """The log was signed before, and its key is not where the settings say."""


def signer() -> Signer:
    """The signer of this installation's log; `LOG_KEY` is the key's text or the path of its file (PKCS #8 PEM or PRIVATE+KEY+…)."""
    return _signer(settings.LOG_ORIGIN, settings.LOG_KEY or str(settings.VAR / "secrets" / "log_key"))


@lru_cache(maxsize=4)
def _signer(origin: str, key: str) -> Signer:
    if "PRIVATE" in key:
        return Signer.load(origin, key)
    path = Path(key)
    if not path.exists():
        _make(path)
    return Signer.load(origin, path.read_text(encoding="ascii"))


def _make(path: Path) -> None:
    """A new key in a file that only its owner may read. A log that was signed before never gets a second key by accident."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT EXISTS (SELECT 1 FROM ledger_checkpoint)")
        if cursor.fetchone() == (True,):
            raise KeyMissingError(f"日志已有签名,但签名私钥文件 {path} 不存在:请恢复该文件")
    path.parent.mkdir(parents=True, exist_ok=True)
    text = Ed25519PrivateKey.generate().private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    descriptor, draft = tempfile.mkstemp(dir=path.parent, prefix=path.name)  # mode 600
    with os.fdopen(descriptor, "wb") as file:
        file.write(text)
        os.fsync(file.fileno())
    try:
        os.link(draft, path)  # whoever comes second uses the first one's key
    except FileExistsError:
        pass
    finally:
        Path(draft).unlink()
