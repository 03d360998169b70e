"""Comments under videos of the plan: read, landed without authors, missed when they are gone."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from pyspark.sql import SparkSession

from kpop_assets.cli import main as cli
from kpop_assets.contracts.audience_rules import COMMENT_TIME_PAGES
from kpop_assets.contracts.bronze import EVENTS, VIDEOS
from kpop_assets.contracts.lens_outliers import VIDEO_OUTLIERS
from kpop_assets.contracts.pareto import NEXT_VIRAL
from kpop_assets.contracts.reviews import REVIEW_LINES
from kpop_assets.days import day_end
from kpop_assets.lake.lake import Lake
from kpop_assets.landing.persons import person_ids
from kpop_assets.landing.usable import problem_of
from kpop_assets.landing.youtube.client import YouTubeClient
from kpop_assets.landing.youtube.comment_plan import pick_videos
from kpop_assets.landing.youtube.comment_report import CommentReport
from kpop_assets.landing.youtube.comment_store import SeenComments
from kpop_assets.landing.youtube.comments import CommentCollector, gone_comments
from kpop_assets.landing.youtube.schema import Database
from kpop_assets.net.errors import UnavailableError
from kpop_assets_tests.graph.kit import DAY, frame
from kpop_assets_tests.landing.youtube.kit import START, Bench, bench_on
from kpop_assets_tests.landing.youtube.server import KEY, Fault, World, make_world
from kpop_assets_tests.landing.youtube.world import FakeComment

HOUR, WEEK = dt.timedelta(hours=1), dt.timedelta(days=7)
WORDS = "좋아요 <b>&</b>\n두 줄"


def comments(world: World, video: int, count: int) -> list[FakeComment]:
    return [
        FakeComment(
            id=f"Ug{video}-{n:04}",
            video_id=world.videos[video].id,
            author_id=f"UCauthor{n:04}",
            text=f"{WORDS} {n}",
            published_at=START - n * HOUR,
            likes=n,
        )
        for n in range(count)
    ]


@pytest.fixture
def bench(tmp_path: Path) -> Iterator[Bench]:
    """Three videos: one with 3 comments, one with 350, one with none."""
    world = make_world(START - 30 * dt.timedelta(days=1), channels=1, videos_each=3)
    said = [*comments(world, 0, 3), *comments(world, 1, 350)]
    with bench_on(tmp_path, World(world.channels, world.videos, said)) as bench:
        yield bench


def ids_of(bench: Bench) -> list[str]:
    return [video.id for video in bench.server.world.videos]


def run(bench: Bench, *picked: str) -> CommentReport:
    client = YouTubeClient(KEY, bench.ledger, bench.server.endpoint, lambda seconds: None, seed=0)
    store, landing = bench.home / "collection.db", bench.home / "landing"
    return CommentCollector(client, store, landing, bench.clock).run(picked or ids_of(bench))


def landed(bench: Bench) -> list[dict]:
    paths = sorted((bench.home / "landing" / "reviews").rglob("*.json"))
    return [json.loads(line) for path in paths for line in path.read_text().splitlines()]


def change(bench: Bench, **changes: object) -> None:
    """Another world from now on."""
    old = bench.server.world
    parts = {"comments": old.comments, "closed": old.closed, **changes}
    bench.server.world = World(old.channels, old.videos, **parts)  # type: ignore[arg-type]


def test_comments_are_landed_as_reviews_whose_authors_nobody_knows(bench: Bench):
    first, *_ = ids_of(bench)
    report = run(bench, first)
    lines = landed(bench)
    ids = person_ids(bench.home / "landing", "reviews")
    assert [line["review_id"] for line in lines] == [f"Ug0-{n:04}" for n in (2, 1, 0)]
    assert lines[2] == {
        "review_id": "Ug0-0000",
        "source": "youtube",
        "subject_kind": "video",
        "subject": first,
        "author_id": ids.id_of("UCauthor0000"),
        "text": f"{WORDS} 0",
        "likes": 0,
        "created_at": int(START.timestamp() * 1000),
        "updated_at": int(START.timestamp() * 1000),
        "observed_at": int(START.timestamp() * 1000),
    }
    assert not any(problem_of(line, REVIEW_LINES) for line in lines)
    assert (report.picked, report.asked, report.found, report.gone) == (1, 1, 3, 0)
    everything = b"".join(p.read_bytes() for p in bench.home.rglob("*") if p.is_file())
    assert b"UCauthor" not in everything
    assert WORDS.split()[0].encode() not in (bench.home / "collection.db").read_bytes()


def test_pages_are_of_100_by_relevance_and_time_as_plain_text_and_each_comment_is_landed_once(
    bench: Bench,
):
    _, second, _ = ids_of(bench)
    report = run(bench, second)
    asked = [r.parameters for r in bench.server.requests]
    assert [one["order"] for one in asked] == [["relevance"], *[["time"]] * COMMENT_TIME_PAGES]
    assert {(*one["maxResults"], *one["textFormat"], *one["part"]) for one in asked} == {
        ("100", "plainText", "snippet")
    }
    ids = [line["review_id"] for line in landed(bench)]
    # The 100 with most likes are the oldest; the newest come by time.
    assert sorted(ids) == [f"Ug1-{n:04}" for n in (*range(200), *range(250, 350))]
    assert report.found == 300


def test_a_video_is_asked_for_once_a_round_and_closed_or_missing_ones_once_a_week(bench: Bench):
    first, second, third = ids_of(bench)
    change(bench, closed=frozenset({second}))
    report = run(bench, first, second, third, "gone0000000")
    assert (report.asked, report.disabled, report.missing, report.refused) == (4, 1, 1, [])
    assert run(bench, first, second, third, "gone0000000").asked == 0
    bench.now = START + 6 * HOUR
    assert run(bench, first, second, third, "gone0000000").asked == 2
    bench.now = START + WEEK
    assert run(bench, first, second, third, "gone0000000").asked == 4


def test_a_comment_that_the_list_no_longer_has_is_landed_as_gone_without_its_text(bench: Bench):
    first, *_ = ids_of(bench)
    run(bench, first)
    change(bench, comments=[c for c in bench.server.world.comments if c.id != "Ug0-0001"])
    bench.now = START + 6 * HOUR
    assert run(bench, first).gone == 1
    now = int(bench.now.timestamp() * 1000)
    [gone] = [line for line in landed(bench) if "deleted_at" in line]
    assert gone == {
        "review_id": "Ug0-0001",
        "source": "youtube",
        "subject_kind": "video",
        "subject": first,
        "created_at": int((START - HOUR).timestamp() * 1000),
        "deleted_at": now,
        "observed_at": now,
    }
    bench.now = START + 12 * HOUR
    assert run(bench, first).gone == 0


@pytest.mark.parametrize(
    ("known", "listed", "floor", "gone"),
    [
        ({"a": 5, "b": 3}, {"a": 5}, -1, ["b"]),
        ({"a": 5, "b": 3}, {"a": 5}, 4, []),
        ({"a": 5, "b": 3}, {"c": 9}, 4, ["a"]),
        ({f"c{n}": n for n in range(10)}, {}, -1, []),
        ({"a": 5}, {}, -1, ["a"]),
    ],
)
def test_what_lies_below_the_list_is_not_missed_nor_many_that_an_answer_lacks_at_once(
    known: dict, listed: dict, floor: int, gone: list
):
    assert gone_comments(known, listed, floor) == gone


def test_a_spent_quota_ends_the_run_and_whole_videos_are_landed(bench: Bench):
    first, second, _ = ids_of(bench)
    bench.server.limits["reads"] = 3
    report = run(bench, first, second)
    assert report.asked == 1
    assert report.stopped
    assert {line["subject"] for line in landed(bench)} == {first}
    bench.server.limits["reads"] = 10_000
    bench.now = START + 24 * HOUR
    assert run(bench, second).asked == 1


def test_a_failing_service_ends_the_run_after_landing_and_the_next_goes_on(bench: Bench):
    first, second, _ = ids_of(bench)
    bench.faults = {number: Fault("http_500") for number in range(3, 40)}
    with pytest.raises(UnavailableError):
        run(bench, first, second)
    assert {line["subject"] for line in landed(bench)} == {first}
    bench.faults = {}
    bench.now = START + HOUR
    assert run(bench, first, second).asked == 1


def test_what_was_seen_before_the_limit_is_forgotten(bench: Bench):
    run(bench)
    database = Database(bench.home / "collection.db")
    seen = SeenComments(database)
    first, *_ = ids_of(bench)
    assert len(seen.known(first)) == 3
    with database.transaction():
        seen.forget(int(START.timestamp() * 1000) + 1)
    assert seen.known(first) == {}
    assert seen.due([first], int(START.timestamp() * 1000)) == [first]
    database.close()


def test_the_plan_takes_in_turn_what_stands_out_what_is_new_and_what_drives_a_rise(
    lake: Lake, spark: SparkSession
):
    day = {"ingest_date": DAY}
    ids = [f"video-{n:05}" for n in range(8)]
    published = {"published_at": dt.datetime.combine(DAY, dt.time(), dt.UTC)}
    ibid = {**day, "artist": "IVE", "source": "youtube"}
    outlier = {**day, "artist": "IVE", "is_outlier": True, "is_above": True}
    rows = {
        EVENTS: [{**ibid, "video_id": one} for one in ids] + [{**day, "video_id": "demo-000000"}],
        VIDEO_OUTLIERS: [
            {**outlier, "video_id": ids[0], "outlier_score": 3.0},
            {**outlier, "video_id": ids[1], "outlier_score": 9.0},
            {**outlier, "video_id": ids[2], "is_above": False},
            {**outlier, "video_id": ids[3], "artist": "OTHER"},
            {**outlier, "video_id": "demo-000000", "outlier_score": 99.0},
        ],
        VIDEOS: [
            {**ibid, "video_id": ids[4], **published},
            {**ibid, "video_id": ids[5], "published_at": START - 400 * WEEK},
        ],
        NEXT_VIRAL: [
            {**day, "artist": name, "rise_rank": rank, "driving_video_id": driving}
            for name, rank, driving in (("A", 2, ids[6]), ("B", 1, ids[7]), ("C", 3, None))
        ],
    }
    assert pick_videos(lake, DAY) == []
    for table, cells in rows.items():
        lake.replace_range(table, DAY, day_end(DAY), frame(spark, table, *cells))
    assert pick_videos(lake, DAY) == [ids[n] for n in (1, 4, 7, 0, 6)]
    assert pick_videos(lake, DAY, most=2) == [ids[1], ids[4]]
    assert pick_videos(lake, DAY + WEEK) == []


def test_odd_items_of_an_answer_are_left_out_and_counted(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
):
    good = bench.server.answer
    odd = [None, "x", {}, {"id": "Ugodd"}, {"id": "Ugodd", "snippet": {"topLevelComment": None}}]

    def answer(*given: Any) -> dict:
        body = good(*given)
        return body | {"items": [*body["items"], *odd]}

    monkeypatch.setattr(bench.server, "answer", answer)
    report = run(bench, ids_of(bench)[0])
    assert (report.found, report.odd) == (3, 2 * len(odd))
    assert len(landed(bench)) == 3


def test_the_command_says_what_was_read_and_the_run_of_the_day_takes_it_in(
    bench: Bench, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
):
    monkeypatch.setenv("KPOP_HOME", str(bench.home))
    monkeypatch.setenv("KPOP_YOUTUBE_KEY", KEY)
    monkeypatch.setenv("KPOP_YOUTUBE_ENDPOINT", bench.server.endpoint)
    monkeypatch.setattr("sys.argv", ["kpop", "fetch", "--source", "comments"])
    with pytest.raises(SystemExit) as end:
        cli.main()
    assert not end.value.code
    said = capsys.readouterr().out
    assert "Comments from YouTube" in said and "nothing stands out yet" in said
    assert bench.server.requests == []
