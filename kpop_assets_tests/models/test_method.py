"""What every fit rests on: a library of another version fits anew."""

from __future__ import annotations

from importlib import metadata

import pytest

from kpop_assets.models.recipe import method

FITTING = ("kpop-assets", "scikit-learn", "lightgbm", "numpy", "pandas", "scipy", "pyspark")


@pytest.mark.parametrize("library", FITTING)
def test_another_version_of_what_fits_is_another_method(
    library: str, monkeypatch: pytest.MonkeyPatch
):
    before, version = method(), metadata.version
    monkeypatch.setattr(metadata, "version", lambda name: version(name) + "1" * (name == library))
    assert method() != before
