"""The generic desk with the on-the-spot penalty: what an officer sees and does."""

from __future__ import annotations

import json
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client

from yifa.dossiers.models import Dossier
from yifa.enforcement.tests import world as w
from yifa.enforcement.tests.walk import DRAWN
from yifa.kernel.people.actors import Actor
from yifa.kernel.people.models import Person
from yifa.laws import services
from yifa.laws.tests.cast import NEW, OLD


def sign_in(actor: Actor) -> Client:
    client = Client()
    client.force_login(Person.objects.get(pk=actor.person), backend="django.contrib.auth.backends.ModelBackend")
    session = client.session
    session["people.post"], session["people.factor"] = actor.post, True
    session.save()
    return client


def posted(facts: dict[str, Any], **more: Any) -> dict[str, Any]:
    """What a browser would send for these answers."""
    form: dict[str, Any] = {"_key": str(uuid4()), **more}
    for key, value in facts.items():
        if key == "party":
            form |= {f"party.{part}": text for part, text in value.items()}
        elif isinstance(value, dict) and "people" in value:
            form |= {f"{key}.{n}": json.dumps(drawn) for n, drawn in enumerate(value["people"])}
        elif isinstance(value, dict):
            form[key] = json.dumps(value)
        else:
            form[key] = {True: "true", False: "false"}.get(value, value) if isinstance(value, bool) else value
    return form


def test_an_officer_does_a_case_on_the_desk(own_db: Any) -> None:
    world = w.build()
    client = sign_in(world.li)
    assert client.get("/desk/").status_code == 200
    page = client.get("/desk/start/summary_penalty/")
    assert page.status_code == 200
    assert "出示执法证件" in page.content.decode()
    answer = client.post("/desk/start/summary_penalty/", posted(w.answers(world, "show_badge")))
    assert answer.status_code == 302, answer.content.decode()
    dossier = Dossier.objects.get()
    home = f"/desk/cases/{dossier.code}/"
    assert answer["Location"] == home
    for name in ("establish", "order_correction", "inform", "hear", "decide", "deliver", "file"):
        assert client.get(f"{home}do/{name}/").status_code == 200, name
        facts = w.answers(world, name)
        if name == "establish":
            facts["evidence"] = str(w.photo(world.li))
        answer = client.post(f"{home}do/{name}/", posted(facts))
        assert answer.status_code == 302, (name, [each["text"] for each in answer.context["findings"]])
        assert client.get(home).status_code == 200
    shown = client.get(home).content.decode()
    assert "包昆农当罚" in shown
    assert "11010519491231002X" in shown
    assert "缴纳罚款" in client.get("/desk/").content.decode()
    assert dossier.code in client.get("/desk/cases/").content.decode()
    receipt = client.get(f"{home}receipt/")
    assert receipt.status_code == 200
    assert json.loads(receipt.content)


def test_a_refusal_says_why_with_the_article(own_db: Any) -> None:
    world = w.build()
    client = sign_in(world.li)
    ref = w.walk(world, "establish", "order_correction")
    answer = client.post(f"/desk/cases/{ref.code}/do/inform/", posted(w.answers(world, "inform", proposed_fine="201")))
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "二百元以下" in page
    assert "第五十一条" in page
    assert 'value="201"' in page


def test_a_step_whose_turn_has_not_come_says_so(own_db: Any) -> None:
    world = w.build()
    ref = w.begin(world).ref
    answer = sign_in(world.li).get(f"/desk/cases/{ref.code}/do/decide/")
    assert answer.status_code == 409
    assert "应当先办理" in answer.content.decode()


@pytest.mark.parametrize("path", ["", "do/establish/", "receipt/"])
def test_a_stranger_sees_nothing(own_db: Any, path: str) -> None:
    world = w.build()
    ref = w.begin(world).ref
    assert sign_in(world.stranger).get(f"/desk/cases/{ref.code}/{path}").status_code == 404
    assert Client().get(f"/desk/cases/{ref.code}/{path}").status_code == 302


def test_the_document_is_shown_before_it_is_signed(own_db: Any) -> None:
    world = w.build()
    client = sign_in(world.li)
    ref = w.walk(world, "establish", "order_correction", "inform", "hear")
    page = client.post(f"/desk/cases/{ref.code}/preview/decide/", posted({"officer_signatures": {"people": [DRAWN]}})).content.decode()
    assert "data:image/png;base64," in page


def test_a_draft_is_kept_until_the_act(own_db: Any) -> None:
    world = w.build()
    client = sign_in(world.li)
    ref = w.begin(world).ref
    key = f"{ref.code}/establish"
    assert client.post(f"/desk/drafts/?key={key}", {"description": "占道三平方米"}).status_code == 204
    assert "占道三平方米" in client.get(f"/desk/cases/{ref.code}/do/establish/").content.decode()


@pytest.mark.parametrize(
    ("typed", "leads_to"),
    [
        ("管理法1", "/t1?on="),
        ("试验管理法第一条", "/t1?on="),
        ("《试验管理法》第1条", "/t1?on="),
        ("没有的法3", "/laws/?title="),
        ("张样本", "/desk/cases/?q="),
    ],
)
def test_the_search_box_takes_articles_and_cases(own_db: Any, typed: str, leads_to: str) -> None:
    services.import_texts([OLD, NEW])
    answer = sign_in(w.build().li).get("/desk/search/", {"q": typed})
    assert answer.status_code == 302
    assert leads_to in answer["Location"]


def test_evidence_is_asked_for_by_its_own_step_and_not_before_it(own_db: Any) -> None:
    world = w.build()
    ref = w.begin(world).ref
    page = sign_in(world.li).get(f"/desk/cases/{ref.code}/").content.decode()
    assert f'href="/desk/cases/{ref.code}/do/establish/"' in page
    assert "请至少附一份证据" not in page
