"""Commands that keep the catalogue complete: unknown, channels.

Belongs here: their arguments, and how their answers are printed. Does not belong here: who is
proposed (scouting/).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from kpop_assets.cli.arguments import ArgumentError, DayOption, NewestDay, Top, chosen_day

if TYPE_CHECKING:
    from kpop_assets.scouting.channel_proposals import Proposal
    from kpop_assets.scouting.missed import Missed


def unknown(day: NewestDay = None, top: Top = 20, day_option: DayOption = None) -> None:
    """Print names with engagement that may be acts which the catalogue lacks, and why."""
    from kpop_assets.catalog.catalog import load_catalog, overlay_path
    from kpop_assets.lake.reader import LakeReader
    from kpop_assets.scouting.missed import read_missed
    from kpop_assets.settings import load_settings

    settings = load_settings()
    catalog = load_catalog(overlay=overlay_path(settings.home))
    lake = LakeReader(settings.lake)
    print_missed(read_missed(lake, catalog, chosen_day(day, day_option)), top)


def channels(
    accept: Annotated[
        list[str] | None,
        typer.Option(metavar="ID", help="Write the line of this channel; may repeat."),
    ] = None,
    top: Top = 50,
) -> None:
    """Propose channels of acts from what was collected, as lines of KPOP_HOME/catalog.jsonl."""
    from kpop_assets.catalog.catalog import load_catalog, overlay_path
    from kpop_assets.cli.grid import print_line, print_path
    from kpop_assets.lake.reader import LakeReader
    from kpop_assets.scouting.channel_proposals import accept_channels, propose_channels
    from kpop_assets.settings import load_settings

    settings = load_settings()
    catalog = load_catalog(overlay=overlay_path(settings.home))
    proposals = propose_channels(LakeReader(settings.lake), catalog)
    if not accept:
        print_proposals(proposals[:top])
        return
    wanted = [one for one in proposals if one.channel_id in accept]
    if missing := set(accept) - {one.channel_id for one in wanted}:
        names = ", ".join(sorted(missing))
        raise ArgumentError(f"{names} is not among the proposals", "`kpop channels` lists them")
    accept_channels(settings.home, wanted)
    for one in wanted:
        print_path(one.line())
    print_line("written; `kpop fetch` reads them, `kpop doctor` names the days to run again")


def print_missed(missed: Missed, top: int) -> None:
    """Names that may be acts, with engagement, an example and why."""
    from kpop_assets.cli.grid import GridColumn, print_grid, print_path

    columns = (
        GridColumn("name", is_text=True, least=16),
        GridColumn("kind", is_text=True, rank=2),
        GridColumn("points 7d"),
        GridColumn("videos", rank=3),
        GridColumn("why", is_text=True, least=8),
        GridColumn("such as", is_text=True, least=20, rank=1),
    )
    rows = [
        (
            row["author_name"],
            row["kind"].replace("_", " "),
            f"{row['engagement']:,}",
            f"{row['video_count']:,}",
            row["grounds"].replace(",", ", "),
            row["text"],
        )
        for row in missed.rows.head(top).iter_rows(named=True)
    ]
    print_grid(f"Perhaps acts that the catalogue lacks, week to {missed.day}", columns, rows)
    if rows:
        print_path('add one: {"do": "add", "artist": NAME, "kind": "group"} in catalog.jsonl')


def print_proposals(proposals: list[Proposal]) -> None:
    """Channels that may be an act's own, and the lines that accept them."""
    from kpop_assets.cli.grid import GridColumn, print_grid, print_line, print_path

    columns = (
        GridColumn("act", is_text=True, least=12),
        GridColumn("channel", is_text=True, least=16),
        GridColumn("titles"),
        GridColumn("name the act"),
        GridColumn("share %", rank=1),
    )
    rows = [
        (
            one.artist,
            one.channel_name,
            f"{one.title_count:,}",
            f"{one.named_count:,}",
            f"{100 * one.share:.0f}",
        )
        for one in proposals
    ]
    print_grid("Channels that may be an act's own", columns, rows)
    for one in proposals:
        print_path(one.line())
    print_line("accept one: `kpop channels --accept ID`, or copy its line into catalog.jsonl")
