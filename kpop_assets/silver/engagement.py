"""What a view, a like and a comment weigh: the one place that says so.

Belongs here: the weights and the formula. Does not belong here: what "gained" means (gains.py).
"""

from __future__ import annotations

from pyspark.sql import Column
from pyspark.sql import functions as F

# A like takes an action and a comment takes words; docs/decisions/0003 gives the reasons. Files
# without counters still rank: each observation weighs one.
MENTION_WEIGHT = 1
VIEW_WEIGHT = 1
LIKE_WEIGHT = 10
COMMENT_WEIGHT = 50


def engagement(events: Column, views: Column, likes: Column, comments: Column) -> Column:
    """Points: `1·events + 1·views gained + 10·likes gained + 50·comments gained`."""
    return (
        events * F.lit(MENTION_WEIGHT).cast("bigint")
        + views * F.lit(VIEW_WEIGHT).cast("bigint")
        + likes * F.lit(LIKE_WEIGHT).cast("bigint")
        + comments * F.lit(COMMENT_WEIGHT).cast("bigint")
    )
