"""Objections on the pages: anybody sends one and finds the answer, the bureau sees who, nobody else does, abuse is turned away."""

from __future__ import annotations

import re
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone

from yifa.kernel.people.models import Reading
from yifa.normative.models import Objection
from yifa.normative.objecting import Filed
from yifa.normative.tests import filing_world as f
from yifa.normative.tests import objection_world as v
from yifa.normative.tests import world as w
from yifa.normative.tests.test_objection import PDF
from yifa.normative.tests.test_register_pages import signed_in

FORM = f"/documents/{f.CODE}/objection/"
SAID = {"clauses": "第八条", "reason": "<script>alert(1)</script>第八条增设了保证金。", "name": "王样本", "contact": "13900001234"}


def sent(stage: v.Stage, client: Client | None = None, **changed: Any) -> Any:
    return (client or Client()).post(FORM, {"organisation": stage.first.organisation, **SAID, **changed})


def test_a_citizen_objects_from_the_documents_page_and_finds_the_answer(own_db: Any) -> None:
    stage = v.build()
    assert f'href="{FORM}"' in Client().get(f"/documents/{f.CODE}/").content.decode()
    form = Client().get(FORM).content.decode()
    assert "包头市司法局（备案审查机关）" in form
    assert "内蒙古自治区司法厅" in form
    page = sent(stage, files=[SimpleUploadedFile("合同.pdf", PDF)]).content.decode()
    code = re.search(r'id="code"[^>]*>([0-9A-Z-]{14})<', page)
    assert code is not None
    row = Objection.objects.get()
    assert len(row.files) == 1

    ref = v.received(stage, Filed(row.id, code[1], "", timezone.localdate()))
    asked = Client().post("/objections/", {"code": code[1]}).content.decode()
    assert "正在形式审查" in asked
    assert "&lt;script&gt;alert(1)" in asked
    assert "<script>alert" not in asked
    assert "13900001234" not in asked
    w.do(ref, "accept", stage.first, objected_clauses="第八条", objected_points="保证金没有依据。")
    w.do(ref, "explain", stage.maker, maker_statement="说明。")
    w.do(ref, "review_1", stage.first, **f.answers(1))
    w.do(ref, "review_2", stage.bureau.chief, **f.answers(2))
    w.do(ref, "conclude", stage.first, conclusion="A", opinion="内部审查意见。", answer="第八条合法，理由如下。")
    answered = Client().post("/objections/", {"code": code[1].lower().replace("-", " ")}).content.decode()
    assert "已经答复" in answered
    assert "第八条合法，理由如下。" in answered
    assert "规范性文件异议审查答复书" in answered
    assert "内部审查意见" not in answered
    assert Client().post("/objections/", {"code": "0000-0000-0000"}).status_code == 404


def test_what_is_missing_is_told_and_what_was_written_stays(own_db: Any) -> None:
    stage = v.build()
    wrong = sent(stage, reason="短", clauses='"><img src=x>')
    assert wrong.status_code == 400
    assert "5 到 4000 字" in wrong.content.decode()
    assert "&quot;&gt;&lt;img src=x&gt;" in wrong.content.decode()
    assert Client().get("/documents/GF0000/objection/").status_code == 404
    assert not Objection.objects.exists()


def test_one_address_is_told_to_wait_and_too_much_is_not_read(own_db: Any) -> None:
    stage = v.build()
    for _ in range(5):
        assert sent(stage).status_code == 200
    assert sent(stage).status_code == 429
    assert Objection.objects.count() == 5
    large = Client(REMOTE_ADDR="192.0.2.7").post(FORM, {**SAID}, CONTENT_LENGTH="31000001")
    assert large.status_code == 413
    assert Objection.objects.count() == 5


def test_a_form_from_elsewhere_is_refused(own_db: Any) -> None:
    stage = v.build()
    assert sent(stage, Client(enforce_csrf_checks=True)).status_code == 403
    assert not Objection.objects.exists()


def test_the_bureau_sees_who_objected_and_its_look_is_noted(own_db: Any) -> None:
    stage = v.build()
    sent(stage)
    row = Objection.objects.get()
    client = signed_in(stage.first)
    listed = client.get("/desk/normative/objections/").content.decode()
    assert f"/desk/start/normative_objection/?objection={row.id}" in listed
    assert "13900001234" not in listed
    shown = client.get(f"/desk/normative/objections/{row.id}/").content.decode()
    assert "13900001234" in shown
    assert "<script>alert" not in shown
    assert Reading.objects.filter(subject=f"objection:{row.id}", reader=stage.first.person).count() == 1
    # Neither the maker's people nor another bureau's may look.
    for other in (stage.bureau.world.reviewer, stage.banner):
        assert signed_in(other).get(f"/desk/normative/objections/{row.id}/").status_code == 404
    ref = v.received(stage, Filed(row.id, "", "", timezone.localdate()))
    assert client.get(f"/desk/normative/objections/of/{ref.code}/")["Location"].endswith(f"/{row.id}/")
    w.do(ref, "accept", stage.first, objected_clauses="第八条", objected_points="要点")
    assert client.get(f"/desk/normative/review/{ref.code}/").status_code == 200
    assert "13900001234" not in signed_in(stage.maker).get(f"/desk/cases/{ref.code}/").content.decode()


def test_one_on_paper_is_entered_on_the_desk(own_db: Any) -> None:
    stage = v.build()
    client, address = signed_in(stage.first), "/desk/normative/objections/enter/"
    said = {**SAID, "document": f.CODE, "channel": "letter", "received_on": "昨天"}
    wrong = client.post(address, said)
    assert (wrong.status_code, "应当是真实存在的日期" in wrong.content.decode()) == (422, True)
    answer = client.post(address, {**said, "received_on": w.today(), "files": SimpleUploadedFile("信.pdf", PDF)}, follow=True)
    assert "请把查询码告诉异议人" in answer.content.decode()
    assert Objection.objects.get().channel == "letter"


def test_what_is_stopped_stands_on_the_public_page_the_desk_and_in_the_list(own_db: Any) -> None:
    stage = v.build()
    v.decided(stage)
    page = Client().get(f"/documents/{f.CODE}/").content.decode()
    for words in ("现行有效（第八条停止执行）", "停止执行的条款", "下位法违反上位法规定", "包头市司法局"):
        assert words in page
    assert "停止执行的条款" in signed_in(stage.maker).get(f"/desk/normative/documents/{f.CODE}/").content.decode()
    assert "现行有效（第八条停止执行）" in Client().get("/documents/check/?q=包昆政发〔2026〕3号").content.decode()
    (row,) = Client().get("/documents/valid.json").json()["documents"]
    assert (row["status"], row["stopped"]) == ("现行有效", "第八条")
    assert "停止执行第八条" in Client().get("/documents/changes.rss").content.decode()


def test_the_reviews_beside_reconsiderations_have_a_page_of_their_own(own_db: Any) -> None:
    stage = v.build()
    ref = v.begun(stage)
    page = signed_in(stage.first).get("/desk/normative/objections/incidental/").content.decode()
    assert f"/desk/cases/{ref.code}/" in page
    assert "行政复议附带审查" in page
    assert ref.code not in signed_in(stage.banner).get("/desk/normative/objections/incidental/").content.decode()
