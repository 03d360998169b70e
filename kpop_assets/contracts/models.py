"""The models tables: what candidates learn from, and how well each forecast.

Belongs here: contracts of inputs, trainings, backtests and scores. Does not belong here: which
candidate is chosen and what it forecasts (pareto.py).
"""

from __future__ import annotations

from kpop_assets.contracts import rules
from kpop_assets.contracts.bronze import ARTIST
from kpop_assets.contracts.gold import ARTIST_FEATURES, SHARES_BY_EVIDENCE, TIER
from kpop_assets.contracts.table import INGEST_DATE, Column, Table

CANDIDATE = Column("candidate", "string", "Name in the registry: family/feature subset.")
MODEL_URI = Column("model_uri", "string", "Where MLflow loads the model from.")
FEAT_COUNT = Column("feat_count", "long", "Features it reads.", "features")
ACCURACY = Column("accuracy", "double", "Share of rows whose likeliest tier came.", "0-1")
F1 = Column("f1", "double", "Macro-F1 of the likeliest tier.", "0-1")
RPS = Column("rps", "double", "Ranked probability score; 0 is perfect.", "0-1")
LATENCY_MS = Column("latency_ms", "double", "Median time of 1,000 predictions.", "ms")
# What a table of scores says of each candidate, whatever it forecasts.
COMPETITOR = (
    CANDIDATE,
    Column("family", "string", "Kind of model."),
    Column("is_baseline", "boolean", "Whether a model has to beat it to be worth anything."),
    Column("is_portable", "boolean", "Whether it forecasts without a Spark session."),
)
FITTED = (
    LATENCY_MS,
    FEAT_COUNT,
    Column("model_size_bytes", "long", "Size of the fitted model, serialized.", "bytes"),
    Column("train_count", "long", "Rows the model was fitted on.", "rows"),
    Column("test_count", "long", "Forecasts that were scored.", "rows"),
    Column("temperature", "double", "Calibration; 1 leaves probabilities alone.", "", True),
    Column("run_id", "string", "MLflow run."),
    MODEL_URI,
)
HORIZON = Column("horizon_days", "int", "Days from the forecast to the day it is about.", "days")
TARGET_TIER = Column("target_tier", "int", "Tier on the target day; the last where it had no row.")
P_TIERS = tuple(
    Column(f"p_tier_{tier}", "double", f"Probability of tier {tier} on the target day.", "0-1")
    for tier in rules.TIERS
)
INPUTS_DIGEST = Column(
    "inputs_digest", "string", "Hash of the rows of models/artist_inputs that were read."
)
# Fresh days that a pace is the mean of. No rule that can be changed: candidates, stored models and
# texts know inputs by names that hold them.
PACE_DAYS = (1, 3, 7)
_TRAINED = "the newest day whose data was used"


def _pace(days: int) -> Column:
    text = f"Mean over the last {days} days on which the source said something new."
    if days == 1:
        text = "Pace on the last fresh day."
    return Column(f"pace_{days}d", "double", text, "points/day")


def _share(name: str, description: str) -> Column:
    return Column(name, "double", description, "0-1")


# Words, what compares within a tier, and how sure a row is, which earlier days do not know.
# How sure the figures are is no trait of an artist.
_NO_INPUTS = {"trend_direction", "growth_sigma", "is_vague_only"} | {
    "covered_days",
    "missing_days",
    "missing_days_30d",
    "corrected_30d",
    *(column.name for column in SHARES_BY_EVIDENCE),
}

# Null with too few fresh days, and on rows of before 2026-11-29.
TREND_COLUMNS = (
    Column(
        "pace_28d",
        "double",
        f"Mean over the last {rules.TREND_DAYS} fresh days, or since the act's first of them; null "
        f"with fewer than {rules.TREND_LEAST_DAYS}.",
        "points/day",
        True,
    ),
    Column(
        "trend",
        "double",
        f"Log of the pace of {rules.TREND_WEEK_DAYS} fresh days over that of {rules.TREND_DAYS}, "
        "small paces damped.",
        "",
        True,
    ),
    Column(
        "trend_change",
        "double",
        f"Trend less that of {rules.TREND_WEEK_DAYS} fresh days before.",
        "",
        True,
    ),
)

