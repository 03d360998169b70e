"""A few artists side by side.

Belongs here: reading what `insights/benchmark.py` compares, and who can be compared. Does not
belong here: what a release is (releases.py), the alignment itself (insights/benchmark.py).
"""

from __future__ import annotations

import datetime as dt

import polars as pl

from app.notices import PageEnd
from app.snapshot import Snapshot, reads
from kpop_assets.catalog.catalog import OTHER
from kpop_assets.contracts import rules
from kpop_assets.contracts.gold import ARTIST_FEATURES
from kpop_assets.contracts.silver import ARTIST_DAILY
from kpop_assets.days import day_end
from kpop_assets.insights.benchmark import compare_artists, compare_since_release

HEADLINE = ("rank", "artist", "tier", "total_engagement", "growth_rate_7d", "growth_rate_30d")
# Videos of a day were there on the day before too: their sum counts them again and again.
NOT_ADDED_UP = ("video_count",)
# Days before the first that is shown, which tell whether that one said something new.
LEAD = dt.timedelta(days=rules.USUAL_DAYS + rules.COUNTERS_LOOK_BACK_DAYS)

Releases = tuple[tuple[str, dt.date], ...]


@reads(ARTIST_FEATURES, ARTIST_DAILY)
def list_comparable(snapshot: Snapshot, day: dt.date) -> pl.DataFrame:
    """Every artist of the data up to a day with its figures of that day, ranked ones first.

    Returns:
        The columns of `HEADLINE`; all but the name are null where the day has no rank for it.
    """
    no_other = pl.col("artist") != OTHER
    known = snapshot.read(ARTIST_DAILY, None, day_end(day), ["artist"], no_other).unique()
    now = snapshot.read(ARTIST_FEATURES, day, day_end(day), HEADLINE)
    return (
        known.join(now, on="artist", how="left")
        .select(HEADLINE)
        .sort("rank", "artist", nulls_last=True)
    )


@reads(ARTIST_DAILY)
def list_span(snapshot: Snapshot, day: dt.date) -> tuple[dt.date, dt.date]:
    """First day of the data and its last one up to `day`.

    Raises:
        PageEnd: no day up to `day` was collected.
    """
    days = [known for known in snapshot.rows_by_day(ARTIST_DAILY) if known <= day]
    if not days:
        raise PageEnd("compare.one_artist", day=day.isoformat())
    return days[0], days[-1]


@reads(ARTIST_DAILY)
def by_date(
    snapshot: Snapshot,
    artists: tuple[str, ...],
    start: dt.date,
    end: dt.date,
    measure: str,
) -> pl.DataFrame:
    """ingest_date, artist and the measure on each day of [start, end); null without new data.

    Raises:
        PageEnd: an artist has no row up to `end`.
    """
    daily = snapshot.read(ARTIST_DAILY, None, end, _columns(measure))
    _check_known(daily, artists)
    return compare_artists(daily, artists, start, end, measure).rename({"value": measure})


@reads(ARTIST_DAILY)
def by_release(
    snapshot: Snapshot, releases: Releases, days: int, measure: str, day: dt.date
) -> pl.DataFrame:
    """artist, release_date, days_since_release, the measure and value_so_far, up to `day`.

    Args:
        snapshot: the lake.
        releases: artist and latest release of each, see `latest_releases`.
        days: length of the comparison.
        measure: one of `benchmark.MEASURES`.
        day: the last day to show.

    Raises:
        PageEnd: an artist has no row from the first of the releases on.
    """
    artists = [artist for artist, _ in releases]
    start = min(date for _, date in releases)
    daily = snapshot.read(ARTIST_DAILY, start - LEAD, day_end(day), _columns(measure))
    _check_known(daily, artists)
    known = pl.DataFrame(releases, schema=["artist", "release_date"], orient="row")
    compared = compare_since_release(daily, known, artists, days, measure, reference=day)
    return compared.rename({"value": measure})


def latest_releases(releases: pl.DataFrame, artists: tuple[str, ...]) -> Releases:
    """The last release of each artist that has one, artists in their order."""
    latest = dict(releases.group_by("artist").agg(pl.col("release_date").max()).iter_rows())
    return tuple((artist, latest[artist]) for artist in artists if artist in latest)


def _columns(measure: str) -> list[str]:
    return list(dict.fromkeys(["ingest_date", "artist", "engagement", "event_count", measure]))


def _check_known(daily: pl.DataFrame, artists: list[str] | tuple[str, ...]) -> None:
    """What `insights/benchmark.py` would refuse in English."""
    known = set(daily.get_column("artist").unique())
    unknown = [artist for artist in artists if artist not in known]
    if unknown:
        raise PageEnd("compare.not_in_daily", artists=", ".join(unknown))
