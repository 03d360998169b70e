"""Which units met which variant, and what each did from then on and before.

Belongs here: tables turned into arrays, a row a unit and a column a day. Does not belong here: what
is worked out of them (day_results.py).
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import polars as pl
from numpy.typing import NDArray

from kpop_assets.contracts.bronze import SIMULATED_SOURCE
from kpop_assets.experiments.comparisons import Values, without_the_past
from kpop_assets.experiments.plans import Experiment
from kpop_assets.experiments.unit_metrics import ExperimentMetric

EXPOSURE_COLUMNS = ("ingest_date", "experiment", "unit_id", "variant", "exposed_at", "source")
_Places = NDArray[np.int64]


@dataclass(frozen=True)
class ExposedUnits:
    """Units of an experiment by the end of a day, in order of their ids.

    Attributes:
        ids: of the units, as `unit_id`, with their row as `place`.
        variants: variant of each: the first that it met.
        joined: day of the experiment on which each met it; the first is 0.
        twice_count: units that met more than one.
        stray_count: units that met one that the plan has not, of these or besides them.
        day_count: days since the experiment began, by now; one more than it has at the end.
        is_simulated: whether any exposure is.
    """

    ids: pl.DataFrame
    variants: NDArray[np.str_]
    joined: _Places
    twice_count: int
    stray_count: int
    day_count: int
    is_simulated: bool

    def counts(self) -> dict[str, int]:
        """Units by variant."""
        names, counts = np.unique(self.variants, return_counts=True)
        return dict(zip(names.tolist(), counts.tolist(), strict=True))


def find_exposed(experiment: Experiment, exposures: pl.DataFrame, day: dt.date) -> ExposedUnits:
    """The units that met a variant of the plan from its first day to this one.

    Args:
        experiment: its plan.
        exposures: `EXPOSURE_COLUMNS` of `bronze/exposures`, of these days at least.
        day: the last day that counts.
    """
    last = min(day, experiment.ends_on)
    own = exposures.filter(
        pl.col("experiment") == experiment.name,
        pl.col("ingest_date").is_between(experiment.starts_on, last),
    )
    is_planned = pl.col("variant").is_in(list(experiment.shares))
    found = (
        own.filter(is_planned)
        .sort("unit_id", "ingest_date", "exposed_at", "variant")
        .group_by("unit_id", maintain_order=True)
        .agg(
            pl.col("variant").first(),
            pl.col("ingest_date").first(),
            (pl.col("variant").n_unique() > 1).alias("is_twice"),
            (pl.col("source") == SIMULATED_SOURCE).any().alias("is_simulated"),
        )
    )
    joined = (found["ingest_date"] - experiment.starts_on).dt.total_days()
    return ExposedUnits(
        found.select("unit_id").with_row_index("place"),
        found["variant"].to_numpy().astype(np.str_),
        joined.to_numpy().astype(np.int64),
        int(found["is_twice"].sum()),
        own.filter(~is_planned)["unit_id"].n_unique(),
        (day - experiment.starts_on).days + 1,
        bool(found["is_simulated"].any()),
    )


@dataclass(frozen=True)
class UnitSums:
    """One metric of the units of an experiment.

    Attributes:
        by_day: sum from the day on which a unit joined to each day, a row a unit, a column a day
            of the experiment that is known.
        past: sum over the days before the experiment.
        is_known: whether a unit did anything then.
    """

    by_day: NDArray[np.float64]
    past: Values
    is_known: NDArray[np.bool_]

    def there(self, units: ExposedUnits) -> NDArray[np.bool_]:
        """The units that had joined by the last day that is known."""
        return units.joined < self.by_day.shape[1]

    def last(self) -> Values:
        """The sum of each unit up to that day."""
        days = self.by_day.shape[1]
        return self.by_day[:, -1] if days else np.zeros(len(self.by_day))

    def looks(self, units: ExposedUnits) -> Iterator[tuple[NDArray[np.str_], Values, Values]]:
        """By day, of the units that are there: variants, values, and values less their past."""
        for day in range(self.by_day.shape[1]):
            there = units.joined <= day
            values = self.by_day[there, day]
            clean = values
            if len(values) > 2:
                clean = without_the_past(values, self.past[there], self.is_known[there])
            yield units.variants[there], values, clean


def sum_metric(
    experiment: Experiment,
    units: ExposedUnits,
    listener_days: pl.DataFrame,
    metric: ExperimentMetric,
) -> UnitSums:
    """A metric of all units, by day.

    Args:
        experiment: its plan.
        units: those of its units that are there.
        listener_days: rows of `experiments/listener_days`, from the first day before the
            experiment that counts to the day that is looked at.
        metric: what is summed.
    """
    if metric.lag_days:
        # A row of plays alone says nothing of answers.
        listener_days = listener_days.filter(pl.col("shown_work_count") > 0)
    own = listener_days.join(units.ids, left_on="user_id", right_on="unit_id")
    since = (own["ingest_date"] - experiment.starts_on).dt.total_days().to_numpy()
    days = since - metric.lag_days
    places, values = own["place"].to_numpy(), own[metric.column].to_numpy().astype(np.float64)
    count = len(units.variants)
    known = min(units.day_count - metric.lag_days, experiment.day_count)
    is_counted = (days < known) & (days >= units.joined[places])
    by_day = np.zeros((count, known))
    np.add.at(by_day, (places[is_counted], days[is_counted]), values[is_counted])
    before = (days < 0) & (days >= -experiment.pre_period_days)
    past = np.bincount(places[before], values[before], minlength=count)
    is_known = np.bincount(places[before], minlength=count) > 0
    return UnitSums(by_day.cumsum(axis=1), past.astype(np.float64), is_known)
