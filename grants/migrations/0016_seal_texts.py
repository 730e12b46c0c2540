"""Seal what was written in plain, each under the key of its organisation."""

from django.db import migrations

from core.sealing_rows import Column, opening, sealing

COLUMNS = (
    Column("grants.attachment", "plain_file_name", "file_name", "application__organization_id"),
    Column("grants.message", "plain_body", "body", "application__organization_id"),
    Column("grants.informationrequest", "plain_text", "text", "application__organization_id"),
    Column("grants.informationrequest", "plain_answer_text", "answer_text", "application__organization_id"),
    Column("grants.budgetline", "plain_description", "description", "application__organization_id"),
)


class Migration(migrations.Migration):
    dependencies = [("grants", "0015_places_for_sealed_texts"), ("core", "0003_keys_and_outbox")]

    operations = [
        migrations.RunPython(sealing(*COLUMNS), opening(*COLUMNS), elidable=True),
    ]
