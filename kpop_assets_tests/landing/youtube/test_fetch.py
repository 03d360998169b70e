"""`kpop fetch` and the landing asset: what is printed, landed and said where it cannot work."""

from __future__ import annotations

import datetime as dt
import logging
import re
from collections.abc import Iterator
from pathlib import Path

import dagster as dg
import pytest

from kpop_assets.catalog.catalog import load_catalog
from kpop_assets.cli import main as cli
from kpop_assets.contracts.bronze import EVENTS
from kpop_assets.days import day_end, seoul_now
from kpop_assets.definitions import build_defs
from kpop_assets.lake.lake import Lake
from kpop_assets.landing.youtube.fetch import fetch, seen_in_bronze
from kpop_assets.landing.youtube.request import Ask, Scope, catalog_scope
from kpop_assets.landing.youtube.schema import collecting_alone
from kpop_assets.net.caller import RetryRule
from kpop_assets.net.ledger import utc_now
from kpop_assets.settings import load_settings
from kpop_assets_tests.graph.kit import frame
from kpop_assets_tests.landing.youtube.kit import Bench, bench_on
from kpop_assets_tests.landing.youtube.server import KEY, make_world

COMMAND = (
    "fetch --query NewJeans --max-items 50 --reservoir-k 64 --region-code KR "
    "--relevance-language ko"
)


@pytest.fixture
def bench(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Bench]:
    """A YouTube of today, named by the environment as a user would."""
    now = utc_now().replace(microsecond=0)
    with bench_on(tmp_path / "home", make_world(now, channels=2, videos_each=70)) as bench:
        bench.now = now
        monkeypatch.setenv("KPOP_HOME", str(bench.home))
        monkeypatch.setenv("KPOP_YOUTUBE_KEY", KEY)
        monkeypatch.setenv("KPOP_YOUTUBE_ENDPOINT", bench.server.endpoint)
        yield bench


def kpop(monkeypatch: pytest.MonkeyPatch, command: str) -> object:
    """Exit code of a command, or the line it ends with."""
    monkeypatch.setattr("sys.argv", ["kpop", *command.split()])
    with pytest.raises(SystemExit) as end:
        cli.main()
    return end.value.code


def test_a_query_is_fetched_sampled_and_landed(
    bench: Bench, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
):
    command = "fetch --query Artist --query 001 --max-items 60 --reservoir-k 20"
    assert kpop(monkeypatch, command) == 0
    printed = capsys.readouterr().out
    searches = [r.parameters["q"] for r in bench.server.requests if r.bucket == "search"]
    assert searches == [["Artist"], ["Artist"], ["001"], ["001"]]
    assert 20 <= len(bench.records()) <= 40
    (file,) = bench.files()
    for word in (r"calls, search +4 +46", r"new videos +\d+", re.escape(str(file)), "kpop run"):
        assert re.search(word, printed), word


def test_the_whole_plan_collects_channels_of_the_catalogue(
    bench: Bench, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
):
    assert kpop(monkeypatch, "fetch") == 0
    printed = capsys.readouterr().out
    scope = catalog_scope(load_catalog())
    asked = {
        channel
        for r in bench.server.requests
        if "/channels" in r.target
        for channel in r.parameters["id"][0].split(",")
    }
    assert asked == set(scope.channels)
    assert re.search(r"left out: search pages +1,\d\d\d", printed)
    assert "does not fit into today's quota" in printed


def test_a_stop_by_quota_is_no_error_and_says_until_when(
    bench: Bench, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
):
    for bucket in ("search", "reads"):
        bench.server.limits[bucket] = 0
    assert kpop(monkeypatch, COMMAND) == 0
    assert re.search(r"quota is spent until \d{4}-\d\d-\d\d \d\d:\d\d UTC", capsys.readouterr().out)


@pytest.mark.parametrize("key", ["", "AIza-another-key-that-is-not-good"])
def test_a_key_that_does_not_work_is_one_line_and_exit_code_1(
    key: str, bench: Bench, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
):
    monkeypatch.setenv("KPOP_YOUTUBE_KEY", key)
    line = kpop(monkeypatch, COMMAND)
    assert isinstance(line, str), "sys.exit of a text prints it and gives 1"
    assert line.startswith("kpop: ")
    assert "\n" not in line
    assert not key or key not in line + capsys.readouterr().out


def test_a_second_collection_at_once_is_one_line(bench: Bench, monkeypatch: pytest.MonkeyPatch):
    with collecting_alone(bench.home / "collection.db"):
        line = kpop(monkeypatch, COMMAND)
    assert "a collection is running" in str(line)
    assert bench.server.requests == []


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (["--query", "  "], "--query is blank"),
        (["--query", "x", "--region-code", "KOR"], "KOR: a country"),
        (["--query", "x", "--relevance-language", "korean"], "korean: a language"),
        (["--query", "x", "--max-items", "5001"], 2),
    ],
)
def test_what_cannot_be_asked_for_is_said_before_anything_is_paid(
    bench: Bench, monkeypatch: pytest.MonkeyPatch, options: list[str], said: str | int
):
    monkeypatch.setattr("sys.argv", ["kpop", "fetch", *options])
    with pytest.raises(SystemExit) as end:
        cli.main()
    assert end.value.code == said or str(said) in str(end.value.code)
    assert bench.server.requests == []
    assert not (bench.home / "collection.db").exists()


