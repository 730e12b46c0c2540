"""Texts of the two calls that the demonstration shows; written as fields of `services.calls.create_call`."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

from accounts.models import Programme
from grants.choices import CallKind
from grants.form_definitions.loading import load_forms
from grants.form_definitions.shapes import t
from grants.models import Call
from grants.services import calls

_JERUSALEM = ZoneInfo("Asia/Jerusalem")

_HUMAN_RIGHTS = {
    "text": t(
        "Does your group defend human rights?",
        "هل تدافع مجموعتكم عن حقوق الإنسان؟",
        "האם הקבוצה שלכם מגינה על זכויות אדם?",
    ),
    "no_answer": "no",
    "explanation": t(
        "The programme funds groups that defend human rights. For other needs, ask the public services or an aid "
        "organisation near you.",
        "يموّل البرنامج المجموعات التي تدافع عن حقوق الإنسان. للاحتياجات الأخرى توجّهوا إلى الخدمات العامة أو إلى "
        "منظمة إغاثة قريبة منكم.",
        "התוכנית מממנת קבוצות המגינות על זכויות אדם. לצרכים אחרים פנו לשירותים הציבוריים או לארגון סיוע קרוב אליכם.",
    ),
}
_PLACE = {
    "text": t(
        "Do you work in Israel, in the West Bank including East Jerusalem, or in Gaza?",
        "هل تعملون في إسرائيل أو في الضفة الغربية بما فيها القدس الشرقية أو في غزة؟",
        "האם אתם פועלים בישראל, בגדה המערבית כולל מזרח ירושלים, או בעזה?",
    ),
    "ask_answer": "no",
    "explanation": t(
        "Groups that had to leave and go on with the work from elsewhere may apply. Ask us first.",
        "يمكن للمجموعات التي اضطرت إلى المغادرة وتواصل عملها من مكان آخر أن تتقدم بطلب. اسألونا أولاً.",
        "קבוצות שנאלצו לעזוב וממשיכות בעבודתן ממקום אחר רשאיות להגיש בקשה. שאלו אותנו תחילה.",
    ),
}
_VIOLENCE = {
    "text": t(
        "Does your group use violence, or call for it?",
        "هل تستخدم مجموعتكم العنف أو تدعو إليه؟",
        "האם הקבוצה שלכם נוקטת אלימות או קוראת לה?",
    ),
    "no_answer": "yes",
    "explanation": t(
        "We only fund work that respects the human rights of everyone, without violence.",
        "لا نموّل إلا العمل الذي يحترم حقوق الإنسان للجميع بلا عنف.",
        "אנו מממנים רק עבודה שמכבדת את זכויות האדם של כולם, ללא אלימות.",
    ),
}
_THREAT = {
    "text": t(
        "Is there a threat to your people, premises, money or legal status that cannot wait two months?",
        "هل هناك خطر على أشخاصكم أو مكانكم أو أموالكم أو وضعكم القانوني لا يحتمل الانتظار شهرين؟",
        "האם קיים איום על האנשים, המקום, הכסף או המעמד המשפטי שלכם שאינו יכול להמתין חודשיים?",
    ),
    "no_answer": "no",
    "explanation": t(
        "Rapid response is for what cannot wait. Look at the other open calls.",
        "الاستجابة العاجلة مخصصة لما لا يحتمل الانتظار. اطّلعوا على الدعوات الأخرى المفتوحة.",
        "המענה המהיר מיועד למה שאינו יכול להמתין. עיינו בקולות הקוראים האחרים הפתוחים.",
    ),
}
_PAID_ALREADY = {
    "text": t(
        "Is the money for costs that somebody else is already paying?",
        "هل المبلغ مخصص لتكاليف تدفعها جهة أخرى بالفعل؟",
        "האם הכסף מיועד להוצאות שגורם אחר כבר משלם?",
    ),
    "ask_answer": "yes",
    "explanation": t(
        "We do not pay the same cost twice, but we can fill a gap. Ask us.",
        "لا ندفع التكلفة نفسها مرتين، لكن يمكننا سد النقص. اسألونا.",
        "איננו משלמים פעמיים על אותה הוצאה, אך נוכל להשלים חסר. שאלו אותנו.",
    ),
}
_TWO_YEARS = {
    "text": t(
        "Has your organisation worked for at least two years?",
        "هل مضى على عمل منظمتكم سنتان على الأقل؟",
        "האם הארגון שלכם פועל שנתיים לפחות?",
    ),
    "ask_answer": "no",
    "explanation": t(
        "Younger organisations may apply together with one that has worked longer. Ask us first.",
        "يمكن للمنظمات الأحدث أن تتقدم بطلب مع منظمة أقدم منها. اسألونا أولاً.",
        "ארגונים צעירים יותר רשאים להגיש בקשה יחד עם ארגון ותיק מהם. שאלו אותנו תחילה.",
    ),
}
_RECEIVES = {
    "text": t(
        "Can your organisation, or another one on its behalf, lawfully receive a grant?",
        "هل يمكن لمنظمتكم، أو لمنظمة أخرى نيابة عنها، أن تستلم منحة بصورة قانونية؟",
        "האם הארגון שלכם, או ארגון אחר מטעמו, רשאי על פי חוק לקבל מענק?",
    ),
    "ask_answer": "no",
    "explanation": t(
        "A refused or contested registration is no refusal from us. Ask us how money can arrive.",
        "رفض التسجيل أو الخلاف عليه لا يعني رفضنا. اسألونا كيف يمكن أن يصل المال.",
        "סירוב לרישום או מחלוקת עליו אינם סירוב מצדנו. שאלו אותנו כיצד הכסף יכול להגיע.",
    ),
}


def rapid_response() -> dict[str, Any]:
    """Open all year, small and fast."""
    return {
        "slug": "rapid-response",
        "form": "rapid-response",
        "kind": CallKind.RAPID,
        "reference_prefix": "RR",
        "title": t("Rapid response", "الاستجابة العاجلة", "מענה מהיר"),
        "summary": t(
            "For groups facing an immediate threat to their people, premises, funds or legal status.",
            "للمجموعات التي تواجه خطراً مباشراً على أشخاصها أو مكانها أو أموالها أو وضعها القانوني.",
            "לקבוצות העומדות מול איום מיידי על האנשים, המקום, הכסף או המעמד המשפטי שלהן.",
        ),
        "description": t(
            "The form has ten questions. Rent, salaries, legal costs, medical and psychosocial care, moving people to "
            "safety and digital security can be paid for. If you cannot get on line, call us: an officer can enter the "
            "application with you.",
            "في النموذج عشرة أسئلة. يمكن تغطية الإيجار والرواتب والتكاليف القانونية والرعاية الطبية والنفسية "
            "الاجتماعية ونقل الأشخاص إلى مكان آمن والأمان الرقمي. إذا تعذّر عليكم الاتصال بالإنترنت فاتصلوا بنا: "
            "يمكن لأحد العاملين أو إحدى العاملات لدينا تعبئة الطلب معكم.",
            "בטופס עשר שאלות. אפשר לממן שכר דירה, משכורות, הוצאות משפטיות, טיפול רפואי ונפשי־חברתי, העברת אנשים למקום "
            "בטוח ואבטחה דיגיטלית. אם אין לכם גישה לאינטרנט, התקשרו אלינו: איש או אשת צוות יוכלו למלא את הבקשה איתכם.",
        ),
        "who_may_apply": t(
            "Groups that defend human rights in Israel, in the West Bank including East Jerusalem, or in Gaza, "
            "registered or not.",
            "المجموعات التي تدافع عن حقوق الإنسان في إسرائيل أو في الضفة الغربية بما فيها القدس الشرقية أو في غزة، "
            "سواء أكانت مسجّلة أم لا.",
            "קבוצות המגינות על זכויות אדם בישראל, בגדה המערבית כולל מזרח ירושלים, או בעזה, רשומות או לא רשומות.",
        ),
        "amount_min": None,
        "amount_max": Decimal(25000),
        "currencies": ["USD", "EUR"],
        "months_max": 6,
        "time_zone": "Asia/Jerusalem",
        "first_answer_hours": 48,
        "decision_working_days": 5,
        "payment_working_days": 5,
        "needs_review": False,
        "questions": [_HUMAN_RIGHTS, _PLACE, _VIOLENCE, _THREAT, _PAID_ALREADY],
    }


def core_support(moment: datetime) -> dict[str, Any]:
    """Flexible funding with a deadline: the next 15 January that is at least four weeks after `moment`."""
    year = moment.year
    while datetime(year, 1, 15, 23, 59, tzinfo=_JERUSALEM) < moment + timedelta(weeks=4):
        year += 1
    return {
        "slug": f"core-support-{year}",
        "form": "core-support",
        "kind": CallKind.OPEN,
        "reference_prefix": "CS",
        "title": t(f"Core support {year}", f"الدعم الأساسي {year}", f"תמיכת ליבה {year}"),
        "summary": t(
            "Twelve to eighteen months of flexible funding for documentation, legal aid and advocacy.",
            "تمويل مرن لمدة اثني عشر إلى ثمانية عشر شهراً للتوثيق والمساعدة القانونية والمناصرة.",
            "מימון גמיש לשנים־עשר עד שמונה־עשר חודשים לתיעוד, לסיוע משפטי ולסנגור.",
        ),
        "description": t(
            "Core support keeps an organisation going: salaries, rent, bookkeeping and security count as much as "
            "activities. Two reviewers read each application, and a panel discusses them together.",
            "يهدف الدعم الأساسي إلى استمرار المنظمة: الرواتب والإيجار والمحاسبة والأمان لا تقل أهمية عن الأنشطة. "
            "يقرأ كل طلب اثنان من المراجعين والمراجعات، ثم تناقش لجنة الطلبات معاً.",
            "תמיכת ליבה מאפשרת לארגון להמשיך: משכורות, שכר דירה, הנהלת חשבונות וביטחון חשובים כמו פעילויות. כל בקשה "
            "נקראת בידי שני בודקים או בודקות, וועדה דנה בכולן יחד.",
        ),
        "who_may_apply": t(
            "Human-rights organisations with at least two years of work in Israel, in the West Bank including East "
            "Jerusalem, or in Gaza.",
            "منظمات حقوق الإنسان التي تعمل منذ سنتين على الأقل في إسرائيل أو في الضفة الغربية بما فيها القدس الشرقية "
            "أو في غزة.",
            "ארגוני זכויות אדם הפועלים שנתיים לפחות בישראל, בגדה המערבית כולל מזרח ירושלים, או בעזה.",
        ),
        "amount_min": Decimal(30000),
        "amount_max": Decimal(120000),
        "currencies": ["USD", "EUR"],
        "months_max": 18,
        "opens_at": datetime(year - 1, 10, 1, 6, 0, tzinfo=UTC),
        "closes_at": datetime(year, 1, 15, 23, 59, tzinfo=_JERUSALEM).astimezone(UTC),
        "time_zone": "Asia/Jerusalem",
        "grace_minutes": 60,
        "first_answer_hours": 120,
        "decision_working_days": 30,
        "payment_working_days": 10,
        "needs_review": True,
        "questions": [_HUMAN_RIGHTS, _PLACE, _VIOLENCE, _TWO_YEARS, _RECEIVES],
    }


def demo_calls(moment: datetime) -> list[dict[str, Any]]:
    """Both, as seen at `moment` (aware): fields of `create_call`, with "form" (name) and "questions" beside them."""
    return [rapid_response(), core_support(moment)]


def write_calls(*, programme: Programme, moment: datetime, by: Any = None) -> list[Call]:
    """Both calls, published, in a programme; those that are there already are left as they are."""
    versions = load_forms(programme=programme)
    found = []
    for fields in demo_calls(moment):
        present = Call.objects.filter(slug=fields["slug"]).first()
        if present is None:
            questions = fields.pop("questions")
            version = versions[fields.pop("form")]
            present = calls.create_call(programme=programme, by=by, form_version=version, **fields)
            calls.set_eligibility_questions(call=present, by=by, questions=questions)
            present = calls.publish_call(call=present, by=by)
        found.append(present)
    return found
