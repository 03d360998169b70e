"""The page of seeds: a work is found while somebody types, and what is near it is shown."""

from __future__ import annotations

import datetime as dt
import re
from pathlib import Path

import numpy as np
import polars as pl
import pytest

from app.messages.catalogue import LANGUAGES, as_markdown, escape, plain
from app.notices import PageEnd
from app.queries.recommend.work_map import place_works
from app.queries.recommend.works import KnownWorks, open_works
from kpop_assets.contracts.recommend_listening import TRACK_PLAYS
from kpop_assets.contracts.recommend_rules import POPULAR_DAYS
from kpop_assets.contracts.recommend_tracks import TRACK_CLUSTERS
from kpop_assets.contracts.tracks import TRACKS
from kpop_assets_tests.app.conftest import OpenPage
from kpop_assets_tests.app.kit import DAY, boards, days_ago, write_rows
from kpop_assets_tests.app.lens.lens_lake import ranked
from kpop_assets_tests.app.recommend.recommend_lake import SONGS, track_id, write_songs

HANGUL = re.compile("[가-힣]")


@pytest.fixture
def known(tmp_path: Path) -> KnownWorks:
    return open_works(write_songs(tmp_path), None)


def found(known: KnownWorks, query: str) -> list[str]:
    return [name[-1] for name in known.find(query, 10).get_column("work_id")]


def test_a_work_is_found_by_its_title_its_act_and_both_in_any_case(known: KnownWorks):
    assert found(known, "palette") == ["b"]
    assert found(known, "NEXT lev") == ["d"]
    assert found(known, "iu bluem") == ["a"]
    # All of an act, the best known first; in either script, and while a name is being typed.
    assert found(known, "IU") == found(known, "아이유") == found(known, "아이") == ["a", "b", "c"]
    # An act of nobody's catalogue, by the name at the source.
    assert found(known, "somebody") == ["e", "f"]
    assert found(known, "inst") == ["a"], "versions are found under their work"


def test_what_no_title_holds_finds_the_act_that_was_named(known: KnownWorks):
    assert found(known, "IU nothing at all") == ["a", "b", "c"]
    assert found(known, "nothing at all") == []
    assert found(known, "!?") == []


def test_an_exact_title_stands_before_better_known_ones_that_hold_it(tmp_path: Path):
    songs = {**SONGS, "h": ("IU", "IU", "Loud", 1, 0.5, 0.5, 100.0)}
    songs["e"] = (*songs["e"][:2], "Loud Loud", *songs["e"][3:])
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("kpop_assets_tests.app.recommend.recommend_lake.SONGS", songs)
        known = open_works(write_songs(tmp_path), None)
    assert found(known, "loud") == ["h", "e"]


def test_works_of_a_day_are_those_known_by_then(tmp_path: Path):
    lake = write_songs(tmp_path)
    assert open_works(lake, DAY).catalog.day == DAY
    assert open_works(lake, DAY + dt.timedelta(days=40)).catalog.day == DAY
    with pytest.raises(PageEnd) as told:
        open_works(lake, days_ago(1))
    assert told.value.key == "recommend.no_works"


def test_a_map_keeps_what_it_says_of_the_distances(known: KnownWorks):
    placed = known.map
    assert placed is not None
    # The song that lacks a feature is not on it.
    assert sorted(name[-1] for name in placed.works["work_id"]) == ["a", "b", "c", "d", "e", "f"]
    used = ["danceability", "energy", "tempo"]
    values = known.catalog.works.drop_nulls(used).sort("work_id").select(used).to_numpy()
    scaled = (values - values.mean(axis=0)) / values.std(axis=0)
    flat = placed.works.sort("work_id").select("across", "up").to_numpy()
    kept = (flat**2).sum() / (scaled**2).sum()
    assert placed.kept_share == pytest.approx(kept)
    assert 0.5 < placed.kept_share <= 1
    # Of two directions of a plane none says anything of the other.
    assert np.abs(np.corrcoef(flat.T)[0, 1]) < 1e-9
    assert placed.centres.get_column("work_count").sum() == 6
    for axis in placed.directions:
        assert axis and {name.removeprefix("-") for name in axis} <= set(used)


def test_a_centre_lies_in_the_middle_of_its_works(known: KnownWorks):
    placed = known.map
    assert placed is not None
    # A version sounds as its work here, so works are a cluster's tracks.
    middle = placed.works.group_by("cluster").agg(pl.col("across", "up").mean()).sort("cluster")
    expected = middle.select("across", "up").to_numpy()
    assert placed.centres.select("across", "up").to_numpy() == pytest.approx(expected, abs=1e-6)


def test_there_is_no_map_without_clusters(known: KnownWorks):
    none = known.clusters.clear()
    assert place_works(known.catalog.works, known.catalog.names, none) is None


@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_page_shows_what_is_near_with_links_and_sounds(
    tmp_path: Path, open_page: OpenPage, lang: str
):
    write_songs(tmp_path)
    page = open_page(tmp_path, "seed", lang, work=track_id("a"))
    assert [header.value for header in page.header] == [
        escape(f"{'아이유' if lang == 'ko' else 'IU'} – {SONGS['a'][2]}")
    ]
    (board,) = boards(page)
    rows = {row["key"][-1]: row for row in board["rows"]}
    # Neither itself nor its instrumental; of the act's own the two that may be there.
    assert set(rows) == {"b", "c", "d", "e", "f", "g"}
    assert [row["key"][-1] for row in board["rows"][:2]] == ["b", "c"]
    cell = rows["d"]["cells"]["work"]
    assert cell["href"].startswith(f"seed?work={track_id('d')}")
    assert cell["more"]["href"] == f"https://open.spotify.com/track/{track_id('d')}"
    assert rows["b"]["cells"]["act"]["href"].startswith("artist?artist=IU")
    assert rows["e"]["cells"]["act"] == {
        **{"text": "Somebody", "value": "Somebody", "note": None, "href": None}
    }
    assert "act" not in rows["e"], "nobody's work has no star"
    assert {row.get("act") for row in rows.values()} == {"IU", "aespa", None}
    sounds = [row["cells"]["cluster_name"]["text"] for row in rows.values()]
    said = [sound for sound in sounds if sound]
    assert said and all(bool(HANGUL.search(sound)) == (lang == "ko") for sound in said)
    assert page.get("vega_lite_chart")
    assert plain(lang, "frame.simulated") not in [box.value for box in page.warning]


