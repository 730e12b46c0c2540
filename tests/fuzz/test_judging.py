"""What judges hostile requests finds each kind of fault. Without this a run could be green because nobody looks."""

import time
from typing import Any

import pytest
from django.db import connection
from django.http import HttpRequest, HttpResponse
from django.test import Client, override_settings
from django.urls import path
from django.views.decorators.csrf import csrf_exempt

from config import urls
from tests.access_table import Who
from tests.access_world import APPLICATION_WORDS
from tests.factories.accounts import UserFactory
from tests.fuzz.judging import SLOWER, Range
from tests.fuzz.payloads import SCRIPT
from tests.fuzz.plan import Shot

pytestmark = pytest.mark.django_db


def _raises(request: HttpRequest) -> HttpResponse:
    raise KeyError(request.GET.get("q", ""))


def _fails(request: HttpRequest) -> HttpResponse:
    return HttpResponse(status=500)


def _leads_away(request: HttpRequest) -> HttpResponse:
    return HttpResponse(status=302, headers={"Location": request.GET.get("next", "")})


def _says_again(request: HttpRequest) -> HttpResponse:
    return HttpResponse(f"<p>{request.GET.get('q', '')}</p>")


def _tells(request: HttpRequest) -> HttpResponse:
    return HttpResponse(APPLICATION_WORDS[0])


def _thinks(request: HttpRequest) -> HttpResponse:
    end = time.process_time() + 0.25
    while time.process_time() < end:
        pass
    return HttpResponse()


def _breaks_the_database(request: HttpRequest) -> HttpResponse:
    with connection.cursor() as cursor:
        cursor.execute("SELECT %s::int", ["not a number"])
    return HttpResponse()


@csrf_exempt
def _takes_all(request: HttpRequest) -> HttpResponse:
    return HttpResponse()


class BadUrls:
    """Addresses with one fault each, beside those of the project."""

    urlpatterns = [
        path("bad/raises", _raises),
        path("bad/fails", _fails),
        path("bad/away", _leads_away),
        path("bad/again", _says_again),
        path("bad/tells", _tells),
        path("bad/thinks", _thinks),
        path("bad/database", _breaks_the_database),
        path("bad/takes", _takes_all),
        *urls.urlpatterns,
    ]


@pytest.fixture
def tried() -> Range:
    clients = {Who.NOBODY: Client()}
    made = Range(clients, {Who.NOBODY: Client(enforce_csrf_checks=True)})
    made.ordinary = 0.2 / SLOWER
    return made


@override_settings(ROOT_URLCONF=BadUrls)
@pytest.mark.parametrize(
    ("address", "more", "told"),
    [
        ("/bad/raises", {}, "KeyError"),
        ("/bad/fails", {}, "status 500"),
        ("/bad/database", {}, "DataError"),
        ("/bad/away?next=https://evil.example/", {}, "leads away"),
        ("/bad/away?next=%5C%5Cevil.example/", {}, "leads away"),
        ("/bad/away?next=javascript:mk()", {}, "leads away"),
        (f"/bad/again?q={SCRIPT}", {}, "as it was typed"),
        ("/bad/tells", {}, f"shows “{APPLICATION_WORDS[0]}”"),
        ("/bad/thinks", {}, "times an ordinary page"),
        ("/bad/takes", {"method": "POST", "unproven": True}, "without the form's token"),
    ],
)
def test_each_kind_of_fault_is_found(tried: Range, address: str, more: dict[str, Any], told: str) -> None:
    tried.fire(Shot("bad", Who.NOBODY, "a fault", address, **more))
    assert [told in fault for fault in tried.wrong.values()] == [True], tried.wrong


def test_an_ordinary_answer_is_no_fault_and_what_it_changed_is_undone(tried: Range) -> None:
    tried.ordinary = 1
    tried.fire(Shot("set_language", Who.NOBODY, "none", "/language/", "POST", b"language=ar"))
    assert (tried.wrong, dict(tried.statuses)) == ({}, {302: 1})
    assert "django_language" not in tried.clients[Who.NOBODY].cookies
    assert UserFactory.create().pk, "the transaction of the test still holds"
