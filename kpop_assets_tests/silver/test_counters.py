"""The rule of counters over arrays, without an engine: against a plain second implementation."""

from __future__ import annotations

import datetime as dt
from typing import Any

import numpy as np
from hypothesis import given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from kpop_assets.silver.counters import COUNTERS, UNKNOWN, History, measure_gains
from kpop_assets_tests.silver.test_video_daily import DAY, at, days_seen, event, measured

launches = st.none() | st.integers(-400, 70)


def history_of(events: list[dict[str, Any]]) -> History:
    """Events in the order of video and day, one of each day, as arrays."""

    def numbers(values: list[int | None]) -> Any:
        return np.array([UNKNOWN if value is None else value for value in values], np.int64)

    def age(e: dict[str, Any]) -> int | None:
        published = e["published_at"]
        return None if published is None else int((e["observed_at"] - published).total_seconds())

    return History(
        numbers([int(e["video_id"]) for e in events]),
        numbers([(e["ingest_date"] - DAY).days for e in events]),
        numbers([age(e) for e in events]),
        {name: numbers([e[name] for e in events]) for name in COUNTERS},
    )


@hypothesis_settings(max_examples=300, deadline=None)
@given(videos=st.lists(st.tuples(days_seen, launches), max_size=6))
def test_gains_of_arrays_equal_a_plain_second_implementation(videos):
    events = []
    for number, (days, launch) in enumerate(videos):
        published = None if launch is None else at(launch)
        for day, (views, likes, comments) in sorted(days.items()):
            more = {"like_count": likes, "comment_count": comments, "published_at": published}
            events.append(event(day, views, video_id=str(number), **more))
    found = measure_gains(history_of(events))
    spans = [None if n == UNKNOWN else n for n in found["view_count"].days.tolist()]
    actual = {
        (e["video_id"], (e["ingest_date"] - DAY).days): (
            *(int(found[name].gained[i]) for name in COUNTERS),
            any(found[name].is_held[i] for name in COUNTERS),
            spans[i],
        )
        for i, e in enumerate(events)
    }
    assert actual == measured(events)


def test_no_rows_gain_nothing():
    assert all(len(gain.gained) == 0 for gain in measure_gains(history_of([])).values())


def test_a_video_takes_nothing_from_the_one_before_it():
    old = dt.timedelta(days=900)
    events = [
        event(day, views, video_id=video, published_at=at(day) - old)
        for video, day, views in (("1", 0, 5_000_000), ("2", 1, 7), ("3", 2, 0))
    ]
    found = measure_gains(history_of(events))["view_count"]
    assert found.gained.tolist() == [0, 0, 0]
    assert not found.is_held.any()
