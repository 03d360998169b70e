"""A training that is done is kept, as long as it rests on the same; who is killed goes on."""

from __future__ import annotations

import datetime as dt
import json
import os
import signal
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from kpop_assets.contracts.models import ARTIST_INPUTS, CANDIDATE_SCORES, TRAININGS
from kpop_assets.contracts.pareto import CHAMPION
from kpop_assets.contracts.rules import EVALUATION_DAYS, HISTORY_DAYS, HORIZON_DAYS
from kpop_assets.contracts.viral import VIRAL_SCORES
from kpop_assets.days import day_end
from kpop_assets.graph.step import Step
from kpop_assets.lake.frames import make_frame
from kpop_assets.lake.lake import Lake
from kpop_assets.ml.backtest import Fitter
from kpop_assets.ml.target import label
from kpop_assets.models.candidates import candidates
from kpop_assets.models.dataset import EARLIER, TARGET
from kpop_assets.models.experiment import open_tracking
from kpop_assets.models.recipe import fitting_code, recipe_digest, stands
from kpop_assets.settings import Settings
from kpop_assets_tests.graph.kit import DAY, frame

STAND = (TRAININGS, CANDIDATE_SCORES, VIRAL_SCORES)
FIRST = DAY - dt.timedelta(days=29)
FEW = tuple(one for one in candidates() if one.is_baseline or one.family == "lightgbm")


def inputs(last: dt.date = DAY, first: dt.date = FIRST) -> pd.DataFrame:
    """Two artists a day, with a number of their own in every column."""
    days = pd.date_range(first, last)
    rows = pd.DataFrame({"ingest_date": days.repeat(2), "artist": ["IVE", "TWS"] * len(days)})
    since = (rows["ingest_date"] - pd.Timestamp("2025-01-01")).dt.days
    for number, column in enumerate(ARTIST_INPUTS.columns):
        if column.name not in rows and column.type in ("double", "long", "int"):
            values = since * 3 + number + (rows["artist"] == "IVE") / 7
            rows[column.name] = values if column.type == "double" else values.astype("int64")
    return rows.assign(tier=np.where(rows["artist"] == "IVE", 1, 4))


def recipe(
    rows: pd.DataFrame, day: dt.date = DAY, history_days: int = HISTORY_DAYS, competing=FEW
) -> str:
    fitter = Fitter(label(rows, TARGET), TARGET, history_days)
    return recipe_digest(fitter, day, EVALUATION_DAYS, competing)


def test_the_recipe_is_that_of_what_was_known_on_the_day_whatever_came_since_or_long_before():
    assert recipe(inputs()) == recipe(inputs(DAY + dt.timedelta(days=20)))
    long_ago = FIRST - dt.timedelta(days=HISTORY_DAYS + EVALUATION_DAYS + 3 * HORIZON_DAYS)
    much, more = inputs(first=long_ago), inputs(first=long_ago - dt.timedelta(days=50))
    assert recipe(much) == recipe(more)


def test_the_order_in_which_an_engine_adds_up_changes_no_recipe():
    rows = inputs()
    doubles = [c.name for c in ARTIST_INPUTS.columns if c.type == "double"]
    assert recipe(rows.assign(**rows[doubles] * (1 + 2**-52))) == recipe(rows)


def test_a_whole_number_is_the_same_whether_nulls_were_read_beside_it_or_not():
    rows = inputs()
    whole = [c.name for c in ARTIST_INPUTS.columns if c.type in ("long", "int")]
    assert recipe(rows.astype(dict.fromkeys(whole, "float64"))) == recipe(rows)


def test_whatever_a_training_rests_on_is_in_its_recipe():
    rows = inputs()
    early = rows["ingest_date"] == pd.Timestamp(FIRST)
    count = rows["video_count"].where(~early, rows["video_count"] + 1)
    pace = rows["pace_1d"].where(~early, rows["pace_1d"] * 1.00001)
    came = rows["tier"].where(rows["ingest_date"] != pd.Timestamp(DAY), 2)
    lightgbm = FEW[-1]

    def other_trees():
        built = lightgbm.build()
        built.estimator.set_params(num_leaves=9)
        return built

    found = [
        recipe(rows),
        recipe(rows.assign(video_count=count)),
        recipe(rows.assign(pace_1d=pace)),
        recipe(rows.assign(tier=came)),
        recipe(rows[~early]),
        recipe(rows, history_days=HISTORY_DAYS - 1),
        recipe(rows, competing=FEW[:-1]),
        recipe(rows, competing=(*FEW[:-1], replace(lightgbm, build=other_trees))),
        recipe(rows, DAY - dt.timedelta(days=1)),
    ]
    assert len(set(found)) == len(found)


