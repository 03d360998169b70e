"""What a run of the collector of comments did.

Belongs here: the report. Does not belong here: the run (comments.py), or how it is shown (cli/).
"""

from __future__ import annotations

from dataclasses import dataclass, field

from kpop_assets.landing.files import LandedFile


@dataclass
class CommentReport:
    """What a run found.

    Attributes:
        picked: videos of the plan.
        asked: of these, those that were due and were asked for.
        found: comments that were listed.
        gone: comments that are listed no more.
        disabled: videos whose comments are closed.
        missing: videos that are gone.
        odd: items that answers held and that could not be used.
        refused: what YouTube refused for itself, a line each.
        stopped: why calls ended before their work; empty where they did not.
        landed: the file written.
    """

    picked: int = 0
    asked: int = 0
    found: int = 0
    gone: int = 0
    disabled: int = 0
    missing: int = 0
    odd: int = 0
    refused: list[str] = field(default_factory=list)
    stopped: str = ""
    landed: LandedFile | None = None

    def figures(self) -> dict[str, int | str]:
        """The figures by name, those worth plotting over time as numbers."""
        return {
            "comment_videos_picked": self.picked,
            "comment_videos_asked": self.asked,
            "comments_found": self.found,
            "comments_gone": self.gone,
            "comment_videos_closed": self.disabled,
            "comment_videos_missing": self.missing,
            "comments_odd": self.odd,
            "comments_refused": "; ".join(self.refused),
            "comments_stopped": self.stopped,
        }
