"""Who followed a work before the followers of all rooms shared a table goes on following it, by the link he has."""

from __future__ import annotations

from importlib import import_module
from typing import Any

import psycopg

from yifa.kernel.people.models import MailFollower
from yifa.laws import mailing
from yifa.laws.models import Work

OLD = """
CREATE TABLE laws_mailfollower (id bigserial, work_id bigint, email text, token text, asked_at timestamptz, confirmed_at timestamptz);
INSERT INTO laws_mailfollower (work_id, email, token, asked_at, confirmed_at)
SELECT id, 'citizen@example.org', 'an-old-link', now(), now() FROM laws_work;
"""


def test_the_link_of_an_old_mail_goes_on_working(own_db: Any) -> None:
    work = Work.objects.create(slug="试验法", title="试验法", type="FL", level="国家", sort_key="s")
    copy = import_module("yifa.laws.migrations.0009_followers_of_people").COPY
    with psycopg.connect(own_db.owner_url, autocommit=True) as owner:
        owner.execute(OLD.encode())
        owner.execute(copy.encode())
    assert mailing.followed() == {work.pk}
    assert mailing.by_token("an-old-link") == (MailFollower.objects.get(), work)
    assert MailFollower.objects.get().title == "《试验法》的变动"
