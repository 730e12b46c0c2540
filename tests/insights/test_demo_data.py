"""The demo data: made once, alike for both communities, in every state, nobody real, nothing half written."""

import re
from collections import Counter
from collections.abc import Generator
from typing import Any

import pytest
from allauth.account.models import EmailAddress
from django.apps import apps
from django.core.management import CommandError, call_command
from django.db import models, transaction
from django.utils import timezone

from accounts.models import Holiday, Programme, User
from config.local.demo_accounts import ACCOUNTS, PASSWORD
from core.models import AuditEntry, OutboxEntry
from core.money import CURRENCIES
from core.translated import CODES, TranslatedField
from diligence.models import CapacityAssessment, DuplicateCandidate, FinancialPosition, OtherFunding, PressureEvent
from grants.choices import Status
from grants.completeness import missing
from grants.models import Answer, Application, BudgetLine, Call, NamedReader, Opening, Promise
from grants.models.application import NEVER
from grants.services.promises import PAUSED
from organizations.models import Organization, Person
from reviews.models import Appeal, Decision, Review, Slate

APPS = ("accounts", "organizations", "grants", "diligence", "reviews")
ADDRESS = re.compile(r"[\w.+-]+@([\w-]+\.)+[a-z]+")


@pytest.fixture(scope="class")
def demo(django_db_setup: None, django_db_blocker: Any) -> Generator[None]:
    """The demo, made once for this class and taken back at its end."""

    class TakenBack(Exception):
        pass

    with django_db_blocker.unblock():
        try:
            with transaction.atomic():
                call_command("demo_data", verbosity=0)
                yield
                raise TakenBack
        except TakenBack:
            pass


pytestmark = pytest.mark.django_db


def counts() -> dict[str, int]:
    found = {model._meta.label: model._default_manager.count() for label in APPS for model in rows_of(label)}
    return found | {"outbox": OutboxEntry.objects.count()}


def rows_of(label: str) -> list[type[models.Model]]:
    return list(apps.get_app_config(label).get_models())


def by_community(rows: Any, path: str) -> dict[str, int]:
    return Counter(rows.values_list(path, flat=True))


