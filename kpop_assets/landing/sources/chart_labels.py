"""Artist and title in the one text of a chart's row.

Belongs here: where the artist ends. Does not belong here: who the artist is (catalog/).
"""

from __future__ import annotations

import re

from kpop_assets.catalog.catalog import Catalog
from kpop_assets.catalog.names import normalise

# Between blanks, of whichever kind: a hyphen without them belongs to a name.
_SEPARATOR = re.compile(r"\s+[-‐‑‒–—―]\s+")


def split_label(label: str, credits: frozenset[str]) -> tuple[str | None, str]:
    """Artist and title of a label; no artist where nothing separates them.

    The first separator counts, or the last one before which an act of the catalogue stands: a
    sub-unit's name may hold a separator.

    Args:
        label: what the row says.
        credits: from `credits_of`.
    """
    found = list(_SEPARATOR.finditer(label))
    if not found:
        return None, label
    ends = [one for one in found if normalise(label[: one.start()]) in credits]
    end = ends[-1] if ends else found[0]
    return label[: end.start()].strip() or None, label[end.end() :]


def credits_of(catalog: Catalog) -> frozenset[str]:
    """How acts are credited whose names hold a separator, and others of the catalogue."""
    return frozenset(normalise(name) for act in catalog for name in (act.artist, *act.aliases))
