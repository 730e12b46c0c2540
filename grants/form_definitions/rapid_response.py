"""Rapid response: ten questions that a frightened person can answer on a telephone in half an hour."""

from grants.choices import QuestionKind as K
from grants.form_definitions.shapes import Ask, Definition, Page, options, t

THREATS = options(
    (
        "arrest",
        t("Arrest, interrogation or a travel ban", "اعتقال أو استدعاء أو منع من السفر", "מעצר, חקירה או איסור יציאה"),
    ),
    (
        "case",
        t("A lawsuit or criminal charges", "دعوى قضائية أو لائحة اتهام", "תביעה משפטית או כתב אישום"),
    ),
    (
        "premises",
        t(
            "A raid, a closure or a demolition order",
            "اقتحام أو إغلاق أو أمر هدم",
            "פשיטה, סגירה או צו הריסה",
        ),
    ),
    (
        "ban",
        t(
            "A ban, a designation or refusal of registration",
            "حظر أو تصنيف أو رفض للتسجيل",
            "איסור פעילות, הכרזה על הארגון או סירוב לרשום אותו",
        ),
    ),
    (
        "money",
        t(
            "A frozen account, or a bank that refuses service",
            "تجميد حساب أو رفض البنك تقديم الخدمة",
            "חשבון מוקפא או בנק שמסרב לתת שירות",
        ),
    ),
    (
        "funding",
        t("Sudden loss of funding", "فقدان مفاجئ للتمويل", "אובדן פתאומי של מימון"),
    ),
    (
        "violence",
        t(
            "Violence or threats against people",
            "عنف أو تهديد موجّه إلى أشخاص",
            "אלימות או איומים כלפי אנשים",
        ),
    ),
    (
        "digital",
        t(
            "Spyware, hacking or other digital attacks",
            "برامج تجسس أو اختراق أو هجمات رقمية أخرى",
            "תוכנות ריגול, פריצה או תקיפות דיגיטליות אחרות",
        ),
    ),
    (
        "smear",
        t(
            "A smear campaign",
            "حملة تشهير",
            "מסע הכפשה",
        ),
    ),
    other=True,
)

THE_THREAT = Page(
    slug="the-threat",
    title=t("The threat", "الخطر", "האיום"),
    intro=t(
        "Write short and plain sentences. A list is fine. Do not name people who could be harmed by being named.",
        "اكتبوا جملاً قصيرة وواضحة، ويمكن أن تكون الإجابة قائمة. لا تذكروا أسماء أشخاص قد يلحقهم أذى من ذكر أسمائهم.",
        "כתבו משפטים קצרים ופשוטים; אפשר גם רשימה. אל תציינו שמות של אנשים שאזכורם עלול לפגוע בהם.",
    ),
    minutes=10,
    questions=(
        Ask(
            "kind-of-threat",
            K.CHOICES,
            t("What are you facing?", "ما الذي تواجهونه؟", "מול מה אתם ואתן עומדים?"),
            t("Choose all that apply.", "اختاروا كل ما ينطبق.", "בחרו כל מה שמתאים."),
            fields={"settings": THREATS},
        ),
        Ask(
            "what-happened",
            K.LONG_TEXT,
            t(
                "What happened, when, and who is affected?",
                "ماذا حدث، ومتى، ومَن المتضررون والمتضررات؟",
                "מה קרה, מתי, ומי נפגעים ונפגעות?",
            ),
            t(
                "Dates help us act quickly. If it has been reported or documented, say where.",
                "تساعدنا التواريخ على التحرك بسرعة. إذا نُشر ما حدث أو وُثّق فاذكروا أين.",
                "תאריכים עוזרים לנו לפעול מהר. אם הדבר פורסם או תועד, ציינו היכן.",
            ),
            fields={"word_limit": 250, "sensitive": True, "identifying": True},
        ),
        Ask(
            "how-soon",
            K.CHOICE,
            t(
                "How soon could harm come, or grow worse?",
                "متى يُتوقع أن يقع الضرر أو يتفاقم؟",
                "תוך כמה זמן עלולה הפגיעה להתרחש או להחמיר?",
            ),
            fields={
                "settings": options(
                    ("now", t("It is happening now", "إنه يحدث الآن", "היא מתרחשת עכשיו")),
                    ("72-hours", t("Within 72 hours", "خلال 72 ساعة", "תוך 72 שעות")),
                    ("two-weeks", t("Within two weeks", "خلال أسبوعين", "תוך שבועיים")),
                    ("two-months", t("Within two months", "خلال شهرين", "תוך חודשיים")),
                    ("later", t("Later than that", "بعد ذلك", "מאוחר יותר")),
                )
            },
        ),
    ),
)

