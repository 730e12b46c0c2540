"""Words of judging get a sealed place beside their plain one."""

from django.db import migrations, models

import core.sealed
import core.translated


class Migration(migrations.Migration):
    dependencies = [("reviews", "0012_translation_drafts")]

    operations = [
        migrations.RemoveConstraint("appeal", "appeal_answered_whole"),
        migrations.RemoveConstraint("gatejudgement", "gate_waiver_has_a_reason"),
        migrations.RemoveConstraint("reviewerquestion", "reviewer_question_answered_whole"),
        migrations.RemoveConstraint("slate", "slate_returned_whole"),
        migrations.RemoveConstraint("answertranslation", "translation_open_or_sealed"),
        migrations.RenameField("appeal", "text", "plain_text"),
        migrations.AlterField("appeal", "plain_text", models.TextField(default="")),
        migrations.AddField(
            "appeal",
            "text",
            core.sealed.SealedField(default="", multiline=True, verbose_name="what the applicant wrote"),
        ),
        migrations.RenameField("appeal", "answer", "plain_answer"),
        migrations.AlterField("appeal", "plain_answer", models.TextField(default="")),
        migrations.AddField(
            "appeal",
            "answer",
            core.sealed.SealedField(blank=True, default="", multiline=True, verbose_name="answer to the applicant"),
        ),
        migrations.RenameField("appeal", "note", "plain_note"),
        migrations.AlterField("appeal", "plain_note", models.TextField(default="")),
        migrations.AddField(
            "appeal",
            "note",
            core.sealed.SealedField(blank=True, default="", multiline=True, verbose_name="reason, for the record"),
        ),
        migrations.RenameField("decision", "reason", "plain_reason"),
        migrations.AlterField("decision", "plain_reason", models.TextField(default="")),
        migrations.AddField(
            "decision",
            "reason",
            core.sealed.SealedField(default="", multiline=True, verbose_name="reason, for the record"),
        ),
        migrations.RenameField("decision", "message_to_applicant", "plain_message_to_applicant"),
        migrations.AlterField("decision", "plain_message_to_applicant", models.TextField(default="")),
        migrations.AddField(
            "decision",
            "message_to_applicant",
            core.sealed.SealedField(blank=True, default="", multiline=True, verbose_name="what the applicant reads"),
        ),
        migrations.RenameField("decision", "messages", "plain_messages"),
        migrations.AlterField("decision", "plain_messages", core.translated.TranslatedField(multiline=True)),
        migrations.AddField(
            "decision",
            "messages",
            core.sealed.SealedTranslatedField(
                default="", multiline=True, verbose_name="what the applicant reads in other languages"
            ),
        ),
        migrations.RenameField("decision", "letters", "plain_letters"),
        migrations.AlterField("decision", "plain_letters", models.JSONField(default=dict)),
        migrations.AddField(
            "decision",
            "letters",
            core.sealed.SealedJSONField(blank=True, default="", editable=False, verbose_name="letters as sent"),
        ),
        migrations.RenameField("decision", "return_reason", "plain_return_reason"),
        migrations.AlterField("decision", "plain_return_reason", models.TextField(default="")),
        migrations.AddField(
            "decision",
            "return_reason",
            core.sealed.SealedField(blank=True, default="", multiline=True, verbose_name="why it was returned"),
        ),
        migrations.RenameField("decisioncondition", "text", "plain_text"),
        migrations.AlterField("decisioncondition", "plain_text", models.TextField(default="")),
        migrations.AddField(
            "decisioncondition", "text", core.sealed.SealedField(default="", multiline=True, verbose_name="condition")
        ),
        migrations.RenameField("decisionfeedback", "text", "plain_text"),
        migrations.AlterField("decisionfeedback", "plain_text", models.TextField(default="")),
        migrations.AddField(
            "decisionfeedback",
            "text",
            core.sealed.SealedField(default="", multiline=True, verbose_name="comment for the applicant"),
        ),
        migrations.RenameField("eligibilityreview", "reason_for_applicant", "plain_reason_for_applicant"),
        migrations.AlterField("eligibilityreview", "plain_reason_for_applicant", models.TextField(default="")),
        migrations.AddField(
            "eligibilityreview",
            "reason_for_applicant",
            core.sealed.SealedField(
                blank=True, default="", multiline=True, verbose_name="reason the applicant may read"
            ),
        ),
        migrations.RenameField("eligibilityreview", "letters", "plain_letters"),
        migrations.AlterField("eligibilityreview", "plain_letters", models.JSONField(default=dict)),
        migrations.AddField(
            "eligibilityreview",
            "letters",
            core.sealed.SealedJSONField(blank=True, default="", editable=False, verbose_name="letters as sent"),
        ),
        migrations.RenameField("eligibilitycheck", "evidence", "plain_evidence"),
        migrations.AlterField("eligibilitycheck", "plain_evidence", models.JSONField(default=dict)),
        migrations.AddField(
            "eligibilitycheck", "evidence", core.sealed.SealedJSONField(blank=True, default="", verbose_name="evidence")
        ),
        migrations.RenameField("eligibilitycheck", "note", "plain_note"),
        migrations.AlterField("eligibilitycheck", "plain_note", models.TextField(default="")),
        migrations.AddField(
            "eligibilitycheck",
            "note",
            core.sealed.SealedField(blank=True, default="", multiline=True, verbose_name="note"),
        ),
        migrations.RenameField("gatejudgement", "reason", "plain_reason"),
        migrations.AlterField("gatejudgement", "plain_reason", models.TextField(default="")),
        migrations.AddField(
            "gatejudgement",
            "reason",
            core.sealed.SealedField(blank=True, default="", multiline=True, verbose_name="reason"),
        ),
        migrations.RenameField("panelmeeting", "notes", "plain_notes"),
        migrations.AlterField("panelmeeting", "plain_notes", models.TextField(default="")),
        migrations.AddField(
            "panelmeeting",
            "notes",
            core.sealed.SealedField(blank=True, default="", multiline=True, verbose_name="notes for the minutes"),
        ),
        migrations.RenameField("panelitem", "conditions", "plain_conditions"),
        migrations.AlterField("panelitem", "plain_conditions", models.TextField(default="")),
        migrations.AddField(
            "panelitem",
            "conditions",
            core.sealed.SealedField(blank=True, default="", multiline=True, verbose_name="conditions"),
        ),
        migrations.RenameField("panelitem", "said", "plain_said"),
        migrations.AlterField("panelitem", "plain_said", models.TextField(default="")),
        migrations.AddField(
            "panelitem",
            "said",
            core.sealed.SealedField(blank=True, default="", multiline=True, verbose_name="what was said"),
        ),
        migrations.RenameField("panelitem", "words_for_applicant", "plain_words_for_applicant"),
        migrations.AlterField("panelitem", "plain_words_for_applicant", models.TextField(default="")),
        migrations.AddField(
            "panelitem",
            "words_for_applicant",
            core.sealed.SealedField(blank=True, default="", multiline=True, verbose_name="words for the applicant"),
        ),
        migrations.RenameField("reviewerquestion", "text", "plain_text"),
        migrations.AlterField("reviewerquestion", "plain_text", models.TextField(default="")),
        migrations.AddField(
            "reviewerquestion", "text", core.sealed.SealedField(default="", multiline=True, verbose_name="question")
        ),
        migrations.RenameField("reviewerquestion", "answer", "plain_answer"),
        migrations.AlterField("reviewerquestion", "plain_answer", models.TextField(default="")),
        migrations.AddField(
            "reviewerquestion",
            "answer",
            core.sealed.SealedField(blank=True, default="", multiline=True, verbose_name="answer"),
        ),
        migrations.RenameField("review", "comments_for_panel", "plain_comments_for_panel"),
        migrations.AlterField("review", "plain_comments_for_panel", models.TextField(default="")),
        migrations.AddField(
            "review",
            "comments_for_panel",
            core.sealed.SealedField(blank=True, default="", multiline=True, verbose_name="comments for the panel"),
        ),
        migrations.RenameField("review", "comments_for_applicant", "plain_comments_for_applicant"),
        migrations.AlterField("review", "plain_comments_for_applicant", models.TextField(default="")),
        migrations.AddField(
            "review",
            "comments_for_applicant",
            core.sealed.SealedField(blank=True, default="", multiline=True, verbose_name="comments for the applicant"),
        ),
        migrations.RenameField("reviewscore", "reason", "plain_reason"),
        migrations.AlterField("reviewscore", "plain_reason", models.TextField(default="")),
        migrations.AddField(
            "reviewscore",
            "reason",
            core.sealed.SealedField(blank=True, default="", multiline=True, verbose_name="reason"),
        ),
        migrations.RenameField("slate", "reason", "plain_reason"),
        migrations.AlterField("slate", "plain_reason", models.TextField(default="")),
        migrations.AddField(
            "slate",
            "reason",
            core.sealed.SealedField(blank=True, default="", multiline=True, verbose_name="reason, for the record"),
        ),
        migrations.RenameField("slate", "return_reason", "plain_return_reason"),
        migrations.AlterField("slate", "plain_return_reason", models.TextField(default="")),
        migrations.AddField(
            "slate",
            "return_reason",
            core.sealed.SealedField(blank=True, default="", multiline=True, verbose_name="reason for the return"),
        ),
        migrations.RenameField("slateline", "note", "plain_note"),
        migrations.AlterField("slateline", "plain_note", models.CharField(max_length=300, default="")),
        migrations.AddField(
            "slateline", "note", core.sealed.SealedField(blank=True, default="", max_length=300, verbose_name="note")
        ),
    ]