@pytest.mark.slow
@pytest.mark.usefixtures("demo")
class TestDemo:
    def test_a_second_run_changes_nothing(self) -> None:
        before = counts()

        call_command("demo_data", verbosity=0)

        assert counts() == before

    def test_there_is_one_programme_with_two_public_calls(self) -> None:
        assert Programme.objects.count() == 1
        assert list(Call.objects.order_by("kind").values_list("kind", "status")) == [
            ("open", "published"),
            ("rapid", "published"),
        ]

    def test_applications_show_every_state(self) -> None:
        assert Application.objects.count() == 46
        assert set(Application.objects.values_list("status", flat=True)) == set(Status.values)

    def test_both_communities_have_as_many_applications_in_every_state(self) -> None:
        found = Counter(Application.objects.values_list("organization__community", "status"))
        states = {
            side: {status: found[side, status] for status in Status.values} for side in ("israeli", "palestinian")
        }

        assert states["israeli"] == states["palestinian"]
        assert sum(states["israeli"].values()) == 22

    @pytest.mark.parametrize(
        ("model", "path"),
        [
            (Organization, "community"),
            (Person, "organization__community"),
            (PressureEvent, "organization__community"),
            (FinancialPosition, "organization__community"),
            (CapacityAssessment, "organization__community"),
            (OtherFunding, "organization__community"),
            (NamedReader, "application__organization__community"),
            (Review, "application__organization__community"),
            (Decision, "application__organization__community"),
            (Appeal, "application__organization__community"),
        ],
    )
    def test_both_communities_have_as_much_of_everything(self, model: Any, path: str) -> None:
        found = by_community(model.objects.all(), path)

        assert found["israeli"] == found["palestinian"] > 0

    @pytest.mark.parametrize("status", ["registered", "contested", "expired", "hosted", "unregistered"])
    def test_both_communities_have_the_same_standing(self, status: str) -> None:
        found = by_community(Organization.objects.filter(legal_status=status), "community")

        assert found["israeli"] == found["palestinian"] > 0

    def test_neither_officer_leads_one_community_more(self) -> None:
        found = Counter(
            Application.objects.filter(officer__isnull=False).values_list("officer__email", "organization__community")
        )
        for email in ("officer@demo.example", "officer2@demo.example"):
            assert abs(found[email, "israeli"] - found[email, "palestinian"]) <= 1

    def test_one_pair_of_each_community_looks_like_a_duplicate(self) -> None:
        pairs = DuplicateCandidate.objects.values_list("first__community", "second__community")

        assert sorted(pairs) == [("israeli", "israeli"), ("palestinian", "palestinian")]

    def test_some_promises_are_broken_and_some_stand_still(self) -> None:
        now = timezone.now()
        late = Application.objects.filter(due_at__lt=now)

        assert set(late.values_list("due_kind", flat=True)) == {"first_answer", "decision"}
        assert Application.objects.filter(due_at=PAUSED, status=Status.WAITING).count() == 4
        running = Promise.objects.filter(kept_at=None, void_at=None, paused_at=None)
        assert not running.filter(due_at__lt=now, escalated_at=None).exists()

    def test_nothing_happened_in_the_future_and_everything_in_its_order(self) -> None:
        now = timezone.now()
        for application in Application.objects.exclude(status=Status.DRAFT):
            events = list(application.events.order_by("created_at").values_list("at", flat=True))
            assert application.submitted_at is not None
            assert events[0] < application.submitted_at <= events[-1] < now
            assert application.decided_at is None or application.submitted_at < application.decided_at < now
        assert not Application.objects.exclude(due_at__gte=PAUSED).filter(due_at__gte=NEVER).exists()

    def test_restricted_applications_have_readers_but_for_one(self) -> None:
        restricted = Application.objects.filter(confidentiality="restricted").annotate(
            readers=models.Count("named_readers")
        )

        assert sorted(restricted.values_list("organization__community", "readers")) == [
            ("israeli", 4),
            ("joint", 0),
            ("palestinian", 4),
        ]

    def test_whoever_opened_a_restricted_application_is_on_record(self) -> None:
        openings = Opening.objects.values_list("user__display_name", "page")

        assert len(openings) == 8
        assert openings.filter(page="staff:break_glass").exclude(reason="").count() == 2
        assert not Opening.objects.filter(at__gt=timezone.now()).exists()

    def test_the_audit_names_the_people_of_the_story(self) -> None:
        told = AuditEntry.objects.exclude(page__in=("", "command:demo_data"))
        assert told.filter(actor__isnull=True).exclude(page="task:core.outbox.drain").count() == 0
        acted = Counter(told.filter(label="grants.Application").values_list("page", flat=True))
        assert {"apply:start", "apply:submit", "staff:take", "reviews:check"} <= acted.keys()
        sent = Application.objects.filter(status=Status.SUBMITTED).first()
        assert sent is not None
        made = AuditEntry.objects.get(row_key=str(sent.pk), operation="insert")
        owner = sent.organization.memberships.get().user_id
        assert (made.actor, made.page) == (owner, "apply:start")

    def test_submitted_applications_are_complete_and_their_budgets_add_up(self) -> None:
        for application in Application.objects.filter(submitted_at__isnull=False).select_related(
            "call", "organization"
        ):
            assert missing(application) == []
        for line in BudgetLine.objects.all():
            assert line.quantity * line.unit_cost == line.asked + line.from_others
        assert set(Application.objects.values_list("currency", flat=True)) <= set(CURRENCIES)

    def test_answers_come_in_three_languages(self) -> None:
        assert set(Application.objects.values_list("language", flat=True)) == {"ar", "en", "he"}
        assert Answer.objects.count() > 300

    @pytest.mark.parametrize("email", ["applicant@demo.example", "applicant2@demo.example"])
    def test_each_applicant_who_signs_in_has_a_draft_something_sent_and_something_decided(self, email: str) -> None:
        mine = Application.objects.filter(organization__memberships__user__email=email)

        assert sorted(mine.values_list("status", flat=True)) == ["approved", "draft", "submitted"]

    def test_a_reviewer_has_something_to_review_and_a_director_something_to_decide(self) -> None:
        assert Decision.objects.filter(status="proposed").count() == 2
        assert Decision.objects.filter(status="first").count() == 2
        assert Application.objects.filter(
            assignments__user__email="reviewer@demo.example", assignments__no_conflict_at=None
        ).exists()

    def test_two_slates_give_money_to_both_communities_within_their_bounds(self) -> None:
        slates = Slate.objects.order_by("created_at")
        assert [slate.status for slate in slates] == ["draft", "draft"]
        for slate in slates:
            given = slate.lines.filter(amount__gt=0)
            assert {"israeli", "palestinian"} <= set(
                given.values_list("application__organization__community", flat=True)
            )
            assert sum(line.amount for line in given) <= slate.budget
        assert slates[1].suggestion["proven"] or slates[1].suggestion["to_the_cent"]

    def test_everyone_announced_can_sign_in(self) -> None:
        people = {user.email: user for user in User.objects.filter(email__in=ACCOUNTS)}

        assert set(people) == set(ACCOUNTS)
        assert all(user.check_password(PASSWORD) for user in people.values())
        assert all(
            EmailAddress.objects.filter(user=user, verified=True, primary=True).exists() for user in people.values()
        )

    def test_no_address_could_be_somebodys(self) -> None:
        found = set()
        for label in APPS:
            for model in rows_of(label):
                texts = [
                    column.name
                    for column in model._meta.concrete_fields
                    if isinstance(column, models.CharField | models.TextField | models.JSONField)
                ]
                for row in model._default_manager.values_list(*texts) if texts else ():
                    found |= {match[0] for match in ADDRESS.finditer(str(row))}

        assert found
        assert {address for address in found if not address.endswith(".example")} == set()

    @pytest.mark.parametrize("model", [Programme, Call, Holiday])
    def test_public_texts_are_there_in_three_languages(self, model: Any) -> None:
        names = [column.name for column in model._meta.concrete_fields if isinstance(column, TranslatedField)]
        for row in model.objects.all():
            for name in names:
                assert set(getattr(row, name)) == set(CODES), f"{row}: {name}"
                assert all(getattr(row, name).values())

    def test_the_office_closes_as_often_for_either_side(self) -> None:
        from insights.demo.programme import HOLIDAYS

        days = {country: sum(most for most, _name in names.values()) for country, names in HOLIDAYS.items()}

        assert days["IL"] == days["PS"]

    def test_mail_of_the_past_does_not_flood_the_sink(self) -> None:
        assert 100 < OutboxEntry.objects.filter(topic="mail").count() <= 300


def test_only_a_demo_gets_the_well_known_password(settings: Any) -> None:
    settings.DEMO = False

    with pytest.raises(CommandError):
        call_command("demo_data")

    assert not User.objects.exists()


def test_the_sign_ins_can_be_printed(capsys: pytest.CaptureFixture[str]) -> None:
    call_command("demo_data", print_logins=True)

    printed = capsys.readouterr().out
    assert all(address in printed for address in (*ACCOUNTS, PASSWORD))
