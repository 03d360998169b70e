"""The scorecard: a case by hand, and sums that add up to a plain second implementation."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kpop_assets.contracts.pareto import SCORECARD
from kpop_assets.pareto.scorecard import score_forecasts
from kpop_assets_tests.graph.kit import DAY

PROBABILITIES = [f"p_tier_{tier}" for tier in (1, 2, 3, 4)]
FIRST = DAY - dt.timedelta(days=7)
SUMS = [column.name for column in SCORECARD.columns if column.name not in SCORECARD.primary_key]
Forecast = dict[str, Any]


def forecast(
    artist: str, tier: int, p: list[float], day: int = 0, candidate: str = "m", trained: int = 0
) -> Forecast:
    """A row of `pareto/next_viral`, made `day` days after a week before DAY."""
    return {
        "ingest_date": pd.Timestamp(FIRST + dt.timedelta(days=day)),
        "artist": artist,
        "horizon_days": 7,
        "tier": tier,
        **dict(zip(PROBABILITIES, p, strict=True)),
        "p_rise": round(sum(p[: tier - 1]), 12),
        "candidate": candidate,
        "trained_date": pd.Timestamp(FIRST - dt.timedelta(days=trained)),
    }


def outcomes(*rows: tuple[int, str, int]) -> pd.DataFrame:
    """Tiers that came, as (days after DAY, artist, tier)."""
    found = [
        {"ingest_date": pd.Timestamp(DAY + dt.timedelta(days=d)), "artist": a, "tier": t}
        for d, a, t in rows
    ]
    types = {"ingest_date": "datetime64[ns]", "artist": object, "tier": "int64"}
    return pd.DataFrame(found, columns=list(types)).astype(types)


def card(forecasts: list[Forecast], came: pd.DataFrame) -> list[dict[str, Any]]:
    rows = score_forecasts(pd.DataFrame(forecasts), came)
    assert list(rows) == SCORECARD.column_names
    assert not rows.duplicated(list(SCORECARD.primary_key)).any()
    return rows.to_dict("records")


def test_a_case_by_hand():
    # A rises from 3 to 1, B stays at 3; both say P(rise) 0.5 and 0.55, so both lie in bin 5.
    forecasts = [
        forecast("A", 3, [0.25, 0.25, 0.5, 0.0]),
        forecast("B", 3, [0.0, 0.55, 0.45, 0.0]),
    ]
    (row,) = card(forecasts, outcomes((0, "A", 1), (0, "B", 3)))
    assert row["ingest_date"] == pd.Timestamp(DAY)
    assert (row["candidate"], row["horizon_days"], row["p_rise_bin"]) == ("m", 7, 5)
    assert row["trained_date"] == pd.Timestamp(FIRST)
    assert (row["forecast_count"], row["can_rise_count"], row["rise_count"]) == (2, 2, 1)
    # The likeliest tiers are 3 and 2: neither came. Staying was right for B.
    assert (row["hit_count"], row["persistence_hit_count"]) == (0, 1)
    assert row["p_rise_sum"] == pytest.approx(1.05)
    brier_a = 0.75**2 + 0.25**2 + 0.5**2
    brier_b = 0.55**2 + 0.55**2
    assert row["brier_sum"] == pytest.approx(brier_a + brier_b)
    rps_a = (0.75**2 + 0.5**2 + 0.0) / 3
    rps_b = (0.0 + 0.55**2 + 0.0) / 3
    assert row["rps_sum"] == pytest.approx(rps_a + rps_b)
    # Tier 3 for sure when 1 came is wrong at the borders after 1 and 2.
    assert row["persistence_rps_sum"] == pytest.approx(2 / 3)


@pytest.mark.parametrize(
    ("p_rise", "expected"),
    [(0.0, 0), (0.099, 0), (0.1, 1), (0.3, 3), (0.6, 6), (0.7, 7), (0.899, 8), (0.9, 9), (1.0, 9)],
)
def test_bins_are_tenths_closed_on_the_left(p_rise: float, expected: int):
    (row,) = card([forecast("A", 2, [p_rise, 1 - p_rise, 0.0, 0.0])], outcomes((0, "A", 2)))
    assert row["p_rise_bin"] == expected


def test_an_artist_gone_on_a_seen_day_ended_in_the_last_tier():
    (row,) = card([forecast("A", 2, [0.0, 0.0, 0.0, 1.0])], outcomes((0, "B", 1)))
    assert (row["hit_count"], row["brier_sum"], row["rps_sum"]) == (1, 0, 0)
    assert (row["rise_count"], row["persistence_hit_count"]) == (0, 0)


def test_a_target_day_that_was_not_seen_is_left_out():
    forecasts = [forecast("A", 2, [0.0, 1.0, 0.0, 0.0], day) for day in (0, 1, 2)]
    rows = card(forecasts, outcomes((0, "A", 2), (2, "A", 2)))
    assert [row["ingest_date"].date() - DAY for row in rows] == [
        dt.timedelta(days=0),
        dt.timedelta(days=2),
    ]


def test_nothing_seen_gives_the_columns_and_no_row():
    assert card([forecast("A", 2, [0.0, 1.0, 0.0, 0.0])], outcomes()) == []
    none = pd.DataFrame([forecast("A", 2, [0.0, 1.0, 0.0, 0.0])]).iloc[:0]
    assert len(score_forecasts(none, outcomes((0, "A", 2)))) == 0


def test_tier_1_cannot_rise_and_stays_out_of_the_riser_sums():
    forecasts = [forecast("A", 1, [0.6, 0.4, 0.0, 0.0]), forecast("B", 2, [0.05, 0.95, 0.0, 0.0])]
    (row,) = card(forecasts, outcomes((0, "A", 1), (0, "B", 1)))
    assert row["forecast_count"] == 2
    assert (row["can_rise_count"], row["rise_count"]) == (1, 1)
    assert row["p_rise_sum"] == pytest.approx(0.05)


def test_models_and_trainings_are_kept_apart():
    sure = [0.0, 1.0, 0.0, 0.0]
    forecasts = [
        forecast("A", 2, sure, candidate="m"),
        forecast("B", 2, sure, candidate="n"),
        forecast("C", 2, sure, candidate="m", trained=7),
    ]
    rows = card(forecasts, outcomes((0, "A", 2)))
    assert [(row["candidate"], row["forecast_count"]) for row in rows] == [
        ("m", 1),
        ("m", 1),
        ("n", 1),
    ]


@st.composite
def panels(draw: st.DrawFn) -> tuple[list[Forecast], list[tuple[int, str, int]]]:
    """Forecasts of a few artists and days, and the tiers of those that were there later."""
    forecasts, came = [], []
    for day in range(3):
        is_seen = draw(st.booleans())
        for artist in "ABCD":
            weights = draw(st.lists(st.integers(0, 9), min_size=4, max_size=4).filter(any))
            p = [weight / sum(weights) for weight in weights]
            candidate = draw(st.sampled_from("mn"))
            forecasts.append(forecast(artist, draw(st.integers(1, 4)), p, day, candidate))
            if is_seen and draw(st.integers(0, 4)):
                came.append((day, artist, draw(st.integers(1, 4))))
    return forecasts, came


def reference(
    forecasts: list[Forecast], came: list[tuple[int, str, int]]
) -> dict[tuple[dt.date, str], dict[str, float]]:
    """The contract's sums over all bins, one forecast at a time."""
    tiers = {(DAY + dt.timedelta(days=d), artist): tier for d, artist, tier in came}
    seen = {day for day, _ in tiers}
    sums: dict[tuple[dt.date, str], dict[str, float]] = {}
    for row in forecasts:
        day = row["ingest_date"].date() + dt.timedelta(days=7)
        if day not in seen:
            continue
        now, later = row["tier"], tiers.get((day, row["artist"]), 4)
        p = [row[name] for name in PROBABILITIES]
        stays = [float(tier == now) for tier in (1, 2, 3, 4)]
        figures = {
            "forecast_count": 1,
            "hit_count": p.index(max(p)) + 1 == later,
            "persistence_hit_count": now == later,
            "brier_sum": sum((p[k] - (later == k + 1)) ** 2 for k in range(4)),
            "rps_sum": ranked(p, later),
            "persistence_rps_sum": ranked(stays, later),
            "can_rise_count": now > 1,
            "p_rise_sum": sum(p[: now - 1]),
            "rise_count": later < now,
        }
        of_key = sums.setdefault((day, row["candidate"]), dict.fromkeys(SUMS, 0.0))
        for name, value in figures.items():
            of_key[name] += value
    return sums


