"""What was known when: literal cases, and a plain second implementation on random histories."""

from __future__ import annotations

import dataclasses
import datetime as dt
import random

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kpop_assets.ml import target as ml
from kpop_assets.ml.target import Census, refusal
from kpop_assets.models.dataset import HORIZON_DAYS, TARGET, TIERS

DAY = dt.date(2025, 11, 1)
Seen = dict[tuple[str, int], int]


def label(rows: pd.DataFrame, horizon_days: int = HORIZON_DAYS) -> pd.DataFrame:
    return ml.label(rows, dataclasses.replace(TARGET, horizon_days=horizon_days))


def known_by(labelled: pd.DataFrame, day: dt.date) -> pd.DataFrame:
    return ml.known_by(labelled, TARGET, day)


def take_census(known: pd.DataFrame) -> Census:
    return ml.take_census(known, TARGET)


def on(number: int) -> dt.date:
    return DAY + dt.timedelta(days=number)


def inputs(seen: Seen) -> pd.DataFrame:
    """`models/artist_inputs` with the tier by artist and day number, and one number more."""
    rows = [(pd.Timestamp(on(d)), artist, tier, 10 * d) for (artist, d), tier in seen.items()]
    return pd.DataFrame(rows, columns=["ingest_date", "artist", "tier", "pace"])


def outcomes(labelled: pd.DataFrame) -> dict[tuple[str, int], int | None]:
    """The tier that came by artist and day number, None where it is null."""
    tiers = labelled["target_tier"].astype(object).where(labelled["target_tier"].notna(), None)
    numbers = (labelled["ingest_date"] - pd.Timestamp(DAY)).dt.days
    return dict(zip(zip(labelled["artist"], numbers, strict=True), tiers, strict=True))


EVENT = ml.Target("hit", (1, 2), horizon_days=2, subject="artist", is_event=True)


def test_an_event_comes_from_a_table_of_its_own_and_nobody_has_it_today():
    rows = inputs({("IVE", 0): 1, ("BTS", 0): 4, ("IU", 0): 3, ("IVE", 1): 1})
    came = pd.DataFrame({
        "ingest_date": [pd.Timestamp(on(2))] * 3,
        "artist": ["IVE", "BTS", "IU"],
        "hit": [1, 2, None],
    })  # fmt: skip
    labelled = ml.label(rows, EVENT, came)
    found = labelled["target_hit"].astype(object).where(labelled["target_hit"].notna(), None)
    assert found.tolist() == [1, 2, None, None]
    assert labelled["hit"].tolist() == [2] * 4, "as `score` asks: class 1 is a rise for everybody"


@pytest.mark.parametrize(
    ("counts", "said"),
    [({1: 0, 2: 9}, "no artist became hit: "), ({1: 9, 2: 0}, "every artist became hit: ")],
)
def test_an_event_that_never_or_always_came_is_refused(counts, said):
    found = refusal(Census(9, 3, 9, counts), EVENT)
    assert found == f"{said}a training needs some that did, and others"


def test_the_outcome_is_the_tier_seven_days_later_and_the_last_one_for_who_is_gone():
    seen = {("IVE", 0): 1, ("BTS", 0): 2, ("IVE", 3): 2, ("IVE", 7): 3, ("IU", 7): 1}
    assert outcomes(label(inputs(seen))) == {
        ("IVE", 0): 3,
        ("BTS", 0): TIERS[-1],  # Day 7 was seen, and BTS had no row on it.
        ("IVE", 3): None,  # Day 10 was not seen by anybody.
        ("IVE", 7): None,
        ("IU", 7): None,
    }


def test_rows_keep_their_order_and_columns_and_gain_two():
    rows = inputs({("IVE", 7): 3, ("BTS", 0): 2, ("IVE", 0): 1})
    labelled = label(rows)
    pd.testing.assert_frame_equal(labelled[list(rows)], rows)
    assert list(labelled) == [*rows, "target_date", "target_tier"]
    assert labelled["target_tier"].dtype == "Int64"
    assert labelled["target_date"].tolist() == [pd.Timestamp(on(d)) for d in (14, 7, 7)]


