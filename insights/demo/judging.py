"""What the demo shows of judging: reviewers with their profiles, ties, and a suggestion of who reviews what."""

from grants.models import Call
from insights.demo.partners import Partner
from insights.demo.people import Staff
from insights.demo.terms import change_terms
from insights.demo.timeline import Timeline
from reviews.choices import Expertise
from reviews.services import interests, suggestions
from reviews.services.reviewers import save_profile

# Languages, knowledge and how many at a time: as much of each side.
_PROFILES = {
    "reviewer": (["ar", "en"], [Expertise.LAW, Expertise.FINANCE], 8),
    "reviewer2": (["en", "he"], [Expertise.LAW, Expertise.WELLBEING], 8),
    "reviewer3": (["ar", "en", "he"], [Expertise.SECURITY, Expertise.MEDIA], 6),
    "reviewer4": (["ar", "en", "he"], [Expertise.SECURITY, Expertise.GENDER], 6),
}
# Each is tied to a partner of either side.
_TIES = (("reviewer3", "palestinian", 10, "board"), ("reviewer4", "israeli", 10, "family"))
REVIEWS_EACH = 3


def introduce_reviewers(staff: Staff, call: Call, partners: dict[tuple[str, int], Partner], timeline: Timeline) -> None:
    """Before the stories: what reviewers read and know, whom they are tied to, and how the call is judged."""
    for name, (languages, expertise, most) in _PROFILES.items():
        person = getattr(staff, name)
        values = {
            "languages": languages,
            "expertise": [str(code) for code in expertise],
            "most_open": most,
            "away_from": None,
            "away_until": None,
        }
        timeline.acts(person, "reviews:my_profile")
        save_profile(person=person, by=person, version=0, values=values)
    for name, side, number, kind in _TIES:
        tied = partners[side, number].organization
        timeline.acts(getattr(staff, name), "reviews:interests")
        interests.declare_interest(by=getattr(staff, name), name=str(tied), organization=tied, kind=kind)
    timeline.acts(staff.officer, "reviews:terms")
    change_terms(call, staff.officer, reviews_each=REVIEWS_EACH)


def suggest_reviewers(staff: Staff, call: Call) -> None:
    """After the stories: an officer has a suggestion made and has not carried it out yet."""
    suggestions.suggest(call=Call.objects.get(pk=call.pk), by=staff.officer2, version=0)
