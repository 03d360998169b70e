"""Labelled rows: what was known of an artist on a day, and the tier it had some days later.

Belongs here: the target, what was known when, and whether there is enough to train on. Does not
belong here: features (inputs.py) or estimators (candidates.py).
"""

from __future__ import annotations

import datetime as dt
import hashlib
from dataclasses import dataclass

import pandas as pd

HORIZON_DAYS = 7
# Forecast days before a cut that are learned from.
HISTORY_DAYS = 400
# Top first, as tier_of numbers them in gold/features.py: three cut-offs and the rest.
TIERS = (1, 2, 3, 4)
MIN_DAYS = 7


@dataclass(frozen=True)
class Census:
    """What a training had to learn from.

    Attributes:
        row_count: labelled rows, one an artist and day.
        artist_count: artists among them.
        day_count: forecast days among them.
        tier_counts: rows by the tier they ended in.
    """

    row_count: int
    artist_count: int
    day_count: int
    tier_counts: dict[int, int]

    def refusal(self) -> str | None:
        """What is missing for a training, as a sentence; None where nothing is."""
        if self.day_count < MIN_DAYS:
            return f"{self.day_count} days with a known outcome: a training needs {MIN_DAYS}"
        absent = [str(tier) for tier, count in self.tier_counts.items() if not count]
        if absent:
            return f"no artist ended in tier {', '.join(absent)}: a training needs each tier"
        return None


def label(inputs: pd.DataFrame, horizon_days: int = HORIZON_DAYS) -> pd.DataFrame:
    """Add the day a row forecasts and the tier the artist had then.

    Args:
        inputs: `models/artist_inputs`; ingest_date as datetime64, artist, tier.
        horizon_days: days from the forecast day to the target day.

    Returns:
        The same rows with target_date and target_tier (nullable). An artist without a row on a
        target day that was seen had no event for 30 days: it stands in the last tier. A target day
        without any row was not seen, so its tiers are unknown.
    """
    target_date = inputs["ingest_date"] + pd.Timedelta(days=horizon_days)
    outcome = inputs[["ingest_date", "artist", "tier"]].rename(
        columns={"ingest_date": "target_date", "tier": "target_tier"}
    )
    rows = inputs.assign(target_date=target_date).merge(
        outcome, on=["target_date", "artist"], how="left", validate="one_to_one"
    )
    is_seen = rows["target_date"].isin(inputs["ingest_date"])
    tier = rows["target_tier"].where(rows["target_tier"].notna() | ~is_seen, TIERS[-1])
    return rows.assign(target_tier=tier.astype("Int64"))


def digest(rows: pd.DataFrame) -> str:
    """A hash of rows and their order: the same data gives the same 16 hexadecimal digits."""
    # A null somewhere in a read turns whole numbers into floats, which hash differently.
    numbers = rows.select_dtypes("number").columns
    same = rows.astype(dict.fromkeys(numbers, "float64"))
    hashes = pd.util.hash_pandas_object(same, index=False).to_numpy()
    return hashlib.sha256(hashes.tobytes()).hexdigest()[:16]


def known_by(labelled: pd.DataFrame, day: dt.date) -> pd.DataFrame:
    """Rows whose outcome had been seen by the end of `day`."""
    is_known = labelled["target_tier"].notna() & (labelled["target_date"] <= pd.Timestamp(day))
    return labelled[is_known]


def take_census(known: pd.DataFrame) -> Census:
    """Count rows, artists, days and classes of rows with known outcomes."""
    return Census(
        row_count=len(known),
        artist_count=int(known["artist"].nunique()),
        day_count=int(known["ingest_date"].nunique()),
        tier_counts={tier: int((known["target_tier"] == tier).sum()) for tier in TIERS},
    )
