"""The forecasts of each day of a range: which days are read for it, and what was fitted before.

Belongs here: reads by day, the sample that is learned from, and one fit for the days of a week.
Does not belong here: the methods, or who writes the rows (assets.py).
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Sequence

import polars as pl

from kpop_assets.contracts import rules
from kpop_assets.contracts.lens_forecasts import VIDEO_TRENDS
from kpop_assets.contracts.lens_videos import VIDEO_METRICS
from kpop_assets.contracts.table import Table
from kpop_assets.lens.forecast_cases import band_shares, fit_day, sample_videos
from kpop_assets.lens.forecast_choice import Forecaster, fit_forecaster
from kpop_assets.lens.forecasts import forecast_videos

# Rows of a table of a day and so many days before it.
Read = Callable[[Table, dt.date, int, Sequence[str] | None], pl.DataFrame]

_KEY = ["ingest_date", "video_id"]
_BANDS = ["video_id", "age_band"]
_METRICS = (
    *_KEY,
    *("artist", "age_band", "video_format", "observed_at", "age_hours"),
    *("view_count", "like_count", "comment_count", "author_subscriber_count"),
    *("views_per_hour", "views_per_hour_basis", "engagement_rate_pct"),
)
# Of more rows, days are read one by one and thinned out at once: a month of them fills memory.
ROWS_AT_ONCE = 300_000


class ForecastDays:
    """What is said on each day, in the order of days.

    Args:
        read: gives rows of `lens/video_metrics` and `lens/video_trends`.
    """

    def __init__(self, read: Read) -> None:
        self._read = read
        self._forecaster: Forecaster | None = None
        self._scores: dict[dt.date, pl.DataFrame] = {}

    def forecasts(self, day: dt.date) -> pl.DataFrame:
        """The rows of `lens/video_forecasts` of a day."""
        forecaster = self._fitted_for(day)
        self._scores[day] = forecaster.scores
        return forecast_videos(self._rows(day, 0), forecaster)

    def scores(self, day: dt.date) -> pl.DataFrame:
        """The rows of `lens/forecast_scores` of a day whose forecasts were asked for."""
        return self._scores.pop(day)

    def _fitted_for(self, day: dt.date) -> Forecaster:
        days = self._read(VIDEO_METRICS, day, rules.FORECAST_LOOK_BACK_DAYS, _KEY[:1])
        until = fit_day(day, set(days.get_column("ingest_date")))
        if self._forecaster is None or self._forecaster.fitted_date != until:
            self._forecaster = fit_forecaster(self._learned(until), until)
        return self._forecaster

    def _learned(self, until: dt.date) -> pl.DataFrame:
        """The rows that a fit learns from."""
        back = rules.FORECAST_FIT_DAYS - 1
        bands = self._read(VIDEO_METRICS, until, back, ["ingest_date", "age_band"])
        if bands.height <= rules.FORECAST_SAMPLE_ROWS:
            return self._rows(until, back)
        counts = dict(bands.group_by("age_band").len().rows())
        shares = band_shares(counts, rules.FORECAST_SAMPLE_ROWS)
        stretches = [(until, back)]
        if bands.height > ROWS_AT_ONCE:
            stretches = [(day, 0) for day in bands.get_column("ingest_date").unique().sort()]
        taken: set[str] = set()
        for day, n in stretches:
            taken |= sample_videos(self._read(VIDEO_METRICS, day, n, _BANDS), shares)
        is_taken = pl.col("video_id").is_in(list(taken))
        return pl.concat(self._rows(day, n).filter(is_taken) for day, n in stretches)

    def _rows(self, day: dt.date, back: int) -> pl.DataFrame:
        """Videos with a counter and a pace, and their trends."""
        rows = self._read(VIDEO_METRICS, day, back, _METRICS)
        trends = self._read(VIDEO_TRENDS, day, back, None)
        return (
            rows.drop_nulls(["view_count", "views_per_hour"])
            .join(trends, on=_KEY, how="left")
            .with_columns(pl.col("snapshot_count").fill_null(1))
            .sort(_KEY)
        )
