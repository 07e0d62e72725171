"""Verify a receipt with nothing but the receipt and the log's public key (docs/log-format.md, section 7).

No Django, no database: this is what a citizen, a court or a monitor runs. Every byte of a receipt is covered: by canonical
form, by a hash, by a commitment, or by a signature.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from .bodies import Body, BodyError, commitment, leaf_hash, read_moment
from .notes import Checkpoint, Head, NoteError, Signature, UnknownSignerError, VerifyKey, parse_keys, split, verified
from .proofs import Proof
from .receipts import SIDES, Payload, Receipt, erasures
from .tree import TreeError, root_from_inclusion

SHOWN, WITHHELD, ERASED, NONE = "shown", "withheld", "erased", "none"
SIDE_NAMES = {"open": "正卷", "closed": "副卷"}


@dataclass(frozen=True, slots=True)
class Check:
    name: str
    text: str


@dataclass(frozen=True, slots=True)
class SeenStep:
    """One entry as the verifier read it."""

    seq: int
    procedure: str
    step: str
    happened_at: str
    recorded_at: str
    late: bool
    hash: str
    position: int
    open: str
    closed: str


@dataclass(slots=True)
class Verdict:
    """What was checked, in order; `valid` only when every check passed and a known key signed."""

    valid: bool = False
    reason: str | None = None
    code: str | None = None
    signer: str | None = None
    origin: str | None = None
    chain: str | None = None
    size: int | None = None
    head_at: str | None = None
    checks: list[Check] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    steps: list[SeenStep] = field(default_factory=list)

    def value(self) -> dict[str, object]:
        """The verdict as JSON."""
        plain = {name: getattr(self, name) for name in ("valid", "reason", "code", "signer", "origin", "chain", "size", "head_at", "notes")}
        return plain | {
            "checks": [{"name": check.name, "text": check.text} for check in self.checks],
            "steps": [{name: getattr(step, name) for name in SeenStep.__slots__} for step in self.steps],
        }


class _RefusalError(Exception):
    """The first thing that does not hold: a code for programs and a sentence for people."""

    def __init__(self, code: str, text: str) -> None:
        super().__init__(text)
        self.code, self.text = code, text


def verify_receipt(receipt: bytes, *, key: str | None) -> Verdict:
    """Check a whole receipt; `key` is the text of a key file (one `name+id+key` a line). Never raises on a bad receipt."""
    verdict = Verdict()
    try:
        _verify(receipt, key, verdict)
    except _RefusalError as refusal:
        verdict.reason, verdict.code = refusal.text, refusal.code
    else:
        verdict.valid = True
    return verdict


def _verify(data: bytes, key: str | None, verdict: Verdict) -> None:
    keys = _keys(key)
    with _refusing("format", "回执不合规范:不是规范编码,或者多了、少了字段"):
        receipt = Receipt.from_bytes(data)
    verdict.checks.append(Check("format", "回执为规范编码,没有多余字段"))
    bodies = _bodies(receipt, verdict)
    sides = _commitments(receipt, bodies, verdict)
    proofs, checkpoint = _inclusion(receipt, bodies, verdict)
    head = _head(receipt, bodies, checkpoint, verdict)
    verdict.steps = [
        SeenStep(
            body.seq,
            body.procedure,
            body.step,
            body.happened_at,
            body.recorded_at,
            body.late,
            leaf_hash(entry.body.encode()).hex(),
            proof.index,
            side["open"],
            side["closed"],
        )
        for body, entry, proof, side in zip(bodies, receipt.entries, proofs, sides, strict=True)
    ]
    verdict.origin, verdict.chain, verdict.size, verdict.head_at = head.origin, head.chain, head.size, head.at
    _signatures(receipt, proofs[0].checkpoint, head.origin, keys, verdict)


@contextmanager
def _refusing(code: str, text: str) -> Iterator[None]:
    try:
        yield
    except (BodyError, NoteError, TreeError) as error:
        raise _RefusalError(code, text) from error


def _keys(key: str | None) -> list[VerifyKey]:
    if key is None:
        return []
    with _refusing("key", "公钥文件不是“名称+编号+公钥”的格式"):
        return parse_keys(key)


def _bodies(receipt: Receipt, verdict: Verdict) -> list[Body]:
    """Canonical bodies of one chain, seq 1, 2, 3 …, each naming the hash of the one before."""
    bodies: list[Body] = []
    before: str | None = None
    for seq, entry in enumerate(receipt.entries, 1):
        with _refusing("body", f"第 {seq} 条记录的正文不合规范"):
            body = Body.from_bytes(entry.body.encode())
        first = bodies[0] if bodies else body
        if body.seq != seq:
            raise _RefusalError("chain", f"记录不连续:第 {seq} 条的序号是 {body.seq}")
        if (body.chain, body.origin) != (first.chain, first.origin):
            raise _RefusalError("chain", f"第 {seq} 条记录不属于同一案卷")
        if body.prev != before:
            raise _RefusalError("chain", f"第 {seq} 条记录与前一条不相接:前一条被改动或被替换")
        before = leaf_hash(entry.body.encode()).hex()
        bodies.append(body)
    verdict.checks += [
        Check("body", f"{len(bodies)} 条记录的正文均为规范格式"),
        Check("chain", "记录首尾相接,每一条都记着前一条的摘要"),
    ]
    return bodies


def _commitments(receipt: Receipt, bodies: list[Body], verdict: Verdict) -> list[dict[str, str]]:
    """Every payload that was given equals what its body committed to; what was not given is said."""
    sides: list[dict[str, str]] = []
    for entry, body in zip(receipt.entries, bodies, strict=True):
        sides.append({side: _side(body, side, getattr(entry, side)) for side in SIDES})
    with _refusing("erasure", "依法清除的记录内容不合规范"):
        erased = erasures(
            [
                (body.procedure, body.step, body.seq, entry.open.payload if entry.open else None)
                for entry, body in zip(receipt.entries, bodies, strict=True)
            ]
        )
    for body, side in zip(bodies, sides, strict=True):
        for name in SIDES:
            if side[name] == WITHHELD and (body.seq, name) in erased:
                side[name] = ERASED
                verdict.notes.append(f"第 {body.seq} 条记录的{SIDE_NAMES[name]}内容已依法清除")
            elif side[name] == WITHHELD:
                verdict.notes.append(f"第 {body.seq} 条记录的{SIDE_NAMES[name]}内容未提供给持有人")
    shown = sum(side[name] == SHOWN for side in sides for name in SIDES)
    verdict.checks.append(Check("commitments", f"所附 {shown} 份内容与记录中的摘要一致"))
    return sides


def _side(body: Body, side: str, given: Payload | None) -> str:
    promised: str | None = getattr(body, side)
    if given is None:
        return NONE if promised is None else WITHHELD
    if promised is None:
        raise _RefusalError("commitment", f"第 {body.seq} 条记录没有{SIDE_NAMES[side]},回执却附了内容")
    try:
        salt = bytes.fromhex(given.salt)
        fits = salt.hex() == given.salt and commitment(salt, given.payload.encode()) == promised
    except ValueError:
        fits = False
    if not fits:
        raise _RefusalError("commitment", f"第 {body.seq} 条记录的{SIDE_NAMES[side]}内容与记录中的摘要不符:内容被改动")
    return SHOWN


def _inclusion(receipt: Receipt, bodies: list[Body], verdict: Verdict) -> tuple[list[Proof], Checkpoint]:
    """Every entry lies in the tree of one and the same checkpoint, in the order of the chain."""
    proofs: list[Proof] = []
    for entry, body in zip(receipt.entries, bodies, strict=True):
        with _refusing("proof", f"第 {body.seq} 条记录的存在证明不合规范"):
            proofs.append(Proof.parse(entry.proof))
    with _refusing("checkpoint", "日志检查点不合规范"):
        checkpoint = Checkpoint.parse(_one_signature(proofs[0].checkpoint)[0])
    for before, proof, body, entry in zip([None, *proofs], proofs, bodies, receipt.entries, strict=False):
        if proof.checkpoint != proofs[0].checkpoint:
            raise _RefusalError("proof", f"第 {body.seq} 条记录的存在证明用了另一个检查点")
        if before is not None and proof.index <= before.index:
            raise _RefusalError("proof", f"第 {body.seq} 条记录在日志中的位置早于前一条")
        with _refusing("proof", f"第 {body.seq} 条记录不在日志中:存在证明不成立"):
            found = root_from_inclusion(leaf_hash(entry.body.encode()), proof.index, checkpoint.size, proof.path)
        if found != checkpoint.root:
            raise _RefusalError("proof", f"第 {body.seq} 条记录不在日志中:存在证明不成立")
    if checkpoint.origin != bodies[0].origin:
        raise _RefusalError("checkpoint", "检查点与记录不属于同一日志")
    verdict.checks.append(Check("inclusion", f"每条记录都在 {checkpoint.size} 条的日志之中"))
    return proofs, checkpoint


def _head(receipt: Receipt, bodies: list[Body], checkpoint: Checkpoint, verdict: Verdict) -> Head:
    """The log's signed word on where this chain ends, so that no last entry can be left off."""
    with _refusing("head", "案卷末条声明不合规范"):
        head = Head.parse(_one_signature(receipt.head)[0])
        read_moment(head.at)
    last = leaf_hash(receipt.entries[-1].body.encode()).hex()
    if (head.origin, head.chain) != (bodies[0].origin, bodies[0].chain):
        raise _RefusalError("head", "案卷末条声明说的是另一案卷或另一日志")
    if head.size != checkpoint.size:
        raise _RefusalError("head", "案卷末条声明与检查点的日志大小不一")
    if head.seq != len(bodies):
        raise _RefusalError("head", f"记录不全:应有 {head.seq} 条,回执只有 {len(bodies)} 条")
    if head.hash != last:
        raise _RefusalError("head", "最后一条记录与案卷末条声明不符")
    verdict.checks.append(Check("head", f"截至 {head.at},案卷共 {head.seq} 条,回执没有缺漏"))
    return head


def _one_signature(note: str) -> tuple[str, Signature]:
    """In a receipt each note carries the log's signature and no other: an unknown line would be a byte nobody covers."""
    text, signatures = split(note)
    if len(signatures) != 1:
        raise NoteError("a note in a receipt carries exactly one signature")
    return text, signatures[0]


def _signatures(receipt: Receipt, checkpoint: str, origin: str, keys: list[VerifyKey], verdict: Verdict) -> None:
    known = [key for key in keys if key.name == origin]
    for note, name in ((checkpoint, "检查点"), (receipt.head, "案卷末条声明")):
        try:
            verified(note, known)
        except UnknownSignerError as error:
            why = f"{name}不是所给公钥的签名" if keys else "没有提供日志的公钥"
            raise _RefusalError("signer", f"签名人未知:{why}") from error
        except NoteError as error:
            raise _RefusalError("signature", f"{name}的签名不成立") from error
    used = {_one_signature(note)[1].id for note in (checkpoint, receipt.head)}
    verdict.signer = ", ".join(str(key) for key in known if key.id in used)
    verdict.checks.append(Check("signature", f"检查点和案卷末条声明由 {origin} 的公钥签名"))
