"""Each check finds what it is there for: tables are written wrong on purpose."""

from __future__ import annotations

import datetime as dt
from typing import Any

import dagster as dg
import pyarrow as pa
import pytest
from deltalake import write_deltalake

from kpop_assets.bronze.checks import accounting_of
from kpop_assets.contracts import rules
from kpop_assets.contracts.bronze import EVENTS, FILES, QUARANTINE
from kpop_assets.contracts.events import EVENT_LINES
from kpop_assets.contracts.gold import ARTIST_FEATURES, TIER_CUTOFFS
from kpop_assets.contracts.silver import ARTIST_DAILY, ARTIST_WINDOWS, VIDEO_DAILY
from kpop_assets.contracts.table import INGEST_DATE, Column, Table
from kpop_assets.days import day_end
from kpop_assets.gold.checks import features_hold, tiers_match_cutoffs
from kpop_assets.graph import checks
from kpop_assets.lake.errors import OlderTableError
from kpop_assets.lake.lake import Lake
from kpop_assets.silver.checks import events_add_up, windows_add_up
from kpop_assets_tests.graph.kit import DAY, frame

END = day_end(DAY)
NEXT = END.isoformat()


def write(lake: Lake, table: Table, *rows: dict[str, Any]) -> None:
    """Replace two days of a table."""
    lake.replace_range(table, DAY, day_end(END), frame(lake.spark, table, *rows))


def contract(lake: Lake, table: Table) -> dict[str, dg.AssetCheckResult]:
    found = checks.check_contract(lake, table, DAY, day_end(END))
    return {result.check_name or "": result for result in found}


def figures(result: dg.AssetCheckResult) -> dict[str, Any]:
    return {key: value.value for key, value in result.metadata.items()}


def events(n: int, day: dt.date = DAY) -> list[dict[str, Any]]:
    return [{"video_id": f"v{i}", "ingest_date": day} for i in range(n)]


def test_a_table_that_keeps_its_contract_passes_everything(lake: Lake):
    write(lake, EVENTS, *events(3))
    assert all(result.passed for result in contract(lake, EVENTS).values())


def test_a_table_of_more_columns_than_delta_notes_is_checked_as_well(lake: Lake):
    columns = [Column(f"n{number}_count", "long", "A number.") for number in range(40)]
    wide = Table("test", "wide", "A row.", ("ingest_date",), (INGEST_DATE, *columns))
    write(lake, wide, {"ingest_date": DAY})
    found = contract(lake, wide)
    assert all(result.passed for result in found.values())
    nulls = checks.count_nulls(lake, wide, DAY, END)
    assert nulls == dict.fromkeys((column.name for column in columns), 0)


def test_a_column_of_another_type_and_an_unknown_one_are_differences(lake: Lake):
    rows = pa.table(
        {
            "ingest_date": pa.array([DAY], pa.date32()),
            "landing_file": ["a"],
            "size_bytes": pa.array([1], pa.int32()),
            "extra": ["x"],
        }
    )
    write_deltalake(str(lake.location(FILES)), rows, partition_by=["ingest_date"])
    result = checks.result(FILES, "schema", not checks.schema_differences(lake, FILES))
    assert not result.passed
    text = "\n".join(checks.schema_differences(lake, FILES))
    assert 'missing: Field(size_bytes, PrimitiveType("long"), nullable=False)' in text
    assert 'unknown: Field(size_bytes, PrimitiveType("integer")' in text
    assert "unknown: Field(extra" in text
    assert "missing: Field(line_count" in text


def test_a_required_column_that_may_be_null_is_a_difference(lake: Lake):
    nullable = frame(lake.spark, FILES, {}).toArrow()
    fields = [field.with_nullable(True) for field in nullable.schema]
    write_deltalake(
        str(lake.location(FILES)), nullable.cast(pa.schema(fields)), partition_by=["ingest_date"]
    )
    assert len(checks.schema_differences(lake, FILES)) == 2 * len(FILES.required)
    # And nothing is computed of it.
    with pytest.raises(OlderTableError, match="column line_count may be null"):
        contract(lake, FILES)


