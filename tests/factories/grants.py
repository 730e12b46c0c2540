"""Calls, forms and applications that are plainly invented."""

from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

import factory
from django.utils import timezone
from factory.django import DjangoModelFactory

from accounts.models import Programme, User
from core.translated import Translated
from grants.choices import CallKind, CallStatus, Confidentiality, FormStatus, QuestionKind
from grants.form_tree import form_tree
from grants.models import Application, Call, Form, FormVersion, Question, Section
from grants.services.answers import save_answers
from grants.services.applications import save_details, start_application, submit_application
from grants.services.budget import Line, save_budget
from organizations.choices import Community, LegalStatus, MemberRole, PersonPosition, Region, Theme
from organizations.models import Membership, Organization, OrganizationName, Person
from tests.factories.accounts import ProgrammeFactory, UserFactory


class FormVersionFactory(DjangoModelFactory[FormVersion]):
    """A draft version of a form without questions."""

    class Meta:
        model = FormVersion

    form = factory.LazyAttribute(lambda o: Form.objects.create(programme=o.programme, name=Translated(en="Help")))
    number = 1

    class Params:
        programme = factory.SubFactory(ProgrammeFactory)


class SectionFactory(DjangoModelFactory[Section]):
    class Meta:
        model = Section

    version = factory.SubFactory(FormVersionFactory)
    position = factory.Sequence(lambda n: n + 1)
    slug = factory.Sequence(lambda n: f"section-{n}")
    title = factory.LazyAttribute(lambda o: Translated(en=f"Section {o.slug}", ar=f"القسم {o.slug}"))


class QuestionFactory(DjangoModelFactory[Question]):
    class Meta:
        model = Question

    section = factory.SubFactory(SectionFactory)
    position = factory.Sequence(lambda n: n + 1)
    slug = factory.Sequence(lambda n: f"question-{n}")
    kind = QuestionKind.SHORT_TEXT
    label = factory.LazyAttribute(lambda o: Translated(en=f"The {o.slug}?", ar=f"ما هو {o.slug}؟"))
    required = True
    settings = factory.LazyFunction(dict)


class CallFactory(DjangoModelFactory[Call]):
    """A published rapid-response call that is open all year. Its form is published with `publish`."""

    class Meta:
        model = Call

    programme = factory.SubFactory(ProgrammeFactory)
    slug = factory.Sequence(lambda n: f"call-{n}")
    kind = CallKind.RAPID
    status = CallStatus.PUBLISHED
    reference_prefix = "RR"
    title = factory.LazyFunction(lambda: Translated(en="Rapid response", ar="الاستجابة العاجلة", he="תגובה מהירה"))
    amount_min = Decimal(500)
    amount_max = Decimal(25000)
    currencies = factory.LazyFunction(lambda: ["USD", "ILS"])
    months_max = 6
    form_version = factory.LazyAttribute(lambda o: FormVersionFactory.create(programme=o.programme))


def publish(version: FormVersion, by: User | None = None) -> FormVersion:
    """Publish a form's version as it stands; from then on it cannot change."""
    version.status, version.published_at = FormStatus.PUBLISHED, timezone.now()
    version.published_by = by
    version.save()
    return version


def options(*keys: str) -> list[dict[str, Any]]:
    """Options of a choice whose labels are their keys."""
    return [{"key": key, "label": {"en": key.capitalize(), "ar": f"خيار {key}"}} for key in keys]


def small_form(programme: Programme) -> FormVersion:
    """A published form of two sections: what happened (long text of 10 words), secrets (sensitive), needs."""
    version = FormVersionFactory.create(programme=programme)
    threat = SectionFactory.create(version=version, slug="threat", position=1)
    need = SectionFactory.create(version=version, slug="need", position=2)
    QuestionFactory.create(section=threat, slug="what", kind=QuestionKind.LONG_TEXT, word_limit=10, position=1)
    QuestionFactory.create(
        section=threat, slug="secret", kind=QuestionKind.LONG_TEXT, sensitive=True, required=False, position=2
    )
    QuestionFactory.create(
        section=need,
        slug="asked-others",
        kind=QuestionKind.YES_NO,
        position=1,
        settings={"follow_up": {"en": "Whom?"}, "follow_up_when": True},
    )
    QuestionFactory.create(section=need, slug="people", kind=QuestionKind.NUMBER, required=False, position=2)
    return publish(version)


def partner(programme: Programme, name: str = "Tamarisk Circle", **fields: Any) -> Organization:
    """An organisation whose profile is complete."""
    organization = Organization.objects.create(
        programme=programme,
        **{
            "name": Translated(en=name),
            "alias": f"Partner {Organization.objects.count() + 1}",
            "community": Community.JOINT,
            "operates_in": [Region.ABROAD],
            "themes": [Theme.HEALTH],
            "mission": Translated(en="We are invented."),
            "languages": ["en"],
            "year_founded": 2001,
            "yearly_budget": Decimal(100000),
            "staff_count": 4,
            "legal_status": LegalStatus.UNREGISTERED,
            **fields,
        },
    )
    OrganizationName.objects.create(organization=organization, text=name, fold=name, latin=name, skeleton=name)
    Person.objects.create(
        organization=organization,
        name=Translated(en="Nobody Real"),
        positions=[PersonPosition.DIRECTOR, PersonPosition.CONTACT],
    )
    return organization


def member(organization: Organization, role: str = MemberRole.OWNER, **fields: Any) -> User:
    """A person of the organisation."""
    user = UserFactory.create(**fields)
    Membership.objects.create(organization=organization, user=user, role=role)
    return user


def question_of(application: Application, slug: str) -> UUID:
    """The id of the application's question with this short name."""
    return next(q.id for q in form_tree(application.form_version_id).questions if q.slug == slug)


def draft(call: Call, organization: Organization, by: User, **fields: Any) -> Application:
    """A draft with nothing in it."""
    return start_application(call=call, organization=organization, by=by, language="en", **fields)


def ready(call: Call, organization: Organization, by: User, title: str = "Keep the clinic open") -> Application:
    """A draft of `small_form` that can be submitted."""
    application = draft(call, organization, by)
    save_details(
        application=application,
        by=by,
        version=1,
        title=title,
        currency="USD",
        starts_on=date(2027, 1, 1),
        months=3,
    )
    values = {
        question_of(application, "what"): "The office was closed on Monday.",
        question_of(application, "secret"): "Ask for the hidden orchard",
        question_of(application, "asked-others"): {"yes": "no", "more": ""},
    }
    save_answers(application=application, by=by, values=values)
    line = Line("staff", "A nurse", Decimal(2), Decimal(600), Decimal(1000), Decimal(200))
    save_budget(application=application, by=by, lines=[line], version=1)
    application.refresh_from_db()
    return application


def submitted(call: Call, organization: Organization, by: User, **fields: Any) -> Application:
    """A submitted application of `small_form`."""
    return submit_application(application=ready(call, organization, by, **fields), by=by)


def made_restricted(application: Application) -> Application:
    """The application restricted, without the events, readers and new alias that the service makes of it."""
    row = Application.objects.get(pk=application.pk)
    title = row.title
    row.confidentiality, row.search = Confidentiality.RESTRICTED, ""
    row.title = title
    row.save()
    return row
