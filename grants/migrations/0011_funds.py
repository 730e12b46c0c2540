"""Funds and their ledgers."""

import core.translated
import django.db.models.deletion
import uuid
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0002_groups_of_roles"),
        ("grants", "0010_history_of_appeals"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Fund",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ("created_at", models.DateTimeField(auto_now_add=True, verbose_name="made at")),
                (
                    "name",
                    core.translated.TranslatedField(
                        blank=True, default=core.translated.Translated, verbose_name="name"
                    ),
                ),
                ("source", models.CharField(blank=True, max_length=200, verbose_name="where the money comes from")),
                (
                    "currency",
                    models.CharField(
                        choices=[
                            ("USD", "USD"),
                            ("EUR", "EUR"),
                            ("ILS", "ILS"),
                            ("GBP", "GBP"),
                            ("CHF", "CHF"),
                            ("JOD", "JOD"),
                            ("SEK", "SEK"),
                            ("NOK", "NOK"),
                            ("DKK", "DKK"),
                        ],
                        max_length=3,
                        verbose_name="currency",
                    ),
                ),
                ("starts_on", models.DateField(verbose_name="from")),
                ("ends_on", models.DateField(blank=True, null=True, verbose_name="until")),
                (
                    "restrictions",
                    core.translated.TranslatedField(
                        blank=True,
                        default=core.translated.Translated,
                        multiline=True,
                        verbose_name="what it may be used for",
                    ),
                ),
                (
                    "programme",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="funds",
                        to="accounts.programme",
                        verbose_name="programme",
                    ),
                ),
            ],
            options={
                "verbose_name": "fund",
                "verbose_name_plural": "funds",
                "ordering": ["starts_on", "created_at"],
            },
        ),
        migrations.CreateModel(
            name="FundEntry",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ("created_at", models.DateTimeField(auto_now_add=True, verbose_name="made at")),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("contribution", "Contribution"),
                            ("commitment", "Commitment"),
                            ("release", "Release"),
                        ],
                        max_length=12,
                        verbose_name="what",
                    ),
                ),
                ("amount", models.DecimalField(decimal_places=2, max_digits=14, verbose_name="amount")),
                ("on", models.DateField(verbose_name="date")),
                ("note", models.CharField(blank=True, max_length=300, verbose_name="note")),
                ("decision", models.UUIDField(blank=True, editable=False, null=True, verbose_name="decision")),
                ("once", models.UUIDField(editable=False, null=True, unique=True)),
                (
                    "application",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="fund_entries",
                        to="grants.application",
                        verbose_name="application",
                    ),
                ),
                (
                    "fund",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="entries",
                        to="grants.fund",
                        verbose_name="fund",
                    ),
                ),
                (
                    "recorded_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="recorded by",
                    ),
                ),
            ],
            options={
                "verbose_name": "entry of a fund",
                "verbose_name_plural": "ledger of a fund",
                "ordering": ["on", "created_at"],
            },
        ),
        migrations.AddConstraint(
            model_name="fund",
            constraint=models.CheckConstraint(
                condition=models.Q(("ends_on__isnull", True), ("ends_on__gte", models.F("starts_on")), _connector="OR"),
                name="fund_period_in_order",
            ),
        ),
        migrations.AddIndex(
            model_name="fundentry",
            index=models.Index(fields=["fund", "on"], name="entry_of_fund"),
        ),
        migrations.AddConstraint(
            model_name="fundentry",
            constraint=models.CheckConstraint(condition=models.Q(("amount__gt", 0)), name="fund_entry_positive"),
        ),
        migrations.AddConstraint(
            model_name="fundentry",
            constraint=models.UniqueConstraint(fields=("kind", "decision"), name="fund_entry_once_a_decision"),
        ),
        migrations.AddConstraint(
            model_name="fundentry",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("application__isnull", True), ("decision__isnull", True), ("kind", "contribution")),
                    models.Q(
                        models.Q(("kind", "contribution"), _negated=True),
                        ("application__isnull", False),
                        ("decision__isnull", False),
                    ),
                    _connector="OR",
                ),
                name="fund_entry_names_its_decision",
            ),
        ),
    ]
