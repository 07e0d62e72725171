"""Grants: reading rights beyond a body's own, given to a person or a body for a time and a reason."""

from __future__ import annotations

import uuid
from typing import ClassVar

from django.db import models
from django.db.models import Q


class Grant(models.Model):
    """A right to read the dossiers of a body, of a region, or one dossier: for guests (检察官, 法官) and rounds of inspection."""

    class Kind(models.TextChoices):
        ORGANISATION = "organisation", "机关"
        REGION = "region", "区划"
        DOSSIER = "dossier", "案卷"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    person = models.ForeignKey("people.Person", models.PROTECT, null=True, blank=True, related_name="grants")
    organisation = models.ForeignKey("people.Organisation", models.PROTECT, null=True, blank=True, related_name="grants")
    kind = models.CharField("范围", max_length=12, choices=Kind.choices)
    value = models.CharField("对象", max_length=60)
    reason = models.CharField("理由", max_length=300)
    given_by = models.ForeignKey("people.Person", models.PROTECT, related_name="+")
    # The body acted for: it answers for the grant, whoever heads it later. Empty for grants made before it was kept.
    given_for = models.CharField("授权机关", max_length=10, blank=True)
    given_at = models.DateTimeField("授予时间")
    until = models.DateField("至")
    revoked_at = models.DateTimeField("收回时间", null=True, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(person__isnull=True, organisation__isnull=False) | Q(person__isnull=False, organisation__isnull=True),
                name="access_grant_one_holder",
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["person", "until"], name="access_grant_person"),
            models.Index(fields=["organisation", "until"], name="access_grant_organisation"),
            models.Index(fields=["given_for", "-given_at", "-id"], name="access_grant_given"),
        ]
