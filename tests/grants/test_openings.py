"""Openings of restricted applications are recorded, and a director can break the glass."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.db import IntegrityError, connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from accounts.choices import RoleName
from accounts.models import InboxItem, User
from core.audit import origin
from core.errors import NotPermitted
from grants.choices import EventKind
from grants.models import Application, NamedReader, Opening
from grants.services.access import recuse
from grants.services.confidentiality import name_readers, restrict_application
from grants.services.glass import GlassRefused, break_glass
from organizations.models import Organization
from tests.factories.accounts import person_with

pytestmark = pytest.mark.django_db
type Signed = Callable[[User], Client]
WHY = "They are being raided and nobody answers."


@pytest.fixture
def restricted(sent: Application, officer: User) -> Application:
    return restrict_application(application=sent, by=officer)


# ---- openings -------------------------------------------------------------------------------------------------------
def test_every_page_of_a_restricted_application_that_a_reader_opens_is_recorded(
    restricted: Application, officer: User, client_for: Signed
) -> None:
    client = client_for(officer)
    for name in ("staff:proposal", "staff:messages", "staff:history"):
        assert client.get(reverse(name, args=[restricted.reference])).status_code == 200
    rows = Opening.objects.order_by("at")
    assert [(row.user, row.application, row.page) for row in rows] == [
        (officer, restricted, "staff:proposal"),
        (officer, restricted, "staff:messages"),
        (officer, restricted, "staff:history"),
    ]


def test_an_opening_that_is_refused_and_one_of_a_standard_application_are_not_recorded(
    sent: Application, officer: User, officer2: User, client_for: Signed
) -> None:
    address = reverse("staff:proposal", args=[sent.reference])
    client_for(officer2).get(address)
    with CaptureQueriesContext(connection) as before:
        client_for(officer).get(address)
    assert not any("grants_opening" in query["sql"] for query in before.captured_queries)
    restrict_application(application=sent, by=officer)
    assert client_for(officer2).get(address).status_code == 404
    with CaptureQueriesContext(connection) as after:
        client_for(officer).get(address)
    assert sum("grants_opening" in query["sql"] for query in after.captured_queries) == 1
    assert Opening.objects.count() == 1


@pytest.mark.parametrize("change", ["update", "delete"])
def test_the_record_of_an_opening_does_not_change(restricted: Application, officer: User, change: str) -> None:
    Opening.objects.create(application=restricted, user=officer, page="staff:proposal")
    with pytest.raises(IntegrityError, match="does not change"), transaction.atomic():
        Opening.objects.update(page="") if change == "update" else Opening.objects.all()._raw_delete("default")


def test_a_director_sees_all_openings_by_alias_and_finds_them_by_person_and_reference(
    restricted: Application, officer: User, officer2: User, director: User, client_for: Signed
) -> None:
    Opening.objects.create(application=restricted, user=officer, page="staff:proposal")
    Opening.objects.create(application=restricted, user=officer2, page="staff:messages", reason=WHY)
    client = client_for(director)
    page = client.get(reverse("staff:openings")).content.decode()
    alias = Organization.objects.get(pk=restricted.organization_id).alias
    assert (alias in page, "Tamarisk" in page, restricted.title in page) == (True, False, False)
    assert ("Olive Officer" in page, "Otto Officer" in page, WHY in page) == (True, True, True)
    found = client.get(reverse("staff:openings"), {"q": "olive"}).content.decode()
    assert ("Olive Officer" in found, "Otto Officer" in found) == (True, False)
    found = client.get(reverse("staff:openings"), {"q": restricted.reference.lower(), "glass": "on"}).content.decode()
    assert ("Olive Officer" in found, "Otto Officer" in found) == (False, True)
    assert "Nothing fits" in client.get(reverse("staff:openings"), {"q": "RR-7K4Q-M2XD"}).content.decode()


def test_a_director_with_a_conflict_of_interest_sees_no_opening_of_it(
    restricted: Application, officer: User, director: User, client_for: Signed
) -> None:
    Opening.objects.create(application=restricted, user=officer, page="staff:proposal")
    recuse(application=restricted, person=director, reason="family", by=director)
    client = client_for(director)
    assert "Olive Officer" not in client.get(reverse("staff:openings")).content.decode()
    assert client.get(reverse("staff:openings_of", args=[restricted.reference])).status_code == 404


def test_a_named_reader_sees_who_else_opened_it(
    restricted: Application, officer: User, officer2: User, programme, client_for: Signed
) -> None:
    finance = person_with(RoleName.FINANCE, programme, display_name="Farid Finance")
    director = person_with(RoleName.DIRECTOR, programme)
    name_readers(application=restricted, people=[finance], by=director)
    Opening.objects.create(application=restricted, user=officer, page="staff:proposal")
    address = reverse("staff:openings_of", args=[restricted.reference])
    assert "Olive Officer" in client_for(finance).get(address).content.decode()
    assert client_for(officer2).get(address).status_code == 404


def test_the_list_of_openings_costs_the_same_for_one_and_for_thirty(
    restricted: Application, officer: User, director: User, client_for: Signed
) -> None:
    client = client_for(director)
    counts = []
    for number in (1, 29):
        rows = [Opening(application=restricted, user=officer, page="staff:proposal") for _ in range(number)]
        Opening.objects.bulk_create(rows)
        with CaptureQueriesContext(connection) as captured:
            assert client.get(reverse("staff:openings")).content.decode().count("Olive Officer") >= number
        counts.append(len(captured))
    assert counts[0] == counts[1]


def test_the_openings_of_one_application_cost_the_same_for_one_and_for_thirty(
    restricted: Application, officer: User, programme, client_for: Signed
) -> None:
    client, counts = client_for(officer), []
    for number in range(30):
        person = person_with(RoleName.FINANCE, programme)
        Opening.objects.create(application=restricted, user=person, page="staff:proposal")
        if number in (0, 29):
            with CaptureQueriesContext(connection) as captured:
                page = client.get(reverse("staff:openings_of", args=[restricted.reference]))
            assert len(page.context["lines"]) == number + 1
            counts.append(len(captured))
    assert counts[0] == counts[1]


# ---- breaking the glass ---------------------------------------------------------------------------------------------
def test_after_a_reason_that_is_too_short_a_reader_is_still_named_at_the_address_for_that(
    restricted: Application, director: User, client_for: Signed
) -> None:
    refused = client_for(director).post(reverse("staff:break_glass", args=[restricted.reference]), {"reason": "short"})
    assert refused.status_code == 422
    assert f'<form method="post" action="{reverse("staff:readers", args=[restricted.reference])}"' in refused.text


def test_a_director_breaks_the_glass_reads_for_a_day_and_the_readers_are_told(
    restricted: Application, officer: User, director: User, client_for: Signed
) -> None:
    client = client_for(director)
    address = reverse("staff:proposal", args=[restricted.reference])
    assert client.get(address).status_code == 404
    answer = client.post(reverse("staff:break_glass", args=[restricted.reference]), {"reason": WHY})
    assert (answer.status_code, answer.headers["Location"]) == (302, address)
    assert client.get(address).status_code == 200
    row = NamedReader.objects.get(user=director)
    assert row.until is not None
    assert timedelta(hours=23, minutes=59) < row.until - timezone.now() <= timedelta(hours=24)
    told = InboxItem.objects.get(kind="grants.glass_broken")
    assert (told.user, told.restricted) == (officer, True)
    event = restricted.events.get(kind=EventKind.GLASS)
    assert (event.actor, event.reason) == (director, WHY)
    first, second = Opening.objects.order_by("at")
    assert (first.page, first.reason) == ("staff:break_glass", WHY)
    assert (second.page, second.reason) == ("staff:proposal", "")


def test_after_a_day_the_glass_is_whole_again(restricted: Application, director: User, client_for: Signed) -> None:
    break_glass(application=restricted, by=director, reason=WHY)
    NamedReader.ever.update(until=timezone.now() - timedelta(minutes=1))
    client = client_for(director)
    assert client.get(reverse("staff:proposal", args=[restricted.reference])).status_code == 404
    assert not Application.objects.visible_to(director).exists()
    assert not Organization.objects.staffed_by(director).exists()
    assert list(restricted.named_readers.filter(user=director)) == []
    again = break_glass(application=restricted, by=director, reason=WHY)
    assert again.until is not None
    assert again.until > timezone.now()
    assert Opening.objects.exclude(reason="").count() == 2


def test_two_presses_are_one(restricted: Application, director: User) -> None:
    first = break_glass(application=restricted, by=director, reason=WHY)
    second = break_glass(application=restricted, by=director, reason=WHY)
    assert (first.pk, first.until) == (second.pk, second.until)
    assert Opening.objects.count() == InboxItem.objects.filter(kind="grants.glass_broken").count() == 1
    assert restricted.events.filter(kind=EventKind.GLASS).count() == 1


def test_a_reader_who_is_named_keeps_reading_when_the_day_is_over(
    restricted: Application, director: User, programme
) -> None:
    break_glass(application=restricted, by=director, reason=WHY)
    other = person_with(RoleName.DIRECTOR, programme)
    name_readers(application=restricted, people=[director], by=other)
    assert NamedReader.objects.get(user=director).until is None


def test_without_named_readers_the_other_directors_are_told(restricted: Application, director: User, programme) -> None:
    other = person_with(RoleName.DIRECTOR, programme)
    away = person_with(RoleName.DIRECTOR, programme)
    recuse(application=restricted, person=away, reason="family", by=away)
    NamedReader.ever.all().delete()
    break_glass(application=restricted, by=director, reason=WHY)
    assert InboxItem.objects.get(kind="grants.glass_broken").user == other


def test_only_directors_without_a_conflict_break_the_glass_and_only_with_a_reason(
    restricted: Application, officer2: User, director: User, client_for: Signed
) -> None:
    with pytest.raises(NotPermitted):
        break_glass(application=restricted, by=officer2, reason=WHY)
    with pytest.raises(GlassRefused, match="Write in a sentence"):
        break_glass(application=restricted, by=director, reason="  urgent          .   ")
    page = client_for(director).post(
        reverse("staff:break_glass", args=[restricted.reference]), {"reason": "too urgent"}
    )
    assert page.status_code == 422
    assert "Write in a sentence" in page.content.decode()
    assert ">too urgent</textarea>" in page.content.decode().replace("\n", "").replace("\r", "")
    recuse(application=restricted, person=director, reason="family", by=director)
    with pytest.raises(NotPermitted):
        break_glass(application=restricted, by=director, reason=WHY)
    assert Opening.objects.count() == 0


def test_a_standard_application_has_no_glass(sent: Application, director: User) -> None:
    with origin(page="staff:break_glass"), pytest.raises(GlassRefused, match="not restricted"):
        break_glass(application=sent, by=director, reason=WHY)
