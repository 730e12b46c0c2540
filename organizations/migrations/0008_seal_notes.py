"""Seal what is said of the legal status and of registrations."""

from django.db import migrations

from core.sealing_rows import Column, opening, sealing

COLUMNS = (
    Column("organizations.organization", "plain_legal_status_note", "legal_status_note", "pk"),
    Column("organizations.registrationcheck", "plain_reason", "reason", "registration__organization_id"),
)


class Migration(migrations.Migration):
    dependencies = [("organizations", "0007_places_for_sealed_notes"), ("core", "0003_keys_and_outbox")]

    operations = [
        migrations.RunPython(sealing(*COLUMNS), opening(*COLUMNS), elidable=True),
    ]
