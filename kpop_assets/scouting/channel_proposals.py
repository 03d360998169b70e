"""Channels that may be an act's own, from what was collected, for a person to accept.

Belongs here: which channels are proposed and how sure that is. Does not belong here: the overlay's
rules (catalog/overlay.py), or asking the person (cli/).
"""

from __future__ import annotations

import datetime as dt
import json
from dataclasses import dataclass
from pathlib import Path

import polars as pl

from kpop_assets.catalog.catalog import (
    CHANNEL_ID,
    Catalog,
    CatalogError,
    load_catalog,
    overlay_path,
)
from kpop_assets.catalog.finder import finder_of
from kpop_assets.catalog.labels import TOPIC_SUFFIX
from kpop_assets.catalog.matcher import matcher_of
from kpop_assets.catalog.owners import ChannelReader
from kpop_assets.contracts.bronze import EVENTS, SIMULATED_SOURCE
from kpop_assets.days import day_end
from kpop_assets.lake.reader import LakeReader

# The channels of a month: one that nobody has seen for longer needs no haste.
SEEN_DAYS = 30
# A name that is an everyday word needs so many titles that name the act, and this part of all.
LEAST_TITLES = 3
LEAST_SHARE = 0.5


@dataclass(frozen=True)
class Proposal:
    """A channel that may be an act's own.

    Attributes:
        artist: the act.
        channel_id: YouTube's id.
        channel_name: its name when last seen.
        title_count: its distinct titles.
        named_count: those of them that name the act by themselves.
    """

    artist: str
    channel_id: str
    channel_name: str
    title_count: int
    named_count: int

    @property
    def share(self) -> float:
        """Part of its titles that names the act."""
        return self.named_count / self.title_count

    def line(self) -> str:
        """The line of the overlay that accepts it."""
        change = {"do": "amend", "artist": self.artist, "add": {"channels": [self.channel_id]}}
        return json.dumps(change, ensure_ascii=False)


def propose_channels(lake: LakeReader, catalog: Catalog) -> list[Proposal]:
    """The channels of the last month whose name is an act's, those with most titles first.

    Topic channels, companies and channels of the catalogue are left out; of a name that is an
    everyday word, also channels whose titles do not name the act.

    Raises:
        MissingTableError: no day has been taken in.
    """
    newest = lake.newest_day(EVENTS)
    if newest is None:
        return []
    start = newest - dt.timedelta(days=SEEN_DAYS - 1)
    known = {channel for act in catalog for channel in act.channels}
    rows = lake.rows(
        EVENTS,
        start,
        day_end(newest),
        ["ingest_date", "source", "author_id", "author_name", "text"],
        pl.col("author_id").str.contains(CHANNEL_ID.pattern)
        & pl.col("author_name").is_not_null()
        & ~pl.col("author_name").str.ends_with(TOPIC_SUFFIX)
        & (pl.col("source") != SIMULATED_SOURCE)
        & ~pl.col("author_id").is_in(list(known)),
        lambda frame: frame.group_by("author_id").agg(
            pl.col("author_name").sort_by("ingest_date", "author_name").last(),
            pl.col("text").unique().sort(),
        ),
    )
    reader = ChannelReader(catalog, finder_of(catalog))
    found = [
        proposal
        for channel, name, titles in rows.sort("author_id").iter_rows()
        if (proposal := _proposal(catalog, reader, channel, name, titles))
    ]
    return sorted(found, key=lambda one: (-one.named_count, -one.title_count, one.channel_id))


def accept_channels(home: Path, proposals: list[Proposal]) -> None:
    """Add the lines of proposals to the home's overlay; nothing is written if one cannot be used.

    Raises:
        CatalogError: a line cannot be used beside those there are, or the file not be written.
    """
    path = overlay_path(home)
    before = path.read_text(encoding="utf-8") if path.exists() else ""
    gap = "" if not before or before.endswith("\n") else "\n"
    text = f"{before}{gap}{''.join(one.line() + chr(10) for one in proposals)}"
    trial = path.with_name(f".{path.name}.part")
    try:
        home.mkdir(parents=True, exist_ok=True)
        trial.write_text(text, encoding="utf-8")
        load_catalog(overlay=trial)
        trial.replace(path)
    except OSError as error:
        what = f"{path} cannot be written ({error.strerror})"
        raise CatalogError(what, "make its folder writable") from error
    finally:
        trial.unlink(missing_ok=True)


def _proposal(
    catalog: Catalog, reader: ChannelReader, channel: str, name: str, titles: list[str]
) -> Proposal | None:
    said = reader.read(name)
    if said.owner is None or said.is_label:
        return None
    act = catalog.acts[said.owner.act]
    match = matcher_of(catalog).match
    family = {act.artist} | {one.artist for one in catalog if one.group == act.artist}
    named = sum(match(title, None, None, "youtube").artist in family for title in titles)
    proposal = Proposal(act.artist, channel, name, len(titles), named)
    is_enough = named >= LEAST_TITLES and proposal.share >= LEAST_SHARE
    return proposal if said.owner.surety == "clear" or is_enough else None
