"""The register's pages: what the public reads, in every form; what an office sees, imports and checks."""

from __future__ import annotations

import csv
import io
from datetime import timedelta
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone

from yifa.kernel.people.actors import Actor
from yifa.kernel.people.models import Person
from yifa.normative.models import CampaignItem, IssuedLine, NormativeDocument
from yifa.normative.tests import world as w
from yifa.normative.tests.test_register import ROW, made, workbook


def signed_in(actor: Actor) -> Client:
    client = Client()
    client.force_login(Person.objects.get(pk=actor.person), backend="django.contrib.auth.backends.ModelBackend")
    return client


def test_the_public_reads_the_list_as_page_table_data_and_feed(db: Any) -> None:
    world = w.build()
    made(world, "1", title="=1+1<script>alert(1)</script>办法", valid_until=timezone.localdate() + timedelta(days=9))
    made(world, "2", openness="")
    page = Client().get("/documents/").content.decode()
    assert "&lt;script&gt;" in page
    assert "<script>alert" not in page
    assert "包昆政发〔2025〕2号" not in page
    rows = list(csv.reader(io.StringIO(Client().get("/documents/valid.csv").content.decode("utf-8-sig"))))
    assert (len(rows), rows[1][2][:2], rows[1][8]) == (2, "'=", "现行有效")
    data = Client().get("/documents/valid.json?q=〔2025〕1").json()
    assert [each["number"] for each in data["documents"]] == ["包昆政发〔2025〕1号"]
    feed = Client().get("/documents/changes.rss")
    assert feed["Content-Type"].startswith("application/rss+xml")
    assert feed.content.decode().count("<item><title>公布：") == 1


def test_a_citizen_asks_for_a_day_and_is_told_why(db: Any) -> None:
    world = w.build()
    made(world, "1", ended_on=timezone.localdate(), ended_by="repealed", ending="包昆政发〔2026〕1号")
    asked = Client().get("/documents/check/?q=包昆政发[2025]1")
    assert "已废止" in asked.content.decode()
    assert "包昆政发〔2026〕1号" in asked.content.decode()
    assert "登记以后还没有同原件核对" in asked.content.decode()
    before = Client().get(f"/documents/check/?q=包昆政发[2025]1&on={timezone.localdate() - timedelta(days=1)}")
    assert "现行有效</span>" in before.content.decode()
    assert Client().get("/documents/check/?q=没有").status_code == 404
    assert Client().get("/documents/check/?q=甲&on=昨天").status_code == 400
    assert Client().get("/documents/?on=昨天").status_code == 400


def test_an_office_tries_a_list_takes_it_and_checks_a_text(own_db: Any) -> None:
    world = w.build()
    client = signed_in(world.drafter)

    def send(act: str, *rows: list[Any]) -> Any:
        return client.post("/desk/normative/import/", {"file": SimpleUploadedFile("目录.xlsx", workbook(*rows)), "act": act})

    assert "可以导入 1 份" in send("try", ROW).content.decode()
    assert NormativeDocument.objects.count() == 0
    assert "已导入 1 份" in send("take", ROW).content.decode()
    wrong = send("try", [*ROW[:3], "去年", *ROW[4:]])
    assert (wrong.status_code, "“去年”不是日期" in wrong.content.decode()) == (422, True)
    row = NormativeDocument.objects.get()
    address = f"/desk/normative/documents/{row.code}/"
    assert client.post(address, {"against": ""}).status_code == 422
    assert client.post(address, {"against": "区人民政府公报2024年第1期"}).status_code == 302
    assert "区人民政府公报2024年第1期" in Client().get(f"/documents/{row.code}/").content.decode()
    assert signed_in(world.stranger).get(address).status_code == 404


def test_the_desk_warns_of_what_expires(db: Any) -> None:
    world = w.build()
    made(world, "1", valid_until=timezone.localdate() + timedelta(days=20))
    assert "三十日内到期" in signed_in(world.drafter).get("/desk/normative/").content.decode()
    assert "三十日内到期" in signed_in(world.justice).get("/desk/normative/").content.decode()
    assert "三十日内到期" not in signed_in(world.stranger).get("/desk/normative/").content.decode()


def test_a_clean_up_is_opened_followed_and_published_on_its_pages(own_db: Any) -> None:
    world = w.build()
    made(world, "1", text="根据《环境保护法》第六条，制定本办法。")
    justice, drafter = signed_in(world.justice), signed_in(world.drafter)
    plan = {"kind": "special", "title": "专项清理", "base_date": "2026-08-15", "deadline": "2027-02-15", "works": "《环境保护法》同时废止"}
    assert drafter.post("/desk/normative/cleanups/", plan).status_code == 404
    assert justice.post("/desk/normative/cleanups/", {**plan, "deadline": "明年"}).status_code == 422
    address = justice.post("/desk/normative/cleanups/", plan)["Location"]
    page = drafter.get(address).content.decode()
    assert "《环境保护法》第六条" in page
    assert "提出建议" in page
    assert signed_in(world.stranger).get(address).status_code == 404
    justice.post(f"{address}publish/")
    assert "还有1份文件没有作出决定" in justice.get(address).content.decode()
    CampaignItem.objects.update(decided="amend")
    justice.post(f"{address}publish/")
    public = address.replace("/desk/normative/", "/documents/")
    assert "修改（1 份）" in Client().get(public).content.decode()
    assert "专项清理" in Client().get("/documents/cleanups/").content.decode()


def test_an_issued_list_goes_up_and_the_justice_office_decides_line_by_line(own_db: Any) -> None:
    world = w.build()
    drafter, justice = signed_in(world.drafter), signed_in(world.justice)
    sent = {"organisation": world.drafter.organisation, "since": "2025-01-01", "until": "2025-12-31"}
    table = "文号,标题\n包昆政发〔2025〕30号,昆都仑区社区养老服务补贴办法\n".encode()
    assert drafter.post("/desk/normative/lists/", sent).status_code == 422
    address = drafter.post("/desk/normative/lists/", {**sent, "file": SimpleUploadedFile("目录.csv", table)})["Location"]
    assert "未登记，待认定" in drafter.get(address).content.decode()
    line = IssuedLine.objects.get()
    said = {"line": line.pk, "finding": "added", "reason": "应当登记"}
    assert drafter.post(address, said).status_code == 404
    assert justice.post(address, said).status_code == 422
    assert justice.post(address, {**said, "made_on": "2025-05-06", "published_on": "2025-05-08"}).status_code == 302
    assert "已补登" in justice.get(address).content.decode()
    row = NormativeDocument.objects.get()
    assert drafter.post(f"/desk/normative/documents/{row.code}/", {"act": "hand_in"}).status_code == 302
    row.refresh_from_db()
    assert row.filed_on == timezone.localdate()
    assert signed_in(world.stranger).get(address).status_code == 404
