"""The second step of signing in: who must have one, what opens before, and that nobody gets around it."""

import json
import time
from typing import Any

import pytest
from allauth.core import context
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value
from allauth.mfa.utils import decrypt
from django.conf import settings as django_settings
from django.core import mail
from django.core.management import CommandError, call_command
from django.db import connection
from django.forms import Form
from django.template.loader import render_to_string
from django.test import Client, RequestFactory
from django.test.utils import CaptureQueriesContext
from pytest_django import Settings

from accounts.choices import RoleName
from accounts.models import InboxItem, Programme, SignIn, User
from accounts.second_step_forms import AuthenticateForm
from accounts.services.factors import OwnFactors, give_app, reseal_factors, reset_factors
from accounts.services.roles import grant_role
from config.local.demo_accounts import code_of, secret_of
from core import outbox
from tests.factories.accounts import PASSWORD, RoleFactory, UserFactory, VerifiedUserFactory, signed_in_client

pytestmark = pytest.mark.django_db
SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"
SET_UP = "/accounts/second-step/"
LOGIN = "/accounts/login/"
AUTHENTICATE = "/accounts/2fa/authenticate/"


def code(secret: str = SECRET, steps: int = 0) -> str:
    return str(format_hotp_value(hotp_value(secret, int(time.time()) // 30 + steps)))


@pytest.fixture
def worker(programme: Programme) -> User:
    """An officer who can sign in through the page, without a second step."""
    user = VerifiedUserFactory.create(email="worker@office.example")
    RoleFactory.create(user=user, programme=programme, name=RoleName.OFFICER)
    return user


@pytest.fixture
def with_app(worker: User) -> User:
    give_app(user=worker, secret=SECRET)
    return worker


def first_step(user: User, **options: Any) -> tuple[Client, Any]:
    client = Client(**options)
    return client, client.post(LOGIN, {"login": user.email, "password": PASSWORD})


def is_in(client: Client) -> bool:
    return "_auth_user_id" in client.session


@pytest.mark.parametrize("role", [role for role in RoleName if role != RoleName.APPLICANT])
def test_whoever_works_here_reaches_nothing_but_the_set_up(programme: Programme, role: RoleName) -> None:
    user = UserFactory.create(is_staff=role == RoleName.ADMIN)
    RoleFactory.create(user=user, programme=programme, name=role)
    client = signed_in_client(user, second_step=False)
    for path in ("/accounts/landing/", "/staff/", "/apply/", "/inbox/", "/admin/", "/accounts/preferences/", "/"):
        response = client.get(path)
        assert (path, response.status_code, response.headers.get("Location")) == (path, 302, SET_UP)
    assert client.post("/accounts/preferences/", {"display_name": "Nobody"}).headers["Location"] == SET_UP
    for path in (
        SET_UP,
        "/accounts/2fa/totp/activate/",
        "/accounts/2fa/webauthn/add/",
        "/accounts/logout/",
        "/healthz",
    ):
        assert (path, client.get(path).status_code) == (path, 200)
    assert client.post("/language/", {"language": "ar", "next": SET_UP}).headers["Location"] == SET_UP


def test_who_may_open_the_admin_without_any_role_needs_a_second_step_too() -> None:
    for fields in ({"is_staff": True}, {"is_superuser": True}):
        client = signed_in_client(UserFactory.create(**fields), second_step=False)
        assert client.get("/admin/").headers["Location"] == SET_UP


def test_the_admins_own_sign_in_leads_to_ours() -> None:
    assert Client().get("/admin/login/").headers["Location"].startswith(LOGIN)
    assert Client().post("/admin/login/", {"username": "a", "password": "b"}).headers["Location"].startswith(LOGIN)


def test_an_applicant_is_offered_a_second_step_and_needs_none(applicant: User) -> None:
    client = signed_in_client(applicant, second_step=False)
    assert client.get("/apply/").status_code == 200
    assert SET_UP in client.get("/accounts/preferences/").text
    assert "It is your choice." in client.get(SET_UP).text


def test_an_applicant_who_gets_a_role_needs_a_second_step_from_that_moment(
    applicant: User, programme: Programme
) -> None:
    client = signed_in_client(applicant, second_step=False)
    assert client.get("/inbox/").status_code == 200
    grant_role(user=applicant, programme=programme, role=RoleName.REVIEWER)
    assert client.get("/inbox/").headers["Location"] == SET_UP


def test_what_was_typed_by_somebody_who_got_a_role_meanwhile_is_kept(applicant: User, programme: Programme) -> None:
    client = signed_in_client(applicant, second_step=False)
    grant_role(user=applicant, programme=programme, role=RoleName.REVIEWER)
    response = client.post("/accounts/preferences/", {"display_name": "Two words"})
    assert response.status_code == 401
    assert 'name="display_name" value="Two words"' in response.text
    assert client.post("/inbox/read/", headers={"X-Autosave": "1"}).status_code == 401


@pytest.mark.django_db(transaction=True)
def test_setting_up_an_app_opens_the_portal_and_its_secret_lies_sealed(worker: User) -> None:
    client, response = first_step(worker)
    assert client.get(response.headers["Location"]).headers["Location"] == SET_UP
    page = client.get("/accounts/2fa/totp/activate/")
    secret = page.context["form"].secret
    assert (page.status_code, secret in page.text) == (200, True)
    typed = f"{code(secret)[:3]} {code(secret)[3:]}"  # as apps show it
    done = client.post("/accounts/2fa/totp/activate/", {"code": typed}, follow=True)
    codes = done.context["unused_codes"]
    assert len(codes) == 10
    assert all(one in done.text for one in codes)
    assert client.get("/staff/").status_code == 200
    held = json.dumps([row.data for row in Authenticator.objects.filter(user=worker)])
    assert secret not in held
    assert not any(one in held for one in codes)
    assert decrypt(Authenticator.objects.get(user=worker, type="totp").data["secret"]) == secret
    outbox.drain()
    assert [message.subject for message in mail.outbox] == ["How you sign in was changed"]


def test_a_wrong_code_sets_nothing_up(worker: User) -> None:
    client, _response = first_step(worker)
    client.get("/accounts/2fa/totp/activate/")
    response = client.post("/accounts/2fa/totp/activate/", {"code": "000000"})
    assert (response.status_code, Authenticator.objects.count()) == (200, 0)
    assert client.get("/staff/").headers["Location"] == SET_UP


def test_password_and_code_sign_in(with_app: User) -> None:
    client, response = first_step(with_app)
    assert (response.headers["Location"], is_in(client)) == (AUTHENTICATE, False)
    assert client.get("/staff/").status_code == 302
    assert client.get(AUTHENTICATE).status_code == 200
    assert client.post(AUTHENTICATE, {"code": "000000"}).status_code == 200
    assert not is_in(client)
    assert client.post(AUTHENTICATE, {"code": code()}).headers["Location"] == "/accounts/landing/"
    assert client.get("/staff/").status_code == 200


def test_a_code_in_arabic_digits_is_as_good(with_app: User) -> None:
    client, _response = first_step(with_app)
    client.post(AUTHENTICATE, {"code": code().translate(str.maketrans("0123456789", "٠١٢٣٤٥٦٧٨٩"))})
    assert is_in(client)


def test_a_code_is_taken_once_for_as_long_as_it_lives(with_app: User, at_time: Any) -> None:
    moment = at_time("2026-11-25 10:00:00")
    used = code()
    client, _response = first_step(with_app)
    client.post(AUTHENTICATE, {"code": used})
    assert is_in(client)
    for seconds in (5, 35):
        at_time(moment.replace(second=seconds % 60))
        again, _response = first_step(with_app)
        again.post(AUTHENTICATE, {"code": used})
        assert not is_in(again)


def test_a_recovery_code_lets_in_once(with_app: User) -> None:
    one = Authenticator.objects.get(user=with_app, type="recovery_codes").wrap().get_unused_codes()[0]
    outcomes = []
    for _time in range(2):
        client, _response = first_step(with_app)
        client.post(AUTHENTICATE, {"code": one})
        outcomes.append(is_in(client))
    assert outcomes == [True, False]


def test_whoever_has_passkeys_alone_is_asked_for_a_recovery_code_by_its_name(
    with_app: User, rf: RequestFactory
) -> None:
    Authenticator.objects.filter(user=with_app, type="totp").delete()
    with context.request_context(rf.post(AUTHENTICATE)):
        form = AuthenticateForm(user=with_app, data={"code": "00000000"})
        assert not form.is_valid()
    assert form.fields["code"].label == "Recovery code"
    assert form.errors["code"] == ["This recovery code is not right, or was used already. Type another one."]


def test_a_code_by_e_mail_is_followed_by_the_second_step(with_app: User) -> None:
    client = Client()
    client.post("/accounts/login/code/", {"email": with_app.email})
    outbox.drain()
    sent = next(word for word in str(mail.outbox[0].body).split() if word.isdigit() and len(word) == 8)
    response = client.post("/accounts/login/code/confirm/", {"code": sent})
    assert (response.headers["Location"], is_in(client)) == (AUTHENTICATE, False)
    client.post(AUTHENTICATE, {"code": code()})
    assert is_in(client)


@pytest.mark.parametrize("path", [AUTHENTICATE, "/accounts/2fa/webauthn/login/", "/accounts/2fa/webauthn/add/"])
@pytest.mark.parametrize(
    "credential",
    ["", "null", "[]", "{}", '"x"', '{"id":1}', '{"id":"a","rawId":"a","type":"public-key","response":{}}'],
)
def test_a_passkey_that_is_none_gets_a_sentence(with_app: User, path: str, credential: str) -> None:
    client, _response = first_step(with_app)
    if path.endswith("add/"):
        client = signed_in_client(with_app)
        client.get(path)
    response = client.post(path, {"credential": credential, "name": "x"})
    assert response.status_code in {200, 302}
    assert Authenticator.objects.filter(type="webauthn").count() == 0
    if not path.endswith("add/"):
        assert not is_in(client)


def test_staff_keep_at_least_one_factor_and_applicants_need_not(with_app: User, applicant: User) -> None:
    give_app(user=applicant, secret=SECRET)
    for user in (with_app, applicant):
        signed_in_client(user).post("/accounts/2fa/totp/deactivate/")
    assert list(Authenticator.objects.filter(type="totp").values_list("user__email", flat=True)) == [with_app.email]


def test_a_turn_of_the_key_ring_leaves_every_secret_readable(with_app: User, settings: Settings) -> None:
    before = Authenticator.objects.get(user=with_app, type="totp").data["secret"]
    old = settings.ENCRYPTION_KEYS
    settings.ENCRYPTION_KEYS = ["newer:bmV3ZXItdGVzdC1rZXktb2YtMzItYnl0ZXMtZXhhY3Q=", *old]
    assert (reseal_factors(), reseal_factors()) == ((2, 0), (0, 0))
    settings.ENCRYPTION_KEYS = settings.ENCRYPTION_KEYS[:1]
    row = Authenticator.objects.get(user=with_app, type="totp")
    assert row.data["secret"] != before
    assert decrypt(row.data["secret"]) == SECRET


def test_the_second_step_costs_no_statement(applicant: User, officer: User) -> None:
    for user in (applicant, officer):
        client = signed_in_client(user)
        client.get("/accounts/preferences/")
        with CaptureQueriesContext(connection) as asked:
            client.get("/accounts/sessions/end/")  # answers that it takes POST only, and asks nothing of its own
        tables = [query["sql"] for query in asked if "mfa_" in query["sql"] or "accounts_signin" in query["sql"]]
        assert (tables, len(asked) <= 2) == ([], True)


# ---- a telephone is lost --------------------------------------------------------------------------------------------
def test_a_lost_second_step_is_taken_away_and_everybody_hears(with_app: User, admin_user: User, director: User) -> None:
    client, _response = first_step(with_app)
    client.post(AUTHENTICATE, {"code": code()})
    assert SignIn.objects.filter(user=with_app).count() == 1
    assert reset_factors(user=with_app, by=admin_user) == 2
    assert reset_factors(user=with_app, by=admin_user) == 0
    assert client.get("/staff/").headers["Location"].startswith(LOGIN)
    told = set(InboxItem.objects.values_list("user__email", "kind"))
    assert told == {
        (with_app.email, "accounts.second_step_reset"),
        (director.email, "accounts.second_step_reset_of"),
    }
    again, response = first_step(with_app)
    assert again.get(response.headers["Location"]).headers["Location"] == SET_UP


def test_nobody_takes_away_their_own_second_step(admin_user: User) -> None:
    give_app(user=admin_user, secret=SECRET)
    with pytest.raises(OwnFactors):
        reset_factors(user=admin_user, by=admin_user)
    assert Authenticator.objects.filter(user=admin_user).count() == 2


def test_an_administrator_takes_it_away_in_the_records(with_app: User, admin_user: User) -> None:
    action = {"action": "take_second_step_away", "_selected_action": str(with_app.pk)}
    response = signed_in_client(admin_user).post("/admin/accounts/user/", action, follow=True)
    assert "Taken away for 1 person." in response.text
    assert Authenticator.objects.filter(user=with_app).count() == 0


def test_the_records_show_factors_without_secrets(with_app: User, admin_user: User) -> None:
    row = Authenticator.objects.get(user=with_app, type="totp")
    text = signed_in_client(admin_user).get(f"/admin/mfa/authenticator/{row.pk}/change/").text
    assert str(with_app) in text
    assert row.data["secret"] not in text


# ---- the demo -------------------------------------------------------------------------------------------------------
def test_the_code_of_the_demo_signs_in_as_often_as_wanted_on_this_machine_only(programme: Programme) -> None:
    user = VerifiedUserFactory.create(email="officer@demo.example")
    RoleFactory.create(user=user, programme=programme, name=RoleName.OFFICER)
    give_app(user=user, secret=secret_of(user.email))
    for _time in range(3):
        client, _response = first_step(user)
        client.post(AUTHENTICATE, {"code": code_of(user.email)})
        assert is_in(client)
    far = Client(REMOTE_ADDR="203.0.113.9")
    far.post("/accounts/login/code/", {"email": user.email})
    outbox.drain()
    sent = next(word for word in str(mail.outbox[-1].body).split() if word.isdigit() and len(word) == 8)
    far.post("/accounts/login/code/confirm/", {"code": sent})
    assert far.get(AUTHENTICATE).status_code == 302
    assert not is_in(far)


@pytest.mark.parametrize("language", ["en", "ar", "he"])
def test_every_page_of_the_second_step_answers_in_each_language(with_app: User, language: str) -> None:
    client = signed_in_client(with_app)
    client.cookies[django_settings.LANGUAGE_COOKIE_NAME] = language
    paths = ("", "totp/deactivate/", "webauthn/", "webauthn/add/", "recovery-codes/", "recovery-codes/generate/")
    for path in (*(f"/accounts/2fa/{path}" for path in paths), "/accounts/2fa/reauthenticate/", "/accounts/sessions/"):
        response = client.get(path)
        assert (path, response.status_code, f'lang="{language}"' in response.text) == (path, 200, True)
    pending, _response = first_step(with_app)
    pending.cookies[django_settings.LANGUAGE_COOKIE_NAME] = language
    assert f'lang="{language}"' in pending.get(AUTHENTICATE).text


def test_the_last_administrator_is_helped_by_a_command(with_app: User) -> None:
    call_command("reset_second_step", with_app.email.upper())
    assert Authenticator.objects.filter(user=with_app).count() == 0
    assert InboxItem.objects.get().kind == "accounts.second_step_reset"
    with pytest.raises(CommandError):
        call_command("reset_second_step", "nobody@people.example")


def test_the_second_step_asks_for_what_the_person_has(with_app: User, rf: RequestFactory) -> None:
    client, _response = first_step(with_app)
    assert "Open your authenticator app" in client.get(AUTHENTICATE).text
    Authenticator.objects.filter(user=with_app).delete()
    forms = {"form": AuthenticateForm(user=with_app), "webauthn_form": Form(), "js_data": {"request_options": {}}}
    page = render_to_string("mfa/authenticate.html", forms, request=rf.get(AUTHENTICATE))
    assert "Open your authenticator app" not in page
    assert page.index("Show your passkey") < page.index("type one of your recovery codes")


def test_an_app_on_the_same_device_is_opened_with_the_key(worker: User) -> None:
    page = signed_in_client(worker).get("/accounts/2fa/totp/activate/").text
    assert 'href="otpauth://totp/' in page
