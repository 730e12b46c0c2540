"""Words that many organisations share, in three languages, and which of them say the same.

A word is light when it tells little apart: what kind of body it is (`Tier.FORM`), what it works on (`Tier.TOPIC`),
where it is (`Tier.PLACE`). Words on one line are equivalent: جمعية, association and עמותה. The lists are written as
people write them and folded on import; a prefix or an article (ה, ל, ال, وال) need not be listed.

The lists describe words, not communities: a place stands under all its usual names; the lines are in
alphabetical order.
"""

import re
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache

from names.affixes import prefixless_forms
from names.folding import CACHE_SIZE, fold


class Tier(StrEnum):
    """How much a generic word tells."""

    FORM = "form"
    TOPIC = "topic"
    PLACE = "place"


@dataclass(frozen=True, slots=True)
class GenericWord:
    """The group of equivalent words to which a word belongs."""

    group: str
    tier: Tier


LEGAL_FORMS: dict[str, str] = {
    "limited": "limited liability ltd llc ltda lda gmbh sarl srl sl bv ooo pvt pte בעמ ذمم محدودة",
    "stock": "plc ag sa spa nv ab oyj as asa aktiengesellschaft jsc pjsc ojsc cjsc pao oao ao sae مساهمة",
    "company": "company co corp corporation inc incorporated compagnie cie companies شركة شركات חברה חברת",
    "partnership": "partnership llp lp kg שותפות شراكة",
    "registered": "registered ngo npo ev asbl ער עמותות רשומה חלצ מלכר",
    "group": "group groupe gruppe holding holdings مجموعة קבוצה קבוצת",
}  # fmt: skip

FORMS: dict[str, str] = {
    "association": "association associations society societe assoc verein جمعية جمعيات رابطة עמותה"
    " עמותת אגודה אגודת התאגדות",
    "foundation": "foundation fondation stiftung fund trust endowment مؤسسة صندوق وقف קרן קרנות הקדש",
    "centre": "centre center centers centres centro zentrum مركز مراكز מרכז מרכזי מוקד",
    "committee": "committee committees comite commission لجنة لجان هيئة ועדה ועדת ועד הוועד וועד וועדה",
    "organisation": "organisation organization organisations organizations org منظمة منظمات ארגון ארגוני ארגונים",
    "institute": "institute institution institut institutions instituto معهد مؤسسات מכון מוסד מוסדות",
    "network": "network reseau netzwerk شبكة רשת",
    "union": "union federation league ligue syndicate اتحاد نقابة איחוד התאחדות הסתדרות ליגה",
    "council": "council conseil مجلس מועצה מועצת",
    "forum": "forum platform منتدى ملتقى פורום במה",
    "movement": "movement mouvement campaign initiative initiatives حركة حملة مبادرة תנועה תנועת קמפיין יוזמה",
    "coalition": "coalition alliance partners ائتلاف تحالف קואליציה ברית",
    "project": "project projects programme program مشروع برنامج פרויקט מיזם תכנית תוכנית",
    "office": "office bureau agency authority مكتب وكالة سلطة משרד לשכה לשכת סוכנות רשות",
    "club": "club clubs نادي نادي מועדון",
    "charity": "charity charitable benevolent nonprofit خيرية خيري صدقة צדקה חסד",
    "house": "house home maison بيت دار בית",
    "friends": "friends amis اصدقاء ידידי ידידים",
    "general": "general public عام عامة כללי כללית ציבורי ציבורית",
    "national": "national nationale وطني وطنية قومي לאומי לאומית",
    "international": "international internationale intl global world دولي دولية عالمي عالمية בינלאומי בינלאומית עולמי",
    "united": "united متحدة متحد מאוחד מאוחדת",
    "free": "open free independent مفتوحة مستقلة مستقل פתוח פתוחה עצמאי עצמאית",
    "higher": "higher superior superieure عالي عليا عالى עליון גבוה גבוהה",
    "human": "human humain إنسان الانسان آدم אדם האדם אנוש",
    "rights": "rights right droits حقوق حق זכויות זכות",
    "development": "development developpement تنمية تطوير פיתוח קידום לקידום",
    "services": "services service خدمات خدمة שירות שירותי שירותים",
    "action": "action actions activity work عمل نشاط פעולה פעילות",
    "against": "against contre gegen ضد لمناهضة مناهضة נגד",
    "hospital": "hospital hopital clinic مستشفى عيادة ביתחולים מרפאה",
    "university": "university universite universitat جامعة جامعي جامعية אוניברסיטה אוניברסיטת אוניברסיטאי",
    "college": "college faculty academy كلية  اكاديمية أكاديمية מכללה מכללת אקדמיה אקדמית אקדמי academic academie",
    "school": "school schools ecole مدرسة مدارس ביתספר",
}  # fmt: skip

