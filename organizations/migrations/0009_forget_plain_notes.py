"""The plain words go."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("organizations", "0008_seal_notes")]

    operations = [
        migrations.RemoveField("organization", "plain_legal_status_note"),
        migrations.RemoveField("registrationcheck", "plain_reason"),
        migrations.AddConstraint(
            "registrationcheck",
            models.CheckConstraint(
                condition=models.Q(
                    models.Q(("by__isnull", False), ("verified", True)),
                    models.Q(("by__isnull", True), ("verified", False)),
                    models.Q(("verified", False), models.Q(("reason", ""), _negated=True)),
                    _connector="OR",
                ),
                name="registration_check_taken_back_with_reason",
            ),
        ),
    ]
