"""The people of the demo: staff of both communities, and one applicant for each partner."""

from dataclasses import dataclass
from typing import Any

from allauth.account.models import EmailAddress
from django.contrib.auth.hashers import make_password

from accounts.choices import MailDetail, MailTiming, RoleName
from accounts.models import Programme, User
from accounts.services.factors import give_app
from accounts.services.roles import grant_role
from config.local.demo_accounts import PASSWORD, secret_of
from core.translated import Translated
from insights.demo.library import content

# Address, name, role. Half of them bear a name of each community, and of each gender. None has chosen a language, nor
# have the two applicants who are announced: they read the pages in the browser's.
STAFF = (
    ("admin", "Nisreen Lawzi", RoleName.ADMIN),
    ("officer", "Hagit Tapuhi", RoleName.OFFICER),
    ("officer2", "Tareq Sabahi", RoleName.OFFICER),
    ("director", "Dima Bunduqi", RoleName.DIRECTOR),
    ("director2", "Yonatan Almogit", RoleName.DIRECTOR),
    ("finance", "Gilad Hardufi", RoleName.FINANCE),
    ("reviewer", "Murad Tinawi", RoleName.REVIEWER),
    ("reviewer2", "Avigail Dvashi", RoleName.REVIEWER),
    ("reviewer3", "Nadav Rimoni", RoleName.REVIEWER),
    ("reviewer4", "Rula Zaatari", RoleName.REVIEWER),
    ("auditor", "Maysa Kinamoni", RoleName.AUDITOR),
)
ZONES = ("Asia/Jerusalem", "Asia/Hebron", "Europe/Berlin", "Asia/Gaza", "America/New_York")


@dataclass
class Staff:
    """Everyone who works for the programme."""

    admin: User
    officer: User
    officer2: User
    director: User
    director2: User
    finance: User
    reviewer: User
    reviewer2: User
    reviewer3: User
    reviewer4: User
    auditor: User


def invented_name(community: str, number: int) -> Translated:
    """The nth invented name of a community; women and men take turns."""
    parts = content("people")["palestinian" if community == "joint" and number % 2 else _side(community)]
    first = parts["men" if number % 2 else "women"][number // 2 % 8]
    family = parts["families"][(number * 7 + number // 8) % 11]
    return Translated({code: f"{first[i]} {family[i]}" for i, code in enumerate(("en", "ar", "he"))})


def _side(community: str) -> str:
    return "israeli" if community == "joint" else community


class Accounts:
    """Makes people who can sign in with the demo's password (hashed once: it takes half a second)."""

    def __init__(self, programme: Programme) -> None:
        self.programme = programme
        self.password = make_password(PASSWORD)

    def add(self, email: str, name: str, **preferences: Any) -> User:
        """A person whose address is verified."""
        user = User(email=email, display_name=name, password=self.password, **preferences)
        user.save(force_insert=True)
        EmailAddress.objects.create(user=user, email=email, verified=True, primary=True)
        return user

    def add_staff(self) -> Staff:
        """Everyone of STAFF with their role."""
        made = {}
        for local, name, role in STAFF:
            user = self.add(
                f"{local}@demo.example",
                name,
                time_zone="Asia/Jerusalem",
                mail_detail=MailDetail.SUBJECT,
                mail_timing=MailTiming.DAILY if role == RoleName.AUDITOR else MailTiming.AT_ONCE,
            )
            grant_role(user=user, programme=self.programme, role=role)
            give_app(user=user, secret=secret_of(user.email))
            made[local] = user
        return Staff(**made)

    def add_applicant(self, email: str, name: str, language: str, number: int) -> User:
        """An applicant; how they want to be told differs from one to the next, alike on both sides."""
        return self.add(
            email,
            name,
            language=language,
            time_zone=ZONES[number % len(ZONES)],
            mail_detail=(MailDetail.NOTHING, MailDetail.SUBJECT, MailDetail.ALL)[number % 3],
            mail_timing=MailTiming.DAILY if number % 6 == 4 else MailTiming.AT_ONCE,
        )
