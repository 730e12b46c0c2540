"""Which class handles which kind."""

from typing import Any

from grants.choices import QuestionKind as K
from grants.questions import choices, composed, figures, texts
from grants.questions.base import Kind

KINDS: dict[str, Kind] = {
    K.SHORT_TEXT: texts.ShortText(),
    K.LONG_TEXT: texts.LongText(),
    K.EMAIL: texts.Email(),
    K.PHONE: texts.Phone(),
    K.WEB: texts.Web(),
    K.ADDRESS: texts.Address(),
    K.NUMBER: figures.Number(),
    K.MONEY: figures.MoneyKind(),
    K.DATE: figures.Day(),
    K.MONTH: figures.Month(),
    K.CHOICE: choices.Choice(),
    K.CHOICES: choices.Choices(),
    K.YES_NO: choices.YesNo(),
    K.FILE: composed.File(),
    K.TABLE: composed.Table(),
    K.DECLARATION: choices.Declaration(),
    K.EXPLANATION: texts.Explanation(),
    K.ORGANIZATION: texts.OrganizationFact(),
}


def kind_of(question: Any) -> Kind:
    """The class for a question's kind."""
    return KINDS[question.kind]
