"""The pareto tables: the front, the champion, what it forecasts, and how often it was right.

Belongs here: contracts of the choice among candidates and of forecasts that readers act on. Does
not belong here: how candidates were scored (models.py).
"""

from __future__ import annotations

from dataclasses import replace

from kpop_assets.contracts import rules
from kpop_assets.contracts.bronze import ARTIST, said
from kpop_assets.contracts.gold import TIER
from kpop_assets.contracts.models import (
    ACCURACY,
    CANDIDATE,
    F1,
    FEAT_COUNT,
    HORIZON,
    INPUTS_DIGEST,
    LATENCY_MS,
    MODEL_URI,
    P_TIERS,
    RPS,
)
from kpop_assets.contracts.table import INGEST_DATE, Column, Table
from kpop_assets.contracts.viral import (
    FORECAST_DATE,
    HAS_MULTIPLIED,
    HAS_REACHED,
    IS_VIRAL,
    MULTIPLE,
    P_VIRAL,
    VIRAL_RANK,
)

_TRAINED = "training day"
_FITTED = Column("trained_date", "date", "Newest day whose data the model had seen.")
P_RISE = Column("p_rise", "double", "Probability of a better tier than today's.", "0-1")
# Of the model that forecasts who becomes viral; null before there was one.
VIRAL_MODEL = (
    Column("viral_candidate", "string", "The model of p_viral.", nullable=True),
    Column("viral_model_uri", "string", "Where MLflow loads it from.", nullable=True),
    Column("viral_trained_date", "date", "Newest day whose data it had seen.", nullable=True),
)


def _reason(number: int) -> tuple[Column, ...]:
    return (
        Column(
            f"reason_{number}_name",
            "string",
            "Input that moves p_viral: those that raise it first, the strongest first.",
            nullable=True,
        ),
        Column(f"reason_{number}_value", "double", "What the artist has of it.", nullable=True),
        Column(
            f"reason_{number}_effect",
            "double",
            "p_viral less what it were with the day's median of that input.",
            "0-1",
            True,
        ),
    )


FRONT = Table(
    "pareto",
    "front",
    f"One candidate on one {_TRAINED}: whether another is at least as good in accuracy, f1, "
    "rps, latency_ms and feat_count, and better in one.",
    ("ingest_date", "candidate"),
    (
        INGEST_DATE,
        CANDIDATE,
        Column("is_on_front", "boolean", "Whether no other candidate dominates it."),
        Column("is_best", "boolean", "Whether it is the front's best by the configured metric."),
        Column("front_reason", "string", "Who dominates it and by what, or what keeps it there."),
        ACCURACY,
        F1,
        LATENCY_MS,
        FEAT_COUNT,
        RPS,
    ),
    rhythm="weekly",
    trained_by="kpop train",
)

CHAMPION = Table(
    "pareto",
    "champion",
    f"One {_TRAINED}: the model that forecasts from then on. The front's best replaces the model "
    "before it only if it was no worse on the days that neither had learned from.",
    ("ingest_date",),
    (
        INGEST_DATE,
        CANDIDATE,
        MODEL_URI,
        _FITTED,
        Column("is_new", "boolean", "Whether it replaced the champion before it."),
        Column("challenger", "string", "The front's best of this training."),
        Column("challenger_rps", "double", "Its score on the days of the contest.", "0-1", True),
        Column("incumbent", "string", "The champion before.", nullable=True),
        Column("incumbent_rps", "double", "Its score on the same days.", "0-1", True),
        Column("contest_count", "long", "Forecasts both were scored on.", "rows"),
        Column("decision", "string", "The decision as a sentence."),
        *VIRAL_MODEL,
    ),
    rhythm="weekly",
    trained_by="kpop train",
    look_back_days=rules.CHAMPION_DAYS,
)

