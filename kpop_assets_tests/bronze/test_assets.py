"""The assets of a kind, made of its record alone, run as Dagster runs them."""

from __future__ import annotations

import datetime as dt
import os
from typing import Any

import dagster as dg
import pytest

from kpop_assets.bronze import assets as bronze
from kpop_assets.contracts.events import EVENT_LINES
from kpop_assets.contracts.record import Record
from kpop_assets.contracts.registry import RECORDS
from kpop_assets.definitions import build_defs
from kpop_assets.lake.lake import Lake
from kpop_assets.landing import assets as landing
from kpop_assets.landing import inbox as inbox_module
from kpop_assets.settings import Settings
from kpop_assets.wiring.sensors import new_landing_days
from kpop_assets_tests.bronze.kit import DAY, DAY_MS, NEXT, NOON_MS
from kpop_assets_tests.bronze.toy import HEARD_LINES, heard

BOTH = (EVENT_LINES, HEARD_LINES)
LINES = [
    heard(),
    heard(),
    heard(listener_id="l2", energy=0.5),
    heard(energy=2),
    b"{",
    heard(at="x"),
]


def drop(settings: Settings, lines: list[bytes]) -> None:
    """Put a file into the inbox of the kind, as a collector would have a minute ago."""
    path = settings.landing / "inbox" / "heard" / f"heard_{NOON_MS}.json"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(b"\n".join(lines))
    os.utime(path, (NOON_MS / 1000, NOON_MS / 1000))


def materialize(settings: Settings, lake: Lake, record: Record) -> dg.ExecuteInProcessResult:
    """Run DAY through the graph of a kind."""
    definitions = dg.Definitions(
        assets=[landing.files_of_kind(record), bronze.lines_asset(record)],
        resources={"lake": lake, "settings": settings},
    )
    job = definitions.resolve_implicit_global_asset_job_def()
    return job.execute_in_process(partition_key=DAY.isoformat(), raise_on_error=False)


def rows_of(lake: Lake, record: Record) -> list[list[dict[str, Any]]]:
    """Rows, quarantine and account of all days."""
    return [lake.arrow(t, dt.date.min, dt.date.max).to_pylist() for t in record.tables]


@pytest.mark.both_engines
def test_a_file_of_a_new_kind_goes_from_the_inbox_to_its_tables_and_is_accounted_for(
    settings: Settings, lake: Lake, monkeypatch: pytest.MonkeyPatch
):
    formats = inbox_module.landing_formats
    monkeypatch.setattr(inbox_module, "landing_formats", lambda records: formats(BOTH))
    drop(settings, [*LINES, heard(at=NOON_MS + DAY_MS)])
    done = materialize(settings, lake, HEARD_LINES)
    assert done.success
    rows, quarantine, (account,) = rows_of(lake, HEARD_LINES)
    assert [(row["listener_id"], row["energy"]) for row in rows] == [("l1", None), ("l2", 0.5)]
    assert sorted((row["reason"], row["field"]) for row in quarantine) == [
        ("broken_json", None),
        ("impossible_value", "energy"),
        ("wrong_type", "at"),
    ]
    counts = ("line_count", "event_count", "duplicate_count", "quarantine_count")
    assert [account[name] for name in counts] == [6, 2, 1, 3]
    checks = {result.check_name for result in done.get_asset_check_evaluations()}
    assert "accounting" in checks
    assert list(new_landing_days(settings, lake, BOTH)) == [NEXT]
    assert not lake.exists(EVENT_LINES.rows)


def test_a_kind_whose_account_does_not_add_up_fails_its_check(
    settings: Settings, lake: Lake, monkeypatch: pytest.MonkeyPatch
):
    account = bronze.account_for_files

    def one_line_too_many(*args: Any) -> Any:
        rows = account(*args)
        return rows.withColumn("line_count", rows["line_count"] + 1)

    folder = settings.landing / "heard" / DAY.isoformat()
    folder.mkdir(parents=True)
    (folder / f"heard_{NOON_MS}.json").write_bytes(b"\n".join(LINES))
    monkeypatch.setattr(bronze, "account_for_files", one_line_too_many)
    done = materialize(settings, lake, HEARD_LINES)
    failed = [one.check_name for one in done.get_asset_check_evaluations() if not one.passed]
    assert (done.success, failed) == (False, ["accounting"])


def test_every_registered_kind_has_its_assets_in_the_graph():
    keys = {key.to_user_string() for key in build_defs().resolve_all_asset_keys()}
    for record in RECORDS:
        assert f"landing/{record.kind}" in keys
        assert {table.path for table in record.tables} <= keys
