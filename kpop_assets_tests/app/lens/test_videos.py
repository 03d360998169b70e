"""The page of videos: lists, own weights, what a row says, and what is not there yet."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Any

import pytest

from app.messages.catalogue import LANGUAGES, as_markdown, plain
from app.notices import PageEnd
from app.queries.lens.videos import list_day_videos
from kpop_assets.contracts import lens_rules
from kpop_assets_tests.app.conftest import OpenPage
from kpop_assets_tests.app.kit import DAY, boards
from kpop_assets_tests.app.lens.lens_lake import TITLES, VIDEOS, ranked, write_videos

USUAL = tuple(lens_rules.SCORE_WEIGHTS.items())


def ids(board: dict[str, Any]) -> list[str]:
    return [row["key"] for row in board["rows"]]


def test_the_usual_weights_written_out_are_the_lists_of_the_table(tmp_path: Path):
    lake = write_videos(tmp_path)
    for name in lens_rules.LIST_LENGTHS:
        for scope in ("acts", "everything"):
            told = list_day_videos(lake, DAY, name, scope, None)
            own = list_day_videos(lake, DAY, name, scope, USUAL)
            assert own.select("video_id", "rank").rows() == told.select("video_id", "rank").rows()
            assert own.get_column("score").to_list() == pytest.approx(told["score"].to_list())
    assert list_day_videos(lake, DAY, "overall", "everything", None).height == len(VIDEOS)


def test_other_weights_order_by_their_own_score(tmp_path: Path):
    lake = write_videos(tmp_path)
    found = list_day_videos(lake, DAY, "overall", "everything", (("engagement", 1.0),))
    # Above ten per cent all are full; of equals the one with more views comes first.
    assert found.get_column("video_id").str.head(1).to_list() == ["b", "d", "a", "c"]
    assert found.get_column("score").to_list() == pytest.approx([100, 60, 40, 10])
    assert found.get_column("percentile_score").null_count() == found.height
    # A list by another quantity keeps its order, with the score of these weights.
    viral = list_day_videos(lake, DAY, "viral", "everything", (("engagement", 1.0),))
    assert viral.get_column("video_id").str.head(1).to_list() == ["c", "a"]
    assert viral.get_column("score").to_list() == pytest.approx([10, 40])


def test_points_of_the_parts_sum_up_to_the_score(tmp_path: Path):
    found = list_day_videos(write_videos(tmp_path), DAY, "overall", "everything", None)
    for row in found.iter_rows(named=True):
        assert sum(filter(None, row["score_parts"])) == pytest.approx(row["score"])
        # Subscribers of nobody are known, so views against them bring nothing and weigh nothing.
        assert row["score_parts"][4] is None
        assert row["known_weight_pct"] <= 90 + 1e-9


@pytest.mark.parametrize("lang", LANGUAGES)
def test_a_row_is_a_video_with_its_links_parts_and_notes(
    tmp_path: Path, open_page: OpenPage, lang: str
):
    write_videos(tmp_path, has_odd_likes=True)
    (board,) = boards(open_page(tmp_path, "videos", lang))
    assert ids(board) == sorted(ids(board), key=lambda one: -_score(board, one))
    assert "ccccccccccc" not in ids(board), "of no act"
    cells = {row["key"]: row["cells"] for row in board["rows"]}
    first = cells["aaaaaaaaaaa"]
    assert first["video_title"]["text"] == TITLES["aaaaaaaaaaa"]
    assert first["video_title"]["href"].endswith("v=aaaaaaaaaaa")
    assert first["video_title"]["note"] == plain(lang, "lens.odd_likes")
    assert first["video_title"]["more"]["href"].startswith("growth?video=aaaaaaaaaaa")
    assert len(first["video_score"]["parts"]) == len(lens_rules.SCORE_WEIGHTS)
    assert cells["ddddddddddd"]["views_per_hour"]["note"] == plain(lang, "lens.lifetime")
    # Nobody's subscribers are known, so there is no such column.
    assert "views_per_subscriber" not in [column["key"] for column in board["columns"]]
    stars = {row["key"]: row.get("act") for row in board["rows"]}
    assert stars == {"aaaaaaaaaaa": "IVE", "bbbbbbbbbbb": "BTS", "ddddddddddd": "IVE"}


def _score(board: dict[str, Any], key: str) -> float:
    (row,) = (row for row in board["rows"] if row["key"] == key)
    return float(row["cells"]["video_score"]["value"])


def test_weights_of_the_address_are_the_pages(tmp_path: Path, open_page: OpenPage):
    write_videos(tmp_path)
    nothing = {f"w_{name}": "0" for name in lens_rules.SCORE_WEIGHTS}
    page = open_page(tmp_path, "videos", **{**nothing, "w_engagement": "40"})
    assert ids(boards(page)[0])[0] == "bbbbbbbbbbb"
    assert page.slider(key="chosen_w_engagement").value == 40
    page = open_page(tmp_path, "videos", **nothing)
    assert plain("en", "videos.weights_none") in [box.value for box in page.info]
    assert not boards(page)


def test_videos_of_nobody_are_shown_when_asked_for_and_have_no_star(
    tmp_path: Path, open_page: OpenPage
):
    write_videos(tmp_path)
    (board,) = boards(open_page(tmp_path, "videos", scope="everything", list="viral"))
    assert ids(board) == ["ccccccccccc", "aaaaaaaaaaa"]
    other = board["rows"][0]
    assert "act" not in other and other["cells"]["artist"]["text"] is None


def test_a_list_without_a_video_says_so(tmp_path: Path, open_page: OpenPage):
    write_videos(tmp_path)
    page = open_page(tmp_path, "videos", list="steady")
    said = as_markdown("en", "videos.none", day=DAY.isoformat())
    assert [box.value for box in page.info] == [said]


def test_a_day_that_nobody_looked_at_says_how_to(tmp_path: Path, open_page: OpenPage):
    ranked(tmp_path)
    page = open_page(tmp_path, "videos")
    (said,) = [box.value for box in page.info]
    assert "lens/video" in said.replace("\\", "") and "kpop run" in said
    lake = write_videos(tmp_path / "filled")
    with pytest.raises(PageEnd) as told:
        list_day_videos(lake, DAY + dt.timedelta(days=1), "overall", "acts", None)
    assert told.value.key == "lens.no_day"
