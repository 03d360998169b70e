"""What a listener is shown, from songs, artists, sounds, plays or nothing, with its reasons."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from streamlit.testing.v1 import AppTest

from app.messages.catalogue import LANGUAGES, plain
from kpop_assets.contracts.plays import PLAYS
from kpop_assets.contracts.recommend_listening import LISTENER_TRACKS
from kpop_assets.landing.persons import person_ids
from kpop_assets.recommend.bundle.bundle_forget import forget_listener
from kpop_assets.recommend.bundle.bundle_read import open_bundle
from kpop_assets.recommend.bundle.bundle_write import write_bundle
from kpop_assets.recommend.matrices.bundle_parts import serving_folder
from kpop_assets.recommend.service.answer import ListeningWish, onboarding, recommend
from kpop_assets_tests.app.conftest import OpenPage
from kpop_assets_tests.app.kit import boards, write_rows
from kpop_assets_tests.recommend.bundles import DAY, LISTENER_IDS, bundle_parts, works_told

HANGUL = re.compile("[가-힣]")
# Acts of a catalogue, since the page offers those alone.
ACTS = ("IU", "BTS", "aespa", "TWICE", "ITZY", "IVE", "EXO", "NCT 127")


def serve_bundle(home: Path, **changed: Any) -> Path:
    """A data folder that has a bundle of real acts."""
    acts = [ACTS[row % len(ACTS)] for row in range(works_told().height)]
    works = works_told().with_columns(artist=pl.Series(acts), artist_name=pl.Series(acts))
    names = works.select(pl.col("work_id").alias("track_id"), *works.columns[:4])
    write_bundle(home, bundle_parts(works=works, names=names, **changed))
    return home


def shown(page: AppTest) -> list[str]:
    (board,) = boards(page)
    return [row["key"] for row in board["rows"]]


def answered(home: Path, **wish: Any) -> list[str]:
    return [r.work.work_id for r in recommend(open_bundle(home), ListeningWish(**wish)).rows]


def infos(page: AppTest) -> list[str]:
    return [box.value.replace("\\", "") for box in page.info]


@pytest.mark.parametrize("lang", LANGUAGES)
def test_chosen_songs_give_the_page_of_the_answer_with_reasons_in_words(
    tmp_path: Path, open_page: OpenPage, lang: str
):
    serve_bundle(tmp_path)
    seed = onboarding(open_bundle(tmp_path))[2]
    page = open_page(tmp_path, "listener", lang, songs=seed.work_id)
    assert shown(page) == answered(tmp_path, seeds=[seed.item])
    (board,) = boards(page)
    reasons = [row["cells"]["why"] for row in board["rows"]]
    assert any(seed.title in reason["text"] for reason in reasons)
    for reason in reasons:
        assert bool(HANGUL.search(reason["text"])) == (lang == "ko"), reason
        assert len(reason["note"].split(" · ")) == 3
    assert plain(lang, "frame.simulated") in [box.value for box in page.warning]


def test_nothing_is_shown_before_anything_is_chosen(tmp_path: Path, open_page: OpenPage):
    serve_bundle(tmp_path)
    for start in ("songs", "acts", "sounds", "plays"):
        page = open_page(tmp_path, "listener", **{"from": start})
        assert not boards(page)
        assert infos(page) == [plain("en", f"listener.choose_{start}")]


def test_artists_and_sounds_are_choices_too(tmp_path: Path, open_page: OpenPage):
    serve_bundle(tmp_path)
    page = open_page(tmp_path, "listener", acts="BTS", **{"from": "acts"})
    assert shown(page) == answered(tmp_path, acts=["BTS"])
    page = open_page(tmp_path, "listener", sounds="1", **{"from": "sounds"})
    assert shown(page) == answered(tmp_path, clusters=[1])


def test_what_is_popular_needs_no_choice(tmp_path: Path, open_page: OpenPage):
    serve_bundle(tmp_path)
    page = open_page(tmp_path, "listener", hour="3", sung="ko", **{"from": "nothing"})
    assert shown(page) == answered(tmp_path, hour=3, language="ko")
    assert {row["cells"]["why"]["text"] for row in boards(page)[0]["rows"]} <= {
        plain("en", "listener.why_popular"),
        plain("en", "listener.why_rising", chance="70.0%"),
    }


def test_a_listener_is_known_by_the_hashed_id_and_the_address_does_not_tell_it(
    tmp_path: Path, open_page: OpenPage
):
    serve_bundle(tmp_path)
    page = open_page(tmp_path, "listener", **{"from": "plays"})
    listener = str(LISTENER_IDS[4])
    page.text_input(key="listener_id").set_value(listener).run()
    heard = open_bundle(tmp_path).heard(listener)
    assert shown(page) == answered(tmp_path, heard=heard)
    assert listener not in str(page.query_params)
    # What was played since the training is known as well.
    played = {"ingest_date": DAY.replace(day=29), "user_id": listener, "play_count": 1}
    before = shown(page)[0]
    write_rows(tmp_path, LISTENER_TRACKS, [{**played, "track_id": before}])
    page.run()
    assert before not in shown(page)


def test_a_listener_is_known_by_the_id_that_collectors_write(tmp_path: Path, open_page: OpenPage):
    given = person_ids(tmp_path / "landing", PLAYS.name).id_of("kim")
    ids = LISTENER_IDS.copy()
    ids[0] = given
    serve_bundle(tmp_path, listener_ids=sorted(ids))
    place = sorted(ids).index(given)
    page = open_page(tmp_path, "listener", **{"from": "plays"})
    page.text_input(key="listener_id").set_value(" kim ").run()
    heard = open_bundle(tmp_path).heard(sorted(ids)[place])
    assert shown(page) == answered(tmp_path, heard=heard)


def test_of_somebody_unknown_the_page_says_so_and_shows_what_is_popular(
    tmp_path: Path, open_page: OpenPage
):
    serve_bundle(tmp_path)
    page = open_page(tmp_path, "listener", **{"from": "plays"})
    page.text_input(key="listener_id").set_value("nobody").run()
    assert infos(page) == [plain("en", "listener.unknown")]
    assert shown(page)
    assert not (tmp_path / "listener.key").exists(), "looking makes no key"


def test_simulated_listeners_are_offered_and_real_ones_are_not(tmp_path: Path, open_page: OpenPage):
    for home, is_simulated in ((tmp_path / "demo", True), (tmp_path / "real", False)):
        serve_bundle(home, is_simulated=is_simulated)
        page = open_page(home, "listener", **{"from": "plays"})
        labels = [box.label for box in page.selectbox]
        assert (plain("en", "listener.some_of") in labels) == is_simulated


def test_who_was_forgotten_is_unknown_at_once(tmp_path: Path, open_page: OpenPage):
    serve_bundle(tmp_path)
    page = open_page(tmp_path, "listener", **{"from": "plays"})
    page.text_input(key="listener_id").set_value(str(LISTENER_IDS[4])).run()
    assert not infos(page)
    forget_listener(tmp_path, str(LISTENER_IDS[4]))
    page.run()
    assert infos(page) == [plain("en", "listener.unknown")]


def test_without_a_bundle_or_with_a_damaged_one_there_is_a_way_out(
    tmp_path: Path, open_page: OpenPage
):
    (said,) = infos(open_page(tmp_path, "listener"))
    assert "kpop train recommend" in said
    serve_bundle(tmp_path)
    (works,) = serving_folder(tmp_path).glob("*/works-*.arrow")
    works.write_bytes(works.read_bytes()[:-1])
    (said,) = infos(open_page(tmp_path, "listener"))
    assert "kpop train recommend" in said and works.name in said
