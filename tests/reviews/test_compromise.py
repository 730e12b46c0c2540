"""One button for a seized telephone or a raided office, and two people to undo it."""

import uuid
from datetime import timedelta
from typing import Any

import pytest
from django.core import mail
from django.core.management import CommandError, call_command
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from accounts.choices import RoleName
from accounts.models import Deputyship, Hold, InboxItem, Invitation, Programme, User
from accounts.services.invitations import InvitationWithdrawn, check
from core import outbox
from core.errors import DomainError, NotPermitted
from core.models import OutboxEntry
from grants.models import Application, Call, NamedReader, Recusal
from grants.services.confidentiality import lift_restriction
from insights.waiting import counts
from organizations.choices import MemberRole
from organizations.models import Compromise, Membership, Organization
from organizations.services import compromise as service
from organizations.services.members import invite_colleague, join
from organizations.services.merging import move_references
from tests.factories.accounts import UserFactory, person_with
from tests.factories.grants import draft, member, partner, submitted
from tests.factories.organizations import OrganizationFactory
from tests.reviews.test_decisions import at_once

pytestmark = pytest.mark.django_db
WHY = "Their telephone was taken at a checkpoint."
SAFE = "Two of them came to the office with new devices."


def mark(organization: Organization, by: User | None, **more: Any) -> Compromise:
    return service.mark_compromised(organization=organization, by=by, kind="phone", reason=WHY, **more)


def test_one_step_keeps_members_out_and_restricts_everything(
    sent: Application, call: Call, group: Organization, owner: User, officer: User
) -> None:
    begun = draft(call, group, owner)
    viewer = member(group, MemberRole.VIEWER)
    mark(group, officer)
    assert {row.user for row in Hold.objects.all()} == {owner, viewer}
    assert set(Application.objects.values_list("pk", "confidentiality")) == {
        (sent.pk, "restricted"),
        (begun.pk, "restricted"),
    }
    assert [row.user for row in NamedReader.objects.filter(application=sent)] == [officer]
    assert not NamedReader.objects.filter(application=begun).exists()


def test_marking_twice_is_marking_once(sent: Application, group: Organization, officer: User, director: User) -> None:
    first = mark(group, officer)
    again = mark(group, officer)
    assert (first.pk, Compromise.objects.count()) == (again.pk, 1)
    assert InboxItem.objects.filter(kind="organizations.compromised", user=director).count() == 1


@pytest.mark.django_db(transaction=True)
def test_two_people_press_at_once_and_one_mark_stands(
    sent: Application, group: Organization, officer: User, director: User
) -> None:
    found = at_once(lambda: mark(group, officer), lambda: mark(group, director))
    assert [type(row) for row in found] == [Compromise, Compromise]
    assert Compromise.objects.count() == 1
    sent.refresh_from_db()
    assert sent.is_restricted


def test_open_invitations_do_not_work_and_their_mail_waits(group: Organization, owner: User, officer: User) -> None:
    invitation = invite_colleague(
        organization=group, by=owner, email="new@people.example", role=MemberRole.EDITOR, language="en"
    )
    mark(group, officer)
    with pytest.raises(InvitationWithdrawn):
        check(invitation)
    outbox.drain()
    assert mail.outbox == []
    Compromise.objects.all().delete()
    Hold.objects.all().delete()
    OutboxEntry.objects.update(due_at=timezone.now())
    outbox.drain()
    assert [message.to for message in mail.outbox] == [["new@people.example"]]
    assert check(Invitation.objects.get()) == invitation


def test_readers_and_directors_are_told_and_mail_says_nothing(
    sent: Application, group: Organization, officer: User, officer2: User, director: User
) -> None:
    User.objects.update(mail_detail="all")
    NamedReader.objects.create(application=sent, user=officer2, named_by=director)
    mark(group, officer)
    told = InboxItem.objects.filter(kind="organizations.compromised")
    assert {row.user for row in told} == {officer2, director}
    outbox.drain()
    assert {message.subject for message in mail.outbox} == {"You have a message in Mainstay"}
    assert all("compromised" not in str(message.body) for message in mail.outbox)


def test_a_director_with_a_conflict_of_interest_learns_nothing(
    sent: Application, group: Organization, officer: User, director: User, client_for: Any
) -> None:
    Recusal.objects.create(application=sent, user=director, reason="family", declared_by=officer)
    row = mark(group, officer)
    assert not InboxItem.objects.filter(user=director).exists()
    assert client_for(director).get(reverse("organizations_staff:compromise", args=[row.pk])).status_code == 404
    assert "Partner " not in client_for(director).get(reverse("organizations_staff:compromises")).text


def test_whoever_belongs_to_the_partner_or_only_reads_cannot_mark_it(
    group: Organization, owner: User, finance: User, programme: Programme
) -> None:
    torn = member(group)
    person_with_role = person_with(RoleName.OFFICER, programme)
    group.memberships.create(user=person_with_role, role=MemberRole.VIEWER)
    for person in (owner, finance, torn, person_with_role):
        with pytest.raises(NotPermitted):
            mark(group, person)


