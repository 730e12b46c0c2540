"""What reviewing wrote of an application goes with it: comments, reasons, letters, translations. Scores, outcomes,
amounts and who decided stay.
"""

from core.blanking import blank
from grants.models import Application
from reviews.models import (
    Appeal,
    Decision,
    DecisionCondition,
    DecisionFeedback,
    EligibilityCheck,
    EligibilityReview,
    GateJudgement,
    PanelItem,
    PossibleConflict,
    PriorityScore,
    Review,
    ReviewerQuestion,
    ReviewScore,
    SlateLine,
)


def wipe_judging(application: Application) -> None:
    """Called inside the transaction that anonymises it. Translations went with the answers they translate."""
    of = {"application": application}
    for model in (PossibleConflict, PriorityScore, ReviewerQuestion):
        model._default_manager.filter(**of).delete()
    blank(Review.objects.filter(**of), "comments_for_panel", "comments_for_applicant", "private_notes", "marks")
    blank(ReviewScore.objects.filter(review__application=application), "reason")
    decisions = Decision.objects.filter(**of)
    blank(decisions, "reason", "message_to_applicant", "messages", "letters", "return_reason")
    blank(DecisionCondition.objects.filter(decision__application=application), "text")
    DecisionFeedback.objects.filter(decision__application=application).delete()
    blank(Appeal.objects.filter(**of), "text", "answer", "note")
    blank(EligibilityReview.objects.filter(**of), "reason_for_applicant", "letters")
    blank(EligibilityCheck.objects.filter(review__application=application), "evidence", "note")
    blank(GateJudgement.objects.filter(**of), "reason")
    blank(PanelItem.objects.filter(**of), "conditions", "said", "words_for_applicant")
    blank(SlateLine.objects.filter(**of), "note")
