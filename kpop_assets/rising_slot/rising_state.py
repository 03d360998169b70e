"""What is known of rising acts: how often each was shown in each context, and what came of it.

Belongs here: the counts, their file, and the regressions that follow from them. Does not belong
here: how counts are made of a log (the log), or which act is shown (rising_choice.py).

The file has counts alone, as JSON: who reads it runs no code of it, and names no listener.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl

from kpop_assets.errors import KpopError
from kpop_assets.lake.foreign import disk_error
from kpop_assets.ml.linear_arms import Floats64, LinearArms, Places
from kpop_assets.recommend.bundle.bundle_write import replace_durably
from kpop_assets.rising_slot.rising_context import CONTEXT_COLUMNS, RisingContext

STATE_FORMAT = 1
# Of an act in a context: for how many shows it stands (one whose reward is not all due counts in
# part), and how many rewards came.
CELL_SCHEMA = pl.Schema(
    {
        "act": pl.String(),
        **{name: pl.String() for name in CONTEXT_COLUMNS},
        "shown": pl.Float64(),
        "rewarded": pl.Float64(),
    }
)
WAY_OUT = "`kpop update rising-slot` makes it anew"


class RisingSlotError(KpopError):
    """What is known of rising acts cannot be read or written."""


def _no_cells() -> pl.DataFrame:
    return pl.DataFrame(schema=CELL_SCHEMA)


@dataclass(frozen=True, eq=False)
class RisingState:
    """What is known of acts.

    Attributes:
        learnt_until: the moment up to which the log was read, ISO 8601; empty before the first.
        cells: a row an act and context (`CELL_SCHEMA`).
    """

    learnt_until: str = ""
    cells: pl.DataFrame = field(default_factory=_no_cells)

    @cached_property
    def acts(self) -> dict[str, int]:
        """Place of each act that was shown."""
        return {act: place for place, act in enumerate(sorted(set(self.cells["act"])))}

    @cached_property
    def words(self) -> dict[str, int]:
        """Place of each word of a context among the features; the first feature is always 1."""
        found = {word for context in self._contexts for word in context.words}
        return {word: place for place, word in enumerate(sorted(found), start=1)}

    @cached_property
    def arms(self) -> LinearArms:
        """A regression for each act; the last is of acts that were never shown."""
        untaught = LinearArms.untaught(len(self.acts) + 1, len(self.words) + 1)
        if self.cells.is_empty():
            return untaught
        shown = self.cells["shown"].to_numpy()
        rewarded = self.cells["rewarded"].to_numpy()
        contexts = np.array([self.features(context) for context in self._contexts])
        return untaught.learnt(self.places([*self.cells["act"]]), contexts, rewarded, shown)

    @property
    def shown_count(self) -> float:
        """How many shows all of it rests on."""
        return float(self.cells["shown"].sum())

    def features(self, context: RisingContext) -> Floats64:
        """A context as the regressions take it; a word that was never seen says nothing."""
        found = np.zeros(len(self.words) + 1)
        found[[0, *(self.words[word] for word in context.words if word in self.words)]] = 1.0
        return found

    def places(self, acts: list[str]) -> Places:
        """Places of acts among the arms."""
        return np.array([self.acts.get(act, len(self.acts)) for act in acts], dtype=np.intp)

    @cached_property
    def _contexts(self) -> list[RisingContext]:
        return [RisingContext(*words) for words in self.cells.select(CONTEXT_COLUMNS).iter_rows()]

    def text(self) -> str:
        """As its file has it: the same counts are the same text."""
        cells = self.cells.sort("act", *CONTEXT_COLUMNS)
        told = {name: cells[name].to_list() for name in CELL_SCHEMA}
        return json.dumps(
            {"format": STATE_FORMAT, "learnt_until": self.learnt_until, "cells": told},
            ensure_ascii=False,
        )

    @classmethod
    def from_text(cls, text: str) -> RisingState:
        """From its file's text.

        Raises:
            RisingSlotError: it is no such text.
        """
        try:
            told: Any = json.loads(text)
            if told["format"] != STATE_FORMAT:
                raise RisingSlotError("what is known of rising acts has another format", WAY_OUT)
            cells = pl.DataFrame({name: told["cells"][name] for name in CELL_SCHEMA}, CELL_SCHEMA)
            state = cls(str(told["learnt_until"]), cells)
        except (ValueError, KeyError, TypeError, pl.exceptions.PolarsError) as error:
            raise RisingSlotError("what is known of rising acts is damaged", WAY_OUT) from error
        if not _is_sound(cells):
            raise RisingSlotError("what is known of rising acts has impossible counts", WAY_OUT)
        return state


def _is_sound(cells: pl.DataFrame) -> bool:
    counts = cells.select("shown", "rewarded")
    return not cells.null_count().sum_horizontal().sum() and bool(
        counts.select(pl.all().is_finite().all() & (pl.all() >= 0).all()).to_numpy().all()
    )


def rising_folder(home: Path) -> Path:
    """Where a data folder keeps it."""
    return home / "serving" / "rising_slot"


def state_path(home: Path) -> Path:
    """Its file."""
    return rising_folder(home) / "state.json"


def read_state(home: Path) -> RisingState:
    """What is known; nothing where nothing was ever learnt.

    Raises:
        RisingSlotError: the file cannot be used.
    """
    path = state_path(home)
    try:
        return RisingState.from_text(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        return RisingState()
    except UnicodeDecodeError as error:
        raise RisingSlotError(f"{path} is damaged", WAY_OUT) from error
    except OSError as error:
        raise RisingSlotError(f"{path} cannot be read: {error.strerror}", WAY_OUT) from error


def write_state(home: Path, state: RisingState) -> bool:
    """Put it in its place in one step; False where the same stands there.

    Raises:
        RisingSlotError: the disk is full or cannot be written.
    """
    path, data = state_path(home), state.text().encode()
    try:
        if path.exists() and path.read_bytes() == data:
            return False
        path.parent.mkdir(parents=True, exist_ok=True)
        replace_durably(path, data)
    except OSError as error:
        known = disk_error(error, home)
        raise known or RisingSlotError(f"{path} cannot be written: {error.strerror}") from error
    return True
