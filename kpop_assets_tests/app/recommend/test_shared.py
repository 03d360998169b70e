"""What listeners share, on its page and on an artist's."""

from __future__ import annotations

from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from app.messages.catalogue import LANGUAGES, as_markdown, plain
from app.notices import PageEnd
from app.queries.recommend import audiences
from app.snapshot import Snapshot
from kpop_assets.contracts.recommend_listening import SHARED_LISTENERS, WORK_AUDIENCE
from kpop_assets.contracts.silver import ARTIST_DAILY
from kpop_assets_tests.app.conftest import OpenPage
from kpop_assets_tests.app.kit import DAY, boards, days_ago, write_rows
from kpop_assets_tests.app.lens.lens_lake import ranked

# Listeners of each act, and of pairs those that they share; 100 listen to any.
LISTENERS = {"IU": 50, "BTS": 40, "aespa": 20}
SHARED = {("IU", "BTS"): 20, ("IU", "aespa"): 12, ("BTS", "aespa"): 16}


def write_shared(home: Path) -> Snapshot:
    """A lake with `SHARED` on `DAY`, each pair in both directions, and other pairs before."""
    both = {**SHARED, **{(b, a): count for (a, b), count in SHARED.items()}}
    rows = [
        {
            **{"ingest_date": DAY, "artist": act, "other_artist": other},
            **{"act_listener_count": LISTENERS[act], "other_listener_count": LISTENERS[other]},
            **{"shared_listener_count": count, "shared_pct": 100 * count / LISTENERS[act]},
            "lift": count * 100 / (LISTENERS[act] * LISTENERS[other]),
        }
        for (act, other), count in both.items()
    ]
    earlier = {**rows[0], "ingest_date": days_ago(7), "other_artist": "TWICE"}
    return write_rows(home, SHARED_LISTENERS, [*rows, earlier])


def write_audience(home: Path) -> Snapshot:
    """A lake with two works of one act and one of another."""
    works = {"w1": ("IU", 5), "w2": ("IU", 9), "w3": ("BTS", 7)}
    rows = [
        {"ingest_date": DAY, "work_id": work, "artist": act, "artist_name": act, "plays_28d": plays}
        | {"work_title": f"<b>{work}</b>", "listeners_28d": 4, "returning_pct": 50.0}
        for work, (act, plays) in works.items()
    ]
    return write_rows(home, WORK_AUDIENCE, rows)


def write_acts(home: Path, *acts: str) -> None:
    """What an artist's page needs beside: a ranking, and days that were seen."""
    ranked(home, *acts)
    write_rows(home, ARTIST_DAILY, [{"ingest_date": DAY, "artist": act} for act in acts])


def keys(page: AppTest, number: int) -> list[str]:
    return [row["key"] for row in boards(page)[number]["rows"]]


def infos(page: AppTest) -> list[str]:
    return [box.value.replace("\\", "") for box in page.info]


def test_pairs_stand_once_each_from_whom_more_go_over(tmp_path: Path):
    _, pairs = audiences.read_shared(write_shared(tmp_path), None)
    found = audiences.strongest_pairs(pairs, "lift", 9)
    # 16 of 20 who play aespa play BTS.
    assert found.select("artist", "other_artist", "lift").rows() == [
        ("aespa", "BTS", 2.0),
        ("aespa", "IU", 1.2),
        ("BTS", "IU", 1.0),
    ]
    assert audiences.list_sharing(pairs) == ("IU", "BTS", "aespa")


@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_act_with_most_listeners_is_shown_by_lift(
    tmp_path: Path, open_page: OpenPage, lang: str
):
    write_shared(tmp_path)
    page = open_page(tmp_path, "shared", lang)
    assert [keys(page, n) for n in (0, 1)] == [
        ["aespa", "BTS"],
        ["aespa BTS", "aespa IU", "BTS IU"],
    ]
    first = boards(page)[0]["rows"][0]["cells"]
    assert first["lift"]["text"] == "× 1.2" and first["shared_pct"]["text"] == "24.0%"
    assert first["other_act"]["href"].startswith("artist?artist=aespa")
    shown = [title.value for title in page.subheader]
    assert as_markdown(lang, "shared.also", artist="아이유" if lang == "ko" else "IU") in shown
    assert page.get("vega_lite_chart")


def test_another_order_and_another_act_by_any_of_its_names(tmp_path: Path, open_page: OpenPage):
    write_shared(tmp_path)
    page = open_page(tmp_path, "shared", artist="아이유", order="shared_listener_count")
    assert keys(page, 0) == ["BTS", "aespa"]
    page = open_page(tmp_path, "shared", artist="방탄소년단")
    assert keys(page, 0) == ["aespa", "IU"]


def test_an_act_without_enough_listeners_is_a_sentence(tmp_path: Path, open_page: OpenPage):
    write_shared(tmp_path)
    page = open_page(tmp_path, "shared", artist="TWICE")
    said = plain("en", "shared.unknown", artist="TWICE", day=DAY.isoformat())
    assert infos(page) == [said]
    assert not boards(page)


def test_the_day_that_is_asked_for_has_what_was_known_by_then(tmp_path: Path):
    lake = write_shared(tmp_path)
    day, pairs = audiences.read_shared(lake, days_ago(1))
    assert (day, pairs.get_column("other_artist").to_list()) == (days_ago(7), ["TWICE"])
    for table, before in ((SHARED_LISTENERS, days_ago(8)), (WORK_AUDIENCE, None)):
        with pytest.raises(PageEnd) as told:
            if table is SHARED_LISTENERS:
                audiences.read_shared(lake, before)
            else:
                audiences.read_audience(lake, before, "IU")
        assert told.value.key == "shared.none"


@pytest.mark.parametrize("lang", LANGUAGES)
def test_an_artist_has_its_works_and_whom_else_its_listeners_play(
    tmp_path: Path, open_page: OpenPage, lang: str
):
    write_acts(tmp_path, "IU", "BTS")
    write_audience(tmp_path)
    write_shared(tmp_path)
    page = open_page(tmp_path, "artist", lang, artist="IU", tab="music")
    assert [keys(page, n) for n in (0, 1)] == [["w2", "w1"], ["aespa", "BTS"]]
    work = boards(page)[0]["rows"][0]["cells"]
    assert work["work"]["text"] == "<b>w2</b>"
    assert work["work"]["href"].startswith("seed?work=w2")
    assert work["returning_pct"]["text"] == "50.0%" and work["completed_pct"]["text"] is None


def test_an_artist_without_plays_has_sentences_with_a_way_out(tmp_path: Path, open_page: OpenPage):
    write_acts(tmp_path, "IU", "TWICE")
    page = open_page(tmp_path, "artist", artist="TWICE", tab="music")
    assert len(infos(page)) == 2 and all("kpop" in said for said in infos(page))
    write_audience(tmp_path)
    write_shared(tmp_path)
    page = open_page(tmp_path, "artist", artist="TWICE", tab="music")
    values = {"artist": "TWICE", "day": DAY.isoformat()}
    assert infos(page) == [
        plain("en", f"artist.music_no_{part}", **values) for part in ("work", "shared")
    ]
