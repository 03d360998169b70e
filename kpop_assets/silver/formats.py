"""What kind of video a row is about: the one rule that tells Shorts, streams and premieres apart.

Belongs here: that rule. Does not belong here: what is shown of each kind (the viewer), or covers,
which the roles of artists tell (catalog/).

YouTube calls a video of up to 60 seconds a Short, since 2024-10-15 one of up to three minutes if it
is upright. No source gives the shape, so up to three minutes the title has to say `#shorts`. A
stream and a premiere both have a time at which they begin; a premiere is a finished video, whose
length is known and short, where a stream runs on. Nobody gives a length of 0: it is none.
"""

from __future__ import annotations

from pyspark.sql import Column
from pyspark.sql import functions as F

from kpop_assets.contracts import rules

# What a title says of a stream whose length is not known: [LIVE], (LIVE), LIVE STREAM, 생방송.
_SAYS_LIVE = (
    r"(?i)[\[(【](on[- ]?air|live|라이브|생방송)[\])】]|live ?stream|라이브 ?방송|생방송|🔴"
)


def video_format(title: Column, seconds: Column, scheduled_at: Column, began_at: Column) -> Column:
    """`short`, `live`, `premiere`, `video`, or `unknown` where no length is known."""
    has_length = F.coalesce(seconds > 0, F.lit(False))
    says_short = F.lower(title).contains("#short")
    is_short = (seconds <= rules.SHORT_SECONDS) | (
        (seconds <= rules.TAGGED_SHORT_SECONDS) & says_short
    )
    begins = scheduled_at.isNotNull() | began_at.isNotNull()
    is_premiere = has_length & (seconds <= rules.LONGEST_PREMIERE_SECONDS)
    return (
        F.when(begins, F.when(is_premiere, "premiere").otherwise("live"))
        .when(has_length, F.when(is_short, "short").otherwise("video"))
        .when(title.rlike(_SAYS_LIVE), "live")
        .otherwise("unknown")
    )
