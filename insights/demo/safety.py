"""Partners in danger, and one that wishes to be erased: alike on both sides."""

from accounts.models import User
from insights.demo.library import words
from insights.demo.telling import World
from organizations.choices import CompromiseKind
from organizations.services.compromise import mark_compromised, propose_lift
from organizations.services.erasure import ask_erasure

# Their applications are restricted already.
IN_DANGER, SIDES = 1, ("israeli", "palestinian")


def tell_of_danger(world: World) -> None:
    """The telephone of a partner of each community was seized; of each a colleague proposes to let them in again. A
    joint partner with a grant asks to be erased.
    """
    say, timeline = words("staff"), world.timeline
    for side in SIDES:
        timeline.happens(timeline.working_days_ago(1, hour=15))
        partner = world.partners[side, IN_DANGER]
        officer = User.objects.filter(applications_led__organization=partner.organization)[0]
        row = mark_compromised(
            organization=partner.organization, by=officer, kind=CompromiseKind.PHONE, reason=say["seized_reason"]
        )
        timeline.happens(timeline.working_days_ago(1, hour=17))
        propose_lift(compromise=row, by=officer, reason=say["safe_reason"])
    timeline.happens(timeline.working_days_ago(2, hour=11))
    joint = world.partners["joint", 0]
    ask_erasure(organization=joint.organization, by=joint.owner, reason=say["erasure_reason"])
