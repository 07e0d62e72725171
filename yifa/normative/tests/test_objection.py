"""异议审查 through `take`."""

from typing import Any

from yifa.normative.tests import objection_world as v
from yifa.normative.tests import world as w


def test_smoke(own_db: Any) -> None:
    stage = v.build()
    ref = v.concluded(stage, "E", stopped_clauses="第八条")
    w.do(ref, "notify", stage.first, demand="修改。")


def test_incidental(own_db: Any) -> None:
    stage = v.build()
    ref = v.decided(stage)
    w.do(ref, "notify", stage.first, demand="修改。", clauses="第八条")
    w.do(ref, "correct_result", stage.maker, result="explained", result_text="说明")
    w.do(ref, "verify", stage.first, accepted=True, verification="属实")
    w.do(ref, "resume", stage.first, resumed_on=w.today(), told="已告知")
    w.do(ref, "archive", stage.first)
