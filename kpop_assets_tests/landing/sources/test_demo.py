"""The simulated source: the same bytes always, exact counts, a world worth forecasting."""

from __future__ import annotations

import datetime as dt
import hashlib
import html
import json
import subprocess
import sys
from collections import Counter
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kpop_assets.catalog.catalog import load_catalog
from kpop_assets.catalog.names import normalise
from kpop_assets.contracts.bronze import SIMULATED_SOURCE
from kpop_assets.days import seoul_day
from kpop_assets.landing.files import AlreadyLanded, LandedFile
from kpop_assets.landing.folders import list_landed
from kpop_assets.landing.sources import demo, demo_videos
from kpop_assets.landing.sources.demo import (
    DEMO_SEED,
    expected_artists,
    expected_counts,
    simulate_day,
    write_demo_day,
)
from kpop_assets.landing.sources.demo_acts import DEMO_ACTS, OTHER, title_table
from kpop_assets.landing.sources.demo_lines import break_line, video_ids

DAY = dt.date(2025, 11, 4)


def lines_of(day: dt.date, size: int, seed: int = DEMO_SEED) -> list[bytes]:
    blocks = simulate_day(day, size, seed)
    return [line for b in blocks for line in (b.main + b.late).splitlines(keepends=True)]


def usable(line: bytes) -> dict | None:
    """The record of a good line; a plain reading of the contract, None for a broken one."""
    try:
        r = json.loads(line)
    except ValueError:
        return None
    is_complete = isinstance(r.get("video_id"), str) and isinstance(r.get("text"), str)
    times = (r.get("ts"), r.get("observed_at"))
    are_possible = all(isinstance(t, int) and 1_104e9 < t < 4_102e9 for t in times)
    return r if is_complete and are_possible and isinstance(r["view_count"], int) else None


def test_it_says_that_it_is_simulated():
    assert demo.IS_SIMULATED
    assert "imulated" in (demo.__doc__ or "")
    assert (
        {r["source"] for line in lines_of(DAY, 300) if (r := usable(line))}
        == {SIMULATED_SOURCE}
        == {"demo"}
    )


def test_the_same_day_gives_the_same_bytes_in_another_process():
    code = """
import datetime as dt, hashlib
from kpop_assets.landing.sources.demo import simulate_day
for day in (dt.date(2025, 11, 3), dt.date(2025, 11, 4)):  # another day first
    data = b"".join(b.main + b.late for b in simulate_day(day, 1000))
print(hashlib.sha256(data).hexdigest())
"""
    here = hashlib.sha256(b"".join(b.main + b.late for b in simulate_day(DAY))).hexdigest()
    options = {"capture_output": True, "text": True, "check": True, "env": {"PYTHONHASHSEED": "7"}}
    done = subprocess.run([sys.executable, "-c", code], cwd=Path(__file__).parents[3], **options)
    assert done.stdout.strip() == here


def test_another_day_or_seed_gives_other_lines():
    assert len({b"".join(lines_of(*args)) for args in ((DAY, 50), (DAY, 51), (DAY, 50, 1))}) == 3


@settings(deadline=None, max_examples=25)
@given(
    size=st.one_of(st.integers(1, 300), st.integers(1, 5000)),
    day=st.dates(dt.date(2017, 1, 1), dt.date(2099, 12, 30)),
    seed=st.sampled_from([DEMO_SEED, 1]),
)
def test_counts_are_exact(size: int, day: dt.date, seed: int):
    counts = expected_counts(size)
    lines = lines_of(day, size, seed)
    good = [line for line in lines if usable(line)]
    keys = Counter((r["video_id"], r["observed_at"]) for r in map(usable, good) if r)
    assert len(lines) == counts.line_count == size
    assert len(lines) - len(good) == counts.broken_count
    assert len(keys) == len(set(good)) == counts.event_count
    assert len(good) - len(keys) == counts.duplicate_count
    assert {seoul_day(observed_at) for _, observed_at in keys} <= {day}


