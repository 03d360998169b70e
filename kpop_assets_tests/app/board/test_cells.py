"""What the board's cells say: numbers by language, links where ids are real, gaps in words."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from typing import Any
from urllib.parse import parse_qs, urlparse

import pytest

from app.board.cells import (
    Reader,
    artist_cell,
    chance_cell,
    growth_cell,
    number_cell,
    parts_cell,
    rank_cell,
    score_cell,
    text_cell,
    video_cell,
)
from app.messages.catalogue import plain
from kpop_assets.catalog.catalog import OTHER

ENGLISH = Reader("en", partial(plain, "en"), str.upper, {"lang": "en"}, False, False)
KOREAN = replace(ENGLISH, language="ko", say=partial(plain, "ko"))
REAL = "dQw4w9WgXcQ"


def video(**more: Any) -> dict[str, Any]:
    return {"driving_video_title": "<b>title</b>", "driving_video_id": REAL, **more}


def test_an_act_is_a_link_that_keeps_language_and_day():
    reader = replace(ENGLISH, query={"lang": "ko", "day": "2026-11-20"})
    cell = artist_cell({"artist": "a&b=c?", "note": "tier"}, "artist", reader)
    assert cell["text"] == "A&B=C?"
    assert cell["note"] == "tier"
    link = urlparse(cell["href"])
    assert link.path == "artist"
    asked = {"artist": ["a&b=c?"], "lang": ["ko"], "day": ["2026-11-20"]}
    assert parse_qs(link.query, strict_parsing=True) == asked


def test_a_title_leads_to_its_source_only_where_the_id_is_real():
    cell = video_cell(video(), "driving_video_title", ENGLISH)
    assert cell["text"] == "<b>title</b>"
    assert cell["href"].endswith(REAL)
    assert cell["away"]
    simulated = replace(ENGLISH, is_simulated=True)
    assert video_cell(video(), "driving_video_title", simulated)["href"] is None
    hashed = video(driving_video_id="spotify:0123456789abcdef")
    assert video_cell(hashed, "driving_video_title", ENGLISH)["href"] is None


def test_a_video_without_a_title_is_named_by_a_real_id_alone():
    assert (
        video_cell(video(driving_video_title=None), "driving_video_title", ENGLISH)["text"] == REAL
    )
    nothing = video(driving_video_title=None, driving_video_id=None)
    assert video_cell(nothing, "driving_video_title", ENGLISH)["text"] is None


def test_pictures_are_loaded_only_where_they_are_switched_on():
    pictured = replace(ENGLISH, has_thumbnails=True)
    for reader, has_any in ((ENGLISH, False), (pictured, True)):
        cells = (
            video_cell(video(), "driving_video_title", reader),
            artist_cell({"artist": "a", "image_id": REAL}, "artist", reader),
        )
        assert [bool(cell["image"]) for cell in cells] == [has_any] * 2
    assert (
        video_cell(video(), "driving_video_title", replace(pictured, is_simulated=True))["image"]
        is None
    )


def test_numbers_follow_the_language_and_keep_their_value():
    row = {"total_engagement": 2_164_000, "daily_28d": None}
    assert score_cell(row, "total_engagement", ENGLISH) == {"text": "2.16M", "value": 2_164_000}
    assert score_cell(row, "total_engagement", KOREAN)["text"] == "216만"
    assert chance_cell({"p": 0.25}, "p", ENGLISH) == {"text": "25.0%", "value": 0.25, "part": 0.25}


@pytest.mark.parametrize(
    ("growth", "text", "tone"),
    [(12.3, "+12.3%", "up"), (-17.0, "−17.0%", "down"), (0.0, "0.0%", None)],
)
def test_growth_is_signed_and_its_colour_is_that_of_the_number(
    growth: float, text: str, tone: str | None
):
    row = {"growth_rate_7d": growth, "trend_class": "cooling"}
    cell = growth_cell(row, "growth_rate_7d", ENGLISH)
    assert (cell["text"], cell.get("tone"), cell["note"]) == (text, tone, "cooling")


@pytest.mark.parametrize(("change", "tone"), [(3, "up"), (-12, "down"), (0, None), (None, None)])
def test_places_won_have_the_direction_of_their_number(change: int | None, tone: str | None):
    cell = rank_cell({"rank": 4, "rank_change": change}, "rank", ENGLISH)
    assert cell["text"] == "4"
    assert cell.get("note_tone") == tone
    assert cell.get("note") == (str(abs(change)) if change else None)
    if change:
        assert cell["note_label"] == plain("en", "rows.won" if change > 0 else "rows.lost")


def test_days_that_were_not_seen_are_gaps_and_said():
    row = {"total_engagement": 5, "daily_28d": [1, None, 3, None]}
    line = score_cell(row, "total_engagement", ENGLISH)["line"]
    assert line["values"] == [1, None, 3, None]
    assert "2 of them were not seen" in line["label"]
    whole = {"total_engagement": 5, "daily_28d": [1, 2]}
    assert "not seen" not in score_cell(whole, "total_engagement", ENGLISH)["line"]["label"]


def test_what_is_not_known_has_no_text():
    row = {"growth_rate_7d": None, "is_new": None}
    assert growth_cell(row, "growth_rate_7d", ENGLISH)["text"] is None
    assert text_cell(row, "is_new", ENGLISH)["text"] is None
    assert text_cell({"is_new": True}, "is_new", ENGLISH)["text"] == "Yes"


def test_parts_of_a_score_are_drawn_in_their_share_and_said_in_full():
    row = {"score": 61.25, "score_parts": [20.0, 16.25, 15.0, None, 0.0, 10.0, 0.0]}
    cell = parts_cell(row, "score", ENGLISH)
    assert cell["text"] == "61.2"
    assert cell["parts"] == [0.2, 0.1625, 0.15, None, 0.0, 0.1, 0.0]
    assert cell["parts_label"].startswith("Views 20.0, Views per hour 16.2, ")
    assert "Engagement unknown" in cell["parts_label"]
    assert "parts" not in parts_cell({"score": 5.0}, "score", ENGLISH)


def test_a_video_of_no_act_leads_to_no_page_of_one():
    assert artist_cell({"artist": OTHER}, "artist", ENGLISH) == {"text": None, "value": None}


def test_a_video_leads_to_its_growth_with_language_and_day():
    cell = video_cell(video(to_growth="-a&b"), "driving_video_title", ENGLISH)
    link = urlparse(cell["more"]["href"])
    assert (link.path, parse_qs(link.query)) == ("growth", {"video": ["-a&b"], "lang": ["en"]})
    assert "more" not in video_cell(video(), "driving_video_title", ENGLISH)


def test_a_number_may_have_a_second_line_and_its_days():
    row = {"views": 5, "views_note": "mean", "views_by_day": [1, None, 5]}
    cell = number_cell("count", row, "views", ENGLISH)
    assert (cell["text"], cell["note"], cell["line"]["values"]) == ("5", "mean", [1, None, 5])
    assert number_cell("count", {"views": 5}, "views", ENGLISH) == {"text": "5", "value": 5}
