"""The tables about the catalogue itself: whom it lacks.

Belongs here: contracts of what helps to keep the list of acts complete. Does not belong here: the
list (catalog/), or what is known of acts that are on it.
"""

from __future__ import annotations

from kpop_assets.contracts.bronze import AUTHOR_ID, said
from kpop_assets.contracts.silver import ENGAGEMENT
from kpop_assets.contracts.table import INGEST_DATE, Column, Table

UNKNOWN = Table(
    "catalog",
    "unknown",
    "One name that may be an act's on one day: a Topic channel, a chart's label or a channel of "
    "music with engagement and no act of the catalogue, K-POP or Korean by a reason that is given.",
    ("ingest_date", "source", "author_name"),
    (
        INGEST_DATE,
        Column("source", "string", "Collector or importer; `demo` is simulated data."),
        said("author_name", "string", "Channel name, or the chart's lead artist."),
        AUTHOR_ID,
        Column("kind", "string", "topic, chart_label or own_channel."),
        Column(
            "grounds",
            "string",
            "Why it may be K-POP, comma between: korean (script), kpop (words), company, "
            "neighbours (acts beside it), chart (of Korea).",
        ),
        ENGAGEMENT,
        Column("video_count", "long", "Its videos of the day without an act.", "videos"),
        said("text", "string", "Title of the one with the most engagement."),
    ),
    rhythm="occasional",
    provider="youtube",
    needs_provider_rows=True,
)
