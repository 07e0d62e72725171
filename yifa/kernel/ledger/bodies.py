"""Entry bodies: canonical JSON, the fields of a body, leaf hashes and commitments (docs/log-format.md, sections 1 and 2).

Pure: the standard library alone, so that a verifier, a terminal and the server run the same code.
"""

from __future__ import annotations

import hashlib
import json
import re
import secrets
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import UTC, datetime
from json.encoder import encode_basestring
from typing import Any, NoReturn, TypeAlias

BODY_LIMIT = 65_535  # entry bundles write a body's length in two bytes
INTEGER_LIMIT = 2**53 - 1  # what every JSON reader holds exactly
SALT_BYTES = 32
SIMULATING = ("demo.", "drill.")  # logs whose origin starts so may carry a simulated clock

Json: TypeAlias = bool | int | str | Sequence["Json"] | Mapping[str, "Json"] | None

_TOKEN = re.compile(r"[^\x00-\x20\x7f]{1,255}")
_HEX = re.compile(r"[0-9a-f]{64}")
_REGION = re.compile(r"[0-9]{6}(?:[0-9]{3}){0,2}")
_MOMENT = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}\.[0-9]{6}Z")


def _pattern() -> re.Pattern[str]:
    word, digest = r'"[^"\\\x00-\x20\x7f]{1,255}"', r'"[0-9a-f]{64}"'
    day = r"(?:(?:0[1-9]|1[0-2])-(?:0[1-9]|1[0-9]|2[0-8])|(?:0[13-9]|1[0-2])-(?:29|30)|(?:0[13578]|1[02])-31)"
    moment = rf'"[12][0-9]{{3}}-{day}T(?:[01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9]\.[0-9]{{6}}Z"'
    count = "[1-9][0-9]{0,14}"
    cites, files = (rf"\[(?:{item}(?:,{item})*)?\]" for item in (word, digest))
    return re.compile(
        rf'\{{"acting_for":(?:null|{word}),"actor":{word},"chain":"(?P<chain>[^"\\\x00-\x20\x7f]{{1,255}})","cites":{cites}'
        rf',"closed":(?:null|"(?P<closed>[0-9a-f]{{64}})")'
        rf',"device":(?:null|\{{"id":{word},"prev":{digest},"seq":{count},"sig":{word}\}}),"files":{files}'
        rf',"happened_at":{moment},"late":(?:true|false),"open":(?:null|"(?P<open>[0-9a-f]{{64}})"),"organisation":(?:null|{word})'
        rf',"origin":"(?P<origin>[^"\\\x00-\x20\x7f]{{1,255}})","prev":(?:null|"(?P<prev>[0-9a-f]{{64}})"),"procedure":{word}'
        rf',"recorded_at":{moment},"region":(?:null|"[0-9]{{6}}(?:[0-9]{{3}}){{0,2}}"),"rules":(?:null|{digest})'
        rf',"seq":(?P<seq>{count}),"step":{word},"v":1,"version":{word}\}}'
    )


# A body as nearly all are. Whatever it matches, within BODY_LIMIT and with `prev` null exactly at seq 1, is a body in canonical form (tests
# say so against `parse` and `faults`); what it does not match (an escape in a text, a leap day) is written and read the long way. One look
# in place of parsing and writing again: a tenth of the time.
USUAL = _pattern()


class BodyError(ValueError):
    """A value that the format does not admit."""


def canonical(value: Json, *, limit: int | None = BODY_LIMIT) -> bytes:
    """RFC 8785 for the subset we admit: sorted ASCII keys, no floats, integers up to 2^53-1, well-formed UTF-8."""
    check(value)
    try:
        data = _ENCODER.encode(value).encode()
    except (UnicodeEncodeError, RecursionError, ValueError, TypeError) as error:
        raise BodyError(f"not canonical JSON: {error}") from error
    if limit is not None and len(data) > limit:
        raise BodyError(f"{len(data)} bytes exceed {limit}")
    return data


_ENCODER = json.JSONEncoder(ensure_ascii=False, allow_nan=False, sort_keys=True, separators=(",", ":"))
_PLAIN = frozenset((str, bool, type(None)))


def check(value: object) -> None:
    """Refuse what the subset lacks; a loop instead of recursion, so that no depth of nesting can break it."""
    todo = [value]
    while todo:
        item = todo.pop()
        if isinstance(item, dict):
            for key in item:
                if not isinstance(key, str) or not key.isascii():
                    raise BodyError(f"a key is ASCII text, not {key!r}")
            todo += [inner for inner in item.values() if type(inner) not in _PLAIN]
        elif isinstance(item, list | tuple):
            todo += [inner for inner in item if type(inner) not in _PLAIN]
        elif isinstance(item, int) and not isinstance(item, bool):
            if abs(item) > INTEGER_LIMIT:
                raise BodyError(f"integer beyond 2^53-1: {item}")
        elif item is not None and not isinstance(item, str | bool):
            raise BodyError(f"no {type(item).__name__} in canonical JSON")


