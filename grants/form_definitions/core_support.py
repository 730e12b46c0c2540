"""Core support: flexible funding for a year or more. Who you are and what you will do; the rest is in `_delivery`."""

from grants.choices import QuestionKind as K
from grants.form_definitions.core_support_delivery import FILES_AND_DECLARATIONS, MONEY, MONITORING, PEOPLE, RISKS
from grants.form_definitions.shapes import Ask, Definition, Page, column, options, t

YOUR_ORGANISATION = Page(
    slug="your-organisation",
    title=t("Your organisation", "منظمتكم", "הארגון שלכם"),
    intro=t(
        "Facts from your profile are shown here and are not asked again. Mend them in the profile if they are old.",
        "تظهر هنا معلومات من ملف المنظمة ولن نسأل عنها مرة أخرى. إذا لم تعد صحيحة فحدّثوها في الملف.",
        "כאן מוצגות עובדות מפרופיל הארגון, ולא נשאל עליהן שוב. אם הן אינן מעודכנות, תקנו אותן בפרופיל.",
    ),
    minutes=15,
    questions=(
        Ask(
            "mission",
            K.ORGANIZATION,
            t("Your mission", "رسالة المنظمة", "ייעוד הארגון"),
            fields={"settings": {"field": "mission"}},
        ),
        Ask(
            "yearly-budget",
            K.ORGANIZATION,
            t("Your yearly budget", "الميزانية السنوية للمنظمة", "התקציב השנתי של הארגון"),
            fields={"settings": {"field": "yearly_budget"}},
        ),
        Ask(
            "main-work",
            K.LONG_TEXT,
            t(
                "What has your organisation done in the last two years, and what changed because of it?",
                "ماذا أنجزت منظمتكم في السنتين الأخيرتين، وما الذي تغيّر نتيجة ذلك؟",
                "מה עשה הארגון בשנתיים האחרונות, ומה השתנה בזכות זה?",
            ),
            t(
                "Two or three examples say more than a full list.",
                "مثالان أو ثلاثة أبلغ من قائمة كاملة.",
                "שתיים או שלוש דוגמאות אומרות יותר מרשימה מלאה.",
            ),
            fields={"word_limit": 300, "identifying": True},
        ),
        Ask(
            "whom-you-serve",
            K.LONG_TEXT,
            t(
                "Whom do you serve, and how do they take part in your decisions?",
                "مَن هي الفئات التي تخدمونها، وكيف تشارك في قراراتكم؟",
                "את מי אתם ואתן משרתים, וכיצד הם והן שותפים להחלטות שלכם?",
            ),
            fields={"word_limit": 200},
        ),
    ),
)

PRESSURES = options(
    (
        "legal",
        t(
            "Laws, orders or court cases against the organisation",
            "قوانين أو أوامر أو قضايا ضد المنظمة",
            "חוקים, צווים או הליכים משפטיים נגד הארגון",
        ),
    ),
    (
        "people",
        t(
            "Arrest, interrogation or a travel ban",
            "اعتقال أو استدعاء أو منع من السفر",
            "מעצר, חקירה או איסור יציאה",
        ),
    ),
    (
        "premises",
        t("A raid, a closure or a demolition order", "اقتحام أو إغلاق أو أمر هدم", "פשיטה, סגירה או צו הריסה"),
    ),
    (
        "violence",
        t("Violence or threats against people", "عنف أو تهديد موجّه إلى أشخاص", "אלימות או איומים כלפי אנשים"),
    ),
    ("smear", t("A smear campaign", "حملة تشهير", "מסע הכפשה")),
    (
        "bank",
        t(
            "A frozen account, or a bank that refuses service",
            "تجميد حساب أو رفض البنك تقديم الخدمة",
            "חשבון מוקפא או בנק שמסרב לתת שירות",
        ),
    ),
    (
        "donors",
        t("Donors who withdrew or delayed money", "مانحون انسحبوا أو أخّروا الدفعات", "תורמים שפרשו או עיכבו כספים"),
    ),
    ("none", t("None of these", "لا شيء مما ذُكر", "אף אחד מאלה")),
    other=True,
)

