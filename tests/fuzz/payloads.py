"""What nobody sends who means well."""

import json

# A script that must never come back as one. Short, so that it fits where little may be typed.
SCRIPT = "<script>mk()</script>"
MARKED = {
    "script": f"\"'>{SCRIPT}",
    "template": f"{{{{7*191}}}}{{% debug %}}{SCRIPT}",
    "formula": f"=cmd|' /C calc'!A0{SCRIPT}",
    "image": f"<img src=x onerror=mk()>{SCRIPT}",
}
# No answer to what was typed holds these: a script unescaped, an attribute that runs, a template that was computed.
NEVER_SHOWN = (SCRIPT, "<img src=x onerror=mk()>", "{1337}1337")

VALUES: dict[str, str | None] = {
    "missing": None,
    "empty": "",
    "null bytes": "a\0b",
    "bidi": "\u202e\u2066olleh\u2069",
    "Arabic digits": "١٢٣٫٤٥",
    "exponent": "1e400",
    "negative": "-1",
    "huge": "9" * 30,
    "infinity": "Infinity",
    "not a number": "NaN",
    "no id": "not-an-id",
    "an id of nobody": "00000000-0000-4000-8000-000000000000",
    "a megabyte": "x" * 1_000_000,
    "control characters": "".join(map(chr, range(1, 32))) + "\x7f\x85\u2028\u2029\ufeff\ufffe\U0010ffff",
    "SQL": "'; DROP TABLE accounts_user; --",
    "template": "{{ settings.SECRET_KEY }}{% load static %}${7*7}#{7*7}",
    "path": "../../../../etc/passwd",
    "long word": "ﷺ" * 20_000,
    "stacked marks": "a" + "\u0301" * 5_000,
    "list": "[]",
    "a date that is none": "9999-99-99T99:99",
    "the first year": "0001-01-01",
    "the last year": "9999-12-31",
}
QUERIES = (
    "q=%00", "q=%ff%fe", "q=%ED%A0%80", "q=%E2%80%AE%D8%A7", "page=-1", "page=1e400", "page=" + "9" * 40, "page[]=1",
    "cursor=e30", "cursor=WzEsMl0", "cursor=%00", "cursor=" + "A" * 3000, "cursor=W1siXHUwMDAwIl0sMV0",
    "cursor=bnVsbA", "cursor=WyJub3QiLCAxXQ", "next=//evil.example/", "next=https:evil.example",
    "next=/%5Cevil.example", "next=javascript:alert(1)", "next=%09//evil.example", "q=" + "x" * 6000,
    "&".join(f"a{n}={n}" for n in range(1500)), "q=a&q=b&status=x&status=y&stage=&stage=z", "status='%20OR%201=1--",
    "sort=-password&order=%3Cscript%3E", "kind=__class__", "by=" + "%F0%9F%92%A3" * 200, "about=not-an-id", "glass=x",
    "show=%3Cscript%3Emk()%3C/script%3E", "number=-1&language=xx", "after=0000-00-00&before=99999-01-01", "%", "=&&=&",
    "q=%27%22%3E%3Cscript%3Emk()%3C/script%3E", "stage=../../etc/passwd&call=%00x", "lang=zz", "q=%DB%9D" * 300,
)  # fmt: skip
HEADERS: tuple[tuple[str, dict[str, str]], ...] = (
    ("foreign host", {"Host": "evil.example"}),
    ("no host at all", {"Host": "a b\x01/@"}),
    ("long host", {"Host": "a" * 4000}),
    ("forwarded host", {"X-Forwarded-Host": "evil.example", "X-Forwarded-Server": "evil.example"}),
    ("forwarded for", {"X-Forwarded-For": "127.0.0.1, ::1, \x00, " + "9" * 500, "X-Real-IP": "not-an-address"}),
    ("forwarded proto", {"X-Forwarded-Proto": "https", "X-Forwarded-Port": "-1", "Forwarded": "for=\";host=evil"}),
    ("languages", {"Accept-Language": ",".join(f"x{n}-{n};q=0.{n}" for n in range(400))}),
    ("language path", {"Accept-Language": "../../../etc/passwd, \x00, " + "a" * 900}),
    ("range", {"Range": "bytes=0-,-1,99999999999999999999-", "If-Range": '"x"', "If-None-Match": "*"}),
    ("dates", {"If-Modified-Since": "Thu, 99 Foo 99999 99:99:99 GMT", "If-Unmodified-Since": "x"}),
    ("referer", {"Referer": "https://evil.example/\x00<script>", "Origin": "null"}),
    ("broken referer", {"Referer": "http://[::1", "Origin": "http://["}),
    ("cookies", {"Cookie": "sessionid=../../x; csrftoken=\x00; django_language=../../etc; device=" + "A" * 3000}),
    ("htmx", {"HX-Request": "true", "HX-Target": "<script>", "HX-Current-URL": "http://[", "HX-Boosted": "maybe"}),
    ("htmx uri", {"HX-Request": "true", "HX-Current-URL-URI-AutoEncoded": "true", "HX-Current-URL": "%ff"}),
    ("autosave", {"X-Autosave": "1", "Accept": "application/x-nothing;q=banana"}),
    ("sites", {"Sec-Fetch-Site": "cross-site", "Sec-Fetch-Mode": "<", "Sec-Fetch-Dest": "iframe"}),
    ("override", {"X-HTTP-Method-Override": "DELETE", "X-Original-URL": "/admin/", "X-Rewrite-URL": "/admin/"}),
    ("encodings", {"Accept-Encoding": "gzip;q=banana, *;q=-1", "Content-Encoding": "gzip", "Expect": "100-continue"}),
    ("authorization", {"Authorization": "Basic " + "=" * 400, "Proxy-Authorization": "\x00"}),
)  # fmt: skip
METHODS = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "CONNECT", "PROPFIND", "get", "X" * 300)

