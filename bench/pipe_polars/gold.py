"""Days of artists to features and tiers, in Polars.

Belongs here: trailing windows of days, ranks and cut-offs. Does not belong here: single events
(silver.py).
"""

from __future__ import annotations

import polars as pl

from bench import peer
from kpop_assets.catalog.catalog import OTHER

_DAY = "ingest_date"


def describe_artists(artist_daily: pl.DataFrame, video_daily: pl.DataFrame) -> pl.DataFrame:
    """Features of each artist with an event in the 30 days before, on each seen day."""
    acts = artist_daily.filter(pl.col("artist") != OTHER)
    seen = artist_daily.select(_DAY).unique().sort(_DAY)
    gap = (pl.col(_DAY) - pl.col(_DAY).shift(1)).dt.total_days()
    spans = seen.with_columns(span=pl.when(gap <= peer.COUNTERS_LOOK_BACK).then(gap))
    counts = ("engagement", "event_count", "held_count")
    points = acts.select(_DAY, "artist", *counts, is_present=pl.lit(True))
    grid = spans.join(acts.select("artist").unique(), how="cross").join(
        points, [_DAY, "artist"], how="left"
    )
    grid = grid.with_columns(
        pl.col("is_present").fill_null(False), pl.col(*counts).cast(pl.Int64).fill_null(0)
    )
    grid = _with_moved(grid)
    sums = _handed_on(grid, seen, 59).group_by("day", "artist").agg(_sums())
    history = _handed_on(spans, seen, peer.FEATURES_LOOK_BACK).group_by("day").agg(_history())
    parts = [f"{name}_engagement" for name in peer.BY_EVIDENCE]
    near = _handed_on(acts.select(_DAY, "artist", *parts), seen, 6)
    evidence = near.group_by("day", "artist").agg(pl.col(parts).sum())
    rows = sums.filter("is_active").join(history, "day")
    rows = rows.join(evidence, ["day", "artist"], how="left").rename({"day": _DAY})
    for count in (("video_id", "total_videos"), ("author_id", "unique_viewers_est")):
        rows = rows.join(_distinct(video_daily, seen, *count), [_DAY, "artist"], how="left")
    return _ranked(rows.with_columns(pl.col("total_videos", "unique_viewers_est").fill_null(0)))


def _with_moved(grid: pl.DataFrame) -> pl.DataFrame:
    """`moved_rise`, `moved_span`: of an act's day, with those of the partial days before it."""
    day = pl.col(_DAY)

    def before(values: pl.Expr, i: int) -> pl.Expr:
        is_near = (day - day.shift(i)).dt.total_days() <= peer.NEAR_DAYS
        return pl.when(is_near).then(values.shift(i)).over("artist")

    is_held = pl.col("held_count") > 0
    lasts = (before(is_held, 1) & before(is_held, 2)).fill_null(False)
    rows = grid.sort("artist", _DAY).with_columns(
        is_partial=is_held & ~lasts, rise=pl.col("engagement") - pl.col("event_count")
    )
    takes = before(pl.col("is_partial"), 1).fill_null(False)
    takes_2 = takes & before(pl.col("is_partial"), 2).fill_null(False)
    return rows.with_columns(
        pl.when(~pl.col("is_partial"))
        .then(
            pl.col(name)
            + pl.when(takes).then(before(pl.col(name), 1)).otherwise(0)
            + pl.when(takes_2).then(before(pl.col(name), 2)).otherwise(0)
        )
        .alias(f"moved_{name}")
        for name in ("rise", "span")
    )


def _handed_on(rows: pl.DataFrame, seen: pl.DataFrame, oldest: int) -> pl.DataFrame:
    """Each row once for each seen day that is at most so many days after it."""
    pairs = seen.rename({_DAY: "day"}).join(seen, how="cross")
    age = (pl.col("day") - pl.col(_DAY)).dt.total_days()
    return pairs.with_columns(age=age).filter(age.is_between(0, oldest)).join(rows, _DAY)


