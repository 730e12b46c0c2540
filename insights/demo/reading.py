"""Who reads the restricted applications of the demo, and a director who breaks the glass."""

from grants.models import Opening
from grants.services.glass import break_glass
from insights.demo.library import words
from insights.demo.telling import Telling


def readers_open(told: Telling) -> None:
    """Its named readers open pages of it. These rows do not change, so they bear the moment of the story at once."""
    staff, pages = told.staff, ("staff:proposal", "staff:messages", "diligence:application")
    for hours, (person, page) in enumerate(zip((told.officer, staff.director, staff.finance), pages, strict=True)):
        told.at_work(hours, person, page)
        Opening.objects.create(application=told.application, user=person, at=told.clock, page=page)


def director_breaks_the_glass(told: Telling) -> None:
    """The director who is not named, a short while ago."""
    told.at_work(0, told.staff.director2, "staff:break_glass")
    break_glass(application=told.application, by=told.staff.director2, reason=words("staff")["glass_reason"])
