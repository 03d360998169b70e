"""The numbers of the domain `recommend`. Said here alone.

Belongs here: limits, windows and weights of tracks, plays and recommenders, as in rules.py. Does
not belong here: a column (tracks.py, recommend_tracks.py), or a formula (recommend/).
"""

from __future__ import annotations

# Audio features that are measured on a scale, with least and greatest value that a table may say.
FEATURE_LIMITS: dict[str, tuple[float, float]] = {
    "danceability": (0.0, 1.0),
    "energy": (0.0, 1.0),
    "valence": (0.0, 1.0),
    "tempo": (0.0, 400.0),
    "loudness": (-100.0, 20.0),
    "speechiness": (0.0, 1.0),
    "acousticness": (0.0, 1.0),
    "instrumentalness": (0.0, 1.0),
    "liveness": (0.0, 1.0),
}
FEATURES = tuple(FEATURE_LIMITS)
# Where a track has no beat that could be found, tables say 0 of these; they are not known then.
BEAT_FEATURES = ("danceability", "valence", "tempo")
# A sound file is no longer than a day.
MOST_DURATION_MS = 86_400_000
# -- works --
# Tracks of one act and title are versions of one work where their lengths lie within this.
WORK_SPAN_MS = 3_000
# All tracks that were ever told of: no home is older than ten years.
TRACKS_LOOK_BACK_DAYS = 3_653
# -- clusters of tracks --
# What tracks are put together by; of these, those that so many of the tracks have.
CLUSTER_FEATURES = ("danceability", "energy", "valence", "tempo")
CLUSTER_LEAST_SHARE = 0.5
CLUSTER_COUNT = 10
CLUSTER_SEED = 42
# A centre is called by what lies so many standard deviations from the mean, and "very" beyond.
CLUSTER_WORD_SIGMAS = 0.4
CLUSTER_VERY_SIGMAS = 1.2
# -- what to hear next --
# Recommenders learn from the plays of so many days.
TRAINING_PLAY_DAYS = 180
# Candidates of a listener, by the part that proposes them.
CANDIDATE_QUOTAS = {"collaborative": 1_000, "content": 500, "popular": 100, "rising": 50}
# No part proposes more than this share of all works: of a small catalogue all would be candidates.
CANDIDATE_SHARE = 0.05
# Weight of each part in the fixed mix; of those that are there, scaled to a sum of 1.
MIX_WEIGHTS = {
    "collaborative": 0.3,
    "content": 0.2,
    "deep": 0.3,
    "popular": 0.1,
    "recency": 0.1,
}
# Trees that rank candidates: more cost more time in each answer than they are worth.
RANKING_TREES = 100
# With more they tell the listeners of their lesson apart, and rank others worse.
RANKING_LEAVES = 7
# Trees learn from the candidates of so many listeners: more take longer and order no better.
LESSON_LISTENERS = 1_000
# The two-step rule: so many are near, of which the most popular are shown.
NEAR_FIRST = 100
# On a page no act stands more often than this in any ten places that follow each other, and no
# more often in all of what is near a work.
PAGE_ITEMS = 10
MOST_OF_AN_ACT = 2
# A page is chosen among so many times as many as it has places.
PAGE_OFFER_TIMES = 3
# Weight of likeness to what stands above against fit, both 0 to 1.
DIVERSITY_WEIGHT = 0.3
# Places for acts that are likely to rise, as a share of the page: the listener's own share of
# plays of such acts, within these bounds.
LEAST_RISING_SHARE = 0.1
MOST_RISING_SHARE = 0.3
# An act that stood out on each of the last seven days is as one with so much P(rise) more: too
# little to be likely to rise, because what stands out has risen already. Set, not fitted.
RISING_OUTLIER_WEIGHT = 0.25
# From this P(rise) on an act is likely to rise.
LIKELY_TO_RISE = 0.5
# From this cosine on a work is near another one in a reason.
REASON_NEARNESS = 0.5
# What is younger counts as new in a reason.
FRESH_DAYS = 28
# Without a seed the last plays are the seeds.
SEED_PLAYS = 5
# Popularity looks back so far, and a play counts half after so many days.
POPULAR_DAYS = 28
POPULAR_HALF_LIFE_DAYS = 7.0
# That somebody heard a work for the first time counts half after so many days.
DISCOVERED_HALF_LIFE_DAYS = 5.0
# What a listener is taken with now is told by what was played in so many days.
LATELY_DAYS = 21
# A release is half as new after so many days.
RECENCY_HALF_LIFE_DAYS = 30.0
# Listeners by how many different items they have: at most so many is new, from so many on heavy.
NEW_LISTENER_ITEMS = 5
HEAVY_LISTENER_ITEMS = 50
# Works that a new listener is asked about.
ONBOARDING_WORKS = 12
# Two acts share listeners only where so many have both.
LEAST_SHARED_LISTENERS = 10
# What holds listeners, and what they share, is seen in so many days; who listens to an act played
# it on so many of them: a song that a chart brought along makes nobody its act's listener.
AUDIENCE_DAYS = 28
LEAST_PLAY_DAYS = 2
# -- trainings of recommenders --
# The last weeks, each foretold from what was known the day before it.
TEST_WEEKS = 2
# Before them a week in which settings are chosen, and one from which is learnt at least.
TRAINING_LEAST_DAYS = 7 * (TEST_WEEKS + 2)
# Of more works those that were played most by the day from which is foretold, then those that
# came last: every recommender holds a number for each work and listener, EASE one for two.
MOST_TRAINING_WORKS = 10_000
# With fewer listeners who hear anything new in a week, chance alone would be measured.
LEAST_TEST_LISTENERS = 10
# Fewer ratings that listeners gave say less than how often all of them played what they have.
LEAST_GIVEN_RATINGS = 1_000
# First twenty are shown: recall is of ten and of twenty.
SHOWN_ITEMS = 20
# Listeners, one at a time, of whom the median is the latency.
LATENCY_LISTENERS = 50
# What the core product says of acts is looked up in the week before each moment.
ACT_NEWS_DAYS = 7 * (TEST_WEEKS + 2)
# Works are those of the newest training day among so many.
WORKS_KNOWN_DAYS = 28
# -- nearness of works by what they are --
# How much of it is the sound, and how much the words (act, label, generation, title).
SOUND_WEIGHT, WORDS_WEIGHT = 0.7, 0.3
# A vector of the index: the features, and words thrown onto so many numbers.
WORD_DIMENSIONS = 55
# The index finds so many times as many as are asked for, which are then compared exactly.
CANDIDATE_TIMES = 10
# Up to so many works each is compared with each; beyond, an index that finds at least this share.
EXACT_WORKS = 1_000_000
LEAST_RECALL = 0.98
# An answer of the serving bundle looks at all works up to so many (a millisecond), and beyond at
# the lists of an index.
EXACT_SERVED_WORKS = 50_000
# Of works that no recommender learnt so many are candidates for being near what was played, and as
# many for being near the last plays.
UNLEARNT_CANDIDATES = 100
# An answer orders so many of the best candidates of each part: what a part that proposes something
# thinks less of seldom gets among ten, and the trees take as long as there are rows.
ORDERED_OF_A_PART = 100
