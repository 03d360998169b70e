"""What is measured of a video on a day: rates between two observations, engagement, age.

Belongs here: `lens/video_metrics`, a pure function of three days of observations. Does not belong
here: what a value is worth, or whether it is out of the ordinary.

A day's counter of views is left out where `silver/video_daily` holds it (a glitch), and likes and
comments of the day with it. A glitch of likes or comments alone leaves the views: their
`gained_days` is known then.
"""

from __future__ import annotations

import datetime as dt

import polars as pl

from kpop_assets.contracts import rules
from kpop_assets.lens.scales import robust_sigmas

EVENT_COLUMNS = (
    *("ingest_date", "video_id", "observed_at", "source"),
    *("view_count", "like_count", "comment_count", "author_subscriber_count"),
)
DAILY_COLUMNS = (
    *("ingest_date", "video_id", "artist", "author_id", "video_format", "launched_at"),
    *("observed_at", "is_glitch", "gained_days"),
)
_HOURS = 3_600_000_000


def measure_metrics(events: pl.DataFrame, daily: pl.DataFrame, day: dt.date) -> pl.DataFrame:
    """The rows of `lens/video_metrics` of one day but for its date.

    Args:
        events: `bronze/events` of the day and `rules.PAIR_LOOK_BACK_DAYS` before, `EVENT_COLUMNS`.
        daily: `silver/video_daily` of the same days, `DAILY_COLUMNS`.
        day: the day.
    """
    seen = _believed(events, daily)
    today = daily.filter(pl.col("ingest_date") == day)
    last = (
        seen.filter(pl.col("ingest_date") == day)
        .sort("observed_at")
        .unique("video_id", keep="last")
    )
    rows = (
        today.rename({"observed_at": "last_observed_at"})
        .join(last.drop("ingest_date"), "video_id", "left")
        .with_columns(pl.coalesce("observed_at", "last_observed_at").alias("observed_at"))
        .join(_earlier(last, seen), "video_id", "left")
        .join(_subscribers(events, day), "video_id", "left")
    )
    return (
        rows.with_columns(_hours("launched_at").alias("age_hours"))
        .with_columns(_hours_out())
        .with_columns(age_band(pl.col("age_hours")), *_rates(), *_ratios())
        .with_columns(
            robust_sigmas(pl.col("views_per_like").log(), "video_format", "age_band").alias(
                "views_per_like_sigmas"
            )
        )
        .with_columns(
            (pl.col("views_per_like_sigmas") > rules.ODD_LIKES_SIGMAS).alias("has_odd_likes")
        )
    )


def age_band(hours: pl.Expr) -> pl.Expr:
    """The band of an age, `rules.AGE_BANDS`; of what is still to come the youngest."""
    *bounded, oldest, unknown = rules.AGE_BANDS
    within = [
        pl.when(hours < 24 * days).then(pl.lit(band))
        for days, band in zip(rules.AGE_EDGES_DAYS, bounded, strict=True)
    ]
    beyond = pl.when(hours.is_not_null()).then(pl.lit(oldest)).otherwise(pl.lit(unknown))
    return pl.coalesce(*within, beyond).alias("age_band")


def is_out_with_views() -> pl.Expr:
    """Whether a video had come out by its observation, as far as is known, and its views are."""
    is_to_come = (pl.col("age_hours") < 0).fill_null(value=False)
    return ~is_to_come & pl.col("view_count").is_not_null()


def _believed(events: pl.DataFrame, daily: pl.DataFrame) -> pl.DataFrame:
    """Observations with a view counter that is believed; likes and comments where they are."""
    is_glitch = pl.col("is_glitch").fill_null(False)
    held = daily.filter(is_glitch).select("ingest_date", "video_id", "gained_days", is_glitch=True)
    rows = events.filter(pl.col("view_count").is_not_null()).join(
        held, ["ingest_date", "video_id"], "left"
    )
    is_doubted = pl.col("is_glitch").is_not_null()
    hidden = pl.col("view_count") > rules.FEW_VIEWS
    return rows.filter(~is_doubted | pl.col("gained_days").is_not_null()).select(
        "ingest_date",
        "video_id",
        "observed_at",
        "view_count",
        *(
            pl.when(is_doubted | (hidden & (pl.col(name) == 0)))
            .then(None)
            .otherwise(pl.col(name))
            .alias(name)
            for name in ("like_count", "comment_count")
        ),
    )


