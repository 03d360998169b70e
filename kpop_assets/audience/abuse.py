"""Words of abuse: a text that has one is never quoted.

Belongs here: reading `abuse_words.toml`, and whether a text has any of it. Does not belong here:
what a model thinks of a text (toxicity.py).
"""

from __future__ import annotations

import hashlib
import re
import tomllib
from functools import lru_cache
from pathlib import Path

from kpop_assets.audience.plain_texts import plain_text

_FILE = Path(__file__).with_name("abuse_words.toml")
# Put between the letters of a word by who wants it to pass: 시.발, 시 1 발 is left.
_FILLERS = re.compile(r"[^0-9a-z가-힣ㄱ-ㅎㅏ-ㅣ]+")


def has_abuse(text: str) -> bool:
    """Whether a text, as people wrote it, has a word of the list.

    Korean ones are looked for in the letters without what lies between them, English ones as whole
    words.
    """
    korean, english = _patterns()
    plain = plain_text(text)
    return bool(english.search(plain) or korean.search(_FILLERS.sub("", plain)))


@lru_cache(maxsize=1)
def abuse_digest() -> str:
    """A hash of the list: another list lets other texts be quoted."""
    return hashlib.sha256(_FILE.read_bytes().replace(b"\r\n", b"\n")).hexdigest()[:12]


@lru_cache(maxsize=1)
def _patterns() -> tuple[re.Pattern[str], re.Pattern[str]]:
    told = tomllib.loads(_FILE.read_text(encoding="utf-8"))
    korean = "|".join(map(re.escape, told["korean"].split()))
    english = "|".join(map(re.escape, told["english"].split()))
    return re.compile(korean), re.compile(rf"\b(?:{english})\b")
