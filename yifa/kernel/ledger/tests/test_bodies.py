"""Canonical JSON and bodies: what is written is read back, and there is one spelling of everything."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from yifa.kernel.ledger.append import _written
from yifa.kernel.ledger.bodies import BODY_LIMIT, FIELDS, Body, BodyError, canonical, commitment, moment, parse, read_moment
from yifa.kernel.ledger.tests.world import CHAIN, world

TEXT = st.text(st.characters(exclude_categories=["Cs"]))
SCALARS = st.none() | st.booleans() | st.integers(-(2**53) + 1, 2**53 - 1) | TEXT
KEYS = st.text(st.characters(max_codepoint=127))
VALUES = st.recursive(SCALARS, lambda inner: st.lists(inner) | st.dictionaries(KEYS, inner), max_leaves=20)

GOOD = Body.from_bytes(next(body for body in world().bodies if CHAIN.encode() in body and b'"seq":2,"step"' in body))


@given(VALUES)
def test_what_is_written_is_read_back_and_written_the_same(value: Any) -> None:
    data = canonical(value, limit=None)
    assert parse(data, limit=None) == value
    assert json.loads(data) == value


ODD = st.floats() | st.just(10**20) | st.binary() | st.datetimes() | st.uuids() | st.text(st.characters(categories=["Cs"]), min_size=1)
ANYTHING = st.recursive(
    SCALARS | ODD, lambda inner: st.lists(inner) | st.dictionaries(st.text() | st.integers() | st.none(), inner), max_leaves=10
)


@given(st.dictionaries(KEYS, VALUES))
def test_a_payload_is_written_as_any_value_is(value: Any) -> None:
    assert _written(value) == canonical(value, limit=None)


@given(st.dictionaries(st.text(), ANYTHING))
def test_a_payload_is_refused_where_any_value_is(value: Any) -> None:
    """Both write the same bytes, or neither writes any."""

    def tried(writer: Any) -> bytes | None:
        try:
            return bytes(writer(value))
        except BodyError:
            return None

    assert tried(_written) == tried(lambda each: canonical(each, limit=None))


def test_a_deeply_nested_payload_is_written_all_the_same() -> None:
    value: dict[str, Any] = {}
    for _ in range(300):
        value = {"a": value}
    assert _written(value) == canonical(value, limit=None)


@given(st.sampled_from(sorted(FIELDS)), ANYTHING | st.sampled_from(['a","b', "a b", "甲" * 255, "甲" * 256, "2028-02-29T00:00:00.000000Z"]))
def test_a_body_is_written_as_the_long_way_writes_it(name: str, value: Any) -> None:
    """Whatever stands in a field: what the short way writes is what the long way writes, and it writes nothing that is refused there."""
    field: dict[str, Any] = {name: (value,) if name in ("cites", "files") else value}
    body = replace(replace(GOOD, device=None), **field)
    short = body._usual()
    if short is not None:
        assert short == body._any() == Body.from_bytes(short).to_bytes()


@pytest.mark.parametrize(
    "field",
    [{"seq": "2"}, {"seq": True}, {"late": 1}, {"v": "1"}, {"v": True}, {"v": 2}, {"cites": ('a","b',)}, {"prev": None}, {"cites": "ab"}],
)
def test_the_short_way_leaves_these_to_the_long(field: dict[str, Any]) -> None:
    assert replace(GOOD, device=None, **field)._usual() is None


def test_nearly_every_body_is_written_the_short_way() -> None:
    for body in world().bodies:
        read = Body.from_bytes(body)
        assert read.device is not None or read._usual() == body


@given(VALUES, st.data())
def test_any_other_spelling_is_refused(value: Any, data: st.DataObject) -> None:
    """Canonical bytes with one byte changed, added or left out are another value or no value; never the same value again."""
    text = canonical(value, limit=None)
    at = data.draw(st.integers(0, len(text) - 1))
    other = data.draw(st.binary(min_size=0, max_size=2).filter(lambda new: new != text[at : at + 1]))
    changed = text[:at] + other + text[at + 1 :]
    try:
        found = parse(changed, limit=None)
    except BodyError:
        return
    assert repr(found) != repr(value) or changed == text


@pytest.mark.parametrize(
    "text",
    [
        b"1.0", b"1e2", b"-0", b"01", b"9007199254740992", b"-9007199254740992", b"NaN", b"Infinity", b"1" * 5000,
        b" 1", b"1\n", b"[1, 2]", b'{"b":1,"a":2}', b'{"a":1,"a":1}', b'{"\xe7\x94\xb2":1}', b'{"a": 1}',
        b'"\\u0041"', b'"\\/"', b'"\\ud800"', b'"\\ud83d\\ude00"', b'"\\u001F"', b'"\\u0008"', b'"\x01"',
        b"'a'", b'"\xff"', b"\xef\xbb\xbf1",
        b"", b"[" * 100_000, b"[" * 900 + b"]" * 899, b"tru", b"[1,]",
    ],
)  # fmt: skip
def test_these_are_no_canonical_json(text: bytes) -> None:
    with pytest.raises(BodyError):
        parse(text, limit=None)


@pytest.mark.parametrize(
    ("value", "data"),
    [
        ({"b": 1, "a": [True, None]}, b'{"a":[true,null],"b":1}'),
        ('\b\t\n\f\r"\\/\x00\x1f\x7f\u2028é😀', '"\\b\\t\\n\\f\\r\\"\\\\/\\u0000\\u001f\x7f\u2028é😀"'.encode()),
        ({"": {}, "a_b": [], "aB": 0}, b'{"":{},"aB":0,"a_b":[]}'),
    ],
)
def test_the_spelling_of_rfc_8785(value: Any, data: bytes) -> None:
    assert canonical(value) == data


@pytest.mark.parametrize("value", [1.0, float("nan"), 2**53, -(2**53), {"甲": 1}, {1: 1}, "\ud800", b"x", {1, 2}, datetime.now(tz=UTC)])
def test_these_values_have_no_canonical_form(value: Any) -> None:
    with pytest.raises(BodyError):
        canonical([value])


def test_the_limit_of_a_body_is_what_two_bytes_can_count() -> None:
    assert len(canonical("x" * (BODY_LIMIT - 2))) == BODY_LIMIT
    with pytest.raises(BodyError):
        canonical("x" * (BODY_LIMIT - 1))
    with pytest.raises(BodyError):
        parse(b'"' + b"x" * BODY_LIMIT + b'"')


def test_deep_nesting_is_an_error_and_no_crash() -> None:
    deep: Any = []
    for _ in range(100_000):
        deep = [deep]
    with pytest.raises(BodyError):
        canonical(deep, limit=None)


def test_a_body_is_read_back_as_it_was_written() -> None:
    assert GOOD.device is not None
    assert Body.from_bytes(GOOD.to_bytes()) == GOOD
    assert set(json.loads(GOOD.to_bytes())) == FIELDS
    assert len(FIELDS) == 21


WRONG: list[dict[str, Any]] = [
    {"v": 2}, {"v": True}, {"seq": 0}, {"seq": 2.0}, {"seq": True}, {"seq": "2"}, {"late": 0}, {"late": None},
    {"actor": ""}, {"actor": "a b"}, {"actor": "a\n"}, {"actor": "x" * 256}, {"actor": None}, {"actor": 7}, {"chain": "a\tb"}, {"step": []},
    {"acting_for": ""}, {"organisation": 1}, {"region": "15020"}, {"region": "1502030"}, {"region": "15020x"}, {"region": 150203},
    {"open": "ab"}, {"open": "A" * 64}, {"closed": "g" * 64}, {"rules": "0" * 63}, {"prev": None}, {"prev": "0" * 65}, {"seq": 1},
    {"happened_at": "2026-09-28T01:00:00Z"}, {"happened_at": "2026-09-28 01:00:00.000000Z"}, {"happened_at": "2026-02-30T01:00:00.000000Z"},
    {"happened_at": "2026-09-28T24:00:00.000000Z"}, {"happened_at": "2026-09-28T01:00:60.000000Z"}, {"recorded_at": None},
    {"cites": "x"}, {"cites": [1]}, {"cites": ["a b"]}, {"files": ["x"]}, {"files": [["0" * 64]]}, {"files": {}},
    {"device": {}}, {"device": "x"}, {"device": {"id": "t", "prev": "0" * 64, "seq": 0, "sig": "s"}},
    {"device": {"id": "t", "prev": "0", "seq": 1, "sig": "s"}}, {"device": {"id": "t", "prev": "0" * 64, "seq": 1, "sig": "s", "x": 1}},
    {"remark": 1}, {"remark": None},
]  # fmt: skip


@pytest.mark.parametrize("wrong", WRONG)
def test_a_field_of_the_wrong_kind_is_refused(wrong: dict[str, Any]) -> None:
    value = {**json.loads(GOOD.to_bytes()), **wrong}
    with pytest.raises(BodyError):
        Body.from_bytes(json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode())


@pytest.mark.parametrize("field", sorted(FIELDS))
def test_a_missing_field_is_refused(field: str) -> None:
    value = json.loads(GOOD.to_bytes())
    del value[field]
    with pytest.raises(BodyError):
        Body.from_bytes(canonical(value))


def test_a_body_that_breaks_the_format_is_never_written() -> None:
    with pytest.raises(BodyError):
        replace(GOOD, region="x").to_bytes()
    with pytest.raises(BodyError):
        replace(GOOD, prev=None).to_bytes()


@given(st.datetimes(timezones=st.sampled_from([UTC, timezone(timedelta(hours=8))]), min_value=datetime(1900, 1, 2)))  # noqa: DTZ001
def test_a_moment_is_read_back(at: datetime) -> None:
    assert read_moment(moment(at)) == at
    assert len(moment(at)) == 27


def test_a_moment_without_a_zone_is_refused() -> None:
    with pytest.raises(BodyError):
        moment(datetime(2026, 1, 1))  # noqa: DTZ001


def test_a_commitment_needs_a_salt_nobody_can_guess() -> None:
    assert commitment(b"0" * 16, b"x") != commitment(b"1" * 16, b"x")
    with pytest.raises(BodyError):
        commitment(b"0" * 15, b"x")