def test_a_null_in_a_required_column_is_found_in_the_statistics(lake: Lake):
    rows = frame(lake.spark, FILES, {}, {"landing_file": "b"}).toArrow()
    fields = pa.schema([field.with_nullable(True) for field in rows.schema])
    at = rows.column_names.index("line_count")
    broken = rows.cast(fields).set_column(
        at, fields.field("line_count"), pa.array([None, 1], pa.int64())
    )
    write_deltalake(str(lake.location(FILES)), broken, partition_by=["ingest_date"])
    assert checks.count_nulls(lake, FILES, DAY, END)["line_count"] == 1


def test_nulls_of_other_days_are_not_this_runs_matter(lake: Lake):
    rows = frame(lake.spark, FILES, {"ingest_date": dt.date(2025, 1, 1)}).toArrow()
    fields = pa.schema([field.with_nullable(True) for field in rows.schema])
    at = rows.column_names.index("line_count")
    broken = rows.cast(fields).set_column(
        at, fields.field("line_count"), pa.array([None], pa.int64())
    )
    write_deltalake(str(lake.location(FILES)), broken, partition_by=["ingest_date"])
    assert checks.count_nulls(lake, FILES, DAY, END)["line_count"] == 0


def test_a_repeated_key_is_counted(lake: Lake):
    write(lake, EVENTS, *events(2), *events(2), *events(1))
    result = contract(lake, EVENTS)["unique_key"]
    assert not result.passed
    assert figures(result)["repeated_keys"] == 3


def test_the_same_key_on_another_day_is_no_repetition(lake: Lake):
    write(lake, EVENTS, *events(2), *events(2, END))
    assert contract(lake, EVENTS)["unique_key"].passed


@pytest.mark.parametrize(
    ("lines", "passes"), [(6, True), (7, False), (5, False)], ids=["even", "one lost", "one more"]
)
def test_accounting_is_off_by_one(lake: Lake, lines: int, passes: bool):
    write(lake, EVENTS, *events(3))
    write(lake, QUARANTINE, {"line_number": 1}, {"line_number": 2})
    write(lake, FILES, {"line_count": lines, "duplicate_count": 1})
    result = accounting_of(EVENT_LINES)(lake, FILES, DAY, day_end(END))
    assert result.passed == passes
    expected = {} if passes else {DAY.isoformat(): [lines, 6]}
    assert figures(result)["days_that_differ"] == expected


def test_accounting_holds_for_each_day_and_not_only_in_sum(lake: Lake):
    write(lake, EVENTS, *events(3), *events(1, END))
    write(lake, QUARANTINE)
    accounts = [(DAY, 2), (END, 2)]
    rows = [{"ingest_date": d, "line_count": n, "duplicate_count": 0} for d, n in accounts]
    write(lake, FILES, *rows)
    result = accounting_of(EVENT_LINES)(lake, FILES, DAY, day_end(END))
    assert figures(result)["days_that_differ"] == {DAY.isoformat(): [2, 3], NEXT: [2, 1]}


def test_a_day_with_events_and_no_account_is_found(lake: Lake):
    write(lake, EVENTS, *events(2))
    write(lake, QUARANTINE)
    write(lake, FILES)
    assert not accounting_of(EVENT_LINES)(lake, FILES, DAY, END).passed


def test_an_empty_file_and_an_empty_day_are_accounted_for(lake: Lake):
    write(lake, EVENTS)
    write(lake, QUARANTINE)
    write(lake, FILES, {"line_count": 0, "duplicate_count": 0})
    assert accounting_of(EVENT_LINES)(lake, FILES, DAY, day_end(END)).passed


