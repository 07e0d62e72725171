"""The laws a drafter states as the ground of a document are cited by the act that registers it, and so count as used."""

from __future__ import annotations

import json
from typing import Any

import pytest
from django.db import connection

from yifa.evaluation import following
from yifa.evaluation.models import Event
from yifa.facts.tests.following import seal_all
from yifa.normative.relying import MOST, relied
from yifa.normative.tests import world as w
from yifa.normative.tests.test_making import until_signed


@pytest.mark.parametrize(
    ("basis", "keys"),
    [
        ("《动物防疫法》第三十条、第三十一条第二款", ["动物防疫法@#t30", "动物防疫法@#t31.k2"]),
        ("根据《中华人民共和国动物防疫法》和有关规定", ["中华人民共和国动物防疫法@"]),
        ("《动物防疫法》第三十条；《动物防疫法》第三十条", ["动物防疫法@#t30"]),
        ("上级要求", []),
        ("", []),
    ],
)
def test_what_is_stated_is_cited_once_and_as_written(basis: str, keys: list[str]) -> None:
    assert [each.key for each in relied({"basis": basis})] == keys


def test_a_pasted_book_does_not_fill_the_entry() -> None:
    assert len(relied({"basis": "".join(f"《样本法》第{n}条。" for n in range(1, 300))})) == MOST


def test_registering_a_document_uses_the_laws_it_rests_on(own_db: Any) -> None:
    world = w.build()
    ref = until_signed(world, basis="根据《动物防疫法》第三十条、《内蒙古自治区样本条例》，制定本办法。")
    w.do(ref, "unify", world.justice)
    with connection.cursor() as cursor:
        cursor.execute("SELECT convert_from(body, 'UTF8') FROM ledger_entry WHERE chain = %s AND step = 'unify'", [ref.code])
        cites = json.loads(cursor.fetchone()[0])["cites"]
    assert {"动物防疫法@#t30", "内蒙古自治区样本条例@"} <= set(cites)
    seal_all()
    while following.follow():
        pass
    event = Event.objects.get(kind="normative")
    assert "动物防疫法#t30" in event.articles
    assert {"动物防疫法", "内蒙古自治区样本条例"} <= set(event.works)
    assert following.check()[1] == []