def _earlier(last: pl.DataFrame, seen: pl.DataFrame) -> pl.DataFrame:
    """The nearest observation far enough before the last of each video: its views and hours."""
    before = seen.select("video_id", earlier_at="observed_at", earlier_views="view_count")
    pairs = last.select("video_id", "observed_at").join(before, "video_id")
    return (
        pairs.with_columns(_hours("earlier_at").alias("pair_hours"))
        .filter(pl.col("pair_hours").is_between(rules.PAIR_LEAST_HOURS, rules.PAIR_MOST_HOURS))
        .sort("earlier_at")
        .unique("video_id", keep="last")
        .select("video_id", "pair_hours", "earlier_views")
    )


def _hours_out() -> pl.Expr:
    """Hours of the pair in which the video was out: a page that waits for a premiere has no views.

    Less than the least age of a rate is no pair.
    """
    age = pl.col("age_hours")
    out = pl.when(age >= rules.LIFETIME_LEAST_HOURS).then(age)
    is_launched_within = (age < pl.col("pair_hours")).fill_null(value=False)
    return pl.when(is_launched_within).then(out).otherwise("pair_hours").alias("pair_hours")


def _subscribers(events: pl.DataFrame, day: dt.date) -> pl.DataFrame:
    """The channel's subscribers as last seen with each video: they are not asked for each time.

    Only what the source of the day's last observation said: what an API told goes with its rows.
    """
    seen = events.sort("observed_at")
    of_day = seen.filter(pl.col("ingest_date") == day).unique("video_id", keep="last")
    known = seen.filter(pl.col("author_subscriber_count").is_not_null())
    same = known.join(of_day.select("video_id", "source"), ["video_id", "source"])
    return same.unique("video_id", keep="last", maintain_order=True).select(
        "video_id", "author_subscriber_count"
    )


def _hours(since: str) -> pl.Expr:
    """Hours from an instant to the observation."""
    return (pl.col("observed_at") - pl.col(since)).dt.total_microseconds() / _HOURS


def _rates() -> tuple[pl.Expr, ...]:
    views = pl.col("view_count")
    hours = pl.col("pair_hours")
    rise = views - pl.col("earlier_views")
    pair = rise / hours
    # What came out within a day has gained what it has: its first hours are not made into 24.
    is_launched_within, in_a_day = hours == pl.col("age_hours"), pl.max_horizontal(hours, 24)
    is_lived = pl.col("age_hours") >= rules.LIFETIME_LEAST_HOURS
    lifetime = pl.when(is_lived).then(views / pl.col("age_hours"))
    basis = (
        pl.when(pair.is_not_null())
        .then(pl.lit("pair"))
        .when(lifetime.is_not_null())
        .then(pl.lit("lifetime"))
    )
    return (
        pl.coalesce(pair, lifetime).alias("views_per_hour"),
        basis.alias("views_per_hour_basis"),
        (24 * rise / pl.when(is_launched_within).then(in_a_day).otherwise(hours)).alias("gain_24h"),
    )


def _ratios() -> tuple[pl.Expr, ...]:
    views, likes, comments = map(pl.col, ("view_count", "like_count", "comment_count"))
    subscribers = pl.col("author_subscriber_count")
    return (
        pl.when(views > 0).then(100 * (likes + comments) / views).alias("engagement_rate_pct"),
        pl.when(subscribers > 0).then(views / subscribers).alias("views_per_subscriber"),
        pl.when((likes > 0) & (views > 0)).then(views / likes).alias("views_per_like"),
    )
