"""Core support, second half: people, risks, money, learning, files and declarations."""

from grants.choices import QuestionKind as K
from grants.form_definitions.shapes import Ask, Page, column, options, t

PEOPLE = Page(
    slug="people",
    title=t("People and safeguarding", "الأشخاص والصون والحماية", "אנשים והגנה מפני פגיעה"),
    minutes=15,
    questions=(
        Ask(
            "governance",
            K.LONG_TEXT,
            t(
                "Who takes the decisions in your organisation, and who checks them?",
                "مَن يتخذ القرارات في منظمتكم، ومَن يراقبها؟",
                "מי מקבלים את ההחלטות בארגון, ומי מבקרים אותן?",
            ),
            t(
                "Describe roles (board, director, team); names are not needed.",
                "صفوا الأدوار (مجلس الإدارة، الإدارة، الطاقم) دون حاجة إلى أسماء.",
                "תארו תפקידים (ועד מנהל, הנהלה, צוות); אין צורך בשמות.",
            ),
            fields={"word_limit": 200},
        ),
        Ask(
            "financial-controls",
            K.CHOICES,
            t(
                "Which of these do you have?",
                "أيٌّ مما يلي موجود لديكم؟",
                "אילו מאלה קיימים אצלכם?",
            ),
            t(
                "What is missing is no reason to refuse: it decides how we pay and what help we offer.",
                "ما ينقص ليس سبباً للرفض، بل يحدد طريقة الدفع والمساعدة التي نقدمها.",
                "מה שחסר אינו סיבה לסירוב: הוא קובע כיצד נשלם ואיזו עזרה נציע.",
            ),
            fields={
                "settings": options(
                    (
                        "two-signatures",
                        t("Two signatures for payments", "توقيعان على كل دفعة", "שתי חתימות על כל תשלום"),
                    ),
                    (
                        "bookkeeping",
                        t("Bookkeeping every month", "مسك دفاتر شهري", "הנהלת חשבונות חודשית"),
                    ),
                    ("audit", t("A yearly audit", "تدقيق سنوي للحسابات", "ביקורת חשבונות שנתית")),
                    (
                        "procurement",
                        t("Written rules for buying", "إجراءات شراء مكتوبة", "נוהלי רכש כתובים"),
                    ),
                    ("none", t("None of these", "لا شيء مما ذُكر", "אף אחד מאלה")),
                )
            },
        ),
        Ask(
            "safeguarding-policy",
            K.YES_NO,
            t(
                "Do you have a written safeguarding policy against harm, abuse and exploitation?",
                "هل لديكم سياسة مكتوبة للصون والحماية من الأذى والإساءة والاستغلال؟",
                "האם יש לכם מדיניות כתובה להגנה מפני פגיעה, התעללות וניצול?",
            ),
        ),
        Ask(
            "safeguarding",
            K.LONG_TEXT,
            t(
                "How can someone report harm, and what happens then?",
                "كيف يمكن الإبلاغ عن الأذى، وماذا يحدث بعد ذلك؟",
                "כיצד אפשר לדווח על פגיעה, ומה קורה אחר כך?",
            ),
            t(
                "Include how you protect those who report.",
                "اذكروا أيضاً كيف تحمون من يبلّغ.",
                "כתבו גם כיצד אתם מגינים על מי שמדווחים.",
            ),
            fields={"word_limit": 150},
        ),
    ),
)

