"""Restricting an application: what was seen before must not give it away afterwards."""

import pytest

from accounts.models import User
from grants.models import Application
from grants.services.confidentiality import restrict_application

pytestmark = pytest.mark.django_db


def test_a_restricted_partner_gets_an_alias_that_nobody_has_seen_beside_its_name(
    sent: Application, officer2: User
) -> None:
    before = sent.organization.alias

    restrict_application(application=sent, by=officer2, reason="Danger")

    sent.organization.refresh_from_db()
    assert sent.organization.alias != before
    assert sent.organization.alias.startswith("Partner ")
