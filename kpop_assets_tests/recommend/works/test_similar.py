"""Works near a work: whom a person means, no work twice, few of an act, and what is printed."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from typer.testing import CliRunner

from kpop_assets.catalog.catalog import load_catalog
from kpop_assets.cli.main import app
from kpop_assets.contracts.recommend_rules import FEATURES
from kpop_assets.contracts.recommend_tracks import TRACKS_TOLD, WORKS
from kpop_assets.lake.reader import LakeReader
from kpop_assets.recommend.works.similar import (
    WorkCatalog,
    WorkError,
    read_works,
    works_with_features,
)
from kpop_assets_tests.scouting.kit import write_table

DAY = dt.date(2026, 3, 7)
LOUD = dict(zip(FEATURES, [0.8, 0.9, 0.8, 150.0, -2.0, 0.1, 0.1, 0.0, 0.1], strict=True))
QUIET = dict(zip(FEATURES, [0.3, 0.2, 0.2, 80.0, -12.0, 0.0, 0.9, 0.1, 0.1], strict=True))


def track(track_id: str, act: str, title: str, sound: dict[str, float], **more: Any) -> Any:
    work_id = more.pop("work_id", track_id)
    names = {"track_id": track_id, "artist": act, "artist_name": act, "title": title}
    told = dict.fromkeys(TRACKS_TOLD.column_names) | {"ingest_date": DAY, **names, **sound}
    told |= {"work_title": title, "version_kinds": "[]", "source": "spotify_tracks"}
    told |= {"may_learn": True, "may_learn_text": True, "popularity": 50, **more}
    work = dict.fromkeys(WORKS.column_names) | {"ingest_date": DAY, **names, "work_id": work_id}
    work |= {"work_title": title, "version_kinds": "[]", "version_count": 1, "told_date": DAY}
    return told, work | {"is_shown": work_id == track_id}


TRACKS = [
    track("a", "TWICE", "FANCY", LOUD),
    track("a2", "TWICE", "FANCY (Inst.)", QUIET, work_id="a"),
    track("b", "TWICE", "Cheer Up", LOUD),
    track("c", "TWICE", "TT", LOUD),
    track("d", "TWICE", "Likey", LOUD),
    track("e", "ITZY", "WANNABE", LOUD),
    track("f", "IU", "Through the Night", QUIET),
    track("g", "Taeyeon", "FANCY", QUIET),
    track("h", "IU", "Love wins all", dict.fromkeys(FEATURES)),
    track("i", "IU", "Of the API", LOUD, may_learn=False, may_learn_text=False),
]


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("similar")
    write_table(folder / "lake", TRACKS_TOLD, [told for told, _ in TRACKS])
    write_table(folder / "lake", WORKS, [work for _, work in TRACKS])
    return folder


@pytest.fixture(scope="module")
def works(home: Path) -> WorkCatalog:
    return read_works(LakeReader(home / "lake"), load_catalog())


def near(works: WorkCatalog, text: str, *counts: int) -> list[str]:
    return works.near(works.find(text), *counts)["work_id"].to_list()


def test_the_act_s_own_come_first_but_few_of_them_and_no_version_of_the_work(works: WorkCatalog):
    assert len(works.works) == 9
    found = near(works, "TWICE - FANCY", 5)
    assert set(found[:2]) < {"b", "c", "d"} and found[2] == "e"
    assert set(near(works, "TWICE - FANCY", 5, 9)[:3]) == {"b", "c", "d"}


def test_who_tells_a_track_later_without_its_sound_takes_nothing_away():
    table, work = track("a", "TWICE", "FANCY", LOUD)
    api, _ = track("a", "TWICE", "Fancy", dict.fromkeys(FEATURES), may_learn=False)
    api |= {"ingest_date": DAY + dt.timedelta(days=7), "may_learn_text": False, "popularity": 70}
    schema = pl.DataFrame(TRACKS_TOLD.arrow_schema().empty_table()).schema
    told = pl.DataFrame([table, api], schema=schema)
    (found,) = works_with_features(pl.DataFrame([work]), told).to_dicts()
    assert {name: found[name] for name in FEATURES} == LOUD
    assert (found["may_learn_text"], found["popularity"]) == (True, 70)


def test_what_sounds_otherwise_is_far(works: WorkCatalog):
    rows = works.near(works.find("a"), 9, 9)
    by_id = {row["work_id"]: row for row in rows.to_dicts()}
    assert by_id["e"]["sound"] == pytest.approx(1, abs=0.01)
    assert by_id["f"]["sound"] < 0
    assert by_id["h"]["sound"] == by_id["i"]["sound"] == 0


@pytest.mark.parametrize(
    ("text", "work_id"),
    [
        ("TWICE - FANCY", "a"),
        ("트와이스 - fancy", "a"),
        ("TAEYEON - Fancy", "g"),
        ("태연 - FANCY -Japanese ver.-", "g"),
        ("cheer up", "b"),
        ("a2", "a"),
        ("IU - Through the Night", "f"),
    ],
)
def test_a_work_is_meant_by_act_and_title_or_id(works: WorkCatalog, text: str, work_id: str):
    assert works.works["work_id"][works.find(text)] == work_id


def test_what_could_be_several_or_is_none_is_said(works: WorkCatalog):
    with pytest.raises(WorkError, match="2 works are called 'FANCY': TWICE - FANCY") as several:
        works.find("FANCY")
    assert "Taeyeon - FANCY (g)" in str(several.value)
    for text in ("IU - FANCY", "Nobody - Nothing", "", " - "):
        with pytest.raises(WorkError, match="is called"):
            works.find(text)


def test_the_command_prints_them(home: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("KPOP_HOME", str(home))
    found = CliRunner().invoke(app, ["similar", "TWICE - FANCY", "--top", "3"])
    assert found.exit_code == 0, found.output
    lines = found.output.splitlines()
    assert "Near TWICE - FANCY, 9 works, 2026-03-07" in found.output
    assert sum("100 %" in line for line in lines) == 3
    quiet = CliRunner().invoke(app, ["similar", "IU - Love wins all"])
    assert "nothing is known of how it sounds" in quiet.output


def test_a_home_without_works_says_what_to_do(tmp_path: Path):
    write_table(tmp_path, WORKS, [])
    with pytest.raises(WorkError, match="there are no works"):
        read_works(LakeReader(tmp_path), load_catalog())