PRESSURE = Page(
    slug="pressure",
    title=t("The pressure you are under", "الضغوط التي تواجهونها", "הלחצים שאתם עומדים בפניהם"),
    minutes=15,
    questions=(
        Ask(
            "pressures",
            K.CHOICES,
            t(
                "What has your organisation faced in the last twelve months?",
                "ما الذي واجهته منظمتكم في الأشهر الاثني عشر الأخيرة؟",
                "עם מה התמודד הארגון בשנים־עשר החודשים האחרונים?",
            ),
            t("Choose all that apply.", "اختاروا كل ما ينطبق.", "בחרו כל מה שמתאים."),
            fields={"settings": PRESSURES, "sensitive": True},
        ),
        Ask(
            "pressure-account",
            K.LONG_TEXT,
            t(
                "Describe the most serious of these, with dates, and what it does to your work.",
                "صفوا أخطرها مع التواريخ، وأثره على عملكم.",
                "תארו את החמור שבהם, בציון תאריכים, ואת השפעתו על העבודה שלכם.",
            ),
            when=("pressures", "is_not", "none"),
            fields={"word_limit": 300, "sensitive": True, "identifying": True},
        ),
        Ask(
            "months-of-cash",
            K.NUMBER,
            t(
                "For how many months can you pay salaries and rent with the money you have now?",
                "لكم شهراً تكفي الأموال المتوفرة لديكم الآن لدفع الرواتب والإيجار؟",
                "לכמה חודשים מספיק הכסף שברשותכם כעת לתשלום משכורות ושכר דירה?",
            ),
            t(
                "An estimate is enough. Count only money that you may use for this.",
                "يكفي التقدير. احسبوا فقط الأموال التي يُسمح باستخدامها لهذا الغرض.",
                "די בהערכה. הביאו בחשבון רק כסף שמותר להשתמש בו למטרה זו.",
            ),
            fields={"settings": {"min": "0", "max": "120", "places": 1}, "sensitive": True},
        ),
        Ask(
            "lost-income",
            K.CHOICE,
            t(
                "How much of last year's income have you lost, or expect to lose this year?",
                "كم خسرتم من دخل العام الماضي، أو تتوقعون أن تخسروا هذا العام؟",
                "איזה חלק מהכנסות השנה שעברה אבד לכם, או צפוי לאבוד השנה?",
            ),
            fields={
                "settings": options(
                    ("none", t("Nothing", "لا شيء", "כלום")),
                    ("quarter", t("Up to a quarter", "حتى الربع", "עד רבע")),
                    ("half", t("Up to a half", "حتى النصف", "עד מחצית")),
                    ("more", t("More than a half", "أكثر من النصف", "יותר ממחצית")),
                ),
                "sensitive": True,
            },
        ),
    ),
)

VALUES = Page(
    slug="values",
    title=t("Values", "القيم", "ערכים"),
    intro=t(
        "The same questions go to every applicant.",
        "تُطرح الأسئلة نفسها على جميع مقدّمي الطلبات ومقدّماتها.",
        "אותן שאלות נשאלות כל המבקשים והמבקשות.",
    ),
    minutes=15,
    questions=(
        Ask(
            "universal-rights",
            K.LONG_TEXT,
            t(
                "How does your conduct show that human rights belong to everyone, those you disagree with included?",
                "كيف تُظهر ممارستكم أن حقوق الإنسان للجميع، ومنهم من تختلفون معهم؟",
                "כיצד באה לידי ביטוי בהתנהלותכם התפיסה שזכויות האדם שייכות לכולם, גם למי שאינכם מסכימים איתם?",
            ),
            fields={"word_limit": 250},
        ),
        Ask(
            "own-side",
            K.LONG_TEXT,
            t(
                "When people or authorities of your own community violate rights, what do you do?",
                "ماذا تفعلون عندما ينتهك الحقوقَ أشخاصٌ أو سلطات من مجتمعكم؟",
                "מה אתם ואתן עושים כשאנשים או רשויות מהקהילה שלכם מפרים זכויות?",
            ),
            t(
                "Say what you can safely do. We know that speaking is not equally safe for everybody.",
                "اذكروا ما يمكنكم فعله بأمان. نعرف أن الجهر بالقول ليس آمناً للجميع بالقدر نفسه.",
                "כתבו מה אפשר לעשות בבטחה. ידוע לנו שלא לכולם בטוח לדבר באותה מידה.",
            ),
            fields={"word_limit": 200, "sensitive": True},
        ),
        Ask(
            "non-violence",
            K.YES_NO,
            t(
                "Does your organisation have a written position on non-violence and discrimination?",
                "هل لدى منظمتكم موقف مكتوب من اللاعنف ومن التمييز؟",
                "האם יש לארגון עמדה כתובה בנושא אי־אלימות ואפליה?",
            ),
            fields={
                "settings": {
                    "follow_up": t(
                        "How do you deal with these matters without one?",
                        "كيف تتعاملون مع هذه المسائل بدونه؟",
                        "כיצד אתם מתמודדים עם נושאים אלה בלעדיה?",
                    ),
                    "follow_up_when": False,
                },
                "word_limit": 100,
            },
        ),
    ),
)

