"""Receipts: the files in data/, and the promise that no byte of one can be changed."""

from __future__ import annotations

import json
import os
import random
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from yifa.kernel.ledger.tests.world import CHAIN, DATA, World, signer, vectors, world
from yifa.kernel.ledger.verify import verify_receipt

KEY = f"{signer().verify_key}\n"
GOOD = (DATA / "receipt-valid.json").read_bytes()
SMALL = (DATA / "receipt-valid-single.json").read_bytes()
VALID = sorted(path.name for path in DATA.glob("receipt-valid*.json"))
BROKEN = sorted(path.name for path in DATA.glob("receipt-broken-*.json"))
CODES = {
    "another-log": "signer", "body-changed": "chain", "body-fields-swapped": "chain", "body-not-canonical": "body",
    "body-unknown-field": "body", "duplicate-key": "format", "first-missing": "chain", "head-of-another-chain": "head",
    "head-re-signed": "signer", "middle-missing": "chain", "not-canonical-order": "format", "not-canonical-space": "format",
    "order": "chain", "payload-changed": "commitment", "payload-uncommitted": "commitment", "proof-extra": "proof",
    "proofs-swapped": "proof", "re-signed": "signer", "salt-upper-case": "commitment", "sides-swapped": "commitment",
    "signature-added": "head", "truncated": "head", "unknown-field": "format",
}  # fmt: skip


def test_the_files_in_data_are_what_the_code_writes() -> None:
    assert {path.name: path.read_bytes() for path in DATA.iterdir()} == vectors()


@pytest.mark.parametrize("name", VALID)
def test_a_valid_receipt_is_accepted_with_its_key_only(name: str) -> None:
    data = (DATA / name).read_bytes()
    verdict = verify_receipt(data, key=KEY)
    assert verdict.valid, verdict.reason
    assert [check.name for check in verdict.checks] == ["format", "body", "chain", "commitments", "inclusion", "head", "signature"]
    assert verdict.signer == KEY.strip()
    for key in (None, (DATA / "other.vkey").read_text()):
        unknown = verify_receipt(data, key=key)
        assert (unknown.valid, unknown.code, unknown.signer) == (False, "signer", None)
        assert "签名人未知" in str(unknown.reason)
    assert verify_receipt(data, key="nonsense").code == "key"


@pytest.mark.parametrize("name", BROKEN)
def test_a_broken_receipt_is_refused_for_its_fault(name: str) -> None:
    verdict = verify_receipt((DATA / name).read_bytes(), key=KEY)
    assert not verdict.valid
    assert verdict.code == CODES[name.removeprefix("receipt-broken-").removesuffix(".json")]


def test_every_fault_has_its_file() -> None:
    assert {f"receipt-broken-{name}.json" for name in CODES} == set(BROKEN)


def test_any_byte_of_a_small_receipt_changed_is_refused() -> None:
    chance = random.Random(1)
    for at in range(len(SMALL)):
        for new in {SMALL[at] ^ 1, SMALL[at] ^ 0x20, chance.randrange(256)} - {SMALL[at]}:
            changed = SMALL[:at] + bytes([new]) + SMALL[at + 1 :]
            assert not verify_receipt(changed, key=KEY).valid, (at, SMALL[at : at + 1], bytes([new]))


@given(st.integers(0, len(GOOD) - 1), st.integers(1, 255))
@settings(max_examples=400)
def test_any_byte_of_a_long_receipt_changed_is_refused(at: int, change: int) -> None:
    assert not verify_receipt(GOOD[:at] + bytes([GOOD[at] ^ change]) + GOOD[at + 1 :], key=KEY).valid


@given(st.integers(0, len(GOOD)), st.binary(min_size=1, max_size=3))
def test_bytes_put_in_are_refused(at: int, more: bytes) -> None:
    assert not verify_receipt(GOOD[:at] + more + GOOD[at:], key=KEY).valid


@given(st.integers(0, len(GOOD) - 1), st.integers(1, 3))
def test_bytes_taken_out_are_refused(at: int, count: int) -> None:
    assert not verify_receipt(GOOD[:at] + GOOD[at + count :], key=KEY).valid


@given(st.binary(max_size=200) | st.text(max_size=200).map(str.encode))
def test_no_input_makes_the_verifier_fall(data: bytes) -> None:
    assert not verify_receipt(data, key=KEY).valid


