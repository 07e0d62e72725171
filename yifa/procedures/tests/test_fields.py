"""Whatever JSON is stated, a field reads a value that the record can hold, or says what to write instead."""

from __future__ import annotations

from contextlib import suppress
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from yifa.kernel.ledger.bodies import canonical
from yifa.procedures.fields import PARTY, ROWS, SIGNATURE, TYPES, BadInput, Field

LARGEST = 2**53 - 1
TEXTS = st.text(st.characters(exclude_categories=["Cs"]), max_size=20)
SCALARS = st.none() | st.booleans() | st.integers(-LARGEST, LARGEST) | st.floats(-float(LARGEST), float(LARGEST)) | TEXTS
ODD = st.sampled_from(["0001-01-01", "9999-12-31", "2026-W01-1", "１２", "1e400", "sNaN", "-0", "2026-01-01T00:00+23:59"])
KEYS = st.sampled_from(["people", "strokes", "png", "binds", "name"])
JSON = st.recursive(SCALARS | ODD, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(KEYS, inner, max_size=3), max_leaves=8)


@pytest.mark.parametrize("key", ["answer", "signatures"])
@pytest.mark.parametrize("kind", sorted(TYPES - {PARTY}))
@given(stated=JSON)
def test_every_value_is_read_or_refused(kind: str, key: str, stated: Any) -> None:
    columns = (Field("name", "姓名", required=False),) if kind == ROWS else ()
    field = Field(key, "问题", kind, choices=(("x", "甲"),), columns=columns)
    with suppress(BadInput):
        canonical({"found": field.parse(stated)})


def test_several_signatures_are_not_one_and_one_is_not_several() -> None:
    drawn = {"strokes": [[[0, 0], [10.4, 10.6]]]}
    read = {"strokes": [[[0, 0], [10, 11]]]}
    assert Field("officer_signatures", "签名", SIGNATURE).parse({"people": [drawn, None]}) == {"people": [read]}
    assert Field("party_signature", "签名", SIGNATURE).parse(drawn) == read
    for key, wrong in (("officer_signatures", drawn), ("party_signature", {"people": [drawn]})):
        with pytest.raises(BadInput):
            Field(key, "签名", SIGNATURE).parse(wrong)
