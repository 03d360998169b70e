"""Whether the words of a text let it be quoted: no abuse, and nobody who can be found by it.

Belongs here: addresses of persons in a text, and the two rules together. Does not belong here: the
words of abuse (abuse.py), or what a model thinks of a text (toxicity.py).
"""

from __future__ import annotations

import hashlib
import re

from kpop_assets.audience.abuse import abuse_digest, has_abuse

# @name of any platform, mail, links (of a profile, or of who advertises), telephone numbers. A
# clause keeps a part of a name that has a point in it, so the whole text is looked at.
_PERSONAL = re.compile(
    r"[@＠]\s?[^\W_]|https?://|\bwww\.|\bt\.me/"
    r"|(?<!\d)(?:\+?82[- .]?)?0?1[016-9][- .]?\d{3,4}[- .]?\d{4}(?!\d)"
)


def is_fit_to_quote(text: str) -> bool:
    """Whether a text, as people wrote it, has neither a word of abuse nor an address of anybody."""
    return not _PERSONAL.search(text) and not has_abuse(text)


def quote_digest() -> str:
    """A hash of both rules: other ones let other texts be quoted."""
    rules = f"{abuse_digest()} {_PERSONAL.pattern}"
    return hashlib.sha256(rules.encode()).hexdigest()[:12]
