"""Archiving (第三十三条): the form begins with what the record holds and names what it lacks; what was archived a person states."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from django.test import Client

from yifa.decisions import archiving
from yifa.decisions.case import read
from yifa.decisions.forms.declared import ARCHIVED
from yifa.decisions.tests import world as w
from yifa.decisions.tests.test_papers import printed
from yifa.documents.queries import papers
from yifa.dossiers import queries
from yifa.dossiers.models import Dossier
from yifa.kernel.people.models import Person

NOON = datetime(2026, 3, 2, 4, tzinfo=UTC)
EVERYTHING = {
    "problem": "x", "undertakers": [{"name": "x"}], "alternatives": 1, "consulted_units": [], "classified": 2, "hearing_report": "x",
    "opinions": [], "assessor": "x", "legality": "lawful", "outcome": "adopted", "party_number": "1号", "decision_number": "1号",
    "published_on": "2026-03-02",
}  # fmt: skip


def test_every_paper_of_the_list_is_looked_for() -> None:
    assert list(archiving.SHOWN_BY) == [key for key, _ in ARCHIVED]


def test_each_paper_is_held_when_its_step_has_stated_it() -> None:
    whole = read(EVERYTHING, {}, NOON)
    assert archiving.held(whole) == [key for key, _ in ARCHIVED]
    for key, (paper, label) in zip([each for each in EVERYTHING if each != "published_on"], ARCHIVED, strict=True):
        without = read({name: value for name, value in EVERYTHING.items() if name != key}, {}, NOON)
        assert set(archiving.held(whole)) - set(archiving.held(without)) == {paper}
        assert archiving.lacking(without) == [label]
    assert "decision" not in archiving.held(read({key: value for key, value in EVERYTHING.items() if key != "published_on"}, {}, NOON))


def test_what_was_confirmed_not_to_apply_is_not_lacking() -> None:
    case = read({key: value for key, value in EVERYTHING.items() if key not in {"assessor", "opinions", "published_on"}}, {}, NOON)
    assert archiving.lacking(case) == ["专家遴选记录和论证意见书", "风险评估报告", "决定文本、公布和解读材料"]
    assert archiving.lacking(replace(case, exempted=frozenset({"T13", "T15", "T23"}))) == []


def to_be_archived(world: w.World) -> Any:
    """Decided and published, nothing archived."""
    ref = w.begun(world)
    w.adopted(world, ref)
    w.do(ref, "decide", world.mayor, {"decided_on": w.day(), "decision_number": "包昆政发〔2026〕12号"}, files=1)
    published = {"published_on": w.day(), "published_in": ["gazette", "portal"], "interpretation": "说明", "interpreted_on": w.day()}
    w.do(ref, "publish", world.gazette, {**w.PUBLIC, **published, "tells_adoption": True})
    return ref


def test_the_form_proposes_what_is_there_with_the_pages_of_the_catalogue(own_db: Any) -> None:
    world = w.build()
    ref = to_be_archived(world)
    client = Client()
    client.force_login(Person.objects.get(pk=world.drafter.person), backend="django.contrib.auth.backends.ModelBackend")
    page = client.get(f"/desk/cases/{ref.code}/do/archive/").content.decode()
    boxes = re.findall(r"<input[^>]*name=\"archived\"[^>]*>", page)
    ticked = {value for box in boxes if "checked" in box for value in re.findall(r'value="(\w+)"', box)}
    assert ticked == {"proposal", "start", "draft", "public", "legality", "minutes", "decision"}
    volumes = queries.catalogue(world.drafter, ref.code, papers=papers)
    assert volumes
    count = sum(volume.pages for volume in volumes)
    assert count > 10
    assert re.search(rf'name="archive_pages"[^>]*value="{count}"|value="{count}"[^>]*name="archive_pages"', page)
    assert f"卷内现有{count}页" in page
    assert "应当归档而记录中没有的" not in page


def test_what_was_archived_is_what_the_person_stated_not_what_was_proposed(own_db: Any) -> None:
    world = w.build()
    ref = to_be_archived(world)
    w.do(ref, "archive", world.drafter, {"archived": ["proposal", "decision"], "archive_pages": 8, "archive_keeping": "permanent"})
    assert Dossier.objects.get(code=ref.code).facts["archived"] == ["proposal", "decision"]
    text = printed(ref, "重大行政决策归档目录")
    kept, missing = text.split("缺少的材料")
    assert "1．决策事项建议和论证材料2．决定文本、公布和解读材料" in kept
    assert "会议纪要、会议记录" in missing
    # Branches that were confirmed not to apply are not said to lack.
    assert "听证公告、笔录和报告" not in text
    assert "重大行政决策征求意见公告" in missing
    assert f"包昆建决请〔{w.today().year}〕1号" in missing
