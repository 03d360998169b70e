"""The tables about recommenders of the domain `recommend`: how good each is, and which one answers.

Belongs here: contracts of trainings, backtests, scores, the front and the champion. Does not belong
here: what recommenders learn from (recommend_listening.py), or a formula (recommend/).
"""

from __future__ import annotations

from functools import partial

from kpop_assets.contracts import recommend_rules as rules
from kpop_assets.contracts.recommend_tracks import RECOMMEND
from kpop_assets.contracts.table import INGEST_DATE, Column, Table

_TRAINED = "the newest day whose data was used"
_LOOKS_BACK = rules.TRACKS_LOOK_BACK_DAYS
_share = partial(Column, type="double", unit="0-1")
_count = partial(Column, type="long")

MODEL = Column("model", "string", "Name of the recommender in the registry.")
NDCG_10 = _share("ndcg_10", description="Discounted gain of the first ten over the best possible.")
COVERAGE = _share(
    "coverage", description="Share of known works that stand in the first ten of anybody."
)
NOVELTY = Column(
    "novelty",
    "double",
    "Mean -log2 of the share of listeners who have a shown work: 1 is what every second has.",
    "bits",
)
LATENCY_MS = Column("latency_ms", "double", "Median time of the first ten of one listener.", "ms")
_LOW = _share("ndcg_10_low", description="Lower end of its 95 % bootstrap interval by listener.")
_HIGH = _share("ndcg_10_high", description="Upper end of that interval.")
# What is said of lists against the works that came.
RANKING_COLUMNS = (
    NDCG_10,
    _LOW,
    _HIGH,
    _share("recall_10", description="Works that came in the first ten, over all that came."),
    _share("recall_20", description="The same of the first twenty."),
    _share("map_10", description="Mean precision at the hits of the first ten."),
    _share("hit_10", description="Share of listeners with any hit in the first ten."),
    COVERAGE,
    NOVELTY,
    Column(
        "intra_list_diversity",
        "double",
        "Mean 1 - cosine of sound and words over the pairs of a first ten.",
        "0-2",
    ),
    _share("gini", description="How unequally works are shown: 0 equally, 1 one alone."),
    _share(
        "rising_share",
        description=f"Share of shown works by acts whose P(rise) is {rules.LIKELY_TO_RISE} or "
        "more; null where no P(rise) was known.",
        nullable=True,
    ),
)


def _nullable(column: Column) -> Column:
    return Column(column.name, column.type, column.description, column.unit, nullable=True)


RECOMMENDER_TRAININGS = Table(
    RECOMMEND,
    "trainings",
    f"One training of recommenders, by {_TRAINED}: what there was to learn from, and why it was "
    "refused if it was. A range of days trains on its last training day alone.",
    ("ingest_date",),
    (
        INGEST_DATE,
        Column("refusal", "string", "What was missing; null where it was trained.", nullable=True),
        Column("works_date", "date", "Day whose recommend/works it rests on.", nullable=True),
        _count("listener_count", unit="listeners", description="Listeners with plays of works."),
        _count("work_count", unit="works", description="Works that were known."),
        _count("played_work_count", unit="works", description="Those that anybody played."),
        _count("play_count", unit="plays", description="Counted plays of works."),
        Column(
            "unknown_play_count", "long", "Counted plays of tracks of no work, left out.", "plays"
        ),
        Column(
            "dropped_work_count",
            "long",
            f"Works beyond the {rules.MOST_TRAINING_WORKS:,} most played by the day foretold from.",
            "works",
            True,
        ),
        Column("dropped_play_count", "long", "Counted plays of these, left out.", "plays", True),
        Column("first_play_date", "date", "Day of the first play.", nullable=True),
        Column("last_play_date", "date", "Day of the last.", nullable=True),
        _count("test_week_count", unit="weeks", description="Weeks that recommenders are held to."),
        _count(
            "test_listener_count",
            unit="listeners",
            description="Listeners who heard works in a test week for the first time.",
        ),
        _count(
            "relevant_count",
            unit="works",
            description="Works that listeners first heard in a test week, which are relevant.",
        ),
        Column(
            "left_out_pct",
            "double",
            "Of what was first heard in test weeks: works that nobody had told of or played by the "
            "day before, or that were dropped, and those of listeners without any play before.",
            "%",
            True,
        ),
        Column("is_simulated", "boolean", "Whether any of the works is simulated."),
        Column("champion", "string", "The recommender that answers from then on.", nullable=True),
        Column("bundle_version", "string", "Name of the serving bundle's folder.", nullable=True),
        Column(
            "recipe_digest",
            "string",
            "Hash of all that it rests on: plays, works, candidates, code, versions; one of the "
            "same is kept.",
            nullable=True,
        ),
    ),
    rhythm="weekly",
    trained_by="kpop train recommend",
    look_back_days=_LOOKS_BACK,
)

