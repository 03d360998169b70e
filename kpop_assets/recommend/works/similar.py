"""Works that are near a work by what they are, read from the lake.

Belongs here: which rows of which day are compared, whom a person means, and what is told of an
answer. Does not belong here: what makes works near (contents.py), or printing (cli/).
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from functools import cached_property

import polars as pl

from kpop_assets.catalog.acts import OTHER
from kpop_assets.catalog.catalog import Catalog
from kpop_assets.catalog.names import normalise
from kpop_assets.contracts import recommend_rules as rules
from kpop_assets.contracts.recommend_tracks import TRACKS_TOLD, WORKS
from kpop_assets.errors import KpopError
from kpop_assets.lake.reader import LakeReader
from kpop_assets.recommend.works.contents import Contents, describe_contents, nearness_of
from kpop_assets.recommend.works.near_index import NearIndex
from kpop_assets.recommend.works.track_titles import read_title

_TOLD = ("ingest_date", "track_id", "may_learn", "may_learn_text", "popularity", *rules.FEATURES)
_WORK = ("track_id", "work_id", "artist", "artist_name", "title", "work_title", "version_count")
_MOST_NAMED = 5


class WorkError(KpopError):
    """No work, or more than one, is meant."""


class UnknownWorkError(WorkError):
    """No work is meant."""


@dataclass(frozen=True)
class WorkCatalog:
    """All works of a training day, with what they are made of.

    Attributes:
        day: the training day.
        works: a row a work, by the track that it is shown by.
        names: every track of the day: `track_id`, `title`, `artist`, `artist_name`, `work_id`.
        acts: who is an act.
    """

    day: dt.date
    works: pl.DataFrame
    names: pl.DataFrame
    acts: Catalog

    @cached_property
    def contents(self) -> Contents:
        """The works as vectors."""
        return describe_contents(self.works, self.acts)

    @cached_property
    def index(self) -> NearIndex:
        """Where the nearest are found."""
        return NearIndex(self.contents.vectors)

    def find(self, text: str) -> int:
        """The row of the work that an id, a title, or `ACT - TITLE` means.

        Raises:
            WorkError: it means none, or several.
        """
        named = self.names.filter((pl.col("track_id") == text) | (pl.col("work_id") == text))
        if named.is_empty():
            named = self._called(text)
        found = self.works.with_row_index("row").filter(
            pl.col("work_id").is_in(named["work_id"].unique().to_list())
        )
        if len(found) == 1:
            return int(found["row"][0])
        if found.is_empty():
            raise UnknownWorkError(
                f"no work of {self.day} is called {text!r}", "name it as ACT - TITLE, or by its id"
            )
        shown = found.sort("version_count", "work_id", descending=[True, False]).head(_MOST_NAMED)
        listed = "; ".join(
            f"{act} - {title} ({work_id})"
            for act, title, work_id in shown.select("artist_name", "title", "work_id").iter_rows()
        )
        raise WorkError(f"{len(found)} works are called {text!r}: {listed}", "name one by its id")

    def _called(self, text: str) -> pl.DataFrame:
        """Tracks that are called so, of the act before the dash where one is named."""
        act, dash, title = text.partition(" - ")
        whole = _of_title(self.names, text)
        if not dash or not whole.is_empty():
            return whole
        owner = self.acts.find(act)
        of_act = (
            pl.col("artist") == owner.artist
            if owner
            else pl.col("artist_name").str.to_lowercase() == act.strip().lower()
        )
        return _of_title(self.names.filter(of_act), title)

    def near(
        self, row: int, count: int, most_of_an_act: int = rules.MOST_OF_AN_ACT
    ) -> pl.DataFrame:
        """Works near the one in a row, nearest first; itself and its versions are not among them.

        Args:
            row: of `works`.
            count: how many.
            most_of_an_act: of each act.

        Returns:
            Columns of `works`, and `nearness`, `sound`, `words` from -1 to 1.
        """
        wanted = min(len(self.works), 1 + rules.CANDIDATE_TIMES * count)
        found = self.index.nearest(self.contents.vectors[row : row + 1], wanted)[1][0]
        rows = found[(found >= 0) & (found != row)]
        sound, words = self.contents.nearness(row, rows)
        scored = self.works[rows.tolist()].with_columns(
            pl.Series("nearness", nearness_of(sound, words), pl.Float64),
            pl.Series("sound", sound, pl.Float64),
            pl.Series("words", words, pl.Float64),
        )
        act = pl.when(pl.col("artist") == OTHER).then("artist_name").otherwise("artist")
        place = pl.int_range(pl.len()).over(act)
        ordered = scored.sort("nearness", "work_id", descending=[True, False])
        return ordered.filter(place < most_of_an_act).head(count)


def read_works(reader: LakeReader, acts: Catalog, day: dt.date | None = None) -> WorkCatalog:
    """The works of a training day, by default the newest.

    Raises:
        MissingTableError: there were no tracks, or no training day, yet.
        WorkError: no track was told of by the day.
    """
    days = [f["ingest_date"] for f in reader.file_statistics(WORKS) if f["row_count"]]
    chosen = day or max(days, default=None)
    if chosen is None or chosen not in days:
        raise WorkError(
            f"there are no works of {day or 'any day'}",
            "`kpop import spotify-tracks FILE`, run its day, then `kpop run` with "
            "`--select recommend/works`",
        )
    end = chosen + dt.timedelta(days=1)
    versions = reader.rows(WORKS, chosen, end, [*_WORK, "is_shown"])
    told = reader.rows(TRACKS_TOLD, None, end, _TOLD).sort("track_id", "ingest_date")
    return WorkCatalog(chosen, works_with_features(versions, told), versions.select(_WORK), acts)


def works_with_features(versions: pl.DataFrame, told: pl.DataFrame) -> pl.DataFrame:
    """A row a work by the track that shows it, with the features of the first version that has any.

    Features are those that were told last of what models may learn from: whoever tells a track
    later without them takes nothing away. Popularity is that of the most popular version.
    """
    each = told.sort("ingest_date").group_by("track_id", maintain_order=True)
    sounds = (
        told.filter("may_learn")
        .sort("ingest_date")
        .group_by("track_id", maintain_order=True)
        .last()
    )
    known = each.agg(pl.col("may_learn_text").any(), pl.col("popularity").drop_nulls().last()).join(
        sounds.select("track_id", *rules.FEATURES), "track_id", "left"
    )
    joined = versions.join(known, "track_id", "left").sort(
        "work_id", pl.col("is_shown").not_(), "track_id"
    )
    has_sound = pl.any_horizontal(pl.col(rules.FEATURES).is_not_null())
    firsts = (
        joined.filter(has_sound)
        .group_by("work_id", maintain_order=True)
        .agg(pl.col(rules.FEATURES).first())
    )
    popular = joined.group_by("work_id").agg(pl.col("popularity").max())
    shown = joined.filter("is_shown").select(*_WORK, "may_learn_text")
    return shown.join(firsts, "work_id", "left").join(popular, "work_id", "left").sort("work_id")


def _of_title(names: pl.DataFrame, title: str) -> pl.DataFrame:
    keys = {*read_title(title).keys, normalise(title).replace(" ", "")}
    is_called = [not keys.isdisjoint(read_title(name).keys) for name in names["title"].to_list()]
    return names.filter(pl.Series(is_called, dtype=pl.Boolean))
