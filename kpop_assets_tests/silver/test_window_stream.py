"""The windows of `spark`'s streaming query: those of the batch, and nothing left where it fails."""

from __future__ import annotations

import datetime as dt
import random

import pytest
from pyspark.errors import StreamingQueryException

from kpop_assets.contracts.bronze import EVENTS
from kpop_assets.contracts.silver import VIDEO_DAILY
from kpop_assets.silver import window_stream
from kpop_assets.silver.video_daily import measure_videos
from kpop_assets.silver.window_stream import compute_windows
from kpop_assets.silver.windows import slide_windows
from kpop_assets_tests.silver.test_video_daily import DAY, event, frame

END = DAY + dt.timedelta(days=2)

pytestmark = pytest.mark.spark_only


@pytest.fixture
def filled(lake):
    """Events of two days, published over years, one video a minute or in the same second."""
    rng = random.Random(5)
    events = []
    for n in range(120):
        published = dt.datetime(
            rng.choice([2009, 2025]), 10, 31, 3, rng.randint(0, 59), tzinfo=dt.UTC
        )
        more = {"video_id": f"v{n % 40}", "artist": "BTS" if n % 2 else "IVE", "line_number": n}
        more |= {"author_id": rng.choice([None, "a", "b"]), "event_at": published}
        events.append(event(n % 2, rng.randint(0, 999), n % 24, **more))
    events = list({(e["video_id"], e["observed_at"]): e for e in events}.values())
    rows = frame(lake.spark, events)
    lake.replace_range(EVENTS, DAY, END, rows)
    lake.replace_range(VIDEO_DAILY, DAY, END, measure_videos(rows, DAY))
    return lake


def test_the_stream_has_the_windows_of_the_batch(filled):
    day = (DAY + dt.timedelta(days=1), END)
    batch = slide_windows(filled.read(EVENTS, *day), filled.read(VIDEO_DAILY, *day))
    with compute_windows(filled, *day) as rows:
        streamed = rows.collect()
        assert rows.schema.fieldNames() == batch.schema.fieldNames()
    assert len(streamed) > 40
    assert sorted(streamed) == sorted(batch.collect())
    assert {row["ingest_date"] for row in streamed} == {day[0]}
    assert not list((filled.root / ".staged").iterdir())


def test_a_query_that_fails_leaves_neither_rows_nor_checkpoint(filled, monkeypatch):
    def fail(*args):
        raise OSError("pulled plug")

    monkeypatch.setattr(window_stream, "put", fail)
    with (
        pytest.raises(StreamingQueryException, match="pulled plug"),
        compute_windows(filled, DAY, END),
    ):
        pass
    assert not list((filled.root / ".staged").iterdir())
