"""No line of a file is unaccounted for, whatever the files hold."""

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

from kpop_assets.days import seoul_day
from kpop_assets.landing.folders import epoch_ms_in_name
from kpop_assets_tests.bronze.kit import (
    DAY_MS,
    DAY_START_MS,
    NOON_MS,
    fields,
    land,
    line,
    load,
)
from kpop_assets_tests.bronze.outcomes import (
    check_accounts,
    check_against,
    check_parsed,
    load_and_expect,
    parse_and_expect,
)
from kpop_assets_tests.bronze.reference import expect, read_folder

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


@settings(deadline=None, max_examples=40)
@given(files=st.dictionaries(st.sampled_from(NAMES), file_bytes, max_size=3))
def test_every_line_of_any_files_is_read_as_plain_python_reads_it(files: dict[str, bytes]):
    parsed, expected = parse_and_expect(files)
    check_parsed(expected, parsed)


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
