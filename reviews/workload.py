"""Reviewers and their work, read from the rows of today: who could be asked for what, and how much each has open."""

import uuid
from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.db.models import Exists, OuterRef, QuerySet
from django.utils import timezone

from accounts.choices import RoleName
from accounts.models import User
from accounts.services.roles import users_with
from grants.choices import Status
from grants.models import Application, Assignment, Call, NamedReader, Recusal
from reviews.choices import QuestionState, ReviewStatus
from reviews.models import JudgingTerms, PossibleConflict, Review, ReviewerProfile, terms_of
from reviews.plan import Problem, Reader, Task
from reviews.selectors import WRITABLE


def open_reviews() -> QuerySet[Assignment]:
    """Assignments whose sheet is still to come, of applications that are being judged."""
    sent = Review.objects.filter(
        application=OuterRef("application"), reviewer=OuterRef("user"), status=ReviewStatus.SUBMITTED
    )
    return Assignment.objects.filter(~Exists(sent), ended_at__isnull=True, application__status__in=WRITABLE)


def loads(people: Sequence[User], *, seen_by: Any = None) -> Counter[uuid.UUID]:
    """{person: reviews open now}; with `seen_by` only those that this person may know of: a conflict of interest hides
    an application from counts too.
    """
    rows = open_reviews().filter(user__in=people)
    if seen_by is not None:
        rows = rows.filter(application__in=Application.objects.without_recused(seen_by))
    return Counter(rows.values_list("user_id", flat=True))


def profiles(people: Sequence[User]) -> dict[uuid.UUID, ReviewerProfile]:
    """{person: profile}; who has none gets an empty one that is not stored."""
    stored = {row.user_id: row for row in ReviewerProfile.objects.filter(user__in=people)}
    return {person.pk: stored.get(person.pk) or ReviewerProfile(user=person) for person in people}


def due_day(call: Call, terms: JudgingTerms | None = None) -> date:
    """By when a review that is asked for now is due: working days of the programme's calendar."""
    calendar = call.programme.calendar
    days = (terms or terms_of(call)).review_days
    return calendar.add_days(timezone.now(), days).astimezone(calendar.zone).date()


def is_away(profile: ReviewerProfile, begins: date, ends: date) -> bool:
    """True for somebody who is away for more than half of the days between."""
    if profile.away_from is None or profile.away_until is None:
        return False
    away = (min(profile.away_until, ends) - max(profile.away_from, begins)).days + 1
    return away * 2 > (ends - begins).days + 1


@dataclass(frozen=True, slots=True)
class Candidate:
    """Somebody who could be asked by hand, with what speaks for and against it."""

    person: User
    load: int
    profile: ReviewerProfile
    reads: bool
    away: bool
    in_question: bool


def candidates(application: Application, *, seen_by: Any) -> list[Candidate]:
    """Reviewers without a conflict who are not asked now, least busy first; of a restricted one its named readers."""
    people = users_with(application.call.programme, RoleName.REVIEWER).exclude(
        pk__in=application.recusals.values("user_id")
    )
    people = people.exclude(pk__in=application.assignments.filter(ended_at__isnull=True).values("user_id"))
    if application.is_restricted:
        people = people.filter(pk__in=application.named_readers.values("user_id"))
    questioned = open_questions().filter(application=application, interest__user=OuterRef("pk"))
    found = list(people.annotate(in_question=Exists(questioned)))
    busy, known = loads(found, seen_by=seen_by), profiles(found)
    today = timezone.localdate(timezone=ZoneInfo(application.call.programme.time_zone))
    soon = today + timedelta(days=7)
    rows = [
        Candidate(
            person=person,
            load=busy[person.pk],
            profile=known[person.pk],
            reads=application.language in known[person.pk].languages,
            away=is_away(known[person.pk], today, soon),
            in_question=bool(vars(person)["in_question"]),
        )
        for person in found
    ]
    return sorted(rows, key=lambda row: (row.in_question, row.away, row.load, str(row.person)))


def open_questions() -> "QuerySet[PossibleConflict]":
    """Possible conflicts that nobody has answered."""
    return PossibleConflict.objects.filter(state=QuestionState.OPEN, interest__withdrawn_at__isnull=True)


@dataclass(frozen=True, slots=True)
class Round:
    """The applications of a call that are in review and that this officer may assign, the people who could be asked,
    and the same as a problem without rows.
    """

    call: Call
    terms: JudgingTerms
    due_on: date
    applications: dict[uuid.UUID, Application]
    people: dict[uuid.UUID, User]
    profiles: dict[uuid.UUID, ReviewerProfile]
    # Who is asked already, by application.
    asked: dict[uuid.UUID, list[User]]
    shown_loads: Counter[uuid.UUID]
    problem: Problem

    @property
    def tasks(self) -> dict[uuid.UUID, Task]:
        """The tasks by application."""
        return {task.id: task for task in self.problem.tasks}

    @property
    def readers(self) -> dict[uuid.UUID, Reader]:
        """The people by id, as the problem knows them."""
        return {reader.id: reader for reader in self.problem.readers}


