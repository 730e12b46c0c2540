"""The plain words go."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("diligence", "0004_seal_words")]

    operations = [
        migrations.RemoveField("capacityassessment", "plain_evidence"),
        migrations.RemoveField("duplicatecandidate", "plain_evidence"),
        migrations.RemoveField("duplicatecandidate", "plain_note"),
        migrations.RemoveField("financialposition", "plain_source"),
        migrations.RemoveField("otherfunding", "plain_funder"),
        migrations.RemoveField("otherfunding", "plain_purpose"),
        migrations.RemoveField("partnermerge", "plain_merged_names"),
        migrations.RemoveField("partnermerge", "plain_note"),
        migrations.RemoveField("pressureevent", "plain_description"),
        migrations.RemoveField("pressureevent", "plain_source"),
    ]
