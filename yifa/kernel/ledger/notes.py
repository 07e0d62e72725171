"""Signed notes (c2sp.org/signed-note) with Ed25519, log checkpoints (c2sp.org/tlog-checkpoint) and chain heads."""

from __future__ import annotations

import base64
import binascii
import hashlib
import re
from collections.abc import Iterable
from dataclasses import dataclass

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import load_pem_private_key

ED25519 = b"\x01"
HEAD_LINE = "yifa/chain-head@v1"

_NAME = re.compile(r"[^\s+]+")
_NUMBER = re.compile(r"0|[1-9][0-9]{0,15}")
_VKEY = re.compile(r"([^\s+]+)\+([0-9a-f]{8})\+([A-Za-z0-9+/]+=*)")
_SKEY = re.compile(r"PRIVATE\+KEY\+([^\s+]+)\+([0-9a-f]{8})\+([A-Za-z0-9+/]+=*)")


class NoteError(ValueError):
    """A note, a key or a signature that is not well-formed, or a signature that does not hold."""


class UnknownSignerError(NoteError):
    """A well-formed note that none of the known keys has signed."""


def decode64(text: str) -> bytes:
    """Standard Base 64 with padding; any second spelling of the same bytes is refused."""
    try:
        data = base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError) as error:
        raise NoteError(f"not Base 64: {text[:60]!r}") from error
    if encode64(data) != text:
        raise NoteError(f"not Base 64 in its one spelling: {text[:60]!r}")
    return data


def encode64(data: bytes) -> str:
    return base64.b64encode(data).decode("ascii")


def key_id(name: str, public: bytes) -> bytes:
    return hashlib.sha256(name.encode() + b"\n" + ED25519 + public).digest()[:4]


@dataclass(frozen=True, slots=True)
class VerifyKey:
    """A log's public key with its name."""

    name: str
    public: bytes

    @property
    def id(self) -> bytes:
        return key_id(self.name, self.public)

    def __str__(self) -> str:
        """`<name>+<id in hex>+<Base 64 of 0x01 and the key>`, as other tools write it."""
        return f"{self.name}+{self.id.hex()}+{encode64(ED25519 + self.public)}"

    @classmethod
    def parse(cls, text: str) -> VerifyKey:
        match = _VKEY.fullmatch(text.strip())
        data = decode64(match[3]) if match else b""
        if not match or len(data) != 33 or data[:1] != ED25519:
            raise NoteError("not a verification key: <name>+<id>+<key>, Ed25519")
        key = cls(match[1], data[1:])
        if key.id.hex() != match[2]:
            raise NoteError("the key's id does not fit its name and bytes")
        return key

    def verify(self, text: str, signature: bytes) -> None:
        try:
            Ed25519PublicKey.from_public_bytes(self.public).verify(signature, text.encode())
        except (InvalidSignature, ValueError) as error:
            raise NoteError(f"the signature of {self.name} does not hold") from error


def parse_keys(text: str) -> list[VerifyKey]:
    """The keys of a key file: one a line; empty lines and lines that start with # are skipped."""
    lines = (line.strip() for line in text.splitlines())
    keys = [VerifyKey.parse(line) for line in lines if line and not line.startswith("#")]
    if not keys:
        raise NoteError("the key file holds no key")
    return keys


