"""What people are told when they do not look: one notice, and the sentences of each kind.

Belongs here: the wording of notices, as data. Does not belong here: how they are sent
(channels.py) or when (wiring/watch.py).
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any, Literal

import polars as pl

from kpop_assets.recommend.outcomes.click_band import ClickBand

Kind = Literal["run_failed", "stale", "spike", "video_outlier", "milestone", "service", "mood"]
# As many as stay readable, and below what a channel cuts off.
SHOWN_SPIKES = 20
SHOWN_VIDEOS = 20
_OUTLIER_REASONS = {
    "views_per_hour": "by its views an hour",
    "engagement": "by its likes and comments",
    "views_per_subscriber": "by its views against the channel's subscribers",
    "combination": "by all of its figures together",
}
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


def outlier_notice(videos: pl.DataFrame, simulated: Collection[dt.date]) -> Notice:
    """Videos that came to stand out among those of their age, in one.

    Args:
        videos: event_date, artist, video_id, outlier_score, reason and text (the title, null where
            it is not known), the farthest out first; one row or more.
        simulated: the days of which any observation is simulated.
    """
    lines = [
        f"{_video(row, simulated)}: {row['outlier_score']:.1f} sigmas on {row['event_date']}, "
        + _OUTLIER_REASONS.get(row["reason"], _OUTLIER_REASONS["combination"])
        for row in videos.head(SHOWN_VIDEOS).to_dicts()
    ]
    return _video_notice("video_outlier", videos, simulated, lines, "stands out", "stand out")


def milestone_notice(videos: pl.DataFrame, simulated: Collection[dt.date]) -> Notice:
    """Videos that passed a round number of views, in one; as `outlier_notice`, with milestone."""
    lines = [
        f"{_video(row, simulated)}: {row['milestone']:,} views on {row['event_date']}"
        for row in videos.head(SHOWN_VIDEOS).to_dicts()
    ]
    several = "passed round numbers of views"
    one = f"passed {videos['milestone'][0]:,} views"
    return _video_notice("milestone", videos, simulated, lines, one, several)


def service_notice(
    band: ClickBand | None,
    moved: Sequence[Mapping[str, Any]],
    day: dt.date,
    *,
    is_simulated: bool,
) -> Notice:
    """Answers are not as they were, in one.

    Args:
        band: clicks that left their band; None where they did not.
        moved: rows of `recommend/drift` that are above their limit.
        day: of the notice.
        is_simulated: whether any of it is simulated.
    """
    names = [*(["clicks"] if band else []), *(str(row["input_name"]) for row in moved)]
    lines = []
    if band:
        lines.append(
            f"clicks: {band.clicked_pct:.2f} % of shown works on {band.day}, expected "
            f"{band.low_pct:.2f} to {band.high_pct:.2f} %"
        )
    lines += [
        f"{row['input_name']}: index {row['stability_index']:.2f} on {row['ingest_date']}, limit "
        f"{row['stability_limit']:.2f}; {row['moved_value']} went from {row['moved_from_pct']:.0f} "
        f"to {row['moved_to_pct']:.0f} %"
        for row in moved
    ]
    lines.append("The page Monitor shows since when; `kpop train recommend` learns from what is.")
    note = "SIMULATED DATA: " if is_simulated else ""
    verb = "is" if len(names) == 1 and not band else "are"
    title = f"{note}{', '.join(names)} {verb} not as in the weeks before"
    return Notice("service", title, "\n".join(lines), day)


def mood_notice(acts: pl.DataFrame) -> Notice:
    """What people say of acts fell below its band, in one.

    Args:
        acts: rows of `audience/act_moods`, the furthest below first; one or more.
    """
    rows = acts.to_dicts()
    lines = [
        f"{row['artist']}: net sentiment {row['net_sentiment']:+.2f} on {row['ingest_date']}, "
        f"expected {row['band_low']:+.2f} to {row['band_high']:+.2f}, of {row['review_count']} "
        "reviews"
        for row in rows[:SHOWN_SPIKES]
    ]
    more = [f"and {len(rows) - SHOWN_SPIKES} more"] if len(rows) > SHOWN_SPIKES else []
    note = "SIMULATED DATA: " if any(row["is_simulated"] for row in rows) else ""
    artist = rows[0]["artist"] if len(rows) == 1 else None
    whose = artist or f"{len(rows)} acts"
    closing = "Campaigns that were found count less; the page Guards shows them."
    return Notice(
        "mood",
        f"{note}What people say of {whose} fell below the usual",
        "\n".join([*lines, *more, closing]),
        max(row["ingest_date"] for row in rows),
        artist,
    )


def _video_notice(
    kind: Kind,
    videos: pl.DataFrame,
    simulated: Collection[dt.date],
    lines: list[str],
    one: str,
    several: str,
) -> Notice:
    count, artists = videos.height, sorted(set(videos["artist"]))
    note = "SIMULATED DATA: " if not set(videos["event_date"]).isdisjoint(simulated) else ""
    whose = f"A video of {artists[0]} {one}" if count == 1 else f"{count} videos of acts {several}"
    more = [f"and {count - SHOWN_VIDEOS} more"] if count > SHOWN_VIDEOS else []
    artist = artists[0] if len(artists) == 1 else None
    day = max(videos["event_date"])
    return Notice(kind, note + whose, "\n".join([*lines, *more]), day, artist)


def _video(row: dict[str, Any], simulated: Collection[dt.date]) -> str:
    mark = "SIMULATED: " if row["event_date"] in simulated else ""
    return f"{mark}{row['artist']}, {row['text'] or row['video_id']}"


def _spike_text(row: dict[str, Any]) -> str:
    return (
        f"{row['pace']:,.0f} points on {row['event_date']}, {row['ratio']:.1f} times the "
        f"median of {row['history_days']} days before ({row['usual_pace']:,.0f}); all "
        f"artists moved by {row['market_ratio']:.1f}."
    )
