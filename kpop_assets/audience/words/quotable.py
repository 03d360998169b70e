"""Whether the words of a text let it be quoted: no abuse, and nobody who can be found by it.

Belongs here: the two rules together. Does not belong here: the words of abuse (abuse.py), forms of
addresses (personal_data.py), or what a model thinks of a text (sentiments/toxicity.py).
"""

from __future__ import annotations

import hashlib

from kpop_assets.audience.words.abuse import abuse_digest, has_abuse
from kpop_assets.audience.words.personal_data import has_personal_data, personal_digest


def is_fit_to_quote(text: str) -> bool:
    """Whether a text, as people wrote it, has neither a word of abuse nor an address of anybody."""
    return not has_personal_data(text) and not has_abuse(text)


def quote_digest() -> str:
    """A hash of both rules: other ones let other texts be quoted."""
    rules = f"{abuse_digest()} {personal_digest()}"
    return hashlib.sha256(rules.encode()).hexdigest()[:12]
