"""Seal what was written in plain, each under the key of its organisation."""

from django.db import migrations

from core.sealing_rows import Column, opening, sealing

COLUMNS = (
    Column("organizations.document", "plain_file_name", "file_name", "organization_id"),
    Column("organizations.document", "plain_title", "title", "organization_id"),
    Column("organizations.person", "plain_name", "name", "organization_id", is_json=True),
    Column("organizations.person", "plain_title", "title", "organization_id"),
    Column("organizations.person", "plain_email", "email", "organization_id"),
    Column("organizations.person", "plain_phone", "phone", "organization_id"),
)


class Migration(migrations.Migration):
    dependencies = [("organizations", "0002_places_for_sealed_texts"), ("core", "0003_keys_and_outbox")]

    operations = [
        migrations.RunPython(sealing(*COLUMNS), opening(*COLUMNS), elidable=True),
    ]
