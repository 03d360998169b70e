"""Which tracks are one work: real titles, lengths at the edge, any order, a second rule."""

from __future__ import annotations

import datetime as dt
import json
from typing import Any

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kpop_assets.catalog.catalog import load_catalog
from kpop_assets.contracts.recommend_rules import WORK_SPAN_MS
from kpop_assets.contracts.recommend_tracks import TRACKS_TOLD, WORKS
from kpop_assets.contracts.tracks import TRACKS
from kpop_assets.recommend.works.told_tracks import LINE_COLUMNS, tell_tracks
from kpop_assets.recommend.works.track_titles import read_title
from kpop_assets.recommend.works.works import TOLD_COLUMNS, find_works, last_told
from kpop_assets_tests.conftest import REAL_DATA

DAY = dt.date(2026, 3, 7)


def track(track_id: str, title: str = "FANCY", **more: Any) -> dict[str, Any]:
    read = read_title(title)
    valid = {"ingest_date": DAY, "artist": "TWICE", "artist_name": "TWICE", "duration_ms": 214_000}
    said = {"work_title": read.work_title, "version_kinds": json.dumps(read.kinds)}
    return {"track_id": track_id, "title": title, **valid, **said, **more}


def told(*rows: dict[str, Any]) -> pl.DataFrame:
    schema = pl.DataFrame(TRACKS_TOLD.arrow_schema().empty_table()).select(TOLD_COLUMNS).schema
    return pl.DataFrame(list(rows), schema=schema)


def works_of(*rows: dict[str, Any], day: dt.date = DAY) -> dict[str, str]:
    found = find_works(last_told(told(*rows), day))
    assert found.columns == WORKS.column_names[1:]
    return dict(found.select("track_id", "work_id").iter_rows())


ONE_WORK = {
    "a single and its album": [{}, {"album_name": "FANCY YOU"}],
    "an instrumental": [{}, {"title": "FANCY (Inst.)"}],
    "a remaster": [{}, {"title": "FANCY - 2023 Remastered"}],
    "a Japanese version": [{}, {"title": "FANCY -Japanese ver.-"}],
    "a live recording": [{}, {"title": "FANCY - Live", "duration_ms": 216_900}],
    "a guest": [{}, {"title": "FANCY (feat. Nobody)"}],
    "a name in two scripts": [{"title": "팬시 (FANCY)"}, {"title": "FANCY"}],
    "both names by a third": [{"title": "팬시"}, {"title": "FANCY"}, {"title": "FANCY / 팬시"}],
    "case and signs": [{}, {"title": "Fancy!"}],
    "one recording under two names": [
        {"title": "Fancy", "isrc": "KRA301900086", "duration_ms": 214_000},
        {"title": "Fancy (Short)", "isrc": "kr-a30-19-00086", "duration_ms": 180_000},
    ],
    "acts that the catalogue lacks": [
        {"artist": "OTHER", "artist_name": "Seori"},
        {"artist": "OTHER", "artist_name": "SEORI"},
    ],
    "an intro on one album twice": [
        {"title": "Intro", "album_name": "A"},
        {"title": "Intro (Inst.)", "album_name": "A"},
    ],
}
SEVERAL = {
    "another act": [{}, {"artist": "IU", "artist_name": "IU"}],
    "another act that the catalogue lacks": [
        {"artist": "OTHER", "artist_name": "Seori"},
        {"artist": "OTHER", "artist_name": "WISUE"},
    ],
    "another length": [{}, {"duration_ms": 214_000 + WORK_SPAN_MS + 1}],
    "a remix": [{}, {"title": "FANCY (Slom Remix)"}],
    "a second part": [{"title": "FANCY Pt.1"}, {"title": "FANCY Pt.2"}],
    "intros of two albums": [
        {"title": "Intro", "album_name": "A"},
        {"title": "Intro", "album_name": "B"},
    ],
    "no length": [{"duration_ms": None}, {"duration_ms": None}],
    "intros of no album": [{"title": "Intro"}, {"title": "Intro"}],
    "no code": [
        {"title": "A", "isrc": "unknown"},
        {"title": "B", "isrc": "unknown"},
    ],
}


@pytest.mark.parametrize("case", ONE_WORK)
def test_these_are_versions_of_one_work(case: str):
    rows = [track(f"t{i}", **more) for i, more in enumerate(ONE_WORK[case])]
    assert set(works_of(*rows).values()) == {"t0"}


@pytest.mark.parametrize("case", SEVERAL)
def test_these_are_different_works(case: str):
    rows = [track(f"t{i}", **more) for i, more in enumerate(SEVERAL[case])]
    assert works_of(*rows) == {"t0": "t0", "t1": "t1"}


def test_lengths_are_within_three_seconds_of_the_shortest_and_form_no_chain():
    lengths = {"a": 200_000, "b": 203_000, "c": 203_001, "d": 206_001, "e": 206_002}
    found = works_of(*(track(name, duration_ms=length) for name, length in lengths.items()))
    assert found == {"a": "a", "b": "a", "c": "c", "d": "c", "e": "e"}


def test_the_plain_song_stands_for_the_work_then_the_earliest_release():
    rows = [
        track("a", "FANCY (Inst.)", release_date=dt.date(2019, 1, 1)),
        track("b", release_date=dt.date(2020, 1, 1)),
        track("c", release_date=dt.date(2019, 4, 22)),
        track("d"),
        track("e", "Other"),
    ]
    found = find_works(last_told(told(*rows), DAY))
    assert found.filter("is_shown")["track_id"].to_list() == ["c", "e"]
    assert found["version_count"].to_list() == [4, 4, 4, 4, 1]


