from uuid import uuid4

import pytest
from django.core import mail
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from accounts.models import Invitation
from organizations.choices import MemberRole
from organizations.models import Document, Membership, Organization, Person, Registration
from organizations.services.profiles import section_version
from tests.factories.organizations import (
    DocumentFactory,
    MembershipFactory,
    OrganizationFactory,
    PersonFactory,
    RegistrationFactory,
    member_of,
)
from tests.papers import a_pdf

SECRET = "Quiet Almond Circle"


def own(programme, role=MemberRole.OWNER):
    organization = OrganizationFactory.create(programme=programme)
    return organization, member_of(organization, role)


def errors_of(response):
    return {name: [str(e) for e in found] for name, found in response.context["form"].errors.items()}


def test_a_name_in_one_script_is_enough_to_begin(programme, applicant, client_for):
    response = client_for(applicant).post(
        reverse("organizations:create"), {"name_en": "", "name_ar": "بستان", "name_he": "", "once": uuid4()}
    )
    organization = Organization.objects.get()
    assert response.headers["Location"] == reverse("organizations:detail", args=[organization.pk])
    assert organization.name == {"ar": "بستان"}


def test_a_double_click_makes_one_organisation(programme, applicant, client_for):
    client, page = client_for(applicant), {"name_en": "Orchard", "once": uuid4()}
    first, second = (client.post(reverse("organizations:create"), page) for _ in range(2))
    assert first.headers["Location"] == second.headers["Location"]
    assert Organization.objects.count() == 1


def test_no_name_is_answered_with_what_to_do(programme, applicant, client_for):
    response = client_for(applicant).post(reverse("organizations:create"), {"name_en": " ", "once": uuid4()})
    assert response.status_code == 422
    assert errors_of(response) == {"name": ["Write the name in at least one language."]}


def test_visitors_are_led_to_sign_in(programme, client):
    response = client.get(reverse("organizations:list"))
    assert response.headers["Location"].startswith(reverse("account_login"))


ADDRESS = "Write the address of a web page, such as https://name.example."
DIGITS = "Write a number with digits only, such as 18400 or 18,400.50."
SIZE = {"budget_currency": "USD"}


@pytest.mark.parametrize(
    ("typed", "errors"),
    [
        ({"yearly_budget": "1e400"}, {"yearly_budget": [DIGITS]}),
        ({"yearly_budget": "-5"}, {"yearly_budget": ["Write 0 or a larger number."]}),
        ({"staff_count": "2.5"}, {"staff_count": ["Write a whole number, without a decimal point."]}),
        ({"staff_count": "9" * 30}, {"staff_count": ["This number is too large."]}),
        ({"year_founded": "3000"}, {"year_founded": ["Write a year between 1850 and 2026."]}),
        ({"website": "no address"}, {"website": [ADDRESS]}),
        ({"website": "javascript:alert(1)"}, {"website": [ADDRESS]}),
    ],
)
def test_what_cannot_be_a_number_or_address_is_answered_with_its_sentence(
    programme, client_for, at_time, typed, errors
):
    at_time("2026-11-23 10:00")
    organization, owner = own(programme)
    response = client_for(owner).post(
        reverse("organizations:section", args=[organization.pk, "size"]),
        SIZE | typed | {"version": section_version(organization, "size")},
    )
    assert response.status_code == 422
    assert errors_of(response) == errors
    assert next(iter(typed.values())) in response.content.decode()


def test_arabic_digits_are_numbers(programme, client_for):
    organization, owner = own(programme)
    response = client_for(owner).post(
        reverse("organizations:section", args=[organization.pk, "size"]),
        {
            "budget_currency": "ILS",
            "yearly_budget": "١٢٣٬٠٠٠٫٥٠",
            "year_founded": "٢٠٠٤",
            "staff_count": "١٢",
            "version": section_version(organization, "size"),
        },
    )
    assert response.headers["Location"] == reverse("organizations:section", args=[organization.pk, "legal"])
    organization.refresh_from_db()
    assert (str(organization.yearly_budget), organization.year_founded, organization.staff_count) == (
        "123000.50",
        2004,
        12,
    )


def test_two_colleagues_in_one_section_see_both_texts_and_lose_neither(programme, client_for):
    organization, owner = own(programme)
    url = reverse("organizations:section", args=[organization.pk, "place"])
    seen = section_version(organization, "place")
    client = client_for(owner)
    client.post(url, {"district": "Theirs: Haifa", "version": seen})
    response = client.post(url, {"district": "Mine: Acre", "version": seen})
    page = response.content.decode()
    assert response.status_code == 409
    assert ("Theirs: Haifa" in page, "Mine: Acre" in page) == (True, True)
    response = client.post(url, {"district": "Mine: Acre", "version": response.context["version"]})
    organization.refresh_from_db()
    assert (response.status_code, organization.district) == (302, "Mine: Acre")


