"""Which of several equal events is kept, and that no line of a file is unaccounted for."""

from __future__ import annotations

import datetime as dt
import json
import random
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pyspark.sql import SparkSession

from kpop_assets.bronze.events import select_events
from kpop_assets.catalog.catalog import Catalog, load_catalog
from kpop_assets.contracts.bronze import EVENTS
from kpop_assets.days import seoul_day
from kpop_assets.lake.schemas import spark_schema
from kpop_assets.landing.folders import epoch_ms_in_name
from kpop_assets_tests.bronze.kit import (
    DAY,
    DAY_MS,
    DAY_START_MS,
    NEXT,
    NOON_MS,
    fields,
    land,
    line,
    load,
    parse_once,
)
from kpop_assets_tests.bronze.outcomes import check_accounts, check_against, load_and_expect, places
from kpop_assets_tests.bronze.reference import expect, read_folder


@pytest.mark.both_engines
def test_of_equal_events_the_first_by_file_name_and_line_is_kept(
    tmp_path: Path, spark: SparkSession
):
    first, second = line(text="first"), line(text="second")
    later, other = line(observed_at=NOON_MS + 1), line(video_id="v2")
    land(tmp_path, b"\n".join([b"", second, other, second]), "b.json")
    land(tmp_path, b"\n".join([b"broken", first, second, later]), "a.json")
    land(tmp_path, b"\n".join([other, first]), "c.json")
    # The same observation seen on another day stands in that day's folder, and is wrong there.
    land(tmp_path, first + b"\n" + line(observed_at=NOON_MS + DAY_MS), "a.json", NEXT)
    loaded = load(spark, tmp_path, DAY, NEXT + dt.timedelta(days=1))
    kept = [(r["ingest_date"], r["landing_file"], r["line_number"]) for r in loaded.rows]
    assert kept == [
        (DAY, "a.json", 2),
        (DAY, "a.json", 4),
        (DAY, "b.json", 3),
        (NEXT, "a.json", 2),
    ]
    assert loaded.rows[0]["text"] == "first"
    counts = {(r["ingest_date"], r["landing_file"]): r["duplicate_count"] for r in loaded.files}
    assert counts == {
        (DAY, "a.json"): 1,
        (DAY, "b.json"): 2,
        (DAY, "c.json"): 2,
        (NEXT, "a.json"): 0,
    }
    assert loaded.total("line_count") == 4 + 3 + 2 + 2
    assert loaded.total("quarantine_count") == 2


@pytest.mark.both_engines
def test_of_differing_repeats_the_higher_counter_is_kept_and_the_choice_is_counted(
    tmp_path: Path, spark: SparkSession
):
    views = [50_000, 52_000, None, 52_000, 51_000]
    data = b"\n".join(line(view_count=count, text=f"{i}") for i, count in enumerate(views))
    land(tmp_path, data, "a.json")
    land(tmp_path, line(view_count=51_000), "b.json")
    loaded = load(spark, tmp_path)
    assert [(row["view_count"], row["text"]) for row in loaded.rows] == [(52_000, "1")]
    assert [(r["duplicate_count"], r["differing_count"]) for r in loaded.files] == [(4, 3), (1, 1)]


@pytest.mark.both_engines
def test_a_hidden_or_odd_side_counter_costs_the_field_and_not_the_line(
    tmp_path: Path, spark: SparkSession
):
    lines = [
        line(video_id="v1", view_count=100, like_count=-1, comment_count="-1"),
        line(video_id="v2", view_count=100, like_count="", comment_count="1.2K"),
        line(video_id="v3", view_count=100, like_count=7, duration_seconds=-1),
        line(video_id="v4", view_count=-1, like_count=7),
    ]
    land(tmp_path, b"\n".join(lines))
    loaded = load(spark, tmp_path)
    counters = ("view_count", "like_count", "comment_count", "duration_seconds")
    assert [[row[name] for name in counters] for row in loaded.rows] == [
        [100, None, None, None],
        [100, None, None, None],
        [100, 7, None, None],
    ]
    assert loaded.reasons() == {4: ("impossible_value", "view_count")}
    assert (loaded.total("hidden_count"), loaded.total("unusable_count")) == (4, 1)


@pytest.mark.both_engines
def test_one_id_of_a_chart_in_two_countries_is_two_tracks_and_one_of_a_video_is_one(
    tmp_path: Path, spark: SparkSession
):
    chart = {"source": "spotify_chart", "video_id": "t"}
    lines = [
        line(**chart, region="KR", view_count=1_000_000),
        line(**chart, region="jp", view_count=3_000_000),
        line(**(chart | {"video_id": "u"})),
        line(**(chart | {"video_id": "spotify:KR:t"}), region="KR"),
        line(video_id="v1", region="KR", view_count=9),
        line(video_id="v1", region="US", view_count=9),
    ]
    land(tmp_path, b"\n".join(lines))
    loaded = load(spark, tmp_path)
    assert [row["video_id"] for row in loaded.rows] == ["t", "t:jp", "u", "spotify:KR:t", "v1"]
    assert (loaded.total("duplicate_count"), loaded.total("differing_count")) == (1, 0)


