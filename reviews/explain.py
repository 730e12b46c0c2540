"""The sentences of scores and checks, in the reader's language. What is stored are codes and what they name."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from core.registry import automatic_checks
from diligence.choices import PressureKind
from reviews.choices import HumanCheck

_REASONS: dict[str, Any] = {
    "values_people_only": gettext_lazy("Only people judge values: no data can."),
    "funding_unknown": gettext_lazy("No grant of another funder is recorded, which does not say that there is none."),
    "funding_none_overlaps": gettext_lazy("No grant of another funder that we know of touches this period."),
    "event_strongest": gettext_lazy(
        "Strongest event: %(kind)s on %(happened_on)s, severity %(severity)s of 5, of which %(percent)s %% count after "
        "this time."
    ),
    "events_none": gettext_lazy("No event is recorded, which does not say that there is no pressure."),
    "finance_unknown": gettext_lazy("No financial position is recorded."),
    "finance_stale": gettext_lazy("The last financial position, of %(as_of_on)s, is more than a year old."),
    "cash_months": gettext_lazy(
        "Cash for %(months)s months on %(as_of_on)s; six months or more count as no pressure, less than one as 5."
    ),
    "budget_lost": gettext_lazy("%(percent)s %% of the yearly budget was lost."),
    "accounts_frozen": gettext_lazy("Accounts are frozen."),
    "capacity_unknown": gettext_lazy("No assessment of capacity is recorded."),
    "capacity_mean": gettext_lazy("Mean %(mean)s of 5 in the assessment of %(assessed_on)s."),
    "rubric_weights": gettext_lazy("The weights are those of the rubric of this call, whose scale was brought to 0–5."),
    "usual_weights": gettext_lazy("The rubric of this call has none of the criteria: the usual weights are used."),
    "capacity_overdue": gettext_lazy("The assessment should have been looked at again by now."),
}


def _plain(params: Mapping[str, Any]) -> dict[str, Any]:
    """Params ready to be read: dates (keys that end in `_on`) and kinds of events in words."""
    shown = dict(params)
    for key, value in params.items():
        if key.endswith("_on") and value:
            shown[key] = date_format(date.fromisoformat(str(value)), "j F Y")
    if "kind" in shown and shown["kind"] in PressureKind.values:
        shown["kind"] = PressureKind(shown["kind"]).label
    return shown


def reason_sentence(code: str, params: Mapping[str, Any]) -> str:
    """One reason of a score, as a sentence. A code that no rule uses any more says so."""
    shown = _plain(params)
    if code == "sheets":
        return ngettext(
            "%(count)d person gave %(mean)s of 5.", "%(count)d people gave %(mean)s of 5 on average.", shown["count"]
        ) % {"count": shown["count"], "mean": str(shown["mean"]).removesuffix(".0")}
    if code == "events_further":
        return ngettext(
            "%(count)d further event adds a quarter of its weight.",
            "%(count)d further events add a quarter of their weight.",
            shown["count"],
        ) % {"count": shown["count"]}
    if code == "funding_overlaps":
        return ngettext(
            "%(count)d grant of another funder touches this period; its purpose resembles %(percent)d %% of the money "
            "asked.",
            "%(count)d grants of other funders touch this period; their purposes resemble %(percent)d %% of the money "
            "asked.",
            shown["overlapping"],
        ) % {"count": shown["overlapping"], "percent": shown["percent"]}
    if code == "own_criteria":
        return ngettext(
            "%(count)d criterion of the call's own rubric has no part in it: people alone judge it.",
            "%(count)d criteria of the call's own rubric have no part in it: people alone judge them.",
            shown["count"],
        ) % {"count": shown["count"]}
    if code == "capacity_too_few":
        return ngettext(
            "Only %(count)d area of the assessment is judged.",
            "Only %(count)d areas of the assessment are judged.",
            shown["judged"],
        ) % {"count": shown["judged"]}
    sentence = _REASONS.get(code)
    return (
        str(sentence) % shown if sentence is not None else _("This reason belongs to an earlier version of the rule.")
    )


def rubric_sentences(inputs: Mapping[str, Any]) -> list[str]:
    """What the rubric of the call had to do with a priority that was made of these stored inputs."""
    rubric = inputs.get("rubric") or {}
    if not rubric.get("version"):
        return []
    sentences = [reason_sentence("rubric_weights" if rubric["weights"] else "usual_weights", {})]
    if rubric["own"]:
        sentences.append(reason_sentence("own_criteria", {"count": rubric["own"]}))
    return sentences


def check_label(code: str) -> str:
    """The name of a check."""
    if code in automatic_checks:
        return str(automatic_checks.get(code).label)
    return str(HumanCheck(code).label) if code in HumanCheck.values else code


def check_sentence(code: str, evidence: Mapping[str, Any]) -> str:
    """What an automatic check found, as a sentence; empty when there is nothing to add to its name."""
    if code not in automatic_checks or not evidence:
        return ""
    sentence = automatic_checks.get(code).sentences.get(evidence.get("code", ""))
    return str(sentence) % _plain(evidence.get("params", {})) if sentence is not None else ""