@pytest.mark.parametrize(
    ("typed", "errors"),
    [
        (
            {"registry": "IL-RA", "number": "123"},
            {"number": ["A number of the Registrar of Associations has nine digits and begins with 58."]},
        ),
        (
            {"registry": "FOREIGN", "number": "A1", "issued_on": "2020-05-02", "expires_on": "2020-05-01"},
            {"expires_on": ["The registration must be valid until a day after the day of issue."]},
        ),
        (
            {"registry": "FOREIGN", "number": "A1", "expires_on": "3000-01-01"},
            {"expires_on": ["Check the year until which the registration is valid."]},
        ),
        (
            {"registry": "FOREIGN", "number": "A1", "issued_on": "2030-01-01"},
            {"issued_on": ["The day of issue must lie in the past, and not before 1850."]},
        ),
        (
            {"registry": "FOREIGN", "number": "A1", "issued_on": "31/02/2020"},
            {"issued_on": ["Write a date that exists, as day, month and year: 31/12/2025."]},
        ),
    ],
)
def test_a_registration_that_cannot_be_is_answered_with_its_sentence(programme, client_for, at_time, typed, errors):
    at_time("2026-11-23 10:00")
    organization, owner = own(programme)
    response = client_for(owner).post(
        reverse("organizations:registration_add", args=[organization.pk]), typed | {"once": uuid4()}
    )
    assert (response.status_code, errors_of(response)) == (422, errors)
    assert not Registration.objects.exists()


def test_a_registration_with_arabic_digits_and_its_certificate_is_kept(programme, client_for):
    organization, owner = own(programme)
    response = client_for(owner).post(
        reverse("organizations:registration_add", args=[organization.pk]),
        {
            "registry": "IL-RA",
            "number": "٥٨٠١٢٣٤٥٦",
            "issued_on": "٠١/٠٢/٢٠٢٠",
            "certificate": SimpleUploadedFile("شهادة.pdf", a_pdf()),
            "once": uuid4(),
        },
    )
    row = Registration.objects.get()
    assert row.certificate is not None
    assert response.status_code == 302
    assert (row.number_key, str(row.issued_on), row.certificate.file_name) == ("580123456", "2020-02-01", "شهادة.pdf")


@pytest.mark.parametrize(
    ("name", "content", "sentence"),
    [
        ("a.pdf", b"", "This file is empty. Choose the file again."),
        ("a.pdf", b"MZ program", "The content of this file does not fit its ending .pdf."),
    ],
)
def test_a_file_that_cannot_be_taken_leaves_what_was_typed(programme, client_for, name, content, sentence):
    organization, owner = own(programme)
    response = client_for(owner).post(
        reverse("organizations:documents", args=[organization.pk]),
        {"kind": "other", "title": "Our minutes", "file": SimpleUploadedFile(name, content)},
    )
    assert errors_of(response) == {"file": [sentence]}
    assert "Our minutes" in response.content.decode()


def test_a_document_is_only_ever_a_download(programme, client_for):
    organization, owner = own(programme)
    document = DocumentFactory.create(organization=organization, file_name='تقرير "1".pdf')
    response = client_for(owner).get(reverse("organizations:document_download", args=[organization.pk, document.pk]))
    assert b"".join(response.streaming_content) == b"%PDF-1.7 invented"
    assert response.headers["Content-Disposition"].startswith("attachment; filename=")
    assert "filename*=UTF-8''%D8%AA" in response.headers["Content-Disposition"]
    assert response.headers["X-Content-Type-Options"] == "nosniff"
    assert response.headers["Content-Security-Policy"] == "default-src 'none'; sandbox"
    assert response.headers["Cache-Control"] == "no-store, private"


def test_a_person_needs_a_position(programme, client_for):
    organization, owner = own(programme)
    url = reverse("organizations:person_add", args=[organization.pk])
    response = client_for(owner).post(url, {"name_en": "Invented Person", "once": uuid4()})
    assert errors_of(response) == {"positions": ["Choose at least one position."]}


def test_a_person_sent_twice_is_kept_once(programme, client_for):
    organization, owner = own(programme)
    url = reverse("organizations:person_add", args=[organization.pk])
    page = {"name_en": "P", "positions": ["board"], "once": uuid4()}
    client = client_for(owner)
    client.post(url, page)
    client.post(url, page)
    assert Person.objects.count() == 1


