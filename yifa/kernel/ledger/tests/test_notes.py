"""Signed notes against the examples that other implementations publish, and against everything that is nearly one."""

from __future__ import annotations

import base64

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

from yifa.kernel.ledger.notes import Checkpoint, Head, NoteError, Signer, UnknownSignerError, VerifyKey, parse_keys, split, verified
from yifa.kernel.ledger.proofs import Proof
from yifa.kernel.ledger.tests.world import signer

# The test key of Go's golang.org/x/mod/sumdb/note, with the note its documentation shows.
PETER = "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW"
NOTE = (
    "If you think cryptography is the answer to your problem,\nthen you don't know what your problem is.\n\n"
    "— PeterNeumann x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM=\n"
)


def test_a_note_that_another_implementation_signed() -> None:
    assert verified(NOTE, [VerifyKey.parse(PETER)]).startswith("If you think cryptography")
    assert str(VerifyKey.parse(PETER)) == PETER


def test_a_private_key_that_another_implementation_wrote() -> None:
    text = "PRIVATE+KEY+PeterNeumann+c74f20a3+AYEKFALVFGyNhPJEMzD1QIDr+Y7hfZx09iUvxdXHKDFz"
    peter = Signer.load("PeterNeumann", text)
    assert str(peter.verify_key) == PETER
    assert peter.sign(split(NOTE)[0]) == NOTE
    with pytest.raises(NoteError):
        Signer.load("Somebody", text)


def test_a_key_in_pem() -> None:
    key = Ed25519PrivateKey.generate()
    pem = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()).decode()
    assert Signer.load("log", pem).verify_key.public == key.public_key().public_bytes_raw()


def test_a_changed_note_is_refused() -> None:
    key = VerifyKey.parse(PETER)
    with pytest.raises(NoteError):
        verified(NOTE.replace("problem", "Problem", 1), [key])
    with pytest.raises(UnknownSignerError):
        verified(NOTE, [])
    with pytest.raises(UnknownSignerError):
        verified(NOTE, [signer().verify_key])
    with pytest.raises(UnknownSignerError):
        verified(NOTE, [VerifyKey("PeterNeumann", signer().verify_key.public)])


def test_unknown_signatures_beside_a_known_one_are_ignored() -> None:
    more = NOTE + signer().sign(split(NOTE)[0]).split("\n\n")[1]
    assert verified(more, [VerifyKey.parse(PETER)])
    wrong = signer().sign("another\n").split("\n\n")[1]
    with pytest.raises(NoteError):
        verified(NOTE + wrong, [VerifyKey.parse(PETER), signer().verify_key])


@pytest.mark.parametrize(
    "note",
    ["", "x", "x\n", "x\n\n", "x\n\ny\n", NOTE[:-1], NOTE + "\n", NOTE.replace("— ", "- "), NOTE.replace("— ", "—"),
     NOTE.replace("=\n", "\n"),
     NOTE.replace("know", "\tknow"), NOTE.replace("\n", "\r\n"), NOTE + "— a AAAA\n", NOTE + "— a+b AAAAAAAA\n",
     NOTE.replace("\n\n", "\n")],
)  # fmt: skip
def test_these_are_no_notes(note: str) -> None:
    with pytest.raises(NoteError):
        verified(note, [VerifyKey.parse(PETER)])


def test_a_signature_has_one_spelling() -> None:
    """The last letter before the padding has bits that mean nothing: setting one of them is another spelling, and refused."""
    text, tail = NOTE.rsplit("AM=", 1)
    assert base64.b64decode("AAN=") == base64.b64decode("AAM=")
    with pytest.raises(NoteError):
        verified(f"{text}AN={tail}", [VerifyKey.parse(PETER)])


@pytest.mark.parametrize(
    "text",
    ["", PETER.replace("c74f20a3", "c74f20a4"), PETER[:-1], PETER + "A", PETER.replace("+AR", "+Ak"), "a b+" + PETER, "PeterNeumann"],
)
def test_these_are_no_keys(text: str) -> None:
    with pytest.raises(NoteError):
        parse_keys(text)


def test_a_key_file_may_hold_several_keys_and_remarks() -> None:
    assert len(parse_keys(f"# the log\n{PETER}\n\n{signer().verify_key}\n")) == 2


def test_checkpoints_and_heads_are_read_back_and_never_mistaken_for_each_other() -> None:
    checkpoint = Checkpoint("example.com/behind-the-sofa", 20852163, bytes(32))
    head = Head("example.com/log", "150203140-01-2026-000017-8", 6, "0" * 64, 306, "2026-09-28T02:00:00.000000Z")
    assert Checkpoint.parse(checkpoint.text()) == checkpoint
    assert Head.parse(head.text()) == head
    for parse, text in (
        (Checkpoint.parse, head.text()),
        (Head.parse, checkpoint.text()),
        (Checkpoint.parse, checkpoint.text().replace("208", "0208")),
        (Checkpoint.parse, checkpoint.text() + "extension\n"),
        (Checkpoint.parse, checkpoint.text()[:-1]),
        (Checkpoint.parse, checkpoint.text().replace("=", "", 1)),
        (Head.parse, head.text() + "more\n"),
    ):
        with pytest.raises(NoteError):
            parse(text)


def test_proofs_are_read_back_and_extra_data_is_refused() -> None:
    proof = Proof(7, (bytes(32), b"\x01" * 32), NOTE)
    assert Proof.parse(proof.text()) == proof
    for wrong in (
        proof.text().replace("index 7", "index 07"),
        proof.text().replace("index 7", "extra YQ==\nindex 7"),
        proof.text().replace("@v1", "@v2"),
        proof.text().replace("AAA=", "AAAA", 1),
        proof.text().split("\n\n")[0],
    ):
        with pytest.raises(NoteError):
            Proof.parse(wrong)