def test_a_reason_is_needed(group: Organization, officer: User) -> None:
    with pytest.raises(service.ReasonTooShort):
        service.mark_compromised(organization=group, by=officer, kind="raid", reason=" raid ")


def test_lifting_takes_two_and_leaves_applications_restricted(
    sent: Application, group: Organization, owner: User, officer: User, director: User
) -> None:
    row = mark(group, officer)
    row = service.propose_lift(compromise=row, by=officer, reason=SAFE)
    assert Hold.objects.count() == 1
    service.confirm_lift(compromise=row, by=director)
    assert Hold.objects.count() == 0
    sent.refresh_from_db()
    assert sent.is_restricted
    assert not service.is_compromised(group.pk)


def test_whoever_proposed_does_not_confirm(group: Organization, director: User) -> None:
    row = service.propose_lift(compromise=mark(group, director), by=director, reason=SAFE)
    with pytest.raises(service.OwnLift):
        service.confirm_lift(compromise=row, by=director)
    with pytest.raises(IntegrityError), transaction.atomic():
        Compromise.objects.filter(pk=row.pk).update(lifted_by=director, lifted_at=timezone.now())


def test_a_deputy_of_the_proposer_does_not_confirm(group: Organization, director: User, director2: User) -> None:
    today = timezone.localdate()
    Deputyship.objects.create(
        user=director, deputy=director2, programme=group.programme, role="director",
        starts_on=today, ends_on=today, reason="absence",
    )  # fmt: skip
    row = service.propose_lift(compromise=mark(group, director), by=director, reason=SAFE)
    with pytest.raises(service.LiftByDeputy):
        service.confirm_lift(compromise=row, by=director2)


def test_an_officer_does_not_confirm(group: Organization, officer: User, officer2: User) -> None:
    row = service.propose_lift(compromise=mark(group, officer), by=officer, reason=SAFE)
    with pytest.raises(NotPermitted):
        service.confirm_lift(compromise=row, by=officer2)


def test_marking_again_undoes_a_proposal(group: Organization, officer: User, director: User) -> None:
    row = service.propose_lift(compromise=mark(group, officer), by=officer, reason=SAFE)
    mark(group, director)
    with pytest.raises(service.LiftSettled):
        service.confirm_lift(compromise=row, by=director)


@pytest.mark.django_db(transaction=True)
def test_two_directors_confirm_at_once_and_one_does(
    group: Organization, owner: User, officer: User, director: User, director2: User
) -> None:
    row = service.propose_lift(compromise=mark(group, officer), by=officer, reason=SAFE)
    found = at_once(
        lambda: service.confirm_lift(compromise=row, by=director),
        lambda: service.confirm_lift(compromise=row, by=director2),
    )
    assert sorted(type(one).__name__ for one in found) == ["Compromise", "LiftSettled"]


def test_what_is_begun_meanwhile_is_restricted_and_stays_so(
    call: Call, group: Organization, owner: User, officer: User, director: User
) -> None:
    mark(group, officer)
    late = submitted(call, group, owner)
    assert late.is_restricted
    with pytest.raises(DomainError, match="marked as compromised"):
        lift_restriction(application=late, by=director, reason="Too early")


def test_nobody_joins_a_compromised_partner(group: Organization, officer: User) -> None:
    mark(group, officer)
    with pytest.raises(DomainError):
        join(organization=group, user=UserFactory.create(), role=MemberRole.EDITOR)
    assert group.memberships.count() == Hold.objects.count()


def test_a_compromised_partner_is_not_merged(group: Organization, officer: User, programme: Programme) -> None:
    mark(group, officer)
    with pytest.raises(DomainError, match="marked as compromised"):
        move_references(partner(programme, name="Twin"), group)


def test_the_button_asks_who_it_is_and_tells_the_member_nothing(
    sent: Application, group: Organization, owner: User, officer: User, client_for: Any
) -> None:
    theirs, ours = client_for(owner), client_for(officer)
    address = reverse("organizations_staff:mark_compromised", args=[group.pk])
    session = ours.session
    session["entrance"] = session["entrance"] | {"fresh": 0}
    session.save()
    asked = ours.post(address, {"kind": "raid", "reason": WHY})
    assert (asked.status_code, Compromise.objects.count()) == (403, 0)
    session["entrance"] = session["entrance"] | {"fresh": timezone.now().timestamp()}
    session.save()
    page = ours.post(address, {"kind": "raid", "reason": WHY}, follow=True)
    row = Compromise.objects.get()
    assert page.redirect_chain == [(reverse("organizations_staff:compromise", args=[row.pk]), 302)]
    assert ours.post(address, {"kind": "raid", "reason": WHY}).status_code == 302
    left = theirs.get(reverse("apply:home"))
    assert left.status_code == 302
    assert left["Location"].startswith("/accounts/login/")


