"""The tables of a dossier. Foreign keys on (league, code) are written in SQL, because Django has none to composite keys."""

from __future__ import annotations

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


def belongs(table: str) -> migrations.RunSQL:
    return migrations.RunSQL(
        f"ALTER TABLE {table} ADD CONSTRAINT {table}_of FOREIGN KEY (league, dossier) REFERENCES dossiers_dossier (league, code)",
        f"ALTER TABLE {table} DROP CONSTRAINT {table}_of",
    )


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("people", "__first__"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Party",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "league",
                        "dossier",
                        "n",
                        blank=True,
                        editable=False,
                        primary_key=True,
                        serialize=False,
                    ),
                ),
                ("league", models.CharField(max_length=6)),
                ("dossier", models.CharField(max_length=64)),
                ("n", models.SmallIntegerField()),
                ("kind", models.CharField(max_length=16)),
                ("name", models.CharField(max_length=200)),
                ("identity_kind", models.CharField(blank=True, max_length=16)),
                ("identity_sealed", models.BinaryField(null=True)),
                ("identity_hash", models.CharField(blank=True, max_length=64)),
                ("phone_sealed", models.BinaryField(null=True)),
                ("address", models.CharField(blank=True, max_length=400)),
                ("representative", models.CharField(blank=True, max_length=100)),
                ("erased_at", models.DateTimeField(null=True)),
            ],
            options={
                "indexes": [
                    models.Index(
                        condition=models.Q(("identity_hash", ""), _negated=True),
                        fields=["identity_hash"],
                        name="party_identity",
                    ),
                    models.Index(
                        fields=["name"],
                        name="party_name",
                        opclasses=["varchar_pattern_ops"],
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Upload",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "league",
                        "id",
                        blank=True,
                        editable=False,
                        primary_key=True,
                        serialize=False,
                    ),
                ),
                ("league", models.CharField(max_length=6)),
                ("id", models.UUIDField(db_index=True)),
                ("dossier", models.CharField(max_length=64, null=True)),
                ("step", models.CharField(blank=True, max_length=64)),
                ("kind", models.CharField(max_length=16)),
                ("filename", models.CharField(max_length=200)),
                ("length", models.BigIntegerField()),
                ("received", models.BigIntegerField(default=0)),
                ("sha256", models.CharField(blank=True, max_length=64)),
                ("taken_at", models.DateTimeField(null=True)),
                ("created_at", models.DateTimeField()),
                ("expires_at", models.DateTimeField(db_index=True)),
                ("evidence", models.UUIDField(null=True)),
                ("refusal", models.CharField(blank=True, max_length=400)),
                (
                    "person",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="CaseRole",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "league",
                        "dossier",
                        "person_id",
                        "role",
                        blank=True,
                        editable=False,
                        primary_key=True,
                        serialize=False,
                    ),
                ),
                ("league", models.CharField(max_length=6)),
                ("dossier", models.CharField(max_length=64)),
                ("role", models.CharField(max_length=32)),
                ("opened_at", models.DateTimeField()),
                (
                    "person",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(
                        models.F("person"),
                        models.OrderBy(models.F("opened_at"), descending=True),
                        models.OrderBy(models.F("dossier"), descending=True),
                        name="caserole_person_newest",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Dossier",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "league",
                        "code",
                        blank=True,
                        editable=False,
                        primary_key=True,
                        serialize=False,
                    ),
                ),
                ("league", models.CharField(max_length=6)),
                ("code", models.CharField(max_length=64)),
                ("procedure", models.CharField(max_length=64)),
                ("version", models.CharField(max_length=16)),
                ("sector", models.CharField(blank=True, max_length=64)),
                (
                    "number",
                    models.CharField(max_length=64, null=True, verbose_name="文号"),
                ),
                (
                    "title",
                    models.CharField(blank=True, max_length=400, verbose_name="案由"),
                ),
                (
                    "party_label",
                    models.CharField(blank=True, max_length=200, verbose_name="当事人(已隐名)"),
                ),
                ("status", models.CharField(max_length=32)),
                ("state", models.JSONField(default=dict)),
                ("facts", models.JSONField(default=dict)),
                ("seq", models.IntegerField(default=0)),
                ("opened_at", models.DateTimeField()),
                ("updated_at", models.DateTimeField()),
                ("closed_at", models.DateTimeField(null=True)),
                ("token", models.CharField(max_length=26, verbose_name="一案一码")),
                (
                    "proof_hash",
                    models.CharField(blank=True, max_length=128, verbose_name="核验码(加盐散列)"),
                ),
                ("drill", models.BooleanField(default=False)),
                (
                    "organisation",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="people.organisation",
                    ),
                ),
                (
                    "region",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="people.region",
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(fields=["code"], name="dossier_code"),
                    models.Index(fields=["token"], name="dossier_token"),
                    models.Index(
                        models.OrderBy(models.F("opened_at"), descending=True),
                        models.OrderBy(models.F("code"), descending=True),
                        name="dossier_newest",
                    ),
                    models.Index(
                        models.F("league"),
                        models.OrderBy(models.F("opened_at"), descending=True),
                        models.OrderBy(models.F("code"), descending=True),
                        name="dossier_league_newest",
                    ),
                    models.Index(
                        models.F("region"),
                        models.OrderBy(models.F("opened_at"), descending=True),
                        models.OrderBy(models.F("code"), descending=True),
                        name="dossier_region_newest",
                    ),
                    models.Index(
                        models.F("organisation"),
                        models.OrderBy(models.F("opened_at"), descending=True),
                        models.OrderBy(models.F("code"), descending=True),
                        name="dossier_organisation_newest",
                    ),
                    models.Index(
                        models.F("status"),
                        models.OrderBy(models.F("opened_at"), descending=True),
                        models.OrderBy(models.F("code"), descending=True),
                        condition=models.Q(("closed_at", None)),
                        name="dossier_open_status",
                    ),
                    models.Index(
                        fields=["number"],
                        name="dossier_number",
                        opclasses=["varchar_pattern_ops"],
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Evidence",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "league",
                        "id",
                        blank=True,
                        editable=False,
                        primary_key=True,
                        serialize=False,
                    ),
                ),
                ("league", models.CharField(max_length=6)),
                ("id", models.UUIDField()),
                ("dossier", models.CharField(max_length=64, null=True)),
                ("step", models.CharField(blank=True, max_length=64)),
                ("seq", models.IntegerField(null=True)),
                ("title", models.CharField(max_length=200)),
                ("kind", models.CharField(max_length=16)),
                ("sha256", models.CharField(max_length=64)),
                ("size", models.BigIntegerField()),
                ("mime", models.CharField(max_length=64)),
                ("facts", models.JSONField(default=dict)),
                ("taken_at", models.DateTimeField(null=True)),
                ("uploaded_at", models.DateTimeField()),
                (
                    "uploaded_by",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(fields=["dossier", "seq"], name="evidence_dossier"),
                    models.Index(fields=["sha256"], name="evidence_sha256"),
                    models.Index(
                        condition=models.Q(("seq", None)),
                        fields=["uploaded_by", "uploaded_at"],
                        name="evidence_waiting",
                    ),
                ],
            },
        ),
        belongs("dossiers_party"),
        belongs("dossiers_caserole"),
        belongs("dossiers_evidence"),
    ]
