"""`yifa doctor --record` looks through the whole record, and says so in words when it does not hold."""

from __future__ import annotations

import psycopg
import pytest

from yifa.kernel.ledger.tests.acting import Database, act
from yifa.kernel.ledger.tests.test_seal import seal_all
from yifa.site import doctor


def test_the_whole_record_is_looked_through_when_asked(own_db: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(doctor, "EXAMINATIONS", {})
    act()
    act("parameter:other")
    seal_all()
    assert list(doctor.examine()) == []
    [good] = doctor.examine(whole=True)
    assert (good.level, good.text) == (doctor.OK, "2 条逐条核对无误，其中 2 条已封存，0 份内容已依法清除")
    with psycopg.connect(own_db.admin_url) as admin:
        admin.execute("SET session_replication_role = replica")
        admin.execute("UPDATE ledger_payload SET payload = payload || ' ' WHERE chain = 'parameter:other'")
    [bad] = doctor.examine(whole=True)
    assert bad.level == doctor.WRONG
    assert "parameter:other 1" in bad.text
    assert bad.todo
