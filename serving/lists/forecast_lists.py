"""Lists of forecasts: who goes viral or rises, how videos grow, what came of it, which model.

Belongs here: entries over forecasts and their record. Does not belong here: trainings of
recommenders (recommend_lists.py).
"""

from __future__ import annotations

import polars as pl

from app.notices import PageEnd
from app.queries import home, model_choice
from app.queries.artists import artist
from app.queries.lens import growth
from app.queries.trust import tier_record, viral_record
from app.snapshot import Snapshot
from kpop_assets.contracts.lens_forecasts import (
    FORECAST_SCORES,
    VIDEO_FORECASTS,
    VIDEO_MILESTONES,
)
from kpop_assets.contracts.models import CANDIDATE_SCORES, TRAININGS
from kpop_assets.contracts.pareto import CHAMPION, NEXT_VIRAL, VIRAL_RECORD
from kpop_assets.lake.rows import empty
from serving.lists.entries import ListAsked, ListEntry, columns_of
from serving.lists.params import ARTIST, VIDEO

_INNER = ("model_uri", "viral_model_uri", "inputs_digest")
_VIRAL = columns_of(
    NEXT_VIRAL,
    *("rank", "total_engagement", "daily_28d", "days_since_new", "trend_class", "trend_growth"),
    without=_INNER,
)


def _newest_candidates(lake: Snapshot, asked: ListAsked) -> pl.DataFrame:
    trainings = model_choice.list_trainings(lake, asked.ranked_day)
    if not trainings:
        raise PageEnd("notice.missing_training", table=CANDIDATE_SCORES.path, command="kpop train")
    rows = model_choice.compare_candidates(lake, trainings[0])
    return rows.with_columns(pl.lit(trainings[0]).alias("ingest_date"))


def _of_artist(lake: Snapshot, asked: ListAsked) -> pl.DataFrame:
    row = artist.read_artist_forecast(lake, asked["name"], asked.ranked_day)
    return pl.DataFrame([row], schema=empty(NEXT_VIRAL).schema)


def _training(lake: Snapshot, asked: ListAsked) -> pl.DataFrame:
    row = model_choice.newest_training(lake, asked.ranked_day)
    return pl.DataFrame([row] if row else [], schema=empty(TRAININGS).schema)


def _champion(lake: Snapshot, asked: ListAsked) -> pl.DataFrame:
    row = model_choice.find_champion(lake, asked.ranked_day)
    schema = empty(CHAMPION).schema
    return pl.DataFrame([row] if row else [], schema=schema)


def _milestone(lake: Snapshot, asked: ListAsked) -> pl.DataFrame:
    row = growth.read_milestone(lake, asked["video_id"], asked.ranked_day)
    return pl.DataFrame([row] if row else [], schema=empty(VIDEO_MILESTONES).schema)


def _observations(lake: Snapshot, asked: ListAsked) -> pl.DataFrame:
    seen = growth.read_observations(lake, asked["video_id"], asked.ranked_day)
    at = pl.col("seoul_time").dt.replace_time_zone("Asia/Seoul").dt.convert_time_zone("UTC")
    return seen.select(at.alias("observed_at"), "view_count")


