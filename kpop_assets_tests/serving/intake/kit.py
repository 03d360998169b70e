"""What the tests of the intake share: a server's application, lines, and what was landed."""

from __future__ import annotations

import datetime as dt
import json
from pathlib import Path
from typing import Any

from fastapi import FastAPI

from kpop_assets.contracts.plays import PLAY_LINES
from kpop_assets.landing.folders import day_folder, file_name, list_days, list_landed
from kpop_assets.settings import Settings, load_settings
from serving.app import create_app
from serving.intake.intake import epoch_ms_now

MOMENT = epoch_ms_now() - 3_600_000
SOMEBODY = "kim.minji@mail.test"


def settings_at(home: Path, **more: str) -> Settings:
    """Settings of a data folder, from variables."""
    return load_settings({"KPOP_HOME": str(home), **more})


def application(home: Path) -> FastAPI:
    """The API of a data folder."""
    return create_app(settings_at(home))


def a_play(number: int = 0, **changes: Any) -> dict[str, Any]:
    """A play as a client sends it; a change of `...` leaves the field out."""
    line = {
        "event_id": f"e{number}",
        "user_id": SOMEBODY,
        "track_id": f"t{number}",
        "played_at": MOMENT + number,
        "played_ms": 180_000,
    }
    return {name: value for name, value in (line | changes).items() if value is not ...}


def an_action(number: int = 0, **changes: Any) -> dict[str, Any]:
    """Feedback as a client sends it; a change of `...` leaves the field out."""
    line = {
        "event_id": f"e{number}",
        "user_id": SOMEBODY,
        "request_id": "r1",
        "work_id": "w1",
        "action": "click",
        "acted_at": MOMENT + number,
        "position": 1,
    }
    return {name: value for name, value in (line | changes).items() if value is not ...}


def landed_lines(home: Path, kind: str) -> list[dict[str, Any]]:
    """All lines of a kind in the landing folder."""
    root = home / "landing"
    paths = [path for day in list_days(root, kind) for path in list_landed(root, day, kind)]
    return [json.loads(line) for path in paths for line in path.read_bytes().splitlines()]


def land_one_play(home: Path) -> None:
    """A landing file of plays, and with it listeners who are known by the key that is there."""
    folder = day_folder(home / "landing", dt.date(2026, 11, 1), PLAY_LINES.kind)
    folder.mkdir(parents=True)
    (folder / file_name(MOMENT, "0" * 12, PLAY_LINES.kind)).write_text("{}\n")
