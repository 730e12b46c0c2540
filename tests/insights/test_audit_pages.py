"""The audit for auditors, and the histories of objects: in words, and of nothing the reader may not see."""

import csv
import io
import re
from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.choices import RoleName
from accounts.models import Programme, User
from accounts.services.roles import grant_role
from core.audit import origin
from core.models import AuditEntry
from core.translated import Translated
from grants.models import Application, Call, Fund
from grants.services.access import assign_officer, recuse
from grants.services.confidentiality import restrict_application
from insights.changes import lines
from organizations.models import Organization
from organizations.services.members import invite_colleague
from reviews.services.rubrics import create_rubric
from tests.factories.accounts import person_with
from tests.factories.grants import CallFactory, draft, member, partner, small_form, submitted

pytestmark = pytest.mark.django_db


def fund_of(programme: Programme, source: str = "A foundation") -> Fund:
    name = Translated(en="Lamp fund")
    return Fund.objects.create(
        programme=programme, name=name, source=source, currency="EUR", starts_on=date(2026, 1, 1)
    )


type Signed = Callable[[User], Client]
AUDIT = "insights:audit"


@pytest.fixture
def call(programme: Programme) -> Call:
    return CallFactory.create(programme=programme, slug="rapid", form_version=small_form(programme))


@pytest.fixture
def sent(call: Call, programme: Programme) -> Application:
    group = partner(programme)
    owner = member(group, display_name="Orit Owner", email="owner@group.example")
    with origin(page="apply:submit", actor=owner.pk):
        return submitted(call, group, owner)


def search(client: Client, **typed: Any) -> str:
    return client.get(reverse(AUDIT), typed).content.decode()


def keys(page: Any) -> set[str]:
    """Keys of the records on a page of the audit."""
    return {line.entry.row_key for line in page.context["lines"]}


# ---- search ---------------------------------------------------------------------------------------------------------
def test_an_auditor_reads_who_changed_what_and_what_it_was(
    sent: Application, officer: User, director: User, auditor: User, client_for: Signed
) -> None:
    with origin(page="staff:assign", actor=director.pk):
        assign_officer(application=sent, officer=officer, by=director)
    page = search(client_for(auditor), about=sent.reference, operation="update", page="staff:assign")
    assert ("Dana Director" in page, "Olive Officer" in page, "staff:assign" in page) == (True, True, True)
    (line,) = lines(list(AuditEntry.objects.filter(label="grants.Application", page="staff:assign")))
    assert (line.record, line.what, line.who) == ("Application", "Changed", "Dana Director")
    assert [(field.label, field.before, field.after) for field in line.fields] == [("Officer", "–", "Olive Officer")]


def test_the_search_narrows_by_each_of_its_fields(
    sent: Application, officer: User, director: User, auditor: User, client_for: Signed
) -> None:
    with origin(page="staff:assign", actor=director.pk):
        assign_officer(application=sent, officer=officer, by=director)
    client = client_for(auditor)
    one = client.get(reverse(AUDIT), {"who": "dana"})
    assert {line.who for line in one.context["lines"]} == {"Dana Director"}
    assert len(one.context["lines"]) == 2
    assert len(client.get(reverse(AUDIT), {"kind": "grants.Application", "who": "dana"}).context["lines"]) == 1
    assert client.get(reverse(AUDIT), {"who": "orit"}).context["lines"] == []
    assert keys(client.get(reverse(AUDIT), {"about": str(sent.pk), "kind": "grants.Application"})) == {str(sent.pk)}
    for nothing in ({"about": "RR-7K4Q-M2XD"}, {"until": "2020-01-01"}, {"since": "2090-01-01"}, {"page": "nowhere"}):
        assert "Nothing fits" in search(client, **nothing)
    mistaken = client.get(reverse(AUDIT), {"since": "2026-02-02", "until": "2026-02-01"})
    assert mistaken.context["lines"] == []
    assert "lies before the first one" in mistaken.content.decode()


def test_only_auditors_search_the_audit(officer: User, director: User, admin_user: User, client_for: Signed) -> None:
    for person in (officer, director, admin_user):
        assert client_for(person).get(reverse(AUDIT)).status_code == 403
        assert client_for(person).get(reverse("insights:audit_export")).status_code == 403


def test_applicants_are_not_named_in_the_search(sent: Application, auditor: User, client_for: Signed) -> None:
    page = search(client_for(auditor), about=sent.reference)
    assert ("An applicant" in page, "Orit" in page, "owner@group" in page) == (True, False, False)


def test_nobody_finds_out_by_searching_who_is_an_applicant(
    sent: Application, auditor: User, officer: User, programme: Programme, client_for: Signed
) -> None:
    owner = sent.organization.memberships.get().user
    grant_role(user=owner, programme=programme, role=RoleName.APPLICANT)
    client = client_for(auditor)
    assert sent.reference in search(client, about=sent.reference) or keys(client.get(reverse(AUDIT)))
    for words in ("orit", "owner@group.example", "group.example"):
        assert client.get(reverse(AUDIT), {"who": words}).context["lines"] == []
        table = client.get(reverse("insights:audit_export"), {"who": words})
        assert len(b"".join(table).decode().splitlines()) == 1