def round_of(call: Call, by: Any, *, taken: Counter[uuid.UUID] | None = None) -> Round:
    """What is to be assigned in a call (ten statements, however many there are). `taken`: reviews that a suggestion
    gives people for applications which `by` does not see.
    """
    terms = terms_of(call)
    rows = Application.objects.visible_to(by).filter(call=call, status=Status.IN_REVIEW)
    applications = {row.pk: row for row in rows.select_related("organization").order_by("submitted_at", "pk")}
    people = {person.pk: person for person in users_with(call.programme, RoleName.REVIEWER)}
    known = profiles(list(people.values()))
    today, due_on = timezone.localdate(timezone=call.programme.calendar.zone), due_day(call, terms)
    busy = loads(list(people.values()))
    readers = tuple(
        _reader(person, known[pk], busy[pk] + (taken[pk] if taken else 0), is_away(known[pk], today, due_on))
        for pk, person in people.items()
    )
    barred = _barred(applications, people)
    asked, kept = _asked(applications)
    tasks = tuple(
        _task(row, terms, barred=barred[pk], asked=asked[pk], kept=[known.get(one.pk) for one in kept[pk]])
        for pk, row in applications.items()
    )
    return Round(
        call=call,
        terms=terms,
        due_on=due_on,
        applications=applications,
        people=people,
        profiles=known,
        asked=kept,
        shown_loads=loads(list(people.values()), seen_by=by),
        problem=Problem(tasks, readers),
    )


def _reader(person: User, profile: ReviewerProfile, load: int, away: bool) -> Reader:
    return Reader(
        id=person.pk,
        languages=frozenset(profile.languages),
        expertise=frozenset(profile.expertise),
        load=load,
        room=0 if away else max(0, profile.most_open - load),
        away=away,
    )


def _task(
    row: Application,
    terms: JudgingTerms,
    *,
    barred: set[uuid.UUID],
    asked: set[uuid.UUID],
    kept: list[ReviewerProfile | None],
) -> Task:
    languages = {code for profile in kept if profile for code in profile.languages}
    known = {code for profile in kept if profile for code in profile.expertise}
    return Task(
        id=row.pk,
        wanted=max(0, terms.reviews_each - len(kept)),
        language=row.language if terms.needs_language and row.language not in languages else "",
        expertise=frozenset(terms.needs_expertise) - known,
        barred=frozenset(barred),
        asked=frozenset(asked),
    )


def _barred(applications: dict[uuid.UUID, Application], people: dict[uuid.UUID, User]) -> dict[uuid.UUID, set[Any]]:
    """Who has a conflict, or may have one that nobody has judged yet, or may not read what is restricted."""
    found: dict[uuid.UUID, set[Any]] = defaultdict(set)
    for application_id, user_id in Recusal.objects.filter(application__in=applications).values_list(
        "application_id", "user_id"
    ):
        found[application_id].add(user_id)
    questions = open_questions().filter(application__in=applications)
    for application_id, user_id in questions.values_list("application_id", "interest__user_id"):
        found[application_id].add(user_id)
    restricted = [pk for pk, row in applications.items() if row.is_restricted]
    if restricted:
        named = set(NamedReader.objects.filter(application__in=restricted).values_list("application_id", "user_id"))
        for pk in restricted:
            found[pk] |= {person for person in people if (pk, person) not in named}
    return found


def _asked(
    applications: dict[uuid.UUID, Application],
) -> tuple[dict[uuid.UUID, set[Any]], dict[uuid.UUID, list[User]]]:
    """By application: everybody who was ever asked, and those whose review is in or still to come."""
    sent = Review.objects.filter(
        application=OuterRef("application"), reviewer=OuterRef("user"), status=ReviewStatus.SUBMITTED
    )
    recused = Recusal.objects.filter(application=OuterRef("application"), user=OuterRef("user"))
    rows = Assignment.objects.filter(application__in=applications).select_related("user").order_by("created_at")
    ever: dict[uuid.UUID, set[Any]] = defaultdict(set)
    kept: dict[uuid.UUID, list[User]] = defaultdict(list)
    for row in rows.annotate(is_sent=Exists(sent), is_recused=Exists(recused)):
        ever[row.application_id].add(row.user_id)
        if not row.is_recused and (row.is_sent or row.ended_at is None):
            kept[row.application_id].append(row.user)
    return ever, kept
