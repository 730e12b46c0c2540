"""The key ring over time: what each of its keys still holds, and sealing it anew under the newest. While running."""

import base64
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

from django.db import transaction

from core.crypto import CannotOpen, open_with_ring, rewrap, ring, ring_key_of, seal_with_ring, unwraps
from core.models import DataKey, OutboxEntry
from core.models.outbox import OutboxStatus as S
from core.registry import Registry

_BATCH = 200
# What waits or may be sent once more. What is being sent is done, or waits again, by the next run.
_OPEN = (S.PENDING, S.DOUBTFUL, S.FAILED)


@dataclass(frozen=True, slots=True)
class RingHeld:
    """What an app to the right keeps sealed by the ring itself: `reseal` puts all of it under the newest key and
    returns (done, not to be opened), `held` gives the name of the key of each.
    """

    reseal: Callable[[], tuple[int, int]]
    held: Callable[[], Iterable[str]]


ring_held: Registry[RingHeld] = Registry("what the key ring seals")


def rotate_data_keys() -> Iterator[tuple[int, int]]:
    """Wrap every data key with the newest key of the ring, in batches that are each kept: (done, not to be opened).

    Stopped half way, the next run goes on with the rest. Two at once do no harm.
    """
    newest, last = ring()[0][0], None
    while True:
        rows = DataKey.objects.exclude(ring_key=newest).order_by("subject")
        if last is not None:
            rows = rows.filter(subject__gt=last)
        with transaction.atomic():
            batch = list(rows.select_for_update()[:_BATCH])
            if not batch:
                return
            done = sum(rewrap(row) for row in batch)
        last = batch[-1].subject
        yield done, len(batch) - done


def rotate_letters() -> tuple[int, int]:
    """Seal letters on their way with the newest key: (done, not to be opened)."""
    newest, done, lost = ring()[0][0], 0, 0
    for pk in OutboxEntry.objects.filter(status__in=_OPEN, payload__has_key="sealed").values_list("pk", flat=True):
        with transaction.atomic():
            entry = OutboxEntry.objects.select_for_update().filter(pk=pk, status__in=_OPEN).first()
            if entry is None or "sealed" not in entry.payload:
                continue
            sealed, context = base64.b64decode(entry.payload["sealed"]), f"{entry.topic}:{entry.key}"
            if ring_key_of(sealed) == newest:
                continue
            try:
                anew = seal_with_ring(open_with_ring(sealed, context=context), context=context)
            except CannotOpen:
                lost += 1
                continue
            entry.payload = entry.payload | {"sealed": base64.b64encode(anew).decode()}
            entry.save(update_fields=["payload"])
            done += 1
    return done, lost


def held_by_name() -> Counter[str]:
    """How much each key of the ring still holds, by its name, whether the ring has that key or not."""
    held = Counter(DataKey.objects.values_list("ring_key", flat=True))
    for payload in OutboxEntry.objects.filter(payload__has_key="sealed").values_list("payload", flat=True):
        held[ring_key_of(base64.b64decode(payload["sealed"]))] += 1
    for kind in ring_held:
        held.update(kind.held())
    return held


def rotate_the_rest() -> tuple[int, int]:
    """What apps registered, under the newest key: (done, not to be opened)."""
    done, lost = 0, 0
    for kind in ring_held:
        more, unopened = kind.reseal()
        done, lost = done + more, lost + unopened
    return done, lost


def keys_that_do_not_open() -> Counter[str]:
    """Data keys that this ring does not open, by the name of the key that wrapped them."""
    return Counter(row.ring_key for row in DataKey.objects.iterator(_BATCH) if not unwraps(row))
