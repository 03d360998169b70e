"""New videos and releases: literal cases, and a plain second implementation on random videos."""

from __future__ import annotations

import datetime as dt
import math
import subprocess
import sys
from typing import Any

from hypothesis import given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from kpop_assets.catalog.catalog import OTHER
from kpop_assets.contracts import rules
from kpop_assets.insights import releases
from kpop_assets.insights.releases import find_new_videos, find_releases
from kpop_assets_tests.insights.kit import DAY, frame, on, video

Rows = list[dict[str, Any]]


def instant(day: dt.date) -> dt.datetime:
    return dt.datetime.combine(day, dt.time(), dt.UTC)


def plain_views(own: Rows, collected: list[dt.date]) -> tuple[int, bool] | None:
    """Views of the first 7 days and whether they are complete, walking from day to day."""
    first = own[0]
    launched, seen = first["published_at"], first["ingest_date"]
    begin = launched or instant(seen)
    until = begin + dt.timedelta(days=7)
    after = [day for day in collected if 6 <= (day - seen).days <= 13]
    due = min(after, default=None)
    views, before = 0.0, begin
    for row in own:
        at = row["observed_at"] if launched else instant(row["ingest_date"]) + dt.timedelta(days=1)
        if launched is None and row["ingest_date"] > (due or collected[-1]):
            break
        if at >= until + dt.timedelta(days=7):
            break
        if at > until:
            views += row["views_gained"] * max((until - before) / (at - before), 0)
        else:
            views += row["views_gained"]
        before = max(before, at)
        if launched and at >= until:
            return round_half_away(views), True
    if launched is None and due:
        return round_half_away(views), True
    begun = max(seen, (begin + dt.timedelta(hours=9)).date() if launched else seen)
    return None if (collected[-1] - begun).days > 13 else (round_half_away(views), False)


def round_half_away(value: float) -> int:
    return int(math.copysign(math.floor(abs(value) + 0.5), value))


def plain_new_videos(rows: Rows) -> Rows:
    """What `find_new_videos` says, one video at a time."""
    collected = sorted({r["ingest_date"] for r in rows})
    chart_days = [r["ingest_date"] for r in rows if r["published_at"] is None]
    found = []
    for video_id in {r["video_id"] for r in rows}:
        own = sorted((r for r in rows if r["video_id"] == video_id), key=lambda r: r["ingest_date"])
        first = own[0]
        launched = first["published_at"]
        if launched is None:
            is_new = first["ingest_date"] > min(chart_days)
        else:
            is_new = first["observed_at"] - launched <= dt.timedelta(days=2)
        counted = plain_views(own, collected)
        if not is_new or first["artist"] == OTHER or counted is None:
            continue
        begun = (launched + dt.timedelta(hours=9)).date() if launched else first["ingest_date"]
        found.append(
            {
                "artist": first["artist"],
                "video_id": video_id,
                "first_seen_date": max(first["ingest_date"], begun),
                "launched_at": launched,
                "views_first_7d": counted[0],
                "is_complete": counted[1],
            }
        )
    return sorted(found, key=lambda v: (v["artist"], v["first_seen_date"], v["video_id"]))


def is_big(new: dict[str, Any], videos: Rows) -> bool:
    if new["launched_at"] is None:
        return True
    judged = sorted(
        v["views_first_7d"]
        for v in videos
        if v["artist"] == new["artist"] and v["is_complete"] and v["launched_at"] is not None
    )
    if not judged:
        return False
    threshold = judged[math.ceil(0.95 * (len(judged) - 1))]
    return new["views_first_7d"] >= max(threshold, 1)


def plain_releases(rows: Rows) -> Rows:
    """What `find_releases` says, walking through each artist's big videos."""
    videos = plain_new_videos(rows)
    groups: list[Rows] = []
    for big in (v for v in videos if is_big(v, videos)):
        previous = groups[-1][-1] if groups else None
        if (
            previous
            and previous["artist"] == big["artist"]
            and (big["first_seen_date"] - previous["first_seen_date"]).days < 14
        ):
            groups[-1].append(big)
        else:
            groups.append([big])
    tops = [(min(g, key=lambda v: -v["views_first_7d"]), len(g)) for g in groups]
    return [
        {
            "artist": top["artist"],
            "release_date": top["first_seen_date"],
            "video_count": count,
            "top_video_id": top["video_id"],
            "views_first_7d": top["views_first_7d"],
        }
        for top, count in tops
    ]


def test_views_are_those_of_seven_days_after_the_launch():
    """Launched at 06:00, seen at 18:00: the end lies half way between two observations."""
    rows = frame(video("a", "IVE", {0: 10, 3: 5, 6: 2, 7: 100, 8: 1000}))
    (new,) = find_new_videos(rows).to_dicts()
    assert (new["first_seen_date"], new["views_first_7d"], new["is_complete"]) == (DAY, 67, True)


