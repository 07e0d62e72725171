"""What documents of the register rest on, and how a change of a law finds them."""

from __future__ import annotations

from datetime import date

import pytest

from yifa.kernel.citing import Law
from yifa.kernel.people.models import Region
from yifa.laws import services, watching
from yifa.laws.models import Impact
from yifa.laws.tests.cast import text
from yifa.normative import resting
from yifa.normative.models import NormativeDocument
from yifa.normative.tests import world as w
from yifa.procedures import cited, registry

pytestmark = pytest.mark.django_db
TODAY = date(2026, 11, 22)
TEXT = (
    "第一条 根据《中华人民共和国试验法》和《中华人民共和国试验许可法》第二条，制定本办法。\n"
    "第二条 违反本办法第一条的，依照《中华人民共和国试验许可法》第一条至第三条处理。"
)


def library() -> None:
    was = ("甲规定。", "申请人应当提交书面材料。", "丙规定。")
    services.import_texts(
        [
            text("中华人民共和国试验许可法", "2010-05-01", *was, claim="历史版本"),
            text("中华人民共和国试验许可法", "2025-05-01", was[0], "申请人可以在线提交材料。", was[2]),
            text("中华人民共和国试验法", "2012-01-01", "总则。"),
        ]
    )


def document(code: str, **more: object) -> NormativeDocument:
    place, _ = Region.objects.get_or_create(code="150203", defaults={"name": "昆都仑区", "level": 3, "league": "150200"})
    body = w.body(f"15020300{code}", f"机关{code}", code, place)
    row = {
        "code": f"GF{code}", "league": "150200", "title": "样本办法", "number": f"样本〔2021〕{code}号", "maker": body, "region": place,
        "kind": "department", "made_on": date(2021, 5, 1), "published_on": date(2021, 5, 2), "effective_on": date(2021, 6, 1),
        "source": "stock", "text": TEXT,
    }  # fmt: skip
    return NormativeDocument.objects.create(**row | more)


def test_articles_and_whole_laws_are_read_in_the_version_of_the_day_it_was_made() -> None:
    library()
    articles, works = resting.cited_in("样本办法", TEXT, date(2021, 5, 1))
    law = Law("中华人民共和国试验许可法", "2010-05-01")
    assert articles == (law[2], law[1], law[3])
    assert works == (Law("中华人民共和国试验法", "2012-01-01"),)
    newer, _ = resting.cited_in("样本办法", TEXT, date(2026, 5, 1))
    assert {article.law.version for article in newer} == {"2025-05-01"}


def test_a_document_in_force_is_found_by_the_change_of_its_basis_and_an_ended_one_is_not() -> None:
    library()
    document("01")
    document("02", number="样本〔2020〕2号", ended_on=date(2024, 1, 1), ended_by="repealed")
    document("03", number="样本〔2020〕3号", text="")
    cited.push(registry.contexts(), today=TODAY)
    watching.refresh(today=TODAY)
    (row,) = Impact.objects.filter(kind=resting.KIND)
    assert (row.label, row.node_key, row.change, row.region) == ("《样本办法》（样本〔2021〕01号）", "t2", "修改", "150203")
    assert (row.url, row.ref) == ("/documents/GF01/", "answer:document=GF01")
