"""Whether two tables of one import that are of one source by their names are two all the same.

Belongs here: one id said of two subjects by two files. Does not belong here: which source a name
is of (review_sources.py), or what was landed by other imports, which this one edits.
"""

from __future__ import annotations

import sys
import unicodedata
from collections import Counter
from collections.abc import Iterable, Mapping
from pathlib import Path

from kpop_assets.landing.errors import LandingError
from kpop_assets.landing.sources.review_sources import source_of_name

# Tables that number their rows meet in their first ones: so many ids are remembered, not all.
_MOST_IDS = 200_000


class NameClashes:
    """Looks for ids of which two files say different subjects.

    Args:
        files: all of one import; only those are looked at whose source another has, too.
    """

    def __init__(self, files: Iterable[Path]) -> None:
        counts = Counter(map(source_of_name, files))
        self._shared = {name for name, count in counts.items() if count > 1}
        self._said: dict[tuple[str, str], tuple[Path, str]] = {}

    def check(self, file: Path, review: Mapping[str, object]) -> None:
        """Compare a row that named no source with what other files say of its id.

        Raises:
            LandingError: another file says it of another subject.
        """
        source, named = str(review["source"]), review.get("review_id")
        if source not in self._shared or named is None:
            return
        said = f"{review.get('subject_kind')} {review.get('subject')}"
        subject = unicodedata.normalize("NFC", said).casefold()
        known = self._said.get((source, str(named)))
        if known is None:
            if len(self._said) < _MOST_IDS:
                # Of one subject there are many rows.
                self._said[source, str(named)] = file, sys.intern(subject)
        elif known[0] != file and known[1] != subject:
            raise LandingError(
                f"{known[0]} and {file} are both of source {source} by their names, as rows "
                "name none, and say the same review_id of different subjects: the second would "
                "replace what the first says",
                "name them differently, or give each a column `source`; nothing was landed",
            )
