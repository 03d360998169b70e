"""A step reads what its asset declares and writes what it fills, and nothing else."""

from __future__ import annotations

import datetime as dt
from functools import partial

import polars as pl
import pytest

from kpop_assets.contracts.bronze import BLOOM, EVENTS, FILES
from kpop_assets.contracts.pareto import CHAMPION
from kpop_assets.days import day_end
from kpop_assets.graph.step import Step, UndeclaredError
from kpop_assets.lake.lake import Lake
from kpop_assets_tests.graph.kit import DAY, frame

END = day_end(DAY)
ONE = dt.timedelta(days=1)


@pytest.fixture
def step(lake: Lake) -> Step:
    """A step of one day that fills the accounts, and reads events of two days before as well."""
    days = [{"ingest_date": DAY + n * ONE, "video_id": f"v{n}"} for n in range(-3, 2)]
    lake.replace_range(EVENTS, DAY - 3 * ONE, DAY + 2 * ONE, frame(lake.spark, EVENTS, *days))
    return Step(lake, [FILES], {EVENTS: 2}, DAY, END, "a run")


def test_a_read_is_of_the_days_and_as_many_before_as_were_declared(step: Step):
    expected = {DAY - 2 * ONE, DAY - ONE, DAY}
    assert {row["ingest_date"] for row in step.read(EVENTS).collect()} == expected
    assert set(step.arrow(EVENTS)["ingest_date"].to_pylist()) == expected
    assert {day.date() for day in step.pandas(EVENTS)["ingest_date"]} == expected


def test_fewer_days_than_declared_may_be_read(step: Step):
    assert step.arrow(EVENTS, DAY - ONE, DAY)["video_id"].to_pylist() == ["v-1"]


@pytest.mark.parametrize("days", [(DAY - 3 * ONE, END), (DAY, END + ONE)], ids=["before", "after"])
def test_days_beyond_those_declared_are_refused(step: Step, days: tuple[dt.date, dt.date]):
    """A day before would be missing in what a late day makes stale; one after is not known yet."""
    for read in (step.read, step.arrow, step.pandas, step.stream):
        with pytest.raises(UndeclaredError, match="declares 2 days before"):
            read(EVENTS, *days)


def test_a_table_that_is_not_declared_is_refused_however_it_is_asked(step: Step):
    asks = (step.read, step.arrow, step.pandas, step.stream, step.exists)
    for ask in (*asks, step.newest_rows, partial(step.export, day=DAY)):
        with pytest.raises(UndeclaredError, match="reads bronze/bloom, which its asset does not"):
            ask(BLOOM)


def test_a_table_that_the_step_does_not_fill_is_not_written(step: Step, lake: Lake):
    before = lake.delta(EVENTS).version()
    with pytest.raises(UndeclaredError, match="writes bronze/events"):
        step.replace(EVENTS, frame(lake.spark, EVENTS))
    assert lake.delta(EVENTS).version() == before


@pytest.mark.parametrize("day", [DAY - ONE, END], ids=["before", "after"])
def test_a_day_that_the_step_does_not_fill_is_not_written(step: Step, lake: Lake, day: dt.date):
    with pytest.raises(UndeclaredError, match=f"writes {day} of bronze/files"):
        step.replace(FILES, frame(lake.spark, FILES), day)
    assert not lake.exists(FILES)


def test_what_was_not_written_is_not_reported(step: Step):
    with pytest.raises(UndeclaredError, match="reports bronze/files without having written it"):
        step.outcome(FILES, "size_bytes")


def test_what_was_written_is_read_back_and_its_commit_names_the_run(step: Step, lake: Lake):
    step.replace(FILES, frame(lake.spark, FILES, {"ingest_date": DAY, "landing_file": "f"}))
    assert step.read(FILES).count() == 1
    assert lake.delta(FILES).history(1)[0]["userMetadata"] == "a run"
    result = step.outcome(FILES, "size_bytes")
    assert result.metadata is not None
    assert result.metadata["dagster/partition_row_count"] == 1
    with pytest.raises(UndeclaredError):
        step.read(FILES, DAY - ONE, END)


def test_days_written_one_by_one_are_counted_together(lake: Lake):
    step = Step(lake, [FILES], {}, DAY, END + ONE)
    for day in (DAY, END):
        step.replace(FILES, frame(lake.spark, FILES, {"ingest_date": day}), day)
    metadata = step.outcome(FILES, "size_bytes").metadata or {}
    assert metadata["dagster/partition_row_count"] == 2


def test_only_what_trainings_decided_may_be_read_of_before_by_what_fills_it(lake: Lake):
    """Else a table would depend on the order in which its days are run."""
    lake.replace_range(
        CHAMPION, DAY - ONE, DAY, frame(lake.spark, CHAMPION, {"ingest_date": DAY - ONE})
    )
    step = Step(lake, [CHAMPION], {}, DAY, END)
    assert step.arrow(CHAMPION, dt.date.min, DAY).num_rows == 1


def test_answers_of_before_are_known_to_what_fills_their_table_and_to_nothing_else(lake: Lake):
    """Equal inputs have equal answers, so the order of days decides what is worked out, no row."""
    step = Step(lake, [FILES], {EVENTS: 2}, DAY, END)
    assert step.known(FILES, 2, ["landing_file"]).height == 0
    days = [DAY + n * ONE for n in range(-3, 2)]
    rows = [{"ingest_date": day, "landing_file": day.isoformat()} for day in days]
    lake.replace_range(FILES, days[0], days[-1] + ONE, frame(lake.spark, FILES, *rows))
    found = step.known(FILES, 2, ["landing_file"])
    assert sorted(found["landing_file"]) == [day.isoformat() for day in days[1:4]]
    with pytest.raises(UndeclaredError, match="does not fill"):
        step.known(EVENTS, 2, ["video_id"])


def test_days_that_are_filled_stand_each_by_itself_and_are_reported_together(lake: Lake):
    """What stood there goes, also of a day that has nothing now."""
    step = Step(lake, [FILES], {EVENTS: 2}, DAY, END + ONE)
    old = [{"ingest_date": day, "landing_file": "old"} for day in (DAY, END, END + ONE)]
    lake.replace_range(FILES, DAY, END + 2 * ONE, frame(lake.spark, FILES, *old))
    numbers = {c.name: 1 for c in FILES.columns if c.type == "long"}
    new = pl.DataFrame([{"landing_file": "new", **numbers}])
    step.fill(FILES, lambda day: new if day == DAY else new.clear())
    outcome = step.outcome(FILES, "line_count")
    assert outcome.metadata["dagster/partition_row_count"] == 1
    rows = lake.arrow(FILES, DAY, END + 2 * ONE).to_pylist()
    assert {(r["ingest_date"], r["landing_file"]) for r in rows} == {
        (DAY, "new"),
        (END + ONE, "old"),
    }
    with pytest.raises(UndeclaredError, match="does not fill"):
        step.fill(BLOOM, lambda day: new)


def test_a_frame_is_of_a_day_and_the_days_before_it_as_far_as_declared(step: Step):
    assert step.frame(EVENTS, DAY, 1, ["video_id"]).get_column("video_id").sort().to_list() == [
        "v-1",
        "v0",
    ]
    with pytest.raises(UndeclaredError, match="declares 2 days before"):
        step.frame(EVENTS, DAY, 3)
