"""Rows of `audience/aspects`: which texts of a day are new, and what is kept of the others.

Belongs here: each text judged once, rows by the contract. Does not belong here: how a text is
judged (text_aspects.py), or the lists (words/word_lists.py).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

import polars as pl

from kpop_assets.audience.aspects.clause_acts import ActsNamed
from kpop_assets.audience.aspects.clause_aspects import SentimentOf
from kpop_assets.audience.aspects.text_aspects import ClauseAspect, VoiceText, find_aspects
from kpop_assets.audience.sentiments.moods import MoodModels
from kpop_assets.audience.sentiments.sentiment_model import SentimentModel
from kpop_assets.audience.words.word_lists import list_of, word_files
from kpop_assets.catalog.catalog import Catalog
from kpop_assets.code_digest import digest_code
from kpop_assets.contracts.audience_aspects import ASPECTS
from kpop_assets.lake.rows import empty

ASPECT_VOICE_COLUMNS = (
    *("review_id", "subject_kind", "artist", "text", "text_hash", "lang", "voice_kind"),
)
_KEY = ("text_hash", "voice_artist", "words_version")
_OF_CLAUSE = ("clause", "clause_text", "aspect", "sentiment", "artist")
KNOWN_ASPECT_COLUMNS = (*_KEY, *_OF_CLAUSE)
# Clauses of so many texts are held at once: some 100 MB.
_AT_ONCE = 20_000
_LANGUAGES = ("ko", "en")


class ClauseModel(NamedTuple):
    """A trained model of one language, as clauses are judged by it."""

    sentiment_of: SentimentOf
    version: str


def clause_models(models: MoodModels) -> dict[str, ClauseModel]:
    """The models of sentiment that answer in a home, asked for clauses.

    Args:
        models: of moods, by language.
    """
    return {lang: _of_clauses(models.model(lang)) for lang in _LANGUAGES}


def _of_clauses(model: SentimentModel) -> ClauseModel:
    def sentiment_of(texts: Sequence[str]) -> list[float]:
        chances = model.moods(texts)
        return [float(good - bad) for bad, _, good in chances]

    return ClauseModel(sentiment_of, model.version)


class _Key(NamedTuple):
    """What the rows of a text depend on: `_KEY` in their order."""

    text_hash: str
    voice_artist: str
    words_version: str


class AspectReader:
    """Aspects of voices, day by day; a text whose rows are known is not judged again.

    Args:
        catalog: the acts.
        known: rows of the table, `KNOWN_ASPECT_COLUMNS`; those of other versions are left aside.
        models: trained models by language; none where nothing was trained.

    Attributes:
        worked_out_count: texts that were judged so far.
    """

    def __init__(
        self, catalog: Catalog, known: pl.DataFrame, models: Mapping[str, ClauseModel] | None = None
    ) -> None:
        self.worked_out_count = 0
        self._acts = ActsNamed(catalog)
        self._models = dict(models or {})
        rules = [*word_files(), *Path(__file__).parent.glob("*.py")]
        self._rules = f"{digest_code(rules)}-{catalog.version[:8]}"
        self._known = _by_key(known)

    def of_day(self, voices: pl.DataFrame) -> pl.DataFrame:
        """The rows of `audience/aspects` of a day, but the day.

        Args:
            voices: `audience/voices` of the day, with `ASPECT_VOICE_COLUMNS`.
        """
        is_read = (pl.col("voice_kind") == "text") & pl.col("lang").is_in(_LANGUAGES)
        rows = voices.filter(is_read).sort("review_id").to_dicts()
        keys = [self._key(row) for row in rows]
        for lang in _LANGUAGES:
            new = {
                key: VoiceText(row["text"], list_of(row["subject_kind"]), row["artist"])
                for key, row in zip(keys, rows, strict=True)
                if row["lang"] == lang and key not in self._known
            }
            self._judge(new, self._models.get(lang))
        found = [
            {"review_id": row["review_id"], **_named(key), **aspect}
            for row, key in zip(rows, keys, strict=True)
            for aspect in self._known[key]
        ]
        schema = empty(ASPECTS).drop("ingest_date").schema
        return pl.DataFrame(found, schema=schema)

    def _key(self, row: Mapping[str, str]) -> _Key:
        model = self._models.get(row["lang"])
        parts = (list_of(row["subject_kind"]), self._rules, *([model.version] if model else []))
        return _Key(row["text_hash"], row["artist"], "-".join(parts))

    def _judge(self, new: Mapping[_Key, VoiceText], model: ClauseModel | None) -> None:
        keys = [*new]
        for start in range(0, len(keys), _AT_ONCE):
            some = keys[start : start + _AT_ONCE]
            texts = [new[key] for key in some]
            aspects = find_aspects(texts, self._acts, model and model.sentiment_of)
            self._known |= zip(some, map(_told, aspects), strict=True)
        self.worked_out_count += len(keys)


def _named(key: _Key) -> dict[str, object]:
    return dict(zip(_KEY, key, strict=True))


def _told(aspects: Iterable[ClauseAspect]) -> list[dict[str, object]]:
    return [dict(zip(_OF_CLAUSE, aspect, strict=True)) for aspect in aspects]


def _by_key(known: pl.DataFrame) -> dict[_Key, list[dict[str, object]]]:
    """The rows of each key once: equal texts have equal rows, on however many days."""
    once = known.unique((*_KEY, "clause", "aspect"), keep="first", maintain_order=True)
    rows = once.sort("clause", maintain_order=True)
    found: dict[_Key, list[dict[str, object]]] = {}
    for row in rows.select(KNOWN_ASPECT_COLUMNS).iter_rows(named=True):
        key = _Key(*(row[name] for name in _KEY))
        found.setdefault(key, []).append({name: row[name] for name in _OF_CLAUSE})
    return found
