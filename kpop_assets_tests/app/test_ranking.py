"""The ranking page and its query."""

from __future__ import annotations

from app.queries.ranking import rank_artists
from kpop_assets_tests.app.conftest import END, OpenPage


def test_page(full_home, open_page: OpenPage):
    page = open_page(full_home, "ranking")
    assert page.title[0].value == "Ranking"
    page = open_page(full_home, "ranking", "ko")
    assert page.title[0].value == "순위"


def test_query(full):
    assert rank_artists(full, END).height > 5
