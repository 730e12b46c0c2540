"""Slates with their bounds and lines, and the fund that a decision charges."""

import django.db.models.deletion
import uuid
from decimal import Decimal
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("grants", "0012_fund_ledgers_only_grow"),
        ("reviews", "0008_deciding"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            model_name="decision",
            name="fund",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="decisions",
                to="grants.fund",
                verbose_name="fund",
            ),
        ),
        migrations.CreateModel(
            name="Slate",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ("created_at", models.DateTimeField(auto_now_add=True, verbose_name="made at")),
                ("name", models.CharField(max_length=120, verbose_name="name")),
                (
                    "status",
                    models.CharField(
                        choices=[
                            ("draft", "Draft"),
                            ("proposed", "Waits for a director"),
                            ("approved", "Approved"),
                            ("discarded", "Discarded"),
                        ],
                        default="draft",
                        max_length=10,
                        verbose_name="status",
                    ),
                ),
                ("budget", models.DecimalField(decimal_places=2, max_digits=14, verbose_name="money to give")),
                (
                    "cap",
                    models.DecimalField(
                        blank=True, decimal_places=2, max_digits=14, null=True, verbose_name="most for one organisation"
                    ),
                ),
                (
                    "least_percent",
                    models.PositiveSmallIntegerField(
                        default=60, verbose_name="least useful part of what is asked, in percent"
                    ),
                ),
                ("seed", models.CharField(editable=False, max_length=32)),
                ("version", models.PositiveIntegerField(default=1, editable=False)),
                ("suggestion", models.JSONField(blank=True, default=dict, editable=False)),
                ("reason", models.TextField(blank=True, verbose_name="reason, for the record")),
                ("proposed_at", models.DateTimeField(blank=True, null=True, verbose_name="proposed at")),
                ("settled_at", models.DateTimeField(blank=True, null=True, verbose_name="settled at")),
                (
                    "call",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="slates",
                        to="grants.call",
                        verbose_name="call",
                    ),
                ),
                (
                    "fund",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="slates",
                        to="grants.fund",
                        verbose_name="fund",
                    ),
                ),
                (
                    "made_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="made by",
                    ),
                ),
                (
                    "proposed_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="proposed by",
                    ),
                ),
                (
                    "settled_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="settled by",
                    ),
                ),
            ],
            options={
                "verbose_name": "slate",
                "verbose_name_plural": "slates",
                "ordering": ["-created_at"],
            },
        ),
        migrations.CreateModel(
            name="SlateBound",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ("created_at", models.DateTimeField(auto_now_add=True, verbose_name="made at")),
                (
                    "by",
                    models.CharField(
                        choices=[("community", "Community"), ("region", "Place"), ("theme", "Theme")],
                        max_length=10,
                        verbose_name="by",
                    ),
                ),
                ("group", models.CharField(max_length=20, verbose_name="group")),
                (
                    "measure",
                    models.CharField(
                        choices=[("money", "money"), ("count", "number of grants")],
                        default="money",
                        max_length=6,
                        verbose_name="part of",
                    ),
                ),
                (
                    "at_least",
                    models.PositiveSmallIntegerField(blank=True, null=True, verbose_name="at least, in percent"),
                ),
                (
                    "at_most",
                    models.PositiveSmallIntegerField(blank=True, null=True, verbose_name="at most, in percent"),
                ),
                (
                    "slate",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="bounds",
                        to="reviews.slate",
                        verbose_name="slate",
                    ),
                ),
            ],
            options={
                "verbose_name": "bound of a slate",
                "verbose_name_plural": "bounds of a slate",
                "ordering": ["by", "group", "measure"],
            },
        ),
        migrations.CreateModel(
            name="SlateLine",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ("created_at", models.DateTimeField(auto_now_add=True, verbose_name="made at")),
                (
                    "lock",
                    models.CharField(
                        choices=[("free", "Open"), ("in", "Must be in"), ("out", "Must be out")],
                        default="free",
                        max_length=4,
                        verbose_name="settled",
                    ),
                ),
                ("minimum", models.DecimalField(decimal_places=2, max_digits=14, verbose_name="least useful amount")),
                (
                    "amount",
                    models.DecimalField(
                        decimal_places=2, default=Decimal("0"), max_digits=14, verbose_name="proposed amount"
                    ),
                ),
                ("note", models.CharField(blank=True, max_length=300, verbose_name="note")),
                (
                    "application",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="slate_lines",
                        to="grants.application",
                        verbose_name="application",
                    ),
                ),
                (
                    "decision",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="slate_lines",
                        to="reviews.decision",
                        verbose_name="decision",
                    ),
                ),
                (
                    "slate",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="lines",
                        to="reviews.slate",
                        verbose_name="slate",
                    ),
                ),
            ],
            options={
                "verbose_name": "line of a slate",
                "verbose_name_plural": "lines of a slate",
            },
        ),
        migrations.AddConstraint(
            model_name="slate",
            constraint=models.UniqueConstraint(
                condition=models.Q(("status", "discarded"), _negated=True),
                fields=("call", "name"),
                name="slate_name_once_a_call",
            ),
        ),
        migrations.AddConstraint(
            model_name="slate",
            constraint=models.CheckConstraint(condition=models.Q(("budget__gt", 0)), name="slate_budget_positive"),
        ),
        migrations.AddConstraint(
            model_name="slate",
            constraint=models.CheckConstraint(
                condition=models.Q(("cap__isnull", True), ("cap__gt", 0), _connector="OR"), name="slate_cap_positive"
            ),
        ),
        migrations.AddConstraint(
            model_name="slate",
            constraint=models.CheckConstraint(
                condition=models.Q(("least_percent__gte", 1), ("least_percent__lte", 100)), name="slate_least_percent"
            ),
        ),
        migrations.AddConstraint(
            model_name="slate",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("status__in", ["draft", "discarded"]),
                    models.Q(("proposed_at__isnull", False), ("proposed_by__isnull", False)),
                    _connector="OR",
                ),
                name="slate_proposed_whole",
            ),
        ),
        migrations.AddConstraint(
            model_name="slatebound",
            constraint=models.UniqueConstraint(fields=("slate", "by", "group", "measure"), name="slate_bound_once"),
        ),
        migrations.AddConstraint(
            model_name="slatebound",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("at_least__isnull", True),
                    ("at_most__isnull", True),
                    ("at_least__lte", models.F("at_most")),
                    _connector="OR",
                ),
                name="slate_bound_in_order",
            ),
        ),
        migrations.AddConstraint(
            model_name="slatebound",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("at_least__isnull", True), ("at_least__lte", 100), _connector="OR"),
                    models.Q(("at_most__isnull", True), ("at_most__lte", 100), _connector="OR"),
                ),
                name="slate_bound_percent",
            ),
        ),
        migrations.AddConstraint(
            model_name="slatebound",
            constraint=models.CheckConstraint(
                condition=models.Q(("at_least__isnull", False), ("at_most__isnull", False), _connector="OR"),
                name="slate_bound_says_something",
            ),
        ),
        migrations.AddConstraint(
            model_name="slateline",
            constraint=models.UniqueConstraint(fields=("slate", "application"), name="slate_line_once"),
        ),
        migrations.AddConstraint(
            model_name="slateline",
            constraint=models.CheckConstraint(
                condition=models.Q(("amount__gte", 0)), name="slate_line_amount_not_negative"
            ),
        ),
        migrations.AddConstraint(
            model_name="slateline",
            constraint=models.CheckConstraint(
                condition=models.Q(("minimum__gt", 0)), name="slate_line_minimum_positive"
            ),
        ),
    ]
