"""A bundle whose files are as written, and of no use, is refused like a damaged one."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from kpop_assets.recommend.bundle.bundle_files import put_file, replace_durably
from kpop_assets.recommend.bundle.bundle_write import write_bundle
from kpop_assets.recommend.matrices.bundle_parts import MANIFEST, read_manifest, serving_folder
from kpop_assets_tests.recommend.bundles import DAY, fitted_hybrid
from kpop_assets_tests.recommend.listeners import listeners_of_two_tastes
from kpop_assets_tests.recommend.service.test_unlearnt_works import wide_parts
from kpop_assets_tests.serving.answers.conftest import KNOWN
from kpop_assets_tests.serving.answers.rooms import make_room

LATER = DAY + dt.timedelta(days=7)
UNUSABLE = {
    "trees": "no trees",
    "vectors": np.zeros((3, 3), np.float32),
    "acts": np.full(100, 10_000, np.int32),
    "act_starts": np.zeros(0, np.int64),
    "popular_by_hour": np.zeros((0, 3), np.float32),
}


def write_unusable(home: Path, name: str) -> str:
    """A later bundle, one file of which was replaced by another, hash and all."""
    written = write_bundle(home, wide_parts(training_day=LATER))
    folder = serving_folder(home) / written
    manifest = read_manifest(folder)
    files = {**manifest.files, name: put_file(folder, name, UNUSABLE[name])}
    replace_durably(folder / MANIFEST, replace(manifest, files=files).text().encode())
    return written


@pytest.mark.parametrize("name", UNUSABLE)
def test_it_leaves_the_one_before_also_at_the_start_and_a_good_one_is_taken_up(
    home: Path, name: str
):
    # Nothing looks by itself: it could find the later bundle before that is of no use.
    room = make_room(home)
    before = room.ask(user_id=KNOWN)
    write_unusable(home, name)
    room.answers.bundles.look()
    after = room.ask(user_id=KNOWN)
    assert (after["model"], after["fallback"]) == (before["model"], None)
    with make_room(home) as started:
        told = started.ask(user_id=KNOWN)
        expected = (before["model"], "popular", "no_model")
        assert (told["model"], told["basis"], told["fallback"]) == expected
    good = write_bundle(home, wide_parts(training_day=LATER + dt.timedelta(days=7)))
    room.answers.bundles.look()
    assert room.ask(user_id=KNOWN)["model"] == good


def test_where_there_is_no_other_it_tells_what_is_popular(tmp_path: Path):
    written = write_unusable(tmp_path, "trees")
    with make_room(tmp_path) as room:
        told = room.ask(seeds=["work05"])
        assert (told["model"], told["basis"], told["fallback"]) == (written, "popular", "no_model")
    nothing = tmp_path / "nothing"
    write_unusable(nothing, "popular_by_hour")
    with make_room(nothing) as room:
        told = room.client.post("/v1/recommendations", json={})
        assert told.status_code == 503 and "train recommend" in told.json()["way_out"]


def test_trees_of_other_facts_are_no_order(home: Path):
    trees = fitted_hybrid(listeners_of_two_tastes()[0]).order.trees.booster_.model_to_string()
    written = write_bundle(home, wide_parts(training_day=LATER, trees=trees))
    room = make_room(home)
    assert room.ask(user_id=KNOWN)["model"] != written
