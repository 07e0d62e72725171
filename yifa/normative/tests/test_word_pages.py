"""A drafter's way in Word and back: rounds side by side, tracked changes, comments at their clauses, and nobody's personal data."""

from __future__ import annotations

import io
import zipfile
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone
from lxml import etree

from yifa.dossiers.images import WORD
from yifa.dossiers.services import keep_evidence
from yifa.kernel.people.actors import Actor
from yifa.kernel.people.models import Person, Reading
from yifa.kernel.word.reading import paragraphs
from yifa.kernel.word.writing import written
from yifa.normative.tests import world as w
from yifa.normative.tests.test_making import DRAFTED, MARKS, propose
from yifa.normative.tests.world import World
from yifa.participation.models import Comment
from yifa.participation.moderating import hide
from yifa.participation.services import Draft, comment, enter, open_consultation
from yifa.participation.tests.clearing import CLEARED
from yifa.procedures.reading import Ref

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
SCRIPT = "<script>alert(1)</script>"
FIRST = [
    "养犬管理办法",
    "第一条 为了规范养犬，制定本办法。",
    "第二条 每户限养一只。",
    *(f"第{n}条 有关部门各负其责。" for n in range(3, 9)),
]
SECOND = [FIRST[0], FIRST[1], f"第二条 每户限养二只。{SCRIPT}", *FIRST[3:], "第九条 本办法自公布之日起施行。"]
PHONE, NAME = "13900001234", "钱某样本"


def upload(by: Actor, content: bytes, title: str) -> Any:
    return keep_evidence(by=by, title=title, kind="document", mime=WORD, content=content, at=timezone.now())


def a_reviewed_document(world: World, second: bytes = b"") -> Ref:
    ref = propose(world)
    w.do(ref, "identify", world.reviewer, marks=MARKS, excluded="none")
    w.do(ref, "draft", world.drafter, files=(upload(world.drafter, written(FIRST), "草案.docx"),), **DRAFTED)
    w.do(ref, "internal_review", world.reviewer, internal_opinion="changes", internal_points="第一条应当写明依据。")
    w.do(ref, "internal_review", world.reviewer, internal_opinion="lawful")
    w.do(ref, "submit", world.drafter, files=(upload(world.drafter, second or written(SECOND), "送审稿.docx"),))
    points = f"第二条限制过严。{SCRIPT}\n建议放宽。"
    w.do(ref, "legality", world.justice, legality_opinion="lawful_after_changes", points=points)
    today = timezone.localdate()
    asked = open_consultation(Draft(ref.code, "养犬管理办法", "说明", "第一条", today, today + timedelta(days=30), CLEARED), by=world.clerk)
    comment(asked.league, asked.id, text=f"赞成第二条，请回电{PHONE}", clause="第二条", name=NAME, phone=PHONE)
    enter(asked.league, asked.id, by=world.drafter, channel="letter", text="辱骂的话", scan=a_scan(), clause="")
    hide(asked.league, Comment.objects.get(n=2).id, by=world.clerk, reason="辱骂他人")
    return ref


def a_scan() -> list[dict[str, Any]]:
    return [{"title": "来信.pdf", "sha256": "0" * 64, "size": 1, "mime": "application/pdf"}]


def client_of(actor: Actor) -> Client:
    client = Client()
    client.force_login(Person.objects.get(pk=actor.person), backend="django.contrib.auth.backends.ModelBackend")
    session = client.session
    session["people.post"], session["people.factor"] = actor.post, True
    session.save()
    return client


def part(response: Any, name: str) -> etree._Element:
    with zipfile.ZipFile(io.BytesIO(response.content)) as package:
        return etree.fromstring(package.read(name))


def chosen(page: Any) -> dict[str, str]:
    """What the list of rounds has picked beforehand; `page` is the test client's answer."""
    return {key: page.context[key] for key in ("before", "after")}


def test_two_rounds_stand_side_by_side_and_come_home_with_tracked_changes(own_db: Any) -> None:
    world = w.build()
    ref = a_reviewed_document(world)
    for reader in (world.drafter, world.justice):
        client, base = client_of(reader), f"/desk/normative/drafts/{ref.code}/"
        page = client.get(base)
        text = page.content.decode()
        assert text.index("草案.docx") < text.index("送审稿.docx")
        assert "目前有 3 条意见" in text
        shown = client.get(f"{base}compare/", chosen(page)).content.decode()
        assert "<del>一</del>" in shown
        assert "<ins>二</ins>" in shown
        assert "<ins>第九条 本办法自公布之日起施行。</ins>" in shown
        assert "4 段没有改动" in shown
        assert SCRIPT not in shown
        assert "&lt;script&gt;" in shown
        taken = client.get(f"{base}compared.docx", chosen(page))
        assert taken["Content-Type"] == WORD
        assert taken["Content-Disposition"].startswith("attachment")
        assert paragraphs(taken.content) == SECOND
        changes = list(part(taken, "word/document.xml").iter(f"{W}ins", f"{W}del"))
        assert {each.get(f"{W}author") for each in changes} == {"昆都仑区人民政府"}
    picked = chosen(page)
    other_way = client.get(f"{base}compared.docx", {"before": picked["after"], "after": picked["before"]})
    assert paragraphs(other_way.content) == SECOND, "the older round is the older one however it was picked"


