"""Words of the videos of a day, each word once a video.

Belongs here: which observation's texts count, and the rows. Does not belong here: what a word is
(word_reader.py), or counting them (word_counts.py).
"""

from __future__ import annotations

import json
from collections.abc import Sequence

import polars as pl

from kpop_assets.catalog.catalog import OTHER, Catalog
from kpop_assets.contracts.lens_words import VIDEO_WORDS
from kpop_assets.lake.rows import empty
from kpop_assets.lens.boilerplate import LINE_COLUMNS, own_texts
from kpop_assets.lens.word_reader import VideoTexts, Word, WordReader

TEXT_COLUMNS = (
    *("video_id", "observed_at", "artist", "artists", "artist_evidence", "author_id"),
    *("text", "description", "tags"),
)
GAIN_COLUMNS = ("video_id", "views_gained")
# Texts of days before that are not read anew: some 50 MB.
_TEXTS_KEPT = 50_000
_TEXTS_AT_ONCE = 5_000


class WordFinder:
    """Finds the words of one day after the other; what days before had is not read anew.

    Args:
        catalog: the acts.
    """

    def __init__(self, catalog: Catalog) -> None:
        self._reader = WordReader(catalog)
        self._known: dict[VideoTexts, tuple[Word, ...]] = {}

    def find_day(
        self, events: pl.DataFrame, videos: pl.DataFrame, earlier: Sequence[pl.DataFrame] = ()
    ) -> pl.DataFrame:
        """The rows of `lens/video_words` of one day, but the day.

        Args:
            events: `bronze/events` of the day, with `TEXT_COLUMNS`.
            videos: `silver/video_daily` of the day, with `GAIN_COLUMNS`.
            earlier: `boilerplate.said_lines` of each of the days before.
        """
        last = (
            events.sort("observed_at", "video_id")
            .unique("video_id", keep="last", maintain_order=True)
            .join(videos, on="video_id")
            .sort("video_id")
        )
        own = own_texts(last.select(LINE_COLUMNS), earlier)
        words = self._words(_texts(last, own))
        rows = last.select("video_id", "artist", "author_id", "views_gained").with_columns(
            pl.Series("word", [[word for word, _ in of] for of in words], pl.List(pl.String)),
            pl.Series("kind", [[kind for _, kind in of] for of in words], pl.List(pl.String)),
        )
        columns = empty(VIDEO_WORDS).drop("ingest_date").columns
        return rows.explode("word", "kind").drop_nulls("word").select(columns)

    def _words(self, texts: list[VideoTexts]) -> list[tuple[Word, ...]]:
        if len(self._known) > _TEXTS_KEPT:
            self._known = {text: self._known[text] for text in texts if text in self._known}
        new = [text for text in dict.fromkeys(texts) if text not in self._known]
        for start in range(0, len(new), _TEXTS_AT_ONCE):
            some = new[start : start + _TEXTS_AT_ONCE]
            self._known.update(zip(some, self._reader.read(some), strict=True))
        return [self._known[text] for text in texts]


def _texts(last: pl.DataFrame, own: list[str]) -> list[VideoTexts]:
    columns = last.select("text", "tags", "artist", "artists", "artist_evidence").rows()
    return [
        VideoTexts(title, about, _listed(tags), _credited(artist, artists), evidence)
        for (title, tags, artist, artists, evidence), about in zip(columns, own, strict=True)
    ]


def _listed(tags: str | None) -> tuple[str, ...]:
    return tuple(map(str, json.loads(tags))) if tags else ()


def _credited(artist: str, artists: str | None) -> tuple[str, ...]:
    named = [act["artist"] for act in json.loads(artists)] if artists else []
    own = [] if artist == OTHER else [artist]
    return tuple(dict.fromkeys([*own, *named]))