def test_file_names_are_ordered_by_their_letters_and_lines_by_their_numbers(
    tmp_path: Path, spark: SparkSession
):
    lines = [line(video_id="x") for _ in range(12)]
    for name in ("10.json", "9.json", "가.json", "Z.json", "a.json"):
        land(tmp_path, b"\n".join(lines), name)
    loaded = load(spark, tmp_path)
    assert places(loaded.rows) == [("10.json", 1)]
    assert loaded.total("duplicate_count") == 59


def test_ids_that_differ_in_case_space_or_composition_are_different(
    tmp_path: Path, spark: SparkSession
):
    ids = ["v1", "V1", "v1 ", " v1", "가", "\u1100\u1161", "v1\u200b", "v1\0"]
    land(tmp_path, b"\n".join(line(video_id=video_id) for video_id in ids))
    assert [row["video_id"] for row in load(spark, tmp_path).rows] == ids


def test_a_file_under_another_name_brings_no_event_whatever_states_its_times(
    tmp_path: Path, spark: SparkSession
):
    stated, silent = line(), line(video_id="v2", observed_at=...)
    data = b"\n".join([stated, silent, b"broken"])
    land(tmp_path, data, f"events_{NOON_MS}.json")
    land(tmp_path, data, f"events_{NOON_MS + 60_000}.json")
    land(tmp_path, data, "copy.json")
    loaded = load(spark, tmp_path)
    assert len(loaded.rows) == 2
    assert loaded.total("duplicate_count") == 4
    assert loaded.total("quarantine_count") == 3


def test_the_events_of_a_day_have_the_columns_of_the_contract_and_an_artist(
    tmp_path: Path, spark: SparkSession
):
    lines = [
        line(text="[MV] NewJeans (뉴진스) &#39;Ditto&#39;"),
        line(video_id="v2", text="live cam"),
    ]
    land(tmp_path, b"\n".join([*lines, lines[0], b"broken"]))
    acts = Catalog(tuple(act for act in load_catalog().acts if act.artist == "NewJeans"))
    events = select_events(parse_once(spark, tmp_path), acts)
    assert [(f.name, f.dataType) for f in events.schema.fields] == [
        (f.name, f.dataType) for f in spark_schema(EVENTS).fields
    ]
    rows = {row["video_id"]: row for row in events.collect()}
    assert {name: row["artist"] for name, row in rows.items()} == {"v1": "NewJeans", "v2": "OTHER"}
    assert rows["v1"]["text"] == "[MV] NewJeans (뉴진스) 'Ditto'"


# --- generated files, against the second implementation ------------------------------------------

