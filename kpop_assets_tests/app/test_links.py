"""Links to a source: real ids lead there, ids that are made up lead nowhere."""

from __future__ import annotations

import pytest

from app.links import source_link, thumbnail
from kpop_assets.landing.sources.tracks import track_id


@pytest.mark.parametrize(
    ("video_id", "address"),
    [
        ("dQw4w9WgXcQ", "https://www.youtube.com/watch?v=dQw4w9WgXcQ"),
        ("-_3eqpBFUXA", "https://www.youtube.com/watch?v=-_3eqpBFUXA"),
        ("spotify:0VjIjW4GlUZAMYd2vXMi3b", "https://open.spotify.com/track/0VjIjW4GlUZAMYd2vXMi3b"),
        (
            "spotify:jp:0VjIjW4GlUZAMYd2vXMi3b",
            "https://open.spotify.com/track/0VjIjW4GlUZAMYd2vXMi3b",
        ),
    ],
)
def test_a_real_id_leads_to_its_source(video_id: str, address: str):
    assert source_link(video_id, is_simulated=False) == address
    assert source_link(video_id, is_simulated=True) is None


@pytest.mark.parametrize(
    "video_id",
    [
        None,
        "",
        track_id("IU - Never Ending Story"),
        track_id("IU - Never Ending Story", "JP"),
        "javascript:x",
        "dQw4w9WgXc Q",
        "dQw4w9WgXcQ\n",
        "아이브아이브아이브아이",
        "spotify:0VjIjW4GlUZAMYd2vXMi3b&x=1",
    ],
)
def test_a_hash_or_anything_else_leads_nowhere(video_id: str | None):
    assert source_link(video_id, is_simulated=False) is None
    assert thumbnail(video_id, is_simulated=False) is None


def test_only_videos_have_pictures():
    assert thumbnail("dQw4w9WgXcQ", is_simulated=False) == (
        "https://i.ytimg.com/vi/dQw4w9WgXcQ/mqdefault.jpg"
    )
    assert thumbnail("dQw4w9WgXcQ", is_simulated=True) is None
    assert thumbnail("spotify:0VjIjW4GlUZAMYd2vXMi3b", is_simulated=False) is None
