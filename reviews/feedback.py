"""Comments that reviewers wrote for the applicant, without a word on who wrote them."""

from django.db.models import QuerySet

from grants.models import Application
from reviews.choices import ReviewStatus
from reviews.models import Review


def comments_for(application: Application) -> QuerySet[Review]:
    """Sheets that were sent by people without a conflict and hold a comment for the applicant. Their order is that of
    their random keys: it tells nothing.
    """
    return (
        application.reviews.filter(status=ReviewStatus.SUBMITTED)
        .exclude(comments_for_applicant="")
        .exclude(reviewer__in=application.recusals.values("user_id"))
        .order_by("pk")
    )
