"""`kpop channels`: whose channel a channel may be, and accepting it."""

from __future__ import annotations

import datetime as dt
import json
from pathlib import Path

import pytest

from kpop_assets.catalog.catalog import CatalogError, load_catalog, overlay_path
from kpop_assets.contracts.bronze import EVENTS
from kpop_assets.lake.reader import LakeReader
from kpop_assets.landing.youtube.request import catalog_scope
from kpop_assets.scouting.channel_proposals import (
    Proposal,
    accept_channels,
    propose_channels,
)
from kpop_assets_tests.scouting.kit import DAY, channel_id, event, write_table

OLD = DAY - dt.timedelta(days=30)


@pytest.fixture
def lake(tmp_path: Path) -> LakeReader:
    own, vague, few = channel_id("k"), channel_id("w"), channel_id("x")
    rows = [
        event(1, "KickFlip 킥플립", "KickFlip 킥플립 M/V", author_id=own),
        event(2, "KickFlip 킥플립 Official", "안무 영상", author_id=own, ingest_date=DAY),
        event(3, "WINNER", "WINNER (위너) 직캠", author_id=vague),
        event(4, "WINNER", "위너 WINNER 컴백 M/V", author_id=vague),
        event(5, "WINNER", "위너 WINNER 인기가요", author_id=vague),
        event(6, "Rain", "rain sounds for sleep", author_id=few),
        event(7, "KickFlip - Topic", "밤양갱", author_id=channel_id("t")),
        event(8, "1theK (원더케이)", "KickFlip M/V", author_id=channel_id("c")),
        event(9, "KickFlip 킥플립", "KickFlip", author_id=channel_id("o"), ingest_date=OLD),
        event(10, "KickFlip 킥플립", "KickFlip", author_id="no id"),
        event(11, "KickFlip 킥플립", "KickFlip", author_id=channel_id("d"), source="demo"),
    ]
    write_table(tmp_path / "lake", EVENTS, rows)
    return LakeReader(tmp_path / "lake")


def test_a_channel_with_an_acts_name_is_proposed(lake: LakeReader):
    found = {one.channel_id: one for one in propose_channels(lake, load_catalog())}
    assert found.keys() == {channel_id("k"), channel_id("w")}
    own = found[channel_id("k")]
    assert (own.artist, own.title_count, own.named_count) == ("KickFlip", 2, 1)
    assert own.channel_name == "KickFlip 킥플립 Official"
    assert found[channel_id("w")].share == 1.0


def test_an_accepted_channel_is_the_acts_and_collected(lake: LakeReader, tmp_path: Path):
    proposals = propose_channels(lake, load_catalog())
    overlay_path(tmp_path).write_text('{"do": "retire", "artist": "PLAVE"}')
    accept_channels(tmp_path, proposals[:1])
    catalog = load_catalog(overlay=overlay_path(tmp_path))
    accepted = proposals[0]
    assert accepted.channel_id in catalog[accepted.artist].channels
    assert accepted.channel_id in catalog_scope(catalog).channels
    assert catalog.find("PLAVE") is None
    assert accepted.channel_id not in {one.channel_id for one in propose_channels(lake, catalog)}
    assert [*tmp_path.glob(".*part")] == []


def test_a_line_that_cannot_be_used_leaves_the_file_as_it_was(tmp_path: Path):
    path = overlay_path(tmp_path)
    path.write_text('{"do": "retire", "artist": "PLAVE"}\n')
    with pytest.raises(CatalogError, match="PLAVE: is no act of the catalogue"):
        accept_channels(tmp_path, [Proposal("PLAVE", channel_id("p"), "PLAVE", 1, 1)])
    assert path.read_text() == '{"do": "retire", "artist": "PLAVE"}\n'
    assert [*tmp_path.glob(".*part")] == []


def test_the_line_is_one_of_the_overlay():
    line = Proposal("IVE", channel_id("i"), "IVE", 2, 1).line()
    assert json.loads(line) == {
        "do": "amend", "artist": "IVE", "add": {"channels": [channel_id("i")]}
    }  # fmt: skip
