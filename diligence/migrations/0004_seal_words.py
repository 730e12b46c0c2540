"""Seal words of due diligence."""

from django.db import migrations

from core.sealing_rows import Column, opening, sealing

COLUMNS = (
    Column("diligence.capacityassessment", "plain_evidence", "evidence", "organization_id"),
    Column("diligence.duplicatecandidate", "plain_evidence", "evidence", "pk", is_json=True),
    Column("diligence.duplicatecandidate", "plain_note", "note", "pk"),
    Column("diligence.financialposition", "plain_source", "source", "organization_id"),
    Column("diligence.otherfunding", "plain_funder", "funder", "organization_id"),
    Column("diligence.otherfunding", "plain_purpose", "purpose", "organization_id"),
    Column("diligence.partnermerge", "plain_merged_names", "merged_names", "organization_id", is_json=True),
    Column("diligence.partnermerge", "plain_note", "note", "organization_id"),
    Column("diligence.pressureevent", "plain_description", "description", "organization_id"),
    Column("diligence.pressureevent", "plain_source", "source", "organization_id"),
)


class Migration(migrations.Migration):
    dependencies = [("diligence", "0003_places_for_sealed_words"), ("core", "0003_keys_and_outbox")]

    operations = [
        migrations.RunPython(sealing(*COLUMNS), opening(*COLUMNS), elidable=True),
    ]
