"""The sensor that tells when what people say of an act falls below its band.

Belongs here: when that is news, and the memory that makes it told once. Does not belong here: the
band (audience/scores/act_moods.py), or its wording (notify/).

A day is judged when it is over: what is said of it by noon is not what will be said.
"""

import datetime as dt
import json
from collections.abc import Iterable

import dagster as dg
import polars as pl

from kpop_assets.contracts.audience_scores import ACT_MOODS
from kpop_assets.days import seoul_now
from kpop_assets.lake.reader import LakeReader
from kpop_assets.notify.channels import send
from kpop_assets.notify.messages import mood_notice
from kpop_assets.settings import Settings
from kpop_assets.wiring.watch import NEWS_DAYS


def find_mood_news(reader: LakeReader, today: dt.date) -> pl.DataFrame:
    """Acts that fell below their band on the newest of the last days that are over, furthest first.

    Returns:
        Rows of `audience/act_moods`.
    """
    if not reader.exists(ACT_MOODS):
        return pl.DataFrame(schema={"artist": pl.String})
    rows = reader.rows(ACT_MOODS, today - dt.timedelta(days=NEWS_DAYS), today)
    newest = rows.filter(pl.col("ingest_date") == pl.col("ingest_date").max())
    below = newest.filter(pl.col("is_below_band"))
    return below.sort(pl.col("net_sentiment") - pl.col("band_low"), "artist")


def build_mood_sensor() -> dg.SensorDefinition:
    """The sensor; its memory is which acts were below their band when it last looked."""

    @dg.sensor(
        name="tell_fallen_moods",
        minimum_interval_seconds=600,
        default_status=dg.DefaultSensorStatus.RUNNING,
        description="Tells when sentiment about an act falls below its band, once until it ends.",
    )
    def tell_fallen_moods(
        context: dg.SensorEvaluationContext, settings: dg.ResourceParam[Settings]
    ) -> dg.SensorResult:
        below = find_mood_news(LakeReader(settings.lake), seoul_now().date())
        told = set(json.loads(context.cursor or "[]"))
        new = below.filter(~pl.col("artist").is_in(sorted(told)))
        if new.height:
            send([mood_notice(new)], settings, context.log)
        acts = sorted(below["artist"].to_list())
        reason = f"{len(acts)} acts below their band, {new.height} of them new"
        return dg.SensorResult(skip_reason=reason, cursor=json.dumps(acts))

    return tell_fallen_moods


def audience_sensors() -> Iterable[dg.SensorDefinition]:
    """All sensors of this module, on from the start."""
    return [build_mood_sensor()]
