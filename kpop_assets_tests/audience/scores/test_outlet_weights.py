"""Weights of outlets: the product's, and those of a data folder in their place."""

from pathlib import Path

import pytest

from kpop_assets.audience.scores.outlet_weights import OutletWeightsError, read_outlet_weights


def test_the_product_has_weights_of_its_own(tmp_path: Path) -> None:
    found = read_outlet_weights(tmp_path)
    assert found.usual == 1.0
    assert found.outlets["izm"] > found.usual


def test_a_data_folder_changes_and_adds(tmp_path: Path) -> None:
    (tmp_path / "outlet_weights.toml").write_text('usual = 0.5\n[outlets]\n"IZM" = 3\nNew = 2\n')
    found = read_outlet_weights(tmp_path)
    assert (found.usual, found.outlets["izm"], found.outlets["new"]) == (0.5, 3.0, 2.0)
    assert found.outlets["pitchfork"] == 1.25


@pytest.mark.parametrize(
    "text", ["usual = ", "usual = -1", 'usual = "much"', "outlets = 3", "[outlets]\na = true\n"]
)
def test_weights_that_are_none_are_refused_with_a_way_out(tmp_path: Path, text: str) -> None:
    (tmp_path / "outlet_weights.toml").write_text(text)
    with pytest.raises(OutletWeightsError) as refused:
        read_outlet_weights(tmp_path)
    assert refused.value.way_out
