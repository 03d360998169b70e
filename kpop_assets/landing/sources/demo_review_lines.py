"""Lines about what the simulated audience says: any number a day, the same bytes every time.

Belongs here: reviews as lines, and what becomes of those of the day before: some are edited, some
deleted, some seen again. Does not belong here: what is said (`demo_reviews.py`), or how an author
is hidden (`landing/door.py`).

Of the comments of the day before 2 % are said again with another text, 1 % are gone, 3 % are seen
again as they were, with more likes.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np

from kpop_assets.contracts.reviews import REVIEW_LINES
from kpop_assets.days import FIRST_DAY
from kpop_assets.landing.choices import DEMO_REVIEWS, DEMO_SEED
from kpop_assets.landing.door import door_of
from kpop_assets.landing.files import AlreadyLanded, LandedFile, write_day
from kpop_assets.landing.sources.base import Repairs, json_line
from kpop_assets.landing.sources.demo_phrases import EDITED_MARK
from kpop_assets.landing.sources.demo_reviews import Line, collected_ms, reviews_of_day

MAX_REVIEWS_PER_DAY = 1_000_000
_CHANCE = 133
_EDITED, _GONE, _SEEN = 0.02, 0.03, 0.06


def simulate_reviews_day(
    day: dt.date, reviews_per_day: int = DEMO_REVIEWS, seed: int = DEMO_SEED
) -> list[Line]:
    """The simulated lines of a day; no day needs the files of another.

    Args:
        day: the ingest date; any from 2017 to 2099.
        reviews_per_day: comments and ratings said for the first time; what critics say, a
            campaign and what is said again come beside them.
        seed: of the whole simulated world.
    """
    if not 1 <= reviews_per_day <= MAX_REVIEWS_PER_DAY:
        raise ValueError(f"reviews_per_day must be 1 to {MAX_REVIEWS_PER_DAY:,}: {reviews_per_day}")
    if not FIRST_DAY <= day < dt.date(2099, 12, 31):
        raise ValueError(f"the demo knows the days from {FIRST_DAY} to 2099-12-30, not {day}")
    return [
        *reviews_of_day(seed, day, reviews_per_day),
        *_said_again(seed, day, reviews_of_day(seed, day - dt.timedelta(days=1), reviews_per_day)),
    ]


def write_demo_reviews(
    root: Path, day: dt.date, reviews_per_day: int = DEMO_REVIEWS, seed: int = DEMO_SEED
) -> LandedFile | AlreadyLanded:
    """Land what the simulated audience says on a day."""
    door, repairs = door_of(REVIEW_LINES, root), Repairs()
    pass_door = door.line if door else lambda given, _: json_line(given)
    lines = simulate_reviews_day(day, reviews_per_day, seed)
    made = (pass_door(line, repairs) for line in lines)
    return write_day(root, day, made, collected_ms(day), REVIEW_LINES.kind)


def _said_again(seed: int, day: dt.date, before: Sequence[Line]) -> Iterator[Line]:
    rng = np.random.default_rng([seed, _CHANCE, day.toordinal()])
    at = collected_ms(day)
    for line, draw in zip(before, rng.random(len(before)).tolist(), strict=True):
        seen = line | {"observed_at": at, "likes": line["likes"] + int(rng.integers(5))}
        if draw < _EDITED:
            language = "en" if str(line["text"]).isascii() else "ko"
            text = f"{line['text']}{EDITED_MARK[language]}"
            yield seen | {"text": text, "updated_at": at - 3_600_000}
        elif draw < _GONE:
            yield {name: value for name, value in seen.items() if name != "text"} | {
                "deleted_at": at
            }
        elif draw < _SEEN:
            yield seen
