"""Every number that a formula shares with another, with a contract or with a page: said here alone.

Belongs here: windows, weights, cut-offs, horizons, limits and how far a formula looks back, each
with its reason. Does not belong here: scores and outliers of videos (lens_rules.py), words
(word_rules.py), the formula, a number of one function alone, or what is configured (settings.py).

None of them is configured for a run: two runs would write tables that do not fit together. Whoever
changes one has to run all days anew, and to train anew.
"""

from __future__ import annotations

import math

# -- bronze ------------------------------------------------------------------------------------
# Ids that a day's filter holds at its chance of a false hit; a day with more has a larger one.
BLOOM_CAPACITY = 500_000
BLOOM_ERROR_RATE = 0.01
# A video is new on a day if it was seen on none of as many days before.
NEW_VIDEO_LOOK_BACK_DAYS = 7

# -- silver ------------------------------------------------------------------------------------
# A video seen again after longer than this is a new baseline: what it gained meanwhile belongs to
# no day in particular.
COUNTERS_LOOK_BACK_DAYS = 30
# A first observation counts as gained only where the video is this young; an old video's counter
# is what it gathered in years. Of an older one the first days are not known either.
FIRST_SEEN_DAYS = 2
# A counter that falls by half or more, and by this many points, is not believed on its day: real
# corrections are smaller. Of 33,600 pairs of days of three public sources two fell by half or more,
# comments that were removed; the greatest fall of views was 14 %, of a chart's total 36 %, and both
# lasted. Fewer points move nobody.
GLITCH_SHARE = 0.5
GLITCH_LEAST_POINTS = 1000
# A counter of likes or comments at 0 is its beginning only where hardly anybody had watched: of
# more viewers one likes, and the counter was hidden.
FEW_VIEWS = 1000
# A view counter at 0 is a beginning only of what is to begin, or began (was published, where that
# is all that is known) no longer before: premieres are announced some weeks ahead.
ANNOUNCED_DAYS = 28
# What YouTube calls a Short: by length alone, and where the title says so as well.
SHORT_SECONDS = 60
TAGGED_SHORT_SECONDS = 180
# K-POP's premieres are music videos, films of minutes; what runs on longer is a stream.
LONGEST_PREMIERE_SECONDS = 900
# Days, from its launch on, whose views tell how a video did; they are known once it is seen after
# them, within as many days more. It may have been announced before.
FIRST_VIEWS_DAYS = 7
FIRST_WEEK_WITHIN_DAYS = 2 * FIRST_VIEWS_DAYS - 1
FIRST_WEEK_LOOK_BACK_DAYS = ANNOUNCED_DAYS + FIRST_WEEK_WITHIN_DAYS + 1
# A like takes an action and a comment takes words; docs/decisions/0003 gives the reasons. Files
# without counters still rank: each observation weighs one.
MENTION_WEIGHT = 1
VIEW_WEIGHT = 1
LIKE_WEIGHT = 10
COMMENT_WEIGHT = 50
# 2^12 registers give a standard error of 1.04 / sqrt(4096) = 1.6 %.
SKETCH_LG_REGISTERS = 12
WINDOW_SECONDS = 3600
SLIDE_SECONDS = 300
WINDOWS_PER_EVENT = WINDOW_SECONDS // SLIDE_SECONDS
# How far behind the newest event an event may come and still count.
WATERMARK_SECONDS = 600
# Days that a stream keeps.
LIVE_DAYS = 7

# -- gold --------------------------------------------------------------------------------------
# Trailing windows end on the day they describe, and are this long unless a name says otherwise.
WINDOW_DAYS = 7
# What names that end in _7d and _30d mean.
WEEK_DAYS = 7
MONTH_DAYS = 30
# An artist without an event for this long has no row, and counts as in the last tier.
ACTIVE_DAYS = 30
# History counts as reaching back to a window's start if a day was seen at most this long before.
HISTORY_GAP_DAYS = 7
# The previous month's window begins 59 days before the day, and its start may lie in a gap.
FEATURES_LOOK_BACK_DAYS = 2 * MONTH_DAYS - 1 + HISTORY_GAP_DAYS
# Lowest percentile of each tier but the last, from the top. Tables, models, pages and texts have
# as many tiers as follow from it.
TIER_PERCENTILES = (0.90, 0.75, 0.40)
TIERS = tuple(range(1, len(TIER_PERCENTILES) + 2))
# Growth above which a trend is RISING, and below whose negative FALLING.
RISING_PCT = 10.0
# Momentum above which an artist is surging, and below whose negative slowing.
MOMENTUM_EDGE_POINTS = 5.0

