"""People, programmes, roles, invitations and notices that are plainly invented."""

from datetime import timedelta
from typing import Any

import factory
from allauth.account.models import EmailAddress
from django.test import Client
from django.utils import timezone
from factory.django import DjangoModelFactory

from accounts import entrance
from accounts.choices import RoleName
from accounts.models import Holiday, InboxItem, Invitation, Programme, Role, User
from core.translated import Translated

PASSWORD = "a-long-enough-passphrase"
BACKEND = "accounts.backends.AccountBackend"


class ProgrammeFactory(DjangoModelFactory[Programme]):
    class Meta:
        model = Programme

    slug = factory.Sequence(lambda n: f"programme-{n}")
    name = factory.LazyFunction(lambda: Translated(en="Orchard Programme", ar="برنامج البستان", he="תוכנית הבוסתן"))
    time_zone = "Asia/Jerusalem"
    working_days = factory.LazyFunction(lambda: [7, 1, 2, 3, 4])


class HolidayFactory(DjangoModelFactory[Holiday]):
    class Meta:
        model = Holiday

    programme = factory.SubFactory(ProgrammeFactory)
    name = factory.LazyFunction(lambda: Translated(en="Office closed"))


class UserFactory(DjangoModelFactory[User]):
    """A person who may sign in. Without `password` they have none that works, which is quick; use `client_for`."""

    class Meta:
        model = User
        skip_postgeneration_save = True

    email = factory.Sequence(lambda n: f"person{n}@people.example")
    display_name = factory.Sequence(lambda n: f"Person {n}")
    password: Any = "!"

    @classmethod
    def _create(cls, model_class: type[User], *args: Any, **kwargs: Any) -> User:
        password = kwargs.pop("password")
        user: User = model_class(**kwargs)
        if password == "!":
            user.password = "!"
        else:
            user.set_password(password)
        user.save(force_insert=True)
        return user


class VerifiedUserFactory(UserFactory):
    """A person who can sign in with PASSWORD through the page: their address is verified."""

    password: Any = PASSWORD

    @factory.post_generation
    def address(self, create: bool, extracted: object, **kwargs: object) -> None:
        user: Any = self
        EmailAddress.objects.create(user=user, email=user.email, verified=True, primary=True)


class RoleFactory(DjangoModelFactory[Role]):
    class Meta:
        model = Role

    user = factory.SubFactory(UserFactory)
    programme = factory.SubFactory(ProgrammeFactory)
    name = RoleName.OFFICER


class InboxItemFactory(DjangoModelFactory[InboxItem]):
    class Meta:
        model = InboxItem

    user = factory.SubFactory(UserFactory)
    event = factory.Sequence(lambda n: f"event:{n}")
    kind = "example"


class InvitationFactory(DjangoModelFactory[Invitation]):
    class Meta:
        model = Invitation

    email = factory.Sequence(lambda n: f"invited{n}@people.example")
    programme = factory.SubFactory(ProgrammeFactory)
    role = RoleName.OFFICER
    invited_by = factory.SubFactory(UserFactory)
    token_hash = factory.Sequence(lambda n: f"{n:064x}")
    expires_at = factory.LazyFunction(lambda: timezone.now() + timedelta(days=14))


def person_with(role: str, programme: Programme, **fields: Any) -> User:
    """A person who holds one role in the programme."""
    user = UserFactory.create(**fields)
    RoleFactory.create(user=user, programme=programme, name=role)
    return user


def signed_in_client(user: User, *, second_step: bool = True, **options: Any) -> Client:
    """A browser in which the person has just signed in, by both steps."""
    client = Client(**options)
    client.force_login(user, backend=BACKEND)
    session = client.session
    entrance.begin(session, user, second_step=second_step)
    session.save()
    return client