def parse(data: bytes, *, limit: int | None = BODY_LIMIT) -> Any:
    """The value of canonical JSON; anything that is not byte for byte canonical is refused."""
    if limit is not None and len(data) > limit:
        raise BodyError(f"{len(data)} bytes exceed {limit}")
    try:
        value = json.loads(
            data.decode("utf-8"),
            parse_float=_refuse_number,
            parse_constant=_refuse_number,
            parse_int=_integer,
            object_pairs_hook=_unique,
        )
    except BodyError:
        raise
    except (UnicodeDecodeError, RecursionError, ValueError) as error:
        raise BodyError(f"not JSON: {error}") from error
    if canonical(value, limit=limit) != data:
        raise BodyError("JSON is not in canonical form")
    return value


def _refuse_number(text: str) -> NoReturn:
    raise BodyError(f"no such number in canonical JSON: {text[:40]}")


def _integer(text: str) -> int:
    if len(text) > 17:
        raise BodyError("integer beyond 2^53-1")
    return int(text)


def _unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    value = dict(pairs)
    if len(value) != len(pairs):
        raise BodyError("a key occurs twice")
    return value


def moment(at: datetime) -> str:
    """A moment as the body writes it: UTC, six decimals, Z."""
    if at.tzinfo is None:
        raise BodyError("a moment needs its time zone")
    return at.astimezone(UTC).isoformat(timespec="microseconds")[:26] + "Z"


def read_moment(text: str) -> datetime:
    """The inverse of `moment`; refuses any other spelling and days that do not exist."""
    if not isinstance(text, str) or not _MOMENT.fullmatch(text):
        raise BodyError(f"not a moment: {text!r}")
    try:
        return datetime.strptime(text, "%Y-%m-%dT%H:%M:%S.%fZ").replace(tzinfo=UTC)
    except ValueError as error:
        raise BodyError(f"not a moment: {text!r}") from error


def leaf_hash(body: bytes) -> bytes:
    """RFC 6962 leaf hash: SHA-256(0x00 || body)."""
    return hashlib.sha256(b"\x00" + body).digest()


def commitment(salt: bytes, payload: bytes) -> str:
    """SHA-256(salt || payload) in lower-case hex; without the salt nobody can guess the payload from it."""
    if len(salt) < 16:
        raise BodyError("a salt has at least 128 bits")
    return hashlib.sha256(salt + payload).hexdigest()


def new_salt() -> bytes:
    return secrets.token_bytes(SALT_BYTES)


def may_simulate(origin: str) -> bool:
    """Whether this log may carry a clock that is not the database's."""
    return origin.startswith(SIMULATING)


@dataclass(frozen=True, slots=True)
class Device:
    """The signed chain of the terminal on which the act was done."""

    id: str
    seq: int
    prev: str
    sig: str

    def value(self) -> dict[str, Json]:
        return {"id": self.id, "prev": self.prev, "seq": self.seq, "sig": self.sig}