class Signer:
    """The private key of a log."""

    def __init__(self, name: str, key: Ed25519PrivateKey) -> None:
        if not _NAME.fullmatch(name):
            raise NoteError(f"a key name has no spaces and no plus sign: {name!r}")
        self.name, self._key = name, key
        self.verify_key = VerifyKey(name, key.public_key().public_bytes_raw())

    @classmethod
    def load(cls, name: str, text: str) -> Signer:
        """A key from PKCS #8 PEM, or from the text `PRIVATE+KEY+<name>+<id>+<seed>` that other tools write."""
        if "-----BEGIN" in text:
            key = load_pem_private_key(text.encode(), password=None)
            if not isinstance(key, Ed25519PrivateKey):
                raise NoteError("the log key is an Ed25519 key")
            return cls(name, key)
        match = _SKEY.fullmatch(text.strip())
        data = decode64(match[3]) if match else b""
        if not match or len(data) != 33 or data[:1] != ED25519:
            raise NoteError("the log key is PKCS #8 PEM or PRIVATE+KEY+<name>+<id>+<key>")
        signer = cls(match[1], Ed25519PrivateKey.from_private_bytes(data[1:]))
        if match[1] != name or signer.verify_key.id.hex() != match[2]:
            raise NoteError(f"this key belongs to {match[1]}, not to {name}")
        return signer

    def sign(self, text: str) -> str:
        """The signed note of a text that ends in a newline."""
        check_text(text)
        signature = self.verify_key.id + self._key.sign(text.encode())
        return f"{text}\n— {self.name} {encode64(signature)}\n"


@dataclass(frozen=True, slots=True)
class Signature:
    name: str
    id: bytes
    signature: bytes


def check_text(text: str) -> None:
    if not text.endswith("\n") or any(char < " " and char != "\n" for char in text):
        raise NoteError("a note's text ends in a newline and has no control characters")


def split(note: str) -> tuple[str, list[Signature]]:
    """A note's text and its signature lines; the text is worth nothing until a signature is verified."""
    text, gap, lines = note.rpartition("\n\n")
    if not gap or not lines.endswith("\n"):
        raise NoteError("not a signed note")
    text += "\n"
    check_text(text)
    signatures = []
    for line in lines[:-1].split("\n"):
        parts = line.split(" ")
        data = decode64(parts[2]) if len(parts) == 3 else b""
        if len(parts) != 3 or parts[0] != "—" or not _NAME.fullmatch(parts[1]) or len(data) < 5:
            raise NoteError("a signature line is malformed")
        signatures.append(Signature(parts[1], data[:4], data[4:]))
    if len(signatures) > 64:
        raise NoteError("too many signatures")
    return text, signatures


def verified(note: str, keys: Iterable[VerifyKey]) -> str:
    """The text of a note that a known key signed. Unknown signatures are ignored, a known one that fails is fatal."""
    text, signatures = split(note)
    known = {(key.name, key.id): key for key in keys}
    found = False
    for signature in signatures:
        if key := known.get((signature.name, signature.id)):
            key.verify(text, signature.signature)
            found = True
    if not found:
        raise UnknownSignerError("no known key has signed this note")
    return text


def number(text: str) -> int:
    if not _NUMBER.fullmatch(text):
        raise NoteError(f"not a number: {text[:40]!r}")
    return int(text)


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """The log's tree head: origin, size, root."""

    origin: str
    size: int
    root: bytes

    def text(self) -> str:
        return f"{self.origin}\n{self.size}\n{encode64(self.root)}\n"

    @classmethod
    def parse(cls, text: str) -> Checkpoint:
        """Without extension lines: what no monitor can audit has no place here."""
        lines = text.split("\n")
        if len(lines) != 4 or lines[3] or not lines[0]:
            raise NoteError("a checkpoint has three lines: origin, size, root")
        root = decode64(lines[2])
        if len(root) != 32:
            raise NoteError("a root hash has 32 bytes")
        return cls(lines[0], number(lines[1]), root)


@dataclass(frozen=True, slots=True)
class Head:
    """The log's word on one chain: in the log of this size, its last entry is this one."""

    origin: str
    chain: str
    seq: int
    hash: str
    size: int
    at: str

    def text(self) -> str:
        return f"{HEAD_LINE}\n{self.origin}\n{self.chain}\n{self.seq}\n{self.hash}\n{self.size}\n{self.at}\n"

    @classmethod
    def parse(cls, text: str) -> Head:
        lines = text.split("\n")
        if len(lines) != 8 or lines[7] or lines[0] != HEAD_LINE:
            raise NoteError("a chain head has seven lines and starts with " + HEAD_LINE)
        return cls(lines[1], lines[2], number(lines[3]), lines[4], number(lines[5]), lines[6])
