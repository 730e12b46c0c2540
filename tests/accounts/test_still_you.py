"""Before roles, money and exports people show that it is still them, and lose nothing they typed."""

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from pytest_django import Settings

from accounts.models import Deputyship, Invitation, Programme, Role, User
from accounts.services.factors import give_app
from config.local.demo_accounts import code_of, secret_of
from grants.models import FundEntry, NamedReader, Opening
from grants.services.confidentiality import restrict_application
from tests.factories.accounts import PASSWORD, RoleFactory, UserFactory, signed_in_client
from tests.factories.grants import CallFactory, member, partner, small_form, submitted
from tests.factories.slates import fund_with, slate_of

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _a_quarter_of_an_hour(settings: Settings) -> None:
    settings.STILL_YOU_FOR = timedelta(minutes=15)


@pytest.fixture
def later(at_time: Any) -> Any:
    """`later(person)`: their browser, sixteen minutes after they signed in."""

    def client_of(user: User) -> Client:
        moment = at_time("2026-11-25 10:00")
        user.set_password(PASSWORD)
        user.save()
        client = signed_in_client(user)
        at_time(moment + timedelta(minutes=16))
        return client

    return client_of


def invitation(programme: Programme) -> dict[str, Any]:
    return {"email": "new@office.example", "role": "officer", "programme": str(programme.pk), "language": "en"}


def test_right_after_signing_in_nothing_is_asked(admin_user: User, programme: Programme) -> None:
    client = signed_in_client(admin_user)
    client.post(reverse("accounts:staff_people"), invitation(programme))
    assert Invitation.objects.count() == 1


def test_an_invitation_waits_until_the_password_is_given_and_keeps_what_was_typed(
    later: Any, admin_user: User, programme: Programme
) -> None:
    client, address = later(admin_user), reverse("accounts:staff_people")
    assert client.get(address).status_code == 200
    asked = client.post(address, invitation(programme))
    assert (asked.status_code, Invitation.objects.count()) == (403, 0)
    assert 'name="email" value="new@office.example"' in asked.text
    assert asked.context["back"] == reverse("accounts:landing")
    wrong = client.post(address, invitation(programme) | {"password_or_code": "not my password"})
    assert (wrong.status_code, Invitation.objects.count()) == (403, 0)
    assert "neither your password nor the code" in wrong.text
    assert "not my password" not in wrong.text
    right = client.post(address, invitation(programme) | {"password_or_code": PASSWORD})
    assert (right.status_code, Invitation.objects.get().email) == (302, "new@office.example")
    client.post(address, invitation(programme) | {"email": "another@office.example"})
    assert Invitation.objects.count() == 2


def test_a_code_of_the_app_is_as_good_as_the_password(later: Any, programme: Programme) -> None:
    admin = UserFactory.create(email="admin@demo.example", is_staff=True)
    RoleFactory.create(user=admin, programme=programme, name="admin")
    give_app(user=admin, secret=secret_of(admin.email))
    client = later(admin)
    sent = invitation(programme) | {"password_or_code": code_of(admin.email)}
    assert client.post(reverse("accounts:staff_people"), sent).status_code == 302
    assert Invitation.objects.count() == 1


def test_pressing_on_with_nothing_typed_says_so(later: Any, admin_user: User, programme: Programme) -> None:
    client, address = later(admin_user), reverse("accounts:staff_people")
    assert "error-summary" not in client.post(address, invitation(programme)).text
    empty = client.post(
        address,
        invitation(programme) | {"password_or_code": " "},
        headers={"referer": f"http://testserver{address}?cursor=2"},
    )
    assert empty.context["back"] == f"{address}?cursor=2"
    assert (empty.status_code, Invitation.objects.count()) == (403, 0)
    assert "Nothing was typed. Show first that it is you." in empty.text
    assert 'name="email" value="new@office.example"' in empty.text


@pytest.mark.parametrize("typed", ["{} {}", " {}{} ", "{}\u00a0{}"])
def test_a_code_is_taken_with_the_blank_that_apps_show(typed: str, later: Any, programme: Programme) -> None:
    admin = UserFactory.create(email="admin@demo.example", is_staff=True)
    RoleFactory.create(user=admin, programme=programme, name="admin")
    give_app(user=admin, secret=secret_of(admin.email))
    client, code = later(admin), code_of(admin.email)
    sent = invitation(programme) | {"password_or_code": typed.format(code[:3], code[3:])}
    assert client.post(reverse("accounts:staff_people"), sent).status_code == 302


