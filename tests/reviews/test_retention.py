"""What has been kept long enough goes, by itself and for good; what is held or still needed stays."""

from datetime import timedelta
from decimal import Decimal
from typing import Any
from uuid import uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import CommandError, call_command
from django.db import connection
from django.db.utils import DatabaseError
from django.urls import reverse
from django.utils import timezone

from accounts.choices import RoleName
from accounts.models import InboxItem, Invitation, Programme, RetentionPeriod, User
from accounts.services.holds import hold_people
from accounts.services.retention import PeriodRefused, set_period
from core import outbox
from core.errors import NotPermitted
from core.models import AuditEntry, OutboxEntry
from grants.models import (
    Answer,
    Application,
    ApplicationEvent,
    Attachment,
    Call,
    LegalHold,
    Message,
    Recusal,
    Remainder,
)
from grants.services.attachments import add_attachment
from grants.services.holds import end_hold, place_hold
from grants.services.moves import TextsDestroyed
from insights.services.retaining import apply_retention, preview, warn_of_deletion
from organizations.models import Organization
from organizations.services.compromise import mark_compromised
from reviews.models import Decision, Review
from reviews.services import decisions
from reviews.services.appeals import send_appeal
from tests.factories.accounts import InboxItemFactory, InvitationFactory, UserFactory, person_with
from tests.factories.grants import draft
from tests.factories.reviews import proposed
from tests.reviews.test_decisions import at_once

pytestmark = pytest.mark.django_db
SOON, LATER, MUCH_LATER = (timezone.now() + timedelta(days=days) for days in (30, 1200, 3650))

GONE = {"", "(erased)"}


def counted(done: Any) -> dict[str, int]:
    return {row.line.rule.kind: row.count for row in done if row.count}


@pytest.fixture
def declined(awaiting: Application, officer: User, director: User) -> Application:
    refusal = decisions.Proposal(
        kind="decline", reason="The Heron fund pays.", message_to_applicant="Sorry, the Heron fund pays."
    )
    decision = decisions.propose(application=awaiting, by=officer, proposal=refusal)
    decisions.approve(application=awaiting, decision_id=decision.pk, by=director)
    return Application.objects.select_related("call__programme", "organization").get(pk=awaiting.pk)


@pytest.fixture
def admin(programme: Programme) -> User:
    return person_with(RoleName.ADMIN, programme, is_staff=True)


def test_a_draft_goes_with_its_files_once_nobody_touched_it_for_two_years(
    call: Call, group: Organization, owner: User, django_capture_on_commit_callbacks: Any
) -> None:
    begun = draft(call, group, owner)
    row = add_attachment(application=begun, by=owner, upload=SimpleUploadedFile("lease.txt", b"invented"))
    path, storage = row.file.name, row.file.storage
    assert counted(apply_retention(on=SOON)) == {}
    with django_capture_on_commit_callbacks(execute=True):
        assert counted(apply_retention(on=LATER))["drafts"] == 1
    assert (Application.objects.count(), Attachment.objects.count()) == (0, 0)
    assert not storage.exists(path or "")


def test_a_draft_is_announced_a_month_before_it_goes_and_stays_of_a_compromised_partner(
    call: Call, group: Organization, owner: User, officer: User
) -> None:
    begun = draft(call, group, owner)
    goes = begun.changed_at + timedelta(days=730)
    assert warn_of_deletion(on=goes - timedelta(days=60)) == 0
    for _time in range(2):
        assert warn_of_deletion(on=goes - timedelta(days=20)) == 1
    item = InboxItem.objects.get(user=owner)
    assert (item.kind, item.params) == ("grants.draft_goes", {"reference": begun.reference})
    mark_compromised(organization=group, by=officer, kind="phone", reason="Seized at the border")
    assert "drafts" not in counted(apply_retention(on=LATER))