RECOMMENDER_BACKTESTS = Table(
    RECOMMEND,
    "backtests",
    f"One recommender in one test week of a training ({_TRAINED}), taught with what was known the "
    "day before, and one group of listeners. Relevant is what a listener hears for the first time "
    f"in the {rules.TRAINING_PLAY_DAYS} days that are learnt from.",
    ("ingest_date", "test_date", "model", "listener_group"),
    (
        INGEST_DATE,
        Column("test_date", "date", "First day of the test week."),
        MODEL,
        Column(
            "listener_group",
            "string",
            "everybody; new, light or heavy: with up to "
            f"{rules.NEW_LISTENER_ITEMS}, under {rules.HEAVY_LISTENER_ITEMS}, or more different "
            "works before.",
        ),
        _count("listener_count", unit="listeners", description="Listeners it is held to."),
        *(_nullable(c) if c.name == "intra_list_diversity" else c for c in RANKING_COLUMNS),
    ),
    rhythm="weekly",
    trained_by="kpop train recommend",
    look_back_days=_LOOKS_BACK,
)

RECOMMENDER_SCORES = Table(
    RECOMMEND,
    "model_scores",
    f"One recommender in one training ({_TRAINED}): means over its test weeks, a listener of both "
    "counting once; errors of ratings for those that foretell any; and its cost.",
    ("ingest_date", "model"),
    (
        INGEST_DATE,
        MODEL,
        Column("is_baseline", "boolean", "Whether a model has to beat it to be worth anything."),
        Column(
            "may_answer",
            "boolean",
            "Whether it can answer for every listener, of every work: one of these is champion.",
        ),
        Column("setting", "string", "What it was set to."),
        _count(
            "listener_count",
            unit="listeners",
            description="Listeners it is held to.",
            nullable=True,
        ),
        # Null of those that were held to ratings alone.
        *map(_nullable, RANKING_COLUMNS),
        Column(
            "rmse",
            "double",
            "Root of the mean squared error of ratings that were held back; null where it foretells"
            " none.",
            "0-5",
            True,
        ),
        Column("mae", "double", "Mean absolute error of the same.", "0-5", True),
        _count(
            "rating_count",
            unit="ratings",
            description="Ratings that were held back.",
            nullable=True,
        ),
        _nullable(LATENCY_MS),
        Column("memory_mb", "double", "What it holds in arrays, once fitted.", "MB"),
        Column(
            "fit_seconds", "long", "Fitting it once, its parts included, rounded up.", "seconds"
        ),
        Column("run_id", "string", "MLflow run."),
    ),
    rhythm="weekly",
    trained_by="kpop train recommend",
    look_back_days=_LOOKS_BACK,
)

RECOMMENDER_FRONT = Table(
    RECOMMEND,
    "front",
    "One recommender on one training day: whether another is at least as good in ndcg_10, "
    "coverage, novelty and latency_ms, and better in one. Those held to ratings alone are no part.",
    ("ingest_date", "model"),
    (
        INGEST_DATE,
        MODEL,
        Column("is_on_front", "boolean", "Whether no other candidate dominates it."),
        Column(
            "is_best",
            "boolean",
            "Whether it has the highest ndcg_10 of those that may answer, of the front if any are.",
        ),
        Column("front_reason", "string", "Who dominates it and by what, or what keeps it there."),
        NDCG_10,
        COVERAGE,
        NOVELTY,
        LATENCY_MS,
    ),
    rhythm="weekly",
    trained_by="kpop train recommend",
    look_back_days=_LOOKS_BACK,
)

RECOMMENDER_CHAMPION = Table(
    RECOMMEND,
    "champion",
    "One training day: the recommender that answers from then on. The front's best replaces the "
    "one before only if its ndcg_10 lies above that one's interval in the same training.",
    ("ingest_date",),
    (
        INGEST_DATE,
        MODEL,
        Column("is_new", "boolean", "Whether it replaced the champion before it."),
        Column("challenger", "string", "The front's best of this training."),
        _share("challenger_ndcg_10", description="Its ndcg_10."),
        Column("incumbent", "string", "The champion before.", nullable=True),
        _share("incumbent_ndcg_10", description="Its ndcg_10 in this training.", nullable=True),
        Column("decision", "string", "The decision as a sentence."),
        Column("bundle_version", "string", "Name of the serving bundle's folder.", nullable=True),
    ),
    rhythm="weekly",
    trained_by="kpop train recommend",
    look_back_days=_LOOKS_BACK,
)
