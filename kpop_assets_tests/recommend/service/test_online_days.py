"""Days since the training come from the lake once, and count as the lake's own history does."""

from __future__ import annotations

import datetime as dt
import errno
import json
import threading
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from kpop_assets.contracts.recommend_listening import LISTENER_TRACKS
from kpop_assets.lake.errors import MissingTableError
from kpop_assets.lake.lock import locked
from kpop_assets.lake.reader import LakeReader
from kpop_assets.recommend.bundle.bundle_read import open_bundle
from kpop_assets.recommend.bundle.bundle_write import write_bundle
from kpop_assets.recommend.bundle.served_parts import Heard
from kpop_assets.recommend.service import online_days
from kpop_assets.recommend.service.heard_since import heard_until_now
from kpop_assets.recommend.service.online_days import ListenedDays, days_file, heard_by_days
from kpop_assets.recommend.service.online_plays import (
    OnlinePlay,
    SqlitePlays,
    heard_with,
    online_file,
)
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
    days = ListenedDays(home)
    assert (days.until(), days.tracks(KIM)) == (None, [])
    assert days.take(bundle, reader)
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
    one, other = (ListenedDays(home) for _ in range(2))
    assert one.take(bundle, reader)
    assert not other.take(bundle, reader)
    assert other.tracks(KIM) == one.tracks(KIM) != []
    write_table(home / "lake", LISTENER_TRACKS, [played(LEE, "work09", THEN, 4)])
    assert other.take(bundle, reader)
    assert one.tracks(KIM) == []
    assert [track for track, _, _ in one.tracks(LEE)] == ["work09"]
    with pytest.raises(MissingTableError):
        one.take(bundle, LakeReader(home / "none"))


def test_a_play_that_a_day_has_already_counts_once(home: Path):
    bundle, days = open_bundle(home), ListenedDays(home)
    days.take(bundle, LakeReader(home / "lake"))
    told = heard_by_days(bundle, bundle.heard(KIM), days.tracks(KIM))
    at = int(told.times[told.items == 1][0])
    known = OnlinePlay("work01", (at - 9 * 3_600) * 1000)
    new = OnlinePlay("work11", known.played_at)
    heard = heard_with(bundle, told, days.until(), [known, new], LATER)
    counts = dict(zip(heard.items.tolist(), heard.counts.tolist(), strict=True))
    assert (counts[1], counts[11]) == (5, 1)


def test_days_that_a_later_bundle_has_learnt_are_not_counted_twice(home: Path):
    bundle, days = open_bundle(home), ListenedDays(home)
    days.take(bundle, LakeReader(home / "lake"))
    write_bundle(home, bundle_parts(training_day=THEN))
    later = open_bundle(home)
    known = later.heard(KIM)
    told = heard_by_days(later, known, days.tracks(KIM))
    assert isinstance(told, Heard) and told.counts.tolist() == known.counts.tolist()


def test_who_is_forgotten_leaves_no_byte_in_the_file(home: Path):
    days = ListenedDays(home)
    days.take(open_bundle(home), LakeReader(home / "lake"))
    days.forget(LEE)
    assert days.tracks(LEE) == [] and days.tracks(KIM) != []
    (path,) = (path for path in days_file(home).parent.iterdir() if path.is_file())
    assert LEE.encode() not in path.read_bytes() and KIM.encode() in path.read_bytes()
    assert days.until() == THEN


class AtFirst:
    """Does something as soon as the first listener is written."""

    def __init__(self, do: Callable[[], object]) -> None:
        self._left = [do]

    def dumps(self, told: object) -> str:
        """As `json` does."""
        while self._left:
            self._left.pop()()
        return json.dumps(told)

    loads = staticmethod(json.loads)


def test_who_plays_or_is_answered_does_not_wait_while_days_are_taken(
    home: Path, monkeypatch: pytest.MonkeyPatch
):
    bundle, reader, days = open_bundle(home), LakeReader(home / "lake"), ListenedDays(home)
    plays, seen = SqlitePlays(online_file(home)), []
    plays.add({KIM: [OnlinePlay("work03", 1)]})

    def meanwhile() -> None:
        begun = time.monotonic()
        seen.append(plays.add({LEE: [OnlinePlay("work04", 2)]}))
        seen.append(plays.forget(KIM))
        seen.append(days.tracks(LEE))
        seen.append(time.monotonic() - begun < 3)

    monkeypatch.setattr(online_days, "json", AtFirst(meanwhile))
    assert days.take(bundle, reader)
    assert seen == [1, True, [], True]
    assert days.tracks(LEE) != []


def test_days_that_could_not_be_written_leave_those_of_before(
    home: Path, monkeypatch: pytest.MonkeyPatch
):
    bundle, reader, days = open_bundle(home), LakeReader(home / "lake"), ListenedDays(home)
    days.take(bundle, reader)
    before = days.tracks(KIM)
    write_table(home / "lake", LISTENER_TRACKS, [played(LEE, "work09", THEN, 4)])

    def full() -> None:
        raise OSError(errno.ENOSPC, "no space left")

    with monkeypatch.context() as patch:
        patch.setattr(online_days, "json", AtFirst(full))
        with pytest.raises(OSError, match="no space left"):
            days.take(bundle, reader)
    assert days.tracks(KIM) == before
    assert [path.name for path in days_file(home).parent.glob(".*")] == []
    assert days.take(bundle, reader)
    assert days.tracks(KIM) == []


def test_who_forgets_waits_for_who_takes_and_removes_what_was_killed(home: Path):
    days = ListenedDays(home)
    days.take(open_bundle(home), LakeReader(home / "lake"))
    torn = days_file(home).with_name(f".{days_file(home).name}.part")
    torn.write_text(LEE)
    with locked(home / ".locks", "serving/online", 0):
        forgetting = threading.Thread(target=ListenedDays(home).forget, args=(LEE,))
        forgetting.start()
        forgetting.join(0.2)
        assert forgetting.is_alive()
    forgetting.join(10)
    assert days.tracks(LEE) == [] and not torn.exists()
    torn.write_text("nobody")
    days.forget("nobody")
    assert not torn.exists()
