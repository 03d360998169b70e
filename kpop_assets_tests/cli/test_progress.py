"""How far a command is: lines that a log can hold, a bar on a terminal, and what a run tells."""

from __future__ import annotations

import datetime as dt
import os
import pty
import re
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from kpop_assets.cli.progress import Progress, show_progress
from kpop_assets.cli.run_progress import TRAINING_WORK, RunProgress
from kpop_assets.contracts.models import TRAININGS
from kpop_assets.contracts.recommend_models import RECOMMENDER_TRAININGS
from kpop_assets.operate.legs import Leg

ROOT = Path(__file__).parents[2]
DAY = dt.date(2025, 11, 8)
ONE = dt.timedelta(days=1)


def test_without_a_terminal_there_are_lines_on_stderr_alone(capsys: pytest.CaptureFixture[str]):
    with show_progress("importing", line_seconds=0.05) as progress:
        progress.say("importing charts")
        progress.done(30, 120)
        threading.Event().wait(0.3)
    out, err = capsys.readouterr()
    assert out == ""
    assert 1 <= len(err.splitlines()) <= 7
    assert all(line.startswith("kpop: importing charts; 25 %; 0 s") for line in err.splitlines())
    assert "left" in err


def test_what_is_short_says_nothing_and_leaves_no_thread(capsys: pytest.CaptureFixture[str]):
    before = threading.active_count()
    with show_progress("looking"):
        pass
    assert threading.active_count() == before
    assert capsys.readouterr() == ("", "")


def test_the_time_left_is_not_guessed_at_the_start(capsys: pytest.CaptureFixture[str]):
    with show_progress("running", line_seconds=0.05) as progress:
        progress.done(1, 1000)
        threading.Event().wait(0.2)
    err = capsys.readouterr().err
    assert "0 %" in err
    assert "left" not in err


def test_an_error_ends_the_lines():
    with pytest.raises(ValueError, match="no"), show_progress("running", line_seconds=0.01):
        raise ValueError("no")
    assert not [thread for thread in threading.enumerate() if thread.name == "progress"]


def test_on_a_terminal_there_is_a_bar_with_the_whole_of_what_is_said():
    """Of 40 columns: what is said wraps, the bar keeps its numbers."""
    words = "silver/artist_daily 2025-08-30 .. 2025-11-27; 850 of 1,710 days of tables"
    code = f"""
import time
from kpop_assets.cli.progress import show_progress
with show_progress("starting") as progress:
    progress.say({words!r}); progress.done(1, 4); time.sleep(0.5)
print("done")
"""
    leader, follower = pty.openpty()
    environ = {**os.environ, "COLUMNS": "40", "TERM": "xterm", "PYTHONPATH": str(ROOT)}
    process = subprocess.Popen(
        [sys.executable, "-c", code], stdout=subprocess.PIPE, stderr=follower, env=environ
    )
    os.close(follower)
    shown = b""
    while True:
        try:
            part = os.read(leader, 65536)
        except OSError:
            break
        if not part:
            break
        shown += part
    out, _ = process.communicate()
    assert out == b"done\n"
    text = re.sub(r"\x1b\[[0-9;?]*[A-Za-z]", " ", shown.decode())
    assert "25%" in text
    assert set(words.split()) <= set(text.split())
    assert "…" not in text


class Heard(Progress):
    """What was told, last and in all."""

    def __init__(self) -> None:
        self.said: list[str] = []
        self.parts: list[float] = []

    def say(self, what: str) -> None:
        """Keep it."""
        self.said.append(what)

    def done(self, done: float, total: float) -> None:
        """Keep the part."""
        self.parts.append(done / total if total else 0.0)


def test_a_run_tells_its_table_days_and_trainings():
    fill = Leg("fill", DAY, DAY + 3 * ONE, frozenset({"silver/a", "silver/b"}))
    trainers = frozenset({TRAININGS.path, RECOMMENDER_TRAININGS.path})
    train = Leg("train", DAY, DAY + ONE, trainers, (DAY, DAY + ONE))
    heard = Heard()
    listener = RunProgress(heard)
    listener.planned([fill, train])
    listener.leg_begins(fill)
    listener.step_begins(fill, ["silver/a"])
    assert heard.said[-1] == (
        "silver/a 2025-11-08 .. 2025-11-11; 0 of 12 days of tables; 0 of 4 trainings"
    )
    for number in range(4):
        listener.day_done(fill, "silver/a", DAY + number * ONE)
    assert "4 of 12 days" in heard.said[-1]
    listener.leg_ends(fill)
    assert "8 of 12 days" in heard.said[-1]
    listener.leg_begins(train)
    listener.step_begins(train, [TRAININGS.path, "models/u", "models/v"])
    words = "training: models/trainings, models/u and 1 more 2025-11-08 .. 2025-11-09; 8 of 12 days"
    assert heard.said[-1] == f"{words} of tables; training 1 of 4: 2025-11-08"
    for _ in range(2):  # Told again where its step is tried again.
        listener.training_done(train, DAY)
        assert heard.said[-1].endswith("; training 2 of 4: 2025-11-09")
    assert heard.parts[-1] == pytest.approx((8 + TRAINING_WORK) / (12 + 4 * TRAINING_WORK))
    for day in (DAY, DAY + ONE):
        listener.day_done(train, TRAININGS.path, day)
    listener.step_begins(train, [RECOMMENDER_TRAININGS.path])
    assert heard.said[-1].endswith("10 of 12 days of tables; training 3 of 4: 2025-11-08")
    assert heard.parts[-1] == pytest.approx((10 + 2 * TRAINING_WORK) / (12 + 4 * TRAINING_WORK))
    listener.day_done(train, RECOMMENDER_TRAININGS.path, DAY)
    assert heard.said[-1].endswith("11 of 12 days of tables; training 4 of 4: 2025-11-09")
    listener.leg_ends(train)
    assert heard.parts == sorted(heard.parts), "it never goes back"
    assert heard.parts[-1] == 1


def test_days_told_twice_are_not_more_than_there_are():
    leg = Leg("fill", DAY, DAY, frozenset({"silver/a"}))
    heard = Heard()
    listener = RunProgress(heard)
    listener.planned([leg])
    listener.leg_begins(leg)
    for _ in range(3):
        listener.day_done(leg, "silver/a", DAY)
    assert heard.parts[-1] == 1
