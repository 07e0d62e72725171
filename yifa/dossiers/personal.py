"""Personal data at rest: sealed numbers, a hash that finds the same party again, and the two codes printed on a decision.

Sealed = 1 byte algorithm ‖ 12 bytes nonce ‖ ciphertext and tag, by AES-256-GCM or SM4-GCM (`settings.PERSONAL_CIPHER`); both keys and
the key of the hash come from `settings.PERSONAL_KEY`, which is kept apart from the database.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import secrets
import unicodedata
from functools import cache

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.utils.crypto import salted_hmac

AES, SM4 = 1, 2
TAG = 16
# Crockford's letters: none of I, L, O, U, so that a code read aloud or from worn thermal paper is not misread.
PROOF_LETTERS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"


@cache
def _key(secret: str, use: str, size: int) -> bytes:
    return hashlib.blake2b(secret.encode(), person=use.encode(), digest_size=size).digest()


def _algorithm(number: int) -> algorithms.AES | algorithms.SM4:
    if number == AES:
        return algorithms.AES(_key(settings.PERSONAL_KEY, "seal-aes", 32))
    if number == SM4:
        return algorithms.SM4(_key(settings.PERSONAL_KEY, "seal-sm4", 16))
    raise ValueError(f"unknown seal {number}")


def seal(text: str) -> bytes | None:
    """`text` encrypted for the database; nothing for nothing."""
    if not text:
        return None
    number = {"aes": AES, "sm4": SM4}.get(settings.PERSONAL_CIPHER)
    if number is None:
        raise ImproperlyConfigured("YIFA_PERSONAL_CIPHER must be aes or sm4")
    nonce = secrets.token_bytes(12)
    encryptor = Cipher(_algorithm(number), modes.GCM(nonce)).encryptor()
    return bytes([number]) + nonce + encryptor.update(text.encode()) + encryptor.finalize() + encryptor.tag


def unseal(sealed: bytes | memoryview | None) -> str:
    """The text again; ValueError when the bytes were changed or another key sealed them."""
    if sealed is None:
        return ""
    data = bytes(sealed)
    nonce, body, tag = data[1:13], data[13:-TAG], data[-TAG:]
    decryptor = Cipher(_algorithm(data[0]), modes.GCM(nonce, tag)).decryptor()
    try:
        return (decryptor.update(body) + decryptor.finalize()).decode()
    except InvalidTag as error:
        raise ValueError("the sealed value was changed or belongs to another key") from error


def identity_hash(number: str) -> str:
    """The same for one party everywhere in the installation, and useless without the key: 一事不二罚 (处罚法第二十九条) compares it."""
    plain = "".join(number.split()).upper()
    return hmac.new(_key(settings.PERSONAL_KEY, "identity", 32), plain.encode(), "sha256").hexdigest() if plain else ""


def new_token() -> str:
    """The public code of a case (一案一码): 128 random bits in base32."""
    return base64.b32encode(secrets.token_bytes(16)).decode().rstrip("=")


def new_proof() -> tuple[str, str]:
    """The code printed on the decision and what the database keeps of it (salted, keyed)."""
    code = "".join(secrets.choice(PROOF_LETTERS) for _ in range(8))
    return code, _proof(secrets.token_hex(16), code)


def _proof(salt: str, code: str) -> str:
    digest = hmac.new(_key(settings.PERSONAL_KEY, "proof", 32), (salt + code).encode(), "sha256").hexdigest()
    return f"{salt}${digest}"


def proof_matches(code: str, stored: str) -> bool:
    """Is `code` (as someone typed it) the one printed on the decision? Never true where none was printed."""
    salt, _, digest = stored.partition("$")
    typed = "".join(code.split()).upper().replace("-", "").translate(str.maketrans("OIL", "011"))
    return bool(digest) and hmac.compare_digest(_proof(salt, typed), stored)


def new_query_code() -> str:
    """A code by which somebody without an account finds what he sent (a complaint, an opinion): 7K3M-2PQR-9XYZ. Told once, kept nowhere."""
    return "-".join("".join(secrets.choice(PROOF_LETTERS) for _ in range(4)) for _ in range(3))


def same_query_code(secret: bytes) -> str:
    """The code that belongs to this secret (32 bytes, known to nobody else): who sends the same thing twice is told the same one."""
    letters = [PROOF_LETTERS[value % len(PROOF_LETTERS)] for value in secret[-12:]]
    return "-".join("".join(letters[start : start + 4]) for start in (0, 4, 8))


def query_digest(use: str, code: str) -> str:
    """What is kept of a query code, however its holder spaced or wrote it; `use` keeps the codes of different rooms apart."""
    plain = "".join(char for char in unicodedata.normalize("NFKC", code).upper() if char.isalnum()).translate(str.maketrans("OIL", "011"))
    return salted_hmac(use, plain, secret=settings.PERSONAL_KEY, algorithm="sha256").hexdigest()
