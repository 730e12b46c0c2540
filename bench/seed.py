"""Rows in bulk: invented organisations and applications with their answers, promises, history and two reviews each.

Made by COPY and INSERT … SELECT, not by services, because a hundred thousand would take hours; the columns that
services derive (search text, due dates) are derived here in the same way.
"""

import json
import random
import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

import psycopg
from django.db import connection
from django.utils import timezone

from accounts.choices import RoleName
from accounts.models import Programme, User
from accounts.services.roles import grant_role
from config.local.place import OWNER
from core.crypto import seal
from core.references import new_reference
from core.translated import Translated
from grants.form_definitions.calls import write_calls
from grants.models import Call
from grants.models.application import NEVER
from names import normal_forms, search_blob

FIRST = (
    ("Cedar", "أرز", "ארז"),
    ("Lantern", "فانوس", "פנס"),
    ("Harbour", "مرفأ", "נמל"),
    ("Olive", "زيتون", "זית"),
    ("Spring", "ينبوع", "מעיין"),
    ("Bridge", "جسر", "גשר"),
    ("Stone", "حجر", "אבן"),
    ("Valley", "وادي", "עמק"),
    ("Compass", "بوصلة", "מצפן"),
    ("Plumb", "شاقول", "אנך"),
    ("Sail", "شراع", "מפרש"),
    ("Thyme", "زعتر", "קורנית"),
)
SECOND = (
    ("Archive", "أرشيف", "ארכיון"),
    ("Circle", "حلقة", "מעגל"),
    ("Watch", "رصد", "משמר"),
    ("Network", "شبكة", "רשת"),
    ("Clinic", "عيادة", "קליניקה"),
    ("Forum", "منتدى", "פורום"),
    ("Notes", "مدونات", "רשימות"),
    ("Collective", "تجمع", "קולקטיב"),
)
TITLES = (
    "Emergency legal defence",
    "Server and account recovery",
    "Relocation of two field researchers",
    "Documentation unit, twelve months",
    "Prison monitoring",
    "Planning rights clinic",
    "Women defenders' network",
    "Strategic litigation fund",
)
COMMUNITIES = ("israeli", "joint", "palestinian")
# Nine in ten are decided, as in a programme that has run for years.
STATUSES = (
    ("approved", 40),
    ("declined", 38),
    ("ineligible", 8),
    ("withdrawn", 4),
    ("submitted", 3),
    ("in_review", 3),
    ("awaiting", 2),
    ("waiting", 1),
    ("waitlisted", 1),
)


@dataclass(frozen=True)
class World:
    """What every measurement needs: people and calls."""

    programme: Programme
    call: Call
    officer: User
    director: User
    reviewers: list[User]
    applicant: User


def make_world() -> World:
    """A programme, its staff, one published call with the *Rapid response* form, and one applicant."""
    programme, _made = Programme.objects.get_or_create(
        slug="bench", defaults={"name": Translated(en="Bench", ar="قياس", he="מדידה")}
    )
    people = {}
    for name, role in (
        ("officer", RoleName.OFFICER),
        ("director", RoleName.DIRECTOR),
        ("reviewer1", RoleName.REVIEWER),
        ("reviewer2", RoleName.REVIEWER),
        ("applicant", RoleName.APPLICANT),
    ):
        person = User.objects.filter(email=f"{name}@bench.example").first()
        person = person or User.objects.create_user(f"{name}@bench.example", display_name=name)
        grant_role(user=person, programme=programme, role=role)
        people[name] = person
    if not Call.objects.filter(programme=programme).exists():
        write_calls(programme=programme, moment=timezone.now(), by=people["officer"])
    call = Call.objects.filter(programme=programme, kind="rapid").get()
    return World(
        programme,
        call,
        people["officer"],
        people["director"],
        [people["reviewer1"], people["reviewer2"]],
        people["applicant"],
    )


def _copy(table: str, columns: tuple[str, ...], rows: Iterator[tuple[Any, ...]]) -> None:
    names = ", ".join(f'"{column}"' for column in columns)
    with connection.cursor() as cursor, cursor.copy(f'COPY "{table}" ({names}) FROM STDIN') as copy:
        for row in rows:
            copy.write_row(row)


