"""What became of each forecast of who becomes viral.

Belongs here: forecasts beside what came. Does not belong here: making them
(viral_forecast.py), or what viral is (models/viral_outcomes.py).
"""

from __future__ import annotations

import pandas as pd

from kpop_assets.contracts.pareto import VIRAL_RECORD


def record_viral(forecasts: pd.DataFrame, outcomes: pd.DataFrame) -> pd.DataFrame:
    """The rows of `pareto/viral_record` of the days that have outcomes.

    Args:
        forecasts: rows of `pareto/next_viral`; those without a chance are left out.
        outcomes: rows of `models/viral_outcomes`.
    """
    made = forecasts[forecasts["p_viral"].notna()]
    horizon = pd.to_timedelta(made["horizon_days"], unit="D")
    made = made.drop(columns="candidate").assign(
        forecast_date=made["ingest_date"],
        ingest_date=made["ingest_date"] + horizon,
        candidate=made["viral_candidate"],
    )
    both = made.merge(outcomes, on=["ingest_date", "artist"], validate="one_to_one")
    return both[VIRAL_RECORD.column_names]
