"""What experiments are judged by: each metric is one number of a listener on a day, summed.

Belongs here: names of metrics, where each stands in `experiments/listener_days`, and which way is
better. Does not belong here: how the days are counted, or what is decided.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial
from typing import Literal


@dataclass(frozen=True)
class ExperimentMetric:
    """One metric.

    Attributes:
        column: of `experiments/listener_days`, summed over a listener's days in the experiment.
        better: whether more of it is better, or less.
        meaning: what it is, as a sentence.
        lag_days: how many days after the day that it is about a row of
            `experiments/listener_days` has it.
    """

    column: str
    better: Literal["more", "less"]
    meaning: str
    lag_days: int = 0


# What comes of an answer is known a day after it.
_of_answers = partial(ExperimentMetric, lag_days=1)


# A new metric is a line here and a column of experiments/listener_days.
METRICS: Mapping[str, ExperimentMetric] = {
    "plays": ExperimentMetric("play_count", "more", "Counted plays of a listener."),
    "completed_plays": ExperimentMetric(
        "completed_count", "more", "Counted plays that were heard to the end."
    ),
    "abandoned_plays": ExperimentMetric(
        "abandoned_count", "less", "Counted plays of a known length that were not heard to the end."
    ),
    "tracks_played": ExperimentMetric(
        "track_count", "more", "Tracks that a listener played on a day, each day's summed."
    ),
    "clicks": _of_answers("clicked_work_count", "more", "Works of answers that were clicked."),
    "recommended_plays": _of_answers(
        "taken_work_count", "more", "Works of answers that were played within 24 hours."
    ),
    "recommended_completed": _of_answers(
        "finished_work_count", "more", "Works of answers that were heard to the end."
    ),
    "skips": _of_answers("skipped_work_count", "less", "Works of answers that were skipped."),
    "likes": _of_answers("liked_work_count", "more", "Works of answers that were liked."),
    "dislikes": _of_answers(
        "disliked_work_count", "less", "Works of answers that were disliked or hidden."
    ),
    "active_days": ExperimentMetric("active_count", "more", "Days on which a listener played."),
}
