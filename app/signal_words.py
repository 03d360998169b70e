"""Signals from outside in words: what was missing and why, what is old, and what a word is.

Belongs here: second lines of cells and sentences. Does not belong here: which signals
(queries/lens/signals.py), or asking anybody (kpop_assets/lens/outside/).
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any

import polars as pl

from app import tables
from app.frame import language, t, word
from app.links import article_link
from kpop_assets.contracts.signal_rules import SIGNAL_DAYS

# The value of each source, as columns of `lens/signals` are called.
SOURCES = {
    "wiki": f"wiki_views_{SIGNAL_DAYS}d",
    "news": f"news_articles_{SIGNAL_DAYS}d",
    "reddit": f"reddit_posts_{SIGNAL_DAYS}d",
}


def why_nobody_asked(rows: pl.DataFrame) -> str | None:
    """The reason for which nobody was asked about a day at all; None where somebody was."""
    reasons = rows.get_column("wiki_missing_reason").unique().to_list()
    is_none_asked = rows.get_column("asked_at").null_count() == rows.height
    return reasons[0] if is_none_asked and reasons in (["no_contact"], ["simulated"]) else None


def has_values(rows: pl.DataFrame) -> bool:
    """Whether any source has a value of any row, old ones too."""
    return any(rows.get_column(value).count() for value in SOURCES.values())


def say_missing(rows: pl.DataFrame) -> Iterator[str]:
    """A line for each source without a new answer about some subjects, and why, as Markdown."""
    for source in SOURCES:
        found = rows.get_column(f"{source}_missing_reason").drop_nulls()
        counts = found.value_counts().sort("count", found.name, descending=[True, False])
        said = [
            word("signals.missing_of", reason=word(f"signals.reason_{reason}"), count=count)
            for reason, count in counts.iter_rows()
        ]
        if said:
            yield t(
                "signals.missing",
                source=word(f"signals.source_{source}"),
                reasons=", ".join(said),
                count=len(found),
                whole=rows.height,
            )


def with_notes(rows: pl.DataFrame) -> pl.DataFrame:
    """The rows with a second line for each figure, and changes of old answers in that line alone.

    A change as such is thus always of the day's own answer: neither sorting nor a glance takes an
    old one for new.
    """
    told = list(rows.iter_rows(named=True))
    notes = {
        f"{source}_change_pct_note": [_note(row, source) for row in told] for source in SOURCES
    }
    of = {"composite_note": [_answering(row) for row in told]}
    return rows.with_columns(
        *(pl.Series(name, said, pl.String) for name, said in (notes | of).items()),
        *(
            pl.when(~pl.col(f"is_{source}_old"))
            .then(f"{source}_change_pct")
            .alias(f"{source}_change_pct")
            for source in SOURCES
        ),
    )


def say_what(row: Mapping[str, Any]) -> str | None:
    """What a word is, in the reader's language where anybody says it in it; None if unknown."""
    other = "en" if language() == "ko" else "ko"
    names = (row[f"name_{language()}"], row[f"name_{other}"])
    kind = row["entity_type"]
    description = row[f"description_{language()}"] or row[f"description_{other}"]
    said = (" / ".join(filter(None, names)), kind and word(f"radar.type_{kind}"), description)
    return " · ".join(filter(None, said)) or None


def address_of_article(row: Mapping[str, Any]) -> str | None:
    """The article about a word, in the reader's language if there is one."""
    return article_link(row, language())


def _answering(row: Mapping[str, Any]) -> str | None:
    answered = json.loads(row["answered"])
    if not answered:
        return None
    names = ", ".join(tables.heading(f"{source}_change_pct") for source in answered)
    return word("signals.of_sources", sources=names)


def _note(row: Mapping[str, Any], source: str) -> str | None:
    value, reason = row[SOURCES[source]], row[f"{source}_missing_reason"]
    said = None if reason is None else word(f"signals.reason_{reason}")
    if value is None:
        return said
    count = word(f"signals.count_{source}", count=tables.number("compact", value))
    change = row[f"{source}_change_pct"]
    if row[f"is_{source}_old"]:
        day = row[f"{source}_as_of_date"].isoformat()
        shown = tables.number("growth", change)
        return word("signals.old", count=count, day=day, change=shown, reason=said)
    return count if change is not None else word("signals.no_change", count=count)