TITLES = [
    "NewJeans",
    "뉴진스 🔥",
    "R&amp;B &lt;3",
    "&quot;a&quot; &#39;b&#39;",
    "a} {b",
    "",
    "&amp;lt;",
    "a\u2028b",
]
TIMES = [NOON_MS, NOON_MS + 1, DAY_START_MS, DAY_START_MS + DAY_MS - 1, str(NOON_MS)]
FAULTY: dict[str, list[Any]] = {
    "video_id": [..., None, "", " ", 5, 1.5, True, [], {"a": 1}],
    "text": [..., None, 5, -5, False, ["a"], {}],
    "source": [..., None, "", 7, [1]],
    "ts": [
        ...,
        None,
        "x",
        True,
        12.5,
        0,
        NOON_MS // 1000,
        NOON_MS + 400 * DAY_MS,
        4_102_444_800_000,
    ],
    "observed_at": ["x", 0, -1, NOON_MS // 1000, NOON_MS - DAY_MS, NOON_MS + DAY_MS, 1.5, [], {}],
    "published_at": ["", 0, NOON_MS // 1000, NOON_MS + 400 * DAY_MS, True, 12.25],
    "view_count": [-1, "x", "1,000", 12.5, True, [5], {}, 10**30, 2**63],
}
GARBAGE = [
    b"",
    b"  \t",
    b"broken",
    b"{}",
    b"[]",
    b"null",
    b"5",
    b"\xff\xfe",
    line()[:-1],
    line()[:40],
    line() + b"}",
    line() + b" x",
    line() + line(),
    b"[" + line() + b"]",
    line() + b"\r",
    line(text="\xe9").replace(b"\xc3", b""),
    line().replace(b'"', b"'"),
    line().replace(b'"title"', b'"\\ud83d"'),
    line().replace(b'"title"', b'"a\tb"'),
    line().replace(b'"title"', b"NaN"),
]

ODD_COUNTS = st.sampled_from([0, -1, "-1", "", " ", -5, "1,000", "x", 12.5, True, [5], 10**30])

valid_lines = st.builds(
    lambda changes: json.dumps(fields(**changes), ensure_ascii=False).encode(),
    st.fixed_dictionaries(
        {
            "video_id": st.sampled_from(["v1", "v2", "뉴", "5", "true"]),
            "text": st.sampled_from(TITLES)
            | st.text(st.characters(exclude_characters="&", exclude_categories=["Cs"]), max_size=8),
            "observed_at": st.sampled_from([*TIMES, None, ...]),
        },
        optional={
            "ts": st.sampled_from([NOON_MS, float(NOON_MS), 1_104_537_600_000, NOON_MS + DAY_MS]),
            "published_at": st.sampled_from([None, NOON_MS - 4000 * DAY_MS, str(NOON_MS)]),
            "view_count": st.none() | st.integers(0, 10**11) | st.integers(0, 10**11).map(float),
            "like_count": st.integers(0, 10**11).map(str) | ODD_COUNTS,
            "comment_count": ODD_COUNTS,
            "source": st.sampled_from(["test", "spotify_chart"]),
            "region": st.sampled_from(["KR", "jp", "", None]),
            "lang": st.sampled_from(["ko", "en", "", None]),
            "tags": st.lists(st.sampled_from(["a", "뉴", 'b"c', "d\\e"]), min_size=1, max_size=3),
            "unknown": st.sampled_from([{"video_id": "x"}, [1, {"ts": None}], 1.5]),
        },
    ),
)
faulty_lines = st.sampled_from(
    [(name, value) for name, values in FAULTY.items() for value in values]
).map(lambda fault: line(**{fault[0]: fault[1]}))
all_lines = st.lists(
    valid_lines | valid_lines | faulty_lines | st.sampled_from(GARBAGE), max_size=40
)
file_bytes = st.builds(
    lambda lines, end, mark, tail: mark + end.join(lines) + tail,
    all_lines,
    st.sampled_from([b"\n", b"\r\n"]),
    st.sampled_from([b"", b"", b"\xef\xbb\xbf"]),
    st.sampled_from([b"", b"\n", b'\n{"video_id": "v1", "te', b"\n\xeb\x89"]),
)
NAMES = [f"events_{NOON_MS}.json", f"events_{NOON_MS // 1000 + 60}.json", "extra.json"]


@settings(deadline=None, max_examples=15)
@given(files=st.dictionaries(st.sampled_from(NAMES), file_bytes, max_size=3))
def test_every_line_of_any_files_ends_where_plain_python_has_it_and_is_accounted_for(
    spark: SparkSession, files: dict[str, bytes]
):
    loaded, expected = load_and_expect(spark, files)
    check_accounts(loaded)
    check_against(expected, loaded)


@pytest.mark.both_engines
def test_ten_thousand_lines_with_planted_faults_end_where_plain_python_has_them(
    spark: SparkSession,
):
    rng = random.Random(20260302)
    faults = [(name, value) for name, values in FAULTY.items() for value in values]

    def generate() -> bytes:
        kind = rng.random()
        if kind < 0.05:
            return rng.choice(GARBAGE)
        changes: dict[str, Any] = {
            "video_id": f"v{rng.randint(1, 900)}",
            "text": rng.choice(TITLES),
            "observed_at": rng.choice([*TIMES, NOON_MS + rng.randint(0, 9), ...]),
            "view_count": rng.choice([None, rng.randint(0, 10**11), float(rng.randint(0, 10**11))]),
        }
        return line(**(changes | dict([rng.choice(faults)] if kind < 0.2 else [])))

    files = {name: b"\n".join(generate() for _ in range(3_500)) for name in NAMES}
    loaded, expected = load_and_expect(spark, files)
    assert min(len(expected.rows), len(expected.quarantine), len(expected.duplicates)) > 500
    check_accounts(loaded)
    check_against(expected, loaded)


@pytest.mark.realdata
def test_lines_of_another_collector_end_where_plain_python_has_them(
    spark: SparkSession, real_data: Path, tmp_path: Path
):
    files = read_folder(real_data / "seed_landing")
    ((name, epoch),) = [(name, epoch_ms_in_name(name)) for name in files]
    assert epoch is not None
    day = seoul_day(epoch)
    land(tmp_path, files[name], name, day)
    loaded = load(spark, tmp_path, day, day + dt.timedelta(days=1))
    check_accounts(loaded)
    check_against(expect(files, day, {name: epoch}), loaded)
    assert len(loaded.rows) == 49
