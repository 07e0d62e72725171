"""A small log in memory, for tests and for the receipts in data/ that both verifiers are tested against.

`python -m yifa.kernel.ledger.tests.world` writes data/ anew. Everything is fixed (keys, salts, clock), so that it writes the same bytes.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass, field, replace
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from yifa.kernel.ledger.bodies import Body, Device, Json, canonical, commitment, leaf_hash
from yifa.kernel.ledger.notes import Checkpoint, Head, Signer
from yifa.kernel.ledger.proofs import Proof
from yifa.kernel.ledger.receipts import Payload, Receipt, ReceiptEntry
from yifa.kernel.ledger.tree import inclusion, leaves_node, root

DATA = Path(__file__).parent / "data"
ORIGIN = "demo.example.org/log"
CHAIN = "150203140-01-2026-000017-8"


def signer(name: str = ORIGIN, seed: str = "the log of the tests") -> Signer:
    return Signer(name, Ed25519PrivateKey.from_private_bytes(hashlib.sha256(seed.encode()).digest()))


def salt(*parts: object) -> bytes:
    """A salt that is the same at every run; real salts come from the system's random source."""
    return hashlib.sha256(repr(parts).encode()).digest()


@dataclass
class World:
    """Chains of entries and the log they lie in, sealed in the order they were added."""

    origin: str = ORIGIN
    bodies: list[bytes] = field(default_factory=list)
    chains: dict[str, list[int]] = field(default_factory=dict)
    sides: dict[tuple[int, str], Payload] = field(default_factory=dict)

    def add(
        self,
        chain: str,
        step: str,
        open_: Json = None,
        closed: Json = None,
        *,
        procedure: str = "summary_penalty",
        device: Device | None = None,
        files: tuple[str, ...] = (),
    ) -> Body:
        mine = self.chains.setdefault(chain, [])
        seq, position = len(mine) + 1, len(self.bodies)
        promised: dict[str, str | None] = {"open": None, "closed": None}
        for side, value in (("open", open_), ("closed", closed)):
            if value is not None:
                payload = Payload(canonical(value, limit=None).decode(), salt(chain, seq, side).hex())
                self.sides[position, side] = payload
                promised[side] = commitment(bytes.fromhex(payload.salt), payload.payload.encode())
        moment = f"2026-09-28T01:{position // 60:02d}:{position % 60:02d}"
        body = Body(
            acting_for="post:7",
            actor="person:0198f3a0-0000-7000-8000-000000000001",
            chain=chain,
            cites=("行政处罚法@2021-01-22#t51", "行政处罚法@2021-01-22#t52.k1"),
            closed=promised["closed"],
            device=device,
            files=files,
            happened_at=f"{moment}.000000Z",
            late=False,
            open=promised["open"],
            organisation="150203140",
            origin=self.origin,
            prev=leaf_hash(self.bodies[mine[-1]]).hex() if mine else None,
            procedure=procedure,
            recorded_at=f"{moment}.250000Z",
            region="150203",
            rules=hashlib.sha256(b"rules").hexdigest(),
            seq=seq,
            step=step,
            version="2021-07-15",
        )
        mine.append(position)
        self.bodies.append(body.to_bytes())
        return body

    def leaves(self) -> list[bytes]:
        return [leaf_hash(body) for body in self.bodies]

    def receipt(
        self, chain: str, *, by: Signer | None = None, shown: tuple[str, ...] = ("open", "closed"), erased: tuple[tuple[int, str], ...] = ()
    ) -> Receipt:
        by = by or signer(self.origin)
        leaves = self.leaves()
        checkpoint = by.sign(Checkpoint(self.origin, len(leaves), root(leaves)).text())
        entries = []
        for seq, position in enumerate(self.chains[chain], 1):
            path = inclusion(position, len(leaves), leaves_node(leaves))
            given = {
                side: self.sides.get((position, side)) if side in shown and (seq, side) not in erased else None
                for side in ("open", "closed")
            }
            proof = Proof(position, tuple(path), checkpoint).text()
            entries.append(ReceiptEntry(self.bodies[position].decode(), given["open"], given["closed"], proof))
        last = leaves[self.chains[chain][-1]].hex()
        head = Head(self.origin, chain, len(entries), last, len(leaves), "2026-09-28T02:00:00.000000Z")
        return Receipt(tuple(entries), by.sign(head.text()))


