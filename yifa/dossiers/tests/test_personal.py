"""Personal data at rest."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test import override_settings
from hypothesis import given
from hypothesis import strategies as st

from yifa.dossiers import personal
from yifa.dossiers.tests import cast

NUMBER = "11010519491231002X"


@pytest.mark.parametrize("cipher", ["aes", "sm4"])
def test_a_number_is_sealed_differently_each_time_and_opens_again(cipher: str) -> None:
    with override_settings(PERSONAL_CIPHER=cipher):
        first, second = personal.seal(NUMBER), personal.seal(NUMBER)
    assert first is not None
    assert first != second
    assert NUMBER.encode() not in first
    assert personal.unseal(first) == NUMBER
    with pytest.raises(ValueError, match="changed or belongs to another key"):
        personal.unseal(first[:-1] + bytes([first[-1] ^ 1]))
    with override_settings(PERSONAL_KEY="another"), pytest.raises(ValueError, match="another key"):
        personal.unseal(first)


def test_nothing_stays_nothing() -> None:
    assert personal.seal("") is None
    assert personal.unseal(None) == ""
    assert personal.identity_hash("") == ""


def test_the_same_party_has_the_same_hash_only_under_the_same_key() -> None:
    assert personal.identity_hash(NUMBER) == personal.identity_hash(f" {NUMBER.lower()} ")
    before = personal.identity_hash(NUMBER)
    with override_settings(PERSONAL_KEY="another"):
        assert personal.identity_hash(NUMBER) != before


def test_the_printed_code_opens_and_no_other() -> None:
    code, stored = personal.new_proof()
    assert code not in stored
    assert personal.proof_matches(f" {code[:4].lower()}-{code[4:]} ", stored)
    assert not personal.proof_matches(code[:-1] + ("0" if code[-1] != "0" else "1"), stored)
    assert not personal.proof_matches(code, "")
    assert not personal.proof_matches("", "")


def test_a_public_code_has_128_bits() -> None:
    codes = {personal.new_token() for _ in range(100)}
    assert len(codes) == 100
    assert {len(code) for code in codes} == {26}


@given(st.text(max_size=30))
def test_whatever_was_sealed_opens(text: str) -> None:
    assert personal.unseal(personal.seal(text)) == text


@pytest.mark.usefixtures("db")
def test_a_partys_row_holds_no_number_in_the_clear() -> None:
    cast.regions()
    party = cast.party(cast.dossier(cast.body("150202"), 1), "测试人", NUMBER)
    with connection.cursor() as cursor:
        cursor.execute("SELECT p::text FROM dossiers_party p")
        (row,) = cursor.fetchone()
    assert NUMBER not in row
    assert NUMBER.encode().hex() not in row
    assert "13800000000" not in row
    party.refresh_from_db()
    assert (party.identity_number, party.phone) == (NUMBER, "13800000000")
