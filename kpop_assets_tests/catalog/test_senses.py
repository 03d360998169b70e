"""Names that mean something else beside some words, and the act beside others."""

from __future__ import annotations

import pytest

from kpop_assets.catalog.catalog import OTHER, load_catalog
from kpop_assets.catalog.matcher import matcher_of

TITLES = {
    "Best TWS earphones under $50": OTHER,
    "TWS 이어폰을 비교했습니다": OTHER,
    "ワイヤレスイヤホン TWS レビュー": OTHER,
    "TWS 'OVERDRIVE' Official MV": "TWS",
    "TWS 신유 직캠": "TWS",
    "IU vs Penn State full game": OTHER,
    "Indiana IU basketball": OTHER,
    "IU 'Love wins all' MV": "IU",
    "IU 좋은 날": "IU",
    "BtoB マーケティング入門": OTHER,
    "BTOB - Beautiful Pain MV": "BTOB",
    "BIGBANG theory of the universe": OTHER,
    "BIGBANG - BANG BANG BANG M/V": "BIGBANG",
    "EXO suit build Destiny 2": OTHER,
    "EXO 'Love Shot' MV": "EXO",
    "passing the NCT test with an old car": OTHER,
    "NCT 'Make A Wish' MV": "NCT",
}


@pytest.mark.parametrize("title", TITLES)
def test_words_beside_a_name_tell_what_it_means(title: str):
    match = matcher_of(load_catalog()).match(title, "somebody", None, "youtube")
    assert match.artist == TITLES[title]
