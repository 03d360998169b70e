"""What is forecast: the class that something has some days later, and who could know it when.

Belongs here: the target as an object, labelled rows, what was known on a day, and whether that is
enough to learn from. Does not belong here: which target a domain has, or the inputs of its models.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

import pandas as pd

OUTCOME_DAY = "target_date"


@dataclass(frozen=True)
class Target:
    """What a domain forecasts and by which rules, said once: all of `ml` takes them from here.

    Attributes:
        label: column with the class of today, such as `tier`.
        classes: all classes in order, numbered from 1, the best.
        horizon_days: days from a forecast to the day that it is about.
        subject: column that names whose class it is, such as `artist`.
        absent: class of a subject without a row on a day that was seen; None leaves it unknown.
        is_event: class 1 is that something happens by then, the last that it does not, whatever
            was before: on the day of a forecast everybody counts as in the last.
        day: column of the day on which a forecast is made.
        min_days: fewest forecast days with a known outcome that a training rests on.
        step_days: days from one origin of a backtest to the next.
        earlier_share: of the days, learned from before a temperature is tried on those after.
        later_days: fewest days to try it on.
        ece_bins: bins that the calibration error compares P(rise) in.
        top: likeliest risers of a day whose hits count.
    """

    label: str
    classes: tuple[int, ...]
    horizon_days: int
    subject: str
    absent: int | None = None
    is_event: bool = False
    day: str = "ingest_date"
    # Full weeks, so that every weekday has a say.
    min_days: int = 7
    step_days: int = 7
    earlier_share: float = 0.75
    later_days: int = 7
    ece_bins: int = 10
    top: int = 10

    @property
    def outcome(self) -> str:
        """Column with the class that came."""
        return f"target_{self.label}"

    @property
    def probabilities(self) -> list[str]:
        """Columns with the probability of each class, in the order of `classes`."""
        return [f"p_{self.label}_{number}" for number in self.classes]


@dataclass(frozen=True)
class Census:
    """What a training has to learn from.

    Attributes:
        row_count: labelled rows, one a subject and day.
        subject_count: subjects among them.
        day_count: forecast days among them.
        class_counts: rows by the class that they ended in.
    """

    row_count: int
    subject_count: int
    day_count: int
    class_counts: dict[int, int]


def label(rows: pd.DataFrame, target: Target, outcomes: pd.DataFrame | None = None) -> pd.DataFrame:
    """Add the day that a row forecasts and the class of its subject on it.

    Args:
        rows: day (datetime64), subject and class of today (but for an event), and whatever else is
            known of them.
        target: what is forecast.
        outcomes: day, subject and class that came, where it does not stand in `rows` themselves.

    Returns:
        The same rows with `target_date` and the outcome (nullable): `target.absent` for a subject
        without a row on a target day that was seen; null where nobody has a row on it.

    Raises:
        pandas.errors.MergeError: a subject has two rows on a day.
    """
    key = [OUTCOME_DAY, target.subject]
    if target.is_event:
        rows = rows.assign(**{target.label: target.classes[-1]})
    outcomes = rows if outcomes is None else outcomes
    came = outcomes[[target.day, target.subject, target.label]].set_axis(
        [*key, target.outcome], axis="columns"
    )
    outcome_day = rows[target.day] + pd.Timedelta(days=target.horizon_days)
    labelled = rows.assign(**{OUTCOME_DAY: outcome_day}).merge(
        came, on=key, how="left", validate="one_to_one"
    )
    outcome = labelled[target.outcome]
    if target.absent is not None:
        is_seen = labelled[OUTCOME_DAY].isin(outcomes[target.day])
        outcome = outcome.where(outcome.notna() | ~is_seen, target.absent)
    return labelled.assign(**{target.outcome: outcome.astype("Int64")})


def known_by(labelled: pd.DataFrame, target: Target, day: dt.date) -> pd.DataFrame:
    """Rows whose outcome had been seen by the end of `day`."""
    is_seen = labelled[OUTCOME_DAY] <= pd.Timestamp(day)
    return labelled[labelled[target.outcome].notna() & is_seen]


def take_census(known: pd.DataFrame, target: Target) -> Census:
    """Count rows, subjects, days and classes of rows with known outcomes."""
    return Census(
        row_count=len(known),
        subject_count=int(known[target.subject].nunique()),
        day_count=int(known[target.day].nunique()),
        class_counts={k: int((known[target.outcome] == k).sum()) for k in target.classes},
    )


def refusal(census: Census, target: Target) -> str | None:
    """What is missing for a training, as a sentence; None where nothing is."""
    if census.day_count < target.min_days:
        return f"{census.day_count} days with a known outcome: a training needs {target.min_days}"
    absent = ", ".join(str(k) for k, count in census.class_counts.items() if not count)
    name = target.label
    if absent and target.is_event:
        came = "no" if not census.class_counts[target.classes[0]] else "every"
        return f"{came} {target.subject} became {name}: a training needs some that did, and others"
    if absent:
        return f"no {target.subject} ended in {name} {absent}: a training needs each {name}"
    return None
