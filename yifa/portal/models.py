"""Who asked the public pages what, as far as limits and the log of badge checks need it; addresses are kept as keyed digests only."""

from __future__ import annotations

from typing import ClassVar

from django.db import models


class Attempt(models.Model):
    """A counted try: an unknown code, a proof that failed, a badge looked at, a complaint filed. Swept after a month."""

    id = models.BigAutoField(primary_key=True)
    kind = models.CharField(max_length=10)
    subject = models.CharField(max_length=64, blank=True)
    address = models.CharField(max_length=32)
    at = models.DateTimeField()

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["kind", "address", "at"], name="attempt_address"),
            models.Index(fields=["kind", "subject", "at"], name="attempt_subject"),
            models.Index(fields=["at"], name="attempt_at"),
        ]


class BadgeCheck(models.Model):
    """Somebody scanned an officer's badge, and what he was told (执法证件核验记录)."""

    pk = models.CompositePrimaryKey("league", "id")
    league = models.CharField(max_length=6)
    id = models.UUIDField()
    certificate = models.CharField(max_length=20)
    status = models.CharField(max_length=16)
    valid = models.BooleanField()
    address = models.CharField(max_length=32)
    at = models.DateTimeField()

    class Meta:
        indexes: ClassVar = [models.Index(fields=["certificate", "-at"], name="badge_check_newest")]
