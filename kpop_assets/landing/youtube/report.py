"""What a run of the collector did.

Belongs here: the figures and their meaning. Does not belong here: collecting (collector.py) or how
they are shown (printing.py, landing/assets.py).
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field

from kpop_assets.landing.files import LandedFile
from kpop_assets.landing.youtube.quota import Bucket


@dataclass
class Report:
    """What a run of the collector did.

    Attributes:
        day: Seoul day of the collection.
        round: number of the collection on that day.
        is_resumed: whether it went on with a collection that had stopped.
        spent: calls of this run by bucket, retries included.
        left: calls left by bucket.
        found: results of searches and uploads.
        new: videos seen for the first time.
        refreshed: videos seen again.
        left_out: what did not fit into the quota, by kind.
        refused: what YouTube refused for itself.
        stopped: why calls of a bucket ended before their work, one line each.
        landed: the files written.
    """

    day: dt.date
    round: int
    is_resumed: bool
    spent: dict[Bucket, int] = field(default_factory=dict)
    left: dict[Bucket, int] = field(default_factory=dict)
    found: int = 0
    new: int = 0
    refreshed: int = 0
    left_out: dict[str, int] = field(default_factory=dict)
    refused: list[str] = field(default_factory=list)
    stopped: list[str] = field(default_factory=list)
    landed: list[LandedFile] = field(default_factory=list)

    def figures(self) -> dict[str, int | str]:
        """The figures by name, those worth plotting over time as numbers."""
        return {
            "collection_round": self.round,
            **{f"calls_{bucket}": count for bucket, count in self.spent.items()},
            **{f"calls_left_{bucket}": count for bucket, count in self.left.items()},
            "found_count": self.found,
            "new_video_count": self.new,
            "refreshed_video_count": self.refreshed,
            "left_out_count": sum(self.left_out.values()),
            "left_out": "; ".join(f"{count:,} {kind}" for kind, count in self.left_out.items()),
            "refused": "; ".join(self.refused),
            "stopped": "; ".join(self.stopped),
        }
