"""The lens assets: what each reads, and which module fills it.

Belongs here: assembly of the layer, that of its outliers in outlier_assets.py and of
what services outside say in signal_assets.py. Does not belong here: any formula.
"""

from collections.abc import Iterator

import dagster as dg

from kpop_assets.catalog.catalog import load_catalog, overlay_path
from kpop_assets.contracts import rules, word_rules
from kpop_assets.contracts.bronze import EVENTS
from kpop_assets.contracts.lens_forecasts import (
    FORECAST_SCORECARD,
    FORECAST_SCORES,
    VIDEO_FORECASTS,
    VIDEO_MILESTONES,
    VIDEO_TRENDS,
)
from kpop_assets.contracts.lens_outliers import VIDEO_OUTLIERS
from kpop_assets.contracts.lens_videos import VIDEO_LISTS, VIDEO_METRICS, VIDEO_SCORES
from kpop_assets.contracts.lens_words import KEYWORDS, VIDEO_WORDS, WORD_COUNTS
from kpop_assets.contracts.silver import VIDEO_DAILY
from kpop_assets.graph.lake_asset import lake_asset
from kpop_assets.graph.step import Step
from kpop_assets.lens import (
    boilerplate,
    forecast_record,
    keywords,
    lists,
    milestone_days,
    scores,
    trends,
    video_metrics,
    video_words,
    word_counts,
)
from kpop_assets.lens.checks import lists_hold, ranks_hold, scores_hold, words_add_up
from kpop_assets.lens.forecast_days import ForecastDays
from kpop_assets.lens.outlier_assets import (
    lens_artist_outliers,
    lens_channel_outliers,
    lens_video_outliers,
)
from kpop_assets.lens.signal_assets import lens_entities, lens_signals
from kpop_assets.settings import Settings

# Assets of other modules, which the layer is loaded with.
OUTLIERS = (lens_video_outliers, lens_channel_outliers, lens_artist_outliers)
OUTSIDE = (lens_entities, lens_signals)

_SCORES = {"scores_hold": "Each score lies within its parts, and all lie within 0 and 100."}
_LISTS = {"lists_hold": "Each list is in order, without gaps, and no longer than it may be."}
_COUNTS = {"words_add_up": "A day has as many words as rows in lens/video_words."}
_RANKS = {"ranks_hold": "Each ranking is in order, without gaps, and no longer than it may be."}


@lake_asset(
    VIDEO_METRICS,
    reads={EVENTS: rules.PAIR_LOOK_BACK_DAYS, VIDEO_DAILY: rules.PAIR_LOOK_BACK_DAYS},
    engine="python",
)
def lens_video_metrics(step: Step) -> dg.MaterializeResult:
    """Measure each video of each of the days by its observations of three days."""
    back = rules.PAIR_LOOK_BACK_DAYS
    step.fill(
        VIDEO_METRICS,
        lambda day: video_metrics.measure_metrics(
            step.frame(EVENTS, day, back, video_metrics.EVENT_COLUMNS),
            step.frame(VIDEO_DAILY, day, back, video_metrics.DAILY_COLUMNS),
            day,
        ),
    )
    return step.outcome(VIDEO_METRICS, "views_per_hour")


@lake_asset(
    VIDEO_SCORES,
    reads={VIDEO_METRICS: 0, VIDEO_OUTLIERS: 0},
    more_checks={VIDEO_SCORES: _SCORES},
    engine="python",
)
def lens_video_scores(step: Step) -> dg.MaterializeResult:
    """Score the videos of each of the days."""
    step.fill(
        VIDEO_SCORES,
        lambda day: scores.score_videos(
            step.frame(VIDEO_METRICS, day, columns=scores.METRIC_COLUMNS),
            step.frame(VIDEO_OUTLIERS, day, columns=scores.OUTLIER_COLUMNS),
        ),
    )
    return step.outcome(VIDEO_SCORES, "score", scores_hold)


@lake_asset(
    VIDEO_LISTS,
    reads={VIDEO_METRICS: 0, VIDEO_SCORES: 0},
    more_checks={VIDEO_LISTS: _LISTS},
    engine="python",
)
def lens_video_lists(step: Step) -> dg.MaterializeResult:
    """List the videos of each of the days."""
    step.fill(
        VIDEO_LISTS,
        lambda day: lists.list_videos(
            step.frame(VIDEO_METRICS, day, columns=lists.METRIC_COLUMNS),
            step.frame(VIDEO_SCORES, day, columns=lists.SCORE_COLUMNS),
        ),
    )
    return step.outcome(VIDEO_LISTS, "score", lists_hold)


