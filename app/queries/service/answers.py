"""How answers were given and what was clicked, day by day, and whether inputs are as they were.

Belongs here: what the page Monitor reads, and its verdict. Does not belong here: drawing, or the
computation of a band or an index (kpop_assets/recommend/).
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from typing import Any

import polars as pl

from app.notices import PageEnd
from app.queries.service.weeks import read_weeks
from app.queries.trust.data_health import Sentence
from app.snapshot import Snapshot, reads
from kpop_assets.contracts.recommend_service import (
    ANSWER_DAYS,
    EVERYTHING,
    INPUT_DRIFT,
    LEAST_DRIFT_DAYS,
    LEAST_DRIFT_ROWS,
    OUTCOME_DAYS,
)
from kpop_assets.recommend.outcomes.click_band import (
    LEAST_BAND_DAYS,
    LEAST_KIND_DAYS,
    LEAST_SHOWN,
    judge_clicks,
)
from kpop_assets.recommend.outcomes.input_drift import drifted_inputs

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
    rows = read_weeks(snapshot, ANSWER_DAYS, day)
    if rows.is_empty():
        raise PageEnd("monitor.none")
    return rows.with_columns(
        _part("cached_count", "answer_count").alias("cached_pct"),
        _part("fallback_count", "answer_count").alias("fallback_pct"),
        _part("clicked_count", "shown_count").alias("clicked_pct"),
        _part("skipped_count", "shown_count").alias("skipped_pct"),
    ).sort("ingest_date", "experiment", "variant")


@reads(OUTCOME_DAYS)
def read_outcome_days(snapshot: Snapshot, day: dt.date | None) -> pl.DataFrame:
    """What came of answers on the weeks up to a day, or the newest, of all and of each variant.

    Returns:
        The columns of `recommend/outcome_days`, and taken_pct and finished_pct; none where a home
        has not counted any yet.
    """
    rows = read_weeks(snapshot, OUTCOME_DAYS, day)
    return rows.with_columns(
        _part("taken_work_count", "shown_work_count").alias("taken_pct"),
        _part("finished_work_count", "taken_work_count").alias("finished_pct"),
    ).sort("ingest_date", "experiment", "variant")


@reads(INPUT_DRIFT)
def read_drift(snapshot: Snapshot, day: dt.date | None) -> pl.DataFrame:
    """Rows of `recommend/drift` of the weeks up to a day, or the newest, the furthest first.

    Without any they are none: a home may have counted no inputs yet.
    """
    rows = read_weeks(snapshot, INPUT_DRIFT, day)
    return rows.sort("ingest_date", "stability_index", descending=True, nulls_last=True)


def of_all(days: pl.DataFrame) -> pl.DataFrame:
    """Of what `read_answer_days` or `read_outcome_days` has, the rows of all answers."""
    return days.filter(pl.col("experiment") == EVERYTHING)


def of_variants(days: pl.DataFrame) -> pl.DataFrame:
    """The rows of single variants."""
    return days.filter(pl.col("experiment") != EVERYTHING)


def judge_service(days: pl.DataFrame, drift: pl.DataFrame, today: dt.date) -> list[Sentence]:
    """What is wrong with the newest day, or what of it is right; and what of it is not known.

    Args:
        days: what `read_answer_days` has.
        drift: what `read_drift` has.
        today: a day that is not over is not held against whole ones.
    """
    whole = of_all(days)
    day = whole.item(-1, "ingest_date")
    over = min(day, today - dt.timedelta(days=1))
    judged = [
        *_judge_answers(whole.row(-1, named=True)),
        *_judge_clicks(whole, over),
        *_judge_inputs(drift.filter(pl.col("ingest_date") < today), over),
    ]
    wrong = [one for one in judged if not one.is_good and not one.is_unknown]
    good = [one for one in judged if one.is_good]
    if good and not wrong:
        parts = {one.key: one.values["day"] for one in good}
        wrong = [Sentence("monitor.good", True, {"parts": parts})]
    return wrong + [one for one in judged if one.is_unknown]


def _judge_answers(last: dict[str, Any]) -> Iterator[Sentence]:
    day, share, slowest = (last[n] for n in ("ingest_date", "fallback_pct", "response_ms_p99"))
    if share is None:
        yield _unknown("nothing", day)
    elif share > MANY_FALLBACKS_PCT:
        yield _sentence("fallbacks", day, pct=share)
    else:
        yield _right("model", day)
    if slowest is None:
        yield _unknown("times", day)
    elif slowest > SLOW_MS:
        yield _sentence("slow", day, ms=slowest)
    else:
        yield _right("speed", day)


def _judge_clicks(whole: pl.DataFrame, day: dt.date) -> Iterator[Sentence]:
    """Of a day that is over, or of the newest before it of which anything is known."""
    band = judge_clicks(whole, day)
    if band and band.is_outside:
        values = {"pct": band.clicked_pct, "low": band.low_pct, "high": band.high_pct}
        yield _sentence("clicks", band.day, **values)
    elif band and band.day == day:
        yield _right("clicks", day)
    if band and band.day == day:
        return
    of_day = whole.filter(pl.col("ingest_date") == day)
    shown = int(of_day["shown_count"].sum())
    if shown < LEAST_SHOWN:
        yield _unknown("few_shown", day, shown=shown, least=LEAST_SHOWN)
    elif of_day["clicked_count"].null_count():
        yield _unknown("untold_clicks", day)
    else:
        least = {"least": LEAST_BAND_DAYS, "kind": LEAST_KIND_DAYS}
        yield _unknown("new_clicks", day, shown=LEAST_SHOWN, **least)


def _judge_inputs(over: pl.DataFrame, day: dt.date) -> Iterator[Sentence]:
    newest = over.filter(pl.col("ingest_date") == pl.col("ingest_date").max())
    moved = list(drifted_inputs(newest))
    for row in moved:
        values = {name: row[f"moved_{name}"] for name in ("value", "from_pct", "to_pct")}
        yield _sentence("drift", newest.item(0, "ingest_date"), input=row["input_name"], **values)
    of_day = newest.filter(pl.col("ingest_date") == day)
    unsure = of_day.filter(pl.col("stability_index").is_null())["input_name"].sort().to_list()
    if of_day.is_empty():
        yield _unknown("uncounted", day)
    elif unsure:
        least = {"rows": LEAST_DRIFT_ROWS, "least": LEAST_DRIFT_DAYS}
        yield _unknown("few_rows", day, inputs=unsure, **least)
    if not moved and of_day.height > len(unsure):
        yield _right("inputs", day)


def _right(part: str, day: dt.date) -> Sentence:
    return Sentence(f"monitor.part_{part}", True, {"day": day})


def _unknown(name: str, day: dt.date, **values: object) -> Sentence:
    key = f"monitor.unknown_{name}"
    return Sentence(key, values={"day": day, **values}, is_unknown=True)


def _sentence(name: str, day: dt.date, **values: object) -> Sentence:
    return Sentence(f"monitor.{name}", values={"day": day, **values})


def _part(part: str, whole: str) -> pl.Expr:
    share = 100 * pl.col(part) / pl.col(whole)
    return pl.when(pl.col(whole) > 0).then(share)
