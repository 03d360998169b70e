"""What is told when people's word of an act falls below its band: once, of days that are over."""

from __future__ import annotations

from typing import Any

from kpop_assets.contracts.audience_scores import ACT_MOODS
from kpop_assets_tests.app.kit import write_rows
from kpop_assets_tests.wiring.kit import Watcher, ago, at
from kpop_assets_tests.wiring.kit import watcher as watcher

SENSOR = "tell_fallen_moods"


def mood(days: int, artist: str, net: float, **more: Any) -> dict[str, Any]:
    return {
        **{"ingest_date": ago(days), "artist": artist, "review_count": 60, "weight_sum": 58.0},
        **{"net_sentiment": net, "usual_net_sentiment": 0.6, "band_low": 0.3, "band_high": 0.9},
        "is_below_band": net < 0.3,
        **more,
    }


def test_an_act_that_falls_is_told_once_and_again_after_it_was_back(watcher: Watcher):
    home = watcher.settings.home
    assert watcher.tick(SENSOR) == []
    write_rows(home, ACT_MOODS, [mood(1, "IVE", -0.2), mood(1, "aespa", 0.5)])
    assert watcher.tick(SENSOR) == ["What people say of IVE fell below the usual"]
    body = watcher.web.bodies[-1]
    assert body["artist"] == "IVE"
    assert "net sentiment -0.20" in body["text"] and "+0.30 to +0.90" in body["text"]
    assert watcher.tick(SENSOR) == []
    write_rows(home, ACT_MOODS, [mood(0, "IVE", 0.6)])
    watcher.now = at(9, ago(-1))
    assert watcher.tick(SENSOR) == []
    write_rows(home, ACT_MOODS, [mood(-1, "IVE", -0.5)])
    watcher.now = at(9, ago(-2))
    assert len(watcher.tick(SENSOR)) == 1


def test_a_day_that_is_not_over_and_one_of_long_ago_are_no_news(watcher: Watcher):
    home = watcher.settings.home
    write_rows(home, ACT_MOODS, [mood(0, "IVE", -0.2), mood(5, "aespa", -0.2)])
    assert watcher.tick(SENSOR) == []


def test_several_acts_are_one_notice_and_simulated_ones_say_so(watcher: Watcher):
    home = watcher.settings.home
    rows = [mood(1, "IVE", 0.1), mood(1, "aespa", -0.9, is_simulated=True)]
    write_rows(home, ACT_MOODS, rows)
    said = "SIMULATED DATA: What people say of 2 acts fell below the usual"
    assert watcher.tick(SENSOR) == [said]
    text = watcher.web.bodies[-1]["text"]
    assert 0 < text.index("aespa: ") < text.index("IVE: ")