@pytest.mark.parametrize("table", [VIDEO_DAILY, ARTIST_DAILY], ids=lambda table: table.name)
def test_sums_of_silver_against_bronze(lake: Lake, table: Table):
    write(lake, EVENTS, *events(3), *events(2, END))
    write(lake, table, {"event_count": 3}, {"ingest_date": END, "event_count": 2})
    assert events_add_up(lake, table, DAY, day_end(END)).passed
    write(lake, table, {"event_count": 4})
    result = events_add_up(lake, table, DAY, day_end(END))
    assert not result.passed
    assert figures(result)["days_that_differ"] == {DAY.isoformat(): [4, 3], NEXT: [None, 2]}


def test_windows_hold_each_point_twelve_times(lake: Lake):
    write(lake, VIDEO_DAILY, {"engagement": 5})
    write(lake, ARTIST_WINDOWS, {"total_engagement": 5 * rules.WINDOWS_PER_EVENT})
    assert windows_add_up(lake, ARTIST_WINDOWS, DAY, END).passed
    write(lake, ARTIST_WINDOWS, {"total_engagement": 5 * rules.WINDOWS_PER_EVENT - 1})
    assert not windows_add_up(lake, ARTIST_WINDOWS, DAY, END).passed


def artist(name: str, share: float | None, percentile: float, tier: int) -> dict[str, Any]:
    return {"artist": name, "market_share": share, "percentile": percentile, "tier": tier}


def features(lake: Lake) -> dict[str, bool]:
    found = features_hold(lake, ARTIST_FEATURES, DAY, day_end(END))
    return {result.check_name or "": result.passed for result in found}


def test_shares_that_add_up_and_tiers_that_fit_pass(lake: Lake):
    rows = [artist("a", 70.0, 1.0, 1), artist("b", 20.0, 0.75, 2)]
    write(lake, ARTIST_FEATURES, *rows, artist("c", 6.0, 0.4, 3), artist("d", 4.0, 0.39, 4))
    assert features(lake) == {"shares_add_up": True, "tiers_match_percentiles": True}


def test_shares_that_miss_a_hundred_fail(lake: Lake):
    write(lake, ARTIST_FEATURES, artist("a", 60.0, 1.0, 1), artist("b", 39.9, 0.0, 4))
    assert features(lake) == {"shares_add_up": False, "tiers_match_percentiles": True}


def test_shares_of_one_day_do_not_make_up_for_another(lake: Lake):
    other = {**artist("a", 101.0, 1.0, 1), "ingest_date": END}
    write(lake, ARTIST_FEATURES, artist("a", 99.0, 1.0, 1), other)
    assert not features(lake)["shares_add_up"]


def test_a_day_without_any_engagement_has_no_shares_to_add(lake: Lake):
    write(lake, ARTIST_FEATURES, artist("a", None, 0.0, 4))
    assert features(lake)["shares_add_up"]


def test_a_tier_that_is_not_its_percentiles_fails(lake: Lake):
    write(lake, ARTIST_FEATURES, artist("a", 100.0, 0.9, 2))
    assert features(lake) == {"shares_add_up": True, "tiers_match_percentiles": False}


@pytest.mark.parametrize(
    ("wrong", "passes"),
    [
        ({}, True),
        ({"max_total_engagement": 19}, False),
        ({"min_total_engagement": 11}, False),
        ({"artist_count": 3}, False),
    ],
    ids=["right", "ends too low", "begins too high", "counts one too many"],
)
def test_cut_offs_bound_the_artists_of_their_tier(lake: Lake, wrong: dict[str, int], passes: bool):
    ranked = [{"artist": "a", "total_engagement": 20}, {"artist": "b", "total_engagement": 10}]
    write(lake, ARTIST_FEATURES, *[{**row, "tier": 1} for row in ranked])
    right = {"min_total_engagement": 10, "max_total_engagement": 20, "artist_count": 2}
    empty = {"tier": 2, "artist_count": 0}
    write(lake, TIER_CUTOFFS, {"tier": 1, **right, **wrong}, empty)
    assert tiers_match_cutoffs(lake, TIER_CUTOFFS, DAY, END).passed == passes
