"""Lists about works, listeners as crowds, and recommenders.

Belongs here: entries over the viewer's queries of recommending; none has a row about one listener.
Does not belong here: an answer to a listener, or a search for a work.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

import polars as pl

from app.notices import PageEnd
from app.queries.recommend import audiences, recommenders, works
from app.snapshot import Snapshot
from kpop_assets.contracts.recommend_listening import SHARED_LISTENERS, WORK_AUDIENCE
from kpop_assets.contracts.recommend_models import (
    RECOMMENDER_BACKTESTS,
    RECOMMENDER_CHAMPION,
    RECOMMENDER_SCORES,
    RECOMMENDER_TRAININGS,
)
from kpop_assets.contracts.recommend_rules import FEATURES
from kpop_assets.contracts.recommend_tracks import TRACK_CLUSTERS, TRACKS_TOLD
from kpop_assets.lake.rows import empty
from serving.lists.entries import ListAsked, ListEntry, Param, columns_of
from serving.lists.params import ARTIST

_ORDER = Param("order", str, audiences.ORDERS[0], "What pairs are sorted by.", audiences.ORDERS)
_NAMES = {"model": "recommender", "run_id": "mlflow_run_id", "latency_ms": "answer_ms"}


def _training(lake: Snapshot, asked: ListAsked) -> dt.date:
    """The newest training that ended in scores."""
    rows = recommenders.list_recommender_trainings(lake, asked.day)
    done = rows.filter(pl.col("refusal").is_null())
    if done.is_empty():
        raise PageEnd("recommenders.none")
    day: dt.date = done.item(0, "ingest_date")
    return day


def _recommenders(lake: Snapshot, asked: ListAsked) -> pl.DataFrame:
    day = _training(lake, asked)
    rows = recommenders.compare_recommenders(lake, day)
    return rows.with_columns(pl.lit(day).alias("ingest_date"))


def _decision(lake: Snapshot, asked: ListAsked) -> pl.DataFrame:
    row = recommenders.find_recommender_decision(lake, _training(lake, asked))
    return pl.DataFrame([row] if row else [], schema=empty(RECOMMENDER_CHAMPION).schema)


def _shared(lake: Snapshot, asked: ListAsked) -> pl.DataFrame:
    day, pairs = audiences.read_shared(lake, asked.day)
    ordered = pairs.sort(asked["order"], "artist", "other_artist", descending=[True, False, False])
    return ordered.with_columns(pl.lit(day).alias("ingest_date"))


def _shared_with(lake: Snapshot, asked: ListAsked) -> pl.DataFrame:
    day, pairs = audiences.read_shared(lake, asked.day)
    own = audiences.shared_with(pairs, asked["name"], asked["order"])
    return own.with_columns(pl.lit(day).alias("ingest_date"))


def _audience(lake: Snapshot, asked: ListAsked) -> pl.DataFrame:
    day, rows = audiences.read_audience(lake, asked.day, asked["name"])
    return rows.with_columns(pl.lit(day).alias("ingest_date"))


def _map(lake: Snapshot, asked: ListAsked) -> pl.DataFrame:
    placed = works.open_works(lake, asked.day).map
    if placed is None:
        raise PageEnd("recommend.no_works")
    return placed.works


_WORKS = ListEntry(
    "/v1/works",
    "The songs of the newest training day, by their ids; each with all of its versions",
    (works.open_works,),
    lambda lake, asked: works.open_works(lake, asked.day).catalog.works.sort("work_id"),
    (
        *("work_id", "artist", "artist_name", "work_title", "version_count", "popularity"),
        *("plays_28d", *FEATURES),
    ),
    days="newest",
    tables=(TRACKS_TOLD,),
)
RECOMMEND_LISTS = (
    _WORKS,
    replace(
        _WORKS,
        path="/v1/works/map",
        summary="Where each song lies on a map of how songs sound",
        answer=_map,
        columns=("work_id", "across", "up", "cluster", "cluster_name"),
        tables=(TRACK_CLUSTERS,),
    ),
    replace(
        _WORKS,
        path="/v1/works/clusters",
        summary="The cluster of each track, by how it sounds",
        answer=lambda lake, asked: works.open_works(lake, asked.day).clusters,
        columns=columns_of(TRACK_CLUSTERS),
        tables=(TRACK_CLUSTERS,),
    ),
    ListEntry(
        "/v1/artists/{name}/works",
        "An act's songs with counted plays, those played most first",
        (audiences.read_audience,),
        _audience,
        ("ingest_date", *columns_of(WORK_AUDIENCE)),
        (ARTIST,),
        days="newest",
    ),
    ListEntry(
        "/v1/artists/{name}/shared-listeners",
        "Acts that an act's listeners play too",
        (audiences.read_shared,),
        _shared_with,
        ("ingest_date", *columns_of(SHARED_LISTENERS)),
        (ARTIST, _ORDER),
        days="newest",
    ),
    ListEntry(
        "/v1/shared-listeners",
        "Pairs of acts that the same people play",
        (audiences.read_shared,),
        _shared,
        ("ingest_date", *columns_of(SHARED_LISTENERS)),
        (_ORDER,),
        days="newest",
    ),
    ListEntry(
        "/v1/recommenders",
        "Recommenders of the newest training, the best first",
        (recommenders.list_recommender_trainings, recommenders.compare_recommenders),
        _recommenders,
        (
            "ingest_date",
            *(_NAMES.get(name, name) for name in columns_of(RECOMMENDER_SCORES)),
            *("is_on_front", "is_best", "dominated_by", "better_in"),
        ),
        days="newest",
        tables=(RECOMMENDER_SCORES,),
    ),
    ListEntry(
        "/v1/recommenders/raters",
        "Recommenders of the newest training that foretell ratings, the best first",
        (recommenders.list_recommender_trainings, recommenders.compare_raters),
        lambda lake, asked: recommenders.compare_raters(lake, _training(lake, asked)),
        ("recommender", "setting", "rmse", "mae", "rating_count", "ndcg_10"),
        days="newest",
        tables=(RECOMMENDER_SCORES,),
    ),
    ListEntry(
        "/v1/recommenders/groups",
        "What each recommender was worth by test week and group of listeners",
        (recommenders.list_recommender_trainings, recommenders.read_groups),
        lambda lake, asked: recommenders.read_groups(lake, _training(lake, asked)),
        tuple(_NAMES.get(name, name) for name in columns_of(RECOMMENDER_BACKTESTS)),
        days="newest",
        tables=(RECOMMENDER_BACKTESTS,),
    ),
    ListEntry(
        "/v1/recommenders/trainings",
        "Every training of recommenders, the newest first",
        (recommenders.list_recommender_trainings,),
        lambda lake, asked: recommenders.list_recommender_trainings(lake, asked.day),
        ("ingest_date", *columns_of(RECOMMENDER_TRAININGS)),
        days="newest",
    ),
    ListEntry(
        "/v1/recommenders/champion",
        "Which recommender answers since the newest training, and why",
        (
            recommenders.list_recommender_trainings,
            recommenders.find_recommender_decision,
        ),
        _decision,
        ("ingest_date", *columns_of(RECOMMENDER_CHAMPION)),
        days="newest",
        tables=(RECOMMENDER_CHAMPION,),
    ),
)
