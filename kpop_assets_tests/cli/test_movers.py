"""`kpop videos`: lists, own weights, and what cannot be understood."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kpop_assets.cli.arguments import ArgumentError
from kpop_assets.cli.movers import parse_weights
from kpop_assets.contracts.lens_videos import PARTS
from kpop_assets_tests.app.lens.lens_lake import write_videos
from kpop_assets_tests.cli.kit import Kpop, assert_one_line


@given(st.dictionaries(st.sampled_from(list(PARTS)), st.floats(0.01, 1e6), min_size=1))
def test_weights_that_are_written_are_read_back_as_shares(weights: dict[str, float]):
    text = ",".join(f" {name} = {weight!r} " for name, weight in weights.items())
    found = parse_weights(text)
    assert sum(found.values()) == pytest.approx(1)
    total = sum(weights.values())
    assert found == pytest.approx({name: weight / total for name, weight in weights.items()})


@pytest.mark.parametrize(
    "text",
    [
        *("", "beauty=1", "views", "views=", "views=x", "views=-1", "views=nan", "views=inf"),
        *("views=0", "views=1,views=2", "views=1;engagement=2"),
    ],
)
def test_weights_that_mean_nothing_are_refused_with_the_names_of_the_parts(text: str):
    with pytest.raises(ArgumentError, match="views_per_hour"):
        parse_weights(text)


def test_lists_are_printed_with_the_weights_asked_for(kpop: Kpop, tmp_path: Path):
    write_videos(tmp_path / "data")
    usual = kpop("videos").out
    assert usual.index("aaaaaaaaaaa") < usual.index("bbbbbbbbbbb")
    assert "ccccccccccc" not in usual and "by own weights" not in usual
    assert "* mean of its life" in usual
    own = kpop("videos", "--weights", "engagement=1", "--everything").out
    assert own.index("bbbbbbbbbbb") < own.index("aaaaaaaaaaa") < own.index("ccccccccccc")
    assert "by own weights" in own
    assert "no video of the day makes this list" in kpop("videos", "--list", "steady").out


def test_what_is_not_there_is_said_in_a_line(kpop: Kpop, tmp_path: Path):
    assert_one_line(kpop("videos"), "video_scores")
    write_videos(tmp_path / "data")
    assert_one_line(kpop("videos", "2020-01-01"), "2020-01-01")
