"""The sensor that tells when answers change: clicks leave their band, an input is not as it was.

Belongs here: when that is news, and the memory that makes it told once. Does not belong here: band
and drift (recommend/outcomes/click_band.py, recommend/outcomes/input_drift.py), or its wording
(notify/).

A day is judged when it is over: hours that are still to come are no drift.
"""

import datetime as dt
import json
from collections.abc import Iterable

import dagster as dg
import polars as pl

from kpop_assets.contracts.bronze import SIMULATED_SOURCE
from kpop_assets.contracts.plays import PLAYS
from kpop_assets.contracts.recommend_service import ANSWER_DAYS, EVERYTHING, INPUT_DRIFT
from kpop_assets.contracts.recommendations import RECOMMENDATIONS
from kpop_assets.contracts.table import Table
from kpop_assets.days import day_end, seoul_now
from kpop_assets.lake.reader import LakeReader
from kpop_assets.notify.channels import send
from kpop_assets.notify.messages import service_notice
from kpop_assets.recommend.outcomes.click_band import BAND_DAYS, ClickBand, judge_clicks
from kpop_assets.recommend.outcomes.input_drift import drifted_inputs
from kpop_assets.settings import Settings
from kpop_assets.wiring.watch import NEWS_DAYS

# What stands for clicks among the names of inputs.
_CLICKS = "clicks"
_BAND_COLUMNS = ("ingest_date", "shown_count", "clicked_count")


def find_click_news(reader: LakeReader, today: dt.date) -> ClickBand | None:
    """Clicks of the last days that left their band; None where they are inside, or not known."""
    if not reader.exists(ANSWER_DAYS):
        return None
    last = today - dt.timedelta(days=1)
    start = last - dt.timedelta(days=BAND_DAYS + NEWS_DAYS)
    whole = pl.col("experiment") == EVERYTHING
    days = reader.rows(ANSWER_DAYS, start, today, _BAND_COLUMNS, where=whole)
    band = judge_clicks(days, last)
    is_news = band and band.is_outside and (today - band.day).days <= NEWS_DAYS
    return band if is_news else None


def find_drift_news(reader: LakeReader, today: dt.date) -> list[dict[str, object]]:
    """Inputs that moved on the newest of the last days that are over, the furthest first."""
    if not reader.exists(INPUT_DRIFT):
        return []
    rows = reader.rows(INPUT_DRIFT, today - dt.timedelta(days=NEWS_DAYS), today)
    newest = rows.filter(pl.col("ingest_date") == pl.col("ingest_date").max())
    return list(drifted_inputs(newest))


def build_service_sensor() -> dg.SensorDefinition:
    """The sensor; its memory is what was out of its place when it last looked."""

    @dg.sensor(
        name="tell_changed_answers",
        minimum_interval_seconds=600,
        default_status=dg.DefaultSensorStatus.RUNNING,
        description="Tells when clicks or what recommendations rest on change, once until it ends.",
    )
    def tell_changed_answers(
        context: dg.SensorEvaluationContext, settings: dg.ResourceParam[Settings]
    ) -> dg.SensorResult:
        reader, today = LakeReader(settings.lake), seoul_now().date()
        band, moved = find_click_news(reader, today), find_drift_news(reader, today)
        told = set(json.loads(context.cursor or "[]"))
        new_band = None if _CLICKS in told else band
        new_moved = [row for row in moved if row["input_name"] not in told]
        if new_band or new_moved:
            days = {row["ingest_date"] for row in new_moved} | (
                {new_band.day} if new_band else set()
            )
            is_simulated = any(_is_simulated(reader, day) for day in days)
            notice = service_notice(new_band, new_moved, today, is_simulated=is_simulated)
            send([notice], settings, context.log)
        out = sorted({*(str(row["input_name"]) for row in moved), *([_CLICKS] if band else [])})
        reason = f"{len(out)} out of their place, {len(set(out) - told)} of them new"
        return dg.SensorResult(skip_reason=reason, cursor=json.dumps(out))

    return tell_changed_answers


def _is_simulated(reader: LakeReader, day: object) -> bool:
    sources = _sources(reader, RECOMMENDATIONS, day) | _sources(reader, PLAYS, day)
    return SIMULATED_SOURCE in sources


def _sources(reader: LakeReader, table: Table, day: object) -> set[str | None]:
    if not isinstance(day, dt.date) or not reader.exists(table):
        return set()
    return set(reader.arrow(table, day, day_end(day), ["source"])["source"].to_pylist())


def service_sensors() -> Iterable[dg.SensorDefinition]:
    """All sensors of this module, on from the start."""
    return [build_service_sensor()]