TOPICS: dict[str, str] = {
    "women": "women woman womens femmes feminist نساء مرأة المرأة نسوية نسائية נשים אישה פמיניסטי פמיניסטית",
    "children": "children child kids childrens enfants طفل أطفال طفولة ילד ילדים ילדי",
    "youth": "youth young youths jeunesse شباب شبيبة נוער נוער צעירים",
    "peace": "peace paix سلام سلم שלום",
    "justice": "justice عدالة عدل צדק",
    "law": "law legal lawyers juridical قانون قانوني قانونية محامين חוק משפט משפטי משפטית עורכי",
    "democracy": "democracy democratic democratie ديمقراطية ديموقراطية דמוקרטיה דמוקרטי דמוקרטית",
    "freedom": "freedom freedoms liberty liberties حرية حريات חופש חירות חירויות",
    "equality": "equality equal مساواة שוויון שיוויון",
    "education": "education educational teaching تعليم تربية تعليمية חינוך חינוכי הוראה",
    "culture": "culture cultural culturel ثقافة ثقافي ثقافية תרבות תרבותי",
    "arts": "art arts theatre theater فنون فن مسرح אמנות אומנות אמנויות תיאטרון",
    "health": "health medical medicine sante صحة صحي صحية طبي طبية طب בריאות רפואה רפואי רפואית",
    "mental": "mental psychological psychosocial psychology نفسي نفسية נפש נפש נפשי פסיכולוגי",
    "community": "community communities communal مجتمع مجتمعي مجتمعية أهلي أهلية קהילה קהילתי קהילתית",
    "support": "support aid assistance help relief دعم مساعدة إغاثة عون סיוע עזרה תמיכה",
    "research": "research studies study recherche بحث أبحاث بحوث دراسات מחקר מחקרים לימודים",
    "information": "information documentation knowledge معلومات توثيق معرفة מידע תיעוד ידע",
    "media": "media press journalism journalists إعلام صحافة صحفيين صحافيين תקשורת עיתונאים עיתונות",
    "training": "training capacity تدريب تأهيل הכשרה הדרכה",
    "rehabilitation": "rehabilitation rehab تأهيل שיקום",
    "disability": "disability disabled disabilities إعاقة معاقين ذوي מוגבלות מוגבלויות נכים",
    "victims": "victims survivors victim ضحايا ناجين נפגעי נפגעים קורבנות ניצולי",
    "torture": "torture تعذيب עינויים",
    "prisoners": "prisoners prisoner detainees prison أسرى أسير سجناء معتقلين אסירים כלואים עצורים",
    "refugees": "refugees refugee migrants asylum لاجئين لاجئون مهاجرين פליטים מהגרים מבקשי מקלט",
    "land": "land lands planning أرض أراضي تخطيط אדמה קרקע קרקעות תכנון",
    "water": "water hydrology مياه ماء מים",
    "agriculture": "agriculture agricultural farmers farming زراعة زراعي زراعية مزارعين חקלאות חקלאי חקלאים",
    "environment": "environment environmental بيئة بيئي بيئية סביבה סביבתי סביבתית",
    "economy": "economy economic economics business اقتصاد اقتصادي اقتصادية כלכלה כלכלי כלכלית עסקים",
    "workers": "workers worker labour labor employees عمال عاملين عمالية עובד עובדים עובדי",
    "families": "family families أسرة عائلة عائلات משפחה משפחות",
    "students": "students student طلبة طلاب סטודנטים סטודנטיאלי תלמידים",
    "civil": "social civil civic اجتماعي اجتماعية مدني مدنية חברתי חברתית אזרחי אזרחית אזרח",
    "science": "science sciences scientific علم علوم علمي علمية מדע מדעי מדעים",
    "technology": "technology technological technical engineering تكنولوجيا تقني تقنية هندسة טכנולוגיה טכנולוגי הנדסה",
    "physicians": "physicians doctors physician أطباء רופאים רופאות",
    "dialogue": "dialogue coexistence حوار تعايش דיאלוג דו-קיום",
    "monitoring": "monitoring monitor watch observatory مراقبة مرصد מעקב ניטור מצפה",
    "policy": "policy policies strategic سياسات استراتيجية מדיניות אסטרטגי",
    "future": "future tomorrow مستقبل غد עתיד מחר",
    "hope": "hope espoir أمل תקווה",
    "islamic": "islamic islam إسلامي إسلامية מוסלמי אסלאמי איסלמי",
    "christian": "christian church مسيحي مسيحية كنيسة נוצרי נוצרית כנסייה",
    "jewish": "jewish judaism يهودي يهودية יהודי יהודית יהודים יהדות",
    "arab": "arab arabic arabe عربي عربية ערבי ערבית ערבים",
    "bedouin": "bedouin bedouins بدو بدوي בדואי בדואית בדואים",
}  # fmt: skip

