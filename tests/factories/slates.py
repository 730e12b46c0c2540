"""Funds with money in them, applications that can be decided, and slates of them."""

from datetime import date
from decimal import Decimal
from typing import Any

from core.translated import Translated
from grants.models import Application, Call, Fund
from grants.services.funds import open_fund, record_contribution
from organizations.choices import Community
from reviews.models import Slate
from reviews.services.slates import LineValues, SlateTerms, create_slate, save_lines
from tests.factories.grants import member, partner, submitted
from tests.factories.reviews import passed, reviewed, reviewing


def fund_with(call: Call, by: Any, amount: str = "3000", **fields: Any) -> Fund:
    """A fund in dollars, open since the year before last."""
    values: dict[str, Any] = {
        "name": Translated(en="Orchard fund"),
        "currency": "USD",
        "starts_on": date(2020, 1, 1),
    } | fields
    fund = open_fund(programme=call.programme, by=by, **values)
    if Decimal(amount):
        record_contribution(fund=fund, by=by, amount=Decimal(amount), on=date(2020, 1, 2), note="First part")
    return fund


def decidable(
    call: Call, officer: Any, reviewer: Any, *, community: str = Community.JOINT, value: str = "4", name: str = ""
) -> Application:
    """An application of an organisation of its own that was reviewed once and waits for a decision; it asks 1,000."""
    from reviews.services import sheets

    group = partner(call.programme, name=name or f"Group {Application.objects.count() + 1}", community=community)
    application = passed(submitted(call, group, member(group), title=f"Work of {group.name}"), officer)
    application = reviewing(application, reviewer, officer)
    reviewed(application, reviewer, value)
    return sheets.finish_review(application=application, by=officer)


def slate_of(call: Call, fund: Fund, by: Any, budget: str = "3000", **fields: Any) -> Slate:
    """A draft with a line for all that can be decided."""
    values: dict[str, Any] = {"name": "First slate", "budget": Decimal(budget)}
    terms = SlateTerms(**(values | fields))
    return create_slate(call=call, fund=fund, terms=terms, by=by)


def give(slate: Slate, by: Any, amounts: dict[str, str], **changes: Any) -> Slate:
    """Amounts by reference; lines that are not named stay as they are."""
    lines = {
        line.pk: LineValues(
            changes.get("lock", line.lock),
            changes.get("minimum", line.minimum),
            Decimal(amounts[line.application.reference]),
        )
        for line in slate.lines.select_related("application")
        if line.application.reference in amounts
    }
    slate.refresh_from_db()
    return save_lines(slate=slate, by=by, version=slate.version, lines=lines)
