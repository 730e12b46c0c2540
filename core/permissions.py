"""Who may, in one place: pure predicates of (user, object), combined with & | ~, looked up by permission name."""

from collections.abc import Callable
from typing import Any

from django.contrib.auth.backends import BaseBackend
from django.core.exceptions import PermissionDenied


class Predicate:
    """A question about a person and an object, answered without changing either."""

    def __init__(self, test: Callable[[Any, Any], bool], name: str = "") -> None:
        self.test = test
        self.name = name or test.__name__

    def __call__(self, user: Any, obj: Any = None) -> bool:
        return self.test(user, obj)

    def __and__(self, other: "Predicate") -> "Predicate":
        return Predicate(lambda user, obj: self(user, obj) and other(user, obj), f"({self.name} and {other.name})")

    def __or__(self, other: "Predicate") -> "Predicate":
        return Predicate(lambda user, obj: self(user, obj) or other(user, obj), f"({self.name} or {other.name})")

    def __invert__(self) -> "Predicate":
        return Predicate(lambda user, obj: not self(user, obj), f"not {self.name}")

    def __repr__(self) -> str:
        return f"<Predicate {self.name}>"


def predicate(test: Callable[[Any, Any], bool]) -> Predicate:
    """Decorator: a function of (user, object) as a Predicate."""
    return Predicate(test)


_rules: dict[str, Predicate] = {}


def add_rule(permission: str, rule: Predicate) -> None:
    """Register who holds `permission` ("app.verb_noun"); naming one twice is an error."""
    if permission in _rules:
        raise ValueError(f"{permission} has a rule already")
    _rules[permission] = rule


def rule_names() -> list[str]:
    """Every permission that has a rule, for the access table."""
    return sorted(_rules)


class RulesBackend(BaseBackend):
    """Answers `user.has_perm` from the registered predicates. It stands before the other backends, and a permission
    that has a rule is settled here: they would look for it among Django's own permissions, with two statements.
    """

    def has_perm(self, user_obj: Any, perm: str, obj: Any = None) -> bool:
        """True when the active user satisfies the rule of `perm` for `obj`; False for a permission without a rule.

        Raises:
            PermissionDenied: there is a rule and it says no. Django takes it as the last word.
        """
        rule = _rules.get(perm)
        if rule is None:
            return False
        if user_obj.is_active and user_obj.is_authenticated and rule(user_obj, obj):
            return True
        raise PermissionDenied
