"""The stream stopped: in the middle of a micro-batch or after it, nothing is lost or doubled."""

from __future__ import annotations

import threading

import pytest

from kpop_assets.lake.errors import InUseError
from kpop_assets.live import intake, open_windows
from kpop_assets.live import stream as live
from kpop_assets.live.running import StreamError
from kpop_assets.live.stream import LiveStream
from kpop_assets_tests.live.kit import (
    DAY,
    Seen,
    counts,
    event_keys,
    expected,
    few_partitions,
    land,
    split,
    stream,
)
from kpop_assets_tests.live.kit import windows as windows_of

__all__ = ["few_partitions"]
pytestmark = [pytest.mark.spark_only, pytest.mark.usefixtures("few_partitions")]

FIRST = [Seen("a", 0, 30, author_id="x"), Seen("b", 20, 30), Seen("c", 29, 30, "aespa")]
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
