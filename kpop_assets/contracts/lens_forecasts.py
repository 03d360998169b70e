"""The lens tables about what videos will have: trends, forecasts, milestones, and the record.

Belongs here: contracts of forecasts of a video's views. Does not belong here: what is measured of
it today (lens_videos.py), or forecasts of artists (pareto.py).
"""

from __future__ import annotations

from kpop_assets.contracts import rules
from kpop_assets.contracts.bronze import ARTIST, OBSERVED_AT, VIDEO_ID, said
from kpop_assets.contracts.lens_videos import AGE_BAND, LENS
from kpop_assets.contracts.table import INGEST_DATE, Column, Table

_HORIZONS = ", ".join(map(str, rules.FORECAST_HORIZONS_HOURS))
_LOW, _HIGH = rules.INTERVAL_LEVELS_PCT
_VIEWS = said("view_count", "long", "Cumulative counter when seen.", "views")
_HORIZON = Column("horizon_hours", "int", f"How far ahead: {_HORIZONS}.", "hours")
_FITTED = Column("fitted_date", "date", "Newest day that the methods had learned from.")
_TREND = (
    Column(
        "snapshot_count",
        "long",
        f"Observations of the {rules.TREND_HOURS} hours up to the day's last one.",
        "observations",
    ),
    Column(
        "slope_per_hour",
        "double",
        "Slope of the line through them (least squares); null with fewer than "
        f"{rules.TREND_LEAST_SNAPSHOTS}.",
        "views/hour",
        True,
    ),
    Column("r_squared", "double", "Share of their variance that the line explains.", "0-1", True),
    Column(
        "growth_class",
        "string",
        "By slope: "
        + ", ".join(f"{name} (> {edge:,})" for name, edge in rules.GROWTH_CLASSES.items())
        + f", {rules.LOWEST_GROWTH_CLASS}.",
        nullable=True,
    ),
)

# The methods that compete, and what each says; who ties is chosen in this order.
FORECAST_METHODS = {
    "linear": "The week's line goes on; null without one.",
    "last_rate": "The views an hour of late go on.",
    "cohort": "They change as those of videos of the same age did.",
    "log_linear": "Views grow by the factor that videos of the same age grew by.",
    "decay": "Views go on along a power of age.",
    "boosted": "Boosted trees over what is known of the video.",
}
_METHOD = Column("method", "string", ", ".join(FORECAST_METHODS) + " (see method page).")

VIDEO_TRENDS = Table(
    LENS,
    "video_trends",
    "One video on one day: the line through the last week of its counter.",
    ("ingest_date", "video_id"),
    (
        INGEST_DATE,
        VIDEO_ID,
        *_TREND[:2],
        Column("trend_views", "double", "The line at the last observation.", "views", True),
        *_TREND[2:],
    ),
    look_back_days=rules.TREND_LOOK_BACK_DAYS,
    provider="youtube",
    needs_provider_rows=True,
)


def _views(name: str, description: str) -> Column:
    return Column(name, "long", description, "views", True)


def _intervals(level: int) -> tuple[Column, Column]:
    return (
        _views(f"low_{level}", f"Lower end of the interval that holds {level} % of what comes."),
        _views(f"high_{level}", "Its upper end. Null where too few outcomes are known."),
    )


VIDEO_FORECASTS = Table(
    LENS,
    "video_forecasts",
    "One video on one day and one horizon: the views it will have then, by each method and by the "
    "one chosen. Videos without a pace that day have no row.",
    ("ingest_date", "video_id", "horizon_hours"),
    (
        INGEST_DATE,
        VIDEO_ID,
        _HORIZON,
        ARTIST,
        AGE_BAND,
        OBSERVED_AT,
        _VIEWS,
        *_TREND,
        *(_views(f"{name}_views", says) for name, says in FORECAST_METHODS.items()),
        _METHOD,
        _views(
            "forecast_views",
            "What it says, or the last rate where it says nothing; never less than now, or than "
            "at a shorter horizon.",
        ),
        *_intervals(_LOW),
        *_intervals(_HIGH),
        Column(
            "measured_hours",
            "int",
            "Horizon whose outcomes chose the method and give the interval; a shorter one while "
            "too few of the own are known, null while none is.",
            "hours",
            True,
        ),
        _FITTED,
    ),
    look_back_days=rules.FORECAST_LOOK_BACK_DAYS,
    provider="youtube",
    needs_provider_rows=True,
)

VIDEO_MILESTONES = Table(
    LENS,
    "video_milestones",
    "One video on one day that reaches its next round number "
    f"({', '.join(f'{views:,}' for views in rules.VIDEO_MILESTONES_VIEWS)} views) within "
    f"{rules.MILESTONE_DAYS} days by its forecast.",
    ("ingest_date", "video_id"),
    (
        INGEST_DATE,
        VIDEO_ID,
        ARTIST,
        _VIEWS,
        Column("milestone_views", "long", "The round number.", "views"),
        Column("milestone_days", "double", "Days until then.", "days"),
        Column(
            "milestone_days_low",
            "double",
            f"The same by the upper end of the {_LOW} % interval; null where none is known.",
            "days",
            True,
        ),
        Column(
            "milestone_days_high",
            "double",
            f"By its lower end; null also where that is later than {rules.MILESTONE_DAYS} days.",
            "days",
            True,
        ),
    ),
    rhythm="occasional",
    provider="youtube",
    needs_provider_rows=True,
)

_SCORES = (
    Column("outcome_count", "long", "Forecasts whose outcome is known.", "forecasts"),
    Column(
        "own_count",
        "long",
        "Of these, how many the method made itself; in the others the last rate stands in.",
        "forecasts",
    ),
    Column(
        "median_relative_error", "double", "Median of |forecast - came| / came, of views.", "0-1"
    ),
    Column(
        "mase",
        "double",
        "MASE: mean absolute error over the mean gain of a day up to the forecast, whatever the "
        "horizon; null where there was none.",
        nullable=True,
    ),
    *(
        Column(
            f"coverage_{level}",
            "double",
            f"Share of what came within the {level} % interval; null where there was none.",
            "0-1",
            True,
        )
        for level in rules.INTERVAL_LEVELS_PCT
    ),
)

FORECAST_SCORES = Table(
    LENS,
    "forecast_scores",
    "One method on one day and one horizon: how it did on outcomes that were known by the day on "
    "which the methods learned, forecast from origins before. A horizon without outcomes has none.",
    ("ingest_date", "horizon_hours", "method"),
    (
        INGEST_DATE,
        _HORIZON,
        _METHOD,
        *_SCORES,
        Column("is_chosen", "boolean", "Whether it forecasts this horizon on this day."),
        _FITTED,
    ),
    rhythm="occasional",
    look_back_days=rules.FORECAST_LOOK_BACK_DAYS,
    needs_provider_rows=True,
)

FORECAST_SCORECARD = Table(
    LENS,
    "forecast_scorecard",
    "One method, horizon and age band on one target day: the forecasts of a horizon ago held "
    "against what came, of videos that were seen on both days. Method chosen is the one that was "
    "shown, age band all is all of them.",
    ("ingest_date", "horizon_hours", "method", "age_band"),
    (
        INGEST_DATE,
        _HORIZON,
        _METHOD,
        AGE_BAND,
        Column("made_count", "long", "Forecasts that were made.", "forecasts"),
        *_SCORES,
    ),
    rhythm="occasional",
    look_back_days=max(rules.FORECAST_HORIZONS_HOURS) // 24,
    needs_provider_rows=True,
)
