"""Names that may be acts which the catalogue lacks, and why.

Belongs here: which names of channels and labels are looked at, and what speaks for K-POP. Does not
belong here: names that the catalogue knows (catalog/), or printing (cli/).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache

import polars as pl

from kpop_assets.catalog.catalog import OTHER, Catalog
from kpop_assets.catalog.finder import Finder, finder_of
from kpop_assets.catalog.labels import SPOTIFY_SOURCE, TOPIC_SUFFIX, UNNAMED_TOPICS
from kpop_assets.catalog.names import normalise
from kpop_assets.catalog.owners import ChannelReader
from kpop_assets.contracts.catalog import UNKNOWN
from kpop_assets.lake.rows import empty

EVENT_COLUMNS = (
    *("video_id", "artist", "source", "author_name", "author_id", "text"),
    *("category_id", "description", "tags", "region"),
)
# YouTube's category Music, by its number or as importers write it.
_MUSIC = ("10", "music")
_OFFICIAL = r"(?i)official|vevo|공식|오피셜"
_HANGUL = re.compile("[가-힣]")
# Who hands releases of Korea to YouTube, as the descriptions of Topic channels say.
_DISTRIBUTORS = """
    provided to youtube by kakao, provided to youtube by genie, provided to youtube by dreamus,
    provided to youtube by yg plus, provided to youtube by nhn, provided to youtube by stone music,
    provided to youtube by danal, provided to youtube by warner music korea, kakao entertainment,
    provided to youtube by universal music ltd korea, provided to youtube by hybe, genie music,
    provided to youtube by sony music entertainment korea, 카카오엔터테인먼트, 지니뮤직, 다날, 1thek
"""
# Shorter names of companies are words of other languages.
_COMPANY_LETTERS = 7
# The beginning of a description says who; its end is links.
_DESCRIPTION_LETTERS = 600
_KOREA = "KR"


def find_suspects(events: pl.DataFrame, videos: pl.DataFrame, catalog: Catalog) -> pl.DataFrame:
    """The rows of `catalog/unknown` of one day.

    Args:
        events: `bronze/events` of the day, with `EVENT_COLUMNS`.
        videos: `silver/video_daily` of the day: video_id, engagement.
        catalog: the acts.

    Returns:
        The contract's columns but the day, by engagement.
    """
    seen = (
        events.filter(pl.col("artist") == OTHER, pl.col("author_name").is_not_null())
        .with_columns(_kind().alias("kind"))
        .filter(pl.col("kind").is_not_null())
        .sort(*EVENT_COLUMNS, nulls_last=True)
        .unique("video_id", keep="first", maintain_order=True)
        .join(videos, on="video_id")
        .sort("engagement", "video_id", descending=[True, False])
    )
    # Once: to look it up hashes every act.
    judge = _judge_of(catalog)
    names = [
        {
            "source": source,
            "author_name": name,
            "author_id": rows.get_column("author_id").drop_nulls().sort().first(),
            "kind": rows.item(0, "kind"),
            "grounds": ",".join(judge.grounds(name, rows)),
            "engagement": rows.get_column("engagement").sum(),
            "video_count": rows.height,
            "text": rows.item(0, "text"),
        }
        for (source, name), rows in seen.group_by("source", "author_name", maintain_order=True)
    ]
    schema = dict(empty(UNKNOWN).schema)
    schema.pop("ingest_date")
    found = pl.DataFrame(names, schema=schema)
    return found.filter((pl.col("grounds") != "") & (pl.col("engagement") > 0)).sort(
        "engagement", "source", "author_name", descending=[True, False, False]
    )


def _kind() -> pl.Expr:
    name = pl.col("author_name")
    topic = name.str.ends_with(TOPIC_SUFFIX) & ~name.is_in(UNNAMED_TOPICS)
    own = pl.col("category_id").is_in(_MUSIC) | name.str.contains(_OFFICIAL)
    is_release = name.is_in(UNNAMED_TOPICS)
    return (
        pl.when(pl.col("source") == SPOTIFY_SOURCE)
        .then(pl.lit("chart_label"))
        .when(topic)
        .then(pl.lit("topic"))
        .when(own & ~is_release)
        .then(pl.lit("own_channel"))
    )


@dataclass(frozen=True)
class _Judge:
    """What speaks for K-POP in a name and its videos."""

    finder: Finder
    channels: ChannelReader
    companies: re.Pattern[str]

    def grounds(self, name: str, rows: pl.DataFrame) -> list[str]:
        """Of a name whose videos are given; none where it is a company's, or an act's by now."""
        kind = rows.item(0, "kind")
        if kind == "own_channel":
            said = self.channels.read(name)
            if said.is_label or said.owner is not None:
                return []
        titles = rows.get_column("text").to_list()
        about = [*titles, *_about(rows)]
        found = [self.finder.find(text) for text in about]
        is_music = kind != "own_channel" or rows.get_column("category_id").is_in(_MUSIC).any()
        korean = [title for title in titles if _HANGUL.search(title)]
        tests = {
            "korean": is_music and (bool(_HANGUL.search(name)) or 2 * len(korean) >= len(titles)),
            "kpop": any(one.has_kpop for one in found),
            "company": any(self.companies.search(one.line) for one in found),
            "neighbours": any(hit.row.role == "name" for one in found for hit in one.hits),
            "chart": kind == "chart_label" and _is_korean_chart(rows),
        }
        return [reason for reason, holds in tests.items() if holds]


def _about(rows: pl.DataFrame) -> Iterator[str]:
    for description in rows.get_column("description").drop_nulls().unique().sort():
        yield description[:_DESCRIPTION_LETTERS]
    yield from rows.get_column("tags").drop_nulls().unique().sort()


def _is_korean_chart(rows: pl.DataFrame) -> bool:
    regions = rows.get_column("region").drop_nulls().str.to_uppercase()
    return regions.is_empty() or _KOREA in regions


@lru_cache(maxsize=1)
def _judge_of(catalog: Catalog) -> _Judge:
    finder = finder_of(catalog)
    agencies = {normalise(act.agency) for act in catalog if act.agency}
    names = {name for name in agencies if len(name) >= _COMPANY_LETTERS and " " in name}
    return _Judge(finder, ChannelReader(catalog, finder), _any_of({*names, *_distributors()}))


def _distributors() -> Iterator[str]:
    return (normalise(name) for name in _DISTRIBUTORS.split(","))


def _any_of(names: Iterable[str]) -> re.Pattern[str]:
    return re.compile(rf" (?:{'|'.join(sorted(map(re.escape, names)))}) ")