def test_the_draft_comes_home_with_the_opinions_at_their_clauses(own_db: Any) -> None:
    world = w.build()
    ref = a_reviewed_document(world)
    client, base = client_of(world.drafter), f"/desk/normative/drafts/{ref.code}/"
    taken = client.get(f"{base}commented.docx", {"of": chosen(client.get(base))["after"]})
    assert paragraphs(taken.content) == SECOND
    told = [(each.get(f"{W}author"), "\n".join("".join(p.itertext()) for p in each)) for each in part(taken, "word/comments.xml")]
    assert told == [
        ("昆都仑区人民政府（内部审核）", "第一条应当写明依据。"),
        ("昆都仑区司法局（合法性审核）", f"第二条限制过严。{SCRIPT}\n建议放宽。"),
        ("公众意见（第1轮第1条）", "赞成第二条，请回电［联系方式略］"),
    ]
    anchors = {
        each.get(f"{W}id"): n
        for n, paragraph in enumerate(part(taken, "word/document.xml").iter(f"{W}p"))
        for each in paragraph.iter(f"{W}commentRangeStart")
    }
    assert anchors == {"0": 1, "1": 2, "2": 2}
    with zipfile.ZipFile(io.BytesIO(taken.content)) as package:
        everything = b"".join(map(package.read, package.namelist())).decode()
    assert PHONE not in everything
    assert NAME not in everything
    assert not Reading.objects.exists(), "nothing sensitive was shown"


def test_who_may_not_read_the_dossier_gets_none_of_it(own_db: Any) -> None:
    world = w.build()
    ref = a_reviewed_document(world)
    base = f"/desk/normative/drafts/{ref.code}/"
    picked = chosen(client_of(world.drafter).get(base))
    for path in ("", "compare/", "compared.docx", "commented.docx"):
        address = f"{base}{path}?of={picked['after']}&before={picked['before']}&after={picked['after']}"
        assert client_of(world.stranger).get(address).status_code == 404
        assert Client().get(address).status_code == 302
        assert client_of(world.drafter).get(address).status_code == 200
        assert client_of(world.drafter).post(address).status_code == 405


def test_two_different_drafts_must_be_chosen(own_db: Any) -> None:
    world = w.build()
    ref = a_reviewed_document(world)
    client, base = client_of(world.drafter), f"/desk/normative/drafts/{ref.code}/"
    first = chosen(client.get(base))["before"]
    for path, query in (
        ("compare/", {}),
        ("compare/", {"before": first, "after": first}),
        ("compared.docx", {"before": first, "after": "x"}),
        ("commented.docx", {"of": "x"}),
    ):
        answer = client.get(base + path, query, follow=True)
        assert answer.redirect_chain == [(base, 302)]
        assert "请先选择文稿" in answer.content.decode()


@pytest.mark.parametrize(("broken", "told"), [(b"PK\x05\x06" + b"\0" * 18, "不是Word文档"), (b"\xd0\xcf\x11\xe0", "另存为.docx")])
def test_a_broken_draft_is_told_with_its_name_and_what_to_do(own_db: Any, broken: bytes, told: str) -> None:
    world = w.build()
    ref = a_reviewed_document(world, broken)
    client, base = client_of(world.drafter), f"/desk/normative/drafts/{ref.code}/"
    picked = chosen(client.get(base))
    shown = client.get(f"{base}compare/", picked)
    assert shown.status_code == 422
    assert "“送审稿.docx”读不出来" in shown.content.decode()
    assert told in shown.content.decode()
    for path, query in (("compared.docx", picked), ("commented.docx", {"of": picked["after"]})):
        assert told in client.get(base + path, query, follow=True).content.decode()


def test_the_dossier_leads_to_its_drafts_and_its_consultation(own_db: Any) -> None:
    world = w.build()
    ref = a_reviewed_document(world)
    page = client_of(world.drafter).get(f"/desk/cases/{ref.code}/").content.decode()
    assert f'href="/desk/normative/drafts/{ref.code}/"' in page
    assert f'href="/desk/participation/?dossier={ref.code}"' in page
    listed = client_of(world.clerk).get("/desk/participation/", {"dossier": ref.code}).content.decode()
    assert "养犬管理办法" in listed
    elsewhere = client_of(world.clerk).get("/desk/participation/", {"dossier": "another"}).content.decode()
    assert "还没有征求过意见" in elsewhere
