"""A simulated week of collecting: calls against ceilings, videos refreshed, new ones found.

Belongs here: the clock, the rounds, the figures and their printing. Does not belong here: faults
(drills/faults.py) or the server (kpop_assets_tests/landing/youtube). All data is invented.

    python -m bench.week [--artists 60] [--videos 20000] [--days 7]
"""

from __future__ import annotations

import argparse
import datetime as dt
import math
import statistics
import tempfile
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path

from drills.faults import Clock, as_record, landed_records, over_quota
from kpop_assets.days import SEOUL
from kpop_assets.landing.youtube.client import YouTubeClient
from kpop_assets.landing.youtube.collector import Collector
from kpop_assets.landing.youtube.quota import LIMITS, Quota, open_ledger
from kpop_assets.landing.youtube.request import ROUND_HOURS, Ask, Scope
from kpop_assets_tests.landing.youtube.server import KEY, FakeVideo, FakeYouTube, World, make_world

FIRST_DAY = dt.date(2026, 3, 2)
# Part of the artists whose channel the catalogue knows; the others are found by search alone.
WITH_CHANNEL = 0.8
_PAGE = 50


@dataclass
class Week:
    """What a simulated week came to.

    Attributes:
        calls: by Pacific day and bucket, as the server counted them.
        refreshed: videos seen on a Seoul day of those known when it began, and how many these are.
        delays_hours: from publishing to the first record, of videos published in the week.
        unseen: videos published before the last round and never seen, by way of finding.
        over_quota: calls over a ceiling.
        search_only: search calls a day that only searching would take, by purpose.
        rounds: rounds run.
    """

    calls: dict[tuple[dt.date, str], int] = field(default_factory=dict)
    refreshed: dict[dt.date, tuple[int, int]] = field(default_factory=dict)
    delays_hours: dict[str, list[float]] = field(default_factory=dict)
    unseen: Counter[str] = field(default_factory=Counter)
    over_quota: int = 0
    search_only: dict[str, float] = field(default_factory=dict)
    rounds: int = 0


def simulate_week(home: Path, artists: int = 60, videos: int = 20_000, days: int = 7) -> Week:
    """Collect twice a day; what was published before the week is known when it begins."""
    rounds = [
        dt.datetime.combine(FIRST_DAY + dt.timedelta(days=i), dt.time(hour), tzinfo=SEOUL)
        for i in range(days)
        for hour in ROUND_HOURS
    ]
    world = make_world(rounds[-1], artists, videos // artists, seed=6)
    clock, begin = Clock(rounds[0]), rounds[0] - dt.timedelta(hours=9)
    known = [video for video in world.videos if video.published_at < begin]
    scope = Scope(
        tuple(c.id for c in world.channels[: int(artists * WITH_CHANNEL)]),
        tuple(c.title for c in reversed(world.channels)),
    )
    seen = [as_record(video, begin) for video in known]
    ledger = open_ledger(home / "collection.db", now=clock)
    with FakeYouTube(world, clock) as server:
        for at in rounds:
            clock.now = at
            client = YouTubeClient(KEY, ledger, server.endpoint, seed=0)
            store, landing = home / "collection.db", home / "landing"
            Collector(client, ledger, store, landing, scope, lambda ms: seen, clock).run(Ask())
        week = Week(dict(server.calls), over_quota=over_quota(server, ledger), rounds=len(rounds))
    _account(week, world, known, scope, landed_records(home), rounds)
    return week


def _account(
    week: Week,
    world: World,
    known: list[FakeVideo],
    scope: Scope,
    records: list[dict],
    rounds: list[dt.datetime],
) -> None:
    """Hold what was landed against the world's truth."""
    first = {video.id: math.inf for video in world.videos}
    seen_on: dict[dt.date, set[str]] = {}
    for record in records:
        at = record["observed_at"] / 1000
        first[record["video_id"]] = min(first[record["video_id"]], at)
        day = dt.datetime.fromtimestamp(at, SEOUL).date()
        seen_on.setdefault(day, set()).add(record["video_id"])
    old = {video.id for video in known}
    for day in sorted({at.date() for at in rounds}):
        began = dt.datetime.combine(day, dt.time(), tzinfo=SEOUL).timestamp()
        standing = old | {video_id for video_id, at in first.items() if at < began}
        week.refreshed[day] = (len(standing & seen_on.get(day, set())), len(standing))
    for video in world.videos:
        if video.id in old or video.published_at > rounds[-1]:
            continue
        way = "by uploads" if video.channel_id in scope.channels else "by search"
        if math.isinf(first[video.id]):
            week.unseen[way] += 1
        else:
            delay = (first[video.id] - video.published_at.timestamp()) / 3600
            week.delays_hours.setdefault(way, []).append(delay)
    week.search_only = _search_only(world, len(rounds) / len(week.refreshed))


def _search_only(world: World, rounds_a_day: float) -> dict[str, float]:
    """Pages of search a day: a look at each artist each round, or at all of its videos."""
    sizes = [len(world.uploads[channel.uploads]) for channel in world.channels]
    return {
        "to look for new videos of each artist": len(sizes) * rounds_a_day,
        "to come by every video, for its statistics": sum(math.ceil(size / _PAGE) for size in sizes)
        * rounds_a_day,
    }


def print_week(week: Week) -> None:
    """The figures as text."""
    print(f"{week.rounds} rounds; all data is invented\n")
    print(f"{'Pacific day':12}" + "".join(f"{bucket:>14}" for bucket in Quota))
    for day in sorted({day for day, _ in week.calls}):
        print(f"{day!s:12}" + "".join(f"{week.calls.get((day, b), 0):>14,}" for b in Quota))
    print(f"{'ceiling':12}" + "".join(f"{limit // 2:>14,}" for limit in LIMITS.values()))
    print(f"calls over a ceiling: {week.over_quota}\n")
    for day, (seen, standing) in week.refreshed.items():
        print(f"{day}: {seen:,} of {standing:,} known videos refreshed ({seen / standing:.2%})")
    print()
    for way, delays in sorted(week.delays_hours.items()):
        share = (
            statistics.quantiles(delays, n=10, method="inclusive")[-1]
            if len(delays) > 1
            else delays[0]
        )
        print(
            f"new videos found {way}: {len(delays):,}, after {statistics.median(delays):.1f} h at "
            f"the median, {share:.1f} h for nine of ten, {max(delays):.1f} h at most; "
            f"not found yet: {week.unseen[way]:,}"
        )
    limit = LIMITS[Quota.SEARCH]
    print("\na collector that only searches, search calls a day (by arithmetic):")
    for purpose, calls in week.search_only.items():
        print(f"  {calls:,.0f} {purpose}: {calls / limit:.1f} times the whole limit of {limit}")


def main() -> None:
    """Run the week; exit code 1 where a call went over a ceiling."""
    parser = argparse.ArgumentParser(prog="python -m bench.week", description=__doc__)
    parser.add_argument("--artists", type=int, default=60)
    parser.add_argument("--videos", type=int, default=20_000)
    parser.add_argument("--days", type=int, default=7)
    args = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="kpop-week-") as name:
        week = simulate_week(Path(name), args.artists, args.videos, args.days)
    print_week(week)
    raise SystemExit(1 if week.over_quota else 0)


if __name__ == "__main__":
    main()
