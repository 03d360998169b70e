"""Whether a clause praises or complains, by its words.

Belongs here: opinions of a clause with their places, negation in Korean and English, and one number
of several. Does not belong here: the words (word_lists.py), the mood of whole texts
(speech_lexicon.py), or a trained model (whoever has one joins it in aspects/clause_aspects.py).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from typing import Literal, NamedTuple

from kpop_assets.audience.words.phrases import Phrase
from kpop_assets.audience.words.word_lists import opinion_finder

# Who asks: what a clause says of its aspects, or the mood of a whole text.
Asked = Literal["aspect", "text"]
_ANY = {
    "strong_praise": 2.0,
    "praise": 1.0,
    "no_fault": 1.0,
    "complaint": -1.0,
    "strong_complaint": -2.0,
}
_WEIGHTS: dict[Asked, dict[str, float]] = {
    "aspect": _ANY
    | {
        "aspect_strong_praise": 2.0,
        "aspect_praise": 1.0,
        "aspect_complaint": -1.0,
        "aspect_strong_complaint": -2.0,
        "lacking": -0.5,
    },
    "text": _ANY | {"felt_praise": 1.0, "felt_complaint": -1.0},
}
# What "not" is a part of already.
_STANDS_ALONE = ("no_fault", "lacking")
# What is not the best is no worse than what is not good; what is not bad is not yet good.
_NOT_GOOD = -1.0
_NOT_BAD = 0.5
_BEFORE = re.compile(r"(?:^|[^가-힣])(?:안|못|별로|그닥|그다지|전혀|딱히)\s?$")
# -지 않다, -지 못하다, -지도 않고; 은 아니다, 이 하나도 없다, 추천 안 한다. 아니 alone opens a
# sentence, 최고 아니냐 asks for a yes, and 좋지 안무도 goes on to the dance.
_AFTER = re.compile(
    r"[가-힣]{0,4}?(?:지(?:는|도|가|를|만은|만도)?|진|질)\s?(?:않|안(?!무|경|녕)|못|아니|모)"
    r"|[는도가]? ?않"
    r"|[은는을를도]? ?(?:안|못) ?(?:하[겠고는지네]|한|할|함|해|했|합)"
    r"|[가-힣]{0,2}(?:은|는|이|가|도|을|를|까지는|까진|정도는)?(?: 편은| 편이)?\s?"
    r"(?:아니(?:다|네|었|였|고|지만|지 |에요|예요|어서|라서|야|라 )|아닌(?!가)|아님|아닙|아녔|"
    r"(?:하나도 |전혀 |아예 )?없|제로|1도)(?! ?\?)"
)
# The ending of a quality that is missing: 매력이 떨어진다, 성의 부족.
_MISSING = re.compile(
    r"[가-힣]{0,2}?(?:은|는|이|가|도|을|를)?\s?"
    r"(?:너무 |좀 |많이 |조금 |더 |전혀 |하나도 )?"
    r"(?:없|떨어|부족|덜|약하|약했|제로|못|안 )"
)
_ENGLISH_NOT = re.compile(
    r"\b(?:not(?! only)|no|never|hardly|without|lacks?|isn'?t|wasn'?t|don'?t|doesn'?t|didn'?t|"
    r"can'?t|aren'?t|ain'?t|won'?t|couldn'?t|nothing|none)(?: [a-z']+){0,2} $"
)
# Who doubts it denies all that follows: "I don't think the song is good".
_ENGLISH_DOUBT = re.compile(
    r"\b(?:(?:don'?t|didn'?t|doesn'?t) (?:really )?(?:think|find|feel)|(?:can'?t|wouldn'?t) say)\b"
    r"(?!.*\b(?:but|although|though|however|yet|except)\b)"
)


class OpinionWord(NamedTuple):
    """One word of praise (above 0) or complaint (below) at a place of a clause."""

    start: int
    end: int
    weight: float


def opinions_of(clauses: Sequence[str], asked: Asked = "aspect") -> list[list[OpinionWord]]:
    """The opinions of each clause by place, negation heeded.

    Args:
        clauses: of `phrases.phrase_text`.
        asked: who asks; some words say something to one of them alone.
    """
    found = opinion_finder().find_all(clauses)
    return [
        [*_opinions(clause, phrases, _WEIGHTS[asked])] if phrases else []
        for clause, phrases in zip(clauses, found, strict=True)
    ]


def known_spans(texts: Sequence[str]) -> list[list[tuple[int, int]]]:
    """What the lists know of each text as mood, or as none, in order.

    Args:
        texts: of `phrases.phrase_text`.
    """
    says = {*_WEIGHTS["text"], "nothing"}
    return [
        [(start, end) for start, end, meanings in found if not says.isdisjoint(meanings)]
        for found in opinion_finder().find_all(texts)
    ]


def sign_of(opinions: Iterable[OpinionWord]) -> float:
    """One number of several opinions: s / (1 + |s|) of the sum of their weights, in -1..1.

    One word of praise is 0.5, a strong one 0.67; none, or as much praise as complaint, is 0.
    """
    total = sum(opinion.weight for opinion in opinions)
    return total / (1 + abs(total))


def _opinions(
    clause: str, phrases: Iterable[Phrase], weights: dict[str, float]
) -> Iterable[OpinionWord]:
    hushed = 0
    for start, end, meanings in phrases:
        if "nothing" in meanings:
            hushed = end
        # What begins within what is nothing is its end: 종이를 찢 and 찢었다.
        if start < hushed:
            continue
        weight = max((weights.get(each, 0.0) for each in meanings), key=abs)
        after = clause[end : end + 16]
        if "quality" in meanings and _MISSING.match(after):
            yield OpinionWord(start, end, -1.0)
        elif not weight:
            continue
        elif meanings[0] in _STANDS_ALONE or not _is_denied(clause[:start], after):
            yield OpinionWord(start, end, weight)
        else:
            yield OpinionWord(start, end, _NOT_GOOD if weight > 0 else -weight * _NOT_BAD)


def _is_denied(before: str, after: str) -> bool:
    return bool(
        _AFTER.match(after)
        or _BEFORE.search(before[-5:])
        or _ENGLISH_NOT.search(before[-30:])
        or _ENGLISH_DOUBT.search(before)
    )
