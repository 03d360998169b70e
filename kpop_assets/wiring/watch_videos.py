"""Sensors that tell of single videos: one becomes an outlier, one passes a round number.

Belongs here: the memory that makes each told once, and one notice of many. Does not belong here:
what is news of a video (insights/outlier_news.py, insights/milestones.py), the wording and sending
(notify/), or other notices (watch.py).

Videos of no act are left out: of all that a list of a country shows, dozens stand out each day.
"""

import datetime as dt
import json
from collections.abc import Callable
from dataclasses import dataclass

import dagster as dg
import polars as pl

from kpop_assets.catalog.catalog import OTHER
from kpop_assets.contracts import rules
from kpop_assets.contracts.bronze import EVENTS
from kpop_assets.contracts.lens_outliers import VIDEO_OUTLIERS
from kpop_assets.contracts.silver import VIDEO_DAILY
from kpop_assets.contracts.table import Table
from kpop_assets.days import day_end, seoul_now
from kpop_assets.insights.milestones import find_milestones
from kpop_assets.insights.outlier_news import (
    NEWS_COLUMNS,
    OUTLIER_QUIET_DAYS,
    find_outlier_news,
)
from kpop_assets.lake.reader import LakeReader
from kpop_assets.notify.channels import send
from kpop_assets.notify.messages import Notice, milestone_notice, outlier_notice
from kpop_assets.settings import Settings
from kpop_assets.wiring.watch import NEWS_DAYS, is_simulated

# What was told is remembered for longer than a rerun of its day could tell it again.
_MEMORY_DAYS = 30
_ON = dg.DefaultSensorStatus.RUNNING


@dataclass(frozen=True)
class VideoNews:
    """One kind of news of videos.

    Attributes:
        name: of its sensor.
        description: of its sensor.
        table: what it is found in.
        find: events since a day up to another: event_date, artist, video_id and what is said.
        key: columns that tell events apart: one is told once.
        notice: all events in one, with the days that are simulated.
    """

    name: str
    description: str
    table: Table
    find: Callable[[LakeReader, dt.date, dt.date], pl.DataFrame]
    key: tuple[str, ...]
    notice: Callable[[pl.DataFrame, set[dt.date]], Notice]


def find_new_outliers(reader: LakeReader, since: dt.date, today: dt.date) -> pl.DataFrame:
    """Videos of acts that came to stand out since a day, the farthest first."""
    first = since - dt.timedelta(days=OUTLIER_QUIET_DAYS)
    stands_out = pl.col("is_outlier")
    rows = reader.rows(VIDEO_OUTLIERS, first, day_end(today), NEWS_COLUMNS, where=stands_out)
    found = find_outlier_news(rows).filter(pl.col("event_date") >= since)
    return found.sort("outlier_score", "video_id", descending=[True, False])


def find_new_milestones(reader: LakeReader, since: dt.date, today: dt.date) -> pl.DataFrame:
    """Videos of acts that passed a round number, and never stood so high in the month before."""
    first = since - dt.timedelta(days=rules.COUNTERS_LOOK_BACK_DAYS)
    columns = ["ingest_date", "artist", "video_id", "view_count"]
    of_act = pl.col("artist") != OTHER
    rows = reader.rows(VIDEO_DAILY, first, day_end(today), columns, where=of_act)
    found = find_milestones(rows).filter(pl.col("event_date") >= since)
    return found.sort("milestone", "video_id", descending=[True, False])


OUTLIERS = VideoNews(
    "tell_video_outliers",
    "Tells when a video of an act comes to stand out among videos of its age, once.",
    VIDEO_OUTLIERS,
    find_new_outliers,
    ("video_id",),
    outlier_notice,
)
MILESTONES = VideoNews(
    "tell_milestones",
    "Tells when a video of an act passes a round number of views, once.",
    VIDEO_DAILY,
    find_new_milestones,
    ("video_id", "milestone"),
    milestone_notice,
)


def build_video_sensor(news: VideoNews) -> dg.SensorDefinition:
    """The sensor of one kind of news.

    Its memory is the version of the table that it has looked at, and what it has told of. It is
    kept after the notice is sent: a crash between tells twice rather than never.
    """

    @dg.sensor(
        name=news.name,
        minimum_interval_seconds=60,
        default_status=_ON,
        description=news.description,
    )
    def tell_videos(
        context: dg.SensorEvaluationContext, settings: dg.ResourceParam[Settings]
    ) -> dg.SensorResult | dg.SkipReason:
        reader, today = LakeReader(settings.lake), seoul_now().date()
        if not reader.exists(news.table):
            return dg.SkipReason(f"{news.table.path} has not been written yet")
        memory = json.loads(context.cursor or "{}")
        version = reader.delta(news.table).version()
        if memory.get("version") == version:
            return dg.SkipReason(f"version {version} of {news.table.path} was looked at")
        told = dict(memory.get("told", []))
        events = _untold(news, reader, today, told)
        if events.height:
            send([_notice(news, reader, events)], settings, context.log)
        days = [day.isoformat() for day in events["event_date"]]
        told |= dict(zip(_keys(news, events), days, strict=True))
        oldest = (today - dt.timedelta(days=_MEMORY_DAYS)).isoformat()
        kept = sorted([key, day] for key, day in told.items() if day >= oldest)
        return dg.SensorResult(
            skip_reason=f"{events.height} new events",
            cursor=json.dumps({"version": version, "told": kept}),
        )

    return tell_videos


def _untold(
    news: VideoNews, reader: LakeReader, today: dt.date, told: dict[str, str]
) -> pl.DataFrame:
    since = today - dt.timedelta(days=NEWS_DAYS - 1)
    events = news.find(reader, since, today)
    is_new = [key not in told for key in _keys(news, events)]
    return events.filter(pl.Series(is_new, dtype=pl.Boolean))


def _keys(news: VideoNews, events: pl.DataFrame) -> list[str]:
    return [" ".join(map(str, row)) for row in events.select(news.key).rows()]


def _notice(news: VideoNews, reader: LakeReader, events: pl.DataFrame) -> Notice:
    """All events in one notice, with the titles of their videos."""
    days = sorted(set(events["event_date"]))
    among = pl.col("video_id").is_in(events["video_id"].implode())
    columns = ["ingest_date", "video_id", "text"]
    titles = reader.rows(EVENTS, days[0], day_end(days[-1]), columns, where=among)
    titles = titles.sort("ingest_date", "text").unique("video_id", keep="last")
    named = events.join(
        titles.drop("ingest_date"), on="video_id", how="left", maintain_order="left"
    )
    return news.notice(named, {day for day in days if is_simulated(reader, day)})


def video_sensors() -> list[dg.SensorDefinition]:
    """All sensors of this module, on from the start."""
    return [build_video_sensor(OUTLIERS), build_video_sensor(MILESTONES)]