NEXT_VIRAL = Table(
    "pareto",
    "next_viral",
    "One artist on one day: how likely it becomes viral in some days and why, and the champion's "
    "probabilities of its tier then.",
    ("ingest_date", "artist"),
    (
        INGEST_DATE,
        ARTIST,
        HORIZON,
        TIER,
        *P_TIERS,
        P_RISE,
        Column("rise_rank", "int", "1 is the highest p_rise of the day."),
        Column(
            "rise_rank_change",
            "int",
            f"Places won since {rules.RANK_CHANGE_DAYS} days before, by the same model; null where "
            "it had no row then.",
            "places",
            True,
        ),
        said(
            "driving_video_id",
            "string",
            f"Video that gained most in {rules.DRIVING_DAYS} days.",
            nullable=True,
        ),
        said("driving_video_title", "string", "Its title.", nullable=True),
        said("driving_video_gain", "long", "What it gained.", "points", True),
        *(
            column
            for n in range(1, rules.FACTOR_COUNT + 1)
            for column in (
                Column(f"factor_{n}_name", "string", "Input that moved p_rise most.", "", True),
                Column(
                    f"factor_{n}_effect",
                    "double",
                    "p_rise less what it were with the day's median of that input.",
                    "0-1",
                    True,
                ),
            )
        ),
        CANDIDATE,
        MODEL_URI,
        _FITTED,
        INPUTS_DIGEST,
        replace(P_VIRAL, nullable=True),
        replace(VIRAL_RANK, nullable=True),
        Column(
            "viral_rank_change",
            "int",
            f"Places won since {rules.RANK_CHANGE_DAYS} days before, by the same model; null where "
            "it had no row then.",
            "places",
            True,
        ),
        *(column for n in range(1, rules.REASON_COUNT + 1) for column in _reason(n)),
        *VIRAL_MODEL,
    ),
    look_back_days=rules.CHAMPION_DAYS,
    provider="youtube",
    needs_provider_rows=True,
    needs_champion=True,
    trained_by="kpop train",
)

SCORECARD = Table(
    "pareto",
    "scorecard",
    "Forecasts whose target day this is, by model and bin of p_rise, against what came: sums that "
    "add up over days, models and bins. The riser columns leave out artists of tier 1, which "
    "cannot rise.",
    ("ingest_date", "candidate", "trained_date", "horizon_days", "p_rise_bin"),
    (
        INGEST_DATE,
        CANDIDATE,
        _FITTED,
        HORIZON,
        Column(
            "p_rise_bin", "int", f"{rules.RISE_BINS} bins of equal width, 0 is the lowest p_rise."
        ),
        Column("forecast_count", "long", "Forecasts.", "forecasts"),
        Column("hit_count", "long", "Likeliest tier came.", "forecasts"),
        Column("persistence_hit_count", "long", "Tier stayed as it was.", "forecasts"),
        Column("brier_sum", "double", "Sum of Brier scores."),
        Column("rps_sum", "double", "Sum of ranked probability scores."),
        Column("persistence_rps_sum", "double", "The same, had every tier been said to stay."),
        Column("can_rise_count", "long", "Forecasts for artists below tier 1.", "forecasts"),
        Column("p_rise_sum", "double", "Risers that were to be expected among them.", "artists"),
        Column("rise_count", "long", "Risers among them.", "artists"),
    ),
    rhythm="occasional",
    look_back_days=rules.HORIZON_DAYS,
    needs_champion=True,
    trained_by="kpop train",
)

VIRAL_RECORD = Table(
    "pareto",
    "viral_record",
    "One forecast of who becomes viral whose target day this is, and what came.",
    ("ingest_date", "artist"),
    (
        INGEST_DATE,
        ARTIST,
        FORECAST_DATE,
        CANDIDATE,
        TIER,
        P_VIRAL,
        VIRAL_RANK,
        P_RISE,
        MULTIPLE,
        HAS_REACHED,
        HAS_MULTIPLIED,
        IS_VIRAL,
    ),
    rhythm="occasional",
    look_back_days=rules.HORIZON_DAYS,
    needs_champion=True,
    trained_by="kpop train",
)
