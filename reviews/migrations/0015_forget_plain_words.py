"""The plain words go."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("reviews", "0014_seal_words")]

    operations = [
        migrations.RemoveField("appeal", "plain_text"),
        migrations.RemoveField("appeal", "plain_answer"),
        migrations.RemoveField("appeal", "plain_note"),
        migrations.RemoveField("decision", "plain_reason"),
        migrations.RemoveField("decision", "plain_message_to_applicant"),
        migrations.RemoveField("decision", "plain_messages"),
        migrations.RemoveField("decision", "plain_letters"),
        migrations.RemoveField("decision", "plain_return_reason"),
        migrations.RemoveField("decisioncondition", "plain_text"),
        migrations.RemoveField("decisionfeedback", "plain_text"),
        migrations.RemoveField("eligibilityreview", "plain_reason_for_applicant"),
        migrations.RemoveField("eligibilityreview", "plain_letters"),
        migrations.RemoveField("eligibilitycheck", "plain_evidence"),
        migrations.RemoveField("eligibilitycheck", "plain_note"),
        migrations.RemoveField("gatejudgement", "plain_reason"),
        migrations.RemoveField("panelmeeting", "plain_notes"),
        migrations.RemoveField("panelitem", "plain_conditions"),
        migrations.RemoveField("panelitem", "plain_said"),
        migrations.RemoveField("panelitem", "plain_words_for_applicant"),
        migrations.RemoveField("reviewerquestion", "plain_text"),
        migrations.RemoveField("reviewerquestion", "plain_answer"),
        migrations.RemoveField("review", "plain_comments_for_panel"),
        migrations.RemoveField("review", "plain_comments_for_applicant"),
        migrations.RemoveField("reviewscore", "plain_reason"),
        migrations.RemoveField("slate", "plain_reason"),
        migrations.RemoveField("slate", "plain_return_reason"),
        migrations.RemoveField("slateline", "plain_note"),
        migrations.AddConstraint(
            "appeal",
            models.CheckConstraint(
                condition=models.Q(
                    models.Q(
                        ("answer", ""), ("answered_at__isnull", True), ("answered_by__isnull", True), ("status", "open")
                    ),
                    models.Q(
                        models.Q(("status", "open"), _negated=True),
                        models.Q(("answer", ""), _negated=True),
                        ("answered_at__isnull", False),
                        ("answered_by__isnull", False),
                    ),
                    _connector="OR",
                ),
                name="appeal_answered_whole",
            ),
        ),
        migrations.AddConstraint(
            "gatejudgement",
            models.CheckConstraint(
                condition=models.Q(
                    models.Q(("outcome", "waived"), _negated=True),
                    models.Q(("reason", ""), _negated=True),
                    _connector="OR",
                ),
                name="gate_waiver_has_a_reason",
            ),
        ),
        migrations.AddConstraint(
            "reviewerquestion",
            models.CheckConstraint(
                condition=models.Q(
                    models.Q(("answer", ""), ("answered_at__isnull", True), ("answered_by__isnull", True)),
                    models.Q(
                        ("answered_at__isnull", False),
                        ("answered_by__isnull", False),
                        models.Q(("answer", ""), _negated=True),
                    ),
                    _connector="OR",
                ),
                name="reviewer_question_answered_whole",
            ),
        ),
        migrations.AddConstraint(
            "slate",
            models.CheckConstraint(
                condition=models.Q(
                    models.Q(("return_reason", ""), ("returned_at__isnull", True), ("returned_by__isnull", True)),
                    models.Q(
                        ("returned_at__isnull", False),
                        ("returned_by__isnull", False),
                        models.Q(("return_reason", ""), _negated=True),
                    ),
                    _connector="OR",
                ),
                name="slate_returned_whole",
            ),
        ),
        migrations.RemoveField("answertranslation", "text"),
    ]
