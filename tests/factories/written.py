"""A row of everything in which somebody writes about a partner: each sealed text says which it is."""

from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import uuid4

from django.apps import apps
from django.db.models import Model
from django.utils import timezone

from core.crypto import seal
from core.sealed import SealedField, SealedJSONField, SealedTranslatedField
from core.translated import Translated
from diligence.models import (
    CapacityAssessment,
    DuplicateCandidate,
    FinancialPosition,
    OtherFunding,
    PartnerMerge,
    PressureEvent,
)
from grants.models import Answer, Application, ApplicationEvent, Fund, FundEntry, LegalHold, Opening, Recusal
from organizations.models import Compromise, ErasureRequest, RegistrationCheck
from reviews.models import (
    AnswerTranslation,
    Appeal,
    Decision,
    DecisionCondition,
    DecisionFeedback,
    EligibilityCheck,
    EligibilityReview,
    GateJudgement,
    PanelItem,
    PanelMeeting,
    Review,
    ReviewerQuestion,
    ReviewScore,
    Slate,
    SlateLine,
)
from tests.factories.organizations import OrganizationFactory, RegistrationFactory

APPS = ("organizations", "grants", "diligence", "reviews")
# Written by `plant_in_profile` and `plant_in_application`, where their pages write them.
_ELSEWHERE = frozenset(
    {"Person", "Document", "Attachment", "Message", "InformationRequest", "BudgetLine", "Application"}
)


def word_of(model: type[Model], name: str) -> str:
    """The word that stands in this column."""
    return f"zq{model._meta.model_name}{name.replace('_', '')}qz"


def sealed_columns(app: str) -> Iterator[tuple[type[Model], SealedField]]:
    """Every sealed column of an app that is written here."""
    for model in apps.get_app_config(app).get_models():
        if model.__name__ not in _ELSEWHERE:
            for field in model._meta.concrete_fields:
                if isinstance(field, SealedField):
                    yield model, field


def value_of(field: SealedField) -> Any:
    """What is written into it."""
    word = word_of(field.model, field.name)
    if isinstance(field, SealedTranslatedField):
        return Translated(en=word, ar=word)
    if isinstance(field, SealedJSONField):
        return [word] if field.kind is list else {"said": word}
    return word


def written[Made: Model](row: Made) -> Made:
    """The row with all its words, saved."""
    for field in row._meta.concrete_fields:
        if isinstance(field, SealedField):
            setattr(row, field.name, value_of(field))
    row.save()
    return row


def write_everything(application: Application, by: Any, other: Any) -> None:
    """The rows, of one application and its partner. `by` works here, and so does `other`."""
    write_of_partner(application, by)
    write_of_application(application, by, other)
    write_of_judging(application, by, other)
    write_of_deciding(application, by, other)


def write_of_partner(application: Application, by: Any) -> None:
    """Due diligence."""
    group, today = application.organization, date(2026, 11, 1)
    of: dict[str, Any] = {"organization": group, "recorded_by": by}
    written(group)
    written(PressureEvent(**of, happened_on=today, kind="raid", nature="political", severity=3))
    written(FinancialPosition(**of, as_of=today, currency="USD", cash=Decimal(3), monthly_costs=Decimal(2)))
    written(CapacityAssessment(**of, assessed_on=today, governance=3))
    written(OtherFunding(**of, amount=Decimal(5), currency="EUR"))
    written(PartnerMerge(organization=group, merged_id=uuid4(), pair_id=uuid4(), judged_by=by, merged_by=by))
    first, second = sorted(
        (group, OrganizationFactory.create(programme=group.programme)), key=lambda partner: partner.pk
    )
    written(DuplicateCandidate(first=first, second=second))
    now = timezone.now()
    written(
        Compromise(
            organization=group, kind="phone", reported_by=by, reported_at=now, lift_proposed_by=application.created_by,
            lift_proposed_at=now, lifted_by=by, lifted_at=now,
        )
    )  # fmt: skip
    written(ErasureRequest(organization=group, state="refused", asked_by=by, settled_by=by, settled_at=now))
    written(RegistrationCheck(registration=RegistrationFactory.create(organization=group), verified=False, by=by))


def write_of_application(application: Application, by: Any, other: Any) -> None:
    """What is said in its history."""
    of = {"application": application}
    written(ApplicationEvent(**of, kind="withdraw", actor=by, at=timezone.now()))
    written(Opening(**of, user=by, page="staff:proposal"))
    written(LegalHold(organization=application.organization, placed_by=by))
    written(Recusal(**of, user=other, reason="work", declared_by=other))
    fund = Fund.objects.create(
        programme=application.call.programme, name=Translated(en="Orchard fund"), currency="USD", starts_on="2020-01-01"
    )
    written(FundEntry(fund=fund, kind="contribution", amount=Decimal(900), on="2020-01-02", recorded_by=by))


def write_of_judging(application: Application, by: Any, other: Any) -> None:
    """Eligibility, sheets, questions, a panel, translations."""
    of: dict[str, Any] = {"application": application}
    now = timezone.now()
    EligibilityReview.objects.filter(**of).delete()
    eligibility = written(EligibilityReview(**of))
    written(EligibilityCheck(review=eligibility, code="invented"))
    written(GateJudgement(**of, criterion="values", outcome="needs_work", judged_by=by, judged_at=now))
    sheet = written(Review(**of, reviewer=other))
    written(ReviewScore(review=sheet, criterion="values", value=Decimal(3)))
    written(ReviewerQuestion(**of, asked_by=other, once=uuid4(), answered_by=by, answered_at=now))
    meeting = written(PanelMeeting(call=application.call, title="Panel", starts_at=now, chair=by, quorum=1))
    written(PanelItem(**of, meeting=meeting, position=1))
    answer = Answer.objects.filter(**of).first()
    assert answer is not None
    row = AnswerTranslation(answer=answer, answer_version=1, language="ar", number=1, author=by)
    word = word_of(AnswerTranslation, "sealed")
    row.sealed = seal(word, subject=application.organization_id, context=f"translation:{row.pk}")
    row.save()


def write_of_deciding(application: Application, by: Any, other: Any) -> None:
    """A decision, a slate, an appeal."""
    of: dict[str, Any] = {"application": application}
    now = timezone.now()
    decision = written(
        Decision(**of, kind="approve", amount=Decimal(9), currency="USD", proposed_by=by, proposed_at=now)
    )
    written(DecisionCondition(decision=decision, position=1))
    written(DecisionFeedback(decision=decision, position=1, review=application.reviews.get()))
    fund = Fund.objects.get()
    slate = Slate(
        call=application.call, fund=fund, name="First slate", budget=Decimal(9), seed="1", made_by=by,
        returned_by=other, returned_at=now,
    )  # fmt: skip
    written(slate)
    written(SlateLine(slate=slate, **of, minimum=Decimal(1)))
    written(
        Appeal(
            **of, kind="conduct", status="rejected", language="en", once=uuid4(), sent_by=application.created_by,
            sent_at=now, due_at=now, answered_by=by, answered_at=now,
        )
    )  # fmt: skip