def test_other_fitting_code_is_another_recipe(monkeypatch: pytest.MonkeyPatch, tmp_path: Path):
    before = recipe(inputs())
    for path in fitting_code():
        (tmp_path / path.name).write_bytes(path.read_bytes())
    monkeypatch.setattr("kpop_assets.models.recipe.fitting_code", lambda: tmp_path.glob("*.py"))
    assert recipe(inputs()) == before, "the same code, installed in another folder"
    (tmp_path / "estimators.py").write_text("", encoding="utf-8")
    assert recipe(inputs()) != before


def test_every_module_that_candidates_are_built_of_is_fitting_code():
    known = {path.resolve() for path in fitting_code()}
    loaded = {Path(sys.modules[type(part).__module__].__file__ or "") for part in built()}
    own = {path for path in loaded if "kpop_assets" in path.parts}
    assert {path.name for path in own} >= {"estimators.py", "baselines.py"}
    assert own <= known
    assert {"candidates.py", "shaping.py", "training.py"} <= {path.name for path in known}


def built() -> list[object]:
    """Every object that the candidates' models are made of."""
    found: list[object] = []
    waiting: list[object] = [one.build() for one in candidates()]
    while waiting:
        part = waiting.pop()
        if hasattr(part, "__dict__") and not isinstance(part, type) and part not in found:
            found.append(part)
            waiting += vars(part).values()
    return found


def test_the_recipe_is_the_same_in_another_process():
    code = (
        "from kpop_assets_tests.models.test_recipe import inputs, recipe\n"
        "from kpop_assets.models.candidates import candidates\n"
        "print(recipe(inputs(), competing=candidates()))"
    )
    words, seeded = [sys.executable, "-c", code], {**os.environ, "PYTHONHASHSEED": "1"}
    said = subprocess.run(words, env=seeded, capture_output=True, text=True, check=True).stdout
    assert said == f"{recipe(inputs(), competing=candidates())}\n"


@pytest.mark.parametrize(
    ("cells", "is_kept"),
    [
        ({"recipe_digest": "same"}, True),
        ({"recipe_digest": "other"}, False),
        ({}, False),
        ({"recipe_digest": "same", "refusal": "too few days"}, False),
        (None, False),
    ],
)
def test_a_training_stands_if_it_was_carried_out_by_the_same_recipe(
    lake: Lake, settings: Settings, cells: dict | None, is_kept: bool
):
    step = Step(lake, STAND, {}, DAY, day_end(DAY))
    tracking = open_tracking(settings.home)
    assert not stands(step, tracking, DAY, "same"), "there is no table yet"
    scored = {"ingest_date": DAY, "is_portable": True, "model_uri": plant(settings.home)}
    lost = {**scored, "candidate": "not stored", "is_portable": False, "model_uri": ""}
    for table in (CANDIDATE_SCORES, VIRAL_SCORES):
        step.replace(table, frame(lake.spark, table, scored, lost))
    rows = [] if cells is None else [{"ingest_date": DAY, **cells}]
    step.replace(TRAININGS, frame(lake.spark, TRAININGS, *rows))
    assert stands(step, tracking, DAY, "same") == is_kept


def test_a_training_whose_models_are_gone_does_not_stand(lake: Lake, settings: Settings):
    step = Step(lake, STAND, {}, DAY, day_end(DAY))
    cells = {"ingest_date": DAY, "recipe_digest": "same"}
    kept = {"ingest_date": DAY, "is_portable": True, "model_uri": plant(settings.home)}
    for learned, other in ((CANDIDATE_SCORES, VIRAL_SCORES), (VIRAL_SCORES, CANDIDATE_SCORES)):
        step.replace(TRAININGS, frame(lake.spark, TRAININGS, cells))
        step.replace(other, frame(lake.spark, other, kept))
        for scored in ([], [kept | {"model_uri": "models:/m-0"}]):
            step.replace(learned, frame(lake.spark, learned, *scored))
            assert not stands(step, open_tracking(settings.home), DAY, "same")


def test_a_training_that_could_not_learn_who_becomes_viral_stands_without(
    lake: Lake, settings: Settings
):
    step = Step(lake, STAND, {}, DAY, day_end(DAY))
    refused = {"ingest_date": DAY, "recipe_digest": "same", "viral_refusal": "too few days"}
    kept = {"ingest_date": DAY, "is_portable": True, "model_uri": plant(settings.home)}
    step.replace(CANDIDATE_SCORES, frame(lake.spark, CANDIDATE_SCORES, kept))
    step.replace(VIRAL_SCORES, [])
    step.replace(TRAININGS, frame(lake.spark, TRAININGS, refused))
    assert stands(step, open_tracking(settings.home), DAY, "same")


