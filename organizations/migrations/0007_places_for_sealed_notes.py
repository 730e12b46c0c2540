"""What is said of the legal status and of registrations get a sealed place beside their plain one."""

from django.db import migrations, models

import core.sealed


class Migration(migrations.Migration):
    dependencies = [("organizations", "0006_erasure")]

    operations = [
        migrations.RemoveConstraint("registrationcheck", "registration_check_taken_back_with_reason"),
        migrations.RenameField("organization", "legal_status_note", "plain_legal_status_note"),
        migrations.AlterField("organization", "plain_legal_status_note", models.TextField(default="")),
        migrations.AddField(
            "organization",
            "legal_status_note",
            core.sealed.SealedField(blank=True, default="", multiline=True, verbose_name="about the legal status"),
        ),
        migrations.RenameField("registrationcheck", "reason", "plain_reason"),
        migrations.AlterField("registrationcheck", "plain_reason", models.TextField(default="")),
        migrations.AddField(
            "registrationcheck",
            "reason",
            core.sealed.SealedField(blank=True, default="", multiline=True, verbose_name="reason"),
        ),
    ]
