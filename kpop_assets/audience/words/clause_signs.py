"""Whether a clause praises or complains, by its words.

Belongs here: opinions of a clause with their places, what a denied one says, and one number of
several. Does not belong here: the words (word_lists.py), what is denied (denials.py), the mood of
whole texts (speech_lexicon.py), or a trained model (whoever has one joins it in
aspects/clause_aspects.py).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from typing import Literal, NamedTuple

from kpop_assets.audience.words.denials import denial_of, is_of_cannot, is_turned_back
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
# What is not the best is no worse than what is not good; what is not bad, or not the worst, is not
# yet good.
_NOT_GOOD = -1.0
_NOT_BAD = 0.5
# The ending of a quality that is missing: 매력이 떨어진다, 성의 부족.
_MISSING = re.compile(
    r"[가-힣]{0,2}?(?:은|는|이|가|도|을|를)?\s?"
    r"(?:너무 |좀 |많이 |조금 |더 |전혀 |하나도 |별로 )?"
    r"(?:없|떨어|부족|덜|약하|약했|제로|못|안 )"
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
    hushed = denied_until = 0
    for start, end, meanings in phrases:
        if "nothing" in meanings:
            hushed = end
        # What begins within what is nothing is its end: 종이를 찢 and 찢었다.
        if start < hushed:
            continue
        weight = max((weights.get(each, 0.0) for each in meanings), key=abs)
        missing = _MISSING.match(clause, end, end + 16) if "quality" in meanings else None
        if missing:
            # 매력 없는 멤버가 없다.
            denied_until = is_turned_back(clause, missing.end())
            yield OpinionWord(start, end, _NOT_BAD if denied_until else _NOT_GOOD)
        elif not weight or (meanings[0] == "lacking" and _is_other(clause, start, denied_until)):
            continue
        elif meanings[0] in _STANDS_ALONE:
            yield OpinionWord(start, end, weight)
        else:
            is_denied, denied_until = denial_of(clause, start, end, is_praise=weight > 0)
            if is_denied:
                weight = _NOT_GOOD if weight > 0 else _NOT_BAD
            if not is_denied or "accused" not in meanings:
                yield OpinionWord(start, end, weight)


def _is_other(clause: str, start: int, denied_until: int) -> bool:
    """Whether a 없다 misses nothing: it denies a word before, or is that of 수 없다."""
    return start < denied_until or is_of_cannot(clause[:start])
