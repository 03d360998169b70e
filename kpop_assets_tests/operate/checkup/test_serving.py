"""The doctor opens the serving bundle and says what is wrong with it."""

from __future__ import annotations

from pathlib import Path

from kpop_assets.operate.checkup.serving import check_bundle
from kpop_assets.recommend.bundle.bundle_write import write_bundle
from kpop_assets.recommend.matrices.bundle_parts import serving_folder
from kpop_assets.settings import Settings
from kpop_assets_tests.recommend.bundles import bundle_parts


def test_a_bundle_that_is_damaged_is_a_problem_with_its_way_out(tmp_path: Path):
    settings = Settings(tmp_path)
    assert check_bundle(settings).state == "ok"
    name = write_bundle(tmp_path, bundle_parts())
    whole = check_bundle(settings)
    assert (whole.state, whole.text) == ("ok", f"{name} answers: 50 listeners, 40 works")
    next((serving_folder(tmp_path) / name).glob("vectors*")).write_bytes(b"no")
    damaged = check_bundle(settings)
    assert damaged.state == "problem"
    assert "kpop train recommend" in damaged.advice
