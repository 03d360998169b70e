"""Works that a page can speak of: finding one while somebody types, and where each lies on a map.

Belongs here: what the page of seeds reads. Does not belong here: which works are near a work
(kpop_assets/recommend/works/similar.py), or drawing.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, replace
from functools import cached_property

import polars as pl

from app.notices import PageEnd
from app.queries.act_search import search_of
from app.queries.recommend.work_map import WorkMap, place_works
from app.queries.search import only_letters
from app.snapshot import Snapshot, reads
from kpop_assets.catalog.catalog import OTHER
from kpop_assets.contracts.recommend_listening import TRACK_PLAYS
from kpop_assets.contracts.recommend_rules import POPULAR_DAYS
from kpop_assets.contracts.recommend_tracks import TRACK_CLUSTERS, TRACKS_TOLD, WORKS
from kpop_assets.days import day_end
from kpop_assets.lake.rows import empty
from kpop_assets.recommend.works.similar import WorkCatalog, WorkError, read_works

# What fits more loosely is a member or a fandom, or holds the letters within a word.
_LOOSEST_ACT = 5
# What makes a work well known, the weightiest first.
_FAME = ("popularity", "plays_28d", "version_count", "work_id")
_CLUSTER_COLUMNS = tuple(name for name in TRACK_CLUSTERS.column_names if name != "ingest_date")


@dataclass(frozen=True)
class KnownWorks:
    """The works of a training day, as pages look at them.

    Attributes:
        catalog: the works, and what is near them.
        clusters: rows of `recommend/track_clusters` of the newest day by then; none where nobody
            has filled it.
        sources: who told of the tracks.
    """

    catalog: WorkCatalog
    clusters: pl.DataFrame
    sources: tuple[str, ...]

    @cached_property
    def findable(self) -> pl.DataFrame:
        """The works with `letters` of all their titles and their act's names, best known first."""
        names = {
            act.artist: " ".join(filter(None, (act.artist, act.name_ko, *act.aliases)))
            for act in self.catalog.acts
        }
        titles = self.catalog.names.group_by("work_id").agg(pl.col("title").str.join(" "))
        called = pl.col("artist").replace_strict(names, default="", return_dtype=pl.String)
        return (
            self.catalog.works.with_row_index("row")
            .join(titles.rename({"title": "titles"}), on="work_id", how="left")
            .with_columns(
                only_letters(pl.concat_str("titles", "artist_name", called)).alias("letters"),
                only_letters(pl.col("work_title")).alias("title_letters"),
            )
            .drop("titles")
            .sort(_FAME, descending=[True, True, True, False], nulls_last=True)
        )

    @cached_property
    def map(self) -> WorkMap | None:
        """Where each work lies; None where nothing is known of how works sound."""
        return place_works(self.catalog.works, self.catalog.names, self.clusters)

    def find(self, query: str, count: int) -> pl.DataFrame:
        """Works that fit what was typed, the best first: by titles, and by names of the act.

        Where no title fits, works of an act that is named in it.
        """
        found = self._titled(query, self._acts_called(query))
        if found.is_empty():
            named = [self._acts_called(word) for word in query.split()]
            found = self.findable.filter(pl.col("artist").is_in(set().union(*named)))
        return found.head(count)

    def _acts_called(self, name: str) -> set[str]:
        found = search_of(self.catalog.acts).find(name)
        return {act.artist for act in found if act.distance <= _LOOSEST_ACT}

    def _titled(self, query: str, acts: set[str]) -> pl.DataFrame:
        typed = pl.DataFrame({"word": query.split()}, schema={"word": pl.String})
        words = [w for w in typed.select(only_letters(pl.col("word"))).to_series() if w]
        is_act = pl.col("artist").is_in(acts)
        if not words:
            return self.findable.filter(is_act)
        holds = pl.all_horizontal(
            pl.col("letters").str.contains(word, literal=True) for word in words
        )
        whole = "".join(words)
        distance = (
            pl.when(pl.col("title_letters") == whole)
            .then(0)
            .when(pl.col("title_letters").str.starts_with(whole))
            .then(1)
            .otherwise(2)
        )
        return self.findable.filter(holds | is_act).sort(distance, maintain_order=True)

    def row_of(self, asked: str | None) -> int:
        """The row of the work that an address asks for.

        Where it asks for none, of the best known of an act.

        Raises:
            PageEnd: it means no work, or several.
        """
        if not asked:
            of_acts = self.findable.filter(pl.col("artist") != OTHER)
            return int((of_acts if of_acts.height else self.findable).item(0, "row"))
        try:
            return self.catalog.find(asked)
        except WorkError as error:
            raise PageEnd("seed.unknown", work=asked) from error


@reads(WORKS, TRACKS_TOLD, TRACK_CLUSTERS, TRACK_PLAYS)
def open_works(snapshot: Snapshot, day: dt.date | None) -> KnownWorks:
    """The works of the newest training day, or of the newest up to a day.

    Raises:
        PageEnd: there are none yet.
    """
    chosen = _newest_day(snapshot, day)
    works = read_works(snapshot, snapshot.catalog, chosen)
    present = snapshot.present_name()
    played = _plays(snapshot, works.names, day)
    catalog = replace(
        works,
        works=works.works.join(played, "work_id", "left").with_columns(present),
        names=works.names.with_columns(present),
    )
    told = snapshot.read(TRACKS_TOLD, end=day_end(chosen), columns=["source"])
    sources = tuple(told.get_column("source").unique().sort())
    return KnownWorks(catalog, _clusters(snapshot, chosen), sources)


def _newest_day(snapshot: Snapshot, day: dt.date | None) -> dt.date:
    last = snapshot.last_day(WORKS, day)
    if last is None:
        raise PageEnd("recommend.no_works")
    return last


def _plays(snapshot: Snapshot, names: pl.DataFrame, day: dt.date | None) -> pl.DataFrame:
    """work_id, plays_28d: plays of all versions in the days that end on a day, or on the newest."""
    last = snapshot.last_day(TRACK_PLAYS, day)
    columns = ["track_id", "play_count"]
    if last is None:
        played = empty(TRACK_PLAYS).select(columns)
    else:
        start = day_end(last) - dt.timedelta(days=POPULAR_DAYS)
        played = snapshot.read(TRACK_PLAYS, start, day_end(last), columns)
    summed = played.group_by("track_id").agg(pl.col("play_count").sum())
    of_works = names.select("track_id", "work_id").join(summed, "track_id")
    return of_works.group_by("work_id").agg(pl.col("play_count").sum().alias("plays_28d"))


def _clusters(snapshot: Snapshot, day: dt.date) -> pl.DataFrame:
    last = snapshot.last_day(TRACK_CLUSTERS, day)
    if last is None:
        return empty(TRACK_CLUSTERS).select(_CLUSTER_COLUMNS)
    return snapshot.read(TRACK_CLUSTERS, last, day_end(last), _CLUSTER_COLUMNS)
