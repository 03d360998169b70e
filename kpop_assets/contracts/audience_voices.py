"""The tables `audience/voices` and `audience/voice_counts`: reviews, cleaned and classed.

Belongs here: what a voice is and by which rules it is classed. Does not belong here: a review as
it was landed (reviews.py), or what is made of its words.
"""

from __future__ import annotations

from kpop_assets.contracts import audience_rules as rules
from kpop_assets.contracts.bronze import ARTIST, OBSERVED_AT, said
from kpop_assets.contracts.reviews import (
    AUTHOR_KIND,
    CREATED_AT,
    LIKES,
    OUTLET,
    RATING,
    RATING_LETTER,
    RATING_SCALE,
    REVIEW_SOURCE,
    REVIEWER_ID,
    SUBJECT,
    SUBJECT_KIND,
)
from kpop_assets.contracts.table import INGEST_DATE, Column, Table

AUDIENCE = "audience"

LANGUAGES = ("ko", "en", "ja", "other", "none")
VOICE_KINDS = {
    "text": "words in Korean or English, which sentiment is read of",
    "other_language": "words in another language",
    "laughter": "laughs and cries alone",
    "emoji_only": "neither letter nor digit, but emoji or signs",
    "empty": "nothing but dots and blanks, or no text at all: a rating may stand by itself",
    "deleted": "gone; the text is taken away",
}
CHANGES = {
    "new": f"not seen on the {rules.REVIEW_KNOWN_DAYS} days before",
    "edited": "seen with another text or rating",
    "same": "seen as it is",
    "deleted": "gone since",
}
RATING_FAULTS = {
    "outside_scale": "a number that its scale does not have",
    "no_scale": "a rating of which no scale is said",
    "no_letter": "a number where the scale is letters, or a letter where it is not",
}


def _named(names: dict[str, str]) -> str:
    return "; ".join(f"{name}: {what}" for name, what in names.items())


VOICE_ID = said(
    "review_id", "string", "The source and the review's id there, `source:id`: one in all sources."
)
TEXT_HASH = Column(
    "text_hash",
    "string",
    "SHA-256 (hex) of `text`: what is worked out of a text is worked out once. Null without text.",
    nullable=True,
)
LANG = said(
    "lang",
    "string",
    f"{', '.join(LANGUAGES)}: as the source states it, else by its letters; none has no letters.",
)

VOICES = Table(
    AUDIENCE,
    "voices",
    "One review on a day on which it was received: its last word of that day, cleaned and classed. "
    f"The word that counts on a later day is the last one of the {rules.REVIEW_KNOWN_DAYS} days "
    "up to it.",
    ("ingest_date", "review_id"),
    (
        INGEST_DATE,
        VOICE_ID,
        REVIEW_SOURCE,
        Column("is_simulated", "boolean", "Whether it is of the demo."),
        SUBJECT_KIND,
        SUBJECT,
        ARTIST,
        REVIEWER_ID,
        AUTHOR_KIND,
        OUTLET,
        said(
            "text",
            "string",
            "In Unicode's composed form, without control characters and repeated blanks; null "
            "where it is empty or gone.",
            nullable=True,
        ),
        TEXT_HASH,
        LANG,
        Column("voice_kind", "string", f"{_named(VOICE_KINDS)}."),
        Column("change", "string", f"{_named(CHANGES)}."),
        Column(
            "is_repeat",
            "boolean",
            "Whether the author had said the same of the same subject in another review.",
        ),
        Column(
            "is_flood",
            "boolean",
            f"Whether {rules.FLOOD_LEAST_AUTHORS} authors or more had said the same within "
            f"{rules.FLOOD_DAYS} days, in {rules.FLOOD_LEAST_LETTERS} letters or more.",
        ),
        RATING,
        RATING_LETTER,
        RATING_SCALE,
        Column("rating_100", "double", "The rating on the common scale.", "0-100", True),
        Column(
            "rating_fault",
            "string",
            f"Why a rating has no place on it. {_named(RATING_FAULTS)}.",
            nullable=True,
        ),
        CREATED_AT,
        OBSERVED_AT,
        LIKES,
    ),
    rhythm="occasional",
    look_back_days=rules.REVIEW_KNOWN_DAYS,
    provider="youtube",
    needs_provider_rows=True,
)

VOICE_RULES = (
    *("received", *CHANGES, *(kind for kind in VOICE_KINDS if kind not in CHANGES)),
    *("repeat", "flood", "rating_fault"),
)

VOICE_COUNTS = Table(
    AUDIENCE,
    "voice_counts",
    "How many voices of one source a rule met on one day; every rule has a row, also of 0.",
    ("ingest_date", "source", "rule"),
    (
        INGEST_DATE,
        REVIEW_SOURCE,
        Column(
            "rule",
            "string",
            "received (all), or a change, a kind, a repeat, a flood or a rating's fault as in "
            "audience/voices.",
        ),
        Column("voice_count", "long", "Voices that it met.", "voices"),
    ),
    rhythm="occasional",
    needs_provider_rows=True,
)