_DEEP = b"[" * 100_000
_FORM = "application/x-www-form-urlencoded"
_PART = b'--x\r\nContent-Disposition: form-data; name="%b"%b\r\n\r\n%b\r\n--x--\r\n'


def _multipart(name: bytes, more: bytes, content: bytes) -> bytes:
    return _PART % (name, more, content)


# Label, content type, body.
BODIES: tuple[tuple[str, str, bytes], ...] = (
    ("deep JSON", "application/json", _DEEP),
    ("deep objects", "application/json", b'{"a":' * 50_000),
    ("huge number", "application/json", b'{"version":' + b"9" * 100_000 + b"}"),
    ("not finite", "application/json", b'{"version":NaN,"answers":Infinity}'),
    ("twice the same key", "application/json", b'{"version":1,"version":[],"version":null}'),
    ("JSON of surrogates", "application/json", b'{"answers":"\\ud800","once":"\\udfff\\u0000"}'),
    ("half of a JSON", "application/json", b'{"answers":{"a":'),
    ("JSON list", "application/json", json.dumps([None, [], {}]).encode()),
    ("JSON in UTF-16", "application/json; charset=utf-16", '{"a":1}'.encode("utf-16")),
    ("text", "text/plain", b"version=1"),
    ("XML", "application/xml", b'<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]><a>&x;</a>'),
    ("no type", "", b"version=1"),
    ("odd type", "a/b/c; =;;\x01", b"version=1"),
    ("unknown charset", f"{_FORM}; charset=nonsense", b"version=1"),
    ("UTF-7", f"{_FORM}; charset=utf-7", b"a=+ADw-script+AD4-mk()"),
    ("invalid UTF-8", _FORM, b"version=\xff\xfe&body=\xc0\x80&\xff=\xfe&text=%ff%c0%80"),
    ("surrogates", _FORM, b"version=%ED%A0%80&body=%ED%B0%80&text=%ED%A0%80&reason=%ED%A0%80&name=%ED%A0%80"),
    ("many fields", _FORM, "&".join(f"form-{n}-x={n}" for n in range(1_900)).encode()),
    ("too many fields", _FORM, "&".join(f"a{n}={n}" for n in range(2_100)).encode()),
    ("one field many times", _FORM, b"&".join([b"reason=a"] * 1_500)),
    ("forms beyond number", _FORM, b"form-TOTAL_FORMS=99999999999&form-INITIAL_FORMS=-1&lines-TOTAL_FORMS=9999999"),
    ("forms without number", _FORM, b"form-TOTAL_FORMS=x&lines-TOTAL_FORMS=&rows-TOTAL_FORMS=%00"),
    ("too large", _FORM, b"body=" + b"x" * (6 * 1024 * 1024)),
    ("no boundary", "multipart/form-data", _multipart(b"body", b"", b"x")),
    ("empty boundary", "multipart/form-data; boundary=", _multipart(b"body", b"", b"x")),
    ("odd boundary", "multipart/form-data; boundary=\x80\xff", _multipart(b"body", b"", b"x")),
    ("other boundary", "multipart/form-data; boundary=y", _multipart(b"body", b"", b"x")),
    ("cut off", "multipart/form-data; boundary=x", _multipart(b"body", b"", b"x" * 5_000)[:-400]),
    ("bad base64", "multipart/form-data; boundary=x",
     _multipart(b"body", b"\r\nContent-Transfer-Encoding: base64", b"=\xff==A")),
    ("null in a name", "multipart/form-data; boundary=x", _multipart(b"bo\0dy", b"", b"\0")),
    ("file as a field", "multipart/form-data; boundary=x", _multipart(b"version", b'; filename="a.pdf"', b"%PDF-")),
)  # fmt: skip
FILE_NAMES = (
    b"../../../../etc/passwd", b"..\\..\\boot.ini", b"a\0.pdf", b"\xe2\x80\xaefdp.exe", b"\xff\xfe.pdf", b"",
    b"a" * 3000 + b".pdf", b"<script>mk()</script>.txt", b"=cmd.csv", b"CON.txt", b"a.pdf/", b"%00%2e%2e%2fx.txt",
)  # fmt: skip


def file_body(field: str, name: bytes) -> bytes:
    """A form with one small file of that name."""
    return _multipart(field.encode(), b'; filename="%b"\r\nContent-Type: text/plain' % name, b"invented")


# By the kind of what an address takes: pieces of paths as they stand in a request.
PARTS: dict[str, tuple[str, ...]] = {
    "StringConverter": (
        "a%00b", "%ff%fe", "%ED%A0%80", "..%2f..%2fetc%2fpasswd", "%2e%2e", "%E2%80%AEx", "x" * 3000, "'%20OR%201=1--",
        "%3Cscript%3Emk()%3C%2Fscript%3E", "RR-0000-0000", "%7B%7B7*7%7D%7D", "%F0%9F%92%A3", ";x=1", "%25",
    ),
    "UUIDConverter": (
        "00000000-0000-0000-0000-000000000000", "ffffffff-ffff-ffff-ffff-ffffffffffff", "not-an-id", "1",
        "00000000-0000-4000-8000-00000000000g", "%00", "00000000000000000000000000000000",
    ),
    "SlugConverter": ("-", "_", "x" * 2000, "a%00b", "nothing-of-that-name", "%D8%A7", "__class__", "9" * 300),
    "": ("1", "-1", "9" * 40, "a%00b", "%ff", "add", "_5F00", "x" * 2000),
}  # fmt: skip


def surrogates(text: str) -> bytes:
    """A text as bytes, even where it is none that UTF-8 knows."""
    return text.encode("utf-8", "surrogatepass")
