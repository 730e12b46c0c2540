"""Plausible answers to any question of any form, in the language of the applicant.

Questions of the two ready-made forms are known by their short names; any other is answered by its kind, within its
limits, so that a form somebody has built can be filled too.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from core.words import count_words
from grants.choices import QuestionKind as K
from grants.form_tree import QuestionNode
from insights.demo.library import theme, words

# Short name → key of content/words.toml, or of the theme.
_WORDS = {
    "other-requests": "others",
    "safe-contact": "contact",
    "main-work": "main_work",
    "whom-you-serve": "whom",
    "universal-rights": "rights",
    "own-side": "own_side",
    "governance": "governance",
    "safeguarding": "safeguarding",
    "security": "security",
    "indicators": "indicators",
    "learning": "learning",
    "smaller-grant": "smaller",
    "budget-narrative": "future",
}
_THEME = {
    "what-happened": ("situation",),
    "pressure-account": ("situation",),
    "use-of-money": ("plan",),
    "without-help": ("without",),
    "goals": ("goal", "plan"),
}
# For questions nobody has foreseen, in turn.
_ANY = ("whom", "indicators", "governance", "future", "learning")
# Options that keep a form short and its applicant eligible.
_CHOSEN = {
    "kind-of-threat": ["case", "money"],
    "how-soon": ["two-weeks"],
    "way-of-money": ["account"],
    "pressures": ["donors", "bank"],
    "lost-income": ["half"],
    "financial-controls": ["two-signatures", "bookkeeping"],
}
_YES = frozenset({"non-violence", "safeguarding-policy", "has-other-funding"})


@dataclass(frozen=True)
class Pen:
    """Who writes: language and theme, today, and what overrides the texts by short name of the question."""

    language: str
    theme: str
    today: date
    variation: int = 0
    texts: Mapping[str, Any] = field(default_factory=dict)

    def answer(self, question: QuestionNode) -> Any:
        """What is typed into the question, as its kind's `clean` takes it. None for what is not typed (files)."""
        if question.slug in self.texts:
            return self.texts[question.slug]
        writer = _WRITERS.get(question.kind)
        return writer(self, question) if writer else None

    def passage(self, question: QuestionNode) -> str:
        """Sentences for a question, no longer than it takes."""
        about, say = theme(self.theme, self.language), words(self.language)
        if question.slug in _THEME:
            text = " ".join(about[part] for part in _THEME[question.slug])
        else:
            text = say[_WORDS.get(question.slug) or _ANY[sum(map(ord, question.slug)) % len(_ANY)]]
        return within(text, question)

    def month(self, ahead: int) -> str:
        """A month so many after this one."""
        number = self.today.year * 12 + self.today.month - 1 + ahead
        return f"{number // 12:04d}-{number % 12 + 1:02d}"


def within(text: str, question: Any) -> str:
    """The text, or as many of its sentences (or else words) as the question's limits take."""
    if _fits(text, question):
        return text
    for mark in (". ", " "):
        parts = text.split(mark)
        while len(parts) > 1:
            parts.pop()
            shorter = mark.join(parts).rstrip(" .,،") + ("." if mark == ". " else "")
            if _fits(shorter, question):
                return shorter
    return text[: question.character_limit or 1]


def _fits(text: str, question: Any) -> bool:
    return not (
        (question.word_limit and count_words(text) > question.word_limit)
        or (question.character_limit and len(text) > question.character_limit)
    )


def _number(pen: Pen, question: QuestionNode) -> str:
    least, most = (_bound(question, name) for name in ("min", "max"))
    if question.slug == "months-of-cash":
        return ("2.5", "1.5", "3", "2")[pen.variation % 4]
    wanted = Decimal(120 + 40 * (pen.variation % 5))
    wanted = max(wanted, least) if least is not None else wanted
    return str(min(wanted, most) if most is not None else wanted)