FORECAST_LISTS = (
    ListEntry(
        "/v1/artists/{name}/forecast",
        "An act's forecast of a day, with what moves it",
        (artist.read_artist_forecast,),
        _of_artist,
        ("ingest_date", *columns_of(NEXT_VIRAL, without=_INNER)),
        (ARTIST,),
    ),
    ListEntry(
        "/v1/next-viral",
        "Every act by its chance to go viral, by the newest forecast made by a day",
        (home.read_viral_forecast,),
        lambda lake, asked: home.read_viral_forecast(lake, asked.ranked_day).acts,
        ("ingest_date", *_VIRAL),
    ),
    ListEntry(
        "/v1/next-viral/near",
        "Acts outside of the first ten that stand just below the next tier",
        (home.read_viral_forecast,),
        lambda lake, asked: home.read_viral_forecast(lake, asked.ranked_day).near,
        ("ingest_date", *_VIRAL, "next_tier", "line", "line_gap"),
    ),
    ListEntry(
        "/v1/track-record",
        "The first ten of each week's forecast of who goes viral, and what came of them",
        (viral_record.read_viral_record,),
        lambda lake, asked: viral_record.read_viral_record(lake, asked.ranked_day).weeks,
        ("ingest_date", *columns_of(VIRAL_RECORD)),
    ),
    ListEntry(
        "/v1/track-record/ways",
        "How well the forecast ranks acts, against growth and the chance to rise",
        (viral_record.read_viral_record,),
        lambda lake, asked: viral_record.read_viral_record(lake, asked.ranked_day).ways.rename(
            {"score": "score_name"}
        ),
        ("score_name", "average_precision", "top10_hit_rate"),
    ),
    ListEntry(
        "/v1/track-record/chances",
        "Whether chances to go viral came true as often as they said",
        (viral_record.read_viral_record,),
        lambda lake, asked: viral_record.read_viral_record(lake, asked.ranked_day).bins,
        ("p_viral_bin", "checked_count", "p_viral_mean", "viral_count", "viral_rate"),
    ),
    ListEntry(
        "/v1/track-record/tiers",
        "How often forecasts of tiers came true, week by week",
        (tier_record.read_track_record,),
        lambda lake, asked: tier_record.read_track_record(lake, asked.ranked_day).weeks,
        (
            *("week_start", "forecast_count", "hit_rate", "persistence_hit_rate", "rps_skill"),
            *("p_rise_sum", "rise_count"),
        ),
    ),
    ListEntry(
        "/v1/track-record/tiers/chances",
        "Whether chances to rise came true as often as they said",
        (tier_record.read_track_record,),
        lambda lake, asked: tier_record.read_track_record(lake, asked.ranked_day).bins,
        ("p_rise_bin", "can_rise_count", "p_rise_mean", "rise_count", "rise_rate"),
    ),
    ListEntry(
        "/v1/models",
        "The candidates of the newest training by a day, the front first",
        (model_choice.list_trainings, model_choice.compare_candidates),
        _newest_candidates,
        (
            *("ingest_date", *(name for name in model_choice.SCORES if name != "run_id")),
            *("mlflow_run_id", "is_on_front", "is_best", "dominated_by", "better_in"),
        ),
    ),
    ListEntry(
        "/v1/models/champion",
        "The model that forecasts on a day; no row where none does",
        (model_choice.find_champion,),
        _champion,
        ("ingest_date", *columns_of(CHAMPION, without=("model_uri",))),
    ),
    ListEntry(
        "/v1/models/training",
        "The newest training by a day, refused or not",
        (model_choice.newest_training,),
        _training,
        ("ingest_date", *columns_of(TRAININGS)),
    ),
    ListEntry(
        "/v1/forecasts",
        "Videos of acts that a day has forecasts of, by what they are to gain",
        (growth.list_forecast_videos,),
        lambda lake, asked: growth.list_forecast_videos(lake, asked.ranked_day, None),
        ("video_id", "artist", "video_title"),
    ),
    ListEntry(
        "/v1/forecasts/scores",
        "How well each method did, by horizon",
        (growth.read_scores,),
        lambda lake, asked: growth.read_scores(lake, asked.ranked_day),
        columns_of(FORECAST_SCORES),
        may_lack=columns_of(FORECAST_SCORES),
    ),
    ListEntry(
        "/v1/forecasts/{video_id}",
        "Forecasts of a video's views, the nearest horizon first",
        (growth.read_forecasts,),
        lambda lake, asked: growth.read_forecasts(lake, asked["video_id"], asked.ranked_day),
        ("ingest_date", *columns_of(VIDEO_FORECASTS)),
        (VIDEO,),
    ),
    ListEntry(
        "/v1/forecasts/{video_id}/milestone",
        "The next round number of a video's views; no row where none is in sight",
        (growth.read_milestone,),
        _milestone,
        ("ingest_date", *columns_of(VIDEO_MILESTONES)),
        (VIDEO,),
    ),
    ListEntry(
        "/v1/forecasts/{video_id}/observations",
        "A video's views as they were seen in 14 days, oldest first",
        (growth.read_observations,),
        _observations,
        ("observed_at", "view_count"),
        (VIDEO,),
    ),
)