def test_an_invitation_does_not_tell_into_which_organisation(
    sent: Application, auditor: User, officer: User, client_for: Signed
) -> None:
    group = sent.organization
    owner = group.memberships.get().user
    restrict_application(application=sent, by=officer)
    invite_colleague(organization=group, by=owner, email="new@group.example", role="viewer", language="en")
    client = client_for(auditor)
    page = client.get(reverse(AUDIT), {"kind": "accounts.Invitation"})
    assert len(page.context["lines"]) == 1
    table = b"".join(client.get(reverse("insights:audit_export"), {"kind": "accounts.Invitation"})).decode()
    assert str(group.pk) not in page.text + table


def test_nothing_of_what_the_auditor_may_not_read_is_found_or_exported(
    sent: Application, call: Call, officer: User, auditor: User, client_for: Signed
) -> None:
    client = client_for(auditor)
    group = partner(call.programme, name="Cedar Bench")
    other = submitted(call, group, member(group))
    before = keys(client.get(reverse(AUDIT), {"about": str(sent.pk)}))
    assert str(sent.pk) in before
    restrict_application(application=sent, by=officer)
    recuse(application=other, person=auditor, reason="family", by=auditor)
    hidden = {str(sent.pk), str(other.pk), str(sent.organization_id)}
    hidden |= {str(pk) for pk in sent.events.values_list("pk", flat=True)}
    for query in ({}, {"about": sent.reference}, {"about": str(sent.pk)}, {"about": str(sent.organization_id)}):
        page = client.get(reverse(AUDIT), query)
        assert keys(page) & hidden == set()
        table = b"".join(client.get(reverse("insights:audit_export"), query)).decode()
        assert [key for key in hidden if key in table] == []


def test_a_draft_is_not_found(call: Call, programme: Programme, auditor: User, client_for: Signed) -> None:
    group = partner(programme, name="Cedar Bench")
    row = draft(call, group, member(group))
    assert AuditEntry.objects.of(row.pk).exists()
    assert client_for(auditor).get(reverse(AUDIT), {"about": row.reference}).context["lines"] == []


def test_the_search_costs_the_same_for_one_and_for_thirty(auditor: User, programme: Programme, client_for) -> None:
    client = client_for(auditor)
    counts = []
    for number in range(30):
        with origin(page="staff:fund_new", actor=auditor.pk):
            fund_of(programme)
        if number in (0, 29):
            with CaptureQueriesContext(connection) as captured:
                page = client.get(reverse(AUDIT), {"kind": "grants.Fund"})
            assert len(page.context["lines"]) == number + 1
            counts.append(len(captured))
    assert counts[0] == counts[1] <= 8


def test_pages_of_the_search_follow_one_another(auditor: User, programme: Programme, client_for: Signed) -> None:
    for _ in range(60):
        fund_of(programme)
    client = client_for(auditor)
    first = client.get(reverse(AUDIT), {"kind": "grants.Fund"})
    second = client.get(reverse(AUDIT), {"kind": "grants.Fund", "cursor": first.context["page"].next_cursor})
    assert (len(keys(first)), len(keys(second)), keys(first) & keys(second)) == (50, 10, set())


# ---- export ---------------------------------------------------------------------------------------------------------
def test_the_table_holds_what_was_found_and_runs_no_formula(
    programme: Programme, auditor: User, client_for: Signed
) -> None:
    fund = fund_of(programme, source="=1+1")
    with origin(page="=cmd", actor=auditor.pk):
        Fund.objects.filter(pk=fund.pk).update(source="@SUM(A1)")
    answer = client_for(auditor).get(reverse("insights:audit_export"), {"kind": "grants.Fund"})
    assert answer.headers["Content-Disposition"] == 'attachment; filename="audit.csv"'
    head, changed, made = csv.reader(io.StringIO(b"".join(answer).decode().removeprefix("\ufeff")))
    assert head[:4] == ["Entry", "When (UTC)", "Transaction", "Who"]
    assert (changed[3], changed[5], changed[6], changed[9]) == ("Amal Auditor", "Changed", "Fund", "_cmd")
    assert (changed[11], changed[12]) == ('{"source": "=1+1"}', '{"source": "@SUM(A1)"}')
    assert made[5] == "Made"
    assert [cell for row in (changed, made) for cell in row if cell.startswith(("=", "@", "+", "-"))] == []


# ---- histories of objects -------------------------------------------------------------------------------------------
def test_an_application_has_its_history_in_words(
    sent: Application, officer: User, director: User, client_for: Signed
) -> None:
    with origin(page="staff:assign", actor=director.pk):
        assign_officer(application=sent, officer=officer, by=director)
    address = reverse("insights:application_changes", args=[sent.reference])
    page = client_for(officer).get(address).content.decode()
    assert ("Dana Director" in page, "Orit Owner" in page) == (True, True)
    assert "changed; the words are not kept here" in page or "the words are not kept here" in page
    assert address in client_for(officer).get(reverse("staff:history", args=[sent.reference])).content.decode()


