"""When a question of a draft is asked: setting the conditions, and keeping what they look at where it is."""

from collections.abc import Iterable, Mapping
from typing import Any
from uuid import UUID

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext as _

from core.errors import DomainError
from grants.conditions import ALL, ANY, MOST_CONDITIONS, Condition, joined, parted
from grants.form_checks import condition_problem
from grants.form_tree import FormTree, QuestionNode, form_tree
from grants.models import Question


class ConditionNotPossible(DomainError):
    """A condition, or a move, after which one question would depend on a later one."""


def refuse_later_conditions(version_id: UUID) -> None:
    """Raise ConditionNotPossible when a question now depends on a later one."""
    tree = form_tree(version_id)
    seen: set[UUID] = set()
    for question in tree.questions:
        for rule in question.conditions:
            if rule.question not in seen:
                raise ConditionNotPossible(
                    _("“%(question)s” is shown depending on “%(parent)s”, which must be asked before it.")
                    % {"question": question.label, "parent": tree.question(rule.question).label}
                )
        seen.add(question.id)


def dependants(version_id: UUID, slugs: Iterable[str]) -> "models.QuerySet[Question]":
    """Questions of the version that are asked depending on one of these."""
    found = Q(pk__in=[])
    for slug in slugs:
        found |= Q(show_if__slug=slug) | Q(show_also__contains=[{"question": slug}])
    return Question.objects.filter(found, section__version=version_id)


def refuse_while_needed(needing: "models.QuerySet[Question]") -> None:
    """Raise ConditionNotPossible, naming the questions that would lose what they depend on."""
    names = ", ".join(f"“{question.label}”" for question in needing[:5])
    if names:
        raise ConditionNotPossible(
            _("First change the conditions of the questions that depend on this: %(questions)s.") % {"questions": names}
        )


def set_condition(question: Question, tree: FormTree, fields: Mapping[str, Any]) -> None:
    """When it is asked. `show_also` are further conditions, as (question, operator, values) or as the model keeps them;
    they go when the first one does.
    """
    parent = fields.get("show_if", question.show_if_id)
    question.show_match = ANY if fields.get("show_match", question.show_match) == ANY else ALL
    if not parent:
        question.show_if_id, question.show_if_operator, question.show_if_value = None, "", ""
        question.show_also = []
        return
    by_slug = {node.slug: node.id for node in tree.questions}
    value = str(fields.get("show_if_value", question.show_if_value))
    operator = str(fields.get("show_if_operator", question.show_if_operator))
    rules = [Condition(_id_of(parent, by_slug), operator, parted(value))]
    for rule in fields.get("show_also", question.show_also):
        named = (rule["question"], rule["operator"], rule["values"]) if isinstance(rule, Mapping) else rule
        rules.append(Condition(_id_of(named[0], by_slug), str(named[1]), tuple(named[2])))
    if len(rules) > MOST_CONDITIONS:
        raise ConditionNotPossible(_("There may be at most %(most)d conditions.") % {"most": MOST_CONDITIONS})
    earlier = _asked_before(question, tree)
    for each in rules:
        if sentence := condition_problem(earlier.get(each.question), each.operator, each.values):
            raise ConditionNotPossible(sentence)
    first, more = rules[0], rules[1:]
    question.show_if_id, question.show_if_operator = first.question, first.operator
    question.show_if_value = joined(first.values)
    question.show_also = [
        {"question": earlier[each.question].slug, "operator": each.operator, "values": list(each.values)}
        for each in more
    ]


def _id_of(parent: Any, by_slug: Mapping[str, UUID]) -> UUID:
    """The id of a question given as itself, by its id or by its short name."""
    if isinstance(parent, Question):
        return parent.pk
    if str(parent) in by_slug:
        return by_slug[str(parent)]
    try:
        return UUID(str(parent))
    except ValueError as error:
        raise ConditionNotPossible from error


def _asked_before(question: Question, tree: FormTree) -> dict[UUID, QuestionNode]:
    earlier: dict[UUID, QuestionNode] = {}
    for node in tree.questions:
        if node.id == question.pk:
            break
        if node.section_slug == question.section.slug or tree.section(node.section_slug).position < (
            question.section.position
        ):
            earlier[node.id] = node
    return earlier