ARTIST_INPUTS = Table(
    "models",
    "artist_inputs",
    "One artist on one day: what candidates may know of it. Nothing looks past the day.",
    ("ingest_date", "artist"),
    (
        *(c for c in ARTIST_FEATURES.columns if c.name not in _NO_INPUTS),
        *map(_pace, PACE_DAYS),
        *(
            _share(f"nowcast_{days}d", f"Percentile if the last {days} fresh days went on.")
            for days in PACE_DAYS
        ),
        *(
            Column(
                f"distance_{tier}", "double", f"Log of the pace over that at tier {tier}'s edge."
            )
            for tier in rules.TIERS[:-1]
        ),
        Column("top_margin", "double", "Log of the best video's pace over the day's slow end."),
        Column("video_count", "long", "Videos seen on the last fresh day.", "videos"),
        Column("days_absent", "int", "Days since its last event.", "days"),
        Column(
            "days_since_new",
            "int",
            f"Days since its last new video, {rules.SINCE_NEW_DAYS} at most.",
            "days",
        ),
        Column(
            "new_share",
            "double",
            f"Part of the pace that videos of at most {rules.YOUNG_VIDEO_DAYS} days make.",
            "0-1",
        ),
        Column("pace_change_7d", "double", "Log of the last day's pace over the week's."),
        Column("pace_change_week", "double", "Log of the pace over that of a week ago."),
        *TREND_COLUMNS,
        # No trait of an artist, and no input: whether a week can be judged.
        Column("fresh_days_7d", "int", "Fresh days of the last 7 of the calendar.", "days", True),
        _share("percentile_max_28d", f"Highest percentile of {rules.PEAK_DAYS} days."),
        _share("presence_7", "Share of the last 7 fresh days with a video."),
        *(
            Column(f"tier_{days}d_ago", "int", f"Tier {days} days before.", nullable=True)
            for days in rules.EARLIER_TIER_DAYS
        ),
    ),
    look_back_days=rules.INPUTS_LOOK_BACK_DAYS,
    needs_provider_rows=True,
)

TRAININGS = Table(
    "models",
    "trainings",
    f"One training, by {_TRAINED}: what there was to learn from, and why it was refused if it was.",
    ("ingest_date",),
    (
        INGEST_DATE,
        Column("refusal", "string", "What was missing; null where it was trained.", nullable=True),
        HORIZON,
        Column("train_row_count", "long", "Rows with a known outcome.", "rows"),
        Column("train_artist_count", "long", "Artists among them.", "artists"),
        Column("train_day_count", "long", "Forecast days among them.", "days"),
        *(
            Column(f"tier_{tier}_count", "long", f"Rows that ended in tier {tier}.", "rows")
            for tier in rules.TIERS
        ),
        Column("cut_count", "long", "Origins that the candidates were tested at.", "origins"),
        INPUTS_DIGEST,
        Column(
            "viral_refusal",
            "string",
            "What was missing to learn who becomes viral; null where it was learned.",
            "",
            True,
        ),
        Column(
            "recipe_digest",
            "string",
            "Hash of all that it rests on: rows, days, candidates, versions; one of the same is "
            "kept. Null where it was trained before there was such a hash.",
            nullable=True,
        ),
    ),
    rhythm="weekly",
    trained_by="kpop train",
    look_back_days=rules.TRAINING_LOOK_BACK_DAYS,
)

BACKTESTS = Table(
    "models",
    "backtests",
    f"One forecast that a candidate made at one of the origins of a training ({_TRAINED}), "
    "fitted on what was known on the cut day, with the outcome.",
    ("ingest_date", "candidate", "forecast_date", "artist"),
    (
        INGEST_DATE,
        CANDIDATE,
        Column("forecast_date", "date", "Day whose data the forecast was made from."),
        ARTIST,
        Column("cut_date", "date", "Day by which an outcome had to be known to be learned from."),
        TIER,
        TARGET_TIER,
        *P_TIERS,
    ),
    rhythm="weekly",
    trained_by="kpop train",
    look_back_days=rules.TRAINING_LOOK_BACK_DAYS,
)

CANDIDATE_SCORES = Table(
    "models",
    "candidate_scores",
    f"One candidate in one training ({_TRAINED}): how good its forecasts of the last days were.",
    ("ingest_date", "candidate"),
    (
        INGEST_DATE,
        *COMPETITOR,
        ACCURACY,
        F1,
        RPS,
        Column("rps_skill", "double", "1 - rps / rps of persistence.", "", True),
        Column("rps_skill_markov", "double", "1 - rps / rps of Markov.", "", True),
        Column("is_better_than_baselines", "boolean", "Whether no baseline has as low an rps."),
        Column("brier", "double", "Brier score over the tiers; 0 is perfect.", "0-2"),
        Column(
            "ece",
            "double",
            f"Expected calibration error of P(rise), {rules.ECE_BINS} bins.",
            "0-1",
            True,
        ),
        Column("rise_auc", "double", "Area under the ROC curve of rising a tier.", "0-1", True),
        Column("rise_average_precision", "double", "Average precision of rising.", "0-1", True),
        Column("rise_base_rate", "double", "Share of rows that rose.", "0-1", True),
        Column(
            "top10_hit_rate",
            "double",
            f"Share of each day's {rules.TOP_RISERS} likeliest risers that rose.",
            "0-1",
            True,
        ),
        *FITTED,
    ),
    rhythm="weekly",
    trained_by="kpop train",
    look_back_days=rules.TRAINING_LOOK_BACK_DAYS,
)