RISKS = Page(
    slug="risks",
    title=t("Risks and security", "المخاطر والأمان", "סיכונים וביטחון"),
    minutes=15,
    questions=(
        Ask(
            "risks",
            K.TABLE,
            t(
                "What could stop you, and what will you do about it?",
                "ما الذي قد يعيق عملكم، وماذا ستفعلون حياله؟",
                "מה עלול לעצור אתכם, ומה תעשו בנידון?",
            ),
            t(
                "The three to six risks that matter most.",
                "المخاطر الثلاثة إلى الستة الأهم.",
                "שלושה עד שישה הסיכונים החשובים ביותר.",
            ),
            fields={
                "settings": {
                    "columns": [
                        column("risk", K.LONG_TEXT, t("Risk", "الخطر", "סיכון")),
                        column(
                            "likelihood",
                            K.SHORT_TEXT,
                            t(
                                "Likely? (low, medium, high)",
                                "الاحتمال (ضعيف، متوسط، كبير)",
                                "סבירות (נמוכה, בינונית, גבוהה)",
                            ),
                        ),
                        column("response", K.LONG_TEXT, t("What you will do", "ما ستفعلونه", "מה תעשו")),
                    ],
                    "min_rows": 1,
                    "max_rows": 8,
                },
                "sensitive": True,
            },
        ),
        Ask(
            "security",
            K.LONG_TEXT,
            t(
                "How do you protect your people, your premises and your information?",
                "كيف تحمون الأشخاص والمكان والمعلومات؟",
                "כיצד אתם מגינים על האנשים, על המקום ועל המידע?",
            ),
            t(
                "Say also what you lack: the grant may pay for it.",
                "اذكروا أيضاً ما ينقصكم، فقد تغطيه المنحة.",
                "כתבו גם מה חסר לכם: ייתכן שהמענק יממן זאת.",
            ),
            fields={"word_limit": 200, "sensitive": True, "identifying": True},
        ),
    ),
)

MONEY = Page(
    slug="money",
    title=t("Money", "الأموال", "כספים"),
    intro=t(
        "The budget has a page of its own, line by line. Here you explain it.",
        "للميزانية صفحة خاصة بها، بنداً بنداً. هنا تشرحونها.",
        "לתקציב יש עמוד משלו, סעיף אחר סעיף. כאן אתם מסבירים אותו.",
    ),
    minutes=20,
    questions=(
        Ask(
            "budget-narrative",
            K.LONG_TEXT,
            t(
                "Explain your budget: what do the largest lines pay for, and how did you estimate them?",
                "اشرحوا الميزانية: ماذا تغطي البنود الكبرى، وكيف قدّرتموها؟",
                "הסבירו את התקציב: על מה יוצאים הסעיפים הגדולים, וכיצד אמדתם אותם?",
            ),
            fields={"word_limit": 300},
        ),
        Ask(
            "has-other-funding",
            K.YES_NO,
            t(
                "Do you have, or have you asked for, other money for this period?",
                "هل لديكم تمويل آخر لهذه الفترة، أو هل طلبتم تمويلاً آخر؟",
                "האם יש לכם מימון אחר לתקופה זו, או שביקשתם מימון כזה?",
            ),
        ),
        Ask(
            "other-funding",
            K.TABLE,
            t(
                "List the other money, agreed or asked for.",
                "اذكروا مصادر التمويل الأخرى، المتفق عليها أو المطلوبة.",
                "פרטו את המימון האחר, שסוכם או שהתבקש.",
            ),
            t(
                "We compare it with your budget to pay nothing twice. We never tell funders that you asked us.",
                "نقارنه بميزانيتكم كي لا يُدفع لأي بند مرتين. لن نخبر المانحين بأنكم توجهتم إلينا.",
                "אנו משווים אותו לתקציב כדי ששום דבר לא ישולם פעמיים. לא נספר למממנים שפניתם אלינו.",
            ),
            when=("has-other-funding", "is", "yes"),
            fields={
                "settings": {
                    "columns": [
                        column("funder", K.SHORT_TEXT, t("Funder", "المانح", "מממן")),
                        column("amount", K.MONEY, t("Amount", "المبلغ", "סכום")),
                        column("from", K.MONTH, t("From", "من", "מחודש"), required=False),
                        column("until", K.MONTH, t("Until", "حتى", "עד חודש"), required=False),
                        column("for", K.SHORT_TEXT, t("What it pays for", "ما يغطيه", "על מה יוצא הכסף")),
                    ],
                    "min_rows": 1,
                    "max_rows": 20,
                    "total": "amount",
                },
                "identifying": True,
            },
        ),
        Ask(
            "smaller-grant",
            K.LONG_TEXT,
            t(
                "If we could give only part of the amount, what would you do first?",
                "إذا لم نستطع منح سوى جزء من المبلغ، فبماذا ستبدؤون؟",
                "אם נוכל לתת רק חלק מהסכום, מה תעשו קודם?",
            ),
            fields={"word_limit": 100, "required": False},
        ),
    ),
)

