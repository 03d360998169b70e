"""Acts are called in answers as the catalogue calls them now, also in lists that were kept."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from kpop_assets.catalog.catalog import CatalogError, overlay_path
from kpop_assets_tests.serving.answers.rooms import make_room
from serving.finding.known_acts import ActsOfHome

ACT = "ACT 3"


def name_act(home: Path, korean: str, *aliases: str) -> None:
    """The data folder's own lines name one act."""
    line = {"do": "add", "artist": ACT, "name_ko": korean, "kind": "group", "aliases": [*aliases]}
    overlay_path(home).write_text(json.dumps(line))


def test_names_that_change_count_in_the_next_answer(home: Path):
    room = make_room(home)

    def korean() -> set[str | None]:
        told = room.ask(context={"hour": 3}, n=50)
        return {row["name_ko"] for row in told["works"] if row["artist"] == ACT}

    assert korean() == {None}
    name_act(home, "셋째", "the third of them")
    assert korean() == {"셋째"}
    assert room.ask(acts=["the third of them"])["basis"] == "choices"
    name_act(home, "세번째")
    assert korean() == {"세번째"}
    near = room.client.get("/v1/tracks/work03/similar").json()
    assert near["work"]["name_ko"] == "세번째"
    # What nobody can read leaves the names of before.
    overlay_path(home).write_text("{")
    assert korean() == {"세번째"}
    overlay_path(home).unlink()
    assert korean() == {None}


def test_lines_that_are_broken_from_the_start_are_told(tmp_path: Path):
    overlay_path(tmp_path).write_text("{")
    with pytest.raises(CatalogError):
        ActsOfHome(tmp_path).read()
