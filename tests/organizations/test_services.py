from datetime import date
from uuid import uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from accounts.models import Role
from core.errors import NotPermitted, StaleVersion
from core.models import OutboxEntry
from core.translated import Translated
from core.uploads import UploadRefused
from names import search_patterns
from organizations.choices import MemberRole, NameUse, Registry
from organizations.completeness import missing
from organizations.models import Document, Membership, Organization, OrganizationName
from organizations.registries import NumberRefused, clean_number, number_key
from organizations.services.documents import add_document
from organizations.services.members import LastOwner, change_role, join, remove_member
from organizations.services.profiles import create_organization, save_section, section_version
from organizations.services.registrations import (
    DatesRefused,
    add_registration,
    change_registration,
    registration_values,
    take_back_verification,
    verify_registration,
)
from organizations.signals import organization_saved
from organizations.versions import version_of
from tests.factories.accounts import UserFactory
from tests.factories.organizations import (
    OrganizationFactory,
    RegistrationFactory,
    complete_organization,
    member_of,
)
from tests.papers import a_pdf

NAME = Translated(en="Olive Grove Watch", ar="مرصد بستان الزيتون", he="משמר מטע הזיתים")
ASSOCIATIONS = "A number of the Registrar of Associations has nine digits and begins with 58."
COMPANIES = "A number of the Registrar of Companies has nine digits and begins with 51 or 52."
KINDS = "Files of this kind cannot be sent. Send one of these: PDF, Word, Excel, OpenDocument, JPEG, PNG, text."
FREE = {"registry": Registry.FOREIGN, "number": "AB 12", "issued_on": None, "expires_on": None}


def test_who_makes_an_organisation_becomes_its_owner_and_an_applicant(programme, applicant):
    organization = create_organization(programme=programme, by=applicant, name=NAME)
    assert [(m.user, m.role) for m in organization.memberships.all()] == [(applicant, MemberRole.OWNER)]
    assert list(Role.objects.filter(user=applicant).values_list("name", flat=True)) == ["applicant"]


def test_sending_the_page_twice_makes_one_organisation(programme, applicant):
    token = uuid4()
    first = create_organization(programme=programme, by=applicant, name=NAME, once=token)
    second = create_organization(programme=programme, by=applicant, name=NAME, once=token)
    assert first == second
    assert Organization.objects.count() == 1


def test_the_same_token_of_another_person_makes_another_organisation(programme, applicant):
    token = uuid4()
    first = create_organization(programme=programme, by=applicant, name=NAME, once=token)
    second = create_organization(programme=programme, by=UserFactory.create(), name=NAME, once=token)
    assert first != second


def test_an_alias_is_unlike_every_other_and_says_nothing(programme, applicant):
    aliases = [create_organization(programme=programme, by=applicant, name=NAME).alias for _ in range(40)]
    assert len(set(aliases)) == 40
    assert all(alias.startswith("Partner ") and "Olive" not in alias for alias in aliases)


@pytest.mark.parametrize("typed", ["olive grove", "الزيتون", "הזיתים"])
def test_an_organisation_is_found_in_each_of_its_scripts(programme, applicant, typed):
    organization = create_organization(programme=programme, by=applicant, name=NAME)
    assert list(Organization.objects.matching(search_patterns(typed))) == [organization]


def test_former_and_short_names_are_kept_and_found(programme, applicant):
    organization = create_organization(programme=programme, by=applicant, name=NAME)
    values = {"name": NAME, "mission": Translated(), "former_names": ["Almond Circle"], "short_names": ["OGW"]}
    save_section(
        organization=organization,
        by=applicant,
        section="names",
        values=values,
        version=section_version(organization, "names"),
    )
    uses = OrganizationName.objects.filter(organization=organization).exclude(use=NameUse.CURRENT)
    assert set(uses.values_list("text", "use")) == {("Almond Circle", "former"), ("OGW", "short")}
    assert list(Organization.objects.matching(search_patterns("almond"))) == [organization]


def test_a_name_that_is_dropped_is_found_no_more(programme, applicant):
    organization = create_organization(programme=programme, by=applicant, name=NAME)
    renamed = Translated(en="Cedar Archive")
    save_section(
        organization=organization,
        by=applicant,
        section="names",
        values={"name": renamed, "mission": Translated(), "former_names": [], "short_names": []},
        version=section_version(organization, "names"),
    )
    assert list(Organization.objects.matching(search_patterns("olive"))) == []


def test_a_colleagues_newer_text_is_never_overwritten_in_silence(programme):
    organization = OrganizationFactory.create(programme=programme, district="Jericho")
    editor = member_of(organization, MemberRole.EDITOR)
    seen = section_version(organization, "place")
    place = {"community": "", "operates_in": [], "themes": [], "languages": []}
    save_section(
        organization=organization, by=editor, section="place", values=place | {"district": "Haifa"}, version=seen
    )
    with pytest.raises(StaleVersion):
        save_section(
            organization=organization, by=editor, section="place", values=place | {"district": "Acre"}, version=seen
        )
    organization.refresh_from_db()
    assert organization.district == "Haifa"