def test_a_declined_application_keeps_a_skeleton_and_not_a_word(
    declined: Application, officer: User, client_for: Any, owner: User
) -> None:
    asked = declined.amount_asked
    assert counted(apply_retention(on=SOON)) == {}
    assert counted(apply_retention(on=LATER))["refused"] == 1
    row = Application.objects.get()
    assert (row.reference, row.status, row.amount_asked, row.title) == (
        declined.reference, "declined", asked, "(erased)",
    )  # fmt: skip
    assert [model._default_manager.count() for model in (Answer, Message, Attachment)] == [0, 0, 0]
    assert {str(row.reason) for row in ApplicationEvent.objects.all()} <= GONE
    decision = Decision.objects.get()
    assert (decision.kind, decision.reason, decision.message_to_applicant) == ("decline", "(erased)", "(erased)")
    assert "Heron" not in str(decision.letters)
    assert {str(row.comments_for_panel) for row in Review.objects.all()} <= GONE
    for address in ("staff:proposal", "staff:messages", "staff:history", "reviews:decision", "reviews:reviews",
                    "diligence:application", "insights:application_changes"):  # fmt: skip
        page = client_for(officer).get(reverse(address, args=[row.reference]))
        assert page.status_code == 200, address
        assert "Heron" not in page.text
    for address in ("apply:status", "apply:messages", "apply:receipt"):
        assert client_for(owner).get(reverse(address, args=[row.reference]), follow=True).status_code == 200
    assert client_for(officer).get(reverse("staff:applications")).status_code == 200


def test_what_was_made_anonymous_is_not_opened_again(declined: Application, director: User) -> None:
    apply_retention(on=LATER)
    with pytest.raises(TextsDestroyed):
        decisions.reopen(application=Application.objects.get(), by=director, reason="Another look")
    assert Application.objects.get().status == "declined"


def test_running_it_twice_changes_nothing_more(declined: Application) -> None:
    apply_retention(on=LATER)
    assert counted(apply_retention(on=LATER)) == {}
    assert Remainder.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_two_runs_at_once_settle_each_row_once(declined: Application) -> None:
    at_once(lambda: apply_retention(on=LATER), lambda: apply_retention(on=LATER))
    assert Remainder.objects.count() == 1


def test_the_remainder_leads_back_to_nobody(declined: Application) -> None:
    Organization.objects.update(operates_in=["gaza", "israel"], themes=["environment"], community="joint")
    apply_retention(on=LATER)
    row = Remainder.objects.get()
    assert (row.call, row.region, row.theme, row.community, row.outcome) == (
        None, "", "environment", "joint", "declined",
    )  # fmt: skip
    assert not AuditEntry.objects.filter(label="grants.Remainder").exists()
    names = {field.name for field in Remainder._meta.fields}
    assert names == {"id", "call", "programme", "community", "region", "theme", "band", "outcome", "year", "months"}


def test_approved_grants_stay_as_long_as_the_books_and_then_their_ledger_does(
    awaiting: Application, officer: User, director: User
) -> None:
    decision = proposed(awaiting, officer)
    decisions.approve(application=awaiting, decision_id=decision.pk, by=director)
    assert "approved" not in counted(apply_retention(on=LATER))
    assert counted(apply_retention(on=MUCH_LATER))["approved"] == 1
    decision.refresh_from_db()
    assert (decision.amount == Decimal(900), decision.reason) == (True, "(erased)")


def test_openings_and_the_audit_cannot_be_changed_even_now() -> None:
    for table in ("core_auditentry", "core_auditseal"):
        with pytest.raises(DatabaseError), connection.cursor() as cursor:
            cursor.execute(f"DELETE FROM {table}")  # noqa: S608 - two names of ours
        connection.set_rollback(False)


@pytest.mark.parametrize("whole", [False, True])
def test_a_legal_hold_keeps_it_until_a_week_after_it_is_ended(
    declined: Application, director: User, director2: User, whole: bool
) -> None:
    what = None if whole else declined
    hold = place_hold(organization=declined.organization, application=what, by=director, reason="A court")
    again = place_hold(organization=declined.organization, application=what, by=director, reason="The same court")
    assert hold.pk == again.pk
    assert "refused" not in counted(preview(on=LATER))
    assert "refused" not in counted(apply_retention(on=LATER))
    end_hold(hold=hold, by=director)
    end_hold(hold=hold, by=director)
    told = InboxItem.objects.filter(kind="grants.hold_ended")
    assert [item.user_id for item in told] == [director2.pk]
    assert "refused" not in counted(apply_retention(on=LATER)), "the others have a week to object"
    LegalHold.objects.update(ended_at=timezone.now() - timedelta(days=8))
    assert counted(apply_retention(on=LATER))["refused"] == 1