def test_ending_a_role_asks(later: Any, admin_user: User, officer: User) -> None:
    client = later(admin_user)
    role = Role.objects.get(user=officer)
    assert client.post(reverse("accounts:end_role", args=[role.pk])).status_code == 403
    assert Role.objects.filter(pk=role.pk).exists()
    client.post(reverse("accounts:end_role", args=[role.pk]), {"password_or_code": PASSWORD})
    assert not Role.objects.filter(pk=role.pk).exists()


def test_who_belongs_to_an_organisation_is_not_changed_by_whoever_picks_up_its_owners_telephone(
    later: Any, programme: Programme
) -> None:
    group = partner(programme)
    owner, colleague = member(group), member(group)
    client, place = later(owner), group.memberships.get(user=colleague)
    acts: tuple[tuple[str, dict[str, str]], ...] = (
        (
            reverse("organizations:invite", args=[group.pk]),
            {"email": "n@people.example", "role": "owner", "language": "en"},
        ),
        (reverse("organizations:member_role", args=[group.pk, place.pk]), {"role": "viewer"}),
        (reverse("organizations:member_remove", args=[group.pk, place.pk]), {}),
    )
    before = place.role
    for address, sent in acts:
        assert client.post(address, sent).status_code == 403
    place.refresh_from_db()
    assert (Invitation.objects.count(), place.role) == (0, before)
    for address, sent in acts:
        assert client.post(address, sent | {"password_or_code": PASSWORD}).status_code == 302
    assert Invitation.objects.count() == 1
    assert not group.memberships.filter(user=colleague).exists()


def test_a_role_given_in_the_records_asks_too(
    later: Any, admin_user: User, applicant: User, programme: Programme
) -> None:
    client = later(admin_user)
    sent = {"user": str(applicant.pk), "programme": str(programme.pk), "name": "officer"}
    assert client.get("/admin/accounts/role/add/").status_code == 200
    assert client.post("/admin/accounts/role/add/", sent).status_code == 403
    assert Role.objects.filter(user=applicant).count() == 0
    client.post("/admin/accounts/role/add/", sent | {"password_or_code": PASSWORD})
    assert Role.objects.get(user=applicant).name == "officer"


def test_closing_an_account_and_taking_a_second_step_away_ask(later: Any, admin_user: User, officer: User) -> None:
    client = later(admin_user)
    action = {"action": "take_second_step_away", "_selected_action": str(officer.pk)}
    assert client.post("/admin/accounts/user/", action).status_code == 403
    assert client.post(f"/admin/accounts/user/{officer.pk}/change/", {"display_name": "X"}).status_code == 403


def test_naming_a_deputy_asks(later: Any, director: User, officer: User, programme: Programme) -> None:
    client = later(director)
    sent = {"deputy": str(officer.pk), "starts_on": "2026-11-26", "ends_on": "2026-11-27", "reason": "absence"}
    assert client.post(reverse("deputies:list"), sent).status_code == 403
    assert Deputyship.objects.count() == 0


def test_money_that_came_in_asks_and_is_recorded_once(later: Any, finance: User, programme: Programme) -> None:
    call = CallFactory.create(programme=programme)
    fund = fund_with(call, finance, "10.00")
    before = FundEntry.objects.count()
    client, address = later(finance), reverse("staff:fund_contribution", args=[fund.pk])
    form = client.get(reverse("staff:fund", args=[fund.pk])).context["form"]
    sent = {name: form[name].value() or "" for name in form.fields} | {"amount": "250.00", "note": "From the source"}
    asked = client.post(address, sent)
    assert (asked.status_code, FundEntry.objects.count()) == (403, before)
    assert 'value="250.00"' in asked.text
    kept = dict(asked.context["kept"])
    for _twice in range(2):
        client.post(address, kept | {"password_or_code": PASSWORD})
    assert FundEntry.objects.count() == before + 1


