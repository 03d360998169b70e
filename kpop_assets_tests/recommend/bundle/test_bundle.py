"""The serving bundle: written whole or not at all, opened without code, its parts as they were."""

from __future__ import annotations

import dataclasses
import datetime as dt
import json
import shutil
from pathlib import Path

import numpy as np
import pytest
import scipy.sparse as sp

from kpop_assets.recommend.bundle import bundle_write
from kpop_assets.recommend.bundle.bundle_read import open_bundle
from kpop_assets.recommend.bundle.bundle_write import bundles, write_bundle
from kpop_assets.recommend.bundle.kept_parts import served_part
from kpop_assets.recommend.bundle.served_parts import Heard, HeardScorer, Histories
from kpop_assets.recommend.learners.fitted import Factors
from kpop_assets.recommend.learners.item_regression import Ease
from kpop_assets.recommend.learners.neighbours import ItemNeighbours
from kpop_assets.recommend.learners.variational import VariationalAutoencoder, is_installed
from kpop_assets.recommend.matrices.bundle_parts import (
    CURRENT,
    BundleError,
    ServedPart,
    serving_folder,
)
from kpop_assets.recommend.matrices.interactions import Interactions
from kpop_assets.recommend.matrices.top_items import Scorer
from kpop_assets_tests.recommend.bundles import (
    DAY,
    LISTENER_IDS,
    bundle_parts,
    fitted_parts,
    works_told,
)
from kpop_assets_tests.recommend.listeners import ITEMS, LISTENERS, listeners_of_two_tastes

EVERYBODY = np.arange(LISTENERS, dtype=np.int32)
ONE = np.zeros(1, dtype=np.int32)


def test_what_was_written_is_what_is_opened(tmp_path):
    parts = bundle_parts(counts={"plays": 1_234}, facts={"age_days": np.arange(ITEMS) * 1.0})
    name = write_bundle(tmp_path, parts)
    bundle = open_bundle(tmp_path)

    assert bundle.version == name
    assert bundle.training_day == DAY
    assert bundle.works.equals(parts.works)
    assert bundle.names.equals(parts.names)
    assert bundle.manifest.counts == {
        "listeners": LISTENERS,
        "works": ITEMS,
        "learnt_works": ITEMS,
        "plays": 1_234,
    }
    assert bundle.manifest.is_simulated
    assert bundle.facts["age_days"].tolist() == list(range(ITEMS))
    assert [*bundle.parts] == [*parts.parts]
    for told, kept in zip(parts.parts.values(), bundle.parts.values(), strict=True):
        assert (kept.kind, kept.numbers) == (told.kind, told.numbers)
        assert all(np.array_equal(kept.arrays[n], told.arrays[n]) for n in told.arrays)
    assert (bundle.histories.matrix() != parts.known.presence()).nnz == 0


def test_a_listener_is_found_with_counts_and_last_times(tmp_path):
    users = np.array([0, 0, 0, 2], np.int32)
    items = np.array([5, 1, 5, 3], np.int32)
    known = Interactions(
        users, items, np.array([1.0, 2, 3, 1]), np.array([90, 20, 80, 7]), LISTENERS, ITEMS
    )
    write_bundle(tmp_path, bundle_parts(known=known))
    bundle = open_bundle(tmp_path)
    heard = bundle.heard(LISTENER_IDS[0])

    assert heard.items.tolist() == [1, 5]
    assert heard.counts.tolist() == [2, 4]
    assert heard.times.tolist() == [20, 90]
    assert heard.last(1).items.tolist() == [5]
    assert len(bundle.heard(LISTENER_IDS[1])) == 0
    assert [bundle.heard(name) for name in ("nobody", "", "z" * 40, "a")] == [None] * 4


def test_each_part_scores_a_history_as_it_scored_the_listener(tmp_path):
    known, _ = listeners_of_two_tastes()
    fitted = fitted_parts(known)
    write_bundle(tmp_path, bundle_parts())
    bundle = open_bundle(tmp_path)

    for name, part in bundle.parts.items():
        for user in EVERYBODY[::7]:
            heard = bundle.heard(LISTENER_IDS[user])
            told = HeardScorer(part, heard, bundle.histories).score(ONE)[0]
            expected = fitted[name].score(np.array([user], np.int32))[0]
            if name == "collaborative":
                # Vectors of listeners were found before the last round over the items'.
                assert np.corrcoef(told, expected)[0, 1] > 0.99
                continue
            if name == "listeners":
                # Who is alike to oneself is oneself; what one has is offered to nobody.
                told, expected = (np.delete(one, heard.items) for one in (told, expected))
            assert told == pytest.approx(expected, abs=1e-5), name


