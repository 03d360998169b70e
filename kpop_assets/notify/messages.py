"""What people are told when they do not look: one notice, and the sentences of each kind.

Belongs here: the wording of notices, as data. Does not belong here: how they are sent
(channels.py) or when (wiring/watch.py).
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection
from dataclasses import asdict, dataclass
from typing import Any, Literal

import polars as pl

Kind = Literal["run_failed", "stale", "spike"]
# As many as stay readable, and below what a channel cuts off.
SHOWN_SPIKES = 20
_MEASURE = "Points are this product's own measure, not YouTube's."


@dataclass(frozen=True)
class Notice:
    """Something that a person should know.

    Attributes:
        kind: what it is about; receivers may sort by it.
        title: one line.
        text: what happened and what to do, a few lines.
        day: the day in Seoul that it is about.
        artist: canonical name, where it is about one.
    """

    kind: Kind
    title: str
    text: str
    day: dt.date
    artist: str | None = None

    def as_json(self) -> dict[str, str | None]:
        """Its fields, the day as YYYY-MM-DD."""
        return {**asdict(self), "day": self.day.isoformat()}


def failure_notice(job: str, days: str, step: str | None, reason: str, day: dt.date) -> Notice:
    """A run failed: at which step and why. `days` is the range it was about, or empty."""
    what = f"{job} of {days}" if days else job
    where = f"step {step} failed" if step else "it failed outside its steps"
    return Notice(
        kind="run_failed",
        title=f"Run failed: {what}",
        text=f"{where}: {reason}\nIts log is in the UI (`make dev`); `kpop doctor` looks further.",
        day=day,
    )


def stale_notice(newest: dict[str, dt.date | None], day: dt.date) -> Notice:
    """Assets became stale: by path, the newest day that each holds."""
    lines = [f"{path}: newest day {found or 'none'}" for path, found in sorted(newest.items())]
    return Notice(
        kind="stale",
        title=f"{len(lines)} {'asset is' if len(lines) == 1 else 'assets are'} stale",
        text="\n".join([*lines, "Expected are the days up to the notice's: try `kpop doctor`."]),
        day=day,
    )


def spike_notice(alerts: pl.DataFrame, simulated: Collection[dt.date]) -> Notice:
    """All rows of `spikes.find_spikes` in one: a receiver may need seconds for each notice.

    Args:
        alerts: one row or more.
        simulated: the days of which any observation is simulated.
    """
    rows = alerts.sort("sigmas", descending=True).to_dicts()
    note = "SIMULATED DATA: " if any(row["event_date"] in simulated for row in rows) else ""
    day = max(row["event_date"] for row in rows)
    if len(rows) == 1:
        (row,) = rows
        title = f"{row['artist']} gains {row['sigmas']:.1f} sigma against its own trend"
        text = f"{_spike_text(row)} {_MEASURE}"
        return Notice("spike", note + title, text, day, row["artist"])
    lines = [
        f"{'SIMULATED: ' if row['event_date'] in simulated else ''}{row['artist']}: "
        f"{row['sigmas']:.1f} sigma on {row['event_date']}, {row['ratio']:.1f} times the usual"
        for row in rows[:SHOWN_SPIKES]
    ]
    more = [f"and {len(rows) - SHOWN_SPIKES} more"] if len(rows) > SHOWN_SPIKES else []
    title = f"{note}{len(rows)} spikes of artists against their own trends"
    return Notice("spike", title, "\n".join([*lines, *more, _MEASURE]), day)


def _spike_text(row: dict[str, Any]) -> str:
    return (
        f"{row['pace']:,.0f} points on {row['event_date']}, {row['ratio']:.1f} times the "
        f"median of {row['history_days']} days before ({row['usual_pace']:,.0f}); all "
        f"artists moved by {row['market_ratio']:.1f}."
    )