def test_every_page_of_the_partner_shows_it_to_who_may_read_it(
    sent: Application, group: Organization, officer: User, director: User, client_for: Any
) -> None:
    mark(group, officer)
    words = "This partner is marked as compromised."
    ours = client_for(officer)
    for address in (
        reverse("organizations_staff:detail", args=[group.pk]),
        reverse("staff:proposal", args=[sent.reference]),
        reverse("staff:messages", args=[sent.reference]),
    ):
        assert words in ours.get(address).text
    listed = client_for(director).get(reverse("organizations_staff:compromises")).text
    group.refresh_from_db()
    assert group.alias in listed
    assert str(group) not in listed


def test_the_list_takes_as_many_statements_for_thirty_as_for_one(
    officer: User, programme: Programme, client_for: Any
) -> None:
    counts = []
    for number in (1, 29):
        for _row in range(number):
            mark(partner(programme, name=f"Partner {uuid.uuid4().hex[:6]}"), officer)
        browser = client_for(officer)
        with CaptureQueriesContext(
            connection,
        ) as taken:
            browser.get(reverse("organizations_staff:compromises"))
        counts.append(len(taken))
    assert counts[0] == counts[1]


def test_the_night_command_marks_one_partner_and_asks_which(capsys: Any) -> None:
    group = OrganizationFactory.create()
    with pytest.raises(CommandError, match="Give the id"):
        call_command("mark_compromised", str(group), reason=WHY)
    assert str(group.pk) in capsys.readouterr().out
    with pytest.raises(CommandError, match="what is known"):
        call_command("mark_compromised", str(group.pk))
    call_command("mark_compromised", group.alias, reason=WHY)
    assert Compromise.objects.get().reported_by is None


def test_an_invitation_that_whoever_had_the_device_may_have_written_does_not_work_afterwards(
    group: Organization, owner: User, officer: User, director: User
) -> None:
    invitation = invite_colleague(
        organization=group, by=owner, email="new@people.example", role=MemberRole.OWNER, language="en"
    )
    row = service.propose_lift(compromise=mark(group, officer), by=officer, reason=SAFE)
    service.confirm_lift(compromise=row, by=director)
    invitation.refresh_from_db()
    with pytest.raises(InvitationWithdrawn):
        check(invitation)
    outbox.drain()
    assert "new@people.example" not in [address for message in mail.outbox for address in message.to]


def test_an_invitation_into_another_partner_by_somebody_who_is_kept_out_does_not_work(
    group: Organization, owner: User, officer: User, director: User
) -> None:
    other = partner(group.programme)
    other.memberships.create(user=owner, role=MemberRole.OWNER)
    invitation = invite_colleague(
        organization=other, by=owner, email="new@people.example", role=MemberRole.OWNER, language="en"
    )
    assert check(invitation) == invitation
    row = service.propose_lift(compromise=mark(group, officer), by=officer, reason=SAFE)
    outbox.drain()
    with pytest.raises(InvitationWithdrawn):
        check(invitation)
    service.confirm_lift(compromise=row, by=director)
    invitation.refresh_from_db()
    with pytest.raises(InvitationWithdrawn):
        check(invitation)
    outbox.drain()
    assert "new@people.example" not in [address for message in mail.outbox for address in message.to]


def test_whoever_came_in_or_changed_their_address_before_the_mark_is_named_to_those_who_lift_it(
    sent: Application, owner: User, officer: User, director: User, client_for: Any
) -> None:
    group = sent.organization
    long_ago = timezone.now() - timedelta(days=400)
    Membership.objects.update(created_at=long_ago)
    steady = member(group, MemberRole.VIEWER)
    Membership.objects.filter(user=steady).update(created_at=long_ago)
    fresh = member(group, MemberRole.EDITOR)
    owner.email = "taken-over@people.example"
    owner.save(update_fields=["email"])
    row = mark(group, officer)
    found = {
        one.person: (one.joined_at is not None, one.address_changed_at is not None) for one in service.newcomers(row)
    }
    assert found == {fresh: (True, False), owner: (False, True)}
    address = reverse("organizations_staff:compromise", args=[row.pk])
    page = client_for(officer).get(address)
    assert ([one.person for one in page.context["newcomers"]], str(fresh) in page.text) == ([owner, fresh], True)
    # A director who may not open the partner lifts it all the same, and reads no name.
    page = client_for(director).get(address)
    assert (page.status_code, page.context["newcomers"], str(fresh) in page.text) == (200, [], False)


def test_a_lift_that_waits_counts_in_the_menu_of_those_who_confirm(
    sent: Application, group: Organization, officer: User, director: User, director2: User
) -> None:
    row = mark(group, officer)
    for person in (director, director2, officer):
        assert counts(User.objects.get(pk=person.pk)).get("lifts", 0) == 0
    service.propose_lift(compromise=row, by=director, reason=SAFE)
    waiting = {
        person: counts(User.objects.get(pk=person.pk)).get("lifts", 0) for person in (director, director2, officer)
    }
    assert waiting == {director: 0, director2: 1, officer: 0}
