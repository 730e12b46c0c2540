"""What decisions do to funds: approving commits, in the same transaction; judging anew gives it back."""

from typing import Any

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from core.errors import DomainError
from grants.models import Application, Fund
from grants.services.funds import commit_money, release_money
from reviews.choices import DecisionKind, DecisionStatus
from reviews.models import Decision


class FundUnfit(DomainError):
    """The fund belongs to another programme, is kept in another currency, or its period is over."""

    sentence = _("This fund cannot pay for this application. Choose another.")


def check_fund(application: Application, fund: Fund | None, currency: str) -> None:
    """Refuse a fund that cannot pay for this application; None is no fund, which is allowed."""
    if fund is None:
        return
    if fund.programme_id != application.call.programme_id:
        raise FundUnfit
    if fund.currency != currency:
        raise FundUnfit(
            _("The fund is kept in %(fund)s and the application asks in %(asked)s.")
            % {"fund": fund.currency, "asked": currency}
        )
    if not Fund.objects.open_on(timezone.localdate()).filter(pk=fund.pk).exists():
        raise FundUnfit(_("The period of this fund does not hold today. Choose another."))


def commit(*, decision: Decision, by: Any) -> None:
    """Commit the money of a decision once it is approved; nothing while a second approval is still waited for.

    Raises:
        FundExceeded: the fund has less, be it by a cent.
    """
    wanted = decision.kind == DecisionKind.APPROVE and decision.status == DecisionStatus.APPROVED
    if not wanted or decision.fund is None or decision.amount is None:
        return
    check_fund(decision.application, decision.fund, decision.currency)
    commit_money(
        fund=decision.fund, application=decision.application, decision=decision.pk, amount=decision.amount, by=by
    )


def release_commitments(*, application: Application, by: Any) -> None:
    """Give back whatever earlier decisions on this application had committed: it is judged anew, or given up."""
    for pk in application.fund_entries.values_list("decision", flat=True).distinct():
        if pk is not None:
            release_money(decision=pk, by=by)
