"""The chain over the audit: made by the database, checked here without asking its functions."""

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass

import structlog
from django.db import connection

from core.models import AuditSeal

log = structlog.get_logger(__name__)
# Entries in one link at most.
BATCH = 5000
# As core_audit_line of the migration, which is not trusted here.
_LINE = """
SELECT id, jsonb_build_array(
    id, (extract(epoch FROM at) * 1000000)::bigint, transaction, label, row_key, operation, before, after,
    to_jsonb(withheld), about, also, actor, page, request)::text
FROM core_auditentry WHERE id = ANY(%s)
"""
_UNSEALED_BELOW = """
SELECT entry.id FROM core_auditentry entry
WHERE entry.id <= %s AND NOT EXISTS (
    SELECT FROM core_auditseal seal WHERE seal.last_id >= entry.id AND entry.id = ANY (seal.entries))
ORDER BY entry.id LIMIT 1
"""
_SIZE = hashlib.sha256().digest_size


@dataclass(frozen=True, slots=True)
class Broken:
    """The first broken link: which, which entry (None when it is the link itself), and what is wrong."""

    seal: int
    entry: int | None
    problem: str

    def __str__(self) -> str:
        of = f", entry {self.entry}" if self.entry is not None else ""
        return f"link {self.seal}{of}: {self.problem}"


@dataclass(frozen=True, slots=True)
class Verdict:
    """What a check found: how much was read, the last digest that is whole, and the first broken link or None."""

    seals: int
    entries: int
    digest: str
    broken: Broken | None


def seal_new_entries() -> int:
    """Seal what is there, in links of `BATCH` entries; returns how many entries. The last digest goes to the log, from
    where it can be kept elsewhere.
    """
    sealed = 0
    while True:
        with connection.cursor() as cursor:
            cursor.execute("SELECT core_audit_seal(%s)", [BATCH])
            count: int = cursor.fetchone()[0]
        sealed += count
        if count < BATCH:
            break
    last = AuditSeal.objects.order_by("-pk").first() if sealed else None
    if last is not None:
        log.info("audit_sealed", link=last.pk, entries=sealed, digest=bytes(last.digest).hex())
    return sealed


def _digest_of(seal: AuditSeal) -> bytes:
    """The digest that the link must have, after what it says itself."""
    moment = int(seal.at.timestamp()) * 1_000_000 + seal.at.microsecond
    words = f"{seal.pk}|{moment}|{seal.horizon}|{seal.floor}|{seal.last_id}|{','.join(map(str, seal.entries))}|"
    return hashlib.sha256(bytes(seal.previous) + words.encode() + bytes(seal.digests)).digest()


def _broken_entry(seal: AuditSeal) -> tuple[int, str] | None:
    """The first entry of the link that is not as it was sealed."""
    with connection.cursor() as cursor:
        cursor.execute(_LINE, [seal.entries])
        lines = dict(cursor.fetchall())
    digests = bytes(seal.digests)
    for number, entry in enumerate(seal.entries):
        if entry not in lines:
            return entry, "missing: it was deleted after it was sealed"
        if hashlib.sha256(lines[entry].encode()).digest() != digests[number * _SIZE : (number + 1) * _SIZE]:
            return entry, "changed after it was sealed"
    return None


def _seals() -> Iterator[AuditSeal]:
    return AuditSeal.objects.order_by("pk").iterator(chunk_size=20)


def verify(*, expect: str = "") -> Verdict:
    """Read the whole audit and compare it with its chain. `expect` is a digest that was kept elsewhere (hexadecimal),
    which must stand somewhere in the chain, or links were cut off its end or it was made anew.
    """
    digest, seals, entries, floor, met = b"", 0, 0, 0, not expect
    for seal in _seals():
        broken = _check(seal, number=seals + 1, previous=digest)
        if broken is not None:
            return Verdict(seals, entries, digest.hex(), broken)
        seals, entries, digest, floor = seals + 1, entries + len(seal.entries), bytes(seal.digest), seal.floor
        met = met or digest.hex() == expect.strip().lower()
    if (broken := _added(seals, floor)) is None and not met:
        broken = Broken(
            seals, None, "the digest that was kept elsewhere stands nowhere in the chain: its end was cut off"
        )
    return Verdict(seals, entries, digest.hex(), broken)


def _check(seal: AuditSeal, *, number: int, previous: bytes) -> Broken | None:
    if seal.pk != number:
        return Broken(number, None, "missing: the link was deleted")
    if bytes(seal.previous) != previous:
        return Broken(seal.pk, None, "changed: it does not follow the link before")
    if bytes(seal.digest) != _digest_of(seal) or len(bytes(seal.digests)) != len(seal.entries) * _SIZE:
        return Broken(seal.pk, None, "changed: it does not have the digest of what it says")
    found = _broken_entry(seal)
    return Broken(seal.pk, *found) if found else None


def _added(seals: int, floor: int) -> Broken | None:
    """An entry that appeared where no transaction could still have written it."""
    with connection.cursor() as cursor:
        cursor.execute(_UNSEALED_BELOW, [floor])
        found = cursor.fetchone()
    return Broken(seals, found[0], "added: it was not there when the link was made") if found else None


def last_link() -> AuditSeal | None:
    """The end of the chain, without its lists; its `digest.hex()` is what is worth keeping elsewhere."""
    return AuditSeal.objects.only("pk", "at", "last_id", "digest").order_by("-pk").first()
