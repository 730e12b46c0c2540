"""Files get a key and a state of the virus scan; texts that will be sealed get a place beside their plain ones."""

from django.db import migrations, models

import core.sealed
import core.translated


class Migration(migrations.Migration):
    dependencies = [("organizations", "0001_initial")]

    operations = [
        migrations.AddField("document", "file_key", models.BinaryField(editable=False, null=True)),
        migrations.AddField(
            "document",
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
            "document",
            "scanned_at",
            models.DateTimeField(blank=True, editable=False, null=True, verbose_name="scanned at"),
        ),
        migrations.RenameField("document", "file_name", "plain_file_name"),
        migrations.AlterField("document", "plain_file_name", models.CharField(max_length=160, default="")),
        migrations.AddField("document", "file_name", core.sealed.SealedField(max_length=160, verbose_name="file name")),
        migrations.RenameField("document", "title", "plain_title"),
        migrations.AlterField("document", "plain_title", models.CharField(max_length=160, default="", blank=True)),
        migrations.AddField(
            "document", "title", core.sealed.SealedField(blank=True, max_length=160, verbose_name="title")
        ),
        migrations.RenameField("person", "name", "plain_name"),
        migrations.AlterField("person", "plain_name", core.translated.TranslatedField()),
        migrations.AddField("person", "name", core.sealed.SealedTranslatedField(verbose_name="name")),
        migrations.RenameField("person", "title", "plain_title"),
        migrations.AlterField("person", "plain_title", models.CharField(max_length=120, default="", blank=True)),
        migrations.AddField(
            "person", "title", core.sealed.SealedField(blank=True, max_length=120, verbose_name="title")
        ),
        migrations.RenameField("person", "email", "plain_email"),
        migrations.AlterField("person", "plain_email", models.CharField(max_length=254, default="", blank=True)),
        migrations.AddField(
            "person", "email", core.sealed.SealedField(blank=True, max_length=254, verbose_name="e-mail address")
        ),
        migrations.RenameField("person", "phone", "plain_phone"),
        migrations.AlterField("person", "plain_phone", models.CharField(max_length=40, default="", blank=True)),
        migrations.AddField(
            "person", "phone", core.sealed.SealedField(blank=True, max_length=40, verbose_name="telephone")
        ),
    ]
