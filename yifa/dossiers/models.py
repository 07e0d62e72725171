"""One case, one code: the dossier, who takes part in it, its evidence and the files still on their way.

Keys start with the 盟市 (`league`), so a 盟市 can become a shard. A dossier's `state` and `facts` are projections of the ledger's entries;
personal data lies only in `Party`, which can be erased (个人信息保护法) without touching the record.
"""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Left

from yifa.dossiers.personal import unseal


class Dossier(models.Model):
    """A case file (案卷). `code` is its case number and the name of its chain in the ledger."""

    pk = models.CompositePrimaryKey("league", "code")
    league = models.CharField(max_length=6)
    code = models.CharField(max_length=64)
    procedure = models.CharField(max_length=64)
    version = models.CharField(max_length=16)
    organisation = models.ForeignKey("people.Organisation", models.PROTECT, related_name="+", db_index=False)
    region = models.ForeignKey("people.Region", models.PROTECT, related_name="+", db_index=False)
    sector = models.CharField(max_length=64, blank=True)
    number = models.CharField("文号", max_length=64, null=True)
    title = models.CharField("案由", max_length=400, blank=True)
    party_label = models.CharField("当事人(已隐名)", max_length=200, blank=True)
    status = models.CharField(max_length=32)
    state = models.JSONField(default=dict)
    facts = models.JSONField(default=dict)
    seq = models.IntegerField(default=0)
    opened_at = models.DateTimeField()
    updated_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True)
    token = models.CharField("一案一码", max_length=26)
    proof_hash = models.CharField("核验码(加盐散列)", max_length=128, blank=True)
    drill = models.BooleanField(default=False)
    # By which right the reader was given it: set by `queries.case`, never stored; the reading log names it.
    ground = ""

    class Meta:
        # One index for each branch of a reader's scope, all in the order of the lists: newest first, ties by code. Both columns run the
        # same way, so `(opened_at, code) < (…)` continues a list as one index condition. `status` is indexed only while the case is open:
        # open cases are few, so the index stays small. `code` and `token` are unique by how they are made (the code names its region, the
        # token has 128 random bits); a unique index without the league would forbid partitioning by 盟市.
        indexes: ClassVar = [
            models.Index(fields=["code"], name="dossier_code"),
            models.Index(fields=["token"], name="dossier_token"),
            models.Index(F("opened_at").desc(), F("code").desc(), name="dossier_newest"),
            models.Index(
                F("league"),
                F("opened_at").desc(),
                F("code").desc(),
                name="dossier_league_newest",
            ),
            models.Index(
                F("region"),
                F("opened_at").desc(),
                F("code").desc(),
                name="dossier_region_newest",
            ),
            models.Index(Left("region", 6), F("opened_at").desc(), F("code").desc(), name="dossier_banner_newest"),
            models.Index(
                F("organisation"),
                F("opened_at").desc(),
                F("code").desc(),
                name="dossier_organisation_newest",
            ),
            models.Index(
                F("status"),
                F("opened_at").desc(),
                F("code").desc(),
                condition=Q(closed_at=None),
                name="dossier_open_status",
            ),
            # The few dossiers of a rare procedure among a body's many: the registers of a decision ask for them at every act.
            models.Index(fields=["procedure", "organisation"], name="dossier_procedure"),
            models.Index(
                fields=["number"],
                name="dossier_number",
                opclasses=["varchar_pattern_ops"],
            ),
        ]

    def __str__(self) -> str:
        return self.number or self.code


class Party(models.Model):
    """A party of a case. The only table of a dossier with personal data in the clear or sealed; `identity_hash` answers "the same party?"

    (处罚法第二十九条) without opening anything.
    """

    pk = models.CompositePrimaryKey("league", "dossier", "n")
    league = models.CharField(max_length=6)
    dossier = models.CharField(max_length=64)
    n = models.SmallIntegerField()
    kind = models.CharField(max_length=16)
    name = models.CharField(max_length=200)
    identity_kind = models.CharField(max_length=16, blank=True)
    identity_sealed = models.BinaryField(null=True)
    identity_hash = models.CharField(max_length=64, blank=True)
    phone_sealed = models.BinaryField(null=True)
    address = models.CharField(max_length=400, blank=True)
    representative = models.CharField(max_length=100, blank=True)
    erased_at = models.DateTimeField(null=True)

    class Meta:
        indexes: ClassVar = [
            models.Index(
                fields=["identity_hash"],
                name="party_identity",
                condition=~Q(identity_hash=""),
            ),
            models.Index(fields=["name"], name="party_name", opclasses=["varchar_pattern_ops"]),
        ]

    @property
    def identity_number(self) -> str:
        return unseal(self.identity_sealed)

    @property
    def phone(self) -> str:
        return unseal(self.phone_sealed)


