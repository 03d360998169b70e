"""Acts are called as the reader's language calls them."""

from __future__ import annotations

from pathlib import Path

import pytest

from kpop_assets.contracts.gold import ARTIST_FEATURES
from kpop_assets.contracts.silver import ARTIST_DAILY
from kpop_assets_tests.app.conftest import OpenPage
from kpop_assets_tests.app.kit import DAY, boards, write_rows

# INI has no Korean name, and of "not in it" the catalogue knows nothing.
ARTISTS = ["IVE", "Girls' Generation", "INI", "not in it"]


@pytest.mark.parametrize(
    ("lang", "names"),
    [("en", ARTISTS), ("ko", ["아이브", "소녀시대", "INI", "not in it"])],
)
def test_names_follow_the_language(
    lang: str, names: list[str], tmp_path: Path, open_page: OpenPage
):
    rows = [
        {"ingest_date": DAY, "artist": artist, "rank": rank, "tier": 4}
        for rank, artist in enumerate(ARTISTS, start=1)
    ]
    write_rows(tmp_path, ARTIST_FEATURES, rows)
    write_rows(tmp_path, ARTIST_DAILY, [{"ingest_date": DAY, "artist": ARTISTS[0]}])
    page = open_page(tmp_path, "board", lang)
    assert [row["name"] for row in boards(page)[0]["rows"]] == names
