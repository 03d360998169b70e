"""The numbers of what counts as a word and which words stand out. Said here alone.

Belongs here: how much of a text is read, and cut-offs of rankings, as in rules.py. Does not belong
here: lists of words (lens/stop_words.toml), or a formula (lens/).
"""

from __future__ import annotations

# A description begins with what its video is about; links and thanks follow.
DESCRIPTION_LETTERS = 300
# A line in so many descriptions of a day, of whatever channels, says nothing of any of them.
BOILERPLATE_LEAST_VIDEOS = 4
# A channel of one video a day repeats itself within a week; four would take four times as long.
BOILERPLATE_LOOK_BACK_DAYS = 7
# Of many channels: one that puts its own word under every video would else be first.
KEYWORD_LEAST_CHANNELS = 2
KEYWORD_LEAST_VIDEOS = 3
# Of acts or one act: a word of one video alone is not what people talk about.
ACTS_KEYWORD_LEAST_VIDEOS = 2
# Fewer rise by chance.
RISE_LEAST_VIDEOS = 3
# In standard deviations: of thousands of words hundreds are nearly one away by chance.
RISE_LEAST_SIGMAS = 1.0
KEYWORDS_KEPT = 20
KEYWORD_USUAL_DAYS = 28
