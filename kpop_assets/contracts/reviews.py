"""The kind `reviews`: what somebody said or how they rated something, and the table of such lines.

Belongs here: what makes such a line usable and what its columns mean. Does not belong here: what
is made of a review (audience_voices.py), or how an author's id is hidden (landing/persons.py).

The ingest date is the day on which the line was received, never that of the review: what comes
late adds to its day and changes no earlier one. A review that was edited is said again with its
`review_id`; one that is gone is said again with `deleted_at`.
"""

from __future__ import annotations

from dataclasses import replace

from kpop_assets.contracts.audience_rules import LETTER_RATINGS, RATING_SCALES
from kpop_assets.contracts.bronze import AUTHOR_ID, LANDING_FILE, OBSERVED_AT, said
from kpop_assets.contracts.record import Field, Record, files_of, quarantine_of
from kpop_assets.contracts.table import INGEST_DATE, Column, Table

SUBJECT_KINDS = ("video", "work", "release", "act", "title")
AUTHOR_KINDS = ("user", "critic")

SUBJECT_KIND = Column(
    "subject_kind",
    "string",
    f"What the review is about: {', '.join(SUBJECT_KINDS)} (any other thing, as a film).",
)
SUBJECT = said("subject", "string", "Its id or name: of a video the id, of an act the name.")
REVIEWER_ID = replace(
    AUTHOR_ID,
    description="Keyed hash of who wrote it; who it is stands nowhere. Null where no source says.",
    is_person=True,
)
AUTHOR_KIND = Column("author_kind", "string", "user, or critic.")
OUTLET = Column("outlet", "string", "Where a critic's review came out.", nullable=True)
RATING = said(
    "rating",
    "double",
    "As given, on the scale of rating_scale; of thumbs 1 is up and 0 is down.",
    "",
    True,
)
RATING_LETTER = Column("rating_letter", "string", "A rating by letters, A+ to F.", nullable=True)
RATING_SCALE = Column("rating_scale", "string", f"{', '.join(RATING_SCALES)}.", nullable=True)
CREATED_AT = said(
    "created_at",
    "timestamp",
    "When it was written; null where unknown or before 2005.",
    "UTC",
    True,
)
UPDATED_AT = said("updated_at", "timestamp", "When it was edited last.", "UTC", True)
DELETED_AT = said("deleted_at", "timestamp", "When it was found to be gone.", "UTC", True)
LIKES = said("likes", "long", "Likes of the review when seen.", "likes", True)
REVIEW_SOURCE = Column("source", "string", "Collector or importer; `demo` is simulated data.")

REVIEWS = Table(
    "bronze",
    "reviews",
    "One review, comment or rating as one source said it on a day: a landing line, parsed and "
    "typed. Of lines with the same (review_id, source) the one observed last is kept, of those "
    "observed together the one written, edited or taken back last, then the last line.",
    ("ingest_date", "review_id", "source"),
    (
        INGEST_DATE,
        said("review_id", "string", "Id of the review, as the source gives it."),
        REVIEW_SOURCE,
        OBSERVED_AT,
        SUBJECT_KIND,
        SUBJECT,
        Column("act", "string", "Whom it is about, as the source names them.", nullable=True),
        REVIEWER_ID,
        replace(AUTHOR_KIND, nullable=True),
        OUTLET,
        said("text", "string", "What was said, HTML entities decoded.", nullable=True),
        RATING,
        RATING_LETTER,
        RATING_SCALE,
        said("lang", "string", "Language as the source states it.", nullable=True),
        CREATED_AT,
        UPDATED_AT,
        DELETED_AT,
        LIKES,
        LANDING_FILE,
        Column("line_number", "int", "Line in the file, from 1."),
    ),
    rhythm="occasional",
    provider="youtube",
    needs_provider_rows=True,
)

REVIEW_LINES = Record(
    fields=(
        Field("review_id", "text", required=True),
        Field("source", "text", required=True),
        Field("subject_kind", "text", required=True, choices=SUBJECT_KINDS),
        Field("subject", "text", required=True),
        Field("act", "text"),
        Field("author_id", "text", is_person=True),
        Field("author_kind", "text", choices=AUTHOR_KINDS),
        Field("outlet", "text"),
        Field("text", "prose"),
        Field("rating", "real", limits=(0, 100)),
        Field("rating_letter", "text", choices=tuple(LETTER_RATINGS)),
        Field("rating_scale", "text", choices=RATING_SCALES),
        Field("lang", "text"),
        Field("created_at", "instant"),
        Field("updated_at", "instant"),
        Field("deleted_at", "instant"),
        Field("observed_at", "instant"),
        Field("likes", "whole", is_side=True),
    ),
    observed="observed_at",
    rows=REVIEWS,
    quarantine=quarantine_of(REVIEWS),
    files=files_of(REVIEWS),
    greatest="observed_at",
    latest=("created_at", "updated_at", "deleted_at"),
)
