"""What reviewing wrote of an application goes with it: comments, reasons, letters, translations. Scores, outcomes,
amounts and who decided stay.
"""

from core.blanking import STROKE, blank
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
    decisions.update(reason="")
    blank(decisions, "message_to_applicant", "messages", "letters", "return_reason")
    DecisionCondition.objects.filter(decision__application=application).update(text=STROKE)
    DecisionFeedback.objects.filter(decision__application=application).delete()
    appeals = Appeal.objects.filter(**of)
    appeals.update(text=STROKE, note="")
    appeals.exclude(answer="").update(answer=STROKE)
    blank(EligibilityReview.objects.filter(**of), "reason_for_applicant", "letters")
    blank(EligibilityCheck.objects.filter(review__application=application), "evidence", "note")
    GateJudgement.objects.filter(**of).exclude(reason="").update(reason=STROKE)
    blank(PanelItem.objects.filter(**of), "conditions", "said", "words_for_applicant")
    blank(SlateLine.objects.filter(**of), "note")
