"""Clauses of what people write: where one statement ends and the next begins.

Belongs here: cutting a text at punctuation, laughter, Korean connective endings and English
conjunctions, by letters alone. Does not belong here: what a clause is about
(aspects/clause_aspects.py), or whether it praises (clause_signs.py).
"""

from __future__ import annotations

import re
from collections.abc import Iterator

# Signs that end a statement wherever they stand; laughter, tears and hearts stand for one.
_STOP = re.compile(
    r"(?:[.!?~…;|\n\r·。！？♥♡❤★☆]|[\U0001F300-\U0001FAFF\u2600-\u27BF\uFE0F\u200D]|\^\^|(?<!\d):(?!\d)"
    r"|[ㅋㅎㄷ]{2,}|[ㅠㅜ]|\s-+\s|--+)+"
)
_COMMA = re.compile(r"\s*[,，、/]+\s*")
# 3.5, 1,000 and a.m. are no ends.
_INNER = re.compile(r"(?<=[0-9])[.,/](?=[0-9])")
_KEPT = {".": "\ue000", ",": "\ue001", "/": "\ue002"}
_AS_WRITTEN = str.maketrans({kept: sign for sign, kept in _KEPT.items()})

# What a Korean word ends in that connects two statements.
_CONNECTIVE = re.compile(
    r"(?:지만|[는은던인한운큰른쁜픈린간된진긴신준친난]데|건만|(?<![하])으나|[었았했였겠]으나|[었았했였겠]고|는데도|더니|"
    r"으며|하며|이며|면서|(?:[아어해여워와러려돼져쳐켜봐겨라])서|니까|므로|"
    r"[어아해워려러와여져]도|길래|느라|다가|거니와|거나|든지|대신|반면|반면에|불구하고|별개로|빼고|빼곤|빼고는|제외하고)"
    r"[는도요은]?$"
)
# -고 after a verb; not the particle of who says so, nor what makes one predicate of two.
_AND = re.compile(r"[^\s]*[가-힣]고$")
_NO_AND = re.compile(
    r"(?:다고|라고|자고|냐고|려고|사고|최고|광고|창고|재고|참고|경고|중고|권고|보고|그리고|타고|두고|가지고|갖고|치고|말고|로고)$"
)
_SAID = re.compile(
    r"(?:그래서|따라서|어디서|여기서|거기서|집에서|에서|로서|해서는|봐서|나도|너도|아무리|그래도|라도|아도)$"
)
# What goes on after -고, -아서, -다가 as one predicate: 보고 싶다, 하고 있다.
_GOES_ON = re.compile(
    r"(?:있|싶|말[았고]|나서|나니|나면|나온|보니|보면|봐|계|못하|그런|그랬|그러|죽겠|미치)"
)
_AUXILIARY_OF_AND = re.compile(
    r"(?:있|싶|말|나서|나니|나면|나온|난$|난 |보니|보면|계시|말았|봤|본)"
)
# A word that ends a statement: after it a comma does too, and a blank does where no sign stands.
_FINAL = re.compile(
    r"(?:[가-힣](?:다|요|죠|네|음|함|임|듯|까|지|냐|자|라|구나|군|걸|셈|됨|슴|ㅁ))$"
)
_SPOKEN_END = re.compile(
    r"(?:[었았했였겠]다|[었았했였]음|니다|[있없같않]다|[었았했였있없]네|[네어아해예에]요|[었았했였있없]어|"
    r"싶다|[은는]구나|[있없같많좋싫]음|없슴|봤음|였슴|다는|보임|[느나]낌|인듯|[은는]듯|네요|군요|거든|잖아)$"
)

_ENGLISH = re.compile(
    r"(?:,?\s+|(?<=^))(?=(?:but|although|though|however|whereas|yet|except|plus|while|because)\b)"
    r"|,?\s+(?=(?:and|so)\s+(?:the|her|his|their|its|it|i|she|he|they|that|this|every|those|we|my|our|who|what|not|don|im|i'm)\b)",
    re.IGNORECASE,
)
_LETTER = re.compile(r"[^\W_]")
_HANGUL = re.compile("[가-힣]")


def split_clauses(text: str) -> list[str]:
    """The clauses of a text in order, trimmed; every letter of it in one of them.

    Args:
        text: what somebody wrote; empty, or without a letter, has none.
    """
    clauses: list[str] = []
    for sentence in _STOP.split(_INNER.sub(lambda found: _KEPT[found[0]], text)):
        for part in _at_commas(sentence):
            is_korean = bool(_HANGUL.search(part))
            clauses += _at_endings(part) if is_korean else _ENGLISH.split(part)
    return [
        clause.translate(_AS_WRITTEN).strip(" \t,，-\"'()[]")
        for clause in clauses
        if _LETTER.search(clause)
    ]


def _at_commas(sentence: str) -> Iterator[str]:
    """At commas behind what may end a statement; the members of a list stay together."""
    start = 0
    for comma in _COMMA.finditer(sentence):
        before = sentence[start : comma.start()]
        word = before.rsplit(None, 1)[-1:] or [""]
        if not _HANGUL.search(word[0]):
            is_end = len(before.split()) > 2
        else:
            is_end = bool(_FINAL.search(word[0]) or _connects(word[0], ""))
        if is_end:
            yield before
            start = comma.end()
    yield sentence[start:]


def _at_endings(sentence: str) -> Iterator[str]:
    words = sentence.split()
    start = 0
    for place, word in enumerate(words[:-1], start=1):
        if _connects(word, words[place]) or _SPOKEN_END.search(word):
            yield " ".join(words[start:place])
            start = place
    yield " ".join(words[start:])


def _connects(word: str, following: str) -> bool:
    if _SAID.search(word):
        return False
    if _CONNECTIVE.search(word):
        return not _GOES_ON.match(following)
    return bool(
        _AND.match(word) and not _NO_AND.search(word) and not _AUXILIARY_OF_AND.match(following)
    )