class CaseRole(models.Model):
    """A person's part in a case (主办、协办、审核…); to be given a task is to be allowed to read what it needs.

    `opened_at` repeats the dossier's, so that "my cases" is one index scan in list order.
    """

    pk = models.CompositePrimaryKey("league", "dossier", "person_id", "role")
    league = models.CharField(max_length=6)
    dossier = models.CharField(max_length=64)
    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", db_index=False)
    role = models.CharField(max_length=32)
    opened_at = models.DateTimeField()

    class Meta:
        indexes: ClassVar = [
            models.Index(
                F("person"),
                F("opened_at").desc(),
                F("dossier").desc(),
                name="caserole_person_newest",
            )
        ]


class Part(models.Model):
    """Another body's part in a case (司法行政部门的合法性审核、被申请人…): from its first turn on it may read the case."""

    pk = models.CompositePrimaryKey("league", "dossier", "organisation_id", "office")
    league = models.CharField(max_length=6)
    dossier = models.CharField(max_length=64)
    organisation = models.ForeignKey("people.Organisation", models.PROTECT, related_name="+", db_index=False)
    office = models.CharField(max_length=32)
    opened_at = models.DateTimeField()

    class Meta:
        indexes: ClassVar = [
            models.Index(F("organisation"), F("opened_at").desc(), F("dossier").desc(), name="part_organisation_newest"),
        ]


class Newest(models.Model):
    """The newest dossier of a body, kept by a trigger on `Dossier`: where a list over many bodies begins to look.

    A dossier is never deleted, and neither its body nor its moment changes, so the newest is the highest that was ever inserted.
    """

    # The dossier's own constraint has asked for the body already.
    organisation = models.OneToOneField("people.Organisation", models.PROTECT, primary_key=True, related_name="+", db_constraint=False)
    opened_at = models.DateTimeField()
    code = models.CharField(max_length=64)


class Evidence(models.Model):
    """A file of the record (证据). Without `dossier` and `seq` it waits for the step that names it; `taken_at` and `uploaded_at` together

    show whether it came in within 24 hours (内蒙古244号令第二十条).
    """

    pk = models.CompositePrimaryKey("league", "id")
    league = models.CharField(max_length=6)
    id = models.UUIDField()
    dossier = models.CharField(max_length=64, null=True)
    step = models.CharField(max_length=64, blank=True)
    seq = models.IntegerField(null=True)
    title = models.CharField(max_length=200)
    kind = models.CharField(max_length=16)
    sha256 = models.CharField(max_length=64)
    size = models.BigIntegerField()
    mime = models.CharField(max_length=128)
    facts = models.JSONField(default=dict)
    taken_at = models.DateTimeField(null=True)
    uploaded_at = models.DateTimeField()
    uploaded_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", db_index=False)

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["dossier", "seq"], name="evidence_dossier"),
            models.Index(fields=["sha256"], name="evidence_sha256"),
            models.Index(
                fields=["uploaded_by", "uploaded_at"],
                name="evidence_waiting",
                condition=Q(seq=None),
            ),
        ]


class Upload(models.Model):
    """A resumable upload under way (tus 1.0). `received` bytes are safe on disk; what the part file holds beyond them does not count."""

    pk = models.CompositePrimaryKey("league", "id")
    league = models.CharField(max_length=6)
    id = models.UUIDField(db_index=True)
    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    dossier = models.CharField(max_length=64, null=True)
    step = models.CharField(max_length=64, blank=True)
    kind = models.CharField(max_length=16)
    filename = models.CharField(max_length=200)
    length = models.BigIntegerField()
    received = models.BigIntegerField(default=0)
    sha256 = models.CharField(max_length=64, blank=True)
    taken_at = models.DateTimeField(null=True)
    created_at = models.DateTimeField()
    expires_at = models.DateTimeField(db_index=True)
    evidence = models.UUIDField(null=True)
    refusal = models.CharField(max_length=400, blank=True)
