"""What somebody has typed of a translation and not saved as one yet."""

import django.db.models.deletion
import uuid
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("grants", "0012_fund_ledgers_only_grow"),
        ("reviews", "0011_ineligible_letters"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="TranslationDraft",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ("created_at", models.DateTimeField(auto_now_add=True, verbose_name="made at")),
                (
                    "language",
                    models.CharField(
                        choices=[("en", "English"), ("ar", "العربية"), ("he", "עברית")],
                        max_length=2,
                        verbose_name="language",
                    ),
                ),
                (
                    "number",
                    models.PositiveIntegerField(
                        default=0, verbose_name="number of the translation that it would replace"
                    ),
                ),
                (
                    "answer_version",
                    models.PositiveIntegerField(verbose_name="version of the answer that was translated"),
                ),
                ("sealed", models.BinaryField(verbose_name="encrypted text")),
                ("version", models.PositiveIntegerField(default=1, editable=False)),
                ("window", models.CharField(blank=True, editable=False, max_length=36)),
                ("saved_at", models.DateTimeField(verbose_name="saved at")),
                (
                    "answer",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="translation_drafts",
                        to="grants.answer",
                        verbose_name="answer",
                    ),
                ),
                (
                    "author",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="written by",
                    ),
                ),
            ],
            options={
                "verbose_name": "draft of a translation",
                "verbose_name_plural": "drafts of translations",
                "ordering": ["-saved_at"],
                "constraints": [
                    models.UniqueConstraint(fields=("answer", "author", "language"), name="translation_draft_once")
                ],
            },
        ),
    ]