def _bound(question: QuestionNode, name: str) -> Decimal | None:
    text = question.settings.get(name)
    return Decimal(str(text)) if text not in (None, "") else None


def _money(pen: Pen, question: QuestionNode) -> dict[str, str]:
    return {"amount": _number(pen, question)}


def _date(pen: Pen, question: QuestionNode) -> str:
    past = question.settings.get("future") is False
    return (pen.today - timedelta(days=20) if past else pen.today + timedelta(days=20)).isoformat()


def _month(pen: Pen, question: QuestionNode) -> str:
    return pen.month(-1 if question.settings.get("future") is False else 2)


def _choice(pen: Pen, question: QuestionNode) -> dict[str, Any]:
    keys = [str(option["key"]) for option in question.settings.get("options", ())]
    wanted = [key for key in _CHOSEN.get(question.slug, ()) if key in keys]
    return {"key": (wanted or keys)[0]}


def _choices(pen: Pen, question: QuestionNode) -> dict[str, Any]:
    keys = [str(option["key"]) for option in question.settings.get("options", ())]
    return {"keys": [key for key in _CHOSEN.get(question.slug, ()) if key in keys] or keys[:1]}


def _yes_no(pen: Pen, question: QuestionNode) -> dict[str, str]:
    yes = question.slug in _YES or (question.slug == "other-requests" and pen.variation % 2 == 0)
    return {"yes": "yes" if yes else "no", "more": pen.passage(question)}


def _address(pen: Pen, question: QuestionNode) -> dict[str, str]:
    return {"lines": "7 Orchard Lane", "place": "Exampletown", "postal_code": "00000", "country": "—"}


def _table(pen: Pen, question: QuestionNode) -> list[dict[str, str]]:
    rows = max(int(question.settings.get("min_rows") or 1), 2)
    rows = min(rows, int(question.settings.get("max_rows") or rows))
    columns = question.settings.get("columns", ())
    return [{str(column["key"]): _cell(pen, question, column, row) for column in columns} for row in range(rows)]


def _cell(pen: Pen, question: QuestionNode, column: Mapping[str, Any], row: int) -> str:
    kind, key, say = column.get("kind"), str(column["key"]), words(pen.language)
    lists = {"activities": say["activity"], "risks": say["risk"]}
    if question.slug in lists and key in ("activity", "result", "risk", "response"):
        texts = lists[question.slug]
        return str(texts[(row * 2 + (key in ("result", "response"))) % len(texts)])
    if question.slug == "milestones" and key == "milestone":
        return str(say["milestone"][row % 3])
    if kind == K.CHOICE:
        return str(column["options"][row % len(column["options"])]["key"])
    if kind == K.MONTH:
        return pen.month((2 if key in ("begins", "from", "month") else 8) + row * 3)
    if kind == K.DATE:
        return (pen.today + timedelta(days=30 * (row + 1))).isoformat()
    if kind in (K.NUMBER, K.MONEY):
        return str(4000 + 1500 * row)
    if key == "likelihood":
        return {"en": "medium", "ar": "متوسط", "he": "בינונית"}[pen.language]
    return str(say["row"][0] if key == "funder" else say["row"][1] if key == "for" else say["milestone"][row % 3])


_WRITERS: dict[str, Any] = {
    K.SHORT_TEXT: Pen.passage,
    K.LONG_TEXT: Pen.passage,
    K.EMAIL: lambda _pen, _question: "office@partner.example",
    K.PHONE: lambda _pen, _question: "+970 2 555 0123",
    K.WEB: lambda _pen, _question: "https://partner.example/",
    K.ADDRESS: _address,
    K.NUMBER: _number,
    K.MONEY: _money,
    K.DATE: _date,
    K.MONTH: _month,
    K.CHOICE: _choice,
    K.CHOICES: _choices,
    K.YES_NO: _yes_no,
    K.TABLE: _table,
    K.DECLARATION: lambda _pen, _question: True,
}
