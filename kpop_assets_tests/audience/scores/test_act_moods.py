"""What was said of an act on a day against its days before, and what falls below its band."""

import datetime as dt
from typing import Any

import polars as pl
import pytest

from kpop_assets.audience.scores.act_moods import judge_moods
from kpop_assets.audience.scores.subject_scores import MOOD_COLUMNS, SCORED_COLUMNS, WEIGHT_COLUMNS
from kpop_assets.contracts.audience_rules import LEAST_MOOD_DAYS
from kpop_assets.contracts.audience_scores import GUARDS
from kpop_assets.contracts.audience_voices import VOICES
from kpop_assets.lake.rows import empty

DAY = dt.date(2026, 5, 4)
NO_MOODS = pl.DataFrame(
    schema={
        "ingest_date": pl.Date,
        "review_id": pl.String,
        **dict.fromkeys(("p_negative", "p_neutral", "p_positive"), pl.Float64),
    }
).select(MOOD_COLUMNS)


def said(back: int, good: int, bad: int, act: str = "IVE") -> list[dict[str, Any]]:
    day = DAY - dt.timedelta(days=back)
    return [
        {
            "ingest_date": day,
            "review_id": f"{act}:{day}:{number}",
            "source": "demo",
            "is_simulated": True,
            "subject_kind": "video",
            "subject": f"video of {act}",
            "artist": act,
            "author_kind": "user",
            "outlet": None,
            "voice_kind": "text",
            "rating_100": 100.0 if number < good else 0.0,
        }
        for number in range(good + bad)
    ]


def judged(
    rows: list[dict[str, Any]], weights: dict[str, float] | None = None, weighed: dt.date = DAY
) -> dict[str, dict[str, Any]]:
    guards = [
        {"ingest_date": weighed, "review_id": name, "weight": weight, "weight_reasons": "[]"}
        for name, weight in (weights or {}).items()
    ]
    found = judge_moods(
        pl.DataFrame(rows, empty(VOICES).select(SCORED_COLUMNS).schema),
        NO_MOODS,
        pl.DataFrame(guards, empty(GUARDS).select(WEIGHT_COLUMNS).schema),
        DAY,
    )
    return {row["artist"]: row for row in found.to_dicts()}


def usual(days: int = 20, act: str = "IVE") -> list[dict[str, Any]]:
    return [row for back in range(1, days + 1) for row in said(back, 15 + back % 3, 5, act)]


@pytest.mark.parametrize(
    ("good", "bad", "is_below"), [(15, 5, False), (12, 8, False), (4, 16, True)]
)
def test_a_day_is_below_its_band_where_neither_days_nor_chance_explain_it(
    good: int, bad: int, is_below: bool
) -> None:
    row = judged(usual() + said(0, good, bad))["IVE"]
    assert row["is_below_band"] is is_below
    assert row["net_sentiment"] == pytest.approx((good - bad) / 20)
    assert row["band_low"] < row["usual_net_sentiment"] < row["band_high"]
    assert row["is_simulated"]


def test_few_reviews_and_few_days_have_no_band() -> None:
    few = judged(usual() + said(0, 0, 9))["IVE"]
    assert (few["is_below_band"], few["band_low"]) == (None, None)
    young = judged(usual(LEAST_MOOD_DAYS - 1) + said(0, 0, 30))["IVE"]
    assert (young["usual_net_sentiment"], young["is_below_band"]) == (None, None)
    assert judged(usual(LEAST_MOOD_DAYS) + said(0, 0, 30))["IVE"]["is_below_band"]


def test_reviews_of_a_campaign_that_was_found_pull_no_day_below() -> None:
    rows = said(0, 15, 5) + said(0, 0, 60, "IVE")[20:]
    planted = {row["review_id"]: 0.01 for row in rows[20:]}
    row = judged(usual() + rows, planted)["IVE"]
    assert row["is_below_band"] is False
    assert (row["review_count"], row["weight_sum"]) == (60, pytest.approx(20.4))
    assert judged(usual() + rows)["IVE"]["is_below_band"]


def test_what_guards_say_on_a_later_day_changes_nothing_of_a_day() -> None:
    rows = usual() + said(0, 4, 16)
    later = {row["review_id"]: 0.0 for row in rows}
    assert judged(rows, later, DAY + dt.timedelta(days=1)) == judged(rows)
    assert judged(rows, later) != judged(rows)


def test_acts_are_judged_apart_and_days_without_a_word_are_none() -> None:
    found = judged(usual() + usual(act="aespa") + said(0, 2, 18) + said(0, 15, 5, "aespa"))
    assert {act: row["is_below_band"] for act, row in found.items()} == {
        "IVE": True,
        "aespa": False,
    }
    assert judged(usual()) == {}
