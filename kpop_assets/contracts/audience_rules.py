"""The numbers that reviews, voices and what is made of them are counted by. Said here alone.

Belongs here: scales, limits and windows of the audience, a block for each of its tables, as in
rules.py. Does not belong here: a column (reviews.py, audience_voices.py), or a formula (audience/).
"""

from __future__ import annotations

# --- intake: reviews and voices ---

# Least and greatest rating of each scale that is a number; `letters` are below.
RATING_LIMITS = {"1-5": (1.0, 5.0), "1-10": (1.0, 10.0), "0-100": (0.0, 100.0), "thumbs": (0, 1)}
# Of 100, as Metacritic reads critics' letters from A to C+; between C+ and F it says nothing, and
# the five letters stand at even steps of 58 / 6.
_LETTER_STEP = 58 / 6
LETTER_RATINGS = {
    "A+": 100.0,
    "A": 100.0,
    "A-": 92.0,
    "B+": 83.0,
    "B": 75.0,
    "B-": 67.0,
    "C+": 58.0,
    "C": 5 * _LETTER_STEP,
    "C-": 4 * _LETTER_STEP,
    "D+": 3 * _LETTER_STEP,
    "D": 2 * _LETTER_STEP,
    "D-": _LETTER_STEP,
    "F": 0.0,
}
RATING_SCALES = (*RATING_LIMITS, "letters")

# What is known of a review before: YouTube's word may be kept for so long (retention/limits.py),
# and a later edit is a new word of the same review all the same.
REVIEW_KNOWN_DAYS = 28
# The same text by so many authors is copied; shorter texts many write of themselves.
FLOOD_LEAST_AUTHORS = 5
FLOOD_LEAST_LETTERS = 12
# Whoever calls for a text to be copied is followed within days.
FLOOD_DAYS = 7
# A text with a smaller share of Hangul is in another language, with a Korean name in it.
LEAST_HANGUL_SHARE = 0.3
LEAST_KANA_SHARE = 0.15
# Fewer letters say too little of a language: such a text in Latin letters is English.
LEAST_LATIN_LETTERS = 12
# Surer than this a text in Latin letters is of another language; what is in doubt is English.
LEAST_LANGUAGE_CHANCE = 0.6

# --- intake: comments under videos ---

# Of a plan: three units of the quota each, of the thousands of a day.
COMMENT_VIDEOS = 40
# Pages of 100 by time, beside one by relevance.
COMMENT_TIME_PAGES = 2
# How old what tables said last may be, and a release.
COMMENT_WITHIN_DAYS = 3

# --- scores of subjects ---

# How many ratings the mean of all of a kind weighs as (m).
WEIGHTED_RATING_PRIORS = {"act": 200.0, "release": 50.0, "title": 50.0, "video": 50.0, "work": 50.0}
FRESH_PCT, CERTIFIED_PCT, CERTIFIED_REVIEWS = 60.0, 75.0, 40
GREEN_FROM, YELLOW_FROM = 61, 40
# Ratings (0-100) from which on a review is positive, and up to which it is negative.
POSITIVE_RATING, NEGATIVE_RATING = 60.0, 40.0
# Ratings age slowly, and every day of them is read; what is said of an act is said of its weeks.
RATED_DAYS, SENTIMENT_DAYS = 182, 28
# An act of fewer reviews says nothing of its generation.
COHORT_LEAST_REVIEWS = 10.0
# A day of fewer reviews of an act, or with fewer days before it that have as many, has no band.
LEAST_MOOD_REVIEWS, LEAST_MOOD_DAYS = 10.0, 7
# Standard errors from the usual that a day's sentiment may lie: beyond it chance alone comes once
# in 700 days of an act, half of them above.
MOOD_SIGMAS = 3.2

# --- sentiment: what is learnt of ratings (0-100) ---

# Of ten: 4 and less, 9 and more, as reviews of Naver are labelled; 5 to 8 are neutral.
NEGATIVE_TO_RATING = 34.0
POSITIVE_FROM_RATING = 88.0
# How positive a text of a rating is taken to be, by corners: a rating of 8 is rather positive, and
# one of 1 surer than one of 4. Set by hand; docs/decisions/0039 has what they gain.
POSITIVE_SHARES = (
    *((0.0, 0.02), (33.3, 0.10), (44.4, 0.20), (55.6, 0.35)),
    *((66.7, 0.60), (77.8, 0.80), (88.9, 0.95), (100.0, 0.98)),
)
# A text between counts so much of one at an end.
BETWEEN_WEIGHT = 0.5
# Fewer rated texts teach less than the list of sayings knows.
LEAST_RATED_TEXTS = 1_000
LEAST_RATED_SUBJECTS = 20
SENTIMENT_FOLDS = 5
# What answers may take so long for 1,000 texts: 100,000 comments take 15 s then.
MOST_SENTIMENT_MS = 150.0
# Ratings do not age; whoever imports ten years of them has them learnt from.
RATED_LOOK_BACK_DAYS = 3_653
# The newest of so many rated texts of a language: a training takes minutes.
MOST_RATED_TEXTS = 200_000
# Not to be quoted from this chance on: set low, and no other tried (docs/decisions/0039).
MOST_TOXIC_CHANCE = 0.35

# --- aspects ---

MUSIC_ASPECTS = (
    *("vocal", "rap", "dance", "visuals", "song", "lyrics", "video", "concept", "live"),
    *("promotion", "fan_service"),
)
FILM_ASPECTS = ("acting", "plot", "cinematography", "soundtrack")
ASPECT_NAMES = (*MUSIC_ASPECTS, *FILM_ASPECTS)
# Where words of praise and a trained model both speak of a clause: the model's share.
CLAUSE_MODEL_SHARE = 0.2
