"""The health page, freshness of tables and the verdict."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import polars as pl
import pytest
from deltalake import DeltaTable

from app.notices import PageEnd
from app.queries.trust import data_health, intake
from app.queries.trust.data_health import Sentence
from app.snapshot import Snapshot
from kpop_assets.contracts import bronze, gold, pareto, plays, silver
from kpop_assets.contracts.registry import TABLES
from kpop_assets.settings import Settings
from kpop_assets_tests.app.conftest import OpenPage
from kpop_assets_tests.app.kit import DAY, days_ago, write_rows
from kpop_assets_tests.demo import END

WEEKLY = [table.path for table in TABLES if table.rhythm == "weekly"]
TODAY = dt.date(2026, 3, 11)


def write_all(home: Path, **newest: dt.date) -> Snapshot:
    """Every table with one row on DAY, or on the day given for its `layer_name`."""
    for table in TABLES:
        day = newest.get(table.path.replace("/", "_"), DAY)
        write_rows(home, table, [{"ingest_date": day}])
    return Snapshot(Settings(home=home))


def states(tables: pl.DataFrame) -> dict[str, str]:
    return dict(tables.select("table_name", "table_state").iter_rows())


def test_tables_are_described_by_their_log(tmp_path: Path):
    rows = [{"ingest_date": days_ago(2)}, {"ingest_date": days_ago(1)}, {"ingest_date": DAY}]
    write_rows(tmp_path, silver.VIDEO_DAILY, rows)
    write_rows(tmp_path, silver.VIDEO_DAILY, [{"ingest_date": DAY, "video_id": "b"}])
    described = data_health.describe_tables(Snapshot(Settings(home=tmp_path)), TODAY)
    assert described.get_column("table_name").to_list() == [table.path for table in TABLES]
    row = described.filter(pl.col("table_name") == "silver/video_daily").row(0, named=True)
    folder = tmp_path / "lake" / "silver" / "video_daily"
    assert row["row_count"] == 4
    assert (row["first_day"], row["newest_day"], row["age_days"]) == (days_ago(2), DAY, 1)
    assert row["table_version"] == 1
    assert row["written_by"].startswith("delta-rs 1.")
    assert row["table_bytes"] == sum(path.stat().st_size for path in folder.rglob("*.parquet"))
    assert abs(row["committed_at"] - dt.datetime.now(tz=dt.UTC)) < dt.timedelta(minutes=5)
    others = {n: state for n, state in states(described).items() if n != "retention/purges"}
    # Nobody took in plays or tracks.
    unfed = {n for n in WEEKLY if n.startswith("recommend/")}
    assert {others[name] for name in unfed} == {"occasional"}
    assert {state for n, state in others.items() if n not in unfed} == {"missing", "current"}
    assert states(described)["retention/purges"] == "occasional", "nothing was due yet"


def test_an_unreadable_table_is_a_row(tmp_path: Path):
    snapshot = write_all(tmp_path)
    log = tmp_path / "lake" / "gold" / "artist_features" / "_delta_log"
    next(log.glob("*.json")).write_text("no json")
    described = data_health.describe_tables(snapshot, TODAY)
    assert states(described)["gold/artist_features"] == "unreadable"
    assert data_health.assess(described)[0].key == "data_health.unreadable"


def test_removed_rows_leave_a_table_without_a_day(tmp_path: Path):
    snapshot = write_all(tmp_path)
    DeltaTable(str(tmp_path / "lake" / "gold" / "tier_cutoffs")).delete()
    described = data_health.describe_tables(snapshot, TODAY)
    assert states(described)["gold/tier_cutoffs"] == "empty"
    assert described.filter(pl.col("table_state") == "empty").item(0, "row_count") == 0


def test_all_is_well(tmp_path: Path):
    described = data_health.describe_tables(write_all(tmp_path), TODAY)
    assert data_health.assess(described) == [Sentence("data_health.good", True, {"day": DAY})]


@pytest.mark.parametrize(
    ("today", "keys"),
    [
        (DAY, ["data_health.good"]),
        (DAY + dt.timedelta(days=1), ["data_health.good"]),
        (DAY + dt.timedelta(days=2), ["data_health.old"]),
        (DAY - dt.timedelta(days=1), ["data_health.ahead"]),
    ],
)
def test_age_is_counted_to_today(tmp_path: Path, today: dt.date, keys: list[str]):
    found = data_health.assess(data_health.describe_tables(write_all(tmp_path), today))
    assert [finding.key for finding in found] == keys


def test_a_table_is_behind_the_day_that_was_taken_in(tmp_path: Path):
    snapshot = write_all(
        tmp_path, gold_artist_features=days_ago(3), silver_artist_daily=days_ago(1)
    )
    described = data_health.describe_tables(snapshot, TODAY)
    behind = [name for name, state in states(described).items() if state == "behind"]
    assert behind == ["silver/artist_daily", "gold/artist_features"]
    (finding,) = data_health.assess(described)
    values = {
        "tables": "silver/artist_daily, gold/artist_features",
        "start": days_ago(2),
        "day": DAY,
    }
    assert finding == Sentence("data_health.behind", values=values)


def test_a_missing_table_needs_all_days(tmp_path: Path):
    for age in (4, 0):
        for table in TABLES:
            if table is not gold.TIER_CUTOFFS:
                write_rows(tmp_path, table, [{"ingest_date": days_ago(age)}])
    (finding,) = data_health.assess(
        data_health.describe_tables(Snapshot(Settings(home=tmp_path)), TODAY)
    )
    assert finding.key == "data_health.behind"
    assert finding.values["start"] == days_ago(4)


@pytest.mark.parametrize(
    ("age", "keys"), [(9, ["data_health.good"]), (10, ["data_health.no_training"])]
)
def test_trainings_are_weekly(tmp_path: Path, age: int, keys: list[str]):
    newest = {name.replace("/", "_"): days_ago(age) for name in WEEKLY}
    described = data_health.describe_tables(write_all(tmp_path, **newest), TODAY)
    assert [finding.key for finding in data_health.assess(described)] == keys


@pytest.mark.parametrize(("age", "state"), [(60, "behind"), (61, "occasional")])
def test_forecasts_are_expected_while_a_champion_reigns(tmp_path: Path, age: int, state: str):
    newest = {"pareto_champion": days_ago(age), "pareto_next_viral": days_ago(1)}
    described = data_health.describe_tables(write_all(tmp_path, **newest), TODAY)
    assert states(described)["pareto/next_viral"] == state


def test_days_without_quarantine_are_no_fault(tmp_path: Path):
    newest = {"bronze_quarantine": days_ago(30), "bronze_videos": days_ago(2)}
    described = data_health.describe_tables(write_all(tmp_path, **newest), TODAY)
    assert states(described)["bronze/quarantine"] == "occasional"
    assert [finding.key for finding in data_health.assess(described)] == ["data_health.good"]


def test_who_takes_in_no_plays_and_no_tracks_lacks_no_recommender(tmp_path: Path):
    kinds = ("plays", "tracks", "exposures")
    for table in TABLES:
        is_of_listeners = table.layer in ("recommend", "rising_slot", "experiments")
        if not is_of_listeners and not any(kind in table.name for kind in kinds):
            write_rows(tmp_path, table, [{"ingest_date": DAY}])
    described = data_health.describe_tables(Snapshot(Settings(home=tmp_path)), TODAY)
    assert states(described)["recommend/trainings"] == "occasional"
    write_rows(tmp_path, plays.PLAYS, [{"ingest_date": DAY}])
    described = data_health.describe_tables(Snapshot(Settings(home=tmp_path)), TODAY)
    assert states(described)["recommend/trainings"] == "missing"


def test_without_a_training_its_tables_are_one_sentence(tmp_path: Path):
    for table in TABLES:
        if not table.awaits_training:
            write_rows(tmp_path, table, [{"ingest_date": DAY}])
    described = data_health.describe_tables(Snapshot(Settings(home=tmp_path)), TODAY)
    (finding,) = data_health.assess(described)
    assert finding.key == "data_health.no_training"
    assert pareto.NEXT_VIRAL.path in finding.values["tables"]


@pytest.mark.parametrize(
    ("info", "name"),
    [
        ("sail-delta-lake:0.7.2", "Sail 0.7.2"),
        ("delta-rs:py-1.6.6", "delta-rs 1.6.6"),
        ("Apache-Spark/4.1.1 Delta-Lake/4.1.0", "Apache Spark 4.1.1"),
        ("Something", "Something"),
        (None, None),
    ],
)
def test_writers_have_readable_names(info: str | None, name: str | None):
    assert data_health.readable_writer(info) == name


@pytest.mark.parametrize("lang", ["en", "ko"])
def test_page_without_data_says_what_to_do(tmp_path: Path, open_page: OpenPage, lang: str):
    page = open_page(tmp_path, "data_health", lang)
    assert "make demo" in page.warning[0].value
    assert len(page.dataframe[0].value) == len(TABLES)
    for tab in ("intake", "quarantine", "checks"):
        assert len(open_page(tmp_path, "data_health", lang, tab=tab).info) == 1


def test_page_of_a_full_lake(full_home: Path, full: Snapshot, open_page: OpenPage):
    page = open_page(full_home, "data_health")
    rows = page.dataframe[0].value
    assert len(rows) == len(TABLES)
    checked = open_page(full_home, "data_health", tab="checks").metric
    assert rows["newest_day"].max().date() == END
    features = full.read(gold.ARTIST_FEATURES).height
    assert rows.set_index("table_name").loc["gold/artist_features", "row_count"] == features
    assert [metric.value for metric in checked[1:4]] == ["0", "0", "0"]
    files = full.read(bronze.FILES)
    lines = files.select("event_count", "duplicate_count", "quarantine_count").sum_horizontal()
    assert lines.to_list() == files.get_column("line_count").to_list()


def test_quarantined_lines_stay_text(tmp_path: Path, open_page: OpenPage):
    write_rows(tmp_path, bronze.FILES, [{"ingest_date": DAY, "quarantine_count": 2}])
    hostile = "<img src=x onerror=alert(1)> [a](http://b) $x$"
    place = {"ingest_date": DAY, "reason": "broken_json", "line": hostile}
    lines = [{**place, "line_number": number} for number in (1, 2)]
    write_rows(tmp_path, bronze.QUARANTINE, lines)
    page = open_page(tmp_path, "data_health", "ko", tab="quarantine")
    reasons = next(
        f.value for f in page.dataframe if "quarantine_count" in f.value and "reason" in f.value
    )
    samples = next(frame.value for frame in page.dataframe if "line" in frame.value)
    assert reasons[["reason", "field", "quarantine_count"]].to_numpy().tolist() == [
        ["broken_json", "", 2]
    ]
    assert samples["line"].to_list() == [hostile, hostile]
    assert not any("onerror" in text.value for text in page.markdown)


def test_a_section_that_cannot_be_shown_leaves_the_others(tmp_path: Path, open_page: OpenPage):
    write_rows(tmp_path, bronze.EVENTS, [{"ingest_date": DAY, "source": "demo"}])
    page = open_page(tmp_path, "data_health", tab="intake")
    with pytest.raises(PageEnd):
        intake.count_lines(Snapshot(Settings(home=tmp_path)))
    assert page.warning, "the verdict stays"
    assert any("bronze" in info.value for info in page.info)
