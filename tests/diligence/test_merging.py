"""Two records of one organisation become one: nothing lost, nobody told but its members, and only once."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.choices import RoleName
from accounts.models import InboxItem, Programme, User
from core.errors import DomainError, NotPermitted, TransitionNotAllowed
from core.models import DataKey
from core.translated import Translated
from diligence.models import DuplicateCandidate, PartnerMerge, PressureEvent
from diligence.services.duplicates import find_candidates, resolve
from diligence.services.merging import CannotBeMerged, MergedAlready, WordMissing, merge_partners
from grants.choices import Confidentiality
from grants.models import Answer, AnswerRevision, Application, Call
from grants.services.answers import read_answers, save_answers
from grants.services.confidentiality import restrict_application
from organizations.choices import MemberRole
from organizations.models import Document, Membership, Organization, Registration
from organizations.services.members import invite_colleague, open_invitations
from organizations.services.names import refresh_names
from reviews.models import Interest
from reviews.services.translations import read_translations, save_translation
from tests.factories.accounts import person_with
from tests.factories.diligence import PressureEventFactory, possible_duplicate
from tests.factories.grants import CallFactory, draft, partner, question_of, small_form, submitted
from tests.factories.organizations import DocumentFactory, PersonFactory, RegistrationFactory, member_of
from tests.factories.written import APPS, sealed_columns, value_of, write_everything

pytestmark = pytest.mark.django_db
type Browsers = Callable[[User], Client]


def named(organization: Organization, **name: str) -> Organization:
    organization.name = Translated(name)
    refresh_names(organization)
    organization.save()
    return organization


@pytest.fixture
def call(programme: Programme) -> Call:
    return CallFactory.create(programme=programme, slug="rapid", form_version=small_form(programme))


@pytest.fixture
def kept(programme: Programme) -> Organization:
    return named(partner(programme), en="Sharvit Orchard Circle", he="חוג שרביט")


@pytest.fixture
def gone(programme: Programme) -> Organization:
    return named(partner(programme, district="Old Town"), en="Sharvit Orchard Association", ar="جمعية شرفيت")


@pytest.fixture
def pair(kept: Organization, gone: Organization, officer: User) -> DuplicateCandidate:
    """Judged to be the same."""
    return resolve(pair=possible_duplicate(kept, gone), by=officer, same=True, note="The same board and address.")


def merge(pair: DuplicateCandidate, kept: Organization, gone: Organization, by: User) -> Organization:
    return merge_partners(pair=pair, keep=kept.pk, typed=gone.alias, by=by)


def test_everything_of_both_is_in_the_record_that_stays(
    pair: DuplicateCandidate, kept: Organization, gone: Organization, officer: User, call: Call
) -> None:
    first, second = member_of(kept), member_of(gone)
    theirs, ours = submitted(call, gone, second), draft(call, kept, first)
    unsent = draft(call, gone, second)
    PersonFactory.create(organization=gone)
    RegistrationFactory.create(organization=gone, number="A-77")
    DocumentFactory.create(organization=gone)
    PressureEventFactory.create(organization=gone)

    merge(pair, kept, gone, officer)

    assert not Organization.objects.filter(pk=gone.pk).exists()
    assert set(kept.applications.values_list("pk", flat=True)) == {theirs.pk, ours.pk, unsent.pk}
    assert {model.objects.get().organization_id for model in (Registration, Document, PressureEvent)} == {kept.pk}
    assert kept.people.count() == 3
    assert set(kept.memberships.values_list("user", flat=True)) == {first.pk, second.pk}
    kept.refresh_from_db()
    names = set(kept.names.values_list("text", "use"))
    assert {("Sharvit Orchard Association", "former"), ("جمعية شرفيت", "former"), ("חוג שרביט", "current")} <= names
    assert kept.district == "Old Town"
    assert str(kept.name) == "Sharvit Orchard Circle"


def test_everything_written_of_the_record_that_goes_opens_under_the_key_of_the_other(
    pair: DuplicateCandidate, kept: Organization, gone: Organization, officer: User, reviewer: User
) -> None:
    call = CallFactory.create(programme=gone.programme, form_version=small_form(gone.programme))
    write_everything(submitted(call, gone, member_of(gone)), officer, reviewer)
    key = gone.pk

    merge(pair, kept, gone, officer)

    assert not DataKey.objects.filter(subject__in=[key, pair.pk]).exists()
    for app in APPS:
        for model, field in sealed_columns(app):
            rows: Any = model._default_manager.all()
            assert value_of(field) in [getattr(row, field.name) for row in rows], field


def test_sealed_answers_open_afterwards_and_the_other_key_is_gone(
    pair: DuplicateCandidate, kept: Organization, gone: Organization, officer: User, call: Call
) -> None:
    first, second = member_of(kept), member_of(gone)
    ours, theirs = submitted(call, kept, first), draft(call, gone, second)
    secret = question_of(theirs, "secret")
    for version, text in enumerate(("The first hiding place", "The second hiding place")):
        save_answers(application=theirs, by=second, values={secret: text}, versions={secret: version})
    AnswerRevision.objects.get_or_create(
        answer=Answer.objects.get(application=theirs, question=secret),
        version=9,
        defaults={
            "sealed": Answer.objects.get(application=theirs, question=secret).sealed,
            "saved_by": second,
            "saved_at": theirs.created_at,
        },
    )

    merge(pair, kept, gone, officer)

    theirs = Application.objects.get(pk=theirs.pk)
    assert read_answers(theirs)[secret] == "The second hiding place"
    assert read_answers(ours)[question_of(ours, "secret")] == "Ask for the hidden orchard"
    assert not DataKey.objects.filter(subject=gone.pk).exists()
    from grants.services.answers import Vault

    revision = AnswerRevision.objects.get(version=9)
    assert Vault(kept.pk).open(revision.answer_id, revision.sealed) == "The second hiding place"


def test_a_translation_of_a_sealed_answer_opens_afterwards(
    pair: DuplicateCandidate, kept: Organization, gone: Organization, officer: User, call: Call
) -> None:
    theirs = submitted(call, gone, member_of(gone))
    secret = question_of(theirs, "secret")
    save_translation(
        application=theirs,
        by=officer,
        question_id=secret,
        language="ar",
        text="بستان خفي",
        answer_version=theirs.answers.get(question=secret).version,
        number=0,
    )

    merge(pair, kept, gone, officer)

    translation = read_translations(Application.objects.get(pk=theirs.pk))[secret]
    assert [found.text for found in translation] == ["بستان خفي"]


def test_who_belongs_to_both_keeps_the_higher_role_and_open_invitations_hold(
    pair: DuplicateCandidate, kept: Organization, gone: Organization, officer: User
) -> None:
    both = member_of(kept, MemberRole.VIEWER)
    Membership.objects.create(organization=gone, user=both, role=MemberRole.OWNER)
    invite_colleague(organization=gone, by=both, email="new@group.example", role=MemberRole.EDITOR, language="en")

    merge(pair, kept, gone, officer)

    assert kept.memberships.get().role == MemberRole.OWNER
    assert [row.email for row in open_invitations(kept)] == ["new@group.example"]


def test_members_of_both_are_told_and_nobody_else(
    pair: DuplicateCandidate, kept: Organization, gone: Organization, officer: User, programme: Programme
) -> None:
    first, second = member_of(kept), member_of(gone)
    stranger = member_of(partner(programme, name="Cedar Bench"))
    merge(pair, kept, gone, officer)
    told = InboxItem.objects.filter(kind="diligence.records_merged")
    assert {item.user_id for item in told} == {first.pk, second.pk}
    assert not InboxItem.objects.filter(user=stranger).exists()
    assert not any("Sharvit" in str(item.params) for item in told)


def test_the_merger_stays_on_record(
    client_for: Browsers,
    pair: DuplicateCandidate,
    kept: Organization,
    gone: Organization,
    officer: User,
) -> None:
    member_of(gone)
    before = kept.alias
    merge(pair, kept, gone, officer)
    row = PartnerMerge.objects.get()
    assert (row.organization, row.merged_id, row.merged_by, row.judged_by) == (kept, gone.pk, officer, officer)
    assert row.note == "The same board and address."
    assert set(row.merged_names) == {"Sharvit Orchard Association", "جمعية شرفيت"}
    assert row.moved == {"diligence": 0, "grants": 0, "organizations": 2, "reviews": 0}
    page = client_for(officer).get(reverse("organizations_staff:detail", args=[kept.pk])).text
    assert "The same board and address." in page
    kept.refresh_from_db()
    assert kept.alias != before


def test_a_third_that_looked_like_the_one_looks_like_the_other_now(
    pair: DuplicateCandidate, kept: Organization, gone: Organization, officer: User, programme: Programme
) -> None:
    third, fourth = partner(programme, name="Third"), partner(programme, name="Fourth")
    possible_duplicate(gone, third)
    for each in (kept, gone):
        possible_duplicate(each, fourth)
    merge(pair, kept, gone, officer)
    pairs = {frozenset((row.first_id, row.second_id)) for row in DuplicateCandidate.objects.all()}
    assert pairs == {frozenset((kept.pk, third.pk)), frozenset((kept.pk, fourth.pk))}
    find_candidates(gone.pk)  # a worker that is late finds nobody


@pytest.mark.parametrize("which", [0, 1])
def test_a_record_that_was_erased_is_not_merged(
    pair: DuplicateCandidate, kept: Organization, gone: Organization, officer: User, which: int
) -> None:
    Organization.objects.filter(pk=(kept, gone)[which].pk).update(erased_at=timezone.now())
    with pytest.raises(DomainError, match="erased at its own wish"):
        merge(pair, kept, gone, officer)
    assert Organization.objects.filter(pk__in=(kept.pk, gone.pk)).count() == 2


@pytest.mark.parametrize("status", ["open", "different"])
def test_only_a_pair_that_was_judged_the_same_is_merged(
    pair: DuplicateCandidate, kept: Organization, gone: Organization, officer: User, status: str
) -> None:
    judged = {} if status == "different" else {"resolved_at": None, "resolved_by": None}
    DuplicateCandidate.objects.filter(pk=pair.pk).update(status=status, **judged)
    with pytest.raises(TransitionNotAllowed):
        merge(pair, kept, gone, officer)


def test_the_alias_of_the_record_that_goes_must_be_typed(
    pair: DuplicateCandidate, kept: Organization, gone: Organization, officer: User
) -> None:
    for typed in ("", kept.alias, "Sharvit Orchard Association"):
        with pytest.raises(WordMissing):
            merge_partners(pair=pair, keep=kept.pk, typed=typed, by=officer)
    merge_partners(pair=pair, keep=kept.pk, typed=f"  {gone.alias.lower()} ", by=officer)


@pytest.mark.parametrize("role", [RoleName.FINANCE, RoleName.AUDITOR, RoleName.ADMIN, RoleName.REVIEWER])
def test_roles_that_do_not_judge_do_not_merge(
    pair: DuplicateCandidate, kept: Organization, gone: Organization, programme: Programme, role: RoleName
) -> None:
    with pytest.raises(NotPermitted):
        merge(pair, kept, gone, person_with(role, programme))
    assert Organization.objects.filter(pk=gone.pk).exists()


def test_who_belongs_to_one_of_them_does_not_merge(
    pair: DuplicateCandidate, kept: Organization, gone: Organization, officer2: User
) -> None:
    Membership.objects.create(organization=gone, user=officer2, role=MemberRole.VIEWER)
    with pytest.raises(NotPermitted):
        merge(pair, kept, gone, officer2)


def test_a_partner_that_is_restricted_to_others_is_not_merged(  # noqa: PLR0917 - fixtures
    pair: DuplicateCandidate, kept: Organization, gone: Organization, officer: User, officer2: User, call: Call
) -> None:
    application = submitted(call, gone, member_of(gone))
    restrict_application(application=application, by=officer, reason="Danger.")
    gone.refresh_from_db()
    with pytest.raises(NotPermitted):
        merge(pair, kept, gone, officer2)

    merge(pair, kept, gone, officer)

    application.refresh_from_db()
    assert (application.organization_id, application.confidentiality) == (kept.pk, Confidentiality.RESTRICTED)
    assert kept not in Organization.objects.staffed_by(officer2)
    assert InboxItem.objects.get(kind="diligence.records_merged").restricted is True


def test_a_record_to_which_something_still_points_is_not_taken_away(
    monkeypatch: pytest.MonkeyPatch, pair: DuplicateCandidate, kept: Organization, gone: Organization, officer: User
) -> None:
    from core.registry import partner_references

    PressureEventFactory.create(organization=gone)
    member_of(gone)
    monkeypatch.setitem(partner_references._providers, "diligence", (30, lambda kept, gone: 0))
    with pytest.raises(CannotBeMerged):
        merge(pair, kept, gone, officer)
    assert PressureEvent.objects.get().organization == gone
    assert gone.memberships.count() == 1
    assert DuplicateCandidate.objects.filter(pk=pair.pk).exists()


# ---- the pages ------------------------------------------------------------------------------------------------------
def test_an_officer_merges_on_the_page_and_a_second_sending_changes_nothing(
    client_for: Browsers,
    pair: DuplicateCandidate,
    kept: Organization,
    gone: Organization,
    officer: User,
) -> None:
    client, address = client_for(officer), reverse("diligence:merge", args=[pair.pk])
    assert reverse("diligence:merge", args=[pair.pk]) in client.get(reverse("diligence:duplicate", args=[pair.pk])).text
    assert client.get(address).status_code == 200
    wrong = client.post(address, {"keep": str(kept.pk), "typed": "Partner Q"})
    assert (wrong.status_code, wrong.context["form"]["typed"].value()) == (422, "Partner Q")
    assert client.post(address, {}).status_code == 422
    right = {"keep": str(kept.pk), "typed": gone.alias}
    for _twice in range(2):
        assert client.post(address, right).url == reverse("organizations_staff:detail", args=[kept.pk])  # type: ignore[attr-defined]
    assert PartnerMerge.objects.count() == 1


def test_nobody_else_learns_that_a_merger_took_place(
    client_for: Browsers,
    pair: DuplicateCandidate,
    kept: Organization,
    gone: Organization,
    officer: User,
) -> None:
    stranger = member_of(partner(kept.programme, name="Cedar Bench"))
    before = client_for(stranger).get(reverse("apply:home")).text
    merge(pair, kept, gone, officer)
    address = reverse("diligence:merge", args=[pair.pk])
    assert client_for(stranger).get(address).status_code == 403
    elsewhere = person_with(RoleName.OFFICER, Programme.objects.create(slug="elsewhere", name=Translated(en="E")))
    assert client_for(elsewhere).post(address).status_code == 404
    assert "Sharvit" not in client_for(stranger).get(reverse("apply:home")).text + before


def test_the_notice_leads_to_the_people_of_the_record(
    client_for: Browsers,
    pair: DuplicateCandidate,
    kept: Organization,
    gone: Organization,
    officer: User,
) -> None:
    owner = member_of(gone)
    merge(pair, kept, gone, officer)
    item = InboxItem.objects.get(user=owner, kind="diligence.records_merged")
    page = client_for(owner).get(reverse("inbox:open", args=[item.pk]), follow=True)
    assert page.redirect_chain[-1][0] == reverse("organizations:members", args=[kept.pk])
    assert page.status_code == 200


@pytest.mark.django_db(transaction=True)
def test_two_officers_who_merge_at_once_merge_once(programme: Programme, officer: User, officer2: User) -> None:
    one, other = partner(programme, name="One"), partner(programme, name="Other")
    call = CallFactory.create(programme=programme, form_version=small_form(programme))
    owners = [member_of(one), member_of(other)]
    for organization, owner in zip((one, other), owners, strict=True):
        submitted(call, organization, owner)
    pair = resolve(pair=possible_duplicate(one, other), by=officer, same=True, note="The same.")
    # They even choose differently which record stays.
    wishes: list[tuple[Any, Organization, Organization]] = [(officer, one, other), (officer2, other, one)]

    def press(wish: tuple[Any, Organization, Organization]) -> str:
        by, keep, goes = wish
        try:
            merge_partners(pair=pair, keep=keep.pk, typed=goes.alias, by=User.objects.get(pk=by.pk))
        except MergedAlready:
            return "already"
        except DomainError as error:
            return str(error)
        finally:
            connection.close()
        return "merged"

    with ThreadPoolExecutor(2) as pool:
        answers = sorted(pool.map(press, wishes))
    assert answers == ["already", "merged"]
    assert PartnerMerge.objects.count() == 1
    assert Organization.objects.get().applications.count() == 2
    assert Membership.objects.count() == 2


def test_ties_to_the_record_that_goes_keep_their_holder_out_of_the_one_that_stays(
    pair: DuplicateCandidate, officer: User, officer2: User, call: Call
) -> None:
    kept, gone = pair.first, pair.second
    tie = Interest.objects.create(user=officer2, organization=gone, name="Sharvit", fold="sharvit", kind="work")
    application = submitted(call, kept, member_of(kept))
    merge(pair, kept, gone, officer)
    tie.refresh_from_db()
    assert tie.organization == kept
    assert application.recusals.filter(user=officer2).exists()
