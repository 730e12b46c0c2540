"""The automatic eligibility checks. Each is a function of the application; none decides: a person may overrule any.

Sentences name what the evidence holds; they are translated when read.
"""

from decimal import Decimal
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from core.money import Money
from core.registry import AutomaticCheck, CheckResult
from diligence.models import DuplicateCandidate
from grants.choices import OPEN_STATUSES, Confidentiality, Status
from grants.completeness import missing
from grants.models import Application
from organizations.choices import LegalStatus
from reviews.choices import CheckOutcome as O
from reviews.facts import ends_on


def check_limits(application: Application) -> CheckResult:
    """Amount and currency against those of the call. Its limits are in its first currency."""
    call, asked = application.call, application.asked
    if asked.currency not in call.currencies:
        return CheckResult(O.FAIL, "currency", {"asked": str(asked), "currencies": ", ".join(call.currencies)})
    if not asked.amount:
        return CheckResult(O.FAIL, "nothing")
    if call.amount_min is None and call.amount_max is None:
        return CheckResult(O.PASS, "no_limits", {"asked": str(asked)})
    unit = call.currencies[0]
    least = str(Money(call.amount_min or Decimal(0), unit))
    most = str(Money(call.amount_max, unit)) if call.amount_max is not None else ""
    params = {"asked": str(asked), "least": least, "most": most}
    if asked.currency != unit:
        return CheckResult(O.LOOK, "other_currency", params)
    if call.amount_min is not None and asked.amount < call.amount_min:
        return CheckResult(O.FAIL, "too_little", params)
    if call.amount_max is not None and asked.amount > call.amount_max:
        return CheckResult(O.FAIL, "too_much", params)
    return CheckResult(O.PASS, "within" if most else "above_least", params)


def check_completeness(application: Application) -> CheckResult:
    """Every question that must be answered is."""
    count = len(missing(application))
    if count:
        return CheckResult(O.FAIL, "missing", {"count": count})
    return CheckResult(O.PASS, "complete")


def check_registration(application: Application) -> CheckResult:
    """Legal status and validity of registrations. Contested is for a person to weigh, and never a refusal."""
    organization, required = application.organization, application.call.registration_required
    status = organization.legal_status
    if status == LegalStatus.CONTESTED:
        return CheckResult(O.LOOK, "contested")
    if status == LegalStatus.HOSTED:
        return CheckResult(O.LOOK, "hosted")
    rows = list(organization.registrations.all())
    if not rows or status in (LegalStatus.UNREGISTERED, LegalStatus.UNKNOWN, LegalStatus.PENDING):
        if required:
            return CheckResult(O.FAIL if not rows else O.LOOK, "none_required" if not rows else "unclear")
        return CheckResult(O.PASS if status == LegalStatus.UNREGISTERED else O.LOOK, "none_needed")
    # Without an end a registration stays valid.
    dates = [row.expires_on for row in rows if row.expires_on is not None]
    last = max(dates) if len(dates) == len(rows) else None
    today = timezone.localdate(timezone=application.call.zone)
    end = ends_on(application)
    if last is not None and last < today:
        return CheckResult(O.FAIL if required else O.LOOK, "expired", {"until_on": last.isoformat()})
    if last is not None and end is not None and last < end:
        return CheckResult(O.LOOK, "expires_during", {"until_on": last.isoformat(), "ends_on": end.isoformat()})
    if not any(row.verified_at for row in rows):
        return CheckResult(O.LOOK, "unverified")
    return CheckResult(O.PASS, "valid" if last is None else "valid_until", {"until_on": last and last.isoformat()})


def check_budget(application: Application) -> CheckResult:
    """Each line adds up, and the lines add up to the amount asked."""
    lines = list(application.budget_lines.all())
    if not lines:
        return CheckResult(O.FAIL, "no_lines")
    cent = Decimal("0.01")
    wrong = [line for line in lines if (line.quantity * line.unit_cost).quantize(cent) != line.asked + line.from_others]
    if wrong:
        return CheckResult(O.FAIL, "lines_wrong", {"count": len(wrong)})
    total = sum((line.asked for line in lines), Decimal(0))
    if total != application.amount_asked:
        unit = application.currency
        return CheckResult(
            O.FAIL, "sum_wrong", {"total": str(Money(total, unit)), "asked": str(Money(application.amount_asked, unit))}
        )
    return CheckResult(O.PASS, "adds_up", {"count": len(lines)})