# Days that a day's gains span, where the day before is one that is read.
_SPAN = pl.when(pl.col("age") + pl.col("span") <= peer.FEATURES_LOOK_BACK).then(pl.col("span"))


def _within(values: pl.Expr, first: int, last: int) -> pl.Expr:
    return values.filter(pl.col("age").is_between(first, last))


def _sums() -> list[pl.Expr]:
    points, mentions = pl.col("engagement"), pl.col("event_count")
    gains = points - mentions
    paces = mentions + (gains / _SPAN).round(mode="half_away_from_zero")
    is_read = pl.col("age") + pl.col("moved_span") <= peer.FEATURES_LOOK_BACK
    moved = {name: pl.when(is_read).then(pl.col(f"moved_{name}")) for name in ("rise", "span")}
    return [
        _within(points, 0, 6).sum().alias("total_engagement"),
        _within(points, 0, 6).max().alias("max_engagement"),
        *[
            _within(values, *ages).sum().alias(f"{name}_{window}")
            for window, ages in peer.WINDOWS.items()
            for name, values in (
                ("mentions", mentions),
                ("gained", moved["rise"]),
                ("spans", moved["span"]),
            )
        ],
        _within(paces, 0, 29).std().alias("volatility"),
        _within(pl.min_horizontal(points, 0), 0, 29).sum().alias("corrected_30d"),
        (pl.col("is_present") & (pl.col("age") < peer.ACTIVE_DAYS)).any().alias("is_active"),
    ]


def _history() -> list[pl.Expr]:
    age = pl.col("age")

    def missing(days: int) -> pl.Expr:
        since = pl.min_horizontal(age.max() + 1, days)
        return (since - (age < days).sum()).cast(pl.Int32)

    return [
        *[
            age.is_between(2 * days - 1, 2 * days - 1 + peer.GAP_DAYS).any().alias(f"knows_{name}")
            for name, days in peer.SPANS.items()
        ],
        *[
            age.is_between(*ages).sum().alias(f"seen_{window}")
            for window, ages in peer.WINDOWS.items()
        ],
        _within(_SPAN, 0, 6).sum().cast(pl.Int32).alias("covered_days"),
        missing(7).alias("missing_days"),
        missing(30).alias("missing_days_30d"),
    ]


def _distinct(video_daily: pl.DataFrame, seen: pl.DataFrame, key: str, name: str) -> pl.DataFrame:
    """Exact distinct values in the 7 days that end on each seen day.

    A value adds to the days from its day on until it is older than 7 days or seen again: plus one
    there, minus one here, and the running sum is the count.
    """
    present = (
        video_daily.lazy()
        .filter(pl.col(key).is_not_null() & (pl.col("artist") != OTHER))
        .select("artist", key, _DAY)
        .unique()
        .sort("artist", key, _DAY)
        .with_columns(
            following=pl.when(
                (pl.col("artist") == pl.col("artist").shift(-1))
                & (pl.col(key) == pl.col(key).shift(-1))
            ).then(pl.col(_DAY).shift(-1))
        )
    )
    until = pl.min_horizontal(pl.col(_DAY).dt.offset_by("7d"), pl.col("following"))
    steps = pl.concat(
        [
            present.select("artist", _DAY, step=pl.lit(1, pl.Int64)),
            present.select("artist", until.alias(_DAY), step=pl.lit(-1, pl.Int64)),
            present.select("artist")
            .unique()
            .join(seen.lazy(), how="cross")
            .with_columns(step=pl.lit(0, pl.Int64)),
        ]
    )
    by_day = steps.group_by("artist", _DAY).agg(pl.sum("step")).sort("artist", _DAY)
    counted = by_day.with_columns(pl.col("step").cum_sum().over("artist").alias(name))
    return counted.select(_DAY, "artist", name).collect()


