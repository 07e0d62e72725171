"""The first tables of the law library."""

import django.contrib.postgres.fields
import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = []

    operations = [
        migrations.CreateModel(
            name="Work",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("slug", models.CharField(max_length=400, unique=True)),
                ("title", models.CharField(max_length=400)),
                ("type", models.CharField(max_length=16)),
                ("form", models.CharField(blank=True, max_length=32)),
                ("level", models.CharField(max_length=8)),
                ("region", models.CharField(blank=True, max_length=12)),
                ("makers", django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=100), default=list, size=None)),
                (
                    "subjects",
                    django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=100), default=list, size=None),
                ),
                ("sort_key", models.CharField(db_index=True, max_length=800)),
            ],
        ),
        migrations.CreateModel(
            name="CitedBy",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("kind", models.CharField(max_length=32)),
                ("label", models.CharField(max_length=300)),
                ("url", models.CharField(blank=True, max_length=300)),
                ("work_key", models.CharField(max_length=400)),
                ("node_key", models.CharField(max_length=80)),
                ("version", models.CharField(blank=True, max_length=10)),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("work_key", "node_key", "version", "kind", "label", "url"), name="laws_cited_by_once")
                ],
            },
        ),
        migrations.CreateModel(
            name="Expression",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("version", models.CharField(max_length=10)),
                ("number", models.CharField(blank=True, max_length=100)),
                ("note", models.TextField(blank=True)),
                ("adopted_on", models.DateField(null=True)),
                ("published_on", models.DateField()),
                ("stated_effective_on", models.DateField(null=True)),
                ("effective_on", models.DateField()),
                ("ended_on", models.DateField(null=True)),
                ("ended_by", models.CharField(blank=True, max_length=8)),
                ("ending", models.TextField(blank=True)),
                ("dates_doubtful", models.BooleanField(default=False)),
                ("doubts", django.contrib.postgres.fields.ArrayField(base_field=models.TextField(), default=list, size=None)),
                ("source", models.CharField(max_length=200)),
                ("source_claim", models.CharField(blank=True, max_length=32)),
                ("sha256", models.CharField(max_length=64)),
                ("splitter", models.PositiveSmallIntegerField()),
                ("work", models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name="expressions", to="laws.work")),
            ],
        ),
        migrations.CreateModel(
            name="Node",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("key", models.CharField(max_length=80)),
                ("kind", models.CharField(max_length=4)),
                ("number", models.CharField(blank=True, max_length=60)),
                ("heading", models.CharField(blank=True, max_length=200)),
                ("text", models.TextField(blank=True)),
                ("parent", models.CharField(blank=True, max_length=80)),
                ("order", models.PositiveIntegerField()),
                ("expression", models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name="nodes", to="laws.expression")),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("expression", "key"), name="laws_node_once"),
                    models.UniqueConstraint(fields=("expression", "order"), name="laws_node_in_order"),
                ],
            },
        ),
        migrations.CreateModel(
            name="Title",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("key", models.CharField(db_index=True, max_length=400)),
                ("kind", models.CharField(max_length=8)),
                ("work", models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name="titles", to="laws.work")),
            ],
            options={
                "constraints": [models.UniqueConstraint(fields=("work", "key"), name="laws_title_once")],
            },
        ),
        migrations.AddConstraint(
            model_name="expression",
            constraint=models.UniqueConstraint(fields=("work", "version"), name="laws_expression_once"),
        ),
        migrations.AddConstraint(
            model_name="expression",
            constraint=models.CheckConstraint(
                condition=models.Q(("effective_on__gte", models.F("published_on"))), name="laws_not_in_force_before_publication"
            ),
        ),
    ]
