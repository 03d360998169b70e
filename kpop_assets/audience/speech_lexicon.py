"""The mood of a text by a list of sayings: a feature of learnt models, and the floor without one.

Belongs here: reading `kpop_speech.toml`, and the sum of what a text has of it. Does not belong
here: the sayings, what is negated (negation.py), or chances (sentiment_calibration.py).
"""

from __future__ import annotations

import hashlib
import re
import tomllib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import numpy as np
from ahocorasick_rs import AhoCorasick, MatchKind
from numpy.typing import NDArray

from kpop_assets.audience.negation import NEGATED

_FILE = Path(__file__).with_name("kpop_speech.toml")
_PLAIN_SIGNS = {"strong_praise": 2, "praise": 1, "complaint": -1, "strong_complaint": -2}
# What is not good is bad, and what is not the best is no worse; what is not bad is hardly good.
_DENIED_PRAISE = -1.0
_DENIED_COMPLAINT_SHARE = -0.5
# Korean that denies what it follows, beside what negation.py marks: 최고는 아니다, 추천 안 한다,
# 매력이 하나도 없다, 좋지 않다. 아니 alone opens a sentence, and 최고 아니냐 asks for a yes.
_DENIED_AFTER = re.compile(
    r"(?:은|는|이|가|도)?(?: 편은| 편이)? ?"
    r"(?:아니(?:다|네|었|였|고|지만|에요|예요)|아닌 ?(?:듯|것|거)|아님|아닙니다)(?! ?\?)"
    r"|[은는을를도]? ?(?:안|못) ?(?:하[겠고는지네]|한|할|함|해|했|합)"
    r"|[가-힣]{0,2} (?:하나도|전혀|아예|1도) ?없"
    r"|[는도가]? ?않"
)


@dataclass(frozen=True)
class Saying:
    """One entry of the list.

    Attributes:
        form: in plain form (plain_texts.py).
        sign: -2 to 2; 0 is no mood, though it looks like one.
        note: what it means; empty of everyday words.
    """

    form: str
    sign: int
    note: str = ""

    @property
    def is_whole(self) -> bool:
        """Latin words stand alone; forms of Hangul are beginnings, as endings follow them."""
        return self.form.isascii()


class SpeechLexicon:
    """The list, ready to be found in texts.

    Attributes:
        sayings: the entries, no two of one form.
    """

    def __init__(self, sayings: Sequence[Saying]) -> None:
        self.sayings = tuple(sayings)
        self._finder = AhoCorasick(
            [one.form for one in sayings], matchkind=MatchKind.LeftmostLongest
        )

    def found(self, text: str) -> Iterator[tuple[Saying, bool]]:
        """The sayings of a plain text in order, and whether each is negated.

        Args:
            text: in plain form, what is negated marked as negation.py does, or not at all.
        """
        # Marks stand between letters, so that they would keep words from being found.
        places = [place for place, sign in enumerate(text) if sign != NEGATED]
        bare = text.replace(NEGATED, "")
        for number, start, end in self._finder.find_matches_as_indexes(bare):
            one = self.sayings[number]
            if not one.is_whole or _stands_alone(bare, start, end):
                # By both ends: "no crumbs" and "재미 없" deny within themselves.
                after = (places[start] + 1, places[end - 1] + 1)
                is_marked = all(text[place : place + 1] == NEGATED for place in after)
                yield one, is_marked or bool(_DENIED_AFTER.match(bare, end))

    def score(self, texts: Sequence[str]) -> NDArray[np.float64]:
        """The sum of signs of each text, over the root of how many there are; 0 without any."""
        return np.array([self._score_one(text) for text in texts], dtype=np.float64)

    def _score_one(self, text: str) -> float:
        signs = [
            _denied(one.sign) if is_negated else one.sign
            for one, is_negated in self.found(text)
            if one.sign
        ]
        return sum(signs) / len(signs) ** 0.5 if signs else 0.0


@lru_cache(maxsize=1)
def load_speech() -> SpeechLexicon:
    """The list of the package's file."""
    told = tomllib.loads(_FILE.read_text(encoding="utf-8"))
    sayings = [Saying(one["form"], one["sign"], one["note"]) for one in told["speech"]]
    known = {one.form for one in sayings}
    for group, sign in _PLAIN_SIGNS.items():
        words = dict.fromkeys(one.replace("_", " ") for one in told["plain"][group].split())
        sayings += [Saying(word, sign) for word in words if word not in known]
        known |= set(words)
    return SpeechLexicon(sayings)


@lru_cache(maxsize=1)
def speech_digest() -> str:
    """A hash of the list: scores by another list are other scores."""
    text = _FILE.read_bytes().replace(b"\r\n", b"\n")
    return hashlib.sha256(text).hexdigest()[:12]


def _denied(sign: int) -> float:
    return _DENIED_PRAISE if sign > 0 else _DENIED_COMPLAINT_SHARE * sign


def _stands_alone(text: str, start: int, end: int) -> bool:
    before = text[start - 1] if start else " "
    after = text[end] if end < len(text) else " "
    return not (before.isalnum() and before.isascii()) and not (after.isalnum() and after.isascii())
