"""Somebody is forgotten by every bundle: killed anywhere, answering all the while."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import numpy as np
import pytest

from kpop_assets.recommend.bundle import bundle_forget
from kpop_assets.recommend.bundle.bundle_forget import forget_listener
from kpop_assets.recommend.bundle.bundle_read import open_bundle, open_folder
from kpop_assets.recommend.bundle.bundle_write import bundles, write_bundle
from kpop_assets.recommend.matrices.bundle_parts import serving_folder
from kpop_assets_tests.recommend.bundles import DAY, LISTENER_IDS, bundle_parts

GONE = str(LISTENER_IDS[17])
STEPS = 8


def bundles_holding(home: Path) -> list[str]:
    """Files in which the listener's id stands."""
    files = serving_folder(home).rglob("*")
    return [path.name for path in files if path.is_file() and GONE.encode() in path.read_bytes()]


def test_a_listener_is_gone_from_every_bundle_and_the_others_are_as_before(tmp_path):
    for weeks in range(3):
        write_bundle(tmp_path, bundle_parts(training_day=DAY - dt.timedelta(weeks=weeks)))
    names = [path.name for path in bundles(serving_folder(tmp_path))]
    before = open_bundle(tmp_path)
    assert len(bundles_holding(tmp_path)) == 3
    left = forget_listener(tmp_path, GONE)

    assert (left.changed, left.removed) == (names, [])
    assert bundles_holding(tmp_path) == []
    after = open_bundle(tmp_path)
    assert after.version == before.version
    assert after.heard(GONE) is None
    assert after.manifest.counts["listeners"] == before.manifest.counts["listeners"] - 1
    row = before.row_of(GONE)
    kept = np.delete(np.arange(len(LISTENER_IDS)), row)
    assert (after.histories.matrix() != before.histories.matrix()[kept]).nnz == 0
    for name in LISTENER_IDS[kept]:
        told, was = after.heard(name), before.heard(name)
        assert told.items.tolist() == was.items.tolist()
        assert told.counts.tolist() == was.counts.tolist()
        assert told.times.tolist() == was.times.tolist()
    assert forget_listener(tmp_path, GONE).changed == []
    assert forget_listener(tmp_path / "nothing here", GONE).changed == []


@pytest.mark.parametrize("kill_at", range(STEPS + 1))
def test_killed_anywhere_the_bundle_answers_and_the_same_again_ends_it(
    kill_at, tmp_path, monkeypatch
):
    name = write_bundle(tmp_path, bundle_parts())
    done = []

    def before_it(real):
        def stepped(*given, **named):
            if len(done) == kill_at:
                raise KeyboardInterrupt
            done.append(real)
            return real(*given, **named)

        return stepped

    monkeypatch.setattr(bundle_forget, "put_file", before_it(bundle_forget.put_file))
    monkeypatch.setattr(bundle_forget, "replace_durably", before_it(bundle_forget.replace_durably))
    monkeypatch.setattr(Path, "unlink", before_it(Path.unlink))
    with pytest.raises(KeyboardInterrupt):
        forget_listener(tmp_path, GONE)
    monkeypatch.undo()

    assert open_bundle(tmp_path).version == name
    forget_listener(tmp_path, GONE)
    assert bundles_holding(tmp_path) == []
    assert open_bundle(tmp_path).heard(GONE) is None


def test_a_damaged_bundle_is_removed_since_nobody_can_look_through_it(tmp_path):
    name = write_bundle(tmp_path, bundle_parts())
    earlier = write_bundle(tmp_path, bundle_parts(training_day=DAY - dt.timedelta(weeks=1)))
    folder = serving_folder(tmp_path) / name
    next(folder.glob("history_items*")).write_bytes(b"damaged")
    left = forget_listener(tmp_path, GONE)

    assert (left.changed, left.removed) == ([earlier], [name])
    assert bundles_holding(tmp_path) == []


def test_who_opens_a_bundle_while_it_changes_gets_the_new_files(tmp_path, monkeypatch):
    write_bundle(tmp_path, bundle_parts())
    folder = open_bundle(tmp_path).folder
    from kpop_assets.recommend.bundle import bundle_read

    real, calls = bundle_read.read_manifest, []

    def meanwhile(where):
        told = real(where)
        if not calls:
            calls.append(where)
            forget_listener(tmp_path, GONE)
        return told

    monkeypatch.setattr(bundle_read, "read_manifest", meanwhile)
    assert open_folder(folder).heard(GONE) is None
