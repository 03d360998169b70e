"""`kpop rank` and `kpop risers` where there is nothing to look at."""

from __future__ import annotations

from kpop_assets_tests.cli.kit import Kpop, assert_one_line


def test_a_ranking_without_data_says_how_to_get_some(kpop: Kpop):
    assert_one_line(kpop("rank"), "gold/artist_features", "kpop run")


def test_an_outlook_without_data_says_how_to_get_some(kpop: Kpop):
    assert_one_line(kpop("risers"), "pareto/next_viral has no forecast yet", "kpop train")
