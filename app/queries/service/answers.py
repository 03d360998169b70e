"""How answers were given and what was clicked, day by day, and whether inputs are as they were.

Belongs here: what the page Monitor reads, and its verdict. Does not belong here: drawing, or the
computation of a band or an index (kpop_assets/recommend/).
"""

from __future__ import annotations

import datetime as dt

import polars as pl

from app.notices import PageEnd
from app.queries.trust.data_health import Sentence
from app.snapshot import Snapshot, reads
from kpop_assets.contracts.recommend_service import ANSWER_DAYS, EVERYTHING, INPUT_DRIFT
from kpop_assets.days import day_end
from kpop_assets.lake.rows import empty
from kpop_assets.recommend.click_band import judge_clicks
from kpop_assets.recommend.input_drift import drifted_inputs

DAYS = 28
# As monitoring/alerts.yml has them.
SLOW_MS = 50.0
MANY_FALLBACKS_PCT = 5.0


@reads(ANSWER_DAYS)
def read_answer_days(snapshot: Snapshot, day: dt.date | None) -> pl.DataFrame:
    """Days up to a day, or the newest, of all answers and of each variant.

    Returns:
        The columns of `recommend/answer_days`, and cached_pct, fallback_pct, clicked_pct and
        skipped_pct; of nothing they are null.

    Raises:
        PageEnd: nothing was answered by then.
    """
    if snapshot.version(ANSWER_DAYS) is None:
        raise PageEnd("monitor.none")
    days = [d for d in snapshot.rows_by_day(ANSWER_DAYS) if day is None or d <= day]
    if not days:
        raise PageEnd("monitor.none")
    last = max(days)
    start = last - dt.timedelta(days=DAYS - 1)
    return (
        snapshot.read(ANSWER_DAYS, start, day_end(last))
        .with_columns(
            _part("cached_count", "answer_count").alias("cached_pct"),
            _part("fallback_count", "answer_count").alias("fallback_pct"),
            _part("clicked_count", "shown_count").alias("clicked_pct"),
            _part("skipped_count", "shown_count").alias("skipped_pct"),
        )
        .sort("ingest_date", "experiment", "variant")
    )


@reads(INPUT_DRIFT)
def read_drift(snapshot: Snapshot, day: dt.date | None) -> pl.DataFrame:
    """Rows of `recommend/drift` of the weeks up to a day, or the newest, the furthest first.

    Without any they are none: a home may have counted no inputs yet.
    """
    if snapshot.version(INPUT_DRIFT) is None:
        return empty(INPUT_DRIFT)
    days = [d for d in snapshot.rows_by_day(INPUT_DRIFT) if day is None or d <= day]
    if not days:
        return empty(INPUT_DRIFT)
    start = max(days) - dt.timedelta(days=DAYS - 1)
    rows = snapshot.read(INPUT_DRIFT, start, day_end(max(days)))
    return rows.sort("ingest_date", "stability_index", descending=True, nulls_last=True)


def of_all(days: pl.DataFrame) -> pl.DataFrame:
    """Of what `read_answer_days` has, the rows of all answers."""
    return days.filter(pl.col("experiment") == EVERYTHING)


def of_variants(days: pl.DataFrame) -> pl.DataFrame:
    """The rows of single variants."""
    return days.filter(pl.col("experiment") != EVERYTHING)


def judge_service(days: pl.DataFrame, drift: pl.DataFrame, today: dt.date) -> list[Sentence]:
    """What is wrong with the newest day, or that nothing is.

    Args:
        days: what `read_answer_days` has.
        drift: what `read_drift` has.
        today: a day that is not over is not held against whole ones.
    """
    whole = of_all(days)
    last = whole.row(-1, named=True)
    found = []
    if (last["fallback_pct"] or 0) > MANY_FALLBACKS_PCT:
        found.append(_sentence("fallbacks", last["ingest_date"], pct=last["fallback_pct"]))
    if (last["response_ms_p99"] or 0) > SLOW_MS:
        found.append(_sentence("slow", last["ingest_date"], ms=last["response_ms_p99"]))
    band = judge_clicks(whole, min(last["ingest_date"], today - dt.timedelta(days=1)))
    if band and band.is_outside:
        values = {"pct": band.clicked_pct, "low": band.low_pct, "high": band.high_pct}
        found.append(_sentence("clicks", band.day, **values))
    over = drift.filter(pl.col("ingest_date") < today)
    newest = over.filter(pl.col("ingest_date") == pl.col("ingest_date").max())
    for row in drifted_inputs(newest):
        moved = {name: row[f"moved_{name}"] for name in ("value", "from_pct", "to_pct")}
        found.append(
            _sentence("drift", newest.item(0, "ingest_date"), input=row["input_name"], **moved)
        )
    return found or [Sentence("monitor.good", True, {"day": last["ingest_date"]})]


def _sentence(name: str, day: dt.date, **values: object) -> Sentence:
    return Sentence(f"monitor.{name}", values={"day": day, **values})


def _part(part: str, whole: str) -> pl.Expr:
    share = 100 * pl.col(part) / pl.col(whole)
    return pl.when(pl.col(whole) > 0).then(share)
