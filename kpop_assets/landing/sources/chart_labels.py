"""Artist and title in the one text of a chart's row.

Belongs here: where the artist ends. Does not belong here: who the artist is (catalog/).
"""

from __future__ import annotations

import re
from functools import cached_property
from pathlib import Path

from kpop_assets.catalog.catalog import load_catalog
from kpop_assets.catalog.names import normalise

# Between blanks, of whichever kind: a hyphen without them belongs to a name.
_SEPARATOR = re.compile(r"\s+[-‐‑‒–—―]\s+")


class ChartLabels:
    """Takes labels apart.

    Args:
        overlay: A home's own lines about acts, whose names may hold a separator too.
    """

    def __init__(self, overlay: Path | None = None) -> None:
        self._overlay = overlay

    def split(self, label: str) -> tuple[str | None, str]:
        """Artist and title of a label; no artist where nothing separates them.

        The first separator counts, or the last one before which an act of the catalogue stands: a
        sub-unit's name may hold a separator.
        """
        found = list(_SEPARATOR.finditer(label))
        if not found:
            return None, label
        ends = [one for one in found if normalise(label[: one.start()]) in self._credits]
        end = ends[-1] if ends else found[0]
        return label[: end.start()].strip() or None, label[end.end() :]

    @cached_property
    def _credits(self) -> frozenset[str]:
        """How acts are credited whose names hold a separator, and others of the catalogue."""
        acts = load_catalog(overlay=self._overlay)
        return frozenset(normalise(name) for act in acts for name in (act.artist, *act.aliases))