def test_a_colleague_in_another_section_does_not_disturb(programme):
    organization = OrganizationFactory.create(programme=programme)
    editor = member_of(organization, MemberRole.EDITOR)
    seen = section_version(organization, "legal")
    save_section(
        organization=organization,
        by=editor,
        section="place",
        values={"district": "Haifa"},
        version=section_version(organization, "place"),
    )
    save_section(organization=organization, by=editor, section="legal", values={"legal_status": "hosted"}, version=seen)
    organization.refresh_from_db()
    assert (organization.district, organization.legal_status) == ("Haifa", "hosted")


def test_a_viewer_writes_nothing(programme):
    organization = OrganizationFactory.create(programme=programme)
    viewer = member_of(organization, MemberRole.VIEWER)
    with pytest.raises(NotPermitted):
        save_section(
            organization=organization,
            by=viewer,
            section="place",
            values={"district": "Haifa"},
            version=section_version(organization, "place"),
        )


def test_every_save_is_told_with_whether_names_changed(programme, applicant):
    heard = []

    def listen(**said):
        heard.append((said["organization"].pk, said["names_changed"], said["by"]))

    organization_saved.connect(listen)
    try:
        organization = create_organization(programme=programme, by=applicant, name=NAME)
        save_section(
            organization=organization,
            by=applicant,
            section="place",
            values={"district": "Haifa"},
            version=section_version(organization, "place"),
        )
    finally:
        organization_saved.disconnect(listen)
    assert heard == [(organization.pk, True, applicant), (organization.pk, False, applicant)]


def test_two_saves_leave_two_searches_for_duplicates_to_the_worker(programme, applicant):
    organization = create_organization(programme=programme, by=applicant, name=NAME)
    add_registration(
        organization=organization,
        by=applicant,
        values=FREE,
        certificate=SimpleUploadedFile("paper.pdf", a_pdf()),
    )
    keys = OutboxEntry.objects.filter(topic="duplicates").values_list("key", flat=True)
    assert len(keys) == len(set(keys)) == 3


@pytest.mark.parametrize(
    ("registry", "typed", "stored"),
    [
        (Registry.IL_ASSOCIATIONS, "58-012345-6", "580123456"),
        (Registry.IL_ASSOCIATIONS, "٥٨٠١٢٣٤٥٦", "580123456"),
        (Registry.IL_COMPANIES, "514567890", "514567890"),
        (Registry.IL_COMPANIES, "520000001", "520000001"),
        (Registry.PS_INTERIOR, "رام/١٢٣-أ", "رام/123-أ"),
        (Registry.FOREIGN, "CH-550.1.2", "CH-550.1.2"),
        (Registry.NONE, "whatever", ""),
    ],
)
def test_a_number_is_stored_as_its_registry_writes_it(registry, typed, stored):
    assert clean_number(registry, typed) == stored


@pytest.mark.parametrize(
    ("registry", "typed", "sentence"),
    [
        (Registry.IL_ASSOCIATIONS, "570123456", ASSOCIATIONS),
        (Registry.IL_ASSOCIATIONS, "58012345", ASSOCIATIONS),
        (Registry.IL_COMPANIES, "580123456", COMPANIES),
        (Registry.PS_INTERIOR, "", "Write the number that the registry gave you."),
        (
            Registry.PS_INTERIOR,
            "none@all",
            "Write the number with digits, letters, hyphens and slashes only, as it stands on the certificate.",
        ),
    ],
)
def test_a_number_that_cannot_be_is_refused_with_how_it_should_look(registry, typed, sentence):
    with pytest.raises(NumberRefused) as refused:
        clean_number(registry, typed)
    assert str(refused.value) == sentence


def test_numbers_are_compared_without_signs_and_scripts():
    assert number_key("ab-١٢/3") == number_key("AB 123") == "AB123"


def test_a_registration_cannot_end_before_it_began(programme):
    organization = OrganizationFactory.create(programme=programme)
    owner = member_of(organization)
    with pytest.raises(DatesRefused) as refused:
        add_registration(
            organization=organization,
            by=owner,
            values=FREE | {"issued_on": date(2020, 5, 1), "expires_on": date(2020, 5, 1)},
        )
    assert str(refused.value) == "The registration must be valid until a day after the day of issue."


