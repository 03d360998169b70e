"""A lake of the size that the viewer is timed on: made-up rows in every table that it reads.

Belongs here: rows of the right number, shape and order, one commit a day as daily runs leave
them. Does not belong here: anything that a person should look at; no figure in it means anything.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl
from deltalake import write_deltalake

from bench.forecast import made_up_inputs
from kpop_assets.bronze.bloom_filter import fill, to_bytes
from kpop_assets.catalog.catalog import load_catalog
from kpop_assets.contracts import bronze, gold, models, pareto, rules, silver
from kpop_assets.contracts.table import Table
from kpop_assets.insights.release_timing import KINDS
from kpop_assets.ml.backtest import Fitter
from kpop_assets.ml.target import label
from kpop_assets.ml.training import plan_training, train
from kpop_assets.models.candidates import candidates
from kpop_assets.models.dataset import TARGET
from kpop_assets.models.experiment import open_tracking, record

LAST_DAY = dt.date(2026, 11, 20)
VIDEO_LIFE_DAYS = 30
FORMATS = ("video", "video", "short", "live")


@dataclass(frozen=True)
class Size:
    """How much: artists x days, and observations in all."""

    artists: int
    days: int
    events: int

    @property
    def per_day(self) -> int:
        """Observations of one day."""
        return self.events // self.days


def fill_lake(home: Path, size: Size, seed: int = 1) -> None:
    """Write every table of a data folder that is empty so far."""
    rng = np.random.default_rng(seed)
    names = [act.artist for act in load_catalog()][: size.artists]
    first = LAST_DAY - dt.timedelta(days=size.days - 1)
    inputs = _inputs(size, names, first)
    _write(home, models.ARTIST_INPUTS, inputs)
    for number in range(size.days):
        day = first + dt.timedelta(days=number)
        for table, rows in _daily(rng, names, size, number, day):
            write_rows(home, rng, table, day, rows)
    _train(home, inputs)


def _daily(
    rng: np.random.Generator, names: list[str], size: Size, number: int, day: dt.date
) -> Iterator[tuple[Table, dict[str, Any]]]:
    """The rows of one day: what differs from a default, by table."""
    videos = _videos(names, size, number, day)
    ids = videos["video_id"]
    yield bronze.EVENTS, videos
    yield silver.VIDEO_DAILY, videos
    new = {k: v[::VIDEO_LIFE_DAYS] for k, v in videos.items() if k != "observed_at"}
    yield bronze.VIDEOS, new
    if number >= rules.FIRST_VIEWS_DAYS - 1:
        yield silver.VIDEO_FIRSTS, _firsts(videos, day)
    count = [len(ids)]
    yield bronze.FILES, {"line_count": count, "event_count": count, "landing_file": ["events_1"]}
    yield bronze.QUARANTINE, {"reason": ["broken_json"], "line": ["{"]}
    yield bronze.BLOOM, {"filter": [to_bytes(fill(ids))], "id_count": [len(ids)]}
    yield silver.ARTIST_DAILY, {"artist": names}
    score = np.sort(rng.lognormal(12, 1.5, len(names)).astype(int))[::-1]
    place = np.arange(len(names))
    share = 1 - place / (len(names) - 1)
    yield (
        gold.ARTIST_FEATURES,
        {
            "artist": list(rng.permutation(names)),
            "rank": place + 1,
            "percentile": share,
            "tier": rules.TIERS[-1]
            - sum((share >= edge).astype(int) for edge in rules.TIER_PERCENTILES),
            "total_engagement": score,
            "growth_rate_7d": rng.normal(0, 30, len(names)),
            "growth_rate_30d": rng.normal(0, 30, len(names)),
            "momentum": rng.normal(0, 20, len(names)),
            "trend_direction": ["STEADY"] * len(names),
        },
    )
    edges = {
        "percentile_from": [*rules.TIER_PERCENTILES, 0.0],
        "artist_count": [30, 45, 105, 120],
    }
    yield gold.TIER_CUTOFFS, {"tier": list(rules.TIERS), **edges}
    yield (
        pareto.NEXT_VIRAL,
        {
            "artist": names,
            "tier": [1 + i % 4 for i in range(len(names))],
            "rise_rank": place + 1,
            "candidate": ["lightgbm/all"] * len(names),
            "factor_1_name": ["momentum"] * len(names),
            "reason_1_name": ["momentum"] * len(names),
            "viral_rank": place + 1,
        },
    )
    was_viral = list(rng.random(len(names)) < 0.05)
    yield (
        pareto.VIRAL_RECORD,
        {"artist": names, "viral_rank": place + 1, "is_viral": was_viral},
    )
    yield pareto.SCORECARD, {"p_rise_bin": [*range(10)], "candidate": ["lightgbm/all"] * 10}


def _videos(names: list[str], size: Size, number: int, day: dt.date) -> dict[str, Any]:
    """The observations of a day: a video each, of all ages."""
    # Each video is seen on each of its 30 days, as a daily refresh would.
    age = np.arange(size.per_day) % VIDEO_LIFE_DAYS
    slot = np.arange(size.per_day) // VIDEO_LIFE_DAYS
    ids = [f"{birth:05d}{place:06d}" for birth, place in zip(number - age, slot, strict=True)]
    noon = dt.datetime.combine(day, dt.time(3), dt.UTC)
    return {
        "video_id": ids,
        "artist": [names[place % len(names)] for place in slot],
        "observed_at": [noon] * len(ids),
        "published_at": [noon - dt.timedelta(days=int(a), hours=6) for a in age],
        "text": [f"title of video {i}" for i in ids],
        "source": ["benchmark"] * len(ids),
        "video_format": [FORMATS[place % len(FORMATS)] for place in slot],
    }


def _firsts(videos: dict[str, Any], day: dt.date) -> dict[str, Any]:
    """The videos whose first week is complete on a day; one in ten is on an act's own channel."""
    age = rules.FIRST_VIEWS_DAYS - 1
    due = {k: v[age::VIDEO_LIFE_DAYS] for k, v in videos.items()}
    places = np.arange(len(due["video_id"]))
    return {
        "video_id": due["video_id"],
        "artist": due["artist"],
        "launched_at": due["published_at"],
        "first_seen_date": [day - dt.timedelta(days=age)] * len(places),
        "video_kind": [KINDS[place % len(KINDS)] for place in places],
        "is_own_channel": list(places % 10 == 0),
    }