def plant(home: Path) -> str:
    """A model's folder, as far as it is looked at before it is loaded."""
    folder = home / "mlartifacts" / "models" / "m-0123456789abcdef0123456789abcdef" / "artifacts"
    folder.mkdir(parents=True)
    columns = json.dumps(json.dumps([{"name": "tier"}]))
    (folder / "MLmodel").write_text(f"flavors: {{}}\nsignature:\n  inputs: {columns}\n")
    return "models:/m-0123456789abcdef0123456789abcdef"


# Three of these days are trained on. Sessions end after two seconds, and the first training of a
# process takes longer.
RUN = """
import os, signal, sys, time
from contextlib import nullcontext
from pathlib import Path
import dagster as dg
from kpop_assets.models import carry_out
from kpop_assets.models.candidates import candidates
from kpop_assets.operate import runner
from kpop_assets.settings import Settings
from kpop_assets_tests.graph.kit import DAY
from kpop_assets_tests.models.test_recipe import SATURDAYS

few = tuple(c for c in candidates() if c.is_baseline or c.name == "ordinal/three")
train, trained = carry_out.train, []

def counted(fitter, planned, competing):
    trained.append(planned.day.isoformat())
    if len(trained) == int(sys.argv[2]):
        os.kill(os.getpid(), signal.SIGKILL)
    time.sleep(4 if len(trained) == 1 else 0)
    return train(fitter, planned, competing)

carry_out.candidates, carry_out.train = lambda engine: few, counted
memory = dg.DagsterInstance.ephemeral()
runner.open_instance = lambda settings: nullcontext(memory)
asked = ["models/trainings", "pareto/front", "pareto/champion"]
runner.materialize(Settings(home=Path(sys.argv[1])), SATURDAYS[0], DAY, asked)
print(*trained)
"""
SATURDAYS = [DAY - dt.timedelta(days=days) for days in (14, 7, 0)]


def run_in_process(home: Path, killed_at: int) -> subprocess.CompletedProcess[str]:
    quick = {"SAIL_SPARK__SESSION_TIMEOUT_SECS": "2", "KPOP_HOME": str(home)}
    words = [sys.executable, "-c", RUN, str(home), str(killed_at)]
    return subprocess.run(words, env={**os.environ, **quick}, capture_output=True, text=True)


@pytest.mark.timeout(120)
def test_a_run_that_is_killed_between_two_trainings_goes_on_with_the_next(
    settings: Settings, lake: Lake
):
    first, second, third = SATURDAYS
    start = first - dt.timedelta(days=34)
    four = [inputs(first=start).assign(artist=lambda r, n=n: r["artist"] + n) for n in "ab"]
    rows = pd.concat(four, ignore_index=True)
    number = rows["artist"].map({"IVEa": 1, "IVEb": 2, "TWSa": 3, "TWSb": 4})
    turned = number.where(rows["ingest_date"].dt.day % 9 > 0, 5 - number)
    planted = make_frame(lake, ARTIST_INPUTS, [completed(rows.assign(tier=turned))])
    lake.replace_range(ARTIST_INPUTS, start, day_end(DAY), planted)
    killed = run_in_process(settings.home, 3)
    assert killed.returncode == -signal.SIGKILL, killed.stderr
    done = scores(lake)
    assert {row["ingest_date"] for row in done} == {first, second}
    assert not lake.exists(CHAMPION)
    goes_on = run_in_process(settings.home, 0)
    assert goes_on.stdout == f"{third}\n", goes_on.stderr
    after = scores(lake)
    assert [row for row in after if row["ingest_date"] < third] == done, "run ids and all"
    champions = lake.arrow(CHAMPION, first, day_end(DAY))["ingest_date"].to_pylist()
    assert sorted(champions) == SATURDAYS


def completed(rows: pd.DataFrame) -> pd.DataFrame:
    """With what the contract has beside."""
    fillers = {"string": "x", "boolean": True, "binary": b"x", "date": DAY, "timestamp": DAY}
    rows = rows.assign(**{name: rows["tier"].astype("int64") for name in EARLIER})
    lacking = [column for column in ARTIST_INPUTS.columns if column.name not in rows]
    return rows.assign(**{column.name: fillers[column.type] for column in lacking})


def scores(lake: Lake) -> list[dict]:
    rows = lake.arrow(CANDIDATE_SCORES, SATURDAYS[0], day_end(DAY))
    return rows.sort_by([("ingest_date", "ascending"), ("candidate", "ascending")]).to_pylist()