def test_another_horizon_looks_at_another_day():
    seen = {("IVE", 0): 1, ("IVE", 1): 2, ("IVE", 2): 3}
    assert outcomes(label(inputs(seen), 1)) == {("IVE", 0): 2, ("IVE", 1): 3, ("IVE", 2): None}
    assert outcomes(label(inputs(seen), 2)) == {("IVE", 0): 3, ("IVE", 1): None, ("IVE", 2): None}


def test_an_artist_with_two_rows_on_a_day_is_refused():
    rows = inputs({("IVE", 0): 1, ("IVE", 7): 1})
    with pytest.raises(pd.errors.MergeError):
        label(pd.concat([rows, rows]))


def test_an_outcome_is_known_on_its_own_day_and_not_before():
    labelled = label(inputs({("IVE", d): 1 for d in range(10)}))
    assert set(outcomes(known_by(labelled, on(7)))) == {("IVE", 0)}
    assert set(outcomes(known_by(labelled, on(6)))) == set()
    # Days 3 to 9 look at days 10 to 16, which nobody saw: never known.
    assert set(outcomes(known_by(labelled, on(99)))) == {("IVE", 0), ("IVE", 1), ("IVE", 2)}


histories = st.dictionaries(
    st.tuples(st.sampled_from(["IVE", "BTS", "IU"]), st.integers(0, 20)),
    st.sampled_from(TIERS),
    min_size=1,
)


@settings(max_examples=60, deadline=None)
@given(histories, st.integers(1, 9), st.integers(-2, 30))
def test_labels_and_what_is_known_equal_a_plain_second_implementation(seen, horizon, day):
    labelled = label(inputs(seen), horizon)
    days = {d for _, d in seen}
    expected = {
        (artist, d): seen.get((artist, d + horizon), 4) if d + horizon in days else None
        for artist, d in seen
    }
    assert outcomes(labelled) == expected
    known = {k: tier for k, tier in expected.items() if tier and k[1] + horizon <= day}
    assert outcomes(known_by(labelled, on(day))) == known
    census = take_census(known_by(labelled, on(day)))
    assert census == Census(
        row_count=len(known),
        subject_count=len({artist for artist, _ in known}),
        day_count=len({d for _, d in known}),
        class_counts={tier: list(known.values()).count(tier) for tier in TIERS},
    )


def test_what_was_known_on_a_day_does_not_depend_on_later_days():
    rng = random.Random(3)
    seen = {(a, d): rng.choice(TIERS) for a in ("IVE", "BTS") for d in range(40) if d % 5}
    cut = {key: tier for key, tier in seen.items() if key[1] <= 25}
    whole, short = (outcomes(known_by(label(inputs(s)), on(25))) for s in (seen, cut))
    assert whole == short
    assert len(whole) > 20


def test_six_days_are_too_few_and_seven_are_enough():
    counts = dict.fromkeys(TIERS, 5)
    found = refusal(Census(20, 3, TARGET.min_days - 1, counts), TARGET)
    assert found is not None
    assert "6 days" in found
    assert "needs 7" in found
    assert refusal(Census(20, 3, TARGET.min_days, counts), TARGET) is None


@pytest.mark.parametrize(
    ("counts", "named"),
    [((0, 5, 5, 5), "tier 1:"), ((5, 5, 5, 0), "tier 4:"), ((0, 5, 0, 5), "tier 1, 3:")],
)
def test_absent_tiers_are_named(counts, named):
    found = refusal(Census(20, 3, 30, dict(zip(TIERS, counts, strict=True))), TARGET)
    assert found is not None
    assert named in found


def test_nothing_known_is_a_census_of_zeros_and_refused():
    census = take_census(known_by(label(inputs({("IVE", 0): 1})), on(30)))
    assert census == Census(0, 0, 0, dict.fromkeys(TIERS, 0))
    assert refusal(census, TARGET) == "0 days with a known outcome: a training needs 7"
