"""What was disclosed and taken back. What *is* disclosed is not stored: it is the query of steps that publish (disclosure/queries.py)."""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.db import models


class Withdrawal(models.Model):
    """撤回公示: a decision changed, annulled or found unlawful is taken back within three days and the reason told (行政处罚法 48)."""

    pk = models.CompositePrimaryKey("league", "dossier")
    league = models.CharField(max_length=6)
    dossier = models.CharField(max_length=64)
    organisation = models.ForeignKey("people.Organisation", models.PROTECT, related_name="+", db_index=False)
    reason = models.CharField("撤回理由", max_length=300)
    withdrawn_at = models.DateTimeField("撤回时间")
    withdrawn_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", db_index=False)

    class Meta:
        indexes: ClassVar = [models.Index(fields=["organisation", "-withdrawn_at"], name="withdrawal_newest")]
