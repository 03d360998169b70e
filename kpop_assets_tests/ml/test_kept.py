"""Forecasts kept between trainings: what is new is fitted, and any file may be lost."""

from __future__ import annotations

import dataclasses
import datetime as dt
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from kpop_assets.ml.backtest import Fitter, ModelCandidate
from kpop_assets.ml.kept import KeptForecasts
from kpop_assets.ml.training import Trained, plan_training, train
from kpop_assets.models.dataset import TARGET
from kpop_assets_tests.ml.test_backtest import label, on, world
from kpop_assets_tests.ml.test_training import LOGISTIC

HALVES = np.array([[0.5, 0.5], [0.25, 0.75]])


class Trainings:
    """Trainings of one candidate, each as a process of its own, and the cuts that each fitted."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.fitted: list[list[dt.date]] = []

    def on(
        self,
        number: int,
        rows: pd.DataFrame | None = None,
        candidate: ModelCandidate = LOGISTIC,
        method: str = "",
    ) -> Trained:
        """The training of a day, over three weeks of tests."""
        kept = KeptForecasts(self.folder, method)
        rows = world(80) if rows is None else rows
        fitter = Counting(label(rows), TARGET, history_days=400, kept=kept)
        (trained,) = train(fitter, plan_training(fitter, on(number), 21), (candidate,))
        self.fitted.append(sorted(fitter.cuts))
        return trained


class Counting(Fitter):
    """Remembers the cuts that it fitted."""

    @property
    def cuts(self) -> list[dt.date]:
        """Each that was asked for."""
        return self.__dict__.setdefault("_cuts", [])

    def fit(self, candidate: ModelCandidate, cut: dt.date) -> Any:
        """As a fitter does."""
        self.cuts.append(cut)
        return super().fit(candidate, cut)


@pytest.fixture
def trainings(tmp_path: Path) -> Trainings:
    return Trainings(tmp_path / "forecasts")


def test_a_process_of_a_week_later_fits_the_newest_cut_and_the_model_alone(trainings: Trainings):
    trainings.on(63)
    later = trainings.on(70)
    assert trainings.fitted == [[on(d) for d in (35, 42, 49, 56, 63)], [on(63), on(70)]]
    alone = Trainings(trainings.folder.with_name("empty")).on(70)
    pd.testing.assert_frame_equal(later.backtest, alone.backtest, check_exact=True)
    assert later.metrics == alone.metrics


def test_who_was_killed_in_a_training_goes_on_with_the_fits_that_were_not_made(
    trainings: Trainings,
):
    trainings.on(63)
    newest = max(trainings.folder.iterdir(), key=lambda path: path.stat().st_mtime_ns)
    newest.rename(newest.with_name(f".{newest.name}.part"))
    trainings.on(63)
    assert len(trainings.fitted[1]) == 2
    assert {path.name[0] for path in trainings.folder.iterdir()}.isdisjoint(".")


@pytest.mark.parametrize(
    "harm",
    [
        lambda content: b"",
        lambda content: content[:-1],
        lambda content: content[:32],
        lambda content: content[:-1] + bytes([content[-1] ^ 1]),
        lambda content: b"\0" * len(content),
        lambda content: content + content,
    ],
)
def test_a_damaged_file_is_fitted_again_and_replaced(
    trainings: Trainings, harm: Callable[[bytes], bytes]
):
    first = trainings.on(63)
    for path in trainings.folder.iterdir():
        path.write_bytes(harm(path.read_bytes()))
    again = trainings.on(63)
    trainings.on(63)
    assert [len(cuts) for cuts in trainings.fitted] == [5, 5, 1]
    pd.testing.assert_frame_equal(first.backtest, again.backtest, check_exact=True)


def test_other_rows_settings_or_code_are_fitted_again(trainings: Trainings):
    rows = world(80)
    trainings.on(63)

    def other_penalty() -> Any:
        built = LOGISTIC.build()
        built.estimator.set_params(ridgelogistic__reg=0.02)
        return built

    def moved(column: str, number: int) -> pd.DataFrame:
        is_day = rows["ingest_date"] == pd.Timestamp(on(number))
        return rows.assign(**{column: rows[column].where(~is_day, rows[column] / 2)})

    trainings.on(63, moved("row", 0))
    trainings.on(63, moved("nowcast_1d", 0))
    trainings.on(63, moved("nowcast_1d", 48))
    trainings.on(63, rows.assign(tier=5 - rows["tier"]))
    trainings.on(63, candidate=dataclasses.replace(LOGISTIC, build=other_penalty))
    trainings.on(63, method="other code")
    # What it does not read is nothing, and the first day is learned from on every cut. Day 48 is
    # forecast from the cut on 42; its outcome is known on 56 and 63, and not yet on 49.
    assert [len(cuts) for cuts in trainings.fitted[1:]] == [1, 5, 3, 5, 5, 5]


def test_the_order_in_which_an_engine_adds_up_fits_nothing_again(trainings: Trainings):
    rows = world(80)
    trainings.on(63)
    trainings.on(63, rows.assign(nowcast_3d=rows["nowcast_3d"] * (1 + 2**-52)))
    assert len(trainings.fitted[1]) == 1


def test_what_was_not_read_for_longest_is_swept_first(tmp_path: Path):
    kept = KeptForecasts(tmp_path / "there", "", max_bytes=130)
    kept.sweep()
    for age, name in enumerate(("a", "b", "c")):
        kept.write(name, HALVES)
        os.utime(kept.folder / name, (1000 - age, 1000 - age))
    assert kept.read("c", HALVES.shape) == pytest.approx(HALVES, abs=0)
    kept.sweep()
    assert {path.name for path in kept.folder.iterdir()} == {"a", "c"}
    assert kept.read("b", HALVES.shape) is None


def test_another_shape_is_not_read(tmp_path: Path):
    kept = KeptForecasts(tmp_path, "")
    kept.write("a", HALVES)
    assert kept.read("a", (3, 2)) is None