WHAT_YOU_NEED = Page(
    slug="what-you-need",
    title=t("What you need", "ما تحتاجون إليه", "מה דרוש לכם"),
    intro=t(
        "Amounts belong in the budget, which is a page of its own.",
        "تُكتب المبالغ في الميزانية، ولها صفحة خاصة بها.",
        "את הסכומים כותבים בתקציב, שיש לו עמוד משלו.",
    ),
    minutes=10,
    questions=(
        Ask(
            "use-of-money",
            K.LONG_TEXT,
            t(
                "What will the money pay for, and what will it change?",
                "في ماذا ستُنفق المنحة، وما الذي ستغيّره؟",
                "על מה יוצא הכסף, ומה הוא ישנה?",
            ),
            t(
                "Rent, salaries, lawyers, medical care, moving people to safety: running costs are welcome.",
                "الإيجار والرواتب والمحاماة والعلاج ونقل الأشخاص إلى مكان آمن: التكاليف التشغيلية مقبولة.",
                "שכר דירה, משכורות, עורכי דין, טיפול רפואי, העברת אנשים למקום בטוח: גם הוצאות שוטפות מתקבלות.",
            ),
            fields={"word_limit": 200},
        ),
        Ask(
            "without-help",
            K.LONG_TEXT,
            t(
                "What will happen if help does not come in time?",
                "ماذا سيحدث إذا لم تصل المساعدة في الوقت المناسب؟",
                "מה יקרה אם העזרה לא תגיע בזמן?",
            ),
            fields={"word_limit": 100},
        ),
        Ask(
            "other-requests",
            K.YES_NO,
            t(
                "Have you asked anybody else for money for the same costs?",
                "هل طلبتم من جهة أخرى تمويلاً للتكاليف نفسها؟",
                "האם ביקשתם מגורם אחר מימון לאותן הוצאות?",
            ),
            t(
                "A yes does not count against you: it helps us fill the gap and not pay twice.",
                "لن تُحسب الإجابة بنعم ضدكم، فهي تساعدنا على سد النقص وتجنب الدفع مرتين.",
                "תשובה חיובית לא תפעל לרעתכם: היא עוזרת לנו להשלים את החסר ולא לשלם פעמיים.",
            ),
            fields={
                "settings": {
                    "follow_up": t(
                        "Whom, how much, and what did they answer?",
                        "مِمَّن، وكم المبلغ، وبماذا أجابوا؟",
                        "ממי, כמה, ומה הייתה התשובה?",
                    ),
                    "follow_up_when": True,
                },
                "word_limit": 100,
            },
        ),
    ),
)

