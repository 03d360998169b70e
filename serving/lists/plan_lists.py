"""Lists for who plans a release: what came out, when it does well, what acts do.

Belongs here: entries over the viewer's queries of planning. Does not belong here: a simulation,
which asks a model.
"""

from __future__ import annotations

import datetime as dt

import polars as pl

from app.notices import PageEnd
from app.queries import releases
from app.queries.artists import compare
from app.queries.plan import content_strategy, release_timing, simulator
from app.snapshot import Snapshot
from kpop_assets.contracts import rules
from kpop_assets.contracts.gold import ARTIST_FEATURES
from kpop_assets.contracts.models import ARTIST_INPUTS
from kpop_assets.contracts.silver import ARTIST_DAILY, VIDEO_DAILY, VIDEO_FIRSTS
from kpop_assets.days import day_end
from kpop_assets.insights.benchmark import MEASURES
from kpop_assets.insights.content_strategy import LEVERS, OUTCOMES
from serving.lists.entries import ListAsked, ListEntry, Param, columns_of
from serving.lists.params import SPAN

_SLOT = ("release_count", "artist_count", "relative_median", "relative_low", "relative_high")
_MEASURE = Param("measure", str, MEASURES[0], "What is compared.", MEASURES)
_COMPARED = Param(
    "artist",
    list[str],
    ...,
    "Two to five acts, by any of their names; said once for each.",
    low=rules.FEWEST_COMPARED,
    high=rules.MOST_COMPARED,
    example=["BTS", "IVE"],
    is_act=True,
)
_OUTCOME = Param("outcome", str, OUTCOMES[0], "What levers are compared by.", OUTCOMES)


def _span(asked: ListAsked) -> tuple[dt.date, dt.date]:
    end = day_end(asked.ranked_day)
    return end - dt.timedelta(days=asked["days"]), end


def _compare(lake: Snapshot, asked: ListAsked) -> pl.DataFrame:
    since, end = _span(asked)
    named = asked["measure"]
    rows = compare.by_date(lake, tuple(asked["artist"]), since, end, named)
    return rows.rename({named: "value"})


def _compare_releases(lake: Snapshot, asked: ListAsked) -> pl.DataFrame:
    acts = tuple(asked["artist"])
    latest = compare.latest_releases(releases.list_releases(lake, asked.ranked_day), acts)
    if not latest:
        raise PageEnd("compare.one_artist", day=asked.ranked_day.isoformat())
    named = asked["measure"]
    rows = compare.by_release(lake, latest, asked["days"], named, asked.ranked_day)
    return rows.rename({named: "value"})


def _releases(lake: Snapshot, asked: ListAsked) -> pl.DataFrame:
    found = releases.list_releases(lake, asked.ranked_day)
    latest = release_timing.take_latest(found, asked.ranked_day)
    ids = tuple(latest.get_column("top_video_id"))
    titles = release_timing.list_release_titles(lake, ids, asked.ranked_day)
    return latest.join(titles, on="top_video_id", how="left", maintain_order="left")


def _weekdays(lake: Snapshot, asked: ListAsked) -> pl.DataFrame:
    kinds = release_timing.time_kinds(lake, asked.ranked_day).items()
    return pl.concat([times.by_weekday.with_columns(video_kind=pl.lit(k)) for k, times in kinds])


def _hours(lake: Snapshot, asked: ListAsked) -> pl.DataFrame:
    kinds = release_timing.time_kinds(lake, asked.ranked_day).items()
    return pl.concat([times.by_hour.with_columns(video_kind=pl.lit(k)) for k, times in kinds])


def _formats(lake: Snapshot, asked: ListAsked) -> pl.DataFrame:
    return content_strategy.split_kinds(lake, *_span(asked))


PLAN_LISTS = (
    ListEntry(
        "/v1/compare",
        "A few acts on the same days",
        (compare.by_date,),
        _compare,
        ("ingest_date", "artist", "value"),
        (_COMPARED, _MEASURE, SPAN),
        tables=(ARTIST_FEATURES, ARTIST_DAILY),
    ),
    ListEntry(
        "/v1/compare/releases",
        "A few acts in the days after the latest release of each",
        (compare.by_release, releases.list_releases),
        _compare_releases,
        ("artist", "release_date", "days_since_release", "value", "value_so_far"),
        (_COMPARED, _MEASURE, SPAN),
        tables=(ARTIST_FEATURES, ARTIST_DAILY),
    ),
    ListEntry(
        "/v1/releases",
        "What acts brought out in 30 days, the newest and biggest first",
        (releases.list_releases, release_timing.list_release_titles),
        _releases,
        (
            *("artist", "release_date", "video_count", "views_first_7d"),
            *("top_video_id", "top_video_title"),
        ),
        tables=(VIDEO_FIRSTS, VIDEO_DAILY, ARTIST_FEATURES),
    ),
    ListEntry(
        "/v1/release-timing/weekdays",
        "How videos of each kind did by the weekday on which they came out",
        (release_timing.time_kinds,),
        _weekdays,
        ("video_kind", "weekday", "weekday_name", *_SLOT),
        tables=(VIDEO_FIRSTS, ARTIST_FEATURES),
    ),
    ListEntry(
        "/v1/release-timing/hours",
        "How videos of each kind did by the hour of Seoul at which they came out",
        (release_timing.time_kinds,),
        _hours,
        ("video_kind", "hour", *_SLOT),
        tables=(VIDEO_FIRSTS, ARTIST_FEATURES),
    ),
    ListEntry(
        "/v1/content-strategy",
        "What acts did in some days, and how it went",
        (content_strategy.list_acts_done,),
        lambda lake, asked: content_strategy.list_acts_done(lake, asked.ranked_day, asked["days"]),
        ("artist", "tier", *LEVERS, *OUTCOMES),
        (SPAN,),
    ),
    ListEntry(
        "/v1/content-strategy/levers",
        "How acts that do more of something fare against those of their tier that do less",
        (content_strategy.list_effects,),
        lambda lake, asked: content_strategy.list_effects(
            lake, asked.ranked_day, asked["days"], asked["outcome"]
        ),
        (
            *("lever", "act_count", "less_median", "more_median", "effect_ratio"),
            *("effect_low", "effect_high"),
        ),
        (SPAN, _OUTCOME),
    ),
    ListEntry(
        "/v1/content-strategy/formats",
        "What each format of video gained over some days",
        (content_strategy.split_kinds,),
        _formats,
        ("video_format", "video_count", "views_gained", "engagement", "engagement_share"),
        (SPAN,),
        tables=(VIDEO_DAILY, ARTIST_FEATURES),
    ),
    ListEntry(
        "/v1/simulator/inputs",
        "What the model of tiers is given of each act",
        (simulator.list_inputs,),
        lambda lake, asked: simulator.list_inputs(lake, asked.ranked_day),
        columns_of(ARTIST_INPUTS),
    ),
)
