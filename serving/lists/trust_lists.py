"""Lists about the data itself: how fresh and sound it is, what it means, where it is from.

Belongs here: entries over the viewer's queries of data health and method. Does not belong here: raw
landing lines, which may hold anything that somebody wrote.
"""

from __future__ import annotations

import datetime as dt
from zoneinfo import ZoneInfo

import polars as pl

from app.messages.catalogue import plain
from app.queries import lake as lakes
from app.queries.trust import checks, data_health, duplicates, intake, method
from app.snapshot import Snapshot
from kpop_assets.contracts.bronze import FILES
from kpop_assets.days import TIME_ZONE
from serving.lists.entries import ListAsked, ListEntry


def _tables(lake: Snapshot, asked: ListAsked) -> pl.DataFrame:
    return data_health.describe_tables(lake, dt.datetime.now(ZoneInfo(TIME_ZONE)).date())


def _verdict(lake: Snapshot, asked: ListAsked) -> pl.DataFrame:
    said = data_health.assess(_tables(lake, asked))
    rows = [(plain(asked.language, each.key, **each.values), each.is_good) for each in said]
    return pl.DataFrame(rows, {"sentence": pl.String, "is_good": pl.Boolean}, orient="row")


def _lines(lake: Snapshot, asked: ListAsked) -> pl.DataFrame:
    return intake.count_lines(lake, asked.ranked_day)


TRUST_LISTS = (
    ListEntry(
        "/v1/data-health",
        "How fresh each table is, in the order in which they are filled",
        (data_health.describe_tables,),
        _tables,
        tuple(data_health.SCHEMA),
        days="none",
        is_of_tables=False,
    ),
    ListEntry(
        "/v1/data-health/verdict",
        "What is wrong with the data, in sentences, and what to do",
        (data_health.describe_tables, data_health.assess),
        _verdict,
        ("sentence", "is_good"),
        days="none",
        is_of_tables=False,
    ),
    ListEntry(
        "/v1/checks",
        "Checks of tables that failed, or never ran",
        (checks.read_checks,),
        lambda lake, asked: checks.read_checks(lake.settings.dagster_home).problems,
        tuple(checks.SCHEMA),
        days="none",
        is_of_tables=False,
    ),
    ListEntry(
        "/v1/intake",
        "What became of the landing lines of each of 60 days, oldest first",
        (intake.count_lines,),
        _lines,
        ("ingest_date", *intake.OUTCOMES, "is_collected"),
        tables=(FILES,),
    ),
    ListEntry(
        "/v1/intake/reasons",
        "Why lines of 60 days could not be used, the most frequent first",
        (intake.list_quarantine,),
        lambda lake, asked: intake.list_quarantine(lake, asked.ranked_day).reasons,
        ("reason", "field", "quarantine_count", "newest_day"),
    ),
    ListEntry(
        "/v1/intake/duplicates",
        "Lines that were taken in twice, day by day",
        (duplicates.count_repeats,),
        lambda lake, asked: duplicates.count_repeats(lake, asked.ranked_day),
        ("ingest_date", "line_count", "duplicate_count", "duplicate_share"),
        tables=(FILES,),
    ),
    ListEntry(
        "/v1/sources",
        "Where observations are from, and whether they are simulated",
        (lakes.describe_sources,),
        lambda lake, asked: lakes.describe_sources(lake),
        ("source", "row_count", "first_day", "newest_day", "is_simulated"),
        days="none",
    ),
    ListEntry(
        "/v1/days",
        "Days that have a ranking, oldest first",
        (lakes.list_ranked_days,),
        lambda lake, asked: pl.DataFrame(
            {"ingest_date": lakes.list_ranked_days(lake)}, {"ingest_date": pl.Date}
        ),
        ("ingest_date",),
        days="none",
    ),
    ListEntry(
        "/v1/tables",
        "Every table, and what one of its rows is",
        (method.list_tables,),
        lambda lake, asked: method.list_tables(),
        ("table_name", "row_meaning"),
        days="none",
    ),
    ListEntry(
        "/v1/tables/columns",
        "Every column of every table: its type, unit and meaning",
        (method.list_columns,),
        lambda lake, asked: method.list_columns(),
        (
            *("table_name", "column_name", "column_type", "unit", "meaning"),
            *("is_nullable", "is_key"),
        ),
        days="none",
    ),
)