def _frame(
    rng: np.random.Generator, table: Table, day: dt.date, rows: dict[str, Any]
) -> pl.DataFrame:
    """The contract's columns: those given, random ones for the rest."""
    height = len(next(iter(rows.values())))
    noon = dt.datetime.combine(day, dt.time(3), dt.UTC)
    defaults: dict[str, Any] = {
        "string": lambda: ["x"] * height,
        "long": lambda: rng.integers(1, 100_000, height),
        "int": lambda: rng.integers(1, 7, height),
        "double": lambda: rng.random(height),
        "boolean": lambda: [False] * height,
        "date": lambda: [day] * height,
        "timestamp": lambda: [noon] * height,
        "binary": lambda: [b""] * height,
    }
    columns = {c.name: rows.get(c.name, defaults[c.type]()) for c in table.columns}
    return _typed(pl.DataFrame(columns, strict=False), table)


def _typed(frame: pl.DataFrame, table: Table) -> pl.DataFrame:
    schema: Any = pl.from_arrow(table.arrow_schema().empty_table())
    return frame.select([pl.col(name).cast(kind) for name, kind in schema.schema.items()])


def _inputs(size: Size, names: list[str], first: dt.date) -> pl.DataFrame:
    made = pl.from_pandas(made_up_inputs(size.artists, size.days))
    shift = pl.lit(first) - pl.col("ingest_date").min()
    named = pl.col("artist").replace_strict(
        made.get_column("artist").unique(maintain_order=True), pl.Series(names)
    )
    dated = made.with_columns(pl.col("ingest_date").cast(pl.Date))
    return _typed(dated.with_columns(pl.col("ingest_date") + shift, named), models.ARTIST_INPUTS)


def _train(home: Path, inputs: pl.DataFrame) -> None:
    """A real model of one kind in MLflow, and the tables of its training."""
    rng = np.random.default_rng(0)
    recent = inputs.filter(pl.col("ingest_date") > LAST_DAY - dt.timedelta(days=90)).to_pandas()
    recent["ingest_date"] = recent["ingest_date"].astype("datetime64[ns]")
    fitter = Fitter(label(recent, TARGET), TARGET, history_days=90)
    chosen = [one for one in candidates() if one.name == "lightgbm/all"]
    (trained,) = train(fitter, plan_training(fitter, LAST_DAY, 14), chosen)
    figures = {"accuracy": trained.metrics.accuracy}
    run_id, uri = record(open_tracking(home), trained, LAST_DAY, figures)
    row = {
        "candidate": ["lightgbm/all"],
        "model_uri": [uri],
        "run_id": [run_id],
        "trained_date": [LAST_DAY],
        "is_on_front": [True],
    }
    for table in (models.CANDIDATE_SCORES, pareto.FRONT, pareto.CHAMPION):
        _write(home, table, _frame(rng, table, LAST_DAY, row))
    _write(home, models.TRAININGS, _frame(rng, models.TRAININGS, LAST_DAY, {"refusal": [None]}))


def write_rows(
    home: Path, rng: np.random.Generator, table: Table, day: dt.date, rows: dict[str, Any]
) -> None:
    """Append a day's rows to a table: the columns that are given, made-up ones for the rest."""
    _write(home, table, _frame(rng, table, day, rows))


def _write(home: Path, table: Table, frame: pl.DataFrame) -> None:
    write_deltalake(
        str(home / "lake" / table.path),
        frame.to_arrow(),
        mode="append",
        partition_by=["ingest_date"],
    )
