"""Words of abuse: a text that has one is never quoted.

Belongs here: reading `abuse_words.toml`, and whether a text has any of it. Does not belong here:
what a model thinks of a text (sentiments/toxicity.py).
"""

from __future__ import annotations

import hashlib
import re
import tomllib
from functools import lru_cache
from pathlib import Path

from kpop_assets.audience.words.plain_texts import plain_text, seen_text

_FILE = Path(__file__).with_name("abuse_words.toml")
# Put between the letters of a word by who wants it to pass: 시.발, 시1발. At 5시 none is between.
_FILLERS = re.compile(r"[^0-9a-z가-힣ㄱ-ㅎㅏ-ㅣ\s]+|(?<=[가-힣ㄱ-ㅎ])[0-9](?=[가-힣ㄱ-ㅎ])")
# Signs that stand for any letter behind the first (f**k), and digits for those they look like.
_MASK, _LIKE = "*#$@!", {"a": "4", "e": "3", "i": "1", "o": "0", "s": "5"}
# What is said of one is said of many, and done: whores, fuckin, shittiest. A last e or y goes ahead
# of some: whoring, pussies.
_ENDINGS = "(?:e?s|z|e?d|i?e?rs?|i?est|ing?|y|ish|e?ry)?"
_LAST_LETTERS = {"e": "(?:{}|(?=ing?|y))", "y": "(?:{}|i(?=e))"}
# Whom an adjective calls so (멍청한 년: years and boys end in the same letter behind others), and
# the young of no animal.
_CALLED = re.compile(
    r"[가-힣][는은한친진린운쁜]\s?(?:년|놈)(?![도대간전후차])"
    r"|새끼(?!\s?(?:고양|강아|사자|호랑|오리|곰|손가|발가))"
)


def has_abuse(text: str) -> bool:
    """Whether a text, as people wrote it, has a word of the list.

    Korean ones are looked for in the letters without what lies between them, with blanks between
    only where a word begins (시 발, and not 다시 발매), English ones as whole words of any ending;
    either may be drawn out or masked.
    """
    plain = plain_text(seen_text(text))
    letters = _FILLERS.sub("", plain)
    *korean, english = _patterns()
    return any(one.search(letters) for one in korean) or bool(english.search(plain))


@lru_cache(maxsize=1)
def abuse_digest() -> str:
    """A hash of the list: another list lets other texts be quoted."""
    told = " ".join(pattern.pattern for pattern in _patterns())
    return hashlib.sha256(told.encode()).hexdigest()[:12]


@lru_cache(maxsize=1)
def _patterns() -> tuple[re.Pattern[str], ...]:
    """Korean words, Korean words with blanks in them, who is called names, English words."""
    told = tomllib.loads(_FILE.read_text(encoding="utf-8"))
    words = told["korean"].split()
    # What a word may begin with is said again ahead of all words: most places are none.
    firsts = "".join(sorted({word[0] for word in words}))
    parted = "|".join(r"\s*".join(map(_drawn_out, word)) for word in words)
    english = "|".join(map(_masked, told["english"].split()))
    return (
        re.compile("|".join("".join(map(_drawn_out, word)) for word in words)),
        re.compile(rf"(?<!\S)(?=[{firsts}])(?:{parted})"),
        _CALLED,
        re.compile(rf"(?<![a-z])(?=[a-z])(?:{english}){_ENDINGS}(?![a-z])"),
    )


def _drawn_out(letter: str) -> str:
    """A letter of Korean; one that ends in ㅣ may go on as 이 (씨이발)."""
    place = ord(letter) - ord("가")
    ends_in_i = 0 <= place < 11_172 and place % 588 == 20 * 28
    return f"{letter}[이ㅣ]{{0,3}}" if ends_in_i else letter


def _masked(word: str) -> str:
    """A word, each letter of it drawn out or but the first masked; `_` parts words of a phrase."""
    first, rest = word[0], word[1:]
    # Of a run plain texts keep three signs; a sign masks one letter: nothing is tried twice.
    parts = [
        rf"(?:{letter}{{1,3}}|[{_MASK}{_LIKE.get(letter, '')}])" if letter != "_" else r"\s+"
        for letter in rest
    ]
    if word[-1] in _LAST_LETTERS:
        parts[-1] = _LAST_LETTERS[word[-1]].format(parts[-1])
    return f"{first}{{1,3}}{''.join(parts)}"
