"""SQL statements without what only frames them."""

from collections.abc import Generator
from contextlib import contextmanager

from django.db import connection
from django.test.utils import CaptureQueriesContext

_FRAMES = ("SAVEPOINT", "RELEASE", "ROLLBACK", "BEGIN", "COMMIT")


@contextmanager
def at_most(most: int) -> Generator[None]:
    """Fail when more than `most` statements are sent, BEGIN and SAVEPOINT left out; says which."""
    with CaptureQueriesContext(connection) as captured:
        yield
    sent = [query["sql"] for query in captured.captured_queries if not query["sql"].startswith(_FRAMES)]
    listing = "\n".join(text[:160] for text in sent)
    assert len(sent) <= most, f"{len(sent)} statements, at most {most} meant:\n{listing}"
