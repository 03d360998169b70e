"""Charts over days on a page: the days without new data are gaps in them, and marked.

Belongs here: bringing a page's day, its gaps and their word together. Does not belong here: which
days those are (queries/gaps.py) or how they are drawn (charts/gaps.py).
"""

from __future__ import annotations

import datetime as dt
from typing import Any

import polars as pl

from app import frame
from app.cache import ask
from app.charts.gaps import mark_gaps
from app.queries.gaps import break_lines, list_gaps, list_seen_days


def with_gaps(view: frame.View, chart: Any, start: dt.date, end: dt.date | None = None) -> Any:
    """The chart with a band for each gap from `start` to `end`, or the page's day."""
    gaps = ask(view.snapshot, list_gaps, start, end or view.day)
    return mark_gaps(chart, gaps, frame.word("frame.gap"))


def broken(view: frame.View, rows: pl.DataFrame) -> pl.DataFrame:
    """The rows of one line, which breaks on days without new data."""
    return break_lines(rows, ask(view.snapshot, list_seen_days, view.day))
