"""The demo's programme: texts, calendar of the office, two calls."""

from collections import Counter
from collections.abc import Mapping
from datetime import date, datetime, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

import holidays

from accounts.models import Holiday, Programme, User
from core.translated import Translated
from grants.choices import CallKind
from grants.models import Call, FormVersion
from grants.services.calls import create_call, publish_call, set_eligibility_questions
from insights.demo.library import content, text
from insights.demo.timeline import Timeline

ZONE = ZoneInfo("Asia/Jerusalem")
CLOSED = Translated(en="Office closed", ar="المكتب مغلق", he="המשרד סגור")
# Public holidays on which the office is closed, and how many days of each: as many of one side as of the other.
HOLIDAYS = {
    "IL": {
        "Pesach": (1, Translated(en="Passover", ar="عيد الفصح اليهودي", he="פסח")),
        "Seventh day of Pesach": (1, Translated(en="Passover", ar="عيد الفصح اليهودي", he="שביעי של פסח")),
        "Independence Day": (1, CLOSED),
        "Shavuot": (1, Translated(en="Shavuot", ar="عيد الأسابيع", he="שבועות")),
        "Rosh Hashanah": (2, Translated(en="Rosh Hashanah", ar="رأس السنة العبرية", he="ראש השנה")),
        "Yom Kippur": (1, Translated(en="Yom Kippur", ar="يوم الغفران", he="יום כיפור")),
        "Sukkot": (1, Translated(en="Sukkot", ar="عيد العُرش", he="סוכות")),
        "Simchat Torah / Shemini Atzeret": (1, Translated(en="Simchat Torah", ar="فرحة التوراة", he="שמחת תורה")),
    },
    "PS": {
        "Eid al-Fitr": (2, Translated(en="Eid al-Fitr", ar="عيد الفطر", he="עיד אל־פיטר")),
        "Independence Day": (1, CLOSED),
        "Eid al-Adha": (2, Translated(en="Eid al-Adha", ar="عيد الأضحى", he="עיד אל־אדחא")),
        "Islamic New Year": (1, Translated(en="Islamic New Year", ar="رأس السنة الهجرية", he="ראש השנה ההיג'רי")),
        "Prophet's Birthday": (1, Translated(en="Prophet's Birthday", ar="المولد النبوي", he="יום הולדת הנביא")),
        "Orthodox Christmas Day": (
            1,
            Translated(en="Eastern Christmas", ar="الميلاد الشرقي", he="חג המולד המזרחי"),
        ),
        "Catholic Christmas Day": (1, Translated(en="Christmas", ar="عيد الميلاد", he="חג המולד")),
    },
}


def make_programme() -> Programme:
    """The programme with its texts in three languages."""
    table = content("programme")
    return Programme.objects.create(
        slug=table["slug"],
        balance_aims=table["balance_aims"],
        contact_email=table["contact_email"],
        contact_phone=table["contact_phone"],
        time_zone=str(ZONE),
        **{name: text(table[name]) for name in ("name", "summary", "description", "how_we_decide", "privacy")},
    )


def close_the_office(programme: Programme, today: date) -> None:
    """Holidays of both sides from last year to the next, so that promises made around new year are right too."""
    names: dict[date, Translated] = {}
    for country, wanted in HOLIDAYS.items():
        found = holidays.country_holidays(
            country, years=range(today.year - 1, today.year + 2), language="en_US", expand=False
        )
        taken: Counter[tuple[int, str]] = Counter()
        for day, joined in sorted(found.items()):
            for name in joined.split("; "):
                most, label = wanted.get(name, (0, CLOSED))
                if taken[day.year, name] < most:
                    taken[day.year, name] += 1
                    names[day] = label if day not in names else CLOSED
    Holiday.objects.bulk_create([Holiday(programme=programme, day=day, name=name) for day, name in names.items()])


def _check(en: str, ar: str, he: str, **meaning: str) -> dict[str, object]:
    explanation = meaning.pop("why_en"), meaning.pop("why_ar"), meaning.pop("why_he")
    return {
        "text": Translated(en=en, ar=ar, he=he),
        "explanation": Translated(zip(("en", "ar", "he"), explanation, strict=True)),
        **meaning,
    }