def check_dates(application: Application) -> CheckResult:
    """Start and length of the work."""
    call, start, months = application.call, application.starts_on, application.months
    if start is None or not months:
        return CheckResult(O.LOOK, "not_given")
    if call.months_max is not None and months > call.months_max:
        return CheckResult(O.FAIL, "too_long", {"months": months, "most": call.months_max})
    submitted = application.submitted_at or timezone.now()
    if start < timezone.localdate(submitted, timezone=call.zone):
        return CheckResult(O.LOOK, "before_submission", {"starts_on": start.isoformat()})
    end = ends_on(application)
    return CheckResult(O.PASS, "fits", {"starts_on": start.isoformat(), "ends_on": end and end.isoformat()})


def check_previous(application: Application) -> CheckResult:
    """Other applications of the organisation that are open or approved. Restricted ones are never counted here: the
    number would tell readers of this application that another exists.
    """
    found = list(
        Application.objects.filter(organization=application.organization_id, confidentiality=Confidentiality.STANDARD)
        .filter(status__in=[*(OPEN_STATUSES - {Status.DRAFT}), Status.APPROVED])
        .exclude(pk=application.pk)
        .order_by("reference")
        .values_list("reference", flat=True)[:10]
    )
    if found:
        return CheckResult(O.LOOK, "others", {"references": ", ".join(found)})
    return CheckResult(O.PASS, "none")


def check_duplicates(application: Application) -> CheckResult:
    """Nobody has yet said whether the organisation is the same as another that looks like it. Partners of restricted
    applications are left out, as above.
    """
    waiting = DuplicateCandidate.objects.beside(application.organization_id).open().exists()
    return CheckResult(O.LOOK, "open") if waiting else CheckResult(O.PASS, "none")


_Texts = dict[str, Any]
_LIMITS: _Texts = {
    "currency": _("%(asked)s is asked; the call takes %(currencies)s."),
    "nothing": _("No amount is asked."),
    "no_limits": _("%(asked)s; the call sets no limits."),
    "other_currency": _("%(asked)s is asked; the limits are %(least)s and %(most)s. Compare by hand."),
    "too_little": _("%(asked)s; the call gives at least %(least)s."),
    "too_much": _("%(asked)s; the call gives at most %(most)s."),
    "within": _("%(asked)s of at most %(most)s."),
    "above_least": _("%(asked)s; at least %(least)s."),
}
_COMPLETENESS: _Texts = {
    "missing": _("Questions without an answer that is needed: %(count)s."),
    "complete": _("Every question that must be answered is."),
}
_REGISTRATION: _Texts = {
    "contested": _(
        "One authority bans or designates them. This is for a person to weigh; it refuses nothing by itself."
    ),
    "hosted": _("They work through a fiscal host: look at who receives the money."),
    "none_required": _("The call asks for a registration, and none is recorded."),
    "unclear": _("The call asks for a registration; theirs is pending or its standing is not known."),
    "none_needed": _("No valid registration is recorded; the call does not ask for one."),
    "expired": _("The registration ended on %(until_on)s."),
    "expires_during": _("The registration ends on %(until_on)s, before the work does (%(ends_on)s)."),
    "unverified": _("Nobody of ours has verified the registration yet."),
    "valid": _("Registered, without an end date."),
    "valid_until": _("Registered until %(until_on)s."),
}
_BUDGET: _Texts = {
    "no_lines": _("There is no budget."),
    "lines_wrong": _("Lines where quantity × unit cost is not what is asked here and from others: %(count)s."),
    "sum_wrong": _("The lines come to %(total)s; %(asked)s is asked."),
    "adds_up": _("Every line adds up, and so does their sum."),
}
_DATES: _Texts = {
    "not_given": _("The start or the length of the work is not given."),
    "too_long": _("%(months)s months; the call allows %(most)s."),
    "before_submission": _("The work starts on %(starts_on)s, before the application was submitted."),
    "fits": _("From %(starts_on)s to %(ends_on)s."),
}
_PREVIOUS: _Texts = {
    "others": _("Open or approved as well: %(references)s."),
    "none": _("No other application of theirs is open or approved."),
}
_DUPLICATES: _Texts = {
    "open": _("They look like another organisation on record, and nobody has said yet whether they are the same."),
    "none": _("No likeness to another organisation is left to look at."),
}
CHECKS = (
    AutomaticCheck("limits", _("Amount within the call's limits"), check_limits, _LIMITS),
    AutomaticCheck("completeness", _("Everything that was asked is answered"), check_completeness, _COMPLETENESS),
    AutomaticCheck("registration", _("Registration"), check_registration, _REGISTRATION),
    AutomaticCheck("budget", _("The budget adds up"), check_budget, _BUDGET),
    AutomaticCheck("dates", _("Dates of the work"), check_dates, _DATES),
    AutomaticCheck("previous", _("Other applications of theirs"), check_previous, _PREVIOUS),
    AutomaticCheck("duplicates", _("Possible duplicates"), check_duplicates, _DUPLICATES),
)
