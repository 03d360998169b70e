"""The tables of sentiment: the mood of each text, and trainings of the models that say it.

Belongs here: contracts of moods, of trainings and of the families that competed. Does not belong
here: voices (audience_voices.py), or any formula.
"""

from __future__ import annotations

from dataclasses import replace
from functools import partial

from kpop_assets.contracts import audience_rules as rules
from kpop_assets.contracts.audience_voices import AUDIENCE, LANG, TEXT_HASH, VOICE_ID
from kpop_assets.contracts.table import INGEST_DATE, Column, Table

_share = partial(Column, type="double", unit="0-1")
_count = partial(Column, type="long")

P_NEGATIVE = _share("p_negative", description="Chance that the text is negative.")
P_NEUTRAL = _share("p_neutral", description="Chance that it is neither.")
P_POSITIVE = _share("p_positive", description="Chance that it is positive.")
MODEL_VERSION = Column(
    "model_version",
    "string",
    "Family, language and hash of the model that said so; `floor` is the list of sayings, which "
    "answers where nothing was learnt.",
)

FAMILY = Column("mood_family", "string", "A family of models, by its name in the registry.")

SENTIMENTS = Table(
    AUDIENCE,
    "sentiments",
    "The mood of one voice with words in Korean or English, by the model that answers for its "
    "language. Equal texts have equal rows: each is worked out once a model.",
    ("ingest_date", "review_id"),
    (
        INGEST_DATE,
        VOICE_ID,
        Column("text_hash", "string", TEXT_HASH.description),
        LANG,
        P_NEGATIVE,
        P_NEUTRAL,
        P_POSITIVE,
        MODEL_VERSION,
        _share(
            "p_toxic",
            description="Chance that the text is offensive or hateful; null where no model of it "
            "was trained (`kpop train toxicity PATH`), or none for its language.",
            nullable=True,
        ),
        Column(
            "is_quotable",
            "boolean",
            "Whether the text may be shown: it has no word of the list of abuse, no handle, mail, "
            "link or number by which anybody could be found, and p_toxic, where known, is below "
            "the model's limit.",
        ),
        Column(
            "toxicity_version",
            "string",
            "The list with the forms of personal data, and the model where there is one.",
        ),
    ),
    rhythm="occasional",
    provider="youtube",
    needs_provider_rows=True,
)

SENTIMENT_TRAININGS = Table(
    AUDIENCE,
    "sentiment_trainings",
    "One training of sentiment in one language, by the newest day whose voices were used: what "
    "there was to learn from, and why it was refused if it was. A range of days trains on its last "
    "training day alone.",
    ("ingest_date", "lang"),
    (
        INGEST_DATE,
        Column("lang", "string", "ko or en."),
        Column("refusal", "string", "What was missing; null where it was trained.", nullable=True),
        _count("text_count", unit="texts", description="Rated texts, each once."),
        _count(
            "negative_count",
            unit="texts",
            description=f"Those rated {rules.NEGATIVE_TO_RATING:g} of 100 or less.",
        ),
        _count(
            "positive_count",
            unit="texts",
            description=f"Those rated {rules.POSITIVE_FROM_RATING:g} or more; what lies between is "
            "neutral.",
        ),
        _count("subject_count", unit="subjects", description="What they are about."),
        Column("is_simulated", "boolean", "Whether any of the voices is simulated."),
        replace(FAMILY, nullable=True),
        replace(MODEL_VERSION, nullable=True),
        Column(
            "recipe_digest",
            "string",
            "Hash of all that it rests on: texts, families, code; one of the same is kept.",
            nullable=True,
        ),
    ),
    rhythm="weekly",
    look_back_days=rules.RATED_LOOK_BACK_DAYS,
)

SENTIMENT_SCORES = Table(
    AUDIENCE,
    "sentiment_scores",
    "One family of models of sentiment in one training, held to texts about subjects that it had "
    "not learnt of. Figures of the two ends of ratings count each end alike.",
    ("ingest_date", "lang", "mood_family"),
    (
        INGEST_DATE,
        Column("lang", "string", "ko or en."),
        FAMILY,
        Column("is_baseline", "boolean", "Whether a model has to beat it to be worth anything."),
        Column("may_be_kept", "boolean", "Whether it can be kept, and so answer."),
        _share("end_accuracy", description="Of the ends, share whose likelier end came."),
        _share(
            "end_accuracy_low",
            description=f"Lower end of its 95 % interval over {rules.SENTIMENT_FOLDS} folds.",
        ),
        _share("end_accuracy_high", description="Upper end of that interval."),
        _share("end_f1", description="Macro F1 of the ends."),
        _share("end_ece", description="Calibration error of P(positive) among the ends."),
        _share(
            "mood_f1",
            description="Macro F1 of negative, neutral and positive as they come; null where no "
            "text was neutral.",
            nullable=True,
        ),
        _share(
            "neutral_recall",
            description="Share of the neutral that is held for neutral; null likewise.",
            nullable=True,
        ),
        Column("latency_ms", "double", "Median time of 1,000 texts.", "ms"),
        Column("size_mb", "double", "What it has learnt, as numbers.", "MB"),
        Column(
            "fit_seconds", "long", "Fitting it once, its parts included, rounded up.", "seconds"
        ),
        _count(
            "end_text_count", unit="texts", description="Texts at the ends that it was held to."
        ),
        Column("is_on_front", "boolean", "Whether no other candidate dominates it."),
        Column("is_answering", "boolean", "Whether it answers from then on."),
        Column("reason", "string", "Why it is or is not on the front, as a sentence."),
        Column("run_id", "string", "MLflow run."),
    ),
    rhythm="weekly",
    look_back_days=rules.RATED_LOOK_BACK_DAYS,
)