# A day that brings less than this share of the days before it repeats an earlier page: charts do
# so now and then, and the day after jumps by two days.
FRESH_SHARE = 0.1
USUAL_DAYS = 14

# -- lens --------------------------------------------------------------------------------------
# A rate is taken between two observations that lie this far apart: closer ones differ by what
# YouTube rounds and delays, farther ones say little of now.
PAIR_LEAST_HOURS = 2
PAIR_MOST_HOURS = 48
PAIR_LOOK_BACK_DAYS = PAIR_MOST_HOURS // 24
# Upper ends of the bands of age but the last, in days.
AGE_EDGES_DAYS = (1, 3, 7, 30, 180)
AGE_BANDS = ("0-1d", "1-3d", "3-7d", "7-30d", "30-180d", "180d+", "unknown")
# Views over a life shorter than this are no rate.
LIFETIME_LEAST_HOURS = 1
# Factor by which a median of absolute deviations is the standard deviation of a normal sample.
MAD_SCALE = 1.4826
# Fewer values have no scale of their own.
SCALE_LEAST_COUNT = 3
# Views per like, in robust sigmas of videos of the same format and age, beyond which likes are odd.
ODD_LIKES_SIGMAS = 3.0
# Hours ahead that each video is forecast.
FORECAST_HORIZONS_HOURS = (24, 72, 168)
# An outcome counts as that of a horizon if the hours between are no more than this share off it.
HORIZON_TOLERANCE = 0.25
# A line is drawn through the observations of a week; through fewer than these any line goes.
TREND_HOURS = 168
TREND_LEAST_SNAPSHOTS = 3
TREND_LOOK_BACK_DAYS = TREND_HOURS // 24
# Slope of that line, views an hour, above which a video is in a class, from the top.
GROWTH_CLASSES = {"viral": 10_000, "rising": 1_000, "steady": 0, "declining": -1_000}
LOWEST_GROWTH_CLASS = "fading"
# Forecasts of videos learn from so many days up to a Sunday, or from all there are up to the day
# itself while those are fewer than a week. What an API said of a video is gone a month later.
FORECAST_FIT_DAYS = 21
FORECAST_FIT_LEAST_DAYS = 7
FORECAST_LOOK_BACK_DAYS = FORECAST_FIT_DAYS - 1 + WEEK_DAYS - 1
# Rows that they learn from: more make a fit slower and hardly better.
FORECAST_SAMPLE_ROWS = 10_000
# Intervals around a forecast, in percent of what comes.
INTERVAL_LEVELS_PCT = (80, 95)
# Round numbers that people wait for, and days ahead that are looked at.
VIDEO_MILESTONES_VIEWS = (10**6, 10**7, 5 * 10**7, 10**8, 5 * 10**8, 10**9)
MILESTONE_DAYS = 30

# -- models ------------------------------------------------------------------------------------
# Days since the last new video are counted up to this.
SINCE_NEW_DAYS = 60
PACES_LOOK_BACK_DAYS = COUNTERS_LOOK_BACK_DAYS + SINCE_NEW_DAYS
# A video is young for this long.
YOUNG_VIDEO_DAYS = 7
PEAK_DAYS = 28
PEAKS_LOOK_BACK_DAYS = PEAK_DAYS - 1
# The same weekday, one, two and three weeks before.
EARLIER_TIER_DAYS = (7, 14, 21)
INPUTS_LOOK_BACK_DAYS = max(PACES_LOOK_BACK_DAYS, PEAKS_LOOK_BACK_DAYS, ACTIVE_DAYS)
# Of the typical pace of a day: what is smaller is as good as nothing.
PACE_UNIT_SHARE = 0.05
# The trend compares the pace of a week with that of four, both of fresh days alone. With fewer
# fresh days than two weeks since an act was first seen the one is half of the other, and says
# nothing: such an act has no month of its own yet.
TREND_WEEK_DAYS = 7
TREND_DAYS = 28
TREND_LEAST_DAYS = 14

