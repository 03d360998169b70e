"""Whether the words of a text let it be quoted: no abuse, and nobody who can be found by it.

Belongs here: addresses of persons in a text, and the two rules together. Does not belong here: the
words of abuse (abuse.py), or what a model thinks of a text (toxicity.py).
"""

from __future__ import annotations

import hashlib
import re

from kpop_assets.audience.abuse import abuse_digest, has_abuse

# @name of any platform, mail, links (of a profile, or of who advertises), numbers of eight digits
# and more that are no day (telephones, accounts, residents), and a messenger's name with a
# handle. A clause keeps a part of a name that has a point in it, so the whole text is looked at.
_PERSONAL = re.compile(
    r"[@＠]\s?[^\W_]|https?://|\bwww\."
    r"|[\w-]\.(?:com|net|org|kr|jp|gg|ly|io|tv|app|xyz)(?![a-z0-9])|[\w-]\.(?:be|me|to|co|us|gl)/"
    r"|(?<!\d)(?!20\d\d[-./]\d\d?[-./]\d\d?)\d(?:[\s\-._()]{0,2}\d){7}"
    r"|(?:카톡|카카오톡?|인스타(?:그램)?|텔레(?:그램)?|오픈\s?채팅|디스코드|트위터)\W*[a-z0-9_.]{4}"
    r"|\b(?:ig|insta|instagram|discord|telegram|kakao(?:talk)?|twitter|snapchat)\b\W*"
    r"[a-z0-9_.]*[0-9_][a-z0-9_.]*",
    re.IGNORECASE,
)


def is_fit_to_quote(text: str) -> bool:
    """Whether a text, as people wrote it, has neither a word of abuse nor an address of anybody."""
    return not _PERSONAL.search(text) and not has_abuse(text)


def quote_digest() -> str:
    """A hash of both rules: other ones let other texts be quoted."""
    rules = f"{abuse_digest()} {_PERSONAL.pattern}"
    return hashlib.sha256(rules.encode()).hexdigest()[:12]