def test_the_history_of_an_application_says_nothing_of_how_others_judge(
    sent: Application, officer: User, officer2: User, auditor: User, client_for: Signed
) -> None:
    recuse(application=sent, person=officer2, reason="family", by=officer2, note="My cousin")
    page = client_for(officer).get(reverse("insights:application_changes", args=[sent.reference]))
    assert "grants.Recusal" not in {line.entry.label for line in page.context["lines"]}
    assert client_for(officer2).get(page.request["PATH_INFO"]).status_code == 404
    found = client_for(auditor).get(reverse(AUDIT), {"kind": "grants.Recusal"})
    (line,) = found.context["lines"]
    assert line.entry.withheld == ["reason"]


def test_partners_calls_and_funds_have_a_history(
    sent: Application, call: Call, officer: User, director: User, client_for: Signed
) -> None:
    client = client_for(officer)
    fund = fund_of(call.programme, source="Foundation of the Lamp")
    with origin(page="staff:call_edit", actor=director.pk):
        Call.objects.filter(pk=call.pk).update(grace_minutes=17)
        Organization.objects.filter(pk=sent.organization_id).update(staff_count=4321)
    of_call = client.get(reverse("insights:call_changes", args=[call.slug])).content.decode()
    assert ("Dana Director" in of_call, ">17<" in of_call, 'aria-current="page">History' in of_call) == (True,) * 3
    of_partner = client.get(reverse("insights:organization_changes", args=[sent.organization_id])).content.decode()
    assert ("Paid staff" in of_partner, "4321" in of_partner) == (True, True)
    of_fund = client.get(reverse("insights:fund_changes", args=[fund.pk])).content.decode()
    assert "Foundation of the Lamp" in of_fund


def test_a_partner_that_a_restriction_hides_has_no_history(
    sent: Application, officer: User, officer2: User, client_for: Signed
) -> None:
    restrict_application(application=sent, by=officer)
    address = reverse("insights:organization_changes", args=[sent.organization_id])
    assert client_for(officer2).get(address).status_code == 404
    assert client_for(officer).get(address).status_code == 200


@pytest.mark.parametrize("of", ["application", "organization", "call", "fund", "rubric"])
def test_a_history_costs_the_same_for_one_and_for_thirty(
    of: str, sent: Application, officer: User, director: User, client_for: Signed
) -> None:
    fund = fund_of(sent.call.programme)
    rubric = create_rubric(programme=sent.call.programme, name=Translated(en="Ours"), by=officer).rubric
    objects: dict[str, tuple[Any, list[Any], str]] = {
        "application": (sent, [sent.reference], "months"),
        "organization": (sent.organization, [sent.organization_id], "staff_count"),
        "call": (sent.call, [sent.call.slug], "grace_minutes"),
        "fund": (fund, [fund.pk], "source"),
        "rubric": (rubric, [rubric.pk], "name"),
    }
    row, address, field = objects[of]
    client = client_for(officer)
    counts, seen = [], 0
    for number in range(30):
        with origin(page="staff:call_edit", actor=person_with(RoleName.DIRECTOR, sent.call.programme).pk):
            value = {"name": Translated(en=f"Rubric {number}"), "source": f"Source {number}"}.get(field, number + 1)
            type(row)._base_manager.filter(pk=row.pk).update(**{field: value})
        if number in (0, 29):
            with CaptureQueriesContext(connection) as captured:
                page = client.get(reverse(f"insights:{of}_changes", args=address))
            assert len(page.context["lines"]) > seen
            seen = len(page.context["lines"])
            counts.append(len(captured))
    assert counts[0] == counts[1]


def test_the_table_costs_the_same_for_one_and_for_thirty(
    auditor: User, programme: Programme, client_for: Signed
) -> None:
    client, counts = client_for(auditor), []
    for number in range(30):
        with origin(page="staff:fund_new", actor=person_with(RoleName.FINANCE, programme).pk):
            fund_of(programme)
        if number in (0, 29):
            with CaptureQueriesContext(connection) as captured:
                table = b"".join(client.get(reverse("insights:audit_export"), {"kind": "grants.Fund"})).decode()
            assert table.count("\r\n") == number + 2
            counts.append(len(captured))
    assert counts[0] == counts[1]


def test_the_link_to_the_table_follows_to_the_page_that_asks_who_it_is(auditor: User, client_for: Any) -> None:
    """With `download` the browser would save that page as a file, and show nothing."""
    page = client_for(auditor).get(reverse("insights:audit")).text
    link = re.search(rf"<a [^>]*{reverse('insights:audit_export')}[^>]*>", page)
    assert link
    assert "download" not in link[0]
