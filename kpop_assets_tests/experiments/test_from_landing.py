"""From landed plays and exposures to results, through the graph; and what is left of whom goes."""

from __future__ import annotations

import datetime as dt
import json
from pathlib import Path

import dagster as dg
import polars as pl

from kpop_assets.contracts.experiments import EXPERIMENT_RESULTS, LISTENER_DAYS
from kpop_assets.contracts.exposures import EXPOSURES
from kpop_assets.days import day_start_ms
from kpop_assets.experiments.plans import plans_folder
from kpop_assets.landing.importer import import_files
from kpop_assets.landing.persons import person_ids
from kpop_assets.operate.runner import materialize
from kpop_assets.retention.forgetting import forget_person
from kpop_assets.settings import Settings
from kpop_assets.wiring.resources import build_lake
from kpop_assets_tests.graph.kit import DAY
from kpop_assets_tests.graph.kit import instance as instance

LAST = DAY + dt.timedelta(days=1)
SELECT = ("landing", "bronze", "recommend/listener_tracks", "experiments")
PLAN = """question = "Do they?"
unit = "listener"
starts_on = 2025-11-08
ends_on = 2025-11-09
primary_metric = "plays"
least_effect = 0.1
[shares]
control = 0.5
new = 0.5
"""


def land_both(settings: Settings, folder: Path) -> None:
    """Four listeners of each variant; those of the new one play a track more."""
    plays, exposures = [], []
    for day in (DAY, LAST):
        at = day_start_ms(day) + 3_600_000
        for number in range(8):
            is_new = number % 2
            exposures.append(
                {
                    "experiment": "tried",
                    "variant": "new" if is_new else "control",
                    "unit_id": f"name{number}",
                    "exposed_at": at,
                }
            )
            plays += [
                {"user_id": f"name{number}", "track_id": f"t{n}", "played_at": at + n * 300_000}
                for n in range(number // 2 + 1 + is_new)
            ]
    for kind, lines in (("plays", plays), ("exposures", exposures)):
        source = folder / f"{kind}.json"
        source.write_text("\n".join(map(json.dumps, lines)))
        import_files(f"landing-{kind}", source, settings.landing)


def test_what_was_landed_is_what_results_say_day_by_day_and_whoever_is_forgotten_goes(
    settings: Settings, instance: dg.DagsterInstance, tmp_path: Path
):
    plans_folder(settings.home).mkdir(parents=True)
    (plans_folder(settings.home) / "tried.toml").write_text(PLAN)
    land_both(settings, tmp_path)
    materialize(settings, DAY, LAST, SELECT, {}, {"days": []})
    lake = build_lake(settings)
    found = lake.rows(EXPERIMENT_RESULTS).sort("ingest_date", "variant")
    assert found["ingest_date"].to_list() == [DAY, DAY, LAST, LAST]
    assert found["variant"].to_list() == ["control", "new"] * 2
    assert found["mean"].to_list() == [2.5, 3.5, 5.0, 7.0]
    assert found["effect"].to_list() == [None, 1.0, None, 2.0]
    assert found["unit_count"].to_list() == [4] * 4
    assert found["verdict"].to_list() == [None, "not yet"] * 2
    gone = person_ids(settings.landing, "exposures").id_of("name3")
    assert person_ids(settings.landing, "plays").id_of("name3") == gone
    for table, column in ((EXPOSURES, "unit_id"), (LISTENER_DAYS, "user_id")):
        assert lake.rows(table).filter(pl.col(column) == gone).height == 2
    done = forget_person(settings, lake, "name3")
    for table, column in ((EXPOSURES, "unit_id"), (LISTENER_DAYS, "user_id")):
        assert done.rows[table.path] >= 2
        assert gone not in lake.rows(table)[column].to_list()
    assert b"name3" not in b"".join(path.read_bytes() for path in settings.landing.rglob("*.json"))
