"""An invented world that speaks of acts: what each service would truly say of a day.

Belongs here: what exists, and the true counts. Does not belong here: HTTP or the services' forms
(server.py). Knows nothing of the product's code.
"""

from __future__ import annotations

import datetime as dt
import zlib
from collections.abc import Sequence
from dataclasses import dataclass, field


@dataclass(frozen=True)
class FakeItem:
    """An item of Wikidata; the class Q215380 is a musical group."""

    id: str
    ko: str | None = None
    en: str | None = None
    about: str = "South Korean girl group"
    instance_of: str = "Q215380"
    article_ko: str | None = None
    article_en: str | None = None

    @property
    def names(self) -> list[str]:
        """Those it has."""
        return [name for name in (self.ko, self.en) if name]


@dataclass
class OutsideWorld:
    """Items, and counts that change from day to day.

    Attributes:
        items: what Wikidata and the Knowledge Graph have.
        quiet: phrases and titles of which nobody speaks.
        late_days: so many of the last days Wikipedia and GDELT do not have yet.
    """

    items: Sequence[FakeItem] = ()
    quiet: set[str] = field(default_factory=set)
    late_days: int = 0

    def newest(self, today: dt.date) -> dt.date:
        """The last day that is counted."""
        return today - dt.timedelta(days=1 + self.late_days)

    def readers(self, language: str, title: str, day: dt.date) -> int:
        """Readers of an article on a day."""
        return 0 if title in self.quiet else 500 + _drawn(language, title, day, most=2_000)

    def articles(self, phrase: str, day: dt.date) -> int:
        """News of a day with a phrase."""
        return 0 if phrase in self.quiet else 10 + _drawn("news", phrase, day, most=90)

    def posts(self, phrase: str, day: dt.date) -> int:
        """Posts of a day with a phrase."""
        return 0 if phrase in self.quiet else 1 + _drawn("posts", phrase, day, most=12)

    def named(self, word: str) -> list[FakeItem]:
        """Items with a name that begins so."""
        wanted = word.casefold()
        return [i for i in self.items if any(n.casefold().startswith(wanted) for n in i.names)]


def _drawn(*what: object, most: int) -> int:
    return zlib.crc32("|".join(map(str, what)).encode()) % most


def group(number: int, name: str, korean: str) -> FakeItem:
    """An act with both articles."""
    return FakeItem(f"Q{number}", korean, name, article_ko=korean, article_en=f"{name} (group)")
