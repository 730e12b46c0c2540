"""The scored criteria of a real fund, rebuilt without code on the pages of the portal, and random sheets scored on the
page of reviewers: the totals are those of the fund's own formula, exactly.

How its file is read is written here only: the product knows nothing of that format.
"""

import random
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st
from ruamel.yaml import YAML

from accounts.models import User
from grants.models import Application, Call
from organizations.models import Organization
from reviews.criteria import CriterionNode, RubricTree, rubric_tree
from reviews.models import Review, RubricCriterion, RubricVersion
from reviews.scores import application_scores
from tests.factories.grants import submitted
from tests.factories.reviews import passed, reviewing
from tests.reviews.test_terms import TYPED

pytestmark = [pytest.mark.django_db, pytest.mark.slow]
LOW, HIGH, SHEETS = 1, 5, 6
