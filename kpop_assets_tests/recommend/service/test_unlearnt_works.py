"""Works that nobody learnt are served too: found, gone on from, proposed for what they are."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import tracemalloc
from pathlib import Path

import numpy as np
import polars as pl
import pyarrow as pa
import pytest

from kpop_assets.operate.checkup.serving import check_bundle
from kpop_assets.recommend.bundle import bundle_files, bundle_write
from kpop_assets.recommend.bundle.bundle_read import open_bundle
from kpop_assets.recommend.bundle.bundle_write import write_bundle
from kpop_assets.recommend.bundle.served_bundle import Bundle
from kpop_assets.recommend.bundle.served_parts import Heard
from kpop_assets.recommend.matrices import bundle_lookups
from kpop_assets.recommend.matrices.bundle_parts import BundleError, BundleParts, serving_folder
from kpop_assets.recommend.service.answer import ListeningWish, onboarding, recommend
from kpop_assets.recommend.service.heard_since import heard_tracks
from kpop_assets.recommend.service.served_candidates import served_candidates
from kpop_assets.recommend.service.served_near import nearest_works
from kpop_assets.settings import load_settings
from kpop_assets_tests.recommend.bundles import (
    ACTS,
    LISTENER_IDS,
    bundle_parts,
    sound_vectors,
    works_told,
)
from kpop_assets_tests.recommend.listeners import ITEMS

NEW_ACT = "ACT of its own"
MORE = 60


def more_works(count: int = MORE) -> pl.DataFrame:
    """Works after those that were learnt: the last five by an act of which none was."""
    rows = range(ITEMS, ITEMS + count)
    names = [NEW_ACT if row >= ITEMS + count - 5 else f"ACT {row % ACTS}" for row in rows]
    return pl.DataFrame(
        {
            "work_id": [f"other{row:07}" for row in rows],
            "artist": names,
            "artist_name": [name.title() for name in names],
            "title": [f"Other song {row}" for row in rows],
            "version_count": [1] * count,
            "cluster": [row % 2 for row in rows],
            "cluster_name": [("fast, bright", "slow, calm")[row % 2] for row in rows],
            "age_days": [3.0] * count,
            "rise_chance": [0.1] * count,
        },
        works_told().schema,
    )


def wide_parts(count: int = MORE, **changed) -> BundleParts:
    """The small bundle, and beside it works that nobody learnt: even and odd as the others."""
    more = more_works(count)
    works = pl.concat([works_told(), more])
    repeats = np.resize(sound_vectors(), (count, 3))
    near = repeats + np.random.default_rng(7).normal(0, 0.05, repeats.shape)
    told = np.concatenate([np.full(ITEMS, np.nan), np.arange(count, dtype=float)])
    given = {
        "works": works,
        "names": works.select(pl.col("work_id").alias("track_id"), *works.columns[:4]),
        "vectors": np.vstack([sound_vectors(), near]).astype(np.float32),
        "told_popularity": told,
    }
    return bundle_parts(**{**given, **changed})


def wide_bundle(home: Path, count: int = MORE) -> Bundle:
    write_bundle(home, wide_parts(count))
    return open_bundle(home)


def items_of(answer) -> list[int]:
    return [row.work.item for row in answer.rows]


def test_who_goes_on_from_a_work_that_nobody_learnt_gets_what_is_like_it(tmp_path):
    bundle = wide_bundle(tmp_path)
    for seed in (ITEMS + 2, ITEMS + 3):
        answer = recommend(bundle, ListeningWish(seeds=[seed]))
        shown = items_of(answer)
        assert answer.basis == "seeds" and len(shown) == 10
        assert np.mean([item % 2 == seed % 2 for item in shown]) > 0.7
        assert any(item >= ITEMS for item in shown)
        assert any(item < ITEMS for item in shown)
        assert seed not in shown
        assert {row.reason.because for row in answer.rows} <= {seed, None}


def test_plays_of_works_that_nobody_learnt_count_and_are_not_shown(tmp_path):
    bundle = wide_bundle(tmp_path)
    known = bundle.heard(LISTENER_IDS[0])
    others = np.arange(ITEMS + 1, ITEMS + 41, 2, dtype=np.int32)
    played = Heard(
        np.concatenate([known.items, others]),
        np.concatenate([known.counts, np.full(len(others), 9.0)]),
        np.concatenate([known.times, np.full(len(others), known.times.max() + 5)]),
    )
    before = items_of(recommend(bundle, ListeningWish(heard=known)))
    after = items_of(recommend(bundle, ListeningWish(heard=played)))
    assert not {*after} & {*others.tolist()}
    # They have listened to even works, and lately to odd ones.
    assert np.mean([item % 2 for item in after]) > np.mean([item % 2 for item in before])


def test_what_was_learnt_is_scored_as_without_the_others(tmp_path):
    wide = wide_bundle(tmp_path / "wide")
    write_bundle(tmp_path / "narrow", bundle_parts())
    narrow = open_bundle(tmp_path / "narrow")
    popular = narrow.item_listeners.astype(float)
    for listener in LISTENER_IDS[::9]:
        heard = narrow.heard(listener)
        alone, beside = (served_candidates(one, heard, popular) for one in (narrow, wide))
        learnt = beside.told.items < ITEMS
        assert beside.told.items[learnt].tolist() == alone.told.items.tolist()
        for name, scores in alone.told.scores.items():
            assert beside.told.scores[name][learnt] == pytest.approx(scores, abs=1e-6), name
        others = beside.told.items[~learnt]
        assert len(others) and not {*others.tolist()} & {*heard.items.tolist()}
        # Parts of plays say of them what they say of what nobody has; content says how near.
        assert not beside.told.scores["items"][~learnt].any()
        assert np.ptp(beside.told.scores["content"][~learnt]) > 0
        acts = np.bincount(wide.acts[heard.items], minlength=len(wide.act_names))
        expected = (acts / len(heard))[wide.acts[others]]
        assert beside.told.scores["same_act"][~learnt] == pytest.approx(expected)


def test_an_act_none_of_whose_works_was_learnt_can_be_chosen(tmp_path):
    bundle = wide_bundle(tmp_path)
    answer = recommend(bundle, ListeningWish(acts=[NEW_ACT]))
    assert answer.basis == "choices" and len(answer.rows) == 10
    # Of the act the most popular by what tables tell are taken as played.
    assert {work.artist for work in answer.seeds} == {NEW_ACT}
    assert recommend(bundle, ListeningWish(acts=["nobody"])).basis == "popular"
    assert all(work.item < ITEMS for work in onboarding(bundle))


def test_an_index_finds_what_looking_at_all_finds(tmp_path, monkeypatch):
    count = 3_000
    exact = wide_bundle(tmp_path / "exact", count)
    monkeypatch.setattr(bundle_write, "EXACT_SERVED_WORKS", 100)
    index = wide_bundle(tmp_path / "index", count)
    assert exact.near_index is None and index.near_index is not None
    found = []
    for item in range(0, ITEMS + count, 61):
        direction = exact.units(np.array([item]))[0]
        all_looked_at = nearest_works(exact, direction, 50, ITEMS)
        by_index = nearest_works(index, direction, 50, ITEMS)
        assert all_looked_at[0][0] >= by_index[0][0] - 0.02
        assert (by_index[1] >= ITEMS).all()
        found.append(len({*all_looked_at[1].tolist()} & {*by_index[1].tolist()}) / 50)
    assert np.mean(found) > 0.85
    answer = recommend(index, ListeningWish(seeds=[ITEMS + 8]))
    assert len(answer.rows) == 10 and any(item >= ITEMS for item in items_of(answer))


def test_tracks_are_found_by_their_ids_also_where_keys_fall_together(tmp_path, monkeypatch):
    works = pl.concat([works_told(), more_works()])
    versions = works.select(
        pl.concat_str(pl.lit("v"), "work_id").alias("track_id"), *works.columns[:4]
    )
    names = pl.concat([works.select(pl.col("work_id").alias("track_id"), *works.columns[:4])])
    alike = lambda ids: np.full(len([*ids]), 7, np.uint64)  # noqa: E731
    for made in (bundle_lookups.keys_of, alike):
        monkeypatch.setattr(bundle_lookups, "keys_of", made)
        monkeypatch.setattr("kpop_assets.recommend.bundle.served_bundle.keys_of", made)
        home = tmp_path / made.__name__.strip("<>")
        write_bundle(home, wide_parts(names=pl.concat([names, versions])))
        bundle = open_bundle(home)
        sought = ["work07", "vwork07", "nothing", "other0000055", ""]
        assert bundle.items_of(sought).tolist() == [7, 7, -1, 55, -1]
    played = pl.DataFrame(
        {"track_id": ["vwork07", "work07", "gone"], "play_count": [2, 3, 9]}
    ).with_columns(last_played_at=pl.lit(0).cast(pl.Datetime("us")))
    heard = heard_tracks(bundle, played)
    assert heard.items.tolist() == [7] and heard.counts.tolist() == [5]


def test_a_bundle_of_the_first_format_answers_as_one_of_today(tmp_path):
    name = write_bundle(tmp_path, bundle_parts())
    today = open_bundle(tmp_path)
    folder = serving_folder(tmp_path) / name
    manifest = json.loads((folder / "manifest.json").read_text())
    kept = ("works", "names", "listener_ids", "history", "vectors", "part.", "trees")
    manifest["files"] = {n: f for n, f in manifest["files"].items() if n.startswith(kept)}
    long = bundle_files.put_file(folder, "vectors", sound_vectors() * 3)
    manifest["files"]["vectors"] = vars(long)
    manifest["format_version"] = 1
    del manifest["counts"]["learnt_works"]
    (folder / "manifest.json").write_text(json.dumps(manifest))
    before = open_bundle(tmp_path)
    assert before.manifest.format_version == 1
    for wish in (ListeningWish(seeds=[3]), ListeningWish(acts=["ACT 2"]), ListeningWish()):
        assert recommend(before, wish).rows == recommend(today, wish).rows
    heard = before.heard(LISTENER_IDS[4])
    told, expected = (recommend(one, ListeningWish(heard=heard)) for one in (before, today))
    assert items_of(told) == items_of(expected)


def test_files_are_hashed_once_and_again_when_they_were_written_to(tmp_path, monkeypatch):
    name = write_bundle(tmp_path, wide_parts())
    folder = serving_folder(tmp_path) / name
    open_bundle(tmp_path)
    real, hashed = hashlib.file_digest, []

    def counted(file, algorithm):
        hashed.append(Path(file.name).name)
        return real(file, algorithm)

    monkeypatch.setattr(bundle_files.hashlib, "file_digest", counted)
    open_bundle(tmp_path)
    assert hashed == []
    (vectors,) = folder.glob("vectors-*")
    vectors.write_bytes(vectors.read_bytes())
    open_bundle(tmp_path)
    assert hashed == [vectors.name]
    # Elsewhere nobody has looked through them.
    shutil.copytree(tmp_path, tmp_path.with_name("copied"))
    hashed.clear()
    open_bundle(tmp_path.with_name("copied"))
    assert vectors.name in hashed


def test_what_decays_unwritten_is_found_by_the_checkup(tmp_path, monkeypatch):
    monkeypatch.setenv("KPOP_HOME", str(tmp_path))
    name = write_bundle(tmp_path, wide_parts())
    open_bundle(tmp_path)
    (vectors,) = (serving_folder(tmp_path) / name).glob("vectors-*")
    times = (vectors.stat().st_atime_ns, vectors.stat().st_mtime_ns)
    whole = bytearray(vectors.read_bytes())
    whole[-5] ^= 1
    with vectors.open("r+b") as file:
        file.write(whole)
    os.utime(vectors, ns=times)
    open_bundle(tmp_path)
    assert check_bundle(load_settings()).state == "problem"
    os.utime(vectors)
    with pytest.raises(BundleError, match="not what was written"):
        open_bundle(tmp_path)


def test_no_process_holds_an_object_for_each_of_many_works(tmp_path):
    count = 40_000
    write_bundle(tmp_path, wide_parts(count))
    open_bundle(tmp_path)
    before = pa.total_allocated_bytes()
    tracemalloc.start()
    bundle = open_bundle(tmp_path)
    recommend(bundle, ListeningWish(heard=bundle.heard(LISTENER_IDS[3]), hour=9))
    recommend(bundle, ListeningWish(seeds=[ITEMS + 77], language="ko"))
    held, _ = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    # Eight bytes a work would be 320,000.
    assert held < 250_000
    # Tables stay mapped: neither was copied, nor is anything held by Arrow.
    assert not {"works", "names"} & {*vars(bundle)}
    assert pa.total_allocated_bytes() - before < 250_000
