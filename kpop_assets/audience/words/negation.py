"""What a text denies, marked in it, so that "안 좋다" shares no runs of letters with "좋다".

Belongs here: the words that deny, and how far each reaches. Does not belong here: what is made of
the marks (letter_grams.py), or what is
denied of praise and complaint (denials.py).

Korean denies before the verb (안, 못) or after its stem (-지 않, -지 못, 없). English not, never
and n't reach to the next sign of punctuation, three words at most: Pang, Lee and Vaithyanathan
(2002), Thumbs up?, EMNLP, mark them so. Irony is not looked for.
"""

from __future__ import annotations

import re

# Of Unicode's private letters: no text has it but by mistake, and it joins runs as a letter does.
NEGATED = "\ue000"

# Without a blank only before these: 안녕, 안경, 못난 and a thousand names begin so, too.
_BEFORE_VERB = re.compile(
    r"(?<!\S)(?:(안|못) ([가-힣]+)"
    r"|(안)((?:좋|재밌|재미|웃|무섭|어울|맞|봤|봐|본|예쁘|이쁘|슬프|질리|졸|아깝)[가-힣]*)"
    r"|(못)((?:봐|보|봤|하|했|만든|만들|살리|느끼|참)[가-힣]*))"
)
_AFTER_STEM = re.compile(r"([가-힣]+)(지(?:는|도|를|가|만은)? ?(?:않|못|안))")
_AFTER_NOUN = re.compile(r"([가-힣]+)((?:은|는|이|가|도)? 없)")
_ENGLISH = re.compile(
    r"\b(?:not|no|never|without|cannot|can'?t|ain'?t|won't|hardly|barely|"
    r"(?:do|does|did|is|was|are|were|would|could|should|has|have|had)n'?t)\b((?: [a-z']+){1,3})"
)
_ENGLISH_ONLY = re.compile(r"\bnot only\b")


def mark_negated(text: str) -> str:
    """A plain text with a mark after each letter of what it denies."""
    text = text.replace("’", "'")
    marked = _BEFORE_VERB.sub(_mark_verb, text)
    marked = _AFTER_STEM.sub(lambda found: _marked(found[1]) + found[2], marked)
    marked = _AFTER_NOUN.sub(lambda found: _marked(found[1]) + found[2], marked)
    return _ENGLISH.sub(_mark_words, marked)


def _mark_verb(found: re.Match[str]) -> str:
    verb = next(part for part in found.groups()[1::2] if part)
    return found[0][: -len(verb)] + _marked(verb)


def _mark_words(found: re.Match[str]) -> str:
    if _ENGLISH_ONLY.match(found[0]):
        return found[0]
    denial = found[0][: -len(found[1])]
    return denial + "".join(_marked(sign) if sign.isalpha() else sign for sign in found[1])


def _marked(word: str) -> str:
    return "".join(f"{sign}{NEGATED}" for sign in word)