def test_counts_are_exact_over_batches(monkeypatch: pytest.MonkeyPatch):
    """The same quotas when a day takes many batches, and publishing days several parts."""
    monkeypatch.setattr(demo_videos, "CHUNK", 100)
    blocks = list(simulate_day(DAY, 8000))
    assert len(blocks) > 20
    lines = [line for b in blocks for line in (b.main + b.late).splitlines()]
    good = {line for line in lines if usable(line)}
    counts = expected_counts(8000)
    assert (len(lines), len(good)) == (8000, counts.event_count)
    assert sum(b.late.count(b"\n") for b in blocks) == counts.late_count == 24


def test_shares_of_a_large_day():
    counts = expected_counts(1_000_000)
    assert counts.duplicate_count == 10_000
    assert counts.broken_count == 2_000
    assert counts.late_count == 3_000


def test_the_true_artists_add_up_to_the_events():
    truth = expected_artists(DAY, 5000)
    assert sum(truth.values()) == expected_counts(5000).event_count
    assert 0.08 < truth["OTHER"] / 5000 < 0.12
    named: Counter[str] = Counter()
    for line in {line for line in lines_of(DAY, 5000) if usable(line)}:
        record = json.loads(line)
        words = f"{record['text']} {record['author_name']}"
        named[
            next((a.name for a in DEMO_ACTS if a.name in words or a.korean in words), "OTHER")
        ] += 1
    assert named == truth


def test_every_act_is_known_to_the_catalogue_by_unambiguous_names():
    catalog = load_catalog()
    for act in DEMO_ACTS:
        assert catalog[act.name].artist == act.name
        for name in (act.name, act.korean):
            found = catalog.find(name)
            assert found is not None and found.artist == act.name, name
            assert not found.is_ambiguous(name), name


def test_titles_about_nothing_hold_no_name_of_any_act():
    names = {normalise(n) for a in load_catalog() for n in a.names if not a.is_ambiguous(n)}
    titles = [f" {normalise(html.unescape(t % 'ep.7'))} " for t in title_table()[OTHER] if t]
    assert len(titles) == 12
    assert not [(name, t) for t in titles for name in names if name and f" {name} " in t]


def test_titles_are_varied_and_odd_on_purpose():
    texts = [r["text"] for line in lines_of(DAY, 3000) if (r := usable(line))]
    assert len(set(texts)) > 1000
    assert any("&#39;" in t for t in texts) and any("&amp;" in t for t in texts)
    assert any("🔥" in t for t in texts) and any('"' in t for t in texts)
    for particle in ("이", "가"):
        sung = [f"{act.korean}{particle} 부른" for act in DEMO_ACTS]
        assert any(phrase in t for phrase in sung for t in texts), particle


def test_files_of_a_day(tmp_path: Path):
    main, late = write_demo_day(tmp_path, DAY, 2000)
    assert isinstance(main, LandedFile) and isinstance(late, LandedFile)
    assert (main.line_count, late.line_count) == (1994, 6)
    assert seoul_day(main.epoch_ms) == DAY
    assert seoul_day(late.epoch_ms) == DAY + dt.timedelta(days=1)
    assert list_landed(tmp_path, DAY) == [main.path, late.path]
    again = write_demo_day(tmp_path, DAY, 2000)
    assert all(isinstance(result, AlreadyLanded) for result in again)


def test_a_small_day_has_no_late_file(tmp_path: Path):
    assert len(write_demo_day(tmp_path, DAY, 100)) == 1


@pytest.mark.parametrize(
    ("day", "size"),
    [(DAY, 0), (DAY, 20_000_001), (dt.date(2016, 12, 31), 1), (dt.date(2099, 12, 31), 1)],
)
def test_impossible_days_and_sizes_are_refused(day: dt.date, size: int):
    with pytest.raises(ValueError, match=r"must be|knows the days"):
        list(simulate_day(day, size))


@pytest.mark.parametrize("kind", range(9))
def test_every_way_to_break_a_line_breaks_it(kind: int):
    for line in lines_of(DAY, 200):
        if usable(line):
            broken = break_line(line, kind)
            assert usable(broken) is None
            assert broken.endswith(b"\n") and broken.count(b"\n") == 1


def test_video_ids_are_64_bits_in_11_characters():
    ids = video_ids(np.array([0, 1, 2**64 - 1], dtype=np.uint64))
    assert ids == ["AAAAAAAAAAA", "AAAAAAAAAAE", "__________8"]
    assert len({r["video_id"] for line in lines_of(DAY, 2000) if (r := usable(line))}) > 1000
