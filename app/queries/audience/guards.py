"""What guards made of reviews: which subjects a campaign was found at, and by what.

Belongs here: what the page Guards reads. Does not belong here: how a review is weighed
(kpop_assets/audience/), or drawing.
"""

from __future__ import annotations

import datetime as dt
import json

import polars as pl

from app.notices import PageEnd
from app.queries.audience.scores import name_subjects
from app.snapshot import Snapshot, reads
from kpop_assets.contracts.audience_scores import EARLIER_WORD, GUARDS, REASONS, SUBJECT_SCORES
from kpop_assets.contracts.bronze import EVENTS
from kpop_assets.days import day_end

# Days of reviews that the page tells of.
DAYS = 28
_SUBJECT = ["subject_kind", "subject"]
# What a campaign moves of its subject: the mean of ratings, and praise less complaint.
_MEASURES = ("weighted_rating", "net_sentiment")
SCORED = tuple(f"{prefix}{measure}" for measure in _MEASURES for prefix in ("", "plain_"))


@reads(GUARDS)
def find_last_day(snapshot: Snapshot, day: dt.date | None) -> dt.date:
    """The newest day, up to a day, on which reviews were weighed.

    Raises:
        PageEnd: no review has been weighed by then.
    """
    last = snapshot.last_day(GUARDS, day)
    if last is None:
        raise PageEnd("guards.none")
    return last


@reads(GUARDS)
def count_guard_reasons(snapshot: Snapshot, day: dt.date | None) -> pl.DataFrame:
    """How many reviews of four weeks weigh less, by reason, the most frequent first.

    Returns:
        reason, review_count. A review with two reasons counts for both.
    """
    rows = _last_rows(snapshot, day).filter(pl.col("weight") < 1)
    counts = dict.fromkeys(REASONS, 0)
    for reasons in rows["weight_reasons"]:
        for reason in json.loads(reasons):
            counts[reason] += 1
    found = [(reason, count) for reason, count in counts.items() if count]
    frame = pl.DataFrame(found, {"reason": pl.String, "review_count": pl.Int64}, orient="row")
    return frame.sort("review_count", "reason", descending=[True, False])


@reads(GUARDS, SUBJECT_SCORES)
def list_campaigns(snapshot: Snapshot, day: dt.date | None) -> pl.DataFrame:
    """Bursts of four weeks that hold a campaign, by the weight that they lost.

    Returns:
        subject_kind, subject, artist, pole, began_at, ended_at, review_count, weight_sum,
        down_weighted_count, guard_reasons (a JSON array, the most frequent first), weighted_rating
        and net_sentiment of the subject, each as plain_ without guards, is_simulated.
    """
    rows = _last_rows(snapshot, day)
    held = rows.filter((pl.col("weight_reasons") != "[]") & (pl.col("burst") > 0))
    key = [*_SUBJECT, "artist", "pole", "burst"]
    found = (
        rows.join(held.select(key).unique(), on=key, how="semi")
        .group_by(key)
        .agg(
            pl.col("created_at").min().alias("began_at"),
            pl.col("created_at").max().alias("ended_at"),
            pl.len().cast(pl.Int64).alias("review_count"),
            pl.col("weight").sum().alias("weight_sum"),
            (pl.col("weight") < 1).sum().cast(pl.Int64).alias("down_weighted_count"),
            pl.col("weight_reasons"),
            pl.col("is_simulated").any(),
        )
        .with_columns(
            pl.col("weight_reasons")
            .map_elements(_by_count, return_dtype=pl.String)
            .alias("guard_reasons")
        )
    )
    return (
        found.join(_scores(snapshot, day), on=_SUBJECT, how="left")
        .with_columns((pl.col("review_count") - pl.col("weight_sum")).alias("lost"))
        .sort("lost", *_SUBJECT, "pole", descending=[True, False, False, False])
        .select(
            *(*_SUBJECT, "artist", "pole", "began_at", "ended_at", "review_count", "weight_sum"),
            *("down_weighted_count", "guard_reasons", *SCORED, "is_simulated"),
        )
    )


@reads(GUARDS, SUBJECT_SCORES, EVENTS)
def list_named_campaigns(snapshot: Snapshot, day: dt.date | None) -> pl.DataFrame:
    """`list_campaigns` with subject_name: a video's title where it is known."""
    found = list_campaigns(snapshot, day)
    return name_subjects(snapshot, found, find_last_day(snapshot, day))


def _last_rows(snapshot: Snapshot, day: dt.date | None) -> pl.DataFrame:
    """What was said last of each review of four weeks, by a day."""
    last = find_last_day(snapshot, day)
    rows = snapshot.read(GUARDS, last - dt.timedelta(days=DAYS - 1), day_end(last))
    newest = rows.sort("ingest_date").unique("review_id", keep="last")
    return newest.with_columns(snapshot.present_name())


def _scores(snapshot: Snapshot, day: dt.date | None) -> pl.DataFrame:
    """What subjects are scored on the newest day, guarded and not: a column for each."""
    schema = {**dict.fromkeys(_SUBJECT, pl.String), **dict.fromkeys(SCORED, pl.Float64)}
    last = snapshot.last_day(SUBJECT_SCORES, day)
    if last is None:
        return pl.DataFrame(schema=schema)
    is_whole = pl.col("measure").is_in(_MEASURES) & (pl.col("aspect") == "all")
    columns = [*_SUBJECT, "measure", "aspect", "score_value", "plain_score_value"]
    rows = snapshot.read(SUBJECT_SCORES, last, day_end(last), columns, is_whole)
    values = [
        pl.col(column).filter(pl.col("measure") == measure).first().alias(f"{prefix}{measure}")
        for measure in _MEASURES
        for prefix, column in (("", "score_value"), ("plain_", "plain_score_value"))
    ]
    return rows.group_by(_SUBJECT).agg(values).select(*schema)


def _by_count(lists: pl.Series) -> str:
    counts: dict[str, int] = {}
    for reasons in lists:
        for reason in json.loads(reasons):
            if reason != EARLIER_WORD:
                counts[reason] = counts.get(reason, 0) + 1
    return json.dumps(sorted(counts, key=lambda reason: (-counts[reason], reason)))
