"""Sealing on a real database: order, lag, eras, several writers and sealers at once."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from uuid import uuid4

import psycopg
import pytest
from django.db import connections, transaction

from yifa.kernel.ledger import append, queries, sealing, services, tree
from yifa.kernel.ledger.models import Checkpoint, Entry, Leaf, Tile
from yifa.kernel.ledger.notes import Checkpoint as Head
from yifa.kernel.ledger.notes import verified
from yifa.kernel.ledger.tests.acting import LEAGUE, ME, Database, act, write, write_many
from yifa.kernel.ledger.verify import verify_receipt


def patiently(limit: int = services.BATCH) -> int:
    """What the next sealing seals. Transactions of the whole server hold it up, so also those of other tests on the same one."""
    end = time.monotonic() + 20
    while not (sealed := services.seal(limit)) and time.monotonic() < end:
        time.sleep(0.02)
    return sealed


def seal_all() -> int:
    """Seal until nothing waits."""
    total = 0
    while queries.lag().entries:
        sealed = patiently()
        assert sealed, "something keeps the sealing up"
        total += sealed
    return total


def check_log() -> Checkpoint:
    """The newest checkpoint is signed and its root is the naive root over the leaves, which are exactly the entries."""
    newest = queries.checkpoint()
    assert newest is not None
    leaves = list(Leaf.objects.order_by("position"))
    assert [leaf.position for leaf in leaves] == list(range(newest.size))
    head = Head.parse(verified(newest.note, [queries.vkey()]))
    assert (head.size, head.root) == (newest.size, tree.root([bytes(leaf.hash) for leaf in leaves]))
    seen: dict[str, int] = {}
    for leaf in leaves:
        assert leaf.seq == seen.get(leaf.chain, 0) + 1, "a chain's entries lie in the order of seq"
        seen[leaf.chain] = leaf.seq
        assert bytes(leaf.hash) == bytes(Entry.objects.get(league=leaf.league, chain=leaf.chain, seq=leaf.seq).hash)
    return newest


@contextmanager
def old_transaction(url: str) -> Iterator[psycopg.Connection]:
    """A transaction that took its number and does not end."""
    with psycopg.connect(url) as other:
        other.execute("SELECT pg_current_xact_id()")
        yield other


def test_an_empty_log_seals_nothing_and_has_no_checkpoint(own_db: Database) -> None:
    assert services.seal() == 0
    assert queries.checkpoint() is None
    assert queries.lag() == queries.Lag(0, None)


def test_entries_are_sealed_once_and_the_tree_grows(own_db: Database) -> None:
    roots = []
    for number in range(5):
        act(n=number)
        assert patiently() == 1
        assert services.seal() == 0
        roots.append(bytes(check_log().root))
    for first in range(1, 5):
        path = tree.consistency(first, 5, queries.node(5))
        tree.check_consistency(first, 5, roots[first - 1], roots[4], path)


def test_full_tiles_are_kept_and_partial_ones_read_off(own_db: Database) -> None:
    write_many(700)
    assert patiently(300) == 300
    assert seal_all() == 400
    newest = check_log()
    assert set(Tile.objects.values_list("level", "index")) == {(0, 0), (0, 1)}
    assert [len(queries.hashes(level, index, 700)) for level, index in ((0, 0), (0, 2), (1, 0), (0, 3))] == [256, 188, 2, 0]
    assert tree.root_at(700, queries.node(700)) == bytes(newest.root)


def test_nothing_is_sealed_before_a_running_older_transaction(own_db: Database) -> None:
    with old_transaction(own_db.app_url) as other:
        act()
        assert services.seal() == 0
        assert queries.lag().entries == 1
        other.rollback()
    assert patiently() == 1
    assert queries.lag().entries == 0


def test_an_entry_pulls_in_the_predecessor_of_a_later_transaction(own_db: Database) -> None:
    """seq 2 in a transaction numbered before that of seq 1, and a third transaction numbered between them still running."""
    chain = "certificate:9"
    with old_transaction(own_db.app_url) as early, old_transaction(own_db.app_url) as between:
        first = act(chain)
        write(early, chain, 2, bytes(first.hash))
        early.commit()
        assert patiently() == 2
        assert list(Leaf.objects.order_by("position").values_list("seq", flat=True)) == [1, 2]
        act("parameter:other")
        assert services.seal() == 0
        between.rollback()
    assert patiently() == 1
    check_log()


def test_a_small_limit_keeps_chains_in_order(own_db: Database) -> None:
    with old_transaction(own_db.app_url) as early:
        last = [act("rating:1", n=n) for n in range(6)][-1]
        write(early, "rating:1", 7, bytes(last.hash))
        early.commit()
    assert patiently(1) == 7
    check_log()


def test_a_gap_in_a_chain_stops_the_sealing_loudly(own_db: Database) -> None:
    with psycopg.connect(own_db.app_url) as other:
        write(other, "rating:2", 2, b"\x00" * 32)
    with pytest.raises(sealing.LedgerError):
        patiently()
    assert queries.checkpoint() is None


def test_eight_writers_one_early_transaction_two_sealers_lose_nothing(own_db: Database) -> None:
    acknowledged: list[tuple[str, int]] = []
    stop = threading.Event()

    def writer(number: int) -> None:
        try:
            for turn in range(25):
                entry = act(f"signin:{(number + turn) % 5}", n=turn)
                acknowledged.append((entry.chain, entry.seq))
        finally:
            connections.close_all()

    def sealer() -> None:
        try:
            while not stop.is_set():
                services.seal(limit=7)
                time.sleep(0.005)
        finally:
            connections.close_all()

    with old_transaction(own_db.app_url) as early, ThreadPoolExecutor(10) as pool:
        sealers = [pool.submit(sealer) for _ in range(2)]
        writers = [pool.submit(writer, number) for number in range(8)]
        time.sleep(0.3)
        write(early, "signin:early", 1, None)
        early.commit()
        acknowledged.append(("signin:early", 1))
        for done in writers:
            done.result()
        stop.set()
        for done in sealers:
            done.result()
    seal_all()
    check_log()
    assert len(acknowledged) == 201
    assert sorted(acknowledged) == sorted(Leaf.objects.values_list("chain", "seq"))


def test_a_new_era_seals_what_the_old_one_left(own_db: Database) -> None:
    """After a restore old entries carry numbers far beyond the new server's: they are sealed first, then the new ones."""
    act("parameter:a")
    seal_all()
    with psycopg.connect(own_db.admin_url, autocommit=True) as admin:
        # As the restore of a dump from a server that had counted much further leaves it.
        entry = write(None, "parameter:b", 1, None)
        members, params = append.cte(entry)
        admin.execute("ALTER TABLE ledger_entry ALTER xid SET DEFAULT '900000000000'")
        admin.execute(f"WITH {members} SELECT", params)
        admin.execute("ALTER TABLE ledger_entry ALTER xid SET DEFAULT pg_current_xact_id()")
    assert services.seal() == 0
    assert queries.lag().entries == 1
    assert services.new_era("从备份恢复") == 2
    act("parameter:c")
    assert seal_all() == 2
    assert list(Leaf.objects.order_by("position").values_list("chain", flat=True)) == ["parameter:a", "parameter:b", "parameter:c"]
    assert services.seal() == 0
    act("parameter:d")
    assert patiently(1) == 1
    check_log()


