"""What a clause leaves out of its praise or complaint: 스토리 빼고 다 좋다, all but the styling.

Belongs here: which words leave a name out, and what is said of it by that. Does not belong here:
names of aspects (clause_aspects.py), or where a clause ends (words/clauses.py).
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Literal

from kpop_assets.audience.words.clause_signs import OpinionWord, sign_of

# "without" it all is well, so that it is not; what is good "rather" than it says nothing of it.
Left = Literal["without", "rather", ""]

_WITHOUT = re.compile(
    r"[가-힣]{0,3}? ?(?:빼고(?! 싶)|빼곤|빼면|뺀|제외하고|제외하곤|제외하면|제외한)(?!도)"
)
_RATHER = re.compile(r"[가-힣]{0,3}? ?(?:말고|말곤|외엔|외에는|이외엔|이외에는)(?!도)")
# 스토리랑 연출 빼고: what the names of a list stand between.
_LIST = re.compile(r"(?:이랑|랑|와|과|하고|,|/| 및| and| or)+ ?(?:the |her |his |their )?")
_ENGLISH_WITHOUT = re.compile(
    r"\b(?:except(?: for)?|other than|apart from|aside from|excluding|but not)\b"
    r"(?! (?:that|this)\b)(?: [a-z'-]+){0,2} $"
)
_ENGLISH_RATHER = re.compile(r"\b(?:besides|rather than|instead of)\b(?: [a-z'-]+){0,2} $")
_ALL = re.compile(
    r"(?:^|\s)(?:다|모두|전부|나머지|모든|싹)(?=\s|는|가|$)|다른 건|\b(?:all|everything|rest)\b"
)
_MILD = 0.5


def left_out(clause: str, places: Sequence[tuple[int, int]]) -> list[Left]:
    """How the names at places of a clause are left out, if they are.

    Args:
        clause: of `phrases.phrase_text`.
        places: where names begin and end, in order.
    """
    found: list[Left] = []
    for place in range(len(places) - 1, -1, -1):
        start, end = places[place]
        left = _left_out(clause[:start], clause[end : end + 12])
        if not left and found and _LIST.fullmatch(clause, end, places[place + 1][0]):
            left = found[-1]
        found.append(left)
    found.reverse()
    for place in range(1, len(places)):
        between = places[place - 1][1], places[place][0]
        if found[place - 1] and not found[place] and _is_english_list(clause, *between):
            found[place] = found[place - 1]
    return found


def sign_of_left(left: Left, rest: Sequence[OpinionWord], clause: str) -> float:
    """What is said of something by leaving it out: mildly the contrary, or nothing.

    Args:
        left: as `left_out` says.
        rest: what is said of all else.
        clause: with the clause of the rest.
    """
    total = sum(opinion.weight for opinion in rest)
    if not total or (left == "rather" and not _ALL.search(clause)):
        return 0.0
    return sign_of([OpinionWord(0, 0, -_MILD if total > 0 else _MILD)])


def _left_out(before: str, after: str) -> Left:
    if _WITHOUT.match(after) or _ENGLISH_WITHOUT.search(before):
        return "without"
    return "rather" if _RATHER.match(after) or _ENGLISH_RATHER.search(before) else ""


def _is_english_list(clause: str, start: int, end: int) -> bool:
    return clause[start:end].isascii() and bool(_LIST.fullmatch(clause, start, end))
