"""Made-up experiments: a plan, exposures, and days of listeners.

Belongs here: what several tests of results share. Does not belong here: what they hold.
"""

from __future__ import annotations

import datetime as dt
from functools import cache
from typing import Any

import numpy as np
import polars as pl

from kpop_assets.contracts.experiments import LISTENER_DAYS
from kpop_assets.contracts.exposures import EXPOSURES
from kpop_assets.experiments.plans import Experiment
from kpop_assets.lake.rows import empty

FIRST = dt.date(2026, 11, 1)
ONE = dt.timedelta(days=1)
PLAN = Experiment(
    name="one",
    question="Does it?",
    unit="listener",
    starts_on=FIRST,
    ends_on=FIRST + 13 * ONE,
    primary_metric="plays",
    guardrail_metrics=(),
    least_effect=0.1,
    pre_period_days=28,
    shares={"control": 0.5, "new": 0.5},
    salt="one",
    decides="end",
    settings={},
)


def met(*rows: tuple[int, str, str]) -> pl.DataFrame:
    """Exposures: day of the experiment, unit, variant."""
    cells = [
        {
            "ingest_date": FIRST + day * ONE,
            "experiment": "one",
            "unit_id": unit,
            "variant": variant,
            "exposed_at": dt.datetime(2026, 11, 1, 3, tzinfo=dt.UTC) + day * ONE,
        }
        for day, unit, variant in rows
    ]
    return pl.DataFrame(cells, schema=empty(EXPOSURES).schema)


def did(*rows: tuple[int, str, int]) -> pl.DataFrame:
    """Plays: day of the experiment (below 0 before it), listener, number."""
    cells = [
        dict.fromkeys(LISTENER_DAYS.column_names, 0)
        | {"ingest_date": FIRST + day * ONE, "user_id": user, "play_count": count}
        for day, user, count in rows
    ]
    return pl.DataFrame(cells, schema=empty(LISTENER_DAYS).schema)


@cache
def made_up(effect: float, count: int = 600, days: int = 14) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Listeners each with a usual number of plays, before the experiment and in it."""
    random = np.random.default_rng(11)
    names = [f"u{number:03}" for number in range(count)]
    is_new = random.permutation(count) < count / 2
    usual = random.gamma(2, 1.5, count)
    exposures = met(
        *(
            (int(random.integers(0, 4)), n, "new" if t else "control")
            for n, t in zip(names, is_new, strict=True)
        )
    )
    plays = [
        (day, name, int(random.poisson(rate * (1 + effect * (is_treated and day >= 0)))))
        for day in range(-14, days)
        for name, rate, is_treated in zip(names, usual, is_new, strict=True)
    ]
    return exposures, did(*(one for one in plays if one[2]))


def by_variant(rows: list[dict[str, Any]]) -> dict[str, dict[str, Any]]:
    return {row["variant"]: row for row in rows}
