"""An alert in words.

Belongs here: one sentence an alert, in a language. Does not belong here: finding alerts
(queries/alerts.py), or the form in which they leave (feed.py).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from app import numbers
from app.messages.catalogue import plain


def say_alert(row: Mapping[str, Any], language: str, name_of: Callable[[str], str]) -> str:
    """A row of `list_alerts` as a sentence without a full stop, as plain text."""
    kind, value = row["kind"], row["value"]
    values = {"artist": name_of(row["artist"])}
    if kind == "spike":
        values["value"] = f"{value:,.0f}" if value >= 10 else f"{value:.1f}"
    elif kind == "milestone":
        values["value"] = numbers.write("compact", value, language)
        values["title"] = row["video_title"] or row["video_id"]
    elif kind == "outlier":
        values["title"] = row["video_title"] or row["video_id"]
        values["reason"] = plain(language, f"outliers.reason_{row['reason'] or 'combination'}")
    else:
        values |= {"value": f"{value:.0f}", "before": f"{row['before']:.0f}"}
    return plain(language, f"alerts.{kind}", **values)
