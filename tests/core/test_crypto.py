"""Encryption at rest: what is sealed opens only for its subject, its place and a key of the ring."""

import base64
import uuid

import pytest
from django.core.exceptions import ImproperlyConfigured
from hypothesis import given
from hypothesis import strategies as st
from pytest_django import DjangoAssertNumQueries, Settings

from core.crypto import CannotOpen, data_key, open_sealed, open_with_ring, seal, seal_with_ring
from core.models import DataKey
from core.rotation import rotate_data_keys

TEXT = "الاسم الكامل · השם המלא"


def key(letter: str) -> str:
    return base64.urlsafe_b64encode(letter.encode() * 32).decode()


@pytest.mark.django_db
def test_what_is_sealed_opens_and_shows_nothing_of_itself() -> None:
    subject = uuid.uuid4()
    sealed = seal(TEXT, subject=subject, context="answer:1")
    assert open_sealed(sealed, subject=subject, context="answer:1") == TEXT
    assert open_sealed(memoryview(sealed), subject=subject, context="answer:1") == TEXT
    assert TEXT.encode() not in sealed
    assert seal(TEXT, subject=subject, context="answer:1") != sealed
    assert DataKey.objects.count() == 1


@pytest.mark.django_db
def test_moved_or_changed_bytes_do_not_open() -> None:
    subject, other = uuid.uuid4(), uuid.uuid4()
    sealed = seal(TEXT, subject=subject, context="answer:1")
    seal(TEXT, subject=other, context="answer:1")
    with pytest.raises(CannotOpen):
        open_sealed(sealed, subject=subject, context="answer:2")
    with pytest.raises(CannotOpen):
        open_sealed(sealed, subject=other, context="answer:1")
    for place in range(len(sealed)):
        changed = bytearray(sealed)
        changed[place] ^= 1
        with pytest.raises(CannotOpen):
            open_sealed(bytes(changed), subject=subject, context="answer:1")


@pytest.mark.django_db
@pytest.mark.parametrize("sealed", [b"", b"\x01", b"\x01abc", b"\x01" + b"a" * 12, b"\x01" + b"a" * 20, b"\x02" * 40])
def test_bytes_that_were_never_sealed_do_not_open(sealed: bytes) -> None:
    subject = uuid.uuid4()
    data_key(subject, create=True)
    with pytest.raises(CannotOpen):
        open_sealed(sealed, subject=subject, context="c")


@pytest.mark.django_db
def test_destroying_the_key_erases_all_it_sealed() -> None:
    subject = uuid.uuid4()
    sealed = seal(TEXT, subject=subject, context="c")
    DataKey.objects.filter(subject=subject).delete()
    with pytest.raises(CannotOpen):
        open_sealed(sealed, subject=subject, context="c")
    seal("new", subject=subject, context="c")
    with pytest.raises(CannotOpen):
        open_sealed(sealed, subject=subject, context="c")


@pytest.mark.django_db
def test_rotation_rewraps_keys_and_leaves_what_they_sealed(settings: Settings) -> None:
    settings.ENCRYPTION_KEYS = [f"old:{key('a')}"]
    subject = uuid.uuid4()
    sealed = seal(TEXT, subject=subject, context="c")
    settings.ENCRYPTION_KEYS = [f"new:{key('b')}", f"old:{key('a')}"]
    assert open_sealed(sealed, subject=subject, context="c") == TEXT
    assert (list(rotate_data_keys()), list(rotate_data_keys())) == ([(1, 0)], [])
    settings.ENCRYPTION_KEYS = [f"new:{key('b')}"]
    assert open_sealed(sealed, subject=subject, context="c") == TEXT
    settings.ENCRYPTION_KEYS = [f"old:{key('a')}"]
    with pytest.raises(CannotOpen):
        open_sealed(sealed, subject=subject, context="c")


@pytest.mark.django_db
def test_many_of_one_subject_cost_one_statement(django_assert_num_queries: DjangoAssertNumQueries) -> None:
    subject = uuid.uuid4()
    sealed = [seal(str(n), subject=subject, context=str(n)) for n in range(20)]
    with django_assert_num_queries(1):
        opened = data_key(subject)
        assert [open_sealed(s, subject=subject, context=str(n), key=opened) for n, s in enumerate(sealed)] == [
            str(n) for n in range(20)
        ]


@pytest.mark.parametrize("entries", [[], ["no colon"], ["short:YWJj"], [f":{key('a')}"]])
def test_a_broken_ring_is_named(settings: Settings, entries: list[str]) -> None:
    settings.ENCRYPTION_KEYS = entries
    with pytest.raises((ImproperlyConfigured, ValueError)):
        seal_with_ring(TEXT, context="c")


def test_the_ring_itself_seals_what_is_short_lived(settings: Settings) -> None:
    settings.ENCRYPTION_KEYS = [f"old:{key('a')}"]
    sealed = seal_with_ring(TEXT, context="mail:1")
    settings.ENCRYPTION_KEYS = [f"new:{key('b')}", f"old:{key('a')}"]
    assert open_with_ring(sealed, context="mail:1") == TEXT
    with pytest.raises(CannotOpen):
        open_with_ring(sealed, context="mail:2")
    settings.ENCRYPTION_KEYS = [f"new:{key('b')}"]
    with pytest.raises(CannotOpen):
        open_with_ring(sealed, context="mail:1")


@given(st.binary(max_size=80))
def test_any_bytes_are_refused_by_the_ring(sealed: bytes) -> None:
    with pytest.raises(CannotOpen):
        open_with_ring(sealed, context="c")