def test_a_folded_in_listener_is_the_solution_of_the_weighted_regression():
    generator = np.random.default_rng(1)
    vectors = generator.normal(size=(ITEMS, 4))
    part = served_part(Factors(np.zeros((1, 4)), vectors, alpha=3.0, penalty=0.5))
    had = np.array([2, 7, 11], np.int32)
    wants = np.isin(np.arange(ITEMS), had)
    weights = np.where(wants, 3.0, 1.0)
    solved = np.linalg.solve(
        (vectors.T * weights) @ vectors + 0.5 * np.eye(4), vectors.T @ (weights * wants)
    )
    told = HeardScorer(part, Heard.of(had), Histories.of(known_presence())).score(ONE)[0]

    assert told == pytest.approx(vectors @ solved, abs=1e-5)


def test_the_nearest_listeners_alone_say_what_they_have():
    # The first shares both items, the second one of two, the third nothing.
    histories = sp.csr_matrix(np.array([[1.0, 1, 1, 0], [0, 1, 0, 1], [0, 0, 1, 1]]))
    heard = Heard.of(np.array([0, 1], np.int32))

    def told(nearest: int) -> list[float]:
        part = ServedPart("listeners", {}, {"nearest": nearest})
        return HeardScorer(part, heard, Histories.of(histories)).score(ONE)[0].tolist()

    alike = 2 / np.sqrt(2 * 3)
    assert told(1) == pytest.approx([alike, alike, alike, 0])
    assert told(2) == pytest.approx([alike, alike + 0.5, alike, 0.5])


def known_presence() -> sp.csr_matrix:
    return listeners_of_two_tastes()[0].presence()


def test_weights_that_were_kept_sparse_score_as_they_did(tmp_path):
    known, _ = listeners_of_two_tastes()
    assert_served_as_fitted(tmp_path, "neighbours", ItemNeighbours(5).fit(known))


@pytest.mark.deep
@pytest.mark.skipif(not is_installed(), reason="PyTorch is absent: make test-deep")
def test_the_autoencoder_scores_as_it_did_without_pytorch(tmp_path):
    known, _ = listeners_of_two_tastes()
    assert_served_as_fitted(tmp_path, "deep", VariationalAutoencoder(epochs=2).fit(known))


def assert_served_as_fitted(home: Path, name: str, fitted: Scorer) -> None:
    write_bundle(home, bundle_parts(parts={name: served_part(fitted)}, quotas={}, weights={}))
    bundle = open_bundle(home)
    heard = bundle.heard(LISTENER_IDS[4])
    told = HeardScorer(bundle.parts[name], heard, bundle.histories).score(ONE)[0]
    assert told == pytest.approx(fitted.score(np.array([4]))[0], abs=1e-4)


def test_what_needs_a_listener_of_its_own_is_not_served():
    with pytest.raises(TypeError, match="Factors cannot be served"):
        served_part(Factors(np.zeros((1, 4)), np.zeros((ITEMS, 4))))


@pytest.mark.parametrize(
    "changed",
    [
        {"vectors": np.zeros((3, 3))},
        {"works": works_told().drop("rise_chance")},
        {"listener_ids": LISTENER_IDS[::-1]},
        {"listener_ids": LISTENER_IDS[:-1]},
        {"facts": {"age_days": np.zeros(2)}},
    ],
)
def test_parts_that_do_not_fit_together_are_refused(changed):
    with pytest.raises(ValueError, match=r"items|missing|listeners"):
        bundle_parts(**changed)


def test_the_same_training_is_the_same_bundle_and_the_last_three_days_stay(tmp_path):
    days = [DAY + dt.timedelta(weeks=week) for week in range(5)]
    names = [write_bundle(tmp_path, bundle_parts(training_day=day)) for day in days]

    assert write_bundle(tmp_path, bundle_parts(training_day=days[-1])) == names[-1]
    assert [path.name for path in bundles(serving_folder(tmp_path))] == names[-3:]
    assert open_bundle(tmp_path).version == names[-1]


