"""Checkpoints and tables of the stream go together: reset at once, or too old to be kept."""

from __future__ import annotations

import datetime as dt
import shutil
from pathlib import Path

import pytest

from kpop_assets.contracts.live import LIVE_EVENTS
from kpop_assets.lake.lake import Lake
from kpop_assets.lake.schemas import spark_schema
from kpop_assets.live import checkpoints
from kpop_assets.live.checkpoints import (
    alone,
    checkpoint_of,
    forget,
    is_whole,
    reset,
)

DAY = dt.date(2026, 3, 2)
NEXT = DAY + dt.timedelta(days=1)


def keep(lake: Lake, *days: dt.date) -> None:
    """Events of these days, as a stream that has stopped left them."""
    noon = dt.datetime(2026, 3, 2, 3, tzinfo=dt.UTC)
    rows = [(day, f"v{day}", noon, "IVE", "c", noon) for day in days]
    frame = lake.spark.createDataFrame(rows, spark_schema(LIVE_EVENTS))
    lake.replace_range(LIVE_EVENTS, DAY, NEXT + dt.timedelta(days=1), frame)


@pytest.mark.both_engines
def test_checkpoints_and_tables_are_reset_together_wherever_it_is_stopped(lake, monkeypatch):
    reset(lake)
    for name in ("remove_folder", "clear_before"):
        keep(lake, DAY, NEXT)
        checkpoint = Path(checkpoint_of(lake, LIVE_EVENTS))
        checkpoint.mkdir(parents=True)
        assert is_whole(lake)

        def fail(*args):
            raise OSError("pulled plug")

        with monkeypatch.context() as patch:
            patch.setattr(checkpoints, name, fail)
            with pytest.raises(OSError, match="pulled plug"):
                reset(lake)
        assert not is_whole(lake)
        reset(lake)
        assert is_whole(lake)
        assert lake.row_count(LIVE_EVENTS) == 0
        assert not checkpoint.exists()
    # A table that was removed by hand takes its checkpoint with it.
    shutil.rmtree(lake.location(LIVE_EVENTS))
    assert not is_whole(lake)


@pytest.mark.both_engines
def test_old_days_go_and_with_the_last_of_them_the_state(lake):
    forget(lake, NEXT)  # Nothing was ever streamed: nothing is made.
    assert not lake.exists(LIVE_EVENTS)
    reset(lake)
    keep(lake, DAY, NEXT)
    state = checkpoint_of(lake, LIVE_EVENTS)
    forget(lake, NEXT)
    assert [row["ingest_date"] for row in lake.newest_rows(LIVE_EVENTS)] == [NEXT]
    assert checkpoint_of(lake, LIVE_EVENTS) == state
    # A stream that runs keeps its state, and takes care of it.
    with alone(lake):
        forget(lake, NEXT + dt.timedelta(days=1))
        assert checkpoint_of(lake, LIVE_EVENTS) == state
    forget(lake, NEXT + dt.timedelta(days=1))
    assert lake.row_count(LIVE_EVENTS) == 0
    assert checkpoint_of(lake, LIVE_EVENTS) != state
    assert is_whole(lake)
