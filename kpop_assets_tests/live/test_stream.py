"""The stream: each event in its windows once, late ones counted, whatever it is killed in."""

from __future__ import annotations

import datetime as dt
import threading

import pytest

from kpop_assets.lake.errors import InUseError
from kpop_assets.live import intake, open_windows
from kpop_assets.live import stream as live
from kpop_assets.live.open_windows import watermark
from kpop_assets.live.stream import LiveStream, StreamError
from kpop_assets_tests.live.kit import (
    DAY,
    MINUTE,
    NOON,
    Seen,
    counts,
    event_keys,
    expected,
    land,
    look,
    split,
    stream,
)
from kpop_assets_tests.live.kit import windows as windows_of

pytestmark = pytest.mark.spark_only


@pytest.fixture(autouse=True)
def _few_partitions(spark):
    """States are opened partition by partition; rows here are few."""
    before = spark.conf.get("spark.sql.shuffle.partitions")
    spark.conf.set("spark.sql.shuffle.partitions", "1")
    yield
    spark.conf.set("spark.sql.shuffle.partitions", before)


FIRST = [Seen("a", 0, 30, author_id="x"), Seen("b", 20, 30), Seen("c", 29, 30, "aespa")]
# At 12:29 the watermark stands at 12:19: `d` is late, `e` is not, `p` is a premiere.
SECOND = [Seen("d", 19, 40), Seen("e", 19.5, 40, author_id="x"), Seen("p", 90, 40, "aespa")]
# `b` again, at another instant; a watermark never goes back.
THIRD = [Seen("b", 20, 50), Seen("f", 21, 50, "aespa", "y")]


def test_each_event_is_in_its_windows_once_and_late_ones_are_counted(lake, settings):
    for number, batch in enumerate((FIRST, SECOND, THIRD)):
        land(settings.landing, batch, number)
        last = stream(lake, settings.landing)[-1]
    on_time, late, ahead = split((FIRST, SECOND, THIRD))
    assert {one.video_id for one in late} == {"d"}
    assert {one.video_id for one in ahead} == {"p"}
    assert windows_of(lake) == expected(on_time)
    assert counts(lake) == {"IVE": (5, 1, 0), "aespa": (3, 0, 1)}
    assert watermark(lake) == NOON + 19 * MINUTE
    assert (last.event_count, last.late_count, last.ahead_count) == (8, 1, 1)
    assert last.leaders == (("IVE", 3), ("aespa", 2))
    before = look(lake)
    assert stream(lake, settings.landing) == []
    assert look(lake) == before
    # Begun anew, all comes in one micro-batch, in which nothing is late.
    stream(lake, settings.landing, anew=True)
    assert windows_of(lake) == expected([*FIRST, *SECOND[:2], *THIRD])
    assert counts(lake)["IVE"] == (5, 0, 0)


STEPS = [
    (intake, "find_files"),
    (live, "take_in"),
    (open_windows, "sum_windows"),
    (live, "update_windows"),
    (live, "clear_before"),
    (live, "account"),
]


def test_stopped_between_any_two_steps_nothing_is_lost_or_doubled(lake, settings, monkeypatch):
    """The same micro-batch is stopped after one step and then after the next, to the last."""
    batches = [FIRST, [Seen("v", 31, 40), Seen("w", 2, 40, "aespa")]]
    land(settings.landing, batches[0], 0)
    stream(lake, settings.landing)
    land(settings.landing, batches[1], 1)
    for module, name in STEPS:
        work = getattr(module, name)

        def fail(*args, work=work, **kwargs):
            work(*args, **kwargs)
            raise OSError("pulled plug")

        with monkeypatch.context() as patch:
            patch.setattr(module, name, fail)
            with pytest.raises((OSError, StreamError), match="pulled plug"):
                stream(lake, settings.landing)
    stream(lake, settings.landing)
    on_time, late, _ = split(batches)
    assert windows_of(lake) == expected(on_time)
    assert counts(lake) == {"IVE": (3, 0, 0), "aespa": (2, len(late), 0)}
    assert [key[0] for key in event_keys(lake)] == ["a", "b", "c", "v", "w"]


def test_days_that_are_old_leave_and_do_not_come_back(lake, settings):
    later = DAY + dt.timedelta(days=8)
    land(settings.landing, FIRST, 0)
    land(settings.landing, [Seen("z", 8 * 1440, 8 * 1440)], 1, later)
    stream(lake, settings.landing, today=DAY)
    assert len(event_keys(lake)) == len(FIRST) + 1
    # Files of old days are passed over, and what was kept of them goes.
    land(settings.landing, [Seen("y", 30, 31)], 2)
    land(settings.landing, [Seen("x", 8 * 1440 + 1, 8 * 1440 + 1)], 3, later)
    stream(lake, settings.landing, today=later)
    assert [key[0] for key in event_keys(lake)] == ["x", "z"]
    assert counts(lake) == {"IVE": (2, 0, 0)}


def test_copies_and_broken_lines_change_nothing(lake, settings):
    path = land(settings.landing, FIRST, 0)
    (path.parent / "events_1772420400999_copy.json").write_bytes(path.read_bytes())
    (path.parent / "other.json").write_bytes(b"{broken\n" + path.read_bytes())
    (path.parent / ".hidden.json").write_bytes(path.read_bytes())
    stream(lake, settings.landing)
    assert len(event_keys(lake)) == len(FIRST)
    assert windows_of(lake) == expected(FIRST)


def test_a_stop_ends_it_after_the_micro_batch_it_goes_on_and_is_alone(lake, settings):
    batches = [[Seen("a", 1, 60)], [Seen("b", 2, 61)]]
    stop = threading.Event()

    def report(progress):
        with pytest.raises(InUseError, match="another process"):
            stream(lake, settings.landing)
        stop.set()

    for number, batch in enumerate(batches):
        stop.clear()
        land(settings.landing, batch, number)
        LiveStream(lake, settings.landing, report, lambda: DAY).run(1, stop)
        assert windows_of(lake) == expected([one for part in batches[: number + 1] for one in part])
        assert stop.is_set()
