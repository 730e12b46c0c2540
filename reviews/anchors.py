"""The written anchors of the scores: what 0, 1 … 5 mean for each criterion. People score against these."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from reviews.choices import Criterion

QUESTIONS: dict[str, Any] = {
    Criterion.VALUES: _(
        "Does the group's conduct, toward all and its own side included, show universal human rights and non-violence?"
    ),
    Criterion.NON_DUPLICATION: _("Is nobody else already paying for these costs in this period?"),
    Criterion.POLITICAL: _("How strong is the political pressure on the group?"),
    Criterion.FINANCIAL: _("How near is the group to stopping for want of money?"),
    Criterion.CAPACITY: _("Can the group administer the grant?"),
    Criterion.LEGAL: _("Is the standing known, and can money lawfully and safely arrive?"),
}
ANCHORS: dict[str, tuple[tuple[int, Any], ...]] = {
    Criterion.VALUES: (
        (0, _("Calls for violence, or denies rights to others.")),
        (1, _("Statements or conduct that contradict universal rights, not taken back.")),
        (3, _("Universal rights in its principles; little evidence toward people other than its own.")),
        (5, _("Stands up for the rights of all, against abuses of its own side too, on record.")),
    ),
    Criterion.NON_DUPLICATION: (
        (0, _("Another funder pays for all of these costs in this period.")),
        (1, _("Most of the costs are paid by others.")),
        (3, _("Some costs overlap, or nobody could tell.")),
        (5, _("Nobody else pays for these costs; this was checked.")),
    ),
    Criterion.POLITICAL: (
        (0, _("No pressure in the last two years.")),
        (1, _("Isolated hostile statements or administrative obstacles.")),
        (3, _("Repeated harassment, legal cases, travel bans or closures.")),
        (5, _("Banned, raided, arrested or attacked, or about to be.")),
    ),
    Criterion.FINANCIAL: (
        (0, _("Six months of cash or more.")),
        (1, _("About five months of cash, income steady.")),
        (3, _("About three months of cash, or half of the income lost.")),
        (5, _("Less than a month of cash, or accounts frozen.")),
    ),
    Criterion.CAPACITY: (
        (0, _("Cannot account for money; a fiscal host would be needed.")),
        (1, _("One person keeps everything; no written rules.")),
        (3, _("Books are kept and checked; some controls are missing.")),
        (5, _("Audited accounts, separated duties, reports on time.")),
    ),
}