def test_a_table_for_spreadsheets_asks_and_leads_back(later: Any, finance: User, officer: User, programme: Any) -> None:
    call = CallFactory.create(programme=programme)
    slate = slate_of(call, fund_with(call, finance), officer)
    client, export = later(officer), reverse("reviews:slate_export", args=[slate.pk])
    page = reverse("reviews:slate", args=[slate.pk])
    asked = client.get(export, headers={"referer": f"http://testserver{page}"})
    assert asked.status_code == 302
    assert asked.headers["Location"].startswith("/accounts/reauthenticate/?next=")
    back = client.post(asked.headers["Location"], {"password": PASSWORD})
    assert back.headers["Location"] == page
    assert client.get(export).headers["Content-Type"].startswith("text/csv")


def test_the_table_of_the_audit_asks_and_leads_back(later: Any, auditor: User) -> None:
    client, page, export = later(auditor), reverse("insights:audit"), reverse("insights:audit_export")
    asked = client.get(export, headers={"referer": f"http://testserver{page}"})
    assert (asked.status_code, asked.headers["Location"].startswith("/accounts/reauthenticate/?next=")) == (302, True)
    assert client.post(asked.headers["Location"], {"password": PASSWORD}).headers["Location"] == page
    assert client.get(export).headers["Content-Type"].startswith("text/csv")


def test_so_many_tables_an_hour_and_then_a_sentence(auditor: User, settings: Settings) -> None:
    settings.EXPORTS_PER_HOUR = 2
    client, export = signed_in_client(auditor), reverse("insights:audit_export")
    assert [client.get(export).status_code for _time in range(3)] == [200, 200, 409]
    refused = client.get(export)
    assert "very often within the hour" in refused.text


def test_breaking_the_glass_asks_and_keeps_the_reason(
    later: Any, director: User, officer: User, programme: Programme
) -> None:
    group = partner(programme)
    call = CallFactory.create(programme=programme, form_version=small_form(programme))
    restricted = restrict_application(application=submitted(call, group, member(group)), by=officer)
    client, address = later(director), reverse("staff:break_glass", args=[restricted.reference])
    why = "They are being raided and nobody answers."
    asked = client.post(address, {"reason": why})
    assert (asked.status_code, why in asked.text, Opening.objects.count()) == (403, True, 0)
    assert not NamedReader.objects.filter(user=director).exists()
    given = client.post(address, dict(asked.context["kept"]) | {"password_or_code": PASSWORD})
    assert given.headers["Location"] == reverse("staff:proposal", args=[restricted.reference])
    assert NamedReader.objects.get(user=director).until is not None


def test_who_reads_a_restricted_application_is_not_changed_without_asking(
    later: Any, programme: Programme, officer: User, officer2: User, director: User
) -> None:
    group = partner(programme)
    call = CallFactory.create(programme=programme, form_version=small_form(programme))
    restricted = restrict_application(application=submitted(call, group, member(group)), by=officer)
    client = later(director)
    acts = (
        (reverse("staff:readers", args=[restricted.reference]), {"reader": str(officer2.pk)}),
        (reverse("staff:lift", args=[restricted.reference]), {"reason": "It is safe again."}),
    )
    for address, sent in acts:
        assert client.post(address, sent).status_code == 403
    restricted.refresh_from_db()
    assert restricted.is_restricted
    assert not NamedReader.objects.filter(user=officer2).exists()
    for address, sent in acts:
        assert client.post(address, sent | {"password_or_code": PASSWORD}).status_code == 302
    restricted.refresh_from_db()
    assert not restricted.is_restricted
    assert NamedReader.objects.filter(user=officer2).exists()


def test_too_many_wrong_answers_are_refused(later: Any, settings: Settings, admin_user: User, officer: User) -> None:
    settings.ACCOUNT_RATE_LIMITS = {"reauthenticate": "3/m/user"}
    client, role = later(admin_user), Role.objects.get(user=officer)
    address = reverse("accounts:end_role", args=[role.pk])
    for _attempt in range(3):
        client.post(address, {"password_or_code": "wrong one"})
    response = client.post(address, {"password_or_code": PASSWORD})
    assert "too many attempts" in response.text
    assert Role.objects.filter(pk=role.pk).exists()


@pytest.mark.parametrize(("language", "direction"), [("en", "ltr"), ("ar", "rtl"), ("he", "rtl")])
def test_the_question_is_in_the_persons_language(
    later: Any, admin_user: User, programme: Programme, language: str, direction: str
) -> None:
    admin_user.language = language
    response = later(admin_user).post(reverse("accounts:staff_people"), invitation(programme))
    assert f'<html lang="{language}" dir="{direction}">' in response.text