def ranked(p: list[float], later: int) -> float:
    return sum((sum(p[:k]) - (later <= k)) ** 2 for k in (1, 2, 3)) / 3


@settings(max_examples=60, deadline=None)
@given(panel=panels())
def test_sums_over_bins_equal_a_plain_second_implementation(
    panel: tuple[list[Forecast], list[tuple[int, str, int]]],
):
    forecasts, came = panel
    rows = pd.DataFrame(card(forecasts, outcomes(*came)), columns=SCORECARD.column_names)
    expected = reference(forecasts, came)
    # A bin holds only forecasts of its tenth.
    risers = rows[rows["can_rise_count"] == rows["forecast_count"]]
    mean = risers["p_rise_sum"] / risers["can_rise_count"]
    assert ((mean * 10 + 1e-9 >= risers["p_rise_bin"]) & (mean * 10 <= risers["p_rise_bin"] + 1)
            ).all()  # fmt: skip
    found = {
        (day.date(), candidate): sums
        for (day, candidate), sums in rows.groupby(["ingest_date", "candidate"])[SUMS].sum()
        .to_dict("index").items()
    }  # fmt: skip
    assert found.keys() == expected.keys()
    for key, sums in expected.items():
        assert found[key] == pytest.approx(sums), key
    again = score_forecasts(pd.DataFrame(forecasts[::-1]), outcomes(*came[::-1]))
    pd.testing.assert_frame_equal(
        again, score_forecasts(pd.DataFrame(forecasts), outcomes(*came)), check_exact=False
    )
