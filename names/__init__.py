"""Names of organisations and people across Latin, Arabic and Hebrew script: normal forms, comparison, search.

Pure Python: no Django, no database. A record stores what `search_blob` and `normal_forms` give; `search_patterns` says
what to look for in it; `similarity` compares two names and says why, `likely_same` two organisations by all of theirs.
"""

from names.folding import fold
from names.generic_words import FORMS, LEGAL_FORMS, PLACES, TOPICS, GenericWord, Tier, generic
from names.normal import NormalForms, normal_forms
from names.scripts import Script, script_of
from names.search import search_blob, search_patterns
from names.similarity import (
    LIKELY_SAME,
    LIKELY_SAME_ACROSS_SCRIPTS,
    Kind,
    Similarity,
    TokenPair,
    likely_same,
    similarity,
)
from names.skeletons import skeleton
from names.transliterate import latin

__all__ = [
    "FORMS",
    "LEGAL_FORMS",
    "LIKELY_SAME",
    "LIKELY_SAME_ACROSS_SCRIPTS",
    "PLACES",
    "TOPICS",
    "GenericWord",
    "Kind",
    "NormalForms",
    "Script",
    "Similarity",
    "Tier",
    "TokenPair",
    "fold",
    "generic",
    "latin",
    "likely_same",
    "normal_forms",
    "script_of",
    "search_blob",
    "search_patterns",
    "similarity",
    "skeleton",
]
