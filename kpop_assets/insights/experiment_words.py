"""Which sentence an experiment's result is: one answer for pages and commands.

Belongs here: what is said of a result, as a key and its figures. Does not belong here: the words
(app/messages/, cli/), or how a result is worked out (experiments/).
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

import polars as pl

from kpop_assets.experiments.usual_settings import VariantSettings

# Of a row that is settled these would be read as a doubt about it.
_OF_WAITING = ("power_pct", "needed_days")


@dataclass(frozen=True)
class ResultSentence:
    """One sentence about a result.

    Attributes:
        key: which: better, better_line, better_usual, better_but, worse, guardrail,
            guardrail_open, not_yet, wait_end, wait_any_day, last_day, ended, too_few, nobody, or
            broken_ with the reason.
        is_good: whether a variant won.
        values: its figures.
        lines: of better_line, what is to be written into the file of usual settings.
    """

    key: str
    is_good: bool = False
    values: Mapping[str, Any] = field(default_factory=dict)
    lines: tuple[str, ...] = ()


def judge_results(
    rows: pl.DataFrame, today: dt.date, settings: Mapping[str, VariantSettings]
) -> list[ResultSentence]:
    """What an experiment says and what to do next, worst first.

    Args:
        rows: of `experiments/results`, one day of one experiment.
        today: after the last day nothing more comes.
        settings: by variant, what the plan sets; none where it sets nothing.
    """
    day = {"day": rows.item(0, "ingest_date")}
    broken = rows.filter(pl.col("broken_reason").is_not_null())
    if broken.height:
        return [ResultSentence(f"broken_{broken.item(0, 'broken_reason')}", values=day)]
    treated = rows.filter(pl.col("verdict").is_not_null()).to_dicts()
    guards = [row for row in treated if not row["is_primary"]]
    harmed = {row["variant"] for row in guards if row["direction"] == "worse"}
    found = [_said("guardrail", row) for row in guards if row["direction"] == "worse"]
    for row in treated:
        if row["is_primary"]:
            found += _judge_primary(row, guards, harmed, today, settings.get(row["variant"]))
    return found or [ResultSentence("nobody", values=day)]


def is_settled(row: Mapping[str, Any]) -> bool:
    """Whether a row of results waits for nothing: it is significant, or all is known."""
    return row["verdict"] == "significant" or row["ingest_date"] > row["end_date"]


def without_waiting(rows: pl.DataFrame) -> pl.DataFrame:
    """The same rows; what is said of waiting is null where nothing is waited for."""
    is_found = pl.col("verdict") == "significant"
    is_waiting = ~(is_found.fill_null(False) | (pl.col("ingest_date") > pl.col("end_date")))
    return rows.with_columns(pl.when(is_waiting).then(pl.col(*_OF_WAITING)))


def _judge_primary(
    row: dict[str, Any],
    guards: list[dict[str, Any]],
    harmed: set[str],
    today: dt.date,
    settings: VariantSettings | None,
) -> Iterator[ResultSentence]:
    if row["verdict"] != "significant":
        yield _said(_waiting(row, today), row)
    elif row["direction"] == "worse":
        yield _said("worse", row)
    elif row["variant"] in harmed:
        yield _said("better_but", row)
    else:
        yield _won(row, settings)
        for guard in guards:
            if guard["variant"] == row["variant"] and _may_harm(guard):
                yield _said("guardrail_open", guard)


def _won(row: dict[str, Any], settings: VariantSettings | None) -> ResultSentence:
    if settings is None:
        return _said("better", row, is_good=True)
    if not settings.to_write:
        return _said("better_usual", row, is_good=True)
    return replace(_said("better_line", row, is_good=True), lines=settings.to_write)


def _waiting(row: dict[str, Any], today: dt.date) -> str:
    if row["effect"] is None:
        return "too_few"
    if is_settled(row):
        return "ended"
    if today > row["end_date"]:
        return "last_day"
    return "not_yet" if row["needed_days"] else f"wait_{row['decides']}"


def _may_harm(guard: dict[str, Any]) -> bool:
    """Whether the interval that decides holds a harm as large as what matters."""
    name = "any_day" if guard["decides"] == "any_day" else "effect"
    low, high = guard[f"{name}_low_pct"], guard[f"{name}_high_pct"]
    if low is None:
        return True
    least = guard["least_effect_pct"]
    return bool(low <= -least) if guard["better"] == "more" else bool(high >= least)


def _said(key: str, row: dict[str, Any], *, is_good: bool = False) -> ResultSentence:
    names = (
        *("ingest_date", "variant", "metric", "end_date", "needed_days", "power_pct"),
        *("least_effect_pct", "effect_pct", "effect_low_pct", "effect_high_pct"),
    )
    return ResultSentence(key, is_good, {name: row[name] for name in names})
