"""What the record counts for: facts, their month sums, and how far the follower has read."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q


class Fact(models.Model):
    """What one entry counts for. `once` lets a thing count once per body and month (an item used, an officer who acted)."""

    pk = models.CompositePrimaryKey("league", "position", "n")
    league = models.CharField(max_length=6)
    position = models.BigIntegerField()
    n = models.SmallIntegerField()
    metric = models.CharField(max_length=24)
    organisation = models.CharField(max_length=10)
    region = models.CharField(max_length=12)
    month = models.CharField(max_length=7)
    numerator = models.BigIntegerField()
    denominator = models.BigIntegerField()
    chain = models.CharField(max_length=255)
    seq = models.IntegerField()
    once = models.CharField(max_length=80, blank=True)
    reason = models.CharField(max_length=300, blank=True)

    class Meta:
        indexes: ClassVar = [models.Index(fields=["metric", "organisation", "month", "position"], name="facts_fact_behind")]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["league", "metric", "organisation", "month", "once"], condition=~Q(once=""), name="facts_fact_once"
            )
        ]


class Tally(models.Model):
    """The sum of the facts of one metric, body, region and month; `n` is how many facts there are."""

    pk = models.CompositePrimaryKey("league", "metric", "organisation", "region", "month")
    league = models.CharField(max_length=6)
    metric = models.CharField(max_length=24)
    organisation = models.CharField(max_length=10)
    region = models.CharField(max_length=12)
    month = models.CharField(max_length=7)
    numerator = models.BigIntegerField()
    denominator = models.BigIntegerField()
    n = models.IntegerField()

    class Meta:
        indexes: ClassVar = [models.Index(fields=["organisation", "month"], name="facts_tally_organisation")]


class Cursor(models.Model):
    """One row: the position of the next leaf to read. Its lock makes the follower one."""

    name = models.CharField(primary_key=True, max_length=20)
    position = models.BigIntegerField()
    counted_at = models.DateTimeField(null=True)
