"""The database says too that a restricted application has no title in plain."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("grants", "0019_seal_restricted_applications")]

    operations = [
        migrations.RemoveConstraint("application", "application_restricted_not_searchable"),
        migrations.AddConstraint(
            "application",
            models.CheckConstraint(
                name="application_restricted_not_searchable",
                condition=models.Q(confidentiality="standard") | models.Q(plain_title="", search=""),
            ),
        ),
    ]
