"""The tables of who becomes viral: what came of each week, and how well candidates foresaw it.

Belongs here: contracts of outcomes, backtests and scores of this target. Does not belong here:
those of the tier (models.py), or what the chosen model forecasts and how it came out (pareto.py).
"""

from __future__ import annotations

from dataclasses import replace

from kpop_assets.contracts import rules
from kpop_assets.contracts.bronze import ARTIST
from kpop_assets.contracts.models import CANDIDATE, COMPETITOR, FITTED
from kpop_assets.contracts.table import INGEST_DATE, Column, Table

_TRAINED = "the newest day whose data was used"
_REACHED = f"top {len(rules.VIRAL_TIERS)} tiers"
FORECAST_DATE = Column("forecast_date", "date", "Day whose data the forecast was made from.")
P_VIRAL = Column(
    "p_viral", "double", "Chance to be viral over the days up to the target day.", "0-1"
)
# Null where nothing is judged: of an act without a month of its own, and of a week that the source
# did not report.
_NOT_JUDGED = "null where that is not judged"
VIRAL_RANK = Column("viral_rank", "int", "1 is the highest p_viral of the day.")
MULTIPLE = Column(
    "multiple",
    "double",
    f"Log of the pace of the week up to the target day over that of the {rules.TREND_DAYS} fresh "
    "days up to the forecast day, small paces damped; null with fewer than "
    f"{rules.TREND_LEAST_DAYS} of those since the act was first seen, or fewer than "
    f"{rules.VIRAL_WEEK_LEAST_DAYS} fresh days of the 7 up to the target day.",
    nullable=True,
)
HAS_REACHED = Column(
    "has_reached",
    "boolean",
    f"Whether its pace came to rank among the {_REACHED}, from outside of them, and grew; "
    f"{_NOT_JUDGED}.",
    nullable=True,
)
HAS_MULTIPLIED = Column(
    "has_multiplied", "boolean", "Whether it exceeded the bar; null without a bar.", nullable=True
)
IS_VIRAL = Column(
    "is_viral",
    "boolean",
    "Whether either is so by the pace of the week as a whole; null where it is not known of both.",
    nullable=True,
)

VIRAL_OUTCOMES = Table(
    "models",
    "viral_outcomes",
    f"One artist on one target day: what became of it since {rules.HORIZON_DAYS} days before, when "
    "it had a row. Days that have none before them have no row.",
    ("ingest_date", "artist"),
    (
        INGEST_DATE,
        ARTIST,
        Column("tier_before", "int", f"Tier {rules.HORIZON_DAYS} days before."),
        MULTIPLE,
        Column(
            "multiple_bar",
            "double",
            f"{rules.VIRAL_BAR_QUANTILE:.0%} quantile of multiples of the same tier, of target "
            f"days in the {rules.VIRAL_BAR_DAYS} days up to the forecast; null with fewer than "
            f"{rules.VIRAL_BAR_LEAST_COUNT}.",
            nullable=True,
        ),
        HAS_REACHED,
        HAS_MULTIPLIED,
        IS_VIRAL,
    ),
    rhythm="occasional",
    look_back_days=rules.OUTCOMES_LOOK_BACK_DAYS,
)

VIRAL_BACKTESTS = Table(
    "models",
    "viral_backtests",
    f"One forecast of who becomes viral that a candidate made at one of the origins of a training "
    f"({_TRAINED}), fitted on what was known on the cut day, with the outcome.",
    ("ingest_date", "candidate", "forecast_date", "artist"),
    (
        INGEST_DATE,
        CANDIDATE,
        FORECAST_DATE,
        ARTIST,
        Column("cut_date", "date", "Day by which an outcome had to be known to be learned from."),
        P_VIRAL,
        replace(IS_VIRAL, nullable=False),
    ),
    rhythm="weekly",
    trained_by="kpop train",
    look_back_days=rules.TRAINING_LOOK_BACK_DAYS,
)

VIRAL_SCORES = Table(
    "models",
    "viral_scores",
    f"One candidate in one training ({_TRAINED}): how well it foresaw who became viral.",
    ("ingest_date", "candidate"),
    (
        INGEST_DATE,
        *COMPETITOR,
        Column("viral_base_rate", "double", "Share of rows that became viral.", "0-1"),
        Column("viral_average_precision", "double", "Average precision.", "0-1", True),
        Column("viral_auc", "double", "Area under the ROC curve.", "0-1", True),
        Column(
            "viral_top10_hit_rate",
            "double",
            f"Share of each day's {rules.TOP_RISERS} likeliest that became viral.",
            "0-1",
        ),
        Column("viral_brier", "double", "Mean squared error of the chance; 0 is perfect.", "0-1"),
        Column("viral_log_loss", "double", "Mean log loss; 0 is perfect."),
        Column("viral_ece", "double", f"Expected calibration error, {rules.ECE_BINS} bins.", "0-1"),
        *FITTED,
    ),
    rhythm="weekly",
    trained_by="kpop train",
    look_back_days=rules.TRAINING_LOOK_BACK_DAYS,
)
