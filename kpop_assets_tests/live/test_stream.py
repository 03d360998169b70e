"""The stream: each event in its windows once, late ones counted, old days and copies left out."""

from __future__ import annotations

import datetime as dt

import pytest

from kpop_assets.live.open_windows import watermark
from kpop_assets_tests.live.kit import (
    DAY,
    MINUTE,
    NOON,
    Seen,
    counts,
    event_keys,
    expected,
    few_partitions,
    land,
    look,
    split,
    stream,
)
from kpop_assets_tests.live.kit import windows as windows_of

__all__ = ["few_partitions"]
pytestmark = [pytest.mark.spark_only, pytest.mark.usefixtures("few_partitions")]

FIRST = [Seen("a", 0, 30, author_id="x"), Seen("b", 20, 30), Seen("c", 29, 30, "aespa")]
# At 12:29 the watermark stands at 12:19: `d` is late, `e` is not, `p` is a premiere.
SECOND = [Seen("d", 19, 40), Seen("e", 19.5, 40, author_id="x"), Seen("p", 90, 40, "aespa")]
# `b` again, at another instant; a watermark never goes back.
THIRD = [Seen("b", 20, 50), Seen("f", 21, 50, "aespa", "y")]


def test_each_event_is_in_its_windows_once_and_late_ones_are_counted(lake, settings):
    """Beside copies and broken lines, which change nothing."""
    for number, batch in enumerate((FIRST, SECOND, THIRD)):
        path = land(settings.landing, batch, number)
        if batch == FIRST:
            (path.parent / "events_1772420400999_copy.json").write_bytes(path.read_bytes())
            (path.parent / "other.json").write_bytes(b"{broken\n" + path.read_bytes())
            (path.parent / ".hidden.json").write_bytes(path.read_bytes())
        last = stream(lake, settings.landing)[-1]
        if batch == FIRST:
            assert len(event_keys(lake)) == len(FIRST)
            assert windows_of(lake) == expected(FIRST)
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
