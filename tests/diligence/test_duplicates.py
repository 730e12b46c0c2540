from uuid import uuid4

import pytest
from django.urls import reverse

from core import outbox
from core.errors import NotPermitted, TransitionNotAllowed
from core.models import OutboxEntry
from core.translated import Translated
from diligence.models import DuplicateCandidate
from diligence.services.duplicates import NoteNeeded, find_candidates, resolve
from organizations.models import Organization
from organizations.services.names import refresh_names
from organizations.services.profiles import create_organization
from tests.factories.accounts import ProgrammeFactory, UserFactory
from tests.factories.diligence import possible_duplicate
from tests.factories.organizations import OrganizationFactory, RegistrationFactory, member_of


def named(programme, **name):
    return OrganizationFactory.create(programme=programme, name=Translated(name))


def pairs():
    return [{row.first_id, row.second_id} for row in DuplicateCandidate.objects.all()]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ({"en": "Sharvit Orchard Centre"}, {"en": "Sharvit Orchad Center"}),
        ({"en": "Tamkeen Society"}, {"ar": "جمعية تمكين"}),
        ({"en": "Sharvit Almond"}, {"he": "שרביט אלמונד"}),
        ({"ar": "مركز شرفيت"}, {"he": "מרכז שרביט"}),
    ],
)
def test_names_that_look_or_sound_alike_are_found_across_scripts(programme, one, other):
    first, second = named(programme, **one), named(programme, **other)
    find_candidates(second.pk)
    assert pairs() == [{first.pk, second.pk}]


def test_generic_words_alone_make_nobody_a_duplicate(programme):
    named(programme, en="Association for Human Rights")
    find_candidates(named(programme, en="Centre for Women").pk)
    assert pairs() == []


def test_the_same_number_in_the_same_registry_is_enough(programme):
    first, second, third = (named(programme, en=name) for name in ("Cedar", "Harbour Notes", "Valley Lantern"))
    RegistrationFactory.create(organization=first, registry="PS-MOI", number="A-12")
    RegistrationFactory.create(organization=second, registry="PS-MOI", number="A 12")
    RegistrationFactory.create(organization=third, registry="FOREIGN", number="A12")
    find_candidates(second.pk)
    assert pairs() == [{first.pk, second.pk}]
    assert DuplicateCandidate.objects.get().evidence["registry_number"] is True


def test_another_programme_is_another_world(programme):
    named(ProgrammeFactory.create(), en="Sharvit Orchard Circle")
    find_candidates(named(programme, en="Sharvit Orchard Circle").pk)
    assert pairs() == []


def test_looking_again_changes_nothing(programme):
    first, second = named(programme, en="Sharvit Orchard"), named(programme, en="Sharvit Orchard")
    for organization in (first, second, first):
        find_candidates(organization.pk)
    assert len(pairs()) == 1


def test_a_judged_pair_stays_judged_until_something_new_is_found(programme, officer):
    first, second = named(programme, en="Sharvit Orchard"), named(programme, en="Sharvit Orchard")
    find_candidates(first.pk)
    resolve(pair=DuplicateCandidate.objects.get(), by=officer, same=False, note="Two towns")
    find_candidates(second.pk)
    assert DuplicateCandidate.objects.get().status == "different"
    second.name = Translated(en="SHARVIT  orchard")
    refresh_names(second)
    find_candidates(second.pk)
    assert DuplicateCandidate.objects.get().status == "different"
    for organization in (first, second):
        RegistrationFactory.create(organization=organization, registry="PS-MOI", number="77")
    find_candidates(second.pk)
    pair = DuplicateCandidate.objects.get()
    assert (pair.status, pair.resolved_by, pair.evidence["earlier"][0]["note"]) == ("open", None, "Two towns")


def test_a_pair_is_judged_once_and_with_a_note(programme, officer, officer2):
    pair = possible_duplicate(named(programme, en="A"), named(programme, en="B"))
    with pytest.raises(NoteNeeded):
        resolve(pair=pair, by=officer, same=True, note=" ")
    resolve(pair=pair, by=officer, same=True, note="Same statutes")
    with pytest.raises(TransitionNotAllowed):
        resolve(pair=pair, by=officer2, same=False, note="No")
    pair.refresh_from_db()
    assert (pair.status, pair.resolved_by) == ("same", officer)


def test_who_only_reads_judges_nothing(programme, auditor):
    pair = possible_duplicate(named(programme, en="A"), named(programme, en="B"))
    with pytest.raises(NotPermitted):
        resolve(pair=pair, by=auditor, same=True, note="x")


