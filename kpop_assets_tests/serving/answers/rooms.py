"""The room alone, with what it wrote down.

Belongs here: rooms for tests and what they are asked. Does not belong here: a test.
"""

from __future__ import annotations

import datetime as dt
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from types import TracebackType
from typing import Any

from fastapi import FastAPI
from fastapi.testclient import TestClient

from kpop_assets.contracts.plays import PLAYS
from kpop_assets.landing.persons import person_ids
from kpop_assets.settings import load_settings
from kpop_assets_tests.serving.answers.conftest import KNOWN
from serving.answers.answer_routes import answers_router
from serving.answers.answers import Answers
from serving.metrics.meters import Meters
from serving.problems import add_problems
from serving.trials.trials import Applied

Told = dict[str, Any]


@dataclass
class Noted:
    """Lines that were written down."""

    lines: list[Told] = field(default_factory=list)

    def add(self, line: dict[str, object]) -> bool:
        """A line."""
        self.lines.append(line)
        return True


@dataclass
class FixedTrials:
    """One experiment, whose variant sets something; the same is usual for nobody."""

    settings: Mapping[str, str]

    def applied(self, unit_id: str | None, now: dt.datetime) -> Applied:
        """What holds."""
        return Applied({"order": "b"} if unit_id else {}, self.settings)

    def exposures(self, unit_id, applied, now):
        """Each time."""
        return [{"experiment": name, "unit_id": unit_id} for name in applied.variants]


@dataclass
class Room:
    """The room alone, with what it wrote down."""

    answers: Answers
    log: Noted
    exposures: Noted
    client: TestClient
    meters: Meters

    def __enter__(self) -> Room:
        self.client.__enter__()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.client.__exit__(kind, error, trace)

    def ask(self, **wanted: Any) -> Told:
        """An answer."""
        told = self.client.post("/v1/recommendations", json=wanted)
        assert told.status_code == 200, told.text
        return told.json()


def make_room(home: Path, late_seconds: float = 60.0, redis_url: str = "", **trials: str) -> Room:
    """A room over a data folder; `trials` are what variants of its one experiment set."""
    log, exposures, meters = Noted(), Noted(), Meters()
    settings = load_settings({"KPOP_HOME": str(home), "KPOP_REDIS": redis_url})
    known = FixedTrials(trials) if trials else None
    ids = partial(person_ids, settings.landing, PLAYS.name)
    answers = Answers(settings, meters, ids, log, known, exposures, late_seconds)
    app = FastAPI()
    add_problems(app)
    app.include_router(answers_router(answers, is_public=True))
    return Room(answers, log, exposures, TestClient(app), meters)


def works_of(told: Told) -> list[str]:
    """Ids of what is shown, from the top."""
    return [row["work_id"] for row in told["works"]]


def a_play(home: Path, work_id: str) -> list[Told]:
    """A line of the known listener, as it is handed on once it was taken in."""
    kim = person_ids(home / "landing", PLAYS.name).id_of(KNOWN)
    now = time.time_ns() // 1_000_000
    return [{"user_id": kim, "track_id": work_id, "played_at": now}]
