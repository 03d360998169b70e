"""Lists about acts: who they are, how they stand, who takes off.

Belongs here: entries over the viewer's queries about acts. Does not belong here: a figure's
computation (app/queries/artists/), or forecasts of acts (forecast_lists.py).
"""

from __future__ import annotations

import datetime as dt
from typing import Any

import polars as pl

from app.queries import alerts
from app.queries.artists import artist, breakouts, compare, ranking, tiers, trends
from app.queries.catalog import list_acts
from app.queries.lens.facts import read_lens_facts
from app.snapshot import Snapshot
from kpop_assets.contracts.gold import ARTIST_FEATURES, TIER_CUTOFFS
from kpop_assets.contracts.silver import ARTIST_DAILY, VIDEO_DAILY
from kpop_assets.days import day_end
from kpop_assets.insights.breakouts import BREAKOUT_COLUMNS, BreakoutConfig
from serving.lists.entries import ListAsked, ListEntry, Param, columns_of
from serving.lists.params import ARTIST, SPAN

_CATALOG = ("agency", "generation")
_FACTS = ("outlier_video_count", "gain_ratio", "is_outlier", "wiki_change_pct", "news_change_pct")
_RANKING = columns_of(
    ARTIST_FEATURES,
    *("rank_change", "kind", *_CATALOG, "cohort_ratio", "sure_share", "daily_28d"),
    *("driving_video_id", "driving_video_title", "driving_video_gain"),
)
_THRESHOLDS = (
    Param(
        "tier_from", int, BreakoutConfig.tier_from, "The highest tier that is looked at.", (), 1, 4
    ),
    Param("growth_over", float, BreakoutConfig.growth_over, "Least growth of 7 days, in per cent."),
    Param("momentum_over", float, BreakoutConfig.momentum_over, "Least momentum, in points."),
)


def _since(asked: ListAsked) -> dt.date:
    return day_end(asked.ranked_day) - dt.timedelta(days=asked["days"])


def _acts(lake: Snapshot, asked: ListAsked) -> pl.DataFrame:
    """Every act of the catalogue, those that the day ranks first."""
    standing = compare.list_comparable(lake, asked.ranked_day)
    acts = list_acts(lake.catalog).drop("name_ko")
    joined = acts.join(standing.with_columns(lake.present_name()), on="artist", how="left")
    return joined.sort("rank", "artist", nulls_last=True)


def _act(lake: Snapshot, asked: ListAsked) -> pl.DataFrame:
    """An act with its row of the ranking and what the lens says of it."""
    act = pl.col("artist") == asked["name"]
    known = list_acts(lake.catalog).drop("name_ko").filter(act)
    ranked = ranking.list_ranking(lake, asked.ranked_day).drop("kind", *_CATALOG)
    facts = read_lens_facts(lake, asked.ranked_day).get(asked["name"], {})
    said = pl.DataFrame([{"artist": asked["name"], **{n: facts.get(n) for n in _FACTS}}])
    row = pl.DataFrame({"artist": [asked["name"]]})
    for more in (known, ranked, said):
        row = row.join(more, on="artist", how="left")
    return row


def _breakouts(lake: Snapshot, asked: ListAsked) -> pl.DataFrame:
    config = BreakoutConfig(*(asked[param.name] for param in _THRESHOLDS))
    return breakouts.list_breakouts(lake, asked.ranked_day, config)


def _changes(lake: Snapshot, asked: ListAsked) -> Any:
    return tiers.find_tier_changes(lake, asked.ranked_day).rows


