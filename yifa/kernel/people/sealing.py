"""Identity numbers of officers at rest: sealed with AES-256-GCM, found again by a keyed digest. The key lies apart from the database."""

from __future__ import annotations

import hashlib
import hmac
import secrets

from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.conf import settings

NONCE = 12


def _key(use: str) -> bytes:
    secret: str = getattr(settings, "PERSONAL_KEY", settings.SECRET_KEY)
    return hashlib.blake2b(secret.encode(), person=use.encode(), digest_size=32).digest()


def seal(text: str) -> bytes:
    nonce = secrets.token_bytes(NONCE)
    return nonce + AESGCM(_key("people-seal")).encrypt(nonce, text.encode(), None)


def unseal(sealed: bytes) -> str:
    """Raises cryptography's InvalidTag when the bytes were changed or another key sealed them."""
    data = bytes(sealed)
    return AESGCM(_key("people-seal")).decrypt(data[:NONCE], data[NONCE:], None).decode()


def digest(text: str, use: str = "people-identity") -> str:
    """The same for the same text in this installation, and useless without the key."""
    return hmac.new(_key(use), text.encode(), "sha256").hexdigest()