def test_an_open_appeal_keeps_it(declined: Application, owner: User) -> None:
    send_appeal(
        application=declined,
        by=owner,
        kind="decision",
        text="Please read the lease again.",
        once=uuid4(),
        language="en",
    )
    assert "refused" not in counted(apply_retention(on=LATER))


@pytest.mark.parametrize("kept_by", ["a legal hold", "a mark", "nothing"])
def test_a_closed_account_of_a_held_or_marked_partner_stays(
    declined: Application, owner: User, director: User, kept_by: str
) -> None:
    User.objects.filter(pk=owner.pk).update(is_active=False, last_login=timezone.now() - timedelta(days=900))
    if kept_by == "a legal hold":
        place_hold(organization=declined.organization, by=director, reason="A court")
    elif kept_by == "a mark":
        hold_people(subject=declined.organization_id, people=[owner])
    assert counted(apply_retention(on=SOON)).get("accounts", 0) == (kept_by == "nothing")


def test_an_officer_places_no_hold(declined: Application, officer: User) -> None:
    with pytest.raises(NotPermitted):
        place_hold(organization=declined.organization, by=officer, reason="Mine")


def test_old_notices_mail_and_invitations_go_and_what_waits_stays() -> None:
    old = timezone.now() - timedelta(days=400)
    InboxItemFactory.create(read_at=old)
    waiting = InboxItemFactory.create()
    OutboxEntry.objects.create(topic="mail", key="old", status="sent", finished_at=old)
    pending = OutboxEntry.objects.create(topic="mail", key="new", status="pending")
    OutboxEntry.objects.filter(pk=pending.pk).update(created_at=old)
    InvitationFactory.create(expires_at=old)
    taken = InvitationFactory.create(expires_at=old, status="accepted")
    done = counted(apply_retention(on=timezone.now()))
    assert (done["notices"], done["outbox"], done["invitations"]) == (1, 1, 1)
    assert [row.pk for row in InboxItem.objects.all()] == [waiting.pk]
    assert [row.pk for row in OutboxEntry.objects.all()] == [pending.pk]
    assert [row.pk for row in Invitation.objects.all()] == [taken.pk]
    outbox.sweep()


def test_a_closed_account_is_emptied_and_one_of_the_office_is_not(officer: User) -> None:
    gone = UserFactory.create(is_active=False, email="gone@people.example", display_name="Gone")
    User.objects.update(created_at=timezone.now() - timedelta(days=500), last_login=None)
    User.objects.filter(pk=officer.pk).update(is_active=False)
    apply_retention(on=timezone.now())
    gone.refresh_from_db()
    officer.refresh_from_db()
    assert (str(gone), gone.email.endswith("@erased.invalid"), gone.display_name) == ("(erased)", True, "")
    assert not officer.email.endswith("@erased.invalid")


def test_periods_are_the_programmes_own_and_keep_their_history(declined: Application, admin: User) -> None:
    programme = declined.call.programme
    of: dict[str, Any] = {"programme": programme, "kind": "refused", "default": 1095, "by": admin}
    set_period(**of, days=2000, reason="The funder asks for it")
    set_period(**of, days=2000, reason="Twice")
    assert RetentionPeriod.objects.count() == 1
    assert "refused" not in counted(apply_retention(on=LATER))
    with pytest.raises(PeriodRefused):
        set_period(**of, days=3, reason="Too soon")


def test_a_shorter_period_holds_after_a_week_of_which_the_directors_are_told(
    declined: Application, director: User, admin: User
) -> None:
    set_period(programme=declined.call.programme, kind="refused", days=30, default=1095, by=admin, reason="Tidying up")
    in_40_days = timezone.now() + timedelta(days=40)
    assert "refused" not in counted(apply_retention(on=in_40_days))
    assert InboxItem.objects.get(kind="accounts.period_shortened").user_id == director.pk
    RetentionPeriod.objects.update(created_at=timezone.now() - timedelta(days=8))
    assert counted(apply_retention(on=in_40_days))["refused"] == 1


