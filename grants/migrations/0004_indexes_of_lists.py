"""Orders of the staff list, and what is new on the desk, by index."""

import django.db.models.expressions
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("grants", "0003_history_of_calls")]
    operations = [
        migrations.AddIndex(
            model_name="application",
            index=models.Index(
                django.db.models.expressions.OrderBy(
                    django.db.models.expressions.F("priority"), descending=True, nulls_last=True
                ),
                models.F("id"),
                name="application_by_priority",
            ),
        ),
        migrations.AddIndex(
            model_name="application",
            index=models.Index(fields=["-amount_asked", "id"], name="application_by_amount"),
        ),
        migrations.AddIndex(
            model_name="applicationevent",
            index=models.Index(fields=["-at"], name="event_newest"),
        ),
    ]
