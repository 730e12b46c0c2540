"""Where a notice leads whoever opens it."""

import pytest
from django.urls import reverse

from accounts.models import User
from accounts.notices import notice_kinds
from grants.models import Application
from grants.services.access import recuse
from grants.services.confidentiality import restrict_application

pytestmark = pytest.mark.django_db


def leads_to(application: Application, user: User) -> str:
    return notice_kinds.get("grants.new_application").url({"reference": application.reference}, user)


def test_a_notice_leads_to_the_application(sent: Application, officer: User) -> None:
    assert leads_to(sent, officer) == reverse("staff:proposal", args=[sent.reference])


def test_it_leads_a_director_who_is_no_reader_to_the_page_that_names_readers(
    sent: Application, officer: User, director: User
) -> None:
    restrict_application(application=sent, by=officer, reason="Danger")
    assert leads_to(sent, director) == reverse("staff:readers", args=[sent.reference])


def test_it_leads_those_who_can_read_it_no_more_to_their_list(sent: Application, officer: User, officer2: User) -> None:
    restrict_application(application=sent, by=officer, reason="Danger")
    recuse(application=sent, person=officer, reason="family", by=officer)
    assert {leads_to(sent, user) for user in (officer, officer2)} == {reverse("staff:applications")}