PLAN = Page(
    slug="plan",
    title=t("What you will do", "ما الذي ستقومون به", "מה בכוונתכם לעשות"),
    minutes=30,
    questions=(
        Ask(
            "goals",
            K.LONG_TEXT,
            t(
                "What do you want to have achieved by the end of the grant?",
                "ماذا تريدون أن تكونوا قد حققتم عند نهاية المنحة؟",
                "מה תרצו להשיג עד תום תקופת המענק?",
            ),
            fields={"word_limit": 400},
        ),
        Ask(
            "activities",
            K.TABLE,
            t("What are your main activities?", "ما هي أنشطتكم الرئيسية؟", "מהן הפעילויות העיקריות שלכם?"),
            t(
                "One activity in each row, ten at most.",
                "نشاط واحد في كل صف، وعشرة أنشطة على الأكثر.",
                "פעילות אחת בכל שורה, עשר לכל היותר.",
            ),
            fields={
                "settings": {
                    "columns": [
                        column("activity", K.LONG_TEXT, t("Activity", "النشاط", "פעילות")),
                        column("begins", K.MONTH, t("Begins", "البداية", "התחלה")),
                        column("ends", K.MONTH, t("Ends", "النهاية", "סיום"), required=False),
                        column("result", K.LONG_TEXT, t("Expected result", "النتيجة المتوقعة", "תוצאה צפויה")),
                    ],
                    "min_rows": 1,
                    "max_rows": 10,
                }
            },
        ),
        Ask(
            "milestones",
            K.TABLE,
            t(
                "By which milestones will we both know that you are on course?",
                "ما هي المحطات الرئيسية التي نعرف منها معاً أنكم على المسار الصحيح؟",
                "אילו אבני דרך יראו לכם ולנו שאתם בכיוון הנכון?",
            ),
            fields={
                "settings": {
                    "columns": [
                        column("milestone", K.SHORT_TEXT, t("Milestone", "المحطة الرئيسية", "אבן דרך")),
                        column("month", K.MONTH, t("By when", "الموعد", "עד מתי")),
                    ],
                    "min_rows": 1,
                    "max_rows": 8,
                }
            },
        ),
        Ask(
            "people-reached",
            K.NUMBER,
            t(
                "How many people will benefit directly?",
                "كم عدد المستفيدين والمستفيدات مباشرة؟",
                "כמה אנשים ייהנו מהפעילות באופן ישיר?",
            ),
            t(
                "An estimate is enough. Count each person once.",
                "يكفي التقدير. احسبوا كل شخص مرة واحدة.",
                "די בהערכה. ספרו כל אדם פעם אחת.",
            ),
            fields={"settings": {"min": "0", "max": "10000000", "places": 0}},
        ),
    ),
)

CORE_SUPPORT = Definition(
    name=t("Core support", "الدعم الأساسي", "תמיכת ליבה"),
    pages=(YOUR_ORGANISATION, PRESSURE, VALUES, PLAN, PEOPLE, RISKS, MONEY, MONITORING, FILES_AND_DECLARATIONS),
)