def every_address(organization):
    document = DocumentFactory.create(organization=organization, title=SECRET)
    registration = RegistrationFactory.create(organization=organization, number=SECRET)
    person = PersonFactory.create(organization=organization, name={"en": SECRET})
    membership = MembershipFactory.create(organization=organization)
    one = [organization.pk]
    return [
        reverse("organizations:detail", args=one),
        *(reverse("organizations:section", args=[*one, slug]) for slug in ("names", "place", "size", "legal")),
        reverse("organizations:people", args=one),
        reverse("organizations:person_add", args=one),
        reverse("organizations:person_change", args=[*one, person.pk]),
        reverse("organizations:person_remove", args=[*one, person.pk]),
        reverse("organizations:documents", args=one),
        reverse("organizations:document_download", args=[*one, document.pk]),
        reverse("organizations:registration_add", args=one),
        reverse("organizations:registration_change", args=[*one, registration.pk]),
        reverse("organizations:registration_remove", args=[*one, registration.pk]),
        reverse("organizations:members", args=one),
        reverse("organizations:invite", args=one),
        reverse("organizations:member_remove", args=[*one, membership.pk]),
    ]


def test_a_stranger_cannot_tell_an_organisation_from_nothing(programme, client_for):
    organization = OrganizationFactory.create(programme=programme, name={"en": SECRET})
    _other, stranger = own(programme)
    client = client_for(stranger)
    nothing = client.get(reverse("organizations:detail", args=[uuid4()]))
    for url in every_address(organization):
        response = client.get(url)
        assert (url, response.status_code, SECRET in response.content.decode()) == (url, 404, False)
        assert len(response.content) == len(nothing.content)
    assert SECRET not in client.get(reverse("organizations:list")).content.decode()


def test_parts_of_another_organisation_do_not_open_under_ones_own(programme, client_for):
    organization, owner = own(programme)
    foreign = DocumentFactory.create(organization=OrganizationFactory.create(programme=programme))
    url = reverse("organizations:document_download", args=[organization.pk, foreign.pk])
    assert client_for(owner).get(url).status_code == 404


def test_a_viewer_reads_everything_and_writes_nothing(programme, client_for):
    organization, _owner = own(programme)
    viewer = client_for(member_of(organization, MemberRole.VIEWER))
    for slug in ("names", "place", "size", "legal"):
        url = reverse("organizations:section", args=[organization.pk, slug])
        assert viewer.get(url).status_code == 200
        assert viewer.post(url, {"district": "Acre"}).status_code == 403
    url = reverse("organizations:documents", args=[organization.pk])
    assert viewer.post(url, {"kind": "other", "file": SimpleUploadedFile("a.txt", b"x")}).status_code == 403
    assert not Document.objects.exists()
    assert viewer.get(reverse("organizations:invite", args=[organization.pk])).status_code == 403


def test_an_editor_writes_and_does_not_invite(programme, client_for):
    organization, _owner = own(programme)
    editor = client_for(member_of(organization, MemberRole.EDITOR))
    url = reverse("organizations:section", args=[organization.pk, "place"])
    assert editor.post(url, {"district": "Acre", "version": section_version(organization, "place")}).status_code == 302
    page = {"email": "x@colleague.example", "role": "viewer", "language": "en"}
    assert editor.post(reverse("organizations:invite", args=[organization.pk]), page).status_code == 403
    assert not Invitation.objects.exists()


def test_an_owner_invites_a_colleague_who_joins_by_the_link(programme, client_for, applicant):
    organization, owner = own(programme)
    page = {"email": "New@Colleague.example", "role": "editor", "language": "ar"}
    response = client_for(owner).post(reverse("organizations:invite", args=[organization.pk]), page)
    invitation = Invitation.objects.get()
    assert response.status_code == 302
    assert (invitation.email, invitation.details, invitation.subject) == (
        "new@colleague.example",
        {"role": "editor"},
        organization.pk,
    )
    from accounts.invitations import invitation_purposes

    path = invitation_purposes.get("member").accept(invitation, applicant)
    assert path == reverse("organizations:detail", args=[organization.pk])
    assert Membership.objects.get(user=applicant).role == "editor"
    assert mail.outbox == []


def test_an_invitation_falls_with_the_right_of_who_sent_it(programme, client_for):
    organization, owner = own(programme)
    page = {"email": "new@colleague.example", "role": "editor", "language": "ar"}
    client_for(owner).post(reverse("organizations:invite", args=[organization.pk]), page)
    Membership.objects.filter(user=owner).update(role="viewer")
    from organizations.invitations import stands

    assert stands(Invitation.objects.get()) is False


def test_the_last_owner_is_told_why_they_cannot_leave(programme, client_for):
    organization, owner = own(programme)
    membership = Membership.objects.get(user=owner)
    url = reverse("organizations:member_remove", args=[organization.pk, membership.pk])
    response = client_for(owner).post(url, follow=True)
    assert "An organisation needs at least one owner. Make somebody else an owner first." in response.content.decode()
    assert Membership.objects.filter(pk=membership.pk).exists()


@pytest.mark.parametrize("language", ["en", "ar", "he"])
def test_communities_stand_in_the_order_of_the_language(programme, client_for, in_language, language):
    from organizations.forms import PlaceForm

    with in_language(language):
        labels = [label for value, label in dict(PlaceForm().fields)["community"].widget.choices if value != "other"]
        assert labels == sorted(labels, key=str.casefold)
