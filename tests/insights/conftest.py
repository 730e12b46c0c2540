"""The stages of judging, for desks."""

from tests.grants.conftest import call, group, owner, sent  # noqa: F401 - fixtures
from tests.reviews.conftest import another, assigned, awaiting, director2, in_review  # noqa: F401 - fixtures
