"""The tables of the domain `experiments`: what listeners did on a day, and what came of variants.

Belongs here: their contracts. Does not belong here: exposures (exposures.py), or any formula.
"""

from __future__ import annotations

from functools import partial

from kpop_assets.contracts import experiment_rules as rules
from kpop_assets.contracts.exposures import EXPERIMENT, VARIANT
from kpop_assets.contracts.plays import USER_ID
from kpop_assets.contracts.recommend_listening import COMPLETED_COUNT, KNOWN_LENGTH_COUNT
from kpop_assets.contracts.recommend_outcomes import OUTCOME_COUNTS
from kpop_assets.contracts.table import INGEST_DATE, Column, Table

LAYER = "experiments"

_plays = partial(Column, type="long", unit="plays")

LISTENER_DAYS = Table(
    LAYER,
    "listener_days",
    "One listener who played or was shown something, in an experiment or not: numbers of which "
    "metrics of experiments are sums.",
    ("ingest_date", "user_id"),
    (
        INGEST_DATE,
        USER_ID,
        _plays("play_count", description="Counted plays."),
        KNOWN_LENGTH_COUNT,
        COMPLETED_COUNT,
        _plays("abandoned_count", description="Those of known_length_count that did not."),
        Column("track_count", "long", "Tracks of counted plays.", "tracks"),
        Column("active_count", "long", "1 where there are counted plays, else 0.", "days"),
        *OUTCOME_COUNTS,
    ),
    rhythm="occasional",
)

_maybe = partial(Column, type="double", nullable=True)
_pct = partial(Column, type="double", unit="%", nullable=True)
_chance = partial(Column, type="double", unit="0-1", nullable=True)

EXPERIMENT_RESULTS = Table(
    LAYER,
    "results",
    "One metric of one variant of an experiment that runs on the day or ran on the one before: "
    "over all units that met a variant by then, from the day on which each first did. A metric is "
    "a sum over a unit's days; one of answers ends on the day before. The day after the last is "
    "the result.",
    ("ingest_date", "experiment", "variant", "metric"),
    (
        INGEST_DATE,
        EXPERIMENT,
        VARIANT,
        Column("metric", "string", "Name of the metric."),
        Column("question", "string", "What the experiment is to answer."),
        Column("start_date", "date", "First day of the experiment."),
        Column("end_date", "date", "Last day of the experiment."),
        Column("is_primary", "boolean", "Whether this metric decides; else it must not get worse."),
        Column("better", "string", "Which way is better: more or less."),
        Column("decides", "string", "Which p-value counts: that of the end, or that of any_day."),
        Column("is_simulated", "boolean", "Whether any of the exposures is simulated."),
        Column("planned_pct", "double", "Share of units by the plan.", "%"),
        Column("unit_count", "long", "Units that met it by the metric's last day.", "units"),
        _maybe("mean", description="Of the metric over these units, nothing taken away."),
        _maybe("mean_low", description="Lower end of its 95 % interval."),
        _maybe("mean_high", description="Upper end of the same."),
        _maybe(
            "effect",
            description="Mean less that of control, each unit's past taken away where one is "
            "known; null for control, as all that follows but broken_reason.",
        ),
        _maybe("effect_low", description="Lower end of its 95 % interval, of one look."),
        _maybe("effect_high", description="Upper end of the same."),
        _pct("effect_pct", description="The effect as a share of control's mean."),
        _pct("effect_low_pct", description="Lower end of its 95 % interval, of one look."),
        _pct("effect_high_pct", description="Upper end of the same."),
        _maybe("any_day_low", description="Lower end of the interval that holds on all days."),
        _maybe("any_day_high", description="Upper end of the same."),
        _pct("any_day_low_pct", description="The lower end as a share of control's mean."),
        _pct("any_day_high_pct", description="Upper end of the same."),
        _maybe(
            "noise_cut_pct",
            unit="%",
            description="What taking the past away took of the effect's variance.",
        ),
        _chance("p_value", description="By Welch's t-test, of one look."),
        _chance("p_value_holm", description="The same, metrics and variants allowed for."),
        _chance("any_day_p_value", description="Always valid, of all days by now."),
        _chance("any_day_p_value_holm", description="The same, metrics and variants allowed for."),
        _chance("mismatch_p_value", description="Of the shares of units against the plan."),
        Column(
            "broken_reason",
            "string",
            f"Why nothing here counts: `shares` (mismatch_p_value below {rules.MISMATCH_ALPHA}), "
            f"`two_variants` (over {rules.MOST_STRAY_PCT:g} % of units met two), "
            "`unplanned_variant` (as many met one that the plan has not); null is none.",
            nullable=True,
        ),
        Column("least_effect_pct", "double", "Smallest change that matters, by the plan.", "%"),
        _maybe(
            "power_pct", unit="%", description="Chance to find the least effect with these units."
        ),
        Column(
            "needed_unit_count",
            "long",
            unit="units",
            nullable=True,
            description="Units of this variant and control by which the least effect is found "
            f"with a chance of {rules.POWER:.0%}.",
        ),
        _maybe(
            "needed_days",
            unit="days",
            description="Days until they are there, if units go on coming as they did; null where "
            "none comes.",
        ),
        Column("verdict", "string", "significant, not yet, or broken.", nullable=True),
        Column("direction", "string", "Where significant: better, or worse.", nullable=True),
    ),
    rhythm="occasional",
    look_back_days=rules.MOST_DAYS + rules.MOST_PRE_PERIOD_DAYS,
)
