"""不予公开 (第三十条第三款、第三十八条至第四十一条): 责任档案 and what each member said, at every door that hands out a case."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from datetime import timedelta
from io import BytesIO
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone
from pypdf import PdfReader

from yifa.decisions import public_matter
from yifa.decisions.forms import declared as forms
from yifa.decisions.tests import world as w
from yifa.decisions.tests.test_judging import client
from yifa.documents.models import Binding, Document
from yifa.documents.queries import papers
from yifa.documents.rules import INTERNAL, TO_PARTY, Form, Readers
from yifa.dossiers import queries as dossiers
from yifa.dossiers import store
from yifa.dossiers.models import Evidence
from yifa.kernel.access import services as access
from yifa.kernel.ledger.keys import signer
from yifa.kernel.ledger.verify import verify_receipt
from yifa.kernel.people.actors import Actor
from yifa.kernel.people.models import Organisation, Person, Region
from yifa.procedures import reserving
from yifa.procedures.reading import Ref

FILE, MINUTES = "重大行政决策责任档案", "重大行政决策集体讨论会议纪要"
# What one member said, and the words that stand for it.
SAID, KEPT = "资金不足", "不予公开：会议组成人员的意见"


@pytest.fixture
def ended(own_db: Any) -> tuple[w.World, Ref]:
    world = w.build()
    return world, w.carried_to_the_end(world)


@pytest.fixture
def readers(ended: tuple[w.World, Ref]) -> dict[str, Actor]:
    """Everybody who may read the case, and whether he is given the reserved (`yes`) or not (`no`)."""
    world, ref = ended
    housing = Organisation.objects.get(code=world.drafter.organisation)
    city = Region.objects.get(code="150200")
    league = w.body("1502000001", "包头市人民政府", "包政", city, kind="GOVERNMENT")
    league.territory.add(city)
    guest = w.person("客样本", Organisation.objects.get(code=world.stranger.organisation), ["head", "supervisor"])
    login = Person.objects.get(pk=guest.person).login
    access.give(
        by=world.drafter, holder_kind="person", holder=login, kind="dossier", value=ref.code,
        until=timezone.localdate() + timedelta(days=30), reason="协助后评估，需要查阅案卷",
    )  # fmt: skip
    return {
        "yes drafter": world.drafter,
        "yes mayor": world.mayor,
        "yes office": world.office,
        "yes reviewer": world.reviewer,
        "yes supervisor": world.supervisor,
        "yes assessor above": w.person("总督样本", league, ["assessor"]),
        "no officer": w.person("王样本", housing, ["officer"]),
        "no gazette": world.gazette,
        "no guest": guest,
    }


def given(readers: dict[str, Actor], opens: Any) -> dict[str, bool]:
    """Who was given it at a door, as (name, yes or no); `opens(actor)` says whether it opened."""
    return {name: opens(actor) for name, actor in readers.items()}


def as_declared(readers: dict[str, Actor]) -> dict[str, bool]:
    return {name: name.startswith("yes") for name in readers}


def text_of(sha256: str) -> str:
    return re.sub(r"\s", "", "".join(page.extract_text() for page in PdfReader(BytesIO(store.path(sha256).read_bytes())).pages))


def test_the_case_page_names_it_and_gives_it_to_its_readers(ended: tuple[w.World, Ref], readers: dict[str, Actor]) -> None:
    _, ref = ended
    digests = dict(Document.objects.filter(dossier=ref.code, title__in=(FILE, MINUTES)).values_list("title", "sha256"))
    (scan,) = Evidence.objects.filter(dossier=ref.code, step="deliberate")
    assert len(digests) == 2
    for name, actor in readers.items():
        page = client(actor).get(f"/desk/cases/{ref.code}/").content.decode()
        open_ = name.startswith("yes")
        assert FILE in page, name
        for secret in (*digests.values(), scan.sha256, SAID):
            assert (secret in page) is open_, (name, secret)
        for words in ("不予公开：责任档案", KEPT):
            assert (words in page) is not open_, (name, words)
        # What the meeting decided is for everybody who may read the case.
        assert "区人民政府第18次常务会议" in page, name


def test_the_interface_gives_neither_address_nor_words(ended: tuple[w.World, Ref], readers: dict[str, Actor]) -> None:
    _, ref = ended
    for name, actor in readers.items():
        answer = client(actor).get(f"/api/v1/cases/{ref.code}")
        assert answer.status_code == 200, name
        said = answer.json()
        kept = {each["title"]: (each["url"], each["sha256"], each["withheld"]) for each in said["documents"] if each["withheld"]}
        if name.startswith("yes"):
            assert kept == {}
            assert said["facts"]["speeches"]
            assert SAID in answer.content.decode()
        else:
            assert kept == {FILE: ("", "", "不予公开：责任档案"), MINUTES: ("", "", KEPT)}
            assert {"speeches", "departs_reason"}.isdisjoint(said["facts"])
            assert said["facts"]["outcome"] == "adopted"
            assert SAID not in answer.content.decode()


def test_the_score_down_to_its_entries_tells_no_words(ended: tuple[w.World, Ref], readers: dict[str, Actor]) -> None:
    _, ref = ended
    for name, actor in readers.items():
        for address in (f"/api/v1/decisions/{ref.code}", f"/desk/decisions/{ref.code}/"):
            assert SAID not in client(actor).get(address).content.decode(), (name, address)


def test_the_scan_of_the_minutes_opens_to_the_same_readers(ended: tuple[w.World, Ref], readers: dict[str, Actor]) -> None:
    _, ref = ended
    scan, other = Evidence.objects.get(dossier=ref.code, step="deliberate"), Evidence.objects.filter(dossier=ref.code, step="start").get()
    assert given(readers, lambda actor: client(actor).get(f"/desk/evidence/{scan.id}/").status_code == 200) == as_declared(readers)
    assert all(client(actor).get(f"/desk/evidence/{other.id}/").status_code == 200 for actor in readers.values())
    for name, actor in readers.items():
        assert (scan in dossiers.evidence(actor, ref.code)) is name.startswith("yes")


def test_the_bound_file_leaves_the_pages_out_and_says_why(ended: tuple[w.World, Ref], readers: dict[str, Actor]) -> None:
    world, ref = ended
    page, whole, part = f"/desk/cases/{ref.code}/bound/", world.mayor, readers["no officer"]
    client(whole).post(page)
    full = Binding.objects.get()
    # Another reader is neither shown nor handed the copy of one who is given more.
    assert client(part).get(f"{page}{full.id}/").status_code == 404
    assert f"{page}{full.id}/" not in client(part).get(page).content.decode()
    client(part).post(page)
    less = Binding.objects.exclude(id=full.id).get()
    assert client(whole).get(f"{page}{less.id}/").status_code == 404
    assert client(part).get(f"{page}{less.id}/").status_code == 302
    assert client(readers["no gazette"]).get(f"{page}{less.id}/").status_code == 302, "readers of the same share one copy"

    everything, rest = text_of(full.sha256), text_of(less.sha256)
    assert "不予公开" not in everything
    assert (SAID in everything, SAID in rest) == (True, False)
    assert rest.count("不予公开：责任档案") == 2, "in the catalogue and in the counts at the end"
    assert KEPT in rest
    volumes = dossiers.catalogue(part, ref.code, papers=papers)
    every = dossiers.catalogue(whole, ref.code, papers=papers)
    assert volumes is not None
    assert every is not None
    # Page numbers are the same for every reader.
    assert [line.span for volume in volumes for line in volume.lines] == [line.span for volume in every for line in volume.lines]
    kept = [line for volume in volumes for line in volume.lines if line.paper.withheld]
    assert {line.paper.sha256 for line in kept} == {""}
    assert full.sheets - less.sheets == sum(line.pages for line in kept)
    assert less.pages < full.pages


def test_the_catalogue_page_says_why(ended: tuple[w.World, Ref], readers: dict[str, Actor]) -> None:
    _, ref = ended
    for name, actor in readers.items():
        page = client(actor).get(f"/desk/cases/{ref.code}/catalogue/").content.decode()
        assert ("不予公开：责任档案" in page) is not name.startswith("yes"), name


def test_a_receipt_proves_the_record_without_the_words(ended: tuple[w.World, Ref], readers: dict[str, Actor]) -> None:
    _, ref = ended
    for address in (f"/desk/cases/{ref.code}/receipt/", f"/api/v1/cases/{ref.code}/receipt"):
        for name, actor in readers.items():
            answer = client(actor).get(address)
            assert answer.status_code == 200
            told = json.loads(answer.content)
            assert (SAID in json.dumps(told, ensure_ascii=False)) is name.startswith("yes"), (name, address)
            assert verify_receipt(answer.content, key=str(signer().verify_key)).valid, (name, address)
    assert SAID not in reserving.party_receipt(ref).decode()


def test_a_draft_is_not_drawn_for_whoever_may_not_read_the_document(ended: tuple[w.World, Ref], readers: dict[str, Actor]) -> None:
    _, ref = ended
    for name, actor in readers.items():
        page = client(actor).post(f"/desk/cases/{ref.code}/preview/archive/", {}).content.decode()
        assert (f"{FILE}：不予公开：责任档案" in page) is not name.startswith("yes"), name
        kept = client(actor).post(f"/desk/cases/{ref.code}/preview/deliberate/", {}).content.decode()
        assert ("data:image/png" in kept) is name.startswith("yes"), name


def test_the_page_says_for_whom_it_is(ended: tuple[w.World, Ref], readers: dict[str, Actor]) -> None:
    _, ref = ended
    address = f"/desk/decisions/{ref.code}/responsibility/"
    assert given(readers, lambda actor: client(actor).get(address).status_code == 200) == as_declared(readers)
    refused = client(readers["no officer"]).get(address)
    assert refused.status_code == 403
    assert "不予公开：责任档案" in refused.content.decode()
    assert "第三十八条至第四十一条" in refused.content.decode()


def test_whoever_handles_the_matter_reads_the_minutes_and_not_who_answers_for_what(own_db: Any) -> None:
    world = w.build()
    handler = w.person("何样本", Organisation.objects.get(code=world.drafter.organisation), ["officer"])
    ref = w.carried_to_the_end(replace(world, drafter=handler))
    shown = client(handler).get(f"/desk/cases/{ref.code}/").content.decode()
    digests = dict(Document.objects.filter(dossier=ref.code, title__in=(FILE, MINUTES)).values_list("title", "sha256"))
    assert digests[MINUTES] in shown
    assert SAID in shown
    assert digests[FILE] not in shown
    assert client(handler).get(f"/desk/decisions/{ref.code}/responsibility/").status_code == 403


def test_who_may_not_read_the_case_learns_nothing(ended: tuple[w.World, Ref]) -> None:
    world, ref = ended
    for address in ("", "catalogue/", "bound/", "receipt/"):
        assert client(world.stranger).get(f"/desk/cases/{ref.code}/{address}").status_code == 404
    assert client(world.stranger).get(f"/desk/decisions/{ref.code}/responsibility/").status_code == 404
    assert Client().get(f"/api/v1/cases/{ref.code}").status_code == 401


def test_what_is_reserved_is_never_for_a_party_nor_the_public() -> None:
    for form in vars(forms).values():
        if isinstance(form, Form) and form.reserved:
            assert form.audience == INTERNAL
    public = public_matter.ASKED | public_matter.ANSWERED | public_matter.ANNOUNCED | public_matter.DECIDED
    assert {form.audience for form in vars(forms).values() if isinstance(form, Form) and form.key in public} == {TO_PARTY}
    with pytest.raises(ValueError, match="reserved"):
        Form("x", "某文书", (), (), audience=TO_PARTY, reserved=Readers("某文书", ()))
