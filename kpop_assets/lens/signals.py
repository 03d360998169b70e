"""Whether the world outside speaks more of an act or a word than at the beginning of the week.

Belongs here: subjects, change, composite and the rows of `lens/signals`, pure but for the questions
that are handed in. Does not belong here: how a service is asked (outside/).

    change    = (mean of the last 3 days - mean of the first 3) / mean of the first 3 * 100
    composite = sum of weight * clamp(change + 50, 0, 100) over what answered / sum of their weights

A value of an earlier day is shown as old beside the reason why there is no new one, and counts in
no composite.
"""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import polars as pl

from kpop_assets.contracts import signal_rules
from kpop_assets.lens.outside.answers import DaySeries, reason_of
from kpop_assets.net.errors import NetError

ACT, KEYWORD = "act", "keyword"
VALUES = {
    "wiki": f"wiki_views_{signal_rules.SIGNAL_DAYS}d",
    "news": f"news_articles_{signal_rules.SIGNAL_DAYS}d",
    "reddit": f"reddit_posts_{signal_rules.SIGNAL_DAYS}d",
}


@dataclass(frozen=True)
class Subject:
    """Who or what is asked about.

    Attributes:
        name: canonical name of an act, or a word.
        kind: `act` or `keyword`.
    """

    name: str
    kind: str


# What is known of a subject, as a row of lens/entities; empty where nothing is.
Known = Mapping[str, Any]
# A source's answer about a subject, or why there is none.
Told = DaySeries | str
Question = Callable[[Subject, Known], DaySeries]


def choose_subjects(acts: pl.DataFrame, keywords: pl.DataFrame) -> list[Subject]:
    """The acts that gained most and that rose most, in turns, then the words, in turns too.

    Args:
        acts: artist, views_gained and gain_sigmas of the day.
        keywords: word, ranking and rank of the day, of all acts.
    """
    most = acts.sort("views_gained", "artist", descending=[True, False], nulls_last=True)
    rose = acts.filter(pl.col("gain_sigmas") > 0)
    rose = rose.sort("gain_sigmas", "artist", descending=[True, False])
    lists = [frame["artist"].to_list() for frame in (most, rose)]
    names = _in_turns(lists)[: signal_rules.SIGNAL_ACTS]
    ranked = keywords.sort("rank", "ranking")
    words = dict.fromkeys(word for word in ranked["word"] if word not in acts["artist"])
    return [
        *(Subject(name, ACT) for name in names),
        *(Subject(word, KEYWORD) for word in list(words)[: signal_rules.SIGNAL_KEYWORDS]),
    ]


def told_by(
    question: Question, subjects: Sequence[Subject], known: Mapping[str, Known]
) -> list[Told]:
    """A source's answers, one a subject; what fails is its reason, and the next is asked."""

    def told(subject: Subject) -> Told:
        try:
            return question(subject, known.get(subject.name, {}))
        except NetError as error:
            return reason_of(error)

    return [told(subject) for subject in subjects]


def change_pct(series: DaySeries) -> float | None:
    """How the last days are to the first, in percent; None where those have nothing."""
    edge = signal_rules.SIGNAL_EDGE_DAYS
    first, last = sum(series.counts[:edge]), sum(series.counts[-edge:])
    return (last - first) / first * 100 if first else None


def composite_of(changes: Mapping[str, float]) -> float | None:
    """The changes that are known as one figure, 0 to 100; None where none is."""
    weights = {name: signal_rules.SIGNAL_WEIGHTS[name] for name in changes}
    parts = {
        name: min(max(change + signal_rules.SIGNAL_SHIFT_PCT, 0.0), 100.0)
        for name, change in changes.items()
    }
    if not parts:
        return None
    return sum(weights[name] * part for name, part in parts.items()) / sum(weights.values())


def signal_rows(
    subjects: Sequence[Subject],
    told: Mapping[str, Sequence[Told]],
    before: pl.DataFrame,
    asked_at: dt.datetime | None,
) -> list[dict[str, Any]]:
    """The rows of a day.

    Args:
        subjects: in order of rank.
        told: by source, one answer a subject.
        before: rows of the table, of the day and before.
        asked_at: when it was asked; None where nobody was.
    """
    last_good = {source: _last_good(before, source) for source in VALUES}
    return [
        _row(
            subject,
            rank,
            {source: told[source][rank - 1] for source in VALUES},
            {source: last_good[source].get(subject.name) for source in VALUES},
            asked_at,
        )
        for rank, subject in enumerate(subjects, start=1)
    ]


def _row(
    subject: Subject,
    rank: int,
    told: Mapping[str, Told],
    last_good: Mapping[str, Known | None],
    asked_at: dt.datetime | None,
) -> dict[str, Any]:
    fresh = {name: each for name, each in told.items() if isinstance(each, DaySeries)}
    changes = {name: change_pct(series) for name, series in fresh.items()}
    counted = {name: change for name, change in changes.items() if change is not None}
    parts = [_columns(name, each, last_good[name]) for name, each in told.items()]
    return {
        "subject": subject.name,
        "subject_kind": subject.kind,
        "rank": rank,
        **{name: value for part in parts for name, value in part.items()},
        "composite": composite_of(counted),
        "answered": json.dumps(list(counted)),
        "asked_at": asked_at,
    }


def _columns(source: str, told: Told, last_good: Known | None) -> dict[str, Any]:
    value, change, as_of = VALUES[source], f"{source}_change_pct", f"{source}_as_of_date"
    is_old, reason = f"is_{source}_old", f"{source}_missing_reason"
    if isinstance(told, DaySeries):
        kept = {value: told.total, change: change_pct(told), as_of: told.last, is_old: False}
        return {**kept, reason: None}
    if last_good is None:
        return {value: None, change: None, as_of: None, is_old: None, reason: told}
    return {
        **{name: last_good[name] for name in (value, change, as_of)},
        is_old: True,
        reason: told,
    }


def _last_good(before: pl.DataFrame, source: str) -> dict[str, Known]:
    """The newest row of each subject with a value of a source."""
    rows = before.filter(pl.col(VALUES[source]).is_not_null()).sort(
        f"{source}_as_of_date", "ingest_date"
    )
    return {row["subject"]: row for row in rows.iter_rows(named=True)}


def _in_turns(lists: Sequence[Sequence[str]]) -> list[str]:
    """The first of each list, then the second, each name once."""
    longest = max(map(len, lists), default=0)
    turns = (each[i] for i in range(longest) for each in lists if i < len(each))
    return list(dict.fromkeys(turns))
