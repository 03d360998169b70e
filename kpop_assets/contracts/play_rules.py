"""The numbers that plays are taken in and counted by. Said here alone.

Belongs here: limits and windows of plays, as in rules.py. Does not belong here: a column
(plays.py), or a formula.
"""

from __future__ import annotations

# Of plays in one window, as the system that came before this one counted them.
PLAY_WINDOW_SECONDS = 3_600
# A clock that is further ahead of whoever received the play than this is wrong.
CLOCK_AHEAD_SECONDS = 300
# What is delivered so long after it began is late: it counts, and is told of.
LATE_PLAY_SECONDS = 3_600
# A track that nobody told of for so long is unknown; a late day of tracks reaches as far.
TRACK_KNOWN_DAYS = 28
# Who hears so much of a track has heard it.
COMPLETED_PCT = 80
# Who leaves it so soon has skipped it, as players count skips.
SKIPPED_SECONDS = 30
# What is done so long after an answer comes of it.
OUTCOME_SECONDS = 86_400
# Tracks as they were known on the day of the answer, which is the day before.
OUTCOME_LOOK_BACK_DAYS = TRACK_KNOWN_DAYS + 1
# Seoul's clock, since 1988.
SEOUL_OFFSET_SECONDS = 9 * 3_600
DAY_SECONDS = 86_400
# No sound is played for longer in one go: a whole day.
MOST_PLAYED_MS = 86_400_000
MOST_RATING = 5.0
