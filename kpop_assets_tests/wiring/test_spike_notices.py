"""Notices of spikes: each event of an artist once, whatever is run again."""

from __future__ import annotations

import datetime as dt
import json
from typing import Any

import pytest

from kpop_assets.contracts.bronze import EVENTS
from kpop_assets.contracts.silver import ARTIST_DAILY
from kpop_assets_tests.wiring.kit import TODAY, Watcher, ago, at, watcher, write

# A fixture that tests name.
__all__ = ["watcher"]


def series(*last: int, artist: str = "IVE", end: dt.date = TODAY) -> list[dict[str, Any]]:
    values = [*[1000, 1100, 950, 1050, 1000, 900, 1020] * 4, *last]
    first = end - dt.timedelta(days=len(values) - 1)
    return [
        {"ingest_date": first + dt.timedelta(days=i), "artist": artist, "engagement": value}
        for i, value in enumerate(values)
    ]


def give(watcher: Watcher, *rows: list[dict[str, Any]], source: str = "youtube") -> None:
    write(watcher.settings.lake, ARTIST_DAILY, [row for some in rows for row in some])
    events = [{"ingest_date": ago(i), "source": source} for i in range(5)]
    write(watcher.settings.lake, EVENTS, events)


def test_a_spike_is_told_once(watcher: Watcher):
    assert watcher.tick("tell_spikes") == []
    give(watcher, series(5000))
    (title,) = watcher.tick("tell_spikes")
    assert title.startswith("IVE gains")
    body = watcher.web.bodies[-1]
    assert (body["kind"], body["artist"], body["day"]) == ("spike", "IVE", "2026-11-20")
    assert "SIMULATED" not in title
    assert watcher.tick("tell_spikes") == []
    give(watcher, series(6000))
    assert watcher.tick("tell_spikes") == []


def test_another_artists_spike_is_told_beside_it(watcher: Watcher):
    give(watcher, series(5000))
    assert len(watcher.tick("tell_spikes")) == 1
    give(watcher, series(5000), series(7000, artist="izna"))
    (title,) = watcher.tick("tell_spikes")
    assert title.startswith("izna gains")


def test_many_spikes_of_one_look_are_one_notice(watcher: Watcher):
    gains = [series(5000 + i, artist=f"artist {i:02}") for i in range(16)]
    # Were it most of all artists, it would be the market.
    calm = [series(1000, artist=f"calm {i:02}") for i in range(40)]
    give(watcher, *gains, *calm)
    (title,) = watcher.tick("tell_spikes")
    assert title.startswith("16 spikes")
    text = watcher.web.bodies[-1]["text"]
    assert all(f"artist {i:02}: " in text for i in range(16))
    assert watcher.tick("tell_spikes") == []


def test_a_rerun_that_moves_the_first_day_of_an_event_tells_nothing_new(watcher: Watcher):
    give(watcher, series(5000, 6000))
    assert len(watcher.tick("tell_spikes")) == 1
    give(watcher, series(1000, 6000))
    assert watcher.tick("tell_spikes") == []
    give(watcher, series(5000, 5000, 6000))
    assert watcher.tick("tell_spikes") == []


@pytest.mark.parametrize(("days", "told"), [(0, 1), (2, 1), (3, 0), (40, 0)])
def test_only_the_last_three_days_are_news(watcher: Watcher, days: int, told: int):
    give(watcher, series(5000, *[1000] * days))
    assert len(watcher.tick("tell_spikes")) == told


def test_a_spike_of_simulated_data_says_so(watcher: Watcher):
    give(watcher, series(5000), source="demo")
    (title,) = watcher.tick("tell_spikes")
    assert title.startswith("SIMULATED DATA: IVE")


def test_a_later_event_of_the_same_artist_is_told_again(watcher: Watcher):
    give(watcher, series(5000))
    assert len(watcher.tick("tell_spikes")) == 1
    watcher.now = at(21, ago(-10))
    give(watcher, series(5000, *[1000] * 9, 6000, end=ago(-10)))
    write(watcher.settings.lake, EVENTS, [{"ingest_date": ago(-10), "source": "x"}])
    assert len(watcher.tick("tell_spikes")) == 1
    assert len(json.loads(watcher.cursors["tell_spikes"] or "")["told"]) == 2