def test_a_change_by_the_applicant_takes_the_mark_of_the_staff_away(programme, officer):
    organization = OrganizationFactory.create(programme=programme)
    owner = member_of(organization)
    row = add_registration(organization=organization, by=owner, values=FREE)
    verify_registration(registration=row, by=officer, version=version_of(registration_values(row)))
    row.refresh_from_db()
    assert row.verified_by == officer
    change_registration(
        registration=row, by=owner, values=FREE | {"number": "AB 13"}, version=version_of(registration_values(row))
    )
    row.refresh_from_db()
    assert (row.verified_by, row.verified_at) == (None, None)
    assert list(row.checks.values_list("verified", "by")) == [(False, None), (True, officer.pk)]


def test_nobody_vouches_for_what_was_changed_meanwhile(programme, officer):
    organization = OrganizationFactory.create(programme=programme)
    owner = member_of(organization)
    row = add_registration(organization=organization, by=owner, values=FREE)
    seen = version_of(registration_values(row))
    change_registration(registration=row, by=owner, values=FREE | {"number": "AB 13"}, version=seen)
    with pytest.raises(StaleVersion):
        verify_registration(registration=row, by=officer, version=seen)


def test_a_mark_is_taken_back_with_a_reason_that_stays(programme, officer):
    organization = OrganizationFactory.create(programme=programme)
    row = RegistrationFactory.create(organization=organization)
    verify_registration(registration=row, by=officer, version=version_of(registration_values(row)))
    take_back_verification(registration=row, by=officer, reason="Wrong certificate")
    assert row.checks.latest("created_at").reason == "Wrong certificate"


def test_a_member_who_is_also_an_officer_does_not_verify_their_own(programme, officer):
    organization = OrganizationFactory.create(programme=programme)
    join(organization=organization, user=officer, role=MemberRole.VIEWER)
    row = RegistrationFactory.create(organization=organization)
    with pytest.raises(NotPermitted):
        verify_registration(registration=row, by=officer, version=version_of(registration_values(row)))


def test_the_last_owner_stays(programme):
    organization = OrganizationFactory.create(programme=programme)
    owner = member_of(organization)
    member_of(organization, MemberRole.EDITOR)
    membership = Membership.objects.get(user=owner)
    with pytest.raises(LastOwner) as refused:
        remove_member(membership=membership, by=owner)
    with pytest.raises(LastOwner):
        change_role(membership=membership, by=owner, role=MemberRole.VIEWER)
    assert str(refused.value) == "An organisation needs at least one owner. Make somebody else an owner first."


def test_an_owner_may_leave_when_another_stays(programme):
    organization = OrganizationFactory.create(programme=programme)
    owner = member_of(organization)
    member_of(organization)
    remove_member(membership=Membership.objects.get(user=owner), by=owner)
    assert not organization.memberships.filter(user=owner).exists()


def test_an_editor_removes_nobody_else(programme):
    organization = OrganizationFactory.create(programme=programme)
    owner, editor = member_of(organization), member_of(organization, MemberRole.EDITOR)
    with pytest.raises(NotPermitted):
        remove_member(membership=Membership.objects.get(user=owner), by=editor)


@pytest.mark.parametrize(
    ("name", "content", "sentence"),
    [
        ("a.pdf", b"", "This file is empty. Choose the file again."),
        ("a.pdf", b"x" * 40_000, "This file is larger than 0 MB. Send a smaller one, or split it."),
        (
            "a.html",
            b"<script>",
            "Files of this kind cannot be sent. Send one of these: PDF, Word, Excel, OpenDocument, JPEG, PNG, text.",
        ),
        ("a.pdf", b"<script>", "The content of this file does not fit its ending .pdf."),
    ],
)
def test_a_file_that_cannot_be_taken_is_refused_with_why(programme, settings, name, content, sentence):
    settings.MAX_UPLOAD_BYTES = 20_000
    organization = OrganizationFactory.create(programme=programme)
    with pytest.raises(UploadRefused) as refused:
        add_document(
            organization=organization,
            by=member_of(organization),
            kind="other",
            upload=SimpleUploadedFile(name, content),
        )
    assert str(refused.value) == sentence
    assert not Document.objects.exists()


def test_the_same_file_sent_twice_is_kept_once(programme):
    organization = OrganizationFactory.create(programme=programme)
    owner = member_of(organization)
    for _ in range(2):
        add_document(organization=organization, by=owner, kind="other", upload=SimpleUploadedFile("a.txt", b"minutes"))
    assert Document.objects.count() == 1


def test_an_empty_profile_says_what_is_missing_section_by_section(programme):
    organization = OrganizationFactory.create(programme=programme)
    sections = [item.section for item in missing(organization)]
    assert sections == ["names"] + ["place"] * 4 + ["size"] * 3 + ["legal"] + ["people"] * 2


def test_a_complete_profile_misses_nothing(programme):
    assert missing(complete_organization(programme=programme)) == []


def test_a_registered_organisation_still_owes_its_number(programme):
    organization = complete_organization(programme=programme, legal_status="registered")
    assert [str(item.sentence) for item in missing(organization)] == ["Add a registration with its number."]
