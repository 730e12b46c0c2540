"""Titles of restricted applications get a place to be sealed in."""

from django.db import migrations

import core.sealed


class Migration(migrations.Migration):
    dependencies = [("grants", "0017_forget_plain_texts")]

    operations = [
        migrations.RenameField("application", "title", "plain_title"),
        migrations.AddField(
            "application",
            "sealed_title",
            core.sealed.SealedField(blank=True, max_length=160, verbose_name="title"),
        ),
    ]