SAFETY = Page(
    slug="safety",
    title=t("Safety and others", "السلامة والآخرون", "בטיחות ואנשים נוספים"),
    intro=t(
        "Answers to sensitive questions are encrypted. Leave out what is safer said aloud: write “by phone”.",
        "تُشفَّر إجابات الأسئلة الحساسة. اتركوا ما هو أكثر أماناً أن يُقال شفهياً واكتبوا فقط «بالهاتف».",
        "התשובות לשאלות רגישות מוצפנות. מה שבטוח יותר לומר בעל פה – השמיטו, וכתבו רק ״בטלפון״.",
    ),
    minutes=8,
    questions=(
        Ask(
            "safe-contact",
            K.LONG_TEXT,
            t(
                "How and when can we reach you safely?",
                "كيف ومتى يمكننا التواصل معكم بأمان؟",
                "איך ומתי אפשר ליצור איתכם קשר בבטחה?",
            ),
            t(
                "A number or an app, the hours that are safe, and what we must never do, such as calling first.",
                "رقم أو تطبيق، والأوقات الآمنة، وما يجب ألا نفعله أبداً، مثل أن نتصل نحن أولاً.",
                "מספר או יישומון, השעות הבטוחות, ומה שאסור לנו לעשות, למשל להתקשר ראשונים.",
            ),
            fields={"word_limit": 80, "sensitive": True, "identifying": True},
        ),
        Ask(
            "way-of-money",
            K.CHOICE,
            t(
                "How can money reach you?",
                "كيف يمكن أن يصلكم المال؟",
                "איך הכסף יכול להגיע אליכם?",
            ),
            fields={
                "settings": options(
                    (
                        "account",
                        t("Into our bank account", "إلى حساب المنظمة البنكي", "לחשבון הבנק של הארגון"),
                    ),
                    (
                        "host",
                        t(
                            "Through another organisation that receives it for us",
                            "عبر منظمة أخرى تستلمه نيابة عنا",
                            "דרך ארגון אחר שמקבל אותו עבורנו",
                        ),
                    ),
                    (
                        "suppliers",
                        t(
                            "By paying our suppliers directly",
                            "بالدفع مباشرة إلى المورّدين",
                            "בתשלום ישיר לספקים שלנו",
                        ),
                    ),
                    (
                        "unsure",
                        t(
                            "We do not know; we need advice",
                            "لا نعرف، ونحتاج إلى مشورة",
                            "איננו יודעים; דרושה לנו עצה",
                        ),
                    ),
                ),
                "sensitive": True,
            },
        ),
        Ask(
            "danger-of-help",
            K.YES_NO,
            t(
                "Could this grant, or our contact with you, put anybody in danger?",
                "هل يمكن أن تعرّض هذه المنحة، أو تواصلنا معكم، أي شخص للخطر؟",
                "האם המענק, או הקשר שלנו איתכם, עלול לסכן מישהו או מישהי?",
            ),
            fields={
                "settings": {
                    "follow_up": t(
                        "Who, how, and what should we do or avoid?",
                        "مَن، وكيف، وما الذي علينا فعله أو تجنبه؟",
                        "את מי, כיצד, ומה עלינו לעשות או להימנע ממנו?",
                    ),
                    "follow_up_when": True,
                },
                "word_limit": 120,
                "sensitive": True,
                "identifying": True,
            },
        ),
    ),
)

DECLARATIONS = Page(
    slug="declarations",
    title=t("Declarations", "الإقرارات", "הצהרות"),
    minutes=2,
    questions=(
        Ask(
            "declaration",
            K.DECLARATION,
            t(
                "What we have written is true to the best of our knowledge. We respect universal human rights and do "
                "not use or call for violence. We will use the money for what is written here, and tell the programme "
                "when something changes.",
                "ما كتبناه صحيح على حد علمنا. نحن نحترم حقوق الإنسان العالمية ولا نستخدم العنف ولا ندعو إليه. "
                "سننفق المنحة على ما ورد هنا، وسنُعلم البرنامج بأي تغيير.",
                "מה שכתבנו נכון למיטב ידיעתנו. אנו מכבדים את זכויות האדם האוניברסליות, איננו נוקטים אלימות ואיננו "
                "קוראים לה. נשתמש בכסף למטרות הכתובות כאן, ונודיע לתוכנית על כל שינוי.",
            ),
        ),
    ),
)

RAPID_RESPONSE = Definition(
    name=t("Rapid response", "الاستجابة العاجلة", "מענה מהיר"),
    pages=(THE_THREAT, WHAT_YOU_NEED, SAFETY, DECLARATIONS),
)
