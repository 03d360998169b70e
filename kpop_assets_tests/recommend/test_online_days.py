"""Days since the training come from the lake once, and count as the lake's own history does."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import numpy as np
import pytest

from kpop_assets.contracts.recommend_listening import LISTENER_TRACKS
from kpop_assets.lake.errors import MissingTableError
from kpop_assets.lake.reader import LakeReader
from kpop_assets.recommend.bundle_read import open_bundle
from kpop_assets.recommend.bundle_write import write_bundle
from kpop_assets.recommend.heard_since import heard_until_now
from kpop_assets.recommend.online_days import ListenedDays, heard_by_days
from kpop_assets.recommend.online_plays import OnlinePlay, heard_with, online_file
from kpop_assets.recommend.served_parts import Heard
from kpop_assets_tests.cli.test_hear import played
from kpop_assets_tests.recommend.bundles import DAY, LISTENER_IDS, bundle_parts
from kpop_assets_tests.scouting.kit import write_table

KIM, LEE = str(LISTENER_IDS[0]), "u" + "f" * 32
NEXT, THEN = (DAY + dt.timedelta(days=days) for days in (1, 3))
LATER = 2_000_000_000_000


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """The bundle's listeners, with two days after it: of `KIM` what the bundle learnt too."""
    write_bundle(tmp_path, bundle_parts())
    heard = open_bundle(tmp_path).heard(KIM)
    known = zip(heard.items.tolist(), heard.counts.tolist(), strict=True)
    rows = [
        *(played(KIM, f"work{item:02}", DAY, int(count)) for item, count in known),
        played(KIM, "work01", NEXT, 3),
        played(KIM, "work01", THEN, 2),
        played(KIM, f"work{heard.items[0]:02}", THEN),
        played(LEE, "work05", NEXT),
        played(LEE, "of no work", NEXT),
        played(LEE, "work07", NEXT, 0),
    ]
    write_table(tmp_path / "lake", LISTENER_TRACKS, rows)
    return tmp_path


def test_they_are_what_the_lake_says_of_a_listener(home: Path):
    bundle, reader = open_bundle(home), LakeReader(home / "lake")
    days = ListenedDays(online_file(home))
    assert (days.until(), days.tracks(KIM)) == (None, [])
    assert days.take(bundle, reader, home)
    assert days.until() == THEN
    for listener in (KIM, LEE, "nobody"):
        told = heard_by_days(bundle, bundle.heard(listener), days.tracks(listener))
        expected = heard_until_now(bundle, reader, listener)
        if not len(expected):
            assert told is None
            continue
        assert told.items.tolist() == expected.items.tolist()
        assert told.counts.tolist() == expected.counts.tolist()
        since = np.isin(told.items, [1, 5])
        assert told.times[since].tolist() == expected.times[since].tolist()


def test_they_are_read_once_by_whoever_comes_first_and_again_when_the_table_changed(home: Path):
    bundle, reader = open_bundle(home), LakeReader(home / "lake")
    one, other = (ListenedDays(online_file(home)) for _ in range(2))
    assert one.take(bundle, reader, home)
    assert not other.take(bundle, reader, home)
    assert other.tracks(KIM) == one.tracks(KIM) != []
    write_table(home / "lake", LISTENER_TRACKS, [played(LEE, "work09", THEN, 4)])
    assert other.take(bundle, reader, home)
    assert one.tracks(KIM) == []
    assert [track for track, _, _ in one.tracks(LEE)] == ["work09"]
    with pytest.raises(MissingTableError):
        one.take(bundle, LakeReader(home / "none"), home)


def test_a_play_that_a_day_has_already_counts_once(home: Path):
    bundle, days = open_bundle(home), ListenedDays(online_file(home))
    days.take(bundle, LakeReader(home / "lake"), home)
    told = heard_by_days(bundle, bundle.heard(KIM), days.tracks(KIM))
    at = int(told.times[told.items == 1][0])
    known = OnlinePlay("work01", (at - 9 * 3_600) * 1000)
    new = OnlinePlay("work11", known.played_at)
    heard = heard_with(bundle, told, days.until(), [known, new], LATER)
    counts = dict(zip(heard.items.tolist(), heard.counts.tolist(), strict=True))
    assert (counts[1], counts[11]) == (5, 1)


def test_days_that_a_later_bundle_has_learnt_are_not_counted_twice(home: Path):
    bundle, days = open_bundle(home), ListenedDays(online_file(home))
    days.take(bundle, LakeReader(home / "lake"), home)
    write_bundle(home, bundle_parts(training_day=THEN))
    later = open_bundle(home)
    known = later.heard(KIM)
    told = heard_by_days(later, known, days.tracks(KIM))
    assert isinstance(told, Heard) and told.counts.tolist() == known.counts.tolist()


def test_who_is_forgotten_leaves_no_byte_in_the_file(home: Path):
    days = ListenedDays(online_file(home))
    days.take(open_bundle(home), LakeReader(home / "lake"), home)
    days.forget(LEE)
    assert days.tracks(LEE) == [] and days.tracks(KIM) != []
    for path in online_file(home).parent.glob("online.db*"):
        assert LEE.encode() not in path.read_bytes(), path.name
