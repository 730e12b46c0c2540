"""The written anchors of the scores: what 0, 1 … 5 mean for each criterion. People score against these."""

from typing import Any

from django.utils.translation import gettext_lazy as _
from django.utils.translation import override

from core.translated import CODES, Translated
from reviews.choices import Criterion

QUESTIONS: dict[str, Any] = {
    Criterion.VALUES: _(
        "Does the group's conduct, toward all and its own side included, show universal human rights and non-violence?"
    ),
    Criterion.NON_DUPLICATION: _("Is nobody else already paying for these costs in this period?"),
    Criterion.BOTH_COMMUNITIES: _("Does what we fund, taken together, serve the groups of both communities?"),
    Criterion.POLITICAL: _("How strong is the political pressure on the group?"),
    Criterion.FINANCIAL: _("How near is the group to stopping for want of money?"),
    Criterion.CAPACITY: _("Can the group administer the grant?"),
    Criterion.LEGAL: _("Is the standing known, and can money lawfully and safely arrive?"),
}
ANCHORS: dict[str, tuple[tuple[int, Any], ...]] = {
    Criterion.VALUES: (
        (0, _("Calls for violence, or denies rights to others.")),
        (1, _("Statements or conduct that contradict universal rights, not taken back.")),
        (2, _("Such statements or conduct earlier, since taken back; or nothing on record either way.")),
        (3, _("Universal rights in its principles; little evidence toward people other than its own.")),
        (4, _("Works by one standard for all; speaks seldom of abuses of its own side.")),
        (5, _("Stands up for the rights of all, against abuses of its own side too, on record.")),
    ),
    Criterion.NON_DUPLICATION: (
        (0, _("Another funder pays for all of these costs in this period.")),
        (1, _("Most of the costs are paid by others.")),
        (2, _("About half of the costs are paid by others.")),
        (3, _("Some costs overlap, or nobody could tell.")),
        (4, _("One small cost overlaps, and can be taken out of the budget.")),
        (5, _("Nobody else pays for these costs; this was checked.")),
    ),
    Criterion.POLITICAL: (
        (0, _("No pressure in the last two years.")),
        (1, _("Isolated hostile statements or administrative obstacles.")),
        (2, _("Threats, a smear campaign, or an inquiry opened by an authority.")),
        (3, _("Repeated harassment, legal cases or travel bans.")),
        (4, _("People summoned or prosecuted for their work, or offices closed for a time.")),
        (5, _("Banned, raided, arrested or attacked, or about to be.")),
    ),
    Criterion.FINANCIAL: (
        (0, _("Six months of cash or more.")),
        (1, _("About five months of cash, income steady.")),
        (2, _("About four months of cash, or a third of the income lost.")),
        (3, _("About three months of cash, or half of the income lost.")),
        (4, _("About two months of cash, or most of the income lost.")),
        (5, _("Less than a month of cash, or accounts frozen.")),
    ),
    Criterion.CAPACITY: (
        (0, _("Cannot account for money; a fiscal host would be needed.")),
        (1, _("One person keeps everything; no written rules.")),
        (2, _("Books are kept, and nobody else checks them; few written rules.")),
        (3, _("Books are kept and checked; some controls are missing.")),
        (4, _("Written rules are followed and duties separated; accounts are not audited yet.")),
        (5, _("Audited accounts, separated duties, reports on time.")),
    ),
}


def in_all_languages(words: Any) -> Translated:
    """A translatable text as one that is stored in three languages."""
    texts = Translated()
    for code in CODES:
        with override(code):
            texts[code] = str(words)
    return texts
