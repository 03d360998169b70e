"""From landed answers, feedback and plays to days of answers and drift, through the graph."""

from __future__ import annotations

import datetime as dt
import json
from pathlib import Path
from typing import Any

import dagster as dg

from kpop_assets.contracts.recommend_service import (
    ANSWER_DAYS,
    EVERYTHING,
    INPUT_DAYS,
    INPUT_DRIFT,
)
from kpop_assets.days import day_start_ms
from kpop_assets.landing.importer import import_files
from kpop_assets.operate.runner import materialize
from kpop_assets.settings import Settings
from kpop_assets.wiring.resources import build_lake
from kpop_assets_tests.graph.kit import DAY
from kpop_assets_tests.graph.kit import instance as instance

SELECT = ("landing", "bronze", "recommend/answer_days", "recommend/input_days", "recommend/drift")
# As many weekend days lie before as a weekend day is held against.
FIRST = DAY - dt.timedelta(days=14)


def answer(day: dt.date, number: int, device: str) -> dict[str, Any]:
    return {
        **{"request_id": f"{day} {number}", "user_id": f"name{number % 50}", "device": device},
        **{"answered_at": day_start_ms(day) + number * 60_000, "response_ms": float(number)},
        **{"work_ids": ["w1", "w2"], "scores": ["0.5", "0.1"], "variants": ["order=mix"]},
    }


def land(settings: Settings, folder: Path) -> None:
    """Fifteen days of 210 answers; on the last all come from a device never seen before."""
    days = [FIRST + dt.timedelta(days=n) for n in range(15)]
    answers = [answer(day, n, "car" if day == DAY else "phone") for day in days for n in range(210)]
    clicks = [
        {"event_id": f"e{n}", "request_id": f"{DAY} {n}", "work_id": "w1", "action": "click"}
        | {"acted_at": day_start_ms(DAY) + 3_600_000 + n}
        for n in range(21)
    ]
    for kind, lines in (("recommendations", answers), ("feedback", clicks)):
        source = folder / f"{kind}.json"
        source.write_text("\n".join(map(json.dumps, lines)))
        import_files(f"landing-{kind}", source, settings.landing)


def test_what_was_landed_is_what_the_tables_say(
    settings: Settings, instance: dg.DagsterInstance, tmp_path: Path
):
    land(settings, tmp_path)
    materialize(settings, FIRST, DAY, SELECT, {}, {"days": []})
    lake = build_lake(settings)
    days = lake.rows(ANSWER_DAYS).sort("ingest_date", "experiment")
    assert days.height == 30
    last = days.filter(ingest_date=DAY, experiment=EVERYTHING).row(0, named=True)
    counts = ("answer_count", "answered_listener_count", "shown_count", "clicked_count")
    assert [last[name] for name in counts] == [210, 50, 420, 21]
    assert days.filter(ingest_date=DAY, experiment="order").item(0, "clicked_count") == 21
    assert lake.rows(INPUT_DAYS).filter(input_value="car").item(0, "input_count") == 210
    drifted = lake.rows(INPUT_DRIFT).filter("is_drifted").select("ingest_date", "input_name")
    assert drifted.rows() == [(DAY, "answer_device")]
