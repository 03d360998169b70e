"""Countries in rows and names."""

from __future__ import annotations

from pathlib import Path

import pytest

from kpop_assets.landing.sources.regions import region_in_name, region_of


@pytest.mark.parametrize(
    ("value", "code"),
    [
        ("South Korea", "KR"),
        ("Korea, Republic of", "KR"),
        (" kr ", "KR"),
        ("대한민국", "KR"),
        ("Japan", "JP"),
        ("United Kingdom", "GB"),
        ("UK", "GB"),
        ("Global", "GLOBAL"),
        ("Atlantis", None),
        ("", None),
        (None, None),
        (7, None),
    ],
)
def test_a_country_by_code_or_name(value: object, code: str | None):
    assert region_of(value) == code


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("KR_youtube_trending_data.csv", "KR"),
        ("USvideos.csv", "US"),
        ("KR-2025-11-04.json", "KR"),
        ("JP-2025-11-04.json.gz", "JP"),
        ("regional-jp-daily-2026-03-02.csv", "JP"),
        ("regional-global-daily-2026-03-02.csv", "GLOBAL"),
        ("kr_daily_top50.csv", "KR"),
        ("trending JP 2025.csv", "JP"),
        ("INvideos.csv", "IN"),
        ("ID_youtube_trending_data.csv", "ID"),
        ("kr-2025-11-04.json", "KR"),
        ("US.csv", "US"),
        ("spotify_kr.csv", "KR"),
        ("spotify_us_2026.csv", "US"),
        ("charts-jp.csv", "JP"),
        ("kr.csv", "KR"),
        ("spotify_my.csv", None),
        ("my_list.csv", None),
        ("my_trending_videos.csv", None),
        ("my_daily_top50.csv", None),
        ("ID-list.csv", None),
        ("US-list.csv", None),
        ("my trending IN 2024 TV.csv", None),
        ("in-2024-11-04.csv", None),
        ("best of MY 2024.csv", None),
        ("IVE_videos.csv", None),
        ("in_the_box.csv", None),
        ("utf16.csv", None),
        ("global.csv", None),
        ("XX-2025.json", None),
    ],
)
def test_the_country_in_a_name(name: str, code: str | None):
    assert region_in_name(Path(name)) == code