ARTIST_LISTS = (
    ListEntry(
        "/v1/artists",
        "Every act of the catalogue, and where it stands on a day",
        (compare.list_comparable, list_acts),
        _acts,
        ("artist", "kind", *_CATALOG, "debut_year", *compare.HEADLINE[:1], *compare.HEADLINE[2:]),
        tables=(ARTIST_FEATURES,),
    ),
    ListEntry(
        "/v1/artists/{name}",
        "One act: who it is, its row of the ranking, what stands out about it",
        (ranking.list_ranking, read_lens_facts),
        _act,
        ("artist", "debut_year", *(n for n in _RANKING if n != "artist"), *_FACTS),
        (ARTIST,),
    ),
    ListEntry(
        "/v1/artists/{name}/features",
        "An act's features of each day, oldest first",
        (artist.read_features,),
        lambda lake, asked: artist.read_features(
            lake, asked["name"], _since(asked), asked.ranked_day
        ),
        ("ingest_date", *columns_of(ARTIST_FEATURES)),
        (ARTIST, SPAN),
    ),
    ListEntry(
        "/v1/artists/{name}/gains",
        "What an act gained on each day, oldest first; null on days that say nothing new",
        (artist.read_gains,),
        lambda lake, asked: artist.read_gains(lake, asked["name"], _since(asked), asked.ranked_day),
        ("ingest_date", *artist.GAINS),
        (ARTIST, SPAN),
        tables=(ARTIST_DAILY, ARTIST_FEATURES),
        types=dict.fromkeys(artist.GAINS, "double"),
    ),
    ListEntry(
        "/v1/artists/{name}/videos",
        "An act's videos by what they gained in 28 days",
        (artist.read_videos,),
        lambda lake, asked: artist.read_videos(lake, asked["name"], asked.ranked_day),
        ("video_id", "text", "published_at", "view_count", "gained_28d", "video_daily"),
        (ARTIST,),
        tables=(VIDEO_DAILY, ARTIST_FEATURES),
    ),
    ListEntry(
        "/v1/ranking",
        "The ranking of a day, with what it is compared to",
        (ranking.list_ranking,),
        lambda lake, asked: ranking.list_ranking(lake, asked.ranked_day),
        _RANKING,
    ),
    ListEntry(
        "/v1/ranking/families",
        "The ranking with units and soloists added to their groups",
        (ranking.list_families,),
        lambda lake, asked: ranking.list_families(lake, asked.ranked_day),
        ("rank", "artist", "members", "total_engagement", "market_share", "total_videos"),
    ),
    ListEntry(
        "/v1/trends",
        "Who grows and who shrinks, the highest growth first",
        (trends.list_trends,),
        lambda lake, asked: trends.list_trends(lake, asked.ranked_day),
        (
            *("artist", "tier", "total_engagement", "growth_rate_7d", "growth_rate_30d"),
            *("trend_class", "trend_ratio", "trend", "trend_change", "momentum", "growth_sigma"),
        ),
    ),
    ListEntry(
        "/v1/tiers",
        "Where each tier begins, and how many acts are in it",
        (tiers.list_cutoffs,),
        lambda lake, asked: tiers.list_cutoffs(lake, asked.ranked_day),
        columns_of(TIER_CUTOFFS),
        tables=(TIER_CUTOFFS, ARTIST_FEATURES),
    ),
    ListEntry(
        "/v1/tiers/scores",
        "The score, percentile and tier of every ranked act, the lowest first",
        (tiers.list_scores,),
        lambda lake, asked: tiers.list_scores(lake, asked.ranked_day),
        ("artist", "total_engagement", "percentile", "tier"),
    ),
    ListEntry(
        "/v1/tiers/changes",
        "Acts that stand in another tier than 7 days before, risers first",
        (tiers.find_tier_changes,),
        _changes,
        ("artist", "tier_7d_ago", "tier", "total_engagement", "growth_rate_7d"),
    ),
    ListEntry(
        "/v1/breakouts",
        "Smaller acts that take off",
        (breakouts.list_breakouts,),
        _breakouts,
        tuple(BREAKOUT_COLUMNS),
        _THRESHOLDS,
    ),
    ListEntry(
        "/v1/breakouts/details",
        "What is asked next about an act that takes off: its agency, trend, video and chances",
        (breakouts.list_details,),
        lambda lake, asked: breakouts.list_details(lake, asked.ranked_day),
        (
            *("artist", "agency", "debut_year", "trend_class", "days_since_release"),
            *("p_viral", "p_rise", "driving_video_id", "driving_video_title"),
            "driving_video_gain",
        ),
        tables=(ARTIST_FEATURES,),
        may_lack=("days_since_release", "p_viral", "p_rise"),
    ),
    ListEntry(
        "/v1/rookies",
        "Acts that made their debut lately",
        (breakouts.list_rookies,),
        lambda lake, asked: breakouts.list_rookies(lake, asked.ranked_day),
        (
            *("artist", "rank", "tier", "total_engagement", "market_share"),
            *("growth_rate_7d", "growth_rate_30d", "debut_year", "debut_years"),
        ),
    ),
    ListEntry(
        "/v1/alerts",
        "What happened in 28 days: spikes, changes of tier, milestones, outliers; newest first",
        (alerts.list_alerts,),
        lambda lake, asked: alerts.list_alerts(lake, asked.ranked_day),
        tuple(alerts.SCHEMA),
    ),
    ListEntry(
        "/v1/alerts/changes",
        "Spikes and changes of tier of one day",
        (alerts.list_changes,),
        lambda lake, asked: alerts.list_changes(lake, asked.ranked_day),
        tuple(alerts.SCHEMA),
    ),
)
