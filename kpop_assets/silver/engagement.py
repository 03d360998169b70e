"""What a view, a like and a comment weigh: the one place that says so.

Belongs here: the weights and the formula. Does not belong here: what "gained" means
(video_daily.py).
"""

from __future__ import annotations

from pyspark.sql import Column
from pyspark.sql import functions as F

from kpop_assets.contracts import rules


def engagement(events: Column, views: Column, likes: Column, comments: Column) -> Column:
    """Points: `1·events + 1·views gained + 10·likes gained + 50·comments gained`."""
    return (
        events * F.lit(rules.MENTION_WEIGHT).cast("bigint")
        + views * F.lit(rules.VIEW_WEIGHT).cast("bigint")
        + likes * F.lit(rules.LIKE_WEIGHT).cast("bigint")
        + comments * F.lit(rules.COMMENT_WEIGHT).cast("bigint")
    )