def test_a_video_is_complete_once_it_is_seen_after_its_first_days():
    rows = frame(
        video("a", "IVE", {1: 10, 8: 1}),
        video("b", "IVE", {2: 10}),
        video("c", "BTS", {8: 1}),
    )
    complete = dict(find_new_videos(rows).select("video_id", "is_complete").rows())
    assert complete == {"a": True, "b": False, "c": False}
    late = frame(video("a", "IVE", {1: 10}), video("c", "BTS", {15: 1}))
    assert find_new_videos(late)["video_id"].to_list() == ["c"]


def test_an_announced_premiere_begins_with_its_launch():
    gains = {0: 0, 4: 0, 5: 50, **dict.fromkeys(range(6, 15), 100)}
    (new,) = find_new_videos(frame(video("a", "IVE", gains, hours_old=12 - 5 * 24))).to_dicts()
    assert (new["first_seen_date"], new["views_first_7d"]) == (on(5), 700)


def test_old_videos_and_those_of_no_artist_are_not_new():
    rows = frame(
        video("just", "IVE", {0: 1}, hours_old=48),
        video("old", "IVE", {0: 1}, hours_old=48.1),
        video("none", OTHER, {0: 1}),
    )
    assert find_new_videos(rows)["video_id"].to_list() == ["just"]


def test_a_track_of_a_chart_is_new_at_first_sight_except_on_the_first_day_of_the_chart():
    rows = frame(
        video("stood", "IVE", {1: 0, 2: 50}, hours_old=None),
        video("came", "IVE", {2: 0, 3: 70}, hours_old=None),
        video("video", "IVE", {0: 5}),
    )
    new = find_new_videos(rows).select("video_id", "views_first_7d").rows()
    assert new == [("video", 5), ("came", 70)]


def test_a_release_is_dated_by_its_top_video_and_the_small_ones_do_not_count():
    small = [video(f"s{n:02}", "IVE", {n: 3, n + 7: 0}) for n in range(38)]
    teaser, big = video("teaser", "IVE", {20: 80, 27: 0}), video("mv", "IVE", {27: 900, 34: 0})
    rows = frame(*small, teaser, big)
    assert find_releases(rows).rows() == [("IVE", on(27), 2, "mv", 900)]


def test_big_videos_14_days_apart_are_two_releases():
    near = frame(*(video(f"t{d}", "IVE", {d: 0}, hours_old=None) for d in (0, 1, 14, 27)))
    assert find_releases(near)["video_count"].to_list() == [3]
    collected = video("old", OTHER, dict.fromkeys(range(20), 0), hours_old=9000)
    far = frame(collected, *(video(f"t{d}", "IVE", {d: 0}, hours_old=None) for d in (0, 1, 15)))
    assert find_releases(far)["release_date"].to_list() == [on(1), on(15)]


def test_a_young_video_is_a_release_as_soon_as_it_has_the_views():
    rows = frame(video("a", "IVE", {0: 100, 7: 0}), video("b", "IVE", {30: 100}))
    assert find_releases(rows)["release_date"].to_list() == [on(0), on(30)]
    rows = frame(video("a", "IVE", {0: 100, 7: 0}), video("b", "IVE", {30: 99}))
    assert find_releases(rows)["release_date"].to_list() == [on(0)]


def test_videos_that_gain_nothing_and_artists_not_to_be_judged_have_no_release():
    assert find_releases(frame(video("a", "IVE", {0: 0, 9: 0}))).is_empty()
    assert find_releases(frame(video("a", "IVE", {0: 10}))).is_empty()


def test_no_videos_have_no_releases():
    assert find_new_videos(frame()).is_empty()
    assert find_releases(frame()).is_empty()


videos = st.lists(
    st.tuples(
        st.sampled_from(["IVE", "BTS", OTHER]),
        st.dictionaries(st.integers(0, 40), st.integers(-5, 60), min_size=1, max_size=5),
        st.sampled_from([None, -100.0, 1.0, 47.9, 48.0, 49.0]),
    ),
    max_size=30,
)


@given(videos)
@hypothesis_settings(max_examples=60, deadline=None)
def test_a_plain_implementation_agrees(drawn):
    table = frame(
        *(video(f"v{n:02}", artist, gains, age) for n, (artist, gains, age) in enumerate(drawn))
    )
    assert find_new_videos(table).to_dicts() == plain_new_videos(table.to_dicts())
    assert find_releases(table).to_dicts() == plain_releases(table.to_dicts())
    shuffled = table.sample(fraction=1.0, shuffle=True, seed=1)
    assert find_releases(shuffled).equals(find_releases(table))


def test_new_means_the_same_as_in_silver():
    assert dt.timedelta(days=rules.FIRST_SEEN_DAYS) == releases.NEW_VIDEO_AGE


def test_insights_bring_no_engine_and_no_dagster_along():
    names = ("breakouts", "rookies", "content_strategy", "releases", "benchmark", "release_timing")
    imports = "; ".join(f"import kpop_assets.insights.{name}" for name in names)
    foreign = "{'pyspark', 'dagster', 'streamlit', 'deltalake'} & set(sys.modules)"
    code = f"import sys; {imports}; sys.exit(str({foreign}) if {foreign} else 0)"
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert run.returncode == 0, run.stderr
