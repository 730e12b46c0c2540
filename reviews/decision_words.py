"""Words and tones of decisions, for every page that lists them."""

from django.utils.translation import pgettext_lazy

DECISION_TONES = {"approve": "go", "decline": "", "waitlist": "wait"}
STATUS_TONES = {"proposed": "wait", "first": "wait", "approved": "go", "returned": "stop", "cancelled": ""}
# In one word, beside the kind: a decline that a director approved reads as confirmed, not as approved.
STATUS_WORDS = {
    "proposed": pgettext_lazy("proposal", "Open"),
    "first": pgettext_lazy("proposal", "Approved once"),
    "approved": pgettext_lazy("proposal", "Confirmed"),
    "returned": pgettext_lazy("proposal", "Returned"),
    "cancelled": pgettext_lazy("proposal", "Taken back"),
}
