"""Two funds with what came in, and two slates of the call for core support: one by hand, one suggested."""

from datetime import timedelta
from decimal import Decimal

from accounts.models import Programme
from core.money import CENT
from core.translated import Translated
from grants.models import Call, Fund
from grants.services.funds import open_fund, record_contribution
from insights.demo.people import Staff
from insights.demo.timeline import Timeline
from organizations.choices import Community
from reviews.choices import BalanceBy, LineLock, Measure
from reviews.models import Slate
from reviews.services.slates import BoundValues, LineValues, SlateTerms, create_slate, save_lines
from reviews.services.suggesting import suggest_slate
from reviews.slating import items_of, most_for

CORE = Translated(en="Core support fund", ar="صندوق الدعم الأساسي", he="קרן תמיכת הליבה")
RAPID = Translated(en="Rapid response fund", ar="صندوق الاستجابة العاجلة", he="קרן התגובה המהירה")
USE = Translated(
    en="Running costs of human-rights organisations, on both sides alike.",
    ar="التكاليف التشغيلية لمنظمات حقوق الإنسان، على الجانبين بالتساوي.",
    he="הוצאות שוטפות של ארגוני זכויות אדם, בשני הצדדים כאחד.",
)
BY_HAND = "By hand, after the first reading"
SUGGESTED = "Suggested within the published aims"
SIDES = (Community.ISRAELI, Community.PALESTINIAN)


def make_funds(programme: Programme, staff: Staff, timeline: Timeline) -> dict[str, Fund]:
    """A fund for each call, filled in two parts."""
    opened = timeline.happens(timeline.working_days_ago(100))
    day = opened.date()
    made = {}
    for key, name, parts in (("core", CORE, (220_000, 110_000)), ("rapid", RAPID, (120_000, 60_000))):
        timeline.acts(staff.finance, "staff:fund_new")
        fund = open_fund(
            programme=programme,
            by=staff.finance,
            name=name,
            currency="USD",
            starts_on=day,
            ends_on=day + timedelta(days=730),
            source="Cypress & Clay Foundation",
            restrictions=USE if key == "core" else None,
        )
        for number, amount in enumerate(parts):
            who = staff.finance if number == 0 else staff.director
            timeline.acts(who, "staff:fund_contribution")
            record_contribution(
                fund=fund,
                by=who,
                amount=Decimal(amount),
                on=day + timedelta(days=40 * number),
                note=f"Part {number + 1} of 2",
            )
        made[key] = fund
    return made


def make_slates(call: Call, fund: Fund, staff: Staff, timeline: Timeline) -> None:
    """The best judged get all of it until the money ends; and what the solver makes of the same bounds."""
    timeline.happens(timeline.working_days_ago(1))
    timeline.acts(staff.officer, "reviews:slates")
    bounds = [BoundValues(BalanceBy.COMMUNITY, side, Measure.MONEY, 40, 60) for side in SIDES]
    by_hand = create_slate(
        call=call, fund=fund, by=staff.officer, terms=SlateTerms(BY_HAND, Decimal(180_000), bounds=bounds)
    )
    _fill(by_hand, staff)
    timeline.acts(staff.officer2, "reviews:slate_suggest")
    suggested = create_slate(
        call=call,
        fund=fund,
        by=staff.officer2,
        terms=SlateTerms(SUGGESTED, Decimal(180_000), cap=Decimal(60_000), least_percent=50, bounds=bounds),
    )
    suggest_slate(slate=suggested, by=staff.officer2, version=suggested.version)


def _fill(slate: Slate, staff: Staff) -> None:
    left, lines = slate.budget, {}
    for number, item in enumerate(items_of(slate, staff.officer)):
        most = most_for(item.application)
        amount = most if most <= left else (left if left >= item.line.minimum else Decimal(0))
        left -= amount
        lock = LineLock.IN if number == 0 else LineLock.FREE
        note = "Strong on both readings." if number == 0 else ""
        lines[item.line.pk] = LineValues(lock, item.line.minimum, amount.quantize(CENT), note)
    save_lines(slate=slate, by=staff.officer, version=slate.version, lines=lines)