QUESTIONS = (
    _check(
        "Do you defend human rights, for anybody, without violence?",
        "هل تدافعون عن حقوق الإنسان، لأي شخص كان، من دون عنف؟",
        "האם אתם מגינים על זכויות אדם, של כל אדם, ללא אלימות?",
        no_answer="no",
        why_en="We can support only non-violent work for human rights. Other funds may fit you better.",
        why_ar="لا نستطيع دعم سوى العمل اللاعنفي من أجل حقوق الإنسان. قد تناسبكم صناديق أخرى أكثر.",
        why_he="אנחנו יכולים לתמוך רק בעבודה לא אלימה למען זכויות אדם. ייתכן שקרנות אחרות יתאימו לכם יותר.",
    ),
    _check(
        "Do you work in Israel, the West Bank, East Jerusalem or Gaza?",
        "هل تعملون في إسرائيل أو الضفة الغربية أو القدس الشرقية أو غزة؟",
        "האם אתם פועלים בישראל, בגדה המערבית, במזרח ירושלים או בעזה?",
        ask_answer="no",
        why_en="Write to us if your people work there and your office is elsewhere.",
        why_ar="اكتبوا إلينا إذا كان العاملون لديكم هناك ومكتبكم في مكان آخر.",
        why_he="כתבו לנו אם אנשיכם פועלים שם והמשרד שלכם במקום אחר.",
    ),
    _check(
        "Is your organisation banned or designated by an authority?",
        "هل منظمتكم محظورة أو مصنّفة من جانب سلطة ما؟",
        "האם הארגון שלכם הוצא מחוץ לחוק או הוכרז על ידי רשות כלשהי?",
        ask_answer="yes",
        why_en="This is no refusal. Ask us before you write, so that we can find a safe and lawful way.",
        why_ar="هذا ليس رفضاً. اسألونا قبل أن تكتبوا، كي نجد طريقاً آمناً وقانونياً.",
        why_he="אין זה סירוב. פנו אלינו לפני שתכתבו, כדי שנמצא דרך בטוחה וחוקית.",
    ),
)


def make_calls(
    programme: Programme, versions: Mapping[str, FormVersion], by: User, timeline: Timeline
) -> dict[str, Call]:
    """Rapid response, open all year, and core support for next year, both published."""
    timeline.happens(timeline.now - timedelta(days=150))
    timeline.acts(by, "staff:call_create")
    year = timeline.now.astimezone(ZONE).year + 1
    texts = content("calls")
    rapid = create_call(
        programme=programme,
        by=by,
        slug="rapid-response",
        kind=CallKind.RAPID,
        reference_prefix="RR",
        amount_min=Decimal(1000),
        amount_max=Decimal(25000),
        currencies=["USD", "EUR", "ILS"],
        months_max=6,
        opens_at=timeline.now - timedelta(days=140),
        time_zone=str(ZONE),
        first_answer_hours=48,
        decision_working_days=5,
        payment_working_days=5,
        needs_review=False,
        form_version=versions["rapid-response"],
        **{name: text(texts["rapid"][name]) for name in ("title", "summary", "description", "who_may_apply")},
    )
    core = create_call(
        programme=programme,
        by=by,
        slug=f"core-support-{year}",
        kind=CallKind.OPEN,
        reference_prefix="CS",
        amount_min=Decimal(10000),
        amount_max=Decimal(80000),
        currencies=["USD", "EUR", "ILS"],
        months_max=12,
        opens_at=timeline.now - timedelta(days=60),
        closes_at=_deadline(timeline.now),
        time_zone=str(ZONE),
        grace_minutes=30,
        first_answer_hours=72,
        decision_working_days=30,
        payment_working_days=10,
        needs_review=True,
        registration_required=False,
        form_version=versions["core-support"],
        **{name: _dated(texts["core"][name], year) for name in ("title", "summary", "description", "who_may_apply")},
    )
    made = {}
    for key, call in (("rapid", rapid), ("core", core)):
        timeline.acts(by, "staff:call_edit")
        set_eligibility_questions(call=call, by=by, questions=QUESTIONS)
        timeline.acts(by, "staff:call_publish")
        made[key] = publish_call(call=call, by=by)
    return made


def _dated(table: dict[str, str], year: int) -> Translated:
    return Translated({code: words.replace("{year}", str(year)) for code, words in text(table).items()})


def _deadline(now: datetime) -> datetime:
    """Noon of a Thursday, five to six weeks ahead."""
    day = now.astimezone(ZONE).date() + timedelta(days=35)
    day += timedelta(days=(3 - day.weekday()) % 7)
    return datetime(day.year, day.month, day.day, 12, tzinfo=ZONE)
