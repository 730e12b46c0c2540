"""What kind of browser and device a person uses, as its owner would call it: from what the browser says of itself."""

from accounts.choices import Browser, System

# The first mark that occurs decides: most browsers name others as well.
_BROWSERS = (
    ("Edg", Browser.EDGE),
    ("OPR", Browser.OPERA),
    ("SamsungBrowser", Browser.SAMSUNG),
    ("Firefox", Browser.FIREFOX),
    ("FxiOS", Browser.FIREFOX),
    ("Chrome", Browser.CHROME),
    ("CriOS", Browser.CHROME),
    ("Safari", Browser.SAFARI),
)
_SYSTEMS = (
    ("Android", System.ANDROID),
    ("iPhone", System.IPHONE),
    ("iPad", System.IPAD),
    ("Windows", System.WINDOWS),
    ("Mac OS", System.MAC),
    ("Linux", System.LINUX),
)


def kind_of(user_agent: str) -> tuple[Browser, System]:
    """Browser and device; what is not recognised is *other*."""
    browser = next((found for mark, found in _BROWSERS if mark in user_agent), Browser.OTHER)
    system = next((found for mark, found in _SYSTEMS if mark in user_agent), System.OTHER)
    return browser, system
