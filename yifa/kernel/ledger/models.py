"""The record's tables as Django reads them. Their definitions, rights and guards are SQL: see migration 0001.

Only `Monitor` is an ordinary table. The others are written by `append`, `services.seal` and the SQL function `erase_payload` alone.
"""

from __future__ import annotations

from django.db import models


class Era(models.Model):
    """A stretch of the record within which transaction numbers can be compared; a restore starts a new one."""

    era = models.IntegerField(primary_key=True)
    system = models.TextField()
    reason = models.TextField()
    begun_at = models.DateTimeField()

    class Meta:
        managed = False
        db_table = "ledger_era"


class Entry(models.Model):
    """One act: its body and the hash of it. `xid`, which orders the sealing, is the database's and not read here."""

    pk = models.CompositePrimaryKey("league", "chain", "seq")
    league = models.TextField()
    chain = models.TextField()
    seq = models.IntegerField()
    era = models.IntegerField()
    id = models.BigIntegerField()
    key = models.UUIDField()
    step = models.TextField()
    actor = models.TextField()
    late = models.BooleanField()
    at = models.DateTimeField()
    recorded_at = models.DateTimeField()
    body = models.BinaryField()
    hash = models.BinaryField()

    class Meta:
        managed = False
        db_table = "ledger_entry"


class Payload(models.Model):
    """What an entry's body committed to, byte for byte, with its salt; both null once erased."""

    pk = models.CompositePrimaryKey("league", "chain", "seq", "side")
    league = models.TextField()
    chain = models.TextField()
    seq = models.IntegerField()
    side = models.TextField()
    payload = models.TextField(null=True)
    salt = models.BinaryField(null=True)

    class Meta:
        managed = False
        db_table = "ledger_payload"


class Leaf(models.Model):
    """An entry's place in the log."""

    position = models.BigIntegerField(primary_key=True)
    league = models.TextField()
    chain = models.TextField()
    seq = models.IntegerField()
    hash = models.BinaryField()

    class Meta:
        managed = False
        db_table = "ledger_leaf"


class Tile(models.Model):
    """A full tile of 256 hashes and the root over them. Partial tiles are read off the leaves and tiles below."""

    pk = models.CompositePrimaryKey("level", "index")
    level = models.SmallIntegerField()
    index = models.BigIntegerField()
    hashes = models.BinaryField()
    root = models.BinaryField()

    class Meta:
        managed = False
        db_table = "ledger_tile"


class Checkpoint(models.Model):
    """A signed tree head, and how far the sealing had come: every entry before the horizon was sealed by then."""

    size = models.BigIntegerField(primary_key=True)
    root = models.BinaryField()
    note = models.TextField()
    era = models.IntegerField()
    horizon_era = models.IntegerField()
    sealed_at = models.DateTimeField()

    class Meta:
        managed = False
        db_table = "ledger_checkpoint"


class Erasure(models.Model):
    """Which side was erased, on which ground, by which two persons; written by `erase_payload` alone."""

    id = models.BigIntegerField(primary_key=True)
    league = models.TextField()
    chain = models.TextField()
    seq = models.IntegerField()
    side = models.TextField()
    ground = models.TextField()
    first_person = models.TextField()
    second_person = models.TextField()
    entry_seq = models.IntegerField()
    erased_at = models.DateTimeField()

    class Meta:
        managed = False
        db_table = "ledger_erasure"


class Monitor(models.Model):
    """Somebody who may read entry bundles to watch the log; the token itself is shown once and never stored."""

    name = models.TextField(unique=True)
    token_hash = models.CharField(max_length=64, unique=True)
    created_at = models.DateTimeField(auto_now_add=True)
    revoked_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return self.name
