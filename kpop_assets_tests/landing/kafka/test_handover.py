"""Killed between any two steps, a batch is landed whole and once, or comes again as a whole."""

from __future__ import annotations

import datetime as dt
import threading
from collections.abc import Mapping
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kpop_assets.contracts.plays import PLAY_LINES
from kpop_assets.days import day_start_ms
from kpop_assets.landing.folders import list_days, list_landed
from kpop_assets.landing.kafka import handover as handover_module
from kpop_assets.landing.kafka.handover import Handover, Positions
from kpop_assets.landing.kafka.taker import Batch, Deliveries, Delivery, Taker

DAY = dt.date(2026, 3, 2)
NOON = day_start_ms(DAY) + 12 * 3_600_000
KIND = PLAY_LINES.kind


class Killed(BaseException):
    """What ends a process between two steps, for whoever plays it in one."""


class Steps:
    """Counts the steps that change the disk, and dies at one of them."""

    def __init__(self, last: int) -> None:
        self.left = last

    def step(self) -> None:
        """Do one, or die."""
        if self.left == 0:
            raise Killed
        self.left -= 1


def landed_lines(root: Path) -> list[bytes]:
    return [
        line
        for day in list_days(root, KIND)
        for path in list_landed(root, day, KIND)
        for line in path.read_bytes().splitlines()
    ]


class Log:
    """A topic of two partitions whose messages are there, and whose group forgets everything."""

    name = "plays"

    def __init__(self, messages: list[Delivery]) -> None:
        self._messages = messages

    def begin(self, next_offsets: Mapping[int, int]) -> Log:
        """Give what is left behind these offsets."""
        self._left = [m for m in self._messages if m.offset >= next_offsets.get(m.partition, 0)]
        return self

    @property
    def is_at_end(self) -> bool:
        """Whether nothing is left."""
        return not self._left

    def read(self, most: int, seconds: float) -> list[Delivery]:
        """What comes next."""
        found, self._left = self._left[:most], self._left[most:]
        return found

    def commit(self, next_offsets: Mapping[int, int]) -> bool:
        """Listen to nobody."""
        return False


def messages(count: int) -> list[Delivery]:
    return [
        Delivery(
            n % 2,
            n // 2,
            NOON + n,
            b'{"user_id": "u%d", "track_id": "t", "played_at": %d}'
            % (n, NOON + (n % 3) * 86_400_000),
        )
        for n in range(count)
    ]


def take(root: Path, log: Log, batch_lines: int) -> list[Batch]:
    batches: list[Batch] = []
    taker = Taker(PLAY_LINES, root, batch_lines)
    topic: Deliveries = log.begin(taker.positions.next_offsets)
    taker.run(topic, None, threading.Event(), batches.append)
    return batches


@settings(max_examples=60, deadline=None)
@given(
    deaths=st.lists(st.integers(0, 12), max_size=6),
    batch_lines=st.integers(1, 9),
    count=st.integers(0, 24),
)
def test_whatever_the_kills_every_message_is_landed_once(
    tmp_path_factory: pytest.TempPathFactory, deaths: list[int], batch_lines: int, count: int
):
    root = tmp_path_factory.mktemp("home") / "landing"
    log = Log(messages(count))
    for last in deaths:
        with pytest.MonkeyPatch.context() as patch:
            die_after(patch, last)
            try:
                take(root, log, batch_lines)
            except Killed:
                continue
    take(root, log, batch_lines)
    found = sorted(line.split(b'"delivery": ')[1] for line in landed_lines(root))
    assert found == sorted(b'"plays/%d/%d"}' % (m.partition, m.offset) for m in messages(count))
    assert not list((root / KIND / ".take").glob("*.part"))


def die_after(patch: pytest.MonkeyPatch, last: int) -> None:
    """Let a process die before its step `last` of those that change the disk."""
    steps = Steps(last)
    for name in ("place_file", "sync_path"):
        real = getattr(handover_module, name)
        patch.setattr(handover_module, name, lambda *a, real=real: (steps.step(), real(*a)))
    replace = Path.replace

    def replaced(path: Path, target: Path) -> Path:
        steps.step()
        return replace(path, target)

    patch.setattr(Path, "replace", replaced)


def test_positions_are_those_of_the_last_batch_that_was_written_down(tmp_path: Path):
    root = tmp_path / "landing"
    first = Handover(root, KIND)
    assert first.recover() == Positions()
    done = Positions("plays", {0: 5, 1: 7}, 1)
    (path,) = first.land({DAY: [b"a\n", b"b\n"]}, NOON, done)
    assert path.read_bytes() == b"a\nb\n"
    assert path.name.startswith(f"plays_{NOON}_")
    assert Handover(root, KIND).recover() == done


def test_a_message_without_text_is_counted_and_one_that_is_no_json_says_so(tmp_path: Path):
    root = tmp_path / "home" / "landing"
    odd = [Delivery(0, 0, NOON, None), Delivery(0, 1, NOON, b"kim played\nsomething")]
    (batch,) = take(root, Log(odd), 10)
    assert (batch.line_count, batch.empty_count) == (1, 1)
    assert list_days(root, KIND) == [DAY]
    assert landed_lines(root) == [b"withheld: no JSON object, 20 bytes, plays/0/1"]
    assert take(root, Log(odd), 10) == []