def world() -> World:
    """Two chains among others' entries; the one of the tests is a penalty of five steps and an erasure."""
    made = World()
    device = Device("terminal:3", 41, hashlib.sha256(b"before").hexdigest(), "c2lnbmVk")
    for number in range(300):
        made.add(f"150202140-01-2026-{number:06d}-0", "show_badge", {"n": number})
        if number == 10:
            made.add(CHAIN, "show_badge", {"officers": ["张三", "李四"], "video": True})
        if number == 60:
            made.add(CHAIN, "inform", {"facts": "占道经营\n经劝告不改", "fine_fen": 20_000}, {"note": "内部审核意见"}, device=device)
        if number == 255:
            made.add(CHAIN, "decide", {"number": "〔2026〕17号"}, files=(hashlib.sha256(b"pdf").hexdigest(),))
        if number == 280:
            made.add(CHAIN, "deliver", {"signed": True, "text": "😀 \u2028 \u007f \u0001"})
    made.add(CHAIN, "file", None, {"opinion": "备案"})
    erasure: Json = {"erased": [{"seq": 2, "side": "closed"}], "ground": "个人信息保护法第四十七条", "persons": ["person:a", "person:b"]}
    made.add(CHAIN, "erase_payload", erasure, procedure="ledger")
    return made


def broken(good: Receipt, made: World) -> dict[str, bytes]:
    """Receipts that must be refused, each with one thing wrong."""
    data = good.to_bytes()
    entries = good.entries
    second = entries[1]
    value = json.loads(data)
    value["comment"] = "not covered"
    unknown = canonical(value, limit=None)
    body = json.loads(second.body) | {"region": "150202"}
    field_more = canonical(json.loads(second.body) | {"remark": "x"}).decode()
    swapped = json.loads(second.body)
    swapped["actor"], swapped["organisation"] = swapped["organisation"], swapped["actor"]

    def with_second(entry: ReceiptEntry) -> bytes:
        return Receipt((entries[0], entry, *entries[2:]), good.head).to_bytes()

    def sides_swapped() -> bytes:
        return with_second(replace(second, open=second.closed, closed=second.open))

    other = made.receipt("150202140-01-2026-000005-0")
    return {
        "unknown-field": unknown,
        "not-canonical-space": data.replace(b'{"entries"', b'{ "entries"', 1),
        "not-canonical-order": json.dumps(dict(reversed(json.loads(data).items())), ensure_ascii=False, separators=(",", ":")).encode(),
        "duplicate-key": data[:-1] + b',"head":' + json.dumps(good.head, ensure_ascii=False).encode() + b"}",
        "truncated": Receipt(entries[:-1], good.head).to_bytes(),
        "first-missing": Receipt(entries[1:], good.head).to_bytes(),
        "middle-missing": Receipt((*entries[:1], *entries[2:]), good.head).to_bytes(),
        "order": Receipt((entries[1], entries[0], *entries[2:]), good.head).to_bytes(),
        "body-changed": with_second(replace(second, body=canonical(body).decode())),
        "body-fields-swapped": with_second(replace(second, body=canonical(swapped).decode())),
        "body-unknown-field": with_second(replace(second, body=field_more)),
        "body-not-canonical": with_second(replace(second, body=second.body.replace(",", ", ", 1))),
        "sides-swapped": sides_swapped(),
        "payload-changed": with_second(replace(second, open=Payload('{"facts":"x"}', second.open.salt if second.open else ""))),
        "payload-uncommitted": Receipt((replace(entries[0], closed=second.closed), *entries[1:]), good.head).to_bytes(),
        "salt-upper-case": with_second(replace(second, open=replace(second.open, salt=second.open.salt.upper()) if second.open else None)),
        "proofs-swapped": Receipt(
            (replace(entries[0], proof=second.proof), replace(second, proof=entries[0].proof), *entries[2:]), good.head
        ).to_bytes(),
        "proof-extra": with_second(replace(second, proof=second.proof.replace("\nindex", "\nextra YQ==\nindex", 1))),
        "head-of-another-chain": Receipt(entries, other.head).to_bytes(),
        "signature-added": Receipt(entries, good.head + signer("witness.example", "w").sign("x\n").split("\n\n")[1]).to_bytes(),
        "re-signed": made.receipt(CHAIN, by=signer(seed="another key")).to_bytes(),
        "head-re-signed": Receipt(entries, made.receipt(CHAIN, by=signer(seed="another key")).head).to_bytes(),
        "another-log": made.receipt(CHAIN, by=signer("demo.example.org/other")).to_bytes(),
    }


def vectors() -> dict[str, bytes]:
    """File name -> bytes of everything in data/."""
    made = world()
    good = made.receipt(CHAIN)
    files = {
        "receipt-valid.json": good.to_bytes(),
        "receipt-valid-open-only.json": made.receipt(CHAIN, shown=("open",)).to_bytes(),
        "receipt-valid-erased.json": made.receipt(CHAIN, erased=((2, "closed"),)).to_bytes(),
        "receipt-valid-single.json": made.receipt("150202140-01-2026-000005-0").to_bytes(),
        "log.vkey": f"{signer().verify_key}\n".encode(),
        "other.vkey": f"{signer(seed='another key').verify_key}\n".encode(),
    }
    return files | {f"receipt-broken-{name}.json": data for name, data in broken(good, made).items()}


if __name__ == "__main__":
    DATA.mkdir(exist_ok=True)
    for name, data in vectors().items():
        (DATA / name).write_bytes(data)