def grow_to(world: World, wanted: int) -> None:
    """Add applications until there are `wanted`; call with growing numbers."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM grants_application")
        have = int(cursor.fetchone()[0])
    if have >= wanted:
        return
    chance = random.Random(have)
    organizations = _organizations(world, max((wanted - have) // 5, 1), chance, start=have)
    _applications(world, organizations, wanted - have, chance)
    _dependants(world)
    # As the owner, who alone may.
    here = connection.settings_dict
    with psycopg.connect(host=here["HOST"], dbname=here["NAME"], user=OWNER, autocommit=True) as owner:
        owner.execute("ANALYZE")


def _organizations(world: World, count: int, chance: random.Random, *, start: int) -> list[tuple[str, str]]:
    """Insert organisations; returns (id, search text) of each."""
    now = datetime.now(UTC)
    made, name_rows, rows = [], [], []
    for number in range(count):
        first, second = chance.choice(FIRST), chance.choice(SECOND)
        names = {
            "en": f"{first[0]} {second[0]} {start + number}",
            "ar": f"{second[1]} {first[1]} {start + number}",
            "he": f"{second[2]} {first[2]} {start + number}",
        }
        pk, text = str(uuid.UUID(int=chance.getrandbits(128), version=4)), search_blob(names.values())
        made.append((pk, text))
        rows.append(
            (
                pk, now, str(world.programme.pk), json.dumps(names), chance.choice(COMMUNITIES), "{}", "", "{}", "{}",
                "USD", "", "{}", "registered", "", f"Partner {start + number}", 1, text,
            )
        )  # fmt: skip
        for code, name in names.items():
            forms = normal_forms(name)
            name_rows.append(
                (
                    str(uuid.UUID(int=chance.getrandbits(128), version=4)), now, pk, name, code, "current",
                    forms.fold, forms.latin, forms.skeleton, "{" + ",".join(f'"{key}"' for key in forms.keys) + "}",
                )
            )  # fmt: skip
    _copy(
        "organizations_organization",
        (
            "id", "created_at", "programme_id", "name", "community", "operates_in", "district", "themes", "mission",
            "budget_currency", "website", "languages", "legal_status", "legal_status_note", "alias", "version",
            "search",
        ),
        iter(rows),
    )  # fmt: skip
    _copy(
        "organizations_organizationname",
        ("id", "created_at", "organization_id", "text", "language", "use", "fold", "latin", "skeleton", "keys"),
        iter(name_rows),
    )
    return made


def _applications(world: World, organizations: list[tuple[str, str]], count: int, chance: random.Random) -> None:
    now = datetime.now(UTC)
    statuses = [status for status, share in STATUSES for _ in range(share)]
    titles = {title: search_blob([title]) for title in TITLES}

    def rows() -> Iterator[tuple[Any, ...]]:
        for _number in range(count):
            organization, names = chance.choice(organizations)
            title, status = chance.choice(TITLES), chance.choice(statuses)
            reference = new_reference(world.call.reference_prefix)
            submitted = now - timedelta(minutes=chance.randrange(60, 60 * 24 * 900))
            running = status in ("submitted", "in_review", "awaiting")
            due = now + timedelta(minutes=chance.randrange(-2000, 10000)) if running else NEVER
            officer = str(world.officer.pk) if chance.random() < 0.3 else None
            pk, restricted = str(uuid.UUID(int=chance.getrandbits(128), version=4)), chance.random() < 0.02
            yield (
                pk, submitted, reference, str(world.call.pk), organization, str(world.call.form_version_id),
                "" if restricted else title, _sealed_title(pk, organization, title) if restricted else b"", status,
                "submitted" if status == "waiting" else "", "restricted" if restricted else "standard", "en", "USD",
                Decimal(chance.randrange(2000, 25000)), str(world.applicant.pk), False, officer, submitted, submitted,
                submitted if not running and status != "waiting" else None, 1, 1, due,
                "decision" if running else "", submitted if running else None,
                Decimal(chance.randrange(0, 10000)) / 100, Decimal("0.75"),
                "" if restricted else f"{search_blob([reference])}{titles[title]}{names}",
            )  # fmt: skip

    _copy(
        "grants_application",
        (
            "id", "created_at", "reference", "call_id", "organization_id", "form_version_id", "plain_title",
            "sealed_title", "status", "status_before_waiting", "confidentiality", "language", "currency",
            "amount_asked", "created_by_id", "entered_on_behalf", "officer_id", "changed_at",
            "submitted_at", "decided_at", "budget_version", "details_version", "due_at", "due_kind",
            "clock_started_at", "priority", "priority_known", "search",
        ),
        # Keys of organisations are made on the way, and not while rows are being copied.
        iter(list(rows())),
    )  # fmt: skip


def _sealed_title(application: str, organization: str, title: str) -> bytes:
    return seal(title, subject=uuid.UUID(organization), context=f"grants_application.sealed_title:{application}")


DEPENDANTS = (
    """INSERT INTO grants_promise (id, created_at, application_id, kind, started_at, total_seconds, warn_at, due_at,
           kept_at)
       SELECT gen_random_uuid(), a.submitted_at, a.id, kind, a.submitted_at, 432000,
           least(a.due_at, a.submitted_at + interval '4 days'), least(a.due_at, a.submitted_at + interval '5 days'),
           CASE WHEN a.due_kind = '' OR kind = 'first_answer' THEN a.submitted_at END
       FROM new_rows a, unnest(ARRAY['first_answer', 'decision']) kind""",
    """INSERT INTO grants_applicationevent (id, created_at, application_id, kind, actor_id, at, from_status, to_status,
           reason, details, for_applicant)
       SELECT gen_random_uuid(), a.submitted_at, a.id, kind, %(applicant)s, a.submitted_at, '', '', '', '{}', true
       FROM new_rows a, unnest(ARRAY['created', 'submit', 'scored']) kind""",
    """INSERT INTO grants_answer (id, created_at, application_id, question_id, value, version, saved_by_id, saved_at)
       SELECT gen_random_uuid(), a.submitted_at, a.id, q.id,
           to_jsonb(repeat('We document what happened and who was there. ', 12)), 1, %(applicant)s, a.submitted_at
       FROM new_rows a, (
           SELECT q.id FROM grants_question q JOIN grants_section s ON s.id = q.section_id
           WHERE s.version_id = %(version)s AND q.kind IN ('short_text', 'long_text') AND NOT q.sensitive LIMIT 4) q""",
    """INSERT INTO grants_budgetline (id, created_at, application_id, position, category, description, quantity,
           unit_cost, asked, from_others)
       SELECT gen_random_uuid(), a.submitted_at, a.id, n, 'legal', '', 1, a.amount_asked / 2, a.amount_asked / 2, 0
       FROM new_rows a, generate_series(1, 2) n""",
    """INSERT INTO reviews_review (id, created_at, application_id, reviewer_id, status, recommendation,
           comments_for_panel, comments_for_applicant, submitted_at, version, marks)
       SELECT gen_random_uuid(), a.submitted_at, a.id, r.id, 'submitted', 'fund', '', '', a.submitted_at, 1, '{}'
       FROM new_rows a, unnest(%(reviewers)s::uuid[]) r(id)""",
    """INSERT INTO reviews_reviewscore (id, created_at, review_id, criterion, value, reason)
       SELECT gen_random_uuid(), v.submitted_at, v.id, c, 3.5, ''
       FROM reviews_review v JOIN new_rows a ON a.id = v.application_id,
           unnest(ARRAY['values', 'non_duplication', 'political', 'financial', 'capacity']) c""",
    """INSERT INTO reviews_eligibilityreview (id, created_at, application_id, checked_at, reason_for_applicant, version,
           letters)
       SELECT gen_random_uuid(), a.submitted_at, a.id, a.submitted_at, '', 1, '' FROM new_rows a""",
)


def _dependants(world: World) -> None:
    """What belongs to the applications that have nothing yet."""
    values: dict[str, Any] = {
        "applicant": str(world.applicant.pk),
        "version": str(world.call.form_version_id),
        "reviewers": [str(person.pk) for person in world.reviewers],
    }
    with connection.cursor() as cursor:
        cursor.execute(
            """CREATE TEMPORARY TABLE new_rows AS SELECT a.* FROM grants_application a
               WHERE NOT EXISTS (SELECT FROM grants_promise p WHERE p.application_id = a.id)"""
        )
        cursor.execute("ANALYZE new_rows")
        for statement in DEPENDANTS:
            cursor.execute(statement, values)
        cursor.execute("DROP TABLE new_rows")
