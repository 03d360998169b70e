"""Notices of single videos: each outlier and each round number once, of acts alone."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest

from kpop_assets.contracts.bronze import EVENTS
from kpop_assets.contracts.lens_outliers import VIDEO_OUTLIERS
from kpop_assets.contracts.silver import VIDEO_DAILY
from kpop_assets_tests.wiring.kit import TODAY, Watcher, ago, at, watcher, write

# A fixture that tests name.
__all__ = ["watcher"]

OUTLIERS, MILESTONES = "tell_video_outliers", "tell_milestones"


def outlier(video_id: str = "a", days_ago: int = 0, **more: Any) -> dict[str, Any]:
    known = {"artist": "IVE", "outlier_score": 3.2, "reason": "engagement"}
    flags = {"is_outlier": True, "is_above": True}
    return {"ingest_date": ago(days_ago), "video_id": video_id, **known, **flags, **more}


def give_outliers(watcher: Watcher, *rows: dict[str, Any], source: str = "youtube") -> None:
    write(watcher.settings.lake, VIDEO_OUTLIERS, list(rows))
    give_titles(watcher, {row["video_id"] for row in rows}, source)


def give_titles(watcher: Watcher, videos: set[str], source: str = "youtube") -> None:
    said = [
        {"ingest_date": ago(n), "video_id": video, "text": f"title of {video}", "source": source}
        for video in sorted(videos)
        for n in range(5)
    ]
    write(watcher.settings.lake, EVENTS, said)


def give_views(watcher: Watcher, *views: int, artist: str = "IVE", end: dt.date = TODAY) -> None:
    """Views of a video on days up to `end`."""
    days = [end - dt.timedelta(days=n) for n in reversed(range(len(views)))]
    rows = [
        {"ingest_date": day, "video_id": "a", "artist": artist, "view_count": count}
        for day, count in zip(days, views, strict=True)
    ]
    write(watcher.settings.lake, VIDEO_DAILY, rows)
    give_titles(watcher, {"a"})


def test_a_video_that_comes_to_stand_out_is_told_once_with_its_title_and_reason(watcher: Watcher):
    assert watcher.tick(OUTLIERS) == []
    give_outliers(watcher, outlier())
    assert watcher.tick(OUTLIERS) == ["A video of IVE stands out"]
    body = watcher.web.bodies[-1]
    assert (body["kind"], body["artist"], body["day"]) == ("video_outlier", "IVE", "2026-11-20")
    assert body["text"] == (
        "A video of IVE stands out\n"
        "IVE, title of a: 3.2 sigmas on 2026-11-20, by its likes and comments"
    )
    give_outliers(watcher, outlier(outlier_score=5.0))
    assert watcher.tick(OUTLIERS) == []


@pytest.mark.parametrize(
    "other",
    [{"artist": "OTHER"}, {"is_outlier": False}, {"is_above": False}, {"ingest_date": ago(3)}],
)
def test_videos_of_no_act_those_that_fall_behind_and_old_days_are_no_news(
    watcher: Watcher, other: dict[str, Any]
):
    give_outliers(watcher, outlier() | other)
    assert watcher.tick(OUTLIERS) == []


def test_a_video_that_stood_out_in_the_week_before_has_not_come_to(watcher: Watcher):
    give_outliers(watcher, outlier(days_ago=7), outlier())
    assert watcher.tick(OUTLIERS) == []
    give_outliers(watcher, outlier(days_ago=8), outlier())
    assert len(watcher.tick(OUTLIERS)) == 1


def test_many_outliers_are_one_notice_that_names_the_farthest_out(watcher: Watcher):
    give_outliers(watcher, *(outlier(f"v{n:02}", outlier_score=2.5 + n) for n in range(25)))
    assert watcher.tick(OUTLIERS) == ["25 videos of acts stand out"]
    _, *lines = watcher.web.bodies[-1]["text"].splitlines()
    assert lines[0].startswith("IVE, title of v24: 26.5 sigmas") and lines[-1] == "and 5 more"


def test_a_video_of_simulated_data_says_so(watcher: Watcher):
    give_outliers(watcher, outlier(), source="demo")
    assert watcher.tick(OUTLIERS) == ["SIMULATED DATA: A video of IVE stands out"]
    assert "\nSIMULATED: IVE, title of a" in watcher.web.bodies[-1]["text"]


def test_a_round_number_is_told_once_and_the_next_one_again(watcher: Watcher):
    give_views(watcher, 900_000, 1_000_000)
    assert watcher.tick(MILESTONES) == ["A video of IVE passed 1,000,000 views"]
    said = "IVE, title of a: 1,000,000 views on 2026-11-20"
    assert watcher.web.bodies[-1]["text"].splitlines()[1:] == [said]
    give_views(watcher, 900_000, 1_100_000)
    assert watcher.tick(MILESTONES) == []
    watcher.now = at(21, ago(-1))
    give_views(watcher, 900_000, 1_100_000, 5_000_000, end=ago(-1))
    assert watcher.tick(MILESTONES) == ["A video of IVE passed 5,000,000 views"]


@pytest.mark.parametrize(
    ("views", "artist"),
    [
        ((1_200_000, 900_000, 1_100_000), "IVE"),
        ((1_000_000,), "IVE"),
        ((900_000, 1_000_000, 1_000_001, 1_000_002, 1_000_003), "IVE"),
        ((900_000, 1_000_000), "OTHER"),
    ],
)
def test_numbers_passed_before_first_sights_old_days_and_other_videos_are_no_news(
    watcher: Watcher, views: tuple[int, ...], artist: str
):
    give_views(watcher, *views, artist=artist)
    assert watcher.tick(MILESTONES) == []
