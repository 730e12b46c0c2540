"""A panel that meets next week on the core support call."""

from datetime import timedelta

from django.utils.translation import override

from grants.models import Application
from insights.demo.telling import World
from reviews.choices import DecidesBy
from reviews.services.panels import JUDGEABLE, Plan, add_items, declare, plan_meeting

DAYS_AHEAD = 6


def plan_panel(world: World) -> None:
    """Two reviewers, an officer and two directors; what is judged now is on the agenda, in the order of references."""
    call, staff, timeline = world.calls["core"], world.staff, world.timeline
    day = timeline.in_office_hours(timeline.now + timedelta(days=DAYS_AHEAD)).replace(hour=10, minute=0, second=0)
    with override("en"):
        title = f"Panel on {call.title}"[:160]
    plan = Plan(
        title=title,
        starts_at=day.replace(microsecond=0),
        place="Meeting room, second floor",
        chair=staff.director,
        members=[staff.director, staff.director2, staff.officer, staff.reviewer, staff.reviewer2],
        quorum=3,
        decides_by=DecidesBy.VOTES,
    )
    timeline.acts(staff.officer, "reviews:panel_create")
    meeting = plan_meeting(call=call, by=staff.officer, plan=plan)
    rows = Application.objects.visible_to(staff.officer).filter(call=call, status__in=JUDGEABLE)
    add_items(meeting=meeting, by=staff.officer, applications=rows.order_by("reference"))
    items = list(meeting.items.values_list("pk", flat=True))
    for person in (staff.director, staff.director2, staff.officer):
        timeline.acts(person, "reviews:panel_declare")
        declare(meeting=meeting, by=person, item_ids=items)
