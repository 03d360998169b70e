"""What the forecast could know of an act from what people say of it, by a day."""

from __future__ import annotations

import math

import pandas as pd
import pytest

from bench.voices_inputs import know_voices

DAYS = pd.date_range("2025-03-01", periods=20)
# By day of DAYS: reviews, their weights, and net sentiment of IVE.
SAID = {2: (4, 4.0, 0.5), 3: (2, 1.0, -1.0), 9: (1, 1.0, 1.0), 12: (3, 0.0, None)}
MOODS = pd.DataFrame(
    [(DAYS[i], "IVE", *values) for i, values in SAID.items()],
    columns=["ingest_date", "artist", "review_count", "weight_sum", "net_sentiment"],
)
CLAUSES = pd.DataFrame(
    [(DAYS[2], "IVE", "dance"), (DAYS[2], "IVE", "dance"), (DAYS[3], "IVE", "song")],
    columns=["ingest_date", "artist", "aspect"],
)
VIDEOS = pd.DataFrame({"ingest_date": DAYS, "artist": "IVE", "pace_7d": 99.0})


def known() -> pd.DataFrame:
    return know_voices(MOODS, CLAUSES, VIDEOS).set_index("ingest_date")


def test_days_weigh_by_their_reviews_and_count_for_a_week():
    rows = known()
    assert rows.loc[DAYS[8], "net_sentiment"] == pytest.approx((4 * 0.5 - 1) / 5)
    assert rows.loc[DAYS[9], "net_sentiment"] == pytest.approx((-1 + 1) / 2)
    assert rows.loc[DAYS[15], "net_sentiment"] == 1.0
    assert "2025-03-17" not in rows.index[rows["net_sentiment"].notna()].strftime("%Y-%m-%d")
    assert rows.loc[DAYS[15], "net_sentiment_change"] == pytest.approx(1 - 0.2)
    assert rows.loc[DAYS[8], "comment_rate"] == pytest.approx(math.log(7) - math.log(100))
    assert rows.loc[DAYS[8], "share_dance"] == pytest.approx(2 / 3)
    assert rows.loc[DAYS[8], "share_song"] == pytest.approx(1 / 3)


def test_nothing_is_known_of_days_to_come():
    before = known().loc[: DAYS[8]]
    so_far = [rows[rows["ingest_date"] <= DAYS[8]] for rows in (MOODS, CLAUSES, VIDEOS)]
    then = know_voices(*so_far).set_index("ingest_date")
    pd.testing.assert_frame_equal(before, then)