def test_a_day_knows_what_was_told_by_then_and_the_last_of_it():
    before, later = DAY - dt.timedelta(days=3), DAY + dt.timedelta(days=1)
    rows = [
        track("a", "Fanci", ingest_date=before, isrc="KRA301900086"),
        track("a", "FANCY"),
        track("b", "FANCY (Inst.)", ingest_date=before),
        track("c", "FANCY", ingest_date=later),
    ]
    assert works_of(*rows) == {"a": "a", "b": "a"}
    assert works_of(*rows, day=before) == {"a": "a", "b": "b"}
    last = last_told(told(*rows), DAY)
    assert last["told_date"].to_list() == [DAY, before]
    # A table that says no ISRC takes none away.
    assert last["isrc"].to_list() == ["KRA301900086", None]


def test_words_that_may_not_be_learnt_from_take_no_others_away():
    later = DAY + dt.timedelta(days=7)
    api = {"ingest_date": later, "may_learn_text": False, "isrc": "KRA301900086"}
    rows = [track("a", may_learn_text=True), track("a", title="Fancy 2019", **api)]
    (found,) = last_told(told(*rows), later).to_dicts()
    assert (found["title"], found["isrc"], found["told_date"]) == ("FANCY", "KRA301900086", later)


def test_without_any_track_there_are_no_works():
    found = find_works(last_told(told(), DAY))
    assert found.is_empty() and found.columns == WORKS.column_names[1:]


songs = st.sampled_from(["A", "B", "A (Inst.)", "가 (A)", "가", "Intro"])
lengths = st.none() | st.integers(200_000, 209_000)
acts = st.sampled_from(["TWICE", "IU"])
any_track = st.tuples(songs, lengths, acts, st.sampled_from([None, "KRA301900086"]))


@settings(deadline=None)
@given(rows=st.lists(any_track, max_size=9), data=st.data())
def test_works_are_those_of_a_search_pair_by_pair_in_whatever_order(
    rows: list[tuple[str, int | None, str, str | None]], data: st.DataObject
):
    tracks = [
        track(f"t{i}", title, duration_ms=length, artist=act, artist_name=act, isrc=isrc)
        for i, (title, length, act, isrc) in enumerate(rows)
    ]
    found = works_of(*data.draw(st.permutations(tracks)))
    assert found == searched(tracks)


def searched(tracks: list[dict[str, Any]]) -> dict[str, str]:
    """The rule in plain Python: sets of tracks that are merged until none can be."""
    songs = merged([{t["track_id"]} for t in tracks], tracks, _have_a_name_in_common)
    parts = [part for song in songs for part in in_spans(song, tracks)]
    works = merged(parts, tracks, lambda a, b: bool(a["isrc"]) and a["isrc"] == b["isrc"])
    return {name: min(work) for work in works for name in work}


def _have_a_name_in_common(a: dict[str, Any], b: dict[str, Any]) -> bool:
    # Without a release nobody knows whose intro it is.
    common = {*read_title(a["title"]).keys} & {*read_title(b["title"]).keys} - {"intro"}
    return a["artist"] == b["artist"] and bool(common)


def merged(sets: list[set[str]], tracks: list[dict[str, Any]], alike: Any) -> list[set[str]]:
    by_id = {t["track_id"]: t for t in tracks}
    for i, one in enumerate(sets):
        for other in sets[i + 1 :]:
            if any(alike(by_id[a], by_id[b]) for a in one for b in other):
                rest = [s for s in sets if s is not one and s is not other]
                return merged([one | other, *rest], tracks, alike)
    return sets


def in_spans(song: set[str], tracks: list[dict[str, Any]]) -> list[set[str]]:
    known = {t["track_id"]: t["duration_ms"] for t in tracks if t["track_id"] in song}
    parts = [{name} for name, length in known.items() if length is None]
    left = {name: length for name, length in known.items() if length is not None}
    while left:
        shortest = min(left.values())
        parts.append({name for name, v in left.items() if v <= shortest + WORK_SPAN_MS})
        left = {name: v for name, v in left.items() if v > shortest + WORK_SPAN_MS}
    return parts


@pytest.mark.realdata
def test_versions_of_the_kpop_table_are_merged_and_counted():
    table = pl.read_csv(REAL_DATA / "recommender" / "kpop_tracks.csv", infer_schema_length=None)
    named = {"track_name": "title", "artist": "artist_name", "album": "album_name"}
    lines = table.rename({**named, "length": "duration_ms", "release_date": "released"})
    empty = pl.DataFrame(TRACKS.arrow_schema().empty_table()).select(LINE_COLUMNS)
    lines = lines.with_columns(source=pl.lit("spotify_tracks"))
    missing = [pl.lit(None).alias(n) for n in LINE_COLUMNS if n not in lines.columns]
    lines = lines.with_columns(missing).select(LINE_COLUMNS).cast(dict(empty.schema))
    rows = tell_tracks(lines, load_catalog()).with_columns(ingest_date=pl.lit(DAY))
    found = find_works(last_told(rows.select(TOLD_COLUMNS), DAY))
    several = found.filter(pl.col("version_count") > 1)
    titles = several.group_by("work_id").agg(pl.col("title").n_unique())["title"]
    assert (len(found), found["work_id"].n_unique()) == (8335, 7312)
    assert (len(titles), (titles > 1).sum(), len(several)) == (852, 161, 1875)
    assert found.filter("is_shown").height == 7312
