"""A reader asks for the whole file: quick ones at once, long ones by the worker, and every download is a reading."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from django.db import connection
from django.test import Client
from django.utils import timezone
from pypdf import PdfReader

from yifa.documents import bindings, services
from yifa.documents.models import Binding, Document
from yifa.documents.queries import papers
from yifa.dossiers import queries, store
from yifa.dossiers.models import CaseRole, Dossier
from yifa.enforcement.tests import world as w
from yifa.kernel.people.actors import Actor
from yifa.kernel.people.models import Person, Reading
from yifa.procedures.reading import Ref
from yifa.site.tasks import bind_dossier

pytestmark = pytest.mark.usefixtures("own_db")


def signed_in(actor: Actor) -> Client:
    client = Client()
    client.force_login(Person.objects.get(pk=actor.person), backend="django.contrib.auth.backends.ModelBackend")
    return client


def decided() -> tuple[w.World, Ref]:
    world = w.build()
    return world, w.walk(world, "establish", "order_correction", "inform", "hear", "decide")


def asked(world: w.World, ref: Ref) -> Binding:
    dossier = queries.case(world.li, ref.code)
    assert dossier
    row = bindings.ask(dossier, by=world.li, papers=papers, at=timezone.now())
    assert row
    return row


def test_the_whole_file_is_bound_downloaded_and_written_down_as_read() -> None:
    world, ref = decided()
    client, page = signed_in(world.li), f"/desk/cases/{ref.code}/bound/"
    assert "装订案卷（PDF）" in client.get(f"/desk/cases/{ref.code}/").content.decode()
    assert "装订案卷" in client.get(page).content.decode()
    before = Reading.objects.count()
    assert client.post(page).headers["Location"] == page
    row = Binding.objects.get()
    assert (row.state, row.left_out) == ("done", 0)
    assert Reading.objects.count() == before
    shown = client.get(page).content.decode()
    assert f"{page}{row.id}/" in shown
    answer = client.get(f"{page}{row.id}/")
    assert answer.status_code == 302
    assert row.sha256 in answer.headers["Location"]
    line = Reading.objects.latest("at")
    assert (line.subject, line.way, line.detail, line.reader) == (ref.code, "download", "装订的案卷", world.li.person)
    assert set(line.items) == {"party", "evidence", "documents"}
    volumes = queries.catalogue(world.li, ref.code, papers=papers)
    assert volumes
    pages = [re.sub(r"\s", "", each.extract_text()) for each in PdfReader(store.path(row.sha256)).pages]
    assert row.sheets == sum(volume.pages for volume in volumes)
    assert row.pages == len(pages) == row.sheets + 3
    # Each paper begins on the page that the catalogue names.
    n = 2
    for volume in volumes:
        for paper in volume.lines:
            assert f"{volume.name}第{paper.first}页" in pages[n], paper.paper.title
            n += paper.pages
    dossier = Dossier.objects.get(code=ref.code)
    assert f"本案第{dossier.seq}条" in pages[-1]


def test_a_stranger_neither_asks_nor_downloads() -> None:
    world, ref = decided()
    row = asked(world, ref)
    client, page = signed_in(world.stranger), f"/desk/cases/{ref.code}/bound/"
    before = Reading.objects.count()
    assert [client.get(page).status_code, client.post(page).status_code, client.get(f"{page}{row.id}/").status_code] == [404, 404, 404]
    assert Reading.objects.count() == before
    assert Client().get(f"{page}{row.id}/").status_code == 302
    assert Reading.objects.count() == before


def test_the_same_file_is_bound_once_until_something_happens() -> None:
    world, ref = decided()
    first = asked(world, ref)
    assert asked(world, ref).id == first.id
    w.do(world, ref, "deliver")
    assert signed_in(world.li).get(f"/desk/cases/{ref.code}/bound/{first.id}/").status_code == 404
    second = asked(world, ref)
    assert second.id != first.id
    assert second.seq == first.seq + 1
    # What the sweep has taken away is bound again.
    store.remove(second.sha256)
    assert asked(world, ref).id != second.id


def test_what_takes_long_is_left_to_the_worker(monkeypatch: pytest.MonkeyPatch) -> None:
    world, ref = decided()
    monkeypatch.setattr(bindings, "QUICK", 0.0)
    client, page = signed_in(world.li), f"/desk/cases/{ref.code}/bound/"
    client.post(page)
    client.post(page)
    row = Binding.objects.get()
    assert row.state == "waiting"
    with connection.cursor() as cursor:
        cursor.execute("SELECT args ->> 'league', args ->> 'ident' FROM procrastinate_jobs WHERE task_name = %s", [bindings.TASK])
        assert cursor.fetchall() == [(row.league, str(row.id))]
    waiting = client.get(page).content.decode()
    assert "排队中" in waiting
    assert "hx-trigger" in waiting
    bind_dossier(row.league, str(row.id))
    bind_dossier(row.league, str(row.id))  # a job run twice does nothing the second time
    row.refresh_from_db()
    assert (row.state, row.done) == ("done", row.sheets)
    assert "下载案卷" in client.get(page).content.decode()


def test_whoever_lost_his_rights_meanwhile_gets_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    world, ref = decided()
    monkeypatch.setattr(bindings, "QUICK", 0.0)
    row = asked(world, ref)
    Person.objects.get(pk=world.li.person).posts.update(until=timezone.localdate() - timedelta(days=1))
    CaseRole.objects.all().delete()
    with pytest.raises(bindings.GoneError):
        bindings.perform(row.league, UUID(str(row.id)), papers)
    row.refresh_from_db()
    assert (row.state, row.sha256) == ("failed", "")


def test_a_worker_that_died_does_not_hold_the_file_for_ever(monkeypatch: pytest.MonkeyPatch) -> None:
    world, ref = decided()
    monkeypatch.setattr(bindings, "QUICK", 0.0)
    row = asked(world, ref)
    assert asked(world, ref).id == row.id
    Binding.objects.update(state="at_work", moved_at=timezone.now() - bindings.STALE - timedelta(seconds=1))
    again = asked(world, ref)
    assert again.id != row.id
    row.refresh_from_db()
    assert (row.state, again.state) == ("failed", "waiting")


def test_what_goes_wrong_is_said_and_can_be_tried_again(monkeypatch: pytest.MonkeyPatch) -> None:
    world, ref = decided()

    def broken(*_args: Any, **_more: Any) -> None:
        raise OSError("no space left on device")

    with monkeypatch.context() as patch:
        patch.setattr("yifa.documents.binding.bind", broken)
        with pytest.raises(OSError, match="no space"):
            asked(world, ref)
    assert Binding.objects.get().state == "failed"
    assert "没有装订成" in signed_in(world.li).get(f"/desk/cases/{ref.code}/bound/").content.decode()
    assert asked(world, ref).state == "done"


def test_the_sweep_takes_the_bound_copy_and_leaves_the_papers() -> None:
    world, ref = decided()
    row = asked(world, ref)
    named = set(Document.objects.filter(dossier=ref.code).values_list("sha256", flat=True))
    services.sweep(at=timezone.now())
    assert store.exists(row.sha256)
    services.sweep(at=timezone.now() + timedelta(hours=1, minutes=1))
    assert not store.exists(row.sha256)
    assert all(store.exists(sha256) for sha256 in named)
    services.sweep(at=timezone.now() + timedelta(days=1, minutes=1))
    assert not Binding.objects.exists()
