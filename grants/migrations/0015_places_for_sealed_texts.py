"""Files get a key and a state of the virus scan; texts that will be sealed get a place beside their plain ones."""

from django.db import migrations, models

import core.sealed
import core.translated


class Migration(migrations.Migration):
    dependencies = [("grants", "0014_openings_only_grow")]

    operations = [
        migrations.AddField("attachment", "file_key", models.BinaryField(editable=False, null=True)),
        migrations.AddField(
            "attachment",
            "scan_state",
            models.CharField(
                choices=[
                    ("waiting", "Waiting for the virus scan"),
                    ("clean", "Scanned, clean"),
                    ("refused", "Refused by the virus scan"),
                    ("unscanned", "Not scanned (no scanner)"),
                ],
                default="unscanned",
                editable=False,
                max_length=9,
                verbose_name="virus scan",
            ),
        ),
        migrations.AddField(
            "attachment",
            "scanned_at",
            models.DateTimeField(blank=True, editable=False, null=True, verbose_name="scanned at"),
        ),
        migrations.RenameField("attachment", "file_name", "plain_file_name"),
        migrations.AlterField("attachment", "plain_file_name", models.CharField(max_length=160, default="")),
        migrations.AddField(
            "attachment", "file_name", core.sealed.SealedField(max_length=160, verbose_name="file name")
        ),
        migrations.RenameField("message", "body", "plain_body"),
        migrations.AlterField("message", "plain_body", models.TextField(default="")),
        migrations.AddField("message", "body", core.sealed.SealedField(multiline=True, verbose_name="text")),
        migrations.RenameField("informationrequest", "text", "plain_text"),
        migrations.AlterField("informationrequest", "plain_text", models.TextField(default="")),
        migrations.AddField(
            "informationrequest", "text", core.sealed.SealedField(multiline=True, verbose_name="what we need")
        ),
        migrations.RenameField("informationrequest", "answer_text", "plain_answer_text"),
        migrations.AlterField("informationrequest", "plain_answer_text", models.TextField(default="", blank=True)),
        migrations.AddField(
            "informationrequest",
            "answer_text",
            core.sealed.SealedField(blank=True, multiline=True, verbose_name="answer"),
        ),
        migrations.RenameField("budgetline", "description", "plain_description"),
        migrations.AlterField("budgetline", "plain_description", models.CharField(max_length=200, default="")),
        migrations.AddField(
            "budgetline", "description", core.sealed.SealedField(max_length=200, verbose_name="what it is for")
        ),
    ]