PLACES: dict[str, str] = {
    "algeria": "algeria algerian جزائر جزائري جزائرية אלגיריה",
    "america": "america american usa أمريكا أمريكي أمريكية אמריקה אמריקאי אמריקאית",
    "bethlehem": "bethlehem بيتلحم ביתלחם",
    "britain": "britain british uk بريطانيا بريطاني بريطانية בריטניה בריטי בריטית",
    "egypt": "egypt egyptian مصر مصري مصرية מצרים מצרי",
    "europe": "europe european أوروبا أوروبي أوروبية אירופה אירופי אירופאי",
    "galilee": "galilee galil جليل גליל",
    "gaza": "gaza غزة עזה",
    "haifa": "haifa حيفا חיפה",
    "hebron": "hebron khalil الخليل חברון",
    "iraq": "iraq iraqi عراق عراقي عراقية עיראק עיראקי",
    "israel": "israel israeli israelis إسرائيل إسرائيلي إسرائيلية ישראל ישראלי ישראלית",
    "jaffa": "jaffa yafa yafo يافا יפו",
    "jenin": "jenin جنين ג'נין",
    "jericho": "jericho أريحا יריחו",
    "jerusalem": "jerusalem quds القدس مقدسي ירושלים ירושלמי",
    "jordan": "jordan jordanian أردن أردني أردنية ירדן ירדני",
    "lebanon": "lebanon lebanese لبنان لبناني لبنانية לבנון לבנוני",
    "libya": "libya libyan ليبيا ليبي ليبية לוב",
    "middle-east": "middleeast شرقاوسط מזרחתיכון",
    "morocco": "morocco moroccan مغرب مغربي مغربية מרוקו מרוקאי",
    "nablus": "nablus نابلس שכם נאבלוס",
    "nazareth": "nazareth الناصرة נצרת",
    "negev": "negev naqab نقب נגב",
    "palestine": "palestine palestinian palestinians فلسطين فلسطيني فلسطينية פלסטין פלסטיני פלסטינית פלסטינים",
    "qatar": "qatar قطر قطري קטאר",
    "ramallah": "ramallah رامالله רמאללה",
    "saudi": "saudi سعودية سعودي סעודיה",
    "sudan": "sudan sudanese سودان سوداني סודאן",
    "syria": "syria syrian سوريا سورية سوري סוריה סורי",
    "tel-aviv": "telaviv תלאביב",
    "tunisia": "tunisia tunisian تونس تونسي تونسية תוניסיה",
    "yemen": "yemen yemeni يمن يمني תימן",
}  # fmt: skip

# Words that say one thing together, and the one word they are read as.
PHRASES: dict[str, str] = {
    "limited liability company": "llc",
    "gesellschaft mit beschrankter haftung": "gmbh",
    "joint stock company": "jsc",
    "middle east": "middleeast",
    "tel aviv": "telaviv",
    "بيت لحم": "بيتلحم",
    "الشرق الأوسط": "شرقاوسط",
    "בית לחם": "ביתלחם",
    "בית חולים": "ביתחולים",
    "בית ספר": "ביתספר",
    "המזרח התיכון": "מזרחתיכון",
    "תל אביב": "תלאביב",
}


def _entries() -> dict[str, GenericWord]:
    table: dict[str, GenericWord] = {}
    tiers = ((Tier.FORM, LEGAL_FORMS), (Tier.FORM, FORMS), (Tier.TOPIC, TOPICS), (Tier.PLACE, PLACES))
    for tier, groups in tiers:
        for group, words in groups.items():
            for word in words.split():
                table.setdefault(fold(word), GenericWord(group, tier))
    return table


GENERIC_WORDS: dict[str, GenericWord] = _entries()


_PHRASES = {fold(phrase): fold(word) for phrase, word in PHRASES.items()}
_PHRASE = re.compile(rf"\b(?:{'|'.join(_PHRASES)})\b")


def join_phrases(folded: str) -> str:
    """A folded name in which each of `PHRASES` is one word."""
    return _PHRASE.sub(lambda phrase: _PHRASES[phrase[0]], folded)


@lru_cache(CACHE_SIZE)
def generic(token: str) -> GenericWord | None:
    """The group of a folded token, with or without its article and prefixes; None for a word that names somebody."""
    for form in prefixless_forms(token):
        if found := GENERIC_WORDS.get(form):
            return found
    return None