def test_another_server_is_noticed_as_a_new_era(own_db: Database) -> None:
    with psycopg.connect(own_db.admin_url, autocommit=True) as admin:
        admin.execute("ALTER TABLE ledger_era DISABLE TRIGGER USER")
        admin.execute("UPDATE ledger_era SET system = '1'")
        admin.execute("ALTER TABLE ledger_era ENABLE TRIGGER USER")
    act()
    assert patiently() == 1
    check_log()
    assert Checkpoint.objects.get().era == 2


def test_a_new_era_waits_for_running_writers(own_db: Database) -> None:
    """An entry of the old era that commits after the new one began would never be looked at again."""
    with psycopg.connect(own_db.app_url) as other:
        write(other, "rating:3", 1, None)

        def begin() -> None:
            services.new_era("演练")
            connections.close_all()

        began = threading.Thread(target=begin)
        began.start()
        time.sleep(0.2)
        assert began.is_alive()
        other.commit()
        began.join()
    assert services.seal() == 1


def test_a_forged_tree_is_not_continued(own_db: Database) -> None:
    act("a:1")
    seal_all()
    with psycopg.connect(own_db.admin_url, autocommit=True) as admin:
        admin.execute("ALTER TABLE ledger_leaf DISABLE TRIGGER USER")
        admin.execute("UPDATE ledger_leaf SET hash = sha256('forged')")
    act("a:2")
    with pytest.raises(sealing.LedgerError):
        patiently()


def test_the_same_key_is_one_entry(own_db: Database) -> None:
    key = uuid4()
    first = services.record("complaint:1", "lodge", actor=ME, payload={"text": "x"}, league=LEAGUE, key=key)
    second = services.record("complaint:1", "lodge", actor=ME, payload={"text": "y"}, league=LEAGUE, key=key)
    assert (first.seq, bytes(first.hash)) == (second.seq, bytes(second.hash))
    assert Entry.objects.count() == 1


def test_record_joins_the_callers_transaction(own_db: Database) -> None:
    with transaction.atomic():
        act()
        transaction.set_rollback(True)
    assert not Entry.objects.exists()


def test_a_receipt_asked_before_sealing_seals_and_verifies(own_db: Database) -> None:
    services.record("rating:7", "rate", actor=ME, payload={"stars": 5}, closed={"note": "内部"}, league=LEAGUE)
    services.record("rating:7", "answer", actor=ME, payload=None, league=LEAGUE)
    key = str(queries.vkey())
    whole = verify_receipt(services.receipt("rating:7", league=LEAGUE, sides=("open", "closed")), key=key)
    assert whole.valid, whole.reason
    assert [(step.open, step.closed) for step in whole.steps] == [("shown", "shown"), ("none", "none")]
    public = verify_receipt(services.receipt("rating:7", league=LEAGUE), key=key)
    assert public.valid
    assert public.steps[0].closed == "withheld"


def test_a_receipt_proves_entries_deep_in_a_large_log(own_db: Database) -> None:
    write_many(600)
    act("rating:8")
    write_many(70, "x")
    act("rating:8")
    verdict = verify_receipt(services.receipt("rating:8", league=LEAGUE), key=str(queries.vkey()))
    assert verdict.valid, verdict.reason
    assert [step.position for step in verdict.steps] == [600, 671]


def test_a_receipt_waits_and_then_says_so(own_db: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(services, "PATIENCE", 0.3)
    with pytest.raises(services.UnknownChainError):
        services.receipt("rating:none", league=LEAGUE)
    with old_transaction(own_db.app_url):
        act("rating:9")
        with pytest.raises(services.UnsealedError):
            services.receipt("rating:9", league=LEAGUE)
    monkeypatch.undo()
    assert services.receipt("rating:9", league=LEAGUE)