@dataclass(frozen=True, slots=True)
class Body:
    """One entry's body; every field is always written, and nothing else is."""

    acting_for: str | None
    actor: str
    chain: str
    cites: tuple[str, ...]
    closed: str | None
    device: Device | None
    files: tuple[str, ...]
    happened_at: str
    late: bool
    open: str | None
    organisation: str | None
    origin: str
    prev: str | None
    procedure: str
    recorded_at: str
    region: str | None
    rules: str | None
    seq: int
    step: str
    version: str
    v: int = 1

    def to_bytes(self) -> bytes:
        """The canonical bytes; a body that breaks the format raises BodyError here, before it is written anywhere."""
        return self._usual() or self._any()

    def _usual(self) -> bytes | None:
        """The short way: written field by field, and taken when it is USUAL. None when the body is not, or is no body."""
        kinds = type(self.seq), type(self.late), type(self.v), type(self.cites), type(self.files), type(self.device)
        if kinds != (int, bool, int, tuple, tuple, type(None)):
            return None
        try:
            text = (
                f'{{"acting_for":{_quoted(self.acting_for)},"actor":{_text(self.actor)},"chain":{_text(self.chain)}'
                f',"cites":[{",".join(map(_text, self.cites))}],"closed":{_quoted(self.closed)},"device":null'
                f',"files":[{",".join(map(_text, self.files))}],"happened_at":{_text(self.happened_at)}'
                f',"late":{_BOOLEANS[self.late]},"open":{_quoted(self.open)},"organisation":{_quoted(self.organisation)}'
                f',"origin":{_text(self.origin)},"prev":{_quoted(self.prev)},"procedure":{_text(self.procedure)}'
                f',"recorded_at":{_text(self.recorded_at)},"region":{_quoted(self.region)},"rules":{_quoted(self.rules)}'
                f',"seq":{self.seq},"step":{_text(self.step)},"v":1,"version":{_text(self.version)}}}'
            )
            data = text.encode()
        except (TypeError, UnicodeEncodeError):
            return None
        fits = self.v == 1 and (self.prev is None) == (self.seq == 1) and len(data) <= BODY_LIMIT and USUAL.fullmatch(text)
        return data if fits else None

    def _any(self) -> bytes:
        """The long way, for everything else and for every refusal."""
        for fault in self.faults():
            raise BodyError(fault)
        value = {name: getattr(self, name) for name in FIELDS}
        value["device"] = self.device.value() if self.device else None
        return canonical(value)

    @classmethod
    def from_bytes(cls, data: bytes) -> Body:
        """Read a body strictly: canonical, exactly our fields, each of its kind."""
        value = parse(data)
        if not isinstance(value, dict) or set(value) != FIELDS:
            raise BodyError("a body has exactly the fields " + ", ".join(sorted(FIELDS)))
        device = value["device"]
        if device is not None:
            if not isinstance(device, dict) or set(device) != {"id", "prev", "seq", "sig"}:
                raise BodyError("device has exactly id, prev, seq, sig")
            value["device"] = Device(**device)
        for name in ("cites", "files"):
            if not isinstance(value[name], list):
                raise BodyError(f"{name} is a list")
            value[name] = tuple(value[name])
        body = cls(**value)
        for fault in body.faults():
            raise BodyError(fault)
        return body

    def faults(self) -> Iterator[str]:
        """What breaks the format, field by field."""
        for name, (fits, said) in _KINDS.items():
            if not fits(getattr(self, name)):
                yield f"{name} is {said}, not {getattr(self, name)!r}"
        if (self.prev is None) != (self.seq == 1):
            yield "prev is null in the first entry and the hash of the entry before in every other"
        if self.device is not None:
            yield from _device_faults(self.device)


FIELDS = frozenset(field.name for field in fields(Body))


def _device_faults(device: Device) -> Iterator[str]:
    if not is_token(device.id) or not is_token(device.sig):
        yield "device.id and device.sig are texts without spaces"
    if not is_count(device.seq):
        yield "device.seq counts from 1"
    if not is_digest(device.prev):
        yield "device.prev is a SHA-256 in hex"


_text: Callable[[str], str] = encode_basestring  # as json.dumps writes it; TypeError for anything but text
_BOOLEANS = {True: "true", False: "false"}


def _quoted(value: str | None) -> str:
    return "null" if value is None else _text(value)


def is_token(value: object) -> bool:
    """1 to 255 characters, none of them a space or an ASCII control."""
    return isinstance(value, str) and bool(_TOKEN.fullmatch(value))


def is_digest(value: object) -> bool:
    return isinstance(value, str) and bool(_HEX.fullmatch(value))


def is_count(value: object) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and 1 <= value <= INTEGER_LIMIT


def is_moment(value: object) -> bool:
    try:
        return isinstance(value, str) and bool(read_moment(value))
    except BodyError:
        return False


def _or_null(fits: Callable[[object], bool]) -> Callable[[object], bool]:
    return lambda value: value is None or fits(value)


def _each(fits: Callable[[object], bool]) -> Callable[[object], bool]:
    return lambda value: isinstance(value, tuple) and all(map(fits, value))


# Every field but `device`: what it must be, and how a refusal says so.
_KINDS: dict[str, tuple[Callable[[object], bool], str]] = {
    "v": (lambda value: value == 1 and not isinstance(value, bool), "1"),
    "seq": (is_count, "a number that counts from 1"),
    "late": (lambda value: isinstance(value, bool), "true or false"),
    "cites": (_each(is_token), "a list of texts without spaces"),
    "files": (_each(is_digest), "a list of SHA-256 in hex"),
    "region": (_or_null(lambda value: isinstance(value, str) and bool(_REGION.fullmatch(value))), "a code of 6, 9 or 12 digits or null"),
    **dict.fromkeys(("actor", "chain", "origin", "procedure", "step", "version"), (is_token, "text without spaces")),
    **dict.fromkeys(("acting_for", "organisation"), (_or_null(is_token), "text without spaces or null")),
    **dict.fromkeys(("open", "closed", "rules", "prev"), (_or_null(is_digest), "a SHA-256 in hex or null")),
    **dict.fromkeys(("happened_at", "recorded_at"), (is_moment, "a moment in UTC with six decimals and Z")),
}
