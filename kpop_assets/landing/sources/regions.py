"""Countries as sources name them: a code of two letters, or a name, in a row or in a file's name.

Belongs here: the codes that lists of YouTube and Spotify use, and their English names. Does not
belong here: what a region means to a table.
"""

from __future__ import annotations

import re
import unicodedata
from pathlib import Path

from kpop_assets.landing.sources.text import stem_of

_NAMES = """
AE United Arab Emirates|UAE;AR Argentina;AT Austria;AU Australia;AZ Azerbaijan;
BA Bosnia and Herzegovina;BD Bangladesh;BE Belgium;BG Bulgaria;BH Bahrain;BO Bolivia;BR Brazil;
BY Belarus;CA Canada;CH Switzerland;CL Chile;CN China;CO Colombia;CR Costa Rica;CY Cyprus;
CZ Czechia|Czech Republic;DE Germany;DK Denmark;DO Dominican Republic;DZ Algeria;EC Ecuador;
EE Estonia;EG Egypt;ES Spain;FI Finland;FR France;GB United Kingdom|UK|Great Britain;
GE Georgia;GH Ghana;GR Greece;GT Guatemala;HK Hong Kong;HN Honduras;HR Croatia;HU Hungary;
ID Indonesia;IE Ireland;IL Israel;IN India;IQ Iraq;IS Iceland;IT Italy;JM Jamaica;JO Jordan;
JP Japan|日本|일본;KE Kenya;KH Cambodia;
KR South Korea|Korea|Republic of Korea|Korea, Republic of|Korea, South|대한민국|한국;KW Kuwait;
KZ Kazakhstan;LA Laos;LB Lebanon;LI Liechtenstein;LK Sri Lanka;LT Lithuania;LU Luxembourg;
LV Latvia;LY Libya;MA Morocco;MD Moldova;ME Montenegro;MK North Macedonia|Macedonia;MT Malta;
MX Mexico;MY Malaysia;NG Nigeria;NI Nicaragua;NL Netherlands;NO Norway;NP Nepal;NZ New Zealand;
OM Oman;PA Panama;PE Peru;PG Papua New Guinea;PH Philippines;PK Pakistan;PL Poland;
PR Puerto Rico;PT Portugal;PY Paraguay;QA Qatar;RO Romania;RS Serbia;
RU Russia|Russian Federation;SA Saudi Arabia;SE Sweden;SG Singapore;SI Slovenia;SK Slovakia;
SN Senegal;SV El Salvador;TH Thailand;TN Tunisia;TR Turkey|Türkiye;TW Taiwan;TZ Tanzania;
UA Ukraine;UG Uganda;US United States|USA|United States of America;UY Uruguay;VE Venezuela;
VN Vietnam|Viet Nam;YE Yemen;ZA South Africa;ZW Zimbabwe
"""
# Worldwide lists, which Spotify and some collectors write beside those of countries.
WORLD = "GLOBAL"


def _folded(name: str) -> str:
    return " ".join(unicodedata.normalize("NFKC", name).casefold().split())


_CODES = {
    _folded(name): entry.strip()[:2]
    for entry in _NAMES.split(";")
    for name in (entry.strip()[:2], *entry.strip()[3:].split("|"))
} | {"global": WORLD, "worldwide": WORLD, "world": WORLD}
_OWN_CODES = frozenset(name.upper() for name in _CODES if len(name) == 2)
# Codes that are also words or endings of file names: with these only the published names count.
_WORDS = frozenset({"AM", "AT", "BE", "BY", "DO", "ID", "IN", "IS", "IT", "LA", "ME", "MY", "NO"})
_DATE = r"20\d\d(?:[-_.]?\d\d){0,2}"
# As the data sets themselves name their files.
_PUBLISHED = (
    re.compile(r"([A-Z]{2})_youtube_trending_data", re.I),
    re.compile(r"([A-Z]{2})videos(?![A-Za-z])"),
    re.compile(rf"([A-Z]{{2}})[-_]{_DATE}"),
    re.compile(r"regional[-_]([A-Za-z]{2}|global)[-_]", re.I),
)
_LISTS = r"(?:videos|youtube|trending|popular|daily|weekly|top\d*|charts?)"
# As people name them.
_CUSTOMARY = (
    re.compile(rf"([A-Za-z]{{2}})[-_. ]?{_LISTS}(?![a-z])", re.I),
    re.compile(rf"([A-Za-z]{{2}})[-_. ]?{_DATE}(?!\d)", re.I),
    re.compile(r"([A-Z]{2})$"),
    re.compile(rf"(?:.*[-_. ])?{_LISTS}[-_. ]([A-Z]{{2}})(?![A-Za-z0-9])"),
    re.compile(rf"(?:spotify|{_LISTS})[-_. ]([A-Za-z]{{2}})(?:[-_. ]?{_DATE})?$", re.I),
    re.compile(r"([a-z]{2})$"),
)


def region_of(value: object) -> str | None:
    """The code of a country named by code or name, or of the whole world; None where unknown."""
    return _CODES.get(_folded(value)) if isinstance(value, str) else None


def region_in_name(path: Path) -> str | None:
    """The code that a file's name carries: `KR-2025-11-04`, `USvideos`, `regional-jp-daily-...`."""
    stem = stem_of(path)
    for form in _PUBLISHED:
        if (found := form.match(stem)) and _is_code(found[1]):
            return region_of(found[1])
    for form in _CUSTOMARY:
        if (found := form.match(stem)) and _is_code(found[1]) and found[1].upper() not in _WORDS:
            return region_of(found[1])
    return None


def _is_code(text: str) -> bool:
    return text.upper() in _OWN_CODES or text.upper() == WORLD
