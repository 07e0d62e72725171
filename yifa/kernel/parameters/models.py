"""Legal numbers that an installation sets for itself, above the committed ones."""

from __future__ import annotations

from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models


class Override(models.Model):
    """One act on a parameter. Rows are only added: of the same name, place and sector the later wins; `withdrawn` takes all back."""

    name = models.CharField("参数", max_length=60)
    value = models.BigIntegerField("值", default=0)
    unit = models.CharField("单位", max_length=10)
    cites = ArrayField(models.CharField(max_length=200), verbose_name="依据")
    region = models.CharField("区划", max_length=12)
    sector = models.CharField("领域", max_length=30, blank=True)
    valid_from = models.DateField("有效期起", null=True, blank=True)
    valid_to = models.DateField("有效期止", null=True, blank=True)
    note = models.CharField("说明", max_length=300, blank=True)
    withdrawn = models.BooleanField("撤回", default=False)
    recorded_at = models.DateTimeField("登记时间")

    class Meta:
        indexes: ClassVar = [models.Index(fields=["name", "id"], name="parameters_override_name")]
