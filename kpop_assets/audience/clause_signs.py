"""Whether a clause praises or complains, by its words.

Belongs here: opinions of a clause with their places, negation in Korean and English, and one number
of several. Does not belong here: the words (opinion_words.toml), or a trained model (whoever has
one joins it in clause_aspects.py).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from typing import NamedTuple

from kpop_assets.audience.phrases import Phrase
from kpop_assets.audience.word_lists import opinion_finder

_WEIGHTS = {
    "strong_praise": 2.0,
    "praise": 1.0,
    "no_fault": 1.0,
    "quality": 0.0,
    "lacking": -0.5,
    "complaint": -1.0,
    "strong_complaint": -2.0,
}
# What "not" is a part of already.
_STANDS_ALONE = ("no_fault", "lacking")
# What is not bad is not yet good: half of the praise that its opposite would be.
_NOT_BAD = 0.5
_BEFORE = re.compile(r"(?:^|[^가-힣])(?:안|못|별로|그닥|그다지|전혀|딱히)\s?$")
# -지 않다, -지 못하다, -지도 않고; 은 아니다, 이 없다.
_AFTER = re.compile(
    r"[가-힣]{0,4}?(?:지(?:는|도|가|를|만은|만도)?|진|질)\s?(?:않|안|못|아니|모)"
    r"|[가-힣]{0,2}(?:은|는|이|가|도|을|를|까지는|까진|정도는)?\s?"
    r"(?:아니(?!냐|야[?]|에요[?]|지[?]|겠|라고|면)|아닌|아님|아닙|없|제로|1도)"
)
# The ending of a quality that is missing: 매력이 떨어진다, 성의 부족.
_MISSING = re.compile(
    r"[가-힣]{0,2}?(?:은|는|이|가|도|을|를)?\s?"
    r"(?:너무 |좀 |많이 |조금 |더 |전혀 |하나도 )?"
    r"(?:없|떨어|부족|덜|약하|약했|제로|못|안 )"
)
_ENGLISH_NOT = re.compile(
    r"\b(?:not|no|never|hardly|without|lacks?|isn'?t|wasn'?t|don'?t|doesn'?t|didn'?t|can'?t|aren'?t|"
    r"ain'?t|won'?t|couldn'?t|nothing|none)(?: [a-z']+){0,2} $"
)
# Who doubts it denies all that follows: "I don't think the song is good".
_ENGLISH_DOUBT = re.compile(
    r"\b(?:(?:don'?t|didn'?t|doesn'?t) (?:really )?(?:think|find|feel)|(?:can'?t|wouldn'?t) say)\b"
)


class OpinionWord(NamedTuple):
    """One word of praise (above 0) or complaint (below) at a place of a clause."""

    start: int
    end: int
    weight: float


def opinions_of(clauses: Sequence[str]) -> list[list[OpinionWord]]:
    """The opinions of each clause by place, negation heeded.

    Args:
        clauses: of `phrases.phrase_text`.
    """
    found = opinion_finder().find_all(clauses)
    return [
        [*_opinions(clause, phrases)] if phrases else []
        for clause, phrases in zip(clauses, found, strict=True)
    ]


def sign_of(opinions: Iterable[OpinionWord]) -> float:
    """One number of several opinions: s / (1 + |s|) of the sum of their weights, in -1..1.

    One word of praise is 0.5, a strong one 0.67; none, or as much praise as complaint, is 0.
    """
    total = sum(opinion.weight for opinion in opinions)
    return total / (1 + abs(total))


def _opinions(clause: str, phrases: Iterable[Phrase]) -> Iterable[OpinionWord]:
    for start, end, meanings in phrases:
        weight = max((_WEIGHTS.get(each, 0.0) for each in meanings), key=abs)
        after = clause[end : end + 16]
        if "nothing" in meanings:
            continue
        if "quality" in meanings and _MISSING.match(after):
            yield OpinionWord(start, end, -1.0)
        elif meanings[0] in _STANDS_ALONE or not _is_denied(clause[:start], after):
            yield from (OpinionWord(start, end, weight),) if weight else ()
        else:
            yield OpinionWord(start, end, -weight if weight > 0 else -weight * _NOT_BAD)


def _is_denied(before: str, after: str) -> bool:
    return bool(
        _AFTER.match(after)
        or _BEFORE.search(before[-5:])
        or _ENGLISH_NOT.search(before[-30:])
        or _ENGLISH_DOUBT.search(before)
    )
