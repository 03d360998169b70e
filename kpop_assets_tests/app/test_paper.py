"""Tables on paper: every column and row, and no text that is markup."""

from __future__ import annotations

from pathlib import Path

import pytest

from kpop_assets.contracts.gold import ARTIST_FEATURES
from kpop_assets.contracts.silver import ARTIST_DAILY
from kpop_assets_tests.app.conftest import OpenPage
from kpop_assets_tests.app.kit import DAY, write_rows

HOSTILE = "<img src=x onerror=window.acted=1>"


@pytest.mark.parametrize("lang", ["en", "ko"])
def test_a_printed_page_has_its_tables_as_text(tmp_path: Path, open_page: OpenPage, lang: str):
    row = {"ingest_date": DAY, "rank": 1, "tier": 4, "total_engagement": 2_160_000}
    write_rows(tmp_path, ARTIST_FEATURES, [{**row, "artist": "IVE"}, {**row, "artist": HOSTILE}])
    write_rows(tmp_path, ARTIST_DAILY, [{"ingest_date": DAY, "artist": "IVE"}])
    page = open_page(tmp_path, "board", lang, with_units="1", print="1")
    assert not page.dataframe
    written = " ".join(html.proto.body for html in page.get("html"))
    assert ("216만" if lang == "ko" else "2.16M") in written
    assert ("아이브" if lang == "ko" else "IVE") in written
    assert "&lt;img" in written and "<img" not in written