def _ranked(rows: pl.DataFrame) -> pl.DataFrame:
    total = pl.col("total_engagement")
    positive = total.clip(0)
    whole = positive.sum().over(_DAY)
    size = pl.len().over(_DAY)
    percentile = (total.rank("min").over(_DAY) - 1).cast(pl.Float64) / (size - 1)
    rows = rows.with_columns(
        avg_engagement=total / 7,
        growth_rate_7d=_growth("7d"),
        growth_rate_30d=_growth("30d"),
        market_share=pl.when(whole != 0).then(positive / whole * 100),
        **_shares(),
        percentile=pl.when(size > 1).then(percentile).otherwise(0.0),
        rank=total.rank("min", descending=True).over(_DAY).cast(pl.Int32),
    )
    tier = pl.lit(4)
    for number, lowest in reversed(peer.TIERS[:3]):
        tier = pl.when(pl.col("percentile") >= lowest).then(number).otherwise(tier)
    growth = pl.col("growth_rate_7d")
    trend = pl.when(growth > 10).then(pl.lit("RISING")).when(growth < -10).then(pl.lit("FALLING"))
    rows = rows.with_columns(
        tier=tier.cast(pl.Int32),
        momentum=growth - pl.col("growth_rate_30d"),
        trend_direction=trend.otherwise(pl.lit("STEADY")),
    )
    peers = [_DAY, "tier"]
    spread = growth.std().over(peers)
    sigma = pl.when(spread > 0).then((growth - growth.mean().over(peers)) / spread)
    names = (
        "ingest_date artist total_engagement avg_engagement max_engagement total_videos "
        "unique_viewers_est growth_rate_7d growth_rate_30d momentum volatility market_share "
        "percentile rank tier trend_direction growth_sigma covered_days missing_days "
        "missing_days_30d corrected_30d own_channel_share label_share clear_name_share "
        "vague_name_share is_vague_only"
    )
    return rows.with_columns(growth_sigma=sigma).select(names.split())


def _growth(name: str) -> pl.Expr:
    """Of the points of a whole window at its pace, in percent of the window before."""
    recent, previous = _pace(f"recent_{name}"), _pace(f"previous_{name}")
    half = peer.SPANS[name] / 2
    covers = (pl.col(f"spans_recent_{name}") > half) & (pl.col(f"spans_previous_{name}") > half)
    is_known = pl.col(f"knows_{name}") & covers & (previous > 0) & (recent >= 0)
    return pl.when(is_known).then((recent - previous) / previous * 100)


def _pace(window: str) -> pl.Expr:
    days = peer.SPANS[window.partition("_")[2]]
    mentions, gained = pl.col(f"mentions_{window}"), pl.col(f"gained_{window}")
    seen, spans = pl.col(f"seen_{window}"), pl.col(f"spans_{window}")
    return mentions * days / seen + gained * days / spans


def _shares() -> dict[str, pl.Expr]:
    """Percent of the window's engagement by evidence; sums below 0 count as 0."""
    parts = {name: pl.col(f"{name}_engagement").clip(0) for name in peer.BY_EVIDENCE}
    whole = pl.sum_horizontal(parts.values(), ignore_nulls=False)
    shares = {
        f"{name}_share": pl.when(whole > 0).then(part / whole * 100) for name, part in parts.items()
    }
    return {**shares, "is_vague_only": pl.when(whole > 0).then(parts["vague_name"] == whole)}


def cut_tiers(features: pl.DataFrame) -> pl.DataFrame:
    """One row per day and tier, tiers without an artist included."""
    schema = {"tier": pl.Int32, "percentile_from": pl.Float64}
    tiers = pl.DataFrame(peer.TIERS, schema, orient="row")
    total = pl.col("total_engagement")
    present = features.group_by(_DAY, "tier").agg(
        min_total_engagement=total.min(),
        max_total_engagement=total.max(),
        artist_count=pl.len().cast(pl.Int64),
        market_share=pl.col("market_share").sum(),
    )
    days = features.select(_DAY).unique()
    return (
        days.join(tiers, how="cross")
        .join(present, [_DAY, "tier"], how="left")
        .with_columns(pl.col("artist_count").fill_null(0))
    )
