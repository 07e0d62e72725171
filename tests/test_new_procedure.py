"""A new procedure is one file, its forms and one test. Here it lies in a temporary folder, and the desk carries it to its end."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from django.db import connection

from yifa.dossiers.models import Dossier
from yifa.enforcement.context import ENFORCEMENT
from yifa.enforcement.tests import world as w
from yifa.enforcement.tests.test_desk import posted, sign_in
from yifa.enforcement.tests.walk import DRAWN
from yifa.kernel.ledger import queries as ledger
from yifa.kernel.ledger.verify import verify_receipt
from yifa.procedures import registry
from yifa.procedures.context import discover
from yifa.procedures.models import Obligation, Refusal

PROCEDURE = '''"""走访告知: a procedure of five steps, for a test."""

from yifa.documents.rules import OFFICERS, SIGNATURES, Form, State
from yifa.enforcement.forms.declared import HEAD
from yifa.enforcement.rules import L
from yifa.kernel.calendar.terms import workdays
from yifa.procedures.core import Procedure, Step, Who, rule
from yifa.procedures.fields import LONG, PERSONS, SIGNATURE, Field
from yifa.procedures.fields import TEXT as LINE

OFFICER, CHIEF = Who(("officer",)), Who(("head",))
NOTICE = Form("visit_notice", "走访告知书", L[44], series="走", states=(
    *HEAD, State("findings", "情况"), State("officers", "执法人员", OFFICERS), State("officer_signatures", "签名", SIGNATURES)))


@rule("V01", L[42].kuan(2))
def is_polite(case):
    "执法人员应当文明执法,走访的情况应当写明"
    return True


class Visit(Procedure):
    """走访一户,告知有关规定。"""

    key, title, version, code = "visit", "走访告知", "2024-01-01", "09"

    announce = Step("通知走访", L[44], by=OFFICER, asks=(Field("officers", "走访人员", PERSONS), Field("where", "地点", LINE)))
    visit = Step("走访", L[42], by=OFFICER, after=announce, within=workdays(5), needs=(is_polite,), asks=(Field("findings", "情况", LONG),))
    tell = Step("告知", L[44], by=OFFICER, after=visit, within=workdays(2), gives=NOTICE, names=True,
                asks=(Field("officer_signatures", "签名", SIGNATURE, personal=True),))
    approve = Step("负责人审阅", L[47], by=CHIEF, after=tell, within=workdays(3))
    close = Step("办结", L[47], by=OFFICER, after=approve, ends=True)
'''
FORM = '#import "/blocks.typ": *\n#show: official.with(doc)\n#header(doc)\n#para(v.findings)\n#sign-officers(doc)\n#footer-seal(doc)\n'


@pytest.fixture
def visits(tmp_path: Path) -> Iterator[None]:
    folder = tmp_path / "visits"
    (folder / "procedures").mkdir(parents=True)
    (folder / "forms").mkdir()
    for package in (folder, folder / "procedures"):
        (package / "__init__.py").touch()
    (folder / "procedures" / "visit.py").write_text(PROCEDURE, encoding="utf-8")
    (folder / "forms" / "走访告知书.typ").write_text(FORM, encoding="utf-8")
    sys.path.insert(0, str(tmp_path))
    try:
        with registry.also(replace(ENFORCEMENT, name="visits", title="走访", package="visits", procedures=discover("visits"))):
            yield
    finally:
        sys.path.remove(str(tmp_path))
        for name in [name for name in sys.modules if name.split(".")[0] == "visits"]:
            del sys.modules[name]


def test_a_new_procedure_appears_on_the_desk_and_runs_to_its_end(own_db: Any, visits: None) -> None:
    world = w.build()
    officer, head = sign_in(world.li), sign_in(world.head)
    assert "走访告知" in officer.get("/desk/").content.decode()
    answer = officer.post("/desk/start/visit/", posted({"officers": [world.li.person], "where": "样本街1号"}))
    code = Dossier.objects.get().code
    home = f"/desk/cases/{code}/"
    assert answer["Location"] == home

    # Refusals: out of turn, a missing answer, the wrong post.
    assert officer.get(f"{home}do/tell/").status_code == 409
    assert officer.post(f"{home}do/visit/", posted({})).status_code == 422
    assert "请填写“情况”" in officer.post(f"{home}do/visit/", posted({})).content.decode()

    assert officer.post(f"{home}do/visit/", posted({"findings": "一切正常"})).status_code == 302
    answer = officer.post(f"{home}do/tell/", posted({"officer_signatures": {"people": [DRAWN]}}))
    assert answer.status_code == 302, answer.context["findings"]
    assert officer.post(f"{home}do/approve/", posted({})).status_code == 422
    assert head.post(f"{home}do/approve/", posted({})).status_code == 302
    assert officer.post(f"{home}do/close/", posted({})).status_code == 302

    dossier = Dossier.objects.get()
    assert dossier.number == f"包昆农走〔{datetime.now(UTC).year}〕1号"
    assert list(Obligation.objects.order_by("opened_seq").values_list("step", "closed_seq")) == [("visit", 2), ("tell", 3), ("approve", 4)]
    assert Refusal.objects.filter(dossier=code).count() == 3
    page = officer.get(home).content.decode()
    assert "负责人审阅" in page
    assert "<svg" in page

    receipt = officer.get(f"{home}receipt/").content
    verdict = verify_receipt(receipt, key=str(ledger.vkey()))
    assert verdict.valid, verdict
    assert len(json.loads(receipt)["entries"]) == 5


def test_the_same_key_opens_one_dossier_of_the_new_procedure(own_db: Any, visits: None) -> None:
    world = w.build()
    officer, key = sign_in(world.li), str(uuid4())
    for _ in range(2):
        officer.post("/desk/start/visit/", {**posted({"officers": [world.li.person], "where": "样本街1号"}), "_key": key})
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM ledger_entry")
        assert cursor.fetchone()[0] == 1
