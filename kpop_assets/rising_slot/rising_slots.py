"""The slot as a process that answers holds it: what is known, read anew when it changes.

Belongs here: noticing that another process has learnt. Does not belong here: the file
(rising_state.py), or a draw (rising_choice.py).
"""

from __future__ import annotations

import logging
import time
from collections.abc import Sequence
from pathlib import Path

from kpop_assets.rising_slot.rising_choice import ChosenAct, choose_act
from kpop_assets.rising_slot.rising_context import RisingContext
from kpop_assets.rising_slot.rising_state import (
    RisingSlotError,
    RisingState,
    read_state,
    state_path,
)

# It is learnt once an hour; a look costs a few microseconds.
LOOK_SECONDS = 10.0
_log = logging.getLogger(__name__)


class RisingSlots:
    """Chooses by what is known; a file that cannot be used is told once and leaves what was known.

    Threads may share it: what is known is replaced whole.

    Args:
        home: the data folder.
        look_seconds: how often the file is looked at.
    """

    def __init__(self, home: Path, look_seconds: float = LOOK_SECONDS) -> None:
        self._home = home
        self._look_seconds = look_seconds
        self._state = RisingState()
        self._seen: tuple[int, ...] | None = None
        self._next_look = 0.0

    def choose(
        self, policy: str, acts: Sequence[str], context: RisingContext, seed: int
    ) -> ChosenAct | None:
        """Draw one act for the slot; see `choose_act`."""
        return choose_act(policy, self.state(), acts, context, seed)

    def state(self) -> RisingState:
        """What is known now."""
        if time.monotonic() >= self._next_look:
            self._next_look = time.monotonic() + self._look_seconds
            self._look()
        return self._state

    def _look(self) -> None:
        try:
            found = state_path(self._home).stat()
        except OSError:
            return
        seen = (found.st_ino, found.st_mtime_ns, found.st_size)
        if seen == self._seen:
            return
        self._seen = seen
        try:
            state = read_state(self._home)
            # Here, and not in the first answer.
            _ = state.arms.inverses, state.arms.weights
            self._state = state
        except RisingSlotError as error:
            _log.warning("%s", error)
