"""Forecasts kept between trainings: what is new is fitted, and any file may be lost."""

from __future__ import annotations

import dataclasses
import datetime as dt
import os
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from kpop_assets.ml.backtest import Fitter, ModelCandidate
from kpop_assets.ml.kept import ABANDONED_SECONDS, KeptForecasts
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
    newest.rename(newest.with_name(f".{newest.name}.0.part"))
    trainings.on(63)
    assert len(trainings.fitted[1]) == 2


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


def test_two_who_write_one_name_at_once_both_end(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    kept, barrier = KeptForecasts(tmp_path, ""), threading.Barrier(2, timeout=20)
    write_bytes = Path.write_bytes

    def both_first(path: Path, content: bytes) -> int:
        count = write_bytes(path, content)
        barrier.wait()
        return count

    monkeypatch.setattr(Path, "write_bytes", both_first)
    with ThreadPoolExecutor(2) as pool:
        for written in [pool.submit(kept.write, "a", HALVES) for _ in range(2)]:
            written.result()
    assert kept.read("a", HALVES.shape) == pytest.approx(HALVES, abs=0)
    assert [path.name for path in tmp_path.iterdir()] == ["a"]


def test_a_sweep_leaves_what_another_is_writing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    kept = KeptForecasts(tmp_path, "", max_bytes=100)
    kept.write("earlier", HALVES)
    replace = Path.replace

    def swept_first(path: Path, target: Path) -> Path:
        kept.sweep()
        return replace(path, target)

    monkeypatch.setattr(Path, "replace", swept_first)
    kept.write("a", HALVES)
    assert {path.name for path in tmp_path.iterdir()} == {"a", "earlier"}


def test_what_vanishes_or_gets_its_name_during_a_sweep_is_no_fault(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    kept = KeptForecasts(tmp_path, "", max_bytes=0)
    for name in ("stays listed", "swept by another", ".a.0.part"):
        kept.write(name, HALVES)
    iterdir = Path.iterdir

    def moved_since(path: Path) -> Iterator[Path]:
        listed = list(iterdir(path))
        (path / "swept by another").unlink()
        (path / ".a.0.part").rename(path / "a")
        return iter(listed)

    with monkeypatch.context() as patch:
        patch.setattr(Path, "iterdir", moved_since)
        kept.sweep()
    assert [path.name for path in tmp_path.iterdir()] == ["a"]


def test_what_is_swept_while_it_is_read_is_read_and_not_made_anew(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    kept = KeptForecasts(tmp_path, "")
    kept.write("a", HALVES)
    read_bytes = Path.read_bytes

    def swept_after(path: Path) -> bytes:
        content = read_bytes(path)
        path.unlink()
        return content

    monkeypatch.setattr(Path, "read_bytes", swept_after)
    assert kept.read("a", HALVES.shape) == pytest.approx(HALVES, abs=0)
    assert list(tmp_path.iterdir()) == []


def test_what_was_never_written_to_its_end_is_swept_after_an_hour(tmp_path: Path):
    kept = KeptForecasts(tmp_path, "")
    for name, age in ((".a.0.part", -ABANDONED_SECONDS - 60), (".a.1.part", -60)):
        (tmp_path / name).write_bytes(b"half")
        os.utime(tmp_path / name, (time.time() + age,) * 2)
    kept.sweep()
    assert [path.name for path in tmp_path.iterdir()] == [".a.1.part"]


def test_who_fails_to_write_leaves_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    def full(path: Path, target: Path) -> Path:
        raise OSError("no space")

    monkeypatch.setattr(Path, "replace", full)
    with pytest.raises(OSError, match="no space"):
        KeptForecasts(tmp_path, "").write("a", HALVES)
    assert list(tmp_path.iterdir()) == []
