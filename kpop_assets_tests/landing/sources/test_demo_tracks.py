"""The simulated tracks: exact counts, told each week, one work by the rules that real ones have."""

from __future__ import annotations

import datetime as dt
import json
from collections import defaultdict

import numpy as np
import polars as pl
import pytest

from kpop_assets.catalog.catalog import load_catalog
from kpop_assets.contracts.recommend_tracks import TRACKS_TOLD
from kpop_assets.landing.choices import DEMO_SEED
from kpop_assets.landing.files import AlreadyLanded, LandedFile
from kpop_assets.landing.sources.demo_acts import DEMO_ACTS
from kpop_assets.landing.sources.demo_tracks import (
    expected_track_counts,
    simulate_tracks_day,
    write_demo_tracks,
)
from kpop_assets.landing.sources.demo_works import VERSIONS, simulate_works
from kpop_assets.landing.sources.demo_world import WORLD_START, simulate_world
from kpop_assets.recommend.works.told_tracks import LINE_COLUMNS, tell_tracks
from kpop_assets.recommend.works.works import find_works

DAY = dt.date(2026, 3, 2)
WEEK = [DAY + dt.timedelta(days=n) for n in range(7)]


def usable(line: bytes) -> dict | None:
    """The record of a good line; a plain reading of the contract, None for a broken one."""
    try:
        record = json.loads(line)
    except ValueError:
        return None
    names = ("track_id", "source", "title", "artist_name")
    return record if all(isinstance(record.get(name), str) for name in names) else None


def good_lines(day: dt.date) -> list[dict]:
    return [record for line in dict.fromkeys(simulate_tracks_day(day)) if (record := usable(line))]


@pytest.mark.parametrize("day", [dt.date(2017, 1, 1), DAY, dt.date(2099, 12, 30)])
def test_counts_are_exact_and_each_track_stands_once(day: dt.date):
    counts, lines = expected_track_counts(day), list(simulate_tracks_day(day))
    good = [line for line in lines if usable(line)]
    assert len(lines) == counts.line_count
    assert len(set(good)) == counts.track_count
    assert len(good) - len(set(good)) == counts.duplicate_count
    assert len(lines) - len(good) == counts.broken_count
    ids = [json.loads(line)["track_id"] for line in set(good)]
    assert len(set(ids)) == len(ids)
    assert {json.loads(line)["source"] for line in good} == {"demo"}


def test_a_week_tells_of_every_track_that_is_out_and_of_releases_on_their_day():
    works = simulate_works(DEMO_SEED)
    told = [{line["track_id"] for line in good_lines(day)} for day in WEEK]
    today = (WEEK[-1] - WORLD_START).days
    assert len(set().union(*told)) == int((works.version_day <= today).sum())
    for day, ids in zip(WEEK, told, strict=True):
        number = (day - WORLD_START).days
        out = np.argwhere(works.version_day == number)
        new = {f"demo-{works.act[w]:02d}-{works.number[w]:03d}-{v}" for w, v in out}
        assert new <= ids


def test_releases_are_the_comebacks_of_the_same_world():
    works, world = simulate_works(DEMO_SEED), simulate_world(DEMO_SEED)
    for act, comebacks in enumerate(world.comebacks):
        days = works.day[(works.act == act) & (works.day >= 0)]
        assert set(days.tolist()) == set(comebacks.tolist())
    assert (np.diff(works.day) >= 0).all()


def test_what_is_said_of_a_track_stays_from_week_to_week():
    first = {line["track_id"]: line for line in good_lines(DAY)}
    later = {line["track_id"]: line for line in good_lines(DAY + dt.timedelta(days=7))}
    both = first.keys() & later.keys()
    assert len(both) > 300
    for track in both:
        assert first[track] | {"observed_at": 0} == later[track] | {"observed_at": 0}


def test_tracks_are_of_their_acts_and_works_are_those_of_the_simulation():
    """By the catalogue and by the rules for versions, which know nothing of the simulation."""
    lines = [line for day in WEEK for line in good_lines(day)]
    rows = pl.DataFrame(lines, infer_schema_length=None).rename({"release_date": "released"})
    rows = rows.with_columns(popularity=pl.lit(None, pl.Int64))
    told = tell_tracks(rows.unique("track_id").select(LINE_COLUMNS), load_catalog())
    assert set(told.columns) == set(TRACKS_TOLD.column_names) - {"ingest_date"}
    for track, artist in told.select("track_id", "artist").rows():
        assert artist == DEMO_ACTS[int(track.split("-")[1])].name
    assert told["may_learn_text"].all()
    by_work = defaultdict(set)
    found = find_works(told.with_columns(told_date=pl.lit(DAY)))
    for track, work in found.select("track_id", "work_id").rows():
        by_work[work].add(track.rsplit("-", 1)[0])
    assert all(len(names) == 1 for names in by_work.values())
    works = simulate_works(DEMO_SEED)
    assert len(by_work) == works.count_out((WEEK[-1] - WORLD_START).days)


def test_some_features_are_unknown_and_acts_have_a_sound_of_their_own():
    lines = [line for day in WEEK for line in good_lines(day)]
    features = [line for line in lines if "energy" in line]
    assert 0.05 < 1 - len(features) / len(lines) < 0.11
    assert 0.03 < 1 - sum("valence" in line for line in features) / len(features) < 0.1
    works = simulate_works(DEMO_SEED)
    spread = works.taste.std(axis=0).mean()
    within = [works.taste[works.act == act].std(axis=0).mean() for act in range(len(DEMO_ACTS))]
    assert np.mean(within) < 0.9 * spread


def test_the_file_of_a_day_is_landed_once(tmp_path):
    written = write_demo_tracks(tmp_path, DAY)
    assert isinstance(written, LandedFile)
    assert written.line_count == expected_track_counts(DAY).line_count
    assert isinstance(write_demo_tracks(tmp_path, DAY), AlreadyLanded)
    assert len(VERSIONS) == 5
