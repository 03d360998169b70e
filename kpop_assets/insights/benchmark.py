"""A few artists side by side: on the calendar, and in the days after their releases.

Belongs here: aligning daily sums of chosen artists. Does not belong here: what a release is
(releases.py) or an artist against its tier (content_strategy.py).

A day that said something new counts as 0 for an artist without a row on it. A day that repeats a
page or that nobody collected is null, and the gains after it are spread over its days
(fresh_days.py).
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

import polars as pl

from kpop_assets.catalog.catalog import OTHER
from kpop_assets.contracts import rules
from kpop_assets.days import day_end
from kpop_assets.insights.fresh_days import first_day_read, mark_fresh_days, spread_gains

MEASURES = (
    "engagement",
    "views_gained",
    "likes_gained",
    "comments_gained",
    "video_count",
    "event_count",
)
# What a day has by itself, and does not gain since the day before.
LEVELS = ("video_count", "event_count")


def compare_artists(
    daily: pl.DataFrame,
    artists: Sequence[str],
    start: dt.date,
    end: dt.date,
    measure: str = "engagement",
) -> pl.DataFrame:
    """A measure of 2 to 5 artists on each day, a day where it is gained.

    Args:
        daily: `silver/artist_daily` of all artists, some days before `start` included.
        artists: canonical names, distinct.
        start: first day.
        end: the day after the last one.
        measure: one of `MEASURES`.

    Returns:
        ingest_date, artist, value (in the unit of the measure; null on days that say nothing
        new). By day, artists in the order asked for.

    Raises:
        ValueError: not 2 to 5 distinct artists of the data, or an unknown measure.
    """
    _check(daily, artists, measure)
    values = _on_every_day(daily, mark_fresh_days(daily), artists, (start, end), measure)
    return values.sort("ingest_date", pl.col("artist").cast(pl.Enum(artists)))


def compare_since_release(
    daily: pl.DataFrame,
    releases: pl.DataFrame,
    artists: Sequence[str],
    days: int = 60,
    measure: str = "engagement",
    reference: dt.date | None = None,
) -> pl.DataFrame:
    """A measure of 2 to 5 artists, each from the day of its own latest release on.

    Args:
        daily: `silver/artist_daily` of all artists, some days before the releases included.
        releases: what `find_releases` returns.
        artists: canonical names, distinct.
        days: length of the comparison; the release day is day 0.
        measure: one of `MEASURES`.
        reference: each artist's latest release on or before this day counts; by default the last
            day of `daily`. Days after it are shown where the data has them.

    Returns:
        artist, release_date, days_since_release (0 to days - 1), value (in the unit of the
        measure, as `compare_artists` has it), value_so_far (all that was gained from day 0 on).
        Artists in the order asked for, then by day, to the end of the data.

    Raises:
        ValueError: not 2 to 5 distinct artists of the data, an unknown measure, or an artist
            without a release on or before the reference day.
    """
    _check(daily, artists, measure)
    latest = _latest_releases(daily, releases, artists, reference)
    since = (pl.col("ingest_date") - pl.col("release_date")).dt.total_days()
    marks = mark_fresh_days(daily)
    span = (min(latest["release_date"]), day_end(max(marks["ingest_date"])))
    covered = pl.lit(1) if measure in LEVELS else pl.col("span_days")
    return (
        _on_every_day(daily, marks, artists, span, measure)
        .join(marks, on="ingest_date", how="left")
        .join(latest, on="artist")
        .with_columns(since.alias("days_since_release"))
        .filter(pl.col("days_since_release").is_between(0, days, closed="left"))
        .sort(pl.col("artist").cast(pl.Enum(artists)), "days_since_release")
        .select(
            "artist",
            "release_date",
            "days_since_release",
            "value",
            (pl.col("value") * covered).cum_sum().over("artist").alias("value_so_far"),
        )
    )


def _check(daily: pl.DataFrame, artists: Sequence[str], measure: str) -> None:
    fewest, most = rules.FEWEST_COMPARED, rules.MOST_COMPARED
    if not fewest <= len(artists) <= most:
        raise ValueError(f"Choose {fewest} to {most} artists; {len(artists)} were chosen.")
    twice = sorted({a for a in artists if list(artists).count(a) > 1})
    if twice:
        raise ValueError(f"Choose each artist once; chosen twice: {', '.join(twice)}.")
    known = set(daily["artist"].unique()) - {OTHER}
    unknown = [a for a in artists if a not in known]
    if unknown:
        raise ValueError(f"The data has no artist named {', '.join(unknown)}.")
    if measure not in MEASURES:
        raise ValueError(f"{measure} cannot be compared; choose one of {', '.join(MEASURES)}.")


def _on_every_day(
    daily: pl.DataFrame,
    marks: pl.DataFrame,
    artists: Sequence[str],
    span: tuple[dt.date, dt.date],
    measure: str,
) -> pl.DataFrame:
    """Value of each artist on each day of a span."""
    own = ["event_count"] if measure == "engagement" and "event_count" in daily.columns else []
    of_span = pl.col("ingest_date").is_between(first_day_read(marks, span[0]), span[1], "left")
    rows = daily.filter(of_span, pl.col("artist").is_in(list(artists)))
    asked = rows.select("ingest_date", "artist", measure, *own)
    gains, levels = ([], [measure]) if measure in LEVELS else ([measure], [])
    everyone = pl.DataFrame({"artist": list(artists)})
    shown = spread_gains(asked, marks, span, gains, levels, everyone)
    return shown.select("ingest_date", "artist", pl.col(measure).alias("value"))


def _latest_releases(
    daily: pl.DataFrame,
    releases: pl.DataFrame,
    artists: Sequence[str],
    reference: dt.date | None,
) -> pl.DataFrame:
    """The last release_date on or before `reference`, one row for each artist."""
    last = reference or daily.select(pl.col("ingest_date").max()).item()
    latest = (
        releases.filter(pl.col("artist").is_in(list(artists)), pl.col("release_date") <= last)
        .group_by("artist")
        .agg(pl.col("release_date").max())
    )
    without = [a for a in artists if a not in set(latest["artist"])]
    if without:
        raise ValueError(f"No release on or before {last} is known of {', '.join(without)}.")
    return latest