@given(st.recursive(st.none() | st.integers() | st.text(), lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner)), st.data())
def test_no_shape_makes_the_verifier_fall(value: object, data: st.DataObject) -> None:
    receipt = json.loads(GOOD)
    place = data.draw(st.sampled_from(["entries", "head", "format", "body", "open", "proof"]))
    target = receipt if place in receipt else receipt["entries"][data.draw(st.integers(0, 5))]
    target[place] = value
    text = json.dumps(receipt, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode("utf-8", "surrogatepass")
    withheld = place == "open" and value is None
    assert verify_receipt(text, key=KEY).valid == withheld


def test_what_was_not_given_and_what_was_erased_is_said() -> None:
    some = verify_receipt((DATA / "receipt-valid-open-only.json").read_bytes(), key=KEY)
    assert [step.closed for step in some.steps] == ["none", "erased", "none", "none", "withheld", "none"]
    assert "第 2 条记录的副卷内容已依法清除" in some.notes
    assert "第 5 条记录的副卷内容未提供给持有人" in some.notes
    erased = verify_receipt((DATA / "receipt-valid-erased.json").read_bytes(), key=KEY)
    assert [step.closed for step in erased.steps] == ["none", "erased", "none", "none", "shown", "none"]


def test_an_erasure_cannot_name_a_later_entry_nor_be_malformed() -> None:
    made = World()
    made.add("c", "a", {"x": 1})
    made.add("c", "erase_payload", {"erased": [{"seq": 3, "side": "open"}], "ground": "g", "persons": ["a", "b"]}, procedure="ledger")
    made.add("c", "b", {"y": 1})
    verdict = verify_receipt(made.receipt("c", erased=((3, "open"),)).to_bytes(), key=KEY)
    assert verdict.valid
    assert verdict.steps[2].open == "withheld"
    made.add("c", "erase_payload", {"erased": "all"}, procedure="ledger")
    assert verify_receipt(made.receipt("c").to_bytes(), key=KEY).code == "erasure"


def test_a_head_of_another_size_is_refused() -> None:
    made = world()
    before = made.receipt(CHAIN)
    made.add("elsewhere", "x")
    after = made.receipt(CHAIN)
    assert verify_receipt(type(before)(before.entries, after.head).to_bytes(), key=KEY).code == "head"
    mixed = type(before)((*before.entries[:-1], after.entries[-1]), before.head)
    assert verify_receipt(mixed.to_bytes(), key=KEY).code == "proof"


def test_an_entry_added_behind_the_signed_head_is_refused() -> None:
    made = world()
    head = made.receipt(CHAIN).head
    made.add(CHAIN, "forged", {"x": 1})
    assert verify_receipt(type(made.receipt(CHAIN))(made.receipt(CHAIN).entries, head).to_bytes(), key=KEY).code == "head"


def run(*arguments: str | Path) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "yifa.site.command", "verify", *map(str, arguments)]
    return subprocess.run(command, capture_output=True, text=True, check=False)


def test_the_command_says_yes_or_one_line_why_not() -> None:
    good = run(DATA / "receipt-valid.json", "--key", DATA / "log.vkey", "--json")
    assert (good.returncode, good.stderr) == (0, "")
    assert json.loads(good.stdout)["valid"] is True
    bad = run(DATA / "receipt-broken-truncated.json", "--key", DATA / "log.vkey", "--json")
    assert (bad.returncode, bad.stderr) == (1, "记录不全:应有 6 条,回执只有 5 条\n")
    assert json.loads(bad.stdout)["reason"] == bad.stderr.strip()
    unknown = run(DATA / "receipt-valid.json")
    assert (unknown.returncode, unknown.stdout) == (1, "")
    assert unknown.stderr.startswith("签名人未知")
    missing = run(DATA / "nowhere.json")
    assert missing.returncode == 1
    assert missing.stderr.count("\n") == 1


def test_the_command_needs_neither_django_nor_a_database() -> None:
    before = sum(os.times()[:4])
    script = (
        "import sys, yifa.site.command as c; code = c.main(sys.argv[1:]);"
        "assert not any(name.split('.')[0] in {'django', 'psycopg'} for name in sys.modules); sys.exit(code)"
    )
    arguments = ["verify", str(DATA / "receipt-valid.json"), "--key", str(DATA / "log.vkey")]
    assert subprocess.run([sys.executable, "-c", script, *arguments], check=False, capture_output=True).returncode == 0
    assert sum(os.times()[:4]) - before < 2  # seconds of processor time
