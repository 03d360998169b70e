"""A made-up world of listeners: tables of tracks, works and plays, and arrays of the same.

Belongs here: who likes what, and the rows that follow. Does not belong here: a test.

A listener has acts that they are fond of and a sound that they like. What they play is at times
what they had before, else something of their acts (new releases first), of their sound, or of what
many play.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

import numpy as np
import polars as pl

from kpop_assets.catalog.catalog import load_catalog
from kpop_assets.contracts.recommend_rules import FEATURES
from kpop_assets.contracts.recommend_tracks import TRACKS_TOLD, WORKS
from kpop_assets.recommend.learners.described_works import (
    TOLD_WORK_COLUMNS,
    VERSION_COLUMNS,
    DescribedWorks,
    describe_works,
)
from kpop_assets.recommend.learners.moments import ActNews
from kpop_assets.recommend.learners.played_works import PlayedWorks, play_works

LAST = dt.date(2026, 3, 7)


@dataclass(frozen=True)
class ListeningWorld:
    """Rows of `recommend/tracks`, `recommend/works` and `recommend/listener_tracks`."""

    told: pl.DataFrame
    versions: pl.DataFrame
    listened: pl.DataFrame

    def works(self) -> DescribedWorks:
        """All works as recommenders know them."""
        clusters = self.versions.select(
            "track_id", cluster=pl.lit(0, pl.Int32), cluster_name=pl.lit("fast")
        )
        return describe_works(
            self.versions.select(VERSION_COLUMNS),
            self.told.select(TOLD_WORK_COLUMNS),
            clusters,
            load_catalog(),
        )

    def played(self, works: DescribedWorks) -> PlayedWorks:
        """Their plays as arrays."""
        return play_works(
            self.listened, self.versions.select("track_id", "work_id"), works.work_ids
        )


def no_news() -> ActNews:
    day = pl.Series("ingest_date", [], pl.Date)
    names = pl.Series("artist", [], pl.String)
    chances = pl.Series("p_rise", [], pl.Float64)
    return ActNews(pl.DataFrame([day, names, chances]), pl.DataFrame([day, names]))


def make_world(
    listeners: int = 60,
    works: int = 120,
    days: int = 42,
    acts: int = 12,
    plays_a_day: float = 4.0,
    seed: int = 1,
) -> ListeningWorld:
    """The days up to `LAST`; a tenth of the works come out in the last six weeks."""
    generator = np.random.default_rng(seed)
    act_of = np.sort(generator.integers(0, acts, works))
    style = generator.normal(size=(acts, len(FEATURES)))
    sound = style[act_of] + 0.7 * generator.normal(size=(works, len(FEATURES)))
    fame = generator.gamma(0.5, 1.0, acts)[act_of] * generator.gamma(1.0, 1.0, works) + 0.02
    age = np.where(
        generator.random(works) < 0.1,
        generator.integers(0, 42, works),
        generator.integers(42, 1200, works),
    )
    likes = generator.normal(size=(listeners, len(FEATURES)))
    closeness = likes @ sound.T / np.sqrt(len(FEATURES))
    fond = np.zeros((listeners, acts))
    for listener in range(listeners):
        chances = np.exp(likes[listener] @ style.T / 3)
        count = min(acts, int(generator.integers(1, 4)))
        fond[listener, generator.choice(acts, count, False, chances / chances.sum())] = 1
    rows = _plays(generator, days, age, act_of, fame, closeness, fond, plays_a_day)
    return ListeningWorld(*_tracks(act_of, sound, age, works), rows)


def _plays(
    generator: np.random.Generator,
    days: int,
    age: np.ndarray,
    act_of: np.ndarray,
    fame: np.ndarray,
    closeness: np.ndarray,
    fond: np.ndarray,
    plays_a_day: float,
) -> pl.DataFrame:
    listeners, works = closeness.shape
    eager = generator.gamma(1.0, plays_a_day, listeners)
    had: list[list[int]] = [[] for _ in range(listeners)]
    found: dict[str, list] = {"ingest_date": [], "user_id": [], "track_id": [], "play_count": []}
    for back in range(days - 1, -1, -1):
        out = age >= back
        fresh = np.where(age - back < 21, 4.0, 1.0)
        popular = fame * fresh * out
        for listener in range(listeners):
            counts: dict[int, int] = {}
            for _ in range(generator.poisson(eager[listener])):
                draw = generator.random()
                if had[listener] and draw < 0.5:
                    work = had[listener][int(generator.integers(len(had[listener])))]
                else:
                    weight = popular
                    if draw < 0.8:
                        weight = popular * fond[listener][act_of]
                    if draw >= 0.9 or not weight.any():
                        weight = popular**0.3 * np.exp(2 * closeness[listener]) * out
                    work = int(generator.choice(works, p=weight / weight.sum()))
                counts[work] = counts.get(work, 0) + 1
                had[listener].append(work)
            for work, count in counts.items():
                found["ingest_date"].append(LAST - dt.timedelta(days=back))
                found["user_id"].append(f"u{listener:05d}")
                found["track_id"].append(f"t{work:05d}")
                found["play_count"].append(count)
    return pl.DataFrame(found).with_columns(rating=pl.lit(None, pl.Float64))


def _tracks(
    act_of: np.ndarray, sound: np.ndarray, age: np.ndarray, works: int
) -> tuple[pl.DataFrame, pl.DataFrame]:
    ids = [f"t{work:05d}" for work in range(works)]
    names = [f"Act {act}" for act in act_of]
    titles = [f"Song {work}" for work in range(works)]
    released = [LAST - dt.timedelta(days=int(days)) for days in age]
    common = {"track_id": ids, "artist_name": names, "title": titles, "work_title": titles}
    told = pl.DataFrame(common | {"release_date": released}).with_columns(
        pl.lit("OTHER").alias("artist"),
        pl.max_horizontal("release_date", pl.lit(LAST - dt.timedelta(days=200))).alias(
            "ingest_date"
        ),
        pl.lit(True).alias("may_learn"),
        pl.lit(True).alias("may_learn_text"),
        pl.lit("demo").alias("source"),
        pl.lit("[]").alias("version_kinds"),
        *(pl.Series(name, sound[:, place]) for place, name in enumerate(FEATURES)),
    )
    versions = told.select("track_id", "artist", "artist_name", "title", "work_title").with_columns(
        pl.col("track_id").alias("work_id"),
        pl.lit(1, pl.Int64).alias("version_count"),
        pl.lit(True).alias("is_shown"),
        pl.lit("[]").alias("version_kinds"),
        pl.lit(LAST).alias("ingest_date"),
        pl.lit(LAST).alias("told_date"),
    )
    return _filled(told, TRACKS_TOLD), _filled(versions, WORKS)


def _filled(frame: pl.DataFrame, table: object) -> pl.DataFrame:
    schema = pl.DataFrame(table.arrow_schema().empty_table()).schema  # type: ignore[attr-defined]
    return frame.select(
        (pl.col(name) if name in frame.columns else pl.lit(None)).cast(kind).alias(name)
        for name, kind in schema.items()
    )
