"""Batches on their way from a topic into the landing folder, each whole and once.

Belongs here: what stands on the disk when, so that a kill at any moment neither loses a message nor
lands one twice. Does not belong here: where messages come from (taker.py).

    landing/<kind>/.take/<n>-<day>.part   lines of a batch, a file a day, whole before the next step
    landing/<kind>/.take/positions.json   the moment that counts: replaced at once, it says how far
                                          each partition was taken and which files that brings
    landing/<kind>/<day>/<kind>_....json  the files, moved there; done again until it is done

Only then does the cluster hear of it. Killed before `positions.json` is replaced, the batch was
never taken and comes again; killed after it, the next start moves the files and goes on behind it,
whatever the cluster believes.
"""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from kpop_assets.landing.errors import landing_errors, refuse_link
from kpop_assets.landing.files import StagedFile, place_file, sync_path
from kpop_assets.landing.folders import day_folder, file_name, kind_folder

_FOLDER = ".take"
_POSITIONS = "positions.json"


@dataclass
class Positions:
    """How far a topic was taken.

    Attributes:
        topic: its name; empty before the first batch.
        next_offsets: of each partition, the offset of the first message not taken.
        batch_count: batches taken so far.
    """

    topic: str = ""
    next_offsets: dict[int, int] = field(default_factory=dict)
    batch_count: int = 0


class Handover:
    """The batches of one kind, in one landing folder; one process at a time.

    Args:
        root: the landing folder.
        kind: of the lines.
    """

    def __init__(self, root: Path, kind: str) -> None:
        self._root, self._kind = root, kind
        self._folder = kind_folder(root, kind) / _FOLDER
        self._path = self._folder / _POSITIONS

    def recover(self) -> Positions:
        """End what a kill interrupted, and say how far the topic was taken.

        Raises:
            LandingError: a file cannot be read or moved.
        """
        with landing_errors("create", self._folder):
            self._folder.mkdir(parents=True, exist_ok=True)
            refuse_link(self._folder, self._path)
        positions = self._finish()
        with landing_errors("clean up", self._folder):
            for left in self._folder.glob("*.part"):
                left.unlink()
        return positions

    def land(
        self,
        days: Mapping[dt.date, Sequence[bytes]],
        epoch_ms: int,
        positions: Positions,
    ) -> list[Path]:
        """Land the lines of a batch and note how far it came.

        Args:
            days: lines by ingest date.
            epoch_ms: when the first of them was delivered.
            positions: how far the topic is taken with this batch.

        Returns:
            The files that now stand in the landing folder.

        Raises:
            LandingError: something could not be written; the batch is as if it had never come, or
                the next `recover` ends it.
        """
        moves = []
        for day, lines in sorted(days.items()):
            staged = StagedFile(self._folder / f"{positions.batch_count}-{day}.part")
            staged.discard()
            for line in lines:
                staged.add(line)
            name = file_name(epoch_ms, staged.seal(), self._kind)
            moves.append([staged.path.name, day.isoformat(), name])
        self._write(positions, moves)
        self._finish()
        return [
            day_folder(self._root, dt.date.fromisoformat(d), self._kind) / n for _, d, n in moves
        ]

    def _write(self, positions: Positions, moves: list[list[str]]) -> None:
        said = {
            "topic": positions.topic,
            "batch_count": positions.batch_count,
            "next_offsets": positions.next_offsets,
            "moves": moves,
        }
        written = self._path.with_suffix(".new")
        with landing_errors("write", written):
            written.write_text(json.dumps(said))
            sync_path(written)
            sync_path(self._folder)
            written.replace(self._path)
            sync_path(self._folder)

    def _finish(self) -> Positions:
        """Move the files of the batch that was taken last, as far as they are still here."""
        with landing_errors("read", self._path):
            if not self._path.exists():
                return Positions()
            said = json.loads(self._path.read_text())
        for staged, day, name in said["moves"]:
            # Those that are gone were moved before.
            if (self._folder / staged).exists():
                target = day_folder(self._root, dt.date.fromisoformat(day), self._kind) / name
                place_file(self._folder / staged, target)
        offsets = {int(number): offset for number, offset in said["next_offsets"].items()}
        return Positions(said["topic"], offsets, said["batch_count"])