@lake_asset(
    VIDEO_WORDS,
    reads={EVENTS: word_rules.BOILERPLATE_LOOK_BACK_DAYS, VIDEO_DAILY: 0},
    engine="python",
)
def lens_video_words(step: Step, settings: dg.ResourceParam[Settings]) -> dg.MaterializeResult:
    """Find the words of each video of each of the days."""
    finder = video_words.WordFinder(load_catalog(overlay=overlay_path(settings.home)))
    earlier = boilerplate.lines_before(
        lambda day: step.frame(EVENTS, day, columns=boilerplate.LINE_COLUMNS)
    )
    step.fill(
        VIDEO_WORDS,
        lambda day: finder.find_day(
            step.frame(EVENTS, day, columns=video_words.TEXT_COLUMNS),
            step.frame(VIDEO_DAILY, day, columns=video_words.GAIN_COLUMNS),
            earlier(day),
        ),
    )
    return step.outcome(VIDEO_WORDS, "views_gained")


@lake_asset(
    WORD_COUNTS,
    reads={VIDEO_WORDS: 0},
    more_checks={WORD_COUNTS: _COUNTS},
    engine="python",
)
def lens_word_counts(step: Step) -> dg.MaterializeResult:
    """Count the words of each of the days, of all videos and of each act's."""
    read = word_counts.WORD_COLUMNS
    step.fill(
        WORD_COUNTS,
        lambda day: word_counts.count_words(step.frame(VIDEO_WORDS, day, columns=read)),
    )
    return step.outcome(WORD_COUNTS, "video_count", words_add_up)


@lake_asset(
    KEYWORDS,
    reads={WORD_COUNTS: word_rules.KEYWORD_USUAL_DAYS},
    more_checks={KEYWORDS: _RANKS},
    engine="python",
)
def lens_keywords(step: Step) -> dg.MaterializeResult:
    """Rank the words of each of the days, against the days before."""
    read = keywords.COUNT_COLUMNS
    history = keywords.WordHistory(lambda day: step.frame(WORD_COUNTS, day, columns=read))
    step.fill(KEYWORDS, history.rank_day)
    return step.outcome(KEYWORDS, "video_count", ranks_hold)


@lake_asset(
    VIDEO_TRENDS,
    reads={EVENTS: rules.TREND_LOOK_BACK_DAYS, VIDEO_DAILY: rules.TREND_LOOK_BACK_DAYS},
    engine="python",
)
def lens_video_trends(step: Step) -> dg.MaterializeResult:
    """Draw a line through the last week of each video of each of the days."""
    back = rules.TREND_LOOK_BACK_DAYS
    step.fill(
        VIDEO_TRENDS,
        lambda day: trends.fit_trends(
            trends.believed_snapshots(
                step.frame(EVENTS, day, back, trends.SNAPSHOT_COLUMNS),
                step.frame(VIDEO_DAILY, day, back, trends.BELIEF_COLUMNS),
            ),
            day,
        ),
    )
    return step.outcome(VIDEO_TRENDS, "slope_per_hour")


@lake_asset(
    VIDEO_FORECASTS,
    FORECAST_SCORES,
    reads={
        VIDEO_METRICS: rules.FORECAST_LOOK_BACK_DAYS,
        VIDEO_TRENDS: rules.FORECAST_LOOK_BACK_DAYS,
    },
    engine="lightgbm",
)
def lens_video_forecasts(step: Step) -> Iterator[dg.MaterializeResult]:
    """Say what each video of each of the days will have, by the method that did best before."""
    days = ForecastDays(step.frame)
    step.fill(VIDEO_FORECASTS, days.forecasts)
    step.fill(FORECAST_SCORES, days.scores)
    yield step.outcome(VIDEO_FORECASTS, "forecast_views")
    yield step.outcome(FORECAST_SCORES, "median_relative_error")


@lake_asset(VIDEO_MILESTONES, reads={VIDEO_FORECASTS: 0}, engine="python")
def lens_video_milestones(step: Step) -> dg.MaterializeResult:
    """Say when each video reaches its next round number, where that is soon."""
    step.fill(
        VIDEO_MILESTONES,
        lambda day: milestone_days.next_milestones(
            step.frame(VIDEO_FORECASTS, day, 0, milestone_days.FORECAST_COLUMNS)
        ),
    )
    return step.outcome(VIDEO_MILESTONES, "milestone_views")


@lake_asset(
    FORECAST_SCORECARD,
    reads={VIDEO_FORECASTS: FORECAST_SCORECARD.look_back_days, VIDEO_METRICS: 0},
    engine="python",
)
def lens_forecast_scorecard(step: Step) -> dg.MaterializeResult:
    """Hold the forecasts that were made a horizon ago against what came."""
    step.fill(
        FORECAST_SCORECARD,
        lambda day: forecast_record.score_forecast_day(
            lambda origin: step.frame(
                VIDEO_FORECASTS, origin, columns=forecast_record.FORECAST_COLUMNS
            ),
            step.frame(VIDEO_METRICS, day, 0, forecast_record.OUTCOME_COLUMNS),
            day,
        ),
    )
    return step.outcome(FORECAST_SCORECARD, "outcome_count")
