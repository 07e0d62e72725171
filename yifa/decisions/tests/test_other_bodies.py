"""What another body of the same place, in the same roles, sees of a matter that is not its own: nothing, under whatever address it asks."""

from __future__ import annotations

import pytest
from django.test import Client

from yifa.decisions.models import Drawing, Engagement, Hearing
from yifa.decisions.tests import world as w
from yifa.decisions.tests.stage import heard_and_drawn
from yifa.decisions.tests.test_register_pages import signed_in
from yifa.kernel.people.actors import Actor
from yifa.kernel.people.models import Organisation

pytestmark = pytest.mark.usefixtures("own_db")


def test_another_body_finds_neither_the_matter_nor_its_hearing_nor_its_experts() -> None:
    world = w.build()
    ref = w.begun(world, open_matter=False, closed_reason="涉及国家秘密")
    heard_and_drawn(w.propose(world).code, world.drafter, Organisation.objects.get(code=world.mayor.organisation))
    hearing, drawing = Hearing.objects.get(), Drawing.objects.get()
    addresses = [
        f"/desk/cases/{ref.code}/",
        f"/desk/decisions/{ref.code}/",
        f"/desk/decisions/{ref.code}/responsibility/",
        f"/desk/decisions/hearings/{hearing.id}/people/",
        f"/desk/decisions/hearings/{hearing.id}/minutes/",
        f"/desk/decisions/experts/draw/{drawing.id}/",
        f"/api/v1/decisions/{ref.code}",
        f"/api/v1/cases/{ref.code}",
    ]
    for actor in (world.stranger, None):
        client = signed_in(actor) if actor else Client()
        for address in addresses:
            answer = client.get(address)
            assert answer.status_code in {302, 401, 403, 404}, (address, answer.status_code)
    own = signed_in(world.drafter)
    assert {own.get(address).status_code for address in addresses} == {200}


def test_another_body_does_nothing_to_a_hearing_or_a_drawing_by_its_address() -> None:
    world = w.build()
    matter = w.propose(world)
    heard_and_drawn(matter.code, world.drafter, Organisation.objects.get(code=world.mayor.organisation))
    hearing, drawing, chosen = Hearing.objects.get(), Drawing.objects.get(), Engagement.objects.get()
    stranger = signed_in(_in_every_role(world.stranger))
    stranger.post(f"/desk/decisions/hearings/{hearing.id}/cancel/", {"reason": "不办了"})
    stranger.post(f"/desk/decisions/experts/draw/{drawing.id}/replace/", {"engagement": str(chosen.id), "reason": "换一位"})
    hearing.refresh_from_db()
    chosen.refresh_from_db()
    assert hearing.status == Hearing.Status.ANNOUNCED
    assert chosen.state == Engagement.State.DRAWN
    assert Engagement.objects.count() == 1


def _in_every_role(actor: Actor) -> Actor:
    return w.person("何样本", Organisation.objects.get(code=actor.organisation), ["officer", "head", "discloser", "reviewer"])