# Days from a forecast to the day it is about.
HORIZON_DAYS = 7
# Viral is what an act is by its pace of these days as a whole, on the last of them: a peak of one
# day that its week does not hold is none. A pace is of the last 7 fresh days, whatever their dates:
# with fewer of them than this among the 7 of the calendar it is of another week, and not judged.
VIRAL_WEEK_LEAST_DAYS = 5
# Viral: of outcomes known when the forecast was made, those of this many days set what an act has
# to exceed, for its tier; a season, so that comebacks of all kinds are among them.
VIRAL_BAR_DAYS = 90
# What 95 % of acts of a tier do not exceed in such a week.
VIRAL_BAR_QUANTILE = 0.95
# Fewer outcomes of a tier set no bar: of four acts, the first tier of 40, it takes a month.
VIRAL_BAR_LEAST_COUNT = 100
# Or the act comes to pace like one of these tiers, from outside of them.
VIRAL_TIERS = TIERS[:2]
VIRAL_PERCENTILE = TIER_PERCENTILES[len(VIRAL_TIERS) - 1]
# The oldest outcome that sets a bar was forecast a horizon before.
OUTCOMES_LOOK_BACK_DAYS = HORIZON_DAYS + VIRAL_BAR_DAYS - 1 + HORIZON_DAYS

# Fewest forecast days with a known outcome that a training or a contest rests on: a full week, so
# that every weekday was seen.
MIN_DAYS = 7
# Origins of a backtest lie whole weeks apart.
STEP_DAYS = 7
# Forecast days before a cut that are learned from.
HISTORY_DAYS = 400
# Forecast days that candidates are scored on.
EVALUATION_DAYS = 60
# The oldest origin lies up to a step before the days it is scored on, whose outcomes lie a
# horizon before the training; it learns from the history before itself.
TRAINING_LOOK_BACK_DAYS = HISTORY_DAYS + EVALUATION_DAYS + STEP_DAYS + HORIZON_DAYS

# A temperature is learned on the days after this share of them, if there are enough: a full week.
CALIBRATION_SHARE = 0.75
LATER_DAYS = 7
# Bins that the calibration error compares P(rise) in, and the likeliest risers whose hits count.
ECE_BINS = 10
TOP_RISERS = 10

# -- pareto ------------------------------------------------------------------------------------
# An older champion knows too little of today's artists to be shown.
CHAMPION_DAYS = 60
RANK_CHANGE_DAYS = 7
DRIVING_DAYS = 7
# Inputs named as what moved a forecast most.
FACTOR_COUNT = 3
# Inputs named as why an act may become viral, or not.
REASON_COUNT = 4
# What moves the chance by less than half a percentage point is no reason.
REASON_LEAST_EFFECT = 0.005
# Bins of P(rise), equally wide.
RISE_BINS = 10
# Forecasts from this bin on say "will rise": P(rise) is a half or more.
HIGH_RISE_BIN = RISE_BINS // 2

# -- insights ----------------------------------------------------------------------------------
# A trend, and its change in a week, beyond these is one: 10 %, as a growth has to be for RISING.
TREND_EDGE = math.log1p(RISING_PCT / 100)
TREND_CHANGE_EDGE = TREND_EDGE
# Of an artist's videos, fans' included, few belong to a release. Of the demo's 65 simulated
# comebacks 0.95 found 97 %, and 3 % of what it found was none; with 0.9 a third was none.
BIG_VIDEO_QUANTILE = 0.95
# Music video, performance and dance practice of one song come out within two weeks.
RELEASE_GAP_DAYS = 14
# Intervals that pages show: 7 weekdays, 24 hours or several levers are looked at together, and of
# those that differ by nothing one in a hundred stands out.
INTERVAL_CONFIDENCE = 0.99
# The fewest values whose lowest and highest hold the median at that confidence: 1 - 2 / 2^8.
FEWEST_TIMED_RELEASES = 8
# And of so many acts: what one act does is its habit.
FEWEST_TIMED_ACTS = 3
# Acts in each of two halves that are compared.
FEWEST_IN_HALF = 8
# Artists that can be compared side by side.
FEWEST_COMPARED, MOST_COMPARED = 2, 5
# Breakouts stand in this tier or below, and grow and speed up by more than this.
BREAKOUT_TIER = 3
BREAKOUT_GROWTH_PCT = 50.0
BREAKOUT_MOMENTUM_POINTS = 20.0
# An act is a rookie for so long. The catalogue knows the year of a debut, so it counts from the
# middle of that year: half a year early or late at most.
ROOKIE_YEARS = 3
