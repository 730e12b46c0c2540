"""A rubric of the call for core support: the five scored criteria, and one of its own in two parts."""

from decimal import Decimal
from typing import Any

from accounts.models import Programme, User
from core.translated import Translated
from grants.models import Call
from insights.demo.terms import change_terms
from reviews.models import RubricVersion
from reviews.services.rubric_criteria import CriterionText, add_criterion
from reviews.services.rubrics import create_rubric, publish_version, set_weights

NAME = Translated(en="Core support", ar="الدعم الأساسي", he="תמיכת ליבה")
# Percent of the whole; the rest is the call's own criterion.
WEIGHTS = {"values": 25, "non_duplication": 10, "political": 20, "financial": 20, "capacity": 15}
LASTING = Translated(en="What lasts", ar="ما يبقى", he="מה נשאר")
PARTS: tuple[dict[str, Any], ...] = (
    {
        "code": "learning",
        "name": Translated(en="Use to others", ar="الفائدة للآخرين", he="תועלת לאחרים"),
        "question": Translated(
            en="Can other groups use what comes of it?",
            ar="هل تستطيع مجموعات أخرى الاستفادة من النتائج؟",
            he="האם קבוצות אחרות יוכלו להשתמש בתוצאות?",
        ),
        "anchors": (
            Translated(en="Nobody outside the group.", ar="لا أحد من خارج المجموعة.", he="אף אחד מחוץ לקבוצה."),
            Translated(en="Possible, and nothing is planned.", ar="ممكن، ولا خطة لذلك.", he="ייתכן, ואין תכנון לכך."),
            Translated(en="Written down for others.", ar="يُدوَّن للآخرين.", he="נכתב עבור אחרים."),
            Translated(
                en="Shared with one named group.",
                ar="يُشارَك مع مجموعة مسمّاة.",
                he="משותף עם קבוצה אחת נקובה.",
            ),
            Translated(
                en="Shared with several named groups.",
                ar="يُشارَك مع عدة مجموعات مسمّاة.",
                he="משותף עם כמה קבוצות נקובות.",
            ),
            Translated(
                en="Others already use it or ask for it.",
                ar="يستخدمه آخرون بالفعل أو يطلبونه.",
                he="אחרים כבר משתמשים בכך או מבקשים זאת.",
            ),
        ),
    },
    {
        "code": "after-the-grant",
        "name": Translated(en="After the grant", ar="بعد المنحة", he="אחרי המענק"),
        "question": Translated(
            en="What of the work goes on when the money is spent?",
            ar="ما الذي يستمر من العمل بعد إنفاق المال؟",
            he="מה מהעבודה נמשך לאחר שהכסף נוצל?",
        ),
        "anchors": (
            Translated(en="Nothing.", ar="لا شيء.", he="דבר לא נמשך."),
            Translated(en="Unknown to the group itself.", ar="لا تعرفه المجموعة نفسها.", he="הקבוצה עצמה אינה יודעת."),
            Translated(
                en="A part, if other money is found.",
                ar="جزء، إذا وُجد تمويل آخر.",
                he="חלק, אם יימצא מימון אחר.",
            ),
            Translated(en="A part, with money in sight.", ar="جزء، بتمويل مرتقب.", he="חלק, במימון שנראה לעין."),
            Translated(en="Most of it, with money in sight.", ar="معظمه، بتمويل مرتقب.", he="רובה, במימון שנראה לעין."),
            Translated(en="All of it, with money promised.", ar="كله، بتمويل موعود.", he="כולה, במימון שהובטח."),
        ),
    },
)  # fmt: skip


def make_rubric(programme: Programme, by: User) -> RubricVersion:
    """Published, with every anchor in three languages."""
    version = create_rubric(programme=programme, name=NAME, by=by)
    rows = {row.code: row for row in version.criteria.all()}
    weights = {rows[code].pk: Decimal(weight) for code, weight in WEIGHTS.items()}
    set_weights(version=version, weights=weights, by=by)
    own = CriterionText(name=LASTING, code="lasting", weight=Decimal(100 - sum(WEIGHTS.values())))
    whole = add_criterion(version=version, text=own, by=by)
    for part in PARTS:
        anchors = {Decimal(level): words for level, words in enumerate(part["anchors"])}
        add_criterion(version=version, text=CriterionText(**part | {"anchors": anchors, "parent_id": whole.pk}), by=by)
    return publish_version(version=version, by=by)


def choose_rubric(call: Call, version: RubricVersion, by: User) -> None:
    """The call is judged by it."""
    change_terms(call, by, rubric_version=version)