def test_without_a_choice_the_best_known_work_of_an_act_is_shown(
    tmp_path: Path, open_page: OpenPage
):
    write_songs(tmp_path)
    page = open_page(tmp_path, "seed")
    assert page.header[0].value == escape(f"IU – {SONGS['a'][2]}"), "of nobody is better known"


def test_plays_tell_who_is_known_where_nobody_says_how_popular_works_are(tmp_path: Path):
    write_songs(tmp_path, popularity=None)
    old, new = DAY - dt.timedelta(days=POPULAR_DAYS), days_ago(1)
    plays = [(new, "b", 5), (DAY, "c", 4), (DAY, "z", 2), (old, "d", 99)]
    rows = [
        {"ingest_date": day, "track_id": track_id(letter), "play_count": count}
        for day, letter, count in plays
    ]
    known = open_works(write_rows(tmp_path, TRACK_PLAYS, rows), None)
    # An instrumental counts for its song; what lies before the days does not.
    assert known.findable.select(pl.col("work_id").str.tail(1), "plays_28d").rows()[:4] == [
        *(("b", 5), ("c", 4), ("a", 2), ("d", None))
    ]
    before = open_works(write_songs(tmp_path / "none"), None)
    assert before.catalog.works.get_column("plays_28d").null_count() == len(SONGS)


def test_as_many_of_an_act_as_are_asked_for(tmp_path: Path, open_page: OpenPage):
    with pytest.MonkeyPatch.context() as patch:
        more = {**SONGS, "h": ("IU", "IU", "Eight", 40, 0.7, 0.8, 109.0)}
        patch.setattr("kpop_assets_tests.app.recommend.recommend_lake.SONGS", more)
        write_songs(tmp_path)
    few = boards(open_page(tmp_path, "seed", work=track_id("a")))[0]["rows"]
    many = boards(open_page(tmp_path, "seed", work=track_id("a"), acts="all"))[0]["rows"]
    assert [sum(row.get("act") == "IU" for row in rows) for rows in (few, many)] == [2, 3]


def test_what_is_typed_is_found(tmp_path: Path, open_page: OpenPage):
    write_songs(tmp_path)
    page = open_page(tmp_path, "seed", "ko", work=track_id("d"))
    box = next(one for one in page.text_input if one.label == plain("ko", "seed.find"))
    box.set_value("palet").run()
    (button,) = [one for one in page.button if "Palette" in one.label]
    assert button.label == "**Palette** 아이유"


@pytest.mark.parametrize("asked", ["nothing like it", "IU"])
def test_a_work_that_nobody_knows_is_a_sentence_with_a_way_out(
    tmp_path: Path, open_page: OpenPage, asked: str
):
    write_songs(tmp_path)
    page = open_page(tmp_path, "seed", work=asked)
    assert [box.value for box in page.info] == [as_markdown("en", "seed.unknown", work=asked)]
    assert not boards(page)
    assert plain("en", "seed.find") in [box.label for box in page.text_input]


def test_a_work_is_meant_by_act_and_title_as_on_the_command_line(
    tmp_path: Path, open_page: OpenPage
):
    write_songs(tmp_path)
    assert open_page(tmp_path, "seed", work="IU - Palette").header[0].value == escape(
        "IU – Palette"
    )


def test_without_clusters_there_is_a_list_and_a_sentence_for_the_map(
    tmp_path: Path, open_page: OpenPage
):
    home = tmp_path / "home"
    write_songs(home)
    (home / "lake" / TRACK_CLUSTERS.path).rename(tmp_path / "away")
    page = open_page(home, "seed", work=track_id("a"))
    assert boards(page)
    (said,) = [box.value for box in page.info]
    assert "kpop run" in said and "track_clusters" in said


def test_simulated_tracks_are_marked_and_lead_nowhere(tmp_path: Path, open_page: OpenPage):
    """Also in a home without videos, and where videos are real."""
    alone, beside = tmp_path / "alone", tmp_path / "beside"
    for home in (alone, beside):
        write_songs(home, source="demo")
    ranked(beside)
    for home, mark in ((alone, "simulated"), (beside, "partly_simulated")):
        write_rows(home, TRACKS, [{"ingest_date": DAY, "track_id": "x", "source": "demo"}])
        page = open_page(home, "seed", work=track_id("a"))
        assert plain("en", f"frame.{mark}") in [box.value for box in page.warning], mark
        (board,) = boards(page)
        assert "more" not in board["rows"][0]["cells"]["work"]


def test_nothing_that_may_not_be_learned_from_makes_a_sound(tmp_path: Path, open_page: OpenPage):
    write_songs(tmp_path, may_learn=False)
    page = open_page(tmp_path, "seed", work=track_id("a"))
    assert plain("en", "seed.no_sound") in [caption.value for caption in page.caption]
    assert not page.metric
    assert boards(page), "words are near"
