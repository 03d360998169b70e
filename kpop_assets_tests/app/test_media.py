"""Words by source: streams of tracks are not called views of videos, on any page."""

from __future__ import annotations

import re
import string
from pathlib import Path

import pytest

from app.messages.catalogue import LANGUAGES, load_messages, plain, speak_of
from app.messages.media import MEDIA, reworded
from app.queries.lake import medium_of
from kpop_assets.contracts.bronze import EVENTS
from kpop_assets.contracts.gold import ARTIST_FEATURES
from kpop_assets.contracts.silver import ARTIST_DAILY
from kpop_assets_tests.app.conftest import OpenPage
from kpop_assets_tests.app.kit import DAY, write_rows

# What is said of videos alone, and of ids that may be either.
OF_VIDEOS = re.compile(
    r"^(frame\.source_|method\.|duplicates\.|rows\.no_links|release_timing\.(kind|lead))"
)
VIDEO_WORDS = re.compile(r"(?i)\bvideos?\b|\bviews?\b|조회수|영상")


@pytest.fixture(params=["track", "mixed"])
def medium(request: pytest.FixtureRequest):
    """The medium that messages speak of in a test, and videos again after it."""
    speak_of(request.param)
    yield request.param
    speak_of(MEDIA[0])


def placeholders(text: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(text) if name is not None}


def texts() -> dict[str, str]:
    """Every text of the catalogue, by message and kind of text."""
    return {
        f"{key}|{kind}": text
        for key, entry in load_messages().items()
        for kind, text in entry.items()
        if kind != "as"
    }


def test_every_text_says_the_same_with_the_same_placeholders(medium: str):
    found = texts()
    speak_of(MEDIA[0])
    usual = texts()
    assert found.keys() == usual.keys()
    assert all(placeholders(found[key]) == placeholders(text) for key, text in usual.items())
    assert any(found[key] != text for key, text in usual.items())


def test_no_text_about_tracks_speaks_of_videos_or_views():
    speak_of("track")
    try:
        left = {
            key: text
            for key, text in texts().items()
            if VIDEO_WORDS.search(text) and not OF_VIDEOS.match(key)
        }
    finally:
        speak_of(MEDIA[0])
    assert left == {}


def test_korean_words_end_as_those_they_stand_for(medium: str):
    """So 영상이 becomes 곡이, and no particle is wrong."""

    def closes(word: str) -> bool:
        return (ord(word[-1]) - ord("가")) % 28 != 0

    for word in ("영상", "조회수"):
        (said,) = reworded("a.key", {"ko": word}, medium).values()
        assert said != word and closes(said) == closes(word)


def test_a_message_may_say_it_in_its_own_words():
    entry = {"en": "a video", "ko": "영상", "en_track": "a song"}
    assert reworded("a.key", entry, "track") == {"en": "a song", "ko": "곡"}
    assert reworded("a.key", entry, "mixed") == {"en": "a video or track", "ko": "영상·곡"}
    assert reworded("a.key", entry, "video") == {"en": "a video", "ko": "영상"}


@pytest.mark.parametrize(
    ("sources", "expected"),
    [
        ([], "video"),
        (["demo"], "video"),
        (["youtube", "youtube_popular_kr"], "video"),
        (["spotify_chart"], "track"),
        (["spotify_chart", "youtube"], "mixed"),
    ],
)
def test_the_medium_is_that_of_the_sources(sources: list[str], expected: str):
    assert medium_of(sources) == expected


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_page_of_a_chart_speaks_of_streams(tmp_path: Path, open_page: OpenPage, language: str):
    write_rows(tmp_path, EVENTS, [{"ingest_date": DAY, "video_id": "a", "source": "spotify_chart"}])
    write_rows(tmp_path, ARTIST_DAILY, [{"ingest_date": DAY, "artist": "IVE", "engagement": 9}])
    write_rows(tmp_path, ARTIST_FEATURES, [{"ingest_date": DAY, "artist": "IVE", "rank": 1}])
    page = open_page(tmp_path, "artist", language, artist="IVE")
    options = [text for box in page.selectbox for text in box.options]
    speak_of("track")
    try:
        assert plain(language, "column.views_gained") in options
    finally:
        speak_of(MEDIA[0])
    assert plain(language, "column.views_gained") not in options
