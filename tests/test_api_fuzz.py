"""Whatever is sent to the interface, it answers as its document says: no fault, no undocumented answer. Schemathesis, in this process."""

from __future__ import annotations

from contextlib import suppress
from typing import Any
from uuid import uuid4

import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from hypothesis.errors import Unsatisfiable
from schemathesis.checks import not_a_server_error
from schemathesis.core.result import Ok
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    negative_data_rejection,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from tests.test_api import Caller
from yifa.enforcement.tests import world as w
from yifa.laws import services as laws
from yifa.laws.rules import title_key
from yifa.laws.tests.cast import NEW, OLD
from yifa.site.wsgi import application

DOCUMENT = "/api/v1/openapi.json"
CHECKS = [not_a_server_error, status_code_conformance, content_type_conformance, response_headers_conformance, response_schema_conformance]
QUIET = [HealthCheck.too_slow, HealthCheck.filter_too_much, HealthCheck.data_too_large]
TOKEN = "a" * 32
OPERATIONS = 23
# Values that a careless reader of dates, amounts or drawings falls over.
ODD = ["0001-01-01", "9999-12-31", "2026-02-30", "1e400", "NaN", "-0", "\U0001f600" * 30, {"people": 1}, {"people": [{"people": [1]}]}]
ODD += [{"strokes": [[[2**53 - 1, -1], [0, 0]]]}, {"strokes": [[[1]]]}, {"png": "x"}, {"png": "data:image/png;base64,iVBORw0KGgo="}]
# What may stand in a JSON body; texts of every plane, numbers of every size.
JSON = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(st.characters(exclude_categories=["Cs"]), max_size=20),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.sampled_from(["people", "strokes", "png", "name", "binds", "x"]), inner, max_size=3)
    ),
    max_leaves=8,
)


def bounded(examples: int) -> settings:
    return settings(
        max_examples=examples, deadline=None, database=None, derandomize=True, phases=[Phase.generate], suppress_health_check=QUIET
    )


def cookies(caller: Caller) -> dict[str, str]:
    session = caller.client.cookies.get("sessionid")
    return {"csrftoken": TOKEN} | ({"sessionid": session.value} if session else {})


@pytest.mark.parametrize("who", ["officer", "head", "nobody"])
@pytest.mark.timeout(240)
def test_every_operation_answers_as_documented(own_db: Any, who: str) -> None:
    world = w.build()
    # A case to find half of the time: a made-up code would never get behind the door.
    code = w.walk(world, "establish", "order_correction").code
    laws.import_texts([OLD, NEW])
    known = {"code": code, "step": "inform", "key": "summary_penalty", "figure": "M12", "work": title_key(NEW.title)}
    sent = {"cookies": cookies(Caller({"officer": world.li, "head": world.head, "nobody": None}[who])), "headers": {"X-CSRFToken": TOKEN}}
    # The session is ours to send: schemathesis shall not leave it out.
    plain = schemathesis.Config.from_dict({"generation": {"with-security-parameters": False}})
    document = schemathesis.openapi.from_wsgi(DOCUMENT, application, config=plain)
    operations = [found.ok() for found in document.get_all_operations() if isinstance(found, Ok)]
    assert len(operations) == OPERATIONS
    for operation in operations:
        for mode in schemathesis.GenerationMode:
            checks = [*CHECKS, negative_data_rejection] if mode is schemathesis.GenerationMode.NEGATIVE else CHECKS
            strategy = operation.as_strategy(generation_mode=mode)
            _answers_as_documented(
                strategy, known, checks if who == "officer" else CHECKS, examples={"officer": 10, "head": 6, "nobody": 3}[who], **sent
            )


def _answers_as_documented(strategy: Any, known: dict[str, str], checks: list[Any], *, examples: int, **sent: Any) -> None:
    @bounded(examples)
    @given(case=strategy, found=st.booleans())
    def answers(case: Any, found: bool) -> None:
        real = found and bool(case.path_parameters)
        if real:
            # What was spoiled may have stood here: then nothing is left that must be refused.
            case.path_parameters |= {name: known[name] for name in case.path_parameters}
        case.call_and_validate(checks=CHECKS if real else checks, **sent)

    # An operation without parameters leaves nothing to spoil.
    with suppress(Unsatisfiable):
        answers()


@pytest.mark.parametrize("step", ["show_badge", "establish", "inform", "decide", "pay", "_return", "_hand_over"])
@pytest.mark.timeout(240)
def test_a_good_form_with_one_answer_spoiled_is_refused_or_taken(own_db: Any, step: str) -> None:
    world = w.build()
    caller = Caller(world.head if step.startswith("_") else world.li)
    before = {"show_badge": (), "establish": (), "inform": ("establish", "order_correction")}
    earlier = before.get(step, ("establish", "order_correction", "inform", "hear"))
    code = w.walk(world, *earlier).code if step != "show_badge" else ""
    usual = w.answers(world, step) or {"reason": "核对材料", "seq": 2, "to": [world.wang.person]}
    wrong = st.tuples(st.sampled_from(sorted(usual)), st.sampled_from(ODD) | JSON)

    @bounded(80)
    @given(spoiled=wrong, seen=st.integers(0, 9))
    def answers(spoiled: tuple[str, Any], seen: int) -> None:
        facts = {**usual, spoiled[0]: spoiled[1]}
        if step == "show_badge":
            answer = caller.post("/procedures/summary_penalty/start", {"facts": facts}, key=uuid4())
        else:
            answer = caller.do(code, step, facts, seen_seq=len(earlier) + 1 if seen else 0)
        assert answer.status_code in (201, 400, 409, 422), answer.content.decode()

    answers()