def test_the_page_of_a_period_says_which_holds_now_and_from_when_the_shorter_one_does(
    programme: Programme, admin: User, client_for: Any, at_time: Any
) -> None:
    at_time("2026-11-25 10:00")
    address = reverse("insights:retention_period", args=[programme.slug, "refused"])
    browser = client_for(admin)
    browser.post(address, {"days": "٤٠٠", "reason": "Tidying up"})
    page = browser.get(address)
    assert "400 days from 2 Dec 2026 on" in page.text
    assert page.context["form"]["days"].value() == 1095
    assert RetentionPeriod.objects.get().days == 400


@pytest.mark.parametrize("days", ["", "0", "29", "3.5", "a year", "-400", "99999999999"])
def test_a_period_that_cannot_be_is_refused_and_stays_in_the_form(
    days: str, programme: Programme, admin: User, client_for: Any
) -> None:
    address = reverse("insights:retention_period", args=[programme.slug, "refused"])
    answer = client_for(admin).post(address, {"days": days, "reason": "Tidying up"})
    assert (answer.status_code, answer.context["form"]["days"].value()) == (422, days)
    assert 'value="Tidying up"' in answer.text
    assert not RetentionPeriod.objects.exists()


def test_nobody_makes_the_books_go_before_the_law_lets_them(programme: Programme, admin: User, client_for: Any) -> None:
    address = reverse("insights:retention_period", args=[programme.slug, "approved"])
    answer = client_for(admin).post(address, {"days": 30, "reason": "Tidying up"})
    assert (answer.status_code, "at least 2922 days" in answer.text) == (422, True)
    assert not RetentionPeriod.objects.exists()


def test_a_director_with_a_conflict_holds_nothing_of_the_partner(
    declined: Application, officer: User, director2: User, client_for: Any
) -> None:
    Recusal.objects.create(application=declined, user=director2, reason="family", declared_by=officer)
    sent = {"what": declined.organization.alias, "reason": "A court"}
    assert client_for(director2).post(reverse("insights:legal_holds"), sent).status_code == 422
    assert not LegalHold.objects.exists()


def test_only_an_administrator_changes_a_period(declined: Application, director: User) -> None:
    with pytest.raises(NotPermitted):
        set_period(
            programme=declined.call.programme, kind="refused", default=1095, days=2000, by=director, reason="Mine"
        )


def test_the_command_counts_first_and_refuses_to_carry_out_a_day_to_come(declined: Application, capsys: Any) -> None:
    later = f"{LATER:%Y-%m-%d}"
    call_command("apply_retention", "--dry-run", "--on", later)
    assert "refused of" in capsys.readouterr().out
    assert Application.objects.get().anonymised_at is None
    with pytest.raises(CommandError, match="still to come"):
        call_command("apply_retention", "--on", later)
    with pytest.raises(CommandError, match="YYYY-MM-DD"):
        call_command("apply_retention", "--on", "tomorrow")


def test_the_page_counts_by_kind_and_small_remainders_are_not_told(
    declined: Application, director: User, client_for: Any
) -> None:
    Remainder.objects.create(programme=declined.call.programme, band="small", outcome="declined", year=2020)
    page = client_for(director).get(reverse("insights:retention"))
    assert "fewer than 5" in page.text
    assert "Drafts that were never sent" in page.text


def test_a_director_holds_and_ends_on_the_page(declined: Application, director: User, client_for: Any) -> None:
    browser = client_for(director)
    address = reverse("insights:legal_holds")
    wrong = browser.post(address, {"what": "RR-0000-0000", "reason": "A court"})
    assert (wrong.status_code, "A court" in wrong.text) == (422, True)
    browser.post(address, {"what": declined.reference.lower(), "reason": "A court"})
    hold = LegalHold.objects.get()
    assert declined.reference in browser.get(address).text
    browser.post(reverse("insights:hold_end", args=[hold.pk]))
    hold.refresh_from_db()
    assert hold.ended_by == director
    assert "Counts until" in browser.get(address).text
