"""What judging wrote of applications whose partner's record is merged into another: it goes under the other's key."""

from functools import partial
from typing import Any
from uuid import UUID

from django.db.models import Model, QuerySet

from core.moving import move_sealed
from organizations.models import Organization
from reviews.models import (
    Appeal,
    Decision,
    DecisionCondition,
    DecisionFeedback,
    EligibilityCheck,
    EligibilityReview,
    GateJudgement,
    PanelItem,
    Review,
    ReviewerQuestion,
    ReviewScore,
    SlateLine,
)
from reviews.services import translations

# Each with the way to its application. Meetings and slates lie under keys of their call.
_PATHS: dict[type[Model], str] = {
    Appeal: "application",
    Decision: "application",
    DecisionCondition: "decision__application",
    DecisionFeedback: "decision__application",
    EligibilityReview: "application",
    EligibilityCheck: "review__application",
    GateJudgement: "application",
    PanelItem: "application",
    Review: "application",
    ReviewerQuestion: "application",
    ReviewScore: "review__application",
    SlateLine: "application",
}


def seal_anew(*, applications: list[UUID], gone: Organization, kept: Organization) -> None:
    """Everything sealed of these applications goes under the key of `kept`. The rows are as they were read: their
    applications are of `gone` still.
    """
    translations.seal_anew(applications=applications, gone=gone.pk, kept=kept.pk)
    for model, path in _PATHS.items():
        for row in _rows(model, path, applications):
            move_sealed(row, partial(_hand_over, path, kept))


def _rows(model: type[Model], path: str, applications: list[UUID]) -> "QuerySet[Any]":
    rows: QuerySet[Any] = model._default_manager.filter(**{f"{path}__in": applications})
    return rows.select_related(path)


def _hand_over(path: str, kept: Organization, row: Any) -> None:
    for step in path.split("__"):
        row = getattr(row, step)
    row.organization = kept
