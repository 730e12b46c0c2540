"""Seal words of judging."""

from django.db import migrations

from core.sealing_rows import Column, opening, sealing

COLUMNS = (
    Column("reviews.appeal", "plain_text", "text", "application__organization_id"),
    Column("reviews.appeal", "plain_answer", "answer", "application__organization_id"),
    Column("reviews.appeal", "plain_note", "note", "application__organization_id"),
    Column("reviews.decision", "plain_reason", "reason", "application__organization_id"),
    Column("reviews.decision", "plain_message_to_applicant", "message_to_applicant", "application__organization_id"),
    Column("reviews.decision", "plain_messages", "messages", "application__organization_id", is_json=True),
    Column("reviews.decision", "plain_letters", "letters", "application__organization_id", is_json=True),
    Column("reviews.decision", "plain_return_reason", "return_reason", "application__organization_id"),
    Column("reviews.decisioncondition", "plain_text", "text", "decision__application__organization_id"),
    Column("reviews.decisionfeedback", "plain_text", "text", "decision__application__organization_id"),
    Column(
        "reviews.eligibilityreview",
        "plain_reason_for_applicant",
        "reason_for_applicant",
        "application__organization_id",
    ),
    Column("reviews.eligibilityreview", "plain_letters", "letters", "application__organization_id", is_json=True),
    Column(
        "reviews.eligibilitycheck", "plain_evidence", "evidence", "review__application__organization_id", is_json=True
    ),
    Column("reviews.eligibilitycheck", "plain_note", "note", "review__application__organization_id"),
    Column("reviews.gatejudgement", "plain_reason", "reason", "application__organization_id"),
    Column("reviews.panelmeeting", "plain_notes", "notes", "call_id"),
    Column("reviews.panelitem", "plain_conditions", "conditions", "application__organization_id"),
    Column("reviews.panelitem", "plain_said", "said", "application__organization_id"),
    Column("reviews.panelitem", "plain_words_for_applicant", "words_for_applicant", "application__organization_id"),
    Column("reviews.reviewerquestion", "plain_text", "text", "application__organization_id"),
    Column("reviews.reviewerquestion", "plain_answer", "answer", "application__organization_id"),
    Column("reviews.review", "plain_comments_for_panel", "comments_for_panel", "application__organization_id"),
    Column("reviews.review", "plain_comments_for_applicant", "comments_for_applicant", "application__organization_id"),
    Column("reviews.reviewscore", "plain_reason", "reason", "review__application__organization_id"),
    Column("reviews.slate", "plain_reason", "reason", "call_id"),
    Column("reviews.slate", "plain_return_reason", "return_reason", "call_id"),
    Column("reviews.slateline", "plain_note", "note", "application__organization_id"),
)
# On the way back translations stay as they are: the version before reads sealed ones.
TRANSLATIONS = Column(
    "reviews.answertranslation", "text", "sealed", "answer__application__organization_id", bound="translation"
)


class Migration(migrations.Migration):
    dependencies = [("reviews", "0013_places_for_sealed_words"), ("core", "0003_keys_and_outbox")]

    operations = [
        migrations.RunPython(sealing(*COLUMNS, TRANSLATIONS), opening(*COLUMNS), elidable=True),
    ]
