"""Trigram search; the extension is trusted, so that the owner of the database may make it."""

from django.contrib.postgres.operations import BtreeGistExtension, TrigramExtension
from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("core", "0001_privileges")]
    operations = [TrigramExtension(), BtreeGistExtension()]
