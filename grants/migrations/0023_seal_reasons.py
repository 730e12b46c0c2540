"""Seal reasons and notes of the staff."""

from django.db import migrations

from core.sealing_rows import Column, opening, sealing

COLUMNS = (
    Column("grants.applicationevent", "plain_reason", "reason", "application__organization_id"),
    Column("grants.fundentry", "plain_note", "note", "fund_id"),
    Column("grants.opening", "plain_reason", "reason", "application_id"),
    Column("grants.recusal", "plain_note", "note", "application__organization_id"),
)


class Migration(migrations.Migration):
    dependencies = [("grants", "0022_places_for_sealed_reasons"), ("core", "0003_keys_and_outbox")]

    operations = [
        migrations.RunPython(sealing(*COLUMNS), opening(*COLUMNS), elidable=True),
    ]
