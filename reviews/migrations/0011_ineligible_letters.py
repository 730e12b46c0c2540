"""The letters of an ineligible application, as they were sent."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("reviews", "0010_returned_slates"),
    ]

    operations = [
        migrations.AddField(
            model_name="eligibilityreview",
            name="letters",
            field=models.JSONField(blank=True, default=dict, editable=False, verbose_name="letters as sent"),
        ),
    ]