def test_fetches_that_reach_nothing_stop_spending(bench: Bench, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("KPOP_YOUTUBE_ENDPOINT", "http://127.0.0.1:9/")
    monkeypatch.setattr("kpop_assets.landing.youtube.client.RETRY", RetryRule(first_pause=0.0))
    spent = []
    for _ in range(5):
        assert "YouTube" in str(kpop(monkeypatch, COMMAND))
        spent.append(sum(units for _, _, units in bench.ledger.spent()))
    assert spent == [5, 10, 15, 15, 15]


def test_the_key_is_in_no_file_log_or_output(
    bench: Bench,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    caplog: pytest.LogCaptureFixture,
):
    caplog.set_level(logging.DEBUG)
    assert kpop(monkeypatch, "fetch --query Artist") == 0
    found = b"".join(p.read_bytes() for p in bench.home.rglob("*") if p.is_file())
    shown = capsys.readouterr()
    assert KEY.encode() not in found
    assert KEY not in shown.out + shown.err + caplog.text
    assert all(KEY not in request.target for request in bench.server.requests)


def run_landing(days: tuple[dt.date, dt.date], lake: Lake) -> dict:
    settings = load_settings()
    defs = build_defs({"settings": settings, "lake": lake})
    job = defs.resolve_implicit_global_asset_job_def()
    with dg.DagsterInstance.ephemeral() as instance:
        result = job.execute_in_process(
            instance=instance,
            asset_selection=[dg.AssetKey(["landing", "events"])],
            run_config={"ops": {"landing__events": {"config": {"source": "youtube"}}}},
            tags={
                "dagster/asset_partition_range_start": days[0].isoformat(),
                "dagster/asset_partition_range_end": days[1].isoformat(),
            },
        )
    event = result.get_asset_materialization_events()[-1]
    return {key: value.value for key, value in event.materialization.metadata.items()}


def test_the_landing_asset_collects_today_and_reports_it(bench: Bench, lake: Lake):
    today = seoul_now().date()
    metadata = run_landing((today - dt.timedelta(days=1), today), lake)
    assert metadata["file_count"] == len(bench.files())
    assert metadata["is_simulated"] is False
    assert metadata["calls_reads"] == bench.server.calls_by_bucket()["reads"]
    assert metadata["calls_search"] > 0
    assert KEY not in str(metadata)


def test_another_day_of_the_landing_asset_only_reports_its_files(bench: Bench, lake: Lake):
    day = seoul_now().date() - dt.timedelta(days=3)
    metadata = run_landing((day, day), lake)
    assert metadata["file_count"] == 0
    assert "calls_reads" not in metadata
    assert bench.server.requests == []


def test_bronze_tells_what_was_seen_of_youtube(lake: Lake):
    day = dt.date(2025, 11, 8)
    at = dt.datetime(2025, 11, 8, 3, tzinfo=dt.UTC)
    rows = [
        {"ingest_date": day, "video_id": video_id, "source": source, "observed_at": seen_at}
        for video_id, source, seen_at in (
            ("a" * 11, "youtube", at),
            ("a" * 11, "youtube", at + dt.timedelta(hours=1)),
            ("b" * 11, "demo", at),
            ("c" * 22, "youtube_trending", at),
            ("d" * 11, "youtube_popular_kr", at),
            ("e" * 11, "youtube", at - dt.timedelta(hours=2)),
        )
    ]
    since_ms = int((at - dt.timedelta(hours=1)).timestamp() * 1000)
    assert list(seen_in_bronze(lake, since_ms)) == []
    lake.replace_range(EVENTS, day, day_end(day), frame(lake.spark, EVENTS, *rows))
    seen = [(r["video_id"][0], r["observed_at"]) for r in seen_in_bronze(lake, since_ms)]
    first = int(at.timestamp() * 1000)
    assert sorted(seen) == [("a", first + 3_600_000), ("d", first)]


def test_bronze_of_an_earlier_collection_is_refreshed(bench: Bench, lake: Lake):
    settings = load_settings()
    video = bench.server.world.videos[0]
    day = seoul_now(bench.now).date()
    row = {
        "ingest_date": day,
        "video_id": video.id,
        "source": "youtube",
        "text": video.title,
        "observed_at": bench.now - dt.timedelta(hours=2),
        "published_at": video.published_at,
    }
    home_lake = Lake(settings.lake, lambda: lake.spark)
    home_lake.replace_range(EVENTS, day, day_end(day), frame(lake.spark, EVENTS, row))
    report = fetch(settings, Ask(), Scope(), lambda: bench.now)
    (record,) = bench.records()
    assert (report.refreshed, record["text"]) == (1, video.title)
    assert record["view_count"] == video.counts(bench.now)["viewCount"]


def test_the_catalogues_rookies_without_a_channel_are_searched_for_first():
    scope = catalog_scope(load_catalog())
    acts = list(load_catalog())
    assert len(scope.channels) == len({c for act in acts for c in act.channels})
    youngest = max(act.debut_year or 0 for act in acts if not act.channels)
    first = scope.queries[0].removesuffix(" kpop")
    (act,) = [act for act in acts if act.artist == first]
    assert (act.debut_year, act.channels) == (youngest, ())
