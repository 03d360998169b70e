"""What experiments are judged by: each metric is one number of a listener on a day, summed.

Belongs here: names of metrics, where each stands in `experiments/listener_days`, and which way is
better. Does not belong here: how the days are counted, or what is decided.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True)
class ExperimentMetric:
    """One metric.

    Attributes:
        column: of `experiments/listener_days`, summed over a listener's days in the experiment.
        better: whether more of it is better, or less.
        meaning: what it is, as a sentence.
    """

    column: str
    better: Literal["more", "less"]
    meaning: str


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
    "clicks": ExperimentMetric("clicked_work_count", "more", "Works of answers that were clicked."),
    "recommended_plays": ExperimentMetric(
        "taken_work_count", "more", "Works of answers that were played within 24 hours."
    ),
    "recommended_completed": ExperimentMetric(
        "finished_work_count", "more", "Works of answers that were heard to the end."
    ),
    "skips": ExperimentMetric("skipped_work_count", "less", "Works of answers that were skipped."),
    "likes": ExperimentMetric("liked_work_count", "more", "Works of answers that were liked."),
    "dislikes": ExperimentMetric(
        "disliked_work_count", "less", "Works of answers that were disliked or hidden."
    ),
    "active_days": ExperimentMetric("active_count", "more", "Days on which a listener played."),
}
