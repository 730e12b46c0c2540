"""What a page was written against: a short digest of the texts it showed, sent back with the form.

A counter of the whole row would cry wolf whenever a colleague saved another section; a digest changes only when what
this page shows has changed.
"""

import hashlib
import json
from collections.abc import Mapping
from typing import Any


def version_of(values: Mapping[str, Any]) -> str:
    """The version of these stored values. Order of keys does not matter."""
    text = json.dumps(values, sort_keys=True, default=str, ensure_ascii=False)
    return hashlib.sha256(text.encode()).hexdigest()[:24]
