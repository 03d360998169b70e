"""What a clause is about, and how it judges that.

Belongs here: aspects of a clause by the words that name them, which opinion belongs to which, and
the share of a trained model in the sign. Does not belong here: the words (aspect_words.toml),
single opinions (words/clause_signs.py), what is left out of them (clause_exclusions.py), or where a
clause ends (words/clauses.py).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from collections.abc import Set as AbstractSet
from itertools import accumulate
from typing import NamedTuple

from kpop_assets.audience.aspects.clause_exclusions import Left, left_out, sign_of_left
from kpop_assets.audience.words.clause_signs import OpinionWord, opinions_of, sign_of
from kpop_assets.audience.words.phrases import Phrase, phrase_text
from kpop_assets.audience.words.word_lists import ListName, aspect_finder
from kpop_assets.contracts.audience_rules import CLAUSE_MODEL_SHARE

# P(positive) - P(negative) of each text, in -1..1.
SentimentOf = Callable[[Sequence[str]], Sequence[float]]


class JudgedAspect(NamedTuple):
    """An aspect of a clause.

    Attributes:
        aspect: one of `audience_rules.ASPECTS`.
        sentiment: -1 (complaint) to 1 (praise); 0 says neither or both.
        place: how far into the clause it is named first, 0 to 1.
    """

    aspect: str
    sentiment: float
    place: float


class _Mention(NamedTuple):
    start: int
    end: int
    aspect: str
    how: str
    left: Left = ""


def names_aspects(texts: Sequence[str], listed: ListName) -> list[bool]:
    """Whether each text has a word of any aspect: most have none, and need no further look."""
    found = aspect_finder(listed).find_all([phrase_text(text) for text in texts])
    return [bool(_mentions(phrases)) for phrases in found]


def judge_clauses(
    texts: Sequence[Sequence[str]], listed: ListName, sentiment_of: SentimentOf | None = None
) -> list[list[list[JudgedAspect]]]:
    """The aspects of each clause of each text, each once a clause, in the order of their names.

    Args:
        texts: of each text its clauses, as they were written.
        listed: which list of words is read.
        sentiment_of: a trained model; asked for the clauses that name an aspect alone.
    """
    clauses = [clause for text in texts for clause in text]
    last = {place - 1 for place in accumulate(map(len, texts))}
    plain = [phrase_text(clause) for clause in clauses]
    found = aspect_finder(listed).find_all(plain)
    mentions = [_marked(clause, _mentions(of)) for clause, of in zip(plain, found, strict=True)]
    opinions = _opinions_near(plain, mentions, last)
    counted = {
        place: named
        for place, of in opinions.items()
        if (named := _counted(mentions[place], bool(of)))
    }
    said: dict[int, float] = {}
    if sentiment_of is not None and counted:
        scores = sentiment_of([clauses[place] for place in counted])
        said = dict(zip(counted, scores, strict=True))
    judged: list[list[JudgedAspect]] = [[] for _ in clauses]
    for place, named in counted.items():
        length = max(len(plain[place]), 1)
        kept = [each for each in named if not each.left]
        judged[place] = [*_judged(kept, opinions[place], said.get(place), length)]
        left = [each for each in named if each.left]
        if left:
            own = {each.aspect for each in kept}
            judged[place] += _judged_left(
                [each for each in left if each.aspect not in own], plain, place, last
            )
    rest = iter(judged)
    return [[next(rest) for _ in text] for text in texts]


def _opinions_near(
    plain: Sequence[str], mentions: list[list[_Mention]], last: AbstractSet[int]
) -> dict[int, list[OpinionWord]]:
    """Opinions of each clause that names an aspect: its own, else those of the clause behind.

    "연기ㅋㅋㅋ 최고다" is one statement. A clause that names an aspect of its own lends nothing;
    one that names it by a word for anything pretty ("춤선ㅠㅠ 예쁘다") belongs to the one before.
    """
    naming = [place for place, of in enumerate(mentions) if any(map(_is_sure, of))]
    own = dict(zip(naming, opinions_of([plain[place] for place in naming]), strict=True))
    bare = [
        place
        for place, of in own.items()
        if not of and place not in last and not any(map(_is_sure, mentions[place + 1]))
    ]
    behind = opinions_of([plain[place + 1] for place in bare])
    lent = {place + 1 for place, of in zip(bare, behind, strict=True) if of}
    vague = [place for place, of in enumerate(mentions) if of and place not in {*own, *lent}]
    own |= zip(vague, opinions_of([plain[place] for place in vague]), strict=True)
    return own | dict(zip(bare, behind, strict=True))


def _is_sure(mention: _Mention) -> bool:
    return mention.how != "alone"


def _mentions(phrases: Sequence[Phrase]) -> list[_Mention]:
    split = [
        _Mention(start, end, aspect, how)
        for start, end, meanings in phrases
        for aspect, how in (meaning.split(" ") for meaning in meanings)
    ]
    return [each for each in split if each.how != "never"]


def _marked(clause: str, mentions: list[_Mention]) -> list[_Mention]:
    if not mentions:
        return mentions
    left = left_out(clause, [(each.start, each.end) for each in mentions])
    return [_Mention(*each[:-1], how) for each, how in zip(mentions, left, strict=True)]


def _judged_left(
    mentions: Sequence[_Mention], plain: Sequence[str], place: int, last: AbstractSet[int]
) -> Iterator[JudgedAspect]:
    """What is left out, by what its own clause says of all else, or that behind, or before."""
    behind = plain[place + 1] if place not in last else ""
    before = plain[place - 1] if place and place - 1 not in last else ""
    clause = plain[place]
    in_before, in_own, in_behind = opinions_of([before, clause, behind])
    if clause.startswith("except") and in_before and in_own:
        # "Great song, except the styling is bad" is a but.
        signs = [sign_of(in_own)] * len(mentions)
    else:
        rest = in_own or in_behind or in_before
        signs = [sign_of_left(each.left, rest, f"{before} {clause} {behind}") for each in mentions]
    first = dict[str, JudgedAspect]()
    for each, sign in zip(mentions, signs, strict=True):
        told = JudgedAspect(each.aspect, sign, each.start / max(len(clause), 1))
        first.setdefault(each.aspect, told)
    yield from first.values()


def _counted(mentions: Sequence[_Mention], is_judged: bool) -> list[_Mention]:
    hows = ("named", "judged") if is_judged else ("named",)
    found = [each for each in mentions if each.how in hows]
    return found or [each for each in mentions if each.how == "alone" and is_judged]


def _judged(
    mentions: Sequence[_Mention], opinions: Sequence[OpinionWord], model: float | None, length: int
) -> Iterator[JudgedAspect]:
    first: dict[str, int] = {}
    for mention in mentions:
        first.setdefault(mention.aspect, mention.start)
    is_mixed = len({opinion.weight > 0 for opinion in opinions}) > 1
    own: dict[str, list[OpinionWord]] = {}
    if len(first) > 1 and is_mixed:
        for opinion in opinions:
            own.setdefault(_nearest(opinion, mentions).aspect, []).append(opinion)
    for aspect, start in first.items():
        yield JudgedAspect(aspect, _joined(own.get(aspect, opinions), model), start / length)


def _nearest(opinion: OpinionWord, mentions: Sequence[_Mention]) -> _Mention:
    """The mention with the fewest letters between; of two the one before, as Korean has it."""
    return min(
        mentions,
        key=lambda each: (
            max(opinion.start - each.end, each.start - opinion.end, 0),
            each.start > opinion.start,
        ),
    )


def _joined(opinions: Sequence[OpinionWord], model: float | None) -> float:
    words = sign_of(opinions)
    if model is None:
        return words
    return model if not opinions else (1 - CLAUSE_MODEL_SHARE) * words + CLAUSE_MODEL_SHARE * model
