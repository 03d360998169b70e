"""Reviews as `bronze/reviews` has them, and voices made of a few days of them.

Belongs here: rows with what a test leaves out filled in. Does not belong here: a test.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from typing import Any

import polars as pl

from kpop_assets.audience.voices.voices import VoiceDays
from kpop_assets.catalog.catalog import Catalog, load_catalog
from kpop_assets.contracts.reviews import REVIEWS
from kpop_assets.lake.rows import empty

TODAY = dt.date(2025, 11, 20)
NOON = dt.datetime(2025, 11, 20, 3, tzinfo=dt.UTC)
NO_VIDEOS = pl.DataFrame(schema={"video_id": pl.String, "artist": pl.String})
_REVIEW: dict[str, Any] = {
    "source": "naver_reviews",
    "subject_kind": "title",
    "subject": "100100",
    "observed_at": NOON,
    "landing_file": "reviews_1763607600000_0.json",
    "line_number": 1,
}


def before(days: int) -> dt.date:
    return TODAY - dt.timedelta(days=days)


def reviews(*rows: Mapping[str, Any]) -> pl.DataFrame:
    """Rows of `bronze/reviews`; ids are r0, r1, ... unless they are given."""
    given = [{"review_id": f"r{n}", **_REVIEW, **row} for n, row in enumerate(rows)]
    return pl.DataFrame(given, schema=empty(REVIEWS).schema)


def voices_of(
    today: Iterable[Mapping[str, Any]],
    earlier: Mapping[dt.date, Iterable[Mapping[str, Any]]] | None = None,
    videos: pl.DataFrame = NO_VIDEOS,
    catalog: Catalog | None = None,
) -> list[dict[str, Any]]:
    """Voices of `TODAY` in order of their ids."""
    days = {TODAY: reviews(*today)}
    days |= {day: reviews(*rows) for day, rows in (earlier or {}).items()}
    made = VoiceDays(lambda day: days.get(day, reviews()), lambda day: videos, catalog or ACTS)
    return made.of_day(TODAY).sort("review_id").to_dicts()


def told(rows: Iterable[Mapping[str, Any]], *names: str) -> list[Any]:
    """One column of rows, or several as tuples."""
    return [row[names[0]] if len(names) == 1 else tuple(row[n] for n in names) for row in rows]


ACTS = load_catalog()