def test_the_worker_looks_after_every_save(programme, applicant):
    named(programme, en="Sharvit Orchard")
    create_organization(programme=programme, by=applicant, name=Translated(he="שרביט אורצ'רד", en="Sharvit Orchard"))
    assert pairs() == []
    while (entry := outbox.claim_one()) is not None:
        outbox.deliver(entry)
    assert len(pairs()) == 1
    assert set(OutboxEntry.objects.filter(topic="duplicates").values_list("status", flat=True)) == {"sent"}


def test_an_applicant_cannot_tell_whether_there_is_anybody_like_them(programme, client_for, django_assert_num_queries):
    """The same answers, the same statements, the same rows left to the worker: with and without a namesake."""
    answers = []
    for existing in (False, True):
        if existing:
            named(programme, en="Sharvit Orchard", ar="بستان شرفيت")
            RegistrationFactory.create(organization=named(programme, en="Third"), registry="IL-RA", number="580123456")
        before = set(Organization.objects.values_list("pk", flat=True))
        client = client_for(UserFactory.create())
        made = client.post(reverse("organizations:create"), {"name_en": "Sharvit Orchard", "once": uuid4()})
        organization = Organization.objects.exclude(pk__in=before).get()
        add = reverse("organizations:registration_add", args=[organization.pk])
        saved = client.post(add, {"registry": "IL-RA", "number": "580123456", "once": uuid4()})
        page = client.get(reverse("organizations:detail", args=[organization.pk]))
        pks = str(organization.pk)
        answers.append(
            (
                made.status_code,
                made.headers["Location"].replace(pks, "ID"),
                saved.status_code,
                saved.headers["Location"].replace(pks, "ID"),
                len(page.content),
                OutboxEntry.objects.filter(topic="duplicates", key__contains=pks).count(),
                DuplicateCandidate.objects.count(),
            )
        )
    assert answers[0] == answers[1]


def test_saving_costs_the_same_statements_with_and_without_a_namesake(programme):
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    counts = []
    for _ in range(2):
        with CaptureQueriesContext(connection) as queries:
            create_organization(
                programme=programme, by=UserFactory.create(), name=Translated(en="Sharvit Orchard"), once=uuid4()
            )
        counts.append(len(queries))
    assert counts[0] == counts[1]


def test_a_pair_shows_only_to_those_who_may_open_both(programme, officer, client_for, monkeypatch):
    from django.db.models import Q

    from organizations import querysets

    hidden, seen = named(programme, en="Hidden Cedar League"), named(programme, en="Seen Cedar League")
    pair = possible_duplicate(hidden, seen)
    monkeypatch.setattr(querysets, "staff_exclusions", [lambda user: Q(pk=hidden.pk)])
    client = client_for(officer)
    listing = client.get(reverse("diligence:duplicates"))
    page = client.get(reverse("diligence:duplicate", args=[pair.pk]))
    other = client.get(reverse("organizations_staff:detail", args=[seen.pk]))
    assert (listing.status_code, page.status_code, other.status_code) == (200, 404, 200)
    assert "Hidden" not in listing.content.decode() + page.content.decode() + other.content.decode()


def test_an_officer_compares_and_records_in_the_browser(programme, officer, client_for):
    pair = possible_duplicate(named(programme, en="Almond One"), named(programme, en="Almond Two"))
    client, url = client_for(officer), reverse("diligence:duplicate", args=[pair.pk])
    page = client.get(url).content.decode()
    assert ("Almond One" in page, "Almond Two" in page) == (True, True)
    response = client.post(url, {"same": "", "note": ""})
    assert {name: list(found) for name, found in response.context["form"].errors.items()} == {
        "same": ["Choose one of the two."],
        "note": ["Write what you compared and what decided it."],
    }
    client.post(url, {"same": "different", "note": "Two boards"})
    pair.refresh_from_db()
    assert (pair.status, pair.note) == ("different", "Two boards")
    assert client.get(reverse("diligence:duplicates"), {"status": "done"}).context["page"].rows == [pair]


def test_applicants_never_open_duplicates(programme, client_for):
    organization = named(programme, en="A")
    pair = possible_duplicate(organization, named(programme, en="Hidden"))
    client = client_for(member_of(organization))
    for url in (reverse("diligence:duplicates"), reverse("diligence:duplicate", args=[pair.pk])):
        response = client.get(url)
        assert (response.status_code, "Hidden" in response.content.decode()) == (403, False)


def test_the_list_costs_the_same_at_one_and_at_thirty_pairs(programme, officer, client_for):
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    client, url = client_for(officer), reverse("diligence:duplicates")
    possible_duplicate(named(programme, en="A"), named(programme, en="B"))
    client.get(url)
    with CaptureQueriesContext(connection) as one:
        client.get(url)
    for _ in range(29):
        possible_duplicate(*OrganizationFactory.create_batch(2, programme=programme))
    with CaptureQueriesContext(connection) as thirty:
        client.get(url)
    assert len(thirty) == len(one) <= 12
