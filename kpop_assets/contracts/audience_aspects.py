"""The table `audience/aspects`: what single clauses of voices are about, and how they judge it.

Belongs here: its columns and what they mean. Does not belong here: moods of whole texts,
or how an aspect is told (audience/aspects/clause_aspects.py).
"""

from __future__ import annotations

from kpop_assets.contracts import audience_rules as rules
from kpop_assets.contracts.audience_voices import AUDIENCE, TEXT_HASH, VOICE_ID
from kpop_assets.contracts.bronze import ARTIST, said
from kpop_assets.contracts.table import INGEST_DATE, Column, Table

ASPECT = Column(
    "aspect",
    "string",
    f"What is spoken of: {', '.join(rules.ASPECT_NAMES)}; all where a score is of all together.",
)
CLAUSE_SENTIMENT = Column(
    "sentiment", "double", "From complaint (-1) to praise (1); 0 is neither, or both.", "-1..1"
)
ASPECTS = Table(
    AUDIENCE,
    "aspects",
    "One aspect of one clause of a voice with words in Korean or English; a clause without an "
    "aspect has no row. The artist is whom the clause is about: the nearest act that it names, "
    "else that of the clause before, else the act of the voice.",
    ("ingest_date", "review_id", "clause", "aspect"),
    (
        INGEST_DATE,
        VOICE_ID,
        Column("clause", "int", "Number of the clause in the text, from 0."),
        said("clause_text", "string", "The clause as it was written."),
        ASPECT,
        CLAUSE_SENTIMENT,
        ARTIST,
        Column("voice_artist", "string", "The act of the voice, as audience/voices has it."),
        Column("text_hash", "string", TEXT_HASH.description),
        Column(
            "words_version",
            "string",
            "The list (music or film) and a hash of words, rules, catalogue and models: what is "
            "equal in text, act of the voice and version has equal rows.",
        ),
    ),
    rhythm="occasional",
    provider="youtube",
    needs_provider_rows=True,
)