MONITORING = Page(
    slug="monitoring",
    title=t("Monitoring and learning", "المتابعة والتعلّم", "ניטור ולמידה"),
    minutes=10,
    questions=(
        Ask(
            "indicators",
            K.LONG_TEXT,
            t(
                "How will you know whether it works?",
                "كيف ستعرفون إن كان العمل ينجح؟",
                "כיצד תדעו אם העבודה מצליחה?",
            ),
            t(
                "A few signs that you follow anyway are better than many that are measured for us.",
                "بضعة مؤشرات تتابعونها على أي حال أفضل من كثير منها يُقاس من أجلنا.",
                "כמה סימנים שאתם עוקבים אחריהם ממילא עדיפים על רבים שיימדדו עבורנו.",
            ),
            fields={"word_limit": 250},
        ),
        Ask(
            "learning",
            K.LONG_TEXT,
            t(
                "What went wrong in earlier work, and what did you learn?",
                "ما الذي لم ينجح في أعمالكم السابقة، وماذا تعلمتم منه؟",
                "מה השתבש בעבודה קודמת, ומה למדתם מכך?",
            ),
            fields={"word_limit": 150, "required": False},
        ),
    ),
)

FILES_AND_DECLARATIONS = Page(
    slug="files-and-declarations",
    title=t("Files and declarations", "الملفات والإقرارات", "קבצים והצהרות"),
    minutes=10,
    questions=(
        Ask(
            "has-accounts",
            K.YES_NO,
            t(
                "Do you have audited accounts for one of the last two years?",
                "هل لديكم حسابات مدققة لإحدى السنتين الأخيرتين؟",
                "האם יש לכם דוחות כספיים מבוקרים לאחת מהשנתיים האחרונות?",
            ),
        ),
        Ask(
            "accounts",
            K.FILE,
            t("Your audited accounts", "الحسابات المدققة", "הדוחות הכספיים המבוקרים"),
            when=("has-accounts", "is", "yes"),
            fields={"settings": {"most": 2}, "sensitive": True, "identifying": True},
        ),
        Ask(
            "own-accounts",
            K.FILE,
            t(
                "Your own accounts, or a statement of income and spending",
                "حساباتكم الداخلية أو كشف بالإيرادات والنفقات",
                "הדוחות הפנימיים שלכם, או דוח הכנסות והוצאות",
            ),
            when=("has-accounts", "is", "no"),
            fields={"settings": {"most": 2}, "sensitive": True, "identifying": True, "required": False},
        ),
        Ask(
            "declare-true",
            K.DECLARATION,
            t(
                "What we have written is true to the best of our knowledge, and our organisation has agreed to apply.",
                "ما كتبناه صحيح على حد علمنا، وقد وافقت منظمتنا على تقديم الطلب.",
                "מה שכתבנו נכון למיטב ידיעתנו, והארגון שלנו אישר את הגשת הבקשה.",
            ),
        ),
        Ask(
            "declare-rights",
            K.DECLARATION,
            t(
                "We respect universal human rights and do not use or call for violence.",
                "نحن نحترم حقوق الإنسان العالمية ولا نستخدم العنف ولا ندعو إليه.",
                "אנו מכבדים את זכויות האדם האוניברסליות, איננו נוקטים אלימות ואיננו קוראים לה.",
            ),
        ),
        Ask(
            "declare-use",
            K.DECLARATION,
            t(
                "We will use the money for what is written here, keep the receipts, and tell the programme when "
                "something changes.",
                "سننفق المنحة على ما ورد هنا، ونحتفظ بالإيصالات، ونُعلم البرنامج بأي تغيير.",
                "נשתמש בכסף למטרות הכתובות כאן, נשמור את הקבלות ונודיע לתוכנית על כל שינוי.",
            ),
        ),
    ),
)
