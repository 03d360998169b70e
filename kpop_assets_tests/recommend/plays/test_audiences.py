"""Who comes back to a work, and whom else listeners of an act play: literal cases."""

from __future__ import annotations

import datetime as dt
import random
from collections import defaultdict

import polars as pl
import pytest

from kpop_assets.contracts.recommend_listening import (
    LISTENER_TRACKS,
    SHARED_LISTENERS,
    WORK_AUDIENCE,
)
from kpop_assets.contracts.recommend_rules import LEAST_SHARED_LISTENERS
from kpop_assets.lake.rows import empty
from kpop_assets.recommend.plays.audiences import (
    AUDIENCE_WORK_COLUMNS,
    HEARD_COLUMNS,
    describe_audience,
    share_acts,
)

DAY = dt.date(2026, 3, 7)
VERSIONS = pl.DataFrame(
    [
        ("t1", "w1", "IU", "IU", "Blue Garden", True),
        ("t1inst", "w1", "IU", "IU", "Blue Garden", False),
        ("t2", "w2", "BTS", "BTS", "Last Letter", True),
        ("t3", "w3", "OTHER", "Somebody", "Quiet River", True),
        ("t4", "w4", "EXO", "EXO", "Nobody plays this", True),
    ],
    AUDIENCE_WORK_COLUMNS,
    orient="row",
)


def heard(*rows: tuple[int, str, str, int, int, int]) -> pl.DataFrame:
    """Rows by days before `DAY`, listener, track, plays, plays of known length, completed."""
    dated = [(DAY - dt.timedelta(days=ago), *rest) for ago, *rest in rows]
    return pl.DataFrame(dated, empty(LISTENER_TRACKS).select(HEARD_COLUMNS).schema, orient="row")


def test_versions_are_one_work_and_who_comes_back_played_it_on_two_days():
    rows = heard(
        (0, "a", "t1", 2, 2, 1),
        (0, "a", "t1inst", 1, 1, 1),
        (9, "b", "t1", 1, 0, 0),
        (8, "b", "t1inst", 3, 0, 0),
        (1, "c", "t1", 5, 5, 0),
        (1, "c", "t2", 1, 0, 0),
        (1, "c", "unknown", 7, 7, 7),
        (2, "d", "t2", 0, 0, 0),
    )
    found = describe_audience(rows, VERSIONS, DAY)
    assert set(found.columns) == set(WORK_AUDIENCE.column_names) - {"ingest_date"}
    first, second = found.to_dicts()
    # The second day of `a` is the same day; `b` came back by another version; the total of `d`
    # says nothing of when.
    assert first == {
        "work_id": "w1",
        "artist": "IU",
        "artist_name": "IU",
        "work_title": "Blue Garden",
        "plays_28d": 12,
        "listeners_28d": 3,
        "returning_listeners_28d": 1,
        "returning_pct": pytest.approx(100 / 3),
        "completed_pct": pytest.approx(25.0),
        "plays_7d": 8,
    }
    assert (second["work_id"], second["listeners_28d"], second["completed_pct"]) == ("w2", 1, None)


def many() -> pl.DataFrame:
    rng, rows = random.Random(5), {}
    for _ in range(4_000):
        key = (rng.randrange(28), f"u{rng.randrange(60)}", rng.choice(["t1", "t1inst", "t2", "t3"]))
        rows[key] = (*key, rng.randrange(3), 0, 0)
    return heard(*rows.values())


def test_shared_listeners_are_those_of_plain_python_in_both_directions():
    rows = many()
    acts = dict(VERSIONS.select("track_id", "artist").rows())
    days: dict[str, dict[str, set]] = defaultdict(lambda: defaultdict(set))
    for day, user, track, plays, *_ in rows.rows():
        if plays and acts[track] != "OTHER":
            days[acts[track]][user].add(day)
    fans = {act: {u for u, on in users.items() if len(on) > 1} for act, users in days.items()}
    everybody = fans["IU"] | fans["BTS"]
    both = len(fans["IU"] & fans["BTS"])
    found = share_acts(rows, VERSIONS)
    assert set(found.columns) == set(SHARED_LISTENERS.column_names) - {"ingest_date"}
    assert found.select("artist", "other_artist").rows() == [("BTS", "IU"), ("IU", "BTS")]
    assert both >= LEAST_SHARED_LISTENERS
    for row in found.to_dicts():
        mine, other = fans[row["artist"]], fans[row["other_artist"]]
        assert row["act_listener_count"] == len(mine)
        assert row["other_listener_count"] == len(other)
        assert row["shared_listener_count"] == both
        assert row["shared_pct"] == pytest.approx(100 * both / len(mine))
        lift = both * len(everybody) / (len(mine) * len(other))
        assert row["lift"] == pytest.approx(lift)


def test_without_plays_or_works_there_is_nothing_to_say():
    assert describe_audience(heard(), VERSIONS, DAY).is_empty()
    assert share_acts(heard(), VERSIONS).is_empty()
    assert describe_audience(many(), VERSIONS.clear(), DAY).is_empty()
    assert share_acts(many(), VERSIONS.clear()).is_empty()
