"""One metric of one treatment against control, day by day.

Belongs here: which units and days are compared. Does not belong here: the formulas
(comparisons.py), or the rows that are made of it (day_results.py).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from kpop_assets.experiments.comparisons import NOTHING_KNOWN, Difference, Sample, difference
from kpop_assets.experiments.exposed_units import ExposedUnits, UnitSums
from kpop_assets.experiments.plan_faults import CONTROL


@dataclass(frozen=True)
class Comparison:
    """One metric of one treatment against control, on all days by now.

    Attributes:
        control, treatment: values as they are.
        clean_control, clean_treatment: the same, each unit's past taken away.
        looks: the difference of clean values as a share of control's mean, the oldest day first.
    """

    control: Sample
    treatment: Sample
    clean_control: Sample
    clean_treatment: Sample
    looks: Sequence[Difference]

    @property
    def found(self) -> Difference:
        """The difference on the last day, in the metric's own unit."""
        return difference(self.clean_control, self.clean_treatment)


def compare_variants(units: ExposedUnits, of_metric: UnitSums, treatment: str) -> Comparison:
    """A treatment against control, with a look on each day that is known.

    Args:
        units: of the experiment.
        of_metric: what they did.
        treatment: the variant.
    """
    looks = []
    # On the first day nothing is known of what comes of answers.
    nobody = Sample.of(np.array([]))
    raw, left = (nobody, nobody), (nobody, nobody)
    for variants, values, clean in of_metric.looks(units):
        of_control, of_treatment = variants == CONTROL, variants == treatment
        raw = Sample.of(values[of_control]), Sample.of(values[of_treatment])
        left = Sample.of(clean[of_control]), Sample.of(clean[of_treatment])
        # As a share of control: a sum grows from day to day, what is expected of it does not.
        looks.append(_scaled(difference(*left), raw[0].mean))
    return Comparison(*raw, *left, looks)


def _scaled(found: Difference, mean: float) -> Difference:
    if not mean > 0:
        return NOTHING_KNOWN
    return replace(
        found,
        effect=found.effect / mean,
        low=found.low / mean,
        high=found.high / mean,
        variance=found.variance / mean**2,
    )
