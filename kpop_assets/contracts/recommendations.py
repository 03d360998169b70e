"""The kind `recommendations`: one answer that was given, and the table of such lines.

Belongs here: what makes such a line usable and what its columns mean. Does not belong here: what
came of an answer, or who writes the lines (serving/).

Lists of a line are parallel: the first score is that of the first work. Numbers stand in them as
texts, since a list of a landing line is one of texts.
"""

from __future__ import annotations

from dataclasses import replace
from functools import partial

from kpop_assets.contracts.bronze import LANDING_FILE
from kpop_assets.contracts.plays import USER_ID
from kpop_assets.contracts.record import Field, Record, files_of, quarantine_of
from kpop_assets.contracts.table import INGEST_DATE, Column, Table

# Which cache an answer came from.
ANSWER_CACHES = ("none", "process", "redis")
# Why what is popular stands in for a model's list.
ANSWER_FALLBACKS = ("late", "busy", "failed", "no_model", "no_key")
# No answer takes longer than a day.
_MOST_RESPONSE_MS = 86_400_000

_text = partial(Column, type="string")
_maybe = partial(Column, type="string", nullable=True)
_list = partial(Column, type="string", nullable=True)

REQUEST_ID = _text("request_id", description="Id of the answer, as its X-Request-Id header says.")
MAYBE_USER_ID = replace(USER_ID, nullable=True)
ANSWERED_AT = Column("answered_at", "timestamp", "When the answer was given.", "UTC")
APPLIED_VARIANTS = _list(
    "applied_variants",
    description="Variants of experiments that the answer was given by, a JSON array of "
    "experiment=variant; [] is none.",
)
BUNDLE_VERSION = _maybe("bundle_version", description="Name of the serving bundle's folder.")
BASIS = _maybe("basis", description="What the answer rests on: seeds, history, choices or popular.")
FALLBACK = _maybe(
    "fallback",
    description="Why popular works stand in place of a model's; null where they do not.",
)
CONTEXT_HOUR = Column(
    "context_hour", "long", "Hour of the day in Seoul that was asked for, 0 to 23.", nullable=True
)
DEVICE = _maybe("device", description="What the listener listens on, as the request says.")
CONTEXT_FEATURES = _maybe(
    "context_features", description="What the rising act was chosen by, a JSON object."
)
RISING_ACT = _maybe(
    "rising_act", description="The rising act that was chosen for one place; null is none."
)
RISING_PROPENSITY = Column(
    "rising_propensity", "double", "Probability with which it was chosen.", "0-1", True
)
DRAWN_BY = _maybe(
    "drawn_by",
    description="Id of the request for which the rising act was drawn: another one's where the "
    "list came from a cache, or was late.",
)
RISING_POLICY = _maybe("rising_policy", description="What chose it.")
ANSWER_SOURCE = _maybe("source", description="Collector or importer; `demo` is simulated data.")

RECOMMENDATIONS = Table(
    "bronze",
    "recommendations",
    "One answer that was given: a landing line, parsed and typed. Lists are parallel, from the top "
    "of the page. Of lines with the same request_id the first by file and line is kept.",
    ("ingest_date", "request_id"),
    (
        INGEST_DATE,
        REQUEST_ID,
        MAYBE_USER_ID,
        ANSWERED_AT,
        APPLIED_VARIANTS,
        BUNDLE_VERSION,
        BASIS,
        FALLBACK,
        _maybe(
            "cache", description=f"Cache that the answer came from: {', '.join(ANSWER_CACHES)}."
        ),
        Column("response_ms", "double", "How long it took.", "milliseconds", True),
        CONTEXT_HOUR,
        DEVICE,
        _maybe("answer_language", description="Language that was asked for: ko, ja or en."),
        _text("shown_work_ids", description="Works shown, a JSON array from the top."),
        _list("shown_scores", description="How well each fits, a JSON array of texts."),
        _list(
            "shown_propensities",
            description="Probability with which each stands there, a JSON array of texts.",
        ),
        _list("shown_reasons", description="Why each stands there, a JSON array."),
        RISING_ACT,
        Column("rising_position", "long", "Place of its work, from 1.", nullable=True),
        RISING_PROPENSITY,
        RISING_POLICY,
        DRAWN_BY,
        CONTEXT_FEATURES,
        ANSWER_SOURCE,
        LANDING_FILE,
        Column("line_number", "int", "Line in the file, from 1."),
    ),
    rhythm="occasional",
)

RECOMMENDATION_LINES = Record(
    fields=(
        Field("request_id", "text", required=True),
        Field("answered_at", "instant", required=True),
        Field("work_ids", "json_strings", required=True, column="shown_work_ids"),
        Field("user_id", "text", is_person=True),
        Field("variants", "json_strings", column="applied_variants"),
        Field("model", "text", column="bundle_version"),
        Field("basis", "text"),
        Field("fallback", "text"),
        Field("cache", "text", choices=ANSWER_CACHES),
        Field("response_ms", "real", limits=(0, _MOST_RESPONSE_MS)),
        Field("hour", "whole", limits=(0, 23), column="context_hour"),
        Field("device", "text"),
        Field("language", "text", column="answer_language"),
        Field("scores", "json_strings", column="shown_scores"),
        Field("propensities", "json_strings", column="shown_propensities"),
        Field("reasons", "json_strings", column="shown_reasons"),
        Field("rising_act", "text"),
        Field("rising_position", "whole", limits=(1, 1000)),
        Field("rising_propensity", "real", limits=(0, 1)),
        Field("rising_policy", "text"),
        Field("drawn_by", "text"),
        Field("context", "text", column="context_features"),
        Field("source", "text"),
    ),
    observed="answered_at",
    rows=RECOMMENDATIONS,
    quarantine=quarantine_of(RECOMMENDATIONS),
    files=files_of(RECOMMENDATIONS),
)
