"""Reasons and notes of the staff get a sealed place beside their plain one."""

from django.db import migrations, models

import core.sealed


class Migration(migrations.Migration):
    dependencies = [("grants", "0021_retention")]

    operations = [
        migrations.RenameField("applicationevent", "reason", "plain_reason"),
        migrations.AlterField("applicationevent", "plain_reason", models.TextField(default="")),
        migrations.AddField(
            "applicationevent",
            "reason",
            core.sealed.SealedField(blank=True, default="", multiline=True, verbose_name="why"),
        ),
        migrations.RenameField("fundentry", "note", "plain_note"),
        migrations.AlterField("fundentry", "plain_note", models.CharField(max_length=300, default="")),
        migrations.AddField(
            "fundentry", "note", core.sealed.SealedField(blank=True, default="", max_length=300, verbose_name="note")
        ),
        migrations.RenameField("opening", "reason", "plain_reason"),
        migrations.AlterField("opening", "plain_reason", models.TextField(default="")),
        migrations.AddField(
            "opening", "reason", core.sealed.SealedField(blank=True, default="", multiline=True, verbose_name="reason")
        ),
        migrations.RenameField("recusal", "note", "plain_note"),
        migrations.AlterField("recusal", "plain_note", models.TextField(default="")),
        migrations.AddField(
            "recusal", "note", core.sealed.SealedField(blank=True, default="", multiline=True, verbose_name="note")
        ),
    ]
