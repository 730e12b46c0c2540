"""Words of due diligence get a sealed place beside their plain one."""

from django.db import migrations, models

import core.sealed


class Migration(migrations.Migration):
    dependencies = [("diligence", "0002_mergers_of_records")]

    operations = [
        migrations.RenameField("capacityassessment", "evidence", "plain_evidence"),
        migrations.AlterField("capacityassessment", "plain_evidence", models.TextField(default="")),
        migrations.AddField(
            "capacityassessment",
            "evidence",
            core.sealed.SealedField(default="", multiline=True, verbose_name="evidence"),
        ),
        migrations.RenameField("duplicatecandidate", "evidence", "plain_evidence"),
        migrations.AlterField("duplicatecandidate", "plain_evidence", models.JSONField(default=dict)),
        migrations.AddField(
            "duplicatecandidate", "evidence", core.sealed.SealedJSONField(default="", verbose_name="evidence")
        ),
        migrations.RenameField("duplicatecandidate", "note", "plain_note"),
        migrations.AlterField("duplicatecandidate", "plain_note", models.TextField(default="")),
        migrations.AddField(
            "duplicatecandidate",
            "note",
            core.sealed.SealedField(blank=True, default="", multiline=True, verbose_name="note"),
        ),
        migrations.RenameField("financialposition", "source", "plain_source"),
        migrations.AlterField("financialposition", "plain_source", models.CharField(max_length=300, default="")),
        migrations.AddField(
            "financialposition", "source", core.sealed.SealedField(default="", max_length=300, verbose_name="source")
        ),
        migrations.RenameField("otherfunding", "funder", "plain_funder"),
        migrations.AlterField("otherfunding", "plain_funder", models.CharField(max_length=200, default="")),
        migrations.AddField(
            "otherfunding", "funder", core.sealed.SealedField(default="", max_length=200, verbose_name="funder")
        ),
        migrations.RenameField("otherfunding", "purpose", "plain_purpose"),
        migrations.AlterField("otherfunding", "plain_purpose", models.CharField(max_length=300, default="")),
        migrations.AddField(
            "otherfunding",
            "purpose",
            core.sealed.SealedField(default="", max_length=300, verbose_name="what it pays for"),
        ),
        migrations.RenameField("partnermerge", "merged_names", "plain_merged_names"),
        migrations.AlterField("partnermerge", "plain_merged_names", models.JSONField(default=list)),
        migrations.AddField(
            "partnermerge", "merged_names", core.sealed.SealedJSONField(default="", kind=list, verbose_name="its names")
        ),
        migrations.RenameField("partnermerge", "note", "plain_note"),
        migrations.AlterField("partnermerge", "plain_note", models.TextField(default="")),
        migrations.AddField(
            "partnermerge", "note", core.sealed.SealedField(default="", multiline=True, verbose_name="note")
        ),
        migrations.RenameField("pressureevent", "description", "plain_description"),
        migrations.AlterField("pressureevent", "plain_description", models.TextField(default="")),
        migrations.AddField(
            "pressureevent",
            "description",
            core.sealed.SealedField(default="", multiline=True, verbose_name="what happened"),
        ),
        migrations.RenameField("pressureevent", "source", "plain_source"),
        migrations.AlterField("pressureevent", "plain_source", models.CharField(max_length=300, default="")),
        migrations.AddField(
            "pressureevent", "source", core.sealed.SealedField(default="", max_length=300, verbose_name="source")
        ),
    ]
