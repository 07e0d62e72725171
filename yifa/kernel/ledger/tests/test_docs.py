"""The vector printed in docs/log-format.md is the one our code makes and verifies."""

from __future__ import annotations

import hashlib
import re
from pathlib import Path

from yifa.kernel.ledger.bodies import Body, commitment, leaf_hash
from yifa.kernel.ledger.receipts import Payload, Receipt, ReceiptEntry
from yifa.kernel.ledger.verify import verify_receipt

PAGE = Path(__file__).parents[4] / "docs" / "log-format.md"


def test_the_printed_vector_is_true() -> None:
    blocks = dict(re.findall(r"```(\w+)\n(.*?)\n```", PAGE.read_text(encoding="utf-8"), re.DOTALL))
    body = Body.from_bytes(blocks["body"].encode())
    assert body.open == commitment(bytes.fromhex(blocks["salt"]), blocks["payload"].encode())
    assert leaf_hash(blocks["body"].encode()).hex() == blocks["hash"]
    side = Payload(blocks["payload"], blocks["salt"])
    entry = ReceiptEntry(blocks["body"], side, None, blocks["proof"] + "\n")
    receipt = Receipt((entry,), blocks["head"] + "\n").to_bytes()
    assert hashlib.sha256(receipt).hexdigest() == blocks["digest"]
    assert f"{len(receipt):,} bytes" in PAGE.read_text(encoding="utf-8")
    verdict = verify_receipt(receipt, key=blocks["vkey"])
    assert verdict.valid, verdict.reason


def test_the_page_names_every_field_of_a_body() -> None:
    table = PAGE.read_text(encoding="utf-8").split("### 2.2")[0]
    assert set(re.findall(r"^\| `(\w+)` \|", table, re.MULTILINE)) == set(Body.__slots__)