def test_a_training_of_an_earlier_day_does_not_take_over(tmp_path):
    newest = write_bundle(tmp_path, bundle_parts())
    earlier = write_bundle(tmp_path, bundle_parts(training_day=DAY - dt.timedelta(weeks=1)))

    assert open_bundle(tmp_path).version == newest
    assert {path.name for path in bundles(serving_folder(tmp_path))} == {newest, earlier}
    # Where the later one is gone there is nothing to keep.
    shutil.rmtree(serving_folder(tmp_path) / newest)
    write_bundle(tmp_path, bundle_parts(training_day=DAY - dt.timedelta(weeks=1)))
    assert open_bundle(tmp_path).version == earlier


def test_a_writer_killed_between_files_leaves_the_bundle_that_answers(tmp_path, monkeypatch):
    class Killed(BaseException):
        pass

    name = write_bundle(tmp_path, bundle_parts())
    put, calls = bundle_write.put_file, []
    for last in (1, 5, 12):
        calls.clear()

        def killed(folder, file, content, last=last):
            calls.append(file)
            if len(calls) > last:
                raise Killed
            return put(folder, file, content)

        monkeypatch.setattr(bundle_write, "put_file", killed)
        monkeypatch.setattr(bundle_write.shutil, "rmtree", lambda *_, **__: None)
        with pytest.raises(Killed):
            write_bundle(tmp_path, bundle_parts(model="another"))
        monkeypatch.undo()
        assert open_bundle(tmp_path).version == name

    another = write_bundle(tmp_path, bundle_parts(model="another"))
    assert open_bundle(tmp_path).version == another
    assert not [*serving_folder(tmp_path).glob(".*.part")]


def test_a_bundle_with_any_byte_changed_or_any_file_gone_says_so_and_the_way_out(tmp_path):
    name = write_bundle(tmp_path, bundle_parts())
    folder = serving_folder(tmp_path) / name
    for path in sorted(folder.iterdir()):
        whole = path.read_bytes()
        middle = len(whole) // 2
        changed = whole[:middle] + bytes([whole[middle] ^ 1]) + whole[middle + 1 :]
        for damaged in (changed, whole[:middle], b"", None):
            if damaged is None:
                path.unlink()
            else:
                path.write_bytes(damaged)
            if path.name == "manifest.json" and damaged == changed:
                continue
            with pytest.raises(BundleError, match="kpop train recommend"):
                open_bundle(tmp_path)
        path.write_bytes(whole)
    assert open_bundle(tmp_path).version == name


def test_the_same_training_again_mends_a_bundle_whatever_is_damaged(tmp_path):
    name = write_bundle(tmp_path, bundle_parts())
    for path in sorted((serving_folder(tmp_path) / name).iterdir()):
        whole = bytearray(path.read_bytes())
        whole[len(whole) // 2] ^= 1
        path.write_bytes(whole)
        assert write_bundle(tmp_path, bundle_parts()) == name
        assert open_bundle(tmp_path).works.equals(works_told())


def test_a_damaged_bundle_of_a_later_day_gives_way(tmp_path):
    name = write_bundle(tmp_path, bundle_parts())
    next((serving_folder(tmp_path) / name).glob("vectors*")).write_bytes(b"no")
    earlier = write_bundle(tmp_path, bundle_parts(training_day=DAY - dt.timedelta(weeks=1)))

    assert open_bundle(tmp_path).version == earlier


def test_a_bundle_of_another_format_or_a_pointer_to_nothing_says_so(tmp_path):
    with pytest.raises(BundleError, match="no recommender to answer with yet"):
        open_bundle(tmp_path)
    name = write_bundle(tmp_path, bundle_parts())
    manifest = serving_folder(tmp_path) / name / "manifest.json"
    told = json.loads(manifest.read_text())
    manifest.write_text(json.dumps({**told, "format_version": 99}))
    with pytest.raises(BundleError, match="has format 99, not 2"):
        open_bundle(tmp_path)
    for pointer in ("../elsewhere", "", "2020-01-04-00000000"):
        (serving_folder(tmp_path) / CURRENT).write_text(pointer)
        with pytest.raises(BundleError, match="names no bundle"):
            open_bundle(tmp_path)


def test_a_bundle_without_a_listener_opens(tmp_path):
    nobody = Interactions(*(np.zeros(0, t) for t in ("i4", "i4", "f8", "i8")), 0, ITEMS)
    parts = {"items": served_part(Ease(10.0).fit(listeners_of_two_tastes()[0]))}
    write_bundle(
        tmp_path,
        dataclasses.replace(
            bundle_parts(), known=nobody, listener_ids=np.array([], "S33"), parts=parts
        ),
    )

    assert open_bundle(tmp_path).heard("u1") is None
